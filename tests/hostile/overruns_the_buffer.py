# SPDX-License-Identifier: MIT
"""Reports three bytes more than the buffer of its caller has."""

import hostile


class Overrunning(hostile.Adapter):
    def read(self, line):
        super().read(dict(line, length=line["length"] + 3))


Overrunning().run()
