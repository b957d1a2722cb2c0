/* SPDX-License-Identifier: MIT */
/* tests/unit/report_kit.h - what the tests of reports share: a catalogue, results as a reader gives them, and
 * looking for words. */
#ifndef VPCI_REPORT_KIT_H
#define VPCI_REPORT_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reports/report.h"
#include "tests/unit/sample_results.h"

static struct vpci_catalogue *catalogue;

static inline int make_catalogue(void **state)
{
    (void)state;
    struct vpci_text text = { 0 };
    char error[512];
    vpci_text_add(&text, "{\"format\":1,\"requirements\":[");
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++)
        vpci_text_addf(
            &text,
            "%s{\"id\":\"%s\",\"level\":\"%s\",\"binds\":\"%s\",\"statement\":\"Statement of %s.\","
            "\"source\":\"page\",\"%s\":\"so\"}",
            i == 1 ? "" : ",", vpci_requirement_info[i].id, vpci_level_name[vpci_requirement_info[i].level],
            vpci_binds_name[vpci_requirement_info[i].binds], vpci_requirement_info[i].id,
            i == VPCI_QI_02 ? "not_observable" : "observed");
    vpci_text_add(&text, "]}");
    const char *path = sample_file(text.bytes, text.length);
    catalogue = vpci_catalogue_load(path, error, sizeof error);
    unlink(path);
    vpci_text_free(&text);
    return catalogue == NULL ? -1 : 0;
}

static inline int free_catalogue(void **state)
{
    (void)state;
    vpci_catalogue_free(catalogue);
    return 0;
}

/* Results as a reader gives them, of the header and the cases given; length 0: the whole file, else it is cut
 * there. */
static inline void read_run(struct vpci_results *results, struct vpci_results_header header,
                            const struct vpci_case_result *cases, uint32_t count, size_t length)
{
    struct vpci_text text = { 0 };
    char error[VPCI_DETAIL_BYTES];
    header.case_count = count;
    sample_print(&text, &header, cases, count, NULL);
    const char *path = sample_file(text.bytes, length == 0 ? text.length : length);
    if (!vpci_results_read(results, path, error))
        fail_msg("%s", error);
    unlink(path);
    vpci_text_free(&text);
}

static inline void read_cases(struct vpci_results *results, const struct vpci_case_result *cases,
                              uint32_t count, size_t length)
{
    read_run(results, sample_header(), cases, count, length);
}

static inline void assert_has(const struct vpci_text *text, const char *words)
{
    if (strstr(text->bytes, words) == NULL)
        fail_msg("\"%s\" is not in:\n%s", words, text->bytes);
}

static inline void assert_lacks(const struct vpci_text *text, const char *words)
{
    if (strstr(text->bytes, words) != NULL)
        fail_msg("\"%s\" is in:\n%s", words, text->bytes);
}

static inline unsigned count_of(const struct vpci_text *text, const char *words)
{
    unsigned count = 0;
    for (const char *at = strstr(text->bytes, words); at != NULL; at = strstr(at + 1, words))
        count++;
    return count;
}

#endif
