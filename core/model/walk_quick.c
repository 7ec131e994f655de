/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_usual.h"

#include "core/trace/v2_take.h"

/* What most of a trace consists of, as it usually comes: with the same result as the handlers, or
 * nothing is done and false returned. An event at a time in registers; what is seldom - times that
 * do not fit, damage, who runs at the head of a stream - is left to the others. Nor is anything
 * asked of a part that is walked for the first time that only one that is walked again may be: that
 * has a loop of its own. */

/* Field by field, as that is how it is there without waiting: a record made elsewhere and copied is
 * read before it is written. */
USUAL struct move *push_move(struct usual *u, uint32_t g, uint32_t order, enum move_kind kind,
                             unsigned how, uint8_t worker)
{
	struct move *move = u->next_move++;

	move->time = u->time;
	move->g = g;
	move->order = order;
	move->ref = usual_ref(u);
	move->other = move->stack = move->more = 0;
	move->proc = u->stream->proc;
	move->kind = (uint8_t)(kind & 7);
	move->how = (uint8_t)(how & 7);
	move->worker = (uint8_t)(worker & 3);
	move->reason = 0;
	return move;
}

USUAL bool is_free_slot(uint64_t seq)
{
	return seq - 1 < SEQ_MAX;
}

/* The stack if it names its goroutine; or 0. */
USUAL uint32_t name_of(const struct usual *u, uint64_t stack)
{
	uint32_t name = stack < WALK_SMALL_STACK ? u->walk->names.items[stack] : 0;

	return name != 0 ? name - 1 : walk_name_of(u->walk, stack);
}

/* The first stack of a run may name its goroutine. */
USUAL void note_stack(const struct usual *u, uint64_t stack)
{
	if (u->stream->run.stack == 0)
		u->stream->run.stack = name_of(u, stack);
}

/* Where a part is walked again, stacks are the trace's. */
USUAL uint32_t stack_of(const struct usual *u, uint64_t stack, bool again)
{
	return again ? walk_stack(u->walk, stack) : 0;
}

USUAL uint32_t call_stack(const struct usual *u, uint64_t stack, bool again)
{
	return again ? walk_call_stack(u->walk, stack) : (uint32_t)stack;
}

/* ---- runs */

/* What the stream knows of a run that is not over in here. */
USUAL void tell_run(const struct usual *u)
{
	struct open_run *run = &u->stream->run;
	const struct move *move = u->run;

	if (move == NULL)
		return;
	run->order = move->order + 1;
	run->begin = move->time;
	run->ref = move->ref;
	run->proc = move->proc;
	run->open = RUN_START;
	run->worker = WORKER_NONE;
}

USUAL bool start(struct usual *u, uint64_t id, uint64_t seq, bool again)
{
	struct stream *stream = u->stream;
	struct open_run *run = &stream->run;
	uint32_t g;

	if (run->g != INDEX_NONE || !is_free_slot(seq))
		return false;
	g = find_go(u->walk, id);
	run->g = stream->last_go = g;
	run->stack = run->in_syscalls = run->returned = 0;
	stream->in_syscall = false;
	stream->has_run = true;
	array_clear(&stream->syscalls);
	u->run = push_move(u, g, 2 * (uint32_t)seq, MOVE_OPEN, RUN_START, WORKER_NONE);
	if (again || stream->proc == PROC_NONE)
		tell_run(u);
	if (stream->proc == PROC_NONE || (again && !u->walk->joins))
		u->run = NULL;
	return true;
}

/* Seldom, and so not where the others are, nor with what they have in registers. */
static __attribute__((noinline)) void start_switched(struct walk *walk, struct stream *stream,
                                                     part_time time, event_ref ref, uint64_t id,
                                                     uint64_t seq)
{
	struct at at = { .walk = walk, .stream = stream, .time = time, .ref = ref };

	at_open_run(&at, find_go(walk, id), (uint32_t)seq, RUN_SWITCH);
}

/* The row of the run's syscalls, as a close refers to it. No branch depends on whether there are
 * any, as nobody could guess that. */
USUAL uint32_t end_stays(struct usual *u)
{
	uint32_t first;
	bool has_some;

	usual_take_kept(u);
	first = u->walk->first_stay + (uint32_t)(u->own_stays - u->walk->stays.items);
	has_some = u->next_stay != u->own_stays;
	u->next_stay->begin = TIME_NONE;
	u->next_stay += has_some;
	u->own_stays = u->next_stay;
	return first | -(uint32_t)!has_some; /* all bits: INDEX_NONE */
}

