/* SPDX-License-Identifier: MIT */
/* tests/unit/test_model_table.c - the table of rules has no hole, and no sequence of events, however
 * senseless, makes the judge crash, contradict itself, or look at memory that nobody gave it. */
#include "tests/unit/history.h"

#include "harness/contents.h"

static void no_cell_is_empty(void **state)
{
    (void)state;
    for (int kind = 0; kind < VPCI_EVENT_COUNT; kind++) {
        const unsigned states = vpci_model_state_count((enum vpci_event_kind)kind);
        assert_true(states != 0);
        for (unsigned of = 0; of < states; of++) {
            if (vpci_model_cell((enum vpci_event_kind)kind, of) == VPCI_RULE_MISSING)
                fail_msg("no rule for %s in state %u", vpci_event_info[kind].name, of);
        }
        assert_int_equal(vpci_model_cell((enum vpci_event_kind)kind, 1000), VPCI_RULE_MISSING);
    }
}

static void requirements_are_found_by_id(void **state)
{
    (void)state;
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++)
        assert_int_equal(vpci_requirement_from_id(vpci_requirement_info[i].id), i);
    assert_int_equal(VPCI_REQUIREMENT_COUNT - 1, 165);
    assert_int_equal(vpci_requirement_from_id("RD-99"), VPCI_REQUIREMENT_NONE);
    assert_int_equal(vpci_requirement_from_id(""), VPCI_REQUIREMENT_NONE);
}

/* The wire's requirements aside, a MUST is never less than a violation, a SHOULD never more than the
 * register's ruling makes it. */
static void strengths_follow_levels(void **state)
{
    (void)state;
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        const struct vpci_requirement_info *info = &vpci_requirement_info[i];
        if (info->level == VPCI_LEVEL_MUST)
            assert_int_equal(info->breach, VPCI_VIOLATION);
        else if (info->level == VPCI_LEVEL_SHOULD)
            assert_int_equal(info->breach, i == VPCI_PF_10 ? VPCI_VIOLATION : VPCI_WARNING);
        else if (info->level != VPCI_LEVEL_INF)
            assert_int_equal(info->breach, VPCI_NOTE);
    }
}

static void a_kind_that_does_not_exist_is_a_hole(void **state)
{
    (void)state;
    const struct history history = { "hole", "" };
    struct vpci_model *model = history_model(&history, NULL, 0);
    const struct vpci_event event = { .kind = (enum vpci_event_kind)VPCI_EVENT_COUNT };
    assert_int_equal(vpci_model_judge(model, &event).verdict, VPCI_RULE_MISSING);
    free(model);
}

/* What the kit does by mistake, or the implementation where the sources are silent, is told apart from what
 * is allowed. */
static void what_the_sources_do_not_say_is_told(void **state)
{
    (void)state;
    static const struct vpci_event events[][2] = {
        { { .kind = VPCI_EVENT_READ, .length = 8 }, { .kind = VPCI_EVENT_READ, .length = 8 } }, /* in use */
        { { .kind = VPCI_EVENT_START },
          { .kind = VPCI_EVENT_START_RETURN, .status = VPCI_STATUS_CANCELLED } },
        { { .kind = VPCI_EVENT_RESET },
          { .kind = VPCI_EVENT_RESET_RETURN, .status = VPCI_STATUS_CANCELLED } },
    };
    const struct history history = { "unspecified", "" };
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        struct vpci_model *model = history_model(&history, NULL, 0);
        struct vpci_event second = events[i][1];
        assert_int_equal(vpci_model_judge(model, &events[i][0]).verdict, VPCI_ALLOWED);
        const struct vpci_judgement judgement = vpci_model_judge(model, &second);
        assert_int_equal(judgement.verdict, VPCI_UNSPECIFIED);
        assert_int_equal(judgement.requirement, VPCI_REQUIREMENT_NONE);
        assert_non_null(judgement.reason);
        free(model);
        if (second.status == VPCI_STATUS_SUCCESS)
            continue;
        second.status = VPCI_STATUS_SUCCESS;
        model = history_model(&history, NULL, 0);
        (void)vpci_model_judge(model, &events[i][0]);
        assert_int_equal(vpci_model_judge(model, &second).verdict, VPCI_ALLOWED);
        free(model);
    }
}

/* Who gives more VFs than a model has room for has those that there is room for. */
static void there_are_no_more_vfs_than_the_model_has_room_for(void **state)
{
    (void)state;
    const struct history history = { "crowd", "", .vfs = VPCI_VFS_MAX + 1 };
    struct vpci_model *model = history_model(&history, NULL, 0);
    const struct vpci_event last = { .kind = VPCI_EVENT_START, .vf = VPCI_VFS_MAX - 1 };
    const struct vpci_event none = { .kind = VPCI_EVENT_START, .vf = VPCI_VFS_MAX };
    assert_int_equal(vpci_model_judge(model, &last).verdict, VPCI_ALLOWED);
    assert_int_equal(vpci_model_judge(model, &none).verdict, VPCI_UNSPECIFIED);
    free(model);
}

