/* SPDX-License-Identifier: MIT */
/* harness/inprocess.c - see inprocess.h. Signals that a crash raises, and the timer that tells a hang, jump
 * out of the plug-in to the call that entered it, or to the one that encloses the case; events inside events
 * (a completion routine that sends) belong to the outermost. What is not the plug-in's doing goes to whoever
 * handled these signals before. */
#include "harness/inprocess.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/blocking.h"
#include "harness/memory.h"

enum { TICK_MS = 20, SIGNAL_STACK_BYTES = 64 * 1024 };

struct inprocess {
    struct vpci_seam seam;
    char *path;    /* owned; NULL when linked */
    void *library; /* of dlopen */
    const struct vpci_plugin *plugin;
    const struct vpci_event_driven *calls;
    struct vpci_event_host host;
    struct vpci_memory_arena arena;
    void *iut;
    uint32_t step_timeout_ms;
    bool closing; /* the case's device is being closed */
};

/* One process has one crash at a time; the handlers can reach nothing but this. */
static struct {
    sigjmp_buf escape;
    pthread_t thread;
    volatile sig_atomic_t armed;  /* escape leads somewhere */
    volatile sig_atomic_t depth;  /* calls into the plug-in that are under way */
    volatile sig_atomic_t signal; /* why the escape was taken; SIGALRM for a hang */
    volatile sig_atomic_t ticks;  /* of the timer since the outermost call */
    volatile sig_atomic_t ticks_allowed;
    void *volatile address;
} guard;

static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS };
enum { CRASH_SIGNALS = sizeof crash_signals / sizeof crash_signals[0] };

/* Who handled these signals before: a fuzzing engine, a sanitizer, or nobody. */
static struct {
    struct sigaction crash[CRASH_SIGNALS], tick;
} previous;

/* Calls a handler of before as it would have been called. False when there is none. */
static bool call_previous(const struct sigaction *action, int number, siginfo_t *info, void *context)
{
    if ((action->sa_flags & SA_SIGINFO) != 0)
        action->sa_sigaction(number, info, context);
    else if (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN)
        action->sa_handler(number);
    else
        return false;
    return true;
}

static void hand_on_crash(int number, siginfo_t *info, void *context)
{
    for (size_t i = 0; i < CRASH_SIGNALS; i++) {
        if (crash_signals[i] == number && call_previous(&previous.crash[i], number, info, context))
            return;
    }
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static void on_crash(int number, siginfo_t *info, void *context)
{
    if (guard.depth <= 0) { /* the kit's own, or that of whoever uses it */
        hand_on_crash(number, info, context);
        return;
    }
    guard.signal = number;
    guard.address = info->si_addr;
    if (pthread_equal(pthread_self(), guard.thread))
        siglongjmp(guard.escape, 1);
    /* A thread of the kit that runs the plug-in: it stays where it is, the main thread takes the escape. */
    (void)pthread_kill(guard.thread, SIGALRM);
    for (;;)
        (void)sigsuspend(&(sigset_t){ 0 });
}

static void on_tick(int number, siginfo_t *info, void *context)
{
    if (guard.depth <= 0 || !pthread_equal(pthread_self(), guard.thread)) {
        (void)call_previous(&previous.tick, number, info, context);
        return;
    }
    if (guard.signal != 0)
        siglongjmp(guard.escape, 1);
    guard.ticks++;
    if (guard.ticks > guard.ticks_allowed) {
        guard.signal = SIGALRM;
        siglongjmp(guard.escape, 1);
    }
}

/* A timer of its own: the one of setitimer may be in use by a fuzzing engine, and would outlive an exec. */
static void start_timer(void)
{
    const struct itimerspec every = { { 0, TICK_MS * 1000 * 1000 }, { 0, TICK_MS * 1000 * 1000 } };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
    timer_t timer;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == 0)
        (void)timer_settime(timer, 0, &every, NULL);
}

/* Timers are not inherited. A child of the kit, or of a fork server that uses it, goes on as its parent
 * would. A child of the plug-in is none of the kit's: what befalls it must not lead it back into the kit. */
