# SPDX-License-Identifier: MIT
"""Gives up in the middle of a call, with a word on its standard error."""

import sys

import hostile


class Leaving(hostile.Adapter):
    def read(self, line):
        sys.stderr.write("no such block\n")
        sys.exit(3)


Leaving().run()
