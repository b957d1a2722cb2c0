# SPDX-License-Identifier: MIT
"""When a run gets a certificate and what is in it, found out by means that share no code with the program; and when it gets none."""

import base64
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import unittest

import jsonschema
import nacl.exceptions
import nacl.signing

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certificates  # noqa: E402
import kit  # noqa: E402
from certificates import DATE, envelope_of, levels, openssl, pae, payload_of, resource, sha256  # noqa: E402

LISTS = ("inconclusive", "not_exercised", "not_applicable_probed", "not_applicable_declared", "not_observable")

class IssuedTest(certificates.Test):
    def test_the_bundled_implementation_in_both_roles(self):
        for role in ("bus", "stack"):
            with self.subTest(role=role):
                out = self.path(role)
                done = self.run_program("certify", "--adapter", "golden", "--role", role, "--key", self.bench.key, "--by", "The \"Lab\" ü",
                                        "--out", out)
                self.assertEqual(done.code, 0, done)
                self.assertIn(f"certificate.json, signed with the key {self.bench.keyid}", done.out)
                shown = self.verify(out=out, corpus=kit.CORPUS)
                self.assertEqual(shown.code, 0, shown)
                self.assertEqual(shown.out.count("\nmatches "), 11, shown.out)
                self.assertIn("by The \"Lab\" ü", shown.out)
                statement = json.loads(payload_of(kit.read_bytes(os.path.join(out, "certificate.json"))))
                self.assert_true_to(statement, kit.read_bytes(os.path.join(out, "results.jsonl")))
                self.assertEqual(statement["predicate"]["vpci_conform"]["by"], "The \"Lab\" ü")
                self.assertEqual(statement["subject"][0]["digest"]["sha256"], sha256(kit.read_bytes(f"{kit.ADAPTERS}/golden.so")))
                self.assertEqual(resource(statement, "transcripts.jsonl")["digest"]["sha256"],
                                 sha256(kit.read_bytes(os.path.join(out, "transcripts.jsonl"))))
                for name in ("requirements", "disputes"):
                    self.assertEqual(resource(statement, name)["digest"]["sha256"],
                                     sha256(kit.read_bytes(os.path.join(kit.CORPUS, f"{name}.json"))))

    def assert_true_to(self, statement, content):
        """The statement says what the results say, found out by other means."""
        results = kit.parse_results(content)
        predicate, ours = statement["predicate"], statement["predicate"]["vpci_conform"]
        schema = json.loads(kit.read_bytes(os.path.join(kit.CORPUS, "schemas", "certificate.schema.json")))
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.Draft202012Validator(schema).validate(statement)
        self.assertEqual(resource(statement, "results.jsonl")["digest"]["sha256"], sha256(content))
        for member in ("suite", "requirements", "model", "runner", "profile"):
            self.assertEqual(resource(statement, member)["digest"]["sha256"], results.header[f"{member}_digest"])
        for name in ("PICS", "environment"):
            item = resource(statement, name)
            self.assertEqual(item["digest"]["sha256"], sha256(base64.b64decode(item["content"], validate=True)))
        pics = json.loads(base64.b64decode(resource(statement, "PICS")["content"]))
        self.assertEqual(pics, {name: results.header[name] for name in ("name", "version", "roles", "capabilities")})
        self.assertEqual(set(json.loads(base64.b64decode(resource(statement, "environment")["content"]))),
                         {"system", "release", "machine", "libc", "compiler", "libcrypto", "cjson"})
        for name in ("kit", "adapter", "name", "version", "role", "profile", "seed"):
            self.assertEqual(ours[name], results.header[name])
        self.assertEqual({name: ours["cases"][name] for name in results.footer["cases"]}, results.footer["cases"])
        lists = {"pass": predicate["passedTests"], "warning": predicate["warnedTests"], "fail": predicate["failedTests"],
                 **{name: ours[name] for name in LISTS}}
        standing = {name: key for key, names in lists.items() for name in names}
        self.assertEqual(sum(map(len, lists.values())), len(standing), "a requirement stands in two lists")
        self.assertEqual(set(standing), set(levels()), "a requirement stands in none")
        for name, row in results.footer["requirements"].items():
            known = {True: "_probed", False: "_declared"}[row.get("probed", False)] if row["verdict"] == "not_applicable" else ""
            self.assertEqual(standing[name], row["verdict"] + known, name)
        counted = collections.Counter((level, standing[name]) for name, level in levels().items())
        self.assertEqual({(level, key): count for level, row in ours["levels"].items() for key, count in row.items() if count}, counted)
        self.assertEqual(predicate["result"], "WARNED" if ours["cases"]["with_warnings"] else "PASSED")
        sentences = " ".join(ours["does_not_prove"])
        if ours["not_observable"]:
            self.assertIn(f"{len(ours['not_observable'])} requirements out of sight", sentences)

    def test_the_same_inputs_give_the_same_bytes(self):
        for number, workers in enumerate((1, 3)):
            self.bench.certify(self.path(f"again{number}"), "--workers", workers, "--corpus", self.corpus)
            for name in ("certificate.json", "results.jsonl", "transcripts.jsonl"):
                self.assertEqual(kit.read_bytes(self.path(f"again{number}", name)), kit.read_bytes(os.path.join(self.out, name)), name)

    def test_without_a_date_it_bears_the_day_of_today(self):
        before = subprocess.run(["date", "-u", "+%F"], capture_output=True, check=True, text=True).stdout.strip()
        self.run_program("certify", "--quiet", "--adapter", "golden", "--key", self.bench.key, "--out", self.out, "--corpus", self.corpus)
        after = subprocess.run(["date", "-u", "+%F"], capture_output=True, check=True, text=True).stdout.strip()
        statement = json.loads(payload_of(kit.read_bytes(self.file("certificate"))))
        self.assertIn(statement["predicate"]["vpci_conform"]["date"], (before, after))
        self.assertIsNone(statement["predicate"]["vpci_conform"]["by"])
        self.verified()

    def test_warnings_are_told(self):
        done = self.run_program("certify", "--quiet", "--adapter", "liar:reports-the-interface-size-as-information", "--key", self.bench.key,
                                "--out", self.path("out"))
        self.assertEqual((done.code, done.err), (0, ""))
        statement = json.loads(payload_of(kit.read_bytes(self.path("out", "certificate.json"))))
        self.assertEqual((statement["predicate"]["result"], statement["predicate"]["warnedTests"]), ("WARNED", ["QI-13"]))
        self.assert_true_to(statement, self.results_bytes())
        self.assertEqual(self.verify(out=self.path("out"), corpus=kit.CORPUS).code, 0)

    def test_what_is_not_claimed_is_listed(self):
        self.run_program("certify", "--quiet", "--adapter", "variant:minimal-claims", "--key", self.bench.key, "--out", self.path("out"))
        statement = json.loads(payload_of(kit.read_bytes(self.path("out", "certificate.json"))))
        ours = statement["predicate"]["vpci_conform"]
        self.assertIn("IV-01", ours["not_applicable_declared"] + ours["not_applicable_probed"])
        self.assertTrue(ours["not_applicable_probed"], "nothing of what is not claimed was tried: nothing was shown")
        self.assertIn("RD-01", statement["predicate"]["passedTests"])
        self.assert_true_to(statement, self.results_bytes())
        self.assertEqual(self.verify(out=self.path("out"), corpus=kit.CORPUS).code, 0)

    def test_an_implementation_in_a_process_is_named_by_its_file(self):
        served = self.path("served")
        kit.write(served, f"#!/bin/sh\nexec '{kit.SERVE}' '{kit.ADAPTERS}/golden.so'\n")
        os.chmod(served, 0o755)
        iut = kit.write(self.path("firmware.bin"), b"the real thing")
        certify = ("certify", "--quiet", "--adapter", "exec:served", "--corpus", self.corpus, "--key", self.bench.key, "--out", self.path("out"))
        environment = {"PATH": f"{self.folder}:{os.environ['PATH']}"}
        done = self.run_program(*certify, environment=environment)
        self.assertEqual(done.code, 2, done)
        self.assertEqual(done.err, "vpci-conform: no certificate: no file of the implementation is known: name it with --iut FILE\n")
        self.assertFalse(os.path.exists(self.path("out", "certificate.json")))
        done = self.run_program(*certify, "--iut", iut, environment=environment)
        self.assertEqual((done.code, done.err), (0, ""), done)
        statement = json.loads(payload_of(kit.read_bytes(self.path("out", "certificate.json"))))
        self.assertEqual(statement["subject"], [{"name": "firmware.bin", "digest": {"sha256": sha256(b"the real thing")}}])
        self.assert_true_to(statement, self.results_bytes())
        shown = self.verify("--iut", iut, out=self.path("out"))
        self.assertEqual((shown.code, "not checked" in shown.out), (0, False), shown)
        other = kit.write(self.path("other.bin"), b"the real Thing")
        self.assertEqual(self.differing(self.verify("--iut", other, out=self.path("out"))), {"implementation"})

    def test_the_adapter_beside_a_file_of_its_own_is_told_too(self):
        iut = kit.write(self.path("driver.sys"), b"x" * 100000)
        self.bench.certify(self.path("out"), "--corpus", self.corpus, "--iut", iut)
        statement = json.loads(payload_of(kit.read_bytes(self.path("out", "certificate.json"))))
        self.assertEqual(resource(statement, "adapter")["digest"]["sha256"], sha256(kit.read_bytes(f"{kit.ADAPTERS}/golden.so")))
        self.assert_true_to(statement, self.results_bytes())
        self.assertEqual(self.verify(out=self.path("out")).code, 0)


