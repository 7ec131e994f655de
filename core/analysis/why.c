/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/why.h"

#include <inttypes.h>

#include "core/base/time_text.h"

enum phase {
	PHASE_AT,        /* looks for what is asked for, */
	PHASE_END,       /* and how it ended */
	PHASE_NEXT,      /* takes the next step */
	PHASE_MEANWHILE, /* looks at what who ended it did */
	PHASE_HOLDERS,
	PHASE_OVER,
};

enum { HOLDERS_PARTS = 3 /* that are looked at together, at most */ };

static void init(struct why *why, const struct model *model, struct budget *budget)
{
	*why = (struct why){ .model = model, .budget = budget, .most = WHY_STEPS };
	why->steps.budget = why->pending.budget = why->found.budget = budget;
}

/* Of the goroutines of an id the last that may live at a time. */
static uint32_t last_of(const struct model *model, uint64_t id, int64_t ns)
{
	uint32_t first, end;

	model_parts_in(model, ns, ns + 1, &first, &end);
	return model_go_in(model, id, end > 0 ? end - 1 : 0);
}

static void begin_at(struct why *why, uint32_t go)
{
	why->asked.go = go;
	follow_begin(&why->follow, why->model, go, why->time_ns, why->time_ns + 1);
}

void why_begin(struct why *why, const struct model *model, uint64_t id, int64_t time_ns,
               struct budget *budget)
{
	init(why, model, budget);
	why->time_ns = time_ns;
	if (time_ns == model->end_ns && time_ns > 0)
		why->time_ns--; /* which is what it did at the end */
	if (model_find_go(model, id) == ID_NONE)
		error_set(&why->error, ERROR_USAGE, ERROR_NO_OFFSET,
		          "no goroutine G%" PRIu64 " in the trace", id);
	else if (time_ns < 0 || time_ns > model->end_ns)
		error_set(&why->error, ERROR_USAGE, ERROR_NO_OFFSET,
		          "that time is outside of the trace");
	else
		begin_at(why, last_of(model, id, why->time_ns));
	if (why->error.kind != ERROR_NONE)
		why->phase = PHASE_OVER;
}

void why_free(struct why *why)
{
	array_free(&why->steps);
	array_free(&why->pending);
	array_free(&why->found);
}

/* ---- stays */

static void add_time(struct why_mix *mix, uint8_t kind, int64_t ns)
{
	if (kind == SPAN_RUN)
		mix->running_ns += ns;
	else if (kind == SPAN_RUNNABLE)
		mix->runnable_ns += ns;
	else if (kind == SPAN_SYSCALL)
		mix->syscall_ns += ns;
	else
		mix->waiting_ns += ns;
	mix->waits += kind == SPAN_WAITING;
}

/* ---- what is asked for */

static bool take_at(void *to, struct told *told)
{
	struct why *why = to;

	if (told->end_ns <= why->time_ns || told->begin_ns > why->time_ns)
		return true;
	why->asked = why_stay_of(&why->follow, told);
	why->has_asked = true;
	return false;
}

static bool take_end(void *to, struct told *told)
{
	struct why *why = to;

	if (told->begin_ns > why->time_ns) {
		if (why->asked.kind == SPAN_WAITING)
			why_stay_end(&why->follow, &why->asked, told);
		return false;
	}
	if (told->end_ns <= why->time_ns)
		return true;
	why->asked = why_stay_of(&why->follow, told);
	why->asked.end = told->is_open ? WHY_OPEN : WHY_UNKNOWN;
	return true;
}

/* What goes on at the end of the trace: nobody has to look for its end. */
static bool is_at_end(struct why *why)
{
	uint32_t live = roster_live(&why->model->roster, why->asked.go);

	if (live == INDEX_NONE || why->model->lives.items[live].since_ns > why->time_ns)
		return false;
	why->asked.end = WHY_OPEN;
	why->asked.end_ns = why->model->end_ns;
	return true;
}

static void push(struct why *why, const struct why_stay *stay, uint32_t above)
{
	*array_push(&why->pending) = (struct why_row){
		.stay = *stay,
		.above = above,
		.depth = above == INDEX_NONE ? 0 : why->steps.items[above].depth + 1,
		.held_since_ns = TIME_UNKNOWN,
	};
}

void why_begin_path(struct why *why, const struct model *model, uint32_t go, int64_t begin_ns,
                    int64_t end_ns, struct budget *budget)
{
	struct why_stay whole = {
		.begin_ns = begin_ns,
		.end_ns = end_ns,
		.go = INDEX_NONE,
		.from = INDEX_NONE,
		.by = go,
		.end = WHY_WOKEN,
	};

	init(why, model, budget);
	why->is_path = true;
	why->most = WHY_PATH_STEPS;
	why->least_ns = (end_ns - begin_ns) / WHY_PATH_PART;
	why->least_ns += why->least_ns == 0;
	push(why, &whole, INDEX_NONE);
	why->phase = PHASE_NEXT;
}

