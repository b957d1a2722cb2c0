# SPDX-License-Identifier: MIT
"""Reports the end of a call under the number of another case."""

import hostile


class Confused(hostile.Adapter):
    def read(self, line):
        super().read(dict(line, case=line["case"] + 1))


Confused().run()
