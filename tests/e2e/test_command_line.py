# SPDX-License-Identifier: MIT
"""The command line as a user meets it: help, version, man page, completion, what verbs for authors of adapters say. What it
refuses is in test_no_false_green.py, what an adapter on the channel is told in test_channel.py."""

import os
import re
import shutil
import subprocess
import sys
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402

VERBS = ("certify", "run", "check", "replay", "list", "adapter check", "adapter new", "compare", "report", "help")


class HelpTest(kit.Test):
    def said(self, *arguments):
        done = self.run_program(*arguments)
        self.assertEqual((done.code, done.err), (0, ""), arguments)
        return done.out

    def test_every_way_to_ask_for_help_gives_the_same(self):
        overview = self.said("--help")
        self.assertEqual(self.said("help"), overview)
        self.assertEqual(self.said("help", "--help"), overview)
        for verb in VERBS[:-1]:
            self.assertIn(f"\n  {verb} ", overview)
            text = self.said("help", *verb.split())
            self.assertEqual(self.said(*verb.split(), "--help"), text)
            self.assertTrue(text.startswith(f"vpci-conform {verb}"))

    def test_help_gives_the_exit_codes_and_fits_a_terminal(self):
        for text in (self.said("--help"), *(self.said("help", *verb.split()) for verb in VERBS)):
            self.assertEqual(re.findall(r"(?m)^  ([0-3])   ", text.split("\nExit codes\n", 1)[1]), ["0", "1", "2", "3"])
            self.assertLessEqual(max(map(len, text.splitlines())), 100)

    def test_each_verb_takes_the_options_that_its_help_names_and_no_other(self):
        overview = set(re.findall(r"(?m)^  (--[a-z-]+)", self.said("--help")))
        self.assertGreater(len(overview), 12)
        for verb in VERBS:
            own = set(re.findall(r"(?m)^  (--[a-z-]+)", self.said("help", *verb.split())))
            self.assertIn("--help", own)
            for option in overview:
                done = self.run_program(*verb.split(), option)  # without its argument, so that nothing begins
                self.assertEqual("is not an option of this verb" not in done.err, option in own, f"{verb} {option}: {done.err}")

    def test_the_version_is_that_of_the_source_and_of_the_results(self):
        with open(os.path.join(kit.SOURCE, "harness", "version.h"), encoding="utf-8") as file:
            version = re.search(r'VPCI_KIT_VERSION "([^"]+)"', file.read()).group(1)
        self.assertEqual(self.said("--version"), f"vpci-conform {version}\n")
        _, results = self.select("golden", "direct/length-zero-is-harmless", "--quiet", code=kit.CONFORMS)
        self.assertEqual(results.header["kit"], version)

    @unittest.skipUnless(shutil.which("groff"), "no groff")
    def test_the_man_page_is_good_roff(self):
        page = kit.write(self.path("vpci-conform.1"), self.said("--man"))
        done = kit.run("-man", "-ww", "-z", page, program="groff")
        self.assertEqual((done.code, done.out, done.err), (0, "", ""))
        text = re.sub(r".\x08", "", kit.run("-man", "-Tascii", "-P-c", page, program="groff").out)
        for verb in VERBS:
            self.assertRegex(text, rf"(?m)^ +{verb}\b")
        for section in ("NAME", "SYNOPSIS", "VERBS", "OPTIONS", "EXIT STATUS", "FILES", "EXAMPLES"):
            self.assertRegex(text, rf"(?m)^{section}$")

    def test_completions_are_read_by_their_shells(self):
        for shell in ("bash", "zsh", "fish"):
            script = kit.write(self.path(shell), self.said("--completion", shell))
            if shutil.which(shell):
                done = kit.run("-n", script, program=shutil.which(shell))
                self.assertEqual((done.code, done.err), (0, ""), shell)
        self.assert_fault(self.run_program("--completion", "csh"), "csh")

    @unittest.skipUnless(shutil.which("bash"), "no bash")
    def test_bash_completes_every_verb(self):
        script = kit.write(self.path("bash"), self.said("--completion", "bash"))
        words = "COMP_WORDS=(vpci-conform {}); COMP_CWORD={}; _vpci_conform; echo ${{COMPREPLY[*]}}"
        for typed, place, offers in (("c", 1, "certify check compare"), ("adapter ''", 2, "check new"),
                                     ("list --format ''", 3, "text json"),
                                     ("report x --format ''", 4, "console junit markdown html sarif tap badge shields"), ("run --role s", 3, "stack")):
            done = kit.run("-c", f"source {script}; " + words.format(typed, place), program=shutil.which("bash"))
            self.assertEqual(done.out.strip(), offers, done)


