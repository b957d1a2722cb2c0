# SPDX-License-Identifier: MIT
"""The fuzz targets are built the way a fleet (OSS-Fuzz, ClusterFuzzLite) expects it: what fuzzers/build.sh makes of a fleet's
environment passes tools/check-fuzzers.sh, and that check refuses what it is there to refuse."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
import zipfile

import kit

FUZZERS = os.path.join(kit.BUILD, "fuzzers")
CHECK = os.path.join(kit.SOURCE, "tools", "check-fuzzers.sh")
SCRIPT = os.path.join(kit.SOURCE, "fuzzers", "build.sh")
MERGE = os.path.join(kit.SOURCE, "tools", "merge-corpus.sh")
CLANG = "clang-19"
TARGETS = sorted(name[:-2] for name in os.listdir(os.path.join(kit.SOURCE, "fuzzers", "targets")) if name.endswith(".c"))
FLAVOURS = {"libfuzzer": ("libfuzzer", "none"), "libfuzzer-asan": ("libfuzzer", "address undefined"), "afl": ("afl", "none")}

# What OSS-Fuzz hands to a project's build.sh, for the compiler at hand.
COMMON = "-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
COVERAGE = "-fsanitize=fuzzer-no-link"
ADDRESS = "-fsanitize=address -fsanitize-address-use-after-scope"
UNDEFINED = "-fsanitize=bounds,bool,builtin,enum,null,object-size,return,shift,signed-integer-overflow,unreachable " \
            "-fno-sanitize-recover=all"

# A target as small as can be; each test of a refusal changes one thing about it or its build.
SMALL = r"""
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#ifndef EXTRA
#define EXTRA
#endif
EXTRA
static int table[64];
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char copy[16] = "";
#ifdef CRASHES_ON_EMPTY
    if (length == 0)
        abort();
#endif
#ifdef CRASHES_ON_A
    if (length > 0 && bytes[0] == 'a')
        abort();
#endif
    for (size_t i = 0; i < length; i++) {
        copy[i % sizeof copy] = (char)bytes[i];
        if (bytes[i] == 'x')
            table[i % 64] += copy[(i * 7) % 16] << 1;
        else if (bytes[i] > 'p')
            table[bytes[i] % 64]--;
        else if (table[i % 64] > 7)
            return 0;
    }
    return 0;
}
"""


def check(folder, engine="libfuzzer", sanitizer="none", **environment):
    return kit.run(folder, program=CHECK, timeout=300,
                   environment={"FUZZING_ENGINE": engine, "SANITIZER": sanitizer, **environment})


@unittest.skipUnless(os.path.isdir(FUZZERS), "no fuzz targets: make fuzzers")
class FlavourTest(unittest.TestCase):
    def test_every_target_of_every_flavour_is_in_order(self):
        for flavour, (engine, sanitizer) in FLAVOURS.items():
            with self.subTest(flavour=flavour):
                done = check(os.path.join(FUZZERS, flavour), engine, sanitizer)
                self.assertEqual(done.code, 0, done.out + done.err)
                self.assertIn(f"{len(TARGETS)} targets are in order", done.out)

    def test_adapters_are_built_with_the_engines_instrumentation(self):
        for flavour, callback in (("libfuzzer", "__sanitizer_cov_8bit_counters_init"), ("libfuzzer-asan", "__asan_init"),
                                  ("afl", "__afl_area_ptr")):
            for adapter in ("golden.so", "variants/lifo.so"):
                with self.subTest(flavour=flavour, adapter=adapter):
                    path = os.path.join(FUZZERS, flavour, "adapters", adapter)
                    symbols = subprocess.run(["nm", "-D", path], check=True, capture_output=True, text=True).stdout
                    self.assertRegex(symbols, rf"U {callback}\b")

    def test_a_target_of_the_protocol_whose_adapter_has_no_coverage_is_refused(self):
        """Kit and glue are not counted, so without the adapter's there is next to nothing left to hunt by."""
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out")
            shutil.copytree(os.path.join(FUZZERS, "libfuzzer"), out, ignore=shutil.ignore_patterns(".work", "parse_*"))
            shutil.copy(os.path.join(kit.ADAPTERS, "golden.so"), os.path.join(out, "adapters"))
            done = check(out)
        self.assertNotEqual(done.code, 0, done.out)
        for target in ("block_protocol", "block_protocol_pairs"):
            self.assertRegex(done.out, rf"{target}: \d+ places of coverage, at least \d+ are wanted")

    def test_the_mutator_is_one_object_without_instrumentation_for_both_engines(self):
        for flavour in FLAVOURS:
            with self.subTest(flavour=flavour):
                path = os.path.join(FUZZERS, flavour, "vpci-mutator.so")
                symbols = subprocess.run(["nm", "-D", path], check=True, capture_output=True, text=True).stdout
                self.assertIn(" T afl_custom_fuzz", symbols)
                self.assertIn(" T LLVMFuzzerCustomMutator", symbols)
                self.assertNotRegex(symbols, r"__asan|__ubsan|__sanitizer_cov|__afl_area|U LLVMFuzzerMutate")