static void after_fork_in_child(void)
{
    if (guard.depth > 0)
        guard.depth = 0;
    else
        start_timer();
}

static bool handlers_are_installed;

static void install_handlers(uint32_t step_timeout_ms)
{
    guard.ticks_allowed = (sig_atomic_t)(step_timeout_ms / TICK_MS + 1);
    guard.thread = pthread_self();
    if (handlers_are_installed)
        return;
    handlers_are_installed = true;
    static uint8_t stack[SIGNAL_STACK_BYTES];
    const stack_t alternate = { .ss_sp = stack, .ss_size = sizeof stack };
    (void)sigaltstack(&alternate,
                      NULL); /* also where there is one: a sanitizer's is too small for two signals */
    struct sigaction action = { 0 };
    action.sa_sigaction = on_crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (size_t i = 0; i < CRASH_SIGNALS; i++)
        (void)sigaction(crash_signals[i], &action, &previous.crash[i]);
    action.sa_sigaction = on_tick;
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER;
    (void)sigaction(SIGALRM, &action, &previous.tick);
    static bool has_timer;
    if (has_timer)
        return;
    has_timer = true;
    start_timer();
    (void)pthread_atfork(NULL, NULL, after_fork_in_child);
}

void vpci_inprocess_step_aside(void)
{
    if (!handlers_are_installed)
        return;
    handlers_are_installed = false;
    for (size_t i = 0; i < CRASH_SIGNALS; i++)
        (void)sigaction(crash_signals[i], &previous.crash[i], NULL);
    struct sigaction ignored = { 0 }; /* the timer goes on, and would end the process */
    ignored.sa_handler = SIG_IGN;
    (void)sigaction(SIGALRM, &ignored, NULL);
}

static bool report_escape(struct inprocess *inprocess)
{
    const int number = (int)guard.signal;
    guard.armed = false;
    guard.depth = 0;
    if (number == SIGALRM)
        return vpci_seam_fail(&inprocess->seam,
                              inprocess->closing ? VPCI_FAILURE_HANG_AT_CLOSE : VPCI_FAILURE_HANG,
                              "no return within %u ms", inprocess->step_timeout_ms);
    struct vpci_memory_fault fault;
    const bool touched_guard = (number == SIGSEGV || number == SIGBUS) &&
                               vpci_memory_is_guard(&inprocess->arena, guard.address, &fault);
    if (touched_guard) {
        const struct vpci_event event = { .kind = fault.kind,
                                          .fields = VPCI_F(REQUEST) | VPCI_F(OFFSET),
                                          .request = fault.request,
                                          .offset = fault.offset };
        vpci_seam_observe(&inprocess->seam, &event);
    }
    return vpci_seam_fail(&inprocess->seam, VPCI_FAILURE_CRASH, "signal %d (%s)%s", number, strsignal(number),
                          touched_guard ? " at the guard page behind a caller's buffer" : "");
}

static struct inprocess *of(struct vpci_seam *seam)
{
    return (struct inprocess *)(void *)seam;
}

/* What runs inside the plug-in. */
struct entry {
    struct inprocess *inprocess;
    const struct vpci_event *event;
    const struct vpci_memory *memory;
    const struct vpci_device *device;
    const struct vpci_plugin *(*plugin)(void);
};
typedef void entry_fn(const struct entry *entry);

static inline void call_inside(entry_fn *body, const struct entry *entry)
{
    guard.depth = guard.depth + 1;
    body(entry);
    guard.depth = guard.depth - 1;
}

/* Enters the plug-in where no case is enclosed: a crash or a hang comes back to here. */
static void enter_guarded(entry_fn *body, const struct entry *entry)
{
    guard.armed = true;
    if (sigsetjmp(guard.escape, 0) != 0) {
        (void)report_escape(entry->inprocess);
        return;
    }
    call_inside(body, entry);
    guard.armed = false;
}

