/* SPDX-License-Identifier: MIT */
/* tests/unit/test_model_profile.c - the choices: the default accepts all that the register accepts, a profile
 * narrows it and never widens it beyond its entry. */
#include "tests/unit/history.h"

#define BAD_STATUS "ir; pf_read; answer s=NOT_FOUND; complete s=UNSUCCESSFUL"
#define ROUNDED    "ir; pf_read; answer d=A3; complete i=4 d=A3+Z5"
#define EIGHT      "raise m=1; iv; complete i=8 m=1"
#define EMPTY_DONE "read n=0; read_return"
#define EMPTY_NOT  "read n=0; read_return s=INVALID_PARAMETER"
#define LOST       "raise m=1; iv; return s=PENDING; rest"
#define SHORT_DONE "iw n=2 input_length=10; pf_write n=2; took; complete i=2"
#define SHORT_NOT  "iw n=2 input_length=10; complete s=BUFFER_TOO_SMALL"

static const struct history bundled[] = {
    { "default, another error code", BAD_STATUS, NULL },
    { "default, a rounded count", ROUNDED, "~IR-05" },
    { "default, Information 8", EIGHT, "~IV-03" },
    { "default, nothing read", EMPTY_DONE, NULL },
    { "default, nothing refused", EMPTY_NOT, NULL },
    { "default, lost with nobody waiting", LOST, "IV-04" },
    { "default, a short structure written", SHORT_DONE, NULL },
    { "default, a short structure refused", SHORT_NOT, NULL },
    { "strict, another error code", BAD_STATUS, "~IR-08", .profile = "strict" },
    { "strict, the PF's own code", "ir; pf_read; answer s=NOT_FOUND; complete s=NOT_FOUND", NULL,
      .profile = "strict" },
    { "strict, a rounded count", ROUNDED, "IR-05", .profile = "strict" },
    { "strict, Information 8", EIGHT, "IV-03", .profile = "strict" },
    { "strict, nothing read", EMPTY_DONE, NULL, .profile = "strict" },
    { "strict, a short structure written", SHORT_DONE, NULL, .profile = "strict" },
    { "windows, a short structure written", "iw n=2 input_length=10; pf_write n=2", "IW-08",
      .profile = "windows" },
    { "windows, a short structure succeeds", "iw n=2 input_length=10; complete i=2", "IW-08",
      .profile = "windows" },
    { "windows, a short structure refused", SHORT_NOT, NULL, .profile = "windows" },
    { "windows, a rounded count", ROUNDED, "~IR-05", .profile = "windows" },
    { "linux-guest, nothing read", EMPTY_DONE, "RD-05", .profile = "linux-guest" },
    { "linux-guest, nothing refused", EMPTY_NOT, NULL, .profile = "linux-guest" },
    { "linux-guest, lost with nobody waiting", LOST, NULL, .profile = "linux-guest" },
    { "linux-guest, lost although somebody waited", "iv; return s=PENDING; raise m=1; rest", "IV-01",
      .profile = "linux-guest" },
    { "linux-guest, a rounded count", ROUNDED, NULL, .profile = "linux-guest" },
    { "linux-guest, rounded too far", "ir; pf_read; answer d=A3; complete i=5 d=A3+Z5", "IR-05",
      .profile = "linux-guest" },
    { "linux-guest, 128 refused", "read n=128; read_return s=UNSUCCESSFUL", "DC-03",
      .profile = "linux-guest" },
    { NULL },
};

static void judges_by_the_bundled_profiles(void **state)
{
    (void)state;
    judge_all(bundled);
}

