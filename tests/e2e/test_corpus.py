# SPDX-License-Identifier: MIT
"""tests/e2e/test_corpus.py - holds the corpus to its schemas, to the tables of the C headers and to itself.

Needs no build: the corpus is data, so it is checked as data, by a reader that shares nothing with the kit's loader.
The tables (requirements, events, capabilities, NTSTATUS) are read from the X-macros of models/*.h, the one place where
they are written down. VPCI_CORPUS may name another corpus folder to check.
"""
import functools
import itertools
import json
import os
import pathlib
import re
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = pathlib.Path(os.environ.get("VPCI_CORPUS", ROOT / "corpus"))
SCENARIOS = CORPUS / "scenarios"
BINDS = {"PROVIDER": "provider", "PF": "pf", "CLIENT": "client", "VSC": "wire-vsc", "VSP": "wire-vsp"}
SURFACES = {"interface", "direct", "ioctl-read", "ioctl-write", "invalidate", "lifecycle", "wdm", "isolation", "stack",
            "refusal"}
SENT_BY_THE_KIT = {"start", "surprise_remove", "reset", "low_resources", "query_interface", "reference", "dereference",
                   "read", "write", "ioctl", "cancel", "input_change", "pf_invalidate", "pf_read_return",
                   "pf_write_return"}
CASES_MIN, CASES_MAX = 5000, 7500
CASE_STEPS_MAX = 4096   # VPCI_CASE_STEPS_MAX of harness/scenario.h
EVENT_DATA_MAX = 512    # VPCI_EVENT_DATA_BYTES_MAX of models/event.h
REQUESTS_MAX = 64       # VPCI_REQUESTS_MAX of models/event.h
VF_ALL = 0xFFFF         # VPCI_VF_ALL of models/protocol.h
COMBINATIONS_MAX = 3000  # of one scenario that are looked at one by one
STRENGTH = {"pairs": 2, "triples": 3}


def rows(header, macro):
    """The argument lists of an X-macro table, comments and line continuations removed."""
    text = (ROOT / header).read_text()
    body = re.search(r"#define %s\(X\)(.*?)\n\n" % macro, text.replace("\\\n", " \n"), re.S).group(1)
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
    found = re.findall(r"\bX\(((?:[^()]|\([^()]*\))*)\)", body)
    return [[argument.strip() for argument in row.split(",")] for row in found]


REQUIREMENTS = {"%s-%s" % (row[0], row[1]): (row[2], BINDS[row[3]])
                for row in rows("models/requirement.h", "VPCI_REQUIREMENTS")}
CAPABILITIES = [row[1].strip('"') for row in rows("models/capability.h", "VPCI_CAPABILITIES")]
ROLES = [row[1].strip('"') for row in rows("models/capability.h", "VPCI_ROLES")]
STATUSES = [row[0] for row in rows("models/protocol.h", "VPCI_NTSTATUS_LIST")]
FIELDS = {row[0]: row[1].strip('"') for row in rows("models/event.h", "VPCI_FIELDS")}
EVENTS = {row[1].strip('"'): [{FIELDS[name] for name in re.findall(r"VPCI_F\((\w+)\)", row[place])} for place in (5, 6)]
          for row in rows("models/event.h", "VPCI_EVENTS")}  # kind: required and optional members


def refuse_twins(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a member is there twice: %s" % names)
    return dict(pairs)


def load(path):
    return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=refuse_twins)


def schema(name):
    """A validator for corpus/schemas/NAME.schema.json; references to its neighbours are followed in that folder."""
    document = load(CORPUS / "schemas" / (name + ".schema.json"))
    jsonschema.Draft202012Validator.check_schema(document)
    folder = (CORPUS / "schemas").resolve()
    neighbours = {path.as_uri(): load(path) for path in folder.glob("*.json")}
    resolver = jsonschema.RefResolver((folder / (name + ".schema.json")).as_uri(), document, store=neighbours)
    return jsonschema.Draft202012Validator(document, resolver=resolver)


