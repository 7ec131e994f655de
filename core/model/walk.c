/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

#include "core/base/checked.h"
#include "core/trace/v2_take.h"

enum { FLOORS = 256 }; /* late statuses decoded at a time */

#define MANY_TICKS (UINT64_C(1) << 28) /* a sum of fewer fits */

static void free_streams(struct walk *walk)
{
	for (size_t s = 0; s < walk->streams.count; s++)
		array_free(&walk->streams.items[s].syscalls);
	array_clear(&walk->streams);
}

/* For all arrays: CALL(its name). */
#define EACH_ARRAY(CALL)                                                                           \
	CALL(gos)                                                                                  \
	CALL(procs)                                                                                \
	CALL(streams)                                                                              \
	CALL(moves)                                                                                \
	CALL(stays)                                                                                \
	CALL(calls)                                                                                \
	CALL(tenures)                                                                              \
	CALL(pieces)                                                                               \
	CALL(sweep_ends)                                                                           \
	CALL(stops)                                                                                \
	CALL(gc_events)                                                                            \
	CALL(heap) CALL(goal) CALL(gomaxprocs) CALL(reasons) CALL(reason_of) CALL(roots)

void walk_init(struct walk *walk, struct budget *budget)
{
#define SET_BUDGET(array) walk->array.budget = budget;
	*walk = (struct walk){ .budget = budget };
	tables_init(&walk->tables, budget);
	damage_init(&walk->damage, budget);
	buckets_init(&walk->buckets, budget);
	id_pages_init(&walk->go_of, budget);
	id_pages_init(&walk->tasks, budget);
	id_pages_init(&walk->proc_of, budget);
	walk->stream_of.budget = budget;
	EACH_ARRAY(SET_BUDGET)
}

void walk_free(struct walk *walk)
{
#define FREE(array) array_free(&walk->array);
	free_streams(walk);
	tables_free(&walk->tables);
	damage_free(&walk->damage);
	buckets_free(&walk->buckets);
	id_pages_free(&walk->go_of);
	id_pages_free(&walk->tasks);
	id_pages_free(&walk->proc_of);
	id_map_free(&walk->stream_of);
	EACH_ARRAY(FREE)
}

void walk_begin(struct walk *walk, const struct generation *generation, const struct timing *timing,
                unsigned shift, bool is_first, bool keeps, int64_t offset_ns)
{
#define CLEAR(array) array_clear(&walk->array);
	tables_free(&walk->tables);
	tables_init(&walk->tables, walk->budget);
	walk->tables.shared = generation->shared;
	walk->tables.generation = generation->number;
	damage_clear(&walk->damage);
	free_streams(walk);
	id_pages_clear(&walk->go_of);
	id_pages_clear(&walk->proc_of);
	id_map_clear(&walk->stream_of);
	id_pages_clear(&walk->tasks);
	EACH_ARRAY(CLEAR)
	walk->base_ns = timing->begin_ns;
	walk->shift = shift;
	walk->offset = generation->begin;
	walk->generation = generation->number;
	walk->is_hurt = timing->is_hurt;
	walk->is_first = is_first;
	walk->keeps = keeps;
	walk->has_overflow = false;
	walk->forever = 0;
	walk->events = walk->experimental = walk->regions = walk->logs = 0;
	walk->syscall_count = walk->clamped = walk->dropped = walk->doubted = 0;
	walk->last = walk->latest = 0;
	walk->first_stay = walk->first_call = 0;
	*array_push(&walk->reasons) = 0;
	array_resize(&walk->reason_of, WALK_SMALL_STRING);
	array_resize(&walk->roots, WALK_SMALL_STACK);
	buckets_begin(&walk->buckets, offset_ns, shift, timing->end_ns - timing->begin_ns,
	              generation->event_bytes, generation->batch_count / 2);
}

uint32_t walk_find_go(struct walk *walk, uint64_t id)
{
	return find_go(walk, id);
}

