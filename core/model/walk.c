/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

enum { FLOORS = 256 }; /* late statuses decoded at a time */

static void free_streams(struct walk *walk)
{
	for (size_t s = 0; s < walk->streams.count; s++) {
		array_free(&walk->streams.items[s].syscalls);
		array_free(&walk->streams.items[s].regions);
	}
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
	CALL(entries)                                                                              \
	CALL(tenures)                                                                              \
	CALL(pieces)                                                                               \
	CALL(sweep_ends)                                                                           \
	CALL(notes)                                                                                \
	CALL(task_begins)                                                                          \
	CALL(task_ends)                                                                            \
	CALL(stops)                                                                                \
	CALL(gc_events)                                                                            \
	CALL(heap)                                                                                 \
	CALL(goal)                                                                                 \
	CALL(gomaxprocs) CALL(labels) CALL(reasons) CALL(reason_of) CALL(names) CALL(said)         \
		CALL(stack_of)

void walk_init(struct walk *walk, struct budget *budget)
{
#define SET_BUDGET(array) walk->array.budget = budget;
	*walk = (struct walk){ .budget = budget };
	tables_init(&walk->tables, budget);
	checkpoints_init(&walk->points, budget);
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
	checkpoints_free(&walk->points);
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
	tables_init(&walk->tables, walk->tables.arena.budget);
	walk->tables.shared = generation->shared;
	walk->tables.generation = generation->number;
	damage_clear(&walk->damage);
	checkpoints_clear(&walk->points);
	walk->points.is_kept = !keeps && !timing->is_trusted;
	free_streams(walk);
	id_pages_clear(&walk->go_of);
	id_pages_clear(&walk->proc_of);
	id_map_clear(&walk->stream_of);
	id_pages_clear(&walk->tasks);
	walk->task_rows = 0;
	EACH_ARRAY(CLEAR)
	walk->base_ns = timing->begin_ns;
	walk->length_ns = timing->end_ns - timing->begin_ns;
	walk->shift = shift;
	walk->offset = generation->begin;
	walk->generation = generation->number;
	walk->is_hurt = timing->is_hurt;
	walk->is_first = is_first;
	walk->keeps = keeps;
	walk->joins = !keeps;
	walk->hears = true;
	walk->share = (struct go_share){ 0, SHARE_ALL };
	walk->shared = 0;
	walk->has_overflow = walk->says_others = false;
	walk->names_idle = false;
	walk->forever = 0;
	walk->events = walk->experimental = walk->regions = walk->logs = 0;
	walk->open_regions = 0;
	walk->syscall_count = walk->clamped = walk->dropped = walk->doubted = 0;
	walk->last = walk->latest = 0;
	walk->first_stay = walk->first_call = walk->threads_in_calls = 0;
	*array_push(&walk->reasons) = 0;
	array_resize(&walk->reason_of, WALK_SMALL_STRING);
	array_resize(&walk->names, WALK_SMALL_STACK);
	if (keeps)
		array_resize(&walk->stack_of, WALK_SMALL_STACK);
	buckets_begin(&walk->buckets, offset_ns, shift, walk->length_ns, generation->event_bytes,
	              generation->batch_count / 2);
}

uint32_t walk_find_go(struct walk *walk, uint64_t id)
{
	return find_go(walk, id);
}

/* ---- events */

void walk_event(struct at *at, uint8_t type)
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
		walk_task(at->walk, at->stream, at->time, true, at->arg);
		break;
	case WIRE_USER_TASK_END:
		walk_task(at->walk, at->stream, at->time, false, at->arg);
		break;
	case WIRE_USER_REGION_BEGIN:
		at->walk->regions++;
		note_task(at->walk, at->arg[0]);
		at_region(at, NOTE_REGION_BEGIN);
		break;
	case WIRE_USER_REGION_END:
		note_task(at->walk, at->arg[0]);
		at_region(at, NOTE_REGION_END);
		break;
	case WIRE_USER_LOG:
		at->walk->logs++;
		note_task(at->walk, at->arg[0]);
		at_log(at);
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

/* Moves that are not before the end of the stretch, out of it. */
static void keep_later(struct walk *walk, struct stretch *stretch)
{
	const struct move *all = stretch->moves.items;
	size_t given = 0;

	for (size_t i = 0; i < stretch->moves.count; i++) {
		struct move move = all[i];

		if (move.time < stretch->end && move.kind == MOVE_RUN && move.end >= stretch->end) {
			stretch->moves.items[given++] = run_open(&move);
			move = run_close(&move);
		}
		if (move.time < stretch->end)
			stretch->moves.items[given++] = move;
		else
			*array_push(&walk->moves) = move;
	}
	stretch->moves.count = given;
}

static struct call_span span_between(struct call_span call, part_time begin, part_time end)
{
	return (struct call_span){
		call.begin >= begin && call.begin < end ? call.begin : TIME_NONE,
		call.end >= begin && call.end < end ? call.end : TIME_NONE,
	};
}

static bool is_span(struct call_span call)
{
	return call.begin != TIME_NONE || call.end != TIME_NONE;
}

/* The same of those. */
static void keep_later_entries(call_span_array *later, call_span_array *entries, part_time until)
{
	size_t given = 0;

	for (size_t i = 0; i < entries->count; i++) {
		struct call_span before = span_between(entries->items[i], 0, until);
		struct call_span behind = span_between(entries->items[i], until, TIME_NONE);

		if (is_span(before))
			entries->items[given++] = before;
		if (is_span(behind))
			*array_push(later) = behind;
	}
	entries->count = given;
}

/* Room for what comes next that another thread has had in its cache: to get it back line by line,
 * as it is written, would hold up the walk at each. All at once costs little; as much as was wanted
 * last, and some more. */
static void fetch(void *items, size_t capacity, size_t wanted, size_t size)
{
	wanted += wanted / 4;
	wanted = wanted < capacity ? wanted : capacity;
	if (wanted > 0)
		memset(items, 0, wanted * size);
}

/* Of goroutines that were heard of since the last one. */
static void hand_mute_over(struct walk *walk, struct stretch *stretch)
{
	array_clear(&stretch->mute);
	if (share_is_all(walk->share))
		return;
	for (size_t g = walk->shared; g < walk->gos.count; g++)
		*array_push(&stretch->mute) = walk_is_mute(walk, g);
	walk->shared = walk->gos.count;
}

/* Of no length: nothing is before its end, and what there is need not be looked through. */
static void hand_nothing_over(struct walk *walk, struct stretch *stretch, part_time begin)
{
	stretch->begin = stretch->end = begin;
	stretch->first_stay = walk->first_stay;
	stretch->gos = walk->gos.count;
	stretch->procs = walk->procs.count;
	stretch->forever = walk->forever;
	stretch->is_ahead = true;
}

void walk_hand_over(struct walk *walk, struct stretch *stretch, part_time begin, part_time end)
{
	move_array moves = stretch->moves;
	stay_array stays = stretch->stays;
	call_array calls = stretch->calls;
	call_span_array entries = stretch->entries;
	note_array notes = stretch->notes;
	bool is_far = stretch->is_far;

	hand_mute_over(walk, stretch);
	if (begin >= end) {
		hand_nothing_over(walk, stretch, begin);
		return;
	}
	*stretch = (struct stretch){
		.begin = begin,
		.end = end,
		.moves = walk->moves,
		.stays = walk->stays,
		.first_stay = walk->first_stay,
		.calls = walk->calls,
		.entries = walk->entries,
		.notes = walk->notes,
		.gos = walk->gos.count,
		.procs = walk->procs.count,
		.mute = stretch->mute,
		.forever = walk->forever,
	};
	walk->moves = moves;
	walk->stays = stays;
	walk->calls = calls;
	walk->entries = entries;
	walk->notes = notes;
	walk->first_stay += (uint32_t)stretch->stays.count;
	walk->first_call += (uint32_t)stretch->calls.count;
	if (is_far) {
		fetch(moves.items, moves.capacity, stretch->moves.count, sizeof(*moves.items));
		fetch(stays.items, stays.capacity, stretch->stays.count, sizeof(*stays.items));
	}
	if (walk->latest >= end) {
		keep_later(walk, stretch);
		keep_later_entries(&walk->entries, &stretch->entries, end);
	}
	stretch->is_ahead = walk->moves.count > 0;
}

void walk_floors(struct walk *walk, struct bytes payload, int64_t batch_ns,
                 const struct clock *clock)
{
	struct wire_event events[FLOORS];
	struct wire_reader reader = { .in = payload, .clock = *clock, .time_ns = batch_ns };
	size_t count;

	while ((count = wire_read(&reader, events, FLOORS)) > 0)
		for (size_t i = 0; i < count; i++)
			if (walk_names_thread(events[i].type) &&
			    events[i].time_ns > walk->base_ns) {
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
		at_settle_call(&at);
		walk_leave_regions(walk, at.stream);
		at_leave_assist(&at);
		at_leave_sweep(&at);
		if (at_own_tenure(&at) != NULL)
			at_own_tenure(&at)->last_go = at.stream->last_go;
	}
}
