/* SPDX-License-Identifier: MIT */
/* harness/scenario_internal.h - a scenario between its text and its cases, shared by the scenario_*.c files.
 *
 * Loading compiles every value of the text to a source: a literal, or a parameter with one checked value for
 * each value that `vary` lists. A case is then made by copying numbers; nothing is parsed any more. */
#ifndef VPCI_SCENARIO_INTERNAL_H
#define VPCI_SCENARIO_INTERNAL_H

#include <cjson/cJSON.h>

#include "harness/arena.h"
#include "harness/covering.h"
#include "harness/file.h"
#include "harness/scenario.h"

enum {
    SCENARIO_FILE_BYTES_MAX = 1 << 20,
    SCENARIO_CASES_MAX = 100000,
    SCENARIO_STEPS_MAX = 4000000,  /* of all cases of one scenario together: bounds the time to check them */
    SCENARIO_VALUES_MAX = 4000000, /* in the tables of all sources of one scenario */
    SCENARIO_LABEL_BYTES_MAX = 64, /* of a parameter's value in the name of a case */
    SCENARIO_POINTER_BYTES = 160,
    SCENARIO_REASON_BYTES = 176,
};

#define SCENARIO_LITERAL UINT32_MAX /* instead of the index of a parameter */

/* A checked value: a number, or bytes. */
struct scenario_value {
    uint64_t number;
    const uint8_t *bytes; /* GIVEN data, or the 16 bytes of a GUID */
    uint32_t byte_count;
    enum vpci_pf_data data;
};

struct scenario_source {
    const struct scenario_value *values; /* one, or as many as the parameter has */
    uint32_t parameter;                  /* index, or SCENARIO_LITERAL; values == NULL: not given */
};

/* What a value has to be. */
struct scenario_word {
    const char *name; /* NULL ends a list */
    uint64_t number;
};
struct scenario_form {
    enum {
        SCENARIO_FORM_FIELD,  /* of an event, by its type */
        SCENARIO_FORM_BYTES,  /* hexadecimal or a keyword */
        SCENARIO_FORM_NUMBER, /* minimum...maximum, or one of words */
        SCENARIO_FORM_WORD,   /* one of words */
        SCENARIO_FORM_BOOL,
    } kind;
    enum vpci_field field;
    uint64_t minimum, maximum;
    const struct scenario_word *words; /* may be NULL */
};

/* What a setting of a step sets: a field of the event (0...VPCI_FIELD_COUNT-1) or one of these. */
enum scenario_target {
    SCENARIO_PAYLOAD = VPCI_FIELD_COUNT,
    SCENARIO_SETTLE,
    SCENARIO_INSIDE,
    SCENARIO_WHICH,
    SCENARIO_ANSWER_STATUS,
    SCENARIO_ANSWER_COUNT,
    SCENARIO_ANSWER_DATA,
    SCENARIO_EXPECTED, /* one more value that an expect accepts */
    SCENARIO_TARGET_COUNT,
};
/* Values of SCENARIO_WHICH: 0...VPCI_CALLS_MAX-1, or */
enum { SCENARIO_WHICH_NEWEST = VPCI_CALLS_MAX, SCENARIO_WHICH_ALL };

struct scenario_setting {
    uint32_t target;
    enum vpci_field field; /* SCENARIO_EXPECTED: of the event looked for */
    struct scenario_source source;
};

struct scenario_step {
    const char *pointer; /* JSON pointer, for errors */
    enum vpci_step_kind kind;
    enum vpci_event_kind event_kind;
    enum vpci_requirement requirement;
    struct scenario_setting *settings;
    uint32_t setting_count;
};

/* A step, or a repeat with its steps. */
struct scenario_group {
    const char *pointer;
    struct scenario_source times; /* values == NULL: once */
    struct scenario_step *steps;
    uint32_t step_count;
};

struct scenario_answer {
    struct scenario_source status, count, data;
};

