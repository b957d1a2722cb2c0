# SPDX-License-Identifier: MIT
"""Exploring: what is counted, that it ends as it says, that faults are found by the shortest way.

The states of the model are counted a second time here, by an automaton of the protocol that shares nothing with the program:
what one VF and its PF have open between them, with the choices that golden makes. docs/explore.md describes the abstraction."""

import collections
import json
import os
import re
import unittest

import kit

STAGE = re.compile(r"^(\w+) +(?:(\d+) states, depth (\d+), )?(\d+) [\w ]+, (\d+) steps played: (.*)$", re.MULTILINE)
Stage = collections.namedtuple("Stage", "states depth items steps end")


def stages(output):
    """What each stage said of itself, by name."""
    return {name: Stage(*(int(number or 0) for number in numbers), end) for name, *numbers, end in STAGE.findall(output)}


# ---- the automaton ----

Request = collections.namedtuple("Request", "identity kind block may_carry excuses")
# A callback that waits for the PF. elders: open requests the PF cannot tell from its own, older than the callback;
# peers: those open when its request ended without it. Both are meant only while somebody may still inherit it.
Call = collections.namedtuple("Call", "owner kind block elders peers")
World = collections.namedtuple("World", "phase touched changing owed news requests calls answers births")

READS = ("read", "ioctl read")
TRANSFERS = ("read", "write", "ioctl read", "ioctl write")
EMPTY = World("new", False, False, frozenset(), frozenset(), (), (), (), 0)


def alike(call, request):
    """Two reads of a block look the same to the PF, however they were sent; contents tell writes apart."""
    return call.kind in READS and request.kind in READS and call.block == request.block


def canonical(world):
    """The world without identities: requests by age, everything else by the places of the requests."""
    place = {request.identity: at for at, request in enumerate(world.requests)}

    def places(identities):
        return frozenset(place[identity] for identity in identities if identity in place)

    requests = tuple((request.kind, request.block, request.may_carry, request.excuses) for request in world.requests)
    calls = tuple((place.get(call.owner), call.kind in READS, call.block, places(call.elders), places(call.peers))
                  for call in world.calls)
    kept = collections.Counter((call.block, good, places(call.elders), places(call.peers)) for call, good in world.answers)
    answers = frozenset((answer, min(count, len(answer[2] | answer[3]))) for answer, count in kept.items())
    return world[:5] + (requests, calls, answers)


def swept(world):
    """Nobody is left to inherit some answers."""
    alive = {request.identity for request in world.requests}
    return world._replace(answers=tuple(answer for answer in world.answers if answer[0].peers & alive))


def ended(world, gone):
    """Requests end without an answer: what the PF has of them is nobody's now, or that of one just like it."""
    calls = []
    left = world.requests
    for request in gone:  # one after the other: the next to end is still there when the first does
        left = tuple(other for other in left if other is not request)
        calls = []
        for call in world.calls:
            if call.owner == request.identity:
                peers = frozenset(other.identity for other in left if alike(call, other))
                call = call._replace(owner=None, peers=peers)
            calls.append(call)
        world = swept(world._replace(requests=left, calls=tuple(calls)))
    return world


def send(world, kind, block):
    if world.phase != "started":
        return world
    request = Request(world.births, kind, block, frozenset(), frozenset())
    call = Call(request.identity, kind, block, frozenset(), frozenset())
    call = call._replace(elders=frozenset(other.identity for other in world.requests if alike(call, other)))
    return world._replace(requests=world.requests + (request,), calls=world.calls + (call,), births=world.births + 1)


def ask_for_news(world):
    if world.phase != "started":
        return world
    if world.news:
        return world._replace(owed=frozenset(), news=frozenset())
    second = any(request.kind == "notice" for request in world.requests)
    request = Request(world.births, "notice", None, frozenset(), frozenset(["contended"] if second else []))
    return world._replace(requests=world.requests + (request,), births=world.births + 1)


