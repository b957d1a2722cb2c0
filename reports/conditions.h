/* SPDX-License-Identifier: MIT */
/* reports/conditions.h - what a run was made of, line by line, and in what two runs differ. */
#ifndef VPCI_CONDITIONS_H
#define VPCI_CONDITIONS_H

#include "harness/text.h"
#include "reports/runs.h"

/* What a difference means for comparing. */
enum vpci_condition_kind {
    VPCI_CONDITION_QUESTION, /* another question was asked: verdicts cannot be compared */
    VPCI_CONDITION_JUDGE,    /* the kit, or how it was used, is another: that may be what changed */
    VPCI_CONDITION_SUBJECT,  /* the implementation is another, which is what runs are compared for */
    VPCI_CONDITION_CHANCE,   /* may differ between repeats of one run */
};

#define VPCI_CONDITIONS(X)                                           \
    X(ROLE, "role", QUESTION, "role")                                \
    X(PROFILE, "profile", QUESTION, "profile")                       \
    X(CHOICES, "profile_digest", QUESTION, "choices of the profile") \
    X(SELECTION, "selection", JUDGE, "selection")                    \
    X(KIT, "kit", JUDGE, "version of the kit")                       \
    X(MODEL, "model_digest", JUDGE, "model")                         \
    X(RUNNER, "runner_digest", JUDGE, "sources of the kit")          \
    X(SUITE, "suite_digest", JUDGE, "suite")                         \
    X(REQUIREMENTS, "requirements_digest", JUDGE, "requirements")    \
    X(ERRATA, "errata", JUDGE, "errata")                             \
    X(EXPECTATIONS, "expect", JUDGE, "expectations")                 \
    X(ADAPTER_DIGEST, "adapter_digest", SUBJECT, "adapter's file")   \
    X(NAME, "name", SUBJECT, "name")                                 \
    X(VERSION, "version", SUBJECT, "version")                        \
    X(CLAIMS, "claims", SUBJECT, "roles and capabilities")           \
    X(ADAPTER, "adapter", CHANCE, "adapter")                         \
    X(SEED, "seed", CHANCE, "seed")                                  \
    X(DATE, "date", CHANCE, "day of the expectations")

enum vpci_condition {
#define X(name, json, kind, words) VPCI_CONDITION_OF_##name,
    VPCI_CONDITIONS(X)
#undef X
        VPCI_CONDITION_COUNT
};

enum { VPCI_CONDITION_SHOWN_BYTES = 160 };

struct vpci_condition_info {
    const char *json, *words;
    enum vpci_condition_kind kind;
};
extern const struct vpci_condition_info vpci_condition_info[VPCI_CONDITION_COUNT];

/* Appends what a run says of a condition; nothing for what it does not have. Hostile where it comes from the
 * implementation. */
void vpci_condition_print(struct vpci_text *text, const struct vpci_kept_run *run,
                          enum vpci_condition condition);

/* The same for people, at most VPCI_CONDITION_SHOWN_BYTES: printable, "none" for nothing, of a digest the
 * first twelve digits, which tell it from all others that anybody has. */
void vpci_condition_show(struct vpci_text *text, const struct vpci_kept_run *run,
                         enum vpci_condition condition);

/* The conditions in which two runs differ: bit VPCI_CONDITION_OF_x. */
uint32_t vpci_conditions_differing(const struct vpci_kept_run *left, const struct vpci_kept_run *right);

/* Those of a set that are of a kind. */
uint32_t vpci_conditions_of_kind(uint32_t set, enum vpci_condition_kind kind);

#endif
