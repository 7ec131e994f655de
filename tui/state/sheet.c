/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/sheet.h"

#include <string.h>

struct sheet *sheets_now(struct sheets *sheets)
{
	return &sheets->stack[sheets->depth - 1];
}

bool sheets_open(struct sheets *sheets, const char *name, const char *selector)
{
	struct sheet sheet = { .has_selector = selector != NULL };

	if (strlen(name) >= sizeof(sheet.name) ||
	    (selector != NULL && strlen(selector) >= sizeof(sheet.selector)))
		return false;
	memcpy(sheet.name, name, strlen(name) + 1);
	if (selector != NULL)
		memcpy(sheet.selector, selector, strlen(selector) + 1);
	if (sheets->depth == SHEETS_MAX)
		memmove(&sheets->stack[0], &sheets->stack[1],
		        (size_t)--sheets->depth * sizeof(sheets->stack[0]));
	sheets->stack[sheets->depth++] = sheet;
	sheets->rows = sheets->cols = 0;
	return true;
}

bool sheets_back(struct sheets *sheets)
{
	if (sheets->depth < 2)
		return false;
	sheets->depth--;
	sheets->rows = sheets->cols = 0;
	return true;
}

static int clamp(int value, int low, int high)
{
	value = value > high ? high : value;
	return value < low ? low : value;
}

/* As long as it is being made, the cursor stays where it was. */
void sheets_settle(struct sheets *sheets, int lines)
{
	struct sheet *sheet;

	if (sheets->depth == 0)
		return;
	sheet = sheets_now(sheets);
	lines = lines > 0 ? lines : 1;
	if (sheets->rows > 0)
		sheet->row = clamp(sheet->row, 0, sheets->rows - 1);
	sheet->scroll = clamp(sheet->scroll, sheet->row - lines + 1, sheet->row);
	sheet->scroll = clamp(sheet->scroll, 0, sheets->rows > lines ? sheets->rows - lines : 0);
	if (sheets->cols > 0)
		sheet->column = clamp(sheet->column, 0, sheets->cols - 1);
	sheet->first = clamp(sheet->first, 1, sheet->column > 1 ? sheet->column : 1);
}

bool sheet_asks_same(const struct sheet *a, const struct sheet *b)
{
	return strcmp(a->name, b->name) == 0 && a->has_selector == b->has_selector &&
	       strcmp(a->selector, b->selector) == 0 && a->is_within == b->is_within &&
	       (!a->is_within || (a->from_ns == b->from_ns && a->to_ns == b->to_ns));
}
