/* SPDX-License-Identifier: MIT */
/* harness/adapters/serve/serve.h - the parts of vpci-serve: one dialog with a kit, and the memory of its
 * callers. */
#ifndef VPCI_SERVE_H
#define VPCI_SERVE_H

#include "harness/plugin.h"
#include "harness/text.h"

/* Callers' memory of one case. */

enum { SERVE_CANARY_BYTES = 64 }; /* behind each output buffer: how far an overrun can be seen */

struct serve_request {
    struct vpci_memory memory;
    enum vpci_event_kind kind;
    bool invalidate;
    uint32_t input_bytes, output_bytes;
    struct vpci_io_status_block status_block;
    uint8_t input[VPCI_EVENT_DATA_BYTES_MAX];
    uint8_t output[VPCI_EVENT_DATA_BYTES_MAX + SERVE_CANARY_BYTES];
};

struct serve_memory {
    bool status_blocks; /* callers have them */
    struct serve_request requests[VPCI_REQUESTS_MAX];
};

/* The memory of the request that the event begins, freshly filled; NULL when the event begins none. Valid
 * until another request of that number begins. */
const struct vpci_memory *serve_memory_begin(struct serve_memory *memory, const struct vpci_event *event);

/* Overwrites the caller's input with the data of an input_change event. */
void serve_memory_change(struct serve_memory *memory, const struct vpci_event *event);

/* Adds to an event of the plug-in what the caller's memory shows at this moment. The data stay borrowed from
 * memory. */
void serve_memory_report(const struct serve_memory *memory, struct vpci_event *event);

/* Speaks the channel on two descriptors until bye or the end of input. Returns the exit code of the program.
 */
int serve_dialog(const struct vpci_plugin *plugin, int in, int out);

/* Listens at "PATH" (unix) or "HOST:PORT" (tcp), and runs a dialog in a process of its own for each
 * connection; port 0 is replaced by a free one, and where it listens is printed. Returns only on error. */
int serve_listen_unix(const struct vpci_plugin *plugin, const char *path);
int serve_listen_tcp(const struct vpci_plugin *plugin, const char *where);

#endif
