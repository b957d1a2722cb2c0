/* SPDX-License-Identifier: MIT */
/* reports/compare_html.c - a sheet as a page that needs nothing but itself. */
#include "harness/options.h"
#include "reports/html_page.h"
#include "reports/sheet.h"

enum { OPEN_ROWS_MAX = 50 }; /* of a table that is not folded */

/* Colour, sign and word, of which each says it. */
static void add_verdict(struct vpci_text *text, const struct vpci_sheet *sheet)
{
    const char *class = sheet->exit == VPCI_EXIT_CONFORMS    ? "conforms"
                        : sheet->exit == VPCI_EXIT_VIOLATION ? "violation"
                                                             : "inconclusive";
    const char *sign = sheet->exit == VPCI_EXIT_CONFORMS    ? "\u2713"
                       : sheet->exit == VPCI_EXIT_VIOLATION ? "\u2717"
                                                            : "?";
    vpci_text_addf(text,
                   "<span class=\"badge %s\"><span class=\"sign\" aria-hidden=\"true\">%s</span>%s</span>",
                   class, sign, sheet->verdict);
}

static void add_cells(struct vpci_text *text, const struct vpci_sheet_table *table, uint32_t row)
{
    vpci_text_add(text, "<tr>");
    for (uint32_t i = 0; i < table->column_count; i++) {
        const enum vpci_sheet_kind kind = table->columns[i].kind;
        const bool code = kind == VPCI_SHEET_CODE;
        vpci_text_add(text, kind == VPCI_SHEET_NUMBER ? "<td class=\"number\">" : "<td>");
        vpci_text_add(text, code ? "<code>" : "");
        vpci_html_text(text, table->cells[(size_t)row * table->column_count + i]);
        vpci_text_add(text, code ? "</code></td>" : "</td>");
    }
    vpci_text_add(text, "</tr>\n");
}

static void add_rows(struct vpci_text *text, const struct vpci_sheet_table *table)
{
    vpci_text_add(text, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    vpci_html_text(text, table->heading);
    vpci_text_add(text, "\"><table>\n<thead><tr>");
    for (uint32_t i = 0; i < table->column_count; i++)
        vpci_text_addf(text, "<th scope=\"col\"%s>%s</th>",
                       table->columns[i].kind == VPCI_SHEET_NUMBER ? " class=\"number\"" : "",
                       table->columns[i].title);
    vpci_text_add(text, "</tr></thead>\n<tbody>\n");
    for (uint32_t row = 0; row < table->row_count; row++)
        add_cells(text, table, row);
    vpci_text_add(text, "</tbody>\n</table></div>\n");
}

/* Numbers with a word each, as tiles. */
static void add_tiles(struct vpci_text *text, const struct vpci_sheet_table *table)
{
    vpci_text_add(text, "<ul class=\"counts\">\n");
    for (uint32_t row = 0; row < table->row_count; row++)
        vpci_text_addf(text, "<li><b>%s</b><span class=\"label\">%s</span></li>\n",
                       table->cells[(size_t)row * table->column_count],
                       table->cells[(size_t)row * table->column_count + 1]);
    vpci_text_add(text, "</ul>\n");
}

static void add_table(struct vpci_text *text, const struct vpci_sheet_table *table)
{
    if (table->whole) {
        vpci_text_addf(text, "<h2>%s</h2>\n", table->heading);
        if (table->columns[0].kind == VPCI_SHEET_NUMBER)
            add_tiles(text, table);
        else
            add_rows(text, table);
        return;
    }
    vpci_text_addf(text, "<details class=\"card\" id=\"%s\"%s><summary>", table->id,
                   table->row_count <= OPEN_ROWS_MAX ? " open" : "");
    vpci_html_text(text, table->heading);
    vpci_text_addf(text, ": <b>%u</b></summary>\n<div class=\"inner\">\n", table->row_count);
    add_rows(text, table);
    vpci_text_add(text, "</div></details>\n");
}

void vpci_sheet_print_html(struct vpci_text *text, const struct vpci_sheet *sheet)
{
    vpci_html_begin(text, sheet->title);
    vpci_text_add(text, "<header class=\"banner\">\n<h1>");
    add_verdict(text, sheet);
    vpci_text_addf(text, " %s</h1>\n<p>", sheet->title);
    vpci_html_text(text, sheet->headline);
    vpci_text_add(text, ".</p>\n");
    for (uint32_t i = 0; i < sheet->note_count; i++) {
        vpci_text_add(text, "<p class=\"notice\">");
        vpci_html_text(text, sheet->notes[i]);
        vpci_text_add(text, "</p>\n");
    }
    vpci_text_add(text, "</header>\n");
    for (uint32_t i = 0; i < sheet->table_count; i++)
        add_table(text, &sheet->tables[i]);
    vpci_html_end(text);
}
