# SPDX-License-Identifier: MIT
"""Answers a request that the kit never sent."""

import hostile


class Confused(hostile.Adapter):
    def settle(self, line):
        hostile.send(re="settle", seq=line["seq"] + 7, case=line["case"])


Confused().run()
