/* SPDX-License-Identifier: MIT */
/* tests/unit/test_digest_members.c - what the abstract state is made of: every bit that the model remembers
 * and that its future depends on has a place of its own, and nothing else has one. A state that is mistaken
 * for another is a state that exploring leaves out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "models/digest.h"
#include "models/model_state.h" /* to change one member at a time */

enum { VF = 1, REQUEST = 5, OTHER_REQUEST = 9, CALL = 3, VARIATIONS_MAX = 2048 };

struct member {
    const char *name;
    size_t offset, bytes;
    unsigned bits; /* that are looked at; 0: it means nothing here */
};

#define MEMBER(type, member, bits)                               \
    {                                                            \
#type "." #member, offsetof(struct vpci_##type, member), \
            sizeof(((struct vpci_##type *)NULL)->member), bits   \
    }
#define IN_VF(member, bits)      MEMBER(vf, member, bits)
#define IN_REQUEST(member, bits) MEMBER(request, member, bits)
#define IN_CALL(member, bits)    MEMBER(call, member, bits)

static const struct member of_vf[] = {
    IN_VF(state, 3),
    IN_VF(changing, 1),
    IN_VF(resets, 16),
    IN_VF(has_unknown_blocks, 1),
    IN_VF(has_serial, 1),
    IN_VF(has_references, 1),
    IN_VF(references_unjudged, 1),
    IN_VF(starving, 32),
    IN_VF(zeros, 32),
    IN_VF(serial, 32),
    IN_VF(references, 32),
    IN_VF(reference_change, 32),
    IN_VF(client_references, 32),
    IN_VF(owed, 64),
    IN_VF(deliverable, 64),
    IN_VF(in_flight, 64),
    IN_VF(told, 64),
    IN_VF(told_zero, 1),
    IN_VF(noticed, 0),
    IN_VF(merged, 0),
    IN_VF(raised, 0),
    IN_VF(delivered, 0),
    IN_VF(refused_block, 0),
};

/* Of a request that is completed, so that its result counts. state and kind change what else counts. */
static const struct member of_request[] = {
    IN_REQUEST(prospect, 3),       IN_REQUEST(excuses, 6),        IN_REQUEST(vf, 4),
    IN_REQUEST(from_vf, 4),        IN_REQUEST(breach, 8),         IN_REQUEST(user_event, 1),
    IN_REQUEST(starved, 1),        IN_REQUEST(contents_free, 1),  IN_REQUEST(changed_to_empty, 1),
    IN_REQUEST(signalled, 1),      IN_REQUEST(marked, 1),         IN_REQUEST(has_call, 1),
    IN_REQUEST(unfollowed, 1),     IN_REQUEST(beside_removal, 1), IN_REQUEST(may_deliver_zero, 1),
    IN_REQUEST(block, 32),         IN_REQUEST(length, 32),        IN_REQUEST(input_length, 32),
    IN_REQUEST(output_length, 32), IN_REQUEST(may_deliver, 64),   IN_REQUEST(status, 32),
    IN_REQUEST(size, 16),          IN_REQUEST(version, 16),       IN_REQUEST(information, 64),
    IN_REQUEST(concurrent, 0),     IN_REQUEST(crossed_reset, 0),  IN_REQUEST(crossed_removal, 0),
    IN_REQUEST(after_notice, 0),   IN_REQUEST(result_hash, 0),    IN_REQUEST(irql, 0),
    IN_REQUEST(older_news, 64),    IN_REQUEST(older_zero, 1),     IN_REQUEST(may_be_asked, 0),
};

static const struct member of_call[] = {
    IN_CALL(is_write, 1), IN_CALL(lacks_bytes, 1), IN_CALL(unjudged, 1), IN_CALL(vf, 4),
    IN_CALL(block, 32),   IN_CALL(length, 32),     IN_CALL(status, 32),  IN_CALL(moved, 32),
    IN_CALL(number, 0),   IN_CALL(data, 0),
};

/* All states that differ from the first one in a bit that counts. */
struct states {
    uint64_t words[VARIATIONS_MAX][64];
    char names[VARIATIONS_MAX][48];
    uint32_t count, length;
};
static struct states *states;

/* Two VFs; a completed IOCTL, an open direct read, and a call that was answered for the latter. */
static struct vpci_model *make_model(void)
{
    const struct vpci_model_options options = { .role = VPCI_ROLE_BUS, .vf_count = 2 };
    struct vpci_model *model = calloc(1, sizeof *model);
    assert_non_null(model);
    vpci_model_init(model, &options);
    model->requests[REQUEST] =
        (struct vpci_request){ .state = VPCI_REQUEST_COMPLETED, .kind = VPCI_KIND_IOCTL_READ, .issued = 1 };
    model->requests[OTHER_REQUEST] =
        (struct vpci_request){ .state = VPCI_REQUEST_DISPATCHED, .kind = VPCI_KIND_READ, .issued = 2 };
    model->open = model->used = (uint64_t)1 << REQUEST | (uint64_t)1 << OTHER_REQUEST;
    model->calls[CALL] = (struct vpci_call){ .state = VPCI_CALL_ANSWERED, .owner = OTHER_REQUEST, .made = 4 };
    model->calls_used = (uint64_t)1 << CALL;
    model->count = 9;
    return model;
}

static void keep_state(const struct vpci_model *model, const char *name, unsigned bit)
{
    uint64_t words[VPCI_ABSTRACT_WORDS_MAX];
    const uint32_t length = vpci_model_abstract(model, words);
    assert_true(states->count < VARIATIONS_MAX);
    assert_true(length <= 64);
    memset(states->words[states->count], 0, sizeof states->words[0]);
    memcpy(states->words[states->count], words, length * sizeof words[0]);
    (void)snprintf(states->names[states->count], sizeof states->names[0], "%s, bit %u", name, bit);
    states->count++;
}

static void vary(struct vpci_model *model, void *object, const struct member *members, size_t count)
{
    uint64_t before[VPCI_ABSTRACT_WORDS_MAX], after[VPCI_ABSTRACT_WORDS_MAX];
    const uint32_t length = vpci_model_abstract(model, before);
    for (size_t i = 0; i < count; i++) {
        uint8_t *bytes = (uint8_t *)object + members[i].offset;
        for (unsigned bit = 0; bit < members[i].bits; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            keep_state(model, members[i].name, bit);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        if (members[i].bits == 0) {
            bytes[0] ^= 1;
            assert_int_equal(vpci_model_abstract(model, after), length);
            if (memcmp(before, after, length * sizeof before[0]) != 0)
                fail_msg("%s means something", members[i].name);
            bytes[0] ^= 1;
        }
    }
}

static void expect_all_apart(void)
{
    for (uint32_t i = 0; i < states->count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (memcmp(states->words[i], states->words[j], sizeof states->words[0]) == 0)
                fail_msg("%s looks like %s", states->names[i], states->names[j]);
        }
    }
}

static void every_bit_has_a_place_of_its_own(void **state)
{
    (void)state;
    struct vpci_model *model = make_model();
    keep_state(model, "nothing", 0);
    vary(model, &model->vfs[0], of_vf, sizeof of_vf / sizeof of_vf[0]);
    vary(model, &model->vfs[VF], of_vf, sizeof of_vf / sizeof of_vf[0]);
    vary(model, &model->requests[REQUEST], of_request, sizeof of_request / sizeof of_request[0]);
    model->calls_lost = true;
    keep_state(model, "calls_lost", 0);
    model->calls_lost = false;
    for (unsigned bit = 0; bit < VPCI_VFS_MAX; bit++) {
        model->vfs_touched = (uint16_t)(1u << bit);
        keep_state(model, "vfs_touched", bit);
    }
    model->vfs_touched = 0;
    expect_all_apart();
    free(model);
}

static void every_bit_of_an_answered_call_has_one(void **state)
{
    (void)state;
    struct vpci_model *model = make_model();
    states->count = 0;
    keep_state(model, "nothing", 0);
    vary(model, &model->calls[CALL], of_call, sizeof of_call / sizeof of_call[0]);
    model->calls[CALL].owner = VPCI_REQUESTS_MAX;
    keep_state(model, "of one that has departed", 0);
    expect_all_apart();
    free(model);
}

/* What has departed counts while it has no callback, or when it may take another one's. */
static void what_has_departed_has_a_place(void **state)
{
    (void)state;
    struct vpci_model *model = make_model();
    struct vpci_request *departed = &model->requests[VPCI_REQUESTS_MAX + CALL];
    states->count = 0;
    keep_state(model, "nothing", 0);
    *departed = (struct vpci_request){ .kind = VPCI_KIND_READ, .ended = 9, .call_slot = VPCI_NO_CALL };
    model->departed = (uint64_t)1 << CALL;
    keep_state(model, "departed", 0);
    model->calls_open = model->calls_used;
    keep_state(model, "departed, and may have an open call", 0);
    departed->ended = 3;
    keep_state(model, "departed before the open call", 0);
    departed->may_be_asked = true;
    keep_state(model, "and may be asked yet", 0);
    model->vfs[0].state = VPCI_VF_REMOVED;
    keep_state(model, "but the VF was removed", 0);
    expect_all_apart();
    free(model);
}

/* Every kind in every state, with and without a result. */
static void every_kind_and_state_is_told_apart(void **state)
{
    (void)state;
    struct vpci_model *model = make_model();
    struct vpci_request *request = &model->requests[REQUEST];
    states->count = 0;
    for (uint8_t kind = 0; kind < VPCI_KIND_COUNT; kind++) {
        for (uint8_t place = VPCI_REQUEST_DISPATCHED; place < VPCI_REQUEST_OVER; place++) {
            const bool ended = place == VPCI_REQUEST_COMPLETED || place == VPCI_REQUEST_SIGNAL_OWED;
            request->kind = kind;
            request->state = place;
            request->status = 0;
            request->information = 0;
            keep_state(model, "kind and state", (unsigned)kind * 10 + place);
            const uint32_t plain = states->count - 1;
            request->status = VPCI_STATUS_CANCELLED;
            keep_state(model, "with a status", (unsigned)kind * 10 + place);
            request->status = 0;
            request->information = 8;
            keep_state(model, "with a count", (unsigned)kind * 10 + place);
            const bool status_counts =
                memcmp(states->words[plain], states->words[plain + 1], sizeof states->words[0]) != 0;
            const bool count_counts =
                memcmp(states->words[plain], states->words[plain + 2], sizeof states->words[0]) != 0;
            assert_int_equal(status_counts, ended || kind == VPCI_KIND_QUERY);
            assert_int_equal(count_counts, ended);
            states->count = plain + 1;
        }
    }
    expect_all_apart();
    free(model);
}

static void orders_are_told_apart_by_age_alone(void **state)
{
    (void)state;
    struct vpci_model *model = make_model();
    uint64_t one[VPCI_ABSTRACT_WORDS_MAX], other[VPCI_ABSTRACT_WORDS_MAX];
    const uint32_t length = vpci_model_abstract(model, one);
    const struct vpci_request first = model->requests[REQUEST], second = model->requests[OTHER_REQUEST];
    model->requests[60] = first; /* the numbers change places, their ages do not */
    model->requests[2] = second;
    model->calls[CALL].owner = 2;
    model->open = model->used = (uint64_t)1 << 60 | (uint64_t)1 << 2;
    assert_int_equal(vpci_model_abstract(model, other), length);
    assert_memory_equal(one, other, length * sizeof one[0]);
    model->requests[60].issued = 3; /* the other one is the older by now */
    assert_int_equal(vpci_model_abstract(model, other), length);
    assert_memory_not_equal(one, other, length * sizeof one[0]);
    free(model);
}

static void every_word_counts_in_a_digest(void **state)
{
    (void)state;
    uint64_t words[3] = { 0 };
    struct vpci_state_digest seen[3 * 64 + 2];
    uint32_t count = 0;
    seen[count++] = vpci_state_digest_of(words, 3);
    seen[count++] = vpci_state_digest_of(words, 2);
    for (unsigned bit = 0; bit < 3 * 64; bit++) {
        words[bit / 64] ^= (uint64_t)1 << bit % 64;
        seen[count++] = vpci_state_digest_of(words, 3);
        words[bit / 64] ^= (uint64_t)1 << bit % 64;
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < i; j++) { /* each half is a digest by itself */
            assert_true(seen[i].low != seen[j].low);
            assert_true(seen[i].high != seen[j].high);
        }
    }
}

static int prepare(void **state)
{
    (void)state;
    states = calloc(1, sizeof *states);
    return states == NULL;
}

static int clean(void **state)
{
    (void)state;
    free(states);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit_has_a_place_of_its_own),
        cmocka_unit_test(every_bit_of_an_answered_call_has_one),
        cmocka_unit_test(what_has_departed_has_a_place),
        cmocka_unit_test(every_kind_and_state_is_told_apart),
        cmocka_unit_test(orders_are_told_apart_by_age_alone),
        cmocka_unit_test(every_word_counts_in_a_digest),
    };
    return cmocka_run_group_tests(tests, prepare, clean);
}
