/* SPDX-License-Identifier: MIT */
/* harness/adapters/golden-blocking/plugin.c - a correct VPCI bus in the blocking style: the caller's thread
 * does the work, PF callbacks are calls on its stack. Shares nothing with golden but headers, so that the two
 * check each other.
 *
 * A VF's mutex guards its members and is never held across a PF callback or a completion. Transfers are
 * carried out inside dispatch, so they are never pending and cannot be cancelled; a removal could not end one
 * that is at the PF, which is why "remove" is not claimed. */
#include "harness/plugin.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct vf {
    pthread_mutex_t lock;
    bool started, gone;
    uint32_t references;
    uint64_t changed;      /* accumulated mask */
    struct vpci_irp *held; /* INVALIDATEs, oldest first, linked through ->implementation */
};

struct bus {
    struct vpci_blocking_host host;
    uint16_t vf_count;
    struct vf vfs[VPCI_VFS_MAX];
};

static bool is_gone(struct bus *bus, uint16_t index)
{
    if (index >= bus->vf_count)
        return true;
    pthread_mutex_lock(&bus->vfs[index].lock);
    const bool gone = bus->vfs[index].gone;
    pthread_mutex_unlock(&bus->vfs[index].lock);
    return gone;
}

static vpci_ntstatus vf_readiness(struct bus *bus, uint16_t index)
{
    if (is_gone(bus, index))
        return VPCI_STATUS_DEVICE_DOES_NOT_EXIST;
    pthread_mutex_lock(&bus->vfs[index].lock);
    const bool started = bus->vfs[index].started;
    pthread_mutex_unlock(&bus->vfs[index].lock);
    return started ? VPCI_STATUS_SUCCESS : VPCI_STATUS_DEVICE_NOT_READY;
}

/* The only legal outcomes for a caller are SUCCESS and errors, whatever the PF driver invents. */
static vpci_ntstatus outcome(vpci_ntstatus of_pf)
{
    return of_pf == VPCI_STATUS_SUCCESS || vpci_nt_error(of_pf) ? of_pf : VPCI_STATUS_DEVICE_DATA_ERROR;
}

/* The PF fills a buffer of ours, so that a failed or greedy answer never reaches the caller's. */
static vpci_ntstatus fetch(struct bus *bus, uint16_t vf, uint32_t block, uint8_t *to, uint32_t length,
                           uint32_t *moved_out)
{
    uint8_t bounce[VPCI_BLOCK_BYTES_MAX] = { 0 };
    uint32_t moved = length;
    *moved_out = 0;
    const vpci_ntstatus status = outcome(bus->host.pf_read(bus->host.kit, vf, block, bounce, length, &moved));
    if (status != VPCI_STATUS_SUCCESS)
        return status;
    *moved_out = moved < length ? moved : length;
    memcpy(to, bounce, *moved_out);
    return VPCI_STATUS_SUCCESS;
}

static vpci_ntstatus hand_over(struct bus *bus, uint16_t vf, uint32_t block, const uint8_t *from,
                               uint32_t length, uint32_t *moved_out)
{
    uint8_t captured[VPCI_BLOCK_BYTES_MAX];
    uint32_t moved = length;
    memcpy(captured, from, length);
    *moved_out = 0;
    const vpci_ntstatus status =
        outcome(bus->host.pf_write(bus->host.kit, vf, block, captured, length, &moved));
    if (status == VPCI_STATUS_SUCCESS)
        *moved_out = moved < length ? moved : length;
    return status;
}

static vpci_ntstatus check_call(struct bus *bus, uint16_t vf, const void *buffer, uint32_t length)
{
    if (length == 0 || length > VPCI_BLOCK_BYTES_MAX || buffer == NULL)
        return VPCI_STATUS_INVALID_PARAMETER;
    return vf_readiness(bus, vf);
}

static vpci_ntstatus read_block(void *iut, uint16_t context_vf, uint32_t block, void *buffer, uint32_t length)
{
    uint32_t moved;
    const vpci_ntstatus refusal = check_call(iut, context_vf, buffer, length);
    return refusal != VPCI_STATUS_SUCCESS ? refusal : fetch(iut, context_vf, block, buffer, length, &moved);
}

static vpci_ntstatus write_block(void *iut, uint16_t context_vf, uint32_t block, const void *buffer,
                                 uint32_t length)
{
    uint32_t moved;
    const vpci_ntstatus refusal = check_call(iut, context_vf, buffer, length);
    return refusal != VPCI_STATUS_SUCCESS ? refusal
                                          : hand_over(iut, context_vf, block, buffer, length, &moved);
}

