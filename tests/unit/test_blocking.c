/* SPDX-License-Identifier: MIT */
/* tests/unit/test_blocking.c - the bridge that runs a blocking implementation: it comes to rest whatever its
 * threads wait for, it judges one event at a time, and it leaves no thread behind. The implementation here is
 * a small bus with one big lock that is held across PF callbacks, the worst that is still legal. */
#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness/blocking.h"

/* ---- the implementation ---- */

struct bus {
    struct vpci_blocking_host host;
    pthread_mutex_t big_lock;
    bool locks;
    struct vpci_irp *held[VPCI_REQUESTS_MAX];
    unsigned held_count;
};

static struct bus the_bus;
static bool bus_locks;

static void *bus_open(const struct vpci_blocking_host *host, const struct vpci_device *device)
{
    (void)device;
    the_bus = (struct bus){ .host = *host, .locks = bus_locks };
    pthread_mutex_init(&the_bus.big_lock, NULL);
    return &the_bus;
}

static vpci_ntstatus bus_start(void *iut, uint16_t vf)
{
    (void)iut;
    return vf < 2 ? VPCI_STATUS_SUCCESS : VPCI_STATUS_NO_SUCH_DEVICE;
}

static vpci_ntstatus bus_query(void *iut, uint16_t vf, const struct vpci_guid *guid, uint16_t size,
                               uint16_t version, vpci_ntstatus status_found,
                               struct vpci_interface_standard *to, uint64_t *information_out)
{
    (void)iut;
    (void)guid;
    (void)version;
    *information_out = 0;
    if (size < sizeof *to)
        return status_found;
    to->size = sizeof *to;
    to->serial_number = 100u + vf;
    return VPCI_STATUS_SUCCESS;
}

static void bus_touch_reference(void *iut, uint16_t vf)
{
    (void)iut;
    (void)vf;
}

static vpci_ntstatus bus_read(void *iut, uint16_t vf, uint32_t block, void *buffer, uint32_t length)
{
    struct bus *bus = iut;
    uint32_t moved = 0;
    if (bus->locks)
        pthread_mutex_lock(&bus->big_lock);
    const vpci_ntstatus status = bus->host.pf_read(bus->host.kit, vf, block, buffer, length, &moved);
    if (bus->locks)
        pthread_mutex_unlock(&bus->big_lock);
    return status;
}

static vpci_ntstatus bus_write(void *iut, uint16_t vf, uint32_t block, const void *buffer, uint32_t length)
{
    struct bus *bus = iut;
    if (bus->locks)
        pthread_mutex_lock(&bus->big_lock);
    const vpci_ntstatus status = bus->host.pf_write(bus->host.kit, vf, block, buffer, length, NULL);
    if (bus->locks)
        pthread_mutex_unlock(&bus->big_lock);
    return status;
}

/* Everything is held until a notification comes. */
static vpci_ntstatus bus_control(void *iut, struct vpci_irp *irp)
{
    struct bus *bus = iut;
    irp->marked = true;
    pthread_mutex_lock(&bus->big_lock);
    bus->held[bus->held_count++] = irp;
    pthread_mutex_unlock(&bus->big_lock);
    return VPCI_STATUS_PENDING;
}

static struct vpci_irp *take_held(struct bus *bus, const struct vpci_irp *wanted)
{
    struct vpci_irp *taken = NULL;
    pthread_mutex_lock(&bus->big_lock);
    for (unsigned i = 0; i < bus->held_count && taken == NULL; i++) {
        if (wanted != NULL && bus->held[i] != wanted)
            continue;
        taken = bus->held[i];
        bus->held_count--;
        memmove(&bus->held[i], &bus->held[i + 1], (bus->held_count - i) * sizeof bus->held[0]);
    }
    pthread_mutex_unlock(&bus->big_lock);
    return taken;
}

static void bus_complete(struct bus *bus, struct vpci_irp *irp, vpci_ntstatus status, uint64_t mask)
{
    if (status == VPCI_STATUS_SUCCESS)
        vpci_store_u64(irp->type3_input_buffer, mask);
    irp->io_status = (struct vpci_io_status_block){ .status = status };
    bus->host.complete(bus->host.kit, irp);
}

static void bus_cancel(void *iut, struct vpci_irp *irp)
{
    struct vpci_irp *taken = take_held(iut, irp);
    if (taken != NULL)
        bus_complete(iut, taken, VPCI_STATUS_CANCELLED, 0);
}

static void bus_invalidate(void *iut, uint16_t vf, uint64_t mask)
{
    (void)vf;
    struct vpci_irp *irp = take_held(iut, NULL);
    if (irp != NULL)
        bus_complete(iut, irp, VPCI_STATUS_SUCCESS, mask);
}

