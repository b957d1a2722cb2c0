# SPDX-License-Identifier: MIT
"""Goes on after bye and the end of its input, and ignores SIGTERM."""

import signal
import time

import hostile


class Staying(hostile.Adapter):
    def bye(self, line):
        while True:
            time.sleep(1000)


signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
Staying().run()
