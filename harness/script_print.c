/* SPDX-License-Identifier: MIT */
/* harness/script_print.c - a case as a scenario file: one step a line, members in a fixed order, those with
 * their default left out, runs of equal steps as a repeat. */
#include <stdio.h>
#include <string.h>

#include "harness/event_field.h"
#include "harness/event_json.h"
#include "harness/script.h"
#include "harness/step_ioctl.h"

enum { GROUP_STEPS_MAX = 8 }; /* longest run of steps that a repeat is looked for in */

static const char *const data_words[] = {
    [VPCI_DATA_UNIQUE] = "unique", [VPCI_DATA_ZEROS] = "zeros", [VPCI_DATA_ONES] = "ones",
    [VPCI_DATA_FILL] = "fill",     [VPCI_DATA_GIVEN] = NULL,
};

/* ---- members ---- */

static void add_name(struct vpci_text *text, const char *name)
{
    const bool first = text->bytes[text->length - 1] == '{';
    vpci_text_addf(text, "%s\"%s\": ", first ? "" : ", ", name);
}

static void add_word(struct vpci_text *text, const char *name, const char *word)
{
    add_name(text, name);
    vpci_text_addf(text, "\"%s\"", word);
}

static void add_number(struct vpci_text *text, const char *name, uint64_t number)
{
    add_name(text, name);
    vpci_text_add_u64(text, number);
}

static void add_hex_bytes(struct vpci_text *text, const char *name, const uint8_t *bytes, uint32_t length)
{
    add_name(text, name);
    vpci_text_add(text, "\"");
    vpci_text_add_hex_bytes(text, bytes, length);
    vpci_text_add(text, "\"");
}

/* One value of a field: as the codec has it, and names where it has numbers. */
static void add_value(struct vpci_text *text, const struct vpci_event *event, enum vpci_field field)
{
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    const char *name = field == VPCI_FIELD_CODE ? vpci_control_code_name(event->code) : NULL;
    if (field == VPCI_FIELD_GUID && memcmp(&event->guid, &standard, sizeof standard) == 0)
        name = "interface_standard";
    if (name != NULL)
        vpci_text_addf(text, "\"%s\"", name);
    else
        vpci_field_print(text, event, field);
}

static void add_field(struct vpci_text *text, const struct vpci_event *event, enum vpci_field field)
{
    add_name(text, vpci_field_info[field].name);
    add_value(text, event, field);
}

/* ---- steps ---- */

/* The word for the step's data, or NULL when they have to be given. */
static const char *word_of_data(const struct vpci_step *step)
{
    const bool has_byte = step->data_source != VPCI_DATA_UNIQUE && step->data_source != VPCI_DATA_GIVEN;
    const uint8_t byte = step->data_source == VPCI_DATA_ZEROS  ? 0x00
                         : step->data_source == VPCI_DATA_ONES ? 0xFF
                                                               : VPCI_FILL_BYTE;
    if (has_byte && !vpci_bytes_are(step->event.data, step->event.data_length, byte))
        return NULL;
    return data_words[step->data_source];
}

static void add_data(struct vpci_text *text, const struct vpci_step *step)
{
    const char *word = word_of_data(step);
    if (word == NULL)
        add_hex_bytes(text, "data", step->event.data, step->event.data_length);
    else
        add_word(text, "data", word);
}

/* What lies at the input of an IOCTL that is no READ or WRITE and has no `data`. */
static bool is_padding(const struct vpci_step *step)
{
    const struct vpci_event *event = &step->event;
    const uint8_t padding = event->code == VPCI_IOCTL_INVALIDATE_BLOCK ? VPCI_FILL_BYTE : 0;
    const bool transfers = event->code == VPCI_IOCTL_READ_BLOCK || event->code == VPCI_IOCTL_WRITE_BLOCK;
    return !transfers && step->data_source != VPCI_DATA_UNIQUE &&
           vpci_bytes_are(event->data, event->data_length, padding);
}

