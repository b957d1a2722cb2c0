# SPDX-License-Identifier: MIT
"""Claims a capability that does not exist."""

import hostile


class Boasting(hostile.Adapter):
    capabilities = ["settle", "telepathy"]


Boasting().run()
