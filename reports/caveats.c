/* SPDX-License-Identifier: MIT */
/* reports/caveats.c - what a run does not prove, and the command that repeats a case. The sentences depend on
 * what the implementation claims and on what was not exercised, so that the list says something about this
 * run. */
#include <string.h>

#include "reports/summary.h"

static const char *const always[] = {
    "The performance of the device or of the channel.",
    "The format and meaning of block contents, which belong to the hardware vendor: to the kit they are "
    "bytes.",
};

/* What stays unseen through a seam that lacks a capability. */
static const struct {
    enum vpci_capability capability;
    const char *without;
} unseen[] = {
    { VPCI_CAPABILITY_SHARED_MEMORY, "Caller buffers were not the kit's own memory: bytes written past a "
                                     "buffer, into an input or after completion stay "
                                     "unseen unless the adapter reports them." },
    { VPCI_CAPABILITY_IRQL, "IRQL: the seam does not carry it, so nothing that depends on it was judged." },
    { VPCI_CAPABILITY_PENDING_MARK,
      "Whether IRPs are marked pending as they must be: the seam does not show it." },
    { VPCI_CAPABILITY_STATUS_BLOCK, "The caller's IO_STATUS_BLOCK and event: the seam does not model them." },
    { VPCI_CAPABILITY_REFERENCE_COUNT,
      "The reference count of the interface: the adapter does not report it." },
    { VPCI_CAPABILITY_PF_COUNT, "Short reads and writes of the PF: its callbacks report no count here." },
    { VPCI_CAPABILITY_SETTLE, "Silence was told from slowness by a time window, because there is no fence." },
};

/* Which requirements a sentence is about. */
struct kind {
    enum vpci_requirement_verdict verdict;
    bool probed;
    bool ranges; /* those that nobody waits for are drawn together, others can be searched for one by one */
};

static const struct {
    struct kind kind;
    const char *what;
} unproven[] = {
    { { VPCI_REQUIREMENT_NOT_EXERCISED_VERDICT, false, false },
      "not exercised in this run, though the suite can" },
    { { VPCI_REQUIREMENT_INCONCLUSIVE_VERDICT, false, false }, "came up only where no verdict was reached" },
    { { VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT, true, false },
      "not applicable for want of a claimed capability, whose refusal was seen" },
    { { VPCI_REQUIREMENT_NOT_APPLICABLE_VERDICT, false, true },
      "not applicable, at this role or for want of a claimed capability; this is declared only, nothing "
      "tried "
      "it" },
    { { VPCI_REQUIREMENT_NOT_OBSERVABLE_VERDICT, false, true },
      "out of sight of any black box at this role" },
};

static bool is_of(const struct vpci_summary *summary, int requirement, const struct kind *kind)
{
    return summary->footer.requirements[requirement].verdict == kind->verdict &&
           summary->footer.requirements[requirement].probed == kind->probed;
}

/* The last of the requirements from first on that follow each other by number and are of the kind. */
static int end_of_range(const struct vpci_summary *summary, int first, const struct kind *kind)
{
    const size_t section = strcspn(vpci_requirement_info[first].id, "-");
    int last = first;
    while (last + 1 < VPCI_REQUIREMENT_COUNT && is_of(summary, last + 1, kind) &&
           strncmp(vpci_requirement_info[last + 1].id, vpci_requirement_info[first].id, section + 1) == 0)
        last++;
    return last;
}

/* Names all requirements of a kind: "3 requirements were ...: A, B, C." */
static void list_requirements(const struct vpci_summary *summary, const struct kind *kind, const char *what,
                              vpci_add_caveat_fn *add, void *context)
{
    struct vpci_text ids = { 0 }, sentence = { 0 };
    unsigned count = 0;
    for (int i = VPCI_REQUIREMENT_NONE + 1; i < VPCI_REQUIREMENT_COUNT; i++) {
        if (!is_of(summary, i, kind))
            continue;
        const int end = kind->ranges ? end_of_range(summary, i, kind) : i;
        const int last = end - i >= 2 ? end : i; /* two are not a range */
        vpci_text_addf(&ids, "%s%s", count == 0 ? "" : ", ", vpci_requirement_info[i].id);
        if (last > i)
            vpci_text_addf(&ids, " to %s", vpci_requirement_info[last].id);
        count += (unsigned)(last - i) + 1;
        i = last;
    }
    if (count > 0) {
        vpci_text_addf(&sentence, "%u %s %s: %s.", count, count == 1 ? "requirement" : "requirements", what,
                       ids.bytes);
        add(context, sentence.bytes);
    }
    vpci_text_free(&sentence);
    vpci_text_free(&ids);
}