static void note_task(const struct at *at, uint64_t id)
{
	if (id != 0 && id != UINT64_MAX)
		id_pages_add(&at->walk->tasks, id, 0);
}
/* ---- events */

static void walk_event(struct at *at, uint8_t type)
{
	switch ((enum wire_type)type) {
	case WIRE_PROCS_CHANGE:
		at_procs_change(at);
		break;
	case WIRE_PROC_START:
		at_proc_start(at);
		break;
	case WIRE_PROC_STOP:
		at_proc_stop(at);
		break;
	case WIRE_PROC_STEAL:
		at_proc_steal(at);
		break;
	case WIRE_PROC_STATUS:
		at_proc_status(at);
		break;
	case WIRE_GO_CREATE:
		at_go_create(at, WAKE_CREATE);
		break;
	case WIRE_GO_CREATE_BLOCKED:
		at_go_create(at, WAKE_CREATE_BLOCKED);
		break;
	case WIRE_GO_CREATE_SYSCALL:
		at_go_create_syscall(at);
		break;
	case WIRE_GO_START:
		at_go_start(at);
		break;
	case WIRE_GO_DESTROY:
		at_go_destroy(at);
		break;
	case WIRE_GO_DESTROY_SYSCALL:
		at_go_destroy_syscall(at);
		break;
	case WIRE_GO_STOP:
		at_go_stop(at, RUN_STOP);
		break;
	case WIRE_GO_BLOCK:
		at_go_stop(at, RUN_BLOCK);
		break;
	case WIRE_GO_UNBLOCK:
		at_go_unblock(at);
		break;
	case WIRE_GO_SWITCH:
		at_go_switch(at, RUN_SWITCHED);
		break;
	case WIRE_GO_SWITCH_DESTROY:
		at_go_switch(at, RUN_DESTROY);
		break;
	case WIRE_GO_SYSCALL_BEGIN:
		at_go_syscall_begin(at);
		break;
	case WIRE_GO_SYSCALL_END:
		at_go_syscall_end(at);
		break;
	case WIRE_GO_SYSCALL_END_BLOCKED:
		at_go_syscall_end_blocked(at);
		break;
	case WIRE_GO_STATUS:
		at_go_status(at, 0);
		break;
	case WIRE_GO_STATUS_STACK:
		at_go_status(at, at->arg[3]);
		break;
	case WIRE_GO_LABEL:
		at_go_label(at);
		break;
	case WIRE_STW_BEGIN:
		at_stw_begin(at);
		break;
	case WIRE_STW_END:
		at_stw_end(at);
		break;
	case WIRE_GC_ACTIVE:
		at_gc_event(at, MARK_ACTIVE);
		break;
	case WIRE_GC_BEGIN:
		at_gc_event(at, MARK_BEGIN);
		break;
	case WIRE_GC_END:
		at_gc_event(at, MARK_END);
		break;
	case WIRE_GC_SWEEP_ACTIVE:
		at_sweep_active(at);
		break;
	case WIRE_GC_SWEEP_BEGIN:
		at_sweep_begin(at);
		break;
	case WIRE_GC_SWEEP_END:
		at_sweep_end(at);
		break;
	case WIRE_GC_MARK_ASSIST_ACTIVE:
		at_assist_active(at);
		break;
	case WIRE_GC_MARK_ASSIST_BEGIN:
		at_assist_begin(at);
		break;
	case WIRE_GC_MARK_ASSIST_END:
		at_assist_end(at);
		break;
	case WIRE_HEAP_ALLOC:
		*array_push(&at->walk->heap) = (struct metric){ at->time, at->arg[0] };
		break;
	case WIRE_HEAP_GOAL:
		*array_push(&at->walk->goal) = (struct metric){ at->time, at->arg[0] };
		break;
	case WIRE_USER_TASK_BEGIN:
		note_task(at, at->arg[1]);
		note_task(at, at->arg[0]);
		break;
	case WIRE_USER_TASK_END:
		note_task(at, at->arg[0]);
		break;
	case WIRE_USER_REGION_BEGIN:
		at->walk->regions++;
		note_task(at, at->arg[0]);
		break;
	case WIRE_USER_REGION_END:
		note_task(at, at->arg[0]);
		break;
	case WIRE_USER_LOG:
		at->walk->logs++;
		note_task(at, at->arg[0]);
		break;
	case WIRE_SPAN:
	case WIRE_SPAN_ALLOC:
	case WIRE_SPAN_FREE:
	case WIRE_HEAP_OBJECT:
	case WIRE_HEAP_OBJECT_ALLOC:
	case WIRE_HEAP_OBJECT_FREE:
	case WIRE_GOROUTINE_STACK:
	case WIRE_GOROUTINE_STACK_ALLOC:
	case WIRE_GOROUTINE_STACK_FREE:
		at->walk->experimental++;
		break;
	case WIRE_NONE:
	case WIRE_EVENT_BATCH:
	case WIRE_STACKS:
	case WIRE_STACK:
	case WIRE_STRINGS:
	case WIRE_STRING:
	case WIRE_CPU_SAMPLES:
	case WIRE_CPU_SAMPLE:
	case WIRE_FREQUENCY:
	case WIRE_EXPERIMENTAL_BATCH:
	case WIRE_SYNC:
	case WIRE_CLOCK_SNAPSHOT:
	case WIRE_END_OF_GENERATION:
	case WIRE_TYPES:
		break; /* the decoder gives none of these */
	}
}