/* After this the IRP is not ours any more. */
static vpci_ntstatus complete(struct bus *bus, struct vpci_irp *irp, vpci_ntstatus status,
                              uint64_t information)
{
    irp->io_status.status = status;
    irp->io_status.information = information;
    bus->host.complete(bus->host.kit, irp);
    return status;
}

static void complete_with_mask(struct bus *bus, struct vpci_irp *irp, uint64_t mask)
{
    vpci_store_u64(irp->type3_input_buffer, mask);
    complete(bus, irp, VPCI_STATUS_SUCCESS, 0);
}

static vpci_ntstatus control_read(struct bus *bus, struct vpci_irp *irp)
{
    if (irp->input_length < sizeof(struct vpci_read_block_input) || irp->type3_input_buffer == NULL)
        return complete(bus, irp, VPCI_STATUS_BUFFER_TOO_SMALL, 0);
    const uint32_t block = vpci_load_u32(irp->type3_input_buffer);
    const uint32_t wanted = vpci_load_u32(irp->type3_input_buffer + sizeof block);
    if (wanted > irp->output_length)
        return complete(bus, irp, VPCI_STATUS_BUFFER_TOO_SMALL, 0);
    uint32_t moved = 0;
    vpci_ntstatus status = check_call(bus, irp->vf, irp->user_buffer, wanted);
    if (status == VPCI_STATUS_SUCCESS)
        status = fetch(bus, irp->vf, block, irp->user_buffer, wanted, &moved);
    return complete(bus, irp, status, moved);
}

static vpci_ntstatus control_write(struct bus *bus, struct vpci_irp *irp)
{
    if (irp->input_length < VPCI_WRITE_INPUT_DATA || irp->type3_input_buffer == NULL)
        return complete(bus, irp, VPCI_STATUS_BUFFER_TOO_SMALL, 0);
    const uint32_t block = vpci_load_u32(irp->type3_input_buffer);
    const uint32_t length = vpci_load_u32(irp->type3_input_buffer + sizeof block);
    const uint8_t *data = irp->type3_input_buffer + VPCI_WRITE_INPUT_DATA;
    uint32_t moved = 0;
    vpci_ntstatus status = check_call(bus, irp->vf, data, length);
    if (status == VPCI_STATUS_SUCCESS && irp->input_length - VPCI_WRITE_INPUT_DATA < length)
        status = VPCI_STATUS_BUFFER_TOO_SMALL;
    if (status == VPCI_STATUS_SUCCESS)
        status = hand_over(bus, irp->vf, block, data, length, &moved);
    return complete(bus, irp, status, moved);
}

static void append(struct vf *vf, struct vpci_irp *irp)
{
    irp->implementation = NULL;
    if (vf->held == NULL) {
        vf->held = irp;
        return;
    }
    struct vpci_irp *last = vf->held;
    while (last->implementation != NULL)
        last = last->implementation;
    last->implementation = irp;
}

/* Takes the mask and the oldest held IRP together, or neither. NULL when one is missing. The lock is held. */
static struct vpci_irp *take_news(struct vf *vf, uint64_t *mask_out)
{
    struct vpci_irp *irp = vf->held;
    if (irp == NULL || vf->changed == 0)
        return NULL;
    vf->held = irp->implementation;
    *mask_out = vf->changed;
    vf->changed = 0;
    return irp;
}

static vpci_ntstatus control_invalidate(struct bus *bus, struct vpci_irp *irp)
{
    vpci_ntstatus status = VPCI_STATUS_BUFFER_TOO_SMALL;
    if (irp->input_length >= sizeof(struct vpci_invalidate_block_output) && irp->type3_input_buffer != NULL)
        status = vf_readiness(bus, irp->vf);
    if (status != VPCI_STATUS_SUCCESS)
        return complete(bus, irp, status, 0);
    struct vf *vf = &bus->vfs[irp->vf];
    uint64_t mask = 0;
    pthread_mutex_lock(&vf->lock);
    if (vf->gone) {
        pthread_mutex_unlock(&vf->lock);
        return complete(bus, irp, VPCI_STATUS_DEVICE_REMOVED, 0);
    }
    if (vf->held == NULL) {
        mask = vf->changed;
        vf->changed = 0;
    }
    if (mask == 0) {
        irp->marked = true;
        append(vf, irp);
    }
    pthread_mutex_unlock(&vf->lock);
    if (mask == 0)
        return VPCI_STATUS_PENDING;
    complete_with_mask(bus, irp, mask);
    return VPCI_STATUS_SUCCESS;
}

