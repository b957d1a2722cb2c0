# SPDX-License-Identifier: MIT
"""The scenarios of refusal/: what an implementation does not claim is tried, and has to be refused or at least not done."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kit  # noqa: E402
import planted  # noqa: E402

WAITING, NEWS, RESET = ("refusal/a-request-for-news-without-news-is-refused", "refusal/a-request-for-news-is-refused",
                        "refusal/a-reset-is-refused")

# Answers whatever it does not know as an adapter can that has no such thing at all.
REFUSES = r"""
import json, sys
def send(**members):
    print(json.dumps(members), flush=True)
case = cannot = None
for text in sys.stdin:
    line = json.loads(text)
    kind = line.get("event")
    if kind == "start":
        send(case=case, event="start_return", vf=line["vf"], status="SUCCESS")
    elif kind is not None:
        cannot = kind
    elif line["do"] == "bye":
        break
    elif line["do"] == "hello":
        send(re="hello", seq=line["seq"], protocol=1, name="refuses", version="1", roles=["bus"], capabilities=["settle"])
    elif line["do"] == AT and cannot is not None:
        send(re="refused", seq=line["seq"], case=case, reason="cannot " + cannot)
    else:
        case, cannot = (line["case"], None) if line["do"] == "open" else (case, cannot)
        send(re=line["do"], seq=line["seq"], case=line["case"])
