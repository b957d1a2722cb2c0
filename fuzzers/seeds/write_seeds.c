/* SPDX-License-Identifier: MIT */
/* fuzzers/seeds/write_seeds.c - SCENARIOS FOLDER: writes the first case of every scenario as an input of the
 * targets whose input is records. It is linked like a target, because the code that it calls was compiled
 * with the engine's callbacks, but it has ended before the engine begins. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzzers/decoder.h"
#include "harness/scenario.h"

enum { INPUT_BYTES_MAX = 4096, PATH_BYTES = 4096 };

/* Engines call these by name. */
int LLVMFuzzerInitialize(int *argument_count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static _Noreturn void give_up(const char *reason)
{
    fprintf(stderr, "write_seeds: %s\n", reason);
    _Exit(3);
}

static void write_seed(const char *folder, const struct vpci_case *test)
{
    uint8_t bytes[INPUT_BYTES_MAX];
    char path[PATH_BYTES];
    const size_t length = vpci_encode(test, bytes, sizeof bytes);
    if (length == 0)
        return; /* too long for an input */
    const int used = snprintf(path, sizeof path, "%s/", folder);
    snprintf(path + used, sizeof path - (size_t)used, "%s", vpci_scenario_name(test->scenario));
    for (char *at = path + used; *at != '\0'; at++)
        *at = *at == '/' ? '_' : *at;
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
        give_up("cannot write");
}

int LLVMFuzzerInitialize(int *argument_count, char ***arguments)
{
    if (*argument_count != 3)
        give_up("SCENARIOS and FOLDER are wanted");
    char error[VPCI_ERROR_BYTES];
    struct vpci_case_scratch scratch = { 0 };
    struct vpci_case test;
    const struct vpci_scenario *last = NULL;
    struct vpci_suite *suite = vpci_suite_load((*arguments)[1], error);
    if (suite == NULL)
        give_up(error);
    for (uint32_t i = 0; i < vpci_suite_case_count(suite); i++) {
        vpci_suite_case(suite, i, &scratch, &test);
        if (test.scenario != last)
            write_seed((*arguments)[2], &test);
        last = test.scenario;
    }
    vpci_case_scratch_free(&scratch);
    vpci_suite_free(suite);
    _Exit(0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    return 0;
}
