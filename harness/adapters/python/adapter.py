#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A VPCI bus in Python, as an adapter for vpci-conform: the example to copy for an implementation in another language.

It plays the role "bus": the kit is the VF drivers on one side and the PF driver on the other. Run it under the kit:

    vpci-conform certify --adapter "exec:python3 harness/adapters/python/adapter.py"

Read from the bottom up: main() reads lines, Channel answers requests, Bus does what the events ask for.
docs/adapter-protocol.md describes every line; docs/add-an-adapter.md tells how to put your own implementation in here.
"""

import json
import sys

PROTOCOL = 1
NAME, VERSION = "python-example", "1"
CAPABILITIES = [
    "query_interface", "direct", "ioctl", "invalidate",  # what there is to call
    "start", "cancel", "remove", "reset", "low_resources", "input_change", "foreign_context",  # what may happen to it
    "pf_count", "irql", "pending_mark", "status_block", "reference_count",  # what its events tell
    "settle",  # how the channel works
]

BLOCK_BYTES_MAX = 128
BUFFER_BYTES_MAX = 512  # of a caller's buffer, this much is reported
FILL_BYTE = b"\xc5"  # what a caller's buffer holds before the request
ALL_VFS = 0xFFFF
INTERFACE_GUID = "12e65e71-b651-4067-831a-1383203cb0cb"
INTERFACE_BYTES, INTERFACE_BYTES_MIN = 56, 32
INTERFACE_VERSION = 1
CODES = {0x2AC007: "invalidate", 0x2AC00B: "read", 0x2AC00F: "write"}
MAJORS = (14, 15)  # IRP_MJ_DEVICE_CONTROL, IRP_MJ_INTERNAL_DEVICE_CONTROL
NEED_A_VF = ("start", "surprise_remove", "reset", "reference", "dereference")
ERROR_STATUSES = ("UNSUCCESSFUL", "INFO_LENGTH_MISMATCH", "ACCESS_VIOLATION", "INVALID_PARAMETER", "NO_SUCH_DEVICE",
                  "INVALID_DEVICE_REQUEST", "BUFFER_TOO_SMALL", "DELETE_PENDING", "REVISION_MISMATCH",
                  "INSUFFICIENT_RESOURCES", "DEVICE_DATA_ERROR", "DEVICE_NOT_READY", "IO_TIMEOUT", "NOT_SUPPORTED",
                  "DEVICE_DOES_NOT_EXIST", "CANCELLED", "INVALID_DEVICE_STATE", "INVALID_BUFFER_SIZE", "NOT_FOUND",
                  "DEVICE_REMOVED", "BAD_DATA")


def integer(value):
    """Numbers come as JSON numbers or as "0x" strings."""
    return int(value, 16) if isinstance(value, str) else value


def is_error(status):
    """NT_ERROR: the two top bits are set. Statuses come and go as names where they have one, else as "0x" strings."""
    return status in ERROR_STATUSES if not status.startswith("0x") else integer(status) >> 30 == 3


class Request:
    """One call or IOCTL of a VF driver, from its arrival to its completion."""

    def __init__(self, event, operation, vf, output_bytes):
        self.number = event["request"]
        self.operation = operation  # read, write, invalidate, or None for a code not known
        self.vf = vf
        self.is_ioctl = event["event"] == "ioctl"
        self.irql = event.get("irql", 0)
        self.user_event = event.get("user_event", True)
        self.marked = False  # IoMarkIrpPending
        self.block = self.length = 0
        self.payload = b""  # of a write, captured when it arrived
        self.buffer = bytearray(FILL_BYTE * min(output_bytes, BUFFER_BYTES_MAX))  # the caller's output buffer
        self.mask = None  # in the caller's structure, of an INVALIDATE


class Vf:
    def __init__(self):
        self.present = True
        self.started = False
        self.references = 0
        self.mask = 0  # blocks that changed and were not reported yet
        self.held = []  # INVALIDATE requests, oldest first


class Bus:
    """One device with its VFs: everything between a VF driver's calls and the PF driver's callbacks."""

    def __init__(self, vf_count, emit):
        self.emit = emit  # emit(kind, member=value, ...) sends an event to the kit
        self.vfs = [Vf() for _ in range(vf_count)]
        self.requests = {}  # number -> Request, while not over
        self.calls = {}  # call number -> Request at the PF, or None once that was cancelled
        self.next_call = 0

    def take(self, event):
        """Does what one event of the kit asks for, at once, and reports what comes of it."""
        handler = getattr(self, "on_" + event["event"], None)
        of_missing_vf = event["event"] in NEED_A_VF and event["vf"] >= len(self.vfs)
        if handler is not None and not of_missing_vf:
            handler(event)

    # A VF's life

    def on_start(self, event):
        vf = self.vfs[event["vf"]]
        vf.started = vf.present
        self.emit("start_return", vf=event["vf"], status="SUCCESS" if vf.present else "NO_SUCH_DEVICE")

    def on_surprise_remove(self, event):
        vf = self.vfs[event["vf"]]
        vf.present = vf.started = False
        vf.mask = 0
        for request in self.requests_of(event["vf"]):
            self.complete(request, "DEVICE_REMOVED")
        self.emit("surprise_remove_return", vf=event["vf"], status="SUCCESS")

    def on_reset(self, event):
        vf = self.vfs[event["vf"]]
        if not vf.present:
            self.emit("reset_return", vf=event["vf"], status="NO_SUCH_DEVICE")
            return
        for request in self.requests_of(event["vf"]):
            if request.operation != "invalidate":  # a held INVALIDATE survives
                self.complete(request, "INVALID_DEVICE_STATE")
        self.emit("pf_reset", vf=event["vf"])
        self.emit("reset_return", vf=event["vf"], status="SUCCESS")

    def vf_status(self, number):
        if number >= len(self.vfs) or not self.vfs[number].present:
            return "NO_SUCH_DEVICE"
        return "SUCCESS" if self.vfs[number].started else "DEVICE_NOT_READY"

    def requests_of(self, number):
        return [request for _, request in sorted(self.requests.items()) if request.vf == number]

    # The interface

    def on_query_interface(self, event):
        status = self.check_query(event)
        structure = bytearray(min(event["size"], BUFFER_BYTES_MAX))  # a client hands in zeros
        served = event["guid"] == INTERFACE_GUID and status == "SUCCESS"
        if served:
            self.vfs[event["vf"]].references += 1
            interface = self.describe_interface(event["vf"], event["size"], event["version"])
            structure[: len(interface)] = interface
        members = {"data": structure.hex()} if structure else {}
        if event["vf"] < len(self.vfs):
            members["references"] = self.vfs[event["vf"]].references
        self.emit("query_interface_return", request=event["request"], status=status, information=0, **members)
        self.tell_references(event["vf"])

    def check_query(self, event):
        if event["guid"] != INTERFACE_GUID:
            return event.get("status", "NOT_SUPPORTED")  # not for this bus: left as found
        if event["vf"] >= len(self.vfs) or not self.vfs[event["vf"]].present:
            return "NO_SUCH_DEVICE"
        if event["size"] < INTERFACE_BYTES_MIN:
            return "INVALID_PARAMETER"
        return "SUCCESS" if event["version"] > 0 else "REVISION_MISMATCH"

    @staticmethod
    def describe_interface(number, size, version):
        def word(value, length):
            return value.to_bytes(length, "little")

        page = 0xFFFFF80000000000
        routines = [page + 0x1000 * routine for routine in (1, 2, 3, 4)]  # reference, dereference, write, read
        whole = word(min(size, INTERFACE_BYTES), 2) + word(min(version, INTERFACE_VERSION), 2) + bytes(4)
        whole += word(page + 0x1000 * (16 + number), 8)  # Context
        whole += b"".join(word(routine, 8) for routine in routines)
        whole += word(0x56460001 + number, 4) + bytes(4)  # SerialNumber
        return whole[:size]

    def on_reference(self, event):
        self.vfs[event["vf"]].references += 1
        self.tell_references(event["vf"])

    def on_dereference(self, event):
        vf = self.vfs[event["vf"]]
        vf.references = max(0, vf.references - 1)
        self.tell_references(event["vf"])

    def tell_references(self, number):
        if number < len(self.vfs):
            self.emit("references", vf=number, references=self.vfs[number].references)

    # Direct calls

    def on_read(self, event):
        self.direct_call(event, "read", event["length"])

    def on_write(self, event):
        self.direct_call(event, "write", 0)

    def direct_call(self, event, operation, output_bytes):
        if event["request"] in self.requests:
            return
        # The Context is all that the real routine is given, so it decides whose call this is.
        request = Request(event, operation, event.get("context_vf", event["vf"]), output_bytes)
        self.requests[request.number] = request
        request.block, request.length = event["block"], event["length"]
        request.payload = bytes.fromhex(event.get("data", ""))
        status = self.vf_status(request.vf)
        if status == "SUCCESS":
            status = self.check_length(request)
        if status == "SUCCESS":
            self.call_pf(request)
        else:
            self.complete(request, status)

    @staticmethod
    def check_length(request):
        return "SUCCESS" if 1 <= request.length <= BLOCK_BYTES_MAX else "INVALID_PARAMETER"

    # IOCTLs

    def on_ioctl(self, event):
        if event["request"] in self.requests:
            return
        request = Request(event, CODES.get(integer(event["code"])), event["vf"], event["output_length"])
        self.requests[request.number] = request
        status = self.parse_ioctl(request, event)
        if status != "SUCCESS":
            self.complete(request, status)
            self.emit("ioctl_return", request=request.number, status=status, marked=False, irql=request.irql)
            return
        request.marked = True
        if request.operation == "invalidate":
            self.vfs[request.vf].held.append(request)
            self.deliver_masks()  # news that waits is delivered before the dispatch routine returns
        self.emit("ioctl_return", request=request.number, status="PENDING", marked=True, irql=request.irql)
        if request.operation != "invalidate":
            self.call_pf(request)

    def parse_ioctl(self, request, event):
        """SUCCESS when the request can be taken up. Nothing behind the claimed length is looked at."""
        if request.operation is None or event.get("major", 15) not in MAJORS:
            return "INVALID_DEVICE_REQUEST"
        status = self.vf_status(request.vf)
        if status != "SUCCESS":
            return status
        if event["input_length"] < 8:
            return "BUFFER_TOO_SMALL"
        if request.operation == "invalidate":
            request.mask = int.from_bytes(FILL_BYTE * 8, "little")
            return "SUCCESS"
        structure = bytes.fromhex(event["data"])
        request.block = int.from_bytes(structure[0:4], "little")
        request.length = int.from_bytes(structure[4:8], "little")
        room = event["output_length"] if request.operation == "read" else event["input_length"] - 8
        if request.length > room:
            return "BUFFER_TOO_SMALL"
        request.payload = structure[8 : 8 + request.length]
        return self.check_length(request)

    def on_cancel(self, event):
        request = self.requests.get(event["request"])
        if request is not None and request.is_ioctl:
            self.complete(request, "CANCELLED")

    # The PF driver

    def call_pf(self, request):
        call = self.next_call
        self.next_call += 1
        self.calls[call] = request
        members = {"data": request.payload.hex()} if request.operation == "write" else {}
        self.emit("pf_" + request.operation, call=call, vf=request.vf, block=request.block, length=request.length,
                  irql=0, **members)

    def on_pf_read_return(self, event):
        data = bytes.fromhex(event.get("data", ""))
        self.pf_return(event, "read", data, len(data))

    def on_pf_write_return(self, event):
        self.pf_return(event, "write", b"", event.get("length"))

    def pf_return(self, event, operation, data, count):
        call = event["call"]
        request = self.calls.get(call)
        if request is None:  # a late, second or unknown answer; or that of a cancelled request
            self.calls.pop(call, None)
            return
        if request.operation != operation:
            return
        del self.calls[call]
        status = event["status"]
        if status != "SUCCESS":
            self.complete(request, status if is_error(status) else "UNSUCCESSFUL")
            return
        count = request.length if count is None else min(count, request.length)
        if operation == "read":
            request.buffer[:count] = data[:count]  # the rest of the buffer stays as it was
        self.complete(request, "SUCCESS", count)

    def on_pf_invalidate(self, event):
        for number, vf in enumerate(self.vfs):
            if vf.present and event["vf"] in (number, ALL_VFS):
                vf.mask |= integer(event["mask"])
        self.deliver_masks()

    def deliver_masks(self):
        for vf in self.vfs:
            if vf.mask != 0 and vf.held:
                request = vf.held[0]
                request.mask, vf.mask = vf.mask, 0
                self.complete(request, "SUCCESS")

    # The end of a request

    def complete(self, request, status, information=0):
        del self.requests[request.number]
        for call, caller in self.calls.items():
            if caller is request:
                self.calls[call] = None  # its answer will come and mean nothing
        held = self.vfs[request.vf].held if request.vf < len(self.vfs) else []
        if request in held:
            held.remove(request)
        if request.is_ioctl:
            self.complete_ioctl(request, status, information)
            return
        members = {"data": request.buffer.hex()} if request.buffer else {}
        self.emit(request.operation + "_return", request=request.number, status=status, irql=request.irql, **members)

    def complete_ioctl(self, request, status, information):
        members = {"data": request.buffer.hex()} if request.buffer else {}
        if request.mask is not None and status == "SUCCESS":
            members["mask"] = hex(request.mask)
        self.emit("ioctl_complete", request=request.number, status=status, information=information,
                  marked=request.marked, **members)
        # As the I/O manager has it: a request that fails before it was pending touches neither status block nor event.
        if request.user_event and (request.marked or not is_error(status)):
            self.emit("user_event_signal", request=request.number, status=status, information=information, **members)


class Channel:
    """The adapter's end of the process channel: JSON Lines on standard input and output."""

    def __init__(self, output):
        self.output = output
        self.lines = []  # gathered until the next answer, so that one write carries them
        self.case = None
        self.bus = None

    def send(self, **members):
        self.lines.append(json.dumps(members, separators=(",", ":")))

    def flush(self):
        if self.lines:
            self.output.write(("\n".join(self.lines) + "\n").encode())
            self.output.flush()
            self.lines.clear()

    def emit(self, kind, **members):
        self.send(case=self.case, event=kind, **members)

    def take(self, line):
        """Handles one line of the kit. False when it was the last."""
        if "event" in line:
            if self.bus is not None:
                self.bus.take(line)
            return True
        request = line["do"]
        if request == "bye":
            return False
        getattr(self, "do_" + request)(line)
        self.flush()
        return True

    def do_hello(self, line):
        self.send(re="hello", seq=line["seq"], protocol=PROTOCOL, name=NAME, version=VERSION, roles=["bus"],
                  capabilities=CAPABILITIES)

    def do_open(self, line):
        self.case = line["case"]
        if line["role"] != "bus":
            self.bus = None
            self.send(re="refused", seq=line["seq"], case=self.case, reason="only the role bus is played here")
            return
        self.bus = Bus(line["vfs"], self.emit)
        self.send(re="open", seq=line["seq"], case=self.case)

    def do_settle(self, line):
        # Bus does everything at once, so there is nothing left to wait for here.
        self.send(re="settle", seq=line["seq"], case=line["case"])

    def do_close(self, line):
        self.bus = None
        self.send(re="close", seq=line["seq"], case=line["case"])


def main():
    channel = Channel(sys.stdout.buffer)
    for line in sys.stdin.buffer:
        if not channel.take(json.loads(line)):
            break


if __name__ == "__main__":
    main()