class ReportTest(kit.Test):
    def test_reports_are_those_of_the_run_and_need_nothing_but_the_file(self):
        run, _ = self.certify("liar:caches-reads", code=kit.VIOLATION)
        elsewhere = shutil.copy(self.path("out", "results.jsonl"), self.path("moved.jsonl"))
        for form, name in (("junit", "junit.xml"), ("markdown", "summary.md")):
            done = self.run_program("report", elsewhere, "--format", form)
            self.assertEqual((done.code, done.out), (kit.VIOLATION, kit.read_bytes(self.path("out", name)).decode()))
        console = self.run_program("report", elsewhere)
        self.assertEqual(console, self.run_program("report", elsewhere, "--format", "console"))
        self.assertEqual(console.code, kit.VIOLATION)
        self.assertTrue(run.out.startswith(console.out.split("\nFindings")[0]))
        self.assert_fault(self.run_program("report", elsewhere, "--format", "pdf"), "pdf")

    def test_a_report_has_the_exit_code_of_the_run(self):
        for adapter, options, code in (("golden", (), kit.CONFORMS), ("liar:caches-reads", (), kit.VIOLATION),
                                       ("golden", ("--time", "1ms"), kit.INCONCLUSIVE)):
            self.certify(adapter, "--quiet", *options, code=code)
            for form in ("console", "junit", "markdown"):
                self.assertEqual(self.run_program("report", self.path("out", "results.jsonl"), "--format", form).code, code)

    def test_hostile_names_harm_no_report(self):
        source = ('#include "harness/adapters/golden/golden.h"\n'
                  'GOLDEN_ENTRY("<b>&amp;]]> \\x1b[31m | `rm` ${HOME} \\xff\\n# CONFORMS", NULL, NULL)\n')
        path = self.compile_plugin("named", source, "-Wl,--whole-archive",
                                   os.path.join(kit.BUILD, "harness", "adapters", "libvpci_golden.a"), "-Wl,--no-whole-archive")
        done, _ = self.select(path, "direct/length-zero*", code=kit.CONFORMS)
        xml.etree.ElementTree.parse(self.path("out", "junit.xml"))
        summary = kit.read_bytes(self.path("out", "summary.md")).decode()
        for text in (done.out, summary):
            self.assertNotIn("\x1b", text)
            self.assertNotRegex(text, r"(?m)^# CONFORMS")

    def test_a_pipe_that_closes_early_ends_the_program_quietly(self):
        self.certify("liar:caches-reads", "--quiet", code=kit.VIOLATION)
        done = kit.run("-c", f"'{kit.PROGRAM}' report out/results.jsonl --format junit | head -1", program="/bin/sh",
                       cwd=self.folder)
        self.assertEqual((done.code, done.err), (0, ""))

    def test_there_is_no_colour_where_there_is_no_terminal(self):
        done, _ = self.certify("liar:caches-reads", code=kit.VIOLATION, environment={"NO_COLOR": "", "TERM": "xterm"})
        self.assertNotIn("\x1b", done.out + done.err)


class AuthorTest(kit.Test):
    def test_a_plug_in_is_loaded_opened_and_closed(self):
        for name in ("golden", "golden-blocking", "variant:lifo", f"{kit.ADAPTERS}/golden.so"):
            done = self.run_program("adapter", "check", "--adapter", name)
            self.assertEqual(done.code, 0, done)
            self.assertIn("loaded, opened and closed as bus", done.out)
        done = self.run_program("adapter", "check", "--adapter", "golden", "--role", "stack")
        self.assertIn("as stack", done.out)
        done = self.run_program("adapter", "check", "--adapter", "golden-blocking", "--role", "stack")
        self.assertEqual(done.code, kit.VIOLATION)

    def test_a_new_adapter_passes_its_check_and_gets_a_verdict(self):
        for language, adapter in (("c", "{}/adapter.so"), ("python", f"exec:{kit.INTERPRETER} {{}}/adapter.py")):
            with self.subTest(language=language):
                folder = self.path(f"new {language}") if language == "c" else self.path("new")
                done = self.run_program("adapter", "new", "--language", language, folder)
                self.assertEqual((done.code, done.err), (0, ""), done)
                if language == "c":
                    subprocess.run(["make", "-C", folder], check=True, capture_output=True, timeout=60)
                spec = adapter.format(folder)
                self.assertEqual(self.run_program("adapter", "check", "--adapter", spec).code, 0)
                certified, results = self.certify(spec, "--quiet")
                self.assertIn(certified.code, (kit.CONFORMS, kit.VIOLATION, kit.INCONCLUSIVE))
                self.assertEqual(results.footer["cases"]["error"], 0)
                again = self.run_program("adapter", "new", "--language", language, folder)
                self.assertEqual(again.code, kit.FAULT)  # nothing is overwritten

    def test_the_program_needs_no_particular_folder(self):
        os.makedirs(self.path("a", "b"))
        done = kit.run("certify", "--quiet", "--adapter", "golden", cwd=self.path("a", "b"))
        self.assertEqual(done.code, kit.CONFORMS, done)
        self.assertEqual(sorted(os.listdir(self.path("a", "b", "out"))),
                         kit.WRITTEN)
        os.symlink(kit.PROGRAM, self.path("linked"))
        done = kit.run("list", "profiles", program=self.path("linked"), cwd="/")
        self.assertEqual(done.code, kit.CONFORMS, done)


if __name__ == "__main__":
    unittest.main()
