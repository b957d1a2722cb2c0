# SPDX-License-Identifier: MIT
"""Is right, but cannot answer settle."""

import hostile


class Unfenced(hostile.Adapter):
    capabilities = ["direct"]


Unfenced().run()
