/* SPDX-License-Identifier: MIT */
/* models/fit.c - how well an answer of the PF explains the end of a request. Of requests that the PF cannot
 * tell apart any may have any answer, and the best one is taken for its own. */
#include "models/model_state.h"

/* Whether what lies behind the bytes of a short read, and the count, are as this answer makes them. */
static bool fits_count(const struct vpci_call *call, const struct vpci_request *request,
                       const struct vpci_event *event)
{
    if (!vpci_is_direct(request))
        return event->information == call->moved;
    if (vpci_is_write(request) || event->data == NULL)
        return true;
    for (uint32_t i = call->moved; i < event->data_length; i++) {
        if (event->data[i] != 0 && event->data[i] != VPCI_FILL_BYTE)
            return false;
    }
    return true;
}

static enum vpci_fit fit_of_success(const struct vpci_call *call, const struct vpci_request *request,
                                    const struct vpci_event *event)
{
    if (call->status != VPCI_STATUS_SUCCESS)
        return VPCI_FIT_NONE;
    const bool has_bytes = vpci_is_write(request) || request->contents_free || call->moved == 0 ||
                           (event->data != NULL && event->data_length >= call->moved &&
                            vpci_same_bytes(event->data, call->data, call->moved));
    if (!has_bytes)
        return VPCI_FIT_NONE;
    return fits_count(call, request, event) ? VPCI_FIT_EXACT : VPCI_FIT_LOOSE;
}

enum vpci_fit vpci_fit_of(const struct vpci_call *call, const struct vpci_request *request, bool success,
                          const struct vpci_event *event)
{
    if (call->unjudged)
        return VPCI_FIT_UNJUDGED;
    if (success)
        return fit_of_success(call, request, event);
    if (vpci_nt_error(call->status))
        return event == NULL || event->status == call->status ? VPCI_FIT_EXACT : VPCI_FIT_LOOSE;
    /* A short transfer may be passed on either way. */
    return call->moved < call->length ? VPCI_FIT_UNJUDGED : VPCI_FIT_NONE;
}
