/* SPDX-License-Identifier: MIT */
/* harness/adapters/golden/golden.c - a device's life, the dispatch of the kit's events, and what befalls a
 * whole VF. Apart from plugin.c because variants and liars link all of golden but its entry. */
#include "harness/adapters/golden/parts.h"

#include <stdlib.h>

void golden_outgoing(struct golden *golden, struct vpci_event *event)
{
    golden->host.observe(golden->host.kit, event);
}

void golden_emit(struct golden *golden, struct vpci_event *event)
{
    golden->hooks->outgoing(golden, event);
}

void golden_work(struct golden *golden)
{
    if (golden->options->work_from_run)
        return;
    if (!golden->options->complete_from_run)
        golden_deliver_masks(golden);
    golden_start_transfers(golden);
}

vpci_ntstatus golden_vf_status(const struct golden *golden, uint16_t vf)
{
    if (vf >= golden->vf_count || !golden->vfs[vf].present)
        return golden->codes->no_device;
    return golden->vfs[vf].started ? VPCI_STATUS_SUCCESS : golden->codes->not_ready;
}

static void vf_return(struct golden *golden, enum vpci_event_kind kind, uint16_t vf, vpci_ntstatus status)
{
    golden_emit(golden, &(struct vpci_event){
                            .kind = kind,
                            .fields = VPCI_F(VF) | VPCI_F(STATUS),
                            .vf = vf,
                            .status = status,
                        });
}

static void start(struct golden *golden, uint16_t vf)
{
    const bool present = golden->vfs[vf].present;
    golden->vfs[vf].started = present;
    vf_return(golden, VPCI_EVENT_START_RETURN, vf, present ? VPCI_STATUS_SUCCESS : golden->codes->no_device);
    golden_work(golden);
}

/* Requests that a completion routine sends meanwhile are not among those that end. */
static bool was_there(const struct golden *golden, uint32_t number, uint16_t vf, uint64_t births_before)
{
    const struct golden_request *request = &golden->requests[number];
    return golden_is_open(golden, number) && request->vf == vf && request->birth <= births_before;
}

static void surprise_remove(struct golden *golden, uint16_t vf)
{
    const uint64_t births_before = golden->births;
    golden->vfs[vf].present = false;
    golden->vfs[vf].started = false;
    golden->vfs[vf].mask = 0;
    golden->vfs[vf].notifications = 0;
    for (uint32_t i = 0; i < VPCI_REQUESTS_MAX; i++) {
        if (was_there(golden, i, vf, births_before))
            golden_complete(golden, &golden->requests[i], golden->codes->removed, 0);
    }
    vf_return(golden, VPCI_EVENT_REMOVE_RETURN, vf, VPCI_STATUS_SUCCESS);
    golden_work(golden);
}

static bool ends_at_reset(const struct golden *golden, const struct golden_request *request)
{
    switch (request->place) {
    case GOLDEN_WAITING:
    case GOLDEN_AT_PF:
        return !golden->options->reset_spares_transfers;
    case GOLDEN_HELD:
        return golden->options->reset_fails_held;
    case GOLDEN_ENDING:
    case GOLDEN_ANSWERED:
        break;
    }
    return false;
}

static void reset(struct golden *golden, uint16_t vf)
{
    const uint64_t births_before = golden->births;
    if (!golden->vfs[vf].present) {
        vf_return(golden, VPCI_EVENT_RESET_RETURN, vf, golden->codes->no_device);
        return;
    }
    if (golden->options->reset_drops_mask)
        golden->vfs[vf].mask = 0;
    for (uint32_t i = 0; i < VPCI_REQUESTS_MAX; i++) {
        if (was_there(golden, i, vf, births_before) && ends_at_reset(golden, &golden->requests[i]))
            golden_finish(golden, &golden->requests[i], golden->codes->reset, 0);
    }
    if (golden->role == VPCI_ROLE_BUS)
        golden_emit(golden, &(struct vpci_event){
                                .kind = VPCI_EVENT_PF_RESET,
                                .fields = VPCI_F(VF),
                                .vf = vf,
                            });
    vf_return(golden, VPCI_EVENT_RESET_RETURN, vf, VPCI_STATUS_SUCCESS);
    golden_work(golden);
}

