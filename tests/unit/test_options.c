/* SPDX-License-Identifier: MIT */
/* tests/unit/test_options.c - the command line: what is accepted, what is refused and in which words, and
 * that help, man page and completions are made of the same table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/options.h"
#include "reports/report.h"

static char error[VPCI_OPTIONS_ERROR_BYTES];

/* Splits a line at spaces and parses it; "''" is an empty word. Words are kept until the next call. */
static bool parse(struct vpci_options *options, const char *line)
{
    static char copy[1024];
    const char *words[32];
    int count = 0;
    snprintf(copy, sizeof copy, "vpci-conform %s", line);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
        words[count++] = strcmp(word, "''") == 0 ? "" : word;
    error[0] = '\0';
    return vpci_options_parse(options, count, words, error);
}

static void parse_well(struct vpci_options *options, const char *line)
{
    if (!parse(options, line))
        fail_msg("%s: %s", line, error);
    assert_string_equal(error, "");
}

static void a_run_has_all_its_options(void **state)
{
    (void)state;
    struct vpci_options options;
    parse_well(
        &options,
        "run --adapter exec:./a --role stack --profile strict --only ioctl/* --seed 0xFFFFFFFFFFFFFFFF "
        "--workers 3 --time 2m --step-time=500ms --memory 512M --corpus c --out o --resume --quiet "
        "--format junit");
    assert_int_equal(options.verb, VPCI_VERB_RUN);
    assert_string_equal(options.adapter, "exec:./a");
    assert_int_equal(options.role, VPCI_ROLE_STACK);
    assert_string_equal(options.profile->name, "strict");
    assert_string_equal(options.only, "ioctl/*");
    assert_true(options.seed == UINT64_MAX);
    assert_int_equal(options.workers, 3);
    assert_int_equal(options.time_ms, 120000);
    assert_int_equal(options.step_time_ms, 500);
    assert_int_equal(options.memory_bytes, 512 * 1024 * 1024);
    assert_string_equal(options.corpus, "c");
    assert_string_equal(options.out, "o");
    assert_true(options.resume && options.quiet);
    assert_string_equal(options.format, "junit");
}

static void what_is_not_given_has_its_default(void **state)
{
    (void)state;
    struct vpci_options options;
    parse_well(&options, "run --adapter golden");
    assert_int_equal(options.given, VPCI_O(ADAPTER));
    assert_int_equal(options.seed, 1);
    assert_int_equal(options.workers, 0);
    assert_int_equal(options.time_ms, 30 * 60 * 1000);
    assert_int_equal(options.step_time_ms, 5000);
    assert_true(options.memory_bytes == UINT64_C(4) << 30);
    assert_ptr_equal(options.profile, &vpci_profiles[0]);
    assert_string_equal(options.out, "out");
    assert_string_equal(options.format, "console");
    assert_null(options.only);
    assert_null(options.corpus);
    assert_false(options.resume || options.quiet);
    parse_well(&options, "list adapters");
    assert_string_equal(options.format, "text");
}

/* Writes the shortest right command line of a verb. */
static void print_minimal_line(char *line, size_t bytes, int verb)
{
    const struct vpci_verb_info *info = &vpci_verb_info[verb];
    const char *argument = info->least_arguments == 0             ? ""
                           : strchr(info->arguments, '|') == NULL ? " x"
                           : verb == VPCI_VERB_COMPLETION         ? " bash"
                                                                  : " scenarios";
    snprintf(line, bytes, "%s%s%s", info->spelling, argument,
             (info->must & VPCI_O(ADAPTER)) != 0      ? " --adapter a"
             : (info->must & VPCI_O(PUBLIC_KEY)) != 0 ? " --key k"
                                                      : "");
}

/* Method: every option that has a default, given with it to every verb that takes the option. */
static void every_default_is_one_that_the_parser_takes(void **state)
{
    (void)state;
    for (int option = 0; option < VPCI_OPTION_COUNT; option++) {
        const struct vpci_option_info *info = &vpci_option_info[option];
        uint32_t verbs = 0;
        for (int verb = 0; verb < VPCI_VERB_COUNT; verb++) {
            struct vpci_options options;
            char line[256];
            print_minimal_line(line, sizeof line, verb);
            parse_well(&options, line);
            if ((vpci_verb_info[verb].may >> option & 1u) == 0)
                continue;
            verbs++;
            if (info->otherwise == NULL)
                continue;
            const size_t length = strlen(line);
            snprintf(line + length, sizeof line - length, " %s %s", info->spelling, info->otherwise);
            parse_well(&options, line);
        }
        assert_true(verbs > 0); /* no option is without a verb */
    }
}

