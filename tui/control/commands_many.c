/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include "core/model/go_teller.h"
#include "core/model/user.h"
#include "tui/state/seek.h"

#include <inttypes.h>
#include <stdio.h>

/* Selecting many spans: those of a box of rows and time, those of a title, one more. What a box
 * holds is found generation by generation, as their records come; a key in between ends that. */

enum {
	FETCHED = 512,
	PARTS_BACK = 8, /* that are looked through for the begin of what goes on, if they are there */
};

static bool is(const char *text, const char *word)
{
	return strcmp(text, word) == 0;
}

/* ---- one box */

struct fetch {
	struct state *state;
	const struct model *model;
	struct bytes title;       /* of those that are wanted; no bytes: all are */
	int64_t begin_ns, end_ns; /* now */
	bool is_first;            /* what laps in from before counts, too */
	uint8_t kind;             /* of those that are wanted; SPAN_NONE: all are */
	size_t gos;               /* goroutines that were told of this part */
};

static bool is_called(const struct fetch *f, const struct span *span)
{
	char room[TALLY_NAME_MAX];

	return bytes_equal(f->title, tally_name(f->model, span, TALLY_TITLE, room));
}

static bool is_wanted(const struct fetch *f, const struct span *span)
{
	if ((span->begin_ns < f->begin_ns && !f->is_first) ||
	    (f->kind != SPAN_NONE && span->kind != f->kind))
		return false;
	return f->title.data == NULL || is_called(f, span);
}

/* Its history may be gone when the next ones come. */
static bool add(struct fetch *f, struct span span)
{
	tally_note(f->model, &span);
	return many_add(&f->state->many, &span, 1);
}

static void take(struct fetch *f, const struct span *spans, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_wanted(f, &spans[i]) && !add(f, spans[i]))
			return;
}

/* ---- goroutines in several parts: of what they do beyond one the end comes later */

static bool take_of_go(void *to, const struct span *span)
{
	struct fetch *f = to;
	const struct box *box = &f->state->box;

	if (span->begin_ns >= box->end_ns || span->end_ns < box->begin_ns ||
	    (span->end_ns == box->begin_ns && span->begin_ns < box->begin_ns) ||
	    (f->title.data != NULL && !is_called(f, span)))
		return true;
	return add(f, *span);
}

/* Those of a box come in the same order each time. */
static struct span *open_of(struct fetch *f, uint32_t go)
{
	struct many *many = &f->state->many;
	size_t at = f->gos++;

	if (at == many->opens.count)
		*array_push(&many->opens) = (struct span){ .go = go };
	if (many->opens.items[at].go != go)
		many->opens.items[at] = (struct span){ .go = go };
	return &many->opens.items[at];
}

/* What it does when the box begins, it may have begun before, as far as records are there. */
static void look_back(struct fetch *f, uint32_t go, struct span *open)
{
	uint32_t end = f->state->box.part, from = end;

	while (from > 0 && end - from < PARTS_BACK && model_has_history(f->model, from - 1))
		from--;
	for (; from < end; from++) {
		go_tell_part(f->model, from, go, open, take_of_go, f);
		tally_note(f->model, open);
	}
}

static void take_go(struct fetch *f, uint32_t go)
{
	struct span *open = open_of(f, go);

	if (f->is_first)
		look_back(f, go, open);
	go_tell_part(f->model, f->state->box.part, go, open, take_of_go, f);
	tally_note(f->model, open);
	open->go = go;
}

static bool take_end(void *to, const struct span *span)
{
	*(struct span *)to = *span;
	return false;
}

/* It ends behind the box: where that is told, as far as records are there. */
static void end_open(struct fetch *f, struct span open)
{
	struct span ended = { 0 };
	uint32_t part = f->state->box.part;

	for (; part < f->model->parts.count && ended.kind == SPAN_NONE; part++) {
		if (!model_has_history(f->model, part))
			break;
		go_tell_part(f->model, part, open.go, &open, take_end, &ended);
	}
	if (ended.kind == SPAN_NONE) {
		ended = open;
		ended.end_ns = part < f->model->parts.count ? model_part_begin(f->model, part)
		                                            : f->model->end_ns;
	}
	take_of_go(f, &ended);
}

