/* SPDX-License-Identifier: MIT */
/* models/sighting.c - contents that crossed the PF edge lately, to name the right requirement when wrong
 * bytes turn up. No verdict depends on them. */
#include "models/model_state.h"

void vpci_sighting_add(struct vpci_model *model, uint16_t vf, uint32_t block, const uint8_t *data,
                       uint32_t length)
{
    if (length < VPCI_SIGHTING_BYTES)
        return;
    struct vpci_sighting *seen = &model->sightings[model->next_sighting];
    model->next_sighting = (uint8_t)((model->next_sighting + 1) % VPCI_SIGHTINGS);
    if (model->sighting_count < VPCI_SIGHTINGS)
        model->sighting_count++;
    *seen = (struct vpci_sighting){ .tag = vpci_hash(data, VPCI_SIGHTING_BYTES),
                                    .whole = vpci_hash(data, length),
                                    .block = block,
                                    .vf = vf };
}

const struct vpci_sighting *vpci_sighting_find(const struct vpci_model *model, const uint8_t *data,
                                               uint32_t length)
{
    const struct vpci_sighting *alike = NULL;
    if (data == NULL || length < VPCI_SIGHTING_BYTES)
        return NULL;
    const uint64_t tag = vpci_hash(data, VPCI_SIGHTING_BYTES);
    const uint64_t whole = vpci_hash(data, length);
    for (int i = 0; i < model->sighting_count; i++) {
        if (model->sightings[i].whole == whole)
            return &model->sightings[i];
        if (alike == NULL && model->sightings[i].tag == tag)
            alike = &model->sightings[i];
    }
    return alike;
}

bool vpci_sighting_is_whole(const struct vpci_sighting *seen, const uint8_t *data, uint32_t length)
{
    return seen->whole == vpci_hash(data, length);
}

void vpci_sighting_age(struct vpci_model *model, uint16_t vf, uint32_t block)
{
    for (int i = 0; i < model->sighting_count; i++) {
        struct vpci_sighting *seen = &model->sightings[i];
        if (seen->vf == vf && seen->block == block)
            seen->written_since = true;
    }
}
