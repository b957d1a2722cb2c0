# SPDX-License-Identifier: MIT
"""What the tests of hunts share: the faulty adapters of tests/adapters as plug-ins, and what a hunt leaves in its folder."""

import collections
import glob
import json
import os
import subprocess

import kit

GOLDEN = [path for path in sorted(glob.glob(os.path.join(kit.SOURCE, "harness", "adapters", "golden", "*.c")))
          if not path.endswith("plugin.c")]

# As an implementation may end its process so that neither the kit nor an engine has a say in it.
LEAVES = """
#include <unistd.h>
#include "harness/adapters/golden/golden.h"
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    golden->scratch[0] = event->kind == VPCI_EVENT_WRITE ? 1 : golden->scratch[0];
    if (event->kind == VPCI_EVENT_RESET && golden->scratch[0] == 1)
        _exit(CODE);
    golden_incoming(golden, event, memory);
}
static const struct golden_hooks hooks = { .incoming = incoming };
GOLDEN_ENTRY("leaves", NULL, &hooks)
"""

# Crashes on what every hunt starts from.
CRASHES_ON_READS = """
#include "harness/adapters/golden/golden.h"
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (event->kind == VPCI_EVENT_READ && event->length == 128)
        __builtin_trap();
    golden_incoming(golden, event, memory);
}
static const struct golden_hooks hooks = { .incoming = incoming };
GOLDEN_ENTRY("crashes on reads", NULL, &hooks)
"""


def plant(test, name, *flags, compiler="gcc", text=None, out=None):
    """Path of the plug-in made of tests/adapters/NAME.c, or of the text, in the test's folder."""
    source = os.path.join(kit.SOURCE, "tests", "adapters", f"{name}.c")
    if text is not None:
        source = kit.write(test.path(f"{out or name}.c"), text)
    target = test.path(f"{out or name}.so")
    subprocess.run([compiler, "-shared", "-fPIC", "-std=gnu11", "-O1", "-w", "-D_GNU_SOURCE", f"-I{kit.SOURCE}", *flags, source,
                    *GOLDEN, "-o", target], check=True, capture_output=True, timeout=60)
    return target


def scenarios(folder):
    """Scenario by file name, of a hunt's findings/."""
    found = {}
    for path in glob.glob(os.path.join(folder, "findings", "*.json")):
        with open(path, encoding="utf-8") as file:
            found[os.path.basename(path)] = json.load(file)
    return found


def requirements(folder):
    """How many scenarios blame each requirement."""
    return collections.Counter(scenario["finding"]["requirement"] for scenario in scenarios(folder).values())


def contents(folder):
    """Bytes by path of all files below, hidden ones aside."""
    files = {}
    for place, _, names in os.walk(folder):
        for name in names:
            if not name.startswith("."):
                path = os.path.join(place, name)
                files[os.path.relpath(path, folder)] = kit.read_bytes(path)
    return files


def features(test, corpus, adapter):
    """What the inputs of a folder reach together, as libFuzzer counts it."""
    done = test.run_program("-runs=0", corpus, program=os.path.join(kit.BUILD, "fuzzers", "libfuzzer", "block_protocol"),
                            environment={"VPCI_ADAPTER": adapter, "VPCI_FINDINGS": ""})
    line = [line for line in done.err.splitlines() if " ft: " in line][-1]
    return int(line.split(" ft: ")[1].split()[0])
