/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include "core/model/detail.h"
#include "tui/state/lens.h"

/* From what is selected to others of its goroutine, of its kind, and along wake-ups. */

enum { KINDS_MAX = 2000 /* others that are passed over */, PASSED_MAX = 1 << 16, AT_ONCE = 16 };

static unsigned show(struct state *state, const struct span *span)
{
	state_select(state, span);
	viewport_reveal(&state->at.viewport, span->begin_ns, span->end_ns);
	return EFFECT_REDRAW;
}

static unsigned want(struct state *state, uint32_t part)
{
	state->want_part = part;
	state_say(state, "reading ...");
	return EFFECT_REDRAW | EFFECT_WANT;
}

static bool find(const struct model *model, struct lane_id lane, int64_t from_ns, int sign,
                 struct span *span, uint32_t *part)
{
	return sign > 0 ? model_span_after(model, lane, from_ns, span, part)
	                : model_span_before(model, lane, from_ns, span, part);
}

/* ---- of the goroutine */

static unsigned step_own(struct state *state, const struct model *model, int sign)
{
	const struct span *selected = &state->at.selected;
	struct span span;
	uint32_t part = INDEX_NONE;

	if (selected->go >= model->roster.count) {
		state_refuse(state, "nothing of a goroutine is selected");
		return EFFECT_REDRAW;
	}
	if (find(model, lane_of_go(selected->go), selected->begin_ns, sign, &span, &part))
		return show(state, &span);
	if (part != INDEX_NONE)
		return want(state, part);
	state_refuse(state, "this is the %s of it", sign > 0 ? "last" : "first");
	return EFFECT_REDRAW;
}

/* ---- of its kind, in the row */

static unsigned step_kind(struct state *state, const struct model *model, int sign)
{
	struct row row = state->at.cursor;
	struct span span = state->at.selected;
	uint32_t part = INDEX_NONE;

	if (!row_is_lane(row) || !rows_show_span(&state->rows, row, &span)) {
		state_refuse(state, "nothing of this lane is selected");
		return EFFECT_REDRAW;
	}
	for (int i = 0; i < KINDS_MAX; i++) {
		if (find(model, row_lane(row), span.begin_ns, sign, &span, &part)) {
			if (span.kind == state->at.selected.kind)
				return show(state, &span);
			continue;
		}
		if (part != INDEX_NONE)
			return want(state, part);
		break;
	}
	state_refuse(state, "no %s one of its kind in this lane", sign > 0 ? "later" : "earlier");
	return EFFECT_REDRAW;
}

/* ---- of those that pass the filter */

static int64_t begin_of(const struct state *state, struct row row, int sign)
{
	const struct span *selected = &state->at.selected;

	if (state_has_selection(state) && rows_show_span(&state->rows, row, selected))
		return selected->begin_ns;
	return sign > 0 ? viewport_begin_ns(&state->at.viewport) - 1
	                : viewport_end_ns(&state->at.viewport);
}

struct passing {
	const struct state *state;
	const struct model *model;
	struct lens lens;
	int sign;
	int left; /* that may be passed over */
	struct span span;
	uint32_t missing; /* a part without its history; INDEX_NONE */
};

/* The next one in a lane from a time on. */
static bool find_passing(struct passing *p, struct row row, int64_t from_ns)
{
	p->span.begin_ns = from_ns;
	while (p->left-- > 0 &&
	       find(p->model, row_lane(row), p->span.begin_ns, p->sign, &p->span, &p->missing))
		if (lens_passes(&p->lens, p->model, &p->span))
			return true;
	return false;
}

static bool is_of_passing(struct row row)
{
	return row_is_lane(row) && row.kind != ROW_GROUP && row.line == 0;
}

/* In the cursor's lane, then in those below it and, around, in those above and in its own again;
 * and the other way. */
