/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/comparison.h"
#include "core/analysis/profile.h"
#include "core/base/radix.h"
#include "core/model/go_names.h"

/* One pass over a trace for one side of a comparison, or for both. Time counts as far as it is
 * inside of a stretch; what ends in one is counted there, with its whole length. */

/* Of a function: what stays come to, then the others. */
enum { FUNCTION_KINDS = COMPARE_ALIVE + 1 };

struct function {
	uint32_t subjects[FUNCTION_KINDS]; /* + 1; 0: it has none yet */
};

struct stretch {
	int64_t from_ns, to_ns;
	int64_t first_ns, end_ns; /* the same, but that nothing is before or behind the trace */
	unsigned part;
};

/* What a stay is to one of the stretches. */
struct share {
	int64_t ns;
	unsigned part;
	bool ends;
};

struct shares {
	struct share items[COMPARISON_PARTS];
	size_t count;
	int64_t whole_ns;
	struct comparison_place place;
};

struct compare {
	const struct model *model;
	const struct question *question;
	struct comparison own;   /* of two stretches of this trace */
	struct comparison *into; /* that, or of two traces */
	struct stretch stretches[COMPARISON_PARTS];
	size_t count;
	ARRAY(struct function) functions;
	struct go_names names;
	u32_array function_of;              /* by name: in functions, + 1; 0 */
	u32_array waiting_of;               /* by reason: subject + 1; 0 */
	u32_array stack_of;                 /* by stack */
	uint32_t states[SPAN_RUNNABLE + 1]; /* of those without a reason: subject + 1; 0 */
	stack_text room;
};

/* ---- stretches */

static void add_stretch(struct compare *compare, int64_t from_ns, int64_t to_ns,
                        enum comparison_part part)
{
	const struct model *model = compare->model;
	int64_t end_ns = model->end_ns;

	from_ns = from_ns < 0 ? 0 : from_ns > end_ns ? end_ns : from_ns;
	to_ns = to_ns < from_ns ? from_ns : to_ns > end_ns ? end_ns : to_ns;
	compare->stretches[compare->count++] = (struct stretch){
		.from_ns = from_ns,
		.to_ns = to_ns,
		.first_ns = from_ns == 0 ? INT64_MIN : from_ns,
		.end_ns = to_ns == end_ns ? INT64_MAX : to_ns,
		.part = part,
	};
	compare->into->length_ns[part] = to_ns - from_ns;
}

static void add_halves(struct compare *compare, int64_t from_ns, int64_t to_ns)
{
	int64_t end_ns = compare->model->end_ns, middle_ns;

	from_ns = from_ns < 0 ? 0 : from_ns;
	to_ns = to_ns > end_ns ? end_ns : to_ns;
	middle_ns = from_ns < to_ns ? from_ns + (to_ns - from_ns) / 2 : from_ns;
	add_stretch(compare, from_ns, middle_ns, COMPARISON_EARLY);
	add_stretch(compare, middle_ns, to_ns, COMPARISON_LATE);
}

/* Two stretches; without any what is asked for is compared in its halves. */
static void choose_stretches(struct compare *compare)
{
	const struct question *question = compare->question;
	int64_t end_ns = compare->model->end_ns;
	int64_t from_ns = question->from_ns < 0 ? 0 : question->from_ns;
	int64_t to_ns = question->to_ns > end_ns ? end_ns : question->to_ns;

	if (question->comparison != NULL && question->is_after) {
		add_stretch(compare, from_ns, to_ns, COMPARISON_AFTER);
	} else if (question->comparison != NULL) {
		add_halves(compare, from_ns, to_ns);
	} else if (question->has_stretches) {
		add_halves(compare, question->stretches[0].from_ns, question->stretches[0].to_ns);
		add_stretch(compare, question->stretches[1].from_ns, question->stretches[1].to_ns,
		            COMPARISON_AFTER);
	} else {
		int64_t middle_ns = from_ns < to_ns ? from_ns + (to_ns - from_ns) / 2 : from_ns;

		add_halves(compare, from_ns, middle_ns);
		add_stretch(compare, middle_ns, to_ns, COMPARISON_AFTER);
	}
}

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct compare *compare = to;

	compare->model = model;
	compare->question = question;
	comparison_init(&compare->own, budget);
	compare->into = question->comparison != NULL ? question->comparison : &compare->own;
	compare->functions.budget = compare->room.budget = budget;
	compare->function_of.budget = compare->waiting_of.budget = compare->stack_of.budget =
		budget;
	go_names_init(&compare->names, &model->roster, budget);
	choose_stretches(compare);
}

/* ---- stays */

/* By an id of the trace's: where its subject, or whatever it has, stands. */
static uint32_t *place_of(u32_array *of, uint32_t id)
{
	if (id >= of->count)
		array_resize(of, (size_t)id + id / 2 + 1);
	return &of->items[id];
}

