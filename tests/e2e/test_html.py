# SPDX-License-Identifier: MIT
"""report.html in a real Chromium, against what an independent reading of results.jsonl says: it needs nothing but itself, shows
what was found, can be filtered, linked, printed and worked by keyboard, and takes hostile text for text."""

import hashlib
import json
import os
import re
import shutil
import tempfile
import unittest

import browser
import kit

SHOTS = os.path.join(kit.BUILD, "tests", "pages")
FAILS_A_LOT, FAILS_A_BIT, WARNS = "liar:completes-with-pending", "liar:caches-reads", "liar:reports-the-interface-size-as-information"
LANES = ["client", "bus", "pf", "kit"]
HARMLESS = "x y"
HOSTILE = ("</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>--><!-- &lt;b> "
           "\x1b[31m\u202e\u2066\u2028\ufeff")
EXPECTED = [("direct/every-read-asks-the-pf-again", "PF-10", "2027-01-31"),      # as expected
            ("direct/a-read-returns-the-bytes-of-the-pf", "RD-01", "2027-01-31"),  # unexpected pass
            ("direct/a-write-does-not-change-what-a-read-returns", "RD-07", "2027-01-31"),  # failing otherwise
            ("isolation/*", "PF-10", "2020-01-31"),                              # expired, where it fails
            ("there-is/no-such-scenario*", "PF-10", "2027-01-31")]               # stale
DISPUTED = "invalidate/a-direct-read-after-the-news-returns-the-new-data"


def ends_of(event):
    """The lanes that an arrow of this event leaves and reaches, at role bus."""
    if event in ("rest", "overrun", "input_modified", "late_write", "crash", "exit", "hang"):
        return "bus", "kit"
    if event in ("pf_read", "pf_write", "pf_reset"):
        return "bus", "pf"
    if event.startswith("pf_"):
        return "pf", "bus"
    if event.endswith("_return") or event in ("ioctl_complete", "user_event_signal", "references"):
        return "bus", "client"
    return "client", "bus"


def seal(results, path):
    """Writes results that were changed, under a seal of their own."""
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in (results.header, *results.cases)).encode()
    footer = {**results.footer, "sha256": hashlib.sha256(lines).hexdigest()}
    return kit.write(path, lines + json.dumps(footer).encode() + b"\n")


def with_words(results, words):
    """The same results, but these words wherever an implementation or a file has a say."""
    header = {**results.header, "name": words, "version": words, "adapter": words, "selection": words}
    header["expect"] = {**header["expect"], "entries": [{**entry, "reason": words, "owner": words, "issue": words}
                                                        for entry in header["expect"]["entries"]]}
    header["errata"] = {**header["errata"], "entries": [{**entry, "text": words} for entry in header["errata"]["entries"]]}
    cases = []
    for case in results.cases:
        case = {**case, "name": f"{case['name']}{words}"}
        if "finding" in case:
            case["finding"] = {**case["finding"], "reason": words, "allowed": words}
        if case["verdict"] not in ("pass", "fail"):
            case["detail"] = words
        cases.append(case)
    # what was selected by name cannot be stale
    return kit.Results(header, cases, {**results.footer, "expected": {**results.footer["expected"], "stale": 0}})


VISIBLE = "[...document.querySelectorAll('%s > details')].filter((item) => item.checkVisibility()).map((item) => item.id)"
READ_DIAGRAM = """(() => {
  const items = [...document.querySelectorAll('%s .diagram > li')];
  return items.filter((item) => item.querySelector('.arrow')).map((item) => {
    const centres = [...item.querySelectorAll('.lane')].map((lane) => lane.getBoundingClientRect()).map((box) => (box.left + box.right) / 2);
    const arrow = item.querySelector('.arrow');
    const box = arrow.getBoundingClientRect();
    const lane = (x) => centres.findIndex((centre) => Math.abs(centre - x) < 2);
    const ends = [lane(box.left), lane(box.right)];
    if (arrow.classList.contains('left')) ends.reverse();
    return { number: Number(item.querySelector('.number').textContent), ends, name: item.querySelector('b').textContent,
      broken: item.classList.contains('broken'), text: item.textContent };
  });
})()"""


