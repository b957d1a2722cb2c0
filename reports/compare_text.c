/* SPDX-License-Identifier: MIT */
/* reports/compare_text.c - a sheet for a terminal or a build log. */
#include <string.h>

#include "reports/layout.h"
#include "reports/sheet.h"

enum { INDENT = 2, DEEP_INDENT = 6, CELL_BYTES_MAX = 256 };

static void add_spaces(struct vpci_text *text, size_t count)
{
    while (count-- > 0)
        vpci_text_add_bytes(text, " ", 1);
}

static size_t width_of(const char *string)
{
    size_t width = 0;
    for (; *string != '\0'; string++)
        width += ((unsigned char)*string & 0xC0) != 0x80;
    return width;
}

static const char *cell_of(const struct vpci_sheet_table *table, uint32_t row, uint32_t column)
{
    return table->cells[(size_t)row * table->column_count + column];
}

/* Short tables, in columns. */
static void add_columns(struct vpci_text *text, const struct vpci_sheet_table *table)
{
    size_t widths[VPCI_SHEET_COLUMNS_MAX] = { 0 };
    char shown[CELL_BYTES_MAX];
    for (uint32_t row = 0; row < table->row_count; row++) {
        for (uint32_t column = 0; column < table->column_count; column++) {
            vpci_text_copy_plain(shown, sizeof shown, cell_of(table, row, column));
            const size_t width = width_of(shown);
            widths[column] = width > widths[column] ? width : widths[column];
        }
    }
    for (uint32_t row = 0; row < table->row_count; row++) {
        for (uint32_t column = 0; column < table->column_count; column++) {
            vpci_text_copy_plain(shown, sizeof shown, cell_of(table, row, column));
            const size_t space = widths[column] - width_of(shown);
            const bool number = table->columns[column].kind == VPCI_SHEET_NUMBER;
            add_spaces(text, INDENT + (number ? space : 0));
            vpci_text_add(text, shown);
            add_spaces(text, number || column + 1 == table->column_count ? 0 : space);
        }
        vpci_text_add(text, "\n");
    }
}

/* A row of a long table: its name, and below what else it says. */
static void add_row(struct vpci_text *text, const struct vpci_sheet_table *table, uint32_t row)
{
    struct vpci_text words = { 0 };
    add_spaces(text, INDENT);
    vpci_layout_words(text, DEEP_INDENT, INDENT, cell_of(table, row, 0));
    for (uint32_t column = 1; column < table->column_count; column++) {
        const char *cell = cell_of(table, row, column);
        if (cell[0] != '\0')
            vpci_text_addf(&words, "%s%s: %s", words.length > 0 ? "; " : "", table->columns[column].title,
                           cell);
    }
    if (words.length > 0) {
        add_spaces(text, DEEP_INDENT);
        vpci_layout_words(text, DEEP_INDENT, DEEP_INDENT, words.bytes);
    }
    vpci_text_free(&words);
}

static void add_table(struct vpci_text *text, const struct vpci_sheet_table *table)
{
    vpci_text_addf(text, "\n%s", table->heading);
    if (!table->whole)
        vpci_text_addf(text, ": %u", table->row_count);
    vpci_text_add(text, "\n");
    if (table->whole) {
        add_columns(text, table);
        return;
    }
    const uint32_t shown =
        table->row_count < VPCI_SHEET_ROWS_IN_TEXT ? table->row_count : VPCI_SHEET_ROWS_IN_TEXT;
    for (uint32_t row = 0; row < shown; row++)
        add_row(text, table, row);
    if (shown < table->row_count)
        vpci_text_addf(text, "  and %u further; --format json or html has all\n", table->row_count - shown);
}

void vpci_sheet_print_text(struct vpci_text *text, const struct vpci_sheet *sheet)
{
    struct vpci_text words = { 0 };
    vpci_text_addf(&words, "%s: %s", sheet->verdict, sheet->headline);
    vpci_layout_words(text, INDENT, 0, words.bytes);
    for (uint32_t i = 0; i < sheet->note_count; i++) {
        vpci_text_add(text, "! ");
        vpci_layout_words(text, INDENT, INDENT, sheet->notes[i]);
    }
    for (uint32_t i = 0; i < sheet->table_count; i++)
        add_table(text, &sheet->tables[i]);
    vpci_text_free(&words);
}
