/* SPDX-License-Identifier: MIT */
/* reports/certificate_refusals.c - why results deserve no certificate. Whoever issues one and whoever checks
 * one ask here, so that a signature under results that deserve none is no way around it. */
#include <stdarg.h>
#include <stdio.h>

#include "reports/certificate.h"
#include "reports/summary.h"

struct refusals {
    const struct vpci_results *results;
    vpci_refusal_fn *add;
    void *context;
};

__attribute__((format(printf, 2, 3))) static void refuse(const struct refusals *refusals, const char *format,
                                                         ...)
{
    char line[2 * VPCI_DETAIL_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    refusals->add(refusals->context, line);
}

/* Whether a case in dispute exercised the requirement: then the dispute is why no other did. */
static bool is_disputed(const struct vpci_results *results, enum vpci_requirement requirement)
{
    for (uint32_t i = 0; i < results->case_count; i++) {
        const struct vpci_case_result *result = &results->cases[i];
        if (result->dispute != VPCI_DISPUTE_NONE && vpci_requirement_has(&result->exercised, requirement))
            return true;
    }
    return false;
}

/* Every MUST that applies has to be exercised, where it counts. */
static void look_at_requirement(const struct refusals *refusals, enum vpci_requirement requirement)
{
    const struct vpci_requirement_info *info = &vpci_requirement_info[requirement];
    const enum vpci_requirement_verdict verdict = refusals->results->footer.requirements[requirement].verdict;
    if (info->level != VPCI_LEVEL_MUST)
        return;
    if (verdict == VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT)
        refuse(refusals, "%s is a MUST that came up only in cases without a verdict", info->id);
    else if (verdict == VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT)
        refuse(refusals, "%s is a MUST that applies and was not exercised%s", info->id,
               is_disputed(refusals->results, requirement)
                   ? ": all cases that exercise it are of scenarios in dispute"
                   : "");
}

void vpci_certificate_refusals(const struct vpci_results *results, bool has_file, vpci_refusal_fn *add,
                               void *context)
{
    const struct refusals refusals = { results, add, context };
    if (!results->sealed) {
        refuse(&refusals, "the results are torn: the run did not come to its end");
        return;
    }
    if (results->footer.verdict != VPCI_RUN_CONFORMS)
        refuse(&refusals, "the verdict of the run is %s, and CONFORMS is wanted",
               vpci_verdict_title(results->footer.verdict));
    if (results->header.selection[0] != '\0')
        refuse(&refusals, "only a part of the suite was run, the cases selected by: %s",
               results->header.selection);
    if (results->footer.transcripts_sha256[0] == '\0')
        refuse(&refusals, "the run kept no transcripts");
    if (!has_file && results->header.adapter_digest[0] == '\0')
        refuse(&refusals, "no file of the implementation is known: name it with --iut FILE");
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++)
        look_at_requirement(&refusals, (enum vpci_requirement)i);
}
