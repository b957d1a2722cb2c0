/* SPDX-License-Identifier: MIT */
/* harness/player.c - see player.h. Contained, each case is played in a child that shares one outcome with its
 * parent: what the child cannot say any more, the way in which it ended says. */
#include "harness/player.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/allocate.h"

struct vpci_player {
    struct vpci_player_options options;
    struct vpci_conductor *conductor;
    struct vpci_seam *seam; /* NULL: not connected */
    bool tainted;
    /* Contained: */
    struct shared *shared;          /* with the child */
    struct vpci_case_result result; /* of the child's case */
};

struct shared {
    struct vpci_breadcrumb breadcrumb;
    bool told; /* the outcome is whole */
    struct vpci_outcome outcome;
};

bool vpci_outcome_same(const struct vpci_outcome *one, const struct vpci_outcome *other)
{
    const char *reasons[] = { one->reason == NULL ? "" : one->reason,
                              other->reason == NULL ? "" : other->reason };
    return one->verdict == VPCI_CASE_FAIL && other->verdict == VPCI_CASE_FAIL &&
           one->requirement == other->requirement && one->failure == other->failure &&
           one->event == other->event && strcmp(reasons[0], reasons[1]) == 0;
}

const char *vpci_outcome_cause(const struct vpci_outcome *outcome)
{
    return outcome->failure == VPCI_FAILURE_NONE ? "violation" : vpci_failure_info[outcome->failure].name;
}

struct vpci_player *vpci_player_create(const struct vpci_player_options *options)
{
    struct vpci_player *player = vpci_need_memory(calloc(1, sizeof *player));
    player->options = *options;
    if (!options->adapter.in_process)
        player->options.containment = VPCI_PLAY_DIRECTLY;
    if (player->options.containment == VPCI_PLAY_CONTAINED) {
        player->shared =
            mmap(NULL, sizeof *player->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (player->shared == MAP_FAILED)
            vpci_give_up("out of memory");
    }
    const struct vpci_conductor_options conductor = {
        .role = options->role,
        .profile = options->profile,
        .seed = options->seed,
        .breadcrumb = player->shared == NULL ? NULL : &player->shared->breadcrumb,
    };
    player->conductor = vpci_conductor_create(&conductor);
    return player;
}

void vpci_player_destroy(struct vpci_player *player)
{
    if (player == NULL)
        return;
    if (player->seam != NULL && !player->tainted)
        player->seam->ops->destroy(player->seam, NULL);
    if (player->shared != NULL)
        (void)munmap(player->shared, sizeof *player->shared);
    vpci_conductor_destroy(player->conductor);
    free(player);
}

bool vpci_player_is_tainted(const struct vpci_player *player)
{
    return player->tainted;
}

void vpci_player_watch(struct vpci_player *player, vpci_watch_fn *watch, void *watcher)
{
    vpci_conductor_watch(player->conductor, watch, watcher);
}

static void tell(const struct vpci_player *player, const struct vpci_case_result *result,
                 struct vpci_outcome *outcome)
{
    const struct vpci_progress_of_case progress = vpci_conductor_progress(player->conductor);
    *outcome = (struct vpci_outcome){ .verdict = result->verdict,
                                      .requirement = result->requirement,
                                      .failure = player->seam->failure,
                                      .event = progress.latest,
                                      .steps = progress.steps,
                                      .events = progress.events,
                                      .exercised = result->exercised };
    if (result->has_finding) {
        outcome->reason = result->finding.reason;
        outcome->allowed = result->finding.allowed;
    }
    snprintf(outcome->detail, sizeof outcome->detail, "%s", result->detail == NULL ? "" : result->detail);
}

/* Connects where that is to be done. False when the implementation cannot be had. */
static bool have_seam(struct vpci_player *player)
{
    if (player->seam != NULL && player->seam->failure != VPCI_FAILURE_NONE) {
        player->tainted = player->tainted || player->options.adapter.in_process;
        if (!player->tainted)
            player->seam->ops->destroy(player->seam, NULL);
        player->seam = NULL; /* in process: what crashed may still be on its stack, so it is left as it is */
    }
    if (player->seam == NULL) {
        player->seam = vpci_adapter_open(&player->options.adapter, &player->options.limits);
        return player->seam->ops->connect(player->seam);
    }
    return true;
}

static void play_directly(struct vpci_player *player, const struct vpci_case *test,
                          struct vpci_outcome *outcome)
{
    if (have_seam(player))
        vpci_conductor_play(player->conductor, player->seam, test, &player->result);
    else
        vpci_conductor_failed_to_start(player->conductor, player->seam, test, &player->result);
    tell(player, &player->result, outcome);
    if (player->options.adapter.in_process && player->seam->failure != VPCI_FAILURE_NONE)
        player->tainted = true;
}

/* ---- contained ---- */

static struct vpci_player *contained; /* in the child: whose case is under way */

/* The implementation called exit(). */
static void on_exit_of_child(void)
{
    struct vpci_case_result result;
    if (!contained->shared->told && vpci_conductor_abandon(contained->conductor, &result))
        tell(contained, &result, &contained->shared->outcome), contained->shared->told = true;
    _exit(0);
}

static _Noreturn void play_in_child(struct vpci_player *player, const struct vpci_case *test)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)setpgid(0, 0);
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    contained = player;
    (void)atexit(on_exit_of_child);
    play_directly(player, test, &player->shared->outcome);
    if (player->seam->failure == VPCI_FAILURE_NONE)
        player->seam->ops->destroy(player->seam, NULL);
    player->shared->told = true;
    _exit(0);
}

/* The child ended without a word: the implementation ended it. */
static void tell_of_death(const struct vpci_player *player, int status, struct vpci_outcome *outcome)
{
    const enum vpci_requirement culprit = (enum vpci_requirement)player->shared->breadcrumb.culprit;
    *outcome = (struct vpci_outcome){ .verdict = VPCI_CASE_FAIL,
                                      .requirement = culprit,
                                      .failure = WIFSIGNALED(status) ? VPCI_FAILURE_CRASH : VPCI_FAILURE_EXIT,
                                      .event = WIFSIGNALED(status) ? VPCI_EVENT_CRASH : VPCI_EVENT_EXIT,
                                      .reason = "the implementation ended its process",
                                      .steps = UINT32_MAX,
                                      .events = player->shared->breadcrumb.events };
    snprintf(outcome->detail, sizeof outcome->detail, "the process was ended by %s %d",
             WIFSIGNALED(status) ? "signal" : "exit code",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static void play_contained(struct vpci_player *player, const struct vpci_case *test,
                           struct vpci_outcome *outcome)
{
    *player->shared = (struct shared){ .told = false };
    fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        vpci_give_up("cannot start a process");
    if (child == 0)
        play_in_child(player, test);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    (void)kill(-child, SIGKILL); /* what it left behind */
    if (player->shared->told)
        *outcome = player->shared->outcome;
    else
        tell_of_death(player, status, outcome);
}

void vpci_player_play(void *context, const struct vpci_case *test, struct vpci_outcome *outcome_out)
{
    struct vpci_player *player = context;
    if (player->options.containment == VPCI_PLAY_CONTAINED)
        play_contained(player, test, outcome_out);
    else
        play_directly(player, test, outcome_out);
    if (outcome_out->steps > test->step_count)
        outcome_out->steps = test->step_count;
}
