/* SPDX-License-Identifier: MIT */
/* tests/unit/test_golden_life.c - golden's VFs: starting, resetting, removing, interfaces, notifications.
 * Apart from test_golden.c, which is about blocks on their way to the PF and back. */
#include "tests/unit/golden_kit.h"

static void masks_accumulate_and_are_delivered_once(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 2);
    notify(&kit, 0, 1);
    notify(&kit, 0, 4);
    notify(&kit, 1, 0x8000000000000000u);
    notify(&kit, 0, 0);
    send(&kit, ioctl(&kit, VPCI_IOCTL_INVALIDATE_BLOCK, 0, 0));
    /* Completed before the dispatch routine returns, which says PENDING all the same: it was marked. */
    assert_int_equal(kit.log[0].kind, VPCI_EVENT_IOCTL_COMPLETE);
    assert_int_equal(kit.log[0].information, 0);
    assert_true(kit.log[0].marked);
    assert_int_equal(nth(&kit, VPCI_EVENT_IOCTL_RETURN, 0)->status, VPCI_STATUS_PENDING);
    assert_int_equal(vpci_load_u64(kit.input), 5);
    kit.count = 0;
    send(&kit, ioctl(&kit, VPCI_IOCTL_INVALIDATE_BLOCK, 1, 0));
    send(&kit, ioctl(&kit, VPCI_IOCTL_INVALIDATE_BLOCK, 2, 0));
    assert_int_equal(count_of(&kit, VPCI_EVENT_IOCTL_COMPLETE), 0);
    notify(&kit, VPCI_VF_ALL, 2);
    assert_int_equal(count_of(&kit, VPCI_EVENT_IOCTL_COMPLETE), 1);
    assert_int_equal(nth(&kit, VPCI_EVENT_IOCTL_COMPLETE, 0)->request, 1);
    send(&kit, (struct vpci_event){ .kind = VPCI_EVENT_CANCEL, .request = 2 });
    assert_int_equal(nth(&kit, VPCI_EVENT_IOCTL_COMPLETE, 1)->status, VPCI_STATUS_CANCELLED);
    assert_int_equal(nth(&kit, VPCI_EVENT_IOCTL_COMPLETE, 1)->information, 0);
    struct vpci_event other = ioctl(&kit, VPCI_IOCTL_INVALIDATE_BLOCK, 3, 0);
    other.vf = 1;
    send(&kit, other);
    assert_int_equal(vpci_load_u64(kit.input), 0x8000000000000002u);
    close_kit(&kit);
}

static void a_rearmed_invalidate_waits_for_new_news(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    const struct vpci_event event = ioctl(&kit, VPCI_IOCTL_INVALIDATE_BLOCK, 0, 0);
    kit.inside_at = VPCI_EVENT_IOCTL_COMPLETE;
    kit.inside_times = 3;
    kit.inside = event;
    kit.inside_memory = (struct vpci_memory){ kit.input, kit.output, &kit.status_block };
    send(&kit, event);
    for (uint32_t i = 0; i < 3; i++) {
        notify(&kit, 0, (uint64_t)1 << i);
        assert_int_equal(vpci_load_u64(kit.input), 1u << i);
        assert_int_equal(count_of(&kit, VPCI_EVENT_IOCTL_COMPLETE), i + 1);
    }
    close_kit(&kit);
}

static void a_removal_ends_what_is_sent_from_inside_too(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    send(&kit, ioctl(&kit, VPCI_IOCTL_INVALIDATE_BLOCK, 0, 0));
    send(&kit, ioctl(&kit, VPCI_IOCTL_INVALIDATE_BLOCK, 1, 0));
    kit.count = 0;
    kit.inside_at = VPCI_EVENT_IOCTL_COMPLETE;
    kit.inside_times = 8;
    kit.inside = ioctl(&kit, VPCI_IOCTL_INVALIDATE_BLOCK, 0, 0);
    kit.inside_memory = (struct vpci_memory){ kit.input, kit.output, &kit.status_block };
    vf_event(&kit, VPCI_EVENT_REMOVE, 0);
    assert_int_equal(count_of(&kit, VPCI_EVENT_IOCTL_COMPLETE), 10);
    assert_int_equal(kit.log[kit.count - 1].kind, VPCI_EVENT_REMOVE_RETURN);
    close_kit(&kit);
}