static vpci_ntstatus bus_reset(void *iut, uint16_t vf)
{
    struct bus *bus = iut;
    bus->host.pf_reset(bus->host.kit, vf);
    return VPCI_STATUS_SUCCESS;
}

static void bus_close(void *iut)
{
    struct bus *bus = iut;
    pthread_mutex_destroy(&bus->big_lock);
}

static const struct vpci_blocking bus_table = {
    bus_open,    bus_start,  bus_query, bus_touch_reference, bus_touch_reference, bus_read, bus_write,
    bus_control, bus_cancel, bus_reset, bus_reset,           bus_invalidate,      bus_close
};

/* ---- the kit ---- */

enum { LOG_MAX = 256 };

static struct {
    const struct vpci_event_driven *bridge;
    void *iut;
    struct vpci_event events[LOG_MAX];
    uint8_t data[LOG_MAX][VPCI_BLOCK_BYTES_MAX];
    unsigned count;
    unsigned inside; /* send the same IOCTL again from inside this many completions */
    unsigned depth, depth_most;
    uint8_t input[VPCI_REQUESTS_MAX][256], output[VPCI_REQUESTS_MAX][256];
    struct vpci_io_status_block status_blocks[VPCI_REQUESTS_MAX];
    pthread_t thread;
} kit;

static void submit(struct vpci_event event)
{
    const struct vpci_memory memory = { kit.input[event.request], kit.output[event.request],
                                        &kit.status_blocks[event.request] };
    kit.bridge->submit(kit.iut, &event, &memory);
}

static struct vpci_event invalidate(uint32_t request)
{
    return (struct vpci_event){
        .kind = VPCI_EVENT_IOCTL, .request = request, .code = VPCI_IOCTL_INVALIDATE_BLOCK, .input_length = 8
    };
}

static void observe(void *context, const struct vpci_event *event)
{
    (void)context;
    assert_true(pthread_equal(pthread_self(), kit.thread));
    assert_true(kit.count < LOG_MAX);
    kit.events[kit.count] = *event;
    if (event->data != NULL)
        memcpy(kit.data[kit.count], event->data, event->data_length);
    kit.count++;
    if (event->kind == VPCI_EVENT_IOCTL_COMPLETE && kit.inside > 0) {
        kit.inside--;
        kit.depth++;
        kit.depth_most = kit.depth > kit.depth_most ? kit.depth : kit.depth_most;
        submit(invalidate(event->request + 1));
        kit.depth--;
    }
}

static unsigned threads(void)
{
    DIR *folder = opendir("/proc/self/task");
    assert_non_null(folder);
    unsigned count = 0;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - 2;
}

static void open_bus(bool locks)
{
    static const struct vpci_device device = { .role = VPCI_ROLE_BUS, .vf_count = 2, .scenario = "test" };
    memset(&kit, 0, sizeof kit);
    kit.thread = pthread_self();
    bus_locks = locks;
    kit.bridge = vpci_blocking_bridge(&bus_table);
    kit.iut = kit.bridge->open(&(struct vpci_event_host){ &kit, observe }, &device);
    assert_non_null(kit.iut);
}

static void close_bus(void)
{
    kit.bridge->close(kit.iut);
}

static void read_block(uint32_t request, uint32_t block)
{
    submit((struct vpci_event){ .kind = VPCI_EVENT_READ, .request = request, .block = block, .length = 4 });
}

static void answer(uint32_t call, const char *four_bytes)
{
    submit((struct vpci_event){ .kind = VPCI_EVENT_PF_READ_RETURN,
                                .fields = VPCI_F(CALL) | VPCI_F(STATUS) | VPCI_F(DATA),
                                .call = call,
                                .data = (const uint8_t *)four_bytes,
                                .data_length = 4 });
}

static void expect_kinds(const enum vpci_event_kind *kinds, unsigned count)
{
    assert_int_equal(kit.count, count);
    for (unsigned i = 0; i < count; i++)
        assert_string_equal(vpci_event_info[kit.events[i].kind].name, vpci_event_info[kinds[i]].name);
}

/* ---- tests ---- */

static void a_call_blocks_until_the_pf_answers(void **state)
{
    (void)state;
    open_bus(false);
    read_block(3, 9);
    kit.bridge->run(kit.iut);
    assert_int_equal(kit.count, 1);
    assert_int_equal(kit.events[0].kind, VPCI_EVENT_PF_READ);
    assert_int_equal(kit.events[0].block, 9);
    assert_int_equal(kit.events[0].length, 4);
    answer(kit.events[0].call, "abcd");
    assert_int_equal(kit.count, 2);
    assert_int_equal(kit.events[1].kind, VPCI_EVENT_READ_RETURN);
    assert_int_equal(kit.events[1].request, 3);
    assert_int_equal(kit.events[1].status, VPCI_STATUS_SUCCESS);
    assert_memory_equal(kit.output[3], "abcd", 4);
    close_bus();
}

