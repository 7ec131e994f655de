/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_at.h"

#include "core/base/radix.h"

/* What is known of goroutines, Ps and threads; and what all rules share. */

enum { FEW_GOS = 1024 }; /* are no reason to forget any */

struct order_state *order_state_new(struct budget *budget)
{
	struct order_state *state = budget_resize(budget, NULL, 0, sizeof(*state));

	*state = (struct order_state){ .m_of = { .budget = budget } };
	id_pages_init(&state->go_of, budget);
	id_pages_init(&state->proc_of, budget);
	id_pages_init(&state->task_of, budget);
	strings_init(&state->names, budget);
	state->gos.budget = state->procs.budget = state->ms.budget = state->tasks.budget = budget;
	return state;
}

void order_state_free(struct order_state *state)
{
	struct budget *budget = state->gos.budget;

	for (size_t i = 0; i < state->gos.count; i++) {
		array_free(&state->gos.items[i].ranges);
		array_free(&state->gos.items[i].regions);
	}
	array_free(&state->gos);
	array_free(&state->procs);
	array_free(&state->ms);
	array_free(&state->tasks);
	id_pages_free(&state->go_of);
	id_pages_free(&state->proc_of);
	id_pages_free(&state->task_of);
	id_map_free(&state->m_of);
	strings_free(&state->names);
	budget_resize(budget, state, sizeof(*state), 0);
}

/* Threads name their goroutines by index, which changes. */
static void keep_ids(struct order_state *state, u64_array *ids)
{
	for (size_t m = 0; m < state->ms.count; m++)
		*array_push(ids) = state->ms.items[m].g == NOBODY
		                           ? EVENT_NONE
		                           : state->gos.items[state->ms.items[m].g].id;
}

void order_state_turn(struct order_state *state)
{
	u64_array ids = { .budget = state->gos.budget };
	size_t kept = 0;

	/* each time that there are twice as many, so that many generations cost no more */
	if (state->gos.count < 2 * state->kept + FEW_GOS)
		return;
	keep_ids(state, &ids);
	id_pages_clear(&state->go_of);
	for (size_t i = 0; i < state->gos.count; i++) {
		struct order_go *go = &state->gos.items[i];

		if (go->status == ORDER_MISSING) {
			array_free(&go->ranges);
			array_free(&go->regions);
			continue;
		}
		id_pages_set(&state->go_of, go->id, (uint32_t)kept);
		state->gos.items[kept++] = *go;
	}
	state->gos.count = state->kept = kept;
	for (size_t m = 0; m < state->ms.count; m++)
		state->ms.items[m].g = ids.items[m] == EVENT_NONE
		                               ? NOBODY
		                               : id_pages_find(&state->go_of, ids.items[m]);
	array_free(&ids);
}

uint32_t order_find_go(struct order_state *state, uint64_t id)
{
	uint32_t fresh = (uint32_t)state->gos.count;
	uint32_t g = id_pages_get(&state->go_of, id, fresh);

	if (g == fresh)
		*array_push(&state->gos) = (struct order_go){
			.id = id,
			.status = ORDER_MISSING,
			.ranges = { .budget = state->gos.budget },
			.regions = { .budget = state->gos.budget },
		};
	return g;
}

uint32_t order_find_proc(struct order_state *state, uint64_t id)
{
	uint32_t fresh = (uint32_t)state->procs.count;
	uint32_t p = id_pages_get(&state->proc_of, id, fresh);

	if (p == fresh)
		*array_push(&state->procs) = (struct order_proc){
			.id = id,
			.holder = NOBODY,
			.status = ORDER_MISSING,
		};
	return p;
}

uint32_t order_find_m(struct order_state *state, uint64_t id)
{
	uint32_t fresh = (uint32_t)state->ms.count;
	uint32_t m = id_map_add(&state->m_of, id, fresh);

	if (m == fresh)
		*array_push(&state->ms) = (struct order_m){ id, NOBODY, NOBODY };
	return m;
}

void order_bind(struct order_state *state, uint32_t m, uint32_t g, uint32_t p)
{
	bool is_go = g != NOBODY && state->gos.items[g].id != EVENT_NONE;
	bool is_proc = p != NOBODY && state->procs.items[p].id != EVENT_NONE;

	state->ms.items[m].g = is_go ? g : NOBODY;
	state->ms.items[m].p = is_proc ? p : NOBODY;
	if (is_proc)
		state->procs.items[p].holder = m;
}

void order_forget_go(struct turn *turn, uint32_t g)
{
	struct order_go *go = turn_go(turn, g);

	go->status = ORDER_MISSING;
	go->generation = 0;
	array_clear(&go->ranges);
	array_clear(&go->regions);
	order_wake_go(turn->order, g);
}

/* ---- turns */

enum verdict turn_break(struct turn *turn, const char *why)
{
	turn->broken = why;
	return VERDICT_BROKEN;
}

void turn_doubt(struct turn *turn, const char *why)
{
	if (turn->doubt == NULL)
		turn->doubt = why;
}

enum verdict turn_wait(struct turn *turn, enum wait_kind kind, uint32_t index, uint64_t seq,
                       uint8_t status)
{
	turn->wait = (struct order_wait){ seq, index, (uint8_t)kind, status };
	return VERDICT_WAIT;
}

/* What an event needs and its thread does not have was lost: the newer one is believed, and who
 * is not known is nobody. */
