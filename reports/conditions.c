/* SPDX-License-Identifier: MIT */
/* reports/conditions.c - see reports/conditions.h. */
#include "reports/conditions.h"

#include <string.h>

#include "harness/record_member.h"

const struct vpci_condition_info vpci_condition_info[VPCI_CONDITION_COUNT] = {
#define X(name, json, kind, words) [VPCI_CONDITION_OF_##name] = { json, words, VPCI_CONDITION_##kind },
    VPCI_CONDITIONS(X)
#undef X
};

static void add_claims(struct vpci_text *text, const struct vpci_pics *pics)
{
    const char *between = "";
    for (int i = 0; i < VPCI_ROLE_COUNT; i++) {
        if ((pics->roles >> i & 1u) == 0)
            continue;
        vpci_text_addf(text, "%s%s", between, vpci_role_info[i].name);
        between = " ";
    }
    vpci_text_add(text, ":");
    for (int i = 0; i < VPCI_CAPABILITY_COUNT; i++) {
        if ((pics->capabilities >> i & 1u) != 0)
            vpci_text_addf(text, " %s", vpci_capability_info[i].name);
    }
}

/* A digest with how many entries the file has; nothing when there is none. */
static void add_entries(struct vpci_text *text, uint32_t count, const char *digest)
{
    if (digest[0] != '\0')
        vpci_text_addf(text, "%u %s, %s", count, count == 1 ? "entry" : "entries", digest);
}

void vpci_condition_print(struct vpci_text *text, const struct vpci_kept_run *run,
                          enum vpci_condition condition)
{
    const struct vpci_results_header *header = &run->header;
    const char *const plain[VPCI_CONDITION_COUNT] = {
        [VPCI_CONDITION_OF_ROLE] = vpci_role_info[header->role].name,
        [VPCI_CONDITION_OF_PROFILE] = header->profile,
        [VPCI_CONDITION_OF_CHOICES] = header->profile_digest,
        [VPCI_CONDITION_OF_SELECTION] = header->selection,
        [VPCI_CONDITION_OF_KIT] = header->kit_version,
        [VPCI_CONDITION_OF_MODEL] = header->model_digest,
        [VPCI_CONDITION_OF_RUNNER] = header->runner_digest,
        [VPCI_CONDITION_OF_SUITE] = header->suite_digest,
        [VPCI_CONDITION_OF_REQUIREMENTS] = header->requirements_digest,
        [VPCI_CONDITION_OF_ADAPTER_DIGEST] = header->adapter_digest,
        [VPCI_CONDITION_OF_NAME] = header->pics.name,
        [VPCI_CONDITION_OF_VERSION] = header->pics.version,
        [VPCI_CONDITION_OF_ADAPTER] = header->adapter,
        [VPCI_CONDITION_OF_DATE] = header->expect_date,
    };
    switch (condition) {
    case VPCI_CONDITION_OF_ERRATA:
        add_entries(text, run->errata_level, header->disputes_digest);
        break;
    case VPCI_CONDITION_OF_EXPECTATIONS:
        add_entries(text, run->expectation_count, header->expect_digest);
        break;
    case VPCI_CONDITION_OF_CLAIMS:
        add_claims(text, &header->pics);
        break;
    case VPCI_CONDITION_OF_SEED:
        vpci_text_add_hex(text, header->seed);
        break;
    default:
        vpci_text_add(text, plain[condition]);
    }
}

void vpci_condition_show(struct vpci_text *text, const struct vpci_kept_run *run,
                         enum vpci_condition condition)
{
    enum { DIGITS_SHOWN = 12 };
    char shown[VPCI_CONDITION_SHOWN_BYTES + 1];
    struct vpci_text whole = { 0 };
    vpci_text_add(&whole, "");
    vpci_condition_print(&whole, run, condition);
    const size_t digest = VPCI_DIGEST_TEXT_BYTES - 1;
    if (whole.length >= digest && vpci_is_digest(whole.bytes + whole.length - digest))
        whole.bytes[whole.length - digest + DIGITS_SHOWN] = '\0';
    vpci_text_copy_plain(shown, sizeof shown, whole.bytes);
    vpci_text_add(text, shown[0] == '\0' ? "none" : shown);
    vpci_text_free(&whole);
}

uint32_t vpci_conditions_differing(const struct vpci_kept_run *left, const struct vpci_kept_run *right)
{
    struct vpci_text texts[2] = { 0 };
    uint32_t set = 0;
    for (int i = 0; i < VPCI_CONDITION_COUNT; i++) {
        vpci_text_clear(&texts[0]);
        vpci_text_clear(&texts[1]);
        vpci_condition_print(&texts[0], left, (enum vpci_condition)i);
        vpci_condition_print(&texts[1], right, (enum vpci_condition)i);
        if (texts[0].length != texts[1].length ||
            (texts[0].length > 0 && memcmp(texts[0].bytes, texts[1].bytes, texts[0].length) != 0))
            set |= UINT32_C(1) << i;
    }
    vpci_text_free(&texts[0]);
    vpci_text_free(&texts[1]);
    return set;
}

uint32_t vpci_conditions_of_kind(uint32_t set, enum vpci_condition_kind kind)
{
    for (int i = 0; i < VPCI_CONDITION_COUNT; i++) {
        if (vpci_condition_info[i].kind != kind)
            set &= ~(UINT32_C(1) << i);
    }
    return set;
}
