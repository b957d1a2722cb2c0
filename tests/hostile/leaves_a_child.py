# SPDX-License-Identifier: MIT
"""Ends in good order, and leaves a child that holds its output."""

import os
import time

import hostile


class Parent(hostile.Adapter):
    def bye(self, line):
        if os.fork() == 0:
            time.sleep(1000)
        os._exit(0)


Parent().run()