static void end_opens(struct fetch *f)
{
	const struct many *many = &f->state->many;

	for (size_t i = 0; i < many->opens.count && !many->is_cut; i++)
		if (many->opens.items[i].kind != SPAN_NONE &&
		    many->opens.items[i].begin_ns < f->state->box.end_ns)
			end_open(f, many->opens.items[i]);
}

/* ---- lanes */

/* In stretches that hold not more than there is room for. */
static void take_lane(struct fetch *f, struct lane_id lane)
{
	struct span spans[FETCHED];
	int64_t width = f->end_ns - f->begin_ns, at = f->begin_ns;

	while (at < f->end_ns && !f->state->many.is_cut) {
		int64_t stop = width < f->end_ns - at ? at + width : f->end_ns;
		size_t count = model_spans(f->model, lane, at, stop, spans, FETCHED);

		if (count == FETCHED && width > 1) {
			width /= 2;
			continue;
		}
		take(f, spans, count);
		if (count < FETCHED / 4 && width < INT64_MAX / 2)
			width *= 2;
		at = stop;
	}
}

static void take_ranges(struct fetch *f, enum seek_kind kind)
{
	size_t count = kind == SEEK_GC ? f->model->cycles.count : f->model->stops.count;

	for (size_t i = 0; i < count; i++) {
		struct span span = seek_span(f->model, kind, i);

		if (span.begin_ns < f->end_ns && span.end_ns > f->begin_ns)
			take(f, &span, 1);
	}
}

static void take_goroutine(struct fetch *f, uint32_t go)
{
	if (f->state->box.by_parts)
		take_go(f, go);
	else
		take_lane(f, lane_of_go(go));
}

static void take_row(struct fetch *f, struct row row)
{
	size_t members = row.kind == ROW_GROUP ? rows_group_size(&f->state->rows, row) : 0;
	const struct lane_look *first = rows_look_at(&f->state->rows, row);

	if (row.kind == ROW_GC || row.kind == ROW_STW)
		take_ranges(f, row.kind == ROW_GC ? SEEK_GC : SEEK_STW);
	else if (members > 0)
		for (size_t i = 0; i < members; i++)
			take_goroutine(f, first[i].index);
	else if (row.kind == ROW_GO)
		take_goroutine(f, row.index);
	else if (row_is_lane(row) && row.kind != ROW_TRAIL) /* whose spans are others' */
		take_lane(f, row_lane(row));
}

/* All rows of the box, of the time that is wanted now. */
static void take_box(struct fetch *f)
{
	const struct rows *rows = &f->state->rows;
	int first = rows_find(rows, f->state->box.first),
	    last = rows_find(rows, f->state->box.last);

	for (int at = first < last ? first : last; at >= 0 && at <= (first < last ? last : first);
	     at++)
		if (rows->list.items[at].line == 0)
			take_row(f, rows->list.items[at]);
}

/* ---- in steps */

static unsigned want(struct state *state, uint32_t part)
{
	state->want_part = part;
	memcpy(state->want_line, "select more", sizeof("select more"));
	state->many.is_unfinished = true;
	state_say(state, "selecting ... %zu so far, up to %" PRId64 " ms; any key stops",
	          state->many.spans.count, state->box.at_ns / 1000000);
	return EFFECT_REDRAW | EFFECT_WANT;
}

static void tell(struct state *state)
{
	const struct many *many = &state->many;

	state->shows_many = many->spans.count > 0 && !state->box.is_beside;
	if (many->spans.count == 0)
		state_refuse(state, "nothing is there to be selected");
	else if (many->is_cut)
		state_refuse(state, "only the first %zu are selected, there are more",
		             many->spans.count);
	else if (state->box.is_beside)
		state_say(state, "%zu of that title selected; ; their table, X none",
		          many->spans.count);
	else
		state_say(state, "%zu selected; ; other rows of their table, _ other order, X none",
		          many->spans.count);
}

