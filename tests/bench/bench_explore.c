/* SPDX-License-Identifier: MIT */
/* tests/bench/bench_explore.c - exploring golden in process: steps per CPU-second on one core, all states of
 * the model at 1 VF x 2 blocks x 2 requests, and the time that the whole product takes. Run:
 * build-bench/tests/bench_explore build-bench */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "harness/clock.h"
#include "harness/explore.h"

enum { RUNS = 5 };

static double cpu_seconds(void)
{
    double sum = 0;
    const int whose[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
    for (int i = 0; i < 2; i++) {
        struct rusage usage;
        getrusage(whose[i], &usage);
        sum += (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 +
               (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
    }
    return sum;
}

static bool found(void *context, const struct vpci_case *test)
{
    (void)context;
    (void)test;
    fprintf(stderr, "golden does not conform: nothing to measure\n");
    exit(1);
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* CPU-seconds of the stage, median. */
static double measure(const struct vpci_explore_options *options, enum vpci_explore_stage stage,
                      struct vpci_explore_result *result)
{
    double seconds[RUNS];
    for (int run = 0; run < RUNS; run++) {
        const double start = cpu_seconds();
        vpci_explore(options, stage, result);
        seconds[run] = cpu_seconds() - start;
        if (result->end != VPCI_EXPLORE_EXHAUSTED) {
            fprintf(stderr, "stage %s was not exhausted: %s\n", vpci_explore_stage_name[stage],
                    result->detail);
            exit(1);
        }
    }
    qsort(seconds, RUNS, sizeof seconds[0], compare);
    return seconds[RUNS / 2];
}

int main(int argument_count, char **arguments)
{
    char error[VPCI_DETAIL_BYTES];
    char golden[VPCI_PATH_BYTES];
    const vpci_capability_set not_claimed = VPCI_CAPABILITY_BIT(BLOCKING) | VPCI_CAPABILITY_BIT(INSTRUMENTED);
    struct vpci_explore_options options = {
        .role = VPCI_ROLE_BUS,
        .seed = 1,
        .capabilities = (((vpci_capability_set)1 << VPCI_CAPABILITY_COUNT) - 1) & ~not_claimed,
        .vfs = 1,
        .blocks = 2,
        .slots = 2,
        .deadline_ns = UINT64_MAX,
        .found = found,
    };
    snprintf(golden, sizeof golden, "%s/adapters/golden.so",
             argument_count > 1 ? arguments[1] : "build-bench");
    if (!vpci_adapter_resolve(&options.adapter, golden, error)) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    struct vpci_explore_result states, product;
    const double state_seconds = measure(&options, VPCI_EXPLORE_STATES, &states);
    const double product_seconds = measure(&options, VPCI_EXPLORE_PRODUCT, &product);
    printf("explore: %.2f M macro-steps/s (target 1), product %llu cases in %.2f s (target 5)\n",
           (double)states.steps / state_seconds / 1e6, (unsigned long long)product.items, product_seconds);
    printf("  (median of %d, CPU-seconds; %llu states, %llu transitions in %.2f s)\n", RUNS,
           (unsigned long long)states.states, (unsigned long long)states.items, state_seconds);
    return 0;
}
