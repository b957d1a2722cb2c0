/* SPDX-License-Identifier: MIT */
/* tests/mutation/pinned.h - a history and what the model says of it, as one line of JSON. The tools that find
 * such histories write them, tests/unit/test_pinned.c holds the model to them. */
#ifndef VPCI_PINNED_H
#define VPCI_PINNED_H

#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"
#include "harness/event_json.h"
#include "harness/json.h"
#include "harness/record_member.h"
#include "models/model.h"

enum { PINNED_EVENTS_MAX = 512, PINNED_INTERVAL_BYTES = 1024 * 1024 };

struct pinned {
    struct vpci_model_options options; /* memory is filled in by who judges */
    const struct vpci_event *events;
    uint32_t count;
};

/* What came of judging it, up to the first violation. */
struct pinned_outcome {
    bool senseless;                 /* the kit does not do such a thing, or the model has no rule */
    enum vpci_verdict verdict;      /* VIOLATION, or ALLOWED */
    enum vpci_requirement violated; /* NONE without a violation */
    const char *reason;             /* of the violation; "" without one */
    uint32_t end;                   /* events judged */
    bool unjudged;                  /* contents of blocks */
    struct vpci_requirement_set warned, exercised;
};

/* The model's functions, be they linked or loaded. */
struct pinned_model {
    size_t (*bytes)(void);
    void (*init)(struct vpci_model *, const struct vpci_model_options *);
    struct vpci_judgement (*judge)(struct vpci_model *, const struct vpci_event *);
    const struct vpci_requirement_set *(*exercised)(const struct vpci_model *);
    bool (*unjudged)(const struct vpci_model *);
    struct vpci_model *memory; /* owned */
    void *interval_memory;     /* owned */
};

static inline void pinned_model_prepare(struct pinned_model *model)
{
    model->memory = vpci_need_memory(aligned_alloc(64, (model->bytes() + 4095) / 64 * 64));
    model->interval_memory = vpci_need_memory(aligned_alloc(64, PINNED_INTERVAL_BYTES));
}

static inline struct pinned_outcome pinned_judge(const struct pinned_model *model,
                                                 const struct pinned *history)
{
    struct pinned_outcome outcome = { .verdict = VPCI_ALLOWED, .reason = "" };
    struct vpci_model_options options = history->options;
    if (options.role == VPCI_ROLE_STACK) {
        options.interval_memory = model->interval_memory;
        options.interval_memory_bytes = PINNED_INTERVAL_BYTES;
    }
    model->init(model->memory, &options);
    while (outcome.end < history->count && outcome.verdict != VPCI_VIOLATION && !outcome.senseless) {
        const struct vpci_event *event = &history->events[outcome.end++];
        const struct vpci_judgement judgement = model->judge(model->memory, event);
        const bool ours = !vpci_event_is_from(event->kind, options.role);
        outcome.senseless =
            judgement.verdict == VPCI_RULE_MISSING || (ours && judgement.verdict == VPCI_UNSPECIFIED);
        if (judgement.verdict == VPCI_WARNING)
            vpci_requirement_add(&outcome.warned, judgement.requirement);
        if (judgement.verdict == VPCI_VIOLATION) {
            outcome.verdict = VPCI_VIOLATION;
            outcome.violated = judgement.requirement;
            outcome.reason = judgement.reason;
        }
    }
    outcome.exercised = *model->exercised(model->memory);
    outcome.unjudged = model->unjudged(model->memory);
    return outcome;
}

/* ---- as a line ---- */

static inline void pinned_print_set(struct vpci_text *text, const char *name,
                                    const struct vpci_requirement_set *set)
{
    const char *comma = "";
    vpci_text_addf(text, ",\"%s\":[", name);
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (vpci_requirement_has(set, (enum vpci_requirement)i)) {
            vpci_text_addf(text, "%s\"%s\"", comma, vpci_requirement_info[i].id);
            comma = ",";
        }
    }
    vpci_text_add(text, "]");
}

/* Appends the history with what is said of it, no newline. Events behind the end are left out. */
static inline void pinned_print(struct vpci_text *text, const struct pinned *history,
                                const struct pinned_outcome *outcome)
{
    const char *comma = "";
    vpci_text_addf(text,
                   "{\"role\":\"%s\",\"profile\":\"%s\",\"vfs\":%u,\"exact_order\":%s,\"not_claimed\":[",
                   vpci_role_info[history->options.role].name, history->options.profile->name,
                   history->options.vf_count, history->options.exact_order ? "true" : "false");
    for (int i = 0; i < VPCI_CAPABILITY_COUNT; i++) {
        if ((history->options.capabilities >> i & 1u) == 0) {
            vpci_text_addf(text, "%s\"%s\"", comma, vpci_capability_info[i].name);
            comma = ",";
        }
    }
    vpci_text_add(text, "],\"events\":[");
    for (uint32_t i = 0; i < outcome->end; i++) {
        vpci_text_add(text, i == 0 ? "" : ",");
        vpci_event_print(text, &history->events[i]);
    }
    vpci_text_addf(text, "],\"violated\":\"%s\",\"reason\":",
                   outcome->violated == VPCI_REQUIREMENT_NONE ? ""
                                                              : vpci_requirement_info[outcome->violated].id);
    vpci_text_add_json(text, outcome->reason);
    vpci_text_addf(text, ",\"unjudged\":%s", outcome->unjudged ? "true" : "false");
    pinned_print_set(text, "warned", &outcome->warned);
    pinned_print_set(text, "exercised", &outcome->exercised);
    vpci_text_add(text, "}");
}

/* Reads the history of a line; what is said of it is compared as text. */
static inline bool pinned_parse(struct pinned *history, const cJSON *object, struct vpci_arena *arena,
                                struct vpci_record_error *error)
{
    const char *roles[VPCI_ROLE_COUNT], *capabilities[VPCI_CAPABILITY_COUNT], *profile = NULL;
    int role = 0;
    uint32_t vfs = 0;
    uint32_t not_claimed = 0;
    struct vpci_event *events = NULL;
    for (int i = 0; i < VPCI_ROLE_COUNT; i++)
        roles[i] = vpci_role_info[i].name;
    for (int i = 0; i < VPCI_CAPABILITY_COUNT; i++)
        capabilities[i] = vpci_capability_info[i].name;
    *history = (struct pinned){ 0 };
    if (!vpci_member_name(object, "role", roles, VPCI_ROLE_COUNT, &role, error) ||
        !vpci_member_string(object, "profile", &profile, error) ||
        !vpci_member_count(object, "vfs", &vfs, error) ||
        !vpci_member_name_set(object, "not_claimed", capabilities, VPCI_CAPABILITY_COUNT, &not_claimed,
                              error) ||
        !vpci_member_events(object, "events", arena, &events, &history->count, error))
        return false;
    history->events = events;
    history->options = (struct vpci_model_options){
        .role = (enum vpci_role)role,
        .vf_count = (uint16_t)vfs,
        .capabilities = ((vpci_capability_set)1 << VPCI_CAPABILITY_COUNT) - 1,
        .exact_order = cJSON_IsTrue(vpci_member(object, "exact_order")),
        .profile = vpci_profile_from_name(profile),
    };
    history->options.capabilities &= ~(vpci_capability_set)not_claimed;
    return history->options.profile != NULL || vpci_record_fail(error, "there is no such profile");
}

#endif
