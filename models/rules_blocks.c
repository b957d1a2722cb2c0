/* SPDX-License-Identifier: MIT */
/* models/rules_blocks.c - contents of blocks where the PF driver is inside the implementation (role stack).
 * Only an implementation that claims register_blocks is judged: what a block is, the sources leave to the
 * vendor. Each (VF, block) is a partition with an interval checker of its own. A partition in which
 * transfers of different lengths met is not judged: what a partial write leaves of the rest is the vendor's
 * business, too. */
#include "models/model_state.h"

#include <string.h>

enum { PARTITION_CHECKER_BYTES = 64 * 1024, SERIALS = 128 };

struct partition {
    struct vpci_interval *checker; /* NULL: unused */
    uint32_t block, length;
    uint16_t vf;
    bool mixed;
    bool written; /* a write has ended well */
    uint32_t next_serial;
    uint32_t serials[VPCI_REQUESTS_MAX]; /* of the operation in each slot */
    uint16_t suspicion[SERIALS];         /* what a wrong answer breaks, by serial of the read */
    bool called[VPCI_REQUESTS_MAX];
};

struct vpci_partitions {
    uint32_t count, capacity;
    bool overflow;
    struct partition items[];
};

void vpci_blocks_init(struct vpci_model *model)
{
    const size_t each = sizeof(struct partition) + PARTITION_CHECKER_BYTES;
    const size_t bytes = model->options.interval_memory_bytes;
    model->partitions = NULL;
    if (model->pf_outside || model->options.interval_memory == NULL ||
        bytes < sizeof(struct vpci_partitions) + 64 + each ||
        !vpci_claims(model, VPCI_CAPABILITY_BIT(REGISTER_BLOCKS)))
        return;
    model->partitions = model->options.interval_memory;
    model->partitions->count = 0;
    model->partitions->overflow = false;
    model->partitions->capacity = (uint32_t)((bytes - sizeof(struct vpci_partitions) - 64) / each);
}

/* Checkers lie behind the table of partitions, each aligned to 64. */
static void *checker_memory(struct vpci_partitions *partitions, uint32_t index)
{
    const uintptr_t table_end = (uintptr_t)&partitions->items[partitions->capacity];
    return (void *)(((table_end + 63) & ~(uintptr_t)63) + (uintptr_t)index * PARTITION_CHECKER_BYTES);
}

static struct partition *find_partition(struct vpci_model *model, const struct vpci_request *request,
                                        bool create)
{
    struct vpci_partitions *partitions = model->partitions;
    if (partitions == NULL)
        return NULL;
    for (uint32_t i = 0; i < partitions->count; i++) {
        struct partition *partition = &partitions->items[i];
        if (partition->vf == request->vf && partition->block == request->block)
            return partition;
    }
    if (!create)
        return NULL;
    if (partitions->count == partitions->capacity) {
        partitions->overflow = true;
        return NULL;
    }
    static const uint8_t zeros[VPCI_BLOCK_BYTES_MAX] = { 0 };
    struct partition *partition = &partitions->items[partitions->count];
    memset(partition, 0, sizeof *partition);
    partition->vf = request->vf;
    partition->block = request->block;
    partition->length = request->length;
    partition->checker =
        vpci_interval_init(checker_memory(partitions, partitions->count), PARTITION_CHECKER_BYTES,
                           vpci_hash(zeros, request->length), VPCI_INTERVAL_OVERWRITE);
    partitions->count++;
    return partition;
}

static unsigned slot_of(const struct vpci_model *model, const struct vpci_request *request)
{
    return (unsigned)(request - model->requests);
}

void vpci_blocks_issued(struct vpci_model *model, const struct vpci_request *request)
{
    const bool moves = request->prospect == VPCI_PROSPECT_SERVED || request->prospect == VPCI_PROSPECT_EITHER;
    if (model->partitions == NULL || !vpci_is_transfer(request) || !moves ||
        model->vfs[request->vf].has_unknown_blocks)
        return;
    struct partition *partition = find_partition(model, request, true);
    if (partition == NULL || partition->mixed)
        return;
    if (partition->length != request->length) {
        partition->mixed = true;
        return;
    }
    const unsigned slot = slot_of(model, request);
    partition->serials[slot] = partition->next_serial++;
    partition->called[slot] = true;
    (void)vpci_interval_call(partition->checker, slot,
                             vpci_is_write(request) ? VPCI_INTERVAL_WRITE : VPCI_INTERVAL_READ,
                             vpci_hash(request->data, request->length));
    if (vpci_is_write(request))
        vpci_sighting_add(model, request->vf, request->block, request->data, request->length);
}

/* What a write with a changed input left, and in which block if it is an IOCTL, is not known from now on. */
void vpci_blocks_input_changed(struct vpci_model *model, const struct vpci_request *request)
{
    struct vpci_partitions *partitions = model->partitions;
    if (partitions == NULL || !vpci_is_write(request))
        return;
    if (!vpci_is_direct(request))
        model->vfs[request->vf].has_unknown_blocks = true;
    struct partition *partition = find_partition(model, request, false);
    if (partition != NULL)
        partition->mixed = true;
}

