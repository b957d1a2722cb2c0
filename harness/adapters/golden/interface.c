/* SPDX-License-Identifier: MIT */
/* harness/adapters/golden/interface.c - query-interface, and the references that it hands out.
 * A removed VF hands out no more, but the references that exist go on being counted until the last is
 * dropped. */
#include "harness/adapters/golden/parts.h"

#include <string.h>

/* Stand-ins for addresses in a kernel's half of the address space, different for each routine and each VF. */
#define ADDRESS(page) (UINT64_C(0xFFFFF80000000000) + (uint64_t)(page)*0x1000)

enum {
    PAGE_REFERENCE = 1,
    PAGE_DEREFERENCE,
    PAGE_WRITE,
    PAGE_READ,
    PAGE_CONTEXTS = 16,
    SERIAL_FIRST = 0x56460001
};

static void tell_references(struct golden *golden, uint16_t vf)
{
    golden_emit(golden, &(struct vpci_event){
                            .kind = VPCI_EVENT_REFERENCES,
                            .fields = VPCI_F(VF) | VPCI_F(REFERENCES),
                            .vf = vf,
                            .references = golden->vfs[vf].references,
                        });
}

void golden_reference(struct golden *golden, const struct vpci_event *event)
{
    uint32_t *references = &golden->vfs[event->vf].references;
    if (event->kind == VPCI_EVENT_REFERENCE)
        ++*references;
    else if (*references > 0)
        --*references;
    tell_references(golden, event->vf);
}

void golden_describe(struct golden *golden, uint16_t vf, uint16_t version,
                     struct vpci_interface_standard *interface)
{
    (void)golden;
    interface->version = version < VPCI_INTERFACE_VERSION ? version : (uint16_t)VPCI_INTERFACE_VERSION;
    interface->context = ADDRESS(PAGE_CONTEXTS + vf);
    interface->interface_reference = ADDRESS(PAGE_REFERENCE);
    interface->interface_dereference = ADDRESS(PAGE_DEREFERENCE);
    interface->write_vf_config_block = ADDRESS(PAGE_WRITE);
    interface->read_vf_config_block = ADDRESS(PAGE_READ);
    interface->serial_number = SERIAL_FIRST + (uint32_t)vf;
}

/* A bus leaves the status of a query that is not for it as it found it. */
static vpci_ntstatus check_query(const struct golden *golden, const struct vpci_event *event,
                                 const struct vpci_memory *memory)
{
    static const struct vpci_guid served = VPCI_GUID_INTERFACE_STANDARD;
    const uint16_t smallest =
        golden->options->refuse_small_interface ? VPCI_INTERFACE_BYTES : VPCI_INTERFACE_BYTES_HEADER;
    if (memcmp(&event->guid, &served, sizeof served) != 0)
        return (event->fields & VPCI_F(STATUS)) != 0 ? event->status : VPCI_STATUS_NOT_SUPPORTED;
    if (event->vf >= golden->vf_count || !golden->vfs[event->vf].present)
        return golden->codes->no_device;
    if (event->size < smallest || memory->output == NULL)
        return golden->codes->interface_size;
    return event->version > 0 ? VPCI_STATUS_SUCCESS : golden->codes->version;
}

/* A GUID that is not served can be answered with SUCCESS, when that is what the caller had put there. */
static bool is_served(const struct vpci_event *event, vpci_ntstatus status)
{
    static const struct vpci_guid served = VPCI_GUID_INTERFACE_STANDARD;
    return status == VPCI_STATUS_SUCCESS && memcmp(&event->guid, &served, sizeof served) == 0;
}

void golden_query_interface(struct golden *golden, const struct vpci_event *event,
                            const struct vpci_memory *memory)
{
    const uint16_t vf = event->vf;
    const vpci_ntstatus status = check_query(golden, event, memory);
    struct vpci_event answer = {
        .kind = VPCI_EVENT_QUERY_INTERFACE_RETURN,
        .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION),
        .request = event->request,
        .status = status,
    };
    if (is_served(event, status)) {
        struct vpci_interface_standard interface = { 0 };
        interface.size = event->size < sizeof interface ? event->size : (uint16_t)sizeof interface;
        golden->hooks->describe(golden, vf, event->version, &interface);
        memcpy(memory->output, &interface,
               event->size < sizeof interface ? (size_t)event->size : sizeof interface);
        golden->vfs[vf].references++;
    }
    if (vf < golden->vf_count) {
        answer.fields |= VPCI_F(REFERENCES);
        answer.references = golden->vfs[vf].references;
    }
    golden_emit(golden, &answer);
    if (vf < golden->vf_count)
        tell_references(golden, vf);
}
