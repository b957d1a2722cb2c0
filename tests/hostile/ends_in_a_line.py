# SPDX-License-Identifier: MIT
"""Ends in the middle of a line."""

import sys

import hostile


class Cut(hostile.Adapter):
    def read(self, line):
        sys.stdout.write('{"case":%d,"event":"read_re' % line["case"])
        sys.stdout.flush()
        sys.exit(0)


Cut().run()
