/* SPDX-License-Identifier: MIT */
/* models/rules_interface.c - obtaining and holding the interface (QI). */
#include "models/model_state.h"

#include <string.h>

static bool is_standard(const struct vpci_guid *guid)
{
    static const struct vpci_guid standard = VPCI_GUID_INTERFACE_STANDARD;
    return memcmp(guid, &standard, sizeof standard) == 0;
}

void vpci_rule_query(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_request *request = vpci_request_open(model, event, VPCI_KIND_QUERY, event->vf);
    if (request == NULL)
        return;
    request->guid = event->guid;
    request->size = event->size;
    request->version = event->version;
    request->output_length = event->size;
    request->starved = model->vfs[event->vf].starving != 0;
    request->status = (event->fields & VPCI_F(STATUS)) ? event->status : VPCI_STATUS_NOT_SUPPORTED;
}

static bool is_untouched(const struct vpci_event *event, uint32_t from)
{
    for (uint32_t i = from; i < event->data_length; i++) {
        if (event->data[i] != 0)
            return false;
    }
    return true;
}

/* QI-04: not our interface: the status stays, the structure stays. */
static void hold_unknown(struct vpci_model *model, const struct vpci_request *request,
                         const struct vpci_event *event)
{
    if (vpci_hold(model, VPCI_QI_04, event->status == request->status,
                  "a query for an interface that is not exported changes the status",
                  "the status found in the IRP"))
        (void)vpci_hold(model, VPCI_QI_04, is_untouched(event, 0),
                        "a query for an interface that is not exported writes the structure",
                        "zero bytes, as sent");
}

static uint64_t member(const struct vpci_event *event, size_t offset, size_t bytes)
{
    if (offset + bytes > event->data_length)
        return 0;
    return bytes == 8 ? vpci_load_u64(event->data + offset)
                      : vpci_load_u32(event->data + offset) & (bytes == 2 ? 0xFFFFu : 0xFFFFFFFFu);
}

/* QI-14: distinct among the VFs, the same for one VF. */
static bool hold_serial(struct vpci_model *model, uint16_t index, uint32_t serial)
{
    struct vpci_vf *vf = &model->vfs[index];
    for (uint16_t other = 0; other < model->options.vf_count; other++) {
        const struct vpci_vf *peer = &model->vfs[other];
        if (other == index || !peer->has_serial)
            continue;
        if (!vpci_hold(model, VPCI_QI_14, peer->serial != serial, "two VFs have the same SerialNumber",
                       "a number of its own for each VF"))
            return false;
    }
    if (vf->has_serial && !vpci_hold(model, VPCI_QI_14, vf->serial == serial,
                                     "the SerialNumber of a VF changed", "the number told before"))
        return false;
    vf->has_serial = true;
    vf->serial = serial;
    return true;
}

/* QI-06, QI-07: what a success filled in. Members beyond a truncated structure are not looked for. */
static void hold_filled(struct vpci_model *model, const struct vpci_request *request,
                        const struct vpci_event *event)
{
    const uint32_t size = (uint32_t)member(event, offsetof(struct vpci_interface_standard, size), 2);
    const uint32_t version = (uint32_t)member(event, offsetof(struct vpci_interface_standard, version), 2);
    const bool whole = request->size >= VPCI_INTERFACE_BYTES;
    if (!vpci_hold(model, VPCI_QI_06, size != 0 && (size <= request->size || size == VPCI_INTERFACE_BYTES),
                   "Size is not the structure's size", "56, or what was asked for") ||
        !vpci_hold(model, VPCI_QI_07, version <= request->version && version != 0,
                   "a version above the one asked for is returned", "the nearest version not above"))
        return;
    static const size_t pointers[] = {
        offsetof(struct vpci_interface_standard, context),
        offsetof(struct vpci_interface_standard, interface_reference),
        offsetof(struct vpci_interface_standard, interface_dereference),
        offsetof(struct vpci_interface_standard, write_vf_config_block),
        offsetof(struct vpci_interface_standard, read_vf_config_block),
    };
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++) {
        if (pointers[i] + 8 > request->size)
            break;
        if (!vpci_hold(model, VPCI_QI_06, member(event, pointers[i], 8) != 0,
                       "a member of the interface is not filled in",
                       "Context, both reference routines and both block routines"))
            return;
    }
    if (!whole)
        return;
    if (!vpci_hold(model, VPCI_QI_06, is_untouched(event, VPCI_INTERFACE_BYTES),
                   "bytes behind the structure were written", "zero or untouched bytes (A-28)"))
        return;
    (void)hold_serial(model, request->vf,
                      (uint32_t)member(event, offsetof(struct vpci_interface_standard, serial_number), 4));
}

