/* SPDX-License-Identifier: MIT */
/* harness/callbacks.c - see callbacks.h. */
#include "harness/callbacks.h"

#include <string.h>

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
