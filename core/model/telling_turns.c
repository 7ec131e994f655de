/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/telling_at.h"

#include "core/base/sort.h"

/* From turns: most stays lie in one part, and their turns tell all there is of them. */

enum { TURNS_A_STEP = 1 << 13 };

/* Of one that was lost it is known that it ran. */
static enum span_kind kind_before(const struct turn *turn)
{
	bool ran = turn->after == GO_RUNNING || (turn->after == GO_UNKNOWN && turn->has_run);

	return ran                          ? SPAN_RUN
	       : turn->after == GO_SYSCALL  ? SPAN_SYSCALL
	       : turn->after == GO_WAITING  ? SPAN_WAITING
	       : turn->after == GO_RUNNABLE ? SPAN_RUNNABLE
	                                    : SPAN_NONE;
}

/* What it did in the part before may be of no use to the pass: it was heard of, though. */
static struct going *meet(struct telling *telling, const struct part *part, uint32_t go)
{
	struct going *going = telling_find_going(telling, go);
	size_t first, end;

	if (going != NULL)
		return going;
	if (go < telling->heard && (part->pass->pass & PASS_STAYS) != PASS_STAYS)
		return telling_add_going(telling, go, part->begin_ns);
	strands_find(&part->pass->strands, go, &first, &end);
	return telling_add_going(telling, go, telling_heard_ns(part, first, end));
}

/* Nobody knows what it does: if that is so when the part ends, nothing is left of it. */
static void stir(struct telling *telling, const struct going *going)
{
	*array_push(&telling->stirred) = (uint32_t)(going - telling->going.items);
}

/* last: enum span_kind: what it did before, if nothing is known of it. */
static void tell_record(struct telling *telling, struct teller *t, const struct part *part,
                        uint32_t go, uint32_t record, enum span_kind last)
{
	struct going *going = meet(telling, part, go);
	struct span now;

	if (going == NULL)
		return;
	if (going->is_fresh && going->last == SPAN_NONE)
		going->last = (uint8_t)last;
	teller_begin(t, going);
	now = t->first.span;
	go_tell_record(t->model, part->number, go, record, &now, teller_take, t);
	teller_end(t, going, &now);
	if (now.kind == SPAN_NONE)
		stir(telling, going);
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* What it did at the head of a stream comes first. */
static void tell_heads(struct telling *telling, struct teller *t, const struct part *part)
{
	const struct history *pass = part->pass;

	for (size_t i = 0; i < pass->runs.count; i++) {
		const struct run *run = &pass->runs.items[i];
		uint32_t go = pass->go_of.items[run->g];

		if (run->open < RUN_HEAD || go == INDEX_NONE)
			continue;
		tell_record(telling, t, part, go, (uint32_t)i, SPAN_NONE);
		*array_push(&telling->heads) = go;
	}
	SORT_ARRAY(&telling->heads, by_number);
}

static bool is_head(const struct telling *telling, uint32_t go)
{
	size_t low = 0, high = telling->heads.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (telling->heads.items[middle] < go)
			low = middle + 1;
		else
			high = middle;
	}
	return low < telling->heads.count && telling->heads.items[low] == go;
}

static enum span_kind kind_of(const struct turn *turn)
{
	switch ((enum turn_kind)turn->kind) {
	case TURN_RUN:
		return SPAN_RUN;
	case TURN_CALL:
		return SPAN_SYSCALL;
	case TURN_WAIT:
		return SPAN_WAITING;
	case TURN_READY:
		return SPAN_RUNNABLE;
	case TURN_OVER:
	case TURN_RECORD:
	case TURN_STATUS:
	case TURN_LIFE:
		break;
	}
	return SPAN_NONE;
}

static void fill(const struct telling *telling, struct told *told, const struct part *part,
                 uint32_t go, const struct turn *turn, int64_t ns)
{
	const struct history *pass = part->pass;
	bool has_reason = turn->kind == TURN_WAIT || turn->kind == TURN_READY;

	*told = (struct told){
		.span = { .begin_ns = ns,
		          .end_ns = ns,
		          .go = go,
		          .proc = turn->proc == PROC_NONE ? INDEX_NONE : part->proc_of[turn->proc],
		          .part = part->number,
		          .kind = (uint8_t)kind_of(turn),
		          .worker = turn->kind == TURN_RUN ? turn->detail : WORKER_NONE },
		.begin_ns = ns,
		.end_ns = ns,
		.heard_ns = ns,
		.lost_ns = TIME_UNKNOWN,
		.after = (uint8_t)kind_before(turn),
		.ran = turn->runs_next ? RAN_NEXT
		       : turn->has_run ? RAN_BEFORE
		                       : RAN_UNKNOWN,
		.is_known = true,
		.reason = has_reason ? telling->reasons[turn->detail] : 0,
		.stack = turn->stack,
		.by = turn->kind == TURN_READY && turn->other < pass->go_of.count
		              ? pass->go_of.items[turn->other]
		              : INDEX_NONE,
	};
	told->proc = told->span.proc;
}

