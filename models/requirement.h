/* SPDX-License-Identifier: MIT */
/* models/requirement.h - the ids of the protocol's requirements and how hard a breach of each is judged.
 * The texts are data (corpus/requirements.json); a self-test holds the two lists to each other. */
#ifndef VPCI_REQUIREMENT_H
#define VPCI_REQUIREMENT_H

#include <stdbool.h>
#include <stdint.h>

/* What the model says of one event, from harmless to grave. */
enum vpci_verdict {
    VPCI_RULE_MISSING = 0, /* hole in the model: a self-test fails, no implementation is blamed */
    VPCI_ALLOWED,
    VPCI_NOTE,        /* legal but unusual: counted, never held against anybody */
    VPCI_UNSPECIFIED, /* the sources are silent: counted */
    VPCI_WARNING,     /* against a recommendation, or an inferred rule that costs no safety */
    VPCI_VIOLATION,
};

/* Section, number, level, who is bound, verdict on a breach. MUST gives a violation, SHOULD a warning (PF-10
 * has the strength of RD-01: no cache of block data). INF gives a violation where memory safety,
 * exactly-once, hanging, mixed data or Information on error is at stake, else a warning. MAY is never
 * breached; IMPL only by a profile's choice. */
#define VPCI_REQUIREMENTS(X)               \
    X(QI, 01, MUST, PROVIDER, VIOLATION)   \
    X(QI, 02, MUST, CLIENT, VIOLATION)     \
    X(QI, 03, MUST, CLIENT, VIOLATION)     \
    X(QI, 04, MUST, PROVIDER, VIOLATION)   \
    X(QI, 05, MUST, PROVIDER, VIOLATION)   \
    X(QI, 06, MUST, PROVIDER, VIOLATION)   \
    X(QI, 07, MUST, PROVIDER, VIOLATION)   \
    X(QI, 08, SHOULD, CLIENT, WARNING)     \
    X(QI, 09, MUST, PROVIDER, VIOLATION)   \
    X(QI, 10, MUST, CLIENT, VIOLATION)     \
    X(QI, 11, MUST, CLIENT, VIOLATION)     \
    X(QI, 12, INF, PROVIDER, VIOLATION)    \
    X(QI, 13, INF, PROVIDER, WARNING)      \
    X(QI, 14, MUST, PROVIDER, VIOLATION)   \
    X(QI, 15, MUST, CLIENT, VIOLATION)     \
    X(QI, 16, INF, PROVIDER, VIOLATION)    \
    X(DC, 01, MUST, CLIENT, VIOLATION)     \
    X(DC, 02, INF, PROVIDER, VIOLATION)    \
    X(DC, 03, MUST, PROVIDER, VIOLATION)   \
    X(DC, 04, MUST, PROVIDER, VIOLATION)   \
    X(DC, 05, INF, PROVIDER, VIOLATION)    \
    X(DC, 06, MUST, CLIENT, VIOLATION)     \
    X(DC, 07, MUST, PROVIDER, VIOLATION)   \
    X(DC, 08, MUST, PROVIDER, VIOLATION)   \
    X(DC, 09, MUST, PROVIDER, VIOLATION)   \
    X(DC, 10, MUST, PROVIDER, VIOLATION)   \
    X(DC, 11, INF, PROVIDER, VIOLATION)    \
    X(RD, 01, MUST, PROVIDER, VIOLATION)   \
    X(RD, 02, MUST, PROVIDER, VIOLATION)   \
    X(RD, 03, INF, PROVIDER, VIOLATION)    \
    X(RD, 04, INF, PROVIDER, VIOLATION)    \
    X(RD, 05, MUST, PROVIDER, VIOLATION)   \
    X(RD, 06, INF, CLIENT, WARNING)        \
    X(RD, 07, INF, PROVIDER, VIOLATION)    \
    X(RD, 08, MAY, CLIENT, NOTE)           \
    X(WR, 01, MUST, PROVIDER, VIOLATION)   \
    X(WR, 02, INF, PROVIDER, VIOLATION)    \
    X(WR, 03, MUST, PROVIDER, VIOLATION)   \
    X(WR, 04, INF, PROVIDER, VIOLATION)    \
    X(WR, 05, MAY, CLIENT, NOTE)           \
    X(WR, 06, INF, PROVIDER, VIOLATION)    \
    X(IR, 01, MUST, CLIENT, VIOLATION)     \
    X(IR, 02, MUST, CLIENT, VIOLATION)     \
    X(IR, 03, MUST, CLIENT, VIOLATION)     \
    X(IR, 04, MUST, PROVIDER, VIOLATION)   \
    X(IR, 05, MUST, PROVIDER, VIOLATION)   \
    X(IR, 06, MUST, PROVIDER, VIOLATION)   \
    X(IR, 07, INF, PROVIDER, VIOLATION)    \
    X(IR, 08, MUST, PROVIDER, VIOLATION)   \
    X(IR, 09, MUST, PROVIDER, VIOLATION)   \
    X(IR, 10, INF, PROVIDER, VIOLATION)    \
    X(IR, 11, INF, PROVIDER, VIOLATION)    \
    X(IW, 01, MUST, CLIENT, VIOLATION)     \
    X(IW, 02, MUST, CLIENT, VIOLATION)     \
    X(IW, 03, MUST, CLIENT, VIOLATION)     \
    X(IW, 04, MUST, CLIENT, VIOLATION)     \
    X(IW, 05, MUST, CLIENT, VIOLATION)     \
    X(IW, 06, MUST, CLIENT, VIOLATION)     \
    X(IW, 07, MUST, CLIENT, VIOLATION)     \
    X(IW, 08, MUST, PROVIDER, VIOLATION)   \
    X(IW, 09, INF, PROVIDER, VIOLATION)    \
    X(IW, 10, INF, PROVIDER, VIOLATION)    \
    X(IW, 11, MUST, PROVIDER, VIOLATION)   \
    X(IW, 12, MUST, PROVIDER, VIOLATION)   \
    X(IW, 13, MUST, PROVIDER, VIOLATION)   \
    X(IW, 14, MUST, PROVIDER, VIOLATION)   \
    X(IW, 15, MUST, PROVIDER, VIOLATION)   \
    X(IW, 16, MUST, CLIENT, VIOLATION)     \
    X(IW, 17, MUST, PROVIDER, VIOLATION)   \
    X(IW, 18, MUST, PROVIDER, VIOLATION)   \
    X(IW, 19, MUST, PROVIDER, VIOLATION)   \
    X(IV, 01, MUST, PROVIDER, VIOLATION)   \
    X(IV, 02, MUST, PROVIDER, VIOLATION)   \
    X(IV, 03, MUST, PROVIDER, VIOLATION)   \
    X(IV, 04, MUST, PROVIDER, VIOLATION)   \
    X(IV, 05, INF, PROVIDER, VIOLATION)    \
    X(IV, 06, MUST, PROVIDER, VIOLATION)   \
    X(IV, 07, SHOULD, CLIENT, WARNING)     \
    X(IV, 08, SHOULD, CLIENT, WARNING)     \
    X(IV, 09, SHOULD, CLIENT, WARNING)     \
    X(IV, 10, SHOULD, CLIENT, WARNING)     \
    X(IV, 11, MUST, PROVIDER, VIOLATION)   \
    X(IV, 12, INF, PROVIDER, VIOLATION)    \
    X(IV, 13, INF, PROVIDER, VIOLATION)    \
    X(IV, 14, INF, PROVIDER, VIOLATION)    \
    X(IV, 15, INF, PROVIDER, VIOLATION)    \
    X(IV, 16, MUST, PROVIDER, VIOLATION)   \
    X(WD, 01, INF, PROVIDER, VIOLATION)    \
    X(WD, 02, INF, PROVIDER, VIOLATION)    \
    X(WD, 03, INF, PROVIDER, VIOLATION)    \
    X(WD, 04, INF, PROVIDER, VIOLATION)    \
    X(WD, 05, INF, PROVIDER, VIOLATION)    \
    X(WD, 06, INF, PROVIDER, WARNING)      \
    X(WD, 07, INF, PROVIDER, VIOLATION)    \
    X(WD, 08, INF, PROVIDER, VIOLATION)    \
    X(WD, 09, INF, PROVIDER, WARNING)      \
    X(WD, 10, INF, PROVIDER, WARNING)      \
    X(WD, 11, INF, CLIENT, WARNING)        \
    X(WD, 12, INF, CLIENT, WARNING)        \
    X(WD, 13, INF, CLIENT, WARNING)        \
    X(WD, 14, INF, CLIENT, WARNING)        \
    X(WD, 15, INF, CLIENT, WARNING)        \
    X(WD, 16, INF, PROVIDER, WARNING)      \
    X(WD, 17, INF, PROVIDER, VIOLATION)    \
    X(WD, 18, INF, PROVIDER, VIOLATION)    \
    X(WD, 19, INF, PROVIDER, WARNING)      \
    X(WD, 20, INF, PROVIDER, VIOLATION)    \
    X(WD, 21, INF, CLIENT, WARNING)        \
    X(WD, 22, INF, PROVIDER, VIOLATION)    \
    X(WD, 23, INF, PROVIDER, VIOLATION)    \
    X(WD, 24, INF, PROVIDER, VIOLATION)    \
    X(PF, 01, MUST, PF, VIOLATION)         \
    X(PF, 02, MUST, PROVIDER, VIOLATION)   \
    X(PF, 03, MUST, PROVIDER, VIOLATION)   \
    X(PF, 04, MUST, PROVIDER, VIOLATION)   \
    X(PF, 05, MUST, PF, VIOLATION)         \
    X(PF, 06, INF, PF, VIOLATION)          \
    X(PF, 07, MUST, PF, VIOLATION)         \
    X(PF, 08, MAY, PF, NOTE)               \
    X(PF, 09, MUST, PF, VIOLATION)         \
    X(PF, 10, SHOULD, PROVIDER, VIOLATION) \
    X(ND, 01, MUST, PF, VIOLATION)         \
    X(ND, 02, MUST, PF, VIOLATION)         \
    X(ND, 03, MUST, PF, VIOLATION)         \
    X(ND, 04, MUST, PROVIDER, VIOLATION)   \
    X(ND, 05, MUST, CLIENT, VIOLATION)     \
    X(ND, 06, MUST, CLIENT, VIOLATION)     \
    X(ND, 07, MUST, PROVIDER, VIOLATION)   \
    X(ND, 08, MUST, PROVIDER, VIOLATION)   \
    X(WS, 01, MUST, VSC, VIOLATION)        \
    X(WS, 02, MUST, VSC, VIOLATION)        \
    X(WS, 03, IMPL, VSC, NOTE)             \
    X(WS, 04, IMPL, VSC, NOTE)             \
    X(WS, 05, MUST, VSC, VIOLATION)        \
    X(WS, 06, IMPL, VSC, NOTE)             \
    X(WS, 07, IMPL, VSC, NOTE)             \
    X(WS, 08, IMPL, VSC, NOTE)             \
    X(WS, 09, IMPL, VSC, NOTE)             \
    X(WS, 10, IMPL, VSC, NOTE)             \
    X(WS, 11, IMPL, VSC, NOTE)             \
    X(WS, 12, IMPL, VSC, NOTE)             \
    X(WS, 13, IMPL, VSC, NOTE)             \
    X(WS, 14, IMPL, VSC, NOTE)             \
    X(WS, 15, IMPL, VSC, NOTE)             \
    X(WS, 16, MUST, VSC, VIOLATION)        \
    X(WP, 01, MUST, VSP, VIOLATION)        \
    X(WP, 02, MUST, VSP, VIOLATION)        \
    X(WP, 03, MUST, VSP, VIOLATION)        \
    X(WP, 04, INF, VSP, VIOLATION)         \
    X(WP, 05, INF, VSP, VIOLATION)         \
    X(WP, 06, MUST, VSP, VIOLATION)        \
    X(WP, 07, INF, VSP, VIOLATION)         \
    X(WP, 08, INF, VSP, VIOLATION)         \
    X(WP, 09, INF, VSP, VIOLATION)         \
    X(WP, 10, IMPL, VSP, NOTE)             \
    X(WP, 11, INF, VSP, VIOLATION)         \
    X(WP, 12, INF, VSP, VIOLATION)         \
    X(WP, 13, INF, VSP, VIOLATION)         \
    X(RS, 01, INF, PROVIDER, VIOLATION)    \
    X(RS, 02, INF, PROVIDER, VIOLATION)    \
    X(RM, 01, INF, PROVIDER, VIOLATION)    \
    X(DC, 12, INF, PROVIDER, VIOLATION)    \
    X(DC, 13, INF, PROVIDER, VIOLATION)    \
    X(WD, 25, INF, PROVIDER, VIOLATION)    \
    X(IV, 17, INF, PROVIDER, VIOLATION)

