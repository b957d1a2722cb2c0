/* SPDX-License-Identifier: MIT */
/* tests/unit/test_pinned.c - holds the model to what it says of the histories in tests/unit/pinned.jsonl.
 * Each was found because some small mistake in the model changed nothing but what is said of it
 * (docs/mutation.md). A change of the model that changes a line is to be looked at, and then the line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/file.h"
#include "tests/mutation/pinned.h"

enum { FILE_BYTES_MAX = 16 * 1024 * 1024 };

static const char path[] = "tests/unit/pinned.jsonl";

static bool prints; /* what the model says now, instead of comparing */

static void hold(const struct pinned_model *model, const char *line, size_t length, unsigned number)
{
    struct vpci_record_error error = { "" };
    struct vpci_arena arena = { 0 };
    struct vpci_text said = { 0 };
    struct pinned history;
    cJSON *object = vpci_json_parse(line, length, error.reason, sizeof error.reason);
    if (object == NULL || !pinned_parse(&history, object, &arena, &error))
        fail_msg("%s:%u: %s", path, number, error.reason);
    const struct pinned_outcome outcome = pinned_judge(model, &history);
    pinned_print(&said, &history,
                 &outcome); /* as far as it was judged: events behind a violation are missing */
    if (prints)
        printf("%s\n", said.bytes);
    else if (said.length != length || memcmp(said.bytes, line, length) != 0)
        fail_msg("%s:%u: the model says now\n%s\nof\n%.*s", path, number, said.bytes, (int)length, line);
    vpci_text_free(&said);
    vpci_arena_free(&arena);
    cJSON_Delete(object);
}

static void the_model_says_what_it_said(void **state)
{
    (void)state;
    char error[VPCI_DETAIL_BYTES], *bytes = NULL;
    size_t length = 0;
    struct pinned_model model = { .bytes = vpci_model_bytes,
                                  .init = vpci_model_init,
                                  .judge = vpci_model_judge,
                                  .exercised = vpci_model_exercised,
                                  .unjudged = vpci_model_contents_unjudged };
    pinned_model_prepare(&model);
    if (!vpci_file_read(path, FILE_BYTES_MAX, &bytes, &length, error, sizeof error))
        fail_msg("%s", error);
    unsigned number = 0;
    for (const char *line = bytes, *end; (end = memchr(line, '\n', length - (size_t)(line - bytes))) != NULL;
         line = end + 1)
        hold(&model, line, (size_t)(end - line), ++number);
    assert_true(number > 0);
    free(bytes);
    free(model.memory);
    free(model.interval_memory);
}

/* test_pinned --print: the file as the model would have it. */
int main(int argc, char **argv)
{
    prints = argc > 1 && strcmp(argv[1], "--print") == 0;
    if (prints) {
        the_model_says_what_it_said(NULL);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_model_says_what_it_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
