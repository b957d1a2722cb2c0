/* SPDX-License-Identifier: MIT */
/* models/interval_set.c - sets of configurations, and the pool of lost writes that nobody wanted yet.
 * Apart from the search because what counts as superfluous is decided here, and only here. */
#include "models/interval_search.h"

#include <string.h>

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 29);
}

/* Covers only what cannot change while the configuration is a member: reads are satisfied in place above
 * GENERAL. With OVERWRITE members of one value are compared with each other, so they share a chain. */
static uint32_t head_of(const struct vpci_interval *checker,
                        const struct vpci_interval_configuration *configuration)
{
    uint64_t hash = mix(0, configuration->value);
    if (checker->level != VPCI_INTERVAL_OVERWRITE) {
        const uint64_t fixed = checker->level == VPCI_INTERVAL_GENERAL ? UINT64_MAX : checker->open_writes;
        hash = mix(mix(hash, configuration->done & fixed), configuration->spent);
    }
    return (uint32_t)(mix(hash, 0) >> 32) & checker->head_mask;
}

size_t vpci_interval_set_bytes_each(void)
{
    return sizeof(struct vpci_interval_configuration) + 2 * sizeof(uint32_t);
}

static void clear_heads(struct vpci_interval *checker, const struct vpci_interval_set *set)
{
    memset(vpci_interval_part(checker, set->heads_at), 0xff,
           ((size_t)checker->head_mask + 1) * sizeof(uint32_t));
}

void vpci_interval_sets_init(struct vpci_interval *checker, size_t offset, size_t bytes, uint64_t value)
{
    const size_t room = bytes / 2 / vpci_interval_set_bytes_each();
    checker->set_capacity = room < VPCI_INTERVAL_REMOVED ? (uint32_t)room : VPCI_INTERVAL_REMOVED;
    uint32_t heads = 1;
    while (heads <= checker->set_capacity / 2)
        heads *= 2;
    checker->head_mask = heads - 1;
    for (uint32_t i = 0; i < 2; i++) {
        struct vpci_interval_set *set = &checker->sets[i];
        set->members_at = offset;
        set->next_at = set->members_at + checker->set_capacity * sizeof(struct vpci_interval_configuration);
        set->heads_at = set->next_at + checker->set_capacity * sizeof(uint32_t);
        offset = set->heads_at + checker->set_capacity * sizeof(uint32_t);
        offset = (offset + 15) / 16 * 16;
        clear_heads(checker, set);
    }
    const struct vpci_interval_configuration first = { .value = value };
    vpci_interval_set_insert(checker, &checker->sets[0], &first);
}

/* Can a do whatever b can? */
static bool covers(const struct vpci_interval *checker, const struct vpci_interval_configuration *a,
                   const struct vpci_interval_configuration *b)
{
    if (a->value != b->value)
        return false;
    if (checker->level != VPCI_INTERVAL_OVERWRITE)
        return a->done == b->done && a->spent == b->spent;
    /* A maybe is as good as pending and as good as done. A read that is done is better than one that is not.
     */
    const uint64_t worse_writes = (b->maybe | (a->done ^ b->done)) & checker->open_writes & ~a->maybe;
    const uint64_t worse_reads = b->done & ~a->done & checker->open_reads;
    return (worse_writes | worse_reads | (a->spent & ~b->spent)) == 0;
}

void vpci_interval_set_insert(struct vpci_interval *checker, struct vpci_interval_set *set,
                              const struct vpci_interval_configuration *configuration)
{
    struct vpci_interval_configuration *members = vpci_interval_members(checker, set);
    uint32_t *next = vpci_interval_part(checker, set->next_at);
    uint32_t *head = (uint32_t *)vpci_interval_part(checker, set->heads_at) + head_of(checker, configuration);
    uint32_t *link = head;
    checker->work++;
    while (*link != VPCI_INTERVAL_NOBODY) {
        const uint32_t index = *link;
        checker->work++;
        if (covers(checker, &members[index], configuration))
            return;
        if (covers(checker, configuration, &members[index])) {
            *link = next[index];
            next[index] = VPCI_INTERVAL_REMOVED;
        } else {
            link = &next[index];
        }
    }
    if (set->count == checker->set_capacity) {
        vpci_interval_give_up(checker, VPCI_INTERVAL_REASON_CONFIGURATIONS);
        return;
    }
    members[set->count] = *configuration;
    next[set->count] = *head;
    *head = set->count++;
    if (set->count > checker->peak)
        checker->peak = set->count;
}

void vpci_interval_set_clear(struct vpci_interval *checker, struct vpci_interval_set *set)
{
    const struct vpci_interval_configuration *members = vpci_interval_members(checker, set);
    uint32_t *heads = vpci_interval_part(checker, set->heads_at);
    for (uint32_t i = 0; i < set->count; i++)
        heads[head_of(checker, &members[i])] = VPCI_INTERVAL_NOBODY;
    set->count = 0;
}

/* The entry of that value, or the free one where it belongs. */
static struct vpci_interval_pool_entry *pool_entry(const struct vpci_interval *checker, uint64_t value)
{
    struct vpci_interval_pool_entry *entries = vpci_interval_part(checker, checker->pool_at);
    uint32_t index = (uint32_t)(mix(0, value) >> 32) % checker->pool_capacity;
    while (entries[index].used && entries[index].value != value)
        index = (index + 1) % checker->pool_capacity;
    return &entries[index];
}

void vpci_interval_pool_add(struct vpci_interval *checker, uint64_t value)
{
    struct vpci_interval_pool_entry *entry = pool_entry(checker, value);
    if (!entry->used) {
        /* A quarter stays free, so that a search ends soon. */
        if (checker->pool_entries >= checker->pool_capacity - checker->pool_capacity / 4) {
            vpci_interval_give_up(checker, VPCI_INTERVAL_REASON_LOST);
            return;
        }
        *entry = (struct vpci_interval_pool_entry){ .value = value, .used = true };
        checker->pool_entries++;
    }
    entry->count++;
    checker->pool_writes++;
}

bool vpci_interval_pool_take(struct vpci_interval *checker, uint64_t value)
{
    struct vpci_interval_pool_entry *entry = pool_entry(checker, value);
    if (!entry->used || entry->count == 0)
        return false;
    entry->count--;
    checker->pool_writes--;
    return true;
}
