/* SPDX-License-Identifier: MIT */
/* harness/channel_process.h - an adapter as a child process that cannot outlive the kit. Between the two
 * stands a guardian, a fork of the kit: it adopts whatever the adapter leaves behind, so that a child which
 * changed its session is found too, and it kills everything when the kit says so or is itself killed. */
#ifndef VPCI_CHANNEL_PROCESS_H
#define VPCI_CHANNEL_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct vpci_process {
    pid_t guardian;
    int to_adapter;   /* its standard input; non-blocking, owned by the caller once started */
    int from_adapter; /* its standard output */
    int errors;       /* its standard error */
    int end;          /* readable once the adapter has ended: one struct vpci_process_end */
};

/* How the adapter ended. */
struct vpci_process_end {
    int32_t exec_errno; /* not 0: it could not be started, and why */
    int32_t signal;     /* that ended it, or 0 */
    int32_t exit_code;  /* when no signal did */
    int64_t peak_bytes; /* most memory that was resident */
};

/* Starts `/bin/sh -c "exec COMMAND"` in a process group of its own, with all signals at their defaults, no
 * core files, and its address space limited to memory_bytes (0: not limited). The calling thread must live
 * until the process is ended: the kernel takes the thread's end for the kit's death. False: error has the
 * reason. */
bool vpci_process_start(struct vpci_process *process, const char *command, uint64_t memory_bytes, char *error,
                        size_t error_bytes);

/* Kills whatever is left of the adapter and all that it started, and waits for it. Closes end, not the pipes.
 */
void vpci_process_finish(struct vpci_process *process);

#endif