/* ---- stretches */

static void note_latest(struct walk *walk, part_time time)
{
	walk->latest = time > walk->latest ? time : walk->latest;
}

/* Moves that are not before the end of the stretch, out of it. */
static void keep_later(struct walk *walk, struct stretch *stretch)
{
	const struct move *all = stretch->moves.items;
	size_t given = 0;

	for (size_t i = 0; i < stretch->moves.count; i++)
		if (all[i].time < stretch->end)
			stretch->moves.items[given++] = all[i];
		else
			*array_push(&walk->moves) = all[i];
	stretch->moves.count = given;
}

void walk_hand_over(struct walk *walk, struct stretch *stretch, part_time begin, part_time end)
{
	move_array moves = stretch->moves;
	stay_array stays = stretch->stays;
	call_array calls = stretch->calls;

	*stretch = (struct stretch){
		.begin = begin,
		.end = end,
		.moves = walk->moves,
		.stays = walk->stays,
		.first_stay = walk->first_stay,
		.calls = walk->calls,
		.gos = walk->gos.count,
		.procs = walk->procs.count,
		.forever = walk->forever,
	};
	walk->moves = moves;
	walk->stays = stays;
	walk->calls = calls;
	walk->first_stay += (uint32_t)stretch->stays.count;
	walk->first_call += (uint32_t)stretch->calls.count;
	if (walk->latest >= end)
		keep_later(walk, stretch);
	stretch->is_ahead = walk->moves.count > 0;
}

/* ---- batches */

static void lose(struct walk *walk, const struct walk_cursor *cursor, const struct stream *stream,
                 uint8_t found, const char *expected)
{
	struct damage_row row =
		damage_row(cursor->is_cut ? DAMAGE_END : DAMAGE_LOCAL, cursor->offset + cursor->at,
	                   cursor->len - cursor->at, expected);

	damage_found(&row, "byte 0x%02x", found);
	row.generation = walk->generation;
	row.m = wire_thread(stream->m);
	if (stream->proc != PROC_NONE)
		row.p = walk->procs.items[stream->proc].id;
	row.begin_ns = cursor->time_ns;
	damage_add(&walk->damage, &row);
}

