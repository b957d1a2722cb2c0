/* SPDX-License-Identifier: MIT */
/* cli/chosen.h - the case that FILE [CASE] names, whatever the file is: a scenario, results, a bundle, a
 * trace, or an input of a fuzzer. For the verbs replay and minimize. */
#ifndef VPCI_CHOSEN_H
#define VPCI_CHOSEN_H

#include "cli/verbs.h"
#include "harness/bundle.h"
#include "harness/script.h"

struct vpci_chosen {
    struct vpci_options options; /* as given; seed, role and profile that they lack are the file's */
    struct vpci_corpus corpus;
    struct vpci_plan plan;
    uint32_t first, count; /* cases of the suite: the one that is named, or all of a scenario */
    struct vpci_case_scratch scratch;
    struct vpci_bundle recorded; /* what happened then: of a bundle, or of results when no adapter is given;
                                    no scenario: nothing is known */
    struct vpci_results results; /* of which recorded borrows */
    struct vpci_transcripts transcripts;
    struct vpci_script script; /* of a trace or an input; steps == NULL: the suite has the cases */
};

/* Without an adapter the plan is that of the recording, and there must be one. False after saying what is
 * wrong. vpci_chosen_close afterwards in either case. */
bool vpci_chosen_open(struct vpci_chosen *chosen, const struct vpci_options *options);
void vpci_chosen_close(struct vpci_chosen *chosen);

/* Case number index, 0...count-1: valid until the next one is asked for. */
void vpci_chosen_case(struct vpci_chosen *chosen, uint32_t index, struct vpci_case *case_out);

#endif
