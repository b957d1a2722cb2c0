/* SPDX-License-Identifier: MIT */
/* tests/unit/test_suite.c - a corpus on disk: order, names, digests, selection; hostile folders and files;
 * and texts with bytes changed at random, which must be taken or refused with a reason, and never more than
 * that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/scenario_internal.h"

#define TEXT                                                                       \
    "{\"purpose\":\"p\",\"requirements\":[\"RD-01\"],\"vary\":{\"length\":[1,2]}," \
    "\"steps\":[{\"event\":\"read\",\"block\":1,\"length\":\"$length\"}]}"

static char folder[64];
static char error[VPCI_ERROR_BYTES];

static const char *path_of(const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
}

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/vpci-test-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static struct vpci_suite *load(const char *name)
{
    error[0] = '\0';
    return vpci_suite_load(path_of(name), error);
}

static void assert_refused(const char *name, const char *part_of_error)
{
    assert_null(load(name));
    if (strstr(error, part_of_error) == NULL)
        fail_msg("%s", error);
}

/* Two scenarios, of which the names sort otherwise than the paths. */
static void make_corpus(void)
{
    assert_int_equal(mkdir(path_of("scenarios"), 0700), 0);
    assert_int_equal(mkdir(path_of("scenarios/direct"), 0700), 0);
    write_file("scenarios/direct/a-read.json", TEXT);
    write_file("scenarios/direct/a.json", TEXT);
    write_file("scenarios/direct/notes.txt", "not a scenario");
    write_file("scenarios/.hidden.json", "not a scenario");
}

static void a_folder_is_loaded_in_order_of_names(void **state)
{
    (void)state;
    make_corpus();
    struct vpci_suite *suite = load("scenarios");
    if (suite == NULL)
        fail_msg("%s", error);
    static const char *const names[] = { "direct/a[length=1]", "direct/a[length=2]",
                                         "direct/a-read[length=1]", "direct/a-read[length=2]" };
    assert_int_equal(vpci_suite_scenario_count(suite), 2);
    assert_int_equal(vpci_suite_case_count(suite), 4);
    struct vpci_case_scratch scratch = { 0 };
    for (uint32_t i = 0; i < 4; i++) {
        struct vpci_case made;
        vpci_suite_case(suite, i, &scratch, &made);
        assert_string_equal(made.name, names[i]);
        assert_string_equal(vpci_suite_case_name(suite, i), names[i]);
        assert_int_equal(made.steps[0].event.length, i % 2 + 1);
    }
    vpci_case_scratch_free(&scratch);
    assert_string_equal(vpci_scenario_purpose(vpci_suite_scenario(suite, 1)), "p");
    char digest[VPCI_SHA256_TEXT_BYTES];
    static const char all[] = "direct/a\0" TEXT "\0direct/a-read\0" TEXT;
    vpci_digest_of_bytes(all, sizeof all, digest);
    assert_string_equal(vpci_suite_digest(suite), digest);
    vpci_digest_of_bytes(TEXT, strlen(TEXT), digest);
    assert_string_equal(vpci_scenario_digest(vpci_suite_scenario(suite, 0)), digest);
    vpci_suite_free(suite);
}

static void cases_are_selected_among_all(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        uint32_t count;
    } patterns[] = {
        { "", 4 },           { "read", 2 },
        { "[length=2]", 2 }, { "direct/*", 4 },
        { "*read", 0 },      { "*[length=2]", 2 },
        { "read*", 0 },      { "*re?d*=1]", 1 },
        { "direct/a[*", 2 }, { "direct/a?read*", 2 },
        { "nothing", 0 },    { "****************************x", 0 },
        { "*", 4 },
    };
    struct vpci_suite *suite = load("scenarios");
    assert_non_null(suite);
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        assert_int_equal(vpci_suite_select(suite, patterns[i].pattern), patterns[i].count);
        assert_int_equal(vpci_suite_case_count(suite), patterns[i].count);
    }
    vpci_suite_select(suite, "a-read[length=2]");
    assert_string_equal(vpci_suite_case_name(suite, 0), "direct/a-read[length=2]");
    vpci_suite_free(suite);
}

static void a_single_file_is_named_below_scenarios(void **state)
{
    (void)state;
    struct vpci_suite *suite = load("scenarios/direct/a-read.json");
    assert_non_null(suite);
    assert_string_equal(vpci_suite_case_name(suite, 0), "direct/a-read[length=1]");
    vpci_suite_free(suite);
    suite = load("scenarios/direct/../direct/a-read.json");
    assert_non_null(suite);
    assert_string_equal(vpci_suite_case_name(suite, 0), "direct/a-read[length=1]");
    vpci_suite_free(suite);
    write_file("alone.json", TEXT);
    suite = load("alone.json");
    assert_non_null(suite);
    assert_string_equal(vpci_suite_case_name(suite, 0), "alone[length=1]");
    vpci_suite_free(suite);
}

