/* SPDX-License-Identifier: MIT */
/* harness/adapter.h - from what --adapter says to a seam. */
#ifndef VPCI_ADAPTER_H
#define VPCI_ADAPTER_H

#include "harness/seam.h"
#include "harness/text.h"

enum { VPCI_PATH_BYTES = 4096 };

struct vpci_adapter {
    char spec[VPCI_PATH_BYTES]; /* exec:…, unix:…, tcp:…, or the path of a shared object */
    bool in_process;
    char file[VPCI_PATH_BYTES]; /* what its digest is taken of; "" when there is no file */
};

/* Understands a bundled name (golden, liar:NAME, variant:NAME), a path of a shared object, exec:, unix: or
 * tcp:. False when a file is not there; error says which, and what is bundled under like names. */
bool vpci_adapter_resolve(struct vpci_adapter *adapter, const char *name, char error[VPCI_DETAIL_BYTES]);

/* A seam to it, not yet connected. Never NULL. */
struct vpci_seam *vpci_adapter_open(const struct vpci_adapter *adapter, const struct vpci_limits *limits);

/* The names of the bundled adapters, a line each, sorted. */
void vpci_adapter_list(struct vpci_text *text);

/* The folder of the running program. */
void vpci_program_folder(char folder[VPCI_PATH_BYTES]);

/* What belongs to the kit. A program is in a build tree when CMakeCache.txt lies beside it, else installed;
 * the other's places are then not looked at, so that nothing is taken for the kit's that only happens to lie
 * near.
 */
enum vpci_part { VPCI_PART_CORPUS, VPCI_PART_ADAPTERS, VPCI_PART_FUZZERS, VPCI_PART_COUNT };

bool vpci_program_is_installed(void);

/* The folder of a part, with no link in it. False and "" when it is not there. */
bool vpci_program_part(enum vpci_part part, char folder[VPCI_PATH_BYTES]);

#endif
