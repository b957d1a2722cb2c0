/* SPDX-License-Identifier: MIT */
/* models/fit.c - how well an answer of the PF explains the end of a request. Of requests that the PF cannot
 * tell apart any may have any answer, and the best one is taken for its own. */
#include "models/model_state.h"

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
    /* A direct read says no count. Of answers that begin alike, the longest is asked for first: rules_pf.c.
     */
    return vpci_is_direct(request) || event->information == call->moved ? VPCI_FIT_EXACT : VPCI_FIT_LOOSE;
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