/* The function that a goroutine started with. */
static struct function *function_of(struct compare *compare, uint32_t go)
{
	uint32_t *place = place_of(&compare->function_of, go_names_of(&compare->names, go));

	if (*place == 0) {
		*array_push(&compare->functions) = (struct function){ { 0 } };
		*place = (uint32_t)compare->functions.count;
	}
	return &compare->functions.items[*place - 1];
}

/* What lies inside of the stretches; an open one ends nowhere. */
static struct shares cut(const struct compare *compare, int64_t begin_ns, int64_t end_ns,
                         int64_t heard_ns, bool is_open, uint32_t go)
{
	struct shares shares = { .whole_ns = end_ns - heard_ns,
		                 .place = { heard_ns, end_ns, go, 0 } };

	for (size_t i = 0; i < compare->count; i++) {
		const struct stretch *stretch = &compare->stretches[i];
		int64_t from = begin_ns > stretch->from_ns ? begin_ns : stretch->from_ns;
		int64_t to = end_ns < stretch->to_ns ? end_ns : stretch->to_ns;
		bool ends = !is_open && end_ns >= stretch->first_ns && end_ns < stretch->end_ns;

		if (to > from || ends)
			shares.items[shares.count++] =
				(struct share){ to > from ? to - from : 0, stretch->part, ends };
	}
	return shares;
}

static void add(struct compare *compare, uint32_t subject, const struct shares *shares)
{
	for (size_t i = 0; i < shares->count; i++) {
		const struct share *share = &shares->items[i];

		comparison_spend(compare->into, subject, share->part, share->ns, &shares->place);
		if (share->ends)
			comparison_count(compare->into, subject, share->part, shares->whole_ns,
			                 &shares->place);
	}
}

static uint32_t function_subject(struct compare *compare, uint32_t go, enum comparison_of of)
{
	uint32_t *subject = &function_of(compare, go)->subjects[of];
	string_id name;

	if (*subject == 0) {
		name = go_names_of(&compare->names, go);
		*subject = 1 + comparison_subject(compare->into, of,
		                                  strings_text(&compare->model->strings, name));
	}
	return *subject - 1;
}

static uint32_t named_subject(struct compare *compare, uint32_t *place, enum comparison_of of,
                              const char *name)
{
	if (*place == 0)
		*place = 1 + comparison_subject(compare->into, of, bytes_of(name));
	return *place - 1;
}

static uint32_t waiting_subject(struct compare *compare, string_id reason)
{
	uint32_t *place = place_of(&compare->waiting_of, reason);

	if (*place == 0) {
		array_clear(&compare->room);
		stack_text_add(&compare->room, bytes_of("waiting["));
		stack_text_add(&compare->room, strings_text(&compare->model->strings, reason));
		stack_text_add(&compare->room, bytes_of("]"));
		*place = 1 + comparison_subject(compare->into, COMPARE_STATE,
		                                stack_text_bytes(&compare->room));
	}
	return *place - 1;
}

static uint32_t stack_subject(struct compare *compare, stack_id stack)
{
	uint32_t *place = place_of(&compare->stack_of, stack), count;
	const struct frame *frames;

	if (*place == 0) {
		frames = stacks_frames(&compare->model->stacks, stack, &count);
		profile_join(compare->model, frames, count, &compare->room);
		*place = 1 + comparison_subject(compare->into, COMPARE_WAIT,
		                                stack_text_bytes(&compare->room));
	}
	return *place - 1;
}

static void add_wait(struct compare *compare, struct told *told, const struct shares *shares)
{
	told_know(told, compare->model);
	add(compare, waiting_subject(compare, told->reason), shares);
	add(compare, stack_subject(compare, told->stack), shares);
}

/* The first that the trace tells of it, at its begin. */
static void add_birth(struct compare *compare, const struct told *told)
{
	struct shares born =
		cut(compare, told->begin_ns, told->begin_ns, told->begin_ns, false, told->span.go);

	add(compare, function_subject(compare, told->span.go, COMPARE_CREATED), &born);
}

static void tell(void *to, const struct model *model, struct told *told)
{
	static const struct {
		const char *name;
		enum comparison_of state, function;
	} states[] = {
		[SPAN_RUN] = { "running", COMPARE_STATE, COMPARE_EXEC },
		[SPAN_SYSCALL] = { "syscall", COMPARE_STATE, COMPARE_SYSCALL },
		[SPAN_RUNNABLE] = { "", COMPARE_LATENCY, COMPARE_SCHED_WAIT },
		[SPAN_WAITING] = { NULL, COMPARE_STATE, COMPARE_BLOCK },
	};
	struct compare *compare = to;
	uint8_t kind = told->span.kind;
	uint32_t go = told->span.go, alive;
	struct shares shares;

	(void)model;
	if (kind != SPAN_RUN && kind != SPAN_SYSCALL && kind != SPAN_RUNNABLE &&
	    kind != SPAN_WAITING)
		return;
	shares = cut(compare, told->begin_ns, told->end_ns, told->heard_ns, told->is_open, go);
	if (kind == SPAN_RUNNABLE && told->after == SPAN_NONE && told->heard_ns == told->begin_ns)
		add_birth(compare, told);
	if (shares.count == 0)
		return;
	alive = function_subject(compare, go, COMPARE_ALIVE);
	for (size_t i = 0; i < shares.count; i++)
		comparison_spend(compare->into, alive, shares.items[i].part, shares.items[i].ns,
		                 &shares.place);
	add(compare, function_subject(compare, go, states[kind].function), &shares);
	if (kind == SPAN_WAITING)
		add_wait(compare, told, &shares);
	else
		add(compare,
		    named_subject(compare, &compare->states[kind], states[kind].state,
		                  states[kind].name),
		    &shares);
}