enum vpci_requirement {
    VPCI_REQUIREMENT_NONE = 0,
#define X(section, number, level, binds, breach) VPCI_##section##_##number,
    VPCI_REQUIREMENTS(X)
#undef X
        VPCI_REQUIREMENT_COUNT /* one more than there are requirements, because of NONE */
};

enum vpci_level { VPCI_LEVEL_MUST, VPCI_LEVEL_SHOULD, VPCI_LEVEL_MAY, VPCI_LEVEL_INF, VPCI_LEVEL_IMPL };
enum vpci_binds { VPCI_BINDS_PROVIDER, VPCI_BINDS_PF, VPCI_BINDS_CLIENT, VPCI_BINDS_VSC, VPCI_BINDS_VSP };

struct vpci_requirement_info {
    const char *id; /* "QI-01" */
    enum vpci_level level;
    enum vpci_binds binds;
    enum vpci_verdict breach;
};
extern const struct vpci_requirement_info vpci_requirement_info[VPCI_REQUIREMENT_COUNT];
extern const char *const vpci_level_name[]; /* "MUST", as in corpus/requirements.json */
extern const char *const vpci_binds_name[]; /* "provider", "wire-vsc" */

/* VPCI_REQUIREMENT_NONE when there is no such id. */
enum vpci_requirement vpci_requirement_from_id(const char *id);

/* A set of requirements. */
struct vpci_requirement_set {
    uint64_t words[(VPCI_REQUIREMENT_COUNT + 63) / 64];
};

static inline void vpci_requirement_add(struct vpci_requirement_set *set, enum vpci_requirement requirement)
{
    set->words[(unsigned)requirement / 64] |= (uint64_t)1 << ((unsigned)requirement % 64);
}

static inline bool vpci_requirement_has(const struct vpci_requirement_set *set,
                                        enum vpci_requirement requirement)
{
    return (set->words[(unsigned)requirement / 64] >> ((unsigned)requirement % 64) & 1u) != 0;
}

#endif
