/* SPDX-License-Identifier: MIT */
/* reports/history.c - see reports/history.h: runs without their cases. */
#include "reports/history.h"

#include <stdlib.h>

#include "harness/allocate.h"
#include "reports/runs.h"

bool vpci_history_read(struct vpci_history *history, const char *folder, char error[VPCI_DETAIL_BYTES])
{
    struct vpci_runs *runs = vpci_need_memory(malloc(sizeof *runs));
    *history = (struct vpci_history){ 0 };
    if (!vpci_runs_read_below(runs, NULL, folder, VPCI_HISTORY_RUNS_MAX, error)) {
        free(runs);
        return false;
    }
    history->runs = vpci_arena_take(&runs->arena, runs->count, sizeof *history->runs);
    history->count = runs->count;
    history->memory = runs;
    for (uint32_t i = 0; i < runs->count; i++)
        history->runs[i] = (struct vpci_history_run){ .label = runs->runs[i].label,
                                                      .header = runs->runs[i].header,
                                                      .footer = runs->runs[i].footer,
                                                      .sealed = runs->runs[i].sealed };
    return true;
}

void vpci_history_free(struct vpci_history *history)
{
    if (history->memory != NULL)
        vpci_runs_free(history->memory);
    free(history->memory);
    *history = (struct vpci_history){ 0 };
}
