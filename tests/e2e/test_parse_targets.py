# SPDX-License-Identifier: MIT
"""The fuzz targets of the kit's own readers: a short hunt with a fixed seed finds nothing, and their dictionaries and seeds
keep up with the tables of the kit."""

import json
import os
import re
import unittest
import zipfile

import kit

FUZZERS = os.path.join(kit.SOURCE, "fuzzers")
BUILT = os.path.join(kit.BUILD, "fuzzers", "libfuzzer-asan")
READERS = sorted(name[:-2] for name in os.listdir(os.path.join(FUZZERS, "targets")) if re.match(r"parse_\w+\.c$", name))
RUNS = 10000


def source(*names):
    return kit.read_bytes(os.path.join(kit.SOURCE, *names)).decode()


def table(text, name):
    """The rows of one X-macro."""
    return re.search(rf"#define {name}\(X\)(?:.*\\\n)*.*\n", text).group(0)


def events():
    return set(re.findall(r'X\(\w+, "(\w+)"', table(source("models", "event.h"), "VPCI_EVENTS")))


def dictionary(name):
    """The entries of a target's dictionary, unescaped."""
    entries = re.findall(r'^"(.*)"$', kit.read_bytes(os.path.join(BUILT, f"{name}.dict")).decode(), re.MULTILINE)
    return {re.sub(r"\\(x[0-9a-f]{2}|.)", lambda found: bytes.fromhex(found[1][1:]).decode() if found[1][0] == "x" else found[1],
                   entry) for entry in entries}


@unittest.skipUnless(os.path.isdir(BUILT), "no fuzz targets: make fuzzers")
class VocabularyTest(unittest.TestCase):
    def test_the_dictionary_has_every_word_of_the_tables(self):
        words = events()
        words |= set(re.findall(r'X\(\w+, "(\w+)"', table(source("models", "event.h"), "VPCI_FIELDS")))
        words |= set(re.findall(r'X\(\w+, "(\w+)"', source("models", "capability.h")))
        words |= set(re.findall(r"X\((\w+), 0x[0-9A-F]+u\)", source("models", "protocol.h")))
        self.assertGreater(len(words), 90)
        self.assertEqual({f'"{word}"' for word in words} - dictionary("parse_event"), set())

    def test_the_dictionary_has_every_verb_and_option(self):
        options = source("harness", "options.h")
        words = set(re.findall(r'X\(\w+, "(--[a-z-]+)"', table(options, "VPCI_OPTIONS")))
        words |= {verb.replace(" ", "\n") for verb in re.findall(r'X\(\w+, "([a-z -]+)"', table(options, "VPCI_VERBS"))}
        self.assertGreater(len(words), 30)
        self.assertEqual(words - dictionary("parse_options"), set())

    def test_a_seed_has_every_event(self):
        with open(os.path.join(FUZZERS, "seeds", "parse_trace", "every-event"), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        self.assertEqual({line["event"] for line in lines[1:]}, events())


class SeedTest(kit.Test):
    """Seeds that no reader takes would teach an engine nothing."""

    def test_traces_are_read(self):
        folder = os.path.join(FUZZERS, "seeds", "parse_trace")
        for name in os.listdir(folder):
            done = self.run_program("check", os.path.join(folder, name))
            self.assertNotEqual(done.code, kit.FAULT, f"{name}: {done.err}")

    def test_results_are_read(self):
        folder = os.path.join(FUZZERS, "seeds", "parse_results")
        for name, sealed in (("violation", True), ("error", True), ("torn", False), ("omitted", False)):
            done = self.run_program("report", os.path.join(folder, name))
            self.assertEqual(done.code == kit.FAULT, False, f"{name}: {done.err}; make it again with vpci-conform run")
            self.assertEqual("torn" not in done.out, sealed, done.out)


@unittest.skipUnless(os.path.isdir(BUILT), "no fuzz targets: make fuzzers")
class HuntTest(kit.Test):
    def test_a_short_hunt_finds_nothing(self):
        self.assertGreaterEqual(len(READERS), 7)
        for reader in READERS:
            with self.subTest(reader=reader):
                seeds = self.path(reader)
                with zipfile.ZipFile(os.path.join(BUILT, f"{reader}_seed_corpus.zip")) as archive:
                    archive.extractall(seeds)
                done = self.run_program(f"-runs={RUNS}", "-seed=1337", "-max_len=2048", f"-dict={BUILT}/{reader}.dict",
                                        f"-artifact_prefix={self.folder}/", seeds,
                                        program=os.path.join(BUILT, reader), timeout=300)
                self.assertEqual(done.code, 0, done.err[-3000:])
                self.assertRegex(done.err, rf"Done {RUNS} runs")


if __name__ == "__main__":
    unittest.main()
