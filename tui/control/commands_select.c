/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"
#include "tui/state/seek.h"

/* Choosing what the detail pane tells about. */

static const struct kind {
	const char *name;
	enum seek_kind kind;
	const char *none; /* there is none of it at all */
} kinds[] = {
	{ "assist", SEEK_ASSIST, "no goroutine assisted the GC in this trace" },
	{ "damage", SEEK_DAMAGE, "nothing is known to be lost, or not when" },
	{ "gc", SEEK_GC, "no GC cycle in this trace" },
	{ "stw", SEEK_STW, "the world was never stopped in this trace" },
};

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static unsigned show(struct state *state, const struct span *span)
{
	struct place before = state->at;

	state_select(state, span);
	viewport_reveal(&state->at.viewport, span->begin_ns, span->end_ns);
	if (span_is_same(&before.selected, span) &&
	    before.viewport.first == state->at.viewport.first &&
	    row_equal(before.cursor, state->at.cursor) && before.scroll == state->at.scroll)
		state_say(state, "this one is selected");
	return EFFECT_REDRAW;
}

/* A history has to come first. */
static unsigned want(struct state *state, uint32_t part)
{
	state->want_part = part;
	state_say(state, "reading ...");
	return EFFECT_REDRAW | EFFECT_WANT;
}

static unsigned step_to_range(struct state *state, const struct model *model, unsigned mask,
                              const struct seek_of *of, int sign)
{
	struct span from = state_reference(state, sign);
	struct span to;

	if (sign > 0 ? seek_next(model, mask, of, &from, &to)
	             : seek_previous(model, mask, of, &from, &to))
		return show(state, &to);
	state_refuse(state, "none %s%s", sign > 0 ? "later" : "earlier",
	             of == &seek_of_all ? "" : " in this lane; capitals look in all");
	return EFFECT_REDRAW;
}

/* Assists of the cursor's lane alone; of the other kinds there is one row. */
static struct seek_of seek_of_row(const struct state *state, unsigned mask)
{
	struct row row = state->at.cursor;
	struct seek_of of = seek_of_all;

	if (mask == SEEK_ASSIST && row_is_of_proc(row))
		of.proc = row.index;
	if (mask == SEEK_ASSIST && row_is_of_go(row))
		of.go = row.index;
	return of;
}

static unsigned select_in_one(struct state *state, const struct model *model)
{
	const struct viewport *window = &state->at.viewport;
	struct row row = state->at.cursor;
	int64_t begin = viewport_begin_ns(window), end = viewport_end_ns(window);
	struct span span;
	uint32_t part = INDEX_NONE;

	if (!row_is_lane(row))
		return step_to_range(state, model, row.kind == ROW_GC ? SEEK_GC : SEEK_STW,
		                     &seek_of_all, 1);
	if (model_has_lane(model, row_lane(row), begin, end) &&
	    model_spans(model, row_lane(row), begin, end, &span, 1) == 1)
		return show(state, &span);
	if (model_span_after(model, row_lane(row), begin - 1, &span, &part))
		return show(state, &span);
	if (part != INDEX_NONE)
		return want(state, part);
	state_refuse(state, "this row is empty from here on");
	return EFFECT_REDRAW;
}

static unsigned select_in_row(struct state *state, const struct model *model)
{
	if (state->at.cursor.kind == ROW_GROUP) {
		state_refuse(state, "many goroutines are in this row: c unfolds it");
		return EFFECT_REDRAW;
	}
	return select_in_one(state, model);
}

/* Along the row of the cursor. */
static unsigned step_to_span(struct state *state, const struct model *model, int sign)
{
	struct row row = state->at.cursor;
	const struct span *selected = &state->at.selected;
	struct span span;
	uint32_t part = INDEX_NONE;
	bool found;

	if (row.kind == ROW_GROUP || !state_has_selection(state) ||
	    !rows_show_span(&state->rows, row, selected))
		return select_in_row(state, model);
	if (!row_is_lane(row))
		return step_to_range(state, model, row.kind == ROW_GC ? SEEK_GC : SEEK_STW,
		                     &seek_of_all, sign);
	found = sign > 0
	                ? model_span_after(model, row_lane(row), selected->begin_ns, &span, &part)
	                : model_span_before(model, row_lane(row), selected->begin_ns, &span, &part);
	if (found)
		return show(state, &span);
	if (part != INDEX_NONE)
		return want(state, part);
	state_refuse(state, "this is the %s one of the row", sign > 0 ? "last" : "first");
	return EFFECT_REDRAW;
}

