/* SPDX-License-Identifier: MIT */
/* harness/blocking.c - see blocking.h.
 *
 * Each stimulus that enters the implementation runs on a thread of its own. Whatever the implementation
 * reports is handed to the kit's thread and waited for, so that events are judged one at a time, in order, on
 * one thread. The kit goes on when no thread runs: each has finished, is parked in a PF callback, or sleeps
 * in the kernel (it waits for a lock that a parked call holds; nothing else tells such a wait from work). */
#include "harness/blocking.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/clock.h"

enum { TASKS_MAX = VPCI_REQUESTS_MAX + 16, POLL_NS = 200 * 1000, STILL_POLLS = 3 };

enum task_state {
    TASK_FREE,
    TASK_RUNNING,
    TASK_REPORTING, /* waits for the kit's thread to take its event */
    TASK_TAKEN,     /* its event is being judged */
    TASK_PARKED,    /* in a PF callback */
    TASK_STOPPING,
};

struct bridge;

struct task {
    struct bridge *bridge;
    enum task_state state;
    bool has_thread;
    pthread_t thread;
    pid_t id; /* kernel's number of the thread */
    pthread_cond_t wake;
    struct vpci_event event; /* the stimulus */
    uint8_t data[VPCI_EVENT_DATA_BYTES_MAX];
    struct vpci_memory memory;
    const struct vpci_event *report; /* REPORTING */
    struct vpci_irp *irp;            /* completed while this task ran */
    uint32_t call;                   /* PARKED */
    vpci_ntstatus answer;
    uint32_t moved;
    uint8_t answer_data[VPCI_EVENT_DATA_BYTES_MAX];
    uint32_t answer_data_length;
    bool has_moved;
};

struct bridge {
    struct vpci_event_host host;
    void *iut;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* some task's state changed */
    struct task tasks[TASKS_MAX];
    struct vpci_irp irps[VPCI_REQUESTS_MAX];
    struct vpci_io_status_block *status_blocks[VPCI_REQUESTS_MAX];
    bool irp_live[VPCI_REQUESTS_MAX];
    uint32_t next_call;
    bool stopping;
};

static const struct vpci_blocking *blocking; /* the implementation of this process */
static __thread struct task *current_task;

/* ---- on the implementation's threads ---- */

/* Hands an event to the kit's thread and waits until it was taken. Called with the lock held. */
static void report_locked(struct task *task, const struct vpci_event *event)
{
    struct bridge *bridge = task->bridge;
    if (bridge->stopping) {
        task->state = TASK_STOPPING;
        return;
    }
    task->report = event;
    task->state = TASK_REPORTING;
    pthread_cond_signal(&bridge->changed);
    while (task->state == TASK_REPORTING || task->state == TASK_TAKEN)
        pthread_cond_wait(&task->wake, &bridge->lock);
}

static void report(struct task *task, const struct vpci_event *event)
{
    pthread_mutex_lock(&task->bridge->lock);
    report_locked(task, event);
    pthread_mutex_unlock(&task->bridge->lock);
}

static vpci_ntstatus call_pf(struct vpci_event *event, uint32_t *moved_out, void *buffer)
{
    struct task *task = current_task;
    struct bridge *bridge = task->bridge;
    pthread_mutex_lock(&bridge->lock);
    event->call = ++bridge->next_call;
    event->fields |= VPCI_F(CALL) | VPCI_F(VF) | VPCI_F(BLOCK) | VPCI_F(LENGTH);
    task->call = event->call;
    report_locked(task, event);
    if (task->state != TASK_STOPPING) {
        task->state = TASK_PARKED;
        pthread_cond_signal(&bridge->changed);
        while (task->state == TASK_PARKED)
            pthread_cond_wait(&task->wake, &bridge->lock);
    }
    const vpci_ntstatus status = task->state == TASK_STOPPING ? VPCI_STATUS_DEVICE_REMOVED : task->answer;
    uint32_t moved = task->has_moved ? task->moved : event->length;
    if (buffer != NULL && status == VPCI_STATUS_SUCCESS) {
        const uint32_t given =
            task->answer_data_length < event->length ? task->answer_data_length : event->length;
        memcpy(buffer, task->answer_data, given);
        moved = given;
    }
    pthread_mutex_unlock(&bridge->lock);
    if (moved_out != NULL)
        *moved_out = status == VPCI_STATUS_SUCCESS ? moved : 0;
    return status;
}

