/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/desk.h"

#include <inttypes.h>
#include <stdio.h>

#include "tui/control/commands.h"

/* Where a row leads. */

enum { PLACE_MAX = 120 };

struct desk_row {
	const struct table *table;
	size_t at;
};

static bool find(const struct desk_row *row, const char *name, struct value *value)
{
	size_t column;

	if (!table_find_column(row->table, bytes_of(name), &column))
		return false;
	*value = table_value(row->table, row->at, column);
	return !value->is_empty;
}

static bool find_any(const struct desk_row *row, const char *const *names, struct value *value)
{
	for (; *names != NULL; names++)
		if (find(row, *names, value))
			return true;
	return false;
}

/* Quotes are for command_split: what can't be quoted is not gone to. */
static bool put_name(char line[LINE_COMMAND_MAX], const char *command, struct bytes name,
                     const char *behind)
{
	int len;

	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] == '\'' || name.data[i] < ' ')
			return false;
	len = snprintf(line, LINE_COMMAND_MAX, "%s%.*s%s", command, (int)name.len,
	               (const char *)name.data, behind);
	return len > 0 && len < LINE_COMMAND_MAX;
}

/* A stretch of time, of a goroutine if there is one; window_ns: of rows that have one length. */
static bool put_place(char line[LINE_COMMAND_MAX], const struct desk_row *row, bool with_go,
                      int64_t window_ns)
{
	static const char *const begins[] = { "start_ns",   "when_ns", "time_ns",
		                              "created_ns", "from_ns", NULL };
	static const char *const lengths[] = { "duration_ns", "total_ns", "mark_ns", NULL };
	struct value begin, length = { 0 }, go;
	int len;

	if (!find_any(row, begins, &begin))
		return false;
	if (!find_any(row, lengths, &length) || length.number < 1)
		length.number = window_ns > 0 ? window_ns : 1000000;
	len = snprintf(line, LINE_COMMAND_MAX, "locate t=%" PRId64 "ns+%" PRId64 "ns", begin.number,
	               length.number);
	if (with_go && find(row, "goroutine", &go))
		snprintf(line + len, LINE_COMMAND_MAX - (size_t)len, ",g=%" PRIu64,
		         (uint64_t)go.number);
	return true;
}

/* What a goroutine did, which is selected. */
static bool put_stay(char line[LINE_COMMAND_MAX], const struct desk_row *row)
{
	struct value begin;
	size_t len;

	if (!put_place(line, row, true, 0) || !find(row, "start_ns", &begin))
		return false;
	len = strlen(line);
	snprintf(line + len, LINE_COMMAND_MAX - len, ",s=%" PRId64 "ns", begin.number);
	return true;
}

/* ---- of a comparison, which has two */

static const char *const before_place[] = { "start_ns", "duration_ns", "goroutine" };
static const char *const after_place[] = { "after_start_ns", "after_duration_ns",
	                                   "after_goroutine" };

struct worst {
	int64_t begin_ns, length_ns;
	struct value go; /* empty: of none */
};

/* False: there is none on that side. */
static bool find_place(struct worst *place, const struct desk_row *row,
                       const char *const columns[3])
{
	struct value begin, length;

	if (!find(row, columns[0], &begin) || !find(row, columns[1], &length))
		return false;
	*place = (struct worst){ begin.number, length.number < 1 ? 1 : length.number,
		                 .go = { .is_empty = true } };
	find(row, columns[2], &place->go);
	return true;
}

static bool is_compared(const struct desk *desk)
{
	return strcmp(desk->of.name, "compare") == 0;
}

/* Of two traces only the first is on the timeline. Else the column under the cursor tells which of
 * both is meant, if there are both. */
static bool goes_after(const struct desk *desk, const struct desk_row *row)
{
	size_t at = (size_t)desk->of.column;
	struct bytes name = { NULL, 0 };
	struct value begin;

	if (desk->of.has_selector)
		return false;
	if (at < row->table->columns.count)
		name = row->table->columns.items[at].name;
	return bytes_begin_with(name, "after") || !find(row, before_place[0], &begin);
}

static bool put_compared(const struct desk *desk, const struct desk_row *row,
                         char line[LINE_COMMAND_MAX])
{
	struct worst place;
	int len;

	if (!find_place(&place, row, goes_after(desk, row) ? after_place : before_place))
		return false;
	len = snprintf(line, LINE_COMMAND_MAX, "locate t=%" PRId64 "ns+%" PRId64 "ns",
	               place.begin_ns, place.length_ns);
	if (!place.go.is_empty)
		snprintf(line + len, LINE_COMMAND_MAX - (size_t)len, ",g=%" PRIu64,
		         (uint64_t)place.go.number);
	return true;
}

static bool find_row(const struct desk *desk, const struct state *state, struct desk_row *row)
{
	int at = state->sheets.stack[state->sheets.depth - 1].row;

	if (!desk->is_made || at < 0 || (size_t)at >= desk->shown.count)
		return false;
	*row = (struct desk_row){ .table = &desk->table, .at = desk->shown.items[at] };
	return true;
}

