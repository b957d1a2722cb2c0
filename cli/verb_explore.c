/* SPDX-License-Identifier: MIT */
/* cli/verb_explore.c - explore: plays everything there is of a bounded scope, stage by stage, says what was
 * exhausted, and hands what fails to be shrunk. Standard output holds no times, so that the same exploration
 * gives the same bytes. */
#include "cli/verbs.h"

#include <inttypes.h>
#include <stdio.h>

#include "harness/clock.h"
#include "harness/explore.h"
#include "harness/found.h"

/* One exploration. */
struct hunt {
    const struct vpci_options *options;
    const struct vpci_plan *plan;
    uint32_t findings; /* that failed again when played alone */
    uint32_t unsure;   /* that did not */
    bool kit_failed;   /* a file could not be written */
};

/* What others said may hold any bytes. */
static void print_plain(const char *before, const char *text, const char *behind)
{
    struct vpci_text plain = { 0 };
    vpci_text_add_plain(&plain, text);
    printf("%s%s%s", before, plain.bytes == NULL ? "" : plain.bytes, behind);
    vpci_text_free(&plain);
}

static void print_finding(const struct hunt *hunt, const struct vpci_found *found, const char *path)
{
    const char *id = found->requirement == VPCI_REQUIREMENT_NONE
                         ? "(no requirement)"
                         : vpci_requirement_info[found->requirement].id;
    printf("\n%" PRIu32 ". %s  %s\n", hunt->findings, id, found->cause);
    if (found->reason[0] != '\0')
        printf("   reason    %s\n", found->reason);
    if (found->allowed[0] != '\0')
        printf("   allowed   %s\n", found->allowed);
    printf("   shrunk    from %" PRIu32 " steps to %" PRIu32 "%s; golden: %s\n", found->steps_before,
           found->steps_after, found->at_fixpoint ? "" : " (not to the end)",
           vpci_found_golden_name[found->golden]);
    if (found->golden == VPCI_GOLDEN_FAILS)
        printf("   BEWARE    golden fails it, too: the kit may be at fault\n");
    printf("   repeat    %s replay ", vpci_program_name());
    print_plain("", path, "");
    print_plain(" --adapter '", hunt->plan->adapter_name, "'");
    printf(" --role %s\n", vpci_role_info[hunt->plan->role].name);
}

static bool take_finding(struct hunt *hunt, const struct vpci_found *found)
{
    char path[VPCI_PATH_BYTES];
    char error[VPCI_ERROR_BYTES];
    hunt->findings++;
    if (!vpci_found_write(found, hunt->options->out, path, error)) {
        hunt->kit_failed = true;
        (void)vpci_fault("%s", error);
        return true;
    }
    if (!hunt->options->quiet)
        print_finding(hunt, found, path);
    return true;
}

/* A vpci_explore_found_fn. */
static bool look_at(void *context, const struct vpci_case *test)
{
    struct hunt *hunt = context;
    const struct vpci_found_options options = vpci_found_options_of(hunt->plan);
    struct vpci_found found = { 0 };
    const enum vpci_found_end end = vpci_found_shrink(&options, test, &found);
    const bool is_finding = end == VPCI_FOUND_FINDING && take_finding(hunt, &found);
    hunt->unsure += !is_finding;
    if (!is_finding && !hunt->options->quiet) {
        printf("\nunsure: a case of %" PRIu32 " steps failed, and ", test->step_count);
        print_plain("", end == VPCI_FOUND_NOTHING ? "passes when it is played alone" : found.detail, "\n");
    }
    vpci_found_free(&found);
    return is_finding;
}

/* ---- what a stage came to ---- */

static void print_end(enum vpci_explore_stage stage, const struct vpci_explore_result *result)
{
    switch (result->end) {
    case VPCI_EXPLORE_EXHAUSTED:
        printf("exhausted\n");
        break;
    case VPCI_EXPLORE_BOUND:
        printf(stage == VPCI_EXPLORE_SEQUENCES ? "every sequence of up to %" PRIu32 " steps\n"
                                               : "bound of %" PRIu32 " steps reached, not exhausted\n",
               result->depth);
        break;
    case VPCI_EXPLORE_TIME:
        printf("the time was over\n");
        break;
    case VPCI_EXPLORE_FOUND:
        printf("stopped at a finding\n");
        break;
    case VPCI_EXPLORE_ROOM:
        printf("there is no room for more\n");
        break;
    case VPCI_EXPLORE_BROKEN:
        print_plain("could not go on: ", result->detail, "\n");
        break;
    case VPCI_EXPLORE_NOT_BEGUN:
        printf("not begun\n");
        break;
    }
}

static void print_stage(enum vpci_explore_stage stage, const struct vpci_explore_result *result)
{
    printf("%-10s ", vpci_explore_stage_name[stage]);
    if (stage == VPCI_EXPLORE_STATES)
        printf("%" PRIu64 " states, depth %" PRIu32 ", ", result->states, result->depth);
    printf("%" PRIu64 " %s, %" PRIu64 " steps played: ", result->items, vpci_explore_item_name[stage],
           result->steps);
    print_end(stage, result);
    if (stage == VPCI_EXPLORE_SEQUENCES && result->end != VPCI_EXPLORE_BOUND)
        printf("           every sequence of up to %" PRIu32 " steps was played\n", result->depth);
    if (result->findings != 0)
        printf("           %" PRIu64 " of them failed\n", result->findings);
    if (result->undecided != 0) {
        printf("           %" PRIu64 " of them got no verdict: ", result->undecided);
        print_plain("", result->detail, "\n");
    }
    if (result->unrepeated != 0)
        printf("           %" PRIu64 " states were not reached again by the same steps\n",
               result->unrepeated);
    fflush(stdout);
}

