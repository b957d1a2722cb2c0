# SPDX-License-Identifier: MIT
"""Reads, and never says hello."""

import sys
import time

for line in sys.stdin:
    pass
time.sleep(1000)