static void begin_steps(struct why *why)
{
	why->least_ns = (why->asked.end_ns - why->asked.begin_ns) / WHY_PART;
	why->least_ns += why->least_ns == 0;
	push(why, &why->asked, INDEX_NONE);
	why->phase = PHASE_NEXT;
}

static void fail_at(struct why *why)
{
	uint64_t id = roster_brief(&why->model->roster, why->asked.go).id;
	char text[TIME_TEXT_MAX];

	if (!why->has_asked)
		error_set(&why->error, ERROR_USAGE, ERROR_NO_OFFSET,
		          "nothing is known of G%" PRIu64
		          " at that time: it is not created, or over",
		          id);
	else
		error_set(&why->error, ERROR_USAGE, ERROR_NO_OFFSET,
		          "G%" PRIu64 " was running at that time, since %s", id,
		          time_text_go(text, why->asked.begin_ns));
	why->phase = PHASE_OVER;
}

/* Of the goroutines of an id the one that lives then. */
static void settle_at(struct why *why)
{
	uint32_t before = model_go_before(why->model, why->asked.go);

	if (!why->has_asked && before != ID_NONE) {
		begin_at(why, before);
	} else if (!why->has_asked || why->asked.kind == SPAN_RUN) {
		fail_at(why);
	} else if (is_at_end(why)) {
		begin_steps(why);
	} else {
		follow_begin(&why->follow, why->model, why->asked.go, why->time_ns, INT64_MAX);
		why->phase = PHASE_END;
	}
}

/* ---- what who ended a wait did in its time */

static struct why_row *row_now(struct why *why)
{
	return &why->steps.items[why->steps.count - 1];
}

static struct why_stay *last_found(struct why *why)
{
	return why->found.count == 0 ? NULL : &why->found.items[why->found.count - 1];
}

/* It was created in the meantime: then who created it is asked. */
static void note_creation(struct why *why, struct told *told, int64_t from_ns)
{
	const struct wake *wake = follow_wake(&why->follow, told);

	if (wake == NULL || told->begin_ns - from_ns < why->least_ns ||
	    (wake->kind != WAKE_CREATE && wake->kind != WAKE_CREATE_BLOCKED))
		return;
	told_know(told, why->model);
	if (told->by == INDEX_NONE)
		return;
	*array_push(&why->found) = (struct why_stay){
		.begin_ns = from_ns,
		.end_ns = told->begin_ns,
		.go = told->span.go,
		.from = INDEX_NONE,
		.by = told->by,
		.end_stack = told->stack,
		.end = WHY_CREATED,
	};
}

/* Into the sum that the last one found is, or a new one. */
static void add_to_sum(struct why *why, struct told *told, int64_t from_ns, int64_t to_ns)
{
	struct why_stay *sum = last_found(why);
	bool is_cut = told->span.kind == SPAN_RUN && told->end_ns > to_ns &&
	              row_now(why)->stay.end_stack != 0; /* which tells where it was then */

	if (sum == NULL || !sum->is_sum || sum->end_ns != from_ns) {
		sum = array_push(&why->found);
		*sum = (struct why_stay){ .begin_ns = from_ns,
			                  .go = told->span.go,
			                  .from = INDEX_NONE,
			                  .by = INDEX_NONE,
			                  .kind = told->span.kind,
			                  .is_sum = true };
	}
	sum->end_ns = to_ns;
	add_time(&sum->mix, told->span.kind, to_ns - from_ns);
	if (to_ns - from_ns <= sum->longest_ns)
		return;
	sum->longest_ns = to_ns - from_ns;
	sum->stack = is_cut ? row_now(why)->stay.end_stack : follow_stack(&why->follow, told);
}

/* A wait for the lock that it let go of then: since that one it had it. */
static void note_lock(struct why *why, struct told *told)
{
	const struct why_stay *stay = &row_now(why)->stay;
	const struct frame *mine, *theirs;

	if (!why_is_lock(why->model, stay->stack))
		return;
	told_know(told, why->model);
	mine = why_frame(why->model, stay->stack);
	theirs = why_frame(why->model, told->stack);
	if (told->reason == stay->reason && theirs != NULL &&
	    why_is_lock(why->model, told->stack) && mine->function == theirs->function)
		why->lock = *told;
}

static bool take_meanwhile(void *to, struct told *told)
{
	struct why *why = to;
	struct why_row *row = row_now(why);
	int64_t from_ns = row->stay.begin_ns, to_ns = row->stay.end_ns;

	if (why->is_awaited && last_found(why) != NULL)
		why_stay_end(&why->follow, last_found(why), told);
	why->is_awaited = false;
	if (!why->has_begun && told->begin_ns > from_ns)
		note_creation(why, told, from_ns);
	why->has_begun = true;
	from_ns = told->begin_ns > from_ns ? told->begin_ns : from_ns;
	to_ns = told->end_ns < to_ns ? told->end_ns : to_ns;
	if (to_ns <= from_ns)
		return true;
	add_time(&row->meanwhile, told->span.kind, to_ns - from_ns);
	if (told->span.kind == SPAN_WAITING)
		note_lock(why, told);
	if (told->span.kind == SPAN_RUN || to_ns - from_ns < why->least_ns) {
		add_to_sum(why, told, from_ns, to_ns);
		return true;
	}
	*array_push(&why->found) = why_stay_of(&why->follow, told);
	last_found(why)->begin_ns = from_ns;
	last_found(why)->end_ns = to_ns;
	why->is_awaited = told->span.kind == SPAN_WAITING && to_ns == told->end_ns;
	return true;
}

