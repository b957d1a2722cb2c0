/* SPDX-License-Identifier: MIT */
/* cli/verb_minimize.c - shrinks a case that fails, says what is left, and writes it as a scenario. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/chosen.h"
#include "harness/found.h"

enum { ATTEMPTS_MAX = 1000 };

/* "K/N". */
static bool read_fails(const char *text, uint32_t *need_out, uint32_t *attempts_out)
{
    unsigned need, attempts;
    int end = 0;
    if (sscanf(text, "%4u/%4u%n", &need, &attempts, &end) == 2 && text[end] == '\0' && need >= 1 &&
        need <= attempts && attempts <= ATTEMPTS_MAX) {
        *need_out = need;
        *attempts_out = attempts;
        return true;
    }
    (void)vpci_fault("--fails %s: K/N is wanted, 1 <= K <= N <= %d", text, ATTEMPTS_MAX);
    return false;
}

/* A word as a shell takes it. */
static void print_word(const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:,=@+";
    struct vpci_text text = { 0 };
    vpci_text_add_plain(&text, word);
    printf(strspn(word, plain) == strlen(word) ? " %s" : " '%s'", text.bytes == NULL ? "" : text.bytes);
    vpci_text_free(&text);
}

static void print_replay(const struct vpci_chosen *chosen, const char *path)
{
    printf("repeat\n  %s replay", vpci_program_name());
    print_word(path);
    printf(" --adapter");
    print_word(chosen->options.adapter);
    printf(" --role %s", vpci_role_info[chosen->plan.role].name);
    if (chosen->plan.profile != NULL && chosen->plan.profile != &vpci_profiles[0])
        printf(" --profile %s", chosen->plan.profile->name);
    printf(" --seed 0x%" PRIx64 "\n", chosen->plan.seed);
}

static void print_finding(const struct vpci_chosen *chosen, const struct vpci_found *found, const char *path)
{
    const char *id = vpci_requirement_info[found->requirement].id;
    printf("%s  %s: %s\n", id, found->cause, found->reason);
    if (found->allowed[0] != '\0')
        printf("  allowed      %s\n", found->allowed);
    printf("  requires     %s\n",
           vpci_catalogue_entry(chosen->corpus.catalogue, found->requirement)->statement);
    printf("  steps        %" PRIu32 " before, %" PRIu32 " after%s\n", found->steps_before,
           found->steps_after, found->at_fixpoint ? "" : " (not the least: the plays were used up)");
    printf("  plays        %" PRIu32 "\n", found->plays);
    printf("  golden       %s\n", vpci_found_golden_name[found->golden]);
    printf("  fingerprint  %s\n", found->fingerprint);
    printf("  written      %s\n", path);
    print_replay(chosen, path);
    if (found->golden == VPCI_GOLDEN_FAILS)
        printf("\nWARNING: the bundled golden FAILS this case, too (%s).\n"
               "The finding may be a fault of the kit itself and must not be held against the "
               "implementation.\n",
               found->detail);
}

static int write_finding(const struct vpci_chosen *chosen, const struct vpci_found *found)
{
    char path[VPCI_PATH_BYTES];
    char error[VPCI_ERROR_BYTES];
    if (!vpci_found_write(found, chosen->options.out, path, error))
        return vpci_fault("%s", error);
    if (chosen->options.quiet)
        printf("%s\n", path);
    else
        print_finding(chosen, found, path);
    return VPCI_EXIT_VIOLATION;
}

/* The first case that fails is shrunk. */
static int minimize(struct vpci_chosen *chosen, uint32_t need, uint32_t attempts)
{
    const struct vpci_plan *plan = &chosen->plan;
    struct vpci_found_options options = vpci_found_options_of(plan);
    options.runs_max = chosen->options.runs > UINT32_MAX ? UINT32_MAX : (uint32_t)chosen->options.runs;
    options.need = need;
    options.attempts = attempts;
    struct vpci_conductor *conductor = vpci_conductor_create(
        &(struct vpci_conductor_options){ .role = plan->role, .profile = plan->profile });
    struct vpci_found found = { 0 };
    uint32_t unsure = 0;
    char why[VPCI_DETAIL_BYTES] = "";
    int code = -1;
    for (uint32_t i = 0; i < chosen->count && code < 0; i++) {
        struct vpci_case test;
        struct vpci_case_result result;
        vpci_chosen_case(chosen, i, &test);
        if (!vpci_conductor_applies(conductor, &plan->pics, &test, &result)) {
            unsure++;
            snprintf(why, sizeof why, "not applicable: %.200s", result.detail);
            continue;
        }
        const enum vpci_found_end end = vpci_found_shrink(&options, &test, &found);
        if (end == VPCI_FOUND_FINDING)
            code = write_finding(chosen, &found);
        else if (end == VPCI_FOUND_UNSURE && unsure++ == 0)
            snprintf(why, sizeof why, "%s", found.detail);
    }
    vpci_conductor_destroy(conductor);
    vpci_found_free(&found);
    if (code >= 0)
        return code;
    if (unsure == 0) {
        printf("nothing fails: %" PRIu32 " %s\n", chosen->count, chosen->count == 1 ? "case" : "cases");
        return VPCI_EXIT_CONFORMS;
    }
    printf("inconclusive: %" PRIu32 " of %" PRIu32 " %s; %s\n", unsure, chosen->count,
           chosen->count == 1 ? "case" : "cases", why);
    return VPCI_EXIT_INCONCLUSIVE;
}

int vpci_verb_minimize(const struct vpci_options *options)
{
    struct vpci_chosen chosen;
    uint32_t need, attempts;
    if (!read_fails(options->fails, &need, &attempts))
        return VPCI_EXIT_FAULT;
    const int code = vpci_chosen_open(&chosen, options) ? minimize(&chosen, need, attempts) : VPCI_EXIT_FAULT;
    vpci_chosen_close(&chosen);
    return code;
}
