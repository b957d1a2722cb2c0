/* SPDX-License-Identifier: MIT */
/* harness/journal.h - what happened in one case, in order: every event is judged and kept here, and so are
 * the remarks about it. Ends with the first violation, after which the model's state means nothing any more.
 */
#ifndef VPCI_JOURNAL_H
#define VPCI_JOURNAL_H

#include "harness/probe.h"
#include "harness/result.h"
#include "models/model.h"

enum {
    VPCI_JOURNAL_EVENTS_MAX = 32 * 1024,       /* ours: a journal beyond it is cut, the judging goes on */
    VPCI_JOURNAL_FENCES_MAX = 32 * 1024,       /* ours: likewise */
    VPCI_JOURNAL_DATA_BYTES = 4 * 1024 * 1024, /* ours: likewise */
};

/* Called after each judged event, for replay. Borrowed arguments. */
typedef void vpci_watch_fn(void *watcher, const struct vpci_event *event,
                           const struct vpci_judgement *judgement);

struct vpci_journal {
    struct vpci_model *model;  /* owned */
    void *interval_memory;     /* owned; NULL where contents are not judged */
    struct vpci_event *events; /* owned */
    uint8_t *data;             /* owned; of the events */
    uint32_t count, data_used;
    uint32_t *fences; /* owned; how many events there were when the kit began to wait for rest, each time */
    uint32_t fence_count;
    uint32_t judged;                 /* events of the case, kept or not */
    enum vpci_event_kind latest;     /* of the event judged last */
    bool forgetful;                  /* keeps no events: for whoever plays a case again when it fails */
    struct vpci_case_result *result; /* where remarks go; borrowed */
    bool over;                       /* a violation was found */
    struct vpci_probe probe;         /* judges in place of the model, where there is one */
    vpci_watch_fn *watch;            /* may be NULL */
    void *watcher;
};

/* Out of memory ends the process. */
void vpci_journal_create(struct vpci_journal *journal, enum vpci_role role);
void vpci_journal_destroy(struct vpci_journal *journal);

/* Starts afresh for a case, with a model of these options (interval memory is filled in). refuses: the
 * capability that the case probes; 0: none. */
void vpci_journal_begin(struct vpci_journal *journal, struct vpci_model_options options,
                        vpci_capability_set refuses, struct vpci_case_result *result);

/* Judges and keeps one event, whoever it is from; nothing once the journal is over. False when the model has
 * no rule for the event: a hole in the kit. */
bool vpci_journal_take(struct vpci_journal *journal, const struct vpci_event *event);

/* The requirement to blame should the implementation end now; NONE in a probe. */
enum vpci_requirement vpci_journal_culprit(const struct vpci_journal *journal);

/* Notes that the kit begins to wait for rest. */
void vpci_journal_fence(struct vpci_journal *journal);

/* Whether every event and fence of the case was kept. */
bool vpci_journal_is_whole(const struct vpci_journal *journal);

/* Records a violation that somebody else found, about the latest event. Ends the journal. reason and allowed
 * borrowed. */
void vpci_journal_find(struct vpci_journal *journal, enum vpci_requirement requirement, const char *reason,
                       const char *allowed);

#endif
