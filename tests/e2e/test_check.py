# SPDX-License-Identifier: MIT
"""`check` judges recorded traces, `replay` and `report` go back to a results file."""

import json
import unittest

import kit

HEADER = {"trace": 1, "role": "bus", "vfs": 1, "capabilities": ["direct", "ioctl", "invalidate"], "profile": "default"}
START = {"event": "start", "vf": 0}
READ = {"event": "read", "vf": 0, "request": 0, "block": 7, "length": 4}
ASKED = {"event": "pf_read", "call": 1, "vf": 0, "block": 7, "length": 4}
ANSWERED = {"event": "pf_read_return", "call": 1, "status": "SUCCESS", "data": "01020304"}
RETURNED = {"event": "read_return", "request": 0, "status": "SUCCESS", "data": "01020304"}
REST = {"event": "rest"}


class CheckTest(kit.Test):
    def check(self, *events, header=HEADER):
        lines = [line if isinstance(line, str) else json.dumps(line) for line in (header, *events)]
        return self.run_program("check", kit.write(self.path("trace.jsonl"), "".join(f"{line}\n" for line in lines)))

    def test_a_good_trace_conforms(self):
        done = self.check(START, READ, ASKED, ANSWERED, RETURNED, REST)
        self.assertEqual(done.code, kit.CONFORMS, done)
        self.assertIn("CONFORMS", done.out)

    def test_a_violation_is_named_with_its_line(self):
        done = self.check(START, READ, ASKED, ANSWERED, {**RETURNED, "data": "01020305"}, REST)
        self.assertEqual(done.code, kit.VIOLATION, done)
        self.assertIn("RD-02", done.out)
        self.assertIn("line 6", done.out)

    def test_silence_is_a_violation(self):
        done = self.check(START, READ, ASKED, ANSWERED, REST)
        self.assertEqual(done.code, kit.VIOLATION, done)
        self.assertIn("DC-12", done.out)

    def test_a_warning_does_not_change_the_verdict(self):
        invalidate = {"event": "ioctl", "vf": 0, "request": 1, "code": "INVALIDATE_BLOCK", "input_length": 8,
                      "output_length": 0, "data": "00" * 8}
        done = self.check(START, invalidate, {"event": "ioctl_return", "request": 1, "status": "PENDING"},
                          {"event": "pf_invalidate", "vf": 0, "mask": "0x1"},
                          {"event": "ioctl_complete", "request": 1, "status": "SUCCESS", "information": 8, "mask": "0x1"},
                          REST)
        self.assertEqual(done.code, kit.CONFORMS, done)
        self.assertIn("WARNING", done.out)
        self.assertIn("IV-03", done.out)

    def test_a_trace_that_shows_nothing_is_inconclusive(self):
        for events in ((), (START,)):
            with self.subTest(events=events):
                self.assertEqual(self.check(*events).code, kit.INCONCLUSIVE)

    def test_mistakes_are_reported_with_file_and_line(self):
        for number, line in enumerate(('{"event":"read"', '{"event":"reed"}', '{"event":"rest","vf":0}', '{"event":"read","vf":0}',
                                       '{"event":"read","vf":65536,"request":0,"block":0,"length":0}', "[]", "")):
            with self.subTest(number=number):
                self.assert_fault(self.check(START, line), "trace.jsonl:3:")
        self.assert_fault(self.check(header={**HEADER, "role": "king"}), "trace.jsonl:1:")
        self.assert_fault(self.check(header={**HEADER, "profile": "none"}), "trace.jsonl:1:")
        self.assert_fault(self.run_program("check", self.path("nowhere")), "nowhere")

    def test_the_trace_of_a_failed_case_gives_the_same_verdict(self):
        for liar in ("caches-reads", "overwrites-the-mask-instead-of-adding", "drops-every-third-write"):
            with self.subTest(liar=liar):
                _, results = self.certify(f"liar:{liar}", "--quiet", code=kit.VIOLATION)
                failed = next(case for case in results.cases if case["verdict"] == "fail")
                vfs = 1 + max(event.get("vf", 0) for event in failed["trace"] if event.get("vf") != 65535)
                header = {**HEADER, "vfs": vfs, "capabilities": results.header["capabilities"]}
                done = self.check(*failed["trace"], header=header)
                self.assertEqual(done.code, kit.VIOLATION, done)
                self.assertIn(failed["requirement"], done.out)


class ReplayTest(kit.Test):
    def test_a_failed_case_is_played_again_event_by_event(self):
        self.certify("liar:caches-reads", "--quiet", code=kit.VIOLATION)
        done = self.run_program("replay", self.path("out", "results.jsonl"), "--adapter", "liar:caches-reads")
        self.assertEqual(done.code, kit.VIOLATION, done)
        self.assertIn("VIOLATION PF-10", done.out)
        self.assertIn("allowed:", done.out)
        self.assertEqual(self.run_program("replay", self.path("out", "results.jsonl"), "--adapter", "golden").code,
                         kit.CONFORMS)

    def test_a_scenario_file_is_played(self):
        file = f"{kit.CORPUS}/scenarios/direct/a-read-returns-the-bytes-of-the-pf.json"
        done = self.run_program("replay", file, "--adapter", "golden")
        self.assertEqual(done.code, kit.CONFORMS, done)
        self.assertIn("pf_read", done.out)

    def test_what_is_not_there_is_named(self):
        self.certify("golden", "--quiet", code=kit.CONFORMS)
        results = self.path("out", "results.jsonl")
        self.assert_fault(self.run_program("replay", results, "--adapter", "golden"), "no case of it failed")
        self.assert_fault(self.run_program("replay", results, "no/such[case]", "--adapter", "golden"), "no/such[case]")

    def test_reports_are_rendered_from_the_file(self):
        self.certify("liar:caches-reads", "--quiet", code=kit.VIOLATION)
        for name, file in (("junit", "junit.xml"), ("markdown", "summary.md")):
            done = self.run_program("report", self.path("out", "results.jsonl"), "--format", name)
            self.assertEqual(done.code, kit.VIOLATION, done.err)
            self.assertEqual(done.out.encode(), kit.read_bytes(self.path("out", file)))
        self.assertIn("PF-10", self.run_program("report", self.path("out", "results.jsonl")).out)


if __name__ == "__main__":
    unittest.main()