/* Whether the stage came to the end that was asked of it. Sequences without a bound end with the time. */
static bool is_complete(const struct vpci_options *options, enum vpci_explore_stage stage,
                        const struct vpci_explore_result *result)
{
    const bool has_no_end = stage == VPCI_EXPLORE_SEQUENCES && options->depth == 0;
    const bool at_bound = result->end == VPCI_EXPLORE_BOUND && options->depth != 0;
    const bool played_nothing = stage == VPCI_EXPLORE_STATES && result->items == 0;
    return result->undecided == 0 && result->unrepeated == 0 && !played_nothing &&
           (result->end == VPCI_EXPLORE_EXHAUSTED || at_bound ||
            (has_no_end && (result->end == VPCI_EXPLORE_TIME || result->end == VPCI_EXPLORE_ROOM)));
}

/* The states may take half of the time: of several VFs there are more than anybody has time for, and the
 * other stages are short. */
static uint64_t deadline_of(enum vpci_explore_stage stage, uint64_t end_ns)
{
    const uint64_t now = vpci_clock_ns();
    return stage != VPCI_EXPLORE_STATES || now > end_ns ? end_ns : now + (end_ns - now) / 2;
}

static bool explore_all(struct hunt *hunt)
{
    const struct vpci_options *options = hunt->options;
    const uint64_t end_ns = vpci_clock_ns() + options->hunt_ms * VPCI_NS_PER_MS;
    struct vpci_explore_options explore = {
        .adapter = hunt->plan->adapter,
        .limits = hunt->plan->limits,
        .role = hunt->plan->role,
        .profile = hunt->plan->profile,
        .seed = hunt->plan->seed,
        .capabilities = hunt->plan->pics.capabilities,
        .vfs = (uint32_t)options->vfs,
        .blocks = (uint32_t)options->blocks,
        .slots = (uint32_t)options->slots,
        .depth = (uint32_t)options->depth,
        .keep_going = options->keep_going,
        .found = look_at,
        .context = hunt,
    };
    bool complete = true;
    bool goes_on = true;
    for (int stage = 0; stage < VPCI_EXPLORE_STAGE_COUNT && goes_on; stage++) {
        struct vpci_explore_result result;
        explore.deadline_ns = deadline_of((enum vpci_explore_stage)stage, end_ns);
        vpci_explore(&explore, (enum vpci_explore_stage)stage, &result);
        if (!options->quiet)
            print_stage((enum vpci_explore_stage)stage, &result);
        complete = complete && is_complete(options, (enum vpci_explore_stage)stage, &result);
        goes_on = result.end != VPCI_EXPLORE_BROKEN && result.end != VPCI_EXPLORE_FOUND && !hunt->kit_failed;
    }
    return complete;
}

static int conclude(const struct hunt *hunt, bool complete)
{
    if (!hunt->options->quiet)
        printf("\n");
    if (hunt->findings != 0)
        printf("%" PRIu32 " %s, in %s\n", hunt->findings, hunt->findings == 1 ? "finding" : "findings",
               hunt->options->out);
    else
        printf("nothing found%s\n", complete && hunt->unsure == 0 ? "" : ", but not everything was explored");
    if (hunt->kit_failed)
        return VPCI_EXIT_FAULT;
    if (hunt->findings != 0)
        return VPCI_EXIT_VIOLATION;
    return complete && hunt->unsure == 0 ? VPCI_EXIT_CONFORMS : VPCI_EXIT_INCONCLUSIVE;
}

static void print_scope(const struct hunt *hunt)
{
    const struct vpci_options *options = hunt->options;
    print_plain("explore ", hunt->plan->adapter_name, "");
    printf(", role %s: %" PRIu64 " VF, %" PRIu64 " blocks, %" PRIu64 " requests open at once\n",
           vpci_role_info[hunt->plan->role].name, options->vfs, options->blocks, options->slots);
}

int vpci_verb_explore(const struct vpci_options *options)
{
    char detail[VPCI_ERROR_BYTES] = "";
    enum vpci_failure failure = VPCI_FAILURE_NONE;
    struct vpci_corpus corpus;
    struct vpci_plan plan;
    struct hunt hunt = { .options = options, .plan = &plan };
    if (!vpci_corpus_load_catalogue(&corpus, options->corpus))
        return VPCI_EXIT_FAULT;
    int code = VPCI_EXIT_FAULT;
    if (vpci_plan_make(&plan, options, &corpus, &failure, detail)) {
        const bool played = failure == VPCI_FAILURE_NONE;
        if (!options->quiet)
            print_scope(&hunt);
        if (!played)
            print_plain("\nnothing could be explored: ", detail, "\n");
        code = played ? conclude(&hunt, explore_all(&hunt)) : (int)VPCI_EXIT_INCONCLUSIVE;
    }
    vpci_corpus_free(&corpus);
    return code;
}
