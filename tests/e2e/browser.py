# SPDX-License-Identifier: MIT
"""A real Chromium for end-to-end tests of pages, driven through tests/browser/driver.js. What that needs of npm is installed, as
tests/browser/package-lock.json pins it, into the build folder by the first test that asks."""

import json
import os
import shutil
import subprocess
import tempfile

import kit

TOOLS = os.path.join(kit.SOURCE, "tests", "browser")
MODULES = os.path.join(kit.BUILD, "tests", "browser")
CHROMIUM = shutil.which("chromium")


def install():
    """Puts the pinned packages into MODULES, unless they are there already."""
    wanted = kit.read_bytes(os.path.join(TOOLS, "package-lock.json"))
    stamp = os.path.join(MODULES, "installed.json")
    if os.path.exists(stamp) and kit.read_bytes(stamp) == wanted:
        return
    os.makedirs(MODULES, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(TOOLS, name), MODULES)
    done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=MODULES, capture_output=True, text=True,
                          timeout=300, check=False)
    if done.returncode != 0:
        raise AssertionError(f"npm cannot install what the browser is driven with: {done.stderr[-1000:]}")
    kit.write(stamp, wanted)


def invalid_markup(path):
    """What html-validate has against a page, a line each."""
    with tempfile.NamedTemporaryFile("r", suffix=".json", encoding="utf-8") as report:
        done = subprocess.run([os.path.join(MODULES, "node_modules", ".bin", "html-validate"), "--config",
                               os.path.join(TOOLS, "markup.json"), "--formatter", f"json={report.name}", path],
                              capture_output=True, text=True, timeout=120, check=False)
        if done.returncode not in (0, 1):
            raise AssertionError(f"html-validate does not run: {done.stderr[-1000:]}")
        files = json.load(report)
    messages = [f"{found['line']}: {found['ruleId']}: {found['message']}" for file in files for found in file["messages"]]
    assert (done.returncode == 0) == (messages == []), done
    return messages


class Browser:
    """Each command of the driver is a method: open, evaluate, click, fill, choose, press, type, screenshot, media, pdf, seen, axe."""

    def __init__(self):
        install()
        if CHROMIUM is None:
            raise AssertionError("chromium is not installed")
        self.process = subprocess.Popen(["node", os.path.join(TOOLS, "driver.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env={**os.environ, "VPCI_BROWSER_MODULES": MODULES, "VPCI_CHROMIUM": CHROMIUM})

    def __getattr__(self, command):
        def ask(**options):
            self.process.stdin.write(json.dumps({"command": command, **options}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError("the browser is gone")
            answer = json.loads(line)
            if "error" in answer:
                raise AssertionError(f"{command} {options}: {answer['error']}")
            return answer["value"]
        return ask

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()
