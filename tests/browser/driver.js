/* tests/browser/driver.js - drives a real Chromium for tests/e2e/test_html.py: a command in a line of JSON on standard input, its
 * answer in a line of JSON on standard output. VPCI_BROWSER_MODULES is where npm put the packages, VPCI_CHROMIUM the browser. */
"use strict";
const { createRequire } = require("node:module");
const path = require("node:path");
const readline = require("node:readline");

const fromModules = createRequire(path.join(process.env.VPCI_BROWSER_MODULES, "none.js"));
const { chromium } = fromModules("playwright-core");

let browser = null;
let context = null;
let page = null;
let seen = null;

const watch = () => {
  seen = { requests: [], console: [], errors: [], dialogs: 0 };
  page.on("request", (request) => seen.requests.push(request.url()));
  page.on("console", (message) => seen.console.push(message.text()));
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("dialog", (dialog) => {
    seen.dialogs += 1;
    dialog.dismiss();
  });
};

const commands = {
  async open({ url, scheme = "light", width = 1200, height = 900, scripts = true }) {
    if (context) await context.close();
    context = await browser.newContext({
      colorScheme: scheme, viewport: { width, height }, javaScriptEnabled: scripts, offline: true, reducedMotion: "reduce",
    });
    page = await context.newPage();
    watch();
    await page.goto(url, { waitUntil: "load" });
    return null;
  },
  evaluate: ({ code }) => page.evaluate(code),
  click: ({ selector }) => page.click(selector, { timeout: 5000 }),
  fill: ({ selector, text }) => page.fill(selector, text, { timeout: 5000 }),
  choose: ({ selector, value }) => page.selectOption(selector, value, { timeout: 5000 }),
  press: ({ key }) => page.keyboard.press(key),
  type: ({ text }) => page.keyboard.type(text),
  screenshot: ({ file, full = true }) => page.screenshot({ path: file, fullPage: full }).then(() => null),
  media: ({ media }) => page.emulateMedia({ media }),
  pdf: ({ file }) => page.pdf({ path: file, format: "A4" }).then(() => null),
  seen: async () => seen,
  async axe() {
    /* The page lets no script in but its own, so this one comes in beside it. */
    const source = require("node:fs").readFileSync(fromModules.resolve("axe-core/axe.min.js"), "utf8");
    await page.evaluate(source);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    return found.violations.map((rule) => `${rule.id}: ${rule.help}: ${rule.nodes.length} x ${rule.nodes[0].html.slice(0, 200)}`);
  },
};

const main = async () => {
  browser = await chromium.launch({ executablePath: process.env.VPCI_CHROMIUM, args: ["--disable-gpu", "--disable-dev-shm-usage"] });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { command, ...options } = JSON.parse(line);
    let answer;
    try {
      const value = await commands[command](options);
      answer = { value: value === undefined ? null : value };
    } catch (error) {
      answer = { error: String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await browser.close();
};
main();
