/* SPDX-License-Identifier: MIT */
/* harness/step_ioctl.c - see step_ioctl.h. */
#include "harness/step_ioctl.h"

#include <string.h>

static uint32_t least(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

bool vpci_bytes_are(const uint8_t *bytes, uint32_t length, uint8_t value)
{
    for (uint32_t i = 0; i < length; i++) {
        if (bytes[i] != value)
            return false;
    }
    return true;
}

uint64_t vpci_ioctl_usual_input_length(uint32_t code, uint32_t length)
{
    const uint64_t written = VPCI_WRITE_INPUT_DATA + (uint64_t)length;
    if (code == VPCI_IOCTL_INVALIDATE_BLOCK)
        return sizeof(struct vpci_invalidate_block_output);
    if (code != VPCI_IOCTL_WRITE_BLOCK)
        return code == VPCI_IOCTL_READ_BLOCK ? VPCI_WRITE_INPUT_DATA : 0;
    return written < sizeof(struct vpci_write_block_input) ? sizeof(struct vpci_write_block_input) : written;
}

uint32_t vpci_ioctl_usual_output_length(uint32_t code, uint32_t length)
{
    return code == VPCI_IOCTL_READ_BLOCK ? length : 0;
}

/* Block and length as far as the input holds them; of a length that is cut off, the output's tells the rest.
 */
static void read_head(const struct vpci_event *event, struct vpci_ioctl_layout *layout)
{
    uint8_t head[VPCI_WRITE_INPUT_DATA] = { 0 };
    vpci_store_u32(head + 4, vpci_ioctl_usual_output_length(event->code, event->output_length));
    if (event->data_length != 0)
        memcpy(head, event->data, least(event->data_length, sizeof head));
    layout->block = vpci_load_u32(head);
    layout->length = vpci_load_u32(head + 4);
}

/* The word for bytes that are all alike. */
static enum vpci_pf_data word_of(const uint8_t *bytes, uint32_t length)
{
    return length == 0                                     ? VPCI_DATA_GIVEN
           : vpci_bytes_are(bytes, length, 0x00)           ? VPCI_DATA_ZEROS
           : vpci_bytes_are(bytes, length, 0xFF)           ? VPCI_DATA_ONES
           : vpci_bytes_are(bytes, length, VPCI_FILL_BYTE) ? VPCI_DATA_FILL
                                                           : VPCI_DATA_GIVEN;
}

static bool read_payload(const struct vpci_step *step, struct vpci_ioctl_layout *layout)
{
    const struct vpci_event *event = &step->event;
    const uint32_t behind_head = event->data_length - VPCI_WRITE_INPUT_DATA;
    const uint32_t payload = least(layout->length, VPCI_EVENT_DATA_BYTES_MAX - VPCI_WRITE_INPUT_DATA);
    const uint32_t shown = least(payload, behind_head);
    const uint8_t *bytes = event->data + VPCI_WRITE_INPUT_DATA;
    if (step->data_source == VPCI_DATA_UNIQUE)
        return step->data_from == VPCI_WRITE_INPUT_DATA;
    if (!vpci_bytes_are(bytes + shown, behind_head - shown, 0))
        return false;
    layout->word = word_of(bytes, shown);
    layout->bytes = bytes;
    layout->byte_count = payload;
    return layout->word != VPCI_DATA_GIVEN || shown == payload;
}

bool vpci_ioctl_has_layout(const struct vpci_step *step, struct vpci_ioctl_layout *layout_out)
{
    const struct vpci_event *event = &step->event;
    *layout_out = (struct vpci_ioctl_layout){ .word = VPCI_DATA_UNIQUE };
    if ((event->code != VPCI_IOCTL_READ_BLOCK && event->code != VPCI_IOCTL_WRITE_BLOCK) ||
        event->data_length != least(event->input_length, VPCI_EVENT_DATA_BYTES_MAX))
        return false;
    read_head(event, layout_out);
    if (event->data_length > VPCI_WRITE_INPUT_DATA && event->code == VPCI_IOCTL_WRITE_BLOCK)
        return read_payload(step, layout_out);
    /* Behind the head of a READ are zeros; an input without more than the head has no source of its own. */
    const uint32_t head = least(event->data_length, VPCI_WRITE_INPUT_DATA);
    return step->data_source != VPCI_DATA_UNIQUE &&
           vpci_bytes_are(event->data + head, event->data_length - head, 0);
}

bool vpci_ioctl_is_usual(const struct vpci_step *step)
{
    const struct vpci_event *event = &step->event;
    struct vpci_ioctl_layout layout = { .length = 0 };
    const bool transfers = event->code == VPCI_IOCTL_READ_BLOCK || event->code == VPCI_IOCTL_WRITE_BLOCK;
    const uint8_t padding = event->code == VPCI_IOCTL_INVALIDATE_BLOCK ? VPCI_FILL_BYTE : 0;
    const bool has_input = transfers ? vpci_ioctl_has_layout(step, &layout)
                                     : vpci_bytes_are(event->data, event->data_length, padding);
    return has_input && event->input_length == vpci_ioctl_usual_input_length(event->code, layout.length) &&
           event->output_length == vpci_ioctl_usual_output_length(event->code, layout.length);
}
