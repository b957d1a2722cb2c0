/* SPDX-License-Identifier: MIT */
/* harness/callbacks.c - see callbacks.h. */
#include "harness/callbacks.h"

#include <string.h>

#include "harness/contents.h"

struct vpci_callback vpci_callbacks_take(struct vpci_callbacks *callbacks, uint32_t index)
{
    const struct vpci_callback taken = callbacks->waiting[index];
    callbacks->count--;
    memmove(&callbacks->waiting[index], &callbacks->waiting[index + 1],
            (callbacks->count - index) * sizeof taken);
    return taken;
}

static bool may_answer(const struct vpci_callback *callback, const struct vpci_event *event,
                       vpci_capability_set capabilities)
{
    if (callback->is_write != (event->kind == VPCI_EVENT_PF_WRITE_RETURN))
        return false;
    const uint32_t whole = callback->length < VPCI_BLOCK_BYTES_MAX ? callback->length : VPCI_BLOCK_BYTES_MAX;
    const bool is_short =
        !callback->is_write && event->status == VPCI_STATUS_SUCCESS && event->data_length < whole;
    return !is_short || (capabilities & VPCI_CAPABILITY_BIT(PF_COUNT)) != 0;
}

bool vpci_callbacks_forget(struct vpci_callbacks *callbacks, const struct vpci_event *event,
                           vpci_capability_set capabilities)
{
    for (uint32_t i = 0; i < callbacks->count; i++) {
        if (callbacks->waiting[i].call != event->call)
            continue;
        if (!may_answer(&callbacks->waiting[i], event, capabilities))
            return false;
        (void)vpci_callbacks_take(callbacks, i);
        break;
    }
    return true;
}

void vpci_callback_fill(struct vpci_event *event, const struct vpci_pf_answer *answer, uint32_t length,
                        uint64_t seed, uint32_t *serial, uint8_t *data)
{
    const uint32_t count = answer->count < length ? answer->count : length;
    if (event->status != VPCI_STATUS_SUCCESS)
        return;
    switch (answer->data) {
    case VPCI_DATA_UNIQUE:
        vpci_contents_unique(data, count, seed, ++*serial);
        break;
    case VPCI_DATA_ZEROS:
        memset(data, 0x00, count);
        break;
    case VPCI_DATA_ONES:
        memset(data, 0xFF, count);
        break;
    case VPCI_DATA_FILL:
        memset(data, VPCI_FILL_BYTE, count);
        break;
    case VPCI_DATA_GIVEN:
        memset(data, 0, count);
        memcpy(data, answer->given, answer->given_length < count ? answer->given_length : count);
        break;
    }
    event->data = data;
    event->data_length = count;
    event->fields |= VPCI_F(DATA);
}
