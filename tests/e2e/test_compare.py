# SPDX-License-Identifier: MIT
"""compare, with real runs: every class planted and found, held against classes that are made up here once more out of the two
results files; repeats, torn and tampered files, hostile text in every format, histories."""

import collections
import glob
import hashlib
import html.parser
import json
import os
import re
import shutil
import sys
import time
import unittest

import jsonschema

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

with open(os.path.join(kit.CORPUS, "schemas", "compare.schema.json"), encoding="utf-8") as schema_file:
    SCHEMA = jsonschema.Draft202012Validator(json.load(schema_file))
FORMATS = ("text", "markdown", "json", "html")
HOSTILE = "</script><img src=x onerror=alert(1)> ``` | @someone #1 ![x](http://x.y) [a](b) \x1b[31m\u202e <!-- ]]> 'q' \"q\""


def classes_of(base, new):
    """The classes of all cases, single runs of one suite each, out of the records alone."""
    def key(case):
        return case.get("requirement"), case.get("cause")
    before = {case["name"]: case for case in base.cases}
    after = {case["name"]: case for case in new.cases}
    classes = {}
    for name in (*before, *(name for name in after if name not in before)):
        old, now = before.get(name), after.get(name)
        if old is None:
            classes[name] = "new"
        elif now is None:
            classes[name] = "removed"
        elif base.header["scenarios"][old["scenario"]] != new.header["scenarios"][now["scenario"]]:
            classes[name] = "scenario_changed"
        elif now["verdict"] == "fail":
            classes[name] = ("newly_failing" if old["verdict"] != "fail" else
                             "still_failing" if key(old) == key(now) else "failing_otherwise")
        elif now["verdict"] == "pass":
            classes[name] = {"pass": "still_passing", "fail": "fixed"}.get(old["verdict"], "newly_passing")
        elif old.get("probe") and (old["verdict"], now["verdict"]) == ("pass", "not_applicable"):
            classes[name] = "probe_over"
        elif old["verdict"] in ("pass", "fail") or (old["verdict"] == "not_applicable") != (now["verdict"] == "not_applicable"):
            classes[name] = "newly_without_verdict"
        else:
            classes[name] = "still_without_verdict"
    return classes


def rewrite(path, change):
    """Changes the records of a results file, header first, and seals it again."""
    lines = kit.read_bytes(path).decode().splitlines()
    records = [json.loads(line) for line in lines]
    change(records)
    body = "".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records[:-1]).encode()
    records[-1]["sha256"] = hashlib.sha256(body).hexdigest()
    kit.write(path, body + (json.dumps(records[-1], ensure_ascii=False, separators=(",", ":")) + "\n").encode())


