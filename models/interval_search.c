/* SPDX-License-Identifier: MIT */
/* models/interval_search.c - which configurations of a block an operation leaves.
 *
 * A configuration is extended just in time: writes take their place in the order only when some answer needs
 * them to, at a return. Whatever could be placed later is left for later. */
#include "models/interval_search.h"

/* A write that could be placed now. */
struct source {
    uint64_t value;
    uint64_t open_bit; /* one of these two is 0 */
    uint64_t lost_bit;
    uint64_t readers;      /* open reads that were given the value */
    uint64_t earlier_open; /* writes of the same value to be placed first: see list_sources */
    uint64_t earlier_lost;
    bool placed; /* in some configuration */
};

/* The return of one operation. */
struct step {
    struct vpci_interval *checker;
    struct vpci_interval_set *from, *to;
    const struct vpci_interval_event *target;
    uint64_t target_bit;
    uint64_t target_open, target_lost; /* what satisfies a read: writes of its value */
    uint32_t source_count;
    struct source sources[2 * VPCI_INTERVAL_SLOTS];
};

static uint64_t open_of_value(const struct vpci_interval *checker, uint64_t among, uint64_t value)
{
    uint64_t found = 0;
    for (uint64_t rest = among; rest != 0; rest &= rest - 1) {
        const uint32_t slot = vpci_interval_lowest(rest);
        if (checker->open[slot].value == value)
            found |= vpci_interval_bit(slot);
    }
    return found;
}

static uint64_t lost_of_value(const struct vpci_interval *checker, uint64_t value)
{
    uint64_t found = 0;
    for (uint64_t rest = checker->lost_used; rest != 0; rest &= rest - 1) {
        const uint32_t place = vpci_interval_lowest(rest);
        if (checker->lost[place] == value)
            found |= vpci_interval_bit(place);
    }
    return found;
}

static void see(struct vpci_interval_seen *seen, uint64_t value)
{
    for (uint32_t i = 0; i < seen->count && i < VPCI_INTERVAL_ALLOWED_MAX; i++)
        if (seen->values[i] == value)
            return;
    seen->values[seen->count++ % VPCI_INTERVAL_ALLOWED_MAX] = value;
}

/* Gives a lost write a place where configurations can tell whether it took effect. */
static void place_lost(struct vpci_interval *checker, uint64_t value)
{
    /* Above those of the same value if possible: the lowest is used first, so equal states look equal. */
    const uint64_t same = lost_of_value(checker, value);
    const uint64_t unused = ~checker->lost_used;
    uint64_t candidates = unused;
    for (uint64_t rest = same; rest != 0; rest &= rest - 1)
        candidates &= ~(vpci_interval_bit(vpci_interval_lowest(rest)) - 1);
    if (candidates == 0)
        candidates = unused;
    if (candidates == 0) {
        vpci_interval_give_up(checker, VPCI_INTERVAL_REASON_LOST);
        return;
    }
    const uint32_t place = vpci_interval_lowest(candidates);
    checker->lost_used |= vpci_interval_bit(place);
    checker->lost[place] = value;
}

static void call_read(struct vpci_interval *checker, const struct vpci_interval_event *call)
{
    const uint64_t bit = vpci_interval_bit(call->slot);
    struct vpci_interval_set *set = &checker->sets[checker->current];
    struct vpci_interval_configuration *members = vpci_interval_members(checker, set);
    struct vpci_interval_seen *seen = &checker->seen[call->slot];
    seen->count = 0;
    checker->open_reads |= bit;
    for (uint32_t i = 0; i < set->count; i++) {
        if (!vpci_interval_is_member(checker, set, i))
            continue;
        see(seen, members[i].value);
        if (checker->level >= VPCI_INTERVAL_PURE && members[i].value == call->value)
            members[i].done |= bit;
    }
}

void vpci_interval_search_call(struct vpci_interval *checker, const struct vpci_interval_event *call)
{
    checker->open[call->slot] = *call;
    if (call->kind == VPCI_INTERVAL_CALL_READ) {
        if (call->outcome == VPCI_INTERVAL_DONE)
            call_read(checker, call);
    } else if (call->outcome == VPCI_INTERVAL_LOST) {
        if (checker->level == VPCI_INTERVAL_OVERWRITE)
            vpci_interval_pool_add(checker, call->value);
        else
            place_lost(checker, call->value);
    } else if (call->outcome != VPCI_INTERVAL_REFUSED) {
        checker->open_writes |= vpci_interval_bit(call->slot);
    }
}

