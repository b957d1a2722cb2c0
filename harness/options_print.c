/* SPDX-License-Identifier: MIT */
/* harness/options_print.c - --help and the man page, both out of the tables of harness/options.h. The
 * completions are in options_completion.c because a shell's quoting rules are an idea of their own. */
#include <stdio.h>
#include <string.h>

#include "harness/options.h"

enum { HELP_COLUMNS = 100, NAME_COLUMNS = 24 };

static const struct exit_text {
    int code;
    const char *text;
} exits[] = {
#define X(name, code, text) { code, text },
    VPCI_EXITS(X)
#undef X
}, exits_of_compare[] = {
#define X(name, text) { VPCI_EXIT_##name, text },
    VPCI_COMPARE_EXITS(X)
#undef X
};

static const char purpose[] = "certify implementations of the VPCI PF/VF backchannel block protocol";

static const struct {
    const char *command, *text;
} examples[] = {
    { "vpci-conform certify --adapter golden",
      "Certify the bundled implementation; the reports are in out/." },
    { "vpci-conform run --adapter ./mine.so --only 'ioctl/*'",
      "Run a part of the suite against a shared object." },
    { "vpci-conform run --adapter 'exec:python3 mine.py' --step-time 10s",
      "Test a program that speaks the adapter protocol, and give it more time." },
    { "vpci-conform certify --adapter ./mine.so --key lab.pem",
      "Sign a certificate, if one is due; key new lab.pem makes the key." },
    { "vpci-conform verify out/certificate.json --key lab.pem.pub",
      "Check it later, with the files that lie beside it." },
    { "vpci-conform report out/results.jsonl --format junit", "Render results again, for a build server." },
};

static bool is_hidden(enum vpci_verb verb)
{
    return vpci_verb_info[verb].spelling[0] == '-';
}

static void add_spaces(struct vpci_text *text, size_t count)
{
    while (count-- > 0)
        vpci_text_add_bytes(text, " ", 1);
}

/* Appends words from column on, broken before HELP_COLUMNS and indented to indent. */
static void add_wrapped(struct vpci_text *text, size_t indent, size_t column, const char *words)
{
    while (*words != '\0') {
        const size_t length = strcspn(words, " ");
        if (column > indent && column + 1 + length > HELP_COLUMNS) {
            vpci_text_add(text, "\n");
            add_spaces(text, indent);
            column = indent;
        } else if (column > indent) {
            add_spaces(text, 1);
            column++;
        }
        vpci_text_add_bytes(text, words, length);
        column += length;
        words += length;
        words += strspn(words, " ");
    }
    vpci_text_add(text, "\n");
}

/* One row of a list: the name in the left column, the words in the right one. */
static void add_row(struct vpci_text *text, const char *name, const char *words)
{
    vpci_text_addf(text, "  %s", name);
    size_t column = 2 + strlen(name);
    if (column + 2 > NAME_COLUMNS) {
        vpci_text_add(text, "\n");
        column = 0;
    }
    add_spaces(text, NAME_COLUMNS - column);
    add_wrapped(text, NAME_COLUMNS, NAME_COLUMNS, words);
}

/* "--seed N" */
static void name_option(char *buffer, size_t bytes, const struct vpci_option_info *info)
{
    snprintf(buffer, bytes, "%s%s%s", info->spelling, info->placeholder != NULL ? " " : "",
             info->placeholder != NULL ? info->placeholder : "");
}

/* The text with its default, as both help and man page show it. */
static void describe_option(struct vpci_text *text, const struct vpci_option_info *info)
{
    vpci_text_clear(text);
    vpci_text_add(text, info->text);
    if (info->otherwise != NULL)
        vpci_text_addf(text, " (default: %s)", info->otherwise);
}

