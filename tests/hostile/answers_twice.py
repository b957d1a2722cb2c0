# SPDX-License-Identifier: MIT
"""Answers settle twice."""

import hostile


class Stuttering(hostile.Adapter):
    def settle(self, line):
        self.answer("settle", line)
        self.answer("settle", line)


Stuttering().run()
