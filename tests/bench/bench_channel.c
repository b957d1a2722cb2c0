/* SPDX-License-Identifier: MIT */
/* tests/bench/bench_channel.c - what a fence over the process channel costs, as a share of the least that two
 * processes can pay for an exchange: 64 bytes each way through pipes, with poll. Both are measured in the
 * same run, in turns. Run: bench_channel BUILD [SECONDS-PER-MEASUREMENT]. Prints JSON; fails below the target
 * of one half. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/channel.h"

enum { TURNS = 5, MESSAGE_BYTES = 64, LENGTH = 16, BATCH = 64 };
static const double target = 0.5;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void give_up(const char *what, const char *why)
{
    fprintf(stderr, "bench_channel: %s: %s\n", what, why);
    exit(3);
}

static void receive(int fd, char *message)
{
    struct pollfd polled = { .fd = fd, .events = POLLIN };
    if (poll(&polled, 1, -1) != 1 || read(fd, message, MESSAGE_BYTES) != MESSAGE_BYTES)
        give_up("ping-pong", strerror(errno));
}

static void transmit(int fd, const char *message)
{
    if (write(fd, message, MESSAGE_BYTES) != MESSAGE_BYTES)
        give_up("ping-pong", strerror(errno));
}

static void echo(int in, int out)
{
    char message[MESSAGE_BYTES];
    for (;;) {
        struct pollfd polled = { .fd = in, .events = POLLIN };
        if (poll(&polled, 1, -1) != 1 || read(in, message, sizeof message) != MESSAGE_BYTES)
            _exit(0);
        transmit(out, message);
    }
}

/* Round trips a second between this process and a child that echoes. */
static double measure_pipes(double seconds)
{
    int there[2], back[2];
    if (pipe(there) != 0 || pipe(back) != 0)
        give_up("pipe", strerror(errno));
    const pid_t child = fork();
    if (child == 0) {
        close(there[1]);
        close(back[0]);
        echo(there[0], back[1]);
    }
    close(there[0]);
    close(back[1]);
    char message[MESSAGE_BYTES] = { 0 };
    const double start = now();
    double end = start;
    uint64_t trips = 0;
    for (; end - start < seconds; end = now()) {
        for (int i = 0; i < BATCH; i++, trips++) {
            transmit(there[1], message);
            receive(back[0], message);
        }
    }
    close(there[1]);
    close(back[0]);
    waitpid(child, NULL, 0);
    return (double)trips / (end - start);
}

struct watcher {
    uint32_t call;
    uint64_t returns;
};

static void observe(void *observer, const struct vpci_event *event)
{
    struct watcher *watcher = observer;
    if (event->kind == VPCI_EVENT_PF_READ)
        watcher->call = event->call;
    if (event->kind == VPCI_EVENT_READ_RETURN)
        watcher->returns++;
}

static void must(struct vpci_seam *seam, bool fine)
{
    if (!fine)
        give_up(vpci_failure_info[seam->failure].name, seam->detail);
}

/* Fences a second while blocks are read: each has one event before it and one behind it. */
static double measure_channel(const char *spec, double seconds)
{
    static const uint8_t bytes[LENGTH] = { 1, 2, 3 };
    struct watcher watcher = { 0 };
    struct vpci_seam *seam = vpci_channel_create(spec, NULL);
    seam->observe = observe;
    seam->observer = &watcher;
    must(seam, seam->ops->connect(seam));
    const struct vpci_device device = { .role = VPCI_ROLE_BUS, .vf_count = 1, .scenario = "bench" };
    must(seam, seam->ops->begin(seam, &device));
    must(seam,
         seam->ops->submit(seam, &(struct vpci_event){ .kind = VPCI_EVENT_START, .fields = VPCI_F(VF) }));
    must(seam, seam->ops->settle(seam));
    const struct vpci_event read = { .kind = VPCI_EVENT_READ,
                                     .fields = VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(BLOCK) | VPCI_F(LENGTH),
                                     .length = LENGTH };
    const double start = now();
    double end = start;
    uint64_t fences = 0;
    for (; end - start < seconds; end = now()) {
        for (int i = 0; i < BATCH; i++, fences += 2) {
            must(seam, seam->ops->submit(seam, &read) && seam->ops->settle(seam));
            const struct vpci_event answer = { .kind = VPCI_EVENT_PF_READ_RETURN,
                                               .fields = VPCI_F(CALL) | VPCI_F(STATUS) | VPCI_F(DATA),
                                               .call = watcher.call,
                                               .data = bytes,
                                               .data_length = LENGTH };
            must(seam, seam->ops->submit(seam, &answer) && seam->ops->settle(seam));
        }
    }
    if (watcher.returns * 2 != fences)
        give_up("golden", "a read did not return");
    seam->ops->destroy(seam, NULL);
    return (double)fences / (end - start);
}

static int compare(const void *left, const void *right)
{
    const double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

int main(int argument_count, char **arguments)
{
    if (argument_count < 2)
        give_up("usage", "bench_channel BUILD [SECONDS]");
    const double seconds = argument_count > 2 ? atof(arguments[2]) : 0.5;
    char spec[1024];
    snprintf(spec, sizeof spec, "exec:'%s/vpci-serve' '%s/adapters/golden.so'", arguments[1], arguments[1]);
    double pipes[TURNS], channel[TURNS], share[TURNS];
    for (int turn = 0; turn < TURNS; turn++) {
        pipes[turn] = measure_pipes(seconds);
        channel[turn] = measure_channel(spec, seconds);
        share[turn] = channel[turn] / pipes[turn];
    }
    qsort(pipes, TURNS, sizeof pipes[0], compare);
    qsort(channel, TURNS, sizeof channel[0], compare);
    qsort(share, TURNS, sizeof share[0], compare);
    const int middle = TURNS / 2;
    printf("{\"bench\":\"channel\",\"pipe_round_trips_per_s\":%.0f,\"fences_per_s\":%.0f,\"share\":%.3f,"
           "\"target\":%.2f}\n",
           pipes[middle], channel[middle], share[middle], target);
    return share[middle] >= target ? 0 : 1;
}
