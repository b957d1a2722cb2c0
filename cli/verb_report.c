/* SPDX-License-Identifier: MIT */
/* cli/verb_report.c - renders a results file again. */
#include "cli/verbs.h"

#include <stdio.h>
#include <unistd.h>

#include "reports/console.h"
#include "reports/history.h"
#include "reports/report.h"

int vpci_verb_report(const struct vpci_options *options)
{
    struct vpci_corpus corpus;
    struct vpci_results results;
    struct vpci_text text = { 0 };
    char error[VPCI_DETAIL_BYTES];
    const struct vpci_report_format *format = vpci_format_of(options);
    if (format == NULL)
        return VPCI_EXIT_FAULT;
    if (!vpci_corpus_load_catalogue(&corpus, options->corpus))
        return VPCI_EXIT_FAULT;
    if (!vpci_results_read(&results, options->arguments[0], error)) {
        vpci_corpus_free(&corpus);
        return vpci_fault("%s", error);
    }
    struct vpci_history history = { 0 };
    if (options->history != NULL && !vpci_history_read(&history, options->history, error)) {
        vpci_results_free(&results);
        vpci_corpus_free(&corpus);
        return vpci_fault("%s", error);
    }
    results.history = options->history == NULL ? NULL : &history;
    results.program = format->render == vpci_console_render ? vpci_program_name() : NULL;
    if (format->render == vpci_console_render)
        vpci_console_report(&text, &results, corpus.catalogue, vpci_wants_colour(STDOUT_FILENO));
    else
        format->render(&text, &results, corpus.catalogue);
    fwrite(text.bytes, 1, text.length, stdout);
    const int code = results.sealed ? vpci_exit_of(results.footer.verdict) : VPCI_EXIT_INCONCLUSIVE;
    vpci_text_free(&text);
    vpci_history_free(&history);
    vpci_results_free(&results);
    vpci_corpus_free(&corpus);
    return code;
}
