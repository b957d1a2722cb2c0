/* SPDX-License-Identifier: MIT */
/* fuzzers/targets/parse_trace.c - any bytes as a recorded trace. What is taken is printed, read and printed:
 * the same bytes. */
#include "fuzzers/targets/property.h"
#include "harness/event_json.h"
#include "harness/trace.h"

VPCI_PROPERTY(print_is_read, "a printed trace is read again")
VPCI_PROPERTY(print_is_kept, "a trace that was printed and read prints the same bytes")
VPCI_PROPERTY(refused_is_empty, "a refused trace is empty")

static void print(struct vpci_text *text, const struct vpci_trace *trace)
{
    vpci_trace_print_header(text, &trace->header);
    for (uint32_t i = 0; i < trace->event_count; i++) {
        vpci_event_print(text, &trace->events[i]);
        vpci_text_add(text, "\n");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char name[] = "input";
    char error[VPCI_TRACE_ERROR_BYTES] = "";
    struct vpci_trace trace, again;
    if (!vpci_trace_read_bytes(&trace, name, (const char *)bytes, length, error)) {
        vpci_hold_error_of(name, error, sizeof error);
        VPCI_HOLD(refused_is_empty, trace.events == NULL && trace.event_count == 0, error);
        return 0;
    }
    struct vpci_text first = { 0 }, second = { 0 };
    print(&first, &trace);
    VPCI_HOLD(print_is_read, vpci_trace_read_bytes(&again, name, first.bytes, first.length, error),
              first.bytes);
    print(&second, &again);
    VPCI_HOLD(print_is_kept, vpci_same_text(&first, &second), first.bytes);
    vpci_text_free(&first);
    vpci_text_free(&second);
    vpci_trace_free(&trace);
    vpci_trace_free(&again);
    return 0;
}
