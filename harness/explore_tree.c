/* SPDX-License-Identifier: MIT */
/* harness/explore_tree.c - the states that were reached, each with the shortest sequence that led there.
 * States are held against each other word by word: a digest only says where to look. */
#include <string.h>

#include "harness/explore_internal.h"

enum { DEPTH_MAX = 200 }; /* ours: longest sequence of letters that is kept */

void vpci_arrival_take(struct vpci_arrival *arrival, const struct vpci_model *model)
{
    const struct vpci_situation situation = vpci_model_situation(model);
    const uint32_t count = situation.request_count < VPCI_EXPLORE_SLOTS_MAX
                               ? situation.request_count
                               : (uint32_t)VPCI_EXPLORE_SLOTS_MAX;
    arrival->arrived = true;
    arrival->menu = (struct vpci_menu){ .request_count = (uint8_t)count,
                                        .calls_open = (uint8_t)situation.calls_open,
                                        .cancellable = (uint8_t)situation.cancellable,
                                        .not_started = (uint8_t)situation.not_started,
                                        .gone = (uint8_t)situation.gone };
    memcpy(arrival->menu.requests, situation.requests, count);
    arrival->word_count = vpci_model_abstract(model, arrival->words);
}

static bool is_state(const struct vpci_tree *tree, const struct vpci_node *node,
                     const struct vpci_arrival *arrival)
{
    return node->word_count == arrival->word_count &&
           memcmp(&tree->words[node->words_at], arrival->words, arrival->word_count * sizeof(uint64_t)) == 0;
}

bool vpci_tree_is_at(const struct vpci_tree *tree, uint32_t node, const struct vpci_arrival *arrival)
{
    return is_state(tree, &tree->nodes[node], arrival);
}

static void fill_node(struct vpci_tree *tree, const struct vpci_arrival *arrival, uint32_t parent,
                      uint32_t letter)
{
    const bool is_root = tree->count == 0;
    memcpy(&tree->words[tree->words_used], arrival->words, arrival->word_count * sizeof(uint64_t));
    tree->nodes[tree->count] =
        (struct vpci_node){ .parent = parent,
                            .letter = (uint16_t)letter,
                            .depth = is_root ? 0 : (uint16_t)(tree->nodes[parent].depth + 1u),
                            .menu = arrival->menu,
                            .word_count = arrival->word_count,
                            .words_at = tree->words_used };
    tree->words_used += arrival->word_count;
    tree->count++; /* last: a walk that dies before it has not added it */
}

bool vpci_tree_add(struct vpci_tree *tree, const struct vpci_arrival *arrival, uint32_t parent,
                   uint32_t letter, bool only_new)
{
    const struct vpci_state_digest digest = vpci_state_digest_of(arrival->words, arrival->word_count);
    uint64_t at = digest.low % VPCI_NODE_TABLE;
    bool is_known_digest = false;
    for (; only_new && tree->table[at] != 0; at = (at + 1) % VPCI_NODE_TABLE) {
        const struct vpci_node *node = &tree->nodes[tree->table[at] - 1];
        if (is_state(tree, node, arrival))
            return true;
        const struct vpci_state_digest other =
            vpci_state_digest_of(&tree->words[node->words_at], node->word_count);
        is_known_digest = is_known_digest || (other.low == digest.low && other.high == digest.high);
    }
    if (tree->count == VPCI_NODES_MAX || (tree->count != 0 && tree->nodes[parent].depth == DEPTH_MAX) ||
        VPCI_NODE_WORDS - tree->words_used < arrival->word_count)
        return false;
    fill_node(tree, arrival, parent, letter);
    tree->digests += !is_known_digest;
    if (only_new)
        tree->table[at] = tree->count;
    return true;
}

void vpci_tree_path(const struct vpci_tree *tree, const struct vpci_alphabet *alphabet, uint32_t node,
                    struct vpci_script *script)
{
    uint32_t path[DEPTH_MAX];
    uint32_t length = 0;
    for (uint32_t at = node; at != 0 && length < DEPTH_MAX; at = tree->nodes[at].parent)
        path[length++] = at;
    while (length-- != 0) {
        const struct vpci_node *step = &tree->nodes[path[length]];
        vpci_letter_add(&alphabet->letters[step->letter], &tree->nodes[step->parent].menu, script);
    }
}