/* What all, and what some members have in common. */
struct summary {
    uint64_t done_by_all;
    uint64_t spent_by_all, spent_by_some;
};

static struct summary summarize(const struct vpci_interval *checker, const struct vpci_interval_set *set)
{
    const struct vpci_interval_configuration *members = vpci_interval_members(checker, set);
    struct summary summary = { UINT64_MAX, UINT64_MAX, 0 };
    for (uint32_t i = 0; i < set->count; i++) {
        if (!vpci_interval_is_member(checker, set, i))
            continue;
        summary.done_by_all &= members[i].done;
        summary.spent_by_all &= members[i].spent;
        summary.spent_by_some |= members[i].spent;
    }
    return summary;
}

/* Is there a member in which no lost write of those places is left? */
static bool some_spent_all(const struct vpci_interval *checker, const struct vpci_interval_set *set,
                           uint64_t places)
{
    const struct vpci_interval_configuration *members = vpci_interval_members(checker, set);
    for (uint32_t i = 0; i < set->count; i++)
        if (vpci_interval_is_member(checker, set, i) && (members[i].spent & places) == places)
            return true;
    return false;
}

/* A lost write leaves the pool when an open read may need it. One return uses at most one of each value:
 * after it, the reads that were given that value are satisfied. */
static void fetch_lost(struct step *step, uint64_t unsatisfied_reads)
{
    struct vpci_interval *checker = step->checker;
    if (checker->pool_writes == 0)
        return;
    for (uint64_t rest = unsatisfied_reads; rest != 0; rest &= rest - 1) {
        const uint64_t value = checker->open[vpci_interval_lowest(rest)].value;
        const uint64_t places = lost_of_value(checker, value);
        if (some_spent_all(checker, step->from, places) && vpci_interval_pool_take(checker, value))
            place_lost(checker, value);
    }
}

/* Lost writes that all configurations agree about need no place. */
static void return_lost(struct vpci_interval *checker)
{
    struct vpci_interval_set *set = &checker->sets[checker->current];
    if (checker->level != VPCI_INTERVAL_OVERWRITE || checker->lost_used == 0)
        return;
    const struct summary summary = summarize(checker, set);
    const uint64_t taken_effect = summary.spent_by_all & checker->lost_used;
    const uint64_t untouched = checker->lost_used & ~summary.spent_by_some;
    for (uint64_t rest = untouched; rest != 0; rest &= rest - 1)
        vpci_interval_pool_add(checker, checker->lost[vpci_interval_lowest(rest)]);
    checker->lost_used &= ~(taken_effect | untouched);
    struct vpci_interval_configuration *members = vpci_interval_members(checker, set);
    for (uint32_t i = 0; i < set->count; i++)
        members[i].spent &= checker->lost_used;
}

/* The order among writes of one value, with OVERWRITE: the one that returns first goes first, lost ones last.
 * Taking another instead gains nothing: the one taken first would be left over for a shorter time. */
static uint64_t open_before(const struct vpci_interval *checker, uint64_t same, uint64_t return_position)
{
    uint64_t before = 0;
    for (uint64_t rest = same; rest != 0; rest &= rest - 1) {
        const uint32_t slot = vpci_interval_lowest(rest);
        if (checker->open[slot].return_position < return_position)
            before |= vpci_interval_bit(slot);
    }
    return before;
}

static void list_sources(struct step *step)
{
    const struct vpci_interval *checker = step->checker;
    const bool reduced = checker->level == VPCI_INTERVAL_OVERWRITE;
    for (uint64_t rest = checker->open_writes; rest != 0; rest &= rest - 1) {
        const struct vpci_interval_event *write = &checker->open[vpci_interval_lowest(rest)];
        struct source source = { .value = write->value, .open_bit = rest & -rest };
        source.readers = open_of_value(checker, checker->open_reads, source.value);
        /* Nobody would notice it but the next write: that is what maybe says. */
        if (reduced && source.readers == 0 && source.open_bit != step->target_bit)
            continue;
        if (reduced)
            source.earlier_open = open_before(
                checker, open_of_value(checker, checker->open_writes, source.value), write->return_position);
        step->sources[step->source_count++] = source;
    }
    for (uint64_t rest = checker->lost_used; rest != 0; rest &= rest - 1) {
        struct source source = { .value = checker->lost[vpci_interval_lowest(rest)],
                                 .lost_bit = rest & -rest };
        source.readers = open_of_value(checker, checker->open_reads, source.value);
        if (reduced && source.readers == 0)
            continue;
        if (reduced) {
            source.earlier_open = open_of_value(checker, checker->open_writes, source.value);
            source.earlier_lost = lost_of_value(checker, source.value) & (source.lost_bit - 1);
        }
        step->sources[step->source_count++] = source;
    }
}

