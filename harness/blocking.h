/* SPDX-License-Identifier: MIT */
/* harness/blocking.h - runs an implementation of the blocking style behind the event-driven table, so that
 * everything above sees one style. Its calls run on threads of the kit; a PF callback parks its thread until
 * the PF answers. */
#ifndef VPCI_BLOCKING_H
#define VPCI_BLOCKING_H

#include "harness/plugin.h"

/* The event-driven table for a blocking implementation. One implementation a process: the latest one is
 * meant. */
const struct vpci_event_driven *vpci_blocking_bridge(const struct vpci_blocking *blocking);

/* Whether the latest implementation has no entry point for what the event stands for. An adapter leaves those
 * out that it claims no capability for. */
bool vpci_blocking_lacks(const struct vpci_event *event);

#endif