static void add_input(struct vpci_text *text, const struct vpci_step *step)
{
    const struct vpci_event *event = &step->event;
    struct vpci_ioctl_layout layout;
    uint64_t input_length = 0;
    uint32_t output_length = 0;
    if (vpci_ioctl_has_layout(step, &layout)) {
        add_number(text, "block", layout.block);
        add_number(text, "length", layout.length);
        if (layout.word == VPCI_DATA_GIVEN)
            add_hex_bytes(text, "payload", layout.bytes, layout.byte_count);
        else if (layout.word != VPCI_DATA_UNIQUE)
            add_word(text, "payload", data_words[layout.word]);
        input_length = vpci_ioctl_usual_input_length(event->code, layout.length);
        output_length = vpci_ioctl_usual_output_length(event->code, layout.length);
    } else if (is_padding(step)) {
        input_length = vpci_ioctl_usual_input_length(event->code, 0);
    } else {
        add_data(text, step);
        /* A word takes its length from the input's, so that has to be said. */
        input_length = word_of_data(step) == NULL ? event->data_length : UINT64_MAX;
    }
    if (event->input_length != input_length)
        add_number(text, "input_length", event->input_length);
    if (event->output_length != output_length)
        add_number(text, "output_length", event->output_length);
}

static void add_ioctl(struct vpci_text *text, const struct vpci_step *step)
{
    static const enum vpci_field last[] = { VPCI_FIELD_MAJOR, VPCI_FIELD_USER_EVENT, VPCI_FIELD_IRQL };
    add_field(text, &step->event, VPCI_FIELD_CODE);
    add_input(text, step);
    for (size_t i = 0; i < sizeof last / sizeof last[0]; i++) {
        if ((step->event.fields >> last[i] & 1u) != 0)
            add_field(text, &step->event, last[i]);
    }
}

/* Fields other than data, in the order of the table. */
static void add_fields(struct vpci_text *text, const struct vpci_event *event)
{
    for (uint32_t left = event->fields & ~(VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(DATA)); left != 0;
         left &= left - 1)
        add_field(text, event, (enum vpci_field)__builtin_ctz(left));
}

static void add_event(struct vpci_text *text, const struct vpci_step *step)
{
    const struct vpci_event *event = &step->event;
    const bool has_data = (event->fields & VPCI_F(DATA)) != 0;
    add_word(text, "event", vpci_event_info[event->kind].name);
    if ((event->fields & VPCI_F(VF)) != 0 && event->vf != 0)
        add_field(text, event, VPCI_FIELD_VF);
    if ((event->fields & VPCI_F(REQUEST)) != 0)
        add_field(text, event, VPCI_FIELD_REQUEST);
    if (event->kind == VPCI_EVENT_IOCTL) {
        add_ioctl(text, step);
    } else {
        add_fields(text, event);
        if (has_data && (event->kind != VPCI_EVENT_WRITE || step->data_source != VPCI_DATA_UNIQUE))
            add_data(text, step);
        if (has_data && event->kind != VPCI_EVENT_WRITE && word_of_data(step) != NULL)
            add_number(text, "length", event->data_length);
    }
    if (step->has_inside)
        add_number(text, "inside", step->inside);
}

/* What an answer says that differs from what the PF says by itself. */
static void add_answer_members(struct vpci_text *text, const struct vpci_pf_answer *answer,
                               const struct vpci_pf_answer *usual)
{
    const struct vpci_event event = { .status = answer->status };
    const bool as_usual =
        answer->data == usual->data && answer->given_length == usual->given_length &&
        (answer->given_length == 0 || memcmp(answer->given, usual->given, answer->given_length) == 0);
    if (answer->status != usual->status)
        add_field(text, &event, VPCI_FIELD_STATUS);
    if (answer->count != usual->count)
        add_number(text, "count", answer->count);
    if (as_usual)
        return;
    if (answer->data == VPCI_DATA_GIVEN)
        add_hex_bytes(text, "data", answer->given, answer->given_length);
    else
        add_word(text, "data", data_words[answer->data]);
}