/* One profile for each value of each choice: what the register calls either way stays so in all others. */
static struct vpci_judgement last_judgement(const char *events, const struct vpci_profile *profile)
{
    static struct vpci_event parsed[HISTORY_EVENTS_MAX];
    const struct history history = { "choice", events };
    const uint32_t count = history_parse(events, parsed);
    struct vpci_model *model = history_model(&history, NULL, 0);
    const struct vpci_model_options options = { .role = VPCI_ROLE_BUS,
                                                .vf_count = 2,
                                                .capabilities = VPCI_CAPABILITY_BIT(PF_COUNT),
                                                .exact_order = true,
                                                .profile = profile };
    vpci_model_init(model, &options);
    struct vpci_judgement judgement = { .verdict = VPCI_ALLOWED };
    const struct vpci_event start = { .kind = VPCI_EVENT_START, .fields = VPCI_F(VF) };
    (void)vpci_model_judge(model, &start);
    for (uint32_t i = 0; i < count && judgement.verdict < VPCI_WARNING; i++)
        judgement = vpci_model_judge(model, &parsed[i]);
    for (uint32_t i = 0; i < count; i++)
        free((void *)(uintptr_t)parsed[i].data);
    free(model);
    return judgement;
}

static void each_value_of_each_choice_is_what_it_says(void **state)
{
    (void)state;
    static const struct {
        enum vpci_choice choice;
        const char *events;
        enum vpci_verdict verdicts[3]; /* at least; by value */
    } rows[] = {
        { VPCI_CHOICE_ZERO_LENGTH, EMPTY_DONE, { VPCI_ALLOWED, VPCI_ALLOWED, VPCI_VIOLATION } },
        { VPCI_CHOICE_ZERO_LENGTH, EMPTY_NOT, { VPCI_ALLOWED, VPCI_VIOLATION, VPCI_ALLOWED } },
        { VPCI_CHOICE_SHORT_WRITE_INPUT, SHORT_DONE, { VPCI_ALLOWED, VPCI_ALLOWED, VPCI_VIOLATION } },
        { VPCI_CHOICE_SHORT_WRITE_INPUT, SHORT_NOT, { VPCI_ALLOWED, VPCI_VIOLATION, VPCI_ALLOWED } },
        { VPCI_CHOICE_STATUS_PASS_THROUGH, BAD_STATUS, { VPCI_ALLOWED, VPCI_WARNING, VPCI_VIOLATION } },
        { VPCI_CHOICE_NOTIFY_NOBODY, LOST, { VPCI_VIOLATION, VPCI_ALLOWED, VPCI_ALLOWED } },
        { VPCI_CHOICE_ROUNDED_COUNT, ROUNDED, { VPCI_WARNING, VPCI_ALLOWED, VPCI_VIOLATION } },
        { VPCI_CHOICE_INVALIDATE_INFORMATION, EIGHT, { VPCI_WARNING, VPCI_ALLOWED, VPCI_VIOLATION } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (uint8_t value = 0; value < 3 && vpci_choice_info[rows[i].choice].values[value] != NULL;
             value++) {
            struct vpci_profile profile = { .name = "one choice" };
            profile.choices[rows[i].choice] = value;
            const struct vpci_judgement judgement = last_judgement(rows[i].events, &profile);
            const enum vpci_verdict held =
                judgement.verdict < VPCI_WARNING ? VPCI_ALLOWED : judgement.verdict;
            if (held != rows[i].verdicts[value])
                fail_msg("%s = %s: \"%s\" is judged %d, not %d", vpci_choice_info[rows[i].choice].name,
                         vpci_choice_info[rows[i].choice].values[value], rows[i].events, (int)held,
                         (int)rows[i].verdicts[value]);
        }
    }
}

static void profiles_are_found_by_name(void **state)
{
    (void)state;
    for (const struct vpci_profile *profile = vpci_profiles; profile->name != NULL; profile++) {
        assert_ptr_equal(vpci_profile_from_name(profile->name), profile);
        for (int choice = 0; choice < VPCI_CHOICE_COUNT; choice++)
            assert_non_null(vpci_choice_info[choice].values[profile->choices[choice]]);
    }
    assert_null(vpci_profile_from_name("Default"));
    assert_null(vpci_profile_from_name(""));
    for (int choice = 0; choice < VPCI_CHOICE_COUNT; choice++)
        assert_int_equal(vpci_profiles[0].choices[choice], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_by_the_bundled_profiles),
        cmocka_unit_test(each_value_of_each_choice_is_what_it_says),
        cmocka_unit_test(profiles_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
