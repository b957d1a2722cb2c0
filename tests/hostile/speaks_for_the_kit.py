# SPDX-License-Identifier: MIT
"""Reports an event that only the kit's PF driver can send."""

import hostile


class Meddling(hostile.Adapter):
    def read(self, line):
        hostile.send(case=line["case"], event="pf_read_return", call=0, status="SUCCESS")


Meddling().run()
