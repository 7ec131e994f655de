/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

#include "core/trace/v2_take.h"

/* What most of a trace consists of, as it usually comes: with the same result as the handlers, or
 * nothing is done and false returned. An event at a time in registers; what is seldom - times that
 * do not fit, damage, who runs at the head of a stream - is left to the others. */

enum { STAY_ROOM = 3 }; /* a stay, the end of its row, and that of the next, empty one */

struct usual {
	struct walk *walk;
	struct stream *stream;
	struct move *next_move, *moves_end; /* the walk's moves, as there is room for them */
	part_time time;
	const uint8_t *at;  /* the event, */
	event_ref from_ref; /* and what makes its address a reference: most need none */
	/* the run's syscalls among the walk's stays, where they are while nobody else adds to
	 * those; not of a run whose stream has kept some from before. Behind them there is room
	 * for the end of the row */
	struct stay *own_stays, *next_stay, *stays_end;
	/* the bucket that a run has ended in, its P's */
	struct lane_node *node;
	part_time begin, end;
	uint16_t proc;
	struct move *run; /* the begin of the run, which its end joins, if that comes in here; or
	                   * NULL */
};

static inline event_ref ref_of(const struct usual *u)
{
	return u->from_ref + (event_ref)(uintptr_t)u->at;
}

static void reach_moves(struct usual *u)
{
	u->next_move = u->walk->moves.items + u->walk->moves.count;
	u->moves_end = u->walk->moves.items + u->walk->moves.capacity;
	u->run = NULL;
}

static __attribute__((noinline)) struct move *grow_moves(struct walk *walk, const struct move *next)
{
	walk->moves.count = (size_t)(next - walk->moves.items);
	array_reserve(&walk->moves, walk->moves.count + 1);
	return walk->moves.items;
}

/* Nobody else has added to them since. */
static void reach_stays(struct usual *u)
{
	stay_array *stays = &u->walk->stays;

	array_reserve(stays, stays->count + 1);
	u->own_stays = u->next_stay = stays->items + stays->count;
	u->stays_end = stays->items + stays->capacity;
}

static __attribute__((noinline)) struct stay *grow_stays(struct walk *walk, const struct stay *next)
{
	walk->stays.count = (size_t)(next - walk->stays.items);
	array_reserve(&walk->stays, walk->stays.count + STAY_ROOM);
	return walk->stays.items;
}

static inline struct stay *push_stay(struct usual *u)
{
	if (u->stays_end - u->next_stay < STAY_ROOM) {
		ptrdiff_t own = u->own_stays - u->walk->stays.items;
		struct stay *items = grow_stays(u->walk, u->next_stay);

		u->own_stays = items + own;
		u->next_stay = items + u->walk->stays.count;
		u->stays_end = items + u->walk->stays.capacity;
	}
	return u->next_stay++;
}

static void keep_moves(const struct usual *u)
{
	u->walk->moves.count = (size_t)(u->next_move - u->walk->moves.items);
}

/* Field by field, as that is how it is there without waiting: a record made elsewhere and copied is
 * read before it is written. */
static inline struct move *push_move(struct usual *u, uint32_t g, uint32_t order,
                                     enum move_kind kind, unsigned how, uint8_t worker)
{
	struct move *move;

	if (u->next_move == u->moves_end) {
		ptrdiff_t run = u->run == NULL ? 0 : u->run - u->walk->moves.items;
		struct move *items = grow_moves(u->walk, u->next_move);

		u->run = u->run == NULL ? NULL : items + run;
		u->next_move = items + u->walk->moves.count;
		u->moves_end = items + u->walk->moves.capacity;
	}
	move = u->next_move++;
	move->time = u->time;
	move->g = g;
	move->order = order;
	move->ref = ref_of(u);
	move->other = move->stack = move->more = 0;
	move->proc = u->stream->proc;
	move->kind = (uint8_t)(kind & 7);
	move->how = (uint8_t)(how & 7);
	move->worker = (uint8_t)(worker & 3);
	move->reason = 0;
	return move;
}