/* ---- the collector */

static void add_amount(struct compare *compare, enum comparison_of of, struct shares shares,
                       int64_t value)
{
	if (value < 0)
		return; /* not known */
	shares.whole_ns = value;
	add(compare, comparison_subject(compare->into, of, bytes_of("")), &shares);
}

static void add_stop(struct compare *compare, const struct stw *stop)
{
	struct shares shares =
		cut(compare, stop->begin_ns, stop->end_ns, stop->begin_ns, stop->is_open, stop->go);
	struct bytes reason = strings_text(&compare->model->strings, stop->reason);

	if (shares.count == 0)
		return;
	add(compare, comparison_subject(compare->into, COMPARE_STW, bytes_of("")), &shares);
	add_amount(compare, COMPARE_STOPPING, shares, stop->stopping_ns);
	if (reason.len > 0)
		add(compare, comparison_subject(compare->into, COMPARE_STW, reason), &shares);
}

static void add_cycle(struct compare *compare, const struct gc_cycle *cycle)
{
	struct shares shares = cut(compare, cycle->begin_ns, cycle->end_ns, cycle->begin_ns,
	                           cycle->is_open, INDEX_NONE);

	if (shares.count == 0)
		return;
	add(compare, comparison_subject(compare->into, COMPARE_MARK, bytes_of("")), &shares);
	add_amount(compare, COMPARE_HEAP_START, shares, cycle->heap_begin);
	add_amount(compare, COMPARE_HEAP_END, shares, cycle->heap_end);
	add_amount(compare, COMPARE_HEAP_GOAL, shares, cycle->goal_begin);
}

static void add_assist(struct compare *compare, const struct assist *assist)
{
	struct shares shares = cut(compare, assist->begin_ns, assist->end_ns, assist->begin_ns,
	                           assist->is_open, assist->go);

	if (shares.count > 0)
		add(compare, comparison_subject(compare->into, COMPARE_ASSIST, bytes_of("")),
		    &shares);
}

static void add_collector(struct compare *compare)
{
	const struct model *model = compare->model;

	for (size_t i = 0; i < model->stops.count; i++)
		add_stop(compare, &model->stops.items[i]);
	for (size_t i = 0; i < model->cycles.count; i++)
		add_cycle(compare, &model->cycles.items[i]);
	for (size_t i = 0; i < model->assists.count; i++)
		add_assist(compare, &model->assists.items[i]);
}

/* ---- */

/* Whose the worst places are, on the sides that are of this trace. */
static void name_places(struct compare *compare)
{
	const struct question *question = compare->question;
	bool has_both = question->comparison == NULL;

	for (size_t i = 0; i < compare->into->subjects.count; i++) {
		struct comparison_place *places = compare->into->subjects.items[i].places;

		for (int side = 0; side < 2; side++)
			if ((has_both || question->is_after == (side == 1)) &&
			    places[side].go < compare->model->roster.count)
				places[side].id =
					roster_brief(&compare->model->roster, places[side].go).id;
	}
}

/* Of the second one of two traces there is no table yet. */
static void settle(void *to, const struct telling *telling)
{
	struct compare *compare = to;

	(void)telling;
	go_names_forget(&compare->names);
}

static bool end(void *to, struct table *table, struct error *err)
{
	struct compare *compare = to;
	const struct question *question = compare->question;

	add_collector(compare);
	name_places(compare);
	return (question->comparison != NULL && question->is_after) ||
	       comparison_table(compare->into, table, question->has_places, err);
}

static void drop(void *to)
{
	struct compare *compare = to;

	comparison_free(&compare->own);
	array_free(&compare->functions);
	go_names_free(&compare->names);
	array_free(&compare->function_of);
	array_free(&compare->waiting_of);
	array_free(&compare->stack_of);
	array_free(&compare->room);
}

const struct analysis_pass analysis_compare = {
	.size = sizeof(struct compare),
	.needs = PASS_STAYS,
	.begin = begin,
	.told = tell,
	.settle = settle,
	.end = end,
	.drop = drop,
};
