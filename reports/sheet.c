/* SPDX-License-Identifier: MIT */
/* reports/sheet.c - how a sheet is filled, and freed. */
#include "reports/sheet.h"

#include <stdlib.h>

#include "harness/allocate.h"

static const char *keep(struct vpci_sheet *sheet, struct vpci_text *words)
{
    const char *kept = vpci_arena_copy(&sheet->arena, words->bytes, words->length);
    vpci_text_clear(words);
    return kept;
}

void vpci_sheet_note(struct vpci_sheet *sheet, struct vpci_text *words)
{
    sheet->notes = vpci_need_memory(realloc(sheet->notes, (sheet->note_count + 1) * sizeof *sheet->notes));
    sheet->notes[sheet->note_count++] = keep(sheet, words);
}

struct vpci_sheet_table *vpci_sheet_table(struct vpci_sheet *sheet, const char *id, const char *heading,
                                          const struct vpci_sheet_column *columns)
{
    sheet->tables =
        vpci_need_memory(realloc(sheet->tables, (sheet->table_count + 1) * sizeof *sheet->tables));
    struct vpci_sheet_table *table = &sheet->tables[sheet->table_count++];
    *table = (struct vpci_sheet_table){ .id = id, .heading = heading };
    while (columns[table->column_count].title != NULL) {
        table->columns[table->column_count] = columns[table->column_count];
        table->column_count++;
    }
    return table;
}

/* Cells are counted in row_count until the table is ended. */
void vpci_sheet_cell_of(struct vpci_sheet *sheet, const char *words)
{
    struct vpci_sheet_table *table = &sheet->tables[sheet->table_count - 1];
    if (table->row_count == table->capacity) {
        table->capacity = 2 * table->capacity + 16;
        table->cells = vpci_need_memory(realloc(table->cells, table->capacity * sizeof *table->cells));
    }
    table->cells[table->row_count++] = words;
}

void vpci_sheet_cell(struct vpci_sheet *sheet, struct vpci_text *words)
{
    vpci_sheet_cell_of(sheet, keep(sheet, words));
}

void vpci_sheet_end_table(struct vpci_sheet *sheet)
{
    struct vpci_sheet_table *table = &sheet->tables[sheet->table_count - 1];
    table->row_count /= table->column_count;
    if (table->row_count > 0)
        return;
    free(table->cells);
    sheet->table_count--;
}

void vpci_sheet_free(struct vpci_sheet *sheet)
{
    for (uint32_t i = 0; i < sheet->table_count; i++)
        free(sheet->tables[i].cells);
    free(sheet->tables);
    free(sheet->notes);
    vpci_arena_free(&sheet->arena);
    *sheet = (struct vpci_sheet){ 0 };
}