static inline bool is_free_slot(uint64_t seq)
{
	return seq - 1 < SEQ_MAX;
}

/* The stack if it names its goroutine; or 0. */
static inline uint32_t name_of(const struct usual *u, uint64_t stack)
{
	uint32_t name = stack < WALK_SMALL_STACK ? u->walk->names.items[stack] : 0;

	return name != 0 ? name - 1 : walk_name_of(u->walk, stack);
}

/* The first stack of a run may name its goroutine. */
static inline void note_stack(const struct usual *u, uint64_t stack)
{
	uint32_t name = name_of(u, stack), had = u->stream->run.stack;

	u->stream->run.stack = had != 0 ? had : name;
}

/* ---- runs */

static inline bool start(struct usual *u, uint64_t id, uint64_t seq, enum run_open open)
{
	struct stream *stream = u->stream;
	struct open_run *run = &stream->run;
	struct move *move;
	uint32_t g;

	if (run->g != INDEX_NONE || !is_free_slot(seq))
		return false;
	g = find_go(u->walk, id);
	run->g = g;
	run->order = 2 * (uint32_t)seq + 1;
	run->begin = u->time;
	run->ref = ref_of(u);
	run->stack = run->in_syscalls = run->returned = 0;
	run->proc = stream->proc;
	run->open = (uint8_t)open;
	run->worker = WORKER_NONE;
	stream->last_go = g;
	stream->in_syscall = false;
	stream->has_run = true;
	array_clear(&stream->syscalls);
	move = push_move(u, g, 2 * (uint32_t)seq, MOVE_OPEN, open, WORKER_NONE);
	u->run = open == RUN_START && u->walk->joins ? move : NULL;
	return true;
}

/* Seldom, and so not where the others are, nor with what they have in registers. */
static __attribute__((noinline)) void start_switched(struct walk *walk, struct stream *stream,
                                                     part_time time, event_ref ref, uint64_t id,
                                                     uint64_t seq)
{
	struct usual u = { .walk = walk, .stream = stream, .time = time, .from_ref = ref };

	reach_moves(&u);
	start(&u, id, seq, RUN_SWITCH);
	keep_moves(&u);
}

/* The row of the run's syscalls, as a close refers to it. No branch depends on whether there are
 * any, as nobody could guess that. */
static inline uint32_t end_stays(struct usual *u)
{
	uint32_t first = u->walk->first_stay + (uint32_t)(u->own_stays - u->walk->stays.items);
	bool has_some;

	for (size_t i = 0; i < u->stream->syscalls.count; i++)
		*push_stay(u) = u->stream->syscalls.items[i];
	has_some = u->next_stay != u->own_stays;
	u->next_stay->begin = TIME_NONE;
	u->next_stay += has_some;
	u->own_stays = u->next_stay;
	return first | -(uint32_t)!has_some; /* all bits: INDEX_NONE */
}

/* The run's syscalls to where others look for them. */
static inline void keep_stays(const struct usual *u)
{
	for (const struct stay *stay = u->own_stays; stay < u->next_stay; stay++)
		*array_push(&u->stream->syscalls) = *stay;
	u->walk->stays.count = (size_t)(u->own_stays - u->walk->stays.items);
}

/* Adds the run to its lane; false if that takes more than one bucket. */
static inline bool add_to_lane(struct usual *u, const struct open_run *run)
{
	struct buckets *buckets = &u->walk->buckets;
	enum lane_kind kind = run->worker != WORKER_NONE ? LANE_WORKER : LANE_RUN;

	if (run->proc != u->proc || run->begin < u->begin || u->time > u->end) {
		part_time begin, end;

		u->node = buckets_reach(buckets, run->proc, run->begin, &begin, &end);
		u->proc = u->node == NULL ? PROC_NONE : run->proc;
		u->begin = begin;
		u->end = end;
		if (u->node == NULL || u->time > u->end)
			return false;
	}
	buckets_add_to(buckets, u->node, run->proc, kind, u->time - run->begin, run->in_syscalls,
	               run->g);
	return true;
}

