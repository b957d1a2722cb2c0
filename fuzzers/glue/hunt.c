/* SPDX-License-Identifier: MIT */
/* fuzzers/glue/hunt.c - see hunt.h. */
#include "fuzzers/glue/hunt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzzers/decoder.h"
#include "fuzzers/glue/divergence.h"
#include "fuzzers/glue/inline_counters.h"
#include "fuzzers/glue/keep.h"
#include "harness/adapter.h"
#include "harness/conductor.h"
#include "harness/inprocess.h"

static struct {
    struct vpci_seam *seam;
    struct vpci_conductor *conductor;
    enum vpci_role role;
    struct vpci_script script;
    const char *findings; /* folder; NULL: the first finding ends the process */
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

void vpci_hunt_start(vpci_watch_fn *watch)
{
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
    hunt.findings = getenv("VPCI_FINDINGS");
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

static void take_finding(const struct vpci_case_result *result, const uint8_t *bytes, size_t length)
{
    const char *id =
        result->requirement == VPCI_REQUIREMENT_NONE ? "none" : vpci_requirement_info[result->requirement].id;
    if (hunt.findings != NULL && hunt.findings[0] != '\0')
        vpci_keep_input(hunt.findings, id, class_of(result), bytes, length);
    /* After a crash or a hang nothing in this process can be relied upon. */
    if (hunt.findings == NULL || hunt.seam->failure != VPCI_FAILURE_NONE)
        vpci_diverge(result, hunt.seam->failure);
}

int vpci_hunt_input(const uint8_t *bytes, size_t length)
{
    struct vpci_case_result result;
    vpci_decode(bytes, length, &hunt.script);
    vpci_script_fit(&hunt.script, hunt.role, hunt.seam->pics.capabilities);
    vpci_conductor_play(hunt.conductor, hunt.seam, &hunt.script.test, &result);
    vpci_inline_counters_copy();
    if (result.verdict == VPCI_CASE_FAIL || result.verdict == VPCI_CASE_ERROR)
        take_finding(&result, bytes, length);
    return 0;
}