/* ---- noise ---- */

enum { NOISE_EVENTS = 200000, PAGE = VPCI_EVENT_DATA_BYTES_MAX, INTERVAL_BYTES = 1024 * 1024 };

struct noise {
    uint64_t random;
    uint8_t *page; /* PAGE bytes; data lie against its end */
    uint64_t events;
};

static uint32_t below(struct noise *noise, uint32_t limit)
{
    return (uint32_t)(vpci_random_next(&noise->random) % limit);
}

static uint32_t odd_number(struct noise *noise)
{
    static const uint32_t odd[] = { 0,   1,          4,          7,          8,         9,   12,
                                    63,  64,         127,        128,        129,       255, 512,
                                    513, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF8, 0xFFFFFFFF };
    return below(noise, 3) == 0 ? (uint32_t)vpci_random_next(&noise->random)
                                : odd[below(noise, sizeof odd / sizeof odd[0])];
}

static vpci_ntstatus some_status(struct noise *noise)
{
    static const vpci_ntstatus common[] = { 0, 0, 0, 0x103, 0xC0000120, 0xC0000023, 0xC0000001, 0x80000005 };
    return below(noise, 16) == 0 ? odd_number(noise) : common[below(noise, 8)];
}

static void some_data(struct noise *noise, struct vpci_event *event)
{
    const uint32_t length = below(noise, 4) == 0 ? below(noise, PAGE + 1) : below(noise, 20);
    event->data_length = length;
    if (below(noise, 10) == 0)
        return; /* a length without bytes */
    uint8_t *data = noise->page + PAGE - length;
    for (uint32_t i = 0; i < length; i++)
        data[i] = below(noise, 2) == 0 ? (uint8_t)below(noise, 3) : data[i];
    if (length >= 8 && below(noise, 2) == 0) {
        vpci_store_u32(data, below(noise, 3));
        vpci_store_u32(data + 4, below(noise, 4) == 0 ? odd_number(noise) : below(noise, 10));
    }
    event->data = data;
}

/* An event that might come: few VFs, requests, calls, blocks and lengths, so that they meet. */
static struct vpci_event plausible_event(struct noise *noise)
{
    static const uint32_t codes[] = { VPCI_IOCTL_READ_BLOCK, VPCI_IOCTL_WRITE_BLOCK,
                                      VPCI_IOCTL_INVALIDATE_BLOCK, 0x2AC013 };
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    struct vpci_event event = { .kind = (enum vpci_event_kind)below(noise, VPCI_EVENT_COUNT) };
    event.fields = vpci_event_info[event.kind].required |
                   ((uint32_t)vpci_random_next(&noise->random) & vpci_event_info[event.kind].optional);
    event.vf = (uint16_t)below(noise, 3);
    event.context_vf = (uint16_t)below(noise, 4);
    event.request = below(noise, 6);
    event.call = below(noise, 6);
    event.block = below(noise, 3);
    event.length = below(noise, 10);
    event.code = codes[below(noise, 4)];
    event.major = (uint8_t)(14 + below(noise, 2));
    event.input_length = below(noise, 20);
    event.output_length = below(noise, 10);
    event.user_event = below(noise, 4) != 0;
    event.marked = below(noise, 4) != 0;
    event.irql = (uint8_t)below(noise, 2);
    event.size = (uint16_t)(below(noise, 2) == 0 ? 56 : below(noise, 70));
    event.version = (uint16_t)below(noise, 3);
    event.status = some_status(noise);
    event.information = below(noise, 3) == 0 ? below(noise, 10) : 0;
    event.mask = below(noise, 4);
    event.references = below(noise, 4);
    event.guid = below(noise, 3) == 0 ? (struct vpci_guid){ { 0 } } : standard;
    some_data(noise, &event);
    return event;
}

/* An event out of nowhere. */
static struct vpci_event absurd_event(struct noise *noise)
{
    struct vpci_event event = { .kind = (enum vpci_event_kind)below(noise, VPCI_EVENT_COUNT + 3) };
    event.fields = (uint32_t)vpci_random_next(&noise->random);
    event.vf = (uint16_t)odd_number(noise);
    event.context_vf = (uint16_t)odd_number(noise);
    event.request = odd_number(noise);
    event.call = odd_number(noise);
    event.block = odd_number(noise);
    event.length = odd_number(noise);
    event.code = odd_number(noise);
    event.input_length = odd_number(noise);
    event.output_length = odd_number(noise);
    event.references = odd_number(noise);
    event.status = odd_number(noise);
    event.offset = odd_number(noise);
    event.size = (uint16_t)odd_number(noise);
    event.version = (uint16_t)odd_number(noise);
    event.information = vpci_random_next(&noise->random);
    event.mask = vpci_random_next(&noise->random);
    some_data(noise, &event);
    return event;
}