/* What of the box is looked at with its part: all that part has, and what lasts beyond parts from
 * where the one before was left. */
static void set_stretch(struct fetch *f, uint32_t first, uint32_t end)
{
	const struct box *box = &f->state->box;
	int64_t next_ns;

	f->is_first = box->part == first;
	f->begin_ns = box->begin_ns;
	f->end_ns = box->end_ns;
	f->gos = 0;
	if (!f->is_first && model_part_begin(f->model, box->part) < box->at_ns)
		f->begin_ns = model_part_begin(f->model, box->part);
	else if (!f->is_first)
		f->begin_ns = box->at_ns;
	if (box->part + 1 >= end)
		return;
	next_ns = model_part_begin(f->model, box->part + 1);
	if (next_ns < model_part_end(f->model, box->part))
		next_ns = model_part_end(f->model, box->part);
	f->end_ns = next_ns < box->end_ns ? next_ns : box->end_ns;
}

/* GC cycles and stops are the model's. */
static bool is_of_ranges(const struct box *box)
{
	return row_equal(box->first, box->last) &&
	       (box->first.kind == ROW_GC || box->first.kind == ROW_STW);
}

/* Part by part, as they have room: false: the history of the next one is not there. */
static bool take_parts(struct fetch *f)
{
	struct box *box = &f->state->box;
	uint32_t first, end;

	model_parts_in(f->model, box->begin_ns, box->end_ns, &first, &end);
	if (is_of_ranges(box))
		box->part = first = end;
	do {
		if (box->part < end && !model_has_history(f->model, box->part))
			return false;
		set_stretch(f, first, end);
		take_box(f);
		box->at_ns = f->end_ns;
		box->part++;
	} while (box->part < end && !f->state->many.is_cut);
	end_opens(f);
	array_clear(&f->state->many.opens);
	return true;
}

/* Goes on from where the box was left. */
static unsigned select_more(struct state *state, const struct model *model)
{
	struct box *box = &state->box;
	struct fetch f = { .state = state, .model = model };
	char room[TALLY_NAME_MAX];
	bool is_whole;

	if (box->has_title)
		f.title = tally_name(model, &box->like, TALLY_TITLE, room);
	is_whole = take_parts(&f);
	many_settle(&state->many);
	if (!is_whole)
		return want(state, box->part);
	state->many.is_unfinished = false;
	tell(state);
	return EFFECT_REDRAW;
}

static unsigned select_box(struct state *state, const struct model *model)
{
	struct box *box = &state->box;
	uint32_t first, end;

	box->begin_ns = box->begin_ns < 0 ? 0 : box->begin_ns;
	if (box->end_ns > model->end_ns + 1)
		box->end_ns = model->end_ns + 1;
	box->at_ns = box->begin_ns;
	model_parts_in(model, box->begin_ns, box->end_ns, &first, &end);
	box->by_parts = end - first > 1;
	box->part = first;
	array_clear(&state->many.opens);
	if (!box->adds)
		many_clear(&state->many);
	return select_more(state, model);
}

/* The time that is meant: the range that is measured, if it is seen; else the window. */
static void set_time(struct state *state)
{
	const struct viewport *window = &state->at.viewport;
	struct box *box = &state->box;

	box->begin_ns = viewport_begin_ns(window);
	box->end_ns = viewport_end_ns(window);
	if (!state->range.is_set ||
	    !viewport_touches(window, state->range.begin_ns, state->range.end_ns))
		return;
	box->begin_ns = state->range.begin_ns;
	box->end_ns = state->range.end_ns;
}

static unsigned select_rows(struct state *state, const struct model *model, struct row first,
                            struct row last)
{
	state->box = (struct box){ .first = first, .last = last };
	set_time(state);
	return select_box(state, model);
}

/* ---- what commands ask for */

