"""Calls itself, refuses and dies with a text that it is given, which is meant for whoever reads the reports."""

import sys

import hostile

with open(sys.argv[1], "rb") as file:
    TEXT = file.read()
WORDS = TEXT.decode(errors="surrogateescape").encode("utf-8", "replace").decode()


class Tongues(hostile.Adapter):
    def hello(self, line):
        hostile.send(re="hello", seq=line["seq"], protocol=1, name=WORDS, version=WORDS, roles=["bus"], capabilities=self.capabilities)

    length = 0

    def settle(self, line):
        if self.length % 3 == 1:
            hostile.send(re="refused", seq=line["seq"], case=line["case"], reason=WORDS)
        else:
            self.answer("settle", line)

    def read(self, line):
        self.length = line["length"]
        if self.length % 3 == 0:
            sys.stderr.buffer.write(TEXT)
            sys.stderr.buffer.flush()
            sys.exit(1)
        if self.length % 3 == 2:
            super().read(line)

    def close(self, line):
        self.length = 0
        super().close(line)


Tongues().run()
