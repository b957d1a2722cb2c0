/* SPDX-License-Identifier: MIT */
/* fuzzers/targets/parse_event.c - a JSON value as an event. What is taken is printed, read and printed: the
 * same event, the same bytes. */
#include "fuzzers/targets/property.h"
#include "harness/event_field.h"
#include "harness/event_json.h"
#include "harness/json.h"

VPCI_PROPERTY(print_is_read, "a printed event is read again")
VPCI_PROPERTY(event_is_kept, "an event that was printed and read is the same event")
VPCI_PROPERTY(print_is_kept, "an event that was printed and read prints the same bytes")
VPCI_PROPERTY(description_is_a_line, "the description of an event is one printable line")

static bool same(const struct vpci_event *one, const struct vpci_event *other)
{
    if (one->kind != other->kind || one->fields != other->fields || one->data_length != other->data_length ||
        one->context_vf != other->context_vf || one->major != other->major ||
        one->user_event != other->user_event || one->status != other->status ||
        memcmp(&one->guid, &other->guid, sizeof one->guid) != 0)
        return false;
    for (uint32_t left = one->fields; left != 0; left &= left - 1) {
        const enum vpci_field field = (enum vpci_field)__builtin_ctz(left);
        const enum vpci_field_type type = vpci_field_info[field].type;
        if (type != VPCI_TYPE_BYTES && type != VPCI_TYPE_GUID &&
            vpci_field_load(one, field) != vpci_field_load(other, field))
            return false;
    }
    return one->data_length == 0 || memcmp(one->data, other->data, one->data_length) == 0;
}

static void hold_round_trip(const struct vpci_event *event)
{
    char error[256];
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    struct vpci_event again;
    struct vpci_text first = { 0 }, second = { 0 }, description = { 0 };
    vpci_event_print(&first, event);
    cJSON *object = vpci_json_parse(first.bytes, first.length, error, sizeof error);
    VPCI_HOLD(print_is_read, object != NULL, first.bytes);
    VPCI_HOLD(print_is_read, vpci_event_parse(&again, object, NULL, data, error, sizeof error), first.bytes);
    VPCI_HOLD(event_is_kept, same(event, &again), first.bytes);
    vpci_event_print(&second, &again);
    VPCI_HOLD(print_is_kept, vpci_same_text(&first, &second), first.bytes);
    vpci_event_describe(&description, event);
    VPCI_HOLD(description_is_a_line, vpci_is_printable_line(description.bytes, description.length),
              first.bytes);
    cJSON_Delete(object);
    vpci_text_free(&first);
    vpci_text_free(&second);
    vpci_text_free(&description);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char error[256];
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    struct vpci_event event;
    cJSON *object = vpci_json_parse((const char *)bytes, length, error, sizeof error);
    if (object == NULL)
        return 0; /* parse_json holds these errors */
    if (vpci_event_parse(&event, object, NULL, data, error, sizeof error))
        hold_round_trip(&event);
    else
        vpci_hold_error(error, sizeof error);
    cJSON_Delete(object);
    return 0;
}
