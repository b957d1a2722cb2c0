/* SPDX-License-Identifier: MIT */
/* harness/channel_socket.c - see harness/channel_socket.h. */
#include "harness/channel_socket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness/channel_stream.h"

/* 0, or the error number of a connection that did not come about in time. */
static int finish_connecting(int fd, int64_t until_ms)
{
    struct pollfd polled = { .fd = fd, .events = POLLOUT };
    for (;;) {
        const int64_t left_ms = until_ms - vpci_stream_now_ms();
        const int ready = left_ms <= 0 ? 0 : poll(&polled, 1, left_ms > INT32_MAX ? INT32_MAX : (int)left_ms);
        if (ready == 0)
            return ETIMEDOUT;
        if (ready > 0) {
            int reason = 0;
            socklen_t size = sizeof reason;
            return getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &size) == 0 ? reason : errno;
        }
        if (errno != EINTR)
            return errno;
    }
}

static int connect_to(int family, const struct sockaddr *address, socklen_t address_bytes, int64_t until_ms)
{
    const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    int reason = connect(fd, address, address_bytes) == 0 ? 0 : errno;
    if (reason == EINPROGRESS)
        reason = finish_connecting(fd, until_ms);
    if (reason == 0)
        return fd;
    close(fd);
    errno = reason;
    return -1;
}

static int connect_unix(const char *path, int64_t until_ms, char *error, size_t error_bytes)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (path[0] == '\0' || strlen(path) >= sizeof address.sun_path) {
        snprintf(error, error_bytes, "unix: a path of 1 to %zu bytes is wanted", sizeof address.sun_path - 1);
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    const int fd = connect_to(AF_UNIX, (const struct sockaddr *)&address, sizeof address, until_ms);
    if (fd < 0)
        snprintf(error, error_bytes, "cannot connect to unix:%s: %s", path, strerror(errno));
    return fd;
}

/* Splits HOST:PORT or [HOST]:PORT at its last colon. */
static const char *split(char *host)
{
    char *colon = strrchr(host, ':');
    if (colon == NULL || colon[1] == '\0' || colon == host)
        return NULL;
    *colon = '\0';
    const size_t length = strlen(host);
    if (host[0] == '[') {
        if (length < 3 || host[length - 1] != ']')
            return NULL;
        memmove(host, host + 1, length - 2);
        host[length - 2] = '\0';
    }
    return colon + 1;
}

static int connect_tcp(const char *where, int64_t until_ms, char *error, size_t error_bytes)
{
    char host[256];
    snprintf(host, sizeof host, "%s", where);
    const char *port = strlen(where) < sizeof host ? split(host) : NULL;
    if (port == NULL) {
        snprintf(error, error_bytes, "tcp: HOST:PORT or [ADDRESS]:PORT is wanted");
        return -1;
    }
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    const int answer = getaddrinfo(host, port, &hints, &found);
    if (answer != 0) {
        snprintf(error, error_bytes, "cannot find tcp:%s: %s", where, gai_strerror(answer));
        return -1;
    }
    int fd = -1;
    for (const struct addrinfo *at = found; at != NULL && fd < 0; at = at->ai_next)
        fd = connect_to(at->ai_family, at->ai_addr, at->ai_addrlen, until_ms);
    if (fd < 0)
        snprintf(error, error_bytes, "cannot connect to tcp:%s: %s", where, strerror(errno));
    else
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int)); /* lines are short and awaited */
    freeaddrinfo(found);
    return fd;
}

int vpci_socket_connect(const char *spec, int64_t until_ms, char *error, size_t error_bytes)
{
    if (strncmp(spec, "unix:", 5) == 0)
        return connect_unix(spec + 5, until_ms, error, error_bytes);
    if (strncmp(spec, "tcp:", 4) == 0)
        return connect_tcp(spec + 4, until_ms, error, error_bytes);
    snprintf(error, error_bytes, "exec:COMMAND, unix:PATH or tcp:HOST:PORT is wanted");
    return -1;
}