/* "gc stw", "assist all". */
static unsigned step_to_kinds(struct state *state, const struct model *model, int argc, char **argv,
                              int sign)
{
	struct seek_of of;
	unsigned mask = 0;
	bool all = false;

	for (int i = 1; i < argc; i++) {
		const struct kind *kind = find_kind(argv[i]);

		all |= strcmp(argv[i], "all") == 0;
		if (kind == NULL && strcmp(argv[i], "all") != 0)
			return command_misuse(state, argv[0]);
		mask |= kind != NULL ? kind->kind : 0;
	}
	if (mask == 0)
		return command_misuse(state, argv[0]);
	of = seek_of_row(state, mask);
	return step_to_range(
		state, model, mask,
		all || (of.go == INDEX_NONE && of.proc == INDEX_NONE) ? &seek_of_all : &of, sign);
}

static unsigned step(struct state *state, const struct model *model, int argc, char **argv,
                     int sign)
{
	unsigned effects;

	if (argc == 2 && strcmp(argv[1], "span") == 0)
		return step_to_span(state, model, sign);
	if (argc == 2 && strcmp(argv[1], "hit") == 0)
		return search_step_to_hit(state, model, sign < 0);
	if (argc == 2 && along_step(state, model, argv[1], sign, &effects))
		return effects;
	if (argc >= 2 && kinds_step(state, model, argc, argv, sign, &effects))
		return effects;
	return step_to_kinds(state, model, argc, argv, sign);
}

unsigned command_next(struct state *state, const struct model *model, int argc, char **argv)
{
	return step(state, model, argc, argv, 1);
}

unsigned command_previous(struct state *state, const struct model *model, int argc, char **argv)
{
	return step(state, model, argc, argv, -1);
}

unsigned command_longest(struct state *state, const struct model *model, int argc, char **argv)
{
	const struct kind *kind = argc == 2 ? find_kind(argv[1]) : NULL;
	struct span span;

	if (kind == NULL)
		return command_misuse(state, argv[0]);
	if (seek_longest(model, kind->kind, &span))
		return show(state, &span);
	state_refuse(state, "%s", kind->none);
	return EFFECT_REDRAW;
}

/* Those that are selected together are forgotten when the button goes up, if no drag follows. */
static void select_pointer(struct state *state)
{
	const struct pointer *pointer = &state->pointer;

	state->grab_selected = state->at.selected;
	state->grab_shows_many = state->shows_many;
	state->grab_is_click = pointer->area == AREA_PLOT;
	if (pointer->has_lane && row_has_spans(pointer->lane))
		state_set_cursor(state, pointer->lane);
	if (pointer->area != AREA_PLOT)
		return;
	if (pointer->span.kind != SPAN_NONE)
		state_select(state, &pointer->span);
	else if (pointer->is_dense)
		state_refuse(state, "too many in this cell: w zooms in");
	else
		state_deselect(state);
	if (pointer->has_lane && !row_has_spans(pointer->lane))
		state_say(state, "this row counts: nothing in it can be selected");
}

static unsigned select_damage(struct state *state, const struct model *model)
{
	struct span span;

	if ((size_t)state->damage_row >= model->damage.rows.count)
		return 0;
	span = seek_span(model, SEEK_DAMAGE, (size_t)state->damage_row);
	if (span.kind == SPAN_NONE) {
		state_refuse(state, "this one is at no known time");
		return EFFECT_REDRAW;
	}
	state->mode = MODE_TIMELINE;
	return show(state, &span);
}

unsigned command_select(struct state *state, const struct model *model, int argc, char **argv)
{
	unsigned effects;

	if (argc == 2 && command_select_many(state, model, argv[1], &effects))
		return effects;
	if (argc == 2 && strcmp(argv[1], "pointer") == 0) {
		command_grab(state, model, argc, argv);
		select_pointer(state);
		return EFFECT_REDRAW;
	}
	if (argc == 2 && strcmp(argv[1], "row") == 0)
		return state->mode == MODE_DAMAGE ? select_damage(state, model)
		                                  : select_in_row(state, model);
	if (argc != 2 || strcmp(argv[1], "none") != 0)
		return command_misuse(state, argv[0]);
	if (!state_has_selection(state) && state->many.spans.count == 0)
		state_refuse(state, "nothing is selected");
	state_deselect(state);
	many_clear(&state->many);
	return EFFECT_REDRAW;
}
