/* SPDX-License-Identifier: MIT */
/* harness/adapters/variants/all-freedom.c - uses at once every freedom that goes together with the others:
 * refuses all that may be refused, with codes that nobody expects, pends what may pend, is last with all that
 * may be late, and has the newest first. Whoever is tolerant of this one is tolerant. */
#include "harness/adapters/golden/golden.h"

/* Any error will do wherever the sources do not name one. */
static const struct golden_codes codes = {
    .length = 0xC0000206u, /* INVALID_BUFFER_SIZE */
    .write_overrun = 0xC0000004u,
    .short_mask = 0xE0000002u,
    .busy = 0xE0000003u,
    .not_ready = 0xE0000004u,
    .no_device = 0xE0000005u,
    .removed = 0xC0000120u, /* CANCELLED */
    .reset = 0xC00000B5u,   /* IO_TIMEOUT */
    .unknown_code = 0xE0000006u,
    .low_resources = 0xE0000007u,
    .interface_size = 0xE0000008u,
    .version = 0xE0000009u,
    .pf_failure = 0xE000000Au,
};

static const struct golden_options options = {
    .codes = &codes,
    .zero_length = GOLDEN_ZERO_REACHES_PF,
    .pf_calls_max = 1,
    .pend_rejections = true,
    .complete_from_run = true,
    .work_from_run = true,
    .newest_first = true,
    .notify_all_held = true,
    .split_notifications = true,
    .zero_rest = true,
    .write_input_whole = true,
    .exact_lengths = true,
    .refuse_device_control = true,
    .refuse_small_interface = true,
    .refuse_foreign_context = true,
    .refuse_when_low = true,
    .reset_drops_mask = true,
    .reset_fails_held = true,
    .reset_spares_transfers = true,
};

/* The newest request goes to the PF first: requests that overlap have no order. */
static void overtake(struct golden_queue *waiting)
{
    const uint8_t newest = waiting->numbers[waiting->count - 1];
    for (uint32_t i = waiting->count - 1u; i > 0; i--)
        waiting->numbers[i] = waiting->numbers[i - 1];
    waiting->numbers[0] = newest;
}

/* An IOCTL whose read comes back short fails; the rest of a direct one is cleared. */
static bool is_short_read(const struct golden *golden, const struct vpci_event *event)
{
    const uint32_t slot = event->call % VPCI_CALLS_MAX;
    if (event->kind != VPCI_EVENT_PF_READ_RETURN || event->status != VPCI_STATUS_SUCCESS ||
        (golden->calls_busy >> slot & 1) == 0)
        return false;
    const struct golden_request *request = &golden->requests[golden->calls[slot].request];
    return !request->direct && event->data_length < request->length;
}

/* An empty mask is passed on like any other, to all that are held, but not to what a completion
 * routine sends meanwhile. */
static void tell_nothing(struct golden *golden, uint16_t vf)
{
    const uint64_t births_before = golden->births;
    while (golden->vfs[vf].held.count > 0) {
        struct golden_request *request = golden_request_of(golden, golden->vfs[vf].held.numbers[0]);
        if (request->birth > births_before)
            return;
        struct vpci_event event = {
            .kind = VPCI_EVENT_IOCTL_COMPLETE,
            .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION) | VPCI_F(MARKED),
            .request = request->number,
            .marked = true,
        };
        const bool signals = request->user_event;
        golden_store_mask(golden, request, 0);
        if (request->memory.status_block != NULL)
            *request->memory.status_block = (struct vpci_io_status_block){ .status = VPCI_STATUS_SUCCESS };
        golden_forget(golden, request);
        golden_outgoing(golden, &event);
        event.kind = VPCI_EVENT_USER_EVENT_SIGNAL;
        event.fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION);
        if (signals)
            golden_outgoing(golden, &event);
    }
}

static void incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    const uint8_t waiting = golden->waiting.count;
    struct vpci_event changed = *event;
    if (is_short_read(golden, event))
        changed.status = VPCI_STATUS_UNSUCCESSFUL;
    golden_incoming(golden, &changed, memory);
    if (golden->waiting.count > waiting)
        overtake(&golden->waiting);
    for (uint16_t i = 0; event->kind == VPCI_EVENT_PF_INVALIDATE && event->mask == 0 && i < golden->vf_count;
         i++) {
        if (event->vf == i || event->vf == VPCI_VF_ALL)
            tell_nothing(golden, i);
    }
}

/* The buffer of a read that fails is anybody's guess. */
static vpci_ntstatus pf_status(const struct golden *golden, const struct golden_request *request,
                               vpci_ntstatus status)
{
    const bool failed = status != VPCI_STATUS_SUCCESS && request->kind == GOLDEN_READ;
    for (uint32_t i = 0; failed && i < request->length; i++)
        request->memory.output[i] = 0x5A;
    return golden_pf_status(golden, request, status);
}

static void describe(struct golden *golden, uint16_t vf, uint16_t version,
                     struct vpci_interface_standard *interface)
{
    golden_describe(golden, vf, version, interface);
    interface->serial_number = UINT32_MAX - vf; /* any number, as long as no other VF has it */
}

static const struct golden_hooks hooks = {
    .incoming = incoming,
    .pf_status = pf_status,
    .describe = describe,
};

GOLDEN_ENTRY("variant: all freedom", &options, &hooks)
