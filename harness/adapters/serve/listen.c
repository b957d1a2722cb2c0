/* SPDX-License-Identifier: MIT */
/* harness/adapters/serve/listen.c - vpci-serve on a socket. Each connection gets a process, so that several
 * workers of a kit can be served at once and a crash of the plug-in ends one dialog only. */
#include "harness/adapters/serve/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { EXIT_CANNOT_LISTEN = 2, WAITING_CONNECTIONS = 64 };

static int complain(const char *what, const char *where, const char *reason)
{
    fprintf(stderr, "vpci-serve: %s %s: %s\n", what, where, reason);
    return EXIT_CANNOT_LISTEN;
}

static int accept_for_ever(const struct vpci_plugin *plugin, int listener, const char *where)
{
    signal(SIGCHLD, SIG_IGN); /* the processes of ended dialogs need no burial */
    signal(SIGPIPE, SIG_IGN);
    const pid_t parent = getpid();
    for (;;) {
        const int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection < 0 && errno != EINTR && errno != ECONNABORTED)
            return complain("cannot accept at", where, strerror(errno));
        if (connection < 0)
            continue;
        const pid_t dialog = fork();
        if (dialog == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != parent)
                _exit(EXIT_CANNOT_LISTEN);
            close(listener);
            setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 },
                       sizeof(int)); /* of no effect on unix */
            exit(serve_dialog(plugin, connection, connection));
        }
        close(connection);
    }
}

/* A socket that nobody answers at was left by a program that was killed, and may be replaced. */
static void remove_stale(const struct sockaddr_un *address)
{
    struct stat what;
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0)
        return;
    if (lstat(address->sun_path, &what) == 0 && S_ISSOCK(what.st_mode) &&
        connect(probe, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED)
        unlink(address->sun_path);
    close(probe);
}

int serve_listen_unix(const struct vpci_plugin *plugin, const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (path[0] == '\0' || strlen(path) >= sizeof address.sun_path)
        return complain("cannot listen at", path, "the path is empty or too long");
    memcpy(address.sun_path, path, strlen(path));
    remove_stale(&address);
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, WAITING_CONNECTIONS) != 0)
        return complain("cannot listen at", path, strerror(errno));
    printf("unix:%s\n", path);
    fflush(stdout);
    return accept_for_ever(plugin, listener, path);
}

static int bind_tcp(const char *host, const char *port, char *reason, size_t reason_bytes)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    struct addrinfo *found = NULL;
    const int answer = getaddrinfo(host, port, &hints, &found);
    if (answer != 0) {
        snprintf(reason, reason_bytes, "%s", gai_strerror(answer));
        return -1;
    }
    int listener = -1;
    for (const struct addrinfo *at = found; at != NULL && listener < 0; at = at->ai_next) {
        listener = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (listener < 0)
            continue;
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
        if (bind(listener, at->ai_addr, at->ai_addrlen) != 0 || listen(listener, WAITING_CONNECTIONS) != 0) {
            snprintf(reason, reason_bytes, "%s", strerror(errno));
            close(listener);
            listener = -1;
        }
    }
    freeaddrinfo(found);
    return listener;
}

static unsigned port_of(int listener)
{
    struct sockaddr_storage address = { 0 };
    socklen_t size = sizeof address;
    if (getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        return 0;
    return address.ss_family == AF_INET6 ? ntohs(((const struct sockaddr_in6 *)&address)->sin6_port)
                                         : ntohs(((const struct sockaddr_in *)&address)->sin_port);
}

int serve_listen_tcp(const struct vpci_plugin *plugin, const char *where)
{
    char host[256], reason[256] = "HOST:PORT is wanted";
    snprintf(host, sizeof host, "%s", where);
    char *colon = strrchr(host, ':');
    if (strlen(where) >= sizeof host || colon == NULL || colon == host)
        return complain("cannot listen at", where, reason);
    *colon = '\0';
    const size_t length = strlen(host);
    const bool bracketed = length > 2 && host[0] == '[' && host[length - 1] == ']';
    if (bracketed)
        host[length - 1] = '\0';
    const int listener = bind_tcp(bracketed ? host + 1 : host, colon + 1, reason, sizeof reason);
    if (listener < 0)
        return complain("cannot listen at", where, reason);
    printf(bracketed ? "tcp:%s]:%u\n" : "tcp:%s:%u\n", host, port_of(listener));
    fflush(stdout);
    return accept_for_ever(plugin, listener, where);
}
