# SPDX-License-Identifier: MIT
"""Says hello and reads no more."""

import time

import hostile


class Deaf(hostile.Adapter):
    def open(self, line):
        time.sleep(1000)


Deaf().run()