static vpci_ntstatus host_pf_read(void *kit, uint16_t vf, uint32_t block, void *buffer, uint32_t length,
                                  uint32_t *moved_out)
{
    (void)kit;
    struct vpci_event event = { .kind = VPCI_EVENT_PF_READ, .vf = vf, .block = block, .length = length };
    return call_pf(&event, moved_out, buffer);
}

static vpci_ntstatus host_pf_write(void *kit, uint16_t vf, uint32_t block, const void *buffer,
                                   uint32_t length, uint32_t *moved_out)
{
    (void)kit;
    struct vpci_event event = { .kind = VPCI_EVENT_PF_WRITE,
                                .fields = VPCI_F(DATA),
                                .vf = vf,
                                .block = block,
                                .length = length,
                                .data = buffer,
                                .data_length =
                                    length < VPCI_EVENT_DATA_BYTES_MAX ? length : VPCI_EVENT_DATA_BYTES_MAX };
    return call_pf(&event, moved_out, NULL);
}

static void host_pf_reset(void *kit, uint16_t vf)
{
    (void)kit;
    const struct vpci_event event = { .kind = VPCI_EVENT_PF_RESET, .fields = VPCI_F(VF), .vf = vf };
    report(current_task, &event);
}

/* IoCompleteRequest: the I/O manager's part (status block, event) is done here, as the caller's memory is the
 * kit's. */
static void host_complete(void *kit, struct vpci_irp *irp)
{
    struct bridge *bridge = kit;
    struct task *task = current_task;
    const uint32_t request = irp->request;
    const struct vpci_event event = { .kind = VPCI_EVENT_IOCTL_COMPLETE,
                                      .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION) |
                                                VPCI_F(MARKED),
                                      .request = request,
                                      .status = irp->io_status.status,
                                      .information = irp->io_status.information,
                                      .marked = irp->marked };
    struct vpci_io_status_block *status_block = bridge->status_blocks[request];
    const bool signal = irp->user_event && status_block != NULL && irp->marked;
    if (status_block != NULL)
        *status_block = irp->io_status;
    report(task, &event);
    if (!signal)
        return;
    const struct vpci_event signalled = { .kind = VPCI_EVENT_USER_EVENT_SIGNAL,
                                          .fields = VPCI_F(REQUEST) | VPCI_F(STATUS) | VPCI_F(INFORMATION),
                                          .request = request };
    report(task, &signalled);
}

static const struct vpci_blocking_host host_table = { NULL, host_pf_read, host_pf_write, host_pf_reset,
                                                      host_complete };

static struct vpci_event answer_of(const struct vpci_event *stimulus, enum vpci_event_kind kind,
                                   vpci_ntstatus status)
{
    return (struct vpci_event){ .kind = kind,
                                .fields = vpci_event_info[kind].required &
                                          (VPCI_F(VF) | VPCI_F(REQUEST) | VPCI_F(STATUS)),
                                .vf = stimulus->vf,
                                .request = stimulus->request,
                                .status = status };
}

static uint16_t context_of(const struct vpci_event *event)
{
    return (event->fields & VPCI_F(CONTEXT_VF)) ? event->context_vf : event->vf;
}

static void run_query(struct task *task)
{
    const struct vpci_event *event = &task->event;
    uint64_t information = 0;
    const vpci_ntstatus found = (event->fields & VPCI_F(STATUS)) ? event->status : VPCI_STATUS_NOT_SUPPORTED;
    const vpci_ntstatus status = blocking->query_interface(
        task->bridge->iut, event->vf, &event->guid, event->size, event->version, found,
        (struct vpci_interface_standard *)(void *)task->memory.output, &information);
    struct vpci_event answer = answer_of(event, VPCI_EVENT_QUERY_INTERFACE_RETURN, status);
    answer.information = information;
    answer.fields |= VPCI_F(INFORMATION);
    report(task, &answer);
}