static void answers_find_their_calls_in_any_order(void **state)
{
    (void)state;
    open_bus(false);
    for (uint32_t i = 0; i < 16; i++)
        read_block(i, i);
    assert_int_equal(kit.count, 16);
    for (uint32_t i = 0; i < 16; i++) {
        const uint32_t which = i * 5 % 16;
        const char bytes[4] = { (char)('A' + which), 'x', 'y', 'z' };
        answer(kit.events[which].call, bytes);
        assert_int_equal(kit.events[16 + i].request, kit.events[which].block);
        assert_memory_equal(kit.output[kit.events[which].block], bytes, 4);
    }
    close_bus();
}

static void a_write_carries_its_bytes(void **state)
{
    (void)state;
    open_bus(false);
    memcpy(kit.input[0], "wxyz", 4);
    submit((struct vpci_event){ .kind = VPCI_EVENT_WRITE, .block = 1, .length = 4 });
    assert_int_equal(kit.events[0].kind, VPCI_EVENT_PF_WRITE);
    assert_int_equal(kit.events[0].data_length, 4);
    assert_memory_equal(kit.data[0], "wxyz", 4);
    submit((struct vpci_event){ .kind = VPCI_EVENT_PF_WRITE_RETURN,
                                .fields = VPCI_F(CALL) | VPCI_F(STATUS),
                                .call = kit.events[0].call,
                                .status = VPCI_STATUS_NOT_FOUND });
    assert_int_equal(kit.events[1].kind, VPCI_EVENT_WRITE_RETURN);
    assert_int_equal(kit.events[1].status, VPCI_STATUS_NOT_FOUND);
    close_bus();
}

/* The second caller sleeps on the lock that the first holds across its callback. */
static void it_comes_to_rest_while_a_caller_waits_for_a_lock(void **state)
{
    (void)state;
    open_bus(true);
    read_block(0, 1);
    read_block(1, 2);
    read_block(2, 3);
    kit.bridge->run(kit.iut);
    assert_int_equal(kit.count, 1);
    for (unsigned i = 0; i < 3; i++) {
        unsigned last = kit.count - 1;
        while (kit.events[last].kind != VPCI_EVENT_PF_READ)
            last--;
        answer(kit.events[last].call, "abcd");
        kit.bridge->run(kit.iut);
    }
    unsigned returns = 0;
    for (unsigned i = 0; i < kit.count; i++)
        returns += kit.events[i].kind == VPCI_EVENT_READ_RETURN;
    assert_int_equal(returns, 3);
    close_bus();
}

static void a_completion_routine_may_send_the_next_request(void **state)
{
    (void)state;
    open_bus(false);
    kit.inside = 3;
    submit(invalidate(0));
    for (uint64_t mask = 1; mask <= 4; mask++) {
        submit((struct vpci_event){ .kind = VPCI_EVENT_PF_INVALIDATE, .mask = mask });
        assert_int_equal(vpci_load_u64(kit.input[mask - 1]), mask);
    }
    assert_int_equal(kit.depth_most, 1);
    unsigned completions = 0;
    for (unsigned i = 0; i < kit.count; i++)
        completions += kit.events[i].kind == VPCI_EVENT_IOCTL_COMPLETE;
    assert_int_equal(completions, 4);
    close_bus();
}

static void an_irp_is_marked_completed_and_signalled_in_order(void **state)
{
    (void)state;
    open_bus(false);
    struct vpci_event event = invalidate(5);
    event.fields = VPCI_F(USER_EVENT);
    event.user_event = true;
    submit(event);
    submit((struct vpci_event){ .kind = VPCI_EVENT_PF_INVALIDATE, .mask = 6 });
    static const enum vpci_event_kind kinds[] = { VPCI_EVENT_IOCTL_RETURN, VPCI_EVENT_IOCTL_COMPLETE,
                                                  VPCI_EVENT_USER_EVENT_SIGNAL };
    expect_kinds(kinds, 3);
    assert_int_equal(kit.events[0].status, VPCI_STATUS_PENDING);
    assert_true(kit.events[0].marked);
    assert_int_equal(kit.status_blocks[5].status, VPCI_STATUS_SUCCESS);
    close_bus();
}

