/* SPDX-License-Identifier: MIT */
/* fuzzers/code_coverage.c - see code_coverage.h. What the target itself counts, its glue, is left out. */
#include "fuzzers/code_coverage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/file.h"

enum { LISTING_BYTES_MAX = 256 * 1024 * 1024 };

/* One line of the listing: "COVERED_FUNC: hits: 7 edges: 3/4 name path:line". */
static void take_line(struct vpci_code_coverage *coverage, const char *line)
{
    static const char *const own[] = { "/fuzzers/glue/", "/fuzzers/targets/", "/block_protocol+" };
    const bool reached = strncmp(line, "COVERED_FUNC:", strlen("COVERED_FUNC:")) == 0;
    const char *edges = strstr(line, " edges: ");
    uint32_t taken = 0, all = 0;
    if ((!reached && strncmp(line, "UNCOVERED_FUNC:", strlen("UNCOVERED_FUNC:")) != 0) || edges == NULL ||
        sscanf(edges, " edges: %" SCNu32 "/%" SCNu32, &taken, &all) != 2)
        return;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        if (strstr(line, own[i]) != NULL)
            return;
    }
    coverage->functions++;
    coverage->functions_reached += reached;
    coverage->edges += all;
    coverage->edges_reached += taken;
}

struct vpci_code_coverage vpci_code_coverage_of(const struct vpci_engine_setup *setup, uint64_t time_ms)
{
    struct vpci_code_coverage coverage = { 0 };
    char corpus[VPCI_PATH_BYTES], log[VPCI_PATH_BYTES], error[VPCI_ERROR_BYTES];
    char *listing = NULL;
    size_t length = 0;
    snprintf(corpus, sizeof corpus, "%.4000s/corpus", setup->folder);
    snprintf(log, sizeof log, "%.4000s/log/coverage.log", setup->folder);
    const char *const arguments[] = { "-runs=0", "-print_coverage=1", corpus, NULL };
    if (!vpci_engine_once(setup, "coverage", arguments, time_ms) ||
        !vpci_file_read(log, LISTING_BYTES_MAX, &listing, &length, error, sizeof error))
        return coverage;
    char *rest = NULL;
    for (char *line = strtok_r(listing, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
        take_line(&coverage, line);
    free(listing);
    return coverage;
}
