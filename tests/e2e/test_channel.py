# SPDX-License-Identifier: MIT
"""The process channel from outside: the document and the schemas agree with the headers, golden and the Python example say
the same in the same words, and the verbs for authors of adapters do what they promise. Needs VPCI_BUILD."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import jsonschema

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import channel_tables as tables  # noqa: E402

BUILD = os.environ.get("VPCI_BUILD", os.path.join(tables.SOURCE, "build"))
PROGRAM = os.path.join(BUILD, "vpci-conform")
GOLDEN = [os.path.join(BUILD, "vpci-serve"), os.path.join(BUILD, "adapters", "golden.so")]
PYTHON = ["/usr/bin/python3", os.path.join(tables.SOURCE, "harness", "adapters", "python", "adapter.py")]
CODES = {"INVALIDATE_BLOCK": "0x2ac007", "READ_BLOCK": "0x2ac00b", "WRITE_BLOCK": "0x2ac00f"}  # as the kit writes them
SENDERS = {"CLIENT": "VF driver", "VSC": "bus (guest half)", "VSP": "bus (host half)", "PF": "PF driver"}
TYPES = {"U8": "integer, 0...255", "U16": "integer, 0...65535", "U32": "integer, 0...4294967295", "U64": "integer, 64 bits",
         "HEX32": "integer, 32 bits", "HEX64": "integer, 64 bits", "STATUS": "status", "BOOL": "`true` or `false`",
         "BYTES": "bytes", "GUID": "GUID"}


def schema(name):
    return json.loads(tables.read(f"corpus/schemas/channel-{name}.schema.json"))


def table_under(heading, document="docs/adapter-protocol.md"):
    """The rows of the first table after a heading, each as its list of cells."""
    section = tables.read(document).split(f"\n{heading}\n", 1)[1]
    rows = []
    for line in section.splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[2:]


def codes(cell):
    return re.findall(r"`([^`]*)`", cell)


class DocumentTest(unittest.TestCase):
    def test_the_table_of_events_is_that_of_the_header(self):
        written = {codes(row[0])[0]: {"sender": row[1], "required": codes(row[3]), "optional": codes(row[4])}
                   for row in table_under("## Events")}
        wanted = {name: {"sender": SENDERS[event["sender"]], "required": event["required"],
                         "optional": event["optional"]} for name, event in tables.events().items()}
        self.assertEqual(written, wanted)

    def test_the_table_of_needs_is_that_of_the_header(self):
        special = {"ioctl": ["ioctl", "invalidate"], "pf_invalidate": ["stack", "pf_control"]}
        for row in table_under("## Events"):
            name = codes(row[0])[0]
            needs = tables.events()[name]["needs"].lower()
            self.assertEqual(codes(row[2]), special.get(name, [] if needs == "none" else [needs]), name)

    def test_the_table_of_members_is_that_of_the_header(self):
        carried = {member for event in tables.events().values() for member in event["required"] + event["optional"]}
        written = {codes(row[0])[0]: row[1] for row in table_under("### Members")}
        self.assertEqual(written, {name: TYPES[kind] for name, kind in tables.fields().items() if name in carried})

    def test_the_table_of_capabilities_is_that_of_the_header(self):
        self.assertEqual({codes(row[0])[0]: row[1] for row in table_under("## Capabilities")}, tables.capabilities())

    def test_the_table_of_rules_is_that_of_the_header(self):
        self.assertEqual({row[0]: (codes(row[2])[0], row[1]) for row in table_under("## Rules")}, tables.rules())

    def test_the_example_keeps_to_the_schemas(self):
        text = tables.read("docs/adapter-protocol.md").split("## An example", 1)[1]
        lines = re.findall(r"^([<>]) (\{.*\})$", text, re.MULTILINE)
        self.assertGreater(len(lines), 10)
        for direction, line in lines:
            jsonschema.validate(json.loads(line), schema("kit" if direction == ">" else "adapter"))


class SchemaTest(unittest.TestCase):
    def test_both_are_schemas(self):
        for name in ("kit", "adapter"):
            jsonschema.Draft202012Validator.check_schema(schema(name))

    def test_their_events_are_those_of_the_header(self):
        for name in ("kit", "adapter"):
            written = {}
            for form in schema(name)["oneOf"]:
                if "event" in form["properties"]:
                    members = set(form["properties"]) - {"event", "case"}
                    required = set(form["required"]) - {"event", "case"}
                    self.assertFalse(form["additionalProperties"])
                    written[form["properties"]["event"]["const"]] = (members, required)
            wanted = {event: (set(row["required"] + row["optional"]), set(row["required"]))
                      for event, row in tables.events().items()}
            self.assertEqual(written, wanted)

    def test_what_can_be_claimed_is_what_a_channel_can_carry(self):
        hello = schema("adapter")["oneOf"][0]["properties"]
        self.assertEqual(set(hello["capabilities"]["items"]["enum"]),
                         set(tables.capabilities()) - {"shared_memory", "reentrant"})
        self.assertEqual(schema("adapter")["$defs"]["roles"]["enum"], tables.roles())


class Peer:
    """The kit's end, as plain as can be."""

    def __init__(self, test, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        test.addCleanup(self.end)
        self.seq = self.case = 0
        self.sent, self.received = [], []
        self.hello = self.ask("hello", protocol=1, kit="a test")[-1]

    def send(self, **line):
        self.sent.append(line)
        self.process.stdin.write((json.dumps(line) + "\n").encode())

    def ask(self, request, **members):
        """Sends a request and returns all lines up to its answer."""
        self.send(do=request, seq=self.seq, **members)
        self.seq += 1
        self.process.stdin.flush()
        lines = []
        while not lines or lines[-1].get("seq") != self.seq - 1:
            lines.append(json.loads(self.process.stdout.readline()))
        self.received += lines
        return lines

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def open(self, vfs):
        self.case += 1
        return self.ask("open", case=self.case, scenario="a test", role="bus", vfs=vfs, seed="0x1")

    def do(self, event):
        self.send(case=self.case, **event)
        return self.ask("settle", case=self.case)[:-1]

    def close(self):
        self.ask("close", case=self.case)

    def bye(self):
        self.send(do="bye", seq=self.seq)
        self.process.stdin.close()
        rest = self.process.stdout.read()
        return self.process.wait(timeout=20), rest


def ioctl_input(random_source, code, length):
    block = random_source.choice((0, 7, 63, 0xFFFFFFFF))
    header = block.to_bytes(4, "little") + length.to_bytes(4, "little")
    if code == "INVALIDATE_BLOCK":
        return bytes(8)
    return header + bytes(range(min(length, 140))) if code == "WRITE_BLOCK" else header


def random_event(source, vfs, course):
    """An event that the kit could send: it never uses the number of a request that is not over."""
    calls = len(course.calls)
    vf, request = source.randrange(vfs), min(set(range(64)) - course.open)
    length = source.choice((0, 1, 5, 16, 127, 128, 129, 600))
    kind = source.choice(("read", "write", "ioctl", "ioctl", "cancel", "answer", "answer", "answer", "pf_invalidate",
                          "query_interface", "reference", "dereference", "start", "reset", "surprise_remove"))
    if kind in ("start", "reset", "surprise_remove") and source.random() < 0.6:
        kind = "read"
    if kind in ("start", "reset", "surprise_remove", "reference", "dereference"):
        return {"event": kind, "vf": vf}
    if kind in ("read", "write"):
        data = {"data": bytes(k % 251 for k in range(min(length, 512))).hex()} if kind == "write" else {}
        other = {"context_vf": source.randrange(vfs)} if source.random() < 0.2 else {}
        return {"event": kind, "vf": vf, "request": request, "block": source.choice((0, 7, 0xFFFFFFFF)), "length": length,
                "irql": source.choice((0, 1)), **data, **other}
    if kind == "ioctl":
        code = source.choice(("READ_BLOCK", "WRITE_BLOCK", "INVALIDATE_BLOCK", "INVALIDATE_BLOCK", "0x2a0000"))
        data = ioctl_input(source, code, length)
        claimed = source.choice((len(data), len(data), len(data), 0, 7, 8, 11, len(data) + 4))
        return {"event": kind, "vf": vf, "request": request, "code": CODES.get(code, code), "input_length": claimed,
                "output_length": source.choice((0, length, length, 8)) if code != "WRITE_BLOCK" else 0,
                "data": data[:claimed].hex(), "user_event": source.random() < 0.7, "major": source.choice((14, 15, 15, 3))}
    if kind == "cancel":
        return {"event": kind, "request": source.randrange(8)}
    if kind == "pf_invalidate":
        return {"event": kind, "vf": source.choice((vf, 0xFFFF)), "mask": hex(source.choice((0, 1, 1 << 63, 0x21)))}
    if kind == "query_interface":
        return {"event": kind, "vf": vf, "request": request, "version": source.choice((0, 1, 9)),
                "guid": source.choice(("12e65e71-b651-4067-831a-1383203cb0cb",) * 3 + ("c066f39a-de00-4667-8941-3368ed5d83b5",)),
                "size": source.choice((0, 4, 31, 32, 55, 56, 100, 600))}
    return {"event": "answer", "which": source.randrange(calls) if calls else None,
            "status": source.choice(("SUCCESS", "SUCCESS", "SUCCESS", "IO_TIMEOUT", "BUFFER_OVERFLOW", "0xc0009999")),
            "count": source.choice((None, None, 0, 3, 200))}


class Course:
    """One adapter through a course of random events; PF calls are known by their order, not by the number it gave them."""

    def __init__(self, test, command):
        self.peer = Peer(test, command)
        self.calls = []
        self.open = set()  # numbers of requests that are not over

    def begin(self, vfs):
        self.calls = []
        self.open = set()
        self.peer.open(vfs)

    def do(self, event):
        if event["event"] == "answer":
            event = self.answer(event)
            if event is None:
                return []
        if event["event"] in ("read", "write", "ioctl", "query_interface"):
            self.open.add(event["request"])
        return [self.shown(line) for line in self.peer.do(event)]

    def answer(self, event):
        if event["which"] is None or event["which"] >= len(self.calls):
            return None
        call = self.calls[event["which"]]
        members = {"call": call["call"], "status": event["status"]}
        if call["event"] == "pf_read":
            count = call["length"] if event["count"] is None else event["count"]
            return {"event": "pf_read_return", **members, "data": bytes(k % 241 for k in range(count)).hex()}
        length = {} if event["count"] is None else {"length": event["count"]}
        return {"event": "pf_write_return", **members, **length}

    def shown(self, line):
        if line["event"] in ("read_return", "write_return", "ioctl_complete", "query_interface_return"):
            self.open.discard(line["request"])
        if line["event"] in ("pf_read", "pf_write"):
            self.calls.append(line)
            return {**line, "call": len(self.calls)}
        return line


class ExampleTest(unittest.TestCase):
    CASES, STEPS = 60, 40

    def test_the_example_says_what_golden_says(self):
        golden, example = Course(self, GOLDEN), Course(self, PYTHON)
        source = random.Random(1)
        for case in range(self.CASES):
            vfs = source.choice((1, 2, 3))
            golden.begin(vfs)
            example.begin(vfs)
            done = [{"event": "start", "vf": vf} for vf in range(vfs) if source.random() < 0.9]
            for event in done:
                self.assertEqual(example.do(event), golden.do(event))
            for _ in range(self.STEPS):
                event = random_event(source, vfs, golden)
                done.append(event)
                self.assertEqual(example.do(event), golden.do(event), f"case {case} after {done[-6:]}")
            golden.peer.close()
            example.peer.close()
        for course in (golden, example):
            for name, lines in (("kit", course.peer.sent), ("adapter", course.peer.received)):
                validator = jsonschema.Draft202012Validator(schema(name))
                for line in lines[:: 7 if len(lines) > 2000 else 1]:
                    validator.validate(line)
            self.assertEqual(course.peer.bye(), (0, b""))

    def test_both_refuse_what_they_do_not_play(self):
        for command in (GOLDEN, PYTHON):
            peer = Peer(self, command)
            peer.case = 1
            answer = peer.ask("open", case=1, scenario="a test", role="pf", vfs=1, seed="0x1")[-1]
            self.assertEqual(answer["re"], "refused")
            jsonschema.validate(answer, schema("adapter"))
            self.assertEqual(peer.bye(), (0, b""))

    def test_both_end_when_their_input_ends_without_a_bye(self):
        for command in (GOLDEN, PYTHON):
            done = subprocess.run(command, input=b"", capture_output=True, timeout=20, check=False)
            self.assertEqual((done.returncode, done.stdout), (0, b""))


class ServeTest(unittest.TestCase):
    def complaint(self, text):
        done = subprocess.run(GOLDEN, input=text, capture_output=True, timeout=20, check=False)
        self.assertEqual(done.returncode, 2)
        return done.stderr.decode()

    def test_it_names_the_line_of_a_kit_that_is_wrong(self):
        self.assertIn("line 1 of the kit: line 1, column 1", self.complaint(b"hello\n"))
        self.assertIn("protocol: version 1", self.complaint(b'{"do":"hello","seq":0,"protocol":2,"kit":"x"}\n'))
        self.assertIn("line 1 of the kit: block: missing",
                      self.complaint(b'{"case":1,"event":"read","vf":0,"request":0,"length":4}\n'))

    def test_it_names_what_it_cannot_load(self):
        for arguments, words in ((["/no/such.so"], "/no/such.so"), ([], "usage"), (["a.so", "--ip", "x"], "usage"),
                                 ([os.path.join(BUILD, "adapters", "golden.so"), "--tcp", "nonsense"], "HOST:PORT")):
            done = subprocess.run(GOLDEN[:1] + arguments, capture_output=True, timeout=20, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(words, done.stderr.decode())


def run(*arguments, cwd=None):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60, check=False, cwd=cwd)


class AuthorTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def check(self, spec):
        done = run("adapter", "check", "--adapter", spec, "--step-time", "2s")
        return done.returncode, done.stdout

    def hostile(self, name):
        return self.check(f"exec:/usr/bin/python3 -B {tables.SOURCE}/tests/hostile/{name}.py")

    def test_check_has_nothing_to_say_of_what_is_right(self):
        for command in (GOLDEN, PYTHON):
            code, text = self.check("exec:" + " ".join(command))
            self.assertIn(" 0 mistakes", text)
            self.assertNotIn("note:", text)
            self.assertEqual(code, 0)

    def test_check_tells_line_column_and_rule(self):
        for name, words in (("adds_a_member", r"line 5, column 116: MEMBER-1: elapsed: not a member of read_return"),
                            ("prints_garbage", r"line 5, column 1: LINE-1: a value is missing"),
                            ("answers_twice", r"line 5, column 18: ANSWER-2: seq: this request has been answered before\n.*\n    the running case is 1; "),
                            ("answers_another_case", r"line 5, column 2: CASE-1: case: it is not the running one\n.*\n    the running case is 1; "),
                            ("claims_the_unknown", r"line 1, column 122: HELLO-3: capabilities: \"telepathy\""),
                            ("speaks_for_the_kit", r"line 5, column 22: EVENT-1: event: \"pf_read_return\""),
                            ("cuts_the_buffer", r"line 5, column 72: EVENT-2: data: 1 bytes"),
                            ("speaks_after_settle", r"line 13, column 22: EVENT-4: event: \"references\""),
                            ("speaks_another_version", r"line 1, column 27: HELLO-2: protocol:"),
                            ("ends_in_a_line", r"after line 4: LINE-2: "),
                            ("prints_100_megabytes", r"after line 4: LINE-3: "),
                            ("crashes", r"after line 4: LIFE-1: ended by SIGSEGV"),
                            ("leaves_a_child", r"after line 17: LIFE-2: "),
                            ("hangs_in_close", r"after line \d+: TIME-3: no answer to close within 2000 ms"),
                            ("stays_after_bye", r"after line 17: TIME-3: alive after bye"),
                            ("hangs_in_a_call", r"after line 4: TIME-2: no answer to settle within 2000 ms")):
            code, text = self.hostile(name)
            self.assertRegex(text, words)
            self.assertEqual(code, 1, name)

    def test_check_says_when_nothing_could_be_tried(self):
        code, text = self.hostile("refuses")
        self.assertEqual(code, 3)
        self.assertIn("refused: open: not on a Sunday", text)
        self.assertEqual(self.check("tcp:127.0.0.1:1")[0], 3)

    def test_a_new_adapter_in_python_is_in_order_at_once(self):
        new = os.path.join(self.folder, "deep", "new")
        self.assertEqual(run("adapter", "new", "--language", "python", new).returncode, 0)
        code, text = self.check(f"exec:/usr/bin/python3 {new}/adapter.py")
        self.assertEqual((code, text.splitlines()[-1][-11:]), (0, " 0 mistakes"))

    def test_a_new_adapter_in_c_builds_and_is_in_order_at_once(self):
        new = os.path.join(self.folder, "new")
        self.assertEqual(run("adapter", "new", "--language", "c", new).returncode, 0)
        subprocess.run(["make", "-C", new, "CFLAGS=-Wall -Wextra -Wconversion -Werror"], check=True, capture_output=True)
        code, text = self.check(f"exec:{GOLDEN[0]} {new}/adapter.so")
        self.assertEqual((code, text.splitlines()[-1][-11:]), (0, " 0 mistakes"))
        self.assertEqual(self.check(f"{new}/adapter.so")[0], 0)

    def test_new_overwrites_nothing(self):
        kept = os.path.join(self.folder, "README.md")
        with open(kept, "w", encoding="utf-8") as file:
            file.write("mine")
        for language in ("c", "python"):
            done = run("adapter", "new", "--language", language, self.folder)
            self.assertEqual(done.returncode, 3)
        with open(kept, encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine")
        self.assertEqual(os.listdir(self.folder), ["README.md"])


if __name__ == "__main__":
    unittest.main()
