/* SPDX-License-Identifier: MIT */
/* harness/explore_product.c - one operation with every combination of seven factors, and two operations, one
 * behind the other, with every triple of their factors. What a factor has no meaning for, it means something
 * else to: the table is in docs/explore.md. */
#include "harness/allocate.h"
#include "harness/covering.h"
#include "harness/explore_internal.h"
#include "harness/explore_steps.h"

enum factor { OPERATION, LENGTH, BLOCK, SITUATION, ANSWER, CLAIM, CANCEL, FACTORS };

enum { IDLE, OTHER_VF_BUSY, INVALIDATE_HELD, SITUATIONS };
enum { SUCCEEDS, IS_SHORT, FAILS, IS_LATE, ANSWERS };
enum { NEVER, BEFORE_ANSWER, AFTER_ANSWER, TWICE, CANCELS };

static const uint32_t lengths[] = { 0, 1, 7, 8, 64, 127, 128, 129, UINT32_MAX };
static const uint32_t blocks[] = { 0, 1, 63, 64, UINT32_MAX };

enum { LENGTHS = sizeof lengths / sizeof lengths[0], BLOCKS = sizeof blocks / sizeof blocks[0] };

static const uint32_t value_counts[FACTORS] = {
    [OPERATION] = VPCI_OPERATION_COUNT,
    [LENGTH] = LENGTHS,
    [BLOCK] = BLOCKS,
    [SITUATION] = SITUATIONS,
    [ANSWER] = ANSWERS,
    [CLAIM] = VPCI_CLAIM_COUNT,
    [CANCEL] = CANCELS,
};

struct vpci_product {
    const struct vpci_explore_options *options;
    bool of_pairs;
    struct vpci_covering rows; /* of a pair: both operations' factors, and whether they overlap */
    uint64_t count;
};

/* Numbers of requests: those of the second operation are that much higher. */
enum { ROWS_MAX = 100000 };

enum { SUBJECT = 0, TWIN = 1, NEIGHBOUR = 2, HELD = 3, NUMBERS_EACH = 4 };

struct operation {
    const uint32_t *values; /* by factor */
    uint32_t numbers_from;
    vpci_capability_set capabilities;
};

static bool is_direct(const struct operation *operation)
{
    return operation->values[OPERATION] == VPCI_OPERATION_READ ||
           operation->values[OPERATION] == VPCI_OPERATION_WRITE;
}

static bool is_invalidate(const struct operation *operation)
{
    return operation->values[OPERATION] == VPCI_OPERATION_INVALIDATE;
}

static void add_simple(struct vpci_script *script, enum vpci_operation kind, uint16_t vf, uint32_t number)
{
    const struct vpci_operation_step step = {
        .operation = kind, .vf = vf, .number = number, .block = 1, .length = 8
    };
    if (kind == VPCI_OPERATION_INVALIDATE) {
        struct vpci_operation_step held = step;
        held.length = 0;
        vpci_step_operation(script, &held);
    } else {
        vpci_step_operation(script, &step);
    }
}

static void add_situation(const struct operation *operation, struct vpci_script *script)
{
    if (operation->values[SITUATION] == OTHER_VF_BUSY)
        add_simple(script, is_invalidate(operation) ? VPCI_OPERATION_INVALIDATE : VPCI_OPERATION_READ, 1,
                   operation->numbers_from + NEIGHBOUR);
    else if (operation->values[SITUATION] == INVALIDATE_HELD)
        add_simple(script, VPCI_OPERATION_INVALIDATE, 0, operation->numbers_from + HELD);
}

static void add_subject(const struct operation *operation, struct vpci_script *script)
{
    const uint32_t *values = operation->values;
    struct vpci_operation_step step = { .operation = (enum vpci_operation)values[OPERATION],
                                        .number = operation->numbers_from + SUBJECT,
                                        .block = blocks[values[BLOCK]],
                                        .length = lengths[values[LENGTH]],
                                        .claim = (enum vpci_claim)values[CLAIM] };
    if (!is_direct(operation)) {
        vpci_step_operation(script, &step);
        return;
    }
    /* A direct call claims nothing: instead it carries another Context, or has a twin. */
    const bool has_twin = values[CLAIM] == VPCI_CLAIM_ONE_MORE || values[CLAIM] == VPCI_CLAIM_HUGE;
    step.foreign = values[CLAIM] == VPCI_CLAIM_ONE_LESS &&
                   (operation->capabilities & VPCI_CAPABILITY_BIT(FOREIGN_CONTEXT)) != 0;
    vpci_step_operation(script, &step);
    if (!has_twin)
        return;
    step.number = operation->numbers_from + TWIN;
    step.length = values[CLAIM] == VPCI_CLAIM_ONE_MORE ? step.length : 8;
    vpci_step_operation(script, &step);
}

static uint64_t mask_of(const struct operation *operation)
{
    const uint32_t block = blocks[operation->values[BLOCK]];
    if (block < VPCI_FLAGGABLE_BLOCKS)
        return (uint64_t)1 << block;
    return block == VPCI_FLAGGABLE_BLOCKS ? UINT64_MAX : 0;
}

