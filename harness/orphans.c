/* SPDX-License-Identifier: MIT */
/* harness/orphans.c - see orphans.h. Where the kernel does not list the children of a process nothing is
 * found, and nothing is ended. */
#include "harness/orphans.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

enum { ROUNDS_MAX = 4000, PAUSE_NS = 500 * 1000, SPARED_MAX = 256 };

static pid_t spared[SPARED_MAX]; /* 0: free */

void vpci_orphans_spare(pid_t child)
{
    for (size_t i = 0; i < SPARED_MAX; i++) {
        if (spared[i] == 0) {
            spared[i] = child;
            return;
        }
    }
}

void vpci_orphans_release(pid_t child)
{
    for (size_t i = 0; i < SPARED_MAX; i++) {
        if (spared[i] == child)
            spared[i] = 0;
    }
}

void vpci_orphans_adopt(void)
{
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static bool is_own(pid_t child, const pid_t *own, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (own[i] == child)
            return true;
    }
    return false;
}

/* Kills the orphans that there are now. False when there is none. */
static bool end_present(const pid_t *own, size_t count)
{
    FILE *list = fopen("/proc/thread-self/children", "re");
    bool any = false;
    int child = 0;
    if (list == NULL)
        return false;
    while (fscanf(list, "%d", &child) == 1) {
        if (is_own((pid_t)child, own, count) || is_own((pid_t)child, spared, SPARED_MAX))
            continue;
        any = true;
        (void)kill((pid_t)child, SIGKILL);
        (void)waitpid((pid_t)child, NULL, WNOHANG);
    }
    (void)fclose(list);
    return any;
}

void vpci_orphans_end(const pid_t *own, size_t count)
{
    for (int round = 0; round < ROUNDS_MAX && end_present(own, count); round++)
        (void)nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
}