static vpci_ntstatus device_control(void *iut, struct vpci_irp *irp)
{
    if (irp->major == VPCI_MAJOR_INTERNAL || irp->major == VPCI_MAJOR_DEVICE_CONTROL) {
        switch (irp->code) {
        case VPCI_IOCTL_READ_BLOCK:
            return control_read(iut, irp);
        case VPCI_IOCTL_WRITE_BLOCK:
            return control_write(iut, irp);
        case VPCI_IOCTL_INVALIDATE_BLOCK:
            return control_invalidate(iut, irp);
        default:
            break;
        }
    }
    return complete(iut, irp, VPCI_STATUS_INVALID_DEVICE_REQUEST, 0);
}

/* True when irp was held and is not any more. irp itself is not read: it may be complete already. */
static bool unlink_held(struct vf *vf, const struct vpci_irp *irp)
{
    struct vpci_irp *before = NULL;
    for (struct vpci_irp *at = vf->held; at != NULL; before = at, at = at->implementation) {
        if (at != irp)
            continue;
        if (before == NULL)
            vf->held = at->implementation;
        else
            before->implementation = at->implementation;
        return true;
    }
    return false;
}

static void cancel(void *iut, struct vpci_irp *irp)
{
    struct bus *bus = iut;
    for (uint16_t i = 0; i < bus->vf_count; i++) {
        struct vf *vf = &bus->vfs[i];
        pthread_mutex_lock(&vf->lock);
        const bool was_held = unlink_held(vf, irp);
        pthread_mutex_unlock(&vf->lock);
        if (was_held) {
            complete(bus, irp, VPCI_STATUS_CANCELLED, 0);
            return;
        }
    }
}

static void notify(struct bus *bus, struct vf *vf, uint64_t mask)
{
    pthread_mutex_lock(&vf->lock);
    vf->changed |= vf->gone ? 0 : mask;
    uint64_t news = 0;
    struct vpci_irp *irp = take_news(vf, &news);
    pthread_mutex_unlock(&vf->lock);
    if (irp != NULL)
        complete_with_mask(bus, irp, news);
}

static void pf_invalidate(void *iut, uint16_t vf, uint64_t mask)
{
    struct bus *bus = iut;
    for (uint16_t i = 0; i < bus->vf_count; i++) {
        if (vf == i || vf == VPCI_VF_ALL)
            notify(bus, &bus->vfs[i], mask);
    }
}

static vpci_ntstatus start(void *iut, uint16_t index)
{
    struct bus *bus = iut;
    if (index >= bus->vf_count)
        return VPCI_STATUS_DEVICE_DOES_NOT_EXIST;
    struct vf *vf = &bus->vfs[index];
    pthread_mutex_lock(&vf->lock);
    const bool gone = vf->gone;
    vf->started = !gone;
    pthread_mutex_unlock(&vf->lock);
    return gone ? VPCI_STATUS_DEVICE_DOES_NOT_EXIST : VPCI_STATUS_SUCCESS;
}

static vpci_ntstatus surprise_remove(void *iut, uint16_t index)
{
    struct bus *bus = iut;
    if (index >= bus->vf_count)
        return VPCI_STATUS_DEVICE_DOES_NOT_EXIST;
    struct vf *vf = &bus->vfs[index];
    pthread_mutex_lock(&vf->lock);
    struct vpci_irp *held = vf->held;
    vf->held = NULL;
    vf->gone = true;
    vf->changed = 0;
    pthread_mutex_unlock(&vf->lock);
    while (held != NULL) {
        struct vpci_irp *next = held->implementation;
        complete(bus, held, VPCI_STATUS_DELETE_PENDING, 0);
        held = next;
    }
    return VPCI_STATUS_SUCCESS;
}

/* Transfers in progress end when the PF answers them, which a PF that resets a VF does. Held requests stay.
 */
static vpci_ntstatus reset(void *iut, uint16_t index)
{
    struct bus *bus = iut;
    if (is_gone(bus, index))
        return VPCI_STATUS_DEVICE_DOES_NOT_EXIST;
    bus->host.pf_reset(bus->host.kit, index);
    return VPCI_STATUS_SUCCESS;
}

static void count_reference(struct bus *bus, uint16_t index, int step)
{
    if (index >= bus->vf_count)
        return;
    struct vf *vf = &bus->vfs[index];
    pthread_mutex_lock(&vf->lock);
    if (step > 0)
        vf->references++;
    else if (vf->references > 0)
        vf->references--;
    pthread_mutex_unlock(&vf->lock);
}

