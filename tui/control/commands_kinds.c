/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/commands.h"

#include "core/base/time_text.h"

/* From one of a kind to the next: long waits for a P, syscalls that lost theirs, logs, tasks; in
 * the lane of the cursor, or in all that there are. */

enum {
	LONG_NS = 1000000,      /* a wait for a P that is worth a look */
	PASSED_MAX = 1 << 14,   /* others in a lane, */
	TOGETHER_MAX = 1 << 16, /* and in all together, that are passed over */
	AT_ONCE = 16,           /* spans of a lane at one moment */
};

enum what { WAITS, LOST, LOGS, TASKS, WHATS };

static const struct {
	const char *word, *name;
} words[WHATS] = {
	[WAITS] = { "runnable", "long wait for a P" },
	[LOST] = { "lost", "syscall that lost its P" },
	[LOGS] = { "log", "log" },
	[TASKS] = { "task", "task" },
};

struct steps {
	const struct model *model;
	enum what what;
	int sign;
	int64_t long_ns;
	int64_t from_ns; /* what is found begins behind it, or before */
	int left;        /* spans that may be looked at */
	bool has_best;   /* the nearest so far, */
	int64_t best_ns; /* which counts from then */
	struct span best;
	struct row best_row; /* of the lane it was found in */
	uint32_t missing; /* a part without its history, that may have a nearer one; INDEX_NONE */
};

/* ---- in a lane */

/* False: it has none of that kind. */
static bool find_lane(enum what what, struct row row, struct lane_id *lane)
{
	bool of_proc = row_is_of_proc(row), of_go = row_is_of_go(row);

	if (!of_proc && !of_go && (!row_is_of_thread(row) || what == LOGS))
		return false;
	if (what == LOGS)
		*lane = (struct lane_id){ of_proc ? LANE_MARKS_ON_PROC : LANE_MARKS_OF_GO,
			                  row.index };
	else
		*lane = of_proc ? lane_of_proc(row.index, what == LOST)
		        : of_go ? lane_of_go(row.index)
		                : lane_of_thread(row.index);
	return true;
}

/* Of a run on a P the wait that it ends. */
static bool wait_before(const struct steps *s, const struct span *run, struct span *wait)
{
	uint32_t part;

	return run->kind == SPAN_RUN && run->go != INDEX_NONE &&
	       model_span_before(s->model, lane_of_go(run->go), run->begin_ns, wait, &part) &&
	       wait->kind == SPAN_RUNNABLE && wait->end_ns >= run->begin_ns;
}

static bool is_long(const struct steps *s, const struct span *span)
{
	return span->kind == SPAN_RUNNABLE && span->end_ns - span->begin_ns >= s->long_ns;
}

/* Whether it is one, and what then is selected. */
static bool is_one(const struct steps *s, struct lane_id lane, const struct span *span,
                   struct span *shown)
{
	*shown = *span;
	switch (s->what) {
	case WAITS:
		if (lane.of == LANE_OF_GO)
			return is_long(s, span);
		return wait_before(s, span, shown) && is_long(s, shown);
	case LOST:
		return span->kind == SPAN_SYSCALL && model_call_lost_proc(s->model, span);
	case LOGS:
		return span->kind == SPAN_LOG;
	case TASKS:
	case WHATS:
		break;
	}
	return false;
}

static void look_in_lane(struct steps *s, struct row row)
{
	struct lane_id lane;
	int64_t at_ns = s->from_ns;
	struct span span, shown;
	uint32_t part;

	if (!find_lane(s->what, row, &lane))
		return;
	for (int i = 0; i < PASSED_MAX && s->left > 0; i++, s->left--) {
		if (!(s->sign > 0 ? model_span_after(s->model, lane, at_ns, &span, &part)
		                  : model_span_before(s->model, lane, at_ns, &span, &part))) {
			s->missing = part != INDEX_NONE ? part : s->missing;
			return;
		}
		at_ns = span.begin_ns;
		if (s->has_best && (at_ns - s->best_ns) * s->sign >= 0)
			return;
		if (!is_one(s, lane, &span, &shown))
			continue;
		s->has_best = true;
		s->best_ns = at_ns;
		s->best = shown;
		s->best_row = row;
		return;
	}
}

/* ---- tasks, which the model has */