/* What a provider without a capability says to whoever needs it. */
static bool refuse_unclaimed(struct golden *golden, const struct vpci_event *event)
{
    struct vpci_event answer = { .fields = VPCI_F(REQUEST) | VPCI_F(STATUS),
                                 .vf = event->vf,
                                 .request = event->request,
                                 .status = VPCI_STATUS_NOT_SUPPORTED };
    vpci_capability_set needed = VPCI_CAPABILITY_BIT(DIRECT);
    switch (event->kind) {
    case VPCI_EVENT_READ:
        answer.kind = VPCI_EVENT_READ_RETURN;
        break;
    case VPCI_EVENT_WRITE:
        answer.kind = VPCI_EVENT_WRITE_RETURN;
        break;
    case VPCI_EVENT_QUERY_INTERFACE:
        needed = VPCI_CAPABILITY_BIT(QUERY_INTERFACE);
        answer.kind = VPCI_EVENT_QUERY_INTERFACE_RETURN;
        answer.fields |= VPCI_F(INFORMATION);
        if ((event->fields & VPCI_F(STATUS)) != 0)
            answer.status = event->status;
        break;
    case VPCI_EVENT_IOCTL:
        needed = event->code == VPCI_IOCTL_INVALIDATE_BLOCK ? VPCI_CAPABILITY_BIT(INVALIDATE)
                                                            : VPCI_CAPABILITY_BIT(IOCTL);
        answer.kind = VPCI_EVENT_IOCTL_COMPLETE;
        answer.fields |= VPCI_F(INFORMATION);
        answer.status = golden->codes->unknown_code;
        break;
    case VPCI_EVENT_RESET:
        needed = VPCI_CAPABILITY_BIT(RESET);
        answer.kind = VPCI_EVENT_RESET_RETURN;
        answer.fields = VPCI_F(VF) | VPCI_F(STATUS);
        break;
    default:
        return false;
    }
    if ((golden->options->unclaimed & needed) == 0)
        return false;
    golden_emit(golden, &answer);
    if (answer.kind == VPCI_EVENT_IOCTL_COMPLETE) {
        answer.kind = VPCI_EVENT_IOCTL_RETURN;
        answer.fields = VPCI_F(REQUEST) | VPCI_F(STATUS);
        golden_emit(golden, &answer);
    }
    return true;
}

void golden_incoming(struct golden *golden, const struct vpci_event *event, const struct vpci_memory *memory)
{
    if (refuse_unclaimed(golden, event))
        return;
    const bool vf_exists = event->vf < golden->vf_count;
    switch (event->kind) {
    case VPCI_EVENT_START:
        if (vf_exists)
            start(golden, event->vf);
        break;
    case VPCI_EVENT_REMOVE:
        if (vf_exists)
            surprise_remove(golden, event->vf);
        break;
    case VPCI_EVENT_RESET:
        if (vf_exists)
            reset(golden, event->vf);
        break;
    case VPCI_EVENT_LOW_RESOURCES:
        if (vf_exists)
            golden->vfs[event->vf].failing_allocations = event->length;
        break;
    case VPCI_EVENT_QUERY_INTERFACE:
        golden_query_interface(golden, event, memory);
        break;
    case VPCI_EVENT_REFERENCE:
    case VPCI_EVENT_DEREFERENCE:
        if (vf_exists)
            golden_reference(golden, event);
        break;
    case VPCI_EVENT_READ:
    case VPCI_EVENT_WRITE:
        golden_direct(golden, event, memory);
        break;
    case VPCI_EVENT_IOCTL:
        golden_ioctl(golden, event, memory);
        break;
    case VPCI_EVENT_CANCEL:
        golden_cancel(golden, event);
        break;
    case VPCI_EVENT_PF_READ_RETURN:
    case VPCI_EVENT_PF_WRITE_RETURN:
        golden_pf_return(golden, event);
        break;
    case VPCI_EVENT_PF_INVALIDATE:
        golden_notify(golden, event);
        break;
    default: /* input_change: all input was captured already. The rest is not for a provider. */
        break;
    }
}

/* What the entry of this shared object was called with. */
static struct {
    struct golden_options options;
    struct golden_codes codes;
    struct golden_hooks hooks;
} personality;

/* There is hardly ever more than one device at a time, and allocating that one would cost as much as a
 * stimulus or two. */
static struct {
    struct golden golden;
    bool taken;
} kept;

static void *golden_open(const struct vpci_event_host *host, const struct vpci_device *device)
{
    if (device->vf_count == 0 || device->vf_count > VPCI_VFS_MAX ||
        (device->role != VPCI_ROLE_BUS && device->role != VPCI_ROLE_STACK))
        return NULL;
    struct golden *golden = kept.taken ? malloc(sizeof *golden) : &kept.golden;
    if (golden == NULL)
        return NULL;
    kept.taken = true;
    golden->host = *host;
    golden->role = device->role;
    golden->vf_count = device->vf_count;
    golden->options = &personality.options;
    golden->codes = personality.options.codes;
    golden->hooks = &personality.hooks;
    golden->open = 0;
    golden->calls_busy = 0;
    golden->call_serial = 0;
    golden->births = 0;
    golden->arrivals = 0;
    golden->waiting.count = 0;
    golden->ending.count = 0;
    golden->blocks = (struct golden_blocks){ NULL, 0, 0 };
    for (uint32_t i = 0; i < GOLDEN_SCRATCH_WORDS; i++)
        golden->scratch[i] = 0;
    for (uint16_t i = 0; i < device->vf_count; i++) {
        struct golden_vf *vf = &golden->vfs[i];
        vf->present = true;
        vf->started = false;
        vf->references = 0;
        vf->failing_allocations = 0;
        vf->notifications = 0;
        vf->mask = 0;
        vf->held.count = 0;
    }
    return golden; /* requests and calls are filled in when they are opened: clearing them would cost most of
                      a case */
}