"""

REFUSES_HALF = """
#include "harness/adapters/golden/golden.h"
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind != VPCI_EVENT_IOCTL || event->code != VPCI_IOCTL_WRITE_BLOCK)
        golden_incoming(golden, event, memory);
}
static const struct golden_options options = { .unclaimed = VPCI_CAPABILITY_BIT(IOCTL) };
static const struct golden_hooks hooks = { .incoming = incoming };
GOLDEN_ENTRY("refuses half", &options, &hooks)
"""


class ProbeTest(kit.Test):
    def probes(self, adapter, *options, code=kit.INCONCLUSIVE):
        """By name the probes that apply. Alone they show nothing of what is claimed, so such a run never conforms."""
        _, results = self.select(adapter, "refusal/*", "--quiet", *options, code=code)
        self.assertEqual(len(results.cases), len([name for name in os.listdir(os.path.join(kit.CORPUS, "scenarios", "refusal"))]))
        for case in results.cases:
            self.assertIs(case["probe"], True)
            self.assertEqual(case["exercised"], [])
            self.assertNotIn("requirement", case)
        return {case["name"]: case for case in results.cases if case.get("cause") != "capability"}

    def test_nothing_is_tried_that_is_claimed(self):
        for adapter, role in (("golden", "bus"), ("golden", "stack"), ("golden-blocking", "bus"), (kit.PYTHON, "bus")):
            self.assertEqual(self.probes(adapter, "--role", role), {})

    def test_an_honest_implementation_refuses_and_conforms(self):
        for role, count in (("bus", 6), ("stack", 5)):
            with self.subTest(role):
                probes = self.probes("variant:minimal-claims", "--role", role)
                self.assertEqual([case["verdict"] for case in probes.values()], ["pass"] * count)
                _, results = self.certify("variant:minimal-claims", "--quiet", "--role", role, code=kit.CONFORMS)
                rows = results.footer["requirements"]
                probed = {id for id, row in rows.items() if row.get("probed")}
                for id in probed:
                    self.assertEqual(rows[id]["verdict"], "not_applicable")
                if role == "bus":
                    self.assertLessEqual({"IR-04", "IW-08", "IV-01", "QI-01", "RS-01"}, probed)
                    self.assertEqual(rows["RM-01"]["verdict"], "not_applicable")
                    self.assertNotIn("RM-01", probed)  # nobody tries a removal

    def test_one_that_does_it_violates(self):
        adapter = planted.plant(self, "does-what-it-does-not-claim")
        for role in ("bus", "stack"):
            with self.subTest(role):
                probes = self.probes(adapter, "--role", role, code=kit.VIOLATION)
                self.assertEqual({name: (case["verdict"], case["cause"]) for name, case in probes.items()},
                                 {NEWS: ("fail", "not_refused"), RESET: ("fail", "not_refused"),
                                  WAITING: ("not_applicable", "no_refusal_seen")})
                self.assertIn("claimed to be unsupported", probes[NEWS]["finding"]["reason"])
                done, results = self.certify(adapter, "--quiet", "--role", role, code=kit.VIOLATION)
                self.assertEqual(results.footer["cases"]["fail"], 2)
                self.assertFalse(any(row.get("probed") for row in results.footer["requirements"].values()))
                self.assertFalse(any(row["failed"] for row in results.footer["requirements"].values()))

    def test_one_that_crashes_on_it_violates(self):
        adapter = planted.plant(self, "crashes-on-what-it-does-not-claim")
        probes = self.probes(adapter, code=kit.VIOLATION)
        self.assertEqual({(case["verdict"], case["cause"]) for case in probes.values()}, {("fail", "crash")})
        self.assertEqual(set(probes), {NEWS, WAITING})

    def test_silence_is_neither_for_nor_against(self):
        adapter = planted.plant(self, "passes-over-what-it-does-not-claim")
        for role in ("bus", "stack"):
            probes = self.probes(adapter, "--role", role)
            self.assertEqual({(case["verdict"], case["cause"]) for case in probes.values()}, {("not_applicable", "no_refusal_seen")})
            _, results = self.certify(adapter, "--quiet", "--role", role, code=kit.CONFORMS)
            self.assertFalse(any(row.get("probed") for row in results.footer["requirements"].values()))

    def test_what_is_refused_in_part_is_not_seen_refused(self):
        _, results = self.certify(planted.plant(self, "half", text=REFUSES_HALF), "--quiet", code=kit.CONFORMS)
        verdicts = {case["name"]: case["verdict"] for case in results.cases if case["name"].startswith("refusal/an-ioctl")}
        self.assertEqual(verdicts, {"refusal/an-ioctl-read-is-refused": "pass", "refusal/an-ioctl-write-is-refused": "not_applicable"})
        self.assertFalse(any(row.get("probed") for row in results.footer["requirements"].values()))

    def test_the_starts_for_new_adapters_conform(self):
        for language in ("c", "python"):
            with self.subTest(language):
                folder = self.path(language)
                self.assertEqual(self.run_program("adapter", "new", "--language", language, folder).code, 0)
                adapter = f"exec:{kit.INTERPRETER} {folder}/adapter.py"
                if language == "c":
                    with open(os.path.join(folder, "adapter.c"), encoding="utf-8") as file:
                        adapter = self.compile_plugin("started", file.read(), f"-I{folder}/include")
                probes = self.probes(adapter)
                self.assertEqual({case["verdict"] for case in probes.values()}, {"not_applicable"})
                self.certify(adapter, "--quiet", code=kit.CONFORMS)

    def test_an_adapter_may_refuse_for_its_implementation(self):
        adapter = kit.write(self.path("refuses.py"), REFUSES.replace("AT", '"settle"'))
        probes = self.probes(f"exec:{kit.INTERPRETER} {adapter}")
        self.assertEqual({case["verdict"] for case in probes.values()}, {"pass"})
        self.assertEqual(len(probes), 8)
        # But an adapter that refuses everything, and so passes nothing but probes, is not one that conforms.
        _, results = self.certify(f"exec:{kit.INTERPRETER} {adapter}", "--quiet", code=kit.INCONCLUSIVE)
        self.assertEqual(results.footer["cases"]["pass"], 8)

    def test_a_refusal_behind_the_end_is_none(self):
        adapter = kit.write(self.path("refuses.py"), REFUSES.replace("AT", '"close"'))
        probes = self.probes(f"exec:{kit.INTERPRETER} {adapter}")
        self.assertEqual({(case["verdict"], case["cause"]) for case in probes.values()}, {("error", "refused")})

    def test_a_probe_is_judged_again_out_of_its_transcript(self):
        adapter = planted.plant(self, "does-what-it-does-not-claim")
        self.probes(adapter, code=kit.VIOLATION)
        done = self.run_program("check", self.path("out", "results.jsonl"))
        self.assertEqual(done.code, kit.VIOLATION, done)
        self.probes("variant:minimal-claims")
        done = self.run_program("check", self.path("out", "results.jsonl"))
        self.assertEqual(done.code, kit.INCONCLUSIVE, done)


if __name__ == "__main__":
    unittest.main()
