# SPDX-License-Identifier: MIT
"""tools/mutate finds mutants of a small tree, kills the fatal ones, and takes none for explained that the list does not name.
Its run over the kit itself is `make mutate`: too long for a test."""

import json
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

TOOL = os.path.join(kit.SOURCE, "tools", "mutate", "mutate.py")

SQUARE = """
unsigned square(unsigned n)
{
    return n * n;
}
"""
SMALL = """
#include <stdbool.h>
unsigned square(unsigned n);

/* No square ends in 2, whatever 3 becomes: if (n == 3) return true; */
#define UNTOUCHED(n) ((n) == 3)
bool ends_in_two(unsigned n)
{
    return square(n) % 10 == 3;
}

bool is_small(unsigned n)
{
    if (n < 10)
        return true;
    return false;
}
"""
TEST = """
#include <stdbool.h>
bool ends_in_two(unsigned n);
bool is_small(unsigned n);

int main(void)
{
    for (unsigned n = 0; n < 100; n++) {
        if (ends_in_two(n))
            return 1;
    }
    return is_small(9) && !is_small(10) ? 0 : 1;
}
"""


class MutateTest(kit.Test):
    def setUp(self):
        super().setUp()
        self.root = self.path("tree")
        for folder in ("models", "tests/unit"):
            os.makedirs(os.path.join(self.root, folder))
        for name, text in (("models/small.c", SMALL), ("models/square.c", SQUARE), ("models/model_state.h", ""),
                           ("models/requirement.h", ""), ("harness/version.h", ""), ("tests/naive_interval.c", ""),
                           ("tests/unit/test_model_direct.c", TEST)):
            os.makedirs(os.path.dirname(os.path.join(self.root, name)), exist_ok=True)
            kit.write(os.path.join(self.root, name), text)

    def mutate(self, *options, code, survivors=None):
        """What the tool prints."""
        listed = kit.write(self.path("survivors.json"), json.dumps(survivors or {}))
        done = kit.run(TOOL, "--root", self.root, "--out", self.path("out"), "--survivors", listed, "--killers",
                       "test_model_direct", "--files", "models/small.c", *options, program=kit.INTERPRETER, timeout=60)
        self.assertEqual(done.code, code, f"{done.out}{done.err}")
        return done.out

    def summary(self):
        with open(self.path("out", "mutation.json"), encoding="utf-8") as file:
            return json.load(file)

    def survivors_of(self, said):
        return re.findall(r"^SURVIVED  (\S+)", said, re.MULTILINE)

    def ids(self, said, what):
        return [line.split()[0] for line in said.splitlines() if what in line]

    def test_comments_and_macros_are_left_alone(self):
        said = self.mutate("--list", code=0)
        self.assertTrue(self.ids(said, "'<' -> '<='"))
        self.assertEqual(self.ids(said, "UNTOUCHED"), [])
        self.assertEqual({line.split()[1] for line in said.splitlines()},
                         {f"models/small.c:{number}:" for number in (9, 14, 15, 16)})
        self.assertEqual(said, self.mutate("--list", code=0))
        self.assertEqual(len({line.split()[0] for line in said.splitlines()}), len(said.splitlines()))

    def test_a_fatal_mutant_is_killed_and_one_that_changes_nothing_survives(self):
        said = self.mutate(code=1)
        survivors = self.survivors_of(said)
        self.assertTrue(survivors)
        for identity in survivors:
            self.assertIn(":ends_in_two:", identity)
        with open(self.path("out", "outcomes.json"), encoding="utf-8") as file:
            outcomes = json.load(file)
        for identity in self.ids(self.mutate("--list", code=0), "'<' -> '<='"):
            self.assertEqual(outcomes[identity], ["killed", "test_model_direct fails"])
        self.assertEqual(self.summary()["unexplained"], survivors)

    def test_an_entry_explains_a_survivor_and_nothing_else(self):
        survivors = self.survivors_of(self.mutate(code=1))
        explained = {identity: {"kind": "equivalent", "reason": "no square ends so"} for identity in survivors}
        self.mutate(code=0, survivors=explained)
        self.assertEqual((self.summary()["per_cent"], self.summary()["unexplained"], self.summary()["stale"]), (100.0, [], {}))
        one = explained.pop(survivors[0])
        said = self.mutate(code=1, survivors=explained)
        self.assertEqual(self.survivors_of(said), survivors[:1])
        # What can be told apart, and nobody needs to, is explained; but it counts.
        self.mutate("--only", survivors[0], code=1, survivors={survivors[0]: {**one, "kind": "invisible"}})
        self.assertEqual((self.summary()["per_cent"], self.summary()["unexplained"]), (0.0, []))

    def test_an_entry_without_a_survivor_is_stale(self):
        killed = self.ids(self.mutate("--list", code=0), "'<' -> '<='")[0]
        gone = "models/small.c:is_small:00000000:boundary:1"
        elsewhere = "models/other.c:f:00000000:boundary:1"
        entry = {"kind": "equivalent", "reason": "said of it once"}
        said = self.mutate("--only", killed, code=0, survivors={killed: entry, gone: entry, elsewhere: entry})
        self.assertEqual(self.summary()["stale"], {gone: "there is no such mutant", killed: "killed"})
        self.assertIn(f"STALE     {gone}", said)

    def test_a_list_that_is_not_as_it_should_be_is_refused(self):
        for entry in ({"kind": "lucky", "reason": "x"}, {"kind": "equivalent"}, {"kind": "equivalent", "reason": " "},
                      {"kind": "equivalent", "reason": "x", "more": 1}):
            self.mutate(code=3, survivors={"models/small.c:f:0:x:1": entry})

    def test_a_test_that_is_not_content_with_the_kit_kills_nothing(self):
        kit.write(os.path.join(self.root, "tests", "unit", "test_model_direct.c"), TEST.replace("is_small(9)", "is_small(10)"))
        self.mutate(code=3)

    def test_a_mutant_that_does_not_end_is_killed(self):
        source = SMALL.replace("    return false;", "    while (n >= 10)\n        n--;\n    return n > 9;")
        kit.write(os.path.join(self.root, "models", "small.c"), source)
        identity = self.ids(self.mutate("--list", code=0), "'n--;' -> ';'")[0]
        self.mutate("--only", identity, "--cpu-seconds", "1", code=0)
        with open(self.path("out", "outcomes.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)[identity], ["killed", "timeout"])


if __name__ == "__main__":
    unittest.main()
