/* SPDX-License-Identifier: MIT */
/* tests/bench/bench_inprocess.c - cases per second on one core, golden in process, with all containment, by
 * the real runner with one worker; and in the same run what a fork for each case would reach. Run:
 * build-bench/tests/bench_inprocess build-bench */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/runner.h"
#include "harness/worker.h"

enum { RUNS = 5, FORKED_CASES = 500 };

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

static double run_all(const struct vpci_plan *plan, const char *path)
{
    char error[VPCI_ERROR_BYTES];
    struct vpci_results_footer footer;
    const struct vpci_run_options options = { .workers = 1, .results_path = path };
    const double start = cpu_seconds();
    if (!vpci_runner_run(plan, &options, VPCI_FAILURE_NONE, "", &footer, error)) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    const uint32_t played = footer.cases[VPCI_CASE_PASS] + footer.cases[VPCI_CASE_FAIL];
    if (played == 0 || footer.cases[VPCI_CASE_FAIL] != 0) {
        fprintf(stderr, "golden does not conform: nothing to measure\n");
        exit(1);
    }
    return played / (cpu_seconds() - start);
}

static double fork_each(const struct vpci_plan *plan)
{
    const struct vpci_conductor_options options = { .role = plan->role,
                                                    .profile = plan->profile,
                                                    .seed = plan->seed };
    struct vpci_conductor *conductor = vpci_conductor_create(&options);
    struct vpci_case_scratch scratch = { 0 };
    const double start = cpu_seconds();
    uint32_t played = 0;
    for (uint32_t index = 0; played < FORKED_CASES; index++) {
        struct vpci_case test;
        struct vpci_case_result result;
        vpci_suite_case(plan->suite, index, &scratch, &test);
        if (!vpci_conductor_applies(conductor, &plan->pics, &test, &result))
            continue;
        const pid_t child = fork();
        if (child == 0) {
            struct vpci_seam *seam = vpci_adapter_open(&plan->adapter, &plan->limits);
            if (seam->ops->connect(seam))
                vpci_conductor_play(conductor, seam, &test, &result);
            _exit(0);
        }
        (void)waitpid(child, NULL, 0);
        played++;
    }
    const double rate = played / (cpu_seconds() - start);
    vpci_case_scratch_free(&scratch);
    vpci_conductor_destroy(conductor);
    return rate;
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static double median(double *values)
{
    qsort(values, RUNS, sizeof values[0], compare);
    return values[RUNS / 2];
}

int main(int argument_count, char **arguments)
{
    char error[VPCI_ERROR_BYTES];
    char golden[VPCI_PATH_BYTES];
    char results[] = "/tmp/bench-inprocess-XXXXXX";
    double shared[RUNS];
    double forked[RUNS];
    struct vpci_plan plan = { .profile = &vpci_profiles[0], .seed = 1, .role = VPCI_ROLE_BUS };
    enum vpci_failure failure;
    struct vpci_suite *suite = vpci_suite_load("corpus/scenarios", error);
    struct vpci_catalogue *catalogue = vpci_catalogue_load("corpus/requirements.json", error, sizeof error);
    snprintf(golden, sizeof golden, "%s/adapters/golden.so",
             argument_count > 1 ? arguments[1] : "build-bench");
    const int descriptor = mkstemp(results);
    if (suite == NULL || catalogue == NULL || descriptor < 0 ||
        !vpci_adapter_resolve(&plan.adapter, golden, error)) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    close(descriptor);
    plan.suite = suite;
    plan.catalogue = catalogue;
    if (!vpci_runner_probe(&plan, &failure, error) || failure != VPCI_FAILURE_NONE) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    for (int run = 0; run < RUNS; run++) {
        shared[run] = run_all(&plan, results);
        forked[run] = fork_each(&plan);
    }
    const double rate = median(shared);
    const double fork_rate = median(forked);
    printf("in process: %.0f cases per CPU-second, a fork for each case %.0f, ratio %.1f (median of %d; "
           "target 20,000)\n",
           rate, fork_rate, rate / fork_rate, RUNS);
    (void)unlink(results);
    vpci_suite_free(suite);
    vpci_catalogue_free(catalogue);
    return 0;
}