static void golden_submit(void *iut, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct golden *golden = iut;
    static const struct vpci_memory none = { NULL, NULL, NULL };
    golden->arrivals++;
    golden->hooks->incoming(golden, event, memory != NULL ? memory : &none);
}

static void golden_run(void *iut)
{
    struct golden *golden = iut;
    uint64_t arrivals;
    do { /* completion routines may bring new work */
        arrivals = golden->arrivals;
        golden_deliver_masks(golden);
        golden_start_transfers(golden);
        golden_complete_ending(golden);
    } while (golden->arrivals != arrivals);
}

static void golden_close(void *iut)
{
    struct golden *golden = iut;
    golden_blocks_free(&golden->blocks);
    if (golden == &kept.golden)
        kept.taken = false;
    else
        free(golden);
}

static struct golden_codes own_codes(void)
{
    return (struct golden_codes){
        .length = VPCI_STATUS_INVALID_PARAMETER,
        .write_overrun = VPCI_STATUS_BUFFER_TOO_SMALL,
        .short_mask = VPCI_STATUS_BUFFER_TOO_SMALL,
        .busy = VPCI_STATUS_INVALID_DEVICE_STATE,
        .not_ready = VPCI_STATUS_DEVICE_NOT_READY,
        .no_device = VPCI_STATUS_NO_SUCH_DEVICE,
        .removed = VPCI_STATUS_DEVICE_REMOVED,
        .reset = VPCI_STATUS_INVALID_DEVICE_STATE,
        .unknown_code = VPCI_STATUS_INVALID_DEVICE_REQUEST,
        .low_resources = VPCI_STATUS_INSUFFICIENT_RESOURCES,
        .interface_size = VPCI_STATUS_INVALID_PARAMETER,
        .version = VPCI_STATUS_REVISION_MISMATCH,
        .pf_failure = VPCI_STATUS_SUCCESS,
    };
}

static struct golden_hooks with_own(const struct golden_hooks *hooks)
{
    struct golden_hooks all = hooks != NULL ? *hooks : (struct golden_hooks){ 0 };
#define OWN(decision)         \
    if (all.decision == NULL) \
    all.decision = golden_##decision
    OWN(incoming);
    OWN(outgoing);
    OWN(check_length);
    OWN(fits);
    OWN(capture);
    OWN(deliver);
    OWN(pf_status);
    OWN(information);
    OWN(ask_pf);
    OWN(merge_mask);
    OWN(take_mask);
    OWN(store_mask);
    OWN(describe);
#undef OWN
    return all;
}

const struct vpci_plugin *golden_entry(const char *name, const struct golden_options *options,
                                       const struct golden_hooks *hooks)
{
    static const struct vpci_event_driven functions = { golden_open, golden_submit, golden_run,
                                                        golden_close };
    static struct vpci_plugin plugin = {
        .abi = VPCI_PLUGIN_ABI,
        .table_bytes = sizeof(struct vpci_plugin),
        .version = "1",
        .roles = 1u << VPCI_ROLE_BUS | 1u << VPCI_ROLE_STACK,
        .event_driven = &functions,
    };
    personality.options = options != NULL ? *options : (struct golden_options){ 0 };
    personality.codes = own_codes();
    if (personality.options.codes == NULL)
        personality.options.codes = &personality.codes;
    if (personality.options.pf_calls_max == 0)
        personality.options.pf_calls_max = VPCI_CALLS_MAX;
    if (personality.options.block_bytes == 0)
        personality.options.block_bytes = VPCI_BLOCK_BYTES_MAX;
    personality.hooks = with_own(hooks);
    plugin.name = name;
    plugin.capabilities =
        VPCI_CAPABILITY_BIT(QUERY_INTERFACE) | VPCI_CAPABILITY_BIT(DIRECT) | VPCI_CAPABILITY_BIT(IOCTL) |
        VPCI_CAPABILITY_BIT(INVALIDATE) | VPCI_CAPABILITY_BIT(START) | VPCI_CAPABILITY_BIT(CANCEL) |
        VPCI_CAPABILITY_BIT(REMOVE) | VPCI_CAPABILITY_BIT(RESET) | VPCI_CAPABILITY_BIT(LOW_RESOURCES) |
        VPCI_CAPABILITY_BIT(INPUT_CHANGE) | VPCI_CAPABILITY_BIT(REENTRANT) |
        VPCI_CAPABILITY_BIT(FOREIGN_CONTEXT) | VPCI_CAPABILITY_BIT(PF_COUNT) | VPCI_CAPABILITY_BIT(IRQL) |
        VPCI_CAPABILITY_BIT(PENDING_MARK) | VPCI_CAPABILITY_BIT(STATUS_BLOCK) |
        VPCI_CAPABILITY_BIT(REFERENCE_COUNT) | VPCI_CAPABILITY_BIT(REGISTER_BLOCKS) |
        VPCI_CAPABILITY_BIT(PF_CONTROL);
    plugin.capabilities &= ~personality.options.unclaimed;
    return &plugin;
}
