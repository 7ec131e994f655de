/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/held.h"

#include "core/model/part.h"

enum phase {
	PHASE_ASKED, /* looks for what is asked for */
	PHASE_NEXT,  /* takes the next row */
	PHASE_UNTIL, /* looks at what its goroutine did afterwards, */
	PHASE_WOKEN, /* whom it woke in that time, */
	PHASE_WAIT,  /* and what those had waited for */
	PHASE_OVER,
};

void held_begin(struct held *held, const struct model *model, uint64_t id, int64_t time_ns,
                struct budget *budget)
{
	*held = (struct held){ .model = model, .rows = { .budget = budget } };
	held->woken.budget = budget;
	why_begin(&held->why, model, id, time_ns, budget);
}

void held_free(struct held *held)
{
	why_free(&held->why);
	array_free(&held->rows);
	array_free(&held->woken);
}

static enum why_place needs(struct held *held, uint32_t part)
{
	held->first = part;
	held->end = part + 1;
	return WHY_NEEDS;
}

static enum why_place find_asked(struct held *held)
{
	enum why_place place = why_step(&held->why);

	if (place == WHY_NEEDS)
		needs(held, held->why.first);
	if (place == WHY_OVER)
		held->phase = PHASE_OVER;
	if (!why_has_asked(&held->why))
		return place;
	*array_push(&held->rows) = (struct held_row){
		.stay = held->why.asked,
		.above = INDEX_NONE,
		.from_ns = held->why.asked.begin_ns,
	};
	held->phase = PHASE_NEXT;
	return WHY_MORE;
}

static struct held_row *row_now(struct held *held)
{
	return &held->rows.items[held->at];
}

/* ---- until it has waited as long again */

static bool take_after(void *to, struct told *told)
{
	struct held *held = to;
	const struct held_row *row = row_now(held);
	int64_t length_ns = row->stay.end_ns - row->from_ns, wait_ns;

	if (told->span.kind != SPAN_WAITING || told->begin_ns < row->stay.end_ns)
		return true;
	wait_ns = told->end_ns - told->begin_ns;
	if (wait_ns < length_ns - held->waited_ns) {
		held->waited_ns += wait_ns;
		return true;
	}
	held->until_ns = told->begin_ns + length_ns - held->waited_ns;
	return false;
}

static enum why_place look_until(struct held *held)
{
	uint32_t first, end;

	model_parts_in(held->model, row_now(held)->stay.end_ns, row_now(held)->stay.end_ns + 1,
	               &first, &end);
	switch (follow_step(&held->follow, take_after, held)) {
	case FOLLOW_NEEDS:
		return needs(held, held->follow.part);
	case FOLLOW_MORE:
		if (held->follow.part < end || held->follow.part - first < HELD_PARTS)
			return WHY_MORE;
		held->until_ns = model_part_begin(held->model, held->follow.part);
		break;
	case FOLLOW_OVER:
		break;
	}
	array_clear(&held->woken);
	held->next = 0;
	held->phase = PHASE_WOKEN;
	held->first = first;
	return WHY_MORE;
}

static void begin_row(struct held *held)
{
	const struct held_row *row;

	if (held->at == held->rows.count) {
		held->phase = PHASE_OVER;
		return;
	}
	row = row_now(held);
	if (row->depth == HELD_DEPTH || row->stay.end == WHY_OPEN) {
		held->at++;
		return;
	}
	held->waited_ns = 0;
	held->until_ns = held->model->end_ns;
	follow_begin(&held->follow, held->model, row->stay.go, row->stay.end_ns, INT64_MAX);
	held->phase = PHASE_UNTIL;
}

/* ---- whom it woke */

/* By when they were woken. */
static void add_woken(struct held *held, struct held_woken woken)
{
	size_t at = held->woken.count;

	if (at == HELD_WOKEN && held->woken.items[at - 1].ns <= woken.ns)
		return;
	if (at == HELD_WOKEN)
		at--;
	else
		array_push(&held->woken);
	for (; at > 0 && held->woken.items[at - 1].ns > woken.ns; at--)
		held->woken.items[at] = held->woken.items[at - 1];
	held->woken.items[at] = woken;
}