static void reference(void *iut, uint16_t vf)
{
    count_reference(iut, vf, 1);
}

static void dereference(void *iut, uint16_t vf)
{
    count_reference(iut, vf, -1);
}

static vpci_ntstatus query_interface(void *iut, uint16_t vf, const struct vpci_guid *guid, uint16_t size,
                                     uint16_t version, vpci_ntstatus status_found,
                                     struct vpci_interface_standard *to, uint64_t *information_out)
{
    static const struct vpci_guid ours = VPCI_GUID_INTERFACE_STANDARD;
    struct bus *bus = iut;
    *information_out = 0;
    if (memcmp(guid->bytes, ours.bytes, sizeof ours.bytes) != 0)
        return status_found;
    if (is_gone(bus, vf))
        return VPCI_STATUS_DEVICE_DOES_NOT_EXIST;
    if (size < VPCI_INTERFACE_BYTES || to == NULL)
        return VPCI_STATUS_INFO_LENGTH_MISMATCH;
    if (version < VPCI_INTERFACE_VERSION)
        return VPCI_STATUS_NOT_SUPPORTED;
    /* Nobody follows these words, so they are no addresses of ours: those would differ from run to run. */
    const struct vpci_interface_standard interface = {
        .size = VPCI_INTERFACE_BYTES,
        .version = VPCI_INTERFACE_VERSION,
        .context = UINT64_C(0xFFFF900000000000) + 0x400u * vf,
        .interface_reference = UINT64_C(0xFFFF800000002040),
        .interface_dereference = UINT64_C(0xFFFF800000002080),
        .write_vf_config_block = UINT64_C(0xFFFF8000000020C0),
        .read_vf_config_block = UINT64_C(0xFFFF800000002100),
        .serial_number = 1000u + vf,
    };
    memcpy(to, &interface, sizeof interface);
    count_reference(bus, vf, 1);
    return VPCI_STATUS_SUCCESS;
}

static void *open_bus(const struct vpci_blocking_host *host, const struct vpci_device *device)
{
    if (device->role != VPCI_ROLE_BUS || device->vf_count == 0 || device->vf_count > VPCI_VFS_MAX)
        return NULL;
    struct bus *bus = calloc(1, sizeof *bus);
    if (bus == NULL)
        return NULL;
    bus->host = *host;
    bus->vf_count = device->vf_count;
    for (uint16_t i = 0; i < bus->vf_count; i++)
        pthread_mutex_init(&bus->vfs[i].lock, NULL);
    return bus;
}

static void close_bus(void *iut)
{
    struct bus *bus = iut;
    for (uint16_t i = 0; i < bus->vf_count; i++)
        pthread_mutex_destroy(&bus->vfs[i].lock);
    free(bus);
}

const struct vpci_plugin *vpci_plugin_entry(void)
{
    static const struct vpci_blocking functions = {
        .open = open_bus,
        .start = start,
        .query_interface = query_interface,
        .reference = reference,
        .dereference = dereference,
        .read_block = read_block,
        .write_block = write_block,
        .device_control = device_control,
        .cancel = cancel,
        .surprise_remove = surprise_remove,
        .reset = reset,
        .pf_invalidate = pf_invalidate,
        .close = close_bus,
    };
    static const struct vpci_plugin plugin = {
        .abi = VPCI_PLUGIN_ABI,
        .table_bytes = sizeof plugin,
        .name = "golden-blocking",
        .version = "1",
        .roles = 1u << VPCI_ROLE_BUS,
        .capabilities = VPCI_CAPABILITY_BIT(QUERY_INTERFACE) | VPCI_CAPABILITY_BIT(DIRECT) |
                        VPCI_CAPABILITY_BIT(IOCTL) | VPCI_CAPABILITY_BIT(INVALIDATE) |
                        VPCI_CAPABILITY_BIT(START) | VPCI_CAPABILITY_BIT(CANCEL) |
                        VPCI_CAPABILITY_BIT(RESET) | VPCI_CAPABILITY_BIT(INPUT_CHANGE) |
                        VPCI_CAPABILITY_BIT(REENTRANT) | VPCI_CAPABILITY_BIT(FOREIGN_CONTEXT) |
                        VPCI_CAPABILITY_BIT(PF_COUNT) | VPCI_CAPABILITY_BIT(PENDING_MARK) |
                        VPCI_CAPABILITY_BIT(STATUS_BLOCK) | VPCI_CAPABILITY_BIT(BLOCKING),
        .blocking = &functions,
    };
    return &plugin;
}
