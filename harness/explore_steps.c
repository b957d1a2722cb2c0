/* SPDX-License-Identifier: MIT */
/* harness/explore_steps.c - see explore_steps.h. */
#include "harness/explore_steps.h"

enum { HEAD_BYTES = 8, MASK_BYTES = 8 };

static struct vpci_step *add_event(struct vpci_script *script, enum vpci_event_kind kind, uint32_t fields)
{
    static struct vpci_step unused; /* where a script without room sends its steps */
    struct vpci_step *step = vpci_script_add(script);
    if (step == NULL)
        step = &unused;
    step->kind = VPCI_STEP_EVENT;
    step->event.kind = kind;
    step->event.fields = fields;
    return step;
}

static uint32_t clamp(uint32_t length)
{
    return length < VPCI_EVENT_DATA_BYTES_MAX ? length : (uint32_t)VPCI_EVENT_DATA_BYTES_MAX;
}

static uint32_t claimed(uint32_t exact, enum vpci_claim claim)
{
    switch (claim) {
    case VPCI_CLAIM_ONE_LESS:
        return exact == 0 ? 0 : exact - 1;
    case VPCI_CLAIM_ONE_MORE:
        return exact == UINT32_MAX ? exact : exact + 1;
    case VPCI_CLAIM_HUGE:
        return UINT32_MAX;
    case VPCI_CLAIM_EXACT:
    case VPCI_CLAIM_COUNT:
        break;
    }
    return exact;
}

/* Bytes that the step carries, zero but for the head of an IOCTL's input. */
static void carry(struct vpci_script *script, struct vpci_step *step, uint32_t length, uint32_t block,
                  uint32_t block_length)
{
    uint8_t bytes[VPCI_EVENT_DATA_BYTES_MAX] = { 0 };
    vpci_store_u32(bytes, block);
    vpci_store_u32(bytes + 4, block_length);
    step->event.data_length = clamp(length);
    step->event.data = vpci_script_keep(script, bytes, step->event.data_length);
    step->event.fields |= VPCI_F(DATA);
}

static void direct(struct vpci_script *script, const struct vpci_operation_step *operation)
{
    const bool is_write = operation->operation == VPCI_OPERATION_WRITE;
    struct vpci_step *step = add_event(script, is_write ? VPCI_EVENT_WRITE : VPCI_EVENT_READ,
                                       VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH));
    step->event.vf = operation->vf;
    step->event.request = operation->number;
    step->event.block = operation->block;
    step->event.length = operation->length;
    if (operation->foreign) {
        step->event.context_vf = operation->vf;
        step->event.vf = (uint16_t)(operation->vf + 1);
        step->event.fields |= VPCI_F(CONTEXT_VF);
    }
    if (is_write) {
        carry(script, step, operation->length, 0, 0);
        step->data_source = VPCI_DATA_UNIQUE;
    }
}

static uint32_t write_input(uint32_t length)
{
    const uint32_t smallest = sizeof(struct vpci_write_block_input);
    if (length > UINT32_MAX - VPCI_WRITE_INPUT_DATA)
        return UINT32_MAX;
    return length + VPCI_WRITE_INPUT_DATA < smallest ? smallest : length + VPCI_WRITE_INPUT_DATA;
}

static void ioctl(struct vpci_script *script, const struct vpci_operation_step *operation)
{
    struct vpci_step *step =
        add_event(script, VPCI_EVENT_IOCTL,
                  VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH));
    const bool nothing_less = operation->length == 0 && operation->claim == VPCI_CLAIM_ONE_LESS;
    step->event.vf = operation->vf;
    step->event.request = operation->number;
    if (operation->operation == VPCI_OPERATION_IOCTL_READ) {
        step->event.code = VPCI_IOCTL_READ_BLOCK;
        step->event.input_length = nothing_less ? HEAD_BYTES - 1 : HEAD_BYTES;
        step->event.output_length = claimed(operation->length, operation->claim);
    } else if (operation->operation == VPCI_OPERATION_IOCTL_WRITE) {
        step->event.code = VPCI_IOCTL_WRITE_BLOCK;
        step->event.input_length = claimed(write_input(operation->length), operation->claim);
        step->data_source = VPCI_DATA_UNIQUE;
        step->data_from = VPCI_WRITE_INPUT_DATA;
    } else {
        step->event.code = VPCI_IOCTL_INVALIDATE_BLOCK;
        step->event.input_length = claimed(MASK_BYTES, operation->claim);
        step->event.output_length = operation->length;
    }
    const bool has_head = operation->operation != VPCI_OPERATION_INVALIDATE;
    carry(script, step, step->event.input_length, has_head ? operation->block : 0,
          has_head ? operation->length : 0);
}

void vpci_step_operation(struct vpci_script *script, const struct vpci_operation_step *operation)
{
    if (operation->operation == VPCI_OPERATION_READ || operation->operation == VPCI_OPERATION_WRITE)
        direct(script, operation);
    else
        ioctl(script, operation);
}

static void answer(struct vpci_script *script, enum vpci_answer_which which, uint32_t nth,
                   vpci_ntstatus status, uint32_t count)
{
    struct vpci_step *step = add_event(script, VPCI_EVENT_START, 0);
    step->kind = VPCI_STEP_ANSWER;
    step->which = which;
    step->nth = nth;
    step->answer.status = status;
    step->answer.count = count;
}

void vpci_step_answer(struct vpci_script *script, uint32_t nth, vpci_ntstatus status, uint32_t count)
{
    answer(script, VPCI_ANSWER_NTH, nth, status, count);
}

void vpci_step_answer_newest(struct vpci_script *script, vpci_ntstatus status, uint32_t count)
{
    answer(script, VPCI_ANSWER_NEWEST, 0, status, count);
}

void vpci_step_notify(struct vpci_script *script, uint16_t vf, uint64_t mask)
{
    struct vpci_step *step = add_event(script, VPCI_EVENT_PF_INVALIDATE, VPCI_F(VF) | VPCI_F(MASK));
    step->event.vf = vf;
    step->event.mask = mask;
}

void vpci_step_cancel(struct vpci_script *script, uint32_t number)
{
    add_event(script, VPCI_EVENT_CANCEL, VPCI_F(REQUEST))->event.request = number;
}

void vpci_step_vf(struct vpci_script *script, enum vpci_event_kind kind, uint16_t vf)
{
    add_event(script, kind, VPCI_F(VF))->event.vf = vf;
}