static void add_woken_of(struct held *held, const struct part *part)
{
	const struct history *history = part->history;
	uint32_t go = row_now(held)->stay.go;
	int64_t from_ns = row_now(held)->stay.end_ns;

	for (size_t i = 0; i < history->wakes.count; i++) {
		const struct wake *wake = &history->wakes.items[i];
		int64_t ns = part_ns(part, wake->time);

		if (wake->kind == WAKE_UNBLOCK && wake->by < history->go_of.count &&
		    history->go_of.items[wake->by] == go && ns >= from_ns && ns <= held->until_ns &&
		    wake->g < history->go_of.count && history->go_of.items[wake->g] != INDEX_NONE)
			add_woken(held, (struct held_woken){ ns, history->go_of.items[wake->g],
			                                     wake->stack });
	}
}

static enum why_place look_woken(struct held *held)
{
	uint32_t first, end;

	model_parts_in(held->model, row_now(held)->stay.end_ns, row_now(held)->stay.end_ns + 1,
	               &first, &end);
	if (held->first < held->model->parts.count &&
	    (held->first < end || model_part_begin(held->model, held->first) <= held->until_ns)) {
		if (!model_has_history(held->model, held->first))
			return needs(held, held->first);
		add_woken_of(held, held->model->parts.items[held->first++]);
		return WHY_MORE;
	}
	held->phase = PHASE_WAIT;
	return WHY_MORE;
}

/* ---- and since when those had waited */

static bool is_told(const struct held *held, const struct why_stay *stay)
{
	for (size_t i = 0; i < held->rows.count; i++)
		if (held->rows.items[i].stay.go == stay->go &&
		    held->rows.items[i].stay.begin_ns == stay->begin_ns)
			return true;
	return false;
}

static bool take_wait(void *to, struct told *told)
{
	struct held *held = to;
	const struct held_row *above = row_now(held);
	const struct held_woken *woken = &held->woken.items[held->next];
	struct held_row row = {
		.stay = why_stay_of(&held->follow, told),
		.above = (uint32_t)held->at,
		.depth = above->depth + 1,
		.after_ns = woken->ns - above->stay.end_ns,
		.wake_stack = woken->stack,
	};

	if (told->span.kind != SPAN_WAITING || told->end_ns != woken->ns ||
	    told->begin_ns >= above->stay.end_ns)
		return true;
	row.stay.from = above->stay.go;
	row.from_ns = told->begin_ns > above->from_ns ? told->begin_ns : above->from_ns;
	row.held_ns = above->stay.end_ns - row.from_ns;
	if (held->rows.count < HELD_ROWS && !is_told(held, &row.stay))
		*array_push(&held->rows) = row;
	return false;
}

static enum why_place look_wait(struct held *held)
{
	if (held->next == held->woken.count) {
		held->at++;
		held->phase = PHASE_NEXT;
		return WHY_MORE;
	}
	if (held->follow.go != held->woken.items[held->next].go ||
	    held->follow.end_ns != held->woken.items[held->next].ns)
		follow_begin(&held->follow, held->model, held->woken.items[held->next].go,
		             held->woken.items[held->next].ns - 1,
		             held->woken.items[held->next].ns);
	switch (follow_step(&held->follow, take_wait, held)) {
	case FOLLOW_NEEDS:
		return needs(held, held->follow.part);
	case FOLLOW_MORE:
		return WHY_MORE;
	case FOLLOW_OVER:
		break;
	}
	held->next++;
	return WHY_MORE;
}

enum why_place held_step(struct held *held)
{
	switch ((enum phase)held->phase) {
	case PHASE_ASKED:
		return find_asked(held);
	case PHASE_NEXT:
		begin_row(held);
		return WHY_MORE;
	case PHASE_UNTIL:
		return look_until(held);
	case PHASE_WOKEN:
		return look_woken(held);
	case PHASE_WAIT:
		return look_wait(held);
	case PHASE_OVER:
		break;
	}
	return WHY_OVER;
}