static inline __attribute__((always_inline)) bool stop(struct usual *u, enum run_close close, uint8_t reason, uint64_t stack)
{
	struct stream *stream = u->stream;
	struct open_run *run = &stream->run;
	struct move *move = u->run;

	if (run->g == INDEX_NONE || stream->in_syscall || stream->assist.g != INDEX_NONE ||
	    !at_is_on_lane(run))
		return false;
	if (!u->walk->keeps && !add_to_lane(u, run))
		return false;
	note_stack(u, stack);
	if (stream->regions.count > 0)
		walk_leave_regions(u->walk, stream);
	if (u->time > u->walk->procs.items[run->proc].last)
		u->walk->procs.items[run->proc].last = u->time;
	if (move == NULL) {
		move = push_move(u, run->g, run->order, MOVE_CLOSE, close, run->worker);
	} else {
		move->kind = MOVE_RUN;
		move->how = (uint8_t)(close & 7);
		move->end = u->time;
		u->run = NULL;
	}
	move->other = run->in_syscalls;
	move->stack = u->walk->keeps ? walk_stack(u->walk, stack) : run->stack;
	move->more = end_stays(u);
	move->reason = reason;
	run->g = INDEX_NONE;
	return true;
}

/* The ends of a run, of which a switch is the begin of another's. */
static inline __attribute__((always_inline)) bool leave(struct usual *u, uint8_t type, uint64_t a, uint64_t b)
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
	if (!stop(u, close, reason, is_switch ? 0 : b))
		return false;
	if (is_switch) {
		keep_moves(u);
		start_switched(u->walk, u->stream, u->time, ref_of(u), a, b);
		reach_moves(u);
	}
	return true;
}

/* ---- others */

static inline bool unblock(struct usual *u, uint64_t id, uint64_t seq, uint64_t stack)
{
	struct move *move;

	if (!is_free_slot(seq))
		return false;
	move = push_move(u, find_go(u->walk, id), 2 * (uint32_t)seq, MOVE_WAKE, WAKE_UNBLOCK,
	                 WORKER_NONE);
	move->other = u->stream->run.g;
	move->stack = walk_stack(u->walk, stack);
	return true;
}

/* Of the stacks one is the new goroutine's, the other its creator's. */
static inline bool create(struct usual *u, uint8_t type, uint64_t id, uint64_t stack, uint64_t by)
{
	enum wake_kind kind = type == WIRE_GO_CREATE ? WAKE_CREATE : WAKE_CREATE_BLOCKED;
	struct move *move = push_move(u, find_go(u->walk, id), 0, MOVE_WAKE, kind, WORKER_NONE);

	move->other = u->stream->run.g;
	move->stack = u->walk->keeps ? walk_stack(u->walk, by) : name_of(u, stack);
	return true;
}

static inline bool can_enter_syscall(const struct stream *stream, uint64_t seq)
{
	const struct open_run *run = &stream->run;

	return run->g != INDEX_NONE && !stream->in_syscall && stream->proc != PROC_NONE &&
	       (run->open < RUN_STATUS || run->in_syscalls > 0) && is_free_slot(seq);
}

/* Its slot of the P is put off: most return before anything else is told. */
static inline bool enter_syscall(const struct usual *u, uint64_t seq, uint64_t stack)
{
	struct stream *stream = u->stream;

	if (!can_enter_syscall(stream, seq))
		return false;
	u->walk->syscall_count++;
	note_stack(u, stack);
	stream->in_syscall = true;
	stream->call_begin = u->time;
	stream->call_ref = ref_of(u);
	stream->call_stack = walk_call_stack(u->walk, stack);
	stream->call_tenure = INDEX_NONE;
	stream->call_parted = TIME_NONE;
	walk_add_entry(u->walk, u->time, true);
	walk_put_off(u->walk, stream, seq);
	return true;
}

