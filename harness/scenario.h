/* SPDX-License-Identifier: MIT */
/* harness/scenario.h - scenario files in memory: loaded, checked, expanded into cases. docs/scenarios.md has
 * the format. */
#ifndef VPCI_SCENARIO_H
#define VPCI_SCENARIO_H

#include "harness/text.h"
#include "models/event.h"
#include "models/requirement.h"

enum { VPCI_ERROR_BYTES = 1024, VPCI_EXPECT_VALUES_MAX = 8, VPCI_CASE_STEPS_MAX = 4096 };

enum vpci_step_kind {
    VPCI_STEP_EVENT,       /* the kit does event */
    VPCI_STEP_ANSWER,      /* the PF answers an outstanding call */
    VPCI_STEP_EXPECT,      /* some event so far is like event */
    VPCI_STEP_EXPECT_NONE, /* none is */
};

enum vpci_pf_data { VPCI_DATA_UNIQUE, VPCI_DATA_ZEROS, VPCI_DATA_ONES, VPCI_DATA_FILL, VPCI_DATA_GIVEN };
enum vpci_answer_which { VPCI_ANSWER_NTH, VPCI_ANSWER_NEWEST, VPCI_ANSWER_ALL }; /* oldest is the 0-th */

/* How a PF callback is answered. */
struct vpci_pf_answer {
    vpci_ntstatus status;
    uint32_t count; /* bytes moved; UINT32_MAX: all */
    enum vpci_pf_data data;
    const uint8_t *given; /* data == VPCI_DATA_GIVEN */
    uint32_t given_length;
};

/* One value that an expect accepts for one field; several rows for a field are alternatives. */
struct vpci_expect_value {
    enum vpci_field field;
    uint64_t number;
};

struct vpci_step {
    enum vpci_step_kind kind;
    /* EVENT: what is sent. request absent in fields: the conductor takes the lowest free number. data is
     * ready unless data_source says that the conductor has to make it (unique contents). EXPECT: kind only.
     */
    struct vpci_event event;
    /* EVENT with data: UNIQUE means that the conductor fills unique contents into data from data_from on. */
    enum vpci_pf_data data_source;
    uint32_t data_from; /* bytes before it are given: the head of an IOCTL's input */
    bool settle;        /* wait for rest afterwards */
    bool has_inside;
    uint32_t inside; /* request whose completion sends this step */
    /* ANSWER */
    enum vpci_answer_which which;
    uint32_t nth;
    struct vpci_pf_answer answer;
    /* EXPECT */
    struct vpci_expect_value values[VPCI_EXPECT_VALUES_MAX];
    uint32_t value_count;
    enum vpci_requirement requirement; /* blamed when the expectation fails */
};

/* One case: a scenario with its parameters filled in. */
struct vpci_case {
    const char *name;
    const struct vpci_scenario *scenario; /* NULL: of none; then there is no purpose to be reached */
    struct vpci_step *steps;              /* repeats unrolled */
    uint32_t step_count;
    uint16_t vf_count;
    bool start_automatically;
    bool pf_holds;
    struct vpci_pf_answer pf;
    vpci_capability_set needs[VPCI_ROLE_COUNT]; /* of the implementation, by role */
};

/* How and on what a shrunk scenario was found: the member "finding" of its file. Strings are borrowed. */
struct vpci_finding {
    enum vpci_requirement requirement;
    const char *reason;      /* what was wrong with the offending event */
    const char *cause;       /* "violation", or the name of a vpci_failure */
    const char *event;       /* name of the offending event's kind */
    const char *adapter;     /* as the user gave it */
    const char *fingerprint; /* see vpci_fingerprint() */
};

enum { VPCI_FINDING_TEXT_BYTES_MAX = 1023 }; /* of its reason and adapter, each */

struct vpci_scenario; /* owned by the suite */
const char *vpci_scenario_name(const struct vpci_scenario *scenario);
const char *vpci_scenario_purpose(const struct vpci_scenario *scenario);
uint32_t vpci_scenario_roles(const struct vpci_scenario *scenario); /* bit VPCI_ROLE_x */
const struct vpci_requirement_set *vpci_scenario_requirements(const struct vpci_scenario *scenario);
/* The capability, one bit, that has to be refused where it is not claimed; 0: it is no probe. */
vpci_capability_set vpci_scenario_refuses(const struct vpci_scenario *scenario);
/* NULL: it was written, not found. Lives as long as the suite. */
const struct vpci_finding *vpci_scenario_finding(const struct vpci_scenario *scenario);
uint32_t vpci_scenario_case_count(const struct vpci_scenario *scenario);
const char *vpci_scenario_text(const struct vpci_scenario *scenario); /* of its file; JSON, without NUL */
const char *
vpci_scenario_digest(const struct vpci_scenario *scenario); /* SHA-256 of its bytes, hexadecimal */

/* All scenarios of a corpus, in order of their names, with the plan of their cases. */
struct vpci_suite;

/* Loads every *.json below path (a folder), or the one file at path. Everything is checked, every expansion
 * included; the first mistake is an error "file: /json/pointer: reason". An empty corpus is an error. NULL on
 * error. */
struct vpci_suite *vpci_suite_load(const char *path, char error[VPCI_ERROR_BYTES]);
/* The same of one scenario's text at hand; name is the scenario's, and stands for the file in errors. */
struct vpci_suite *vpci_suite_load_bytes(const char *name, const char *bytes, size_t length,
                                         char error[VPCI_ERROR_BYTES]);
void vpci_suite_free(struct vpci_suite *suite);

uint32_t vpci_suite_scenario_count(const struct vpci_suite *suite);
const struct vpci_scenario *vpci_suite_scenario(const struct vpci_suite *suite, uint32_t index);

/* Patterns of names: * is any run of characters, ? any one; names of cases have brackets, so those are plain.
 */
bool vpci_is_glob(const char *pattern);
bool vpci_glob_matches(const char *pattern, const char *name);

/* Keeps only cases whose name contains the pattern, or matches it as a glob when it has * or ? . Returns how
 * many. */
uint32_t vpci_suite_select(struct vpci_suite *suite, const char *pattern);
uint32_t vpci_suite_case_count(const struct vpci_suite *suite);
const char *
vpci_suite_digest(const struct vpci_suite *suite); /* SHA-256 over names and bytes of all scenarios loaded */

/* Fills in case number index (0...count-1). The case and all it points to are valid until the next call with
 * the same scratch; scratch is zero-initialised before first use and freed with vpci_case_scratch_free. Fast:
 * no JSON is parsed. */
struct vpci_case_scratch {
    void *memory;
    size_t capacity;
};
void vpci_suite_case(const struct vpci_suite *suite, uint32_t index, struct vpci_case_scratch *scratch,
                     struct vpci_case *case_out);
const struct vpci_scenario *vpci_suite_case_scenario(const struct vpci_suite *suite, uint32_t index);
const char *vpci_suite_case_name(const struct vpci_suite *suite, uint32_t index);
void vpci_case_scratch_free(struct vpci_case_scratch *scratch);

#endif
