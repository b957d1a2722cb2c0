/* SPDX-License-Identifier: MIT */
/* reports/dsse.c - see dsse.h. The reader prints again what it took and compares: white space, another order
 * of members, escapes that need not be and slack bits of base64 are refused that way, each without a rule of
 * its own. */
#include "reports/dsse.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "harness/allocate.h"
#include "harness/json.h"
#include "harness/record_member.h"

enum { NAME_SHOWN_BYTES = 100 }; /* of the end of a long path, which is where files differ */

typedef struct vpci_record_error record_error;

void vpci_base64_add(struct vpci_text *text, const void *bytes, size_t length)
{
    enum { PIECE = 3 * 1024 }; /* whole groups, so that only the last piece is padded */
    unsigned char digits[4 * PIECE / 3 + 1];
    const unsigned char *from = bytes;
    while (length > 0) {
        const size_t piece = length < PIECE ? length : PIECE;
        const int made = EVP_EncodeBlock(digits, from, (int)piece);
        vpci_text_add_bytes(text, digits, (size_t)made);
        from += piece;
        length -= piece;
    }
}

/* How many of the last group's bytes are padding. */
static size_t padding_of(const char *string, size_t length)
{
    return length == 0 ? 0 : (size_t)(string[length - 1] == '=') + (size_t)(string[length - 2] == '=');
}

bool vpci_base64_read(struct vpci_text *bytes, const char *string)
{
    const size_t length = strlen(string);
    if (length % 4 != 0 || length > VPCI_ENVELOPE_BYTES_MAX)
        return false;
    unsigned char *room = vpci_need_memory(malloc(length / 4 * 3 + 1));
    struct vpci_text again = { 0 };
    const int made = EVP_DecodeBlock(room, (const unsigned char *)string, (int)length);
    bool fine = made >= 0 && (size_t)made == length / 4 * 3;
    if (fine) {
        const size_t count = (size_t)made - padding_of(string, length);
        vpci_base64_add(&again, room, count);
        fine = again.length == length && (length == 0 || memcmp(again.bytes, string, length) == 0);
        if (fine)
            vpci_text_add_bytes(bytes, room, count);
    }
    vpci_text_free(&again);
    free(room);
    return fine;
}

void vpci_envelope_free(struct vpci_envelope *envelope)
{
    vpci_text_free(&envelope->payload);
    *envelope = (struct vpci_envelope){ 0 };
}

void vpci_envelope_signed_bytes(struct vpci_text *text, const struct vpci_envelope *envelope)
{
    vpci_text_addf(text, "DSSEv1 %zu %s %zu ", strlen(VPCI_DSSE_PAYLOAD_TYPE), VPCI_DSSE_PAYLOAD_TYPE,
                   envelope->payload.length);
    vpci_text_add_bytes(text, envelope->payload.bytes, envelope->payload.length);
}

void vpci_envelope_print(struct vpci_text *text, const struct vpci_envelope *envelope)
{
    vpci_text_add(text, "{\"payloadType\":\"" VPCI_DSSE_PAYLOAD_TYPE "\",\"payload\":\"");
    vpci_base64_add(text, envelope->payload.bytes, envelope->payload.length);
    vpci_text_add(text, "\",\"signatures\":[");
    for (uint32_t i = 0; i < envelope->signature_count; i++) {
        const struct vpci_signature *signature = &envelope->signatures[i];
        vpci_text_add(text, i == 0 ? "{\"keyid\":" : ",{\"keyid\":");
        vpci_text_add_json(text, signature->keyid);
        vpci_text_add(text, ",\"sig\":\"");
        vpci_base64_add(text, signature->bytes, signature->length);
        vpci_text_add(text, "\"}");
    }
    vpci_text_add(text, "]}\n");
}