static void add_options(struct vpci_text *text, uint64_t set)
{
    struct vpci_text words = { 0 };
    for (int i = 0; i < VPCI_OPTION_COUNT; i++) {
        char name[64];
        if ((set >> i & 1u) == 0)
            continue;
        name_option(name, sizeof name, &vpci_option_info[i]);
        describe_option(&words, &vpci_option_info[i]);
        add_row(text, name, words.bytes);
    }
    vpci_text_free(&words);
}

static void add_exits(struct vpci_text *text, const struct exit_text *rows)
{
    vpci_text_add(text, "\nExit codes\n");
    for (size_t i = 0; i < sizeof exits / sizeof exits[0]; i++) {
        char code[16];
        snprintf(code, sizeof code, "%d", rows[i].code);
        add_row(text, code, rows[i].text);
    }
}

static void print_overview(struct vpci_text *text)
{
    vpci_text_addf(text, "vpci-conform VERB [OPTION]...: %s\n\nVerbs\n", purpose);
    for (int i = 0; i < VPCI_VERB_COUNT; i++) {
        char name[128];
        if (is_hidden((enum vpci_verb)i))
            continue;
        snprintf(name, sizeof name, "%s%s%s", vpci_verb_info[i].spelling,
                 *vpci_verb_info[i].arguments != '\0' ? " " : "", vpci_verb_info[i].arguments);
        add_row(text, name, vpci_verb_info[i].summary);
    }
    vpci_text_add(text,
                  "\nOptions, spelled the same on every verb that takes them (vpci-conform help VERB)\n");
    add_options(text, UINT64_MAX);
    add_exits(text, exits);
    vpci_text_add(text, "\nExamples\n");
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++)
        vpci_text_addf(text, "  %s\n      %s\n", examples[i].command, examples[i].text);
}

void vpci_options_print_help(struct vpci_text *text, enum vpci_verb about)
{
    if (about == VPCI_VERB_COUNT) {
        print_overview(text);
        return;
    }
    const struct vpci_verb_info *verb = &vpci_verb_info[about];
    vpci_text_addf(text, "vpci-conform %s", verb->spelling);
    if (*verb->arguments != '\0')
        vpci_text_addf(text, " %s", verb->arguments);
    for (int i = 0; i < VPCI_OPTION_COUNT; i++) {
        char name[64];
        name_option(name, sizeof name, &vpci_option_info[i]);
        if ((verb->must >> i & 1u) != 0)
            vpci_text_addf(text, " %s", name);
    }
    vpci_text_add(text, " [OPTION]...\n\n");
    struct vpci_text summary = { 0 };
    vpci_text_addf(&summary, "%s.", verb->summary);
    add_wrapped(text, 0, 0, summary.bytes);
    vpci_text_free(&summary);
    vpci_text_add(text, "\nOptions\n");
    add_options(text, verb->may);
    add_exits(text, about == VPCI_VERB_COMPARE ? exits_of_compare : exits);
}

/* Text in roff: a backslash, a dash and a quote mean something, and so do a dot or a quote that start a line.
 */
static void add_roff(struct vpci_text *text, const char *string)
{
    if (*string == '.' || *string == '\'')
        vpci_text_add(text, "\\&");
    for (; *string != '\0'; string++) {
        switch (*string) {
        case '\\':
            vpci_text_add(text, "\\e");
            break;
        case '-':
            vpci_text_add(text, "\\-");
            break;
        case '\'':
            vpci_text_add(text, "\\(aq");
            break;
        case '"':
            vpci_text_add(text, "\\(dq");
            break;
        default:
            vpci_text_add_bytes(text, string, 1);
        }
    }
}

/* A paragraph with a tag: the tag in bold, what follows it in italics. */
static void add_tagged(struct vpci_text *text, const char *tag, const char *placeholder, const char *words)
{
    vpci_text_add(text, ".TP\n\\fB");
    add_roff(text, tag);
    vpci_text_add(text, "\\fR");
    if (placeholder != NULL && *placeholder != '\0') {
        vpci_text_add(text, " \\fI");
        add_roff(text, placeholder);
        vpci_text_add(text, "\\fR");
    }
    vpci_text_add(text, "\n");
    add_roff(text, words);
    vpci_text_add(text, "\n");
}

