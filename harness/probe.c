/* SPDX-License-Identifier: MIT */
/* harness/probe.c - see probe.h. */
#include "harness/probe.h"

const char vpci_probe_allowed[] = "to refuse what is not claimed: NOT_SUPPORTED, INVALID_DEVICE_REQUEST, for "
                                  "a query the status found in the IRP; and not to act on it";

/* NOT_SUPPORTED is what an IRP holds before anybody has answered it, INVALID_DEVICE_REQUEST what a dispatch
 * routine customarily says to a code that it does not know. Other errors say that something went wrong, and
 * not that there is no such thing. */
static bool is_refusal(const struct vpci_probe *probe, const struct vpci_event *event)
{
    return event->status == VPCI_STATUS_NOT_SUPPORTED ||
           event->status == VPCI_STATUS_INVALID_DEVICE_REQUEST ||
           (event->kind == VPCI_EVENT_QUERY_INTERFACE_RETURN && event->status == probe->found);
}

static const char *judge_answer(struct vpci_probe *probe, const struct vpci_event *event)
{
    if (event->status == VPCI_STATUS_PENDING)
        return NULL; /* what comes of it is told later */
    if (is_refusal(probe, event))
        probe->refused = true;
    else if (!vpci_nt_error(event->status))
        return "what is claimed to be unsupported succeeds";
    return NULL;
}

static const char *judge(struct vpci_probe *probe, const struct vpci_event *event)
{
    switch ((int)event->kind) {
    case VPCI_EVENT_QUERY_INTERFACE_RETURN:
    case VPCI_EVENT_READ_RETURN:
    case VPCI_EVENT_WRITE_RETURN:
    case VPCI_EVENT_IOCTL_RETURN:
    case VPCI_EVENT_IOCTL_COMPLETE:
    case VPCI_EVENT_RESET_RETURN:
    case VPCI_EVENT_REMOVE_RETURN:
        return judge_answer(probe, event);
    case VPCI_EVENT_PF_READ:
    case VPCI_EVENT_PF_WRITE:
    case VPCI_EVENT_PF_RESET:
        return "the PF driver is called for what is claimed to be unsupported";
    case VPCI_EVENT_OVERRUN:
    case VPCI_EVENT_INPUT_MODIFIED:
    case VPCI_EVENT_LATE_WRITE:
        return "memory is touched for what is claimed to be unsupported";
    default:
        return NULL;
    }
}

bool vpci_probe_take(struct vpci_probe *probe, const struct vpci_event *event, const char **reason_out)
{
    *reason_out = NULL;
    if (!probe->tried && (vpci_event_needs(event, probe->role) & probe->refuses) == 0)
        return false; /* what comes before, and every event where there is no probe */
    probe->tried = true;
    if (event->kind == VPCI_EVENT_QUERY_INTERFACE)
        probe->found = (event->fields & VPCI_F(STATUS)) ? event->status : VPCI_STATUS_NOT_SUPPORTED;
    *reason_out = judge(probe, event);
    probe->done = *reason_out != NULL;
    return true;
}
