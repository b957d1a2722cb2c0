/* breaks: IV-15 while an INVALIDATE is held, reads and writes of that VF make no progress. */
/* SPDX-License-Identifier: MIT */
#include "harness/adapters/golden/golden.h"

static void ask_pf(struct golden *golden, struct golden_request *request)
{
    if (golden->vfs[request->vf].held.count > 0)
        golden_forget(golden, request);
    else
        golden_ask_pf(golden, request);
}

static const struct golden_hooks hooks = { .ask_pf = ask_pf };

GOLDEN_ENTRY("liar: reads wait behind a held invalidate", NULL, &hooks)