SUITE = {str(path.relative_to(SCENARIOS))[:-len(".json")]: load(path) for path in sorted(SCENARIOS.rglob("*.json"))}


def flat(scenario):
    """All steps, those of repeats once."""
    for step in scenario["steps"]:
        yield from step.get("steps", [step])


def values(parameter):
    if isinstance(parameter, dict):
        return list(range(parameter["from"], parameter["to"] + 1, parameter.get("step", 1)))
    return parameter


def case_count(scenario):
    """Exact for all combinations; for a covering array the least that any such array can have."""
    counts = sorted((len(values(parameter)) for parameter in scenario.get("vary", {}).values()), reverse=True)
    total = 1
    for count in counts[:STRENGTH.get(scenario.get("cover"), len(counts))]:
        total *= count
    return total


def number(value):
    return int(value, 16) if isinstance(value, str) and value.lower().startswith("0x") else value


def fill_in(value, parameters):
    """The value with parameters filled in, as docs/scenarios.md says."""
    if isinstance(value, dict):
        return {name: fill_in(member, parameters) for name, member in value.items()}
    if isinstance(value, list):
        return [fill_in(member, parameters) for member in value]
    if not (isinstance(value, str) and value.startswith("$")):
        return value
    name, member, offset = re.fullmatch(r"\$(\w+)(?:\.(\w+))?([+-]\d+)?", value).groups()
    found = parameters[name]
    found = found[member] if member else found
    return number(found) + int(offset) if offset else found


def names_used(value):
    return {match for match in re.findall(r'"\$(\w+)', json.dumps(value))}


def combinations(scenario):
    """Every combination where there are few enough, else enough of them to show each value of each parameter."""
    vary = {name: values(parameter) for name, parameter in scenario.get("vary", {}).items()}
    total = 1
    for parameter in vary.values():
        total *= len(parameter)
    if total <= COMBINATIONS_MAX:
        for chosen in itertools.product(*vary.values()):
            yield dict(zip(vary, chosen))
        return
    for turn in range(max(len(parameter) for parameter in vary.values())):
        yield {name: parameter[turn % len(parameter)] for name, parameter in vary.items()}


def each_scenario(test):
    """Makes a test of one scenario a test of all, each reported by its name."""
    @functools.wraps(test)
    def test_all(self):
        for name, scenario in SUITE.items():
            with self.subTest(name):
                test(self, name, scenario)
    return test_all


class Catalogue(unittest.TestCase):
    def setUp(self):
        self.catalogue = load(CORPUS / "requirements.json")

    def test_is_valid(self):
        schema("requirements").validate(self.catalogue)

    def test_is_complete_and_in_the_order_of_the_header(self):
        self.assertEqual(len(REQUIREMENTS), 165)
        self.assertEqual([row["id"] for row in self.catalogue["requirements"]], list(REQUIREMENTS))

    def test_levels_and_binds_are_those_of_the_header(self):
        for row in self.catalogue["requirements"]:
            self.assertEqual((row["level"], row["binds"]), REQUIREMENTS[row["id"]], row["id"])

    def test_statements_are_sentences_of_their_own(self):
        statements = [row["statement"] for row in self.catalogue["requirements"]]
        self.assertEqual(len(set(statements)), len(statements))
        for statement in statements:
            self.assertRegex(statement, r"^[A-Z0-9].*\.$")

    def test_what_binds_others_is_not_claimed_to_be_seen(self):
        for row in self.catalogue["requirements"]:
            if row["binds"] != "provider":
                self.assertIn("not_observable", row, row["id"])

    def test_each_observable_requirement_has_a_scenario(self):
        listed = {id for scenario in SUITE.values() for id in scenario.get("requirements", [])}
        seen = {row["id"] for row in self.catalogue["requirements"] if "observed" in row}
        self.assertEqual(sorted(seen - listed), [])
        self.assertEqual(sorted(listed - seen), [], "listed although the catalogue says nobody can see it")