/* About where, so that it is short. */
static void write_other(const struct worst *place, char text[PLACE_MAX])
{
	int64_t us = place->begin_ns / 1000;
	int len = snprintf(text, PLACE_MAX, "the other: --at t=%" PRId64 ".%03dms+%" PRId64 "us",
	                   us / 1000, (int)(us % 1000), place->length_ns / 1000 + 1);

	if (!place->go.is_empty)
		snprintf(text + len, PLACE_MAX - (size_t)len, ",g=%" PRIu64,
		         (uint64_t)place->go.number);
}

/* Of a comparison: where the row under the cursor has its other place. */
static bool find_other_place(const struct desk *desk, const struct state *state,
                             char text[PLACE_MAX])
{
	struct desk_row row;
	struct worst place;
	bool is_after;

	if (!is_compared(desk) || !find_row(desk, state, &row))
		return false;
	is_after = goes_after(desk, &row);
	if (!find_place(&place, &row, is_after ? before_place : after_place))
		return false;
	if (desk->of.has_selector)
		write_other(&place, text);
	else
		snprintf(text, PLACE_MAX, "%s: BS, then CR in column %s",
		         is_after ? "where it was before" : "where it is after",
		         is_after ? "before" : "after");
	return true;
}

/* ---- */

static bool put_id(char line[LINE_COMMAND_MAX], const struct desk_row *row, const char *column,
                   char letter)
{
	struct value id;

	if (!find(row, column, &id))
		return false;
	snprintf(line, LINE_COMMAND_MAX, "goto %c%" PRIu64, letter, (uint64_t)id.number);
	return true;
}

static bool is_one_of(const char *option, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strncmp(option, *names, strlen(*names)) == 0)
			return true;
	return false;
}

/* What is asked of the table goes on, but for how it is shown; or that of its stretch alone. */
static bool put_options(char line[LINE_COMMAND_MAX], const struct sheet *sheet, bool of_stretch)
{
	static const char *const stretch[] = { "--from=", "--to=", "--filter=", NULL };
	static const char *const shapes[] = { "--tree", "--peek=", "--group=", NULL };
	size_t len = strlen(line);

	for (const char *option = sheet_option(sheet); option != NULL;
	     option = sheet_next_option(option)) {
		if (of_stretch ? !is_one_of(option, stretch) : is_one_of(option, shapes))
			continue;
		if (strchr(option, '\'') != NULL || len + strlen(option) + 4 > LINE_COMMAND_MAX)
			return false;
		len += (size_t)snprintf(line + len, LINE_COMMAND_MAX - len, " '%s'", option);
	}
	return true;
}

/* The worst of the mmu's windows of a length. */
static bool put_windows(char line[LINE_COMMAND_MAX], const struct sheet *sheet, int64_t window_ns)
{
	bool is_us = window_ns % 1000 == 0, is_ms = window_ns % 1000000 == 0;

	snprintf(line, LINE_COMMAND_MAX, "table mmu --window=%" PRId64 "%s",
	         window_ns / (is_ms   ? 1000000
	                      : is_us ? 1000
	                              : 1),
	         is_ms   ? "ms"
	         : is_us ? "us"
	                 : "ns");
	return put_options(line, sheet, false);
}

/* The command that selects there what the row is about; NULL: it is a goroutine's lane, or nothing
 * that can be selected. */
static const char *selecting(const struct desk *desk)
{
	static const char *const kinds[][2] = { { "stw", "next stw" },
		                                { "gc", "next gc" },
		                                { "assists", "next assist all" } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(desk->of.name, kinds[i][0]) == 0)
			return kinds[i][1];
	return NULL;
}

/* The function that a row of a profile is about; empty: none. */
static struct bytes function_of(const struct desk *desk, const struct desk_row *row)
{
	struct value value;

	if (desk->is_tree)
		return strings_text(&desk->answering.model->strings,
		                    desk->flame.calls.items[row->at].function);
	return find(row, "function", &value) ? value.text : (struct bytes){ NULL, 0 };
}

/* Its callers and callees. */
static bool put_peek(const struct desk *desk, const struct desk_row *row,
                     char line[LINE_COMMAND_MAX])
{
	char command[SHEET_NAME_MAX + 24];

	snprintf(command, sizeof(command), "table %s '--peek=", desk->of.name);
	return put_name(line, command, function_of(desk, row), "'") &&
	       put_options(line, &desk->of, false);
}

static bool is_profile(const struct desk *desk)
{
	return analysis_has_profile(analysis_find(bytes_of(desk->of.name)));
}

/* Of a table that was opened for that function alone, its neighbours are; of others, the runs that
 * have it in their stacks. */
static bool put_function(const struct desk *desk, const struct desk_row *row,
                         char line[LINE_COMMAND_MAX])
{
	struct bytes function = function_of(desk, row);

	if (function.len == 0)
		return false;
	return desk->options.question.has_peek ? put_peek(desk, row, line)
	                                       : put_name(line, "search \\V", function, "");
}

