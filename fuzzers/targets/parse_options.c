/* SPDX-License-Identifier: MIT */
/* fuzzers/targets/parse_options.c - the lines of the input as words of a command line. */
#include "fuzzers/targets/property.h"
#include "harness/options.h"

enum { WORDS_MAX = 40 };

VPCI_PROPERTY(option_is_known, "an option that was taken is one of its verb, and so are those it needs")
VPCI_PROPERTY(number_is_in_range, "a number that was taken is in its range")
VPCI_PROPERTY(argument_count_fits, "a verb has as many arguments as it takes")
VPCI_PROPERTY(help_is_there, "a verb that was taken has help")

static bool is_numeric(enum vpci_option_type type)
{
    return type == VPCI_OPTION_IS_NUMBER || type == VPCI_OPTION_IS_DURATION || type == VPCI_OPTION_IS_SIZE;
}

static void hold_options(const struct vpci_options *options)
{
    const struct vpci_verb_info *verb = &vpci_verb_info[options->verb];
    if (options->help)
        return;
    VPCI_HOLD(option_is_known, (options->given & ~(verb->may | VPCI_O(HELP))) == 0, verb->spelling);
    VPCI_HOLD(option_is_known, (verb->must & ~options->given) == 0, verb->spelling);
    VPCI_HOLD(argument_count_fits,
              options->argument_count >= verb->least_arguments &&
                  options->argument_count <= verb->most_arguments,
              verb->spelling);
    for (int i = 0; i < VPCI_OPTION_COUNT; i++) {
        const struct vpci_option_info *info = &vpci_option_info[i];
        if ((options->given >> i & 1u) == 0 || !is_numeric(info->type))
            continue;
        uint64_t number;
        memcpy(&number, (const char *)options + info->offset, sizeof number);
        VPCI_HOLD(number_is_in_range, number >= info->least && number <= info->most, info->spelling);
    }
}

static int split(char *text, const char *words[WORDS_MAX + 1])
{
    int count = 0;
    words[count++] = "vpci-conform";
    for (char *rest = text, *word; count < WORDS_MAX && (word = strsep(&rest, "\n")) != NULL;)
        words[count++] = word;
    words[count] = NULL;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *words[WORDS_MAX + 1];
    char error[VPCI_OPTIONS_ERROR_BYTES] = "";
    struct vpci_options options;
    char *text = strndup(length == 0 ? "" : (const char *)bytes, length);
    if (text == NULL)
        abort();
    const int count = split(text, words);
    if (vpci_options_parse(&options, count, words, error)) {
        struct vpci_text help = { 0 };
        hold_options(&options);
        vpci_options_print_help(&help, options.verb == VPCI_VERB_HELP ? options.about : options.verb);
        VPCI_HOLD(help_is_there, help.length > 0, "");
        vpci_text_free(&help);
    } else {
        vpci_hold_error(error, sizeof error);
    }
    free(text);
    return 0;
}
