# SPDX-License-Identifier: MIT
"""Never answers close."""

import time

import hostile


class Hanging(hostile.Adapter):
    def close(self, line):
        time.sleep(1000)


Hanging().run()