static bool read_signature(struct vpci_signature *signature, const cJSON *object, uint32_t index,
                           record_error *error)
{
    static const char *const members[] = { "keyid", "sig", NULL };
    const char *sig = NULL;
    record_error inner;
    struct vpci_text bytes = { 0 };
    if (!cJSON_IsObject(object))
        return vpci_record_fail(error, "/signatures/%u: an object is wanted", index);
    if (!vpci_members_only(object, members, &inner) ||
        !vpci_member_text(object, "keyid", signature->keyid, sizeof signature->keyid, &inner) ||
        !vpci_member_string(object, "sig", &sig, &inner))
        return vpci_record_fail(error, "/signatures/%u/%s", index, inner.reason);
    const bool fine =
        vpci_base64_read(&bytes, sig) && bytes.length > 0 && bytes.length <= sizeof signature->bytes;
    if (fine) {
        memcpy(signature->bytes, bytes.bytes, bytes.length);
        signature->length = bytes.length;
    }
    vpci_text_free(&bytes);
    return fine || vpci_record_fail(error, "/signatures/%u/sig: not base64 of 1 to %d bytes", index,
                                    VPCI_SIGNATURE_BYTES_MAX);
}

static bool read_signatures(struct vpci_envelope *envelope, const cJSON *list, record_error *error)
{
    if (list == NULL)
        return vpci_record_fail(error, "/signatures: is missing");
    if (!cJSON_IsArray(list) || list->child == NULL)
        return vpci_record_fail(error, "/signatures: a list with a signature is wanted");
    for (const cJSON *item = list->child; item != NULL; item = item->next) {
        const uint32_t index = envelope->signature_count;
        if (index == VPCI_SIGNATURES_MAX)
            return vpci_record_fail(error, "/signatures: more than %d", VPCI_SIGNATURES_MAX);
        if (!read_signature(&envelope->signatures[index], item, index, error))
            return false;
        envelope->signature_count++;
    }
    return true;
}

static bool read_envelope(struct vpci_envelope *envelope, const cJSON *object, record_error *error)
{
    static const char *const members[] = { "payloadType", "payload", "signatures", NULL };
    const char *type = NULL, *payload = NULL;
    record_error inner;
    if (!cJSON_IsObject(object))
        return vpci_record_fail(error, "an object is wanted, not %s", vpci_json_type_name(object));
    if (!vpci_members_only(object, members, &inner) ||
        !vpci_member_string(object, "payloadType", &type, &inner) ||
        !vpci_member_string(object, "payload", &payload, &inner))
        return vpci_record_fail(error, "/%s", inner.reason);
    if (strcmp(type, VPCI_DSSE_PAYLOAD_TYPE) != 0)
        return vpci_record_fail(error, "/payloadType: " VPCI_DSSE_PAYLOAD_TYPE " is wanted");
    if (!vpci_base64_read(&envelope->payload, payload) || envelope->payload.length == 0)
        return vpci_record_fail(error, "/payload: not base64 of one byte or more");
    return read_signatures(envelope, vpci_member(object, "signatures"), error);
}

bool vpci_envelope_read(struct vpci_envelope *envelope, const char *name, const char *bytes, size_t length,
                        char error[VPCI_DETAIL_BYTES])
{
    record_error reason;
    struct vpci_text again = { 0 };
    *envelope = (struct vpci_envelope){ 0 };
    cJSON *object = vpci_json_parse(bytes, length, reason.reason, sizeof reason.reason);
    bool fine = object != NULL && read_envelope(envelope, object, &reason);
    if (fine) {
        vpci_envelope_print(&again, envelope);
        fine = (again.length == length && memcmp(again.bytes, bytes, length) == 0) ||
               vpci_record_fail(&reason, "not in the one form of an envelope (white space, order of members, "
                                         "escapes, end of the line)");
    }
    cJSON_Delete(object);
    vpci_text_free(&again);
    if (!fine) {
        vpci_envelope_free(envelope);
        const size_t shown = strlen(name) < NAME_SHOWN_BYTES ? strlen(name) : NAME_SHOWN_BYTES;
        snprintf(error, VPCI_DETAIL_BYTES, "%s: %.*s", name + strlen(name) - shown,
                 VPCI_DETAIL_BYTES - NAME_SHOWN_BYTES - 3, reason.reason);
    }
    return fine;
}
