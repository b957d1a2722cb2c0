/* SPDX-License-Identifier: MIT */
/* tests/unit/test_shrink_liars.c - real faulty implementations: the same fault, found from many random cases,
 * gets one name; different faults get different ones. */
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

enum { CASES = 40, TRIES = 4000, NAMES_MAX = 64 };

/* One way in which a liar fails, and the names that it got. */
struct way {
    enum vpci_requirement requirement;
    enum vpci_event_kind event;
    char reason[160];
    char names[NAMES_MAX][VPCI_SHA256_TEXT_BYTES];
    char shapes[NAMES_MAX][600];
    uint32_t times[NAMES_MAX];
    uint32_t count, total;
};
struct ways {
    struct way ways[32];
    uint32_t count, plays_max, played;
    double plays;
};
static struct ways *shared;
static struct vpci_script script;

static void note(const struct vpci_outcome *target, const struct vpci_shrink_report *report)
{
    uint32_t w = 0, n = 0;
    char name[VPCI_SHA256_TEXT_BYTES];
    for (; w < shared->count; w++)
        if (shared->ways[w].requirement == target->requirement && shared->ways[w].event == target->event &&
            strcmp(shared->ways[w].reason, target->reason) == 0)
            break;
    if (w == 32)
        return;
    struct way *way = &shared->ways[w];
    if (w == shared->count) {
        shared->count++;
        way->requirement = target->requirement;
        way->event = target->event;
        snprintf(way->reason, sizeof way->reason, "%s", target->reason);
    }
    vpci_fingerprint(name, target->requirement, &script.test);
    way->total++;
    shared->played++;
    shared->plays += report->runs;
    if (report->runs > shared->plays_max)
        shared->plays_max = report->runs;
    for (n = 0; n < way->count && strcmp(way->names[n], name) != 0; n++)
        continue;
    if (n == NAMES_MAX)
        return;
    if (n == way->count) {
        struct vpci_text text = { 0 };
        vpci_shape_print(&text, &script.test);
        snprintf(way->shapes[n], sizeof way->shapes[n], "%s", text.bytes);
        vpci_text_free(&text);
        memcpy(way->names[n], name, sizeof name);
        way->count++;
    }
    way->times[n]++;
}

static void play_all(const char *path)
{
    char error[VPCI_DETAIL_BYTES];
    struct vpci_player_options options = { .role = VPCI_ROLE_BUS, .seed = 1 };
    if (!vpci_adapter_resolve(&options.adapter, path, error))
        exit(1);
    struct vpci_player *player = vpci_player_create(&options);
    struct vpci_seam *seam = vpci_adapter_open(&options.adapter, &options.limits);
    seam->ops->connect(seam);
    const vpci_capability_set capabilities = seam->pics.capabilities;
    uint64_t random = 11;
    uint32_t found = 0;
    vpci_script_create(&script);
    for (int i = 0; i < TRIES && found < CASES; i++) {
        struct vpci_outcome target;
        struct vpci_shrink_report report;
        random_case(&script, &random, 8 + (uint32_t)i % 60);
        vpci_script_fit(&script, VPCI_ROLE_BUS, capabilities);
        vpci_player_play(player, &script.test, &target);
        if (vpci_player_is_tainted(player))
            exit(2);
        if (target.verdict != VPCI_CASE_FAIL)
            continue;
        const struct vpci_shrink_options shrink = { .play = vpci_player_play,
                                                    .context = player,
                                                    .role = VPCI_ROLE_BUS,
                                                    .capabilities = capabilities };
        if (!vpci_shrink(&script, &target, &shrink, &report))
            exit(3);
        note(&target, &report);
        found++;
    }
    exit(0);
}

int main(int argc, char **argv)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 1; i < argc; i++) {
        memset(shared, 0, sizeof *shared);
        fflush(NULL);
        const pid_t child = fork();
        if (child == 0)
            play_all(argv[i]);
        int status;
        waitpid(child, &status, 0);
        printf("%s: exit %d, %u cases, plays mean %.0f max %u\n", strrchr(argv[i], '/') + 1,
               WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), shared->played,
               shared->plays / (shared->played ? shared->played : 1), shared->plays_max);
        for (uint32_t w = 0; w < shared->count; w++) {
            struct way *way = &shared->ways[w];
            printf("  %s at %s, %s: %u names of %u\n", vpci_requirement_info[way->requirement].id,
                   vpci_event_info[way->event].name, way->reason, way->count, way->total);
            for (uint32_t n = 0; n < way->count && (way->count > 1 || getenv("ALL")); n++)
                printf("   x%u %s", way->times[n], way->shapes[n]);
        }
    }
    return 0;
}