/* Adds the run to its lane; false if that takes more than one bucket. */
USUAL bool add_to_lane(struct usual *u, uint16_t proc, part_time begin, enum lane_kind kind)
{
	const struct open_run *run = &u->stream->run;

	if (proc != u->lane.proc || begin < u->lane.begin || u->time > u->lane.end) {
		usual_reach_node(u, proc, begin);
		if (u->lane.node == NULL || u->time > u->lane.end)
			return false;
	}
	buckets_add_to(&u->walk->buckets, u->lane.node, kind, u->time - begin, run->in_syscalls,
	               run->g);
	u->lane.last = u->time;
	return true;
}

/* The same of one that the stream knows. */
USUAL bool add_known(struct usual *u, bool again)
{
	const struct open_run *run = &u->stream->run;
	struct local_proc *proc;

	if (!at_is_on_lane(run))
		return false;
	if (!again || !u->walk->keeps)
		return add_to_lane(u, run->proc, run->begin,
		                   run->worker != WORKER_NONE ? LANE_WORKER : LANE_RUN);
	proc = &u->walk->procs.items[run->proc];
	proc->last = u->time > proc->last ? u->time : proc->last;
	return true;
}

USUAL bool add_run(struct usual *u, bool again)
{
	if (u->run == NULL || again)
		return add_known(u, again);
	return add_to_lane(u, u->run->proc, u->run->time, LANE_RUN);
}

USUAL bool stop(struct usual *u, enum run_close close, uint8_t reason, uint64_t stack, bool again)
{
	struct stream *stream = u->stream;
	struct open_run *run = &stream->run;
	struct move *move;

	if (run->g == INDEX_NONE || stream->in_syscall || stream->assist.g != INDEX_NONE ||
	    !add_run(u, again))
		return false;
	note_stack(u, stack);
	if (stream->regions.count > 0)
		walk_leave_regions(u->walk, stream);
	move = u->run;
	if (move == NULL) {
		move = push_move(u, run->g, run->order, MOVE_CLOSE, close, run->worker);
	} else {
		move->kind = MOVE_RUN;
		move->how = (uint8_t)(close & 7);
		move->end = u->time;
		u->run = NULL;
	}
	move->other = run->in_syscalls;
	move->stack = again && u->walk->keeps ? walk_stack(u->walk, stack) : run->stack;
	move->more = end_stays(u);
	move->reason = reason;
	run->g = INDEX_NONE;
	return true;
}

/* The ends of a run, of which a switch is the begin of another's. */
USUAL bool leave(struct usual *u, uint8_t type, uint64_t a, uint64_t b, bool again)
{
	bool is_switch = type == WIRE_GO_SWITCH || type == WIRE_GO_SWITCH_DESTROY;
	uint8_t reason = 0;
	enum run_close close = type == WIRE_GO_BLOCK    ? RUN_BLOCK
	                       : type == WIRE_GO_STOP   ? RUN_STOP
	                       : type == WIRE_GO_SWITCH ? RUN_SWITCHED
	                                                : RUN_DESTROY;

	if (is_switch) {
		if (!is_free_slot(b))
			return false;
	} else {
		reason = a < WALK_SMALL_STRING ? u->walk->reason_of.items[a] : 0;
		if (reason == 0 && a != 0)
			return false; /* new */
	}
	if (!stop(u, close, reason, is_switch ? 0 : b, again))
		return false;
	if (is_switch) {
		usual_keep_counts(u);
		start_switched(u->walk, u->stream, u->time, usual_ref(u), a, b);
		u->next_move++; /* there was room for it */
	}
	return true;
}

/* ---- others */

USUAL bool unblock(struct usual *u, uint64_t id, uint64_t seq, uint64_t stack, bool again)
{
	struct move *move;

	if (!is_free_slot(seq))
		return false;
	move = push_move(u, find_go(u->walk, id), 2 * (uint32_t)seq, MOVE_WAKE, WAKE_UNBLOCK,
	                 WORKER_NONE);
	move->other = u->stream->run.g;
	move->stack = stack_of(u, stack, again);
	return true;
}

