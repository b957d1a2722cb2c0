/* SPDX-License-Identifier: MIT */
/* fuzzers/transitions.c - see transitions.h. A child plays the inputs one after the other and notes in shared
 * memory how far it came; when one ends it, the next child goes on behind that one. */
#include "fuzzers/transitions.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzzers/decoder.h"
#include "harness/allocate.h"
#include "harness/file.h"
#include "harness/player.h"

enum { INPUT_BYTES = 1 << 20 };

struct shared {
    volatile size_t next; /* the input to be played next */
    volatile bool taken[VPCI_MODEL_CELLS];
};

static void watch(void *watcher, const struct vpci_event *event, const struct vpci_judgement *judgement)
{
    struct shared *shared = watcher;
    (void)event;
    shared->taken[judgement->cell] = true;
}

static void play_input(struct vpci_player *player, struct vpci_script *script, const struct vpci_plan *plan,
                       const char *path)
{
    char error[VPCI_ERROR_BYTES];
    char *bytes = NULL;
    size_t length = 0;
    struct vpci_outcome outcome;
    if (!vpci_file_read(path, INPUT_BYTES, &bytes, &length, error, sizeof error))
        return;
    vpci_decode((const uint8_t *)bytes, length, script);
    free(bytes);
    vpci_script_fit(script, plan->role, plan->pics.capabilities);
    vpci_player_play(player, &script->test, &outcome);
}

static _Noreturn void play_all(const struct vpci_plan *plan, const struct vpci_file_list *list,
                               const char *folder, struct shared *shared)
{
    const struct vpci_player_options options = { .adapter = plan->adapter,
                                                 .limits = plan->limits,
                                                 .role = plan->role,
                                                 .profile = plan->profile,
                                                 .seed = plan->seed,
                                                 .containment = VPCI_PLAY_DIRECTLY };
    struct vpci_player *player = vpci_player_create(&options);
    struct vpci_script script;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    vpci_script_create(&script);
    vpci_player_watch(player, watch, shared);
    while (shared->next < list->count && !vpci_player_is_tainted(player)) {
        char path[2 * VPCI_PATH_BYTES];
        snprintf(path, sizeof path, "%s/%s", folder, list->paths[shared->next]);
        shared->next = shared->next + 1; /* before it is played: it may be the last */
        play_input(player, &script, plan, path);
    }
    _exit(0);
}

static void count(struct vpci_transitions *transitions, const struct shared *shared, enum vpci_role role)
{
    for (unsigned cell = 0; cell < VPCI_MODEL_CELLS; cell++) {
        const enum vpci_event_kind kind = (enum vpci_event_kind)(cell / VPCI_MODEL_STATES_MAX);
        const unsigned state = cell % VPCI_MODEL_STATES_MAX;
        const bool possible = vpci_event_is_visible(kind, role) && state < vpci_model_state_count(kind) &&
                              (vpci_model_cell(kind, state) == VPCI_ALLOWED ||
                               vpci_model_cell(kind, state) == VPCI_UNSPECIFIED);
        transitions->possible[cell] = possible;
        transitions->taken[cell] = shared->taken[cell];
        transitions->possible_count += possible;
        transitions->taken_count += possible && shared->taken[cell];
    }
}

bool vpci_transitions_of(struct vpci_transitions *transitions, const struct vpci_plan *plan,
                         const char *folder, char error[VPCI_ERROR_BYTES])
{
    struct vpci_file_list list;
    memset(transitions, 0, sizeof *transitions);
    if (!vpci_file_list_below(&list, folder, "", error, VPCI_ERROR_BYTES))
        return false;
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        vpci_give_up("out of memory");
    while (shared->next < list.count) {
        fflush(NULL);
        const size_t before = shared->next;
        const pid_t child = fork();
        if (child < 0)
            break;
        if (child == 0)
            play_all(plan, &list, folder, shared);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            continue;
        if (shared->next == before) /* it ends the process in which it is loaded, this time */
            shared->next = before + 1;
    }
    transitions->inputs = (uint32_t)shared->next;
    count(transitions, shared, plan->role);
    (void)munmap(shared, sizeof *shared);
    vpci_file_list_free(&list);
    return true;
}
