/* SPDX-License-Identifier: MIT */
/* harness/explore_letters.c - the alphabet: what the kit may do next while it explores. Each letter is one
 * step of a scenario. */
#include <string.h>

#include "harness/contents.h"
#include "harness/explore_internal.h"

/* Blocks at the edges of the mask, then their neighbours; one length, from which on contents are unique. */
static const uint32_t blocks[VPCI_EXPLORE_BLOCKS_MAX] = { 0, 63, 1, 62 };
enum { LENGTH = 8 };

static const uint8_t zeros[LENGTH];

struct maker {
    struct vpci_alphabet *alphabet;
    const struct vpci_explore_options *options;
};

/* A new letter at the end, an event of that kind. */
static struct vpci_letter *add(const struct maker *maker, enum vpci_letter_kind kind, uint16_t vf)
{
    struct vpci_letter *letter = &maker->alphabet->letters[maker->alphabet->count];
    *letter = (struct vpci_letter){ .kind = kind, .vf = vf };
    letter->step = (struct vpci_step){ .kind = VPCI_STEP_EVENT,
                                       .data_source = VPCI_DATA_GIVEN,
                                       .settle = true,
                                       .answer = { .status = VPCI_STATUS_SUCCESS, .count = UINT32_MAX } };
    letter->step.event.vf = vf;
    letter->step.event.fields = VPCI_F(VF);
    return letter;
}

/* The letter added last stays if the implementation may be sent it. */
static void keep_if_fit(const struct maker *maker)
{
    struct vpci_alphabet *alphabet = maker->alphabet;
    const struct vpci_step *step = &alphabet->letters[alphabet->count].step;
    if (alphabet->count + 1 < VPCI_LETTERS_MAX &&
        vpci_step_fits(step, maker->options->role, maker->options->capabilities))
        alphabet->count++;
}

static void add_simple(const struct maker *maker, enum vpci_letter_kind kind, uint16_t vf,
                       enum vpci_event_kind event)
{
    add(maker, kind, vf)->step.event.kind = event;
    keep_if_fit(maker);
}

static void add_direct(const struct maker *maker, uint16_t vf, uint32_t block, enum vpci_event_kind kind)
{
    struct vpci_step *step = &add(maker, VPCI_LETTER_TRANSFER, vf)->step;
    step->event.kind = kind;
    step->event.fields |= VPCI_F(BLOCK) | VPCI_F(LENGTH);
    step->event.block = block;
    step->event.length = LENGTH;
    if (kind == VPCI_EVENT_WRITE) {
        step->event.fields |= VPCI_F(DATA);
        step->event.data = zeros;
        step->event.data_length = LENGTH;
        step->data_source = VPCI_DATA_UNIQUE;
    }
    keep_if_fit(maker);
}

static void add_ioctl(const struct maker *maker, enum vpci_letter_kind kind, uint16_t vf, uint32_t code,
                      const uint8_t *input, uint32_t input_length)
{
    struct vpci_step *step = &add(maker, kind, vf)->step;
    step->event.kind = VPCI_EVENT_IOCTL;
    step->event.fields |= VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH) | VPCI_F(DATA);
    step->event.code = code;
    step->event.input_length = input_length;
    step->event.output_length = code == VPCI_IOCTL_READ_BLOCK ? LENGTH : 0;
    step->event.data = input;
    step->event.data_length = input_length;
    if (code == VPCI_IOCTL_WRITE_BLOCK) {
        step->data_source = VPCI_DATA_UNIQUE;
        step->data_from = VPCI_HEAD_BYTES;
    }
    keep_if_fit(maker);
}

static void add_transfers(const struct maker *maker, uint16_t vf)
{
    for (uint32_t i = 0; i < maker->options->blocks; i++) {
        add_direct(maker, vf, blocks[i], VPCI_EVENT_READ);
        add_direct(maker, vf, blocks[i], VPCI_EVENT_WRITE);
        uint8_t *head = maker->alphabet->heads[i];
        memset(head, 0, sizeof maker->alphabet->heads[i]);
        vpci_store_u32(head, blocks[i]);
        vpci_store_u32(head + 4, LENGTH);
        add_ioctl(maker, VPCI_LETTER_TRANSFER, vf, VPCI_IOCTL_READ_BLOCK, head, VPCI_HEAD_BYTES);
        add_ioctl(maker, VPCI_LETTER_TRANSFER, vf, VPCI_IOCTL_WRITE_BLOCK, head, VPCI_HEAD_BYTES + LENGTH);
    }
}

