# SPDX-License-Identifier: MIT
"""Reports less than the whole buffer of its caller."""

import hostile


class Brief(hostile.Adapter):
    def read(self, line):
        hostile.send(case=line["case"], event="read_return", request=line["request"], status="SUCCESS", data="00")


Brief().run()
