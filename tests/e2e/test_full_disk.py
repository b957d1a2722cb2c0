# SPDX-License-Identifier: MIT
"""A disk that is full: nothing that was found is lost, and nobody is told that all is well. Apart from the other tests of
hunts, because it needs a file system of its own, which not every machine allows."""

import os
import unittest

import kit
import planted
import test_fuzz
import test_nightly


class HuntTest(test_fuzz.Fuzz):
    def test_it_says_so(self):
        self.small_disk("small", "1500k")
        self.assert_fault(self.fuzz("golden", "--time", "20s", out="small/out"), "small/out")


class NightTest(test_nightly.Nightly):
    def test_nothing_is_lost(self):
        self.small_disk("state", "8m")
        self.run_program("fuzz", "--adapter", test_nightly.OVERRUN, "--runs", 3000, "--out", "state", "--quiet")
        corpus, findings = (planted.contents(self.path("state", place)) for place in ("corpus", "findings"))
        self.assertTrue(findings)
        with open(self.path("state", "filler"), "wb") as file:
            try:
                while True:
                    file.write(bytes(4096))
                    file.flush()
            except OSError:
                pass
            os.ftruncate(file.fileno(), max(0, file.tell() - 65536))
        done = self.night(test_nightly.OVERRUN, budget="6s")
        self.assertEqual(done.code, kit.FAULT, done)
        self.assertIn("vpci-conform: ", done.err)
        self.assertEqual(planted.contents(self.path("state", "findings")), findings)
        after = planted.contents(self.path("state", "corpus"))
        self.assertEqual({name: after.get(name) for name in corpus}, corpus)
        os.remove(self.path("state", "filler"))
        self.night(test_nightly.OVERRUN, "--engine", "libfuzzer", budget="4s", code=kit.VIOLATION)
        self.assertIn("# Night: nothing new", self.summary())
        self.assertEqual(planted.contents(self.path("state", "findings")), findings)


if __name__ == "__main__":
    unittest.main()
