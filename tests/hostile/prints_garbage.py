# SPDX-License-Identifier: MIT
"""Prints a line for people among the lines for the kit."""

import hostile


class Babbling(hostile.Adapter):
    def read(self, line):
        print("DEBUG: reading \x1b[31mblock\x1b[0m 7", flush=True)


Babbling().run()
