/* SPDX-License-Identifier: MIT */
/* harness/scenario_finding.c - the member "finding" of a scenario's text: how and on what it was found. */
#include <string.h>

#include "harness/json.h"
#include "harness/scenario_internal.h"
#include "harness/seam.h"

/* A member that is there and is a string of 1...VPCI_FINDING_TEXT_BYTES_MAX bytes; NULL, with the error told,
 * when it is not. */
static const char *read_text(struct scenario_loader *loader, const cJSON *finding, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(finding, name);
    if (!cJSON_IsString(value)) {
        scenario_refuse_at(loader, name, value == NULL ? "missing" : "a string is wanted");
        return NULL;
    }
    const size_t length = strlen(value->valuestring);
    if (length != 0 && length <= VPCI_FINDING_TEXT_BYTES_MAX)
        return vpci_arena_copy(loader->arena, value->valuestring, length);
    scenario_refuse_at(loader, name, "1 to %d bytes are wanted", VPCI_FINDING_TEXT_BYTES_MAX);
    return NULL;
}

static bool is_cause(const char *cause)
{
    bool found = strcmp(cause, "violation") == 0;
    for (int i = 0; i < VPCI_FAILURE_COUNT && !found; i++)
        found = vpci_failure_info[i].of_implementation && strcmp(vpci_failure_info[i].name, cause) == 0;
    return found;
}

/* The texts that have to be something known. */
static bool check(struct scenario_loader *loader, const char *id, struct vpci_finding *found)
{
    char excerpt[VPCI_EXCERPT_BYTES];
    enum vpci_event_kind kind;
    found->requirement = vpci_requirement_from_id(id);
    if (found->requirement == VPCI_REQUIREMENT_NONE)
        return scenario_refuse_at(loader, "requirement", "there is no requirement \"%s\"",
                                  vpci_excerpt(excerpt, id));
    if (!is_cause(found->cause))
        return scenario_refuse_at(loader, "cause", "there is no cause \"%s\"",
                                  vpci_excerpt(excerpt, found->cause));
    if (!vpci_event_kind_from_name(found->event, &kind))
        return scenario_refuse_at(loader, "event", "there is no event \"%s\"",
                                  vpci_excerpt(excerpt, found->event));
    const size_t digits = strspn(found->fingerprint, "0123456789abcdef");
    return (digits == VPCI_SHA256_TEXT_BYTES - 1 && found->fingerprint[digits] == '\0') ||
           scenario_refuse_at(loader, "fingerprint", "64 lower-case hexadecimal digits are wanted");
}

bool scenario_read_finding(struct scenario_loader *loader, const cJSON *finding,
                           struct vpci_scenario *scenario)
{
    static const char *const members[] = { "requirement", "reason",      "cause", "event",
                                           "adapter",     "fingerprint", NULL };
    if (finding == NULL)
        return true;
    const size_t outer = scenario_enter(loader, "finding");
    if (!cJSON_IsObject(finding))
        return scenario_refuse(loader, "an object is wanted, not %s", vpci_json_type_name(finding));
    struct vpci_finding *found = vpci_arena_take(loader->arena, 1, sizeof *found);
    const char *id = NULL;
    if (!scenario_only_members(loader, finding, members) ||
        (id = read_text(loader, finding, "requirement")) == NULL ||
        (found->reason = read_text(loader, finding, "reason")) == NULL ||
        (found->cause = read_text(loader, finding, "cause")) == NULL ||
        (found->event = read_text(loader, finding, "event")) == NULL ||
        (found->adapter = read_text(loader, finding, "adapter")) == NULL ||
        (found->fingerprint = read_text(loader, finding, "fingerprint")) == NULL || !check(loader, id, found))
        return false;
    scenario->finding = found;
    scenario_leave(loader, outer);
    return true;
}