@unittest.skipUnless(os.path.isdir(FUZZERS), "no fuzz targets: make fuzzers")
class FleetTest(kit.Test):
    def build(self, flags, out="out"):
        """What a fleet does: build.sh in an environment of the fleet's, from a folder of the fleet's."""
        os.makedirs(self.path(out))
        done = self.run_program(program=SCRIPT, timeout=600, environment={
            "CC": CLANG, "CXX": "clang++-19", "CFLAGS": flags, "CXXFLAGS": flags, "LIB_FUZZING_ENGINE": "-fsanitize=fuzzer",
            "OUT": self.path(out), "WORK": self.path("work"), "SRC": self.path("src")})
        self.assertEqual(done.code, 0, done.out[-3000:] + done.err[-3000:])

    def test_a_fleets_address_build_is_in_order(self):
        self.build(f"{COMMON} {ADDRESS} {COVERAGE}")
        done = check(self.path("out"), sanitizer="address")
        self.assertEqual(done.code, 0, done.out + done.err)
        for name in TARGETS:
            self.assertTrue(os.access(self.path("out", name), os.X_OK), name)
        self.assert_every_scenario_is_a_seed()

    def assert_every_scenario_is_a_seed(self):
        folders = os.walk(os.path.join(kit.CORPUS, "scenarios"))
        scenarios = sum(name.endswith(".json") for _, _, names in folders for name in names)
        with zipfile.ZipFile(self.path("out", "parse_scenario_seed_corpus.zip")) as seeds:
            self.assertGreaterEqual(len(seeds.namelist()), scenarios)

    def test_the_script_adds_no_flag_of_its_own(self):
        text = re.sub(r"^\s*#.*$", "", kit.read_bytes(SCRIPT).decode(), flags=re.MULTILINE)
        self.assertNotRegex(text, r"-fsanitize|-march|\bstrip\b|-O[0-3s]")


