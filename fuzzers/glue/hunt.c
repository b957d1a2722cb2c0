/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/hunt.c - see hunt.h. */
#include "fuzzers/glue/hunt.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "fuzzers/decoder.h"
#include "fuzzers/glue/divergence.h"
#include "fuzzers/glue/inline_counters.h"
#include "fuzzers/glue/keep.h"
#include "harness/adapter.h"
#include "harness/conductor.h"
#include "harness/inprocess.h"

enum { ENDED_BY_INPUT = 77 }; /* as libFuzzer itself says it */

static struct {
    struct vpci_seam *seam;
    struct vpci_conductor *conductor;
    enum vpci_role role;
    struct vpci_script script;
    bool goes_on; /* findings are kept; else the first one ends the process */
} hunt;

static _Noreturn void refuse(const char *what, const char *why)
{
    fprintf(stderr, "vpci-conform: %s: %s\n", what, why);
    exit(3);
}

static void find_adapter(struct vpci_adapter *adapter)
{
    char beside[VPCI_PATH_BYTES + 32];
    char error[VPCI_DETAIL_BYTES];
    const char *path = getenv("VPCI_ADAPTER");
    if (path == NULL) {
        vpci_program_folder(beside);
        strcat(beside, "/adapters/golden.so");
        path = beside;
    }
    if (!vpci_adapter_resolve(adapter, path, error))
        refuse(path, error);
    if (!adapter->in_process)
        refuse(path, "only an implementation in process can be hunted by a fuzzer");
}

static enum vpci_role choose_role(const struct vpci_pics *pics)
{
    const char *name = getenv("VPCI_ROLE");
    for (int role = VPCI_ROLE_BUS; role <= VPCI_ROLE_STACK; role++) {
        if ((pics->roles >> role & 1u) != 0 && (name == NULL || strcmp(name, vpci_role_info[role].name) == 0))
            return (enum vpci_role)role;
    }
    refuse(name == NULL ? "roles" : name,
           "the implementation claims no such role that is judged (bus, stack)");
}

#if defined(__AFL_COMPILER)
/* The fork server and its children lead sessions of their own: nobody else ends them when afl-fuzz is killed.
 */
static void die_with_parent(void)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
}
#endif

void vpci_hunt_start(vpci_watch_fn *watch)
{
#if defined(__AFL_COMPILER)
    die_with_parent();
    (void)pthread_atfork(NULL, NULL, die_with_parent);
#endif
    struct vpci_adapter adapter;
    struct vpci_conductor_options options = { .seed = 1, .keep_no_trace = true };
    const char *profile = getenv("VPCI_PROFILE"), *step_time = getenv("VPCI_STEP_TIME");
    const struct vpci_limits limits = { .step_timeout_ms =
                                            step_time == NULL ? 0 : (uint32_t)strtoul(step_time, NULL, 10) };
    find_adapter(&adapter);
    if (profile != NULL && (options.profile = vpci_profile_from_name(profile)) == NULL)
        refuse(profile, "no such profile");
    hunt.seam = vpci_adapter_open(&adapter, &limits);
    if (!hunt.seam->ops->connect(hunt.seam))
        refuse(adapter.spec, hunt.seam->detail);
    vpci_inprocess_step_aside(); /* the engine takes them now, and is called when they are not the plug-in's
                                    doing */
    hunt.role = options.role = choose_role(&hunt.seam->pics);
    hunt.conductor = vpci_conductor_create(&options);
    vpci_conductor_watch(hunt.conductor, watch, NULL);
    vpci_script_create(&hunt.script);
    const char *findings = getenv("VPCI_FINDINGS");
    hunt.goes_on = findings != NULL;
    vpci_keep_start(findings, getenv("VPCI_NOTES"));
}

static uint32_t mix(uint32_t hash, const char *string)
{
    for (; string != NULL && *string != '\0'; string++)
        hash = (hash ^ (uint8_t)*string) * 16777619u;
    return hash;
}

/* What makes two findings look alike before they are shrunk. */
static uint32_t class_of(const struct vpci_case_result *result)
{
    const uint32_t hash = mix(2166136261u + (uint32_t)result->requirement, result->cause);
    const struct vpci_progress_of_case progress = vpci_conductor_progress(hunt.conductor);
    return mix(mix(hash, result->has_finding ? result->finding.reason : ""),
               vpci_event_info[progress.latest].name);
}

/* After a crash or a hang nothing in this process can be relied upon. What was kept needs no engine to keep
 * it once more; but afl-fuzz has to see an abort, or it would take the input into its queue. */
static _Noreturn void end_process(const struct vpci_case_result *result)
{
#if !defined(__AFL_COMPILER)
    if (hunt.goes_on)
        _exit(ENDED_BY_INPUT);
#endif
    vpci_diverge(result, hunt.seam->failure);
}

static void take_finding(const struct vpci_case_result *result, const uint8_t *bytes, size_t length)
{
    const char *id =
        result->requirement == VPCI_REQUIREMENT_NONE ? "none" : vpci_requirement_info[result->requirement].id;
    const enum vpci_failure failure = hunt.seam->failure;
    const bool costly = failure == VPCI_FAILURE_HANG || failure == VPCI_FAILURE_HANG_AT_CLOSE;
    vpci_keep_input(id, class_of(result), costly, bytes, length);
    vpci_keep_end();
    if (!hunt.goes_on || failure != VPCI_FAILURE_NONE)
        end_process(result);
}

int vpci_hunt_input(const uint8_t *bytes, size_t length)
{
    struct vpci_case_result result;
    vpci_keep_begin(bytes, length);
    vpci_decode(bytes, length, &hunt.script);
    vpci_script_fit(&hunt.script, hunt.role, hunt.seam->pics.capabilities);
    vpci_conductor_play(hunt.conductor, hunt.seam, &hunt.script.test, &result);
    vpci_inline_counters_copy();
    if (result.verdict == VPCI_CASE_FAIL || result.verdict == VPCI_CASE_ERROR)
        take_finding(&result, bytes, length);
    vpci_keep_end();
    return 0;
}