void vpci_summary_caveats(const struct vpci_summary *summary, vpci_add_caveat_fn *add, void *context)
{
    const struct vpci_results_header *header = &summary->results->header;
    struct vpci_text sentence = { 0 };
    if (!summary->results->sealed)
        add(context, "The results file is torn: only the cases in its whole lines are counted.");
    if (header->selection[0] != '\0') {
        vpci_text_add(&sentence, "Anything outside of the cases selected by: ");
        vpci_text_add_plain(&sentence, header->selection);
        add(context, sentence.bytes);
    }
    if (summary->footer.verdict == VPCI_RUN_AS_EXPECTED)
        add(context, "Conformance: there are failures, which are as expected.");
    if (summary->footer.disputed > 0)
        add(context, "What the scenarios in dispute test: their cases were played and do not count.");
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        add(context, always[i]);
    for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++) {
        if ((header->pics.capabilities >> unseen[i].capability & 1u) == 0)
            add(context, unseen[i].without);
    }
    if ((header->pics.capabilities & VPCI_CAPABILITY_BIT(IRQL)) != 0)
        add(context, "IRQL beyond what the adapter says of it.");
    for (size_t i = 0; i < sizeof unproven / sizeof unproven[0]; i++)
        list_requirements(summary, &unproven[i].kind, unproven[i].what, add, context);
    vpci_text_free(&sentence);
}

/* One word of a shell command. Quotes only where they are needed; what a terminal cannot show becomes '?',
 * which the pattern of --only takes for any character. */
static void add_shell_word(struct vpci_text *text, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,+@%";
    if (*word != '\0' && strspn(word, plain) == strlen(word)) {
        vpci_text_add(text, word);
        return;
    }
    struct vpci_text shown = { 0 };
    vpci_text_add(&shown, "");
    vpci_text_add_plain(&shown, word);
    vpci_text_add(text, "'");
    for (const char *at = shown.bytes; *at != '\0'; at++) {
        if (*at == '\'')
            vpci_text_add(text, "'\\''");
        else
            vpci_text_add_bytes(text, at, 1);
    }
    vpci_text_add(text, "'");
    vpci_text_free(&shown);
}

static void add_option(struct vpci_text *words, const char *option, const char *value)
{
    vpci_text_addf(words, "%s ", option);
    add_shell_word(words, value);
    vpci_text_add_bytes(words, "", 1); /* a NUL ends each piece that stays on one line */
}

void vpci_summary_command(struct vpci_text *text, const struct vpci_summary *summary,
                          const struct vpci_case_result *result, unsigned indent, unsigned columns)
{
    const struct vpci_results_header *header = &summary->results->header;
    struct vpci_text words = { 0 }, seed = { 0 };
    vpci_text_add_hex(&seed, header->seed);
    add_option(&words, "--adapter", header->adapter);
    add_option(&words, "--role", vpci_role_info[header->role].name);
    add_option(&words, "--profile", header->profile);
    add_option(&words, "--seed", seed.bytes);
    add_option(&words, "--only", result->name);

    const char *program = summary->results->program != NULL ? summary->results->program : "vpci-conform";
    vpci_text_addf(text, "%*s%s run", (int)indent, "", program);
    size_t column = indent + strlen(program) + strlen(" run");
    for (size_t at = 0; at < words.length; at += strlen(words.bytes + at) + 1) {
        const size_t length = strlen(words.bytes + at);
        if (column + 1 + length + 2 > columns) {
            vpci_text_addf(text, " \\\n%*s", (int)indent + 4, "");
            column = indent + 4;
        } else {
            vpci_text_add(text, " ");
            column++;
        }
        vpci_text_add(text, words.bytes + at);
        column += length;
    }
    vpci_text_add(text, "\n");
    vpci_text_free(&words);
    vpci_text_free(&seed);
}
