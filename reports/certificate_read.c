/* SPDX-License-Identifier: MIT */
/* reports/certificate_read.c - takes out of a statement what its results do not tell. Everything else in it
 * is made again from the results and compared, so nothing else is looked at here. */
#include <stdio.h>
#include <string.h>

#include "harness/date.h"
#include "harness/json.h"
#include "harness/record_member.h"
#include "reports/certificate.h"
#include "reports/dsse.h"

typedef struct vpci_record_error record_error;

#define EXTENSION "/predicate/vpci_conform"

/* The object that is a member of object. pointer is where it stands, for the error. */
static const cJSON *object_member(const cJSON *object, const char *name, const char *pointer,
                                  record_error *error)
{
    const cJSON *member = vpci_member(object, name);
    if (cJSON_IsObject(member))
        return member;
    vpci_record_fail(error, "%s: an object is wanted, not %s", pointer, vpci_json_type_name(member));
    return NULL;
}

/* Puts the place of an object before what is wrong with a member of it. Returns false. */
static bool fail_below(record_error *error, const char *pointer, const record_error *inner)
{
    return vpci_record_fail(error, "%s/%.*s", pointer, VPCI_DETAIL_BYTES - 40, inner->reason);
}

static bool is_string(const cJSON *object, const char *name, const char *wanted)
{
    const cJSON *member = vpci_member(object, name);
    return cJSON_IsString(member) && strcmp(member->valuestring, wanted) == 0;
}

/* The item of the configuration that has this name. */
static const cJSON *find_resource(const cJSON *statement, const char *name)
{
    const cJSON *list = vpci_member(vpci_member(statement, "predicate"), "configuration");
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item != NULL; item = item->next) {
        if (cJSON_IsObject(item) && is_string(item, "name", name))
            return item;
    }
    return NULL;
}

const char *vpci_certificate_digest(const cJSON *statement, const char *name)
{
    const cJSON *digests = vpci_member(find_resource(statement, name), "digest");
    const cJSON *digest = vpci_member(digests, "sha256");
    return cJSON_IsString(digest) ? digest->valuestring : "";
}

const cJSON *vpci_certificate_caveats(const cJSON *statement)
{
    const cJSON *extension = vpci_member(vpci_member(statement, "predicate"), "vpci_conform");
    const cJSON *list = vpci_member(extension, "does_not_prove");
    return cJSON_IsArray(list) ? list : NULL;
}

static bool check_types(const cJSON *statement, record_error *error)
{
    if (!cJSON_IsObject(statement))
        return vpci_record_fail(error, "/: an object is wanted, not %s", vpci_json_type_name(statement));
    if (!is_string(statement, "_type", "https://in-toto.io/Statement/v1"))
        return vpci_record_fail(error, "/_type: https://in-toto.io/Statement/v1 is wanted");
    if (!is_string(statement, "predicateType", "https://in-toto.io/attestation/test-result/v0.1"))
        return vpci_record_fail(error,
                                "/predicateType: https://in-toto.io/attestation/test-result/v0.1 is wanted");
    return true;
}

static bool read_subject(struct vpci_certificate_facts *facts, const cJSON *statement, record_error *error)
{
    record_error inner;
    const cJSON *list = vpci_member(statement, "subject");
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) != 1 || !cJSON_IsObject(list->child))
        return vpci_record_fail(error, "/subject: a list of one object is wanted");
    if (!vpci_member_text(list->child, "name", facts->subject, sizeof facts->subject, &inner))
        return fail_below(error, "/subject/0", &inner);
    const cJSON *digest = object_member(list->child, "digest", "/subject/0/digest", error);
    if (digest == NULL)
        return false;
    return vpci_member_digest(digest, "sha256", false, facts->subject_digest, &inner) ||
           fail_below(error, "/subject/0/digest", &inner);
}

/* A string, or null, which is read as "". */
static bool read_nullable(const cJSON *object, const char *name, char *to, size_t bytes, record_error *error)
{
    to[0] = '\0';
    return cJSON_IsNull(vpci_member(object, name)) || vpci_member_text(object, name, to, bytes, error);
}