/* A direct call cannot be cancelled: instead something befalls its VF. */
static void add_cancel(const struct operation *operation, struct vpci_script *script, bool before)
{
    const uint32_t when = operation->values[CANCEL];
    if (!is_direct(operation)) {
        if (when == TWICE || when == (before ? BEFORE_ANSWER : AFTER_ANSWER))
            vpci_step_cancel(script, operation->numbers_from + SUBJECT);
        return;
    }
    if (!before)
        return;
    if (when == BEFORE_ANSWER)
        vpci_step_notify(script, 0, mask_of(operation));
    else if (when == AFTER_ANSWER)
        vpci_step_vf(script, VPCI_EVENT_RESET, 0);
    else if (when == TWICE)
        vpci_step_vf(script, VPCI_EVENT_REMOVE, 0);
}

/* What ends it: the PF's answer, or its notification. A late answer is that of the end of the case. */
static void add_end(const struct operation *operation, struct vpci_script *script)
{
    const uint32_t how = operation->values[ANSWER];
    if (is_invalidate(operation)) {
        if (how == SUCCEEDS || how == IS_LATE)
            vpci_step_notify(script, 0, mask_of(operation));
        if (how == IS_LATE)
            vpci_step_notify(script, VPCI_VF_ALL, 1);
        return;
    }
    const bool counts = (operation->capabilities & VPCI_CAPABILITY_BIT(PF_COUNT)) != 0;
    if (how == SUCCEEDS)
        vpci_step_answer_newest(script, VPCI_STATUS_SUCCESS, UINT32_MAX);
    else if (how == IS_SHORT && counts)
        vpci_step_answer_newest(script, VPCI_STATUS_SUCCESS, lengths[operation->values[LENGTH]] / 2);
    else if (how == FAILS || how == IS_SHORT)
        vpci_step_answer_newest(
            script, how == FAILS ? VPCI_STATUS_UNSUCCESSFUL : VPCI_STATUS_DEVICE_DATA_ERROR, UINT32_MAX);
}

static void begin(const struct operation *operation, struct vpci_script *script)
{
    add_situation(operation, script);
    if (is_invalidate(operation) && operation->values[ANSWER] == IS_SHORT)
        vpci_step_notify(script, 0, mask_of(operation)); /* before anybody asks */
    add_subject(operation, script);
}

static void finish(const struct operation *operation, struct vpci_script *script)
{
    add_cancel(operation, script, true);
    add_end(operation, script);
    add_cancel(operation, script, false);
    if (operation->values[SITUATION] == INVALIDATE_HELD)
        vpci_step_notify(script, 0, 2);
}

static void cover(struct vpci_product *product)
{
    const uint32_t strength = VPCI_COVERING_TRIPLES;
    uint32_t counts[VPCI_COVERING_PARAMETERS_MAX];
    char error[VPCI_DETAIL_BYTES];
    uint32_t parameters = 0;
    for (uint32_t i = 0; i < (product->of_pairs ? 2u * FACTORS : (uint32_t)FACTORS); i++)
        counts[parameters++] = value_counts[i % FACTORS];
    if (product->of_pairs)
        counts[parameters++] = 2; /* the second begins when the first is over, or before */
    if (!vpci_covering_make(&product->rows, counts, parameters, strength, ROWS_MAX, error, sizeof error))
        vpci_give_up(error);
    product->count = product->rows.row_count;
}

struct vpci_product *vpci_product_create(const struct vpci_explore_options *options, bool of_pairs)
{
    struct vpci_product *product = vpci_need_memory(calloc(1, sizeof *product));
    product->options = options;
    product->of_pairs = of_pairs;
    product->count = 1;
    for (uint32_t i = 0; i < FACTORS; i++)
        product->count *= value_counts[i];
    if (of_pairs || !options->adapter.in_process)
        cover(product);
    return product;
}

void vpci_product_destroy(struct vpci_product *product)
{
    if (product == NULL)
        return;
    if (product->rows.values != NULL)
        vpci_covering_free(&product->rows);
    free(product);
}

uint64_t vpci_product_count(const struct vpci_product *product)
{
    return product->count;
}

static void make_pair(const struct vpci_product *product, const uint32_t *row, struct vpci_script *script)
{
    const vpci_capability_set capabilities = product->options->capabilities;
    const struct operation first = { row, 0, capabilities };
    const struct operation second = { row + FACTORS, NUMBERS_EACH, capabilities };
    const bool overlap = row[FACTORS + FACTORS] == 1;
    begin(&first, script);
    if (overlap)
        begin(&second, script);
    finish(&first, script);
    if (!overlap)
        begin(&second, script);
    finish(&second, script);
}

void vpci_product_make(const struct vpci_product *product, uint64_t item, struct vpci_script *script)
{
    uint32_t values[FACTORS];
    const struct operation operation = { values, 0, product->options->capabilities };
    const uint32_t *row =
        product->rows.values == NULL ? NULL : product->rows.values + item * product->rows.parameter_count;
    script->test.vf_count = 2;
    script->test.pf_holds = true;
    if (product->of_pairs) {
        make_pair(product, row, script);
    } else {
        for (uint32_t i = 0; i < FACTORS; i++) {
            values[i] = row != NULL ? row[i] : (uint32_t)(item % value_counts[i]);
            item /= value_counts[i];
        }
        begin(&operation, script);
        finish(&operation, script);
    }
    vpci_script_fit(script, product->options->role, product->options->capabilities);
}