class CompareTest(kit.Test):
    whole = {}  # adapter: bytes of the results of the whole suite; several tests want the same

    def make(self, out, adapter="golden", only=None, *options, **how):
        """Results of a run, alone in a folder of that name: times would be what the machine was doing meanwhile."""
        os.makedirs(self.path(out))
        content = self.whole.get(adapter) if only is None and not options else None
        if content is None:
            verb = ("run",) if only is None else ("run", "--only", only)
            done = self.run_program(*verb, "--adapter", adapter, "--out", self.path(out, "all"), "--quiet", *options, **how)
            self.assertNotEqual(done.code, kit.FAULT, done)
            content = self.results_bytes(os.path.join(out, "all"))
            shutil.rmtree(self.path(out, "all"))
        if only is None and not options:
            self.whole[adapter] = content
        kit.write(self.path(out, "results.jsonl"), content)
        header, *cases, footer = map(json.loads, content.splitlines())
        return kit.Results(header, cases, footer)

    def compare(self, base, new, *options, code=None):
        done = self.run_program("compare", base, new, *options)
        if code is not None:
            self.assertEqual(done.code, code, f"{done.out[:2000]} {done.err}")
        return done

    def compare_json(self, base, new, code=None):
        document = json.loads(self.compare(base, new, "--format", "json", code=code).out)
        SCHEMA.validate({**document, "cases": document["cases"][::1 + len(document["cases"]) // 100]})  # a sample: it is slow
        counted = collections.Counter(case["class"] for case in document["cases"])
        self.assertEqual({name: count for name, count in document["classes"].items() if count}, counted)
        if code is not None:
            self.assertEqual(document["exit"], code)
        return document

    def classes(self, base, new, code):
        return {case["name"]: case["class"] for case in self.compare_json(base, new, code)["cases"]}

    def history(self, folder, code=None):
        done = self.run_program("compare", "--history", folder, "--format", "json")
        if code is not None:
            self.assertEqual(done.code, code, done)
        document = json.loads(done.out)
        SCHEMA.validate({**document, "cases": document["cases"][:20]})
        return document


class ClassesTest(CompareTest):
    def test_every_case_of_real_runs_is_in_the_class_that_the_records_give(self):
        runs = {name: self.make(name, adapter) for name, adapter in (
            ("golden", "golden"), ("caches", "liar:caches-reads"), ("drops", "liar:drops-every-third-write"),
            ("bytes", "liar:hands-over-one-byte-less"), ("claims", "variant:minimal-claims"))}
        runs["part"] = self.make("part", "golden", "direct/*")
        expected_exits = {("golden", "caches"): 1, ("caches", "golden"): 0, ("golden", "claims"): 2, ("claims", "golden"): 0,
                          ("golden", "part"): 2, ("part", "golden"): 0, ("bytes", "drops"): 1, ("drops", "part"): 2,
                          ("golden", "golden"): 0, ("caches", "caches"): 0}
        seen = collections.Counter()
        for (base, new), code in expected_exits.items():
            with self.subTest(base=base, new=new):
                expected = classes_of(runs[base], runs[new])
                self.assertEqual(self.classes(base, new, code), expected)
                seen.update(expected.values())
        self.assertEqual(set(seen), {"newly_failing", "still_failing", "failing_otherwise", "fixed", "still_passing", "newly_passing",
                                     "newly_without_verdict", "still_without_verdict", "new", "removed", "probe_over"})

    def test_requirements_are_told_by_their_footers(self):
        base, new = self.make("base"), self.make("new", "liar:caches-reads")
        rows = self.compare_json("base", "new", 1)["requirements"]
        for name, row in rows.items():
            verdicts = base.footer["requirements"][name]["verdict"], new.footer["requirements"][name]["verdict"]
            self.assertEqual((row["base"], row["new"]), verdicts)
            self.assertEqual(row["change"] == "newly_failing", verdicts[1] == "fail")
        fewer = self.make("claims", "variant:minimal-claims")
        rows = self.compare_json("base", "claims", 2)["requirements"]
        lost = {name for name, row in rows.items() if row["change"] == "newly_not_exercised"}
        self.assertEqual(lost, {name for name, row in base.footer["requirements"].items()
                                if row["verdict"] in ("pass", "warning") and
                                fewer.footer["requirements"][name]["verdict"] not in ("pass", "warning")})
        self.assertGreater(len(lost), 10)

    def edited_corpus(self):
        corpus = shutil.copytree(kit.CORPUS, self.path("corpus"))
        direct = os.path.join(corpus, "scenarios", "direct")
        one = os.path.join(direct, "a-read-returns-the-bytes-of-the-pf.json")
        with open(one, encoding="utf-8") as file:
            scenario = json.load(file)
        scenario["purpose"] += " Said again."
        kit.write(one, json.dumps(scenario))
        os.remove(os.path.join(direct, "a-read-longer-than-a-block-is-refused.json"))
        scenario["purpose"] = "Added."
        kit.write(os.path.join(direct, "a-read-is-added.json"), json.dumps(scenario))
        os.rename(os.path.join(direct, "a-read-of-128-bytes-works.json"), os.path.join(direct, "a-read-under-another-name.json"))
        return corpus

    def test_an_edited_removed_added_or_renamed_scenario_is_told_and_is_no_regression(self):
        corpus = self.edited_corpus()
        base = self.make("base", "golden", "direct/*")
        self.make("new", "golden", "direct/*", "--corpus", corpus)
        cases = self.compare_json("base", "new", 2)["cases"]
        for case in cases:
            scenario = case["name"].split("[")[0]
            expected = {"direct/a-read-returns-the-bytes-of-the-pf": "scenario_changed", "direct/a-read-is-added": "new",
                        "direct/a-read-longer-than-a-block-is-refused": "removed"}.get(scenario)
            renamed = scenario == "direct/a-read-under-another-name"
            self.assertEqual(case.get("before", "").startswith("direct/a-read-of-128-bytes-works"), renamed)
            self.assertIn(case["class"], (expected,) if expected else ("still_passing", "still_without_verdict"), case)
        self.assertEqual(len({case["class"] for case in cases}) >= 4, True)
        # nothing removed: a suite that has grown, and an implementation that passes
        for name in os.listdir(os.path.join(kit.CORPUS, "scenarios", "direct")):
            if not os.path.exists(os.path.join(corpus, "scenarios", "direct", name)) and "128" not in name:
                shutil.copy(os.path.join(kit.CORPUS, "scenarios", "direct", name), os.path.join(corpus, "scenarios", "direct", name))
        self.make("grown", "golden", "direct/*", "--corpus", corpus)
        self.compare("base", "grown", code=0)
        # the same fault, but seen by a scenario that is another: unclear, not worse
        pattern = "direct/a-read-returns-the-bytes-of-the-pf*"
        self.make("part", "golden", pattern)
        liar = self.make("changed", "liar:writes-one-byte-beyond-a-read-buffer", pattern, "--corpus", corpus)
        self.assertGreater(liar.footer["cases"]["fail"], 0)
        document = self.compare_json("part", "changed", 2)
        self.assertEqual({case["class"] for case in document["cases"]}, {"scenario_changed"})
        self.assertEqual(sum(case.get("besides") == "newly_failing" for case in document["cases"]), liar.footer["cases"]["fail"])
        self.assertGreater(base.header["cases"], 100)

    def test_what_is_expected_is_not_newly_failing_until_that_is_over(self):
        self.make("base")
        failing = self.make("plain", "liar:caches-reads")
        requirements = {case["requirement"] for case in failing.cases if case["verdict"] == "fail"}
        expect = {"format": 1, "expectations": [
            {"cases": case["scenario"], "verdict": "fail", "requirement": case["requirement"], "reason": "known", "owner": "somebody",
             "issue": "1", "expires": "2027-01-31"} for case in
            {(case["scenario"], case["requirement"]): case for case in failing.cases if case["verdict"] == "fail"}.values()]}
        kit.write(self.path("expect.json"), json.dumps(expect))
        for out, date, code, kind in (("known", "2027-01-31", 0, "expected_failure"), ("over", "2027-02-01", 1, "newly_failing")):
            marked = self.make(out, "liar:caches-reads", None, "--expect", "expect.json", "--date", date)
            self.assertEqual({case["expected"]["state"] for case in marked.cases if case["verdict"] == "fail"},
                             {"as_expected"} if code == 0 else {"expired"})
            classes = self.classes("base", out, code)
            for case in marked.cases:
                self.assertEqual(classes[case["name"]] == kind, case["verdict"] == "fail")
        self.assertEqual(set(self.classes("known", "base", 0).values()), {"fixed", "still_passing", "still_without_verdict"})
        self.assertIn("newly_failing", self.classes("known", "over", 1).values())
        self.assertTrue(requirements)

    def test_what_is_in_dispute_counts_for_nothing(self):
        corpus = shutil.copytree(kit.CORPUS, self.path("corpus"))
        self.make("base")
        failing = self.make("plain", "liar:caches-reads")
        scenarios = sorted({case["scenario"] for case in failing.cases if case["verdict"] == "fail"})
        kit.write(os.path.join(corpus, "disputes.json"), json.dumps({"format": 1, "disputes": [
            {"scenario": scenario, "state": "contested", "text": "not so", "date": "2027-01-01"} for scenario in scenarios]}))
        marked = self.make("new", "liar:caches-reads", None, "--corpus", corpus)
        document = self.compare_json("base", "new")
        self.assertEqual({case["name"] for case in document["cases"] if case["class"] == "disputed"},
                         {case["name"] for case in marked.cases if case["scenario"] in scenarios})
        self.assertEqual(document["classes"]["newly_failing"], 0)
        self.assertNotEqual(document["exit"], 1)
        self.assertIn("errata", document["conditions"])


class RepeatsTest(CompareTest):
    def flickering(self):
        """tests/adapters/flickers.c, but that its first device is one that the environment names: no two runs are alike."""
        with open(os.path.join(kit.SOURCE, "tests", "adapters", "flickers.c"), encoding="utf-8") as file:
            source = file.read()
        source = "#include <stdlib.h>\n" + source.replace(
            "static uint32_t devices;", "static uint32_t devices;\n__attribute__((constructor)) static void begin(void)"
            "{ const char *from = getenv(\"FLICKERS_FROM\"); devices = from == NULL ? 0 : (uint32_t)atoi(from); }")
        self.assertIn("FLICKERS_FROM", source)
        golden = [name for name in glob.glob(os.path.join(kit.SOURCE, "harness", "adapters", "golden", "*.c")) if "plugin" not in name]
        return self.compile_plugin("flickers", source, "-fvisibility=hidden", *golden)

    def test_what_comes_and_goes_flickers_with_its_share_and_interval(self):
        pattern = "direct/every-read-asks-the-pf-again*"
        adapter = self.flickering()
        runs = []
        for repeat in range(6):
            runs.append(self.make(f"repeats/{repeat}", adapter, pattern, environment={"FLICKERS_FROM": str(17 * repeat)}))
        self.make("base/one", "golden", pattern)
        self.make("base/two", "golden", pattern)
        verdicts = {case["name"]: [run.cases[case["index"]]["verdict"] for run in runs] for case in runs[0].cases}
        document = self.compare_json("base", "repeats")
        for case in document["cases"]:
            failed = verdicts[case["name"]].count("fail")
            self.assertEqual(case["new"]["bad"], failed)
            self.assertEqual((case["new"]["repeats"], case["base"]["repeats"]), (6, 2))
            low, high = case["new"]["interval"]
            self.assertLess(low, failed / 6 + 1e-9)
            self.assertGreater(high, failed / 6 - 1e-9)
            self.assertEqual(case["class"] == "flickering", 0 < failed < 6, case)
        self.assertGreater(document["classes"]["flickering"], 3)
        shown = self.compare("base", "repeats").out
        self.assertRegex(shown, r"\d failed, \d passed \(\d of 6, \d+\.\d % to \d+\.\d %\)")

    def test_runs_that_are_no_repeats_are_refused(self):
        self.make("both/a", "golden", "direct/a-read*")
        self.make("both/b", "variant:minimal-claims", "direct/a-read*")
        self.make("seeds/a", "golden", "direct/a-read*")
        self.make("seeds/b", "golden", "direct/a-read*", "--seed", "2")
        self.assert_fault(self.compare("seeds", "both"), "both", "no repeats of one run")
        self.compare("seeds", "seeds", code=0)
        self.assert_fault(self.compare("both/a", self.folder), "no repeats")


class ConditionsTest(CompareTest):
    def test_another_role_or_profile_is_said_loudly_and_is_never_peace(self):
        self.make("bus", "golden", "*", "--role", "bus")
        self.make("stack", "golden", "*", "--role", "stack")
        self.make("strict", "golden", "*", "--role", "bus", "--profile", "strict")
        for new, word in (("stack", "role"), ("strict", "profile")):
            done = self.compare("bus", new)
            self.assertIn(done.code, (1, 2))
            self.assertRegex(done.out, rf"(?m)^! Another {word}: ")
            self.assertIn(word, self.compare_json("bus", new)["conditions"])
            for form in ("markdown", "html"):
                self.assertIn(f"Another {word}", self.compare("bus", new, "--format", form).out)

    def test_what_differs_is_listed_and_nothing_else(self):
        self.make("one", "golden", "direct/a-read*")
        self.make("two", "golden", "direct/a-read*", "--seed", "2")
        self.make("other", "liar:caches-reads", "direct/a-*")
        self.assertEqual(self.compare_json("one", "one", 0)["conditions"], {})
        self.assertEqual(self.compare_json("one", "two", 0)["conditions"], {"seed": {"base": "0x1", "new": "0x2"}})
        self.assertEqual(set(self.compare_json("one", "other")["conditions"]), {"adapter", "adapter_digest", "name", "selection"})

    def test_time_is_shown_and_decides_nothing(self):
        results = self.make("base", "golden", "direct/a-read*")
        shutil.copytree(self.path("base"), self.path("new"))
        kit.write(self.path("base", "timing.jsonl"), "".join(f'{{"index":{i},"elapsed_us":1000}}\n' for i in range(len(results.cases))))
        slow = [i for i, case in enumerate(results.cases) if case["verdict"] == "pass"][:3]
        kit.write(self.path("new", "timing.jsonl"), "".join(
            f'{{"index":{i},"elapsed_us":{900000 if i in slow else 4000}}}\n' for i in range(len(results.cases))))
        document = self.compare_json("base", "new", 0)
        self.assertEqual({case["name"] for case in document["cases"] if case["class"] == "timing_shift"},
                         {results.cases[i]["name"] for i in slow})
        self.assertEqual(document["timing"], {"cases": len(results.cases), "base_us": 1000 * len(results.cases),
                                              "new_us": 4000 * len(results.cases) + 3 * 896000})
        self.assertIn("900.000 ms", self.compare("base", "new").out)
        os.remove(self.path("new", "timing.jsonl"))
        self.assertEqual(self.compare_json("base", "new", 0)["timing"]["cases"], 0)


class FilesTest(CompareTest):
    def test_a_torn_file_is_never_peace(self):
        self.make("whole", "golden", "direct/a-read*")
        content = self.results_bytes("whole")
        ends = [match.end() for match in re.finditer(b"\n", content)]
        os.mkdir(self.path("torn"))
        for length in (ends[0], ends[0] + 5, ends[len(ends) // 2], ends[-2], ends[-1] - 1, 30, 0):
            kit.write(self.path("torn", "results.jsonl"), content[:length])
            for base, new in (("whole", "torn"), ("torn", "whole"), ("torn", "torn")):
                with self.subTest(length=length, base=base, new=new):
                    done = self.compare(base, new)
                    self.assertEqual(done.code, 2, done)
                    self.assertIn("torn", done.out)
                    self.assertTrue(done.out.startswith("UNCLEAR: "))
                    self.compare_json(base, new, 2)
        lines = len([end for end in ends if end <= ends[len(ends) // 2]]) - 1
        kit.write(self.path("torn", "results.jsonl"), content[:ends[len(ends) // 2]])
        document = self.compare_json("whole", "torn", 2)
        self.assertEqual(document["classes"]["newly_without_verdict"], len(ends) - 2 - lines)

    def test_what_is_no_results_file_is_named_with_its_place(self):
        self.make("good", "golden", "direct/a-read*")
        good = self.path("good")
        content = self.results_bytes("good")

        def case(name, change, *words):
            folder = shutil.copytree(good, self.path(name))
            change(folder)
            with self.subTest(name=name):
                self.assert_fault(self.compare("good", name), *words)
                self.assert_fault(self.compare(name, "good"), *words)

        def flip(at):
            def change(folder):
                kit.write(os.path.join(folder, "results.jsonl"), content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])
            return change

        def file_of(name, text):
            return lambda folder: kit.write(os.path.join(folder, name), text)

        def twice(records):
            records[2]["name"] = records[1]["name"]

        case("flipped", flip(content.index(b'"index":3,') + 30), "flipped/results.jsonl:")
        case("flipped-seal", flip(len(content) - 20), "flipped-seal/results.jsonl:")
        case("text", file_of("results.jsonl", "hello\n"), "text/results.jsonl:1: ")
        case("twice", lambda folder: rewrite(os.path.join(folder, "results.jsonl"), twice), "twice/results.jsonl:3: ", "twice")
        case("binary", file_of("results.jsonl", b"\xff\x00\n"), "binary/results.jsonl:1: ")
        case("timing", file_of("timing.jsonl", '{"index":0,"elapsed_us":1}\n{"index":0}\n'), "timing/timing.jsonl:2: ", "elapsed_us")
        case("timing-far", file_of("timing.jsonl", '{"index":99999,"elapsed_us":1}\n'), "timing-far/timing.jsonl:1: ", "99999")
        case("timing-text", file_of("timing.jsonl", "fast\n"), "timing-text/timing.jsonl:1: ")
        kit.write(self.path("good", "timing.jsonl"), '{"index":0,"elapsed_us":1}\n{"ind')  # cut with its run
        self.compare("good", "good", code=0)

    def test_the_use_is_checked(self):
        self.make("good", "golden", "direct/a-read*")
        os.mkdir(self.path("empty"))
        for arguments, words in ((("compare",), "BASE NEW"), (("compare", "good"), "BASE NEW"), (("compare", "good", "good", "good"), "too many"),
                                 (("compare", "good", "nowhere"), "nowhere"), (("compare", "good", "empty"), "empty: no results file"),
                                 (("compare", "--history", "empty"), "empty: no results file"),
                                 (("compare", "good", "good", "--history", "good"), "not both"),
                                 (("compare", "--history", "nowhere"), "nowhere"),
                                 (("compare", "good", "good", "--format", "xml"), "xml"),
                                 (("compare", "good", "/dev/zero"), "/dev/zero")):
            with self.subTest(arguments=arguments):
                self.assert_fault(self.run_program(*arguments), words)
        os.mkfifo(self.path("good", "timing.jsonl"))
        self.assert_fault(self.compare("good", "good"), "timing.jsonl")

    def test_the_same_files_give_the_same_bytes_wherever_they_are_read_from(self):
        self.make("base")
        self.make("new", "liar:caches-reads")
        for form in FORMATS:
            first = self.compare("base", "new", "--format", form, code=1)
            self.assertEqual(first, self.compare("base", "new", "--format", form))
            self.assertEqual(first.err, "")
            self.assertGreater(len(first.out), 500)

    def test_five_thousand_cases_are_compared_in_well_under_a_second(self):
        results = self.make("base")
        self.make("new", "liar:caches-reads")
        self.assertGreater(results.header["cases"], 5000)
        times = []
        for _ in range(3):
            begin = time.monotonic()
            self.compare("base", "new", code=1)
            times.append(time.monotonic() - begin)
        self.assertLess(min(times), 1.0)


class Elements(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = collections.Counter()
        self.attributes = collections.Counter()
        self.text = []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data):
        self.text.append(data)


class HostileTest(CompareTest):
    def setUp(self):
        super().setUp()
        self.make("base", "golden", "direct/a-read*")
        self.make("new", "liar:writes-one-byte-beyond-a-read-buffer", "direct/a-read*")

        def change(records):
            records[0]["name"] = HOSTILE[:80]
            records[0]["version"] = HOSTILE[60:]
            records[0]["adapter"] = HOSTILE
            for record in records[1:-1]:
                record["name"] = record["name"] + HOSTILE
                if record["verdict"] == "fail":
                    record["cause"] = HOSTILE
                    record["finding"]["reason"] = HOSTILE * 5
        rewrite(self.path("new", "results.jsonl"), change)
        rewrite(self.path("base", "results.jsonl"),
                lambda records: [record.update(name=record["name"] + HOSTILE) for record in records[1:-1]])

    def test_text_of_an_implementation_is_inert_in_every_format(self):
        done = self.compare("base", "new", code=1)
        self.assertNotIn("\x1b", done.out)
        self.assertLessEqual(max(map(len, done.out.splitlines())), 600)
        page = Elements()
        page.feed(self.compare("base", "new", "--format", "html").out)
        self.assertEqual((page.tags["img"], page.tags["script"], page.tags["a"]), (0, 1, 1))
        self.assertNotIn("onerror", page.attributes)
        self.assertIn("</script><img src=x onerror=alert(1)>", "".join(page.text))
        comment = self.compare("base", "new", "--format", "markdown").out
        self.assertNotIn("<img", re.sub(r"`+[^`\n]*`+", "", comment).replace("&lt;img", ""))
        self.assertNotRegex(comment, r"[^`\w]@someone\b(?!&)(?![^|\n]*`)")
        document = self.compare_json("base", "new", 1)
        self.assertIn(HOSTILE, {run["adapter"] for run in document["new"]["runs"]})

    def test_a_comment_holds_to_its_form_as_sites_read_it(self):
        comment = kit.write(self.path("comment.md"), self.compare("base", "new", "--format", "markdown").out)
        done = kit.run("-e", "table", "-e", "autolink", "-e", "strikethrough", "--unsafe", comment, program="cmark-gfm")
        page = Elements()
        page.feed(done.out)
        self.assertEqual((page.tags["img"], page.tags["script"], page.tags["a"]), (0, 0, 0))
        self.assertEqual(page.tags["h2"], 1)
        self.assertGreaterEqual(page.tags["table"], 4)
        self.assertNotIn("onerror", page.attributes)
        self.assertEqual({len(re.findall("<t[dh]", row)) for row in re.findall("<tr>.*?</tr>", done.out, re.DOTALL)}, {2, 3, 4, 6})

    def test_a_comment_is_short_however_much_there_is_to_say(self):
        comment = self.compare("base", "new", "--format", "markdown").out
        self.assertLessEqual(len(comment.encode()), 60000)
        self.assertTrue(comment.startswith("## WORSE\n"))
        self.assertEqual(comment.count("<details>"), comment.count("</details>"))


class HistoryTest(CompareTest):
    def setUp(self):
        super().setUp()
        for night, adapter in (("01", "golden"), ("02", "golden"), ("03", "liar:caches-reads"), ("04", "golden"),
                               ("05", "liar:drops-every-third-write"), ("06", "liar:drops-every-third-write")):
            self.make(f"nights/2026-01-{night}", adapter)

    def test_what_fails_is_told_since_when_and_what_had_changed(self):
        document = self.history("nights", 0)
        self.assertEqual([run["label"] for run in document["runs"]], [f"2026-01-{night:02}" for night in range(1, 7)])
        newest = kit.read_results(self.path("nights", "2026-01-06"))
        broken = {course["name"]: course for course in document["cases"] if course["fails"]}
        self.assertEqual(set(broken), {case["name"] for case in newest.cases if case["verdict"] == "fail"})
        middle = kit.read_results(self.path("nights", "2026-01-03"))
        for name, course in broken.items():
            self.assertEqual((course["last_good"], course["first_bad"]), ("2026-01-04", "2026-01-05"))
            self.assertEqual(set(course["changed"]), {"adapter", "adapter_digest", "name"})
        mended = {course["name"]: course for course in document["cases"] if not course["fails"]}
        self.assertEqual(set(mended), {case["name"] for case in middle.cases if case["verdict"] == "fail"} - set(broken))
        for course in mended.values():
            self.assertEqual((course["last_bad"], course["first_good"], course["flickers"]), ("2026-01-03", "2026-01-04", 0))
        failing = {name for name, row in newest.footer["requirements"].items() if row["verdict"] == "fail"}
        self.assertEqual({course["name"] for course in document["requirements"] if course["fails"]}, failing)

    def test_the_exit_code_is_of_the_newest_run_and_the_one_before(self):
        self.history("nights", 0)
        shutil.rmtree(self.path("nights", "2026-01-06"))
        self.history("nights", 1)
        self.assertEqual(self.run_program("compare", "--history", "nights").code, 1)
        for night in range(1, 5):
            shutil.rmtree(self.path("nights", f"2026-01-{night:02}"))
        document = self.history("nights", 2)
        self.assertTrue(all(course["last_good"] is None for course in document["cases"]))
        for form in FORMATS:
            done = self.run_program("compare", "--history", "nights", "--format", form)
            self.assertEqual((done.code, done.err), (2, ""))

    def test_a_torn_run_among_them_is_shown_and_no_results_file_is_refused(self):
        content = self.results_bytes("nights/2026-01-06")
        kit.write(self.path("nights", "2026-01-06", "results.jsonl"), content[:len(content) // 2])
        document = self.history("nights", 2)
        self.assertEqual([run["sealed"] for run in document["runs"]], 5 * [True] + [False])
        kit.write(self.path("nights", "2026-01-07.jsonl"), "no results\n")
        self.assert_fault(self.run_program("compare", "--history", "nights"), "nights/2026-01-07.jsonl:1: ")

    def test_a_page_of_a_report_takes_the_history(self):
        newest = self.path("nights", "2026-01-06", "results.jsonl")
        plain = self.run_program("report", newest, "--format", "html")
        done = self.run_program("report", newest, "--format", "html", "--history", "nights")
        self.assertEqual(done.code, plain.code)
        self.assertNotIn("2026-01-03", plain.out)
        for night in range(1, 7):
            self.assertIn(f"2026-01-{night:02}", done.out)
        self.assert_fault(self.run_program("report", newest, "--history", "nowhere"), "nowhere")


if __name__ == "__main__":
    unittest.main()
