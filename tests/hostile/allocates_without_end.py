# SPDX-License-Identifier: MIT
"""Takes memory until there is none."""

import hostile


class Greedy(hostile.Adapter):
    def read(self, line):
        hoard = []
        while True:
            hoard.append(bytearray(16 * 1024 * 1024))


Greedy().run()