def notify(world, blocks):
    if world.phase == "removed":
        return world
    requests = tuple(request._replace(may_carry=request.may_carry | blocks) if request.kind == "notice" else request
                     for request in world.requests)
    world = world._replace(requests=requests)
    held = [request for request in requests if request.kind == "notice"]
    if held and world.phase == "started":
        return swept(world._replace(requests=tuple(request for request in requests if request is not held[0]),
                                    owed=frozenset(), news=frozenset()))
    if world.phase == "new":  # nobody can listen yet: what is raised now may come, or be lost
        return world._replace(news=world.news | blocks)
    return world._replace(owed=world.owed | blocks, news=world.news | blocks)


def answer(world, nth, good):
    call = world.calls[nth]
    world = world._replace(calls=world.calls[:nth] + world.calls[nth + 1:])
    if call.owner is None:
        return swept(world._replace(answers=world.answers + ((call, good),)))
    return swept(world._replace(requests=tuple(request for request in world.requests if request.identity != call.owner)))


def reset(world):
    world = ended(world, [request for request in world.requests if request.kind != "notice"])
    requests = tuple(request._replace(excuses=request.excuses | {"reset"}) for request in world.requests)
    return world._replace(requests=requests, owed=frozenset(), changing=True)


def remove(world):
    return ended(world, world.requests)._replace(phase="removed", owed=frozenset(), changing=True)


def moves(world, blocks, slots):
    """All that can be done next."""
    room = len(world.requests) < slots
    if world.phase == "new":
        yield world._replace(phase="started")
    for block in range(blocks):
        for kind in TRANSFERS:
            if room and len(world.calls) < slots:
                yield send(world, kind, block)
        yield notify(world, frozenset([block]))
    if blocks > 1:
        yield notify(world, frozenset(range(blocks)))
    if room:
        yield ask_for_news(world)
    if world.phase != "removed":
        yield reset(world)
        yield remove(world)
    for nth in range(len(world.calls)):
        yield answer(world, nth, True)
        yield answer(world, nth, False)
    for request in world.requests:
        if request.kind not in ("read", "write"):
            yield ended(world, [request])


def settled(world):
    """At rest, a change of the device is over unless the PF still has something, and an answer that nobody took is nobody's."""
    return world._replace(touched=True, changing=world.changing and bool(world.calls), answers=())


def count(blocks, slots):
    """(states, transitions, depth) of the automaton."""
    seen = {canonical(EMPTY)}
    level, transitions, depth = [EMPTY], 0, -1
    while level:
        depth += 1
        following = []
        for world in level:
            for after in map(settled, moves(world, blocks, slots)):
                transitions += 1
                name = canonical(after)
                if name not in seen:
                    seen.add(name)
                    following.append(after)
        level = following
    return len(seen), transitions, depth


# ---- the program ----

# Liars, and how long the scenario is that is left of what was found.
FOUND = {
    "a-cancelled-read-claims-its-bytes": ("IR-06", 2),
    "a-direct-call-returns-pending": ("DC-04", 1),
    "a-failed-read-succeeds": ("RD-07", 2),
    "a-failed-write-succeeds": ("WR-04", 2),
    "a-late-answer-completes-again": ("WD-25", 2),
    "a-removal-forgets-the-requests-of-others": ("RM-01", 2),
    "completes-without-storing-the-mask": ("IV-01", 2),
    "counts-bytes-in-seven-bits": ("IR-05", 1),
    "counts-the-header-as-written": ("IW-11", 1),
    "crashes-at-a-reset-after-a-full-write": ("RS-02", 2),
    "delivers-a-bit-twice": ("IV-05", 3),
    "forgets-held-requests-at-removal": ("WD-22", 2),
    "loses-the-bits-above-31": ("IV-05", 3),
    "never-signals-the-event-of-a-write": ("IW-17", 1),
    "notifies-before-anything-changed": ("IV-01", 1),
    "overwrites-the-mask-instead-of-adding": ("IV-04", 4),
    "reads-129-bytes-as-128": ("IR-10", 1),
    "writes-one-byte-beyond-a-read-buffer": ("RD-03", 1),
}

# Golden, with a device that remembers something of the one before it: the same steps lead to another state.
FORGETFUL = """
#include <stddef.h>
#include "harness/adapters/golden/golden.h"
static unsigned starts;
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind != VPCI_EVENT_START || ++starts % 50 != 0)
        golden_incoming(golden, event, memory);
    else
        golden_outgoing(golden, &(struct vpci_event){ .kind = VPCI_EVENT_START_RETURN, .vf = event->vf,
            .fields = VPCI_F(VF) | VPCI_F(STATUS), .status = VPCI_STATUS_DEVICE_NOT_READY });
}
static const struct golden_hooks hooks = { .incoming = incoming };
GOLDEN_ENTRY("forgetful", NULL, &hooks)
"""

