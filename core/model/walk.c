/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

enum {
	BYTES_A_RUN = 24, /* of a generation, for reserving */
	BLOCK = ID_BATCH, /* events decoded at a time */
	LIVES_MAX = 64,   /* of one id in a generation that are looked at */
};

void walk_init(struct walk *walk, struct budget *budget)
{
	*walk = (struct walk){ .budget = budget };
	tables_init(&walk->tables, budget);
	id_pages_init(&walk->go_of, budget);
	walk->proc_of.budget = walk->stream_of.budget = budget;
	walk->gos.budget = walk->procs.budget = walk->streams.budget = budget;
	walk->runs.budget = walk->wakes.budget = walk->syscalls.budget = budget;
	walk->tenures.budget = walk->pieces.budget = walk->marks.budget = budget;
	walk->sweep_ends.budget = walk->stops.budget = walk->gc_events.budget = budget;
	walk->heap.budget = walk->goal.budget = walk->gomaxprocs.budget = budget;
	walk->reasons.budget = walk->reason_of.budget = budget;
	id_pages_init(&walk->tasks, budget);
	walk->lost.budget = budget;
}

void walk_free(struct walk *walk)
{
	tables_free(&walk->tables);
	id_pages_free(&walk->go_of);
	id_map_free(&walk->proc_of);
	id_map_free(&walk->stream_of);
	id_pages_free(&walk->tasks);
	array_free(&walk->gos);
	array_free(&walk->procs);
	array_free(&walk->streams);
	array_free(&walk->runs);
	array_free(&walk->wakes);
	array_free(&walk->syscalls);
	array_free(&walk->tenures);
	array_free(&walk->pieces);
	array_free(&walk->marks);
	array_free(&walk->sweep_ends);
	array_free(&walk->stops);
	array_free(&walk->gc_events);
	array_free(&walk->heap);
	array_free(&walk->goal);
	array_free(&walk->gomaxprocs);
	array_free(&walk->reasons);
	array_free(&walk->reason_of);
	array_free(&walk->lost);
}

void walk_begin(struct walk *walk, const struct generation *generation, unsigned shift,
                bool is_first)
{
	tables_free(&walk->tables);
	tables_init(&walk->tables, walk->budget);
	id_pages_clear(&walk->go_of);
	id_map_clear(&walk->proc_of);
	id_map_clear(&walk->stream_of);
	id_pages_clear(&walk->tasks);
	array_clear(&walk->gos);
	array_clear(&walk->procs);
	array_clear(&walk->streams);
	array_clear(&walk->runs);
	array_clear(&walk->wakes);
	array_clear(&walk->syscalls);
	array_clear(&walk->tenures);
	array_clear(&walk->pieces);
	array_clear(&walk->marks);
	array_clear(&walk->sweep_ends);
	array_clear(&walk->stops);
	array_clear(&walk->gc_events);
	array_clear(&walk->heap);
	array_clear(&walk->goal);
	array_clear(&walk->gomaxprocs);
	array_clear(&walk->reasons);
	array_clear(&walk->reason_of);
	array_clear(&walk->lost);
	walk->base_ns = generation->begin_ns;
	walk->shift = shift;
	walk->offset = generation->begin;
	walk->is_first = is_first;
	walk->has_overflow = false;
	walk->again = 0;
	walk->forever = 0;
	walk->events = walk->experimental = walk->regions = walk->logs = 0;
	walk->syscall_count = walk->dropped = 0;
	walk->last = 0;
	/* as many as most generations have: large arrays that move keep their small pages */
	array_reserve(&walk->runs, (size_t)generation->event_bytes / BYTES_A_RUN);
	array_reserve(&walk->wakes, (size_t)generation->event_bytes / BYTES_A_RUN);
	array_reserve(&walk->syscalls, (size_t)generation->event_bytes / BYTES_A_RUN);
	*array_push(&walk->reasons) = 0;
	array_resize(&walk->reason_of, WALK_SMALL_STRING);
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

/* Which events name a goroutine by their first argument. */
static bool names_goroutine(uint8_t type)
{
	const uint64_t mask = UINT64_C(1) << WIRE_GO_START | UINT64_C(1) << WIRE_GO_UNBLOCK |
	                      UINT64_C(1) << WIRE_GO_STATUS | UINT64_C(1) << WIRE_GO_STATUS_STACK |
	                      UINT64_C(1) << WIRE_GO_SWITCH | UINT64_C(1) << WIRE_GO_SWITCH_DESTROY;

	return type < 64 && (mask >> type & 1) != 0;
}

/* Goroutines are all over memory: those of a block of events are looked up together, so that what
 * events find is in the cache when their turn comes. gos[i]: of event i; INDEX_NONE: look again. */
static void find_goroutines(const struct walk *walk, const struct wire_event *events, size_t count,
                            uint32_t *gos)
{
	uint64_t ids[BLOCK];
	uint32_t found[BLOCK];
	uint16_t whose[BLOCK];
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		gos[i] = INDEX_NONE;
		ids[n] = events[i].arg[0];
		whose[n] = (uint16_t)i;
		n += names_goroutine(events[i].type);
	}
	id_pages_find_all(&walk->go_of, ids, found, n);
	for (size_t i = 0; i < n; i++) {
		gos[whose[i]] = found[i];
		if (found[i] != INDEX_NONE)
			__builtin_prefetch(&walk->gos.items[found[i]], 1);
	}
}

