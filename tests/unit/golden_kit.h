/* SPDX-License-Identifier: MIT */
/* tests/unit/golden_kit.h - a kit that writes down what golden does, for the unit tests of golden.
 * Apart from the real harness because those tests must not depend on it. */
#ifndef VPCI_GOLDEN_KIT_H
#define VPCI_GOLDEN_KIT_H

#include "harness/adapters/golden/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
/* cmocka needs the three headers above first. */
#include <cmocka.h>

enum { LOG_MAX = 512, PAGE = 4096, CANARY = 0x5A };

/* A kit that writes down what it observes and may send one event from inside. */
struct kit {
    const struct vpci_event_driven *golden;
    void *iut;
    struct vpci_event log[LOG_MAX];
    uint8_t data[LOG_MAX][VPCI_BLOCK_BYTES_MAX];
    uint32_t count;
    enum vpci_event_kind inside_at; /* kind whose observation sends inside */
    uint32_t inside_times;
    struct vpci_event inside;
    struct vpci_memory inside_memory;
    uint8_t *page; /* readable and writable, an unreadable one follows */
    struct vpci_io_status_block status_block;
    uint8_t input[VPCI_EVENT_DATA_BYTES_MAX], output[VPCI_EVENT_DATA_BYTES_MAX];
};

static inline void observe(void *context, const struct vpci_event *event)
{
    struct kit *kit = context;
    assert_true(kit->count < LOG_MAX);
    kit->log[kit->count] = *event;
    if (event->data != NULL && event->data_length <= VPCI_BLOCK_BYTES_MAX)
        memcpy(kit->data[kit->count], event->data, event->data_length);
    kit->count++;
    if (kit->inside_times > 0 && event->kind == kit->inside_at) {
        kit->inside_times--;
        kit->golden->submit(kit->iut, &kit->inside, &kit->inside_memory);
    }
}

static inline void send(struct kit *kit, struct vpci_event event)
{
    const struct vpci_memory memory = { kit->input, kit->output, &kit->status_block };
    kit->golden->submit(kit->iut, &event, &memory);
}

/* The n-th event of a kind, from 0; NULL when there are fewer. */
static inline const struct vpci_event *nth(const struct kit *kit, enum vpci_event_kind kind, uint32_t n)
{
    for (uint32_t i = 0; i < kit->count; i++) {
        if (kit->log[i].kind == kind && n-- == 0)
            return &kit->log[i];
    }
    return NULL;
}

static inline uint32_t count_of(const struct kit *kit, enum vpci_event_kind kind)
{
    uint32_t n = 0;
    while (nth(kit, kind, n) != NULL)
        n++;
    return n;
}

static inline void open_kit(struct kit *kit, enum vpci_role role, uint16_t vf_count)
{
    const struct vpci_plugin *plugin = golden_entry("golden", NULL, NULL);
    memset(kit, 0, sizeof *kit);
    kit->golden = plugin->event_driven;
    kit->page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(kit->page != MAP_FAILED);
    assert_int_equal(mprotect(kit->page + PAGE, PAGE, PROT_NONE), 0);
    memset(kit->output, VPCI_FILL_BYTE, sizeof kit->output);
    const struct vpci_event_host host = { kit, observe };
    const struct vpci_device device = { .role = role, .vf_count = vf_count, .scenario = "unit" };
    kit->iut = kit->golden->open(&host, &device);
    assert_non_null(kit->iut);
}

static inline void started_kit(struct kit *kit, enum vpci_role role, uint16_t vf_count)
{
    open_kit(kit, role, vf_count);
    for (uint16_t vf = 0; vf < vf_count; vf++)
        send(kit, (struct vpci_event){ .kind = VPCI_EVENT_START, .fields = VPCI_F(VF), .vf = vf });
    kit->count = 0;
}

static inline void close_kit(struct kit *kit)
{
    kit->golden->close(kit->iut);
    munmap(kit->page, 2 * PAGE);
}

static inline struct vpci_event direct(enum vpci_event_kind kind, uint16_t vf, uint32_t request,
                                       uint32_t length)
{
    return (struct vpci_event){
        .kind = kind, .vf = vf, .request = request, .block = 0xFFFFFFFF - request, .length = length
    };
}

static inline struct vpci_event ioctl(struct kit *kit, uint32_t code, uint32_t request, uint32_t length)
{
    struct vpci_event event = { .kind = VPCI_EVENT_IOCTL, .request = request, .code = code };
    vpci_store_u32(kit->input, 0x80000000u + request);
    vpci_store_u32(kit->input + 4, length);
    event.input_length = code == VPCI_IOCTL_WRITE_BLOCK ? 8 + length : 8;
    event.output_length = code == VPCI_IOCTL_READ_BLOCK ? length : 0;
    return event;
}

static inline void answer(struct kit *kit, enum vpci_event_kind kind, uint32_t call, vpci_ntstatus status,
                          uint32_t count)
{
    static uint8_t bytes[VPCI_EVENT_DATA_BYTES_MAX];
    for (uint32_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + 1);
    struct vpci_event event = {
        .kind = kind, .fields = VPCI_F(CALL) | VPCI_F(STATUS), .call = call, .status = status
    };
    if (kind == VPCI_EVENT_PF_READ_RETURN) {
        event.fields |= VPCI_F(DATA);
        event.data = bytes;
        event.data_length = count;
    } else {
        event.fields |= VPCI_F(LENGTH);
        event.length = count;
    }
    send(kit, event);
}

static inline void notify(struct kit *kit, uint16_t vf, uint64_t mask)
{
    send(kit, (struct vpci_event){ .kind = VPCI_EVENT_PF_INVALIDATE, .vf = vf, .mask = mask });
}

static inline void vf_event(struct kit *kit, enum vpci_event_kind kind, uint16_t vf)
{
    send(kit, (struct vpci_event){ .kind = kind, .fields = VPCI_F(VF), .vf = vf });
}

#endif
