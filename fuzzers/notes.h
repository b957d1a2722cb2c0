/* SPDX-License-Identifier: MIT */
/* fuzzers/notes.h - what a target notes in a file that outlives it, mapped into memory: how far it came, and
 * the input under way. An implementation may end its process in ways that no engine sees, such as _exit();
 * the notes tell by which input. Restarts of an engine, and the children of a fork server, share one file. */
#ifndef VPCI_NOTES_H
#define VPCI_NOTES_H

#include <stdint.h>

enum { VPCI_NOTES_INPUT_BYTES = 4096, VPCI_NOTES_CLASSES = 1024 };

struct vpci_notes {
    uint64_t executions;   /* begun, of all processes that shared this file */
    uint32_t under_way;    /* 1 from the beginning of an execution to its end */
    uint32_t input_length; /* of the latest input; longer ones are not noted and count as 0 bytes */
    uint8_t input[VPCI_NOTES_INPUT_BYTES];
    struct {
        uint32_t class_hash;
        uint32_t count;
    } classes[VPCI_NOTES_CLASSES]; /* of findings: see glue/keep.h */
};

#endif
