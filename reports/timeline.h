/* SPDX-License-Identifier: MIT */
/* reports/timeline.h - many runs of one implementation, oldest first: since when each thing that fails does,
 * what had changed by then, what was mended, and what comes and goes. A pure function of the runs. */
#ifndef VPCI_TIMELINE_H
#define VPCI_TIMELINE_H

#include "reports/compare.h"

#define VPCI_NO_RUN UINT32_MAX

/* The way of one case or requirement through the runs. Numbers of runs are places in the timeline's. */
struct vpci_course {
    const char *name;              /* of the case, or id of the requirement */
    bool fails;                    /* in the newest run that has it */
    uint32_t last_good, first_bad; /* fails: the last run that it passed in, and the first failed after it */
    uint32_t last_bad, first_good; /* mended: the same the other way round. VPCI_NO_RUN where there is none */
    uint32_t conditions;           /* in which those two runs differ */
    uint32_t flickers;             /* changes from pass to fail or back that no condition explains */
    const struct vpci_kept_case *example; /* in the newest run; NULL for a requirement */
};

struct vpci_courses {
    struct vpci_course *courses;
    uint32_t count;
};

struct vpci_timeline {
    const struct vpci_kept_run **runs; /* of the role and profile of the newest, oldest first */
    uint32_t count;
    uint32_t left_out; /* runs that asked another question */
    struct vpci_courses cases,
        requirements;              /* that fail, were mended, or flicker; in order of cases, of ids */
    struct vpci_comparison latest; /* of the last two; valid when count is 2 or more */
    int exit;                      /* of latest; VPCI_EXIT_INCONCLUSIVE for a single run */
};

/* runs has at least one run; all is borrowed. */
void vpci_timeline_make(struct vpci_timeline *timeline, const struct vpci_runs *runs,
                        const struct vpci_names *names);
void vpci_timeline_free(struct vpci_timeline *timeline);

#endif
