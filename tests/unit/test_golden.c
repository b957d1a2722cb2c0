/* SPDX-License-Identifier: MIT */
/* tests/unit/test_golden.c - golden moves blocks as the protocol says, seen through its plug-in table.
 * Apart from the end-to-end tests because those trust the judge, and golden is there to check the judge. */
#include "tests/unit/golden_kit.h"

static void a_direct_read_returns_the_bytes_of_the_pf(void **state)
{
    (void)state;
    for (uint32_t length = 1; length <= 128; length++) {
        struct kit kit;
        started_kit(&kit, VPCI_ROLE_BUS, 2);
        kit.golden->submit(kit.iut,
                           &(struct vpci_event){ .kind = VPCI_EVENT_READ,
                                                 .vf = 1,
                                                 .request = 63,
                                                 .block = 7,
                                                 .length = length,
                                                 .fields = VPCI_F(IRQL),
                                                 .irql = 1 },
                           &(struct vpci_memory){ .output = kit.page + PAGE - length });
        const struct vpci_event *call = nth(&kit, VPCI_EVENT_PF_READ, 0);
        assert_non_null(call);
        assert_int_equal(call->vf, 1);
        assert_int_equal(call->block, 7);
        assert_int_equal(call->length, length);
        assert_null(nth(&kit, VPCI_EVENT_READ_RETURN, 0));
        answer(&kit, VPCI_EVENT_PF_READ_RETURN, call->call, VPCI_STATUS_SUCCESS,
               200); /* more than asked for */
        assert_int_equal(nth(&kit, VPCI_EVENT_READ_RETURN, 0)->status, VPCI_STATUS_SUCCESS);
        assert_int_equal(nth(&kit, VPCI_EVENT_READ_RETURN, 0)->irql, 1);
        for (uint32_t i = 0; i < length; i++)
            assert_int_equal(kit.page[PAGE - length + i], (uint8_t)(i * 7 + 1));
        close_kit(&kit);
    }
}

static void lengths_out_of_range_never_reach_the_pf(void **state)
{
    (void)state;
    static const uint32_t lengths[] = { 0, 129, 136, 256, 0x7FFFFFFF, 0xFFFFFFFF };
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    for (uint32_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        send(&kit, direct(VPCI_EVENT_READ, 0, 1, lengths[i]));
        send(&kit, direct(VPCI_EVENT_WRITE, 0, 1, lengths[i]));
        assert_true(vpci_nt_error(nth(&kit, VPCI_EVENT_READ_RETURN, i)->status));
        assert_true(vpci_nt_error(nth(&kit, VPCI_EVENT_WRITE_RETURN, i)->status));
    }
    assert_int_equal(count_of(&kit, VPCI_EVENT_PF_READ) + count_of(&kit, VPCI_EVENT_PF_WRITE), 0);
    close_kit(&kit);
}

static void an_ioctl_write_is_captured_before_it_pends(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    for (uint32_t i = 0; i < 128; i++)
        kit.input[8 + i] = (uint8_t)i;
    const struct vpci_event event = ioctl(&kit, VPCI_IOCTL_WRITE_BLOCK, 2, 128);
    send(&kit, event);
    assert_int_equal(kit.log[0].kind, VPCI_EVENT_IOCTL_RETURN);
    assert_int_equal(kit.log[0].status, VPCI_STATUS_PENDING);
    assert_true(kit.log[0].marked);
    assert_int_equal(kit.log[1].kind, VPCI_EVENT_PF_WRITE);
    for (uint32_t i = 0; i < 128; i++)
        assert_int_equal(kit.data[1][i], i);
    answer(&kit, VPCI_EVENT_PF_WRITE_RETURN, kit.log[1].call, VPCI_STATUS_SUCCESS, 100);
    assert_int_equal(kit.log[2].kind, VPCI_EVENT_IOCTL_COMPLETE);
    assert_int_equal(kit.log[2].information, 100);
    assert_int_equal(kit.log[3].kind, VPCI_EVENT_USER_EVENT_SIGNAL);
    assert_int_equal(kit.status_block.information, 100);
    assert_int_equal(kit.count, 4);
    close_kit(&kit);
}

