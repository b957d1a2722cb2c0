# SPDX-License-Identifier: MIT
"""Ends in a call; a daemon of a session of its own holds its output."""

import os
import time

import hostile


class Parent(hostile.Adapter):
    def read(self, line):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(1000)
        os._exit(0)


Parent().run()
