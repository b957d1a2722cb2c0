/* SPDX-License-Identifier: MIT */
/* harness/options.c - the tables of harness/options.h and the parser over them. Strict: an option that the
 * verb does not take, one given twice and a number without its unit are refused, because a misread command
 * line is a wrong verdict. */
#include "harness/options.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "harness/date.h"
#include "harness/json.h"

const struct vpci_option_info vpci_option_info[VPCI_OPTION_COUNT] = {
#define X(name, spelling, placeholder, otherwise, type, member, least, most, text) \
    [VPCI_OPTION_##name] = { spelling,                                             \
                             placeholder,                                          \
                             otherwise,                                            \
                             text,                                                 \
                             VPCI_OPTION_IS_##type,                                \
                             offsetof(struct vpci_options, member),                \
                             least,                                                \
                             most },
    VPCI_OPTIONS(X)
#undef X
};

const struct vpci_verb_info vpci_verb_info[VPCI_VERB_COUNT] = {
#define X(name, spelling, arguments, least, most, must, may, summary) \
    [VPCI_VERB_##name] = { spelling, arguments, summary, least, most, must, (may) | VPCI_O(HELP) },
    VPCI_VERBS(X)
#undef X
};

struct parser {
    struct vpci_options *options;
    char *error;
};

static bool fail(struct parser *parser, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(struct parser *parser, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parser->error, VPCI_OPTIONS_ERROR_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

static void append(struct parser *parser, const char *before, const char *string)
{
    const size_t length = strlen(parser->error);
    snprintf(parser->error + length, VPCI_OPTIONS_ERROR_BYTES - length, "%s%s", before, string);
}

/* How many letters have to be changed, added or dropped to make one word the other. Long words are not
 * compared. */
static unsigned distance(const char *left, const char *right)
{
    enum { LETTERS_MAX = 40 };
    const size_t left_length = strlen(left), right_length = strlen(right);
    unsigned row[LETTERS_MAX + 1];
    if (left_length > LETTERS_MAX || right_length > LETTERS_MAX)
        return LETTERS_MAX;
    for (unsigned i = 0; i <= right_length; i++)
        row[i] = i;
    for (size_t l = 1; l <= left_length; l++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)l;
        for (size_t r = 1; r <= right_length; r++) {
            const unsigned changed = diagonal + (left[l - 1] != right[r - 1]);
            diagonal = row[r];
            const unsigned shorter = (row[r] < row[r - 1] ? row[r] : row[r - 1]) + 1;
            row[r] = changed < shorter ? changed : shorter;
        }
    }
    return row[right_length];
}

static bool is_close(const char *word, const char *name)
{
    const size_t length = strlen(word);
    const bool is_start = length > 1 && strncmp(word, name, length) == 0;
    return is_start || distance(word, name) <= (length < 6 ? 1u : 2u);
}

/* Appends "; did you mean A or B?" for every name that is close to word. */
struct suggestion {
    struct parser *parser;
    const char *word;
    bool any;
};

static void suggest(struct suggestion *suggestion, const char *name)
{
    if (!is_close(suggestion->word, name))
        return;
    append(suggestion->parser, suggestion->any ? " or " : "; did you mean ", name);
    suggestion->any = true;
}

static bool end_suggestion(const struct suggestion *suggestion)
{
    append(suggestion->parser, "", suggestion->any ? "?" : "");
    return false;
}

/* The next of the names in list, which '|' separates; false behind the last one. */
static bool next_choice(const char **list, char name[VPCI_EXCERPT_BYTES])
{
    if (**list == '\0')
        return false;
    const size_t length = strcspn(*list, "|");
    snprintf(name, VPCI_EXCERPT_BYTES, "%.*s", (int)length, *list);
    *list += length + ((*list)[length] == '|');
    return true;
}

/* True when value is one of choices; else the error says what it may be. */
static bool check_choice(struct parser *parser, const char *of, const char *value, const char *choices)
{
    char name[VPCI_EXCERPT_BYTES], excerpt[VPCI_EXCERPT_BYTES];
    for (const char *rest = choices; next_choice(&rest, name);) {
        if (strcmp(name, value) == 0)
            return true;
    }
    fail(parser, "%s: \"%s\" is none of ", of, vpci_excerpt(excerpt, value));
    bool first = true;
    for (const char *rest = choices; next_choice(&rest, name); first = false)
        append(parser, first ? "" : ", ", name);
    struct suggestion suggestion = { parser, value, false };
    for (const char *rest = choices; next_choice(&rest, name);)
        suggest(&suggestion, name);
    return end_suggestion(&suggestion);
}

/* Reads the digits at the start of string, decimal or 0x; the rest is left at *end_out. False: no digit, or
 * too many. */
static bool read_digits(const char *string, uint64_t *number_out, const char **end_out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned base = string[0] == '0' && (string[1] == 'x' || string[1] == 'X') ? 16 : 10;
    const char *at = base == 16 ? string + 2 : string;
    const char *first = at;
    uint64_t number = 0;
    for (; *at != '\0'; at++) {
        const int lower = *at >= 'A' && *at <= 'F' ? *at - 'A' + 'a' : *at;
        const char *digit = memchr(digits, lower, base);
        if (digit == NULL)
            break;
        const uint64_t value = (uint64_t)(digit - digits);
        if (number > (UINT64_MAX - value) / base)
            return false;
        number = number * base + value;
    }
    *number_out = number;
    *end_out = at;
    return at != first;
}

struct unit {
    const char *name;
    uint64_t factor;
};

/* How the arguments of a numeric type are read and spoken of. */
struct unit_table {
    const struct unit *units;
    const char *base;    /* what the number is in */
    const char *example; /* for errors */
};

static const struct unit duration_units[] = {
    { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { NULL, 0 }
};
static const struct unit size_units[] = { { "K", UINT64_C(1) << 10 },
                                          { "M", UINT64_C(1) << 20 },
                                          { "G", UINT64_C(1) << 30 },
                                          { "T", UINT64_C(1) << 40 },
                                          { NULL, 0 } };
static const struct unit no_units[] = { { "", 1 }, { NULL, 0 } };
static const struct unit_table durations = { duration_units, " ms", "500ms, 20s, 2m or 1h" };
static const struct unit_table sizes = { size_units, " bytes", "512M or 4G" };
static const struct unit_table plain_numbers = { no_units, "", "12 or 0x1f" };

static bool read_number(struct parser *parser, const struct vpci_option_info *info, const char *value,
                        const struct unit_table *table, uint64_t *to)
{
    const struct unit *units = table->units;
    char excerpt[VPCI_EXCERPT_BYTES];
    const char *rest = NULL;
    uint64_t number = 0;
    vpci_excerpt(excerpt, value);
    if (!read_digits(value, &number, &rest))
        return fail(parser, "%s: \"%s\" is not a number such as %s", info->spelling, excerpt, table->example);
    size_t i = 0;
    while (units[i].name != NULL && strcmp(units[i].name, rest) != 0)
        i++;
    if (units[i].name == NULL)
        return fail(parser, "%s: \"%s\" %s; write it as %s", info->spelling, excerpt,
                    *rest == '\0' ? "lacks its unit" : "does not end as it should", table->example);
    if (number > UINT64_MAX / units[i].factor || number * units[i].factor < info->least ||
        number * units[i].factor > info->most)
        return fail(parser, "%s: \"%s\" is not from %" PRIu64 " to %" PRIu64 "%s", info->spelling, excerpt,
                    info->least, info->most, table->base);
    *to = number * units[i].factor;
    return true;
}

static bool read_role(struct parser *parser, const struct vpci_option_info *info, const char *value,
                      enum vpci_role *to)
{
    char choices[VPCI_OPTIONS_ERROR_BYTES] = "";
    for (int i = 0; i < VPCI_ROLE_COUNT; i++) {
        if (strcmp(vpci_role_info[i].name, value) == 0) {
            *to = (enum vpci_role)i;
            return true;
        }
        const size_t length = strlen(choices);
        snprintf(choices + length, sizeof choices - length, "%s%s", i == 0 ? "" : "|",
                 vpci_role_info[i].name);
    }
    return check_choice(parser, info->spelling, value, choices);
}

static bool read_profile(struct parser *parser, const struct vpci_option_info *info, const char *value,
                         const struct vpci_profile **to)
{
    char choices[VPCI_OPTIONS_ERROR_BYTES] = "";
    *to = vpci_profile_from_name(value);
    if (*to != NULL)
        return true;
    for (int i = 0; vpci_profiles[i].name != NULL; i++) {
        const size_t length = strlen(choices);
        snprintf(choices + length, sizeof choices - length, "%s%s", i == 0 ? "" : "|", vpci_profiles[i].name);
    }
    return check_choice(parser, info->spelling, value, choices);
}

/* Stores the argument of one option. */
static bool store(struct parser *parser, const struct vpci_option_info *info, const char *value)
{
    void *member = (char *)parser->options + info->offset;
    char excerpt[VPCI_EXCERPT_BYTES];
    switch (info->type) {
    case VPCI_OPTION_IS_FLAG:
        *(bool *)member = true;
        return true;
    case VPCI_OPTION_IS_NUMBER:
        return read_number(parser, info, value, &plain_numbers, member);
    case VPCI_OPTION_IS_DURATION:
        return read_number(parser, info, value, &durations, member);
    case VPCI_OPTION_IS_SIZE:
        return read_number(parser, info, value, &sizes, member);
    case VPCI_OPTION_IS_ROLE:
        return read_role(parser, info, value, member);
    case VPCI_OPTION_IS_PROFILE:
        return read_profile(parser, info, value, member);
    case VPCI_OPTION_IS_CHOICE:
        *(const char **)member = value;
        return check_choice(parser, info->spelling, value, info->placeholder);
    case VPCI_OPTION_IS_TEXT:
    case VPCI_OPTION_IS_FOLDER:
    case VPCI_OPTION_IS_FILE:
    case VPCI_OPTION_IS_ADAPTER:
    case VPCI_OPTION_IS_FORMAT:
        *(const char **)member = value;
        return *value != '\0' || fail(parser, "%s: its argument is empty", info->spelling);
    case VPCI_OPTION_IS_DATE:
        *(const char **)member = value;
        return vpci_date_is_real(value) || fail(parser, "%s: \"%s\" is not a day such as 2027-01-31",
                                                info->spelling, vpci_excerpt(excerpt, value));
    }
    return fail(parser, "%s: cannot be read", info->spelling);
}

static bool unknown_option(struct parser *parser, const char *spelling)
{
    const struct vpci_verb_info *verb = &vpci_verb_info[parser->options->verb];
    char excerpt[VPCI_EXCERPT_BYTES];
    for (int i = 0; i < VPCI_OPTION_COUNT; i++) {
        if (strcmp(vpci_option_info[i].spelling, spelling) == 0)
            return fail(parser, "%s: %s is not an option of this verb", verb->spelling, spelling);
    }
    fail(parser, "%s: unknown option %s", verb->spelling, vpci_excerpt(excerpt, spelling));
    struct suggestion suggestion = { parser, excerpt, false };
    for (int i = 0; i < VPCI_OPTION_COUNT; i++) {
        if ((verb->may >> i & 1u) != 0)
            suggest(&suggestion, vpci_option_info[i].spelling);
    }
    return end_suggestion(&suggestion);
}

/* Reads the option at arguments[*at], and its argument; *at ends behind them. */
static bool parse_option(struct parser *parser, int count, const char *const *arguments, int *at)
{
    char spelling[VPCI_EXCERPT_BYTES];
    const char *word = arguments[(*at)++];
    const char *equals = strchr(word, '=');
    const size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    snprintf(spelling, sizeof spelling, "%.*s", length < sizeof spelling ? (int)length : (int)sizeof spelling,
             word);
    const uint64_t may = vpci_verb_info[parser->options->verb].may;
    int found = 0;
    while (found < VPCI_OPTION_COUNT &&
           ((may >> found & 1u) == 0 || strcmp(vpci_option_info[found].spelling, spelling) != 0))
        found++;
    if (found == VPCI_OPTION_COUNT)
        return unknown_option(parser, spelling);

    const struct vpci_option_info *info = &vpci_option_info[found];
    if ((parser->options->given >> found & 1u) != 0)
        return fail(parser, "%s: given twice", info->spelling);
    parser->options->given |= (uint64_t)1 << found;
    if (info->type == VPCI_OPTION_IS_FLAG)
        return equals == NULL ? store(parser, info, NULL)
                              : fail(parser, "%s: takes no argument", info->spelling);
    if (equals != NULL)
        return store(parser, info, equals + 1);
    /* An option behind an option is a forgotten argument far more often than an argument that looks like one.
     */
    if (*at == count || strncmp(arguments[*at], "--", 2) == 0)
        return fail(parser, "%s: its argument %s is missing", info->spelling, info->placeholder);
    return store(parser, info, arguments[(*at)++]);
}

/* True when the words at the start of arguments spell the verb; *words_out is how many they are. */
static bool spells(const struct vpci_verb_info *verb, int count, const char *const *arguments, int *words_out)
{
    const char *rest = verb->spelling;
    for (*words_out = 0; *rest != '\0'; ++*words_out) {
        const size_t length = strcspn(rest, " ");
        if (*words_out == count || strlen(arguments[*words_out]) != length ||
            strncmp(arguments[*words_out], rest, length) != 0)
            return false;
        rest += length + (rest[length] == ' ');
    }
    return true;
}

/* Finds the verb that the words spell. */
static bool find_verb(struct parser *parser, int count, const char *const *arguments,
                      enum vpci_verb *verb_out, int *words_out)
{
    for (int i = 0; i < VPCI_VERB_COUNT; i++) {
        if (spells(&vpci_verb_info[i], count, arguments, words_out)) {
            *verb_out = (enum vpci_verb)i;
            return true;
        }
    }
    char excerpt[VPCI_EXCERPT_BYTES];
    fail(parser, "unknown verb %s%s", vpci_excerpt(excerpt, arguments[0]),
         strncmp(arguments[0], "--", 2) == 0 ? " (the verb comes first)" : "");
    struct suggestion suggestion = { parser, excerpt, false };
    for (int i = 0; i < VPCI_VERB_COUNT; i++)
        suggest(&suggestion, vpci_verb_info[i].spelling);
    return end_suggestion(&suggestion);
}

/* Of the options in set. */
static void set_defaults(struct parser *parser, uint64_t set)
{
    for (int i = 0; i < VPCI_OPTION_COUNT; i++) {
        if ((set >> i & 1u) != 0 && vpci_option_info[i].otherwise != NULL)
            (void)store(parser, &vpci_option_info[i],
                        vpci_option_info[i].otherwise); /* a unit test reads them all */
    }
    parser->error[0] = '\0';
}

/* Options and arguments behind the verb, in any order; "--" ends the options. */
static bool parse_rest(struct parser *parser, int count, const char *const *arguments, int at)
{
    struct vpci_options *options = parser->options;
    const struct vpci_verb_info *verb = &vpci_verb_info[options->verb];
    bool options_ended = false;
    while (at < count) {
        const char *word = arguments[at];
        char excerpt[VPCI_EXCERPT_BYTES];
        if (!options_ended && strcmp(word, "--") == 0) {
            options_ended = true;
            at++;
        } else if (!options_ended && word[0] == '-' && word[1] != '\0') {
            if (!parse_option(parser, count, arguments, &at))
                return false;
        } else if (options->argument_count == verb->most_arguments) {
            return fail(parser, "%s: the argument \"%s\" is one too many", verb->spelling,
                        vpci_excerpt(excerpt, word));
        } else {
            options->arguments[options->argument_count++] = word;
            at++;
        }
    }
    return true;
}

/* What can only be said once everything was read. */
static bool check_whole(struct parser *parser)
{
    const struct vpci_options *options = parser->options;
    const struct vpci_verb_info *verb = &vpci_verb_info[options->verb];
    if (options->argument_count < verb->least_arguments)
        return fail(parser, "%s: its argument %s is missing", verb->spelling, verb->arguments);
    for (int i = 0; i < VPCI_OPTION_COUNT; i++) {
        if ((verb->must >> i & 1u) != 0 && (options->given >> i & 1u) == 0)
            return fail(parser, "%s: %s %s is missing", verb->spelling, vpci_option_info[i].spelling,
                        vpci_option_info[i].placeholder);
    }
    if (options->argument_count > 0 && strchr(verb->arguments, '|') != NULL)
        return check_choice(parser, verb->spelling, options->arguments[0], verb->arguments);
    return true;
}

/* "run --help" and "help run" are the same wish. */
static bool turn_into_help(struct parser *parser)
{
    struct vpci_options *options = parser->options;
    if (options->help && options->verb != VPCI_VERB_HELP) {
        options->about = options->verb;
        options->verb = VPCI_VERB_HELP;
        options->argument_count = 0;
    }
    if (options->verb != VPCI_VERB_HELP || options->argument_count == 0)
        return true;
    int words = 0;
    char excerpt[VPCI_EXCERPT_BYTES];
    if (!find_verb(parser, options->argument_count, options->arguments, &options->about, &words))
        return false;
    return words == options->argument_count || fail(parser, "help: the argument \"%s\" is one too many",
                                                    vpci_excerpt(excerpt, options->arguments[words]));
}

bool vpci_options_parse(struct vpci_options *options, int argument_count, const char *const *arguments,
                        char error[VPCI_OPTIONS_ERROR_BYTES])
{
    struct parser parser = { options, error };
    int words = 0;
    *options = (struct vpci_options){ .about = VPCI_VERB_COUNT };
    set_defaults(&parser, UINT64_MAX);
    if (argument_count < 2)
        return fail(&parser, "a verb is missing; vpci-conform help lists them");
    if (strcmp(arguments[1], "--help") == 0)
        options->verb = VPCI_VERB_HELP;
    else if (!find_verb(&parser, argument_count - 1, arguments + 1, &options->verb, &words))
        return false;
    set_defaults(&parser, vpci_verb_info[options->verb].may);
    return parse_rest(&parser, argument_count, arguments, 1 + words) && turn_into_help(&parser) &&
           check_whole(&parser);
}
