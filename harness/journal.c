/* SPDX-License-Identifier: MIT */
/* harness/journal.c - see journal.h. */
#include "harness/journal.h"

#include <stdlib.h>
#include <string.h>

enum { INTERVAL_BYTES = 2 * 1024 * 1024, ALIGNMENT = 64 };

static void *allocate(size_t bytes)
{
    void *memory = aligned_alloc(ALIGNMENT, (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    if (memory == NULL)
        abort();
    return memory;
}

void vpci_journal_create(struct vpci_journal *journal, enum vpci_role role)
{
    *journal = (struct vpci_journal){ 0 };
    journal->model = allocate(vpci_model_bytes());
    journal->events = allocate(VPCI_JOURNAL_EVENTS_MAX * sizeof *journal->events);
    journal->data = allocate(VPCI_JOURNAL_DATA_BYTES);
    journal->fences = allocate(VPCI_JOURNAL_FENCES_MAX * sizeof *journal->fences);
    if (role == VPCI_ROLE_STACK)
        journal->interval_memory = allocate(INTERVAL_BYTES);
}

void vpci_journal_destroy(struct vpci_journal *journal)
{
    free(journal->model);
    free(journal->events);
    free(journal->data);
    free(journal->fences);
    free(journal->interval_memory);
}

void vpci_journal_begin(struct vpci_journal *journal, struct vpci_model_options options,
                        vpci_capability_set refuses, struct vpci_case_result *result)
{
    journal->probe = (struct vpci_probe){ .refuses = refuses, .role = options.role };
    options.interval_memory = journal->interval_memory;
    options.interval_memory_bytes = journal->interval_memory == NULL ? 0 : INTERVAL_BYTES;
    vpci_model_init(journal->model, &options);
    journal->count = journal->fence_count = 0;
    journal->judged = 0;
    journal->data_used = 0;
    journal->result = result;
    journal->over = false;
}

static void keep_event(struct vpci_journal *journal, const struct vpci_event *event)
{
    if (journal->count == VPCI_JOURNAL_EVENTS_MAX)
        return;
    struct vpci_event *kept = &journal->events[journal->count];
    *kept = *event;
    if (event->data != NULL && event->data_length != 0) {
        if (VPCI_JOURNAL_DATA_BYTES - journal->data_used < event->data_length)
            return;
        uint8_t *copy = journal->data + journal->data_used;
        memcpy(copy, event->data, event->data_length);
        journal->data_used += event->data_length;
        kept->data = copy;
    }
    journal->count++;
}

static uint32_t latest(const struct vpci_journal *journal)
{
    return journal->count == 0 ? 0 : journal->count - 1;
}

static void keep_warning(struct vpci_journal *journal, const struct vpci_judgement *judgement)
{
    struct vpci_case_result *result = journal->result;
    for (uint32_t i = 0; i < result->warning_count; i++) {
        if (result->warnings[i].requirement == judgement->requirement)
            return;
    }
    if (result->warning_count < VPCI_WARNINGS_MAX)
        result->warnings[result->warning_count++] =
            (struct vpci_remark){ VPCI_WARNING, judgement->requirement, judgement->reason, judgement->allowed,
                                  latest(journal) };
}

void vpci_journal_fence(struct vpci_journal *journal)
{
    if (journal->over || journal->forgetful || journal->fence_count > VPCI_JOURNAL_FENCES_MAX)
        return;
    if (journal->fence_count < VPCI_JOURNAL_FENCES_MAX)
        journal->fences[journal->fence_count] = journal->count;
    journal->fence_count++; /* one more than there is room for: not whole */
}

bool vpci_journal_is_whole(const struct vpci_journal *journal)
{
    return journal->count == journal->judged && journal->fence_count <= VPCI_JOURNAL_FENCES_MAX;
}

void vpci_journal_find(struct vpci_journal *journal, enum vpci_requirement requirement, const char *reason,
                       const char *allowed)
{
    journal->result->finding =
        (struct vpci_remark){ VPCI_VIOLATION, requirement, reason, allowed, latest(journal) };
    journal->result->has_finding = true;
    journal->over = true;
}

static struct vpci_judgement judge(struct vpci_journal *journal, const struct vpci_event *event)
{
    struct vpci_judgement judgement = { .verdict = VPCI_ALLOWED };
    if (journal->probe.refuses == 0 || !vpci_probe_take(&journal->probe, event, &judgement.reason))
        return vpci_model_judge(journal->model, event);
    if (judgement.reason != NULL) {
        judgement.verdict = VPCI_VIOLATION;
        judgement.allowed = vpci_probe_allowed;
    }
    return judgement;
}

enum vpci_requirement vpci_journal_culprit(const struct vpci_journal *journal)
{
    return journal->probe.tried ? VPCI_REQUIREMENT_NONE
                                : vpci_model_culprit(journal->model, VPCI_EVENT_CRASH);
}

bool vpci_journal_take(struct vpci_journal *journal, const struct vpci_event *event)
{
    if (journal->over)
        return true;
    if (!journal->forgetful)
        keep_event(journal, event);
    journal->judged++;
    journal->latest = event->kind;
    const struct vpci_judgement judgement = judge(journal, event);
    if (journal->watch != NULL)
        journal->watch(journal->watcher, event, &judgement);
    if (judgement.verdict == VPCI_WARNING)
        keep_warning(journal, &judgement);
    else if (judgement.verdict == VPCI_VIOLATION)
        vpci_journal_find(journal, judgement.requirement, judgement.reason, judgement.allowed);
    return judgement.verdict != VPCI_RULE_MISSING;
}
