/* SPDX-License-Identifier: MIT */
/* harness/scenario_vary.c - `vary` and `cover`: parameters, the plan of their combinations, and a name for
 * each case. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/json.h"
#include "harness/allocate.h"
#include "harness/scenario_internal.h"
#include "harness/text.h"

/* How a value shows in the name of a case: numbers in decimal, strings as they are, objects by "name" or
 * index. */
static void add_label(struct vpci_text *text, const struct scenario_parameter *parameter, uint32_t index)
{
    cJSON scratch;
    char digits[32];
    const cJSON *json = scenario_parameter_value(parameter, index, &scratch, digits);
    const cJSON *shown = cJSON_IsObject(json) ? cJSON_GetObjectItemCaseSensitive(json, "name") : json;
    if (shown == NULL)
        vpci_text_add_u64(text, index);
    else if (parameter->values == NULL)
        vpci_text_add_u64(text, parameter->from + index * parameter->step);
    else if (cJSON_IsString(shown))
        vpci_text_add(text, shown->valuestring);
    else if (cJSON_IsBool(shown))
        vpci_text_add(text, cJSON_IsTrue(shown) ? "true" : "false");
    else
        vpci_text_addf(text, "%.0f", shown->valuedouble);
}

static bool is_scalar(struct scenario_loader *loader, const cJSON *json)
{
    char reason[SCENARIO_REASON_BYTES];
    uint64_t number;
    if (cJSON_IsBool(json))
        return true;
    if (cJSON_IsString(json))
        return json->valuestring[0] != '$' ||
               scenario_refuse(loader, "a value of vary cannot stand for a parameter");
    if (cJSON_IsNumber(json))
        return vpci_json_integer(json, UINT64_MAX, &number, reason, sizeof reason) ||
               scenario_refuse(loader, "%s", reason);
    return scenario_refuse(loader, "%s cannot be a value", vpci_json_type_name(json));
}

static bool check_value(struct scenario_loader *loader, const cJSON *json)
{
    if (!cJSON_IsObject(json))
        return is_scalar(loader, json);
    if (json->child == NULL)
        return scenario_refuse(loader, "an object without members");
    for (const cJSON *member = json->child; member != NULL; member = member->next) {
        const size_t length = scenario_enter(loader, member->string);
        if (!is_scalar(loader, member))
            return false;
        scenario_leave(loader, length);
    }
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(json, "name");
    return name == NULL || cJSON_IsString(name) || scenario_refuse_at(loader, "name", "a string is wanted");
}

/* A label becomes part of a case's name, between '=' and ',' or ']'. */
static bool check_label(struct scenario_loader *loader, const char *label)
{
    if (label[0] == '\0' || strlen(label) > SCENARIO_LABEL_BYTES_MAX)
        return scenario_refuse(
            loader, "as part of a case's name a value has 1 to %d bytes; make it an object with a \"name\"",
            SCENARIO_LABEL_BYTES_MAX);
    for (const char *at = label; *at != '\0'; at++) {
        if (*at < 0x21 || *at > 0x7E || strchr("[],=*?", *at) != NULL)
            return scenario_refuse(
                loader, "as part of a case's name a value has no blanks, controls or any of []=,*?");
    }
    return true;
}

