/* SPDX-License-Identifier: MIT */
/* tests/unit/test_shrink_liars.c - real faulty implementations, played directly: the same fault, found with
 * many random cases, gets one name; different faults get different ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/shrink.h"
#include "tests/unit/random_case.h"

enum { CASES = 30, TRIES = 4000, WAYS_MAX = 16, NAMES_MAX = 16, LONG_STEPS = 64, REASON_BYTES = 160 };

static const char *const liars[] = {
    "a-cancel-swallows-the-notification",
    "a-direct-call-returns-pending",
    "an-ioctl-read-asks-the-pf-twice",
    "asks-for-more-than-a-block",
    "caches-reads",
    "completes-an-irp-that-is-not-marked",
    "completes-twice-after-a-cancel",
    "completes-with-pending",
    "delivers-a-bit-twice",
    "drops-every-third-write",
    "hands-over-one-byte-less",
    "leaves-information-after-a-failed-read",
    "loses-the-bits-above-31",
    "mixes-two-vfs-when-both-are-busy",
    "modifies-the-buffer-of-a-writer",
    "notifies-the-neighbour-too",
    "overwrites-the-mask-instead-of-adding",
    "returns-before-the-pf-accepted",
    "the-ninth-read-is-not-stored",
    "truncates-block-ids-to-16-bits",
    "writes-twice",
};
enum { LIARS = sizeof liars / sizeof liars[0] };

/* One way in which a liar fails, and the names that it got. */
struct way {
    enum vpci_requirement requirement;
    enum vpci_event_kind event;
    char reason[REASON_BYTES];
    char names[NAMES_MAX][VPCI_SHA256_TEXT_BYTES];
    uint32_t times[NAMES_MAX];
    uint32_t name_count, total;
};

/* What a child finds out about one liar, in memory that it leaves behind. */
struct findings {
    struct way ways[WAYS_MAX];
    uint32_t way_count, cases, plays, plays_max;
};
static struct findings *shared;
static struct vpci_script script;

static struct way *way_of(struct findings *findings, const struct vpci_outcome *target)
{
    uint32_t i = 0;
    for (; i < findings->way_count; i++) {
        const struct way *way = &findings->ways[i];
        if (way->requirement == target->requirement && way->event == target->event &&
            strcmp(way->reason, target->reason) == 0)
            return &findings->ways[i];
    }
    if (i == WAYS_MAX)
        return NULL;
    struct way *way = &findings->ways[findings->way_count++];
    way->requirement = target->requirement;
    way->event = target->event;
    snprintf(way->reason, sizeof way->reason, "%s", target->reason);
    return way;
}

static void note_name(struct way *way, const char *name)
{
    uint32_t i = 0;
    way->total++;
    while (i < way->name_count && strcmp(way->names[i], name) != 0)
        i++;
    if (i == NAMES_MAX)
        return;
    if (i == way->name_count)
        memcpy(way->names[way->name_count++], name, VPCI_SHA256_TEXT_BYTES);
    way->times[i]++;
}

/* Shrinks one random case, if it fails. */
static bool shrink_one(struct findings *findings, struct vpci_player *player,
                       vpci_capability_set capabilities)
{
    struct vpci_outcome target;
    struct vpci_shrink_report report;
    char name[VPCI_SHA256_TEXT_BYTES];
    vpci_script_fit(&script, VPCI_ROLE_BUS, capabilities);
    vpci_player_play(player, &script.test, &target);
    if (target.verdict != VPCI_CASE_FAIL)
        return false;
    const struct vpci_shrink_options options = {
        .play = vpci_player_play, .context = player, .role = VPCI_ROLE_BUS, .capabilities = capabilities
    };
    struct way *way = way_of(findings, &target);
    if (way == NULL || !vpci_shrink(&script, &target, &options, &report) || !report.at_fixpoint)
        exit(1);
    vpci_fingerprint(name, target.requirement, &script.test);
    note_name(way, name);
    findings->plays += report.runs;
    if (report.runs > findings->plays_max)
        findings->plays_max = report.runs;
    return true;
}