class Schemas(unittest.TestCase):
    def test_event_schemas_follow_the_table_of_events(self):
        variants = load(CORPUS / "schemas" / "trace.schema.json")["$defs"]["event"]["oneOf"]
        written = {variant["properties"]["event"]["const"]: [set(variant["required"]) - {"event"}, set(
            variant["properties"]) - {"event"} - set(variant["required"])] for variant in variants}
        self.assertEqual(written, EVENTS)
        variants = load(CORPUS / "schemas" / "scenario.schema.json")["$defs"]["stimulus"]["oneOf"]
        self.assertEqual({variant["properties"]["event"]["const"] for variant in variants}, SENT_BY_THE_KIT)
        for variant in variants:
            required, optional = EVENTS[variant["properties"]["event"]["const"]]
            self.assertLessEqual(required | optional, set(variant["properties"]))

    def test_lists_of_names_follow_the_tables(self):
        for name in ("scenario", "trace", "results"):
            text = json.dumps(load(CORPUS / "schemas" / (name + ".schema.json")))
            self.assertIn(json.dumps(CAPABILITIES), text, name)
            self.assertIn(json.dumps(ROLES), text, name)
        for name in ("scenario", "trace"):
            text = json.dumps(load(CORPUS / "schemas" / (name + ".schema.json")))
            self.assertIn(json.dumps(STATUSES), text, name)
        text = json.dumps(load(CORPUS / "schemas" / "results.schema.json"))
        for macro in ("VPCI_CASE_VERDICTS", "VPCI_REQUIREMENT_VERDICTS"):
            self.assertIn(json.dumps([row[1].strip('"') for row in rows("harness/result.h", macro)]), text)

    def test_trace_lines(self):
        check = schema("trace")
        header = {"trace": 1, "role": "bus", "vfs": 2, "capabilities": ["ioctl"], "profile": "default"}
        event = {"event": "pf_invalidate", "vf": 0, "mask": "0x8000000000000000"}
        for line in (header, event, {"event": "rest"}, {"event": "read_return", "request": 1, "status": "SUCCESS"}):
            check.validate(line)
        for line in ({**header, "trace": 2}, {**header, "role": "host"}, {**header, "vfs": 17}, {**event, "block": 1},
                     {**event, "mask": "0x10000000000000000"}, {"event": "reed"}, {"event": "read_return", "request": 1},
                     {"event": "read_return", "request": 1, "status": "FINE"}, {**header, "event": "rest"}, []):
            self.assertFalse(check.is_valid(line), line)

    def test_result_lines(self):
        check = schema("results")
        digest = "0" * 64
        header = {"record": "header", "format": 2, "kit": "0.1.0", "adapter": "golden", "name": "golden", "version": "1",
                  "roles": ["bus"], "capabilities": [], "role": "bus", "profile": "default", "seed": "0x1", "cases": 1,
                  "suite_digest": digest, "requirements_digest": digest, "adapter_digest": "", "selection": "",
                  "model_digest": digest, "runner_digest": digest, "profile_digest": digest,
                  "errata": {"digest": digest, "entries": []}, "expect": None, "scenarios": {"direct/a": digest}}
        dispute = {"scenario": "direct/a", "state": "contested", "text": "t", "date": "2026-01-31"}
        expectation = {"cases": "direct/a", "reason": "r", "owner": "o", "issue": "i", "expires": "2027-01-31", "verdict": "fail"}
        expect = {"digest": digest, "date": "2026-11-21", "entries": [expectation]}
        marked = {**header, "errata": {"digest": digest, "entries": [dispute]}, "expect": expect}
        case = {"record": "case", "index": 0, "name": "direct/a[length=1]", "scenario": "direct/a", "verdict": "pass",
                "exercised": ["RD-01"]}
        finding = {"verdict": "violation", "requirement": "RD-02", "reason": "other bytes", "event": 4}
        failed = {**case, "verdict": "fail", "cause": "violation", "requirement": "RD-02", "finding": finding,
                  "trace": [{"event": "rest"}]}
        counts = dict.fromkeys(("pass", "fail", "inconclusive", "error", "not_applicable", "skipped"), 0)
        expected = dict.fromkeys(("as_expected", "fails_otherwise", "unexpected_pass", "expired", "stale"), 0)
        row = {"verdict": "pass", "exercised": 1, "failed": 0, "warned": 0}
        footer = {"record": "footer", "verdict": "conforms", "cases": counts, "disputed": 0, "cases_with_warnings": 0,
                  "expected": expected, "requirements": {"RD-01": row}, "transcripts_sha256": "", "sha256": digest}
        probed = {**row, "verdict": "not_applicable", "probed": True}
        for line in (header, marked, case, failed, {**failed, "warnings": [{**finding, "verdict": "warning"}]}, footer,
                     {**failed, "expected": {"state": "as_expected", "entry": 0}}, {**failed, "dispute": "withdrawn"},
                     {**case, "probe": True}, {**footer, "verdict": "as_expected"},
                     {**footer, "requirements": {"RD-01": probed}}, {**footer, "transcripts_sha256": digest}):
            check.validate(line)
        for line in ({**header, "format": 1}, {**header, "expect": {}}, {**header, "errata": []}, {**header, "model_digest": ""},
                     {**marked, "expect": {**expect, "date": "today"}},
                     {**marked, "expect": {**expect, "entries": [{**expectation, "verdict": "pass"}]}},
                     {**marked, "errata": {"digest": digest, "entries": [{**dispute, "state": "settled"}]}},
                     {**case, "expected": {"state": "as_expected"}}, {**case, "dispute": ""}, {**case, "probe": False},
                     {**footer, "requirements": {"RD-01": {**row, "probed": True}}}, {**footer, "expected": {}},
                     {**footer, "transcripts_sha256": "0"}, {**header, "suite_digest": ""}, {**case, "verdict": "passed"},
                     {**case, "finding": finding}, {**case, "exercised": ["RD-1"]}, {**case, "elapsed": 3},
                     {**failed, "trace": [{"event": "reed"}]}, {**footer, "cases": {}}, {**footer, "verdict": "pass"},
                     {**footer, "sha256": "0" * 63}, {"record": "note"}):
            self.assertFalse(check.is_valid(line), line)

    def test_transcript_lines(self):
        check = schema("transcripts")
        line = {"index": 0, "name": "direct/a", "exact_order": True, "fences": [0, 1], "events": [{"event": "rest"}]}
        failed = {**line, "failure": "crash", "detail": "signal 6"}
        for good in (line, failed, {**line, "fences": [], "events": []}):
            check.validate(good)
        for bad in ({**line, "index": -1}, {**line, "exact_order": 1}, {**line, "failure": "crash"}, {**line, "detail": ""},
                    {**failed, "failure": "none"}, {**line, "fences": [-1]}, {**line, "events": [{"event": "reed"}]},
                    {**line, "verdict": "pass"}, {"record": "case"}, {}):
            self.assertFalse(check.is_valid(bad), bad)

    def test_expectations_and_disputes(self):
        entry = {"cases": "direct/*", "verdict": "fail", "requirement": "RD-01", "cause": "violation", "reason": "r",
                 "owner": "o", "issue": "i", "expires": "2028-02-29"}
        check = schema("expectations")
        for good in ([], [entry], [{**entry, "expires": "0001-01-01"}]):
            check.validate({"format": 1, "expectations": good})
        for bad in ({**entry, "verdict": "pass"}, {**entry, "verdict": "error"}, {**entry, "owner": " "}, {**entry, "more": 1},
                    {**entry, "cases": "*" * 513}, {**entry, "expires": "2027-02-30"}, {**entry, "expires": "0000-01-01"},
                    {**entry, "expires": "2027-1-1"}, *({k: v for k, v in entry.items() if k != name}
                                                        for name in ("cases", "verdict", "reason", "owner", "issue", "expires"))):
            self.assertFalse(check.is_valid({"format": 1, "expectations": [bad]}), bad)
        dispute = {"scenario": "direct/a", "state": "withdrawn", "text": "t", "date": "2026-01-31"}
        check = schema("disputes")
        check.validate({"format": 1, "disputes": [dispute]})
        check.validate(load(CORPUS / "disputes.json"))
        for bad in ({**dispute, "state": ""}, {**dispute, "text": ""}, {**dispute, "date": ""}, {**dispute, "by": "me"}):
            self.assertFalse(check.is_valid({"format": 1, "disputes": [bad]}), bad)

    def test_mistakes_in_scenarios_are_refused(self):
        check = schema("scenario")
        step = {"event": "read", "block": 1, "length": 1}
        good = {"purpose": "A scenario that is here to be spoilt.", "requirements": ["RD-01"], "steps": [step]}
        check.validate(good)
        probe = {"purpose": "A scenario that tries what is not claimed.", "refuses": "direct", "steps": [step]}
        check.validate(probe)
        for spoilt in ({**good, "refuses": "direct"}, {**probe, "refuses": "settle"}, {**probe, "refuses": ["direct"]},
                       {"purpose": probe["purpose"], "steps": [step]}, {**good, "titel": ""}, {**good, "requirements": []}, {**good, "steps": []},
                       {**good, "steps": [{**step, "bloc": 1}]}, {**good, "steps": [{**step, "block": -1}]},
                       {**good, "steps": [{**step, "block": "0x100000000"}]}, {**good, "steps": [{"event": "rest"}]},
                       {**good, "steps": [{**step, "answer": "all"}]}, {**good, "steps": [{"answer": "last"}]},
                       {**good, "steps": [{"repeat": 2, "steps": [{"repeat": 2, "steps": [step]}]}]},
                       {**good, "steps": [{"expect": {"event": "read_return"}}]}, {**good, "cover": "most"},
                       {**good, "vary": {"length": []}}, {**good, "device": {"vfs": 17}}, {**good, "pf": {"answer": "no"}}):
            self.assertFalse(check.is_valid(spoilt), spoilt)