static void two_word_verbs_and_arguments_are_read(void **state)
{
    (void)state;
    struct vpci_options options;
    parse_well(&options, "adapter new --language python folder");
    assert_int_equal(options.verb, VPCI_VERB_ADAPTER_NEW);
    assert_string_equal(options.arguments[0], "folder");
    assert_string_equal(options.language, "python");
    parse_well(&options, "adapter check --adapter a");
    assert_int_equal(options.verb, VPCI_VERB_ADAPTER_CHECK);
    parse_well(&options, "replay out/results.jsonl case[x=1] --adapter a");
    assert_int_equal(options.argument_count, 2);
    parse_well(&options, "report -- --odd-name");
    assert_string_equal(options.arguments[0], "--odd-name");
    parse_well(&options, "report -");
    assert_string_equal(options.arguments[0], "-");
    parse_well(&options, "run --adapter=a --only=--x");
    assert_string_equal(options.only, "--x");
    parse_well(&options, "--completion fish");
    assert_int_equal(options.verb, VPCI_VERB_COMPLETION);
}

static void help_is_reached_in_every_way(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum vpci_verb about;
    } wishes[] = {
        { "help", VPCI_VERB_COUNT },
        { "--help", VPCI_VERB_COUNT },
        { "help run", VPCI_VERB_RUN },
        { "run --help", VPCI_VERB_RUN },
        { "run --help --adapter a", VPCI_VERB_RUN },
        { "help adapter new", VPCI_VERB_ADAPTER_NEW },
        { "adapter new --help", VPCI_VERB_ADAPTER_NEW },
    };
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        struct vpci_options options;
        parse_well(&options, wishes[i].line);
        assert_int_equal(options.verb, VPCI_VERB_HELP);
        assert_int_equal(options.about, wishes[i].about);
    }
}

static void a_mistake_is_refused_and_named(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } mistakes[] = {
        { "", "a verb is missing" },
        { "rn", "unknown verb rn; did you mean run?" },
        { "--adapter a run", "the verb comes first" },
        { "adapter", "did you mean adapter check or adapter new?" },
        { "run", "run: --adapter ADAPTER is missing" },
        { "run --adapter", "--adapter: its argument ADAPTER is missing" },
        { "run --adapter --quiet", "--adapter: its argument ADAPTER is missing" },
        { "run --adapter ''", "--adapter: its argument is empty" },
        { "run --adapter a --adapter b", "--adapter: given twice" },
        { "run --adapter a --sed 1", "run: unknown option --sed; did you mean --seed?" },
        { "run --adapter a -q", "run: unknown option -q" },
        { "run --adapter a --quiet=yes", "--quiet: takes no argument" },
        { "run --adapter a b", "run: the argument \"b\" is one too many" },
        { "certify --adapter a --only x", "certify: --only is not an option of this verb" },
        { "run --adapter a --seed x", "--seed: \"x\" is not a number" },
        { "run --adapter a --seed -1", "--seed: \"-1\" is not a number" },
        { "run --adapter a --seed 0x", "--seed: \"0x\" is not a number" },
        { "run --adapter a --seed 18446744073709551616", "is not a number" },
        { "run --adapter a --seed 1k", "--seed: \"1k\" does not end as it should" },
        { "run --adapter a --workers 0", "--workers: \"0\" is not from 1 to 256" },
        { "run --adapter a --workers 257", "--workers: \"257\" is not from 1 to 256" },
        { "run --adapter a --time 20", "--time: \"20\" lacks its unit; write it as 500ms, 20s, 2m or 1h" },
        { "run --adapter a --time 20x", "--time: \"20x\" does not end as it should" },
        { "run --adapter a --time 0s", "--time: \"0s\" is not from 1 to" },
        { "run --adapter a --time 5124095576031h", "is not from 1 to" }, /* 2048384 ms, if it wrapped */
        { "run --adapter a --memory 5", "--memory: \"5\" lacks its unit" },
        { "run --adapter a --memory 1K", "--memory: \"1K\" is not from 1048576 to" },
        { "run --adapter a --role buss",
          "--role: \"buss\" is none of bus, stack, pf, client, vsc, vsp; did you mean bus?" },
        { "run --adapter a --profile x", "--profile: \"x\" is none of default, " },
        { "adapter new d --language rust", "--language: \"rust\" is none of c, python" },
        { "list", "list: its argument scenarios|" },
        { "list scenaros", "did you mean scenarios?" },
        { "check", "check: its argument FILE is missing" },
        { "help me", "unknown verb me" },
        { "help run now", "help: the argument \"now\" is one too many" },
        { "--completion csh", "--completion: \"csh\" is none of bash, zsh, fish" },
        { "run --adapter a --\x1b[31m", "unknown option --?[31m" },
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct vpci_options options;
        if (parse(&options, mistakes[i].line))
            fail_msg("accepted: %s", mistakes[i].line);
        if (strstr(error, mistakes[i].says) == NULL)
            fail_msg("%s: \"%s\" does not say: %s", mistakes[i].line, error, mistakes[i].says);
    }
}

