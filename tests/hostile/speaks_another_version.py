# SPDX-License-Identifier: MIT
"""Speaks another version of the protocol."""

import hostile


class Old(hostile.Adapter):
    def hello(self, line):
        hostile.send(re="hello", seq=line["seq"], protocol=99, name="hostile", version="1", roles=["bus"],
                     capabilities=[])


Old().run()
