# SPDX-License-Identifier: MIT
"""Writes ten megabytes to its standard error, and is right otherwise."""

import os

import hostile


class Loud(hostile.Adapter):
    def read(self, line):
        for _ in range(100):
            os.write(2, b"warning: " + b"x" * 100000 + b"\n")
        super().read(line)


Loud().run()
