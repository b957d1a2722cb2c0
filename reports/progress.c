/* SPDX-License-Identifier: MIT */
/* reports/progress.c - the line that moves while cases run. Without a clock it is redrawn at every thousandth
 * of the plan and at every failure, which is seldom enough for ten thousand cases a second. */
#include "reports/console.h"
#include "reports/summary.h"

enum { PER_MILLE = 1000, NAME_SHOWN_BYTES = 120 };

static const char erase_line[] = "\r\x1b[K";

void vpci_progress_begin(struct vpci_progress *progress, uint32_t total, bool terminal)
{
    *progress = (struct vpci_progress){ .total = total, .terminal = terminal, .shown_per_mille = UINT32_MAX };
}

static void redraw(struct vpci_progress *progress, struct vpci_text *text)
{
    const uint32_t *cases = progress->cases;
    vpci_text_addf(text, "%s%u/%u cases", erase_line, progress->done, progress->total);
    if (cases[VPCI_CASE_FAIL] > 0)
        vpci_text_addf(text, "  %u failed", cases[VPCI_CASE_FAIL]);
    if (cases[VPCI_CASE_INCONCLUSIVE] + cases[VPCI_CASE_ERROR] > 0)
        vpci_text_addf(text, "  %u without a verdict",
                       cases[VPCI_CASE_INCONCLUSIVE] + cases[VPCI_CASE_ERROR]);
}

static void add_failure_line(struct vpci_text *text, const struct vpci_case_result *result)
{
    char name[NAME_SHOWN_BYTES + 1];
    size_t length = 0;
    for (; length < NAME_SHOWN_BYTES && result->name[length] != '\0'; length++)
        name[length] = result->name[length];
    name[length] = '\0';
    vpci_text_addf(
        text, "FAIL  %s  ",
        result->requirement == VPCI_REQUIREMENT_NONE ? "-" : vpci_requirement_info[result->requirement].id);
    vpci_text_add_plain(text, name);
    vpci_text_add(text, "\n");
}

void vpci_progress_case(struct vpci_progress *progress, struct vpci_text *text,
                        const struct vpci_case_result *result)
{
    progress->done++;
    const enum vpci_outcome outcome = vpci_outcome_of(result);
    progress->cases[result->verdict] += outcome != VPCI_OUTCOME_EXPECTED && outcome != VPCI_OUTCOME_DISPUTED;
    const bool failed = outcome == VPCI_OUTCOME_FAIL;
    if (!progress->terminal) {
        if (failed && !vpci_requirement_has(&progress->failed, result->requirement)) {
            vpci_requirement_add(&progress->failed, result->requirement);
            add_failure_line(text, result);
        }
        return;
    }
    const uint32_t per_mille =
        progress->total == 0 ? 0 : (uint32_t)((uint64_t)progress->done * PER_MILLE / progress->total);
    if (failed || per_mille != progress->shown_per_mille) {
        progress->shown_per_mille = per_mille;
        redraw(progress, text);
    }
}

void vpci_progress_end(struct vpci_progress *progress, struct vpci_text *text)
{
    if (progress->terminal && progress->done > 0)
        vpci_text_add(text, erase_line);
}