static void assume(struct turn *turn, int p, int g)
{
	if (p == NEED && turn->p == NOBODY) {
		turn_doubt(turn, "expected a P, found none");
		turn->p = order_find_proc(turn->state, EVENT_NONE);
		turn_proc(turn, turn->p)->status = WIRE_PROC_RUNNING;
	}
	if (g == NEED && turn->g == NOBODY) {
		turn_doubt(turn, "expected a goroutine, found none");
		turn->g = order_find_go(turn->state, EVENT_NONE);
		array_clear(&turn_go(turn, turn->g)->ranges);
		array_clear(&turn_go(turn, turn->g)->regions);
	}
	if (g == LACK && turn->g != NOBODY) {
		turn_doubt(turn, "expected no goroutine, found one");
		turn->g = turn->new_g = NOBODY;
	}
}

bool turn_has(struct turn *turn, int p, int g)
{
	if (!turn->order->is_strict && turn->thread->ms != NOBODY)
		assume(turn, p, g);
	if (turn->thread->ms == NOBODY)
		turn->broken = "expected a thread, found none";
	else if (p == NEED && turn->p == NOBODY)
		turn->broken = "expected a P, found none";
	else if (g == NEED && turn->g == NOBODY)
		turn->broken = "expected a goroutine, found none";
	else if (g == LACK && turn->g != NOBODY)
		turn->broken = "expected no goroutine, found one";
	return turn->broken == NULL;
}

struct event *turn_give(struct turn *turn)
{
	const struct order_thread *thread = turn->thread;
	struct event *event = &turn->order->queue[turn->order->queued++];

	*event = (struct event){
		.recorded_ns = thread->time_ns,
		.offset = order_batch(turn->order, thread->next - 1)->offset + thread->begin,
		.m = thread->m,
		.p = turn->p == NOBODY ? EVENT_NONE : turn_proc(turn, turn->p)->id,
		.g = turn->g == NOBODY ? EVENT_NONE : turn_go(turn, turn->g)->id,
		.parent = EVENT_NONE,
		.tables = &turn->order->tables,
		.type = thread->type,
	};
	memcpy(event->arg, thread->arg, sizeof(event->arg));
	return event;
}

/* ---- rules by type */

order_rule *order_rule_of(uint8_t type)
{
	static order_rule *const rules[WIRE_TYPES] = {
		[WIRE_PROCS_CHANGE] = rule_note,
		[WIRE_PROC_START] = rule_proc_start,
		[WIRE_PROC_STOP] = rule_proc_stop,
		[WIRE_PROC_STEAL] = rule_proc_steal,
		[WIRE_PROC_STATUS] = rule_proc_status,
		[WIRE_GO_CREATE] = rule_go_create,
		[WIRE_GO_CREATE_BLOCKED] = rule_go_create,
		[WIRE_GO_CREATE_SYSCALL] = rule_go_create_syscall,
		[WIRE_GO_START] = rule_go_start,
		[WIRE_GO_DESTROY] = rule_go_stop,
		[WIRE_GO_STOP] = rule_go_stop,
		[WIRE_GO_BLOCK] = rule_go_stop,
		[WIRE_GO_DESTROY_SYSCALL] = rule_destroy_syscall,
		[WIRE_GO_UNBLOCK] = rule_go_unblock,
		[WIRE_GO_SWITCH] = rule_go_switch,
		[WIRE_GO_SWITCH_DESTROY] = rule_go_switch,
		[WIRE_GO_SYSCALL_BEGIN] = rule_syscall_begin,
		[WIRE_GO_SYSCALL_END] = rule_syscall_end,
		[WIRE_GO_SYSCALL_END_BLOCKED] = rule_syscall_end_blocked,
		[WIRE_GO_STATUS] = rule_go_status,
		[WIRE_GO_STATUS_STACK] = rule_go_status,
		[WIRE_STW_BEGIN] = rule_go_range_begin,
		[WIRE_STW_END] = rule_go_range_end,
		[WIRE_GC_MARK_ASSIST_BEGIN] = rule_go_range_begin,
		[WIRE_GC_MARK_ASSIST_END] = rule_go_range_end,
		[WIRE_GC_MARK_ASSIST_ACTIVE] = rule_assist_active,
		[WIRE_GC_SWEEP_BEGIN] = rule_sweep_begin,
		[WIRE_GC_SWEEP_END] = rule_sweep_end,
		[WIRE_GC_SWEEP_ACTIVE] = rule_sweep_active,
		[WIRE_GC_ACTIVE] = rule_gc_active,
		[WIRE_GC_BEGIN] = rule_gc_begin,
		[WIRE_GC_END] = rule_gc_end,
		[WIRE_HEAP_ALLOC] = rule_heap,
		[WIRE_HEAP_GOAL] = rule_heap,
		[WIRE_GO_LABEL] = rule_note,
		[WIRE_USER_LOG] = rule_note,
		[WIRE_USER_TASK_BEGIN] = rule_task_begin,
		[WIRE_USER_TASK_END] = rule_task_end,
		[WIRE_USER_REGION_BEGIN] = rule_region_begin,
		[WIRE_USER_REGION_END] = rule_region_end,
	};

	if (type >= WIRE_SPAN && type < WIRE_TYPES)
		return rule_experimental;
	return type < WIRE_TYPES ? rules[type] : NULL;
}