static void look_at_tasks(struct steps *s, struct row row, bool all)
{
	const struct said *said = &s->model->said;

	for (size_t i = 0; i < said->tasks.count; i++) {
		const struct user_task *task = &said->tasks.items[i];
		int64_t ns = task->begin_ns == TIME_UNKNOWN ? task->end_ns : task->begin_ns;

		if ((ns - s->from_ns) * s->sign <= 0 ||
		    (s->has_best && (ns - s->best_ns) * s->sign >= 0) ||
		    (!all && row_is_of_go(row) && task->go != row.index))
			continue;
		s->has_best = true;
		s->best_ns = ns;
		s->best = (struct span){ .begin_ns = ns,
			                 .end_ns = ns,
			                 .go = task->go,
			                 .proc = INDEX_NONE,
			                 .part = INDEX_NONE,
			                 .index = (uint32_t)i };
	}
}

/* Who began it is selected, as tasks have no rows. */
static unsigned show_task(struct state *state, const struct steps *s)
{
	const struct user_task *task = &s->model->said.tasks.items[s->best.index];
	struct bytes name = strings_text(&s->model->strings, task->name);
	struct span spans[AT_ONCE], span = s->best;
	size_t count = 0;

	if (task->go != INDEX_NONE)
		count = model_spans(s->model, lane_of_go(task->go), s->best_ns, s->best_ns + 1,
		                    spans, AT_ONCE);
	for (size_t i = 0; i < count; i++)
		if (span.kind == SPAN_NONE || spans[i].kind == SPAN_RUN)
			span = spans[i];
	if (span.kind != SPAN_NONE)
		state_select(state, &span);
	viewport_reveal(&state->at.viewport, s->best_ns, s->best_ns);
	state->task_ns = s->best_ns;
	state_say(state, "task: %.*s", name.len > 100 ? 100 : (int)name.len,
	          (const char *)name.data);
	return EFFECT_REDRAW;
}

/* ---- */

static void look_in_all(struct steps *s, const struct rows *rows)
{
	for (size_t i = 0; i < rows->lanes.count && s->left > 0; i++) {
		const struct lane_look *look = &rows->lanes.items[i];
		struct row row = { .kind = rows->lanes_of == LANES_OF_PROCS ? ROW_RUN
			                   : rows->lanes_of == LANES_OF_GOS ? ROW_GO
			                                                    : ROW_THREAD,
			           .index = look->index };

		if (!look->is_hidden)
			look_in_lane(s, row);
	}
}

/* Of a wait it is where it ends that runs go on from. */
static int64_t from_of(const struct state *state, enum what what, int sign)
{
	struct span from = state_reference(state, sign);

	if (what == TASKS && state_has_selection(state) && state->task_ns >= from.begin_ns &&
	    state->task_ns < from.end_ns)
		return state->task_ns;
	if (from.kind == SPAN_NONE)
		return sign > 0 ? from.begin_ns - 1 : from.begin_ns;
	return what == WAITS && from.kind == SPAN_RUNNABLE && state->rows.lanes_of != LANES_OF_GOS
	               ? from.end_ns
	               : from.begin_ns;
}

static unsigned step(struct state *state, struct steps *s, bool all)
{
	struct row row = state->at.cursor;
	struct lane_id lane;

	if (s->what == TASKS)
		look_at_tasks(s, row, all);
	else if (all)
		look_in_all(s, &state->rows);
	else if (find_lane(s->what, row, &lane))
		look_in_lane(s, row);
	else {
		state_refuse(state, "this row has no such thing; capitals look in all lanes");
		return EFFECT_REDRAW;
	}
	if (s->missing != INDEX_NONE) {
		state->want_part = s->missing;
		state_say(state, "reading ...");
		return EFFECT_REDRAW | EFFECT_WANT;
	}
	if (!s->has_best) {
		state_refuse(state, "no %s %s%s", s->sign > 0 ? "later" : "earlier",
		             words[s->what].name, all ? "" : " in this lane");
		return EFFECT_REDRAW;
	}
	if (s->what == TASKS)
		return show_task(state, s);
	state_select(state, &s->best);
	if (!row_has_spans(rows_of_span(&state->rows, &s->best)))
		state_set_cursor(state, s->best_row);
	viewport_reveal(&state->at.viewport, s->best.begin_ns, s->best.end_ns);
	return EFFECT_REDRAW;
}

bool kinds_step(struct state *state, const struct model *model, int argc, char **argv, int sign,
                unsigned *effects)
{
	struct steps s = { .model = model,
		           .sign = sign,
		           .long_ns = LONG_NS,
		           .left = TOGETHER_MAX,
		           .missing = INDEX_NONE };
	bool all = false;

	while (s.what < WHATS && strcmp(argv[1], words[s.what].word) != 0)
		s.what++;
	if (s.what == WHATS)
		return false;
	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], "all") == 0)
			all = true;
		else if (s.what != WAITS || !time_text_parse(bytes_of(argv[i]), &s.long_ns))
			return false;
	s.from_ns = from_of(state, s.what, sign);
	*effects = step(state, &s, all);
	return true;
}
