/* SPDX-License-Identifier: MIT */
/* reports/compare_markdown.c - a sheet as a comment on a pull request: the headline and the counts, all else
 * folded, and never longer than a comment may be. */
#include "reports/markdown_text.h"
#include "reports/sheet.h"

enum {
    CELL_BYTES_MAX = 200,
    CLOSING_BYTES = 1000, /* kept free for what is said at the end */
};

static void add_cell(struct vpci_text *text, const char *cell, enum vpci_sheet_kind kind)
{
    char shown[CELL_BYTES_MAX];
    vpci_text_copy_plain(shown, sizeof shown, cell);
    vpci_text_add(text, " ");
    if (kind == VPCI_SHEET_CODE)
        vpci_markdown_code(text, shown, true);
    else
        vpci_markdown_words(text, shown);
    vpci_text_add(text, " |");
}

static void add_rows(struct vpci_text *text, const struct vpci_sheet_table *table, uint32_t rows)
{
    vpci_text_add(text, "\n|");
    for (uint32_t i = 0; i < table->column_count; i++)
        vpci_text_addf(text, " %s |", table->columns[i].title);
    vpci_text_add(text, "\n|");
    for (uint32_t i = 0; i < table->column_count; i++)
        vpci_text_add(text, table->columns[i].kind == VPCI_SHEET_NUMBER ? "--:|" : "---|");
    for (uint32_t row = 0; row < rows; row++) {
        vpci_text_add(text, "\n|");
        for (uint32_t i = 0; i < table->column_count; i++)
            add_cell(text, table->cells[(size_t)row * table->column_count + i], table->columns[i].kind);
    }
    vpci_text_add(text, "\n");
}

static void add_table(struct vpci_text *text, const struct vpci_sheet_table *table)
{
    const bool cut = !table->whole && table->row_count > VPCI_SHEET_ROWS_IN_TEXT;
    const uint32_t rows = cut ? VPCI_SHEET_ROWS_IN_TEXT : table->row_count;
    if (table->whole) {
        add_rows(text, table, rows);
        return;
    }
    vpci_text_add(text, "\n<details><summary>");
    vpci_markdown_html(text, table->heading);
    vpci_text_addf(text, ": <b>%u</b></summary>\n", table->row_count);
    add_rows(text, table, rows);
    if (cut)
        vpci_text_addf(text, "\nAnd %u further.\n", table->row_count - rows);
    vpci_text_add(text, "\n</details>\n");
}

void vpci_sheet_print_markdown(struct vpci_text *text, const struct vpci_sheet *sheet)
{
    const size_t start = text->length;
    struct vpci_text part = { 0 };
    uint32_t left_out = 0;
    vpci_text_addf(text, "## %s\n\n", sheet->verdict);
    vpci_markdown_words(text, sheet->headline);
    vpci_text_add(text, ".\n");
    for (uint32_t i = 0; i < sheet->note_count; i++) {
        char shown[4 * CELL_BYTES_MAX];
        vpci_text_copy_plain(shown, sizeof shown, sheet->notes[i]);
        vpci_text_add(text, "\n> **Note:** ");
        vpci_markdown_words(text, shown);
        vpci_text_add(text, "\n");
    }
    for (uint32_t i = 0; i < sheet->table_count; i++) {
        vpci_text_clear(&part);
        add_table(&part, &sheet->tables[i]);
        if (text->length - start + part.length > VPCI_SHEET_MARKDOWN_BYTES_MAX - CLOSING_BYTES)
            left_out++;
        else
            vpci_text_add_bytes(text, part.bytes, part.length);
    }
    if (left_out > 0)
        vpci_text_addf(text, "\n%u of the tables would be too long for a comment and are left out.\n",
                       left_out);
    vpci_text_free(&part);
}
