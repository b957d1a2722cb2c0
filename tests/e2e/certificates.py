# SPDX-License-Identifier: MIT
"""What the tests of certificates share: a small corpus in which few scenarios exercise every MUST, so that a certificate is due and
is checked fast; a certificate by it; and the means to forge others, which share no code with the program (json, hashlib, libsodium,
the openssl command)."""

import atexit
import base64
import collections
import copy
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile

import nacl.signing

import kit

DATE = "2026-02-28"
TYPE = b"application/vnd.in-toto+json"


def levels():
    """The level of each requirement, out of models/requirement.h."""
    rows = re.findall(r"X\((\w\w), (\d\d), (\w+), \w+, \w+\)", kit.read_bytes(f"{kit.SOURCE}/models/requirement.h").decode())
    return {f"{section}-{number}": level for section, number, level in rows}


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def encode(statement):
    """The one form of JSON that the program writes: members as they stand, no white space."""
    return json.dumps(statement, separators=(",", ":"), ensure_ascii=False).encode()


def pae(payload):
    return b"DSSEv1 %d %s %d %s" % (len(TYPE), TYPE, len(payload), payload)


def envelope_of(payload, *signatures):
    signed = [{"keyid": keyid, "sig": base64.b64encode(sig).decode()} for keyid, sig in signatures]
    return encode({"payloadType": TYPE.decode(), "payload": base64.b64encode(payload).decode(), "signatures": signed}) + b"\n"


def payload_of(certificate):
    return base64.b64decode(json.loads(certificate)["payload"], validate=True)


def openssl(*arguments, stdin=b"", check=True):
    return subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True, check=check, timeout=30)


def sealed(records):
    """The bytes of a results file out of its records, its footer made to fit."""
    lines = [encode(record) + b"\n" for record in records[:-1]]
    records[-1]["sha256"] = sha256(b"".join(lines))
    return b"".join(lines) + encode(records[-1]) + b"\n"


def records_of(content):
    return [json.loads(line) for line in content.splitlines()]


def covering(results, suite):
    """Few scenarios, of few cases, in which every MUST is exercised that the run exercised."""
    level = levels()
    exercised, size = collections.defaultdict(set), collections.Counter()
    for case in results.cases:
        size[case["scenario"]] += 1
        if case["verdict"] == "pass":
            exercised[case["scenario"]] |= {name for name in case["exercised"] if level[name] == "MUST"}
    wanted, chosen = set().union(*exercised.values()), []
    while wanted:
        best = max(sorted(exercised), key=lambda name: len(exercised[name] & wanted) / (2 + size[name]))
        chosen.append(best)
        wanted -= exercised[best]
    return {name: os.path.join(suite, *f"{name}.json".split("/")) for name in chosen}


class Bench:
    """What is made once: keys, a small corpus, and a certificate of golden by it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="vpci-certificate-")
        self.key, self.public = os.path.join(self.folder, "lab.pem"), os.path.join(self.folder, "lab.pem.pub")
        made = kit.run("key", "new", self.key)
        assert made.code == 0, made
        self.keyid = made.out.split()[-1]
        secret = openssl("pkey", "-in", self.key, "-outform", "DER").stdout[-32:]
        self.signer = nacl.signing.SigningKey(secret)
        whole = os.path.join(self.folder, "whole")
        self.whole = self.certify(whole)
        self.corpus = os.path.join(self.folder, "corpus")
        os.mkdir(self.corpus)
        for name in ("requirements.json", "disputes.json"):
            shutil.copy(os.path.join(kit.CORPUS, name), self.corpus)
        for name, path in covering(kit.read_results(whole), os.path.join(kit.CORPUS, "scenarios")).items():
            target = os.path.join(self.corpus, "scenarios", *f"{name}.json".split("/"))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(path, target)
        self.small = os.path.join(self.folder, "small")
        self.certify(self.small, "--corpus", self.corpus)

    def certify(self, out, *options):
        done = kit.run("certify", "--quiet", "--adapter", "golden", "--key", self.key, "--date", DATE, "--out", out, *options)
        assert done.code == 0 and done.err == "", done
        return out

    def sign(self, statement):
        """A certificate of any statement, signed with the right key."""
        payload = statement if isinstance(statement, bytes) else encode(statement)
        return envelope_of(payload, (self.keyid, self.signer.sign(pae(payload)).signature))


@functools.cache
def bench():
    """The one of this program, made when it is wanted first."""
    made = Bench()
    atexit.register(shutil.rmtree, made.folder)
    return made


class Test(kit.Test):
    """A test with a copy of the small certificate and of its corpus in its folder."""

    @classmethod
    def setUpClass(cls):
        cls.bench = bench()

    def setUp(self):
        super().setUp()
        self.corpus, self.out = self.path("corpus"), self.path("small")
        shutil.copytree(self.bench.corpus, self.corpus)
        shutil.copytree(self.bench.small, self.out)
        self.certificate = kit.read_bytes(self.file("certificate"))
        self.statement = json.loads(payload_of(self.certificate))

    def file(self, name):
        return os.path.join(self.out, {"certificate": "certificate.json"}.get(name, f"{name}.jsonl"))

    def verify(self, *options, out=None, corpus=None, key=None, **how):
        return self.run_program("verify", os.path.join(out or self.out, "certificate.json"), "--key", key or self.bench.public, "--corpus",
                                corpus or self.corpus, *options, **how)

    def verified(self, *options, **how):
        done = self.verify(*options, **how)
        self.assertEqual(done.code, 0, done)
        self.assertRegex(done.out, r"\nVERIFIED  \S+certificate\.json of ")
        self.assertNotIn("DIFFERS", done.out)
        return done

    def differing(self, done):
        """Exit code 1, no fault, and the names of the rows that differ."""
        self.assertEqual((done.code, done.err), (1, ""), done)
        self.assertRegex(done.out, r"(?m)^NOT VERIFIED  \S+certificate\.json: \d+ checks? fails?$")
        self.assertNotIn("\nVERIFIED", done.out)
        return set(re.findall(r"^DIFFERS {6}(\S+)", done.out, re.MULTILINE))

    def resign(self, statement):
        kit.write(self.file("certificate"), self.bench.sign(statement))

    def forge(self, change_records, change_statement=None, transcripts=None):
        """Other results under a good seal, digests that fit, and a good signature: what only the holder of the key can do."""
        records = records_of(kit.read_bytes(self.file("results")))
        change_records(records)
        if transcripts is not None:
            kit.write(self.file("transcripts"), transcripts)
            records[-1]["transcripts_sha256"] = sha256(transcripts)
        content = sealed(records)
        kit.write(self.file("results"), content)
        statement = copy.deepcopy(self.statement)
        resource(statement, "results.jsonl")["digest"]["sha256"] = sha256(content)
        if transcripts is not None:
            resource(statement, "transcripts.jsonl")["digest"]["sha256"] = sha256(transcripts)
        if change_statement is not None:
            change_statement(statement)
        self.resign(statement)


def resource(statement, name):
    return next(item for item in statement["predicate"]["configuration"] if item["name"] == name)
