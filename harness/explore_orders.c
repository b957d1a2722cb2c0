/* SPDX-License-Identifier: MIT */
/* harness/explore_orders.c - every order in which up to four open requests can end: all kinds of requests,
 * all permutations of what ends them, and each one in turn refused by the PF. */
#include "harness/explore_internal.h"
#include "harness/explore_steps.h"

enum {
    REQUESTS_MAX = 4,
    REQUESTS_MAX_SLOW = 3, /* of an implementation that is not in process */
    LAYOUTS = 2,           /* all requests name one block; each names another */
};

static uint64_t power(uint64_t base, uint32_t exponent)
{
    uint64_t result = 1;
    while (exponent-- != 0)
        result *= base;
    return result;
}

static uint64_t factorial(uint32_t n)
{
    return n < 2 ? 1 : n * factorial(n - 1);
}

/* Kinds x orders x (which one the PF refuses, or none) x layouts, for that many requests. */
static uint64_t count_of(uint32_t requests)
{
    return power(VPCI_OPERATION_COUNT, requests) * factorial(requests) * (requests + 1) * LAYOUTS;
}

uint64_t vpci_orders_count(const struct vpci_explore_options *options)
{
    const uint32_t most = options->adapter.in_process ? REQUESTS_MAX : REQUESTS_MAX_SLOW;
    uint64_t count = 0;
    if (!vpci_event_is_visible(VPCI_EVENT_PF_READ, options->role))
        return 0; /* the PF is inside, and answers as it likes */
    for (uint32_t requests = 1; requests <= most; requests++)
        count += count_of(requests);
    return count;
}

static uint32_t take(uint64_t *number, uint64_t values)
{
    const uint32_t value = (uint32_t)(*number % values);
    *number /= values;
    return value;
}

static void send_all(const enum vpci_operation *kinds, const uint32_t *blocks, uint32_t requests,
                     struct vpci_script *script)
{
    for (uint32_t i = 0; i < requests; i++) {
        const struct vpci_operation_step operation = {
            .operation = kinds[i], .number = i, .block = blocks[i], .length = 8, .claim = VPCI_CLAIM_EXACT
        };
        vpci_step_operation(script, &operation);
    }
}

/* Ends request i, of those that left says are not over: the PF answers it, or raises something. */
static void end_one(struct vpci_script *script, const enum vpci_operation *kinds, const uint32_t *blocks,
                    uint32_t i, uint32_t left, bool refused)
{
    uint32_t older = 0;
    if (kinds[i] == VPCI_OPERATION_INVALIDATE) {
        vpci_step_notify(script, 0, (uint64_t)1 << blocks[i]);
        return;
    }
    for (uint32_t other = 0; other < i; other++)
        older += (left >> other & 1u) != 0 && kinds[other] != VPCI_OPERATION_INVALIDATE;
    vpci_step_answer(script, older, refused ? VPCI_STATUS_UNSUCCESSFUL : VPCI_STATUS_SUCCESS, UINT32_MAX);
}

void vpci_orders_make(const struct vpci_explore_options *options, uint64_t item, struct vpci_script *script)
{
    uint32_t requests = 1;
    for (; item >= count_of(requests); requests++)
        item -= count_of(requests);
    const bool apart = take(&item, LAYOUTS) == 1;
    const uint32_t refused = take(&item, requests + 1);
    enum vpci_operation kinds[REQUESTS_MAX];
    uint32_t blocks[REQUESTS_MAX];
    for (uint32_t i = 0; i < requests; i++) {
        kinds[i] = (enum vpci_operation)take(&item, VPCI_OPERATION_COUNT);
        blocks[i] = apart ? i : 0;
    }
    script->test.pf_holds = true;
    send_all(kinds, blocks, requests, script);
    uint32_t left = (1u << requests) - 1;
    for (uint32_t i = requests; i != 0; i--) { /* the nth of those that are left */
        uint32_t nth = take(&item, i);
        uint32_t chosen = 0;
        while ((left >> chosen & 1u) == 0 || nth-- != 0)
            chosen++;
        end_one(script, kinds, blocks, chosen, left, chosen == refused);
        left &= ~(1u << chosen);
    }
    vpci_script_fit(script, options->role, options->capabilities);
}