class OthersTest(certificates.Test):
    """Keys and signatures of others, and ours in the hands of others."""

    def test_the_shell_of_the_document_verifies_it(self):
        document = kit.read_bytes(os.path.join(kit.SOURCE, "docs", "certificate.md")).decode()
        section = document.split("## Without vpci-conform", 1)[1]
        script = re.search(r"```sh\n(.*?)```", section, re.DOTALL).group(1)
        shutil.copy(self.bench.public, self.out)
        done = kit.shell(f"set -e\n{script}", self.out)
        self.assertEqual((done.code, done.err), (0, ""), done)
        self.assertEqual(done.out, "Signature Verified Successfully\nresults.jsonl: OK\ntranscripts.jsonl: OK\n")
        flipped = bytearray(self.certificate)
        flipped[200] ^= 1
        kit.write(self.file("certificate"), bytes(flipped))
        self.assertNotEqual(kit.shell(f"set -e\n{script}", self.out).code, 0)

    def test_libsodium_verifies_it(self):
        envelope = json.loads(self.certificate)
        signature = base64.b64decode(envelope["signatures"][0]["sig"])
        der = openssl("pkey", "-pubin", "-in", self.bench.public, "-outform", "DER").stdout
        self.assertEqual(envelope["signatures"][0]["keyid"], sha256(der))
        verifier = nacl.signing.VerifyKey(der[-32:])
        verifier.verify(pae(payload_of(self.certificate)), signature)
        with self.assertRaises(nacl.exceptions.BadSignatureError):
            verifier.verify(pae(payload_of(self.certificate) + b" "), signature)

    def test_a_key_of_openssl_signs_and_a_signature_of_openssl_is_taken(self):
        key, public = self.path("theirs.pem"), self.path("theirs.pub")
        openssl("genpkey", "-algorithm", "ed25519", "-out", key)
        openssl("pkey", "-in", key, "-pubout", "-out", public)
        out = self.path("theirs")
        done = self.run_program("certify", "--quiet", "--adapter", "golden", "--corpus", self.corpus, "--key", key, "--out", out)
        self.assertEqual(done.code, 0, done)
        self.verified("--iut", f"{kit.ADAPTERS}/golden.so", out=out, key=public)
        payload = payload_of(self.certificate)
        signed = kit.write(self.path("signed"), pae(payload))
        openssl("pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", signed, "-out", self.path("sig"))
        keyid = sha256(openssl("pkey", "-pubin", "-in", public, "-outform", "DER").stdout)
        kit.write(self.file("certificate"), envelope_of(payload, (keyid, kit.read_bytes(self.path("sig")))))
        self.verified(key=public)

    def test_several_signatures(self):
        payload, envelope = payload_of(self.certificate), json.loads(self.certificate)
        ours = (self.bench.keyid, base64.b64decode(envelope["signatures"][0]["sig"]))
        other = ("another", b"\x07" * 70)
        for signatures in ((other, ours), (ours, other), ((self.bench.keyid, b"\0" * 64), ours)):
            kit.write(self.file("certificate"), envelope_of(payload, *signatures))
            self.verified()
        for signatures in ((other,), ((self.bench.keyid, b"\0" * 64),), ((self.bench.keyid, ours[1] + b"\0"),), (("another", ours[1]),),
                           ((self.bench.keyid.upper(), ours[1]),)):
            kit.write(self.file("certificate"), envelope_of(payload, *signatures))
            self.assertEqual(self.differing(self.verify()), {"signature"})

    def test_another_key_is_refused(self):
        made = self.run_program("key", "new", self.path("other.pem"))
        self.assertEqual(made.code, 0, made)
        self.assertEqual(os.stat(self.path("other.pem")).st_mode & 0o777, 0o600)
        done = self.verify(key=self.path("other.pem.pub"))
        self.assertEqual(self.differing(done), {"signature"})
        self.assertNotIn("results.jsonl", done.out, "something was looked at in spite of the signature")
        again = self.run_program("key", "new", self.path("other.pem"))
        self.assert_fault(again, "other.pem.pub: is there already")

    def test_what_is_no_key_is_a_fault(self):
        openssl("genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1024", "-out", self.path("rsa.pem"))
        openssl("pkey", "-in", self.path("rsa.pem"), "-pubout", "-out", self.path("rsa.pub"))
        openssl("genpkey", "-algorithm", "ed448", "-out", self.path("ed448.pem"))
        openssl("pkey", "-in", self.path("ed448.pem"), "-pubout", "-out", self.path("ed448.pub"))
        openssl("pkey", "-in", self.bench.key, "-aes256", "-passout", "pass:secret", "-out", self.path("locked.pem"))
        kit.write(self.path("garbage"), bytes(range(256)))
        for name, words in (("rsa.pub", "not an Ed25519 key"), ("ed448.pub", "not an Ed25519 key"), ("garbage", "no public key in PEM"),
                            ("missing", "No such file"), (self.bench.key, "holds a private key"), (self.folder, "not a regular file"),
                            ("locked.pem", "under a passphrase")):
            with self.subTest(verify=name):
                self.assert_fault(self.verify(key=self.path(name)), words)
        for name, words in (("rsa.pem", "not an Ed25519 key"), ("ed448.pem", "not an Ed25519 key"), ("garbage", "no private key in PEM"),
                            ("missing", "No such file"), (self.bench.public, "holds a public key"), ("locked.pem", "under a passphrase")):
            with self.subTest(certify=name):
                done = self.run_program("certify", "--adapter", "golden", "--key", self.path(name), "--out", self.path("out"))
                self.assert_fault(done, words)
                self.assertFalse(os.path.exists(self.path("out")), "the key was looked at only after the run")