class Scenarios(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.whole = schema("scenario")
        cls.step = cls.whole.evolve(schema={"$ref": "#/$defs/plain_step"})

    @each_scenario
    def test_is_valid(self, name, scenario):
        errors = ["/%s: %s" % ("/".join(map(str, error.absolute_path)), error.message[:200])
                  for error in self.whole.iter_errors(scenario)]
        self.assertEqual(errors, [])

    @each_scenario
    def test_is_named_after_its_behaviour(self, name, scenario):
        self.assertRegex(name, r"^[a-z]+(-[a-z]+)*/[a-z0-9]+(-[a-z0-9]+){2,}$")

    def test_surfaces_are_those_planned_and_hold_scenarios_only(self):
        self.assertEqual({name.split("/")[0] for name in SUITE}, SURFACES)
        self.assertEqual({path.suffix for path in SCENARIOS.rglob("*") if path.is_file()}, {".json"})

    @each_scenario
    def test_names_requirements_that_exist(self, name, scenario):
        blamed = {step["requirement"] for step in flat(scenario) if "requirement" in step}
        self.assertLessEqual(set(scenario.get("requirements", [])) | blamed, set(REQUIREMENTS))

    @each_scenario
    def test_is_there_for_requirements_or_is_a_probe(self, name, scenario):
        self.assertNotEqual("requirements" in scenario, "refuses" in scenario)
        self.assertEqual("refuses" in scenario, name.startswith("refusal/"))

    @each_scenario
    def test_uses_each_parameter_and_no_other(self, name, scenario):
        self.assertEqual(names_used(scenario["steps"]), set(scenario.get("vary", {})))
        self.assertEqual(names_used({**scenario, "steps": []}), set(), "parameters stand in steps only")

    @each_scenario
    def test_gives_each_case_a_name_of_its_own(self, name, scenario):
        for parameter in scenario.get("vary", {}).values():
            labels = [value.get("name") if isinstance(value, dict) else str(value) for value in values(parameter)]
            self.assertNotIn(None, labels)
            self.assertEqual(len(set(labels)), len(labels))
            for label in labels:
                self.assertRegex(label, r"^[^\s\[\],=*?]{1,64}$")

    def test_together_have_the_planned_size(self):
        total = sum(case_count(scenario) for scenario in SUITE.values())
        self.assertGreaterEqual(total, CASES_MIN)
        self.assertLessEqual(total, CASES_MAX)

    @each_scenario
    def test_expands_to_steps_in_range(self, name, scenario):
        known = set()
        for parameters in combinations(scenario):
            for step in flat(fill_in(scenario, parameters)):
                text = json.dumps(step)
                if text not in known:
                    self.step.validate(step)
                    self.check_step(step, scenario)
                    known.add(text)

    def check_step(self, step, scenario):
        self.assertNotIn("$", json.dumps(step))
        self.assertLess(number(step.get("request", 0)) if "event" in step else 0, REQUESTS_MAX, step)
        vfs = scenario.get("device", {"vfs": 1})["vfs"]
        for member in ("vf", "context_vf"):
            vf = number(step.get(member, 0))
            self.assertTrue(vf < vfs or (step["event"] == "pf_invalidate" and vf == VF_ALL), step)
        if step.get("event") == "query_interface":
            self.assertLessEqual(number(step.get("size", 0)), EVENT_DATA_MAX, step)
        if step.get("event") == "ioctl" and "data" in step:
            claimed = min(number(step["input_length"]), EVENT_DATA_MAX)
            self.assertEqual(len(step["data"]) // 2, claimed, "raw data is as long as the claim")
        if step.get("event") == "ioctl" and "data" not in step:
            self.assertIn(step["code"], ("READ_BLOCK", "WRITE_BLOCK", "INVALIDATE_BLOCK"))
            self.assertEqual("length" in step, step["code"] != "INVALIDATE_BLOCK", step)

    @each_scenario
    def test_has_no_more_steps_than_a_case_may(self, name, scenario):
        steps = sum(step.get("repeat", 1) * len(step.get("steps", [step])) for step in scenario["steps"])
        self.assertLessEqual(steps, CASE_STEPS_MAX)

    @each_scenario
    def test_asks_a_stack_nothing_about_its_pf(self, name, scenario):
        if "stack" not in scenario.get("roles", ["bus"]):
            return
        self.assertNotIn("pf", scenario)
        for step in flat(scenario):
            kind = step.get("event") or step.get("expect", step.get("expect_none", {})).get("event", "answer")
            self.assertNotIn(kind, ("answer", "pf_read", "pf_write", "pf_read_return", "pf_write_return"))

    @each_scenario
    def test_claims_what_its_steps_do_not_show(self, name, scenario):
        claimed = scenario.get("capabilities", [])
        counts = any("count" in step for step in flat(scenario)) or "count" in scenario.get("pf", {})
        self.assertEqual(counts, "pf_count" in claimed)
        manual = scenario.get("start") == "manual"
        self.assertEqual(manual, any(step.get("event") == "start" for step in flat(scenario)))
        self.assertEqual(manual, "start" in claimed)

    @each_scenario
    def test_answers_only_where_the_pf_holds(self, name, scenario):
        answers = any("answer" in step for step in flat(scenario))
        self.assertFalse(answers and scenario.get("pf", {}).get("answer") != "hold")


if __name__ == "__main__":
    unittest.main()