static void add_notification(const struct maker *maker, uint16_t vf, uint64_t mask)
{
    struct vpci_step *step = &add(maker, VPCI_LETTER_NOTIFY, vf)->step;
    step->event.kind = VPCI_EVENT_PF_INVALIDATE;
    step->event.fields |= VPCI_F(MASK);
    step->event.mask = mask;
    keep_if_fit(maker);
}

static void add_notifications(const struct maker *maker, uint16_t vf)
{
    uint64_t all = 0;
    for (uint32_t i = 0; i < maker->options->blocks; i++) {
        add_notification(maker, vf, (uint64_t)1 << blocks[i]);
        all |= (uint64_t)1 << blocks[i];
    }
    if (maker->options->blocks > 1)
        add_notification(maker, vf, all);
}

static void add_answer(const struct maker *maker, uint32_t nth, vpci_ntstatus status)
{
    struct vpci_letter *letter = add(maker, VPCI_LETTER_ANSWER, 0);
    letter->nth = nth;
    letter->step.kind = VPCI_STEP_ANSWER;
    letter->step.event = (struct vpci_event){ .kind = VPCI_EVENT_START };
    letter->step.which = VPCI_ANSWER_NTH;
    letter->step.nth = nth;
    letter->step.answer.status = status;
    keep_if_fit(maker);
}

static void add_cancel(const struct maker *maker, uint32_t nth)
{
    struct vpci_letter *letter = add(maker, VPCI_LETTER_CANCEL, 0);
    letter->nth = nth;
    letter->step.event.kind = VPCI_EVENT_CANCEL;
    letter->step.event.fields = VPCI_F(REQUEST);
    keep_if_fit(maker);
}

void vpci_alphabet_make(struct vpci_alphabet *alphabet, const struct vpci_explore_options *options)
{
    const struct maker maker = { alphabet, options };
    alphabet->count = 0;
    alphabet->slots = options->slots;
    for (uint16_t vf = 0; vf < options->vfs; vf++) {
        add_simple(&maker, VPCI_LETTER_START, vf, VPCI_EVENT_START);
        add_transfers(&maker, vf);
        add_ioctl(&maker, VPCI_LETTER_INVALIDATE, vf, VPCI_IOCTL_INVALIDATE_BLOCK, zeros, LENGTH);
        add_notifications(&maker, vf);
        add_simple(&maker, VPCI_LETTER_RESET, vf, VPCI_EVENT_RESET);
        add_simple(&maker, VPCI_LETTER_REMOVE, vf, VPCI_EVENT_REMOVE);
    }
    if (options->vfs > 1)
        add_notification(&maker, VPCI_VF_ALL, (uint64_t)1 << blocks[0]);
    for (uint32_t nth = 0; nth < options->slots; nth++) {
        add_answer(&maker, nth, VPCI_STATUS_SUCCESS);
        add_answer(&maker, nth, VPCI_STATUS_UNSUCCESSFUL);
        add_cancel(&maker, nth);
    }
}

bool vpci_letter_is_on(const struct vpci_alphabet *alphabet, const struct vpci_letter *letter,
                       const struct vpci_menu *menu)
{
    const bool is_gone = (menu->gone >> (letter->vf % 8) & 1u) != 0;
    switch (letter->kind) {
    case VPCI_LETTER_START:
        return (menu->not_started >> letter->vf & 1u) != 0;
    case VPCI_LETTER_TRANSFER:
        return menu->request_count < alphabet->slots && menu->calls_open < alphabet->slots;
    case VPCI_LETTER_INVALIDATE:
        return menu->request_count < alphabet->slots;
    case VPCI_LETTER_ANSWER:
        return letter->nth < menu->calls_open;
    case VPCI_LETTER_CANCEL:
        return letter->nth < menu->request_count && (menu->cancellable >> letter->nth & 1u) != 0;
    case VPCI_LETTER_NOTIFY:
        return true;
    case VPCI_LETTER_RESET:
    case VPCI_LETTER_REMOVE:
        return !is_gone;
    }
    return false;
}

void vpci_letter_add(const struct vpci_letter *letter, const struct vpci_menu *menu,
                     struct vpci_script *script)
{
    struct vpci_step *step = vpci_script_add(script);
    if (step == NULL)
        return;
    *step = letter->step;
    if (letter->kind == VPCI_LETTER_CANCEL)
        step->event.request = menu->requests[letter->nth];
}
