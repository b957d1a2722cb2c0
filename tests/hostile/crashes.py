# SPDX-License-Identifier: MIT
"""Is killed by SIGSEGV in the middle of a call."""

import os
import signal

import hostile


class Crashing(hostile.Adapter):
    def read(self, line):
        os.kill(os.getpid(), signal.SIGSEGV)


Crashing().run()