static void a_cancel_reaches_the_irp_it_names(void **state)
{
    (void)state;
    open_bus(false);
    submit(invalidate(0));
    submit(invalidate(1));
    submit((struct vpci_event){ .kind = VPCI_EVENT_CANCEL, .request = 1 });
    submit((struct vpci_event){ .kind = VPCI_EVENT_CANCEL, .request = 9 });
    submit((struct vpci_event){ .kind = VPCI_EVENT_CANCEL, .request = 0xFFFFFFFF % VPCI_REQUESTS_MAX });
    unsigned completions = 0;
    for (unsigned i = 0; i < kit.count; i++) {
        if (kit.events[i].kind != VPCI_EVENT_IOCTL_COMPLETE)
            continue;
        completions++;
        assert_int_equal(kit.events[i].request, 1);
        assert_int_equal(kit.events[i].status, VPCI_STATUS_CANCELLED);
    }
    assert_int_equal(completions, 1);
    close_bus();
}

static void starts_resets_and_queries_return(void **state)
{
    (void)state;
    open_bus(false);
    submit((struct vpci_event){ .kind = VPCI_EVENT_START, .vf = 7 });
    submit((struct vpci_event){ .kind = VPCI_EVENT_RESET, .vf = 1 });
    submit((struct vpci_event){ .kind = VPCI_EVENT_QUERY_INTERFACE, .request = 2, .vf = 1, .size = 56 });
    submit((struct vpci_event){ .kind = VPCI_EVENT_REFERENCE, .vf = 1 });
    submit((struct vpci_event){ .kind = VPCI_EVENT_REMOVE, .vf = 1 });
    static const enum vpci_event_kind kinds[] = { VPCI_EVENT_START_RETURN, VPCI_EVENT_PF_RESET,
                                                  VPCI_EVENT_RESET_RETURN, VPCI_EVENT_QUERY_INTERFACE_RETURN,
                                                  VPCI_EVENT_PF_RESET,     VPCI_EVENT_REMOVE_RETURN };
    expect_kinds(kinds, 6);
    assert_int_equal(kit.events[0].status, VPCI_STATUS_NO_SUCH_DEVICE);
    assert_int_equal(kit.events[2].vf, 1);
    assert_int_equal(kit.output[2][48], 101);
    close_bus();
}

static void strays_do_nothing(void **state)
{
    (void)state;
    open_bus(false);
    answer(4711, "abcd");
    read_block(0, 1);
    const uint32_t call = kit.events[0].call;
    answer(call, "abcd");
    answer(call, "efgh");
    assert_int_equal(kit.count, 2);
    assert_memory_equal(kit.output[0], "abcd", 4);
    close_bus();
}

/* Calls that are parked, callers that sleep on a lock, requests that are held: none keeps the device open. */
static void a_close_ends_everything_and_leaves_no_thread(void **state)
{
    (void)state;
    const unsigned before = threads();
    for (int round = 0; round < 20; round++) {
        open_bus(round % 2 == 0);
        for (uint32_t i = 0; i < 8; i++)
            read_block(i, i);
        if (round % 2 != 0)
            submit(invalidate(20));
        assert_true(threads() > before);
        const unsigned count = kit.count;
        close_bus();
        assert_int_equal(kit.count, count); /* nothing is told after the end */
        assert_int_equal(threads(), before);
    }
}

static void *refuse(const struct vpci_blocking_host *host, const struct vpci_device *device)
{
    (void)host;
    (void)device;
    return NULL;
}

static void an_open_that_fails_fails(void **state)
{
    (void)state;
    static struct vpci_blocking refusing;
    static const struct vpci_device device = { .role = VPCI_ROLE_BUS, .vf_count = 1, .scenario = "test" };
    refusing = bus_table;
    refusing.open = refuse;
    const struct vpci_event_driven *bridge = vpci_blocking_bridge(&refusing);
    assert_null(bridge->open(&(struct vpci_event_host){ NULL, observe }, &device));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_blocks_until_the_pf_answers),
        cmocka_unit_test(answers_find_their_calls_in_any_order),
        cmocka_unit_test(a_write_carries_its_bytes),
        cmocka_unit_test(it_comes_to_rest_while_a_caller_waits_for_a_lock),
        cmocka_unit_test(a_completion_routine_may_send_the_next_request),
        cmocka_unit_test(an_irp_is_marked_completed_and_signalled_in_order),
        cmocka_unit_test(a_cancel_reaches_the_irp_it_names),
        cmocka_unit_test(starts_resets_and_queries_return),
        cmocka_unit_test(strays_do_nothing),
        cmocka_unit_test(a_close_ends_everything_and_leaves_no_thread),
        cmocka_unit_test(an_open_that_fails_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
