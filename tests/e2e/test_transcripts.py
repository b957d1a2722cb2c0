# SPDX-License-Identifier: MIT
"""What was said in every case is kept, and from it each verdict is given again without the implementation: for whole runs by
check, for one failure by its bundle. What does not fit the recording is told, never taken for a pass."""

import glob
import json
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

PLAYED = ("pass", "fail", "inconclusive", "error")


class TranscriptTest(kit.Test):
    def transcripts(self, out="out"):
        with open(self.path(out, "transcripts.jsonl"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def write_transcripts(self, lines, out="out"):
        kit.write(self.path(out, "transcripts.jsonl"), "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))

    def check(self, *options, out="out"):
        return self.run_program("check", self.path(out, "results.jsonl"), *options)


class RunTest(TranscriptTest):
    def test_every_verdict_of_every_kind_of_adapter_is_given_again(self):
        adapters = [("golden", kit.CONFORMS), ("golden-blocking", kit.CONFORMS), ("variant:lifo", kit.CONFORMS), (kit.SERVED, kit.CONFORMS),
                    ("liar:caches-reads", kit.VIOLATION), ("liar:never-returns-from-a-read-that-failed", kit.VIOLATION),
                    ("liar:crashes-at-a-reset-after-a-full-write", kit.VIOLATION),
                    ("liar:writes-one-byte-beyond-a-read-buffer", kit.VIOLATION)]
        for adapter, code in adapters:
            with self.subTest(adapter=adapter):
                _, results = self.certify(adapter, "--quiet", "--step-time", "300ms", code=code)
                header, *recorded = self.transcripts()
                self.assertEqual(header, results.header)
                played = [case["name"] for case in results.cases if case["verdict"] in PLAYED]
                self.assertEqual([line["name"] for line in recorded], played)
                done = self.check()
                self.assertEqual(done.code, code, done)
                self.assertIn(f"{len(played)} cases judged again from their transcripts, 0 otherwise than then; 0 have no", done.out)

    def test_transcripts_do_not_depend_on_the_number_of_workers(self):
        self.certify("golden", "--quiet", "--workers", "1", out="one")
        self.certify("golden", "--quiet", "--workers", "3", out="three")
        self.assertEqual(kit.read_bytes(self.path("one", "transcripts.jsonl")), kit.read_bytes(self.path("three", "transcripts.jsonl")))

    def test_the_seal_of_the_results_covers_the_transcripts(self):
        import hashlib
        _, results = self.certify("golden", "--quiet")
        digest = hashlib.sha256(kit.read_bytes(self.path("out", "transcripts.jsonl"))).hexdigest()
        self.assertEqual(results.footer["transcripts_sha256"], digest)


class ChangedTest(TranscriptTest):
    """Recordings that were touched."""

    CASE = "direct/every-read-asks-the-pf-again[block=0,length=8]"

    def setUp(self):
        super().setUp()
        self.select("golden", "direct/every-read-asks-the-pf-again", "--quiet", code=kit.CONFORMS)
        self.header, *self.lines = self.transcripts()

    def first(self, kind):
        line = next(line for line in self.lines if line["name"] == self.CASE)
        return line, next(event for event in line["events"] if event["event"] == kind)

    def judged(self, code, *words):
        self.write_transcripts([self.header, *self.lines])
        done = self.check()
        self.assertEqual(done.code, code, done)
        for word in words:
            self.assertIn(word, done.out)

    def test_untouched_it_conforms(self):
        self.judged(kit.CONFORMS, "0 otherwise than then")

    def test_other_bytes_from_the_implementation_are_a_violation(self):
        self.first("read_return")[1]["data"] = "00" * 8
        self.judged(kit.VIOLATION, f"CHANGED  {self.CASE}", "then  pass", "now   fail violation RD-0", "1 otherwise than then")

    def test_another_stimulus_is_no_recording_of_this_case(self):
        self.first("read")[1]["block"] = 1
        self.judged(kit.INCONCLUSIVE, f"CHANGED  {self.CASE}", "now   error diverged", "at event 3 of the recording: VF 0  read")

    def test_a_recording_that_ends_early_diverges(self):
        line, _ = self.first("read")
        del line["events"][5:]
        line["fences"] = [fence for fence in line["fences"] if fence <= 5]
        self.judged(kit.INCONCLUSIVE, "now   error diverged", "the recording ends")

    def test_a_recording_that_goes_on_diverges(self):
        line, event = self.first("read")
        line["events"].append(event)
        self.judged(kit.INCONCLUSIVE, "now   error diverged", "and now the case is over")

    def test_an_observation_after_the_end_of_the_case_is_judged(self):
        line, event = self.first("read_return")
        line["events"].append(event)
        self.judged(kit.VIOLATION, f"CHANGED  {self.CASE}", "now   fail violation")

    def test_a_crash_is_judged_as_one(self):
        line, _ = self.first("read")
        del line["events"][4:]
        line.update(failure="crash", detail="signal 11", fences=[])
        line["events"].append({"event": "crash"})
        self.judged(kit.VIOLATION, "now   fail crash")

    def test_a_missing_transcript_is_no_pass(self):
        del self.lines[1]
        self.judged(kit.INCONCLUSIVE, "1 have no transcript")

    def refused(self, lines, *words):
        self.write_transcripts([self.header, *lines])
        self.assert_fault(self.check(), "transcripts.jsonl:", *words)

    def test_what_is_no_transcript_is_refused_with_its_place(self):
        first, second = self.lines[:2]
        self.refused([second, first], ":3:", "out of order")
        self.refused([first, first], ":3:", "out of order")
        self.refused([{**first, "name": second["name"]}], ":2:", "another case")
        self.refused([{**first, "index": 10**6}], ":2:", "of no case")
        self.refused([{**first, "more": 1}], ":2:", '"more" is not a member')
        self.refused([{**first, "fences": [10**6]}], ":2:", "fences/0")
        self.refused([{**first, "fences": [3, 2]}], ":2:", "fences/1")
        self.refused([{**first, "failure": "none", "detail": ""}], ":2:", "failure")
        self.refused([{**first, "failure": "nonsense", "detail": ""}], ":2:", "failure")
        self.refused([{**first, "detail": "x"}], ":2:", "detail")
        self.refused([{**first, "exact_order": 1}], ":2:", "exact_order")
        self.refused([{**first, "events": [{"event": "no such"}]}], ":2:", "events/0")
        self.refused([[]], ":2:", "not a JSON object")
        self.header["seed"] = "0x2"
        self.refused(self.lines, ":1:", "not that of the results")

    def test_a_file_cut_anywhere_is_refused_or_lacks_cases(self):
        content = kit.read_bytes(self.path("out", "transcripts.jsonl"))
        for length in range(0, len(content), len(content) // 97 + 1):
            kit.write(self.path("out", "transcripts.jsonl"), content[:length])
            done = self.check()
            if length == 0 or content[length - 1:length] != b"\n":
                self.assert_fault(done, "transcripts.jsonl")
            else:
                self.assertEqual(done.code, kit.INCONCLUSIVE, done)

    def test_a_corpus_without_the_scenario_gives_no_verdict(self):
        corpus = self.path("corpus")
        shutil.copytree(kit.CORPUS, corpus, ignore=shutil.ignore_patterns("every-read-asks-the-pf-again.json"))
        done = self.check("--corpus", corpus)
        self.assertEqual(done.code, kit.INCONCLUSIVE, done)
        self.assertIn("0 cases judged again", done.out)

    def test_role_and_profile_are_those_of_the_run(self):
        self.assert_fault(self.check("--role", "stack"), "in the role and by the profile that it was made with")


class BundleTest(TranscriptTest):
    def bundles(self, out="out"):
        return sorted(glob.glob(self.path(out, "bundles", "*")))

    def replay(self, *arguments):
        return self.run_program("replay", *arguments)

    def test_each_finding_has_a_bundle_that_is_replayed_alone_and_with_the_implementation(self):
        done, results = self.certify("liar:caches-reads", code=kit.VIOLATION)
        blamed = sorted({case["requirement"] for case in results.cases if case["verdict"] == "fail"})
        self.assertEqual(sorted(os.path.basename(path)[4:9] for path in self.bundles()), blamed)
        for path in self.bundles():
            id_ = os.path.basename(path)[4:9]
            moved = shutil.move(path, self.path("elsewhere.json"))
            for adapter in ((), ("--adapter", "liar:caches-reads")):
                done = self.replay(moved, *adapter)
                self.assertEqual(done.code, kit.VIOLATION, done)
                self.assertRegex(done.out, rf"\nfail \(violation\) {id_}\nRecorded .*: fail {id_}\. The verdict is the same, and so are all \d+ events\.\n$")
            done = self.replay(moved, "--adapter", "golden")
            self.assertEqual(done.code, kit.CONFORMS, done)
            self.assertRegex(done.out, r"\^ DIFFERS from the recording, which has: ")
            self.assertRegex(done.out, r"\npass\nRecorded .* The verdict is ANOTHER one; what was said differs from event \d+ on\.\n$")

    def test_a_crash_a_hang_and_an_overrun_are_replayed_from_their_bundles(self):
        for liar, cause in (("crashes-at-a-reset-after-a-full-write", "crash"), ("never-returns-from-a-read-that-failed", "violation"),
                            ("writes-one-byte-beyond-a-read-buffer", "violation")):
            with self.subTest(liar=liar):
                self.certify(f"liar:{liar}", "--quiet", "--step-time", "300ms", code=kit.VIOLATION)
                for path in self.bundles():
                    done = self.replay(path)
                    self.assertEqual(done.code, kit.VIOLATION, done)
                    self.assertIn(f"\nfail ({cause})", done.out)
                    self.assertIn("The verdict is the same, and so are all", done.out)

    def test_a_later_run_removes_the_bundles_of_an_earlier_one(self):
        self.certify("liar:caches-reads", "--quiet")
        self.assertNotEqual(self.bundles(), [])
        kit.write(self.path("out", "bundles", "mine.txt"), "")
        self.certify("golden", "--quiet")
        self.assertEqual([os.path.basename(path) for path in self.bundles()], ["mine.txt"])

    def test_any_case_of_a_run_is_replayed_from_its_transcript(self):
        _, results = self.select("golden", "direct/every-read-asks-the-pf-again", "--quiet")
        done = self.replay(self.path("out", "results.jsonl"), results.cases[0]["name"])
        self.assertEqual(done.code, kit.CONFORMS, done)
        self.assertIn("\npass\nRecorded", done.out)
        os.remove(self.path("out", "transcripts.jsonl"))
        done = self.replay(self.path("out", "results.jsonl"), results.cases[0]["name"])
        self.assert_fault(done, "transcripts.jsonl")

    def test_a_bundle_that_is_not_whole_is_refused(self):
        self.certify("liar:caches-reads", "--quiet")
        path = self.bundles()[0]
        content = kit.read_bytes(path)
        bundle = json.loads(content)

        def refused(changes, *words):
            kit.write(path, json.dumps({key: value for key, value in {**bundle, **changes}.items() if value != "gone"}))
            self.assert_fault(self.replay(path), os.path.basename(path), *words)

        refused({"bundle": 2}, "bundle: 1 is wanted")
        refused({"more": 1}, '"more" is not a member')
        refused({"header": "gone"}, "header")
        refused({"case": bundle["header"]}, "case")
        refused({"states": ["xyz"]}, "/states/0")
        refused({"states": "gone"}, "states")
        refused({"scenario": {**bundle["scenario"], "text": "{}"}}, "")
        refused({"transcript": {**bundle["transcript"], "index": 1 + bundle["transcript"]["index"]}}, "another case")
        refused({"transcript": None}, "nothing is recorded")
        for length in range(0, len(content) - 2, len(content) // 61 + 1):
            kit.write(path, content[:length])
            self.assertNotIn(self.replay(path).code, (kit.CONFORMS, kit.VIOLATION), length)

    def test_the_first_event_and_state_that_differ_are_named(self):
        self.certify("liar:caches-reads", "--quiet")
        path = self.bundles()[0]
        bundle = json.loads(kit.read_bytes(path))
        bundle["states"][1] = "0" * 32
        kit.write(path, json.dumps(bundle))
        done = self.replay(path)
        self.assertIn("other states than the one that judged then, from rest 1 on", done.out)
        reads = [event for event in bundle["transcript"]["events"] if event["event"] == "read"]
        reads[0]["length"] += 1
        kit.write(path, json.dumps(bundle))
        done = self.replay(path)
        self.assertEqual(done.code, kit.INCONCLUSIVE, done)
        self.assertIn("error (diverged): at event 3 of the recording: VF 0  read", done.out)


if __name__ == "__main__":
    unittest.main()