# Golden, but a write ends the process.
ENDS = """
#include <signal.h>
#include <stdlib.h>
#include "harness/adapters/golden/golden.h"
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_WRITE)
        %s;
    golden_incoming(golden, event, memory);
}
static const struct golden_hooks hooks = { .incoming = incoming };
GOLDEN_ENTRY("ends", NULL, &hooks)
"""

# One that the kit cannot take for an implementation: it says things that are none.
BABBLES = """
#include <stdlib.h>
#include "harness/plugin.h"
static struct vpci_event_host host;
static void *open_device(const struct vpci_event_host *given, const struct vpci_device *device)
{ (void)device; host = *given; return malloc(1); }
static void submit(void *iut, const struct vpci_event *event, const struct vpci_memory *memory)
{ (void)iut; (void)event; (void)memory; host.observe(host.kit, &(struct vpci_event){ .kind = VPCI_EVENT_READ }); }
static const struct vpci_event_driven calls = { open_device, submit, NULL, free };
const struct vpci_plugin *vpci_plugin_entry(void)
{
    static const struct vpci_plugin plugin = { .abi = VPCI_PLUGIN_ABI, .table_bytes = sizeof plugin, .name = "babbles",
        .version = "1", .roles = 1u << VPCI_ROLE_BUS, .capabilities = VPCI_CAPABILITY_BIT(DIRECT), .event_driven = &calls };
    return &plugin;
}
"""