static void malformed_ioctls_fail_in_dispatch(void **state)
{
    (void)state;
    static const struct {
        uint32_t code, input_length, output_length, length;
        vpci_ntstatus status; /* 0: any error */
    } rows[] = {
        { 0x002AC00B, 7, 128, 16, 0xC0000023 },
        { 0x002AC00B, 0, 128, 16, 0xC0000023 },
        { 0x002AC00B, 8, 15, 16, 0xC0000023 },
        { 0x002AC00B, 8, 512, 129, 0 },
        { 0x002AC00B, 8, 16, 0, 0 },
        { 0x002AC00F, 7, 0, 1, 0xC0000023 },
        { 0x002AC00F, 12, 0, 5, 0 },
        { 0x002AC00F, 12, 0, 0xFFFFFFF8, 0 },
        { 0x002AC00F, 12, 0, 0xFFFFFFFC, 0 },
        { 0x002AC00F, 12, 0, 0xFFFFFFFF, 0 },
        { 0x002AC00F, 8 + 129, 0, 129, 0 },
        { 0x002AC007, 7, 0, 0, 0xC0000023 },
        { 0x002AC003, 8, 8, 8, 0xC0000010 },
        { 0xFFFFFFFF, 0, 0, 0, 0xC0000010 },
    };
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct vpci_event event = ioctl(&kit, rows[i].code, 0, rows[i].length);
        event.input_length = rows[i].input_length;
        event.output_length = rows[i].output_length;
        kit.count = 0;
        send(&kit, event);
        assert_int_equal(kit.count, 2);
        assert_int_equal(kit.log[0].kind, VPCI_EVENT_IOCTL_COMPLETE);
        assert_int_equal(kit.log[1].kind, VPCI_EVENT_IOCTL_RETURN);
        assert_true(vpci_nt_error(kit.log[0].status));
        assert_true(rows[i].status == 0 || kit.log[0].status == rows[i].status);
        assert_int_equal(kit.log[1].status, kit.log[0].status);
        assert_int_equal(kit.log[0].information, 0);
        assert_false(kit.log[0].marked || kit.log[1].marked);
    }
    close_kit(&kit);
}

static void a_write_of_one_byte_fits_in_nine(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    kit.page[PAGE - 1] = 0x77;
    vpci_store_u32(kit.page + PAGE - 9, 5);
    vpci_store_u32(kit.page + PAGE - 5, 1);
    const struct vpci_event event = { .kind = VPCI_EVENT_IOCTL,
                                      .code = VPCI_IOCTL_WRITE_BLOCK,
                                      .input_length = 9 };
    kit.golden->submit(kit.iut, &event, &(struct vpci_memory){ .input = kit.page + PAGE - 9 });
    assert_non_null(nth(&kit, VPCI_EVENT_PF_WRITE, 0));
    assert_int_equal(kit.data[1][0], 0x77);
    close_kit(&kit);
}

static void a_short_read_leaves_the_rest_alone(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    send(&kit, ioctl(&kit, VPCI_IOCTL_READ_BLOCK, 0, 64));
    answer(&kit, VPCI_EVENT_PF_READ_RETURN, nth(&kit, VPCI_EVENT_PF_READ, 0)->call, VPCI_STATUS_SUCCESS, 5);
    assert_int_equal(nth(&kit, VPCI_EVENT_IOCTL_COMPLETE, 0)->information, 5);
    assert_int_equal(kit.output[4], 4 * 7 + 1);
    assert_int_equal(kit.output[5], VPCI_FILL_BYTE);
    close_kit(&kit);
}