static void a_removed_vf_fails_everything_and_disturbs_nobody(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 2);
    send(&kit, direct(VPCI_EVENT_READ, 0, 0, 8));
    send(&kit, ioctl(&kit, VPCI_IOCTL_READ_BLOCK, 1, 8));
    send(&kit, ioctl(&kit, VPCI_IOCTL_INVALIDATE_BLOCK, 2, 0));
    send(&kit, direct(VPCI_EVENT_READ, 1, 3, 8));
    vf_event(&kit, VPCI_EVENT_REMOVE, 0);
    assert_int_equal(nth(&kit, VPCI_EVENT_READ_RETURN, 0)->status, VPCI_STATUS_DEVICE_REMOVED);
    assert_int_equal(count_of(&kit, VPCI_EVENT_IOCTL_COMPLETE), 2);
    assert_int_equal(kit.log[kit.count - 1].kind, VPCI_EVENT_REMOVE_RETURN);
    send(&kit, direct(VPCI_EVENT_READ, 0, 0, 8));
    assert_true(vpci_nt_error(nth(&kit, VPCI_EVENT_READ_RETURN, 1)->status));
    vf_event(&kit, VPCI_EVENT_DEREFERENCE, 0);
    answer(&kit, VPCI_EVENT_PF_READ_RETURN, nth(&kit, VPCI_EVENT_PF_READ, 2)->call, VPCI_STATUS_SUCCESS, 8);
    assert_int_equal(nth(&kit, VPCI_EVENT_READ_RETURN, 2)->request, 3);
    assert_int_equal(nth(&kit, VPCI_EVENT_READ_RETURN, 2)->status, VPCI_STATUS_SUCCESS);
    close_kit(&kit);
}

static void a_reset_ends_transfers_and_keeps_the_mask(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 2);
    send(&kit, direct(VPCI_EVENT_READ, 0, 0, 8));
    send(&kit, direct(VPCI_EVENT_READ, 1, 1, 8));
    notify(&kit, 0, 16);
    vf_event(&kit, VPCI_EVENT_RESET, 0);
    assert_int_equal(count_of(&kit, VPCI_EVENT_READ_RETURN), 1);
    assert_true(vpci_nt_error(nth(&kit, VPCI_EVENT_READ_RETURN, 0)->status));
    assert_int_equal(nth(&kit, VPCI_EVENT_PF_RESET, 0)->vf, 0);
    assert_int_equal(nth(&kit, VPCI_EVENT_RESET_RETURN, 0)->status, VPCI_STATUS_SUCCESS);
    send(&kit, ioctl(&kit, VPCI_IOCTL_INVALIDATE_BLOCK, 2, 0));
    assert_int_equal(vpci_load_u64(kit.input), 16);
    send(&kit, direct(VPCI_EVENT_READ, 0, 0, 8));
    assert_int_equal(count_of(&kit, VPCI_EVENT_PF_READ), 3);
    close_kit(&kit);
}

/* Goal: a reset ends what was there, not what a completion routine sends meanwhile under a higher number. */
static void a_reset_spares_what_is_sent_from_inside(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    send(&kit, direct(VPCI_EVENT_READ, 0, 0, 8));
    kit.inside_at = VPCI_EVENT_READ_RETURN;
    kit.inside_times = 1;
    kit.inside = direct(VPCI_EVENT_READ, 0, 5, 8);
    kit.inside_memory = (struct vpci_memory){ .output = kit.output };
    vf_event(&kit, VPCI_EVENT_RESET, 0);
    assert_int_equal(count_of(&kit, VPCI_EVENT_READ_RETURN), 1);
    answer(&kit, VPCI_EVENT_PF_READ_RETURN, nth(&kit, VPCI_EVENT_PF_READ, 1)->call, VPCI_STATUS_SUCCESS, 8);
    assert_int_equal(nth(&kit, VPCI_EVENT_READ_RETURN, 1)->request, 5);
    assert_int_equal(nth(&kit, VPCI_EVENT_READ_RETURN, 1)->status, VPCI_STATUS_SUCCESS);
    close_kit(&kit);
}

static void a_query_fills_no_more_than_the_size_stated(void **state)
{
    (void)state;
    struct kit kit;
    open_kit(&kit, VPCI_ROLE_BUS, 2); /* not started: queries work before */
    for (uint16_t size = 0; size <= 80; size++) {
        memset(kit.page, CANARY, PAGE);
        uint8_t *structure = kit.page + PAGE - size;
        const struct vpci_event event = { .kind = VPCI_EVENT_QUERY_INTERFACE,
                                          .vf = 1,
                                          .guid = VPCI_GUID_INTERFACE_STANDARD,
                                          .size = size,
                                          .version = 0xFFFF };
        kit.count = 0;
        kit.golden->submit(kit.iut, &event, &(struct vpci_memory){ .output = structure });
        assert_int_equal(kit.log[0].kind, VPCI_EVENT_QUERY_INTERFACE_RETURN);
        assert_int_equal(kit.log[0].information, 0);
        assert_int_equal(kit.log[0].status == VPCI_STATUS_SUCCESS, size >= 32);
        assert_int_equal(kit.log[1].references, size >= 32 ? size - 31 : 0);
        if (size >= 32) {
            assert_int_equal(structure[0], size < 56 ? size : 56);
            assert_int_equal(structure[2], 1);
            assert_int_not_equal(vpci_load_u64(structure + 8), 0);
        }
        if (size > 56)
            assert_int_equal(structure[56], CANARY);
    }
    close_kit(&kit);
}

