/* breaks: IR-09, IR-08 of two slots for IOCTL reads, a cancel under shortage of memory gives none back. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { LEAKED, SLOTS = 2 };

/* Needs 6 steps: shortage for two requests, an IOCTL read and its cancel, again both, an IOCTL read. */
static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const struct golden_request *request = golden_request_of(golden, event->request);
    if (event->kind == VPCI_EVENT_CANCEL && golden_is_open(golden, event->request) && !request->direct &&
        request->kind == GOLDEN_READ && request->low)
        golden->scratch[LEAKED]++;
    golden_incoming(golden, event, memory);
}

static void ask_pf(struct golden *golden, struct golden_request *request)
{
    if (!request->direct && request->kind == GOLDEN_READ && golden->scratch[LEAKED] >= SLOTS)
        golden_forget(golden, request);
    else
        golden_ask_pf(golden, request);
}

static const struct golden_hooks hooks = { .incoming = incoming, .ask_pf = ask_pf };

GOLDEN_ENTRY("fuzz liar: a cancel under shortage leaks a slot", NULL, &hooks)
