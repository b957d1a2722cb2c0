# SPDX-License-Identifier: MIT
"""Prints a line of a hundred megabytes."""

import sys

import hostile


class Endless(hostile.Adapter):
    def read(self, line):
        for _ in range(100):
            sys.stdout.write("x" * 1000000)
        sys.stdout.write("\n")
        sys.stdout.flush()


Endless().run()
