/* SPDX-License-Identifier: MIT */
/* cli/common.c - what several verbs need: the corpus, the plan, complaints. */
#include "cli/verbs.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/runner.h"
#include "reports/report.h"

int vpci_fault(const char *format, ...)
{
    char line[2 * VPCI_ERROR_BYTES];
    struct vpci_text plain = { 0 };
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    vpci_text_add_plain(&plain, line);
    fprintf(stderr, "vpci-conform: %s\n", plain.bytes == NULL ? "" : plain.bytes);
    vpci_text_free(&plain);
    return VPCI_EXIT_FAULT;
}

static bool corpus_folder(char path[VPCI_PATH_BYTES], const char *folder)
{
    if (folder != NULL)
        snprintf(path, VPCI_PATH_BYTES, "%s", folder);
    else
        (void)vpci_program_part(VPCI_PART_CORPUS, path);
    if (path[0] != '\0')
        return true;
    (void)vpci_fault("no corpus that belongs to the program; name one with --corpus DIR");
    return false;
}

bool vpci_corpus_load_catalogue(struct vpci_corpus *corpus, const char *folder)
{
    char base[VPCI_PATH_BYTES];
    char path[VPCI_PATH_BYTES + 32];
    char error[VPCI_ERROR_BYTES];
    *corpus = (struct vpci_corpus){ 0 };
    if (!corpus_folder(base, folder))
        return false;
    snprintf(path, sizeof path, "%s/requirements.json", base);
    corpus->catalogue = vpci_catalogue_load(path, error, sizeof error);
    if (corpus->catalogue == NULL)
        (void)vpci_fault("%s", error);
    return corpus->catalogue != NULL;
}

/* What is disputed is about the scenarios of the corpus. A corpus without the file has no disputes. */
static bool load_disputes(struct vpci_corpus *corpus, const char *path, char error[VPCI_ERROR_BYTES])
{
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return true;
    corpus->has_disputes = vpci_disputes_load(&corpus->disputes, path, corpus->suite, error);
    return corpus->has_disputes;
}

bool vpci_corpus_load(struct vpci_corpus *corpus, const char *folder, const char *scenarios)
{
    char base[VPCI_PATH_BYTES];
    char path[VPCI_PATH_BYTES + 32];
    char error[VPCI_ERROR_BYTES];
    if (!vpci_corpus_load_catalogue(corpus, folder) || !corpus_folder(base, folder))
        return false;
    snprintf(path, sizeof path, "%s/scenarios", base);
    corpus->suite = vpci_suite_load(scenarios != NULL ? scenarios : path, error);
    snprintf(path, sizeof path, "%s/disputes.json", base);
    if (corpus->suite != NULL && (scenarios != NULL || load_disputes(corpus, path, error)))
        return true;
    (void)vpci_fault("%s", error);
    vpci_corpus_free(corpus);
    return false;
}

void vpci_corpus_free(struct vpci_corpus *corpus)
{
    if (corpus->suite != NULL)
        vpci_suite_free(corpus->suite);
    vpci_catalogue_free(corpus->catalogue);
    vpci_disputes_free(&corpus->disputes);
    *corpus = (struct vpci_corpus){ 0 };
}

/* The role asked for, or the first one claimed of those that the kit can judge. */
static bool choose_role(struct vpci_plan *plan, const struct vpci_options *options, enum vpci_failure failure)
{
    static const uint32_t judged = 1u << VPCI_ROLE_BUS | 1u << VPCI_ROLE_STACK;
    const bool asked = (options->given & VPCI_O(ROLE)) != 0;
    const uint32_t claimed = failure == VPCI_FAILURE_NONE ? plan->pics.roles : judged;
    for (int role = 0; role < VPCI_ROLE_COUNT; role++) {
        if ((judged >> role & 1u) != 0 && (claimed >> role & 1u) != 0 &&
            (!asked || options->role == (enum vpci_role)role)) {
            plan->role = (enum vpci_role)role;
            return true;
        }
    }
    if (asked && (judged >> options->role & 1u) == 0)
        (void)vpci_fault("role %s: this version of the kit judges the roles bus and stack only",
                         vpci_role_info[options->role].name);
    else if (asked)
        (void)vpci_fault("adapter %s does not claim the role %s", plan->adapter_name,
                         vpci_role_info[options->role].name);
    else
        (void)vpci_fault("adapter %s claims no role that this version of the kit judges (bus, stack)",
                         plan->adapter_name);
    return false;
}

bool vpci_plan_make(struct vpci_plan *plan, const struct vpci_options *options,
                    const struct vpci_corpus *corpus, enum vpci_failure *failure_out,
                    char detail[VPCI_ERROR_BYTES])
{
    char error[VPCI_DETAIL_BYTES];
    *plan = (struct vpci_plan){ .profile = options->profile,
                                .seed = options->seed,
                                .suite = corpus->suite,
                                .catalogue = corpus->catalogue,
                                .disputes = corpus->has_disputes ? &corpus->disputes : NULL,
                                .limits = { .step_timeout_ms = (uint32_t)options->step_time_ms,
                                            .memory_bytes = options->memory_bytes } };
    snprintf(plan->adapter_name, sizeof plan->adapter_name, "%s", options->adapter);
    snprintf(plan->selection, sizeof plan->selection, "%s", options->only == NULL ? "" : options->only);
    if (!vpci_adapter_resolve(&plan->adapter, options->adapter, error)) {
        (void)vpci_fault("%s", error);
        return false;
    }
    if (!vpci_runner_probe(plan, failure_out, detail)) {
        (void)vpci_fault("%s", detail);
        return false;
    }
    if (plan->pics.name[0] == '\0')
        snprintf(plan->pics.name, sizeof plan->pics.name, "(did not say its name)");
    return choose_role(plan, options, *failure_out);
}

const struct vpci_report_format *vpci_format_of(const struct vpci_options *options)
{
    const struct vpci_report_format *format =
        vpci_report_format_from_name(options->format == NULL ? "console" : options->format);
    if (format == NULL) {
        struct vpci_text names = { 0 };
        vpci_report_format_names(&names);
        (void)vpci_fault("--format %s: there are %s", options->format, names.bytes);
        vpci_text_free(&names);
    }
    return format;
}

const char *vpci_program_name(void)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    const char *name = program_invocation_name;
    return name[0] != '\0' && strspn(name, plain) == strlen(name) ? name : "vpci-conform";
}

bool vpci_wants_colour(int descriptor)
{
    const char *no_colour = getenv("NO_COLOR");
    return isatty(descriptor) && (no_colour == NULL || no_colour[0] == '\0');
}
