/* SPDX-License-Identifier: MIT */
/* fuzzers/interrupt.c - see interrupt.h. */
#include "fuzzers/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

void vpci_interrupt_catch(void)
{
    struct sigaction action = { 0 };
    action.sa_handler = on_signal;
    action.sa_flags = (int)SA_RESETHAND;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

bool vpci_interrupted(void)
{
    return interrupted != 0;
}