static bool find_in_lanes(struct passing *p, struct row *row)
{
	const struct rows *rows = &p->state->rows;
	int count = (int)rows->list.count, at = rows_find(rows, p->state->at.cursor);
	int64_t from_ns = p->sign > 0 ? -1 : p->model->end_ns + 1;

	for (int i = 0; i <= count && p->left > 0 && p->missing == INDEX_NONE; i++) {
		*row = rows->list.items[(at + p->sign * i + count) % count];
		if (is_of_passing(*row) &&
		    find_passing(p, *row, i == 0 ? begin_of(p->state, *row, p->sign) : from_ns))
			return true;
	}
	return false;
}

unsigned along_step_passing(struct state *state, const struct model *model, int sign)
{
	struct passing p = { .state = state,
		             .model = model,
		             .sign = sign,
		             .left = PASSED_MAX,
		             .missing = INDEX_NONE };
	struct row row = state->at.cursor;
	bool is_found;

	if (rows_find(&state->rows, row) < 0)
		row = state->at.cursor = rows_step(&state->rows, row, 1);
	lens_init(&p.lens, model->budget);
	lens_set(&p.lens, state->at.highlight[0] != '\0' ? state->at.highlight : state->at.filter);
	is_found = find_in_lanes(&p, &row);
	lens_free(&p.lens);
	is_found = is_found && !span_is_same(&p.span, &state->at.selected);
	if (is_found) {
		state_set_cursor(state, row);
		return show(state, &p.span);
	}
	if (p.missing != INDEX_NONE)
		return want(state, p.missing);
	if (p.left > 0)
		state_refuse(state, "no other one, in none of the lanes");
	else
		state_refuse(state, "none among the next %d of the lanes", PASSED_MAX);
	return EFFECT_REDRAW;
}

/* ---- wake-ups */

/* What a goroutine did then; or next, if it is to run. */
static unsigned show_go_at(struct state *state, const struct model *model, uint32_t go,
                           int64_t time_ns, bool runs)
{
	struct span spans[AT_ONCE], span;
	uint32_t part = INDEX_NONE;
	size_t count = model_spans(model, lane_of_go(go), time_ns, time_ns + 1, spans, AT_ONCE);

	for (size_t i = 0; i < count; i++)
		if (spans[i].kind == SPAN_RUN || (!runs && spans[i].kind == SPAN_SYSCALL))
			return show(state, &spans[i]);
	for (int i = 0; i < AT_ONCE; i++) {
		if (!model_span_after(model, lane_of_go(go), time_ns - 1, &span, &part))
			break;
		if (span.kind == SPAN_RUN)
			return show(state, &span);
		time_ns = span.begin_ns + 1;
	}
	if (part != INDEX_NONE)
		return want(state, part);
	state_refuse(state, "nothing is told of the other goroutine then");
	return EFFECT_REDRAW;
}

static unsigned step_wake(struct state *state, const struct model *model, int sign)
{
	const struct span *selected = &state->at.selected;
	struct detail detail;

	if (selected->kind == SPAN_NONE || model->index == NULL) {
		state_refuse(state, "nothing is selected");
		return EFFECT_REDRAW;
	}
	if (selected->part < model->parts.count && !model_has_history(model, selected->part))
		return want(state, selected->part);
	detail_find(&detail, model, model->index, model->source, selected);
	if (sign > 0 && detail.wake_count > 0)
		return show_go_at(state, model, detail.wakes[0].go, detail.wakes[0].time_ns, true);
	if (sign < 0 && detail.has_waker && detail.waker != INDEX_NONE)
		return show_go_at(state, model, detail.waker, detail.woken_ns, false);
	state_refuse(state, sign > 0 ? "it wakes nobody" : "no goroutine woke it");
	return EFFECT_REDRAW;
}

bool along_step(struct state *state, const struct model *model, const char *what, int sign,
                unsigned *effects)
{
	if (strcmp(what, "own") == 0)
		*effects = step_own(state, model, sign);
	else if (strcmp(what, "kind") == 0)
		*effects = step_kind(state, model, sign);
	else if (strcmp(what, "wake") == 0)
		*effects = step_wake(state, model, sign);
	else
		return false;
	return true;
}
