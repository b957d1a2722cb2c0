/* SPDX-License-Identifier: MIT */
/* cli/verb_key.c - makes a pair of keys for certificates. */
#include "cli/verbs.h"

#include <stdio.h>

#include "reports/signing_key.h"

int vpci_verb_key_new(const struct vpci_options *options)
{
    char id[VPCI_SHA256_TEXT_BYTES], error[VPCI_DETAIL_BYTES];
    if (!vpci_key_make(options->arguments[0], id, error))
        return vpci_fault("%s", error);
    printf("%s      the private key: keep it to yourself\n%s.pub  the public key: give it to whoever checks "
           "certificates\nkeyid %s\n",
           options->arguments[0], options->arguments[0], id);
    return VPCI_EXIT_CONFORMS;
}
