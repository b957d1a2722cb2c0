/* SPDX-License-Identifier: MIT */
/* harness/event_field.h - one field of an event as a number, by the table of models/event.h. Apart because
 * the codec and the scenario loader both go from a field's number to a member of struct vpci_event. */
#ifndef VPCI_EVENT_FIELD_H
#define VPCI_EVENT_FIELD_H

#include <string.h>

#include "models/event.h"

/* Which of the fields in the set has this JSON name; VPCI_FIELD_COUNT when none has. */
static inline enum vpci_field vpci_field_from_name(uint32_t fields, const char *name)
{
    for (uint32_t left = fields; left != 0; left &= left - 1) {
        const enum vpci_field field = (enum vpci_field)__builtin_ctz(left);
        if (strcmp(vpci_field_info[field].name, name) == 0)
            return field;
    }
    return VPCI_FIELD_COUNT;
}

/* The value of a field whose type is a number, a status or a boolean; 0 for bytes and GUIDs. */
static inline uint64_t vpci_field_load(const struct vpci_event *event, enum vpci_field field)
{
    const void *member = (const char *)event + vpci_field_info[field].offset;
    switch (vpci_field_info[field].type) {
    case VPCI_TYPE_U8:
        return *(const uint8_t *)member;
    case VPCI_TYPE_U16:
        return *(const uint16_t *)member;
    case VPCI_TYPE_U32:
    case VPCI_TYPE_HEX32:
    case VPCI_TYPE_STATUS:
        return *(const uint32_t *)member;
    case VPCI_TYPE_U64:
    case VPCI_TYPE_HEX64:
        return *(const uint64_t *)member;
    case VPCI_TYPE_BOOL:
        return *(const bool *)member;
    case VPCI_TYPE_BYTES:
    case VPCI_TYPE_GUID:
        break;
    }
    return 0;
}

/* Stores such a value, which must be in the range of the type, and sets the field's bit. */
static inline void vpci_field_store(struct vpci_event *event, enum vpci_field field, uint64_t number)
{
    void *member = (char *)event + vpci_field_info[field].offset;
    event->fields |= 1u << field;
    switch (vpci_field_info[field].type) {
    case VPCI_TYPE_U8:
        *(uint8_t *)member = (uint8_t)number;
        break;
    case VPCI_TYPE_U16:
        *(uint16_t *)member = (uint16_t)number;
        break;
    case VPCI_TYPE_U32:
    case VPCI_TYPE_HEX32:
    case VPCI_TYPE_STATUS:
        *(uint32_t *)member = (uint32_t)number;
        break;
    case VPCI_TYPE_U64:
    case VPCI_TYPE_HEX64:
        *(uint64_t *)member = number;
        break;
    case VPCI_TYPE_BOOL:
        *(bool *)member = number != 0;
        break;
    case VPCI_TYPE_BYTES:
    case VPCI_TYPE_GUID:
        break;
    }
}

#endif