static inline void add_stay(struct usual *u, part_time begin, part_time end, event_ref ref,
                            uint32_t stack)
{
	struct stream *stream = u->stream;
	struct stay *stay =
		stream->syscalls.count == 0 ? push_stay(u) : array_push(&stream->syscalls);

	stay->begin = begin;
	stay->end = end;
	stay->ref = ref;
	stay->stack = stack;
	stream->run.returned = end;
	stream->run.in_syscalls += end - begin;
}

static inline bool leave_syscall(struct usual *u)
{
	struct stream *stream = u->stream;

	if (!stream->puts_off || stream->run.g == INDEX_NONE)
		return false;
	stream->puts_off = stream->in_syscall = false;
	add_stay(u, stream->call_begin, u->time, stream->call_ref, stream->call_stack);
	walk_add_entry(u->walk, u->time, false);
	return true;
}

/* Both, one right after the other. */
static inline bool pass_syscall(struct usual *u, uint64_t seq, uint64_t stack, part_time end)
{
	struct stream *stream = u->stream;

	if (!can_enter_syscall(stream, seq))
		return false;
	u->walk->syscall_count++;
	note_stack(u, stack);
	*array_push(&u->walk->entries) = (struct call_span){ u->time, end };
	walk_note_slot(u->walk, stream, seq);
	add_stay(u, u->time, end, ref_of(u), walk_call_stack(u->walk, stack));
	return true;
}

static inline bool note_region(const struct usual *u, uint8_t type, uint64_t task, uint64_t name,
                               uint64_t stack)
{
	bool begins = type == WIRE_USER_REGION_BEGIN;

	if (u->stream->run.g == INDEX_NONE)
		return false;
	u->walk->regions += begins;
	note_task(u->walk, task);
	walk_region(u->walk, u->stream, u->time, begins ? NOTE_REGION_BEGIN : NOTE_REGION_END,
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

const uint8_t *walk_quick(struct walk *walk, struct stream *stream, struct walk_quick *quick,
                          const uint8_t *p)
{
	const uint8_t *const safe = quick->safe;
	uint32_t units = quick->units, until = quick->until, tick = quick->tick;
	uint64_t events = 0;
	struct usual u = {
		.walk = walk,
		.stream = stream,
		.from_ref = quick->ref - (event_ref)(uintptr_t)quick->begin,
		.proc = PROC_NONE,
	};

	reach_moves(&u);
	reach_stays(&u);
	while (p < safe) {
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
		switch (*p) {
		case WIRE_GO_START:
			TAKE2;
			DO(start(&u, a, b, RUN_START));
			break;
		case WIRE_GO_BLOCK:
			TAKE2;
			DO(leave(&u, WIRE_GO_BLOCK, a, b));
			break;
		case WIRE_GO_STOP:
		case WIRE_GO_DESTROY:
		case WIRE_GO_SWITCH:
		case WIRE_GO_SWITCH_DESTROY:
			a = b = 0;
			if (*p != WIRE_GO_DESTROY) {
				TAKE2;
			}
			DO(leave(&u, *p, a, b));
			break;
		case WIRE_GO_UNBLOCK:
			TAKE3;
			DO(unblock(&u, a, b, c));
			break;
		case WIRE_GO_SYSCALL_BEGIN:
			TAKE2;
			if (next < safe && *next == WIRE_GO_SYSCALL_END && next[1] < 0x80 &&
			    u.time + next[1] * tick < until) {
				DO(pass_syscall(&u, a, b, u.time + next[1] * tick));
				units = u.time + next[1] * tick;
				events += 2;
				p = next + 2;
				continue;
			}
			DO(enter_syscall(&u, a, b));
			break;
		case WIRE_GO_SYSCALL_END:
			DO(leave_syscall(&u));
			break;
		case WIRE_GO_CREATE:
		case WIRE_GO_CREATE_BLOCKED:
			TAKE3;
			DO(create(&u, *p, a, b, c));
			break;
		case WIRE_USER_REGION_BEGIN:
		case WIRE_USER_REGION_END:
			TAKE3;
			DO(note_region(&u, *p, a, b, c));
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
	keep_moves(&u);
	keep_stays(&u);
	quick->units = units;
	quick->events += events;
	return p;
}
