/* SPDX-License-Identifier: MIT */
/* harness/record_member.h - reading the members of one JSON object strictly: each reader checks type and
 * range and says in error what is wrong, "requirements/RD-01/failed: 3.5 is not an integer". */
#ifndef VPCI_RECORD_MEMBER_H
#define VPCI_RECORD_MEMBER_H

#include <cjson/cJSON.h>

#include "harness/arena.h"
#include "harness/result.h"

/* Why an object is not a record. */
struct vpci_record_error {
    char reason[VPCI_DETAIL_BYTES];
};

/* Says why. Always returns false. */
bool vpci_record_fail(struct vpci_record_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Every member of object is one of names, a NULL-terminated list. */
bool vpci_members_only(const cJSON *object, const char *const *names, struct vpci_record_error *error);
/* NULL when there is none. */
const cJSON *vpci_member(const cJSON *object, const char *name);

/* Each reads one member, and fails when it is missing or not what its name says. */
bool vpci_member_string(const cJSON *object, const char *name, const char **string_out,
                        struct vpci_record_error *error);
bool vpci_member_text(const cJSON *object, const char *name, char *to, size_t bytes,
                      struct vpci_record_error *error);
/* A SHA-256 of 64 lower-case hexadecimal digits. */
bool vpci_is_digest(const char *string);
bool vpci_member_digest(const cJSON *object, const char *name, bool may_be_empty,
                        char to[VPCI_DIGEST_TEXT_BYTES], struct vpci_record_error *error);
bool vpci_member_integer(const cJSON *object, const char *name, uint64_t maximum, uint64_t *to,
                         struct vpci_record_error *error);
bool vpci_member_count(const cJSON *object, const char *name, uint32_t *to, struct vpci_record_error *error);
/* Reads a member that is one of names. */
bool vpci_member_name(const cJSON *object, const char *name, const char *const *names, int count,
                      int *place_out, struct vpci_record_error *error);
/* Reads the id of a requirement from a value, which is called name. */
bool vpci_record_requirement(const cJSON *value, const char *name, enum vpci_requirement *to,
                             struct vpci_record_error *error);
/* Reads an array of names into a set of bits. */
bool vpci_member_name_set(const cJSON *object, const char *name, const char *const *names, int count,
                          uint32_t *set_out, struct vpci_record_error *error);
/* A copy in the arena. */
const char *vpci_arena_keep(struct vpci_arena *arena, const char *string);
/* A string that may be absent. */
bool vpci_member_keep_optional(const cJSON *object, const char *name, struct vpci_arena *arena,
                               const char **to, struct vpci_record_error *error);
/* A day of the calendar, "2027-01-31". */
bool vpci_member_date(const cJSON *object, const char *name, char to[VPCI_DATE_BYTES],
                      struct vpci_record_error *error);
/* A string that is kept in the arena. */
bool vpci_member_keep(const cJSON *object, const char *name, struct vpci_arena *arena, const char **to,
                      struct vpci_record_error *error);
/* An array of events with their data, from the arena. */
bool vpci_member_events(const cJSON *object, const char *name, struct vpci_arena *arena,
                        struct vpci_event **events_out, uint32_t *count_out, struct vpci_record_error *error);

#endif