static void run_ioctl(struct task *task)
{
    struct bridge *bridge = task->bridge;
    const struct vpci_event *event = &task->event;
    struct vpci_irp *irp = &bridge->irps[event->request];
    *irp = (struct vpci_irp){ .request = event->request,
                              .vf = event->vf,
                              .major = (event->fields & VPCI_F(MAJOR)) ? event->major : VPCI_MAJOR_INTERNAL,
                              .user_event = (event->fields & VPCI_F(USER_EVENT)) == 0 || event->user_event,
                              .code = event->code,
                              .input_length = event->input_length,
                              .output_length = event->output_length,
                              .type3_input_buffer = task->memory.input,
                              .user_buffer = task->memory.output };
    bridge->status_blocks[event->request] = task->memory.status_block;
    bridge->irp_live[event->request] = true;
    const vpci_ntstatus status = blocking->device_control(bridge->iut, irp);
    struct vpci_event answer = answer_of(event, VPCI_EVENT_IOCTL_RETURN, status);
    answer.marked = irp->marked;
    answer.fields |= VPCI_F(MARKED);
    report(task, &answer);
}

static void run_stimulus(struct task *task)
{
    const struct vpci_event *event = &task->event;
    void *iut = task->bridge->iut;
    struct vpci_event answer;
    switch ((int)event->kind) {
    case VPCI_EVENT_START:
        answer = answer_of(event, VPCI_EVENT_START_RETURN, blocking->start(iut, event->vf));
        break;
    case VPCI_EVENT_REMOVE:
        answer = answer_of(event, VPCI_EVENT_REMOVE_RETURN, blocking->surprise_remove(iut, event->vf));
        break;
    case VPCI_EVENT_RESET:
        answer = answer_of(event, VPCI_EVENT_RESET_RETURN, blocking->reset(iut, event->vf));
        break;
    case VPCI_EVENT_READ:
        answer = answer_of(
            event, VPCI_EVENT_READ_RETURN,
            blocking->read_block(iut, context_of(event), event->block, task->memory.output, event->length));
        break;
    case VPCI_EVENT_WRITE:
        answer = answer_of(
            event, VPCI_EVENT_WRITE_RETURN,
            blocking->write_block(iut, context_of(event), event->block, task->memory.input, event->length));
        break;
    case VPCI_EVENT_QUERY_INTERFACE:
        run_query(task);
        return;
    case VPCI_EVENT_IOCTL:
        run_ioctl(task);
        return;
    case VPCI_EVENT_REFERENCE:
        blocking->reference(iut, event->vf);
        return;
    case VPCI_EVENT_DEREFERENCE:
        blocking->dereference(iut, event->vf);
        return;
    case VPCI_EVENT_CANCEL:
        if (event->request < VPCI_REQUESTS_MAX && task->bridge->irp_live[event->request])
            blocking->cancel(iut, &task->bridge->irps[event->request]);
        return;
    case VPCI_EVENT_PF_INVALIDATE:
        blocking->pf_invalidate(iut, event->vf, event->mask);
        return;
    default:
        return;
    }
    report(task, &answer);
}

static void *run_task(void *argument)
{
    struct task *task = argument;
    current_task = task;
    pthread_mutex_lock(&task->bridge->lock);
    task->id = (pid_t)syscall(SYS_gettid);
    for (;;) {
        while (task->state != TASK_RUNNING && !task->bridge->stopping)
            pthread_cond_wait(&task->wake, &task->bridge->lock);
        if (task->bridge->stopping)
            break;
        pthread_mutex_unlock(&task->bridge->lock);
        run_stimulus(task);
        pthread_mutex_lock(&task->bridge->lock);
        if (task->bridge->stopping)
            break;
        task->state = TASK_FREE;
        pthread_cond_signal(&task->bridge->changed);
    }
    task->state = TASK_FREE;
    pthread_mutex_unlock(&task->bridge->lock);
    return NULL;
}

