/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/sheet.h"

#include "tests/tap.h"

#include <string.h>

/* Tables that lead to each other. */

/* By name, of what of it; NULL: of all. */
static bool open_sheet(struct sheets *sheets, const char *name, const char *selector)
{
	struct sheet sheet;

	if (!sheet_make(&sheet, name) || (selector != NULL && !sheet_select(&sheet, selector)))
		return false;
	sheets_push(sheets, &sheet);
	return true;
}

static void one_leads_to_another_and_back(void)
{
	struct sheets sheets = { .depth = 0 };

	ok(open_sheet(&sheets, "goroutines", NULL), "by name");
	sheets_now(&sheets)->row = 7;
	ok(open_sheet(&sheets, "goroutine", "main.work"), "those of a name");
	ok(sheets_now(&sheets)->has_selector && sheets_now(&sheets)->row == 0, "from its begin");
	ok(sheets_back(&sheets) && sheets_now(&sheets)->row == 7, "back where one was");
	ok(!sheets_back(&sheets), "there is none before");
}

static void the_first_are_forgotten(void)
{
	struct sheets sheets = { .depth = 0 };
	char name[SHEET_NAME_MAX] = "a";

	for (int i = 0; i < SHEETS_MAX + 2; i++, name[0]++)
		open_sheet(&sheets, name, NULL);
	is_i64(sheets.depth, SHEETS_MAX, "as many as there is room for");
	is_text(sheets.stack[0].name, "c", "the latest");
}

static void too_long_is_refused(void)
{
	struct sheets sheets = { .depth = 0 };
	char selector[SHEET_SELECTOR_MAX + 1];

	memset(selector, 'x', sizeof(selector) - 1);
	selector[sizeof(selector) - 1] = '\0';
	ok(!open_sheet(&sheets, "goroutine", selector) && sheets.depth == 0, "a selector");
	ok(!open_sheet(&sheets, selector, NULL) && sheets.depth == 0, "a name");
}

static void the_cursor_stays_inside(void)
{
	struct sheets sheets = { .depth = 0 };
	struct sheet *sheet;

	open_sheet(&sheets, "stw", NULL);
	sheet = sheets_now(&sheets);
	sheet->row = 50;
	sheets_settle(&sheets, 10);
	is_i64(sheet->row, 50, "nothing is made yet");
	sheets.rows = 30;
	sheets.cols = 4;
	sheet->column = 9;
	sheets_settle(&sheets, 10);
	ok(sheet->row == 29 && sheet->scroll == 20 && sheet->column == 3, "at the end");
	sheet->row = 5;
	sheets_settle(&sheets, 10);
	is_i64(sheet->scroll, 5, "scrolls back");
	sheets_settle(&sheets, 100);
	is_i64(sheet->scroll, 0, "all fits");
}

static void questions_are_told_apart(void)
{
	struct sheet a = { .name = "stw" }, b = a;

	ok(sheet_asks_same(&a, &b), "the same");
	b.row = 3;
	b.order = 2;
	ok(sheet_asks_same(&a, &b), "whatever is looked at");
	b.is_within = true;
	ok(!sheet_asks_same(&a, &b), "of the window");
	a.is_within = true;
	b.to_ns = 5;
	ok(!sheet_asks_same(&a, &b), "of another one");
}

int main(void)
{
	one_leads_to_another_and_back();
	the_first_are_forgotten();
	too_long_is_refused();
	the_cursor_stays_inside();
	questions_are_told_apart();
	return tap_done();
}