static void add_answer(struct vpci_text *text, const struct vpci_step *step,
                       const struct vpci_pf_answer *usual)
{
    if (step->which == VPCI_ANSWER_NTH && step->nth != 0)
        add_number(text, "answer", step->nth);
    else
        add_word(text, "answer",
                 step->which == VPCI_ANSWER_ALL      ? "all"
                 : step->which == VPCI_ANSWER_NEWEST ? "newest"
                                                     : "oldest");
    add_answer_members(text, &step->answer, usual);
}

/* Several values of a field are neighbours and become a list. */
static void add_expectation(struct vpci_text *text, const struct vpci_step *step)
{
    add_name(text, step->kind == VPCI_STEP_EXPECT ? "expect" : "expect_none");
    vpci_text_add(text, "{");
    add_word(text, "event", vpci_event_info[step->event.kind].name);
    for (uint32_t i = 0; i < step->value_count;) {
        const enum vpci_field field = step->values[i].field;
        uint32_t count = 1;
        while (i + count < step->value_count && step->values[i + count].field == field)
            count++;
        add_name(text, vpci_field_info[field].name);
        vpci_text_add(text, count > 1 ? "[" : "");
        for (uint32_t k = 0; k < count; k++) {
            struct vpci_event event = { 0 };
            vpci_field_store(&event, field, step->values[i + k].number);
            vpci_text_add(text, k == 0 ? "" : ", ");
            add_value(text, &event, field);
        }
        vpci_text_add(text, count > 1 ? "]" : "");
        i += count;
    }
    vpci_text_add(text, "}");
    add_word(text, "requirement", vpci_requirement_info[step->requirement].id);
}

static void add_step(struct vpci_text *text, const struct vpci_step *step, const struct vpci_pf_answer *usual)
{
    vpci_text_add(text, "{");
    if (step->kind == VPCI_STEP_EVENT)
        add_event(text, step);
    else if (step->kind == VPCI_STEP_ANSWER)
        add_answer(text, step, usual);
    else
        add_expectation(text, step);
    if (!step->settle && step->kind <= VPCI_STEP_ANSWER)
        vpci_text_add(text, ", \"settle\": false");
    vpci_text_add(text, "}");
}

/* ---- repeats ---- */

static bool equal_groups(const struct vpci_case *test, uint32_t one, uint32_t other, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!vpci_step_equal(&test->steps[one + i], &test->steps[other + i]))
            return false;
    }
    return true;
}

static uint32_t count_repeats(const struct vpci_case *test, uint32_t at, uint32_t group)
{
    uint32_t times = 1;
    while (at + (times + 1) * group <= test->step_count && equal_groups(test, at, at + times * group, group))
        times++;
    return times;
}

/* How many steps from `at` on are best repeated, and how often: what covers most, of that the shortest. Two
 * equal neighbours stay as they are. */
static uint32_t choose_group(const struct vpci_case *test, uint32_t at, uint32_t *times_out)
{
    uint32_t best = 1, covered = 2;
    *times_out = 1;
    for (uint32_t group = 1; group <= GROUP_STEPS_MAX && at + 2 * group <= test->step_count; group++) {
        const uint32_t times = count_repeats(test, at, group);
        if (times > 1 && times * group > covered) {
            best = group;
            covered = times * group;
            *times_out = times;
        }
    }
    return best;
}

static void add_group(struct vpci_text *text, const struct vpci_case *test, uint32_t at, uint32_t count,
                      const char *indent)
{
    for (uint32_t i = 0; i < count; i++) {
        vpci_text_addf(text, "%s%s", i == 0 ? "" : ",\n", indent);
        add_step(text, &test->steps[at + i], &test->pf);
    }
}

