/* SPDX-License-Identifier: MIT */
/* harness/adapters/serve/main.c - vpci-serve PLUGIN.so [--unix PATH | --tcp HOST:PORT]: a plug-in
 * of either style as an adapter in a process of its own, on standard input and output or listening on a
 * socket. */
#include "harness/adapters/serve/serve.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/blocking.h"

enum { EXIT_USAGE = 2 };

static const char usage[] = "usage: vpci-serve PLUGIN.so [--unix PATH | --tcp HOST:PORT]\n";

static const struct vpci_plugin *complain(const char *path, const char *reason)
{
    fprintf(stderr, "vpci-serve: %s: %s\n", path, reason);
    return NULL;
}

static bool is_whole(const struct vpci_event_driven *functions)
{
    return functions->open != NULL && functions->submit != NULL && functions->close != NULL;
}

static const struct vpci_plugin *load(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return complain(path, dlerror());
    const struct vpci_plugin *(*entry)(void) = NULL;
    *(void **)&entry = dlsym(library, VPCI_PLUGIN_ENTRY);
    if (entry == NULL)
        return complain(path, "it does not export " VPCI_PLUGIN_ENTRY);
    const struct vpci_plugin *plugin = entry();
    if (plugin == NULL || plugin->abi != VPCI_PLUGIN_ABI || plugin->table_bytes != sizeof *plugin)
        return complain(path, "its table is of another version of the plug-in interface");
    if (plugin->name == NULL || plugin->version == NULL || plugin->roles == 0)
        return complain(path, "its table lacks a name, a version or a role");
    if ((plugin->event_driven == NULL) == (plugin->blocking == NULL))
        return complain(path, "not exactly one of event_driven and blocking is set");
    static struct vpci_plugin bridged;
    if (plugin->blocking != NULL) {
        bridged = *plugin;
        bridged.event_driven = vpci_blocking_bridge(plugin->blocking);
        plugin = &bridged;
    }
    return is_whole(plugin->event_driven) ? plugin : complain(path, "its table lacks open, submit or close");
}

/* What the plug-in itself prints must not get among the lines: standard output becomes standard error for it.
 */
static int serve_on_standard_streams(const struct vpci_plugin *plugin)
{
    const int out = dup(STDOUT_FILENO);
    if (out < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        perror("vpci-serve: standard output");
        return EXIT_USAGE;
    }
    signal(SIGPIPE, SIG_IGN);
    return serve_dialog(plugin, STDIN_FILENO, out);
}

int main(int argument_count, char **arguments)
{
    const bool listens_unix = argument_count == 4 && strcmp(arguments[2], "--unix") == 0;
    const bool listens_tcp = argument_count == 4 && strcmp(arguments[2], "--tcp") == 0;
    if ((argument_count != 2 && !listens_unix && !listens_tcp) || arguments[1][0] == '-') {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    const struct vpci_plugin *plugin = load(arguments[1]);
    if (plugin == NULL)
        return EXIT_USAGE;
    if (listens_unix)
        return serve_listen_unix(plugin, arguments[3]);
    if (listens_tcp)
        return serve_listen_tcp(plugin, arguments[3]);
    return serve_on_standard_streams(plugin);
}