static void failures_of_the_pf_are_passed_on(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    send(&kit, ioctl(&kit, VPCI_IOCTL_READ_BLOCK, 0, 8));
    answer(&kit, VPCI_EVENT_PF_READ_RETURN, nth(&kit, VPCI_EVENT_PF_READ, 0)->call,
           VPCI_STATUS_DEVICE_DATA_ERROR, 8);
    assert_int_equal(nth(&kit, VPCI_EVENT_IOCTL_COMPLETE, 0)->status, VPCI_STATUS_DEVICE_DATA_ERROR);
    assert_int_equal(nth(&kit, VPCI_EVENT_IOCTL_COMPLETE, 0)->information, 0);
    assert_int_equal(kit.output[0], VPCI_FILL_BYTE);
    send(&kit, direct(VPCI_EVENT_READ, 0, 0, 8));
    answer(&kit, VPCI_EVENT_PF_READ_RETURN, nth(&kit, VPCI_EVENT_PF_READ, 1)->call, VPCI_STATUS_PENDING, 8);
    assert_true(vpci_nt_error(nth(&kit, VPCI_EVENT_READ_RETURN, 0)->status));
    close_kit(&kit);
}

/* A routine that sends its own number again, from inside each completion. */
static void a_completion_may_send_the_same_number_again(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_STACK, 1);
    const struct vpci_event event = ioctl(&kit, VPCI_IOCTL_READ_BLOCK, 9, 16);
    kit.inside_at = VPCI_EVENT_IOCTL_COMPLETE;
    kit.inside_times = 20;
    kit.inside = event;
    kit.inside_memory = (struct vpci_memory){ kit.input, kit.output, &kit.status_block };
    send(&kit, event);
    assert_int_equal(count_of(&kit, VPCI_EVENT_IOCTL_COMPLETE), 21);
    assert_int_equal(count_of(&kit, VPCI_EVENT_USER_EVENT_SIGNAL), 21);
    assert_int_equal(count_of(&kit, VPCI_EVENT_IOCTL_RETURN), 21);
    close_kit(&kit);
}

static void late_second_and_unknown_answers_are_harmless(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    send(&kit, ioctl(&kit, VPCI_IOCTL_READ_BLOCK, 0, 8));
    const uint32_t call = nth(&kit, VPCI_EVENT_PF_READ, 0)->call;
    send(&kit, (struct vpci_event){ .kind = VPCI_EVENT_CANCEL, .request = 0 });
    assert_int_equal(nth(&kit, VPCI_EVENT_IOCTL_COMPLETE, 0)->status, VPCI_STATUS_CANCELLED);
    send(&kit, ioctl(&kit, VPCI_IOCTL_READ_BLOCK, 0, 8));
    const uint32_t second = nth(&kit, VPCI_EVENT_PF_READ, 1)->call;
    assert_int_not_equal(call, second);
    const uint32_t before = kit.count;
    answer(&kit, VPCI_EVENT_PF_READ_RETURN, call, VPCI_STATUS_SUCCESS, 8);
    answer(&kit, VPCI_EVENT_PF_READ_RETURN, call, VPCI_STATUS_SUCCESS, 8);
    answer(&kit, VPCI_EVENT_PF_WRITE_RETURN, second, VPCI_STATUS_SUCCESS, 8);
    answer(&kit, VPCI_EVENT_PF_READ_RETURN, 0xFFFFFFFF, VPCI_STATUS_SUCCESS, 8);
    send(&kit, (struct vpci_event){ .kind = VPCI_EVENT_CANCEL, .request = 0xFFFFFFFF });
    assert_int_equal(kit.count, before);
    assert_int_equal(kit.output[0], VPCI_FILL_BYTE);
    answer(&kit, VPCI_EVENT_PF_READ_RETURN, second, VPCI_STATUS_SUCCESS, 8);
    answer(&kit, VPCI_EVENT_PF_READ_RETURN, second, VPCI_STATUS_SUCCESS, 8);
    assert_int_equal(count_of(&kit, VPCI_EVENT_IOCTL_COMPLETE), 2);
    close_kit(&kit);
}

