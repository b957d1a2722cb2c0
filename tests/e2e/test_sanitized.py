# SPDX-License-Identifier: MIT
"""The programs built with AddressSanitizer and UndefinedBehaviorSanitizer do the same, and no sanitizer has a word to
say. The in-process seam catches crash signals itself, so a report is looked for in what is printed."""

import os
import unittest

import kit

PROGRAM = os.path.join(kit.SANITIZED, "vpci-conform")
SERVED = f"exec:{kit.SANITIZED}/vpci-serve {kit.SANITIZED}/adapters/golden.so"
REPORTS = ("AddressSanitizer", "LeakSanitizer", "runtime error:", "UndefinedBehaviorSanitizer")
OPTIONS = {"ASAN_OPTIONS": "detect_leaks=1:halt_on_error=1:abort_on_error=0", "UBSAN_OPTIONS": "print_stacktrace=1"}


@unittest.skipUnless(os.path.exists(PROGRAM), "no sanitized build")
class SanitizedTest(kit.Test):
    def certify_sanitized(self, adapter, code, *options):
        done, results = self.certify(adapter, *options, code=code, program=PROGRAM, environment=OPTIONS, timeout=300)
        for report in REPORTS:
            self.assertNotIn(report, done.out + done.err)
        return results

    def test_correct_implementations_conform(self):
        for adapter, role in (("golden", "bus"), ("golden", "stack"), ("golden-blocking", "bus"),
                              ("variant:always-pending", "bus"), ("variant:lifo", "stack")):
            with self.subTest(adapter=adapter, role=role):
                results = self.certify_sanitized(adapter, kit.CONFORMS, "--role", role)
                self.assertGreater(results.footer["cases"]["pass"], 1000)

    def test_the_channel_conforms(self):
        self.certify_sanitized(SERVED, kit.CONFORMS, "--memory", "32768G")

    def test_liars_are_caught(self):
        for name, requirement in (("one-byte-is-wrong-at-length-77", "RD-02"), ("caches-reads", "PF-10"),
                                  ("overwrites-the-mask-instead-of-adding", "IV-04")):
            with self.subTest(liar=name):
                results = self.certify_sanitized(f"liar:{name}", kit.VIOLATION)
                self.assertEqual(results.footer["requirements"][requirement]["verdict"], "fail")


if __name__ == "__main__":
    unittest.main()