@unittest.skipUnless(os.path.isdir(FUZZERS), "no fuzz targets: make fuzzers")
class RefusalTest(kit.Test):
    """Each builds the small target with one thing wrong. The first shows that it is in order without."""

    def target(self, flags=(), sanitizer=ADDRESS, coverage=COVERAGE, link=(), name="small", seeds=True,
               options="[libfuzzer]\nmax_len = 64\n"):
        os.makedirs(self.path("out"), exist_ok=True)
        source = kit.write(self.path("small.c"), SMALL)
        common = [*COMMON.split(), *sanitizer.split()]
        subprocess.run([CLANG, *common, *coverage.split(), *flags, "-c", source, "-o", self.path("small.o")], check=True,
                       timeout=60)
        subprocess.run(["clang++-19", *common, "-fsanitize=fuzzer", *(link or ADDRESS.split()), self.path("small.o"), "-o",
                        self.path("out", name)], check=True, timeout=60)
        if options:
            kit.write(self.path("out", f"{name}.options"), options)
        if seeds:
            with zipfile.ZipFile(self.path("out", f"{name}_seed_corpus.zip"), "w") as archive:
                archive.writestr("one", "abcx")
                archive.writestr("two", "xxxxxxxxxxxxxxxxx" * 20)

    def assert_refused(self, *words, sanitizer="address"):
        done = check(self.path("out"), sanitizer=sanitizer, EDGES_MIN="5")
        self.assertNotEqual(done.code, 0, done.out)
        for word in words:
            self.assertIn(word, done.out)

    def test_the_small_target_is_in_order(self):
        self.target()
        done = check(self.path("out"), sanitizer="address", EDGES_MIN="5")
        self.assertEqual((done.code, done.out.count("in order")), (0, 1), done.out + done.err)

    def test_no_coverage(self):
        self.target(coverage="")
        self.assert_refused("0 places of coverage")

    def test_too_little_coverage(self):
        self.target()
        self.assertIn("places of coverage, at least 300", check(self.path("out"), sanitizer="address").out)

    def test_an_abort_before_main(self):
        self.target(["-DEXTRA=__attribute__((constructor)) static void early(void) { abort(); }"])
        self.assert_refused("does not start")

    def test_no_address_sanitizer_in_an_address_build(self):
        self.target(sanitizer="", link=("-fsanitize=address",))
        self.assert_refused("not compiled with AddressSanitizer")

    def test_address_sanitizer_in_another_build(self):
        self.target()
        self.assert_refused("compiled with AddressSanitizer", sanitizer="undefined")

    def test_undefined_sanitizer_in_an_address_build(self):
        statements = "".join(f"int f{i}(int *p, int i) {{ return (p[i] << i) + p[i + 1] * i; }}" for i in range(8))
        self.target([f"-DEXTRA={statements}", *UNDEFINED.split()], link=(*ADDRESS.split(), "-fsanitize=undefined"))
        self.assert_refused("compiled with UndefinedBehaviorSanitizer")

    def test_no_undefined_sanitizer_in_an_undefined_build(self):
        self.target(sanitizer="", link=("-fsanitize=undefined",))
        self.assert_refused("not compiled with UndefinedBehaviorSanitizer", sanitizer="undefined")

    def test_no_extra_counters_in_a_target_of_the_protocol(self):
        self.target(name="block_protocol_small")
        self.assert_refused("no extra counters")

    def test_a_crash_on_empty_input(self):
        self.target(["-DCRASHES_ON_EMPTY"])
        self.assert_refused("does not start", "fails on empty input")

    def test_a_seed_that_crashes(self):
        self.target(["-DCRASHES_ON_A"])
        self.assert_refused("fails on its seeds")

    def test_attachments_are_missing(self):
        self.target(seeds=False, options=None)
        self.assert_refused("no small.options", "no small_seed_corpus.zip", "no seeds")

    def test_a_reader_without_dictionary(self):
        self.target(name="parse_small")
        self.assert_refused("no parse_small.dict")

    def test_a_dictionary_that_cannot_be_read(self):
        self.target()
        kit.write(self.path("out", "small.dict"), "not a dictionary\n")
        self.assert_refused("does not start")

    def test_an_option_that_the_engine_does_not_know(self):
        self.target(options="[libfuzzer]\nmaximal_length = 5\n")
        self.assert_refused("an option that the engine does not know")

    def test_stripped(self):
        self.target()
        subprocess.run(["strip", self.path("out", "small")], check=True)
        self.assertIn("no target in it", check(self.path("out"), sanitizer="address", EDGES_MIN="5").out)

    def test_a_library_that_stays_behind(self):
        self.target(link=(*ADDRESS.split(), "-Wl,--no-as-needed", "-lcjson"))
        self.assert_refused("needs a library that does not lie beside it")

    def test_a_library_by_its_absolute_path(self):
        self.target(link=(*ADDRESS.split(), "-Wl,-rpath,/usr/lib/x86_64-linux-gnu"))
        self.assert_refused("looks for libraries at /usr/lib")

    def test_a_file_outside_of_tmp(self):
        self.target(["-DEXTRA=__attribute__((constructor)) static void early(void) "
                     "{ FILE *file = fopen(\"state\", \"w\"); if (!file) abort(); fclose(file); }"])
        self.assert_refused("does not start")

    def test_a_name_that_a_fleet_does_not_take(self):
        self.target(name="small.target")
        self.assert_refused("its name has other characters")

    def test_an_empty_folder(self):
        os.makedirs(self.path("out"))
        self.assert_refused("no target in it")


@unittest.skipUnless(os.path.isdir(FUZZERS), "no fuzz targets: make fuzzers")
class MergeTest(kit.Test):
    def setUp(self):
        super().setUp()
        self.target = os.path.join(FUZZERS, "libfuzzer", "parse_json")
        with zipfile.ZipFile(f"{self.target}_seed_corpus.zip") as archive:
            archive.extractall(self.path("corpus"))

    def files(self):
        return {name: kit.read_bytes(self.path("corpus", name)) for name in os.listdir(self.path("corpus"))}

    def test_a_merge_keeps_the_features_in_fewer_inputs(self):
        before = self.files()
        done = self.run_program(self.target, self.path("corpus"), program=MERGE)
        self.assertEqual(done.code, 0, done.err)
        counts = re.search(r"(\d+) inputs became (\d+), (\d+) features became (\d+)", done.out)
        self.assertTrue(counts, done.out)
        inputs, left, features, kept = map(int, counts.groups())
        self.assertEqual((inputs, left), (len(before), len(self.files())))
        self.assertLess(left, inputs)
        self.assertGreaterEqual(kept, features)
        self.assertEqual(os.listdir(self.folder), ["corpus"])

    def test_a_merge_that_loses_features_is_not_taken(self):
        before = self.files()
        forgetful = kit.write(self.path("forgetful"), f"""#!/bin/sh
            {self.target} "$@" || exit
            case $1 in -set_cover_merge=1) cd "$2" && ls -S | head -n 3 | xargs rm ;; esac
            """)
        os.chmod(forgetful, 0o755)
        done = self.run_program(forgetful, self.path("corpus"), program=MERGE)
        self.assertNotEqual(done.code, 0, done.out)
        self.assertIn("kept as it was", done.err)
        self.assertEqual(self.files(), before)


if __name__ == "__main__":
    unittest.main()