/* What lasts from before is over. Parts lap a little: time does not go back. */
static int64_t end_stay(struct teller *t, struct going *going, int64_t ns)
{
	struct told *told = &going->told;

	ns = ns < told->span.begin_ns ? told->span.begin_ns : ns;
	if (told->span.kind == SPAN_NONE)
		return ns;
	told->end_ns = told->span.end_ns = ns;
	going->last = told->span.kind;
	t->take(t->to, told);
	return ns;
}

/* What it does from now on, as far as that depends on what it did before. */
static void inherit(const struct going *going, struct told *told)
{
	if (going->is_fresh && going->heard_ns > told->begin_ns)
		told->heard_ns = going->heard_ns;
	if (going->last != SPAN_NONE)
		told->after = going->last;
}

/* It goes on; or, where parts lap, nothing that comes may be earlier. */
static void remember(struct going *going, const struct told *told, bool goes_on)
{
	going->is_fresh = false;
	going->last = told->span.kind != SPAN_NONE && !goes_on ? told->span.kind : going->last;
	going->told = *told;
	if (goes_on)
		return;
	going->told.span.begin_ns = told->end_ns;
	going->told.span.kind = SPAN_NONE;
}

static void tell_turn(struct telling *telling, struct teller *t, const struct part *part,
                      uint32_t go, const struct turn *turn)
{
	struct going *going = telling_find_going(telling, go);
	int64_t ns = part_ns(part, turn->time);
	bool goes_on = turn->end == TIME_NONE && turn->kind != TURN_OVER, laps = false;
	struct told told;

	if (going != NULL) {
		laps = ns < going->told.span.begin_ns;
		ns = end_stay(t, going, ns);
	}
	fill(telling, &told, part, go, turn, ns);
	if (going != NULL)
		inherit(going, &told);
	if (turn->end != TIME_NONE) {
		told.end_ns = part_ns(part, turn->end);
		told.end_ns = told.span.end_ns = told.end_ns < ns ? ns : told.end_ns;
		t->take(t->to, &told);
	}
	if (going == NULL && goes_on)
		going = telling_add_going(telling, go, ns);
	if (going == NULL)
		return;
	if (!goes_on && !laps) {
		telling_drop_going(telling, going);
		return;
	}
	remember(going, &told, goes_on);
	if (!goes_on)
		stir(telling, going);
}

static void begin_turns(struct telling *telling, struct teller *t, const struct part *part)
{
	const struct history *pass = part->pass;

	for (size_t i = 0; i < pass->reasons.count && i < 256; i++)
		telling->reasons[i] = tables_string(&part->tables, pass->reasons.items[i]);
	tell_heads(telling, t, part);
}

bool telling_step_turns(struct telling *telling, struct teller *t, const struct part *part,
                        size_t *at)
{
	const struct history *pass = part->pass;
	const u64_array *own_of = &pass->strands.own_of;
	size_t rest = pass->turns.count - *at;
	size_t end = *at + (rest < TURNS_A_STEP ? rest : TURNS_A_STEP);

	if (*at == 0)
		begin_turns(telling, t, part);
	for (; *at < end; ++*at) {
		const struct turn *turn = &pass->turns.items[*at];
		uint32_t go = pass->go_of.items[turn->g];

		if (go == INDEX_NONE || turn->kind == TURN_LIFE)
			continue;
		if (turn->kind < TURN_RECORD)
			tell_turn(telling, t, part, go, turn);
		else if (turn->kind == TURN_RECORD || !is_head(telling, go))
			tell_record(telling, t, part, go, pass->told_records.items[turn->other],
			            kind_before(turn));
	}
	if (*at < pass->turns.count)
		return true;
	if (own_of->count > 0 && own_of->items[own_of->count - 1] >> 32 >= telling->hears)
		telling->hears = (uint32_t)(own_of->items[own_of->count - 1] >> 32) + 1;
	return false;
}