static bool read_extension(struct vpci_certificate_facts *facts, const cJSON *extension, record_error *error)
{
    static const char *const subjects[] = { "adapter", "file" };
    int subject = 0;
    record_error inner;
    uint64_t format = 0;
    if (!vpci_member_integer(extension, "format", UINT32_MAX, &format, &inner))
        return fail_below(error, EXTENSION, &inner);
    if (format != VPCI_CERTIFICATE_FORMAT)
        return vpci_record_fail(error, EXTENSION "/format: %d is wanted, this certificate has %u",
                                VPCI_CERTIFICATE_FORMAT, (unsigned)format);
    if (!vpci_member_date(extension, "date", facts->date, &inner) ||
        !read_nullable(extension, "by", facts->by, sizeof facts->by, &inner) ||
        !vpci_member_name(extension, "subject", subjects, 2, &subject, &inner))
        return fail_below(error, EXTENSION, &inner);
    facts->has_file = subject == 1;
    return true;
}

static bool read_configuration(struct vpci_certificate_facts *facts, const cJSON *statement,
                               record_error *error)
{
    static const char *const resources[] = { "results.jsonl", "transcripts.jsonl", "suite", "requirements",
                                             "disputes",      "profile",           "model", "runner",
                                             "PICS" };
    for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++) {
        if (!vpci_is_digest(vpci_certificate_digest(statement, resources[i])))
            return vpci_record_fail(error, "/predicate/configuration: no SHA-256 of %s", resources[i]);
    }
    memcpy(facts->results_digest, vpci_certificate_digest(statement, "results.jsonl"),
           sizeof facts->results_digest);
    memcpy(facts->transcripts_digest, vpci_certificate_digest(statement, "transcripts.jsonl"),
           sizeof facts->transcripts_digest);
    const cJSON *content = vpci_member(find_resource(statement, "environment"), "content");
    if (!cJSON_IsString(content) || !vpci_base64_read(&facts->environment, content->valuestring))
        return vpci_record_fail(error,
                                "/predicate/configuration: no content of environment, or not in base64");
    return true;
}

bool vpci_certificate_read(struct vpci_certificate_facts *facts, const cJSON *statement,
                           char reason[VPCI_DETAIL_BYTES])
{
    record_error error;
    *facts = (struct vpci_certificate_facts){ 0 };
    bool fine = check_types(statement, &error) && read_subject(facts, statement, &error);
    const cJSON *predicate = fine ? object_member(statement, "predicate", "/predicate", &error) : NULL;
    const cJSON *extension =
        predicate != NULL ? object_member(predicate, "vpci_conform", EXTENSION, &error) : NULL;
    fine = extension != NULL && read_extension(facts, extension, &error) &&
           read_configuration(facts, statement, &error);
    if (!fine) {
        vpci_certificate_facts_free(facts);
        snprintf(reason, VPCI_DETAIL_BYTES, "%s", error.reason);
    }
    return fine;
}

/* Of two members that stand in the same place, the one to name: of different names the one that the first
 * object lacks, or else has too many. */
static const cJSON *member_to_name(const cJSON *one, const cJSON *left, const cJSON *right)
{
    const bool is_missing =
        left == NULL || (right != NULL && right->string != NULL && vpci_member(one, right->string) == NULL);
    return is_missing ? right : left;
}

/* Compares two objects or lists member by member. What is appended to the pointer is taken off again where
 * they are alike. */
static bool differ_below(struct vpci_text *pointer, const cJSON *one, const cJSON *other)
{
    const size_t length = pointer->length;
    const cJSON *left = one->child, *right = other->child;
    for (uint32_t index = 0; left != NULL || right != NULL; index++) {
        const cJSON *named = member_to_name(one, left, right);
        if (named->string != NULL)
            vpci_text_addf(pointer, "/%s", named->string);
        else
            vpci_text_addf(pointer, "/%u", index);
        const bool same_name = left != NULL && right != NULL &&
                               (left->string == NULL || strcmp(left->string, right->string) == 0);
        if (!same_name || vpci_certificate_difference(pointer, left, right))
            return true;
        pointer->length = length;
        pointer->bytes[length] = '\0';
        left = left->next;
        right = right->next;
    }
    return false;
}

bool vpci_certificate_difference(struct vpci_text *pointer, const cJSON *one, const cJSON *other)
{
    if ((one->type & 0xFF) != (other->type & 0xFF))
        return true;
    if (cJSON_IsObject(one) || cJSON_IsArray(one))
        return differ_below(pointer, one, other);
    if (cJSON_IsString(one))
        return strcmp(one->valuestring, other->valuestring) != 0;
    return cJSON_IsNumber(one) &&
           memcmp(&one->valuedouble, &other->valuedouble, sizeof one->valuedouble) != 0;
}