static void walk_block(struct at *at, const struct wire_event *events, size_t count, uint64_t from)
{
	struct walk *walk = at->walk;
	uint32_t again = walk->again;
	uint32_t gos[BLOCK];

	find_goroutines(walk, events, count, gos);
	at->stream = &walk->streams.items[at->stream_index];
	for (size_t i = 0; i < count; i++) {
		uint64_t ref = from + events[i].offset;

		at->time = walk_time(walk, events[i].time_ns);
		at->ref = ref < REF_NONE ? (event_ref)ref : REF_NONE;
		at->arg = events[i].arg;
		at->go = again == walk->again ? gos[i] : INDEX_NONE; /* ids may have new lives */
		if (at->time > at->last)
			at->last = at->time;
		if (at->stream->first == TIME_NONE)
			at->stream->first = at->time;
		walk_event(at, events[i].type);
		if (events[i].type == WIRE_GO_STATUS || events[i].type == WIRE_GO_STATUS_STACK)
			at->stream = &walk->streams.items[at->stream_index]; /* may have moved */
	}
	at->stream->events += count;
	walk->events += count;
}

void walk_batch(struct walk *walk, const struct batch *batch, struct bytes payload,
                const struct clock *clock)
{
	struct wire_event events[BLOCK];
	struct wire_reader reader = {
		.in = payload,
		.clock = *clock,
		.time_ns = clock_ns(clock, batch->ticks),
	};
	struct at at = { .walk = walk, .stream_index = walk_find_stream(walk, batch->m) };
	size_t count;

	walk->streams.items[at.stream_index].batches++;
	while ((count = wire_read(&reader, events, BLOCK)) > 0)
		walk_block(&at, events, count, batch->offset - walk->offset);
	at.stream = &walk->streams.items[at.stream_index];
	at.stream->last = at.last > at.stream->last ? at.last : at.stream->last;
	walk->last = at.last > walk->last ? at.last : walk->last;
	if (reader.fault != NULL)
		*array_push(&walk->lost) = (struct lost){ batch->offset + reader.at,
			                                  payload.len - reader.at, reader.fault };
}

void walk_floors(struct walk *walk, struct bytes payload, int64_t batch_ns,
                 const struct clock *clock)
{
	struct wire_event events[BLOCK];
	struct wire_reader reader = { .in = payload, .clock = *clock, .time_ns = batch_ns };
	size_t count;

	while ((count = wire_read(&reader, events, BLOCK)) > 0)
		for (size_t i = 0; i < count; i++) {
			uint32_t g = ID_NONE;

			if (events[i].type == WIRE_GO_STATUS ||
			    events[i].type == WIRE_GO_STATUS_STACK)
				g = id_pages_find(&walk->go_of, events[i].arg[0]);
			if (g != ID_NONE && events[i].time_ns > walk->base_ns)
				walk->gos.items[g].floor = walk_time(walk, events[i].time_ns);
		}
}

static uint64_t slot_key(uint32_t g, uint32_t seq)
{
	return (uint64_t)g << 32 | seq;
}

/* The life of an id that a wake-up belongs to: it lacks its number and has a run with the next; of
 * several the one that runs soonest after it (walk.md 4). INDEX_NONE: none of them. */
static uint32_t life_for(const struct walk *walk, const struct id_map *taken,
                         const struct wake *wake, uint32_t latest)
{
	uint32_t best = INDEX_NONE, g = latest;
	part_time soonest = TIME_NONE;

	for (int i = 0; i < LIVES_MAX && g != INDEX_NONE; i++) {
		uint32_t next = id_map_find(taken, slot_key(g, wake->seq + 1u));

		if (next != ID_NONE && id_map_find(taken, slot_key(g, wake->seq)) == ID_NONE) {
			part_time begin = walk->runs.items[next].begin;

			if (best == INDEX_NONE || (begin >= wake->time && begin < soonest)) {
				best = g;
				soonest = begin >= wake->time ? begin : TIME_NONE;
			}
		}
		g = walk->gos.items[g].earlier_life;
	}
	return best;
}

static void give_wakes_to_lives(struct walk *walk)
{
	struct id_map taken = { .budget = walk->budget };

	for (uint32_t i = 0; i < walk->runs.count; i++)
		if (walk->runs.items[i].g != INDEX_NONE)
			id_map_add(&taken, slot_key(walk->runs.items[i].g, walk->runs.items[i].seq),
			           i);
	for (size_t i = 0; i < walk->wakes.count; i++) {
		struct wake *wake = &walk->wakes.items[i];
		uint32_t latest, g;

		if (wake->kind != WAKE_UNBLOCK)
			continue;
		latest = id_pages_find(&walk->go_of, walk->gos.items[wake->g].id);
		if (latest == INDEX_NONE || walk->gos.items[latest].earlier_life == INDEX_NONE)
			continue;
		g = life_for(walk, &taken, wake, latest);
		if (g == INDEX_NONE)
			continue;
		id_map_add(&taken, slot_key(g, wake->seq), 0);
		walk->gos.items[wake->g].count--;
		wake->g = g;
		count_slot(&walk->gos.items[g], wake->seq);
	}
	id_map_free(&taken);
}

void walk_end(struct walk *walk)
{
	struct at at = { .walk = walk };

	for (uint32_t s = 0; s < walk->streams.count; s++) {
		at.stream = &walk->streams.items[s];
		at_leave_assist(&at);
		at_leave_sweep(&at);
		if (at.stream->head_run == INDEX_NONE || at.stream->bound == INDEX_NONE)
			continue;
		/* a status written elsewhere tells who was in a syscall here */
		walk->runs.items[at.stream->head_run].g = at.stream->bound;
		walk->gos.items[at.stream->bound].head_run = at.stream->head_run;
		at_note_name(&at, at.stream->bound, 1, at.stream->head_stack);
	}
	if (walk->again > 0)
		give_wakes_to_lives(walk);
}