/* Enters the plug-in. False when it crashed, hung or was caught otherwise. */
static inline bool enter(entry_fn *body, const struct entry *entry)
{
    if (guard.depth == 0) {
        guard.ticks = 0;
        guard.signal = 0;
    }
    if (guard.armed)
        call_inside(body, entry);
    else
        enter_guarded(body, entry);
    return entry->inprocess->seam.failure == VPCI_FAILURE_NONE;
}

static bool inprocess_enclose(struct vpci_seam *seam, bool (*body)(void *context), void *context)
{
    guard.armed = true;
    if (sigsetjmp(guard.escape, 0) != 0)
        return report_escape(of(seam));
    const bool whole = body(context);
    guard.armed = false;
    return whole;
}

static void enter_library(const struct entry *entry)
{
    entry->inprocess->library = dlopen(entry->inprocess->path, RTLD_NOW | RTLD_LOCAL);
}

static void enter_entry(const struct entry *entry)
{
    entry->inprocess->plugin = entry->plugin();
}

static void enter_open(const struct entry *entry)
{
    entry->inprocess->iut = entry->inprocess->calls->open(&entry->inprocess->host, entry->device);
}

static void enter_submit(const struct entry *entry)
{
    entry->inprocess->calls->submit(entry->inprocess->iut, entry->event, entry->memory);
}

static void enter_run(const struct entry *entry)
{
    entry->inprocess->calls->run(entry->inprocess->iut);
}

static void enter_close(const struct entry *entry)
{
    void *iut = entry->inprocess->iut;
    entry->inprocess->iut = NULL;
    entry->inprocess->calls->close(iut);
}

/* ---- what the plug-in reports ---- */

static bool ends_request(const struct vpci_event *event)
{
    return event->kind == VPCI_EVENT_READ_RETURN || event->kind == VPCI_EVENT_WRITE_RETURN ||
           event->kind == VPCI_EVENT_QUERY_INTERFACE_RETURN || event->kind == VPCI_EVENT_IOCTL_COMPLETE;
}

static void observe_fault(struct inprocess *inprocess, const struct vpci_memory_fault *fault)
{
    const struct vpci_event event = { .kind = fault->kind,
                                      .fields = VPCI_F(REQUEST) | VPCI_F(OFFSET),
                                      .request = fault->request,
                                      .offset = fault->offset };
    vpci_seam_observe(&inprocess->seam, &event);
}

static void observe_late_writes(struct inprocess *inprocess)
{
    struct vpci_memory_fault fault;
    while (vpci_memory_find_late_write(&inprocess->arena, &fault))
        observe_fault(inprocess, &fault);
}

/* Whether the plug-in set what the kind requires. What the kind does not have is dropped. */
static bool has_all_fields(struct inprocess *inprocess, struct vpci_event *event)
{
    const struct vpci_event_info *info = &vpci_event_info[event->kind];
    const uint32_t missing = info->required & ~event->fields;
    event->fields &= info->required | info->optional;
    return missing == 0 || vpci_seam_fail(&inprocess->seam, VPCI_FAILURE_GARBAGE, "the plug-in's %s lacks %s",
                                          info->name, vpci_field_info[__builtin_ctz(missing)].name);
}

/* Has the fields that its kind requires, and none that the kind does not have. */
static bool needs_no_change(const struct vpci_event *event)
{
    const struct vpci_event_info *info = &vpci_event_info[event->kind];
    return (info->required & ~event->fields) == 0 &&
           (event->fields & ~(info->required | info->optional)) == 0;
}

static void observe_end(struct inprocess *inprocess, const struct vpci_event *reported)
{
    struct vpci_event event = *reported;
    const bool ends = event.kind != VPCI_EVENT_USER_EVENT_SIGNAL;
    struct vpci_memory_fault fault;
    if (ends && vpci_memory_check(&inprocess->arena, event.request, &fault))
        observe_fault(inprocess, &fault);
    vpci_memory_observe(&inprocess->arena, &event);
    if (ends)
        vpci_memory_quarantine(&inprocess->arena, event.request);
    if (has_all_fields(inprocess, &event))
        vpci_seam_observe(&inprocess->seam, &event);
}