class Html(kit.Test):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="vpci-html-")
        cls.addClassCleanup(shutil.rmtree, cls.place)
        os.makedirs(SHOTS, exist_ok=True)
        corpus = os.path.join(cls.place, "corpus")
        shutil.copytree(kit.CORPUS, corpus)
        kit.write(os.path.join(corpus, "disputes.json"), json.dumps({"format": 1, "disputes": [
            {"scenario": DISPUTED, "state": "contested", "text": "the page does not say so", "date": "2026-11-01"}]}))
        expect = kit.write(os.path.join(cls.place, "expect.json"), json.dumps({"format": 1, "expectations": [
            {"cases": cases, "verdict": "fail", "requirement": requirement, "reason": "known", "owner": "us", "issue": "BUS-1",
             "expires": expires} for cases, requirement, expires in EXPECTED]}))
        cls.many = cls.certify_once("many", FAILS_A_LOT)
        cls.few = cls.certify_once("few", FAILS_A_BIT, "--expect", expect, "--date", "2026-11-21", "--corpus", corpus)
        cls.warned = cls.certify_once("warned", WARNS)
        cls.catalogue = json.loads(kit.read_bytes(os.path.join(kit.CORPUS, "requirements.json")))["requirements"]
        cls.browser = browser.Browser()
        cls.addClassCleanup(cls.browser.close)

    @classmethod
    def certify_once(cls, name, adapter, *options):
        out = os.path.join(cls.place, name)
        kit.run("certify", "--quiet", "--adapter", adapter, "--out", out, *options)
        return kit.read_results(out)

    def page(self, name):
        return os.path.join(self.place, name, "report.html")

    def open(self, name, fragment="", **options):
        self.browser.open(url=f"file://{self.page(name)}{fragment}", **options)

    def open_file(self, path, **options):
        self.browser.open(url=f"file://{path}", **options)

    def visible(self, place="#requirement-list"):
        return self.browser.evaluate(code=VISIBLE % place)

    def open_all(self):
        self.browser.evaluate(code="document.querySelectorAll('details').forEach((item) => { item.open = true; })")
        self.browser.evaluate(code="new Promise((done) => setTimeout(done, 300))")

    def render(self, results, name, code):
        path = seal(results, self.path(f"{name}.jsonl"))
        done = self.run_program("report", path, "--format", "html")
        self.assertEqual(done.code, code, done.err)
        return kit.write(self.path(f"{name}.html"), done.out)

    # ---- nothing but the file ----

    def test_a_page_asks_for_nothing_and_complains_of_nothing(self):
        for name in ("few", "warned"):
            self.open(name)
            self.open_all()
            self.assertEqual(self.browser.seen(), {"requests": [f"file://{self.page(name)}"], "console": [], "errors": [], "dialogs": 0})

    def test_a_page_lets_nothing_else_in(self):
        self.open("few")
        self.browser.evaluate(code="""(() => {
          const script = document.createElement('script'); script.textContent = 'window.came = 1'; document.body.append(script);
          document.body.setAttribute('onclick', 'window.came = 2'); document.body.click();
          const picture = document.createElement('img'); picture.src = 'http://127.0.0.1:9/x.png'; document.body.append(picture);
        })()""")
        self.assertIsNone(self.browser.evaluate(code="window.came === undefined ? null : window.came"))
        self.assertEqual(self.browser.evaluate(code="getComputedStyle(document.querySelector('.banner')).borderStyle"), "solid")
        refused = [words for words in self.browser.seen()["console"] if "Content Security Policy" in words]
        self.assertEqual([sum(what in words for words in refused) for what in ("inline script", "inline event handler", "Loading the image")],
                         [1, 1, 1], refused)

    def test_the_same_results_make_the_same_bytes(self):
        path = os.path.join(self.place, "few", "results.jsonl")
        self.assertEqual(self.run_program("report", path, "--format", "html").out, kit.read_bytes(self.page("few")).decode())

    def test_the_markup_is_valid(self):
        for name in ("few", "warned"):
            self.assertEqual(browser.invalid_markup(self.page(name)), [])
        broken = kit.write(self.path("broken.html"), kit.read_bytes(self.page("few")).replace(b"</h1>", b"</h2>", 1))
        self.assertNotEqual(browser.invalid_markup(broken), [])

    # ---- what it says ----

    def test_the_verdict_and_the_counts_are_those_of_the_results(self):
        self.open("many")
        text = self.browser.evaluate(code="document.querySelector('.banner').innerText")
        for word in ("VIOLATION", self.many.header["name"], "role\nbus", "0x1", self.many.header["kit"]):
            self.assertIn(word.lower(), text.lower())
        counts = self.browser.evaluate(code="[...document.querySelectorAll('.counts li')].map((item) => item.innerText.split('\\n'))")
        counts = {words: int(number) for number, words in counts}
        self.assertEqual(counts["cases planned"], self.many.header["cases"])
        for verdict, words in {"pass": "passed", "fail": "failed", "not_applicable": "not applicable", "error": "error"}.items():
            self.assertEqual(counts[words], self.many.footer["cases"][verdict])
        self.assertGreater(self.browser.evaluate(code="document.querySelectorAll('#caveats + .caveats > li').length"), 1)

    def test_every_requirement_has_a_row_with_its_numbers(self):
        self.open("many")
        rows = self.browser.evaluate(code="""[...document.querySelectorAll('#requirement-list > details')].map((item) => [item.id,
          item.dataset.verdict, item.dataset.level, ...[...item.querySelectorAll('summary .number')].map((number) => parseInt(number.textContent, 10))])""")
        said = [[row["id"], self.many.footer["requirements"][row["id"]]["verdict"], row["level"],
                 *(self.many.footer["requirements"][row["id"]][count] for count in ("exercised", "failed", "warned"))]
                for row in self.catalogue]
        self.assertCountEqual(rows, said)

    def test_findings_are_one_for_each_requirement_and_cases_are_all(self):
        self.open("many")
        failed = [case for case in self.many.cases if case["verdict"] == "fail"]
        self.assertEqual(self.browser.evaluate(code="[...document.querySelectorAll('.findings > details .id')].map((item) => item.textContent)"),
                         [row for row in self.ids() if row in {case["requirement"] for case in failed}])
        self.assertEqual(self.visible("#case-list"), [f"case-{case['index']}" for case in failed])

    def ids(self):
        """In the order of the model, which is that of the findings."""
        return list(kit.breaches())

    def test_warnings_are_shown_with_an_example(self):
        self.open("warned")
        self.open_all()
        warned = [case for case in self.warned.cases if case.get("warnings")]
        text = self.browser.evaluate(code="document.querySelector('#warnings').parentElement.innerText")
        self.assertIn(f"{warned[0]['warnings'][0]['requirement']} {warned[0]['warnings'][0]['reason']}", text)
        self.assertIn(f"in {len(warned)} cases", text)
        arrows = self.browser.evaluate(code=READ_DIAGRAM % "#warnings ~ details")
        self.assertEqual(len(arrows), len(warned[0]["trace"]))

    def test_what_was_expected_and_what_is_disputed_is_shown(self):
        self.open("few")
        rows = self.browser.evaluate(code="""[...document.querySelectorAll('#expected ~ section tbody tr')].map((row) => [...row.children]
          .map((cell) => cell.innerText.replace(/\\s+/g, ' ')))""")
        told = {row[0]: row[1] for row in rows}
        self.assertEqual([row[0] for row in rows], [entry[0] for entry in EXPECTED])
        for (pattern, _, _), words in zip(EXPECTED, ("as expected", "unexpected pass", "failing otherwise", "expired", "stale")):
            self.assertIn(words, told[pattern])
        for index, name in enumerate(("as_expected", "unexpected_pass", "fails_otherwise", "expired")):
            held = [case for case in self.few.cases if case.get("expected", {}).get("entry") == index and case["expected"]["state"] == name]
            self.assertRegex(told[EXPECTED[index][0]], rf"\b{len(held)}\b")
        self.assertEqual(rows[0][3:], ["known", "us", "BUS-1", "2027-01-31"])
        row = self.browser.evaluate(code="document.querySelector('#disputes ~ section tbody tr').innerText")
        for word in (DISPUTED, "contested", "2026-11-01", "the page does not say so"):
            self.assertIn(word, row)

    def test_failed_cases_that_do_not_count_are_marked(self):
        self.open("few")
        marks = self.browser.evaluate(code="""[...document.querySelectorAll('#case-list > details')].map((item) => [item.id,
          [...item.querySelectorAll('.mark')].map((mark) => mark.textContent).join()])""")
        words = {"as_expected": "as expected", "fails_otherwise": "failing otherwise", "expired": "expired", None: ""}
        self.assertEqual(marks, [[f"case-{case['index']}", case.get("dispute", words[case.get("expected", {}).get("state")])]
                                 for case in self.few.cases if case["verdict"] == "fail"])
        self.assertGreaterEqual(len({mark for _, mark in marks}), 4)

    def test_a_history_marks_where_a_verdict_changed(self):
        os.mkdir(self.path("history"))
        for label, adapter in (("1", "golden"), ("2", FAILS_A_BIT), ("3", FAILS_A_BIT)):
            self.select(adapter, "direct/*", "--quiet", out=f"history/{label}")
        runs = [kit.read_results(self.path("history", label)).footer for label in "123"]
        changed = [name for name, row in runs[0]["requirements"].items() if row["verdict"] != runs[1]["requirements"][name]["verdict"]]
        done = self.run_program("report", self.path("history", "3", "results.jsonl"), "--format", "html", "--history", self.path("history"))
        self.open_file(kit.write(self.path("history.html"), done.out))
        self.open_all()
        rows = self.browser.evaluate(code="[...document.querySelectorAll('#history ~ section tbody tr')].map((row) => row.innerText)")
        self.assertEqual([row.split()[0] for row in rows], ["1", "2", "3"])
        self.assertEqual(["CONFORMS" in row for row in rows], [True, False, False])
        self.assertEqual([f"{len(changed)} changed" in row for row in rows], [False, True, False])
        for name in changed:
            self.assertIn(f"{name} failed, was passed", rows[1])
        self.assertEqual(browser.invalid_markup(self.path("history.html")), [])

    def test_a_torn_file_is_called_torn(self):
        lines = self.results("few").split(b"\n")
        path = kit.write(self.path("torn.jsonl"), b"\n".join(lines[:len(lines) // 2]) + b"\n")
        done = self.run_program("report", path, "--format", "html")
        self.assertEqual(done.code, kit.INCONCLUSIVE)
        self.assertIn("<p class=\"notice\"><strong>The results file is torn:", done.out)
        self.assertNotRegex(done.out, r'badge conforms"')
        self.assertEqual(browser.invalid_markup(kit.write(self.path("torn.html"), done.out)), [])

    def results(self, name):
        return kit.read_bytes(os.path.join(self.place, name, "results.jsonl"))

    # ---- sequence diagrams ----

    def assert_drawn(self, arrows, case):
        self.assertEqual([arrow["name"] for arrow in arrows], [event["event"] for event in case["trace"]], case["name"])
        self.assertEqual([tuple(LANES[end] for end in arrow["ends"]) for arrow in arrows],
                         [ends_of(event["event"]) for event in case["trace"]], case["name"])
        offending = case["finding"]["event"]
        self.assertEqual([arrow["number"] - 1 for arrow in arrows if arrow["broken"]],
                         [offending] if offending < len(case["trace"]) else [], case["name"])

    def test_an_opened_finding_is_drawn_and_the_offending_event_marked(self):
        self.open("many")
        self.assertEqual(self.browser.evaluate(code="document.querySelectorAll('.arrow').length"), 0)
        self.browser.click(selector="#finding-1 > summary")
        arrows = self.browser.evaluate(code=READ_DIAGRAM % "#finding-1")
        name = self.browser.evaluate(code="document.querySelector('#finding-1 dd code').textContent")
        [case] = [case for case in self.many.cases if case["name"] == name]
        self.assert_drawn(arrows, case)
        broken = [arrow for arrow in arrows if arrow["broken"]][0]["text"]
        for word in (case["requirement"], case["finding"]["reason"], f"allowed: {case['finding']['allowed']}"):
            self.assertIn(word, broken)

    def test_every_failed_case_is_drawn_as_its_trace_has_it(self):
        self.open("few")
        self.open_all()
        failed = [case for case in self.few.cases if case["verdict"] == "fail"]
        self.assertGreater(len(failed), 10)
        for case in failed:
            self.assert_drawn(self.browser.evaluate(code=READ_DIAGRAM % f"#case-{case['index']}"), case)

    def test_something_missing_is_marked_at_the_end(self):
        self.select("liar:never-completes-without-an-event", "ioctl-read/no-event-is-needed*", "--quiet")
        [case, *_] = [case for case in kit.read_results(self.path("out")).cases if case["verdict"] == "fail"]
        case["finding"]["event"] = len(case["trace"])
        results = kit.read_results(self.path("out"))
        results.cases[case["index"]]["finding"]["event"] = len(case["trace"])
        self.open_file(self.render(results, "end", kit.VIOLATION))
        self.open_all()
        place = f"#case-{case['index']}"
        self.assert_drawn(self.browser.evaluate(code=READ_DIAGRAM % place), case)
        self.assertIn(case["finding"]["reason"], self.browser.evaluate(code=f"document.querySelector('{place} .broken.end').textContent"))

    def test_a_long_trace_says_what_it_leaves_out(self):
        results = kit.parse_results(self.results("few"))
        case = next(case for case in results.cases if case["verdict"] == "fail" and case["finding"]["event"] == len(case["trace"]) - 1)
        case["trace"][1:1] = [{"event": "rest"}] * 500
        case["finding"]["event"] += 500
        self.open_file(self.render(results, "long", kit.VIOLATION))
        self.open_all()
        arrows = self.browser.evaluate(code=READ_DIAGRAM % f"#case-{case['index']}")
        self.assertLess(len(arrows), 250)
        self.assertEqual([arrow["number"] - 1 for arrow in arrows if arrow["broken"]], [case["finding"]["event"]])
        gap = self.browser.evaluate(code=f"document.querySelector('#case-{case['index']} .gap').textContent")
        self.assertEqual(gap, f"{len(case['trace']) - len(arrows)} events are left out here")

    def test_the_command_is_that_of_the_console(self):
        self.open("many")
        console = self.run_program("report", os.path.join(self.place, "many", "results.jsonl"), "--format", "console").out
        said = [" ".join(command.replace("\\\n", " ").split()[1:]) for command in kit.repeat_commands(console).values()]
        shown = self.browser.evaluate(code="[...document.querySelectorAll('.findings .command')].map((item) => item.textContent)")
        self.assertEqual([" ".join(command.replace("\\\n", " ").split()[1:]) for command in shown], said)

    # ---- filters and links ----

    def test_filters_show_what_the_results_say(self):
        self.open("many")
        verdicts = {name: row["verdict"] for name, row in self.many.footer["requirements"].items()}
        everything = self.visible()
        for verdict in sorted(set(verdicts.values())):
            self.browser.click(selector=f".chip:has(input[value={verdict}])")
            self.assertCountEqual(self.visible(), [name for name in verdicts if verdicts[name] == verdict])
            self.browser.click(selector=f".chip:has(input[value={verdict}])")
        self.assertEqual(self.visible(), everything)
        for level in ("MUST", "SHOULD", "INF"):
            self.browser.choose(selector="#filter-level", value=level)
            self.assertCountEqual(self.visible(), [row["id"] for row in self.catalogue if row["level"] == level])
        self.browser.choose(selector="#filter-group", value="IV")
        wanted = [row["id"] for row in self.catalogue if row["level"] == "INF" and row["id"].startswith("IV-")]
        self.assertCountEqual(self.visible(), wanted)
        self.assertEqual(self.browser.evaluate(code="document.querySelector('#requirements-shown').textContent"),
                         f"{len(wanted)} of {len(everything)} shown")
        self.browser.click(selector="#filters button[type=reset]")
        self.browser.evaluate(code="new Promise((done) => setTimeout(done, 100))")
        self.assertEqual(self.visible(), everything)

    def test_search_finds_by_id_and_by_words(self):
        self.open("many")
        self.browser.fill(selector="#filter-words", text="rd-01")
        self.assertIn("RD-01", self.visible())
        for words in (("serial", "number"), ("cancel",), ("nothing has this word qxz",)):
            self.browser.fill(selector="#filter-words", text=" ".join(words).upper())
            self.assertCountEqual(self.visible(), [row["id"] for row in self.catalogue if all(
                word in " ".join(str(row[member]) for member in row).lower() for word in words)])
        self.browser.fill(selector="#case-words", text="invalidate/ WD-05")
        self.assertEqual(self.visible("#case-list"), [f"case-{case['index']}" for case in self.many.cases if case["verdict"] == "fail"
                                                      and case["requirement"] == "WD-05" and case["name"].startswith("invalidate/")])

    def test_a_view_can_be_linked(self):
        self.open("many")
        self.browser.click(selector=".chip:has(input[value=fail])")
        self.browser.choose(selector="#filter-level", value="MUST")
        self.browser.fill(selector="#filter-words", text="a & b=c, \u00e4 %")
        self.browser.fill(selector="#filter-words", text="the")
        self.browser.fill(selector="#case-words", text="direct/")
        self.browser.click(selector="#finding-1 > summary")
        self.browser.evaluate(code="new Promise((done) => setTimeout(done, 100))")
        fragment = self.browser.evaluate(code="location.hash")
        before = self.visible(), self.visible("#case-list")
        self.assertEqual(fragment, "#verdict=fail&level=MUST&q=the&cases=direct%2F&open=finding-1")
        self.open("many", fragment)
        self.assertEqual((self.visible(), self.visible("#case-list")), before)
        self.assertGreater(self.browser.evaluate(code="document.querySelectorAll('#finding-1 .arrow').length"), 0)
        self.open("many", "#RD-01")
        self.assertTrue(self.browser.evaluate(code="document.getElementById('RD-01').open"))
        self.open("many", "#q=%E4%zz&open=nothing,main&verdict=%3Cb%3E")
        self.assertEqual(self.browser.seen()["errors"], [])

    def test_a_count_of_the_table_leads_to_its_requirements(self):
        self.open("many")
        group, count = self.browser.evaluate(code="""(() => { const link = document.querySelector('a.count.fail');
          return [new URLSearchParams(link.hash.slice(1)).get('group'), parseInt(link.textContent, 10)]; })()""")
        self.browser.click(selector="a.count.fail")
        self.browser.evaluate(code="new Promise((done) => setTimeout(done, 100))")
        shown = self.visible()
        self.assertEqual(len(shown), count)
        self.assertEqual({(name[:2], self.many.footer["requirements"][name]["verdict"]) for name in shown}, {(group, "fail")})

    # ---- by keyboard, for everybody ----

    def tab_to(self, condition):
        for _ in range(80):
            self.browser.press(key="Tab")
            if self.browser.evaluate(code=f"document.activeElement.matches({json.dumps(condition)})"):
                return
        self.fail(f"no way by keyboard to {condition}")

    def test_everything_can_be_done_by_keyboard(self):
        self.open("few")
        self.browser.press(key="Tab")
        self.assertTrue(self.browser.evaluate(code="document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().top >= 0"))
        self.browser.press(key="Enter")
        self.assertEqual(self.browser.evaluate(code="document.activeElement.id"), "main")
        self.tab_to("#finding-1 > summary")
        style = self.browser.evaluate(code="(() => { const style = getComputedStyle(document.activeElement); return [style.outlineStyle, parseFloat(style.outlineWidth)]; })()")
        self.assertEqual(style[0], "solid")
        self.assertGreaterEqual(style[1], 2)
        self.browser.press(key="Enter")
        self.browser.evaluate(code="new Promise((done) => setTimeout(done, 100))")
        self.assertGreater(self.browser.evaluate(code="document.querySelectorAll('#finding-1 .arrow').length"), 0)
        self.tab_to("input[name=verdict][value=fail]")
        self.browser.press(key="Space")
        self.assertCountEqual(self.visible(), [name for name, row in self.few.footer["requirements"].items() if row["verdict"] == "fail"])
        self.tab_to("#filter-words")
        self.browser.type(text="PF-10")
        self.assertEqual(self.visible(), ["PF-10"])
        self.tab_to("#PF-10 > summary")
        self.browser.press(key="Space")
        self.assertTrue(self.browser.evaluate(code="document.getElementById('PF-10').open"))

    def test_nothing_against_accessibility_in_light_dark_and_narrow(self):
        grounds = {}
        for scheme in ("light", "dark"):
            for width in (1200, 400):
                self.open("few", "#open=finding-1,RD-01", scheme=scheme, width=width)
                self.browser.evaluate(code="document.querySelectorAll('#case-list > details')[0].open = true")
                if (scheme, width) != ("light", 400):  # the colours of the one, the layout of the other
                    self.assertEqual(self.browser.axe(), [], f"{scheme} {width}")
                self.assertLessEqual(self.browser.evaluate(code="document.documentElement.scrollWidth"), width)
                shot = os.path.join(SHOTS, f"{scheme}-{width}.png")
                self.browser.screenshot(file=shot)
                self.assertGreater(os.path.getsize(shot), 50_000)
            grounds[scheme] = self.browser.evaluate(code="getComputedStyle(document.body).backgroundColor")
        light, dark = (sum(map(int, re.findall(r"\d+", grounds[scheme]))) for scheme in ("light", "dark"))
        self.assertGreater(light, 600)
        self.assertLess(dark, 150)

    def test_without_scripts_and_on_paper_it_can_be_read(self):
        self.open("few", scripts=False)
        self.assertFalse(self.browser.evaluate(code="document.querySelector('#filters').checkVisibility()"))
        self.assertEqual(len(self.visible()), len(self.catalogue))
        self.browser.click(selector="#finding-1 > summary")
        text = self.browser.evaluate(code="document.querySelector('#finding-1').innerText")
        for word in ("PF-10", "kit -> IUT", "<-- PF-10", "allowed:", "--only"):
            self.assertIn(word, text)
        self.open("few", scripts=False)
        self.browser.media(media="print")
        text = self.browser.evaluate(code="document.body.innerText")
        for word in ("VIOLATION", "kit -> IUT", "<-- PF-10", self.few.header["suite_digest"], *(row["statement"] for row in self.catalogue)):
            self.assertIn(word, text)
        self.open("few")
        self.browser.pdf(file=os.path.join(SHOTS, "paper.pdf"))
        self.assertGreater(self.browser.evaluate(code="document.querySelectorAll('.findings .arrow').length"), 0, "drawn for the paper")
        self.assertEqual(self.browser.evaluate(code="document.querySelectorAll('details[open]').length"), 0, "and closed again")

    # ---- from strangers ----

    def test_hostile_words_are_words(self):
        elements = {}
        for name, words in (("harmless", HARMLESS), ("hostile", HOSTILE)):
            path = self.render(with_words(self.few, words), name, kit.VIOLATION)
            self.assertEqual(browser.invalid_markup(path), [])
            self.open_file(path)
            self.open_all()
            self.assertEqual(self.browser.seen(), {"requests": [f"file://{path}"], "console": [], "errors": [], "dialogs": 0})
            elements[name] = self.browser.evaluate(code="""[...document.querySelectorAll('*')].map((element) =>
              element.localName + ' ' + element.getAttributeNames().join(' '))""")
        self.assertEqual(elements["hostile"], elements["harmless"])
        text = self.browser.evaluate(code="document.body.textContent")
        self.assertNotRegex(text, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
        shown = self.browser.evaluate(code="[document.querySelector('h1').textContent, document.querySelector('#finding-1 .remark').textContent]")
        for place in shown:
            self.assertIn("</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'>", place)

    def test_two_thousand_failed_cases_load_in_no_time(self):
        failed = self.many.footer["cases"]["fail"]
        self.assertGreaterEqual(failed, 2000)
        times = []
        for _ in range(3):
            self.open("many")
            times.append(self.browser.evaluate(code="performance.getEntriesByType('navigation')[0].loadEventEnd"))
        print(f"{failed} failed cases, {os.path.getsize(self.page('many'))} bytes: load event after {min(times):.0f} ms")
        self.assertLess(min(times), 3000)


if __name__ == "__main__":
    unittest.main()
