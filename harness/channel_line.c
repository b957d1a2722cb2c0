/* SPDX-License-Identifier: MIT */
/* harness/channel_line.c - answers and events of harness/channel_line.h. An answer's members are a table, an
 * event's are those of models/event.h and "case". */
#include "harness/channel_line.h"

#include <stdio.h>
#include <string.h>

#include "harness/event_json.h"
#include "harness/json.h"

const char *const vpci_channel_request_name[VPCI_CHANNEL_REQUEST_COUNT] = {
#define X(name, json) [VPCI_CHANNEL_##name] = json,
    VPCI_CHANNEL_REQUESTS(X)
#undef X
        [VPCI_CHANNEL_REFUSED] = "refused",
};

const vpci_capability_set vpci_channel_unclaimable =
    VPCI_CAPABILITY_BIT(SHARED_MEMORY) | VPCI_CAPABILITY_BIT(REENTRANT);

/* Members of answers, and which of them each answer has. */
enum answer_member { SEQ, CASE, PROTOCOL, NAME, VERSION, ROLES, CAPABILITIES, REASON, MEMBER_COUNT };
#define HAS(member) (1u << (member))
static const char *const member_name[MEMBER_COUNT] = { "seq",     "case",  "protocol",     "name",
                                                       "version", "roles", "capabilities", "reason" };
static const struct {
    uint32_t required, optional;
} answer_members[VPCI_CHANNEL_REQUEST_COUNT] = {
    [VPCI_CHANNEL_HELLO] = { HAS(SEQ) | HAS(PROTOCOL) | HAS(NAME) | HAS(VERSION) | HAS(ROLES) |
                                 HAS(CAPABILITIES),
                             0 },
    [VPCI_CHANNEL_OPEN] = { HAS(SEQ) | HAS(CASE), 0 },
    [VPCI_CHANNEL_SETTLE] = { HAS(SEQ) | HAS(CASE), 0 },
    [VPCI_CHANNEL_CLOSE] = { HAS(SEQ) | HAS(CASE), 0 },
    [VPCI_CHANNEL_REFUSED] = { HAS(SEQ) | HAS(REASON), HAS(CASE) },
};

static bool read_number(const cJSON *value, const char *name, uint64_t *number_out,
                        struct vpci_channel_fault *fault)
{
    char reason[128];
    if (!cJSON_IsNumber(value))
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS, "%s: a number is wanted, not %s", name,
                                  vpci_json_type_name(value));
    if (!vpci_json_integer(value, VPCI_JSON_INTEGER_MAX, number_out, reason, sizeof reason))
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS, "%s: %s", name, reason);
    return true;
}

static bool read_string(const cJSON *value, const char *name, char *to, size_t size, bool cut,
                        struct vpci_channel_fault *fault)
{
    if (!cJSON_IsString(value))
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS, "%s: a string is wanted, not %s", name,
                                  vpci_json_type_name(value));
    if (strlen(value->valuestring) >= size && !cut)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS, "%s: longer than %zu bytes", name,
                                  size - 1);
    snprintf(to, size, "%s", value->valuestring);
    return true;
}

static const char *role_name(int index)
{
    return index < VPCI_ROLE_COUNT ? vpci_role_info[index].name : NULL;
}

static const char *capability_name(int index)
{
    return index < VPCI_CAPABILITY_COUNT ? vpci_capability_info[index].name : NULL;
}

/* A list of names as a set of bits. */
static bool read_names(const cJSON *value, const char *member, const char *(*name_of)(int), uint32_t *set_out,
                       struct vpci_channel_fault *fault)
{
    if (!cJSON_IsArray(value))
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS, "%s: a list is wanted, not %s", member,
                                  vpci_json_type_name(value));
    const cJSON *item;
    cJSON_ArrayForEach(item, value)
    {
        char excerpt[VPCI_EXCERPT_BYTES];
        int index = 0;
        if (!cJSON_IsString(item))
            return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS,
                                      "%s: a list of names is wanted, with %s in it", member,
                                      vpci_json_type_name(item));
        while (name_of(index) != NULL && strcmp(name_of(index), item->valuestring) != 0)
            index++;
        if (name_of(index) == NULL)
            return vpci_channel_break(fault, VPCI_CHANNEL_RULE_HELLO_CLAIMS, "%s: \"%s\" is not known here",
                                      member, vpci_excerpt(excerpt, item->valuestring));
        if (*set_out >> index & 1u)
            return vpci_channel_break(fault, VPCI_CHANNEL_RULE_HELLO_CLAIMS, "%s: \"%s\" is given twice",
                                      member, item->valuestring);
        *set_out |= 1u << index;
    }
    return true;
}

static bool read_protocol(const cJSON *value, struct vpci_channel_fault *fault)
{
    uint64_t version;
    if (!read_number(value, "protocol", &version, fault))
        return false;
    if (version != VPCI_CHANNEL_PROTOCOL)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_HELLO_VERSION,
                                  "protocol: the adapter speaks version %llu, the kit %d",
                                  (unsigned long long)version, VPCI_CHANNEL_PROTOCOL);
    return true;
}

