/* SPDX-License-Identifier: MIT */
/* cli/main.c - vpci-conform: reads the command line and hands over to a verb. */
#include "cli/verbs.h"

#include <stdio.h>
#include <unistd.h>

#include "harness/adapter_check.h"
#include "harness/adapter_new.h"
#include "harness/version.h"
#include "reports/report.h"

static int print_and_free(struct vpci_text *text)
{
    const bool written = fwrite(text->bytes, 1, text->length, stdout) == text->length && fflush(stdout) == 0;
    vpci_text_free(text);
    return written ? VPCI_EXIT_CONFORMS : VPCI_EXIT_FAULT;
}

static int verb_help(const struct vpci_options *options)
{
    struct vpci_text text = { 0 };
    vpci_options_print_help(&text, options->verb == VPCI_VERB_HELP ? options->about : options->verb);
    return print_and_free(&text);
}

static int verb_version(const struct vpci_options *options)
{
    (void)options;
    printf("vpci-conform %s\n", VPCI_KIT_VERSION);
    return VPCI_EXIT_CONFORMS;
}

static int verb_man(const struct vpci_options *options)
{
    (void)options;
    struct vpci_text text = { 0 };
    vpci_options_print_man(&text, VPCI_KIT_VERSION);
    return print_and_free(&text);
}

static int verb_completion(const struct vpci_options *options)
{
    struct vpci_text text = { 0 };
    struct vpci_text formats = { 0 };
    vpci_report_format_names(&formats);
    const bool known = vpci_options_print_completion(&text, options->arguments[0], formats.bytes);
    vpci_text_free(&formats);
    return known ? print_and_free(&text)
                 : vpci_fault("--completion %s: no such shell", options->arguments[0]);
}

static int verb_adapter_check(const struct vpci_options *options)
{
    struct vpci_adapter adapter;
    char error[VPCI_DETAIL_BYTES];
    const struct vpci_limits limits = { .step_timeout_ms = (uint32_t)options->step_time_ms,
                                        .memory_bytes = options->memory_bytes };
    if (!vpci_adapter_resolve(&adapter, options->adapter, error))
        return vpci_fault("%s", error);
    const enum vpci_role role = (options->given & VPCI_O(ROLE)) ? options->role : VPCI_ROLE_COUNT;
    return vpci_adapter_check(&adapter, role, &limits, stdout);
}

static int verb_adapter_new(const struct vpci_options *options)
{
    return vpci_adapter_new(options->language, options->arguments[0], stdout);
}

static vpci_verb_fn *const verbs[VPCI_VERB_COUNT] = {
    [VPCI_VERB_CERTIFY] = vpci_verb_certify,    [VPCI_VERB_RUN] = vpci_verb_run,
    [VPCI_VERB_CHECK] = vpci_verb_check,        [VPCI_VERB_REPLAY] = vpci_verb_replay,
    [VPCI_VERB_FUZZ] = vpci_verb_fuzz,          [VPCI_VERB_MINIMIZE] = vpci_verb_minimize,
    [VPCI_VERB_EXPLORE] = vpci_verb_explore,    [VPCI_VERB_NIGHTLY] = vpci_verb_nightly,
    [VPCI_VERB_LIST] = vpci_verb_list,          [VPCI_VERB_ADAPTER_CHECK] = verb_adapter_check,
    [VPCI_VERB_ADAPTER_NEW] = verb_adapter_new, [VPCI_VERB_REPORT] = vpci_verb_report,
    [VPCI_VERB_COMPARE] = vpci_verb_compare,    [VPCI_VERB_VERIFY] = vpci_verb_verify,
    [VPCI_VERB_KEY_NEW] = vpci_verb_key_new,    [VPCI_VERB_HELP] = verb_help,
    [VPCI_VERB_VERSION] = verb_version,         [VPCI_VERB_MAN] = verb_man,
    [VPCI_VERB_COMPLETION] = verb_completion,
};

int main(int argument_count, char **arguments)
{
    struct vpci_options options;
    char error[VPCI_OPTIONS_ERROR_BYTES];
    if (!vpci_options_parse(&options, argument_count, (const char *const *)arguments, error))
        return vpci_fault("%s", error);
    return options.help ? verb_help(&options) : verbs[options.verb](&options);
}
