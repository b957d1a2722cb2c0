/* SPDX-License-Identifier: MIT */
/* reports/renamed.c - see reports/renamed.h. */
#include "reports/renamed.h"

#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"

/* A case that only one side has. */
struct lonely {
    const char *digest, *parameters;
    uint32_t name;
    enum vpci_side side;
};

static int compare_contents(const struct lonely *left, const struct lonely *right)
{
    const int digests = strcmp(left->digest, right->digest);
    return digests != 0 ? digests : strcmp(left->parameters, right->parameters);
}

static int compare_lonely(const void *left_memory, const void *right_memory)
{
    const struct lonely *left = left_memory, *right = right_memory;
    const int contents = compare_contents(left, right);
    return contents != 0 ? contents : (left->name > right->name) - (left->name < right->name);
}

/* The first repeat's example of each name, side by side. */
static const struct vpci_kept_case **index_side(const struct vpci_repeats *repeats, uint32_t name_count)
{
    const struct vpci_kept_case **cases = vpci_need_memory(calloc((size_t)name_count + 1, sizeof *cases));
    for (uint32_t r = 0; r < repeats->count; r++) {
        for (uint32_t i = 0; i < repeats->runs[r].case_count; i++)
            cases[repeats->runs[r].cases[i].name] = &repeats->runs[r].cases[i];
    }
    return cases;
}

/* "[length=5]" of a case's name; all of it where it does not begin with its scenario's. */
static const char *parameters_of(const char *name, const struct vpci_kept_case *kept)
{
    const size_t length = strlen(kept->scenario);
    return strncmp(name, kept->scenario, length) == 0 ? name + length : name;
}

static uint32_t find_lonely(struct lonely *lonely, const struct vpci_names *names,
                            const struct vpci_repeats sides[VPCI_SIDES])
{
    uint32_t count = 0;
    const struct vpci_kept_case **cases[VPCI_SIDES];
    for (int side = 0; side < VPCI_SIDES; side++)
        cases[side] = index_side(&sides[side], names->count);
    for (uint32_t name = 0; name < names->count; name++) {
        const enum vpci_side side = cases[VPCI_BASE][name] != NULL ? VPCI_BASE : VPCI_NEW;
        const struct vpci_kept_case *kept = cases[side][name];
        if (kept == NULL || cases[side == VPCI_BASE ? VPCI_NEW : VPCI_BASE][name] != NULL)
            continue;
        lonely[count++] =
            (struct lonely){ kept->digest, parameters_of(names->names[name], kept), name, side };
    }
    free(cases[VPCI_BASE]);
    free(cases[VPCI_NEW]);
    return count;
}

uint32_t *vpci_find_renamed(const struct vpci_names *names, const struct vpci_repeats sides[VPCI_SIDES])
{
    struct lonely *lonely = vpci_need_memory(calloc((size_t)names->count + 1, sizeof *lonely));
    uint32_t *partners = vpci_need_memory(calloc((size_t)names->count + 1, sizeof *partners));
    for (uint32_t i = 0; i < names->count; i++)
        partners[i] = VPCI_NO_NAME;
    const uint32_t count = find_lonely(lonely, names, sides);
    qsort(lonely, count, sizeof *lonely, compare_lonely);
    uint32_t end = 0;
    for (uint32_t from = 0; from < count; from = end) {
        for (end = from + 1; end < count && compare_contents(&lonely[from], &lonely[end]) == 0;)
            end++;
        if (end - from != 2 || lonely[from].side == lonely[from + 1].side)
            continue;
        partners[lonely[from].name] = lonely[from + 1].name;
        partners[lonely[from + 1].name] = lonely[from].name;
    }
    free(lonely);
    return partners;
}