/* "for certify, run and replay" */
static void add_verbs_of_option(struct vpci_text *text, int option)
{
    int left = 0;
    for (int i = 0; i < VPCI_VERB_COUNT; i++)
        left += !is_hidden((enum vpci_verb)i) && (vpci_verb_info[i].may >> option & 1u) != 0;
    if (option == VPCI_OPTION_HELP || left == 0)
        return;
    vpci_text_add(text, "For ");
    for (int i = 0; i < VPCI_VERB_COUNT; i++) {
        if (is_hidden((enum vpci_verb)i) || (vpci_verb_info[i].may >> option & 1u) == 0)
            continue;
        left--;
        vpci_text_addf(text, "\\fB%s\\fR%s", vpci_verb_info[i].spelling,
                       left > 1    ? ", "
                       : left == 1 ? " and "
                                   : ".\n");
    }
}

static void add_man_tables(struct vpci_text *text)
{
    struct vpci_text words = { 0 };
    vpci_text_add(text, ".SH VERBS\n");
    for (int i = 0; i < VPCI_VERB_COUNT; i++)
        add_tagged(text, vpci_verb_info[i].spelling, vpci_verb_info[i].arguments, vpci_verb_info[i].summary);
    vpci_text_add(text, ".SH OPTIONS\n");
    for (int i = 0; i < VPCI_OPTION_COUNT; i++) {
        describe_option(&words, &vpci_option_info[i]);
        vpci_text_add(&words, ".");
        add_tagged(text, vpci_option_info[i].spelling, vpci_option_info[i].placeholder, words.bytes);
        add_verbs_of_option(text, i);
    }
    vpci_text_add(text, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof exits / sizeof exits[0]; i++) {
        char code[16];
        snprintf(code, sizeof code, "%d", exits[i].code);
        add_tagged(text, code, NULL, exits[i].text);
    }
    vpci_text_free(&words);
}

void vpci_options_print_man(struct vpci_text *text, const char *version)
{
    vpci_text_add(text, ".TH VPCI\\-CONFORM 1 \"\" \"vpci\\-conform ");
    add_roff(text, version);
    vpci_text_add(text, "\" \"User Commands\"\n.SH NAME\nvpci\\-conform \\- ");
    add_roff(text, purpose);
    vpci_text_add(
        text, "\n.SH SYNOPSIS\n\\fBvpci\\-conform\\fR \\fIVERB\\fR [\\fIOPTION\\fR]...\n.SH DESCRIPTION\n");
    add_roff(text, "Pairs a reference model of the protocol with an implementation, plays the parties around "
                   "it, judges what "
                   "it does and gives a verdict for each requirement. Options may stand before or behind the "
                   "arguments of "
                   "a verb, as --option ARGUMENT or --option=ARGUMENT; -- ends them.");
    vpci_text_add(text, "\n");
    add_man_tables(text);
    vpci_text_add(text, ".SH ENVIRONMENT\n");
    add_tagged(text, "NO_COLOR", NULL,
               "when set and not empty, the report has no colours on a terminal either");
    vpci_text_add(text, ".SH FILES\n");
    add_tagged(text, "out/results.jsonl", NULL,
               "the truth of a run, sealed by its last line; every report renders it");
    add_tagged(text, "out/timing.jsonl", NULL,
               "how long each case took; apart, so that results have the same bytes");
    vpci_text_add(text, ".SH EXAMPLES\n");
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        vpci_text_add(text, ".TP\n");
        add_roff(text, examples[i].command);
        vpci_text_add(text, "\n");
        add_roff(text, examples[i].text);
        vpci_text_add(text, "\n");
    }
}
