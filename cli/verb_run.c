/* SPDX-License-Identifier: MIT */
/* cli/verb_run.c - certify and run: the same run; certify takes the whole suite and writes every report. */
#include "cli/certifying.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/bundles.h"
#include "harness/channel.h"
#include "harness/clock.h"
#include "harness/runner.h"
#include "reports/console.h"
#include "reports/report.h"

struct screen {
    struct vpci_progress progress;
    struct vpci_text text;
};

static void show(struct screen *screen)
{
    if (screen->text.length != 0) {
        fwrite(screen->text.bytes, 1, screen->text.length, stderr);
        fflush(stderr);
    }
    vpci_text_clear(&screen->text);
}

static void show_case(void *context, const struct vpci_case_result *result)
{
    struct screen *screen = context;
    vpci_progress_case(&screen->progress, &screen->text, result);
    show(screen);
}

static unsigned count_workers(const struct vpci_options *options, const struct vpci_plan *plan)
{
    if (options->workers != 0)
        return (unsigned)options->workers;
    /* A listening adapter may serve one connection at a time. */
    if (!plan->adapter.in_process && strncmp(plan->adapter.spec, "exec:", 5) != 0)
        return 1;
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1 ? 1 : (unsigned)processors;
}

static bool write_file(const char *folder, const char *name, const struct vpci_text *text)
{
    char path[VPCI_PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    const bool written = file != NULL && fwrite(text->bytes, 1, text->length, file) == text->length;
    if ((file != NULL && fclose(file) != 0) || !written) {
        (void)vpci_fault("%s: %s", path, strerror(errno));
        return false;
    }
    return true;
}

static bool write_reports(const char *folder, const struct vpci_results *results,
                          const struct vpci_catalogue *catalogue)
{
    bool good = true;
    for (const struct vpci_report_format *format = vpci_report_formats; format->name != NULL && good;
         format++) {
        struct vpci_text text = { 0 };
        if (format->file_name == NULL)
            continue;
        format->render(&text, results, catalogue);
        good = write_file(folder, format->file_name, &text);
        vpci_text_free(&text);
    }
    return good;
}

static void print_closing(const struct vpci_options *options, const struct vpci_report_format *format,
                          const struct vpci_results *results, const struct vpci_catalogue *catalogue)
{
    struct vpci_text text = { 0 };
    const bool colour = vpci_wants_colour(STDOUT_FILENO);
    if (options->quiet)
        vpci_console_verdict(&text, results, catalogue, colour);
    else if (format->render == vpci_console_render)
        vpci_console_report(&text, results, catalogue, colour);
    else
        format->render(&text, results, catalogue);
    fwrite(text.bytes, 1, text.length, stdout);
    fflush(stdout);
    vpci_text_free(&text);
}

static void print_places(const char *folder)
{
    printf("\nWritten to %s: results.jsonl transcripts.jsonl timing.jsonl", folder);
    for (const struct vpci_report_format *format = vpci_report_formats; format->name != NULL; format++) {
        if (format->file_name != NULL)
            printf(" %s", format->file_name);
    }
    printf("\n");
}

static bool make_folder(const char *folder)
{
    if (mkdir(folder, 0777) == 0 || errno == EEXIST)
        return true;
    (void)vpci_fault("%s: %s", folder, strerror(errno));
    return false;
}

/* Runs the plan, reads back what was written, and shows it: reports come from the file, never from memory. */
int vpci_run_plan(const struct vpci_options *options, const struct vpci_plan *plan,
                  enum vpci_failure start_failure, const char *start_detail,
                  const struct vpci_report_format *format)
{
    char results_path[VPCI_PATH_BYTES];
    char transcripts_path[VPCI_PATH_BYTES];
    char timing_path[VPCI_PATH_BYTES];
    char bundles[VPCI_PATH_BYTES];
    char error[VPCI_ERROR_BYTES];
    char reason[VPCI_DETAIL_BYTES];
    struct screen screen = { 0 };
    struct vpci_results_footer footer;
    struct vpci_results results;
    snprintf(results_path, sizeof results_path, "%s/results.jsonl", options->out);
    snprintf(transcripts_path, sizeof transcripts_path, "%s/transcripts.jsonl", options->out);
    snprintf(timing_path, sizeof timing_path, "%s/timing.jsonl", options->out);
    const struct vpci_run_options running = { .workers = count_workers(options, plan),
                                              .time_ms = options->time_ms,
                                              .results_path = results_path,
                                              .transcripts_path = transcripts_path,
                                              .timing_path = timing_path,
                                              .resume = options->resume,
                                              .on_case = options->quiet ? NULL : show_case,
                                              .context = &screen };
    if (!options->resume && !vpci_certifying_clear(options->out))
        return VPCI_EXIT_FAULT;
    vpci_progress_begin(&screen.progress, vpci_suite_case_count(plan->suite), isatty(STDERR_FILENO) != 0);
    const bool ran = vpci_runner_run(plan, &running, start_failure, start_detail, &footer, error);
    vpci_progress_end(&screen.progress, &screen.text);
    if (!options->quiet)
        show(&screen);
    vpci_text_free(&screen.text);
    if (!ran)
        return vpci_fault("%s", error);
    if (!vpci_certifying_clear(options->out)) /* also one that was left beside what was resumed */
        return VPCI_EXIT_FAULT;
    if (!vpci_results_read(&results, results_path, reason))
        return vpci_fault("%s", reason);
    snprintf(bundles, sizeof bundles, "%s/bundles", options->out);
    const bool written = write_reports(options->out, &results, plan->catalogue) &&
                         vpci_bundles_write(bundles, &results, plan, transcripts_path);
    results.program = vpci_program_name(); /* after the files, whose bytes must not depend on it */
    if (written) /* else only that is told: no verdict beside an exit code that is about the kit */
        print_closing(options, format, &results, plan->catalogue);
    if (written && !options->quiet && format->render == vpci_console_render)
        print_places(options->out);
    const int code = results.sealed ? vpci_exit_of(results.footer.verdict) : VPCI_EXIT_FAULT;
    vpci_results_free(&results);
    return written ? code : VPCI_EXIT_FAULT;
}

/* What --expect and --date say; nothing without --expect. False after saying what is wrong. */
static bool load_expectations(struct vpci_expectations *expectations, const struct vpci_options *options)
{
    char today[VPCI_DATE_BYTES];
    char error[VPCI_ERROR_BYTES];
    *expectations = (struct vpci_expectations){ 0 };
    vpci_clock_today(today);
    if (options->expect == NULL && options->key == NULL && options->date != NULL)
        (void)vpci_fault(
            "--date: it is for what --expect says, or for a certificate, and neither is asked for");
    else if (options->expect == NULL ||
             vpci_expectations_load(expectations, options->expect,
                                    options->date != NULL ? options->date : today, error))
        return true;
    else
        (void)vpci_fault("%s", error);
    return false;
}

/* certifying: NULL when no certificate can be asked for. */
static int run(const struct vpci_options *options, const struct vpci_certifying *certifying)
{
    struct vpci_expectations expectations;
    struct vpci_corpus corpus;
    struct vpci_plan plan;
    enum vpci_failure failure = VPCI_FAILURE_NONE;
    char detail[VPCI_ERROR_BYTES];
    const struct vpci_report_format *format = vpci_format_of(options);
    if (format == NULL)
        return VPCI_EXIT_FAULT;
    if (!load_expectations(&expectations, options))
        return VPCI_EXIT_FAULT;
    if (!vpci_corpus_load(&corpus, options->corpus, NULL)) {
        vpci_expectations_free(&expectations);
        return VPCI_EXIT_FAULT;
    }
    int code = VPCI_EXIT_FAULT;
    if (options->only != NULL && vpci_suite_select(corpus.suite, options->only) == 0)
        code = vpci_fault("--only %s: no case has such a name", options->only);
    else if (make_folder(options->out) && vpci_plan_make(&plan, options, &corpus, &failure, detail)) {
        plan.expectations = options->expect != NULL ? &expectations : NULL;
        code = vpci_run_plan(options, &plan, failure, detail, format);
        if (certifying != NULL)
            code = vpci_certifying_end(certifying, options, &plan, code);
    }
    vpci_expectations_free(&expectations);
    vpci_corpus_free(&corpus);
    return code;
}

int vpci_verb_certify(const struct vpci_options *options)
{
    struct vpci_certifying certifying;
    if (!vpci_certifying_begin(&certifying, options))
        return VPCI_EXIT_FAULT;
    const int code = run(options, &certifying);
    vpci_certifying_free(&certifying);
    return code;
}

int vpci_verb_run(const struct vpci_options *options)
{
    return run(options, NULL);
}
