/* SPDX-License-Identifier: MIT */
/* harness/script_trace.h - from a recorded trace back to a case that can be played. */
#ifndef VPCI_SCRIPT_TRACE_H
#define VPCI_SCRIPT_TRACE_H

#include "harness/script.h"
#include "harness/trace.h"

/* Makes script of what the kit did in the trace: its events become steps, the PF's answers become answers to
 * the callbacks that were outstanding. A step waits for rest where the trace shows a rest or an answer behind
 * it. False when the trace has more steps than a case may have. */
bool vpci_script_from_trace(struct vpci_script *script, const struct vpci_trace *trace);

#endif