/* The target has its place in the order: on to the next set. Otherwise the configuration is searched on. */
static void found(struct step *step, struct vpci_interval_configuration *configuration)
{
    if (configuration->done & step->target_bit) {
        configuration->done &= ~step->target_bit;
        vpci_interval_set_insert(step->checker, step->to, configuration);
    } else {
        vpci_interval_set_insert(step->checker, step->from, configuration);
    }
}

static bool can_place(const struct step *step, const struct vpci_interval_configuration *configuration,
                      const struct source *source)
{
    if ((configuration->done & source->open_bit) || (configuration->spent & source->lost_bit))
        return false;
    if (step->checker->level != VPCI_INTERVAL_OVERWRITE)
        return true;
    if ((source->earlier_open & ~configuration->done) || (source->earlier_lost & ~configuration->spent))
        return false;
    return source->open_bit == step->target_bit || (source->readers & ~configuration->done);
}

static void place(struct step *step, struct vpci_interval_configuration configuration, struct source *source)
{
    const struct vpci_interval *checker = step->checker;
    source->placed = true;
    configuration.value = source->value;
    configuration.spent |= source->lost_bit;
    configuration.done |= source->open_bit;
    if (checker->level >= VPCI_INTERVAL_PURE)
        configuration.done |= source->readers;
    if (checker->level == VPCI_INTERVAL_OVERWRITE)
        configuration.maybe = checker->open_writes & ~configuration.done;
    found(step, &configuration);
}

/* Everything that one more operation makes of a configuration in which the target has no place yet. */
static void extend(struct step *step, const struct vpci_interval_configuration *configuration)
{
    struct vpci_interval *checker = step->checker;
    checker->work += step->source_count;
    if (checker->level == VPCI_INTERVAL_OVERWRITE && step->target->kind == VPCI_INTERVAL_CALL_READ &&
        !(step->target_open & ~configuration->done) && !(step->target_lost & ~configuration->spent))
        return; /* no write is left that could satisfy the target */
    for (uint32_t i = 0; i < step->source_count; i++)
        if (can_place(step, configuration, &step->sources[i]))
            place(step, *configuration, &step->sources[i]);
    if (checker->level != VPCI_INTERVAL_GENERAL)
        return;
    const uint64_t readable =
        open_of_value(checker, checker->open_reads, configuration->value) & ~configuration->done;
    for (uint64_t rest = readable; rest != 0; rest &= rest - 1) {
        struct vpci_interval_configuration read = *configuration;
        read.done |= rest & -rest;
        found(step, &read);
    }
}

/* Members that the return leaves as they are. */
static void keep(struct step *step)
{
    const struct vpci_interval_configuration *members = vpci_interval_members(step->checker, step->from);
    for (uint32_t i = 0; i < step->from->count; i++) {
        if (!vpci_interval_is_member(step->checker, step->from, i))
            continue;
        const bool unseen =
            (members[i].maybe & step->target_bit) || step->target->outcome == VPCI_INTERVAL_FAILED;
        if (!unseen && !(members[i].done & step->target_bit))
            continue;
        struct vpci_interval_configuration kept = members[i];
        kept.done &= ~step->target_bit;
        kept.maybe &= ~step->target_bit;
        vpci_interval_set_insert(step->checker, step->to, &kept);
    }
}

static void search(struct step *step)
{
    struct vpci_interval *checker = step->checker;
    const struct vpci_interval_configuration *members = vpci_interval_members(checker, step->from);
    list_sources(step);
    step->target_open = open_of_value(checker, checker->open_writes, step->target->value);
    step->target_lost = lost_of_value(checker, step->target->value);
    keep(step);
    /* The set grows at its end by what is found on the way. */
    for (uint32_t i = 0; i < step->from->count && checker->verdict == VPCI_INTERVAL_OK; i++) {
        const struct vpci_interval_configuration member = members[i];
        if (vpci_interval_is_member(checker, step->from, i) && !(member.done & step->target_bit))
            extend(step, &member);
        if (checker->work > VPCI_INTERVAL_WORK_AT_FIRST + VPCI_INTERVAL_WORK_PER_CALL * checker->calls)
            vpci_interval_give_up(checker, VPCI_INTERVAL_REASON_WORK);
    }
}