static bool peek_line(const struct desk *desk, const struct desk_row *row,
                      char line[LINE_COMMAND_MAX])
{
	return is_profile(desk) && function_of(desk, row).len > 0 && put_peek(desk, row, line);
}

static bool put_group(char line[LINE_COMMAND_MAX], size_t len, struct bytes column)
{
	if (memchr(column.data, '\'', column.len) != NULL ||
	    len + column.len + 16 > LINE_COMMAND_MAX)
		return false;
	snprintf(line + len, LINE_COMMAND_MAX - len, " '--group=%.*s'", (int)column.len,
	         (const char *)column.data);
	return true;
}

/* The same table, by the column under the cursor. */
static bool group_line(const struct desk *desk, char line[LINE_COMMAND_MAX])
{
	size_t column = (size_t)desk->of.column;
	int len = snprintf(line, LINE_COMMAND_MAX, "table %s", desk->of.name);

	if (desk->is_tree || desk->table.is_list || is_compared(desk) || desk->of.name[0] == '\0' ||
	    desk->options.report.group != NULL || column >= desk->table.columns.count ||
	    strchr(desk->of.selector, '\'') != NULL)
		return false;
	if (desk->of.has_selector)
		len += snprintf(line + len, LINE_COMMAND_MAX - (size_t)len, " '%s'",
		                desk->of.selector);
	return put_group(line, (size_t)len, desk->table.columns.items[column].name) &&
	       put_options(line, &desk->of, false);
}

static bool lead_line(const struct desk *desk, const struct desk_row *row,
                      char line[LINE_COMMAND_MAX])
{
	static const struct {
		const char *name, *column, *command;
	} leads[] = {
		{ "", "table", "table '" },
		{ "goroutines", "name", "table goroutine '" },
		{ "tasks", "type", "table task '" },
		{ "regions", "name", "table region '" },
	};
	struct value value;

	if (desk->options.report.group != NULL)
		return false; /* groups are nowhere */
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (strcmp(leads[i].name, desk->of.name) == 0)
			return find(row, leads[i].column, &value) &&
			       put_name(line, leads[i].command, value.text, "'") &&
			       put_options(line, &desk->of, true);
	if (is_profile(desk))
		return put_function(desk, row, line);
	if (strcmp(desk->of.name, "triage") == 0)
		return find(row, "locator", &value) && put_name(line, "locate ", value.text, "");
	if (strcmp(desk->of.name, "findings") == 0 && find(row, "rank", &value))
		return snprintf(line, LINE_COMMAND_MAX, "finding %d", (int)value.number) > 0;
	if (is_compared(desk))
		return put_compared(desk, row, line);
	if (find(row, "window_ns", &value))
		return put_windows(line, &desk->of, value.number);
	if (strcmp(desk->of.name, "why") == 0 || strcmp(desk->of.name, "critical") == 0)
		return put_stay(line, row);
	return put_place(line, row, selecting(desk) == NULL, desk->options.question.window_ns) ||
	       put_id(line, row, "goroutine", 'G') || put_id(line, row, "proc", 'P') ||
	       put_id(line, row, "thread", 'M');
}

/* What is under the cursor as a command line. */
static bool make_line(const struct desk *desk, const struct state *state, enum sheet_wish wish,
                      char line[LINE_COMMAND_MAX])
{
	struct desk_row row;

	if (!find_row(desk, state, &row))
		return false;
	switch (wish) {
	case SHEET_LEADS:
		return lead_line(desk, &row, line);
	case SHEET_PEEKS:
		return peek_line(desk, &row, line);
	case SHEET_GROUPS:
		return group_line(desk, line);
	}
	return false;
}

unsigned desk_open_row(const struct desk *desk, struct state *state, const struct model *model)
{
	char line[LINE_COMMAND_MAX], other[PLACE_MAX];
	unsigned effects;
	int depth = state->sheets.depth;
	const struct sheet from = *sheets_now(&state->sheets);
	static const char *const refusals[] = { "this row is at no place",
		                                "this is no function of a profile",
		                                "these rows are no groups" };
	enum sheet_wish wish = state->sheets.wish;
	bool has_other = wish == SHEET_LEADS && find_other_place(desk, state, other);
	bool is_table;

	state->sheets.wish = SHEET_LEADS;
	if (!make_line(desk, state, wish, line)) {
		state_refuse(state, "%s", has_other ? other : refusals[wish]);
		return EFFECT_REDRAW;
	}
	is_table = strncmp(line, "table ", 6) == 0;
	if (!is_table)
		state->mode = MODE_TIMELINE;
	effects = command_run(state, model, line);
	if (is_table && !state->is_error)
		sheets_inherit(&state->sheets, &from);
	if (state->mode == MODE_TIMELINE && selecting(desk) != NULL) {
		state_deselect(state);
		effects |= command_run(state, model, selecting(desk));
	}
	if (has_other && !state->is_error)
		state_say(state, "%s", other);
	state->sheets.is_left = state->mode == MODE_TIMELINE && state->sheets.depth == depth;
	state->sheets.left = state->places.version;
	return effects;
}
