/* SPDX-License-Identifier: MIT */
/* An implementation of the VPCI bus as a plug-in for vpci-conform: a start, to be filled with yours.
 *
 * It plays the role "bus": the kit is the VF drivers on one side and the PF driver on the other. As it stands
 * it serves direct calls: a read or write goes to the PF, and the PF's answer goes back to the caller. To go
 * on, claim the next capability in vpci_plugin_entry and handle its events in submit().
 * include/models/event.h has all events with their fields, include/models/capability.h all capabilities,
 * include/harness/plugin.h the rules of this seam. */
#include <stdlib.h>
#include <string.h>

#include "harness/plugin.h"

/* A call of a VF driver that has not returned yet. Its number is the index. */
struct request {
    bool open;
    bool writes;
    uint16_t vf;
    uint32_t block, length;             /* length in bytes */
    uint8_t *output;                    /* the caller's buffer of a read; the kit's memory */
    uint8_t data[VPCI_BLOCK_BYTES_MAX]; /* what a write brought along */
};

/* One device: what open() makes for each scenario. */
struct device {
    struct vpci_event_host host;
    uint16_t vf_count;
    bool started[VPCI_VFS_MAX];
    struct request requests[VPCI_REQUESTS_MAX];
};

/* Reports an event of this implementation to the kit. */
static void observe(struct device *device, const struct vpci_event *event)
{
    device->host.observe(device->host.kit, event);
}

static void *open_device(const struct vpci_event_host *host, const struct vpci_device *description)
{
    struct device *device = calloc(1, sizeof *device);
    if (device == NULL)
        return NULL;
    device->host = *host;
    device->vf_count = description->vf_count;
    return device;
}

static void close_device(void *implementation)
{
    free(implementation);
}

static void start(struct device *device, uint16_t vf)
{
    device->started[vf] = true;
    observe(device, &(struct vpci_event){ .kind = VPCI_EVENT_START_RETURN,
                                          .fields = VPCI_F(VF) | VPCI_F(STATUS),
                                          .vf = vf,
                                          .status = VPCI_STATUS_SUCCESS });
}

/* The direct call returns to its caller. What a read left in the caller's buffer the kit sees for itself. */
static void finish(struct device *device, uint32_t number, vpci_ntstatus status)
{
    struct request *request = &device->requests[number];
    request->open = false;
    observe(device,
            &(struct vpci_event){ .kind = request->writes ? VPCI_EVENT_WRITE_RETURN : VPCI_EVENT_READ_RETURN,
                                  .fields = VPCI_F(REQUEST) | VPCI_F(STATUS),
                                  .request = number,
                                  .status = status });
}

/* Calls the PF driver. The request's number serves as the number of the call. */
static void call_pf(struct device *device, uint32_t number)
{
    const struct request *request = &device->requests[number];
    struct vpci_event event = { .kind = request->writes ? VPCI_EVENT_PF_WRITE : VPCI_EVENT_PF_READ,
                                .fields = VPCI_F(CALL) | VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH),
                                .call = number,
                                .vf = request->vf,
                                .block = request->block,
                                .length = request->length };
    if (request->writes) {
        event.fields |= VPCI_F(DATA);
        event.data = request->data;
        event.data_length = request->length;
    }
    observe(device, &event);
}

static void direct_call(struct device *device, const struct vpci_event *event,
                        const struct vpci_memory *memory)
{
    struct request *request = &device->requests[event->request % VPCI_REQUESTS_MAX];
    const bool length_is_fine = event->length >= 1 && event->length <= VPCI_BLOCK_BYTES_MAX;
    request->open = true;
    request->writes = event->kind == VPCI_EVENT_WRITE;
    request->vf = event->vf;
    request->block = event->block;
    request->length = event->length;
    request->output = memory->output;
    if (!length_is_fine) {
        finish(device, event->request, VPCI_STATUS_INVALID_PARAMETER);
        return;
    }
    if (!device->started[event->vf]) {
        finish(device, event->request, VPCI_STATUS_DEVICE_NOT_READY);
        return;
    }
    if (request->writes)
        memcpy(request->data, memory->input, request->length);
    call_pf(device, event->request);
}

static void pf_returned(struct device *device, const struct vpci_event *event)
{
    struct request *request = &device->requests[event->call % VPCI_REQUESTS_MAX];
    if (event->call >= VPCI_REQUESTS_MAX || !request->open)
        return; /* a late, second or unknown answer */
    if (request->writes != (event->kind == VPCI_EVENT_PF_WRITE_RETURN))
        return;
    if (!request->writes && event->status == VPCI_STATUS_SUCCESS) {
        const uint32_t count = event->data_length < request->length ? event->data_length : request->length;
        if (count > 0)
            memcpy(request->output, event->data, count);
    }
    finish(device, event->call, event->status);
}

/* One event of the kit. Everything that comes of it is reported before this returns; what has to wait may be
 * done in a run() function, which the kit calls before it takes the device to be at rest. */
static void submit(void *implementation, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct device *device = implementation;
    if (event->vf >= device->vf_count)
        return;
    switch (event->kind) {
    case VPCI_EVENT_START:
        start(device, event->vf);
        break;
    case VPCI_EVENT_READ:
    case VPCI_EVENT_WRITE:
        direct_call(device, event, memory);
        break;
    case VPCI_EVENT_PF_READ_RETURN:
    case VPCI_EVENT_PF_WRITE_RETURN:
        pf_returned(device, event);
        break;
    default: /* needs a capability that is not claimed */
        break;
    }
}

const struct vpci_plugin *vpci_plugin_entry(void)
{
    static const struct vpci_event_driven functions = {
        .open = open_device,
        .submit = submit,
        .run = NULL,
        .close = close_device,
    };
    static const struct vpci_plugin plugin = {
        .abi = VPCI_PLUGIN_ABI,
        .table_bytes = sizeof(struct vpci_plugin),
        .name = "my-bus",
        .version = "0",
        .roles = 1u << VPCI_ROLE_BUS,
        .capabilities = VPCI_CAPABILITY_BIT(DIRECT) | VPCI_CAPABILITY_BIT(START),
        .event_driven = &functions,
    };
    return &plugin;
}
