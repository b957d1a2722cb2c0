/* SPDX-License-Identifier: MIT */
/* reports/names.c - see reports/names.h. */
#include "reports/names.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"

struct named {
    const char *name;
    uint32_t place;
};

static int compare_named(const void *left, const void *right)
{
    return strcmp(((const struct named *)left)->name, ((const struct named *)right)->name);
}

static uint32_t add_name(struct vpci_names *names, struct named *named)
{
    if (names->count == names->capacity) {
        names->capacity = 2 * names->capacity + 64;
        names->names = vpci_need_memory(realloc(names->names, names->capacity * sizeof *names->names));
    }
    named->place = names->count;
    names->names[names->count] = named->name;
    return names->count++;
}

uint32_t vpci_names_place(struct vpci_names *names, const char *name, uint32_t guess)
{
    const struct named wanted = { .name = name };
    if (guess < names->count && strcmp(names->names[guess], name) == 0)
        return guess;
    struct named *const *found = tfind(&wanted, &names->tree, compare_named);
    if (found != NULL)
        return (*found)->place;
    struct named *named = vpci_arena_take(&names->arena, 1, sizeof *named);
    named->name = vpci_arena_copy(&names->arena, name, strlen(name));
    vpci_need_memory(tsearch(named, &names->tree, compare_named));
    return add_name(names, named);
}

/* The nodes' keys are in the arena. */
static void keep(void *named)
{
    (void)named;
}

void vpci_names_free(struct vpci_names *names)
{
    tdestroy(names->tree, keep);
    free(names->names);
    vpci_arena_free(&names->arena);
    *names = (struct vpci_names){ 0 };
}
