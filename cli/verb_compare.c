/* SPDX-License-Identifier: MIT */
/* cli/verb_compare.c - two runs held against each other, or all runs of a history. */
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#include "reports/history.h"
#include "reports/sheet.h"

static int print_and_free(struct vpci_text *text, int exit)
{
    const bool written = fwrite(text->bytes, 1, text->length, stdout) == text->length && fflush(stdout) == 0;
    vpci_text_free(text);
    return written ? exit : vpci_fault("the comparison cannot be written");
}

/* Everything but JSON, which is made of more than a sheet has. */
static void print_sheet(struct vpci_text *text, const struct vpci_sheet *sheet, const char *format)
{
    if (strcmp(format, "markdown") == 0)
        vpci_sheet_print_markdown(text, sheet);
    else if (strcmp(format, "html") == 0)
        vpci_sheet_print_html(text, sheet);
    else
        vpci_sheet_print_text(text, sheet);
}

static int show_comparison(const struct vpci_comparison *comparison, const char *format)
{
    struct vpci_text text = { 0 };
    if (strcmp(format, "json") == 0) {
        vpci_comparison_print_json(&text, comparison);
    } else {
        struct vpci_sheet sheet;
        vpci_sheet_of_comparison(&sheet, comparison);
        print_sheet(&text, &sheet, format);
        vpci_sheet_free(&sheet);
    }
    return print_and_free(&text, comparison->exit);
}

static int show_timeline(const struct vpci_timeline *timeline, const char *format)
{
    struct vpci_text text = { 0 };
    if (strcmp(format, "json") == 0) {
        vpci_timeline_print_json(&text, timeline);
    } else {
        struct vpci_sheet sheet;
        vpci_sheet_of_timeline(&sheet, timeline);
        print_sheet(&text, &sheet, format);
        vpci_sheet_free(&sheet);
    }
    return print_and_free(&text, timeline->exit);
}

static int compare_history(const struct vpci_options *options)
{
    struct vpci_names names = { 0 };
    struct vpci_runs runs;
    struct vpci_timeline timeline;
    char error[VPCI_DETAIL_BYTES];
    int code = VPCI_EXIT_FAULT;
    if (vpci_runs_read_below(&runs, &names, options->history, VPCI_HISTORY_RUNS_MAX, error)) {
        vpci_timeline_make(&timeline, &runs, &names);
        code = show_timeline(&timeline, options->format);
        vpci_timeline_free(&timeline);
        vpci_runs_free(&runs);
    } else {
        (void)vpci_fault("%s", error);
    }
    vpci_names_free(&names);
    return code;
}

/* Reads one side. False after saying what is wrong. */
static bool read_side(struct vpci_runs *runs, struct vpci_repeats *repeats, struct vpci_names *names,
                      const char *path)
{
    char error[VPCI_DETAIL_BYTES];
    if (!vpci_runs_read(runs, names, path, VPCI_REPEATS_MAX, error)) {
        (void)vpci_fault("%s", error);
        return false;
    }
    *repeats = (struct vpci_repeats){ runs->runs, runs->count };
    if (vpci_are_repeats(repeats, error))
        return true;
    (void)vpci_fault("%s: %s", path, error);
    return false;
}

static int compare_sides(const struct vpci_options *options)
{
    struct vpci_names names = { 0 };
    struct vpci_runs runs[VPCI_SIDES] = { 0 };
    struct vpci_repeats repeats[VPCI_SIDES];
    int code = VPCI_EXIT_FAULT;
    if (read_side(&runs[VPCI_BASE], &repeats[VPCI_BASE], &names, options->arguments[0]) &&
        read_side(&runs[VPCI_NEW], &repeats[VPCI_NEW], &names, options->arguments[1])) {
        struct vpci_comparison comparison;
        vpci_compare(&comparison, &names, repeats[VPCI_BASE], repeats[VPCI_NEW]);
        code = show_comparison(&comparison, options->format);
        vpci_comparison_free(&comparison);
    }
    vpci_runs_free(&runs[VPCI_BASE]);
    vpci_runs_free(&runs[VPCI_NEW]);
    vpci_names_free(&names);
    return code;
}

int vpci_verb_compare(const struct vpci_options *options)
{
    if (options->history != NULL)
        return options->argument_count == 0
                   ? compare_history(options)
                   : vpci_fault("compare: BASE and NEW, or --history DIR, but not both");
    return options->argument_count == 2 ? compare_sides(options)
                                        : vpci_fault("compare: its arguments BASE NEW are missing");
}
