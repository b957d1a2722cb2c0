# SPDX-License-Identifier: MIT
"""What the hostile adapters share: an adapter that does everything right and nothing at all, to be overridden."""

import json
import sys


def send(**members):
    sys.stdout.write(json.dumps(members) + "\n")
    sys.stdout.flush()


class Adapter:
    capabilities = ["direct", "settle"]

    def hello(self, line):
        send(re="hello", seq=line["seq"], protocol=1, name="hostile", version="1", roles=["bus"],
             capabilities=self.capabilities)

    def open(self, line):
        self.answer("open", line)

    def settle(self, line):
        self.answer("settle", line)

    def close(self, line):
        self.answer("close", line)

    def bye(self, line):
        sys.exit(0)

    def event(self, line):
        if line["event"] == "start":
            send(case=line["case"], event="start_return", vf=line["vf"], status="SUCCESS")
        elif line["event"] == "read":
            self.read(line)

    def read(self, line):
        send(case=line["case"], event="read_return", request=line["request"], status="SUCCESS",
             data="00" * min(line["length"], 512))

    @staticmethod
    def answer(request, line):
        send(re=request, seq=line["seq"], case=line["case"])

    def run(self):
        for text in sys.stdin:
            line = json.loads(text)
            getattr(self, line.get("do", "event"))(line)
