/* SPDX-License-Identifier: MIT */
/* harness/options_completion.c - completion scripts for bash, zsh and fish out of the tables of
 * harness/options.h. Each script completes the verb, then the options of that verb, then what an option or
 * argument may be. */
#include <string.h>

#include "harness/options.h"

static bool is_verb_shown(int verb)
{
    return vpci_verb_info[verb].spelling[0] != '-';
}

/* Names separated by '|' become names separated by spaces. */
static void add_choices(struct vpci_text *text, const char *choices)
{
    for (; *choices != '\0'; choices++)
        vpci_text_add_bytes(text, *choices == '|' ? " " : choices, 1);
}

/* The words that an option's argument may be, or start with; nothing for free text. */
static void add_words_of_option(struct vpci_text *text, const struct vpci_option_info *info,
                                const char *formats)
{
    switch (info->type) {
    case VPCI_OPTION_IS_CHOICE:
        add_choices(text, info->placeholder);
        break;
    case VPCI_OPTION_IS_ROLE:
        for (int i = 0; i < VPCI_ROLE_COUNT; i++)
            vpci_text_addf(text, "%s%s", i == 0 ? "" : " ", vpci_role_info[i].name);
        break;
    case VPCI_OPTION_IS_PROFILE:
        for (int i = 0; vpci_profiles[i].name != NULL; i++)
            vpci_text_addf(text, "%s%s", i == 0 ? "" : " ", vpci_profiles[i].name);
        break;
    case VPCI_OPTION_IS_FORMAT:
        vpci_text_add(text, formats);
        break;
    case VPCI_OPTION_IS_ADAPTER:
        vpci_text_add(text, "golden liar: variant: exec: unix: tcp:");
        break;
    case VPCI_OPTION_IS_FLAG:
    case VPCI_OPTION_IS_TEXT:
    case VPCI_OPTION_IS_FOLDER:
    case VPCI_OPTION_IS_FILE:
    case VPCI_OPTION_IS_DATE:
    case VPCI_OPTION_IS_NUMBER:
    case VPCI_OPTION_IS_DURATION:
    case VPCI_OPTION_IS_SIZE:
        break;
    }
}

static void add_options_of_verb(struct vpci_text *text, int verb)
{
    bool first = true;
    for (int i = 0; i < VPCI_OPTION_COUNT; i++) {
        if ((vpci_verb_info[verb].may >> i & 1u) == 0)
            continue;
        vpci_text_addf(text, "%s%s", first ? "" : " ", vpci_option_info[i].spelling);
        first = false;
    }
}

/* First words of the verbs, each once: "adapter check" and "adapter new" give one. */
static void add_first_words(struct vpci_text *text)
{
    const char *previous = "";
    size_t previous_length = 0;
    for (int i = 0; i < VPCI_VERB_COUNT; i++) {
        const char *spelling = vpci_verb_info[i].spelling;
        const size_t length = strcspn(spelling, " ");
        if (!is_verb_shown(i) || (length == previous_length && strncmp(spelling, previous, length) == 0))
            continue;
        vpci_text_addf(text, "%s%.*s", previous_length == 0 ? "" : " ", (int)length, spelling);
        previous = spelling;
        previous_length = length;
    }
}

/* Second words of the verbs that start with first. */
static void add_second_words(struct vpci_text *text, const char *first)
{
    bool any = false;
    for (int i = 0; i < VPCI_VERB_COUNT; i++) {
        const char *spelling = vpci_verb_info[i].spelling;
        const size_t length = strlen(first);
        if (strncmp(spelling, first, length) != 0 || spelling[length] != ' ')
            continue;
        vpci_text_addf(text, "%s%s", any ? " " : "", spelling + length + 1);
        any = true;
    }
}

/* The pattern of the words "VERB OPTION": of two options with one spelling the first names its verbs. */
static void add_option_pattern(struct vpci_text *text, int option)
{
    const char *spelling = vpci_option_info[option].spelling;
    const bool has_twin =
        option + 1 < VPCI_OPTION_COUNT && strcmp(vpci_option_info[option + 1].spelling, spelling) == 0;
    if (!has_twin) {
        vpci_text_addf(text, "        *' %s')", spelling);
        return;
    }
    const char *before = "        ";
    for (int i = 0; i < VPCI_VERB_COUNT; i++) {
        if ((vpci_verb_info[i].may >> option & 1u) == 0)
            continue;
        vpci_text_addf(text, "%s'%s %s'", before, vpci_verb_info[i].spelling, spelling);
        before = "|";
    }
    vpci_text_add(text, ")");
}