static int compare_labels(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Labels must be fit for names and differ from each other, or cases could not be told apart. */
static bool check_labels(struct scenario_loader *loader, const struct scenario_parameter *parameter)
{
    struct vpci_arena arena = { 0 };
    struct vpci_text text = { 0 };
    char **labels = vpci_arena_take(&arena, parameter->count, sizeof *labels);
    bool fine = true;
    for (uint32_t i = 0; fine && i < parameter->count; i++) {
        vpci_text_clear(&text);
        add_label(&text, parameter, i);
        const size_t length = scenario_enter_index(loader, i);
        fine = check_label(loader, text.bytes);
        if (fine)
            scenario_leave(loader, length);
        labels[i] = vpci_arena_copy(&arena, text.bytes, text.length);
    }
    if (fine)
        qsort(labels, parameter->count, sizeof *labels, compare_labels);
    for (uint32_t i = 1; fine && i < parameter->count; i++) {
        if (strcmp(labels[i - 1], labels[i]) == 0)
            fine = scenario_refuse(loader, "two values are called %s", labels[i]);
    }
    vpci_text_free(&text);
    vpci_arena_free(&arena);
    return fine;
}

static bool read_list(struct scenario_loader *loader, const cJSON *json, struct scenario_parameter *parameter)
{
    const uint32_t count = (uint32_t)cJSON_GetArraySize(json);
    if (count == 0)
        return scenario_refuse(loader, "an empty list");
    if (count > SCENARIO_CASES_MAX)
        return scenario_refuse(loader, "more than %d values", SCENARIO_CASES_MAX);
    parameter->count = count;
    parameter->values = vpci_arena_take(loader->arena, count, sizeof *parameter->values);
    uint32_t index = 0;
    for (const cJSON *value = json->child; value != NULL; value = value->next) {
        const size_t length = scenario_enter_index(loader, index);
        if (!check_value(loader, value))
            return false;
        scenario_leave(loader, length);
        parameter->values[index++] = value;
    }
    return check_labels(loader, parameter);
}

static bool read_range_end(struct scenario_loader *loader, const cJSON *json, const char *name,
                           uint64_t *number)
{
    char reason[SCENARIO_REASON_BYTES];
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(json, name);
    if (value == NULL)
        return scenario_refuse_at(loader, name, "missing");
    return vpci_json_integer(value, UINT64_MAX / 2, number, reason, sizeof reason) ||
           scenario_refuse_at(loader, name, "%s", reason);
}

static bool read_range(struct scenario_loader *loader, const cJSON *json,
                       struct scenario_parameter *parameter)
{
    static const char *const members[] = { "from", "to", "step", NULL };
    uint64_t to = 0;
    parameter->step = 1;
    if (!scenario_only_members(loader, json, members) ||
        !read_range_end(loader, json, "from", &parameter->from) || !read_range_end(loader, json, "to", &to))
        return false;
    if (cJSON_GetObjectItemCaseSensitive(json, "step") != NULL &&
        !read_range_end(loader, json, "step", &parameter->step))
        return false;
    if (parameter->step == 0)
        return scenario_refuse_at(loader, "step", "0 is below 1");
    if (to < parameter->from)
        return scenario_refuse(loader, "the range is empty: to is below from");
    const uint64_t more = (to - parameter->from) / parameter->step;
    if (more >= SCENARIO_CASES_MAX)
        return scenario_refuse(loader, "more than %d values", SCENARIO_CASES_MAX);
    parameter->count = (uint32_t)more + 1;
    return true;
}

static bool check_parameter_name(struct scenario_loader *loader, const char *name)
{
    const bool letter = (name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z');
    const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (!letter || name[length] != '\0' || length > SCENARIO_LABEL_BYTES_MAX)
        return scenario_refuse(loader, "a parameter's name is a letter and up to %d letters, digits or _",
                               SCENARIO_LABEL_BYTES_MAX - 1);
    return true;
}

bool scenario_read_vary(struct scenario_loader *loader, const cJSON *vary)
{
    if (vary == NULL)
        return true;
    const size_t outer = scenario_enter(loader, "vary");
    if (!cJSON_IsObject(vary))
        return scenario_refuse(loader, "an object is wanted, not %s", vpci_json_type_name(vary));
    for (const cJSON *member = vary->child; member != NULL; member = member->next) {
        if (loader->parameter_count == VPCI_COVERING_PARAMETERS_MAX)
            return scenario_refuse(loader, "more than %d parameters", VPCI_COVERING_PARAMETERS_MAX);
        struct scenario_parameter *parameter = &loader->parameters[loader->parameter_count++];
        const size_t inner = scenario_enter(loader, member->string);
        *parameter = (struct scenario_parameter){ .name = member->string };
        if (!check_parameter_name(loader, member->string))
            return false;
        if (cJSON_IsArray(member) ? !read_list(loader, member, parameter)
                                  : cJSON_IsObject(member) && !read_range(loader, member, parameter))
            return false;
        if (parameter->count == 0)
            return scenario_refuse(loader, "a list or a range is wanted, not %s",
                                   vpci_json_type_name(member));
        scenario_leave(loader, inner);
    }
    scenario_leave(loader, outer);
    return true;
}

static const char *make_case_name(struct scenario_loader *loader, const struct vpci_scenario *scenario,
                                  uint32_t index, struct vpci_text *text)
{
    if (loader->parameter_count == 0)
        return scenario->name;
    const uint32_t *row = scenario->plan.values + (size_t)index * scenario->plan.parameter_count;
    vpci_text_clear(text);
    vpci_text_add(text, scenario->name);
    for (uint32_t i = 0; i < loader->parameter_count; i++) {
        vpci_text_add(text, i == 0 ? "[" : ",");
        vpci_text_add(text, loader->parameters[i].name);
        vpci_text_add(text, "=");
        add_label(text, &loader->parameters[i], row[i]);
    }
    vpci_text_add(text, "]");
    return vpci_arena_copy(loader->arena, text->bytes, text->length);
}

bool scenario_make_plan(struct scenario_loader *loader, const cJSON *cover, struct vpci_scenario *scenario)
{
    static const struct scenario_word words[] = { { "all", VPCI_COVERING_ALL },
                                                  { "pairs", VPCI_COVERING_PAIRS },
                                                  { "triples", VPCI_COVERING_TRIPLES },
                                                  { NULL, 0 } };
    uint32_t strength = VPCI_COVERING_ALL, counts[VPCI_COVERING_PARAMETERS_MAX];
    if (cover != NULL) {
        const struct scenario_word *word = words;
        while (word->name != NULL && !(cJSON_IsString(cover) && strcmp(word->name, cover->valuestring) == 0))
            word++;
        if (word->name == NULL)
            return scenario_refuse_at(loader, "cover", "must be \"all\", \"pairs\" or \"triples\"");
        strength = (uint32_t)word->number;
    }
    for (uint32_t i = 0; i < loader->parameter_count; i++)
        counts[i] = loader->parameters[i].count;
    char reason[SCENARIO_REASON_BYTES];
    if (!vpci_covering_make(&scenario->plan, counts, loader->parameter_count, strength, SCENARIO_CASES_MAX,
                            reason, sizeof reason))
        return scenario_refuse_at(loader, "vary", "%s", reason);
    scenario->case_names =
        vpci_arena_take(loader->arena, scenario->plan.row_count, sizeof *scenario->case_names);
    struct vpci_text text = { 0 };
    for (uint32_t i = 0; i < scenario->plan.row_count; i++)
        scenario->case_names[i] = make_case_name(loader, scenario, i, &text);
    vpci_text_free(&text);
    return true;
}

bool scenario_all_used(struct scenario_loader *loader)
{
    const size_t length = scenario_enter(loader, "vary");
    for (uint32_t i = 0; i < loader->parameter_count; i++) {
        if (!loader->parameters[i].used)
            return scenario_refuse_at(loader, loader->parameters[i].name, "no step uses it");
    }
    scenario_leave(loader, length);
    return true;
}
