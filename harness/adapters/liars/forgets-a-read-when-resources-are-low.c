/* breaks: IR-09 an IOCTL read for which an allocation failed stays pending for ever. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void ask_pf(struct golden *golden, struct golden_request *request)
{
    if (request->low && !request->direct && request->kind == GOLDEN_READ)
        golden_forget(golden, request);
    else
        golden_ask_pf(golden, request);
}

static const struct golden_hooks hooks = { .ask_pf = ask_pf };

GOLDEN_ENTRY("liar: forgets a read when resources are low", NULL, &hooks)
