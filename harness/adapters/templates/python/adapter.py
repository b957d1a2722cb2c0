#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An implementation of the VPCI bus behind vpci-conform's process channel: a start, to be filled with yours.

It plays the role "bus": the kit is the VF drivers on one side and the PF driver on the other. As it stands it serves
direct calls: a read or write goes to the PF, and the PF's answer goes back to the caller. To go on, add the next
capability to CAPABILITIES and a method on_<event> for each of its events to Bus.
"""

import json
import sys

NAME, VERSION = "my-bus", "0"
CAPABILITIES = ["direct", "start", "settle"]
BLOCK_BYTES_MAX = 128
BUFFER_BYTES_MAX = 512  # of a caller's buffer, this much is reported
FILL_BYTE = b"\xc5"  # what a caller's buffer holds before the request


class Bus:
    """One device: made for each scenario, and thrown away after it."""

    def __init__(self, vf_count, emit):
        self.emit = emit  # emit(kind, member=value, ...) sends an event to the kit
        self.started = [False] * vf_count
        self.requests = {}  # number -> (event, the caller's buffer); a request's number serves as its call's number

    def on_start(self, event):
        self.started[event["vf"]] = True
        self.emit("start_return", vf=event["vf"], status="SUCCESS")

    def on_read(self, event):
        self.direct_call(event, bytearray(FILL_BYTE * min(event["length"], BUFFER_BYTES_MAX)))

    def on_write(self, event):
        self.direct_call(event, None)

    def direct_call(self, event, buffer):
        number = event["request"]
        self.requests[number] = (event, buffer)
        if not 1 <= event["length"] <= BLOCK_BYTES_MAX:
            self.finish(number, "INVALID_PARAMETER")
        elif not self.started[event["vf"]]:
            self.finish(number, "DEVICE_NOT_READY")
        else:
            data = {"data": event["data"]} if buffer is None else {}
            self.emit("pf_" + event["event"], call=number, vf=event["vf"], block=event["block"],
                      length=event["length"], **data)

    def on_pf_read_return(self, event):
        self.pf_returned(event, "read")

    def on_pf_write_return(self, event):
        self.pf_returned(event, "write")

    def pf_returned(self, event, operation):
        request, buffer = self.requests.get(event["call"], (None, None))
        if request is None or request["event"] != operation:
            return  # a late, second or unknown answer
        if operation == "read" and event["status"] == "SUCCESS":
            data = bytes.fromhex(event.get("data", ""))[: len(buffer)]
            buffer[: len(data)] = data
        self.finish(event["call"], event["status"])

    def finish(self, number, status):
        """The call returns to its caller, whose whole buffer is reported."""
        request, buffer = self.requests.pop(number)
        data = {"data": buffer.hex()} if buffer else {}
        self.emit(request["event"] + "_return", request=number, status=status, **data)


def send(**members):
    sys.stdout.write(json.dumps(members, separators=(",", ":")) + "\n")


def main():
    bus = None
    for text in sys.stdin:
        line = json.loads(text)
        if "event" in line:
            handler = getattr(bus, "on_" + line["event"], None)
            if handler is not None:
                handler(line)
            continue
        request, seq = line["do"], line["seq"]
        if request == "bye":
            break
        if request == "hello":
            send(re="hello", seq=seq, protocol=1, name=NAME, version=VERSION, roles=["bus"], capabilities=CAPABILITIES)
        else:
            case = line["case"]
            if request == "open":
                bus = Bus(line["vfs"], lambda kind, **members: send(case=case, event=kind, **members))
            send(re=request, seq=seq, case=case)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