/* Of the stacks one is the new goroutine's, the other its creator's. */
USUAL bool create(struct usual *u, uint8_t type, uint64_t id, uint64_t stack, uint64_t by,
                  bool again)
{
	enum wake_kind kind = type == WIRE_GO_CREATE ? WAKE_CREATE : WAKE_CREATE_BLOCKED;
	struct move *move = push_move(u, find_go(u->walk, id), 0, MOVE_WAKE, kind, WORKER_NONE);

	move->other = u->stream->run.g;
	move->stack = again && u->walk->keeps ? walk_stack(u->walk, by) : name_of(u, stack);
	return true;
}

USUAL bool can_enter_syscall(const struct usual *u, uint64_t seq, bool again)
{
	const struct stream *stream = u->stream;
	const struct open_run *run = &stream->run;

	if (run->g == INDEX_NONE || stream->in_syscall || !is_free_slot(seq))
		return false;
	if (u->run != NULL && !again)
		return true;
	return stream->proc != PROC_NONE && (run->open < RUN_STATUS || run->in_syscalls > 0);
}

USUAL void add_entry(struct usual *u, part_time begin, part_time end)
{
	struct call_span *entry = u->next_entry++;

	entry->begin = begin;
	entry->end = end;
}

/* Its slot of the P is put off: most return before anything else is told. */
USUAL bool enter_syscall(struct usual *u, uint64_t seq, uint64_t stack, bool again)
{
	struct stream *stream = u->stream;

	if (!can_enter_syscall(u, seq, again))
		return false;
	u->walk->syscall_count++;
	note_stack(u, stack);
	stream->in_syscall = true;
	stream->call_begin = u->time;
	stream->call_ref = usual_ref(u);
	stream->call_stack = call_stack(u, stack, again);
	stream->call_tenure = INDEX_NONE;
	stream->call_parted = TIME_NONE;
	add_entry(u, u->time, TIME_NONE);
	walk_put_off(u->walk, stream, seq);
	return true;
}

USUAL void add_stay(struct usual *u, part_time begin, part_time end, event_ref ref, uint32_t stack)
{
	struct stream *stream = u->stream;
	struct stay *stay =
		stream->syscalls.count == 0 ? u->next_stay++ : array_push(&stream->syscalls);

	stay->begin = begin;
	stay->end = end;
	stay->ref = ref;
	stay->stack = stack;
	stream->run.returned = end;
	stream->run.in_syscalls += end - begin;
}

USUAL bool leave_syscall(struct usual *u)
{
	struct stream *stream = u->stream;

	if (!stream->puts_off || stream->run.g == INDEX_NONE)
		return false;
	stream->puts_off = stream->in_syscall = false;
	add_stay(u, stream->call_begin, u->time, stream->call_ref, stream->call_stack);
	add_entry(u, TIME_NONE, u->time);
	return true;
}

/* Both, one right after the other. */
USUAL bool pass_syscall(struct usual *u, uint64_t seq, uint64_t stack, part_time end, bool again)
{
	struct stream *stream = u->stream;

	if (!can_enter_syscall(u, seq, again))
		return false;
	u->walk->syscall_count++;
	note_stack(u, stack);
	add_entry(u, u->time, end);
	walk_note_slot(u->walk, stream, seq);
	add_stay(u, u->time, end, usual_ref(u), call_stack(u, stack, again));
	return true;
}

/* Most begin and end in one run, and then nothing stays of them but the text. */
USUAL bool note_region(const struct usual *u, bool begins, uint64_t task, uint64_t name,
                       uint64_t stack, bool again)
{
	struct stream *stream = u->stream;

	if (stream->run.g == INDEX_NONE)
		return false;
	u->walk->regions += begins;
	note_task(u->walk, task);
	if (!again && !begins && stream->regions.count > 0) {
		walk_drop_region(u->walk, stream);
		return true;
	}
	tell_run(u);
	walk_region(u->walk, stream, u->time, begins ? NOTE_REGION_BEGIN : NOTE_REGION_END,
	            (uint64_t[]){ task, name, stack });
	return true;
}

/* ---- */

/* What is not done leaves the loop at once: nothing need be remembered, nor asked for again. */
#define DO(what)                                                                                   \
	if (!(what))                                                                               \
	goto out
#define TAKE(value)                                                                                \
	next = wire_take(next, &(value), &bad);                                                    \
	if (bad)                                                                                   \
	goto out
#define TAKE2                                                                                      \
	TAKE(a);                                                                                   \
	TAKE(b)
#define TAKE3                                                                                      \
	TAKE2;                                                                                     \
	TAKE(c)
#define TAKE4                                                                                      \
	TAKE3;                                                                                     \
	TAKE(d)