static void allow(struct vpci_interval_violation *violation, uint64_t value)
{
    if (value == violation->value)
        return;
    for (uint32_t i = 0; i < violation->allowed_count; i++)
        if (violation->allowed[i] == value)
            return;
    if (violation->allowed_count == VPCI_INTERVAL_ALLOWED_MAX)
        violation->allowed_more = true;
    else
        violation->allowed[violation->allowed_count++] = value;
}

/* Nothing explains the target. What would have? Newest first: writes still open, values held during the read,
 * and lost writes. */
static void blame(const struct step *step)
{
    struct vpci_interval *checker = step->checker;
    struct vpci_interval_violation *violation = &checker->violation;
    const struct vpci_interval_seen *seen = &checker->seen[step->target->slot];
    *violation = (struct vpci_interval_violation){ .serial = step->target->serial,
                                                   .slot = step->target->slot,
                                                   .value = step->target->value };
    for (uint64_t rest = checker->open_writes; rest != 0; rest &= rest - 1)
        allow(violation, checker->open[vpci_interval_lowest(rest)].value);
    for (uint32_t i = 0; i < seen->count && i < VPCI_INTERVAL_ALLOWED_MAX; i++)
        allow(violation, seen->values[(seen->count - 1 - i) % VPCI_INTERVAL_ALLOWED_MAX]);
    for (uint64_t rest = checker->lost_used; rest != 0; rest &= rest - 1)
        allow(violation, checker->lost[vpci_interval_lowest(rest)]);
    const struct vpci_interval_pool_entry *pool = vpci_interval_part(checker, checker->pool_at);
    for (uint32_t i = 0; i < checker->pool_capacity && !violation->allowed_more; i++)
        if (pool[i].used && pool[i].count > 0)
            allow(violation, pool[i].value);
    violation->allowed_more |= seen->count > VPCI_INTERVAL_ALLOWED_MAX;
    checker->verdict = VPCI_INTERVAL_VIOLATION;
}

/* The values that came up at this return may be what other open reads saw. */
static void remember_seen(const struct step *step)
{
    struct vpci_interval *checker = step->checker;
    for (uint32_t i = 0; i < step->source_count; i++) {
        if (!step->sources[i].placed)
            continue;
        for (uint64_t rest = checker->open_reads; rest != 0; rest &= rest - 1)
            see(&checker->seen[vpci_interval_lowest(rest)], step->sources[i].value);
    }
}

static bool leaves_in_place(struct vpci_interval *checker, uint64_t bit, const struct summary *summary)
{
    struct vpci_interval_set *set = &checker->sets[checker->current];
    if (checker->level == VPCI_INTERVAL_GENERAL || !(checker->open_reads & summary->done_by_all & bit))
        return false;
    struct vpci_interval_configuration *members = vpci_interval_members(checker, set);
    for (uint32_t i = 0; i < set->count; i++)
        members[i].done &= ~bit;
    return true;
}

void vpci_interval_search_return(struct vpci_interval *checker, uint32_t slot)
{
    const uint64_t bit = vpci_interval_bit(slot);
    struct step step;
    step.checker = checker;
    step.from = &checker->sets[checker->current];
    step.to = &checker->sets[1 - checker->current];
    step.target = &checker->open[slot];
    step.target_bit = bit;
    step.source_count = 0;
    const struct summary summary = summarize(checker, step.from);
    if (!leaves_in_place(checker, bit, &summary)) {
        fetch_lost(&step, checker->open_reads & ~summary.done_by_all);
        search(&step);
        if (checker->verdict != VPCI_INTERVAL_OK)
            return;
        if (step.to->count == 0) {
            blame(&step);
            return;
        }
        remember_seen(&step);
        vpci_interval_set_clear(checker, step.from);
        checker->current = 1 - checker->current;
    }
    checker->open_reads &= ~bit;
    checker->open_writes &= ~bit;
    return_lost(checker);
}