/* An event that would be behind all that can be comes right after the one before it. */
static void doubt_distance(struct walk *walk, struct walk_cursor *cursor,
                           const struct stream *stream, ptrdiff_t at)
{
	struct damage_row row =
		damage_row(DAMAGE_NOTE, cursor->offset + (uint64_t)at, 0,
	                   "expected a time before the end of the batch, found a later one");

	walk->doubted++;
	if (cursor->is_doubted)
		return;
	cursor->is_doubted = true;
	row.generation = walk->generation;
	row.m = wire_thread(stream->m);
	row.begin_ns = cursor->time_ns;
	damage_add(&walk->damage, &row);
}

/* Whose handler may move the streams. */
static bool names_thread(uint8_t type)
{
	return type == WIRE_GO_STATUS || type == WIRE_GO_STATUS_STACK;
}

/* The first unit that is not before a time. Units that are later than fit are not simple. */
static uint64_t units_until(const struct walk *walk, int64_t until_ns)
{
	uint64_t units, rest;

	if (until_ns <= walk->base_ns)
		return 0;
	units = (uint64_t)(until_ns - walk->base_ns) >> walk->shift;
	rest = (uint64_t)(until_ns - walk->base_ns) - (units << walk->shift);
	units += rest != 0;
	return units < TIME_NONE ? units : TIME_NONE;
}

/* Clock ticks as a whole number of units; 0: they are not. */
static uint64_t units_a_tick(const struct walk *walk, const struct clock *clock)
{
	uint64_t unit = UINT64_C(1) << walk->shift;

	return clock->whole % unit == 0 ? clock->whole / unit : 0;
}

/* The time of an event that is dt behind another. */
static int64_t add_ticks(const struct clock *clock, int64_t time_ns, uint64_t dt)
{
	int64_t ns = saturating_add_i64(time_ns, clock_ns(clock, dt));

	return ns < INT64_MAX ? ns : INT64_MAX - 1;
}

static void lose_thread(struct at *at, part_time time)
{
	at->ref = REF_NONE;
	at->time = time;
	note_latest(at->walk, time);
	at_lose_thread(at);
}