USUAL const uint8_t *
walk_as(struct walk *walk, struct stream *stream, struct walk_quick *quick, const uint8_t *p,
        bool again)
{
	const uint8_t *const safe = quick->safe;
	uint32_t units = quick->units, until = quick->until, tick = quick->tick;
	uint64_t events = 0;
	struct usual u = {
		.walk = walk,
		.stream = stream,
		.from_ref = quick->ref - (event_ref)(uintptr_t)quick->begin,
		.limit = p,
		.lane.proc = PROC_NONE,
	};

	usual_begin(&u);
	for (;;) {
		const uint8_t *next;
		uint64_t a, b, c, d;
		bool bad = false;
		uint32_t dt;

		if (p[1] < 0x80) {
			dt = p[1];
			next = p + 2;
		} else if (p[2] < 0x80) {
			dt = (p[1] & 0x7fu) | (uint32_t)p[2] << 7;
			next = p + 3;
		} else {
			break;
		}
		u.time = units + dt * tick;
		u.at = p;
		if (u.time >= until)
			break;
		if (p >= u.limit) {
			if (p >= safe)
				break;
			usual_make_room(&u, p, safe);
		}
		switch (*p) {
		case WIRE_GO_START:
			TAKE2;
			DO(start(&u, a, b, again));
			break;
		case WIRE_GO_BLOCK:
			TAKE2;
			DO(leave(&u, WIRE_GO_BLOCK, a, b, again));
			break;
		case WIRE_GO_STOP:
		case WIRE_GO_DESTROY:
		case WIRE_GO_SWITCH:
		case WIRE_GO_SWITCH_DESTROY:
			a = b = 0;
			if (*p != WIRE_GO_DESTROY) {
				TAKE2;
			}
			DO(leave(&u, *p, a, b, again));
			break;
		case WIRE_GO_UNBLOCK:
			TAKE3;
			DO(unblock(&u, a, b, c, again));
			break;
		case WIRE_GO_SYSCALL_BEGIN:
			TAKE2;
			if (next < safe && *next == WIRE_GO_SYSCALL_END && next[1] < 0x80 &&
			    u.time + next[1] * tick < until) {
				DO(pass_syscall(&u, a, b, u.time + next[1] * tick, again));
				units = u.time + next[1] * tick;
				events += 2;
				p = next + 2;
				continue;
			}
			DO(enter_syscall(&u, a, b, again));
			break;
		case WIRE_GO_SYSCALL_END:
			DO(leave_syscall(&u));
			break;
		case WIRE_GO_CREATE:
		case WIRE_GO_CREATE_BLOCKED:
			TAKE3;
			DO(create(&u, *p, a, b, c, again));
			break;
		case WIRE_USER_REGION_BEGIN:
		case WIRE_USER_REGION_END:
			TAKE3;
			DO(note_region(&u, *p == WIRE_USER_REGION_BEGIN, a, b, c, again));
			break;
		case WIRE_USER_TASK_BEGIN:
			TAKE4;
			walk_task(walk, stream, u.time, true, (uint64_t[]){ a, b, c, d });
			break;
		case WIRE_USER_TASK_END:
			TAKE2;
			walk_task(walk, stream, u.time, false, (uint64_t[4]){ a, b });
			break;
		case WIRE_USER_LOG:
			TAKE4;
			DO(stream->run.g != INDEX_NONE || !walk->keeps);
			walk->logs++;
			note_task(walk, a);
			walk_log(walk, stream, u.time, (uint64_t[]){ a, b, c, d });
			break;
		case WIRE_HEAP_ALLOC:
			TAKE(a);
			*array_push(&walk->heap) = (struct metric){ u.time, a };
			break;
		default:
			goto out;
		}
		units = u.time;
		events++;
		p = next;
	}
out:
	tell_run(&u);
	usual_leave_node(&u);
	usual_keep(&u);
	quick->units = units;
	quick->events += events;
	return p;
}

static __attribute__((noinline)) const uint8_t *walk_again(struct walk *walk, struct stream *stream,
                                                           struct walk_quick *quick,
                                                           const uint8_t *p)
{
	return walk_as(walk, stream, quick, p, true);
}

const uint8_t *walk_quick(struct walk *walk, struct stream *stream, struct walk_quick *quick,
                          const uint8_t *p)
{
	if (walk->keeps || walk->joined != NULL || !walk->joins || !walk->hears)
		return walk_again(walk, stream, quick, p);
	return walk_as(walk, stream, quick, p, false);
}
