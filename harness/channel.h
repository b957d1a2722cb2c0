/* SPDX-License-Identifier: MIT */
/* harness/channel.h - the kit's end of the process channel: JSON Lines to an implementation in another
 * process, behind a struct vpci_seam. docs/adapter-protocol.md has the protocol. */
#ifndef VPCI_CHANNEL_H
#define VPCI_CHANNEL_H

#include "harness/seam.h"

/* True when spec is for this seam: "exec:COMMAND", "unix:PATH" or "tcp:HOST:PORT". */
bool vpci_channel_is_spec(const char *spec);

/* A seam to the adapter that spec names; spec is copied, limits too (NULL: all defaults). Nothing is started
 * before connect(). The thread that calls connect() must live until destroy(). destroy() says bye, ends the
 * input, and waits for the adapter's end as long as a step may take; then the adapter and everything it
 * started are killed. NULL: out of memory. The program's disposition of SIGPIPE becomes "ignore" if it was
 * the default. */
struct vpci_seam *vpci_channel_create(const char *spec, const struct vpci_limits *limits);

/* The limits with every 0 replaced by its default. */
struct vpci_limits vpci_channel_limits(const struct vpci_limits *limits);

#endif
