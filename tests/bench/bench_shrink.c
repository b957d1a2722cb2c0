/* SPDX-License-Identifier: MIT */
/* tests/bench/bench_shrink.c - how long it takes to shrink a case of 32 steps on which a real implementation
 * diverges, played in process. Run: build-bench/tests/bench_shrink build-bench */
#include <stdio.h>
#include <stdlib.h>

#include "harness/clock.h"
#include "harness/shrink.h"
#include "tests/unit/random_case.h"

enum { CASES = 201, STEPS = 32 };

struct measured {
    double ms;
    uint32_t runs, steps;
};

static int compare(const void *left, const void *right)
{
    const double a = ((const struct measured *)left)->ms;
    const double b = ((const struct measured *)right)->ms;
    return a < b ? -1 : a > b;
}

int main(int argument_count, char **arguments)
{
    static struct measured measured[CASES];
    char error[VPCI_DETAIL_BYTES], path[VPCI_PATH_BYTES];
    struct vpci_player_options options = { .role = VPCI_ROLE_BUS, .seed = 1 };
    struct vpci_script script;
    uint64_t random = 1;
    snprintf(path, sizeof path, "%s/adapters/liars/mixes-two-vfs-when-both-are-busy.so",
             argument_count > 1 ? arguments[1] : "build-bench");
    if (!vpci_adapter_resolve(&options.adapter, path, error)) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    struct vpci_seam *seam = vpci_adapter_open(&options.adapter, &options.limits);
    struct vpci_player *player = vpci_player_create(&options);
    if (!seam->ops->connect(seam)) {
        fprintf(stderr, "%s\n", seam->detail);
        return 1;
    }
    vpci_script_create(&script);
    for (uint32_t count = 0; count < CASES;) {
        struct vpci_outcome target;
        struct vpci_shrink_report report;
        random_case(&script, &random, STEPS);
        vpci_script_fit(&script, VPCI_ROLE_BUS, seam->pics.capabilities);
        vpci_player_play(player, &script.test, &target);
        if (target.verdict != VPCI_CASE_FAIL)
            continue;
        const struct vpci_shrink_options shrink = { .play = vpci_player_play,
                                                    .context = player,
                                                    .role = VPCI_ROLE_BUS,
                                                    .capabilities = seam->pics.capabilities };
        const uint64_t start = vpci_clock_ns();
        const bool shrunk = vpci_shrink(&script, &target, &shrink, &report);
        measured[count] =
            (struct measured){ (double)(vpci_clock_ns() - start) / 1e6, report.runs, report.steps_after };
        if (!shrunk || vpci_player_is_tainted(player)) {
            fprintf(stderr, "a case that failed does not fail again\n");
            return 1;
        }
        count++;
    }
    qsort(measured, CASES, sizeof measured[0], compare);
    const struct measured *median = &measured[CASES / 2];
    printf(
        "shrink: %.2f ms, %u plays (target 5 ms; median of %d cases of %d steps, %u left; worst %.2f ms, %u "
        "plays)\n",
        median->ms, median->runs, CASES, STEPS, median->steps, measured[CASES - 1].ms,
        measured[CASES - 1].runs);
    vpci_script_destroy(&script);
    vpci_player_destroy(player);
    seam->ops->destroy(seam, NULL);
    return 0;
}
