/* SPDX-License-Identifier: MIT */
/* harness/rejudge.c - see rejudge.h. Each case is played by the conductor as it was, over a seam that answers
 * out of the transcript. */
#include "harness/rejudge.h"

#include <stdio.h>
#include <string.h>

#include "harness/tally.h"
#include "harness/transcript.h"

struct judging {
    const struct vpci_results *results;
    const struct vpci_suite *suite;
    struct vpci_conductor *conductor;
    vpci_changed_fn *on_changed;
    void *context;
    struct vpci_rejudgement *rejudgement;
    struct vpci_results_footer footer;
    uint32_t next; /* case of the results that is not counted yet */
    struct vpci_case_scratch scratch;
};

static bool same_cause(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

/* Of the requirements that are warned about. */
static bool same_warnings(const struct vpci_case_result *one, const struct vpci_case_result *other)
{
    bool same = one->warning_count == other->warning_count;
    for (uint32_t i = 0; same && i < one->warning_count; i++)
        same = one->warnings[i].requirement == other->warnings[i].requirement;
    return same;
}

static bool is_same(const struct vpci_case_result *one, const struct vpci_case_result *other)
{
    return one->verdict == other->verdict && one->requirement == other->requirement &&
           same_cause(one->cause, other->cause) && same_warnings(one, other) &&
           memcmp(&one->exercised, &other->exercised, sizeof one->exercised) == 0;
}

/* A probe that met neither refusal nor deed is not applicable, but it was played, and has a trace. */
static bool was_played(const struct vpci_case_result *result)
{
    return result->verdict != VPCI_CASE_SKIPPED &&
           (result->verdict != VPCI_CASE_NOT_APPLICABLE || result->trace_count != 0);
}

/* Counts the cases of the results before index as they stand. */
static void pass_over(struct judging *judging, uint32_t index)
{
    for (; judging->next < index; judging->next++) {
        const struct vpci_case_result *result = &judging->results->cases[judging->next];
        vpci_results_tally(&judging->footer, result);
        judging->rejudgement->without += was_played(result);
    }
}

/* The case of this name, which stands at index unless the suite is another one. */
static bool find_case(struct judging *judging, const char *name, uint32_t index, struct vpci_case *test)
{
    const uint32_t count = vpci_suite_case_count(judging->suite);
    if (index >= count || strcmp(vpci_suite_case_name(judging->suite, index), name) != 0) {
        index = 0;
        while (index < count && strcmp(vpci_suite_case_name(judging->suite, index), name) != 0)
            index++;
    }
    if (index == count)
        return false;
    vpci_suite_case(judging->suite, index, &judging->scratch, test);
    return true;
}

static void play(struct judging *judging, const struct vpci_transcript *transcript,
                 const struct vpci_case *test, struct vpci_case_result *result)
{
    const struct vpci_results_header *header = &judging->results->header;
    struct vpci_seam *seam = vpci_playback_create(transcript, &header->pics, header->role);
    if (vpci_conductor_applies(judging->conductor, &header->pics, test, result) && seam->ops->connect(seam))
        vpci_conductor_play(judging->conductor, seam, test, result);
    seam->ops->destroy(seam, NULL);
}

static void judge(struct judging *judging, const struct vpci_transcript *transcript)
{
    const struct vpci_case_result *then = &judging->results->cases[transcript->index];
    struct vpci_case_result now;
    struct vpci_case test;
    pass_over(judging, transcript->index);
    if (!find_case(judging, transcript->name, transcript->index, &test))
        return; /* counted by the next pass over: there is nothing to judge it by */
    play(judging, transcript, &test, &now);
    now.index = then->index;
    now.dispute = then->dispute;
    now.probe = then->probe;
    judging->rejudgement->judged++;
    if (is_same(then, &now)) {
        now.expected = then->expected;
        now.expectation = then->expectation;
    } else {
        judging->rejudgement->changed++;
        if (judging->on_changed != NULL)
            judging->on_changed(judging->context, then, &now);
    }
    vpci_results_tally(&judging->footer, &now);
    judging->next++;
}

/* The transcripts begin with the very header of the results. */
static bool is_of_same_run(const struct vpci_results *results, const struct vpci_transcripts *transcripts)
{
    struct vpci_text one = { 0 }, other = { 0 };
    vpci_print_header(&one, &results->header);
    vpci_print_header(&other, &transcripts->header);
    const bool same = one.length == other.length && memcmp(one.bytes, other.bytes, one.length) == 0;
    vpci_text_free(&one);
    vpci_text_free(&other);
    return same;
}

/* Whether the transcript belongs to a case of the results that has none yet. */
static bool fits(const struct judging *judging, const struct vpci_transcripts *transcripts,
                 const struct vpci_transcript *transcript, char error[VPCI_ERROR_BYTES])
{
    const struct vpci_results *results = judging->results;
    if (transcript->index < judging->next || transcript->index >= results->case_count)
        snprintf(error, VPCI_ERROR_BYTES, "%s:%lu: index: %u is out of order or of no case",
                 transcripts->path, transcripts->line, transcript->index);
    else if (strcmp(results->cases[transcript->index].name, transcript->name) != 0)
        snprintf(error, VPCI_ERROR_BYTES, "%s:%lu: name: the results have another case at %u",
                 transcripts->path, transcripts->line, transcript->index);
    else if (!was_played(&results->cases[transcript->index]))
        snprintf(error, VPCI_ERROR_BYTES, "%s:%lu: the results say that case %u was not played",
                 transcripts->path, transcripts->line, transcript->index);
    else
        return true;
    return false;
}

static bool judge_all(struct judging *judging, struct vpci_transcripts *transcripts,
                      char error[VPCI_ERROR_BYTES])
{
    for (;;) {
        struct vpci_transcript transcript;
        if (!vpci_transcripts_next(transcripts, &transcript, error))
            return false;
        if (transcript.name == NULL)
            return true;
        if (!fits(judging, transcripts, &transcript, error))
            return false;
        judge(judging, &transcript);
    }
}

bool vpci_rejudge(const struct vpci_results *results, const char *transcripts_path,
                  const struct vpci_suite *suite, vpci_changed_fn *on_changed, void *context,
                  struct vpci_rejudgement *rejudgement_out, char error[VPCI_ERROR_BYTES])
{
    static const struct vpci_applicability unknown = { 0 };
    struct vpci_transcripts transcripts;
    const struct vpci_profile *profile = vpci_profile_from_name(results->header.profile);
    *rejudgement_out = (struct vpci_rejudgement){ 0 };
    if (profile == NULL) {
        snprintf(error, VPCI_ERROR_BYTES, "this kit has no profile of the name that the results have");
        return false;
    }
    if (!vpci_transcripts_open(&transcripts, transcripts_path, error))
        return false;
    const struct vpci_conductor_options options = { .role = results->header.role,
                                                    .profile = profile,
                                                    .seed = results->header.seed };
    struct judging judging = { .results = results,
                               .suite = suite,
                               .conductor = vpci_conductor_create(&options),
                               .on_changed = on_changed,
                               .context = context,
                               .rejudgement = rejudgement_out };
    bool fine = is_of_same_run(results, &transcripts);
    if (!fine)
        snprintf(error, VPCI_ERROR_BYTES, "%s:1: the header is not that of the results", transcripts_path);
    fine = fine && judge_all(&judging, &transcripts, error);
    if (fine) {
        pass_over(&judging, results->case_count);
        vpci_results_conclude(&judging.footer, &results->header, &unknown);
        rejudgement_out->verdict = judging.footer.verdict;
    }
    vpci_conductor_destroy(judging.conductor);
    vpci_case_scratch_free(&judging.scratch);
    vpci_transcripts_close(&transcripts);
    return fine;
}