/* The case arms of what each option takes, shared by bash and zsh, which read them alike. */
static void add_option_arms(struct vpci_text *text, const char *formats)
{
    for (int i = 0; i < VPCI_OPTION_COUNT; i++) {
        const struct vpci_option_info *info = &vpci_option_info[i];
        if (info->type == VPCI_OPTION_IS_FLAG)
            continue;
        add_option_pattern(text, i);
        vpci_text_add(text, " choices='");
        add_words_of_option(text, info, formats);
        vpci_text_addf(text, "' files=%s; taken=1 ;;\n",
                       info->type == VPCI_OPTION_IS_FOLDER                                         ? "folders"
                       : info->type == VPCI_OPTION_IS_ADAPTER || info->type == VPCI_OPTION_IS_FILE ? "all"
                                                                                                   : "none");
    }
}

/* The case arms of each verb: its options, and what its arguments may be. */
static void add_verb_arms(struct vpci_text *text)
{
    for (int i = 0; i < VPCI_VERB_COUNT; i++) {
        const struct vpci_verb_info *verb = &vpci_verb_info[i];
        if (!is_verb_shown(i))
            continue;
        vpci_text_addf(text, "        '%s') switches='", verb->spelling);
        add_options_of_verb(text, i);
        vpci_text_add(text, "' choices='");
        if (strchr(verb->arguments, '|') != NULL)
            add_choices(text, verb->arguments);
        else if (i == VPCI_VERB_HELP)
            add_first_words(text);
        vpci_text_addf(text, "' files=%s ;;\n",
                       strncmp(verb->arguments, "FILE", 4) == 0  ? "all"
                       : strncmp(verb->arguments, "DIR", 3) == 0 ? "folders"
                                                                 : "none");
    }
}

static void print_bash(struct vpci_text *text, const char *formats)
{
    vpci_text_add(
        text, "# bash completion of vpci-conform; load it with: source <(vpci-conform --completion bash)\n"
              "_vpci_conform() {\n"
              "    local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
              "    local verb=\"${COMP_WORDS[1]}\" switches= choices= files=none taken=\n"
              "    COMPREPLY=()\n"
              /* bash takes the = of --option=ARGUMENT for a word */
              "    [ \"$current\" = = ] && current=\n"
              "    [ \"$previous\" = = ] && previous=\"${COMP_WORDS[COMP_CWORD-2]}\"\n"
              "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        choices='");
    add_first_words(text);
    vpci_text_add(
        text, "'\n    elif [ \"$verb\" = adapter ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n        choices='");
    add_second_words(text, "adapter");
    vpci_text_add(text, "'\n    else\n"
                        "        [ \"$verb\" = adapter ] && verb=\"adapter ${COMP_WORDS[2]}\"\n"
                        "        case \"$verb $previous\" in\n");
    add_option_arms(text, formats);
    vpci_text_add(text, "        esac\n"
                        "        [ -n \"$taken\" ] || case \"$verb\" in\n");
    add_verb_arms(text);
    vpci_text_add(
        text, "        esac\n"
              "    fi\n"
              "    case \"$current\" in -*) [ -n \"$taken\" ] || choices=\"$switches\" files=none ;; esac\n"
              "    COMPREPLY=($(compgen -W \"$choices\" -- \"$current\"))\n"
              "    local IFS=$'\\n'\n" /* names of files may have spaces */
              "    case \"$files\" in\n"
              "    all) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- \"$current\")) ;;\n"
              "    folders) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -d -- \"$current\")) ;;\n"
              "    esac\n"
              "}\n"
              "complete -F _vpci_conform vpci-conform\n");
}

static void print_zsh(struct vpci_text *text, const char *formats)
{
    vpci_text_add(text, "#compdef vpci-conform\n"
                        "# zsh completion of vpci-conform; put it into a folder of $fpath as _vpci-conform\n"
                        "_vpci_conform() {\n"
                        "    local current=\"$PREFIX\" previous=\"${words[CURRENT-1]}\" verb=\"${words[2]}\" "
                        "second=\"${words[3]}\"\n"
                        "    local position=$CURRENT switches= choices= files=none taken=\n"
                        "    if [ \"$position\" -eq 2 ]; then\n        choices='");
    add_first_words(text);
    vpci_text_add(text,
                  "'\n    elif [ \"$verb\" = adapter ] && [ \"$position\" -eq 3 ]; then\n        choices='");
    add_second_words(text, "adapter");
    vpci_text_add(text, "'\n    else\n"
                        "        [ \"$verb\" = adapter ] && verb=\"adapter $second\"\n"
                        "        case \"$verb $previous\" in\n");
    add_option_arms(text, formats);
    vpci_text_add(text, "        esac\n"
                        "        [ -n \"$taken\" ] || case \"$verb\" in\n");
    add_verb_arms(text);
    vpci_text_add(
        text,
        "        esac\n"
        "    fi\n"
        "    case \"$current\" in -*) [ -n \"$taken\" ] || { choices=\"$switches\"; files=none } ;; esac\n"
        "    compadd -- ${=choices}\n"
        "    case \"$files\" in\n"
        "    all) _files ;;\n"
        "    folders) _files -/ ;;\n"
        "    esac\n"
        "}\n"
        "compdef _vpci_conform vpci-conform\n");
}