static void a_full_pf_makes_requests_wait(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 1);
    for (uint32_t i = 0; i < VPCI_CALLS_MAX; i++) {
        send(&kit, ioctl(&kit, VPCI_IOCTL_READ_BLOCK, i, 8));
        send(&kit, (struct vpci_event){ .kind = VPCI_EVENT_CANCEL, .request = i });
    }
    assert_int_equal(count_of(&kit, VPCI_EVENT_PF_READ), VPCI_CALLS_MAX);
    send(&kit, ioctl(&kit, VPCI_IOCTL_READ_BLOCK, 7, 8));
    assert_int_equal(count_of(&kit, VPCI_EVENT_PF_READ), VPCI_CALLS_MAX);
    answer(&kit, VPCI_EVENT_PF_READ_RETURN, nth(&kit, VPCI_EVENT_PF_READ, 5)->call, VPCI_STATUS_SUCCESS, 8);
    assert_int_equal(count_of(&kit, VPCI_EVENT_PF_READ), VPCI_CALLS_MAX + 1);
    close_kit(&kit);
}

static void a_request_ends_when_resources_are_low(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_STACK, 1);
    send(&kit, (struct vpci_event){ .kind = VPCI_EVENT_LOW_RESOURCES, .vf = 0, .length = 2 });
    for (uint32_t i = 0; i < 3; i++)
        send(&kit, ioctl(&kit, VPCI_IOCTL_READ_BLOCK, i, 8));
    assert_int_equal(count_of(&kit, VPCI_EVENT_IOCTL_COMPLETE), 3);
    close_kit(&kit);
}

static void a_foreign_context_names_the_vf(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_BUS, 2);
    struct vpci_event event = direct(VPCI_EVENT_READ, 0, 0, 8);
    event.fields = VPCI_F(CONTEXT_VF);
    event.context_vf = 1;
    send(&kit, event);
    assert_int_equal(nth(&kit, VPCI_EVENT_PF_READ, 0)->vf, 1);
    close_kit(&kit);
}

static void blocks_of_a_stack_are_registers(void **state)
{
    (void)state;
    struct kit kit;
    started_kit(&kit, VPCI_ROLE_STACK, 2);
    send(&kit, direct(VPCI_EVENT_READ, 0, 0, 128));
    assert_int_equal(kit.output[127], 0);
    memset(kit.input, 0xAB, 128);
    for (uint32_t i = 0; i < 10000; i++) { /* more blocks than are kept */
        struct vpci_event event = direct(VPCI_EVENT_WRITE, (uint16_t)(i % 2), 0, 128);
        event.block = i * 0x01000193u;
        vpci_store_u32(kit.input, i);
        kit.count = 0;
        send(&kit, event);
        const bool kept = kit.log[0].status == VPCI_STATUS_SUCCESS;
        assert_true(kept || (i > 4096 && vpci_nt_error(kit.log[0].status)));
        event.kind = VPCI_EVENT_READ;
        send(&kit, event);
        assert_int_equal(kit.log[1].status, VPCI_STATUS_SUCCESS);
        assert_int_equal(vpci_load_u32(kit.output), kept ? i : 0);
    }
    assert_int_equal(count_of(&kit, VPCI_EVENT_PF_WRITE), 0);
    close_kit(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_direct_read_returns_the_bytes_of_the_pf),
        cmocka_unit_test(lengths_out_of_range_never_reach_the_pf),
        cmocka_unit_test(an_ioctl_write_is_captured_before_it_pends),
        cmocka_unit_test(malformed_ioctls_fail_in_dispatch),
        cmocka_unit_test(a_write_of_one_byte_fits_in_nine),
        cmocka_unit_test(a_short_read_leaves_the_rest_alone),
        cmocka_unit_test(failures_of_the_pf_are_passed_on),
        cmocka_unit_test(a_completion_may_send_the_same_number_again),
        cmocka_unit_test(late_second_and_unknown_answers_are_harmless),
        cmocka_unit_test(a_full_pf_makes_requests_wait),
        cmocka_unit_test(a_request_ends_when_resources_are_low),
        cmocka_unit_test(a_foreign_context_names_the_vf),
        cmocka_unit_test(blocks_of_a_stack_are_registers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