class Explore(kit.Test):
    def explore(self, adapter, *options, code=None, timeout=300):
        done = self.run_program("explore", "--adapter", adapter, "--out", self.path("out"), *options, timeout=timeout)
        if code is not None:
            self.assertEqual(done.code, code, f"{adapter} {options}: {done.out[-2000:]} {done.err[-1000:]}")
        return done

    def test_two_explorers_count_the_same(self):
        for blocks, slots in (1, 1), (2, 1), (1, 2), (2, 2):
            with self.subTest(blocks=blocks, slots=slots):
                # longer than any shortest way, so that the sequences are left to the time
                done = self.explore("golden", "--vfs", 1, "--blocks", blocks, "--slots", slots, "--time", "12s")
                found = stages(done.out)["states"]
                self.assertEqual(found.end, "exhausted", done.out)
                self.assertEqual((found.states, found.items, found.depth), count(blocks, slots))

    def test_golden_has_nothing_to_be_found(self):
        for role in "bus", "stack":
            with self.subTest(role=role):
                done = self.explore("golden", "--role", role, "--depth", 4, code=kit.CONFORMS)
                found = stages(done.out)
                self.assertEqual(list(found), ["states", "product", "pairs", "orders", "sequences"])
                self.assertEqual(found["product"].items, 5 * 9 * 5 * 3 * 4 * 4 * 4)
                self.assertEqual(found["product"].end, "exhausted")
                self.assertEqual(found["sequences"].end, "every sequence of up to 4 steps")
                self.assertIn("\nnothing found\n", done.out)
                self.assertFalse(os.path.exists(self.path("out")))
                self.assertEqual(done.out, self.explore("golden", "--role", role, "--depth", 4).out)

    def test_two_vfs(self):
        done = self.explore("golden", "--vfs", 2, "--blocks", 1, "--slots", 2, "--depth", 4, code=kit.CONFORMS)
        self.assertEqual(stages(done.out)["states"].end, "bound of 4 steps reached, not exhausted")

    def test_variants_have_nothing_to_be_found(self):
        for name in kit.bundled("variants"):
            for role in "bus", "stack":
                with self.subTest(variant=name, role=role):
                    self.explore(f"variant:{name}", "--role", role, "--depth", 3, code=kit.CONFORMS)

    def test_liars_are_found_by_the_shortest_way(self):
        for name, (requirement, steps) in FOUND.items():
            with self.subTest(liar=name):
                done = self.explore(f"liar:{name}", "--depth", 4, code=kit.VIOLATION)
                self.assertRegex(done.out, rf"\n1\. {requirement}  ")
                self.assertIn("golden: passes", done.out)
                path = re.search(r"replay (\S+\.json) ", done.out).group(1)
                with open(path, encoding="utf-8") as file:
                    scenario = json.load(file)
                self.assertIn(requirement, scenario["requirements"])
                self.assertEqual(len(scenario["steps"]), steps, scenario)
                again = self.run_program("replay", path, "--adapter", f"liar:{name}", "--role", "bus")
                self.assertEqual(again.code, kit.VIOLATION, again.out)
                self.assertEqual(self.run_program("replay", path, "--adapter", "golden", "--role", "bus").code, kit.CONFORMS)

    def test_going_on_behind_findings(self):
        done = self.explore("liar:crashes-at-a-reset-after-a-full-write", "--depth", 2, "--keep-going", code=kit.VIOLATION)
        found = stages(done.out)
        self.assertEqual(found["product"].end, "exhausted")
        self.assertEqual(found["sequences"].end, "every sequence of up to 2 steps")
        self.assert_nothing_left()

    def test_time(self):
        done = self.explore("golden", "--time", "1ms", code=kit.INCONCLUSIVE)
        self.assertIn("nothing found, but not everything was explored", done.out)
        self.assertIn("the time was over", stages(done.out)["states"].end)

    def test_quiet(self):
        self.assertEqual(self.explore("golden", "--depth", 2, "--quiet", code=kit.CONFORMS).out, "nothing found\n")
        done = self.explore("liar:a-failed-read-succeeds", "--depth", 3, "--quiet", code=kit.VIOLATION)
        self.assertEqual(done.out, f"1 finding, in {self.path('out')}\n")

    def test_a_hang_is_a_finding(self):
        done = self.explore("liar:never-returns-from-a-read-that-failed", "--depth", 3, "--step-time", "200ms",
                            code=kit.VIOLATION)
        self.assertIn("\n1. ", done.out)
        self.assert_nothing_left()

    def compile_golden(self, name, source):
        golden = os.path.join(kit.SOURCE, "harness", "adapters", "golden")
        parts = [os.path.join(golden, part) for part in sorted(os.listdir(golden)) if part.endswith(".c") and part != "plugin.c"]
        return self.compile_plugin(name, source, *parts)

    def test_a_process_that_is_ended(self):
        for cause, how in ("exit", "_Exit(0)"), ("crash", "raise(SIGKILL)"):
            with self.subTest(cause):
                plugin = self.compile_golden(cause, ENDS % how)
                done = self.explore(plugin, "--depth", 3, code=kit.VIOLATION)
                self.assertRegex(done.out, rf"\n1\. [A-Z]{{2}}-\d\d  {cause}\n")
                done = self.explore(plugin, "--depth", 3, "--keep-going", "--time", "4s", code=kit.VIOLATION)
                self.assertEqual(stages(done.out)["states"].end, "bound of 3 steps reached, not exhausted")

    def test_an_implementation_that_does_not_repeat_itself(self):
        plugin = self.compile_golden("forgetful", FORGETFUL)
        done = self.explore(plugin, "--depth", 4, code=kit.INCONCLUSIVE)
        self.assertRegex(done.out, r"[1-9]\d* states were not reached again by the same steps")

    def test_an_adapter_that_babbles(self):
        done = self.explore(self.compile_plugin("babbles", BABBLES), "--depth", 3, code=kit.INCONCLUSIVE)
        self.assertIn("got no verdict: garbage", done.out)
        self.assertIn("could not go on: garbage", stages(done.out)["states"].end)

    def test_faults_of_use(self):
        self.assert_fault(self.explore("no-such-thing"), "no-such-thing")
        self.assert_fault(self.explore("golden", "--role", "pf"), "role pf")

    def test_over_the_channel(self):
        for adapter in kit.SERVED, kit.PYTHON:
            with self.subTest(adapter=adapter):
                done = self.explore(adapter, "--depth", 2, "--slots", 1, "--time", "5m", code=kit.CONFORMS, timeout=400)
                found = stages(done.out)
                self.assertLess(found["product"].items, 500)
                self.assertEqual(found["states"].end, "bound of 2 steps reached, not exhausted")
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
