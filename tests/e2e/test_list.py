# SPDX-License-Identifier: MIT
"""What `list` prints: whole, well-formed, and for requirements and scenarios counted from an execution."""

import json
import unittest

import kit


class ListTest(kit.Test):
    def list_json(self, what, *options):
        done = self.run_program("list", what, "--format", "json", *options)
        self.assertEqual(done.code, 0, done.err)
        return json.loads(done.out)

    def test_everything_is_listed_as_text_too(self):
        for what in ("requirements", "scenarios", "capabilities", "profiles", "adapters"):
            with self.subTest(what=what):
                done = self.run_program("list", what)
                self.assertEqual(done.code, 0, done.err)
                self.assertGreater(len(done.out.splitlines()), 3)

    def test_each_requirement_that_can_be_seen_was_exercised(self):
        rows = self.list_json("requirements")
        self.assertEqual(len(rows), 165)
        for row in rows:
            with self.subTest(id=row["id"]):
                if "observed" in row:
                    self.assertGreater(row["cases"], 0)
                    self.assertTrue(row["scenarios"])
                else:
                    self.assertTrue(row["not_observable"])
        self.assertGreaterEqual(sum("observed" in row for row in rows if row["binds"] == "provider"), 80)

    def test_the_count_comes_from_execution(self):
        """An implementation that claims direct calls alone exercises nothing of the IOCTLs."""
        rows = {row["id"]: row for row in self.list_json("requirements", "--adapter", "variant:minimal-claims")}
        self.assertGreater(rows["RD-01"]["cases"], 0)
        self.assertEqual((rows["IV-01"]["cases"], rows["IV-01"]["scenarios"]), (0, []))

    def test_each_scenario_exercises_what_it_lists(self):
        for row in self.list_json("scenarios"):
            with self.subTest(name=row["name"]):
                self.assertGreater(row["cases"], 0)
                if row["name"].startswith("refusal/"):  # a probe is there for no requirement, and golden claims all
                    self.assertEqual((row["requirements"], row["exercised"]), ([], []))
                else:
                    self.assertTrue(set(row["requirements"]) & set(row["exercised"]))

    def test_the_bundled_adapters_are_all_there(self):
        names = self.list_json("adapters")
        wanted = {"golden", "golden-blocking"} | {f"liar:{name}" for name in kit.bundled("liars")}
        wanted |= {f"variant:{name}" for name in kit.bundled("variants")}
        self.assertLessEqual(wanted, set(names))
        self.assertEqual(len(names), len(set(names)))

    def test_each_choice_of_a_profile_names_its_register_entry(self):
        profiles = self.list_json("profiles")
        self.assertEqual(profiles[0]["name"], "default")
        for profile in profiles:
            for choice in profile["choices"]:
                self.assertRegex(choice["register"], r"^A-\d\d$")
                self.assertTrue(choice["value"])

    def test_another_format_is_refused(self):
        self.assert_fault(self.run_program("list", "profiles", "--format", "junit"), "--format")


if __name__ == "__main__":
    unittest.main()
