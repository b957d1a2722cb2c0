/* SPDX-License-Identifier: MIT */
/* tests/unit/sample_results.h - a small run with every kind of case in it, hostile bytes included, for the
 * tests of results and reports. */
#ifndef VPCI_SAMPLE_RESULTS_H
#define VPCI_SAMPLE_RESULTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/file.h"
#include "harness/result.h"
#include "harness/tally.h"

/* Markup of every kind that a report must not let through, a bell, a C1 control, bytes that are not UTF-8,
 * U+FFFE. */
#define SAMPLE_HOSTILE                                                                                    \
    "</testcase>]]> & \"q\" 'a' `tick` ``two`` | <script>alert(1)</script> @someone #1 ![x](http://x.y) " \
    "\x07\x1b[31m"                                                                                        \
    "\xC2\x9B \xff\xfe \xEF\xBF\xBE end"

enum { SAMPLE_CASES = 9 };

static const uint8_t sample_data[16] = { 0xC5, 0xC5, 1, 2, 3 };

static const struct vpci_event sample_trace[] = {
    { .kind = VPCI_EVENT_READ,
      .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH),
      .block = 7,
      .length = 16 },
    { .kind = VPCI_EVENT_PF_READ,
      .fields = VPCI_F(CALL) | VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH),
      .block = 7,
      .length = 16 },
    { .kind = VPCI_EVENT_PF_READ_RETURN,
      .fields = VPCI_F(CALL) | VPCI_F(STATUS) | VPCI_F(DATA),
      .data = sample_data,
      .data_length = 16 },
    { .kind = VPCI_EVENT_READ_RETURN,
      .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(DATA),
      .data = sample_data,
      .data_length = 16 },
    { .kind = VPCI_EVENT_REST },
};

static inline struct vpci_results_header sample_header(void)
{
    struct vpci_results_header header = {
        .kit_version = "0.1.0",
        .adapter = "liar:stale-bytes",
        .pics = { .name = "sample", .version = "1.0", .roles = 1u << VPCI_ROLE_BUS },
        .role = VPCI_ROLE_BUS,
        .profile = "default",
        .seed = 0xDEADBEEFCAFEF00D,
        .case_count = SAMPLE_CASES,
    };
    header.pics.capabilities = VPCI_CAPABILITY_BIT(DIRECT) | VPCI_CAPABILITY_BIT(SETTLE);
    vpci_digest_of_bytes("suite", 5, header.suite_digest);
    vpci_digest_of_bytes("requirements", 12, header.requirements_digest);
    vpci_digest_of_bytes("model", 5, header.model_digest);
    vpci_digest_of_bytes("runner", 6, header.runner_digest);
    vpci_digest_of_bytes("profile", 7, header.profile_digest);
    vpci_digest_of_bytes("disputes", 8, header.disputes_digest);
    return header;
}

static inline void sample_exercise(struct vpci_case_result *result)
{
    vpci_requirement_add(&result->exercised, VPCI_RD_01);
    vpci_requirement_add(&result->exercised, VPCI_RD_05);
    vpci_requirement_add(&result->exercised, VPCI_IV_17);
}

static inline void sample_fail(struct vpci_case_result *result, uint32_t first_event)
{
    result->verdict = VPCI_CASE_FAIL;
    result->cause = "violation";
    result->requirement = VPCI_RD_02;
    result->has_finding = true;
    result->finding =
        (struct vpci_remark){ VPCI_VIOLATION, VPCI_RD_02, "the buffer does not hold the bytes of the PF",
                              "exactly the bytes that the PF answered", 3 - first_event };
    result->trace = sample_trace + first_event;
    result->trace_count = (uint32_t)(sizeof sample_trace / sizeof sample_trace[0]) - first_event;
}