static void add_steps(struct vpci_text *text, const struct vpci_case *test)
{
    vpci_text_add(text, "  \"steps\": [\n");
    for (uint32_t at = 0; at < test->step_count;) {
        uint32_t times;
        const uint32_t count = choose_group(test, at, &times);
        vpci_text_add(text, at == 0 ? "" : ",\n");
        if (times == 1) {
            add_group(text, test, at, count, "    ");
        } else {
            vpci_text_addf(text, "    {\n      \"repeat\": %u,\n      \"steps\": [\n", times);
            add_group(text, test, at, count, "        ");
            vpci_text_add(text, "\n      ]\n    }");
        }
        at += count * times;
    }
    vpci_text_add(text, "\n  ]\n");
}

/* ---- the head ---- */

static void add_requirements(struct vpci_text *text, const struct vpci_requirement_set *requirements)
{
    const char *separator = "";
    vpci_text_add(text, "  \"requirements\": [");
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (!vpci_requirement_has(requirements, (enum vpci_requirement)i))
            continue;
        vpci_text_addf(text, "%s\"%s\"", separator, vpci_requirement_info[i].id);
        separator = ", ";
    }
    vpci_text_add(text, "],\n");
}

/* Cut so that the loader takes it: a byte that is not UTF-8 becomes three. */
static void add_finding_text(struct vpci_text *text, const char *name, const char *string)
{
    char cut[VPCI_FINDING_TEXT_BYTES_MAX / 3 + 1];
    snprintf(cut, sizeof cut, "%s", string);
    vpci_text_addf(text, "    \"%s\": ", name);
    vpci_text_add_json(text, cut);
}

static void add_finding(struct vpci_text *text, const struct vpci_finding *finding)
{
    vpci_text_addf(text, "  \"finding\": {\n    \"requirement\": \"%s\",\n",
                   vpci_requirement_info[finding->requirement].id);
    add_finding_text(text, "reason", finding->reason);
    vpci_text_addf(text, ",\n    \"cause\": \"%s\",\n    \"event\": \"%s\",\n", finding->cause,
                   finding->event);
    add_finding_text(text, "adapter", finding->adapter);
    vpci_text_addf(text, ",\n    \"fingerprint\": \"%s\"\n  },\n", finding->fingerprint);
}

static void add_device(struct vpci_text *text, const struct vpci_case *test)
{
    static const struct vpci_pf_answer plain = { .status = VPCI_STATUS_SUCCESS, .count = UINT32_MAX };
    if (test->vf_count != 1)
        vpci_text_addf(text, "  \"device\": {\"vfs\": %u},\n", test->vf_count);
    vpci_text_add(text, "  \"pf\": {");
    const size_t start = text->length;
    if (test->pf_holds)
        add_word(text, "answer", "hold");
    add_answer_members(text, &test->pf, &plain);
    if (text->length == start)
        text->length -= strlen("  \"pf\": {");
    else
        vpci_text_add(text, "},\n");
    if (!test->start_automatically)
        vpci_text_add(text, "  \"start\": \"manual\",\n");
}

void vpci_script_print(struct vpci_text *text, const struct vpci_case *test,
                       const struct vpci_script_head *head)
{
    vpci_text_add(text, "{\n  \"purpose\": ");
    vpci_text_add_json(text, head->purpose);
    vpci_text_add(text, ",\n");
    if (head->refuses != 0)
        vpci_text_addf(text, "  \"refuses\": \"%s\",\n",
                       vpci_capability_info[__builtin_ctz(head->refuses)].name);
    else
        add_requirements(text, head->requirements);
    if (head->role != VPCI_ROLE_BUS)
        vpci_text_addf(text, "  \"roles\": [\"%s\"],\n", vpci_role_info[head->role].name);
    if (head->finding != NULL)
        add_finding(text, head->finding);
    add_device(text, test);
    add_steps(text, test);
    vpci_text_add(text, "}\n");
}
