/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/sheet.h"

#include <string.h>

struct sheet *sheets_now(struct sheets *sheets)
{
	return &sheets->stack[sheets->depth - 1];
}

bool sheet_make(struct sheet *sheet, const char *name)
{
	*sheet = (struct sheet){ .row = 0 };
	if (strlen(name) >= sizeof(sheet->name))
		return false;
	memcpy(sheet->name, name, strlen(name) + 1);
	return true;
}

bool sheet_select(struct sheet *sheet, const char *selector)
{
	if (strlen(selector) >= sizeof(sheet->selector))
		return false;
	sheet->has_selector = true;
	memcpy(sheet->selector, selector, strlen(selector) + 1);
	return true;
}

bool sheet_add_option(struct sheet *sheet, const char *option)
{
	size_t used = 0, len = strlen(option) + 1;

	for (const char *at = sheet_option(sheet); at != NULL; at = sheet_next_option(at))
		used += strlen(at) + 1;
	if (used + len >= sizeof(sheet->options))
		return false;
	memcpy(sheet->options + used, option, len);
	return true;
}

const char *sheet_find_option(const struct sheet *sheet, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = sheet_option(sheet); at != NULL; at = sheet_next_option(at))
		if (strncmp(at, name, len) == 0 && (at[len] == '\0' || at[len] == '='))
			return at;
	return NULL;
}

const char *sheet_option(const struct sheet *sheet)
{
	return sheet->options[0] == '\0' ? NULL : sheet->options;
}

const char *sheet_next_option(const char *option)
{
	option += strlen(option) + 1;
	return *option == '\0' ? NULL : option;
}

void sheets_push(struct sheets *sheets, const struct sheet *sheet)
{
	if (sheets->depth == SHEETS_MAX)
		memmove(&sheets->stack[0], &sheets->stack[1],
		        (size_t)--sheets->depth * sizeof(sheets->stack[0]));
	sheets->stack[sheets->depth++] = *sheet;
	sheets->rows = sheets->cols = 0;
	sheets->steps = (struct sheet_steps){ .down = 0 };
}

void sheets_inherit(struct sheets *sheets, const struct sheet *from)
{
	struct sheet *sheet = sheets_now(sheets);

	sheet->is_within = from->is_within;
	sheet->from_ns = from->from_ns;
	sheet->to_ns = from->to_ns;
	sheet->is_selected = from->is_selected;
}

bool sheets_back(struct sheets *sheets)
{
	if (sheets->depth < 2)
		return false;
	sheets->depth--;
	sheets->rows = sheets->cols = 0;
	sheets->steps = (struct sheet_steps){ .down = 0 };
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
	sheets->lines = lines;
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
	       strcmp(a->selector, b->selector) == 0 &&
	       memcmp(a->options, b->options, sizeof(a->options)) == 0 &&
	       a->has_stretches == b->has_stretches &&
	       memcmp(a->stretches, b->stretches, sizeof(a->stretches)) == 0 &&
	       a->is_within == b->is_within && a->is_selected == b->is_selected &&
	       (!a->is_within || (a->from_ns == b->from_ns && a->to_ns == b->to_ns));
}