/* Fills cases[SAMPLE_CASES]: passes, failures, and one of every other verdict. */
static inline void sample_cases(struct vpci_case_result cases[SAMPLE_CASES])
{
    static const char *const names[SAMPLE_CASES] = { "direct/reads[length=1]",
                                                     "direct/reads[length=2]",
                                                     "direct/reads[length=3]",
                                                     "direct/reads[length=it's]",
                                                     "ioctl/hostile",
                                                     "ioctl/late",
                                                     "ioctl/left",
                                                     "remove/away",
                                                     "reset/warned" };
    memset(cases, 0, SAMPLE_CASES * sizeof *cases);
    for (uint32_t i = 0; i < SAMPLE_CASES; i++) {
        cases[i].index = i;
        cases[i].name = names[i];
        cases[i].scenario = i < 4 ? "direct/reads" : names[i];
    }
    for (int i = 0; i < 4; i++)
        sample_exercise(&cases[i]);
    sample_fail(&cases[2], 0);
    sample_fail(&cases[3], 2); /* the shortest trace is not the first */
    cases[4].verdict = VPCI_CASE_ERROR;
    cases[4].cause = "garbage";
    cases[4].detail = SAMPLE_HOSTILE;
    cases[5].verdict = VPCI_CASE_INCONCLUSIVE;
    cases[5].cause = "purpose_not_reached";
    cases[5].detail = "none of WD-01 came up";
    vpci_requirement_add(&cases[5].exercised, VPCI_WD_01);
    cases[6].verdict = VPCI_CASE_SKIPPED;
    cases[6].cause = "time";
    cases[7].verdict = VPCI_CASE_NOT_APPLICABLE;
    cases[7].cause = "capability";
    cases[7].detail = "remove is not claimed";
    cases[8].warnings[0] =
        (struct vpci_remark){ VPCI_WARNING, VPCI_WD_06, "another status than the stored one", NULL, 3 };
    cases[8].warning_count = 1;
    cases[8].trace = sample_trace;
    cases[8].trace_count = 5;
}

/* The header, which lists the scenarios of the cases. */
static inline void sample_print_header(struct vpci_text *text, const struct vpci_results_header *header,
                                       const struct vpci_case_result *cases, uint32_t count)
{
    struct vpci_results_header listing = *header;
    struct vpci_played *played = calloc(count + 1, sizeof *played);
    if (played == NULL)
        abort();
    listing.scenarios = played;
    listing.scenario_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(cases[i].scenario, cases[i - 1].scenario) == 0)
            continue;
        played[listing.scenario_count].scenario = cases[i].scenario;
        vpci_digest_of_bytes(cases[i].scenario, strlen(cases[i].scenario),
                             played[listing.scenario_count++].digest);
    }
    vpci_print_header(text, &listing);
    free(played);
}

/* Header, cases and a footer that seals them. Footer may be NULL. */
static inline void sample_print(struct vpci_text *text, const struct vpci_results_header *header,
                                const struct vpci_case_result *cases, uint32_t count,
                                struct vpci_results_footer *footer)
{
    struct vpci_results_footer unused = { 0 };
    struct vpci_applicability applicability = { 0 };
    footer = footer == NULL ? &unused : footer;
    *footer = unused;
    vpci_requirement_add(&applicability.listed, VPCI_RM_01);
    vpci_requirement_add(&applicability.not_observable, VPCI_QI_02);
    sample_print_header(text, header, cases, count);
    for (uint32_t i = 0; i < count; i++) {
        vpci_print_case(text, &cases[i]);
        vpci_results_tally(footer, &cases[i]);
    }
    vpci_results_conclude(footer, header, &applicability);
    vpci_digest_of_bytes(text->bytes, text->length, footer->sha256);
    vpci_print_footer(text, footer);
}

static inline void sample_text(struct vpci_text *text)
{
    const struct vpci_results_header header = sample_header();
    struct vpci_case_result cases[SAMPLE_CASES];
    sample_cases(cases);
    sample_print(text, &header, cases, SAMPLE_CASES, NULL);
}

/* Writes the bytes to a file of this process; returns its path. */
static inline const char *sample_file(const void *bytes, size_t length)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/vpci-sample-%ld.jsonl", (long)getpid());
    FILE *file = fopen(path, "wb");
    if (file == NULL || (length > 0 && fwrite(bytes, 1, length, file) != length) || fclose(file) != 0)
        abort();
    return path;
}

#endif