/* Method: words of up to 4,000 bytes in every place. */
static void long_words_neither_crash_nor_flood(void **state)
{
    (void)state;
    enum { LENGTH = 4000 };
    char word[LENGTH + 1];
    memset(word, 'x', LENGTH);
    word[LENGTH] = '\0';
    memcpy(word, "--", 2);
    const char *lines[][5] = { { "vpci-conform", word },
                               { "vpci-conform", "run", word },
                               { "vpci-conform", "run", "--role", word + 2 },
                               { "vpci-conform", "run", "--time", word + 2 },
                               { "vpci-conform", "run", word + 2 } };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct vpci_options options;
        int count = 0;
        while (lines[i][count] != NULL)
            count++;
        assert_false(vpci_options_parse(&options, count, lines[i], error));
        assert_true(strlen(error) > 0 && strlen(error) < 300);
    }
}

/* Some spellings have several rows, with different defaults: a verb has one of them. */
static bool takes_spelling(int verb, int option)
{
    for (int other = 0; other < VPCI_OPTION_COUNT; other++) {
        if ((vpci_verb_info[verb].may >> other & 1u) != 0 &&
            strcmp(vpci_option_info[other].spelling, vpci_option_info[option].spelling) == 0 &&
            vpci_option_info[other].type == vpci_option_info[option].type &&
            (vpci_option_info[other].placeholder == NULL ||
             strcmp(vpci_option_info[other].placeholder, vpci_option_info[option].placeholder) == 0))
            return true;
    }
    return false;
}

static void help_names_every_option_of_a_verb_and_every_exit_code(void **state)
{
    (void)state;
    for (int verb = 0; verb <= VPCI_VERB_COUNT; verb++) {
        struct vpci_text text = { 0 };
        vpci_options_print_help(&text, (enum vpci_verb)verb);
        for (int option = 0; option < VPCI_OPTION_COUNT; option++) {
            char row[64];
            const bool wanted = verb == VPCI_VERB_COUNT || takes_spelling(verb, option);
            const char *placeholder = vpci_option_info[option].placeholder;
            snprintf(row, sizeof row, "\n  %s %s", vpci_option_info[option].spelling,
                     placeholder == NULL ? "" : placeholder);
            assert_int_equal(strstr(text.bytes, row) != NULL, wanted);
        }
        assert_non_null(strstr(text.bytes, "Exit codes\n  0 "));
        assert_non_null(strstr(text.bytes, "\n  3 "));
        for (const char *line = text.bytes; *line != '\0'; line += strcspn(line, "\n") + 1)
            assert_true(strcspn(line, "\n") <= 100);
        vpci_text_free(&text);
    }
}

static void write_file(const char *path, const struct vpci_text *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text->bytes, 1, text->length, file), text->length);
    assert_int_equal(fclose(file), 0);
}

/* Method: groff with all warnings on, where it is installed. */
static void the_man_page_is_good_roff_and_names_everything(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    char path[] = "/tmp/vpci-man-XXXXXX", command[128];
    vpci_options_print_man(&text, "1.2.3");
    for (int verb = 0; verb < VPCI_VERB_COUNT; verb++)
        assert_non_null(strstr(text.bytes, verb == VPCI_VERB_VERSION      ? "\\fB\\-\\-version\\fR"
                                           : verb == VPCI_VERB_MAN        ? "\\fB\\-\\-man\\fR"
                                           : verb == VPCI_VERB_COMPLETION ? "\\fB\\-\\-completion\\fR"
                                                                          : vpci_verb_info[verb].spelling));
    assert_non_null(strstr(text.bytes, "\\fB\\-\\-step\\-time\\fR \\fITIME\\fR"));
    assert_non_null(strstr(text.bytes, ".SH EXIT STATUS\n.TP\n\\fB0\\fR\n"));
    if (system("command -v groff >/dev/null") != 0)
        skip();
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    write_file(path, &text);
    snprintf(command, sizeof command, "test -z \"$(groff -man -ww -z %s 2>&1)\"", path);
    const int status = system(command);
    unlink(path);
    assert_int_equal(status, 0);
    vpci_text_free(&text);
}

