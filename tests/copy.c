/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/copy.h"

#include "tui/script.h"

#include "tests/tap.h"

#include <locale.h>
#include <stdlib.h>

/* What is copied from the demo, and that a copied place leads back. */

static struct budget budget;
static struct session session;
static struct interface interface;
static text_array text;

static void begin(const char *keys)
{
	struct error err = { 0 };

	if (!interface_open(&interface, &session, "demo.trace", NULL, &err))
		abort();
	script_settle(&interface, 120, 40);
	script_press(&interface, keys, &err);
}

static const char *copied(enum copy what)
{
	array_clear(&text);
	interface.state.copy = (uint8_t)what;
	if (!copy_text(&interface, &text))
		return "";
	*array_push(&text) = '\0';
	return text.items;
}

static void the_selection_is_told(void)
{
	begin("!f");
	ok(strstr(copied(COPY_ALL), "row=stw,s=621.479616ms\n") != NULL, "the place");
	ok(strstr(text.items, "read mem stats") != NULL, "the title");
	ok(strstr(text.items, "\n  runtime.ReadMemStats\n    runtime/mstats.go:358\n") != NULL,
	   "the stack, whole");
	interface_close(&interface);
}

static void a_table_is_told_in_cells(void)
{
	begin("!f");
	is_text(copied(COPY_TABLE), "", "there is none");
	ok(interface.state.is_error, "which is said");
	interface_close(&interface);
	begin("!fb");
	ok(strstr(copied(COPY_TABLE), "title\tcount\ttotal_ns\tmean_ns") == text.items,
	   "names of columns");
	ok(strstr(text.items, "\nmain.watchMemory\t1\t4") != NULL, "numbers in ns");
	interface_close(&interface);
}

static void the_screen_is_told(void)
{
	int lines = 0;

	begin("");
	for (const char *at = copied(COPY_SCREEN); *at != '\0'; at++)
		lines += *at == '\n';
	is_i64(lines, 40, "line by line");
	interface_close(&interface);
}

/* Another one who gets the place sees the same. */
static void leads_back(const char *keys)
{
	char place[LOCATOR_TEXT_MAX], again[LOCATOR_TEXT_MAX];
	struct viewport window;
	struct span selected;
	struct row cursor;
	int64_t off, cell;

	begin(keys);
	copy_locator(&interface, place);
	window = interface.state.at.viewport;
	selected = interface.state.at.selected;
	cursor = interface.state.at.cursor;
	interface_close(&interface);
	begin("");
	interface_go_at(&interface, place);
	script_settle(&interface, 120, 40);
	copy_locator(&interface, again);
	off = viewport_begin_ns(&window) - viewport_begin_ns(&interface.state.at.viewport);
	cell = viewport_cell_ns(&window, 2);
	ok(row_equal(cursor, interface.state.at.cursor) &&
	           span_is_same(&selected, &interface.state.at.selected) && off <= cell &&
	           off >= -cell,
	   "after %s: %s leads to %s", keys, place, again);
	interface_close(&interface);
}

static void sources_are_found(void)
{
	char path[1024];
	uint32_t line = 0;
	struct error err = { 0 };

	begin("!f");
	ok(copy_frame(&interface, path, sizeof(path), &line) && line == 341 &&
	           strcmp(path, "././demo.go") == 0,
	   "not the runtime's own");
	script_press(&interface, "%<lt><lt>O", &err);
	ok(copy_frame(&interface, path, sizeof(path), &line) && line == 358,
	   "but one that is marked");
	script_press(&interface, "<Esc>O", &err);
	ok(copy_frame(&interface, path, sizeof(path), &line) && line == 341, "until it is not");
	interface_close(&interface);
	begin("");
	ok(!copy_frame(&interface, path, sizeof(path), &line), "nothing selected");
	interface_close(&interface);
}

int main(void)
{
	const char *srcdir = getenv("srcdir");
	char path[1024];
	struct error err = { 0 };

	setlocale(LC_CTYPE, "C.UTF-8");
	text.budget = &budget;
	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", srcdir == NULL ? "." : srcdir);
	if (!ok(session_open(&session, &budget, path, 0, &err), "the trace opens"))
		return tap_done();
	the_selection_is_told();
	a_table_is_told_in_cells();
	the_screen_is_told();
	leads_back("!f");
	leads_back("@fs");
	leads_back("!fjjj<Tab><Tab>w");
	leads_back("!fjjj<Tab><Tab>wr<Tab><Tab>");
	leads_back("\"jj<Tab>f");
	leads_back("\"jjj<Tab>f");
	leads_back("\"jjjj<Tab>f");
	leads_back("ll<Tab><Tab>f");
	leads_back("ll\"j<Tab><Tab>f");
	leads_back("@<Bar>G158<CR>r\"j<Tab>");
	leads_back("lll<Tab>");
	leads_back("lllj<Tab>f");
	sources_are_found();
	array_free(&text);
	session_close(&session);
	return tap_done();
}
