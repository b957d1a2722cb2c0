# SPDX-License-Identifier: MIT
"""corpus/regressions: scenarios that were found, not written. Each fails on the liar it was found on, in the way it was
found; every correct implementation passes all of them. One that names a correct implementation shows where the kit itself
was once wrong: that one passes, too."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

FOLDER = os.path.join(kit.CORPUS, "regressions")
PROFILES = ("default", "strict")  # those that golden conforms to


def regressions():
    """(path, scenario) of each."""
    for name in sorted(os.listdir(FOLDER)):
        path = os.path.join(FOLDER, name)
        yield path, json.loads(kit.read_bytes(path))


def lies(finding):
    return finding["adapter"].split(":")[0] in ("liar", "fuzz-liar")


class RegressionsTest(kit.Test):
    def test_the_name_of_each_is_that_of_its_fault(self):
        for path, scenario in regressions():
            with self.subTest(os.path.basename(path)):
                finding = scenario["finding"]
                self.assertRegex(finding["fingerprint"], "^[0-9a-f]{64}$")
                self.assertEqual(os.path.basename(path), f"{finding['requirement']}-{finding['fingerprint'][:12]}.json")
                self.assertIn(finding["requirement"], scenario["requirements"])

    def test_every_liar_for_the_fuzzers_is_among_them(self):
        named = {scenario["finding"]["adapter"] for _, scenario in regressions()}
        self.assertLessEqual({f"fuzz-liar:{name}" for name in kit.bundled("fuzz-liars")}, named)

    def test_each_still_fails_in_the_same_way_on_the_liar_it_was_found_on(self):
        for path, scenario in regressions():
            finding = scenario["finding"]
            if lies(finding):
                with self.subTest(os.path.basename(path), adapter=finding["adapter"]):
                    self.check_liar(path, scenario["roles"][0] if "roles" in scenario else "bus", finding)

    def check_liar(self, path, role, finding):
        done = self.run_program("replay", path, "--adapter", finding["adapter"], "--role", role, "--step-time", "1s")
        self.assertEqual(done.code, kit.VIOLATION, done.out + done.err)
        self.assertIn("\nIt still fails in the same way.\n", done.out)
        self.assertRegex(done.out, rf"(?m)^fail \({finding['cause']}\) {finding['requirement']}")

    def test_minimizing_one_once_more_gives_the_same_name(self):
        for path, scenario in regressions():
            finding = scenario["finding"]
            if lies(finding) and "repeat" not in json.dumps(scenario["steps"]):
                with self.subTest(os.path.basename(path)):
                    role = scenario["roles"][0] if "roles" in scenario else "bus"
                    done = self.run_program("minimize", path, "--adapter", finding["adapter"], "--role", role, "--quiet",
                                            "--out", self.path("again"), "--step-time", "1s")
                    self.assertEqual(os.path.basename(done.out.strip()), os.path.basename(path), done.out + done.err)

    def suite(self):
        """A corpus whose scenarios are the regressions."""
        folder = self.path("corpus")
        os.mkdir(folder)
        os.symlink(os.path.join(kit.CORPUS, "requirements.json"), os.path.join(folder, "requirements.json"))
        os.symlink(FOLDER, os.path.join(folder, "scenarios"))
        return folder

    def check_passes(self, adapter, corpus, role, profile="default"):
        out = f"{adapter}-{role}-{profile}"
        done = self.run_program("run", "--adapter", adapter, "--corpus", corpus, "--role", role, "--profile", profile, "--quiet",
                                "--out", self.path(out))
        self.assertEqual(done.code, kit.CONFORMS, done.out + done.err)
        verdicts = {case["name"]: case["verdict"] for case in kit.read_results(self.path(out)).cases}
        self.assertEqual(set(verdicts), {name[:-5] for name in os.listdir(FOLDER)})
        wrong = {name: verdict for name, verdict in verdicts.items() if verdict not in ("pass", "not_applicable")}
        self.assertEqual(wrong, {})
        return verdicts

    def test_golden_passes_all_under_each_profile(self):
        corpus = self.suite()
        for profile in PROFILES:
            with self.subTest(profile):
                passed = self.check_passes("golden", corpus, "bus", profile)
                for name, verdict in self.check_passes("golden", corpus, "stack", profile).items():
                    self.assertIn("pass", (verdict, passed[name]), f"{name}: applicable in no role")

    def test_every_variant_passes_all_in_every_role_it_claims(self):
        corpus = self.suite()
        for name in ["golden-blocking", *(f"variant:{each}" for each in kit.bundled("variants"))]:
            with self.subTest(name):
                self.check_passes(name, corpus, "bus")
                if "stack" in kit.read_results(self.path(f"{name}-bus-default")).header["roles"]:
                    self.check_passes(name, corpus, "stack")

    def test_the_suite_is_the_same_without_them(self):
        listed = self.run_program("list", "scenarios")
        self.assertEqual(listed.code, kit.CONFORMS, listed.err)
        for path, _ in regressions():
            self.assertNotIn(os.path.basename(path)[:-5], listed.out)


if __name__ == "__main__":
    unittest.main()