bool walk_until(struct walk *walk, struct walk_cursor *cursor, const uint8_t *payload,
                int64_t until_ns)
{
	struct at at = {
		.walk = walk,
		.stream = &walk->streams.items[cursor->stream],
		.stream_index = cursor->stream,
	};
	const uint8_t *p = payload + cursor->at, *end = payload + cursor->len;
	const struct clock clock = *cursor->clock;
	uint64_t from = cursor->offset - walk->offset, events = 0;
	/* where all is whole, time is counted in units since the base, as long as it is so simple
	 */
	uint64_t tick = cursor->time_ns >= walk->base_ns ? units_a_tick(walk, &clock) : 0;
	uint64_t units = tick == 0 ? 0 : (uint64_t)(cursor->time_ns - walk->base_ns) >> walk->shift;
	/* the first that is too late, for the stretch or for the batch */
	int64_t stop_ns = cursor->limit_ns < until_ns ? cursor->limit_ns + 1 : until_ns;
	uint64_t until = units_until(walk, stop_ns);
	int64_t time_ns = cursor->time_ns;
	const char *fault = NULL;
	bool goes_on = false;

	cursor->next_ns = INT64_MAX;
	if (cursor->follows_loss)
		lose_thread(&at, at.stream->now);
	cursor->follows_loss = false;
	while (p < end) {
		unsigned count = wire_timed_args[*p] - 1u;
		uint8_t type = *p;
		bool bad = false;
		const uint8_t *next;
		uint64_t dt, ref;

		if (count > WIRE_ARGS) {
			fault = "expected an event, found a byte that begins none";
			break;
		}
		next = wire_take_args(p + 1, count, &dt, at.arg, &bad);
		if (bad || next > end) {
			fault = bad              ? "expected a number, found more than 64 bits"
			        : cursor->is_cut ? "the file ends inside an event"
			                         : "the batch ends inside an event";
			break;
		}
		if (tick != 0 && dt < MANY_TICKS && units < MANY_TICKS) {
			if (units + dt * tick >= until) {
				cursor->next_ns = walk->base_ns +
				                  (int64_t)((units + dt * tick) << walk->shift);
				if (cursor->next_ns <= cursor->limit_ns) {
					goes_on = true;
					break;
				}
				doubt_distance(walk, cursor, at.stream, p - payload);
				dt = 0;
			}
			units += dt * tick;
			at.time = (part_time)units;
		} else {
			int64_t ns;

			if (tick != 0)
				time_ns = walk->base_ns + (int64_t)(units << walk->shift);
			tick = 0;
			ns = add_ticks(&clock, time_ns, dt);
			if (ns >= stop_ns) {
				cursor->next_ns = ns;
				if (ns <= cursor->limit_ns) {
					goes_on = true;
					break;
				}
				doubt_distance(walk, cursor, at.stream, p - payload);
				ns = time_ns;
			}
			time_ns = ns;
			at.time = walk_time(walk, ns);
		}
		if (at.time < at.stream->now) {
			/* a thread's events are in order, whatever its batches say */
			walk->clamped++;
			at.time = at.stream->now;
		}
		ref = from + (uint64_t)(p - payload);
		at.ref = ref < REF_NONE ? (event_ref)ref : REF_NONE;
		if (events++ == 0)
			stream_note_time(at.stream, at.time);
		p = next;
		walk_event(&at, type);
		if (names_thread(type))
			at.stream = &walk->streams.items[cursor->stream];
	}
	if (events > 0) { /* times of a batch do not step back */
		stream_note_time(at.stream, at.time);
		note_latest(walk, at.time);
		if (at.stream->m != WIRE_NO_THREAD && at.time > at.stream->now)
			at.stream->now = at.time;
		walk->last = at.time > walk->last ? at.time : walk->last;
	}
	at.stream->events += events;
	walk->events += events;
	cursor->time_ns = tick == 0 ? time_ns : walk->base_ns + (int64_t)(units << walk->shift);
	cursor->at = (uint32_t)(p - payload);
	if (fault != NULL) {
		lose(walk, cursor, at.stream, *p, fault);
		lose_thread(&at, events > 0 ? at.time : at.stream->now);
	}
	return goes_on;
}

void walk_floors(struct walk *walk, struct bytes payload, int64_t batch_ns,
                 const struct clock *clock)
{
	struct wire_event events[FLOORS];
	struct wire_reader reader = { .in = payload, .clock = *clock, .time_ns = batch_ns };
	size_t count;

	while ((count = wire_read(&reader, events, FLOORS)) > 0)
		for (size_t i = 0; i < count; i++)
			if (names_thread(events[i].type) && events[i].time_ns > walk->base_ns) {
				uint32_t g = find_go(walk, events[i].arg[0]);

				walk->gos.items[g].floor = walk_time(walk, events[i].time_ns);
			}
}

part_time walk_lost_from(struct walk *walk)
{
	int64_t from_ns = INT64_MAX;

	for (size_t i = 0; i < walk->damage.rows.count; i++) {
		const struct damage_row *row = &walk->damage.rows.items[i];

		if (row->grade > DAMAGE_NOTE && row->begin_ns < from_ns)
			from_ns = row->begin_ns;
	}
	return walk->is_hurt || from_ns == INT64_MAX ? 0 : walk_time(walk, from_ns);
}

void walk_end(struct walk *walk)
{
	struct at at = { .walk = walk, .ref = REF_NONE };

	for (uint32_t s = 0; s < walk->streams.count; s++) {
		at.stream = &walk->streams.items[s];
		at.stream_index = s;
		at.time = walk->last;
		at_leave_assist(&at);
		at_leave_sweep(&at);
		if (at_own_tenure(&at) != NULL)
			at_own_tenure(&at)->last_go = at.stream->last_go;
	}
}