static unsigned select_lanes(struct state *state, const struct model *model)
{
	const struct rows *rows = &state->rows;

	if (rows->list.count == ROWS_FIXED) {
		state_refuse(state, "there are no lanes");
		return EFFECT_REDRAW;
	}
	return select_rows(state, model, rows->list.items[ROWS_FIXED],
	                   rows->list.items[rows->list.count - 1]);
}

static unsigned select_title(struct state *state, const struct model *model, bool is_beside)
{
	const struct rows *rows = &state->rows;
	struct row first = rows->list.items[ROW_GC], last = rows->list.items[rows->list.count - 1];
	uint8_t kind = state->at.selected.kind;

	if (!state_has_selection(state)) {
		state_refuse(state, "nothing is selected: Tab selects in the row");
		return EFFECT_REDRAW;
	}
	if (!tally_knows_title(model, &state->at.selected)) {
		state->want_part = state->at.selected.part;
		snprintf(state->want_line, sizeof(state->want_line), "select %s",
		         is_beside ? "alike" : "title");
		return EFFECT_REDRAW | EFFECT_WANT;
	}
	if (kind == SPAN_GC || kind == SPAN_STW)
		first = last = rows->list.items[kind == SPAN_GC ? ROW_GC : ROW_STW];
	state->box = (struct box){ .first = first,
		                   .last = last,
		                   .like = state->at.selected,
		                   .has_title = true,
		                   .is_beside = is_beside };
	tally_note(model, &state->box.like);
	set_time(state);
	return select_box(state, model);
}

/* CPU samples of that time, of all lanes: no history is needed. */
static unsigned select_samples(struct state *state, const struct model *model)
{
	const struct user_of all = { INDEX_NONE, INDEX_NONE };
	struct fetch f = { .state = state, .model = model };
	struct box *box = &state->box;
	struct lane_id lane = { .of = LANE_MARKS_ON_PROC };
	struct cpu_sample one;

	*box = (struct box){ 0 };
	set_time(state);
	many_clear(&state->many);
	if (user_samples(model, all, box->begin_ns, box->end_ns, &one, 1) == 0) {
		state_refuse(state, "no CPU samples %s",
		             model->samples == 0 ? "in this trace" : "in this window");
		return EFFECT_REDRAW;
	}
	f.begin_ns = box->begin_ns;
	f.end_ns = box->end_ns;
	f.kind = SPAN_SAMPLE;
	for (; lane.index < model->procs.count; lane.index++)
		take_lane(&f, lane);
	many_settle(&state->many);
	state->many.is_unfinished = false;
	tell(state);
	return EFFECT_REDRAW;
}

static unsigned toggle(struct state *state, const struct span *span)
{
	struct many *many = &state->many;

	if (span->kind == SPAN_NONE || span->kind == SPAN_DAMAGE) {
		state_refuse(state, "nothing is selected: Tab selects in the row");
		return EFFECT_REDRAW;
	}
	many_toggle(many, span);
	many->is_unfinished = false;
	tell(state);
	if (many->spans.count == 0)
		state_say(state, "none selected together");
	return EFFECT_REDRAW;
}

/* The box that a drag has drawn. */
static unsigned select_drawn(struct state *state, const struct model *model)
{
	if (!state->box.is_drawn)
		return select_lanes(state, model);
	state->box.is_drawn = false;
	return select_box(state, model);
}

bool command_select_many(struct state *state, const struct model *model, const char *what,
                         unsigned *effects)
{
	if (is(what, "box"))
		*effects = select_drawn(state, model);
	else if (is(what, "more"))
		*effects = select_more(state, model);
	else if (is(what, "lanes"))
		*effects = select_lanes(state, model);
	else if (is(what, "lane"))
		*effects = select_rows(state, model, state->at.cursor, state->at.cursor);
	else if (is(what, "title"))
		*effects = select_title(state, model, false);
	else if (is(what, "alike"))
		*effects = select_title(state, model, true);
	else if (is(what, "samples"))
		*effects = select_samples(state, model);
	else if (is(what, "toggle"))
		*effects = toggle(state, &state->at.selected);
	else if (is(what, "add"))
		*effects = toggle(state, &state->pointer.span);
	else
		return false;
	return true;
}
