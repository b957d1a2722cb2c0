# SPDX-License-Identifier: MIT
"""Every liar is caught by the requirement it breaks, in a case that golden passes; the report names it, shows the steps and
gives a command that catches it again. No variant is ever accused. Found by name: a new liar or variant is tested at once."""

import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402


class Liar:
    """What its first line says: the requirement it breaks ("any" when what breaks is a driver's first duty, not to crash),
    and the role in which alone it shows."""

    def __init__(self, name):
        line = kit.first_line_of(os.path.join(kit.SOURCE, "harness", "adapters", "liars", f"{name}.c"))
        said = re.match(r"/\* breaks: ([A-Z]{2}-\d\d|any) (in a stack )?", line)
        assert said, f"{name}.c: the first line does not say what it breaks: {line}"
        self.adapter, self.breaks = f"liar:{name}", said.group(1)
        self.roles = ("stack",) if said.group(2) else ("bus",)


class LiarsTest(kit.Test):
    @classmethod
    def setUpClass(cls):
        cls.breaches = kit.breaches()

    def passed_by_golden(self, role):
        _, results = self.certify("golden", "--quiet", "--role", role, code=kit.CONFORMS)
        return {case["name"] for case in results.cases if case["verdict"] == "pass"}

    def test_every_liar_is_caught_by_the_requirement_it_breaks(self):
        names = kit.bundled("liars")
        self.assertGreater(len(names), 100)
        passed = {role: self.passed_by_golden(role) for role in ("bus", "stack")}
        for name in names:
            liar = Liar(name)
            for role in liar.roles:
                with self.subTest(liar=name, role=role, breaks=liar.breaks):
                    self.catch(liar, role, passed[role])

    def catch(self, liar, role, passed_by_golden):
        done, results = self.certify(liar.adapter, "--role", role, "--step-time", "500ms")  # one liar hangs
        if self.breaches.get(liar.breaks) == "WARNING":
            self.assertIn(done.code, (kit.CONFORMS, kit.VIOLATION))  # it may break something worse as well
            warned = [case for case in results.cases
                      if any(warning["requirement"] == liar.breaks for warning in case.get("warnings", []))]
            self.assertTrue(warned, "no case warns of it")
            self.assertRegex(done.out, rf"(?m)^Warnings\n(?:.*\n)*?  {liar.breaks} ")
            return
        self.assertEqual(done.code, kit.VIOLATION)
        self.assertTrue(done.out.startswith("VIOLATION  "), done.out[:80])
        failed = [case for case in results.cases if case["verdict"] == "fail"]
        blaming = [case for case in failed if liar.breaks in ("any", case.get("requirement"))]
        self.assertTrue(blaming, f"blamed instead: {sorted({case.get('requirement') for case in failed})}")
        self.assertLessEqual({case["name"] for case in failed}, passed_by_golden)
        self.check_report(liar, done.out, blaming)

    def check_report(self, liar, console, blaming):
        blamed = blaming[0]["requirement"]
        finding = re.search(rf"(?ms)^\d+\. {blamed}  .*?^   repeat\n", console)
        self.assertTrue(finding, f"{blamed} is not among the findings of the report")
        text = finding.group()
        case = re.sub(r"\n +", "", re.search(r"(?ms)^   case +(.*?)\n(?!  {11})", text).group(1))
        self.assertIn(case, {each["name"] for each in blaming})
        for words in ("   requires  ", "   source    ", "\n    1  kit -> IUT ", f"<-- {blamed}: "):
            self.assertIn(words, text)
        command = kit.repeat_commands(console)[blamed]
        again = kit.shell(command, self.folder)
        self.assertEqual(again.code, kit.VIOLATION, f"{command}\n{again.out}{again.err}")
        self.assertIn(f"\n1. {blamed}  ", again.out)
        self.assertIn("\nFindings: 1\n", again.out)

    def test_a_command_is_printed_so_that_a_shell_reads_it_whole(self):
        folder = self.path("it's a \"folder\" $HOME; with `spaces`")
        os.mkdir(folder)
        adapter = os.path.join(folder, "caches reads.so")
        os.symlink(os.path.join(kit.ADAPTERS, "liars", "caches-reads.so"), adapter)
        done, _ = self.select(adapter, "direct/every-read-asks-the-pf-again", code=kit.VIOLATION)
        again = kit.shell(kit.repeat_commands(done.out)["PF-10"], self.folder)
        self.assertEqual(again.code, kit.VIOLATION, again.err)


class VariantsTest(kit.Test):
    def test_no_variant_is_accused_in_any_role_it_claims(self):
        names = kit.bundled("variants")
        self.assertGreater(len(names), 20)
        for name in names:
            with self.subTest(variant=name):
                _, results = self.certify(f"variant:{name}", "--quiet", code=kit.CONFORMS)
                self.check(results)
                for role in results.header["roles"][1:]:
                    self.check(self.certify(f"variant:{name}", "--quiet", "--role", role, code=kit.CONFORMS)[1])

    def check(self, results):
        role = results.header["role"]
        for case in results.cases:
            self.assertIn(case["verdict"], ("pass", "not_applicable"), f"{role}: {case['name']}")
        for name, row in results.footer["requirements"].items():
            self.assertIn(row["verdict"], ("pass", "not_exercised", "not_applicable", "not_observable", "warning"), name)


if __name__ == "__main__":
    unittest.main()