/* A string in single quotes, as fish reads it. */
static void add_fish_quoted(struct vpci_text *text, const char *string)
{
    vpci_text_add(text, "'");
    for (; *string != '\0'; string++) {
        if (*string == '\'' || *string == '\\')
            vpci_text_add(text, "\\");
        vpci_text_add_bytes(text, string, 1);
    }
    vpci_text_add(text, "'");
}

static void add_fish_option(struct vpci_text *text, int option, const char *formats)
{
    const struct vpci_option_info *info = &vpci_option_info[option];
    vpci_text_add(text, "complete -c vpci-conform -n '__vpci_conform_verb");
    for (int i = 0; i < VPCI_VERB_COUNT; i++) {
        if (is_verb_shown(i) && (vpci_verb_info[i].may >> option & 1u) != 0)
            vpci_text_addf(text, " \"%s\"", vpci_verb_info[i].spelling);
    }
    vpci_text_addf(text, "' -l %s", info->spelling + 2);
    if (info->type == VPCI_OPTION_IS_FOLDER)
        vpci_text_add(text, " -x -a '(__fish_complete_directories)'");
    else if (info->type == VPCI_OPTION_IS_ADAPTER || info->type == VPCI_OPTION_IS_FILE)
        vpci_text_add(text, " -r -F");
    else if (info->type != VPCI_OPTION_IS_FLAG)
        vpci_text_add(text, " -x");
    struct vpci_text choices = { 0 };
    add_words_of_option(&choices, info, formats);
    if (choices.length > 0)
        vpci_text_addf(text, " -a '%s'", choices.bytes);
    vpci_text_free(&choices);
    vpci_text_add(text, " -d ");
    add_fish_quoted(text, info->text);
    vpci_text_add(text, "\n");
}

static void print_fish(struct vpci_text *text, const char *formats)
{
    vpci_text_add(
        text, "# fish completion of vpci-conform; put it into ~/.config/fish/completions/vpci-conform.fish\n"
              "function __vpci_conform_verb\n"
              "    set -l given (commandline -opc)\n"
              "    set -e given[1]\n"
              "    for verb in $argv\n"
              "        set -l spelled (string split ' ' -- $verb)\n"
              "        test (count $given) -ge (count $spelled)\n"
              "        and test \"$given[1..\"(count $spelled)\"]\" = \"$verb\"\n"
              "        and return 0\n"
              "    end\n"
              "    return 1\n"
              "end\n"
              "complete -c vpci-conform -f\n");
    for (int i = 0; i < VPCI_VERB_COUNT; i++) {
        const struct vpci_verb_info *verb = &vpci_verb_info[i];
        const char *second = strchr(verb->spelling, ' ');
        if (!is_verb_shown(i))
            continue;
        if (second == NULL)
            vpci_text_addf(text, "complete -c vpci-conform -n __fish_use_subcommand -a '%s' -d ",
                           verb->spelling);
        else
            vpci_text_addf(text,
                           "complete -c vpci-conform -n __fish_use_subcommand -a '%.*s'\n"
                           "complete -c vpci-conform -n '__vpci_conform_verb \"%.*s\"' -a '%s' -d ",
                           (int)(second - verb->spelling), verb->spelling, (int)(second - verb->spelling),
                           verb->spelling, second + 1);
        add_fish_quoted(text, verb->summary);
        vpci_text_add(text, "\n");
        if (strchr(verb->arguments, '|') != NULL) {
            vpci_text_addf(text, "complete -c vpci-conform -n '__vpci_conform_verb \"%s\"' -a '",
                           verb->spelling);
            add_choices(text, verb->arguments);
            vpci_text_add(text, "'\n");
        } else if (strncmp(verb->arguments, "FILE", 4) == 0) {
            vpci_text_addf(text, "complete -c vpci-conform -n '__vpci_conform_verb \"%s\"' -F\n",
                           verb->spelling);
        }
    }
    for (int i = 0; i < VPCI_OPTION_COUNT; i++)
        add_fish_option(text, i, formats);
}

bool vpci_options_print_completion(struct vpci_text *text, const char *shell, const char *formats)
{
    static const struct {
        const char *shell;
        void (*print)(struct vpci_text *text, const char *formats);
    } shells[] = { { "bash", print_bash }, { "zsh", print_zsh }, { "fish", print_fish } };
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shells[i].shell, shell) == 0) {
            shells[i].print(text, formats);
            return true;
        }
    }
    return false;
}
