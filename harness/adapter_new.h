/* SPDX-License-Identifier: MIT */
/* harness/adapter_new.h - the verb `adapter new`: writes an adapter to start from. */
#ifndef VPCI_ADAPTER_NEW_H
#define VPCI_ADAPTER_NEW_H

#include <stdio.h>

/* A file of a template, as it was when the program was built: see harness/embed.cmake. */
struct vpci_template_file {
    const char *language; /* "c", "python" */
    const char *path;     /* inside the new folder */
    const unsigned char *bytes;
    unsigned long length;
};
extern const struct vpci_template_file vpci_template_files[]; /* ends at a NULL language */

/* Writes the template of the language ("c" or "python") into the folder, which is made when it is not there.
 * Never overwrites a file. Tells on `to` what was written and what to do next, or what is wrong. Returns the
 * program's exit code: 0 or 3. */
int vpci_adapter_new(const char *language, const char *folder, FILE *to);

#endif
