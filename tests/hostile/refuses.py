# SPDX-License-Identifier: MIT
"""Refuses to open a device."""

import hostile


class Unwilling(hostile.Adapter):
    def open(self, line):
        hostile.send(re="refused", seq=line["seq"], case=line["case"], reason="not on a Sunday")


Unwilling().run()