static void hostile_folders_and_files_are_refused(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path_of("hostile"), 0700), 0);
    assert_refused("absent", "absent: No such file or directory");
    assert_refused("hostile", "no scenario found below ");
    assert_int_equal(symlink("..", path_of("hostile/loop")), 0); /* not followed */
    assert_int_equal(symlink("..", path_of("hostile/loop.json")), 0);
    assert_refused("hostile", "no scenario found below ");
    assert_int_equal(symlink("nowhere", path_of("hostile/dangling.json")), 0);
    assert_refused("hostile", "hostile/dangling.json: No such file or directory");
    assert_int_equal(unlink(path_of("hostile/dangling.json")), 0);
    assert_int_equal(mkfifo(path_of("hostile/pipe.json"), 0600), 0);
    assert_refused("hostile", "hostile/pipe.json: not a regular file");
    assert_int_equal(unlink(path_of("hostile/pipe.json")), 0);
    write_file("hostile/large.json", TEXT);
    assert_int_equal(truncate(path_of("hostile/large.json"), 100 << 20), 0);
    assert_refused("hostile", "hostile/large.json: larger than 1048576 bytes");
    assert_refused("hostile/large.json", "hostile/large.json: larger than 1048576 bytes");
    assert_int_equal(unlink(path_of("hostile/large.json")), 0);
    write_file("hostile/two words.json", TEXT);
    assert_refused("hostile", "two words.json: the file's name may have letters, digits and - _ . only");
    assert_int_equal(unlink(path_of("hostile/two words.json")), 0);
    write_file("hostile/closed.json", TEXT);
    assert_int_equal(chmod(path_of("hostile/closed.json"), 0), 0);
    if (geteuid() != 0) /* root reads everything */
        assert_refused("hostile", "hostile/closed.json: Permission denied");
    assert_int_equal(unlink(path_of("hostile/closed.json")), 0);
    write_file("hostile/wrong.json", "{}");
    write_file("hostile/a-right-one.json", TEXT);
    assert_refused("hostile", "hostile/wrong.json: /purpose: missing");
}

static void folders_have_a_largest_depth(void **state)
{
    (void)state;
    char name[512] = "deep";
    for (int depth = 0; depth < VPCI_FOLDER_DEPTH_MAX + 2; depth++) {
        assert_int_equal(mkdir(path_of(name), 0700), 0);
        strcat(name, "/d");
    }
    assert_refused("deep", "more than 32 folders deep");
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static const char *const texts[] = {
    TEXT,
    "{\"purpose\":\"p\",\"requirements\":[\"RD-01\",\"IV-02\"],\"roles\":[\"bus\",\"vsc\"],"
    "\"capabilities\":[\"irql\"],"
    "\"device\":{\"vfs\":2},\"pf\":{\"answer\":\"hold\",\"status\":\"CANCELLED\",\"count\":7,\"data\":"
    "\"zeros\"},"
    "\"start\":\"manual\",\"vary\":{\"a\":{\"from\":1,\"to\":9,\"step\":2},\"b\":[{\"name\":\"x\",\"n\":1},{"
    "\"n\":2}]},"
    "\"cover\":\"pairs\",\"steps\":[{\"repeat\":3,\"steps\":[{\"event\":\"ioctl\",\"code\":\"WRITE_BLOCK\","
    "\"block\":\"$a\",\"length\":\"$b.n+1\",\"payload\":\"ones\",\"inside\":1}]},{\"answer\":\"oldest\","
    "\"count\":\"$a-1\"},"
    "{\"expect\":{\"event\":\"ioctl_complete\",\"status\":[\"SUCCESS\",\"0xc0000001\"]},\"requirement\":\"IW-"
    "01\"}]}",
};

/* Changes one to four places: another byte, a flipped bit, a byte taken out, or the end cut off. */
static size_t damage(uint64_t *random, char *bytes, size_t length)
{
    static const char likely[] = "\"{}[]:,$0123456789.-+eax\\\n";
    for (uint64_t changes = next_random(random) % 4 + 1; changes > 0 && length > 0; changes--) {
        const size_t at = next_random(random) % length;
        switch (next_random(random) % 4) {
        case 0:
            bytes[at] = likely[next_random(random) % (sizeof likely - 1)];
            break;
        case 1:
            bytes[at] = (char)(bytes[at] ^ 1 << next_random(random) % 8);
            break;
        case 2:
            memmove(bytes + at, bytes + at + 1, --length - at);
            break;
        default:
            length = next_random(random) % 8 == 0 ? at : length;
            break;
        }
    }
    return length;
}

static void damaged_texts_are_taken_or_refused_with_a_reason(void **state)
{
    (void)state;
    uint64_t random = 1;
    uint32_t taken = 0;
    for (int round = 0; round < 20000; round++) {
        const char *text = texts[round % 2];
        size_t length = strlen(text);
        char *bytes = malloc(length);
        memcpy(bytes, text, length);
        length = damage(&random, bytes, length);
        char *exact = malloc(length + 1); /* so that a sanitizer sees reading behind the end */
        memcpy(exact, bytes, length);
        exact = realloc(exact, length == 0 ? 1 : length);
        struct vpci_arena arena = { 0 };
        error[0] = '\0';
        struct vpci_scenario *scenario = scenario_load(&arena, "f.json", "f", exact, length, error);
        assert_true(scenario != NULL || strncmp(error, "f.json: ", 8) == 0);
        assert_true(scenario != NULL || strlen(error) > 12);
        if (scenario != NULL) {
            taken++;
            scenario_free(scenario);
        }
        vpci_arena_free(&arena);
        free(exact);
        free(bytes);
    }
    assert_in_range(taken, 1000, 19000); /* both happen */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_is_loaded_in_order_of_names),
        cmocka_unit_test(cases_are_selected_among_all),
        cmocka_unit_test(a_single_file_is_named_below_scenarios),
        cmocka_unit_test(hostile_folders_and_files_are_refused),
        cmocka_unit_test(folders_have_a_largest_depth),
        cmocka_unit_test(damaged_texts_are_taken_or_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