static void hold_well_formed(const struct vpci_event *event, struct vpci_judgement judgement)
{
    assert_true(judgement.verdict <= VPCI_VIOLATION);
    assert_true((judgement.verdict == VPCI_RULE_MISSING) == ((unsigned)event->kind >= VPCI_EVENT_COUNT));
    assert_true((unsigned)judgement.requirement < VPCI_REQUIREMENT_COUNT);
    if (judgement.verdict >= VPCI_WARNING)
        assert_true(judgement.requirement != VPCI_REQUIREMENT_NONE);
    if (judgement.verdict != VPCI_ALLOWED)
        assert_non_null(judgement.reason);
    else
        assert_true(judgement.requirement == VPCI_REQUIREMENT_NONE && judgement.reason == NULL);
}

/* Two models that differ in what their memory held before must judge alike. */
static void judge_noise(struct noise *noise, const struct vpci_model_options *options, uint8_t *memories[2],
                        unsigned events)
{
    struct vpci_model *models[2];
    for (int i = 0; i < 2; i++) {
        struct vpci_model_options own = *options;
        own.interval_memory = options->interval_memory_bytes == 0 ? NULL : memories[i];
        models[i] = aligned_alloc(64, (vpci_model_bytes() + 63) / 64 * 64);
        memset(models[i], i == 0 ? 0 : 0xFF, vpci_model_bytes());
        memset(memories[i], i == 0 ? 0 : 0xFF, INTERVAL_BYTES);
        vpci_model_init(models[i], &own);
    }
    for (unsigned i = 0; i < events; i++) {
        const struct vpci_event event = below(noise, 50) == 0 ? absurd_event(noise) : plausible_event(noise);
        const struct vpci_judgement first = vpci_model_judge(models[0], &event);
        const struct vpci_judgement second = vpci_model_judge(models[1], &event);
        hold_well_formed(&event, first);
        assert_int_equal(first.verdict, second.verdict);
        assert_int_equal(first.requirement, second.requirement);
        assert_int_equal(vpci_model_culprit(models[0], VPCI_EVENT_CRASH),
                         vpci_model_culprit(models[1], VPCI_EVENT_CRASH));
        assert_true(vpci_model_culprit(models[0], VPCI_EVENT_HANG) != VPCI_REQUIREMENT_NONE);
        assert_int_equal(vpci_model_contents_unjudged(models[0]), vpci_model_contents_unjudged(models[1]));
        noise->events++;
    }
    assert_memory_equal(vpci_model_exercised(models[0]), vpci_model_exercised(models[1]),
                        sizeof(struct vpci_requirement_set));
    free(models[0]);
    free(models[1]);
}

static void noise_is_judged_and_survived(void **state)
{
    (void)state;
    struct noise noise = { .random = 1, .page = calloc(1, PAGE) };
    uint8_t *memories[2] = { aligned_alloc(64, INTERVAL_BYTES), aligned_alloc(64, INTERVAL_BYTES) };
    static const enum vpci_role roles[] = { VPCI_ROLE_BUS, VPCI_ROLE_STACK };
    while (noise.events < NOISE_EVENTS) {
        const struct vpci_model_options options = {
            .role = roles[below(&noise, 2)],
            .vf_count = (uint16_t)(1 + below(&noise, 3)),
            .capabilities = (vpci_capability_set)vpci_random_next(&noise.random),
            .exact_order = below(&noise, 2) == 0,
            .profile = &vpci_profiles[below(&noise, 4)],
            .interval_memory_bytes = below(&noise, 3) == 0 ? 0 : INTERVAL_BYTES,
        };
        judge_noise(&noise, &options, memories, 1 + below(&noise, below(&noise, 4) == 0 ? 2000 : 60));
    }
    free(noise.page);
    free(memories[0]);
    free(memories[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_cell_is_empty),
        cmocka_unit_test(requirements_are_found_by_id),
        cmocka_unit_test(strengths_follow_levels),
        cmocka_unit_test(a_kind_that_does_not_exist_is_a_hole),
        cmocka_unit_test(what_the_sources_do_not_say_is_told),
        cmocka_unit_test(there_are_no_more_vfs_than_the_model_has_room_for),
        cmocka_unit_test(noise_is_judged_and_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