struct vpci_scenario {
    const char *name, *purpose;
    uint32_t roles;
    struct vpci_requirement_set requirements;
    vpci_capability_set capabilities; /* named in the text */
    vpci_capability_set refuses;      /* one bit, or 0 */
    struct scenario_source vfs, start, holds;
    struct scenario_answer pf;
    struct scenario_group *groups;
    uint32_t group_count;
    const struct vpci_finding *finding; /* NULL: written, not found */
    struct vpci_covering plan;
    const char **case_names;
    const char *text; /* of its file */
    char digest[VPCI_SHA256_TEXT_BYTES];
};

/* A parameter of `vary`, during loading. */
struct scenario_parameter {
    const char *name;
    uint32_t count;
    const cJSON **values; /* NULL: the range from, from + step, ... */
    uint64_t from, step;
    bool used;
};

/* The state of loading one scenario. */
struct scenario_loader {
    struct vpci_arena *arena; /* of the suite: everything in the scenario lives there */
    const char *file;
    char *error; /* VPCI_ERROR_BYTES */
    char pointer[SCENARIO_POINTER_BYTES];
    struct scenario_parameter parameters[VPCI_COVERING_PARAMETERS_MAX];
    uint32_t parameter_count;
    uint64_t value_count; /* in tables so far */
};

/* Writes "file: pointer: reason" to the error. Always returns false. */
bool scenario_refuse(struct scenario_loader *loader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool scenario_refuse_at(struct scenario_loader *loader, const char *member, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Goes to a member or element in the pointer; the result is handed to scenario_leave. */
size_t scenario_enter(struct scenario_loader *loader, const char *member);
size_t scenario_enter_index(struct scenario_loader *loader, uint32_t index);
void scenario_leave(struct scenario_loader *loader, size_t length);

/* scenario_vary.c: the parameters, their plan, the names of cases. */
bool scenario_read_vary(struct scenario_loader *loader, const cJSON *vary);
bool scenario_make_plan(struct scenario_loader *loader, const cJSON *cover, struct vpci_scenario *scenario);
bool scenario_all_used(struct scenario_loader *loader);
/* Value number index of a parameter, which may have to be made: then in scratch and digits. */
const cJSON *scenario_parameter_value(const struct scenario_parameter *parameter, uint32_t index,
                                      cJSON *scratch, char digits[32]);

/* scenario_value.c: one value of the text, which lies at the loader's pointer, to a source. */
bool scenario_read_source(struct scenario_loader *loader, const struct scenario_form *form, const cJSON *json,
                          struct scenario_source *source);

/* scenario_steps.c: the steps of the text. */
bool scenario_read_steps(struct scenario_loader *loader, const cJSON *steps, struct vpci_scenario *scenario);
/* Reads member `name` of object, when it is there, as a source of the given form. */
bool scenario_read_member(struct scenario_loader *loader, const cJSON *object, const char *name,
                          const struct scenario_form *form, struct scenario_source *source);
/* Refuses members that are not in the list, which ends in NULL. */
bool scenario_only_members(struct scenario_loader *loader, const cJSON *object, const char *const *names);
extern const struct scenario_form scenario_status_form, scenario_count_form, scenario_bytes_form;

/* scenario_finding.c: how it was found, where it was. */
bool scenario_read_finding(struct scenario_loader *loader, const cJSON *finding,
                           struct vpci_scenario *scenario);

/* scenario_load.c: the whole text. NULL on error. */
struct vpci_scenario *scenario_load(struct vpci_arena *arena, const char *file, const char *name,
                                    const char *bytes, size_t length, char error[VPCI_ERROR_BYTES]);
void scenario_free(struct vpci_scenario *scenario); /* what is not in the arena */

/* What is wrong with a case, found while making it. */
struct scenario_complaint {
    const char *pointer; /* of the step */
    const char *member;  /* "" for the step itself */
    char reason[SCENARIO_REASON_BYTES];
};

/* scenario_case.c: makes case number index. False, with the complaint, when its values do not go together; a
 * scenario that was loaded has no such case. */
bool scenario_make_case(const struct vpci_scenario *scenario, uint32_t index,
                        struct vpci_case_scratch *scratch, struct vpci_case *case_out,
                        struct scenario_complaint *complaint);

#endif
