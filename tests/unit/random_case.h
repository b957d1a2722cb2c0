/* SPDX-License-Identifier: MIT */
/* tests/unit/random_case.h - long cases without a plan: steps of nearly every kind, with values that faults
 * like. */
#ifndef VPCI_RANDOM_CASE_H
#define VPCI_RANDOM_CASE_H

#include "harness/contents.h"
#include "harness/script.h"
#include "harness/step_ioctl.h"

static inline uint32_t random_below(uint64_t *random, uint32_t limit)
{
    return (uint32_t)(vpci_random_next(random) % limit);
}

/* A direct call or an IOCTL, of unique contents where it writes. */
static inline void random_transfer(struct vpci_script *script, struct vpci_step *step, bool writes,
                                   bool by_ioctl, uint32_t block, uint32_t length)
{
    static const uint8_t nothing[VPCI_EVENT_DATA_BYTES_MAX];
    struct vpci_event *event = &step->event;
    event->fields =
        VPCI_F(VF) | (by_ioctl ? VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH) | VPCI_F(DATA)
                               : VPCI_F(BLOCK) | VPCI_F(LENGTH) | (writes ? VPCI_F(DATA) : 0));
    step->data_source = writes ? VPCI_DATA_UNIQUE : VPCI_DATA_GIVEN;
    event->data = nothing;
    if (!by_ioctl) {
        event->kind = writes ? VPCI_EVENT_WRITE : VPCI_EVENT_READ;
        event->block = block;
        event->length = length;
        event->data_length = writes ? length : 0;
        return;
    }
    uint8_t bytes[VPCI_EVENT_DATA_BYTES_MAX] = { 0 };
    event->kind = VPCI_EVENT_IOCTL;
    event->code = writes ? VPCI_IOCTL_WRITE_BLOCK : VPCI_IOCTL_READ_BLOCK;
    event->input_length = (uint32_t)vpci_ioctl_usual_input_length(event->code, length);
    event->output_length = vpci_ioctl_usual_output_length(event->code, length);
    vpci_store_u32(bytes, block);
    vpci_store_u32(bytes + 4, length);
    event->data_length = event->input_length;
    event->data = vpci_script_keep(script, bytes, event->data_length);
    step->data_from = 8;
    if (event->data_length <= 8)
        step->data_source = VPCI_DATA_GIVEN;
}

static inline void random_invalidate(struct vpci_step *step)
{
    static const uint8_t fill[8] = { 0xC5, 0xC5, 0xC5, 0xC5, 0xC5, 0xC5, 0xC5, 0xC5 };
    step->event.kind = VPCI_EVENT_IOCTL;
    step->event.code = VPCI_IOCTL_INVALIDATE_BLOCK;
    step->event.fields =
        VPCI_F(VF) | VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH) | VPCI_F(DATA);
    step->event.input_length = step->event.data_length = sizeof fill;
    step->event.data = fill;
}

static inline uint32_t random_length(uint64_t *random)
{
    static const uint32_t special[] = { 1, 8, 77, 77, 128, 101 };
    return random_below(random, 2) == 0 ? special[random_below(random, 6)] : 1 + random_below(random, 128);
}

/* What is rare in a case, but what some faults need. */
static inline void random_rarity(struct vpci_script *script, uint64_t *random, struct vpci_step *step)
{
    static const enum vpci_event_kind kinds[] = { VPCI_EVENT_REMOVE,        VPCI_EVENT_QUERY_INTERFACE,
                                                  VPCI_EVENT_LOW_RESOURCES, VPCI_EVENT_IOCTL,
                                                  VPCI_EVENT_READ,          VPCI_EVENT_PF_READ_RETURN };
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    struct vpci_event *event = &step->event;
    event->kind = kinds[random_below(random, sizeof kinds / sizeof kinds[0])];
    event->fields = vpci_event_info[event->kind].required & ~VPCI_F(REQUEST);
    event->guid = standard;
    event->size = random_below(random, 2) == 0 ? 56 : (uint16_t)random_below(random, 80);
    event->version = (uint16_t)random_below(random, 3);
    event->length = 1 + random_below(random, 2);
    event->call = random_below(random, 4);
    if (event->kind == VPCI_EVENT_READ) {
        const bool by_ioctl = random_below(random, 2) == 0;
        const bool writes = random_below(random, 2) == 0;
        const uint32_t block = random_below(random, 3);
        random_transfer(script, step, writes, by_ioctl, block, 100 + random_below(random, 200));
        if (by_ioctl) {
            event->input_length = 8 + random_below(random, 12);
            event->data_length =
                event->input_length < event->data_length ? event->input_length : event->data_length;
            event->input_length = event->data_length;
            if (event->data_length <= 8)
                step->data_source = VPCI_DATA_GIVEN;
        }
    } else if (event->kind == VPCI_EVENT_IOCTL) {
        event->code = VPCI_CONTROL_CODE(random_below(random, 6));
        event->data = vpci_script_keep(script, "\0\0\0\0\0\0\0\0", 8);
        event->data_length = event->input_length = random_below(random, 9);
        event->output_length = random_below(random, 9);
    }
}

static inline void random_step(struct vpci_script *script, uint64_t *random, struct vpci_step *step)
{
    const uint32_t sort = random_below(random, 21);
    step->settle = random_below(random, 3) != 0;
    step->event.vf = (uint16_t)random_below(random, 4);
    step->event.context_vf = step->event.vf;
    if (sort < 9) {
        const uint32_t block =
            random_below(random, 8) == 0 ? (uint32_t)vpci_random_next(random) : random_below(random, 6);
        const bool writes = random_below(random, 3) == 0;
        const bool by_ioctl = random_below(random, 2) == 0;
        random_transfer(script, step, writes, by_ioctl, block, random_length(random));
    } else if (sort < 12) {
        random_invalidate(step);
    } else if (sort < 15) {
        step->event.kind = VPCI_EVENT_PF_INVALIDATE;
        step->event.fields = VPCI_F(VF) | VPCI_F(MASK);
        step->event.mask = vpci_random_next(random) & vpci_random_next(random);
    } else if (sort < 17) {
        step->event.kind = VPCI_EVENT_CANCEL;
        step->event.fields = VPCI_F(REQUEST);
        step->event.request = random_below(random, 6);
    } else if (sort < 18) {
        random_rarity(script, random, step);
    } else if (sort < 19) {
        step->event.kind = VPCI_EVENT_RESET;
        step->event.fields = VPCI_F(VF);
    } else {
        step->kind = VPCI_STEP_ANSWER;
        step->which = (enum vpci_answer_which)random_below(random, 3);
        step->nth = step->which == VPCI_ANSWER_NTH ? random_below(random, 3) : 0;
        step->answer.count = random_below(random, 3) == 0 ? random_below(random, 60) : UINT32_MAX;
    }
    if ((step->event.kind == VPCI_EVENT_IOCTL || step->event.kind == VPCI_EVENT_READ) &&
        step->kind == VPCI_STEP_EVENT && random_below(random, 3) == 0) {
        step->event.fields |= VPCI_F(REQUEST);
        step->event.request = random_below(random, 8);
    }
}

/* So many steps on four VFs. */
static inline void random_case(struct vpci_script *script, uint64_t *random, uint32_t steps)
{
    vpci_script_clear(script);
    script->test.vf_count = 4;
    script->test.pf_holds = random_below(random, 2) == 0;
    while (script->test.step_count < steps)
        random_step(script, random, vpci_script_add(script));
}

#endif
