# SPDX-License-Identifier: MIT
"""Nothing of a certificate or beside it can be changed unnoticed, a signature under results that deserve none is no way around it, and
a kit that went on judges again."""

import base64
import collections
import copy
import json
import os
import random
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certificates  # noqa: E402
import kit  # noqa: E402
from certificates import DATE, encode, payload_of, records_of, resource, sha256  # noqa: E402

SEED = 20240301

class TamperedTest(certificates.Test):
    """Whatever is changed is noticed, and named."""

    def test_every_kind_of_byte_of_the_certificate(self):
        chance = random.Random(SEED)
        size, sig = len(self.certificate), self.certificate.index(b'"signatures"')
        structure = {at for at in range(size) if self.certificate[at:at + 1] in b'{}[]":,\n'}
        places = sorted(structure | set(range(0, 60)) | set(range(sig, size)) | set(range(60, sig, 61)))
        self.assertGreater(len(places), 300)
        outcomes = collections.Counter()
        for at in places:
            flipped = bytearray(self.certificate)
            flipped[at] ^= 1 << chance.randrange(8)
            kit.write(self.file("certificate"), bytes(flipped))
            done = self.verify()
            if done.code == 3:
                self.assert_fault(done, "certificate.json: ")
            else:
                self.assertEqual(self.differing(done), {"signature"}, at)
            outcomes[done.code] += 1
        self.assertTrue(outcomes[1] > 50 and outcomes[3] > 50, outcomes)

    def flip_in(self, path, count, check):
        chance, content = random.Random(SEED), kit.read_bytes(path)
        for _ in range(count):
            at = chance.randrange(len(content))
            flipped = bytearray(content)
            flipped[at] ^= 1 << chance.randrange(8)
            kit.write(path, bytes(flipped))
            check(self.verify(), f"{path} at {at}")
        kit.write(path, content)

    def test_any_byte_of_results_and_transcripts(self):
        for name in ("results", "transcripts"):
            self.flip_in(self.file(name), 100, lambda done, where, row=f"{name}.jsonl": self.assertEqual(self.differing(done), {row}, where))
        self.verified()

    def test_any_byte_of_the_corpus(self):
        scenarios = [os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(self.corpus, "scenarios")) for name in names]

        def check(done, where):
            if done.code == 3:
                self.assertRegex(done.err, r"^vpci-conform: .*\.json: ")
            else:
                self.assertEqual(self.differing(done), {row}, where)

        row = "suite"
        for path in random.Random(SEED).choices(scenarios, k=10):
            self.flip_in(path, 10, check)
        for row in ("requirements", "disputes"):
            self.flip_in(os.path.join(self.corpus, f"{row}.json"), 20, check)
        os.rename(scenarios[0], scenarios[0].replace(".json", "-.json"))
        self.assertEqual(self.differing(self.verify()), {"suite"})
        os.remove(scenarios[0].replace(".json", "-.json"))
        done = self.verify()
        self.assertEqual(self.differing(done), {"suite"})
        self.assertIn("--corpus", done.out)

    def test_cut_anywhere_it_is_unreadable(self):
        for cut in range(0, len(self.certificate), 97):
            kit.write(self.file("certificate"), self.certificate[:cut])
            self.assert_fault(self.verify(), "certificate.json: ")
        for name in ("results", "transcripts"):
            content = kit.read_bytes(self.file(name))
            kit.write(self.file("certificate"), self.certificate)
            for cut in (0, 1, len(content) // 2, len(content) - 1):
                kit.write(self.file(name), content[:cut])
                self.assertEqual(self.differing(self.verify()), {f"{name}.jsonl"})
            kit.write(self.file(name), content)

    def test_what_is_missing_is_named(self):
        for name in ("certificate", "results", "transcripts"):
            os.rename(self.file(name), self.path("away"))
            self.assert_fault(self.verify(), os.path.basename(self.file(name)), "No such file")
            os.mkfifo(self.file(name))
            self.assert_fault(self.verify(timeout=20), os.path.basename(self.file(name)), "not a regular file")
            os.remove(self.file(name))
            os.rename(self.path("away"), self.file(name))
        self.verified()

    def test_another_form_of_the_same_envelope(self):
        envelope = json.loads(self.certificate)
        payload, text = payload_of(self.certificate), self.certificate.decode()
        forms = {
            "spaces": json.dumps(envelope) + "\n",
            "indented": json.dumps(envelope, indent=1) + "\n",
            "other order": json.dumps(dict(sorted(envelope.items())), separators=(",", ":")) + "\n",
            "no newline": text[:-1],
            "two newlines": text + "\n",
            "CRLF": text[:-1] + "\r\n",
            "a member twice": text[:-2] + ',"payload":"' + envelope["payload"] + '"}\n',
            "a member more": text[:-2] + ',"more":null}\n',
            "a member more below": text.replace('"sig":', '"cert":"","sig":'),
            "an escape": text.replace("application", "\\u0061pplication"),
            "no signature": text.replace(text[text.index('[{"keyid"') + 1:text.index("}]") + 1], ""),
            "no keyid": re.sub(r'"keyid":"\w+",', "", text),
            "URL-safe digits": text.replace(envelope["payload"], base64.urlsafe_b64encode(payload + b">>>???").decode()),
            "another type": text.replace("vnd.in-toto", "vnd.in-tutu"),
            "UTF-16": text.encode("utf-16"),
            "two of them": text + text,
        }
        for name, form in forms.items():
            with self.subTest(form=name):
                kit.write(self.file("certificate"), form)
                self.assert_fault(self.verify(), "certificate.json: ")

    def leaves(self, value, path=()):
        if isinstance(value, (dict, list)) and value:
            for key, below in value.items() if isinstance(value, dict) else enumerate(value):
                yield from self.leaves(below, (*path, key))
        else:
            yield path

    @staticmethod
    def below(value, path):
        for key in path:
            value = value[key]
        return value

    def branches(self, value, path=()):
        if isinstance(value, dict):
            for key, below in value.items():
                yield (*path, key)
                yield from self.branches(below, (*path, key))
        elif isinstance(value, list):
            for index, below in enumerate(value):
                yield from self.branches(below, (*path, index))

    def refused_by_name(self, done, path):
        """1 and a row, or 3 and a line; both say where."""
        where = next((str(key) for key in reversed(path) if isinstance(key, str)), "")
        if done.code == 3:
            self.assert_fault(done, "certificate.json: payload: /")
        else:
            self.differing(done)
        self.assertTrue(where in done.out + done.err or "configuration" in done.err or "sha256" in where, f"{path}: {done}")

    def test_a_member_that_is_missing_although_signed(self):
        paths = list(self.branches(self.statement))
        self.assertGreater(len(paths), 120)
        for path in paths:
            statement = copy.deepcopy(self.statement)
            del self.below(statement, path[:-1])[path[-1]]
            self.resign(statement)
            self.refused_by_name(self.verify(), path)

    def test_a_value_that_is_wrong_although_signed(self):
        """All but what only the certificate knows: the day, the name of who ran it, the environment."""
        free = {("predicate", "vpci_conform", "date"), ("predicate", "vpci_conform", "by")}
        others = {str: "x", int: 7, type(None): 1, bool: 0, dict: [], list: {}}
        paths = [path for path in self.leaves(self.statement) if path not in free]
        self.assertGreater(len(paths), 250)
        always = [path for path in paths if "configuration" in path or "subject" in path]
        for path in always + random.Random(SEED).sample([path for path in paths if path not in always], 100):
            statement = copy.deepcopy(self.statement)
            holder = self.below(statement, path[:-1])
            is_digest = path[-1] == "sha256"
            holder[path[-1]] = sha256(b"another") if is_digest else others[type(holder[path[-1]])]
            self.resign(statement)
            self.refused_by_name(self.verify(), path)

    def test_versions_of_others(self):
        for path, value, words in ((("_type",), "https://in-toto.io/Statement/v2", "/_type"),
                                   (("predicateType",), "https://in-toto.io/attestation/test-result/v0.2", "/predicateType"),
                                   (("predicate", "vpci_conform", "format"), 2, "/predicate/vpci_conform/format: 1 is wanted")):
            statement = copy.deepcopy(self.statement)
            self.below(statement, path[:-1])[path[-1]] = value
            self.resign(statement)
            self.assert_fault(self.verify(), "certificate.json: payload: ", words)
        for payload, words in ((b"[]", "an object is wanted"), (b"hello", "line 1"), (b"{}", "/_type"), (b"{\"a\":1,\"a\":2}", "given twice")):
            self.resign(payload)
            self.assert_fault(self.verify(), "certificate.json: payload: ", words)

    def test_a_payload_in_another_form_although_signed(self):
        self.resign(json.dumps(self.statement).encode())
        self.assertEqual(self.differing(self.verify()), {"statement"})
        kit.write(self.file("certificate"), self.certificate)
        self.verified()


class UndeservedTest(certificates.Test):
    """A signature under results that deserve no certificate. Everything fits, and it is refused all the same."""

    def undeserved(self, change, words, statement=None, transcripts=None):
        self.forge(change, statement, transcripts)
        done = self.verify()
        rows = self.differing(done)
        self.assertRegex(done.out, words)
        return rows

    def change_headers(self, change):
        """A change of the header stands in the transcripts, too."""
        lines = kit.read_bytes(self.file("transcripts")).splitlines(keepends=True)
        header = json.loads(lines[0])
        change(header)
        return lambda records: change(records[0]), b"".join([encode(header) + b"\n", *lines[1:]])

    def test_a_part_of_the_suite(self):
        change, transcripts = self.change_headers(lambda header: header.update(selection="direct/*"))
        self.assertIn("entitlement", self.undeserved(change, r"selected by: direct/\*", transcripts=transcripts))

    def test_no_file_of_the_implementation(self):
        change, transcripts = self.change_headers(lambda header: header.update(adapter_digest=""))
        self.assertIn("entitlement", self.undeserved(change, "no file of the implementation is known", transcripts=transcripts))

    def test_no_transcripts(self):
        rows = self.undeserved(lambda records: records[-1].update(transcripts_sha256=""), "kept no transcripts")
        self.assertEqual(rows, {"entitlement", "transcripts.jsonl"})

    def test_transcripts_that_the_results_do_not_name(self):
        rows = self.undeserved(lambda records: records[-1].update(transcripts_sha256=sha256(b"others")), "the results name another")
        self.assertEqual(rows, {"transcripts.jsonl"})

    def test_torn_results(self):
        content = b"".join(kit.read_bytes(self.file("results")).splitlines(keepends=True)[:-1])
        kit.write(self.file("results"), content)
        resource(self.statement, "results.jsonl")["digest"]["sha256"] = sha256(content)
        self.resign(self.statement)
        done = self.verify()
        self.assertIn("entitlement", self.differing(done))
        self.assertIn("the results are torn", done.out)

    def test_a_must_that_is_left_out(self):
        """All cases that exercise it say that they do not."""
        def change(records):
            for case in records[1:-1]:
                case["exercised"] = [name for name in case["exercised"] if name != "RD-02"]
            records[-1]["requirements"]["RD-02"] = {**records[-1]["requirements"]["RD-02"], "verdict": "not_exercised", "exercised": 0}
        self.assertIn("entitlement", self.undeserved(change, "RD-02 is a MUST that applies and was not exercised"))

    def test_a_case_whose_transcript_is_gone(self):
        lines = kit.read_bytes(self.file("transcripts")).splitlines(keepends=True)
        rows = self.undeserved(lambda records: None, "1 of the cases that were played: no transcript",
                               transcripts=b"".join([*lines[:3], *lines[4:]]))
        self.assertEqual(rows, {"verdicts"})

    def test_a_transcript_with_another_event(self):
        transcripts = kit.read_bytes(self.file("transcripts"))
        changed = transcripts.replace(b'"status":"SUCCESS"', b'"status":"UNSUCCESSFUL"', 40)
        self.assertIn("verdict", self.undeserved(lambda records: None, "judged again, the run does not conform", transcripts=changed))

    def test_failures_that_are_called_passes(self):
        """A faulty implementation, its results told as if it had passed: judging again brings it to light."""
        self.run_program("certify", "--quiet", "--adapter", "liar:a-failed-read-succeeds", "--corpus", self.corpus, "--key", self.bench.key, "--out",
                         self.path("liar"))
        truth = records_of(kit.read_bytes(self.path("liar", "results.jsonl")))
        self.assertEqual(truth[-1]["verdict"], "violation")
        good = records_of(kit.read_bytes(self.file("results")))
        transcripts = kit.read_bytes(self.path("liar", "transcripts.jsonl")).splitlines(keepends=True)

        def lie(records):
            records[:] = copy.deepcopy(good)
        rows = self.undeserved(lie, r"verdict .*: pass then, fail now, violation, [A-Z]{2}-\d\d",
                               transcripts=b"".join([encode(good[0]) + b"\n", *transcripts[1:]]))
        self.assertEqual(rows, {"verdict", "verdicts"})


class RejudgedTest(certificates.Test):
    """A kit and a corpus that went on: a mismatch, unless judging again is asked for."""

    def scenario(self, surface="direct"):
        folder = os.path.join(self.corpus, "scenarios", surface)
        return os.path.join(folder, sorted(os.listdir(folder))[0])

    def edit(self, path, change):
        document = json.loads(kit.read_bytes(path))
        change(document)
        kit.write(path, json.dumps(document))

    def test_texts_that_changed(self):
        self.edit(self.scenario(), lambda scenario: scenario.update(purpose="Said in other words."))
        self.edit(os.path.join(self.corpus, "requirements.json"),
                  lambda document: document["requirements"][0].update(statement="Said in other words."))
        done = self.verify()
        self.assertEqual(self.differing(done), {"suite", "requirements"})
        self.assertIn("--rejudge", done.out)
        self.assertNotIn("--rejudge", self.verified("--rejudge").out)
        self.assertIn("accepted     suite", self.verify("--rejudge").out)

    def test_a_dispute_that_came_later(self):
        name = os.path.relpath(self.scenario(), os.path.join(self.corpus, "scenarios")).removesuffix(".json")
        entry = {"scenario": name, "state": "withdrawn", "text": "the source was misread", "date": DATE}
        kit.write(os.path.join(self.corpus, "disputes.json"), json.dumps({"format": 1, "disputes": [entry]}))
        self.assertEqual(self.differing(self.verify()), {"disputes"})
        self.verified("--rejudge")

    def test_a_model_a_runner_and_a_profile_of_another_release(self):
        for members in (("model_digest",), ("runner_digest",), ("profile_digest",), ("model_digest", "runner_digest")):
            with self.subTest(members=members):
                self.tearDown()
                self.doCleanups()
                self.setUp()
                lines = kit.read_bytes(self.file("transcripts")).splitlines(keepends=True)
                header = {**json.loads(lines[0]), **{member: sha256(b"another") for member in members}}

                def restate(statement):
                    for member in members:
                        resource(statement, member.removesuffix("_digest"))["digest"]["sha256"] = sha256(b"another")
                    statement["predicate"]["vpci_conform"]["does_not_prove"].append("What only that release says.")
                self.forge(lambda records: records[0].update(header), restate, b"".join([encode(header) + b"\n", *lines[1:]]))
                done = self.verify()
                self.assertEqual(self.differing(done), {member.removesuffix("_digest") for member in members})
                self.assertIn("verify with the kit of that release", done.out)
                self.verified("--rejudge")

    def test_a_scenario_that_asks_for_something_else_cannot_be_judged(self):
        self.edit(self.scenario(), lambda scenario: (scenario.pop("vary", None), scenario.update(steps=[{"event": "read", "block": 99, "length": 3}])))
        self.assertEqual(self.differing(self.verify()), {"suite"})
        done = self.verify("--rejudge")
        self.assertIn("verdicts", self.differing(done))

    def test_a_scenario_that_is_gone_cannot_be_judged(self):
        os.remove(self.scenario())
        done = self.verify("--rejudge")
        self.assertEqual(self.differing(done), {"verdicts"})
        self.assertRegex(done.out, "of the cases that were played: no transcript, or the suite at hand lacks them")

    def test_what_judging_again_cannot_excuse(self):
        for name in ("results", "transcripts"):
            content = kit.read_bytes(self.file(name))
            kit.write(self.file(name), content.replace(b"SUCCESS", b"success", 1) if name == "transcripts" else content + b"\n")
            self.assertEqual(self.differing(self.verify("--rejudge")), {f"{name}.jsonl"})
            kit.write(self.file(name), content)
        statement = copy.deepcopy(self.statement)
        statement["predicate"]["vpci_conform"]["cases"]["pass"] += 1
        self.resign(statement)
        self.assertEqual(self.differing(self.verify("--rejudge")), {"statement"})

    def test_a_must_that_judging_again_does_not_find_exercised(self):
        """The old kit counted one in cases that stay as they are otherwise: QI-10 binds the client, so no case can exercise it."""
        def change(records):
            next(case for case in records[1:-1] if case["verdict"] == "pass")["exercised"].insert(0, "QI-10")
            records[-1]["requirements"]["QI-10"].update(verdict="pass", exercised=1)

        def restate(statement):
            order = list(records_of(kit.read_bytes(self.file("results")))[-1]["requirements"])
            predicate = statement["predicate"]
            predicate["passedTests"] = sorted([*predicate["passedTests"], "QI-10"], key=order.index)
            predicate["vpci_conform"]["not_observable"].remove("QI-10")
            predicate["vpci_conform"]["levels"]["MUST"]["pass"] += 1
            predicate["vpci_conform"]["levels"]["MUST"]["not_observable"] -= 1
            sentences = predicate["vpci_conform"]["does_not_prove"]
            at = next(at for at, sentence in enumerate(sentences) if "out of sight" in sentence)
            count, rest = sentences[at].split(" ", 1)
            sentences[at] = f"{int(count) - 1} {rest}".replace("QI-10, ", "")
        self.forge(change, restate)
        done = self.verify("--rejudge")
        self.assertEqual(self.differing(done), {"verdicts"})
        self.assertIn("QI-10 is a MUST that nothing exercises any more", done.out)

    def test_verdicts_that_changed_are_named_and_the_run_may_still_conform(self):
        """The old kit did not count one requirement in one case; this one does."""
        def change(records):
            case = next(case for case in records[1:-1] if "RD-02" in case["exercised"])
            case["exercised"].remove("RD-02")
            records[-1]["requirements"]["RD-02"]["exercised"] -= 1
        self.forge(change)
        self.assertEqual(self.differing(self.verify()), {"verdict", "verdicts"})
        done = self.verified("--rejudge")
        self.assertRegex(done.out, r"accepted     verdicts +1 of \d+ are others now than then; the run still conforms")


if __name__ == "__main__":
    unittest.main()