/* ---- on the kit's thread ---- */

/* Whether the kernel says that the thread sleeps: it waits for a lock, most likely one held by a parked call.
 */
static bool sleeps(const struct task *task)
{
    char path[64];
    char text[256];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)task->id);
    FILE *file = task->id == 0 ? NULL : fopen(path, "re");
    if (file == NULL)
        return false;
    const size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    const char *name_end = strrchr(text, ')');
    return name_end != NULL && name_end[1] == ' ' && name_end[2] == 'S';
}

static bool take_report(struct bridge *bridge)
{
    for (int i = 0; i < TASKS_MAX; i++) {
        struct task *task = &bridge->tasks[i];
        if (task->state != TASK_REPORTING)
            continue;
        const struct vpci_event event = *task->report;
        task->state = TASK_TAKEN; /* the observer may submit again */
        pthread_mutex_unlock(&bridge->lock);
        bridge->host.observe(bridge->host.kit, &event);
        pthread_mutex_lock(&bridge->lock);
        task->state = bridge->stopping ? TASK_STOPPING : TASK_RUNNING;
        pthread_cond_signal(&task->wake);
        return true;
    }
    return false;
}

static bool is_busy(struct bridge *bridge, bool *all_sleep_out)
{
    bool busy = false;
    *all_sleep_out = true;
    for (int i = 0; i < TASKS_MAX; i++) {
        if (bridge->tasks[i].state != TASK_RUNNING)
            continue;
        busy = true;
        *all_sleep_out = *all_sleep_out && sleeps(&bridge->tasks[i]);
    }
    return busy;
}

/* Takes reports until nothing runs. Called with the lock held. */
static void drive(struct bridge *bridge)
{
    int still = 0;
    for (;;) {
        if (take_report(bridge)) {
            still = 0;
            continue;
        }
        bool running = false;
        for (int i = 0; i < TASKS_MAX && !running; i++)
            running = bridge->tasks[i].state == TASK_RUNNING;
        if (!running)
            return;
        const uint64_t until_ns = vpci_clock_ns() + POLL_NS;
        const struct timespec until = { (time_t)(until_ns / VPCI_NS_PER_S),
                                        (long)(until_ns % VPCI_NS_PER_S) };
        if (pthread_cond_timedwait(&bridge->changed, &bridge->lock, &until) == 0) {
            still = 0;
            continue;
        }
        bool all_sleep;
        still = is_busy(bridge, &all_sleep) && all_sleep ? still + 1 : 0;
        if (still >= STILL_POLLS)
            return;
    }
}

