/* SPDX-License-Identifier: MIT */
/* harness/probe.h - judges a case that tries what an implementation claims not to support: it has to be
 * refused, or at least not done. The model has no say from the first event on that needs the capability,
 * because it holds implementations to what they claim. docs/decisions/012-probes.md. */
#ifndef VPCI_PROBE_H
#define VPCI_PROBE_H

#include "models/event.h"

/* Zero-initialised: no probe. */
struct vpci_probe {
    vpci_capability_set refuses; /* the capability that is tried, one bit; 0: no probe */
    enum vpci_role role;
    bool tried;          /* the first event that needs it was sent */
    bool closing;        /* the steps are over */
    bool refused;        /* an answer says so */
    bool done;           /* what must not happen did */
    vpci_ntstatus found; /* in the IRP of the query under way */
};

extern const char vpci_probe_allowed[]; /* what would have been right, for remarks */

/* Takes one event, whoever it is from. True when it is the probe's to judge, and not the model's. *reason_out
 * is what the implementation did that it claims not to support, or NULL. */
bool vpci_probe_take(struct vpci_probe *probe, const struct vpci_event *event, const char **reason_out);

#endif