static bool read_answer_member(struct vpci_channel_message *message, enum answer_member member,
                               const cJSON *value, struct vpci_channel_fault *fault)
{
    struct vpci_pics *pics = &message->pics;
    switch (member) {
    case SEQ:
        return read_number(value, "seq", &message->seq, fault);
    case CASE:
        return read_number(value, "case", &message->case_number, fault);
    case PROTOCOL:
        return read_protocol(value, fault);
    case NAME:
        return read_string(value, "name", pics->name, sizeof pics->name, false, fault);
    case VERSION:
        return read_string(value, "version", pics->version, sizeof pics->version, false, fault);
    case ROLES:
        return read_names(value, "roles", role_name, &pics->roles, fault);
    case CAPABILITIES:
        return read_names(value, "capabilities", capability_name, &pics->capabilities, fault);
    case REASON:
        return read_string(value, "reason", message->reason, sizeof message->reason, true, fault);
    case MEMBER_COUNT:
        break;
    }
    return false;
}

static bool check_claims(const struct vpci_pics *pics, struct vpci_channel_fault *fault)
{
    if (pics->roles == 0)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_HELLO_CLAIMS, "roles: none is named");
    const vpci_capability_set wrong = pics->capabilities & vpci_channel_unclaimable;
    if (wrong != 0)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_HELLO_CLAIMS,
                                  "capabilities: \"%s\" cannot be had over a channel",
                                  vpci_capability_info[__builtin_ctz(wrong)].name);
    return true;
}

static bool find_answer(struct vpci_channel_message *message, const cJSON *re,
                        struct vpci_channel_fault *fault)
{
    char excerpt[VPCI_EXCERPT_BYTES];
    if (!cJSON_IsString(re))
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS, "re: a string is wanted, not %s",
                                  vpci_json_type_name(re));
    for (int answer = 0; answer < VPCI_CHANNEL_REQUEST_COUNT; answer++) {
        if (strcmp(vpci_channel_request_name[answer], re->valuestring) == 0) {
            message->answer = (enum vpci_channel_request)answer;
            return true;
        }
    }
    return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS, "re: \"%s\" is not a request of the kit",
                              vpci_excerpt(excerpt, re->valuestring));
}

static bool read_answer(struct vpci_channel_message *message, const cJSON *object, const cJSON *re,
                        struct vpci_channel_fault *fault)
{
    if (!find_answer(message, re, fault))
        return false;
    const uint32_t required = answer_members[message->answer].required;
    const uint32_t known = required | answer_members[message->answer].optional;
    uint32_t seen = 0;
    for (const cJSON *member = object->child; member != NULL; member = member->next) {
        if (member == re)
            continue;
        int which = 0;
        while (which < MEMBER_COUNT &&
               !(known >> which & 1u && strcmp(member_name[which], member->string) == 0))
            which++;
        char excerpt[VPCI_EXCERPT_BYTES];
        if (which == MEMBER_COUNT)
            return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS,
                                      "%s: not a member of the answer to %s",
                                      vpci_excerpt(excerpt, member->string), re->valuestring);
        if (!read_answer_member(message, (enum answer_member)which, member, fault))
            return false;
        seen |= HAS(which);
    }
    if ((required & ~seen) != 0)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS, "%s: missing",
                                  member_name[__builtin_ctz(required & ~seen)]);
    return message->answer == VPCI_CHANNEL_HELLO ? check_claims(&message->pics, fault) : true;
}

static bool read_event(struct vpci_channel_message *message, const cJSON *object,
                       struct vpci_channel_fault *fault)
{
    static const char *const other_members[] = { "case", NULL };
    char reason[VPCI_DETAIL_BYTES];
    const cJSON *case_number = cJSON_GetObjectItemCaseSensitive(object, "case");
    if (case_number == NULL)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS, "case: missing");
    if (!read_number(case_number, "case", &message->case_number, fault))
        return false;
    if (!vpci_event_parse(&message->event, object, other_members, message->data, reason, sizeof reason))
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_MEMBERS, "%s", reason);
    return true;
}

static bool read_object(struct vpci_channel_message *message, const cJSON *object,
                        struct vpci_channel_fault *fault)
{
    if (!cJSON_IsObject(object))
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_JSON, "an object is wanted, not %s",
                                  vpci_json_type_name(object));
    const cJSON *re = cJSON_GetObjectItemCaseSensitive(object, "re");
    const cJSON *event = cJSON_GetObjectItemCaseSensitive(object, "event");
    if (re == NULL && event == NULL)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_FORM,
                                  "neither \"re\" nor \"event\" is in the line");
    if (re != NULL && event != NULL)
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_FORM, "both \"re\" and \"event\" are in the line");
    message->is_event = event != NULL;
    return message->is_event ? read_event(message, object, fault) : read_answer(message, object, re, fault);
}

bool vpci_channel_line_parse(struct vpci_channel_message *message, const char *line, size_t length,
                             struct vpci_channel_fault *fault)
{
    char reason[VPCI_DETAIL_BYTES];
    message->seq = 0;
    message->case_number = 0;
    message->reason[0] = '\0';
    message->pics = (struct vpci_pics){ 0 };
    cJSON *object = vpci_json_parse(line, length, reason, sizeof reason);
    if (object == NULL) {
        /* The reader counts lines of its own text; here there is one, and whose it is, the caller says. */
        static const char line_one[] = "line 1, ";
        const char *shown =
            strncmp(reason, line_one, strlen(line_one)) == 0 ? reason + strlen(line_one) : reason;
        return vpci_channel_break(fault, VPCI_CHANNEL_RULE_JSON, "%s", shown);
    }
    const bool fine = read_object(message, object, fault);
    cJSON_Delete(object);
    return fine;
}
