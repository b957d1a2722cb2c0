/* What a page of the kit does beyond being read: filters, links to a view, and sequence diagrams, drawn when a finding is
   opened. All text comes out of the page itself and goes back as text, never as markup. */
(() => {
  "use strict";
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const byId = (id) => document.getElementById(id);
  const element = (tag, name, ...children) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...children);
    return made;
  };
  const readJson = (id) => {
    const block = byId(id);
    return block ? JSON.parse(block.textContent) : null;
  };

  /* ---- sequence diagrams ---- */

  const row = readJson("row-data");

  const lanes = () => {
    const made = element("span", "lanes");
    row.lanes.forEach((name, at) => made.append(element("span", at === row.inside ? "lane inside" : "lane")));
    return made;
  };

  const head = () => {
    const made = lanes();
    made.classList.add("head");
    row.lanes.forEach((name, at) => {
      made.children[at].append(name, at === row.inside ? element("small", "", "under test") : "");
    });
    const line = element("li", "", element("span", "number"), made, element("span", "words"));
    line.setAttribute("aria-hidden", "true");
    return line;
  };

  const arrow = (from, to) => {
    const made = element("span", `arrow ${from < to ? "right" : "left"}`);
    if (row.lanes[to] === "kit") made.classList.add("seen");
    const share = 100 / row.lanes.length;
    made.style.left = `${(Math.min(from, to) + 0.5) * share}%`;
    made.style.width = `${Math.abs(from - to) * share}%`;
    return made;
  };

  const words = ([, from, to, name, text, bytes]) => {
    const made = element("span", "words", element("span", "sr", `${row.lanes[from]} to ${row.lanes[to]}: `));
    for (const part of text.split("  ")) {
      made.append(element(part === name ? "b" : "span", "", part), " ");
    }
    if (bytes) {
      const whole = element("details", "", element("summary", "", "all bytes"), element("code", "", bytes));
      made.append(whole);
    }
    return made;
  };

  const remark = (said) => {
    const label = said.verdict === "violation" ? "\u2717 " : "! warning, ";
    const made = element("span", "remark", element("strong", "", `${label}${said.requirement}: ${said.reason}`));
    made.style.display = "block";
    if (said.allowed) made.append(element("em", "", `allowed: ${said.allowed}`));
    return made;
  };

  const line = (event, remarks) => {
    const [number, from, to] = event;
    const drawn = lanes();
    drawn.setAttribute("aria-hidden", "true");
    drawn.append(arrow(from, to));
    const text = words(event);
    remarks.forEach((said) => text.append(remark(said)));
    return element("li", classOf(remarks, "event"), element("span", "number", String(number + 1)), drawn, text);
  };

  const classOf = (remarks, name) => (remarks.some((said) => said.verdict === "violation") ? `${name} broken` : name);

  const gap = (text, name, ...more) =>
    element("li", name, element("span", "number"), lanes(), element("span", "words", text, ...more));

  const diagram = (data) => {
    const made = element("ol", "diagram", head());
    let next = 0;
    const at = (number) => data.remarks.filter((said) => said.event === number);
    for (const event of data.events) {
      if (event[0] > next) made.append(gap(`${event[0] - next} events are left out here`, "gap"));
      made.append(line(event, at(event[0])));
      next = event[0] + 1;
    }
    if (next < data.total) made.append(gap(`${data.total - next} events are left out here`, "gap"));
    const missing = data.remarks.filter((said) => said.event >= data.total);
    if (missing.length > 0) made.append(gap("end of the trace", classOf(missing, "end"), ...missing.map(remark)));
    return made;
  };

  /* Fills in what an opened finding leaves to the script, once. */
  const fill = (opened) => {
    const place = opened.querySelector(".sequence");
    if (!place || place.hasChildNodes()) return;
    const data = readJson(`data-${place.dataset.case}`);
    if (!data || !row) return;
    place.append(diagram(data));
    if (place.dataset.command) place.append(element("p", "label", "Repeat it"), element("pre", "command", data.command));
    all(".trace", opened).forEach((text) => { text.hidden = true; });
  };

  /* ---- what is shown, and the part of the address that says so ---- */

  const filters = byId("filters");
  const caseFilter = byId("case-filter");
  const keep = new Set();
  let restoring = false;

  const chosen = () => ({
    verdict: filters ? all("input[name=verdict]:checked", filters).map((box) => box.value) : [],
    level: filters ? filters.elements.level.value : "",
    group: filters ? filters.elements.group.value : "",
    q: filters ? filters.elements.q.value : "",
    cases: caseFilter ? caseFilter.elements.cases.value : "",
  });

  const has = (item, text) => {
    if (!text.trim()) return true;
    if (item.words === undefined) item.words = item.textContent.toLowerCase();
    return text.toLowerCase().trim().split(/\s+/).every((word) => item.words.includes(word));
  };

  const say = (id, shown, total) => {
    byId(id).textContent = shown === total ? `all ${total} shown` : `${shown} of ${total} shown`;
  };

  const showRequirements = (view) => {
    if (!filters) return;
    const items = all("#requirement-list > details");
    let shown = 0;
    for (const item of items) {
      const { verdict, level, group } = item.dataset;
      item.hidden = !((view.verdict.length === 0 || view.verdict.includes(verdict)) && (!view.level || view.level === level) &&
        (!view.group || view.group === group) && has(item, view.q));
      shown += item.hidden ? 0 : 1;
    }
    for (const group of all("#requirement-list > .group")) {
      group.hidden = !items.some((item) => !item.hidden && item.dataset.group === group.dataset.group);
    }
    say("requirements-shown", shown, items.length);
  };

  const showCases = (view) => {
    if (!caseFilter) return;
    const items = all("#case-list > details");
    let shown = 0;
    for (const item of items) {
      item.hidden = !has(item.firstElementChild, view.cases);
      shown += item.hidden ? 0 : 1;
    }
    say("cases-shown", shown, items.length);
  };

  const address = (view) => {
    const parts = [];
    for (const [name, value] of Object.entries(view)) {
      const said = Array.isArray(value) ? value.join(",") : value;
      if (said) parts.push(`${name}=${encodeURIComponent(said).replaceAll("%2C", ",")}`);
    }
    if (keep.size > 0) parts.push(`open=${Array.from(keep).join(",")}`);
    return parts.join("&");
  };

  const show = () => {
    const view = chosen();
    showRequirements(view);
    showCases(view);
  };

  const remember = () => {
    if (restoring) return;
    const fragment = address(chosen());
    history.replaceState(null, "", `${location.pathname}${location.search}${fragment ? `#${fragment}` : ""}`);
  };

  const open = (id) => {
    const item = byId(id);
    if (!(item instanceof HTMLDetailsElement)) return null;
    item.open = true;
    fill(item);
    return item;
  };

  const decode = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return "";
    }
  };

  const restore = () => {
    const fragment = location.hash.slice(1);
    if (!fragment.includes("=")) {
      const item = open(fragment);
      if (item) {
        item.hidden = false;
        item.scrollIntoView();
        item.firstElementChild.focus();
      }
      return;
    }
    restoring = true;
    const said = new Map(fragment.split("&").map((part) => [part.split("=")[0], decode(part.slice(part.indexOf("=") + 1))]));
    const list = (name) => (said.get(name) || "").split(",").filter(Boolean);
    if (filters) {
      for (const box of all("input[name=verdict]", filters)) box.checked = list("verdict").includes(box.value);
      for (const name of ["level", "group", "q"]) filters.elements[name].value = said.get(name) || "";
    }
    if (caseFilter) caseFilter.elements.cases.value = said.get("cases") || "";
    show();
    const opened = list("open").map(open).filter(Boolean);
    opened.forEach((item) => keep.add(item.id));
    restoring = false;
    const target = opened[0] || filters;
    if (target) target.scrollIntoView();
  };

  const start = () => {
    for (const form of [filters, caseFilter]) {
      if (!form) continue;
      form.hidden = false;
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("input", () => { show(); remember(); });
      form.addEventListener("reset", () => setTimeout(() => { show(); remember(); }));
    }
    document.addEventListener("toggle", (event) => {
      const item = event.target;
      if (!(item instanceof HTMLDetailsElement)) return;
      if (item.open) fill(item);
      if (!item.id) return;
      if (item.open) keep.add(item.id);
      else keep.delete(item.id);
      remember();
    }, true);
    window.addEventListener("hashchange", restore);
    let printed = [];
    window.addEventListener("beforeprint", () => {
      restoring = true;
      printed = all("details.printed:not([open])");
      all("details.printed").forEach((item) => { item.open = true; fill(item); });
    });
    window.addEventListener("afterprint", () => {
      printed.forEach((item) => { item.open = false; });
      setTimeout(() => { restoring = false; });
    });
    show();
    all("details[open]").forEach(fill);
    restore();
  };
  start();
})();
