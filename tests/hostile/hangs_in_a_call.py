# SPDX-License-Identifier: MIT
"""Never comes back from a call."""

import time

import hostile


class Hanging(hostile.Adapter):
    def read(self, line):
        time.sleep(1000)


Hanging().run()
