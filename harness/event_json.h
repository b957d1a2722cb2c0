/* SPDX-License-Identifier: MIT */
/* harness/event_json.h - the JSON form of an event:
 * {"event":"read","vf":0,"request":3,"block":7,"length":16}. Channel lines, traces, results and scenario
 * steps all use this codec; names come from models/event.h. */
#ifndef VPCI_EVENT_JSON_H
#define VPCI_EVENT_JSON_H

#include <cjson/cJSON.h>

#include "harness/text.h"
#include "models/event.h"

/* Appends the members of the event without braces: "event":"read","vf":0,... */
void vpci_event_print_members(struct vpci_text *text, const struct vpci_event *event);

/* Appends the value of one field of the event as JSON, as above. */
void vpci_field_print(struct vpci_text *text, const struct vpci_event *event, enum vpci_field field);

/* "READ_BLOCK", or NULL for a control code without a name. */
const char *vpci_control_code_name(uint32_t code);

/* Appends the event as one JSON object, no newline. */
void vpci_event_print(struct vpci_text *text, const struct vpci_event *event);

/* Reads an event from a JSON object. Members named in other_members (a NULL-terminated list, may be NULL) are
 * passed over; any further member that the kind does not have is an error, and so are a missing required one,
 * a wrong type and a number out of range. Numbers may be JSON integers or "0x" strings; status a name or
 * number; bytes hexadecimal. data  where event->data will point: VPCI_EVENT_DATA_BYTES_MAX bytes error  on
 * false: the reason, naming the member, e.g. "length: 4294967296 is above 4294967295" */
bool vpci_event_parse(struct vpci_event *event, const cJSON *object, const char *const *other_members,
                      uint8_t *data, char *error, size_t error_bytes);

/* Reads one value as a field of the given type into event, for the scenario loader: same rules, sets the
 * field's bit. */
bool vpci_field_parse(struct vpci_event *event, enum vpci_field field, const cJSON *value, uint8_t *data,
                      char *error, size_t error_bytes);

/* The text form of a GUID, "12e65e71-b651-4067-831a-1383203cb0cb"; "interface_standard" is read as the VPCI
 * one. */
void vpci_guid_print(struct vpci_text *text, const struct vpci_guid *guid);
bool vpci_guid_parse(struct vpci_guid *guid, const char *string);

/* One line for people: "VF 0  read  request 3  block 7  length 16". No newline. */
void vpci_event_describe(struct vpci_text *text, const struct vpci_event *event);

#endif
