# SPDX-License-Identifier: MIT
"""Reports for ever, in good form."""

import os

import hostile


class Flooding(hostile.Adapter):
    def read(self, line):
        line = b'{"case":%d,"event":"references","vf":0,"references":1}\n' % line["case"]
        while True:
            os.write(1, line * 1000)


Flooding().run()