/* What took most of it. */
static uint8_t main_kind(const struct why_mix *mix)
{
	uint8_t kind = SPAN_RUN;
	int64_t most_ns = mix->running_ns;

	if (mix->runnable_ns > most_ns) {
		kind = SPAN_RUNNABLE;
		most_ns = mix->runnable_ns;
	}
	if (mix->waiting_ns > most_ns) {
		kind = SPAN_WAITING;
		most_ns = mix->waiting_ns;
	}
	return mix->syscall_ns > most_ns ? SPAN_SYSCALL : kind;
}

static void end_meanwhile(struct why *why)
{
	struct why_row *row = row_now(why);

	row->is_explained = true;
	if (why->lock.span.kind != SPAN_NONE)
		row->held_since_ns = why->lock.end_ns;
	for (size_t i = 0; i < why->found.count; i++) {
		struct why_stay *stay = &why->found.items[i];

		if (!why->is_path && stay->end_ns - stay->begin_ns < why->least_ns)
			continue;
		if (stay->is_sum)
			stay->kind = main_kind(&stay->mix);
		push(why, stay, (uint32_t)why->steps.count - 1);
	}
	why->phase = PHASE_NEXT;
}

/* ---- step by step */

static bool is_above(const struct why *why, uint32_t go)
{
	for (uint32_t i = (uint32_t)why->steps.count - 1; i != INDEX_NONE;
	     i = why->steps.items[i].above)
		if (why->steps.items[i].stay.go == go && why->steps.items[i].stay.kind != SPAN_NONE)
			return true;
	return false;
}

static void begin_meanwhile(struct why *why)
{
	struct why_row *row = row_now(why);

	if (is_above(why, row->stay.by))
		row->stop = WHY_LOOP;
	else if (row->depth == WHY_DEPTH || why->steps.count == why->most)
		row->stop = WHY_TOO_DEEP;
	if (row->stop != WHY_GOES_ON)
		return;
	array_clear(&why->found);
	why->is_awaited = why->has_begun = false;
	why->lock.span.kind = SPAN_NONE;
	follow_begin(&why->follow, why->model, row->stay.by, row->stay.begin_ns, row->stay.end_ns);
	why->phase = PHASE_MEANWHILE;
}

static void take_next(struct why *why)
{
	struct why_row row;

	if (why->pending.count == 0 || why->steps.count == why->most) {
		why->phase = PHASE_OVER;
		return;
	}
	row = why->pending.items[--why->pending.count];
	*array_push(&why->steps) = row;
	if (row.stay.by != INDEX_NONE)
		begin_meanwhile(why);
	else if (row.stay.kind == SPAN_RUNNABLE && !row.stay.is_sum && !why->is_path)
		why->phase = PHASE_HOLDERS;
}

static enum why_place look_at_holders(struct why *why)
{
	struct why_row *row = row_now(why);
	uint32_t part;

	model_parts_in(why->model, row->stay.begin_ns, row->stay.end_ns, &part, &why->end);
	why->first = part;
	if (why->end - part > HOLDERS_PARTS) {
		why->phase = PHASE_NEXT;
		return WHY_MORE;
	}
	for (; part < why->end; part++)
		if (!model_has_history(why->model, part))
			return WHY_NEEDS;
	row->holders = holders_in(why->model, row->stay.begin_ns, row->stay.end_ns);
	why->phase = PHASE_NEXT;
	return WHY_MORE;
}

static enum why_place follow_on(struct why *why, follow_fn *take, void (*then)(struct why *why))
{
	switch (follow_step(&why->follow, take, why)) {
	case FOLLOW_MORE:
		break;
	case FOLLOW_NEEDS:
		why->first = why->follow.part;
		why->end = why->first + 1;
		return WHY_NEEDS;
	case FOLLOW_OVER:
		then(why);
		break;
	}
	return WHY_MORE;
}

enum why_place why_step(struct why *why)
{
	switch ((enum phase)why->phase) {
	case PHASE_AT:
		return follow_on(why, take_at, settle_at);
	case PHASE_END:
		return follow_on(why, take_end, begin_steps);
	case PHASE_NEXT:
		take_next(why);
		return WHY_MORE;
	case PHASE_MEANWHILE:
		return follow_on(why, take_meanwhile, end_meanwhile);
	case PHASE_HOLDERS:
		return look_at_holders(why);
	case PHASE_OVER:
		break;
	}
	return WHY_OVER;
}

bool why_do_without(struct why *why)
{
	if (why->phase != PHASE_HOLDERS)
		return false;
	why->phase = PHASE_NEXT;
	return true;
}

bool why_has_asked(const struct why *why)
{
	return why->phase == PHASE_NEXT;
}