static void look_at(struct findings *findings, const char *liar)
{
    char error[VPCI_DETAIL_BYTES], path[VPCI_PATH_BYTES];
    const char *build = getenv("VPCI_BUILD");
    struct vpci_player_options options = { .role = VPCI_ROLE_BUS, .seed = 1 };
    snprintf(path, sizeof path, "%s/adapters/liars/%s.so", build == NULL ? "build" : build, liar);
    if (!vpci_adapter_resolve(&options.adapter, path, error)) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    struct vpci_seam *seam = vpci_adapter_open(&options.adapter, &options.limits);
    struct vpci_player *player = vpci_player_create(&options);
    uint64_t random = 11;
    if (!seam->ops->connect(seam))
        exit(1);
    vpci_script_create(&script);
    for (uint32_t i = 0; i < TRIES && findings->cases < CASES; i++) {
        random_case(&script, &random, 8 + i % (LONG_STEPS - 8));
        findings->cases += shrink_one(findings, player, seam->pics.capabilities);
    }
    if (vpci_player_is_tainted(player))
        exit(1);
    exit(0);
}

static uint32_t most_of(const struct way *way)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < way->name_count; i++)
        most = way->times[i] > most ? way->times[i] : most;
    return most;
}

/* Whether two liars that are found in different ways share a name. */
static bool share_a_name(const struct findings *one, const struct findings *other)
{
    for (uint32_t a = 0; a < one->way_count * NAMES_MAX; a++) {
        const struct way *first = &one->ways[a / NAMES_MAX];
        for (uint32_t b = 0; b < other->way_count * NAMES_MAX && a % NAMES_MAX < first->name_count; b++) {
            const struct way *second = &other->ways[b / NAMES_MAX];
            const bool alike = first->event == second->event && strcmp(first->reason, second->reason) == 0;
            if (b % NAMES_MAX < second->name_count && !alike &&
                strcmp(first->names[a % NAMES_MAX], second->names[b % NAMES_MAX]) == 0)
                return true;
        }
    }
    return false;
}

static void a_fault_has_one_name(void **state)
{
    (void)state;
    uint32_t ways = 0, names = 0, total = 0, most = 0, plays_max = 0, shared_names = 0;
    printf("%-42s cases  ways  names  plays mean, max\n", "liar");
    for (uint32_t i = 0; i < LIARS; i++) {
        struct findings *findings = &shared[i];
        int status = 0;
        fflush(NULL);
        const pid_t child = fork();
        if (child == 0)
            look_at(findings, liars[i]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        assert_true(findings->cases >= 5);
        uint32_t own_names = 0;
        for (uint32_t w = 0; w < findings->way_count; w++) {
            own_names += findings->ways[w].name_count;
            total += findings->ways[w].total;
            most += most_of(&findings->ways[w]);
        }
        printf("%-42s %5u  %4u  %5u  %10u, %3u\n", liars[i], findings->cases, findings->way_count, own_names,
               findings->plays / findings->cases, findings->plays_max);
        ways += findings->way_count;
        names += own_names;
        plays_max = findings->plays_max > plays_max ? findings->plays_max : plays_max;
    }
    for (uint32_t i = 0; i < LIARS; i++) {
        for (uint32_t k = i + 1; k < LIARS; k++)
            shared_names += share_a_name(&shared[i], &shared[k]);
    }
    printf("all: %u names for %u ways to fail; %.1f %% of %u cases get the usual name of theirs; at most %u "
           "plays; %u pairs of liars share a name for different ways\n",
           names, ways, 100.0 * most / total, total, plays_max, shared_names);
    assert_true(names * 10 <= ways * 14);
    assert_true(most * 100 >= total * 90);
    assert_true(plays_max <= 250);
    assert_true(shared_names <= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_fault_has_one_name) };
    shared = mmap(NULL, LIARS * sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
