/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"
#include "tui/control/number.h"

/* The table of several selected spans: what its rows are, their order, and where one leads. */

static bool is_word(const char *text, const char *word)
{
	return strcmp(text, word) == 0;
}

/* The longest of those that a row of the table is about. */
static bool find_longest(const struct many *many, const struct model *model, size_t row,
                         struct span *longest)
{
	struct table table;
	struct table_cursor cursor;
	struct value name = { .text = { NULL, 0 } };
	char room[TALLY_NAME_MAX];

	longest->kind = SPAN_NONE;
	table_init(&table, model->budget);
	tally_make(&table, model, many->spans.items, many->spans.count, (enum tally_by)many->by,
	           (enum tally_column)many->order);
	if (row < table_rows(&table)) {
		cursor = table_row(&table, row);
		table_next(&cursor, &name);
	}
	for (size_t i = 0; i < many->spans.count && name.text.data != NULL; i++) {
		const struct span *span = &many->spans.items[i];
		int64_t more =
			(span->end_ns - span->begin_ns) - (longest->end_ns - longest->begin_ns);

		if ((longest->kind == SPAN_NONE || more > 0) &&
		    bytes_equal(name.text, tally_name(model, span, (enum tally_by)many->by, room)))
			*longest = *span;
	}
	table_free(&table);
	return longest->kind != SPAN_NONE;
}

static unsigned show_longest(struct state *state, const struct model *model, int row)
{
	struct span span = { .kind = SPAN_NONE };

	if (row < 1 || !find_longest(&state->many, model, (size_t)row - 1, &span)) {
		state_refuse(state, "there is no such row");
		return EFFECT_REDRAW;
	}
	state->shows_many = false;
	state_select(state, &span);
	viewport_reveal(&state->at.viewport, span.begin_ns, span.end_ns);
	state_say(state, "the longest of them, BS returns");
	return EFFECT_REDRAW;
}

unsigned command_tally(struct state *state, const struct model *model, int argc, char **argv)
{
	struct many *many = &state->many;
	const char *what = argc == 2 ? argv[1] : "";
	int row;

	if (argc == 3 && is_word(argv[1], "row") && number_parse(argv[2], &row))
		return show_longest(state, model, row);
	many->version++;
	for (int by = 0; by < TALLY_BYS; by++)
		if (is_word(what, tally_by_name((enum tally_by)by)) ||
		    (is_word(what, "next") && by == (many->by + 1) % TALLY_BYS)) {
			many->by = (uint8_t)by;
			state_say(state, "a row each %s", tally_by_name((enum tally_by)by));
			if (many->spans.count == 0)
				state_refuse(state,
				             "select several for that: b the lanes in the window");
			state->shows_many = many->spans.count > 0;
			return EFFECT_REDRAW;
		}
	for (int order = 0; order < TALLY_COLUMNS; order++)
		if (is_word(what, tally_column_name((enum tally_column)order)) ||
		    (is_word(what, "order") && order == (many->order + 1) % TALLY_COLUMNS)) {
			many->order = (uint8_t)order;
			state_say(state, "ordered by %s",
			          tally_column_name((enum tally_column)order));
			if (many->spans.count == 0)
				state_refuse(state,
				             "select several for that: b the lanes in the window");
			return EFFECT_REDRAW;
		}
	return command_misuse(state, argv[0]);
}
