/* SPDX-License-Identifier: MIT */
/* cli/verbs.h - the verbs of the command line. On top of everything: they tie harness and reports together,
 * and nothing includes them. Each returns the exit code of the program. */
#ifndef VPCI_VERBS_H
#define VPCI_VERBS_H

#include "harness/options.h"
#include "harness/plan.h"

typedef int vpci_verb_fn(const struct vpci_options *options);

vpci_verb_fn vpci_verb_certify, vpci_verb_run; /* verb_run.c */
vpci_verb_fn vpci_verb_check;                  /* verb_check.c */
vpci_verb_fn vpci_verb_replay;                 /* verb_replay.c */
vpci_verb_fn vpci_verb_list;                   /* verb_list.c */
vpci_verb_fn vpci_verb_report;                 /* verb_report.c */
vpci_verb_fn vpci_verb_compare;                /* verb_compare.c */
vpci_verb_fn vpci_verb_fuzz;                   /* verb_fuzz.c */
vpci_verb_fn vpci_verb_minimize;               /* verb_minimize.c */
vpci_verb_fn vpci_verb_explore;                /* verb_explore.c */
vpci_verb_fn vpci_verb_nightly;                /* verb_nightly.c */
vpci_verb_fn vpci_verb_verify;                 /* verb_verify.c */
vpci_verb_fn vpci_verb_key_new;                /* verb_key.c */

/* ---- what several verbs need (common.c) ---- */

/* What is wrong, in one line on standard error. Always returns VPCI_EXIT_FAULT. */
int vpci_fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Scenarios, catalogue and disputes of a corpus folder (NULL: the one that belongs to the program). */
struct vpci_corpus {
    struct vpci_suite *suite;
    struct vpci_catalogue *catalogue;
    struct vpci_disputes disputes; /* borrowed by plans */
    bool has_disputes;
};
/* False after saying what is wrong. scenarios: another place for the scenarios, which nobody disputes, or
 * NULL. */
bool vpci_corpus_load(struct vpci_corpus *corpus, const char *folder, const char *scenarios);
bool vpci_corpus_load_catalogue(struct vpci_corpus *corpus, const char *folder);
void vpci_corpus_free(struct vpci_corpus *corpus);

/* Fills in everything of a plan but the suite: resolves the adapter, asks it who it is, chooses the role.
 * False after saying what is wrong. *failure_out, detail: what the implementation did instead of answering.
 */
bool vpci_plan_make(struct vpci_plan *plan, const struct vpci_options *options,
                    const struct vpci_corpus *corpus, enum vpci_failure *failure_out,
                    char detail[VPCI_ERROR_BYTES]);

/* Runs the plan into options->out: results, timing and every report; prints what the format says. Returns the
 * exit code. start_failure: what vpci_plan_make met. */
struct vpci_report_format;
int vpci_run_plan(const struct vpci_options *options, const struct vpci_plan *plan,
                  enum vpci_failure start_failure, const char *start_detail,
                  const struct vpci_report_format *format);

/* The format asked for, the console's without --format. NULL after saying which there are. */
const struct vpci_report_format *vpci_format_of(const struct vpci_options *options);

/* How this program was called, so that a printed command can be pasted; its plain name when that needs
 * quoting. */
const char *vpci_program_name(void);

/* Whether the stream is a terminal that wants colour. */
bool vpci_wants_colour(int descriptor);

#endif
