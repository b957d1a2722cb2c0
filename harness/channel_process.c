/* SPDX-License-Identifier: MIT */
/* harness/channel_process.c - the guardian of harness/channel_process.h. After fork() it calls nothing but
 * async-signal-safe functions, because the kit may have other threads. */
#include "harness/channel_process.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    FIRST_FREE_FD = 3,
    EXEC_FAILED = 127,
    KILL_ROUNDS = 4000, /* of KILL_PAUSE_NS: two seconds for processes that the kernel is slow to let go */
    KILL_PAUSE_NS = 500 * 1000,
    FINISH_ROUNDS = 6000, /* the kit waits a little longer than the guardian tries */
};

enum pipe_name { STDIN_PIPE, STDOUT_PIPE, STDERR_PIPE, END_PIPE, PIPE_COUNT };
struct pipe_ends {
    int read_end, write_end;
};

struct start {
    struct pipe_ends pipes[PIPE_COUNT];
    const char *shell_command;
    uint64_t memory_bytes;
    pid_t kit;
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void pause_briefly(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = KILL_PAUSE_NS }, NULL);
}

/* Never one of 0, 1, 2, so that the adapter's side can be moved there in any order. */
static bool make_pipe(struct pipe_ends *ends)
{
    int raw[2];
    if (pipe2(raw, O_CLOEXEC) != 0)
        return false;
    int *const wanted[2] = { &ends->read_end, &ends->write_end };
    bool fine = true;
    for (int i = 0; i < 2; i++) {
        *wanted[i] = raw[i];
        if (raw[i] < FIRST_FREE_FD) {
            *wanted[i] = fcntl(raw[i], F_DUPFD_CLOEXEC, FIRST_FREE_FD);
            close(raw[i]);
        }
        fine = fine && *wanted[i] >= 0;
    }
    return fine;
}

/* Closes every descriptor from FIRST_FREE_FD on, but for one. */
static void close_all_but(int kept)
{
    if (kept > FIRST_FREE_FD && close_range(FIRST_FREE_FD, (unsigned)kept - 1, 0) != 0) {
        for (int fd = FIRST_FREE_FD; fd < kept; fd++)
            close(fd);
    }
    if (close_range((unsigned)kept + 1, ~0u, 0) != 0) {
        for (int fd = kept + 1; fd < (int)sysconf(_SC_OPEN_MAX); fd++)
            close(fd);
    }
}

static void default_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
}

static void report_end(int fd, const struct vpci_process_end *end)
{
    while (write(fd, end, sizeof *end) < 0 && errno == EINTR) {
    }
}

static _Noreturn void become_adapter(const struct start *start)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(start->pipes[STDIN_PIPE].read_end, STDIN_FILENO);
    dup2(start->pipes[STDOUT_PIPE].write_end, STDOUT_FILENO);
    dup2(start->pipes[STDERR_PIPE].write_end, STDERR_FILENO);
    const int end = start->pipes[END_PIPE].write_end; /* closed by exec */
    close_all_but(end);
    setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    if (start->memory_bytes != 0)
        setrlimit(RLIMIT_AS, &(struct rlimit){ start->memory_bytes, start->memory_bytes });
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execl("/bin/sh", "sh", "-c", start->shell_command, (char *)NULL);
    report_end(end, &(struct vpci_process_end){ .exec_errno = errno });
    _exit(EXEC_FAILED);
}

/* Sends SIGKILL to every process that the kernel lists as a child of this one. */
static void kill_children(void)
{
    const int list = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (list < 0)
        return;
    char digits[4096];
    const ssize_t length = read(list, digits, sizeof digits);
    close(list);
    pid_t child = 0;
    for (ssize_t i = 0; i < length; i++) {
        if (digits[i] >= '0' && digits[i] <= '9') {
            child = child * 10 + (digits[i] - '0');
        } else {
            if (child > 1)
                kill(child, SIGKILL);
            child = 0;
        }
    }
}

/* The group is killed while the adapter, running or ended, still holds its number. Whoever dies hands its
 * children to the guardian, so the rounds go on until nobody is left. */
static void kill_everything(pid_t adapter)
{
    kill(-adapter, SIGKILL);
    kill(adapter, SIGKILL); /* it may not have come to make its group */
    for (int round = 0; round < KILL_ROUNDS; round++) {
        kill_children();
        pid_t gone;
        do {
            gone = waitpid(-1, NULL, WNOHANG);
        } while (gone > 0);
        if (gone < 0 && errno == ECHILD)
            return;
        pause_briefly();
    }
}

