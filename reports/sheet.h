/* SPDX-License-Identifier: MIT */
/* reports/sheet.h - what a comparison tells people, as a headline, notes and tables, and its renderings.
 * Apart from them, so that text, Markdown and HTML say the same. */
#ifndef VPCI_SHEET_H
#define VPCI_SHEET_H

#include "harness/text.h"
#include "reports/timeline.h"

enum {
    VPCI_SHEET_COLUMNS_MAX = 6,
    VPCI_SHEET_ROWS_IN_TEXT = 10,          /* of each table */
    VPCI_SHEET_MARKDOWN_BYTES_MAX = 60000, /* a comment on a pull request holds 65,536 characters */
};

/* How the cells of a column are meant. Either may be hostile. */
enum vpci_sheet_kind { VPCI_SHEET_WORDS, VPCI_SHEET_CODE, VPCI_SHEET_NUMBER };

struct vpci_sheet_column {
    const char *title; /* NULL behind the last one */
    enum vpci_sheet_kind kind;
};

struct vpci_sheet_table {
    const char *id; /* word of JSON and anchors */
    const char *heading;
    struct vpci_sheet_column columns[VPCI_SHEET_COLUMNS_MAX + 1];
    uint32_t column_count, row_count, capacity;
    const char **cells; /* row by row; owned */
    bool whole;         /* never cut, never folded */
};

struct vpci_sheet {
    const char *title;    /* of a page */
    int exit;             /* enum vpci_exit */
    const char *verdict;  /* "WORSE", "UNCLEAR", "NOT WORSE" */
    const char *headline; /* one sentence */
    const char **notes;   /* what has to be said loudly; owned */
    uint32_t note_count;
    struct vpci_sheet_table *tables; /* those with rows; owned */
    uint32_t table_count;
    struct vpci_arena arena; /* of all strings that are not borrowed */
};

/* Either is borrowed until vpci_sheet_free. */
void vpci_sheet_of_comparison(struct vpci_sheet *sheet, const struct vpci_comparison *comparison);
void vpci_sheet_of_timeline(struct vpci_sheet *sheet, const struct vpci_timeline *timeline);
void vpci_sheet_free(struct vpci_sheet *sheet);

/* How a sheet is filled. */
void vpci_sheet_note(struct vpci_sheet *sheet, struct vpci_text *words);
struct vpci_sheet_table *vpci_sheet_table(struct vpci_sheet *sheet, const char *id, const char *heading,
                                          const struct vpci_sheet_column *columns);
/* Adds a cell to the table that was added last; words is kept and made empty. */
void vpci_sheet_cell(struct vpci_sheet *sheet, struct vpci_text *words);
void vpci_sheet_cell_of(struct vpci_sheet *sheet, const char *words);
/* Takes the table that was added last away when it has no rows. */
void vpci_sheet_end_table(struct vpci_sheet *sheet);

/* Append a rendering. Hostile text is inert in each. */
void vpci_sheet_print_text(struct vpci_text *text, const struct vpci_sheet *sheet);
void vpci_sheet_print_markdown(struct vpci_text *text, const struct vpci_sheet *sheet);
void vpci_sheet_print_html(struct vpci_text *text, const struct vpci_sheet *sheet);

/* JSON comes from the comparison itself: corpus/schemas/compare.schema.json. */
void vpci_comparison_print_json(struct vpci_text *text, const struct vpci_comparison *comparison);
void vpci_timeline_print_json(struct vpci_text *text, const struct vpci_timeline *timeline);

#endif