static void *bridge_open(const struct vpci_event_host *host, const struct vpci_device *device)
{
    struct bridge *bridge = calloc(1, sizeof *bridge);
    if (bridge == NULL)
        return NULL;
    bridge->host = *host;
    pthread_mutex_init(&bridge->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&bridge->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    struct vpci_blocking_host table = host_table;
    table.kit = bridge;
    for (int i = 0; i < TASKS_MAX; i++) {
        bridge->tasks[i].bridge = bridge;
        pthread_cond_init(&bridge->tasks[i].wake, NULL);
    }
    bridge->iut = blocking->open(&table, device);
    if (bridge->iut == NULL) {
        free(bridge);
        return NULL;
    }
    return bridge;
}

static bool start_task(struct bridge *bridge, const struct vpci_event *event,
                       const struct vpci_memory *memory)
{
    struct task *task = NULL;
    for (int i = 0; i < TASKS_MAX && task == NULL; i++) {
        if (bridge->tasks[i].state == TASK_FREE)
            task = &bridge->tasks[i];
    }
    if (task == NULL)
        return false;
    task->event = *event;
    if (event->data != NULL) {
        memcpy(task->data, event->data, event->data_length);
        task->event.data = task->data;
    }
    task->memory = memory == NULL ? (struct vpci_memory){ 0 } : *memory;
    task->state = TASK_RUNNING;
    if (!task->has_thread)
        task->has_thread = pthread_create(&task->thread, NULL, run_task, task) == 0;
    else
        pthread_cond_signal(&task->wake);
    return task->has_thread;
}

static void answer_call(struct bridge *bridge, const struct vpci_event *event)
{
    for (int i = 0; i < TASKS_MAX; i++) {
        struct task *task = &bridge->tasks[i];
        if (task->state != TASK_PARKED || task->call != event->call)
            continue;
        task->answer = event->status;
        task->has_moved = (event->fields & VPCI_F(LENGTH)) != 0;
        task->moved = event->length;
        task->answer_data_length = event->data == NULL ? 0 : event->data_length;
        if (task->answer_data_length != 0)
            memcpy(task->answer_data, event->data, task->answer_data_length);
        task->state = TASK_RUNNING;
        pthread_cond_signal(&task->wake);
        return;
    }
}

static void bridge_submit(void *iut, const struct vpci_event *event, const struct vpci_memory *memory)
{
    struct bridge *bridge = iut;
    pthread_mutex_lock(&bridge->lock);
    if (event->kind == VPCI_EVENT_PF_READ_RETURN || event->kind == VPCI_EVENT_PF_WRITE_RETURN)
        answer_call(bridge, event);
    else if (event->kind != VPCI_EVENT_INPUT_CHANGE)
        (void)start_task(bridge, event, memory);
    drive(bridge);
    pthread_mutex_unlock(&bridge->lock);
}

static void bridge_run(void *iut)
{
    struct bridge *bridge = iut;
    pthread_mutex_lock(&bridge->lock);
    drive(bridge);
    pthread_mutex_unlock(&bridge->lock);
}

/* Lets every parked call fail, waits for the threads, then closes the device. */
static void bridge_close(void *iut)
{
    struct bridge *bridge = iut;
    bridge->host.observe = NULL;
    pthread_mutex_lock(&bridge->lock);
    bridge->stopping = true;
    for (int i = 0; i < TASKS_MAX; i++) {
        struct task *task = &bridge->tasks[i];
        if (task->state == TASK_PARKED || task->state == TASK_REPORTING)
            task->state = TASK_STOPPING;
        pthread_cond_signal(&task->wake);
    }
    pthread_mutex_unlock(&bridge->lock);
    for (int i = 0; i < TASKS_MAX; i++) {
        if (bridge->tasks[i].has_thread)
            pthread_join(bridge->tasks[i].thread, NULL);
    }
    blocking->close(bridge->iut);
    for (int i = 0; i < TASKS_MAX; i++)
        pthread_cond_destroy(&bridge->tasks[i].wake);
    pthread_cond_destroy(&bridge->changed);
    pthread_mutex_destroy(&bridge->lock);
    free(bridge);
}

bool vpci_blocking_lacks(const struct vpci_event *event)
{
    switch ((int)event->kind) {
    case VPCI_EVENT_START:
        return blocking->start == NULL;
    case VPCI_EVENT_REMOVE:
        return blocking->surprise_remove == NULL;
    case VPCI_EVENT_RESET:
        return blocking->reset == NULL;
    case VPCI_EVENT_READ:
        return blocking->read_block == NULL;
    case VPCI_EVENT_WRITE:
        return blocking->write_block == NULL;
    case VPCI_EVENT_QUERY_INTERFACE:
        return blocking->query_interface == NULL;
    case VPCI_EVENT_IOCTL:
        return blocking->device_control == NULL;
    case VPCI_EVENT_REFERENCE:
        return blocking->reference == NULL;
    case VPCI_EVENT_DEREFERENCE:
        return blocking->dereference == NULL;
    case VPCI_EVENT_CANCEL:
        return blocking->cancel == NULL;
    case VPCI_EVENT_PF_INVALIDATE:
        return blocking->pf_invalidate == NULL;
    default:
        return false;
    }
}

static const struct vpci_event_driven bridge_table = { bridge_open, bridge_submit, bridge_run, bridge_close };

const struct vpci_event_driven *vpci_blocking_bridge(const struct vpci_blocking *implementation)
{
    blocking = implementation;
    return &bridge_table;
}
