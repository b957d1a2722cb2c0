/* SPDX-License-Identifier: MIT */
/* harness/channel_socket.h - an adapter on a Unix or TCP socket: connecting within a deadline. */
#ifndef VPCI_CHANNEL_SOCKET_H
#define VPCI_CHANNEL_SOCKET_H

#include <stddef.h>
#include <stdint.h>

/* Connects to "unix:PATH" or "tcp:HOST:PORT" ("tcp:[::1]:7000" for an address with colons), at until_ms of
 * the monotonic clock the latest; looking up a host name may take longer. Returns a non-blocking socket, or
 * -1 with the reason. */
int vpci_socket_connect(const char *spec, int64_t until_ms, char *error, size_t error_bytes);

#endif