/* Tells the kit when the adapter has ended, and leaves it unreaped so that its number is not given to
 * another. The system call, because the library's waitid() does not hand out the resource usage. */
static bool report_if_ended(pid_t adapter, int end_fd)
{
    siginfo_t how = { 0 };
    struct rusage usage = { 0 };
    if (syscall(SYS_waitid, P_PID, adapter, &how, WEXITED | WNOHANG | WNOWAIT, &usage) != 0 ||
        how.si_pid != adapter)
        return false;
    report_end(end_fd, &(struct vpci_process_end){ .signal = how.si_code == CLD_EXITED ? 0 : how.si_status,
                                                   .exit_code = how.si_code == CLD_EXITED ? how.si_status : 0,
                                                   .peak_bytes = (int64_t)usage.ru_maxrss * 1024 });
    return true;
}

static _Noreturn void become_guardian(const struct start *start)
{
    default_signals();
    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != start->kit)
        _exit(0);
    const int end = start->pipes[END_PIPE].write_end;
    const pid_t adapter = _Fork();
    if (adapter == 0)
        become_adapter(start);
    const int fork_errno = errno;
    close_all_but(end);
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    if (adapter < 0) {
        report_end(end, &(struct vpci_process_end){ .exec_errno = fork_errno });
        _exit(0);
    }
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGTERM);
    for (bool ended = false;;) {
        ended = ended || report_if_ended(adapter, end);
        if (sigwaitinfo(&awaited, NULL) == SIGTERM) {
            kill_everything(adapter);
            _exit(0);
        }
    }
}

/* With all signals blocked, so that no handler of the kit runs in the guardian, where it waits for its own.
 */
static pid_t fork_guardian(const struct start *start)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t guardian = fork();
    if (guardian == 0)
        become_guardian(start);
    const int fork_errno = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = fork_errno;
    return guardian;
}

static bool set_up(struct start *start, char **command_out, const char *command)
{
    for (int i = 0; i < PIPE_COUNT; i++) {
        if (!make_pipe(&start->pipes[i]))
            return false;
    }
    const size_t bytes = strlen(command) + sizeof "exec ";
    *command_out = malloc(bytes);
    if (*command_out == NULL)
        return false;
    snprintf(*command_out, bytes, "exec %s", command);
    start->shell_command = *command_out;
    return true;
}

bool vpci_process_start(struct vpci_process *process, const char *command, uint64_t memory_bytes, char *error,
                        size_t error_bytes)
{
    struct start start = { .memory_bytes = memory_bytes, .kit = getpid() };
    for (int i = 0; i < PIPE_COUNT; i++)
        start.pipes[i] = (struct pipe_ends){ -1, -1 };
    char *shell_command = NULL;
    const pid_t guardian = set_up(&start, &shell_command, command) ? fork_guardian(&start) : -1;
    if (guardian < 0)
        snprintf(error, error_bytes, "cannot start a process: %s", strerror(errno));
    free(shell_command);
    close_fd(&start.pipes[STDIN_PIPE].read_end);
    close_fd(&start.pipes[STDOUT_PIPE].write_end);
    close_fd(&start.pipes[STDERR_PIPE].write_end);
    close_fd(&start.pipes[END_PIPE].write_end);
    *process = (struct vpci_process){ .guardian = guardian,
                                      .to_adapter = start.pipes[STDIN_PIPE].write_end,
                                      .from_adapter = start.pipes[STDOUT_PIPE].read_end,
                                      .errors = start.pipes[STDERR_PIPE].read_end,
                                      .end = start.pipes[END_PIPE].read_end };
    int *const ends[] = { &process->to_adapter, &process->from_adapter, &process->errors, &process->end };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (guardian < 0)
            close_fd(ends[i]);
        else
            fcntl(*ends[i], F_SETFL, O_NONBLOCK);
    }
    return guardian > 0;
}

void vpci_process_finish(struct vpci_process *process)
{
    if (process->guardian > 0) {
        kill(process->guardian, SIGTERM);
        for (int round = 0; waitpid(process->guardian, NULL, WNOHANG) == 0; round++) {
            if (round == FINISH_ROUNDS)
                kill(process->guardian, SIGKILL);
            pause_briefly();
        }
    }
    process->guardian = -1;
    close_fd(&process->end);
}