static enum vpci_requirement suspicion_of(const struct vpci_model *model, const struct vpci_request *request,
                                          const struct vpci_event *event)
{
    const struct vpci_sighting *seen = vpci_sighting_find(model, event->data, event->data_length);
    if (seen != NULL && seen->vf != request->vf)
        return VPCI_DC_10;
    if (seen != NULL && seen->block != request->block && request->concurrent)
        return VPCI_DC_11;
    if (seen != NULL && seen->block == request->block &&
        vpci_sighting_is_whole(seen, event->data, event->data_length))
        return VPCI_WR_06;
    return vpci_blame(request, VPCI_FAULT_BYTES);
}

static bool hold_verdict(struct vpci_model *model, const struct partition *partition)
{
    const struct vpci_interval_violation *violation = vpci_interval_violation(partition->checker);
    if (violation == NULL)
        return true;
    const enum vpci_requirement blamed =
        (enum vpci_requirement)partition->suspicion[violation->serial % SERIALS];
    return vpci_hold(model, blamed, false,
                     "no order of the overlapping reads and writes explains what a read returned",
                     "contents that the block held at some time between the read's start and its end");
}

static void exercise_contents(struct vpci_model *model, const struct partition *partition,
                              const struct vpci_request *request)
{
    if (vpci_is_write(request))
        return;
    vpci_exercise(model, vpci_blame(request, VPCI_FAULT_BYTES));
    if (partition->written)
        vpci_exercise(model, VPCI_WR_06);
    if ((model->vfs_with_traffic & ~(1u << request->vf)) != 0)
        vpci_exercise(model, VPCI_DC_10);
    if (request->concurrent)
        vpci_exercise(model, VPCI_DC_11);
}

/* How the checker is told of the end. An error says nothing about a write's effect; where the request was
 * cancelled, reset or removed the effect may even come later. */
static enum vpci_interval_outcome outcome_of(const struct vpci_request *request, bool success)
{
    if (success)
        return request->contents_free ? VPCI_INTERVAL_LOST : VPCI_INTERVAL_DONE;
    return request->excuses != 0 ? VPCI_INTERVAL_LOST : VPCI_INTERVAL_FAILED;
}

/* Blocks that are registers move all that is asked for; others may be shorter, never longer. */
static bool hold_information(struct vpci_model *model, const struct vpci_request *request, bool success,
                             bool whole, const struct vpci_event *event)
{
    if (vpci_is_direct(request) || !success || request->contents_free)
        return true;
    vpci_exercise(model, VPCI_WD_24);
    return vpci_hold(model, vpci_is_write(request) ? VPCI_IW_11 : VPCI_IR_05,
                     event->information == request->length ||
                         (!whole && event->information < request->length),
                     "Information is not the number of bytes moved", "the length asked for");
}

void vpci_blocks_ended(struct vpci_model *model, const struct vpci_request *request, vpci_ntstatus status,
                       const struct vpci_event *event)
{
    const bool success = status == VPCI_STATUS_SUCCESS;
    struct partition *partition = find_partition(model, request, false);
    const unsigned slot = slot_of(model, request);
    if (!hold_information(model, request, success, partition != NULL, event) || partition == NULL)
        return;
    if (partition->mixed || !partition->called[slot] || model->vfs[request->vf].has_unknown_blocks)
        return;
    partition->called[slot] = false;
    const bool is_read = !vpci_is_write(request);
    const bool whole = event->data != NULL && event->data_length >= request->length;
    partition->suspicion[partition->serials[slot] % SERIALS] =
        (uint16_t)(is_read ? suspicion_of(model, request, event) : VPCI_WR_01);
    const enum vpci_interval_outcome outcome =
        is_read && !whole ? VPCI_INTERVAL_LOST : outcome_of(request, success);
    (void)vpci_interval_return(partition->checker, slot, outcome,
                               is_read && whole ? vpci_hash(event->data, request->length) : 0);
    if (!hold_verdict(model, partition))
        return;
    if (success)
        exercise_contents(model, partition, request);
    partition->written = partition->written || (success && !is_read);
}

void vpci_blocks_at_rest(struct vpci_model *model)
{
    if (model->partitions == NULL)
        return;
    for (uint32_t i = 0; i < model->partitions->count; i++) {
        const struct partition *partition = &model->partitions->items[i];
        if (!partition->mixed && !model->vfs[partition->vf].has_unknown_blocks &&
            !hold_verdict(model, partition))
            return;
    }
}

bool vpci_model_contents_unjudged(const struct vpci_model *model)
{
    const struct vpci_partitions *partitions = model->partitions;
    if (partitions == NULL)
        return model->calls_lost;
    for (uint32_t i = 0; i < partitions->count; i++) {
        if (vpci_interval_verdict(partitions->items[i].checker) == VPCI_INTERVAL_INCONCLUSIVE)
            return true;
    }
    return partitions->overflow;
}
