/* SPDX-License-Identifier: MIT */
/* reports/compare.h - two runs of one suite held against each other, each of them repeated or not: what is
 * worse, what is better, and what cannot be said. A pure function of the runs. docs/compare.md has the
 * rules. */
#ifndef VPCI_COMPARE_H
#define VPCI_COMPARE_H

#include "reports/conditions.h"

enum {
    VPCI_REPEATS_MAX = 256, /* of one run */
    /* A case is slower or faster from this factor and this difference of medians on. Below, machines breathe:
     * a single run may have waited for others, of three the median has not. */
    VPCI_SHIFT_FACTOR = 2,
    VPCI_SHIFT_FLOOR_US = 20000,
    VPCI_SHIFT_SINGLE_FLOOR_US = 250000,
    VPCI_SHIFT_REPEATS = 3, /* of each side, for the lower floor */
};

/* What became of a case. Each is in one class, the first in docs/compare.md that fits. Name, JSON, how it
 * weighs, words. */
#define VPCI_CLASSES(X)                                                           \
    X(NEWLY_FAILING, "newly_failing", WORSE, "newly failing")                     \
    X(FAILING_OTHERWISE, "failing_otherwise", WORSE, "failing otherwise")         \
    X(FLICKERING, "flickering", UNCLEAR, "flickering")                            \
    X(WITHOUT_VERDICT, "newly_without_verdict", UNCLEAR, "newly without verdict") \
    X(REMOVED, "removed", BY_CASE, "removed")                                     \
    X(CHANGED, "scenario_changed", BY_CASE, "of a changed scenario")              \
    X(ADDED, "new", BY_CASE, "new")                                               \
    X(STILL_FAILING, "still_failing", NOT_WORSE, "still failing")                 \
    X(EXPECTED_FAILURE, "expected_failure", NOT_WORSE, "failing as expected")     \
    X(DISPUTED, "disputed", NOT_WORSE, "in dispute")                              \
    X(FIXED, "fixed", NOT_WORSE, "fixed")                                         \
    X(NEWLY_PASSING, "newly_passing", NOT_WORSE, "newly passing")                 \
    X(TIMING_SHIFT, "timing_shift", NOT_WORSE, "slower or faster")                \
    X(PROBE_OVER, "probe_over", NOT_WORSE, "claimed now, no longer probed")       \
    X(STILL_WITHOUT, "still_without_verdict", NOT_WORSE, "still without verdict") \
    X(STILL_PASSING, "still_passing", NOT_WORSE, "still passing")

enum vpci_class {
#define X(name, json, weight, words) VPCI_CLASS_##name,
    VPCI_CLASSES(X)
#undef X
        VPCI_CLASS_COUNT
};

enum vpci_weight {
    VPCI_WEIGHT_WORSE,
    VPCI_WEIGHT_UNCLEAR,
    VPCI_WEIGHT_BY_CASE, /* unclear when the case does not pass, or is missed */
    VPCI_WEIGHT_NOT_WORSE,
};

struct vpci_class_info {
    const char *json, *words;
    enum vpci_weight weight;
};
extern const struct vpci_class_info vpci_class_info[VPCI_CLASS_COUNT];

#define VPCI_CHANGES(X)                                                  \
    X(NEWLY_FAILING, "newly_failing", "newly failing")                   \
    X(NEWLY_NOT_EXERCISED, "newly_not_exercised", "newly not exercised") \
    X(NEWLY_WARNED, "newly_warned", "newly warned about")                \
    X(STILL_FAILING, "still_failing", "still failing")                   \
    X(EXPECTED_FAILURE, "expected_failure", "failing as expected")       \
    X(NEWLY_PASSING, "newly_passing", "newly passing")                   \
    X(NONE, "unchanged", "unchanged")

/* What became of a requirement. */
enum vpci_change {
#define X(name, json, words) VPCI_CHANGE_##name,
    VPCI_CHANGES(X)
#undef X
        VPCI_CHANGE_COUNT
};
extern const char *const vpci_change_json[VPCI_CHANGE_COUNT];
extern const char *const vpci_change_words[VPCI_CHANGE_COUNT];

enum vpci_side { VPCI_BASE, VPCI_NEW, VPCI_SIDES };
extern const char *const vpci_side_name[VPCI_SIDES]; /* "base", "new" */

/* A case on one side, all repeats together. */
struct vpci_standing {
    uint32_t present; /* repeats that have it */
    uint32_t verdicts[VPCI_CASE_VERDICT_COUNT];
    uint32_t as_expected;                 /* of those, how many end as --expect says */
    uint32_t bad;                         /* that failed; when neither side ever failed, that did not pass */
    double low, high;                     /* Wilson's 95 % interval of bad among present; 0 and 1 for none */
    const struct vpci_kept_case *example; /* the first that did not pass, else the first; NULL: none */
    uint64_t median_us;                   /* or VPCI_NOT_TIMED */
};

struct vpci_compared_case {
    const char *name;
    const char *before; /* its name in BASE, when its scenario was renamed since; else NULL */
    enum vpci_class class;
    enum vpci_class otherwise; /* CHANGED and DISPUTED: the class that it would be in; else class */
    bool unclear;              /* of a class that weighs by case */
    bool torn;                 /* missing on one side because that side is torn */
    struct vpci_standing sides[VPCI_SIDES];
};

struct vpci_compared_requirement {
    enum vpci_change change;
    bool excused[VPCI_SIDES]; /* it fails, but in no case but as --expect says */
    enum vpci_requirement_verdict verdicts[VPCI_SIDES];
};

/* Runs that are borrowed: repeats of one run. */
struct vpci_repeats {
    const struct vpci_kept_run *runs;
    uint32_t count;
};

struct vpci_comparison {
    struct vpci_repeats sides[VPCI_SIDES];
    uint32_t torn[VPCI_SIDES];       /* repeats that are torn */
    uint64_t elapsed_us[VPCI_SIDES]; /* sum over the cases timed on both sides */
    uint32_t timed_cases;
    uint32_t conditions;              /* in which the sides differ, VPCI_CONDITION_OF_x */
    struct vpci_compared_case *cases; /* in order of BASE, what is new behind; owned */
    uint32_t case_count;
    uint32_t classes[VPCI_CLASS_COUNT], changes[VPCI_CHANGE_COUNT];
    uint32_t unclear; /* cases of classes that weigh by case, and are */
    struct vpci_compared_requirement requirements[VPCI_REQUIREMENT_COUNT];
    int exit; /* enum vpci_exit: CONFORMS nothing worse, VIOLATION something newly failing, INCONCLUSIVE */
};

/* True when all runs of a side may be repeats of one run. Else error says which two differ, and in what. */
bool vpci_are_repeats(const struct vpci_repeats *repeats, char error[VPCI_DETAIL_BYTES]);

/* Both sides have at least one run, with cases under the same names; all is borrowed. */
void vpci_compare(struct vpci_comparison *comparison, const struct vpci_names *names,
                  struct vpci_repeats base, struct vpci_repeats new);
void vpci_comparison_free(struct vpci_comparison *comparison);

/* Wilson's interval, at 95 %, of a share seen count times in total. */
void vpci_wilson(uint32_t count, uint32_t total, double *low, double *high);

/* "WORSE", "UNCLEAR", "NOT WORSE" for an exit code of a comparison. */
const char *vpci_comparison_title(int exit);

#endif