/* Asks the completion script what it offers for the words; the answer ends in a newline. */
static void complete(const char *script, const char *words, char *answer, size_t bytes)
{
    char command[1024];
    snprintf(command, sizeof command,
             "bash -c 'source %s; COMP_WORDS=(vpci-conform %s); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); "
             "_vpci_conform; echo \"${COMPREPLY[*]}\"'",
             script, words);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_non_null(fgets(answer, (int)bytes, pipe));
    assert_int_equal(pclose(pipe), 0);
}

static void bash_completes_verbs_options_and_their_arguments(void **state)
{
    (void)state;
    static const struct {
        const char *words, *offers;
    } wishes[] = {
        { "\"\"", "certify run check replay fuzz minimize explore nightly list adapter compare report verify "
                  "key help\n" },
        { "re", "replay report\n" },
        { "adapter \"\"", "check new\n" },
        { "adapter new --", "--language --help\n" },
        { "run --re", "--resume\n" },
        { "run --role s", "stack\n" },
        { "run --role = s", "stack\n" },
        { "run --role =", "bus stack pf client vsc vsp\n" },
        { "report f --format \"\"", "console junit markdown html sarif tap badge shields\n" },
        { "list p", "profiles\n" },
        { "list adapters --format \"\"", "text json\n" },
        { "certify --on", "\n" },
        { "run --seed \"\"", "\n" },
    };
    struct vpci_text text = { 0 }, formats = { 0 };
    char path[] = "/tmp/vpci-completion-XXXXXX", answer[1024];
    if (system("command -v bash >/dev/null") != 0)
        skip();
    vpci_report_format_names(&formats);
    assert_true(vpci_options_print_completion(&text, "bash", formats.bytes));
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    write_file(path, &text);
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        complete(path, wishes[i].words, answer, sizeof answer);
        assert_string_equal(answer, wishes[i].offers);
    }
    unlink(path);
    vpci_text_free(&text);
    vpci_text_free(&formats);
}

static void every_shell_knows_every_option(void **state)
{
    (void)state;
    static const char *const shells[] = { "bash", "zsh", "fish" };
    struct vpci_text text = { 0 };
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        vpci_text_clear(&text);
        assert_true(vpci_options_print_completion(&text, shells[i], "console"));
        for (int option = 0; option < VPCI_OPTION_COUNT; option++) {
            const char *spelling = vpci_option_info[option].spelling;
            char word[64];
            if (strcmp(shells[i], "fish") == 0)
                snprintf(word, sizeof word, " -l %s ", spelling + 2);
            else
                snprintf(word, sizeof word, "%s", spelling);
            assert_non_null(strstr(text.bytes, word));
        }
    }
    assert_false(vpci_options_print_completion(&text, "csh", "console"));
    vpci_text_free(&text);
}

/* The default format belongs to the option table, the formats to the reports. */
static void the_default_format_is_one_of_the_reports(void **state)
{
    (void)state;
    assert_ptr_equal(vpci_report_format_from_name(vpci_option_info[VPCI_OPTION_FORMAT].otherwise),
                     &vpci_report_formats[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_has_all_its_options),
        cmocka_unit_test(what_is_not_given_has_its_default),
        cmocka_unit_test(every_default_is_one_that_the_parser_takes),
        cmocka_unit_test(two_word_verbs_and_arguments_are_read),
        cmocka_unit_test(help_is_reached_in_every_way),
        cmocka_unit_test(a_mistake_is_refused_and_named),
        cmocka_unit_test(long_words_neither_crash_nor_flood),
        cmocka_unit_test(help_names_every_option_of_a_verb_and_every_exit_code),
        cmocka_unit_test(the_man_page_is_good_roff_and_names_everything),
        cmocka_unit_test(bash_completes_verbs_options_and_their_arguments),
        cmocka_unit_test(every_shell_knows_every_option),
        cmocka_unit_test(the_default_format_is_one_of_the_reports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
