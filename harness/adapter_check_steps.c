/* SPDX-License-Identifier: MIT */
/* harness/adapter_check_steps.c - the tables of harness/adapter_check_steps.h. */
#include "harness/adapter_check_steps.h"

#include <string.h>

enum {
    LENGTH = 16,
    OTHER_LENGTH = 5,
    READ_INPUT = 8,
    WRITE_INPUT = VPCI_WRITE_INPUT_DATA + LENGTH,
    MASK_BYTES = 8
};

static const uint8_t contents[LENGTH] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static const uint8_t read_input[READ_INPUT] = { 7, 0, 0, 0, LENGTH };
static const uint8_t write_input[WRITE_INPUT] = { 7, 0, 0, 0, LENGTH, 0, 0, 0, 1, 2, 3 };
static const uint8_t mask_output[MASK_BYTES];

#define OF_VF    .fields = VPCI_F(VF)
#define QUERY    .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(GUID) | VPCI_F(SIZE) | VPCI_F(VERSION)
#define TRANSFER VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH)
#define IOCTL                                                                                              \
    .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH) | \
              VPCI_F(DATA)
#define BYTES(array) .data = (array), .data_length = sizeof(array)

const struct vpci_event vpci_adapter_check_steps[] = {
    { .kind = VPCI_EVENT_START, OF_VF },
    { .kind = VPCI_EVENT_QUERY_INTERFACE,
      QUERY,
      .request = 0,
      .guid = VPCI_GUID_INTERFACE_STANDARD,
      .size = VPCI_INTERFACE_BYTES,
      .version = VPCI_INTERFACE_VERSION },
    { .kind = VPCI_EVENT_QUERY_INTERFACE, QUERY, .request = 63, .guid = { { 1 } }, .size = 4, .version = 1 },
    { .kind = VPCI_EVENT_REFERENCE, OF_VF },
    { .kind = VPCI_EVENT_DEREFERENCE, OF_VF },
    { .kind = VPCI_EVENT_READ, .fields = TRANSFER, .request = 1, .block = 7, .length = LENGTH },
    { .kind = VPCI_EVENT_READ, .fields = TRANSFER, .request = 1, .block = 0xFFFFFFFF, .length = 0xFFFFFFFF },
    { .kind = VPCI_EVENT_READ, .fields = TRANSFER, .request = 1, .block = 7, .length = 0 },
    { .kind = VPCI_EVENT_WRITE,
      .fields = TRANSFER | VPCI_F(DATA),
      .request = 2,
      .block = 7,
      .length = LENGTH,
      BYTES(contents) },
    { .kind = VPCI_EVENT_IOCTL,
      IOCTL,
      .request = 3,
      .code = VPCI_IOCTL_READ_BLOCK,
      .input_length = READ_INPUT,
      .output_length = LENGTH,
      BYTES(read_input) },
    { .kind = VPCI_EVENT_IOCTL,
      IOCTL,
      .request = 3,
      .code = VPCI_IOCTL_READ_BLOCK,
      .input_length = READ_INPUT,
      .output_length = OTHER_LENGTH,
      BYTES(read_input) },
    { .kind = VPCI_EVENT_IOCTL,
      IOCTL,
      .request = 4,
      .code = VPCI_IOCTL_WRITE_BLOCK,
      .input_length = WRITE_INPUT,
      BYTES(write_input) },
    { .kind = VPCI_EVENT_IOCTL,
      IOCTL,
      .request = 5,
      .code = VPCI_IOCTL_INVALIDATE_BLOCK,
      .input_length = MASK_BYTES,
      BYTES(mask_output) },
    { .kind = VPCI_EVENT_PF_INVALIDATE, .fields = VPCI_F(VF) | VPCI_F(MASK), .mask = 0x8000000000000021 },
    { .kind = VPCI_EVENT_IOCTL,
      IOCTL,
      .request = 6,
      .code = VPCI_IOCTL_INVALIDATE_BLOCK,
      .input_length = MASK_BYTES,
      BYTES(mask_output) },
    { .kind = VPCI_EVENT_CANCEL, .fields = VPCI_F(REQUEST), .request = 6 },
    { .kind = VPCI_EVENT_PF_READ,
      .fields = VPCI_F(CALL) | VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH),
      .call = 1,
      .block = 7,
      .length = LENGTH },
    { .kind = VPCI_EVENT_PF_WRITE,
      .fields = VPCI_F(CALL) | VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH) | VPCI_F(DATA),
      .call = 2,
      .block = 7,
      .length = LENGTH,
      BYTES(contents) },
    { .kind = VPCI_EVENT_PF_RESET, OF_VF },
    { .kind = VPCI_EVENT_RESET, OF_VF },
    { .kind = VPCI_EVENT_REMOVE, OF_VF },
};
const size_t vpci_adapter_check_step_count =
    sizeof vpci_adapter_check_steps / sizeof vpci_adapter_check_steps[0];

bool vpci_adapter_check_applies(const struct vpci_event *event, enum vpci_role role,
                                vpci_capability_set capabilities)
{
    return vpci_event_is_visible(event->kind, role) && !vpci_event_is_from(event->kind, role) &&
           (vpci_event_needs(event, role) & ~capabilities) == 0;
}

bool vpci_adapter_check_answer(const struct vpci_event *call, uint8_t *data, struct vpci_event *answer_out)
{
    const bool reads = call->kind == VPCI_EVENT_PF_READ;
    if (!reads && call->kind != VPCI_EVENT_PF_WRITE)
        return false;
    *answer_out = (struct vpci_event){ .kind = reads ? VPCI_EVENT_PF_READ_RETURN : VPCI_EVENT_PF_WRITE_RETURN,
                                       .fields = VPCI_F(CALL) | VPCI_F(STATUS),
                                       .call = call->call,
                                       .status = VPCI_STATUS_SUCCESS };
    if (reads) {
        answer_out->fields |= VPCI_F(DATA);
        answer_out->data = data;
        answer_out->data_length = call->length < VPCI_BLOCK_BYTES_MAX ? call->length : VPCI_BLOCK_BYTES_MAX;
        memset(data, 0xAB, answer_out->data_length);
    }
    return true;
}

const char *vpci_adapter_check_remark(const struct vpci_event *event, vpci_capability_set capabilities)
{
#define CLAIM(claim, event_kind, field)                                  \
    {                                                                    \
        VPCI_CAPABILITY_##claim, VPCI_EVENT_##event_kind, VPCI_F(field), \
            "claims " #claim ", but " #event_kind " lacks " #field       \
    }
    static const struct {
        enum vpci_capability capability;
        enum vpci_event_kind kind;
        uint32_t field;
        const char *text;
    } claims[] = {
        CLAIM(IRQL, READ_RETURN, IRQL),
        CLAIM(IRQL, WRITE_RETURN, IRQL),
        CLAIM(IRQL, PF_READ, IRQL),
        CLAIM(IRQL, PF_WRITE, IRQL),
        CLAIM(PENDING_MARK, IOCTL_RETURN, MARKED),
        CLAIM(PENDING_MARK, IOCTL_COMPLETE, MARKED),
        CLAIM(REFERENCE_COUNT, QUERY_INTERFACE_RETURN, REFERENCES),
    };
#undef CLAIM
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        if (claims[i].kind == event->kind && (capabilities >> claims[i].capability & 1u) != 0 &&
            (event->fields & claims[i].field) == 0)
            return claims[i].text;
    }
    return NULL;
}
