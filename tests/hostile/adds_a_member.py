# SPDX-License-Identifier: MIT
"""Adds a member that the event does not have."""

import hostile


class Chatty(hostile.Adapter):
    def read(self, line):
        hostile.send(case=line["case"], event="read_return", request=line["request"], status="SUCCESS",
                     data="00" * min(line["length"], 512), elapsed=3)


Chatty().run()
