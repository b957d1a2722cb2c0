# SPDX-License-Identifier: MIT
"""Reports an event after it said that it had nothing more to say."""

import hostile


class Late(hostile.Adapter):
    def close(self, line):
        hostile.send(case=line["case"], event="references", vf=0, references=1)
        super().close(line)


Late().run()
