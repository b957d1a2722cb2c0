/* SPDX-License-Identifier: MIT */
/* harness/fingerprint.c - the shape of a shrunk case and the name of the fault behind it. Shrinking brings
 * every number to the minimum of its class where the fault lets it; so a number that is such a minimum says
 * nothing, and one that is not belongs to the fault. */
#include "harness/shrink.h"

#include <inttypes.h>
#include <string.h>

#include "harness/allocate.h"
#include "harness/event_field.h"
#include "harness/event_json.h"
#include "harness/step_ioctl.h"
#include "harness/step_links.h"

static const char *name_of_kind(const struct vpci_step *step)
{
    if (step->kind == VPCI_STEP_ANSWER)
        return "answer";
    if (step->kind == VPCI_STEP_EXPECT)
        return "expect";
    if (step->kind == VPCI_STEP_EXPECT_NONE)
        return "expect_none";
    const bool is_ioctl = step->event.kind == VPCI_EVENT_IOCTL;
    const char *code = is_ioctl ? vpci_control_code_name(step->event.code) : NULL;
    return code != NULL ? code : vpci_event_info[step->event.kind].name;
}

/* "", "0", "1..7", "8..128" or the value, where it is no minimum of its class. */
static void add_length(struct vpci_text *text, const char *name, uint32_t length)
{
    const bool is_least = length == 1 || length == 8 || length == VPCI_BLOCK_BYTES_MAX;
    const char *class = length == 0                      ? "0"
                        : length < 8                     ? "1..7"
                        : length <= VPCI_BLOCK_BYTES_MAX ? "8..128"
                                                         : "above";
    vpci_text_addf(text, " %s %s", name, class);
    if (!is_least && length != 0)
        vpci_text_addf(text, "=%" PRIu32, length);
}

static void add_forced(struct vpci_text *text, const char *name, uint64_t value, uint64_t least)
{
    if (value != least)
        vpci_text_addf(text, " %s=%" PRIu64, name, value);
}

static void add_ioctl(struct vpci_text *text, const struct vpci_step *step)
{
    const struct vpci_event *event = &step->event;
    struct vpci_ioctl_layout layout;
    if (vpci_ioctl_has_layout(step, &layout)) {
        add_forced(text, "block", layout.block, 0);
        add_length(text, "length", layout.length);
        add_forced(text, "payload", (uint64_t)layout.word, VPCI_DATA_UNIQUE);
        add_forced(text, "input_length", event->input_length,
                   vpci_ioctl_usual_input_length(event->code, layout.length));
        add_forced(text, "output_length", event->output_length,
                   vpci_ioctl_usual_output_length(event->code, layout.length));
        return;
    }
    add_forced(text, "input_length", event->input_length, vpci_ioctl_usual_input_length(event->code, 0));
    add_forced(text, "output_length", event->output_length, 0);
}

static void add_answer(struct vpci_text *text, const struct vpci_pf_answer *answer)
{
    add_forced(text, "status", answer->status, VPCI_STATUS_SUCCESS);
    add_forced(text, "count", answer->count, UINT32_MAX);
    add_forced(text, "data", (uint64_t)answer->data, VPCI_DATA_UNIQUE);
}

static void add_event(struct vpci_text *text, const struct vpci_step *step)
{
    const struct vpci_event *event = &step->event;
    const uint32_t named = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(LENGTH) | VPCI_F(BLOCK) | VPCI_F(MASK) |
                           VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH) | VPCI_F(DATA) |
                           VPCI_F(GUID);
    if ((event->fields & VPCI_F(VF)) != 0)
        vpci_text_addf(text, " vf %u", event->vf);
    if ((event->fields & VPCI_F(BLOCK)) != 0)
        add_forced(text, "block", event->block, 0);
    if ((event->fields & VPCI_F(LENGTH)) != 0)
        add_length(text, "length", event->length);
    if ((event->fields & VPCI_F(MASK)) != 0)
        add_forced(text, "mask", event->mask, 1);
    if (event->kind == VPCI_EVENT_IOCTL)
        add_ioctl(text, step);
    else if ((event->fields & VPCI_F(DATA)) != 0)
        add_forced(text, "data", (uint64_t)step->data_source, VPCI_DATA_UNIQUE);
    for (uint32_t left = event->fields & ~named; left != 0; left &= left - 1) {
        const enum vpci_field field = (enum vpci_field)__builtin_ctz(left);
        vpci_text_addf(text, " %s=%" PRIu64, vpci_field_info[field].name, vpci_field_load(event, field));
    }
}

static void add_links(struct vpci_text *text, const struct vpci_step *step, const struct vpci_step_link *link,
                      uint32_t at)
{
    if (vpci_step_refers(step) && link->about != VPCI_NO_STEP)
        vpci_text_addf(text, " about -%" PRIu32, at - link->about);
    else if (vpci_step_refers(step) && !step->has_inside)
        vpci_text_add(text, " about nothing");
    if (step->has_inside && link->inside != VPCI_NO_STEP)
        vpci_text_addf(text, " inside -%" PRIu32, at - link->inside);
    else if (step->has_inside)
        vpci_text_add(text, " inside nothing");
    if (!step->settle)
        vpci_text_add(text, " at once");
}

void vpci_shape_print(struct vpci_text *text, const struct vpci_case *test)
{
    struct vpci_step_link *links = vpci_need_memory(malloc((test->step_count + 1) * sizeof *links));
    vpci_step_links(test, links);
    vpci_text_addf(text, "vfs %u%s%s", test->vf_count, test->start_automatically ? "" : " unstarted",
                   test->pf_holds ? " held" : "");
    add_answer(text, &test->pf);
    vpci_text_add(text, "\n");
    for (uint32_t i = 0; i < test->step_count; i++) {
        const struct vpci_step *step = &test->steps[i];
        vpci_text_add(text, name_of_kind(step));
        if (step->kind == VPCI_STEP_EVENT) {
            add_event(text, step);
            add_links(text, step, &links[i], i);
        } else if (step->kind == VPCI_STEP_ANSWER) {
            vpci_text_addf(text, " %s %" PRIu32,
                           step->which == VPCI_ANSWER_NEWEST ? "newest"
                           : step->which == VPCI_ANSWER_ALL  ? "all"
                                                             : "nth",
                           step->nth);
            add_answer(text, &step->answer);
            vpci_text_add(text, step->settle ? "" : " at once");
        } else {
            vpci_text_addf(text, " %s %s", vpci_event_info[step->event.kind].name,
                           vpci_requirement_info[step->requirement].id);
        }
        vpci_text_add(text, "\n");
    }
    free(links);
}

void vpci_fingerprint(char text[VPCI_SHA256_TEXT_BYTES], enum vpci_requirement requirement,
                      const struct vpci_case *test)
{
    struct vpci_text shape = { 0 };
    vpci_text_addf(&shape, "%s\n",
                   requirement == VPCI_REQUIREMENT_NONE ? "none" : vpci_requirement_info[requirement].id);
    vpci_shape_print(&shape, test);
    vpci_digest_of_bytes(shape.bytes, shape.length, text);
    vpci_text_free(&shape);
}
