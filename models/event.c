/* SPDX-License-Identifier: MIT */
/* models/event.c - the tables of models/event.h, capability.h and protocol.h, and look-ups in them. */
#include "models/event.h"

#include <string.h>

const struct vpci_event_info vpci_event_info[VPCI_EVENT_COUNT] = {
#define NEEDS_NONE            0u
#define NEEDS_REMOVE          VPCI_CAPABILITY_BIT(REMOVE)
#define NEEDS_RESET           VPCI_CAPABILITY_BIT(RESET)
#define NEEDS_LOW_RESOURCES   VPCI_CAPABILITY_BIT(LOW_RESOURCES)
#define NEEDS_QUERY_INTERFACE VPCI_CAPABILITY_BIT(QUERY_INTERFACE)
#define NEEDS_DIRECT          VPCI_CAPABILITY_BIT(DIRECT)
#define NEEDS_CANCEL          VPCI_CAPABILITY_BIT(CANCEL)
#define NEEDS_INPUT_CHANGE    VPCI_CAPABILITY_BIT(INPUT_CHANGE)
#define X(name, json, sender, interface, needs, required, optional)                              \
    [VPCI_EVENT_##name] = {                                                                      \
        json, VPCI_PARTY_##sender, VPCI_INTERFACE_##interface, NEEDS_##needs, required, optional \
    },
    VPCI_EVENTS(X)
#undef X
};

const struct vpci_field_info vpci_field_info[VPCI_FIELD_COUNT] = {
#define X(name, json, type, member) \
    [VPCI_FIELD_##name] = { json, VPCI_TYPE_##type, offsetof(struct vpci_event, member) },
    VPCI_FIELDS(X)
#undef X
};

const struct vpci_capability_info vpci_capability_info[VPCI_CAPABILITY_COUNT] = {
#define X(name, json, text) [VPCI_CAPABILITY_##name] = { json, text },
    VPCI_CAPABILITIES(X)
#undef X
};

const struct vpci_role_info vpci_role_info[VPCI_ROLE_COUNT] = {
#define X(name, json, parties) [VPCI_ROLE_##name] = { json, parties },
    VPCI_ROLES(X)
#undef X
};

static const struct {
    const char *name;
    vpci_ntstatus status;
} ntstatus_names[] = {
#define X(name, value) { #name, value },
    VPCI_NTSTATUS_LIST(X)
#undef X
};

const char *vpci_ntstatus_name(vpci_ntstatus status)
{
    for (size_t i = 0; i < sizeof ntstatus_names / sizeof ntstatus_names[0]; i++) {
        if (ntstatus_names[i].status == status)
            return ntstatus_names[i].name;
    }
    return NULL;
}

bool vpci_ntstatus_from_name(const char *name, vpci_ntstatus *status_out)
{
    for (size_t i = 0; i < sizeof ntstatus_names / sizeof ntstatus_names[0]; i++) {
        if (strcmp(ntstatus_names[i].name, name) == 0) {
            *status_out = ntstatus_names[i].status;
            return true;
        }
    }
    return false;
}

vpci_capability_set vpci_event_needs(const struct vpci_event *event, enum vpci_role role)
{
    vpci_capability_set needs = vpci_event_info[event->kind].needs;
    if (event->kind == VPCI_EVENT_IOCTL)
        needs |= event->code == VPCI_IOCTL_INVALIDATE_BLOCK ? VPCI_CAPABILITY_BIT(INVALIDATE)
                                                            : VPCI_CAPABILITY_BIT(IOCTL);
    if ((event->fields & VPCI_F(CONTEXT_VF)) && event->context_vf != event->vf)
        needs |= VPCI_CAPABILITY_BIT(FOREIGN_CONTEXT);
    if ((event->fields & VPCI_F(IRQL)) && event->irql != VPCI_IRQL_PASSIVE)
        needs |= VPCI_CAPABILITY_BIT(IRQL);
    if (event->kind == VPCI_EVENT_PF_INVALIDATE && vpci_event_is_from(event->kind, role))
        needs |= VPCI_CAPABILITY_BIT(PF_CONTROL); /* the kit asks the PF driver inside to raise it */
    return needs;
}

bool vpci_event_kind_from_name(const char *name, enum vpci_event_kind *kind_out)
{
    for (int kind = 0; kind < VPCI_EVENT_COUNT; kind++) {
        if (strcmp(vpci_event_info[kind].name, name) == 0) {
            *kind_out = (enum vpci_event_kind)kind;
            return true;
        }
    }
    return false;
}

bool vpci_event_is_from(enum vpci_event_kind kind, enum vpci_role role)
{
    return (vpci_role_info[role].parties >> vpci_event_info[kind].sender & 1u) != 0;
}

/* An interface is at the edge when exactly one of its two sides is inside the implementation. */
bool vpci_event_is_visible(enum vpci_event_kind kind, enum vpci_role role)
{
    static const uint32_t sides[][2] = {
        [VPCI_INTERFACE_DDI] = { VPCI_PARTY_BIT(CLIENT), VPCI_PARTY_BIT(VSC) },
        [VPCI_INTERFACE_WIRE] = { VPCI_PARTY_BIT(VSC), VPCI_PARTY_BIT(VSP) },
        [VPCI_INTERFACE_PF] = { VPCI_PARTY_BIT(VSP), VPCI_PARTY_BIT(PF) },
    };
    const enum vpci_interface interface = vpci_event_info[kind].interface;
    if (interface == VPCI_INTERFACE_NONE)
        return true;
    const uint32_t inside = vpci_role_info[role].parties;
    return ((inside & sides[interface][0]) != 0) != ((inside & sides[interface][1]) != 0);
}