static void on_observe(void *kit, const struct vpci_event *event)
{
    struct inprocess *inprocess = kit;
    if ((unsigned)event->kind >= VPCI_EVENT_COUNT ||
        !vpci_event_is_from(event->kind,
                            VPCI_ROLE_BUS)) { /* both roles offered so far speak as the bus does */
        (void)vpci_seam_fail(&inprocess->seam, VPCI_FAILURE_GARBAGE,
                             "the plug-in reports an event it cannot send: kind %u", (unsigned)event->kind);
    } else if (ends_request(event) || event->kind == VPCI_EVENT_USER_EVENT_SIGNAL) {
        observe_end(inprocess, event);
    } else if (needs_no_change(event)) {
        vpci_seam_observe(&inprocess->seam, event);
    } else {
        struct vpci_event changed = *event;
        if (has_all_fields(inprocess, &changed))
            vpci_seam_observe(&inprocess->seam, &changed);
    }
}

/* ---- the seam ---- */

static bool check_plugin(struct inprocess *inprocess)
{
    struct vpci_seam *seam = &inprocess->seam;
    const struct vpci_plugin *plugin = inprocess->plugin;
    if (plugin == NULL)
        return vpci_seam_fail(seam, VPCI_FAILURE_START_FAILED, "%s returned NULL", VPCI_PLUGIN_ENTRY);
    if (plugin->abi != VPCI_PLUGIN_ABI)
        return vpci_seam_fail(seam, VPCI_FAILURE_VERSION_MISMATCH, "plug-in ABI %u, this kit speaks %u",
                              plugin->abi, (unsigned)VPCI_PLUGIN_ABI);
    if (plugin->table_bytes != sizeof *plugin)
        return vpci_seam_fail(seam, VPCI_FAILURE_VERSION_MISMATCH,
                              "the plug-in's table has %u bytes, %zu expected", plugin->table_bytes,
                              sizeof *plugin);
    if ((plugin->event_driven == NULL) == (plugin->blocking == NULL))
        return vpci_seam_fail(seam, VPCI_FAILURE_START_FAILED,
                              "not exactly one of event_driven and blocking is set");
    inprocess->calls =
        plugin->event_driven != NULL ? plugin->event_driven : vpci_blocking_bridge(plugin->blocking);
    if (inprocess->calls->open == NULL || inprocess->calls->submit == NULL || inprocess->calls->close == NULL)
        return vpci_seam_fail(seam, VPCI_FAILURE_START_FAILED,
                              "open, submit or close is missing from the plug-in's table");
    snprintf(seam->pics.name, sizeof seam->pics.name, "%s", plugin->name == NULL ? "" : plugin->name);
    snprintf(seam->pics.version, sizeof seam->pics.version, "%s",
             plugin->version == NULL ? "" : plugin->version);
    seam->pics.roles = plugin->roles;
    seam->pics.capabilities =
        plugin->capabilities | VPCI_CAPABILITY_BIT(SHARED_MEMORY) | VPCI_CAPABILITY_BIT(SETTLE);
    return true;
}

static bool inprocess_connect(struct vpci_seam *seam)
{
    struct inprocess *inprocess = of(seam);
    if (!vpci_memory_create(&inprocess->arena))
        return vpci_seam_fail(seam, VPCI_FAILURE_START_FAILED, "no memory for the callers' buffers");
    install_handlers(inprocess->step_timeout_ms);
    if (inprocess->path == NULL)
        return check_plugin(inprocess);
    struct entry entry = { .inprocess = inprocess };
    if (!enter(enter_library, &entry))
        return false;
    if (inprocess->library == NULL)
        return vpci_seam_fail(seam, VPCI_FAILURE_START_FAILED, "%s", dlerror());
    *(void **)(void *)&entry.plugin = dlsym(inprocess->library, VPCI_PLUGIN_ENTRY);
    if (entry.plugin == NULL)
        return vpci_seam_fail(seam, VPCI_FAILURE_START_FAILED, "%s: no symbol %s", inprocess->path,
                              VPCI_PLUGIN_ENTRY);
    return enter(enter_entry, &entry) && check_plugin(inprocess);
}

