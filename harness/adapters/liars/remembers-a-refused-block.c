/* breaks: IW-18 a block that the PF refused once is refused from then on, without asking the PF. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

enum { REFUSED, REFUSED_BLOCK, REFUSED_VF };

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const uint32_t slot = event->call % VPCI_CALLS_MAX;
    const bool answers =
        event->kind == VPCI_EVENT_PF_READ_RETURN || event->kind == VPCI_EVENT_PF_WRITE_RETURN;
    if (answers && (golden->calls_busy >> slot & 1) != 0 && vpci_nt_error(event->status)) {
        const struct golden_request *request = golden_request_of(golden, golden->calls[slot].request);
        golden->scratch[REFUSED] = 1;
        golden->scratch[REFUSED_BLOCK] = request->block;
        golden->scratch[REFUSED_VF] = request->vf;
    }
    golden_incoming(golden, event, memory);
}

static vpci_ntstatus check_length(struct golden *golden, struct golden_request *request)
{
    const uint64_t *state = golden->scratch;
    const bool refused =
        state[REFUSED] != 0 && state[REFUSED_BLOCK] == request->block && state[REFUSED_VF] == request->vf;
    return refused ? VPCI_STATUS_INVALID_PARAMETER : golden_check_length(golden, request);
}

static const struct golden_hooks hooks = { .incoming = incoming, .check_length = check_length };

GOLDEN_ENTRY("liar: remembers a refused block", NULL, &hooks)
