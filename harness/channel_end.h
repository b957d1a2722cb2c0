/* SPDX-License-Identifier: MIT */
/* harness/channel_end.h - what it means that an adapter's output is over. Apart because a run and `adapter
 * check` must name the same end by the same words. */
#ifndef VPCI_CHANNEL_END_H
#define VPCI_CHANNEL_END_H

#include "harness/channel_stream.h"
#include "harness/seam.h"

/* How far the adapter had come. */
enum vpci_channel_stage {
    VPCI_STAGE_BEFORE_HELLO,
    VPCI_STAGE_RUNNING,
    VPCI_STAGE_AFTER_BYE, /* an orderly end is no failure now */
};

/* Names the end of a stream that told VPCI_STREAM_ENDED. memory_bytes is the cap of the address space, 0 when
 * there is none. The reason is filled unless the answer is VPCI_FAILURE_NONE. */
enum vpci_failure vpci_channel_explain_end(const struct vpci_stream *stream, enum vpci_channel_stage stage,
                                           uint64_t memory_bytes, char *reason, size_t reason_bytes);

#endif
