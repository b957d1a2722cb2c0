/* SPDX-License-Identifier: MIT */
/* harness/requirements.h - corpus/requirements.json in memory: what each requirement says, for people. The
 * ids and how hard a breach is judged are compiled into the model; a catalogue that does not fit them is
 * refused. */
#ifndef VPCI_REQUIREMENTS_CATALOGUE_H
#define VPCI_REQUIREMENTS_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "models/requirement.h"

/* The texts of one requirement. Exactly one of the last two is not NULL. */
struct vpci_catalogue_entry {
    const char *statement;      /* what is required, one sentence */
    const char *source;         /* the document that says so */
    const char *observed;       /* what the kit sees of it */
    const char *not_observable; /* why no black box at the roles on offer can see it */
};

struct vpci_catalogue;

/* Loads the file and holds it to models/requirement.h: every id exactly once, level and binds as compiled in,
 * every text there and not empty. NULL on error, which is then "file: /requirements/12/level: reason". Freed
 * by vpci_catalogue_free. */
struct vpci_catalogue *vpci_catalogue_load(const char *path, char *error, size_t error_bytes);
void vpci_catalogue_free(struct vpci_catalogue *catalogue); /* of NULL: nothing */

/* Borrowed, valid until the catalogue is freed. requirement is none of NONE and COUNT. */
const struct vpci_catalogue_entry *vpci_catalogue_entry(const struct vpci_catalogue *catalogue,
                                                        enum vpci_requirement requirement);

/* SHA-256 of the file's bytes, hexadecimal. */
const char *vpci_catalogue_digest(const struct vpci_catalogue *catalogue);

/* The requirements that have a not_observable. */
const struct vpci_requirement_set *vpci_catalogue_not_observable(const struct vpci_catalogue *catalogue);

#endif