static void a_foreign_query_changes_nothing(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    struct vpci_event event = { .kind = VPCI_EVENT_QUERY_INTERFACE, .size = 56, .version = 1 };
    send(&kit, event);
    assert_int_equal(kit.log[0].status, VPCI_STATUS_NOT_SUPPORTED);
    event.fields = VPCI_F(STATUS);
    event.status = VPCI_STATUS_SUCCESS;
    send(&kit, event);
    assert_int_equal(kit.log[2].status, VPCI_STATUS_SUCCESS);
    assert_int_equal(kit.log[3].references, 0);
    assert_int_equal(kit.output[0], VPCI_FILL_BYTE);
    close_kit(&kit);
}

static void serial_numbers_and_contexts_differ_between_vfs(void **state)
{
    (void)state;
    struct kit kit;
    struct vpci_interface_standard interfaces[2];
    started_kit(&kit, VPCI_ROLE_BUS, 2);
    for (uint16_t vf = 0; vf < 2; vf++) {
        const struct vpci_event event = { .kind = VPCI_EVENT_QUERY_INTERFACE,
                                          .vf = vf,
                                          .guid = VPCI_GUID_INTERFACE_STANDARD,
                                          .size = 56,
                                          .version = 1 };
        kit.golden->submit(kit.iut, &event, &(struct vpci_memory){ .output = (uint8_t *)&interfaces[vf] });
    }
    assert_int_not_equal(interfaces[0].serial_number, interfaces[1].serial_number);
    assert_true(interfaces[0].context != interfaces[1].context);
    assert_true(interfaces[0].read_vf_config_block != 0 && interfaces[0].write_vf_config_block != 0);
    vf_event(&kit, VPCI_EVENT_REFERENCE, 0);
    assert_int_equal(kit.log[kit.count - 1].references, 2);
    for (int i = 0; i < 3; i++)
        vf_event(&kit, VPCI_EVENT_DEREFERENCE, 0);
    assert_int_equal(kit.log[kit.count - 1].references, 0);
    close_kit(&kit);
}

static void nothing_but_queries_works_before_start(void **state)
{
    (void)state;
    struct kit kit;
    open_kit(&kit, VPCI_ROLE_BUS, 1);
    send(&kit, direct(VPCI_EVENT_WRITE, 0, 0, 8));
    assert_int_equal(kit.log[0].status, VPCI_STATUS_DEVICE_NOT_READY);
    send(&kit, ioctl(&kit, VPCI_IOCTL_INVALIDATE_BLOCK, 0, 0));
    assert_int_equal(kit.log[1].status, VPCI_STATUS_DEVICE_NOT_READY);
    vf_event(&kit, VPCI_EVENT_START, 0);
    send(&kit, direct(VPCI_EVENT_WRITE, 0, 0, 8));
    assert_int_equal(count_of(&kit, VPCI_EVENT_PF_WRITE), 1);
    close_kit(&kit);
}

static void hostile_numbers_are_ignored(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    for (int kind = 0; kind < VPCI_EVENT_COUNT; kind++) {
        struct vpci_event event = { .kind = (enum vpci_event_kind)kind,
                                    .vf = 0xFFFE,
                                    .request = 0xFFFFFFFF,
                                    .call = 0xFFFFFFFF,
                                    .length = 0xFFFFFFFF,
                                    .context_vf = 0xFFFE };
        kit.golden->submit(kit.iut, &event, NULL);
        event.fields = 0xFFFFFFFF;
        event.request = 3;
        kit.golden->submit(kit.iut, &event, NULL);
    }
    kit.golden->run(kit.iut);
    assert_int_equal(count_of(&kit, VPCI_EVENT_PF_READ) + count_of(&kit, VPCI_EVENT_PF_WRITE), 0);
    close_kit(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_accumulate_and_are_delivered_once),
        cmocka_unit_test(a_rearmed_invalidate_waits_for_new_news),
        cmocka_unit_test(a_removal_ends_what_is_sent_from_inside_too),
        cmocka_unit_test(a_removed_vf_fails_everything_and_disturbs_nobody),
        cmocka_unit_test(a_reset_ends_transfers_and_keeps_the_mask),
        cmocka_unit_test(a_reset_spares_what_is_sent_from_inside),
        cmocka_unit_test(a_query_fills_no_more_than_the_size_stated),
        cmocka_unit_test(a_foreign_query_changes_nothing),
        cmocka_unit_test(serial_numbers_and_contexts_differ_between_vfs),
        cmocka_unit_test(nothing_but_queries_works_before_start),
        cmocka_unit_test(hostile_numbers_are_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