static bool inprocess_begin(struct vpci_seam *seam, const struct vpci_device *device)
{
    struct inprocess *inprocess = of(seam);
    install_handlers(inprocess->step_timeout_ms);
    vpci_memory_reset(&inprocess->arena);
    inprocess->host = (struct vpci_event_host){ inprocess, on_observe };
    const struct entry entry = { .inprocess = inprocess, .device = device };
    if (!enter(enter_open, &entry))
        return false;
    return inprocess->iut != NULL || vpci_seam_fail(seam, VPCI_FAILURE_REFUSED, "open returned NULL");
}

static bool inprocess_submit(struct vpci_seam *seam, const struct vpci_event *event)
{
    struct inprocess *inprocess = of(seam);
    struct vpci_memory memory;
    if (inprocess->plugin->blocking != NULL && vpci_blocking_lacks(event))
        return vpci_seam_fail(seam, VPCI_FAILURE_REFUSED, "the plug-in has no function for %s",
                              vpci_event_info[event->kind].name);
    const bool has_memory = vpci_memory_prepare(&inprocess->arena, event, &memory);
    if (event->kind == VPCI_EVENT_INPUT_CHANGE)
        vpci_memory_change_input(&inprocess->arena, event->request, event->data, event->data_length);
    const struct entry entry = { .inprocess = inprocess,
                                 .event = event,
                                 .memory = has_memory ? &memory : NULL };
    return enter(enter_submit, &entry);
}

static bool inprocess_settle(struct vpci_seam *seam)
{
    struct inprocess *inprocess = of(seam);
    const struct entry entry = { .inprocess = inprocess };
    if (inprocess->calls->run != NULL && !enter(enter_run, &entry))
        return false;
    observe_late_writes(inprocess);
    return seam->failure == VPCI_FAILURE_NONE;
}

static bool inprocess_end(struct vpci_seam *seam)
{
    struct inprocess *inprocess = of(seam);
    const struct entry entry = { .inprocess = inprocess };
    inprocess->closing = true;
    if (!enter(enter_close, &entry))
        return false;
    inprocess->closing = false;
    observe_late_writes(inprocess);
    return seam->failure == VPCI_FAILURE_NONE;
}

static void inprocess_destroy(struct vpci_seam *seam, enum vpci_failure *failure_out)
{
    struct inprocess *inprocess = of(seam);
    if (failure_out != NULL)
        *failure_out = VPCI_FAILURE_NONE;
    /* The library stays loaded: after a failure its code may still be on some thread's stack. */
    if (seam->failure == VPCI_FAILURE_NONE && inprocess->library != NULL)
        dlclose(inprocess->library);
    vpci_memory_destroy(&inprocess->arena);
    free(inprocess->path);
    free(inprocess);
}

static const struct vpci_seam_ops inprocess_ops = {
    .connect = inprocess_connect,
    .begin = inprocess_begin,
    .submit = inprocess_submit,
    .settle = inprocess_settle,
    .end = inprocess_end,
    .enclose = inprocess_enclose,
    .destroy = inprocess_destroy,
};

static struct inprocess *create(const struct vpci_limits *limits)
{
    struct inprocess *inprocess = calloc(1, sizeof *inprocess);
    if (inprocess == NULL)
        abort();
    inprocess->seam.ops = &inprocess_ops;
    inprocess->seam.exact_order = true;
    inprocess->step_timeout_ms =
        limits->step_timeout_ms != 0 ? limits->step_timeout_ms : VPCI_DEFAULT_STEP_TIMEOUT_MS;
    return inprocess;
}

struct vpci_seam *vpci_inprocess_create(const char *path, const struct vpci_limits *limits)
{
    struct inprocess *inprocess = create(limits);
    inprocess->path = strdup(path);
    if (inprocess->path == NULL)
        abort();
    return &inprocess->seam;
}

struct vpci_seam *vpci_inprocess_create_linked(const struct vpci_plugin *plugin,
                                               const struct vpci_limits *limits)
{
    struct inprocess *inprocess = create(limits);
    inprocess->plugin = plugin;
    return &inprocess->seam;
}
