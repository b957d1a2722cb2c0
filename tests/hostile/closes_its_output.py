# SPDX-License-Identifier: MIT
"""Closes its output and goes on."""

import os
import time

import hostile


class Silent(hostile.Adapter):
    def read(self, line):
        os.close(1)
        time.sleep(1000)


Silent().run()