/* Of a query with Version 0, or after removal, nothing is concluded (ruling 16). */
static bool is_judged(const struct vpci_model *model, const struct vpci_request *request)
{
    const uint8_t state = model->vfs[request->vf].state;
    return (state == VPCI_VF_STARTED || state == VPCI_VF_NOT_STARTED) && request->version != 0;
}

/* Where observations may cross stimuli, the count may be told before the implementation has heard of the
 * latest ones. What it has done itself it has heard of. */
static void change_references(struct vpci_vf *vf, int32_t change, bool is_heard_of)
{
    vf->reference_change += change;
    if (is_heard_of) {
        vf->fewest_change += change;
        vf->most_change += change;
    }
    if (vf->reference_change < vf->fewest_change)
        vf->fewest_change = vf->reference_change;
    if (vf->reference_change > vf->most_change)
        vf->most_change = vf->reference_change;
}

static void hold_standard(struct vpci_model *model, const struct vpci_request *request,
                          const struct vpci_event *event)
{
    struct vpci_vf *vf = &model->vfs[request->vf];
    const bool success = event->status == VPCI_STATUS_SUCCESS;
    if (success) {
        change_references(vf, 1, true);
        vf->client_references++;
    }
    if (!is_judged(model, request))
        return;
    if (vf->state == VPCI_VF_NOT_STARTED)
        vpci_exercise(model, VPCI_QI_16);
    if (request->size >= VPCI_INTERFACE_BYTES &&
        !vpci_hold(model, VPCI_QI_01, success || request->starved, "the VPCI interface is not handed out",
                   "SUCCESS"))
        return;
    if (request->size < VPCI_INTERFACE_BYTES_HEADER) {
        (void)vpci_hold(model, VPCI_QI_06, !success,
                        "a structure without room for Context and references is a success", "an error");
        return;
    }
    if (!success ||
        !vpci_hold(model, VPCI_QI_13, event->information == 0, "Information of a query is not 0", "0"))
        return;
    if (event->data != NULL)
        hold_filled(model, request, event);
}

void vpci_rule_query_return(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_request *request = &model->requests[event->request];
    if (request->kind != VPCI_KIND_QUERY) {
        (void)vpci_hold(model, VPCI_QI_04, false, "the request is not a query", NULL);
        return;
    }
    if (!vpci_hold(model, VPCI_QI_05, event->data_length <= request->size,
                   "more bytes were written than the requester's Size", "at most Size bytes"))
        return;
    if (is_standard(&request->guid))
        hold_standard(model, request, event);
    else if (is_judged(model, request))
        hold_unknown(model, request, event);
    vpci_request_close(model, request, VPCI_REQUEST_OVER);
}

void vpci_rule_reference(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_vf *vf = &model->vfs[event->vf];
    const bool taken = event->kind == VPCI_EVENT_REFERENCE;
    change_references(vf, taken ? 1 : -1, model->options.exact_order);
    if (taken)
        vf->client_references++;
    else if (vf->client_references != 0)
        vf->client_references--;
    else /* the client drops what it does not have (QI-10): what the provider counts then, nobody says */
        vf->references_unjudged = true;
}

/* QI-09: the count moves with successes, references and dereferences, and with nothing else. */
void vpci_rule_references(struct vpci_model *model, const struct vpci_event *event)
{
    struct vpci_vf *vf = &model->vfs[event->vf];
    const int64_t moved = (int64_t)event->references - (int64_t)vf->references;
    if (vf->references_unjudged ||
        (vf->has_references &&
         !vpci_hold(model, VPCI_QI_09, vf->fewest_change <= moved && moved <= vf->most_change,
                    "the reference count did not move by what was taken and dropped",
                    "one more for each success, none for a failure")))
        return;
    if (!vf->has_references && vf->fewest_change != vf->most_change)
        return; /* it is not known what was heard of when it was told */
    const int32_t heard = vf->has_references ? (int32_t)moved : vf->most_change;
    vf->has_references = true;
    vf->references = event->references;
    vf->reference_change -= heard;
    vf->fewest_change -= heard;
    vf->most_change -= heard;
}

void vpci_interface_at_rest(struct vpci_model *model)
{
    for (uint16_t vf = 0; vf < model->options.vf_count; vf++)
        model->vfs[vf].fewest_change = model->vfs[vf].most_change = model->vfs[vf].reference_change;
}
