/* SPDX-License-Identifier: MIT */
/* fuzzers/targets/parse_channel.c - the lines of the input as what an adapter says over the channel, while
 * the kit holds its side of the dialog: it greets, opens a case, sends one event of each kind that leaves a
 * buffer, settles, closes, and begins again. After a mistake it goes on, as `adapter check` does. */
#include "fuzzers/targets/property.h"
#include "harness/channel_dialog.h"
#include "harness/json.h"

VPCI_PROPERTY(rule_is_known, "a breach names a rule, in one printable line")
VPCI_PROPERTY(kit_speaks_json, "what the kit says is one JSON object a line")
VPCI_PROPERTY(event_fits_buffer, "an event's data fit the buffer of an event")
VPCI_PROPERTY(event_is_taken_again,
              "an event that was taken and printed is taken again, and not as an overrun")
VPCI_PROPERTY(answer_was_owed, "an answer is taken only where one is owed")

static uint8_t ones[VPCI_EVENT_DATA_BYTES_MAX];

static const struct vpci_event stimuli[] = {
    { .kind = VPCI_EVENT_READ,
      .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH),
      .request = 1,
      .length = 16 },
    { .kind = VPCI_EVENT_WRITE,
      .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH) | VPCI_F(DATA),
      .request = 2,
      .length = 4,
      .data = ones,
      .data_length = 4 },
    { .kind = VPCI_EVENT_IOCTL,
      .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH) |
                VPCI_F(DATA),
      .request = 3,
      .code = VPCI_IOCTL_READ_BLOCK,
      .input_length = 8,
      .output_length = 16,
      .data = ones,
      .data_length = 8 },
    { .kind = VPCI_EVENT_IOCTL,
      .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(CODE) | VPCI_F(INPUT_LENGTH) | VPCI_F(OUTPUT_LENGTH) |
                VPCI_F(DATA),
      .request = 4,
      .code = VPCI_IOCTL_INVALIDATE_BLOCK,
      .input_length = 8,
      .data = ones,
      .data_length = 8 },
};

static void hold_json(const struct vpci_text *lines)
{
    char error[256];
    for (size_t from = 0; from < lines->length;) {
        const char *line = lines->bytes + from, *newline = memchr(line, '\n', lines->length - from);
        VPCI_HOLD(kit_speaks_json, newline != NULL, line);
        cJSON *object = vpci_json_parse(line, (size_t)(newline - line), error, sizeof error);
        VPCI_HOLD(kit_speaks_json, cJSON_IsObject(object), line);
        cJSON_Delete(object);
        from += (size_t)(newline - line) + 1;
    }
}

static void open_case(struct vpci_channel_dialog *dialog, struct vpci_text *said)
{
    const struct vpci_device device = {
        .scenario = "input", .role = VPCI_ROLE_BUS, .vf_count = 2, .seed = 1
    };
    vpci_channel_say_open(dialog, said, &device);
}

/* What the kit says next, once nothing is owed. */
static void go_on(struct vpci_channel_dialog *dialog, enum vpci_channel_request answered)
{
    struct vpci_text said = { 0 };
    switch (answered) {
    case VPCI_CHANNEL_OPEN:
        for (size_t i = 0; i < sizeof stimuli / sizeof stimuli[0]; i++)
            vpci_channel_say_event(dialog, &said, &stimuli[i]);
        vpci_channel_say_settle(dialog, &said);
        break;
    case VPCI_CHANNEL_SETTLE:
        vpci_channel_say_close(dialog, &said);
        break;
    default:
        open_case(dialog, &said);
        break;
    }
    hold_json(&said);
    vpci_text_free(&said);
}

/* Says the event that was taken once more, as an adapter with an honest printer would. */
static void hold_event(const struct vpci_channel_dialog *dialog, const struct vpci_event *event)
{
    static struct vpci_channel_message message;
    struct vpci_channel_dialog mirror = *dialog;
    struct vpci_channel_fault fault;
    struct vpci_text line = { 0 };
    bool overrun = false;
    VPCI_HOLD(event_fits_buffer, event->data_length <= VPCI_EVENT_DATA_BYTES_MAX, "");
    vpci_channel_say_event(&mirror, &line, event);
    mirror = *dialog;
    VPCI_HOLD(event_is_taken_again,
              vpci_channel_take(&mirror, line.bytes, line.length - 1, &message, &overrun, &fault),
              line.bytes);
    VPCI_HOLD(event_is_taken_again, message.is_event && message.event.kind == event->kind && !overrun,
              line.bytes);
    vpci_text_free(&line);
}

static void take_line(struct vpci_channel_dialog *dialog, const char *line, size_t length)
{
    static struct vpci_channel_message message;
    struct vpci_channel_fault fault = { .rule = VPCI_CHANNEL_RULE_COUNT };
    const uint32_t owed = dialog->asked_count;
    const enum vpci_channel_request oldest = owed > 0 ? dialog->asked[0].request : VPCI_CHANNEL_REFUSED;
    bool overrun = false;
    if (!vpci_channel_take(dialog, line, length, &message, &overrun, &fault)) {
        VPCI_HOLD(rule_is_known, fault.rule < VPCI_CHANNEL_RULE_COUNT, "");
        vpci_hold_error(fault.reason, sizeof fault.reason);
        return;
    }
    if (message.is_event) {
        hold_event(dialog, &message.event);
        return;
    }
    VPCI_HOLD(answer_was_owed, owed > 0 && message.answer == oldest && dialog->asked_count == owed - 1, "");
    if (dialog->asked_count == 0)
        go_on(dialog, message.answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct vpci_channel_dialog dialog;
    dialog = (struct vpci_channel_dialog){ 0 };
    struct vpci_text said = { 0 };
    vpci_channel_say_hello(&dialog, &said);
    hold_json(&said);
    vpci_text_free(&said);
    const char *rest = (const char *)bytes, *end = rest + length;
    while (rest < end) {
        const char *newline = memchr(rest, '\n', (size_t)(end - rest));
        const char *stop = newline != NULL ? newline : end;
        take_line(&dialog, rest, (size_t)(stop - rest));
        rest = newline != NULL ? newline + 1 : end;
    }
    return 0;
}