class RefusedTest(certificates.Test):
    """No certificate, and why, each reason a line; and none of an earlier run is left."""

    def refuse(self, *options, code, reasons, adapter="golden", **how):
        kit.write(self.path("out", "certificate.json") if os.path.isdir(self.path("out")) else self.old(), b"of an earlier run")
        done = self.run_program("certify", "--quiet", "--adapter", adapter, "--key", self.bench.key, "--out", self.path("out"), *options, **how)
        self.assertEqual(done.code, code, done)
        lines = done.err.splitlines()
        for line in lines:
            self.assertTrue(line.startswith("vpci-conform: no certificate: "), line)
        for reason in reasons:
            self.assertTrue(any(re.search(reason, line) for line in lines), f"{reason} is not in {lines}")
        self.assertFalse(os.path.exists(self.path("out", "certificate.json")))
        return lines

    def old(self):
        os.mkdir(self.path("out"))
        return self.path("out", "certificate.json")

    def test_a_violation(self):
        self.refuse(code=1, reasons=["verdict of the run is VIOLATION"], adapter="liar:caches-reads")

    def test_time_that_is_over(self):
        self.refuse("--time", "1ms", code=2, reasons=["verdict of the run is INCONCLUSIVE"])

    def test_failures_as_expected(self):
        adapter = "liar:unknown-codes-succeed"
        self.run_program("certify", "--quiet", "--adapter", adapter, "--out", self.path("first"))
        failed = [case for case in kit.read_results(self.path("first")).cases if case["verdict"] == "fail"]
        entries = [{"cases": case["name"], "verdict": "fail", "reason": "is mended soon", "owner": "us", "issue": "1",
                    "expires": "2099-01-01"} for case in failed]
        expect = kit.write(self.path("expect.json"), json.dumps({"format": 1, "expectations": entries}))
        plain = self.run_program("certify", "--quiet", "--adapter", adapter, "--out", self.path("second"), "--expect", expect, "--date", DATE)
        self.assertEqual(plain.code, 0, plain)
        self.refuse("--expect", expect, "--date", DATE, code=2, reasons=["verdict of the run is AS EXPECTED"], adapter=adapter)

    def test_a_must_that_nothing_exercises(self):
        shutil.rmtree(os.path.join(self.corpus, "scenarios", "invalidate"))
        lines = self.refuse("--corpus", self.corpus, code=2, reasons=["IV-04 is a MUST that applies and was not exercised$"])
        footer = kit.read_results(self.path("out")).footer
        missing = [name for name, row in footer["requirements"].items()
                   if row["verdict"] == "not_exercised" and levels()[name] == "MUST"]
        self.assertEqual(footer["verdict"], "conforms")
        self.assertEqual([line.split()[3] for line in lines], missing)

    def test_a_must_whose_scenarios_are_all_in_dispute(self):
        exercising = collections.defaultdict(set)
        for case in kit.read_results(self.out).cases:
            for name in case["exercised"]:
                exercising[name].add(case["scenario"])
        name, scenarios = min(((name, scenarios) for name, scenarios in exercising.items() if levels()[name] == "MUST"),
                              key=lambda item: (len(item[1]), item[0]))
        disputes = [{"scenario": scenario, "state": "contested", "text": "not what the source says", "date": DATE}
                    for scenario in sorted(scenarios)]
        kit.write(os.path.join(self.corpus, "disputes.json"), json.dumps({"format": 1, "disputes": disputes}))
        self.refuse("--corpus", self.corpus, code=2, reasons=[f"{name} is a MUST .*: all cases that exercise it are of scenarios in dispute"])

    def test_an_adapter_that_changes_while_it_is_tested(self):
        script = self.path("changes")
        kit.write(script, f"#!/bin/sh\ncp '{script}' '{script}.$$'; echo '# once more' >>'{script}.$$'; mv '{script}.$$' '{script}'\n"
                          f"exec '{kit.SERVE}' '{kit.ADAPTERS}/golden.so'\n")
        os.chmod(script, 0o755)
        self.refuse("--corpus", self.corpus, code=2, reasons=[r"changes: was changed while the run went on"], adapter=f"exec:{script}")

    def test_a_file_of_the_implementation_that_changes_meanwhile(self):
        iut = kit.write(self.path("firmware"), b"1")
        script = kit.write(self.path("flashes"), f"#!/bin/sh\necho more >>'{iut}'\nexec '{kit.SERVE}' '{kit.ADAPTERS}/golden.so'\n")
        os.chmod(script, 0o755)
        self.refuse("--corpus", self.corpus, "--iut", iut, code=2, reasons=[r"firmware: was changed while the run went on"],
                    adapter=f"exec:{script}")

    def test_transcripts_that_change_meanwhile(self):
        """An implementation that writes to them itself, far behind what the kit will have written in the end."""
        target = self.path("out", "transcripts.jsonl")
        script = kit.write(self.path("meddles"), f"#!/bin/sh\n[ ! -e '{target}' ] || truncate -s 50M '{target}'\n"
                                                 f"exec '{kit.SERVE}' '{kit.ADAPTERS}/golden.so'\n")
        os.chmod(script, 0o755)
        lines = self.refuse("--corpus", self.corpus, code=2, reasons=["transcripts.jsonl: was changed while the run went on$"],
                            adapter=f"exec:{script}")
        self.assertEqual(len(lines), 1)

    def test_a_case_that_was_too_long_for_a_transcript(self):
        step = {"event": "ioctl", "code": "READ_BLOCK", "block": 7, "length": 128, "output_length": 400}
        scenario = {"purpose": "Many reads.", "requirements": ["IR-05"], "steps": [{"repeat": 4000, "steps": [step]}]}
        kit.write(os.path.join(self.corpus, "scenarios", "direct", "long.json"), json.dumps(scenario))
        lines = self.refuse("--corpus", self.corpus, code=2, reasons=["1 of the cases that were played: no transcript"])
        self.assertEqual(len(lines), 1)

    def test_any_run_takes_an_old_one_away(self):
        for arguments in (("run", "--only", "direct/*"), ("certify",)):
            kit.write(self.file("certificate"), self.certificate)
            done = self.run_program(*arguments, "--quiet", "--adapter", "golden", "--corpus", self.corpus, "--out", self.out)
            self.assertEqual(done.code, 0, done)
            self.assertFalse(os.path.exists(self.file("certificate")))

    def test_a_certificate_that_cannot_be_written_is_a_fault(self):
        shutil.rmtree(self.out)
        os.makedirs(self.file("certificate"))
        done = self.run_program("certify", "--quiet", "--adapter", "golden", "--corpus", self.corpus, "--key", self.bench.key, "--out", self.out)
        self.assert_fault(done, "certificate.json")

    def test_options_without_a_certificate_to_be_for_are_refused(self):
        for option in ("--by", "--iut"):
            done = self.run_program("certify", "--adapter", "golden", option, self.bench.public, "--out", self.path("out"))
            self.assert_fault(done, option, "needs --key")
        self.assert_fault(self.run_program("certify", "--adapter", "golden", "--date", DATE, "--out", self.path("out")), "--date")
        done = self.run_program("certify", "--adapter", "golden", "--key", self.bench.key, "--iut", self.path("none"), "--out", self.path("out"))
        self.assert_fault(done, "none: No such file")
        self.assert_fault(self.run_program("verify", self.file("certificate")), "--key FILE is missing")


if __name__ == "__main__":
    unittest.main()
