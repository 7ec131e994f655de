/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/chrome_at.h"
#include "core/trace/tables.h"
#include "core/trace/v2_wire.h"

struct chrome *chrome_open(struct budget *budget, struct text_out *out,
                           const struct chrome_wish *wish)
{
	struct chrome *chrome = budget_resize(budget, NULL, 0, sizeof(*chrome));

	*chrome = (struct chrome){ .budget = budget,
		                   .out = out,
		                   .from_ns = wish->from_ns,
		                   .to_ns = wish->to_ns,
		                   .by_thread = wish->by_thread };
	strings_init(&chrome->strings, budget);
	chrome->frames.budget = chrome->gos.budget = chrome->free_gos.budget = budget;
	chrome->procs.budget = chrome->tasks.budget = chrome->free_tasks.budget = budget;
	chrome->frame_of.budget = chrome->stack_of.budget = chrome->go_of.budget = budget;
	chrome->proc_of.budget = chrome->task_of.budget = budget;
	chrome->threads.budget = chrome->thread_of.budget = budget;
	array_resize(&chrome->frames, 1);
	TEXT_PUT(out, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
	return chrome;
}

string_id chrome_keep(struct chrome *chrome, const struct event *event, uint64_t id)
{
	return strings_add(&chrome->strings, tables_text(event->tables, id));
}

/* ---- Ps */

uint32_t chrome_find_proc(struct chrome *chrome, uint64_t id)
{
	uint32_t fresh = (uint32_t)chrome->procs.count;
	uint32_t at = id_map_add(&chrome->proc_of, id, fresh);

	if (at == fresh)
		*array_push(&chrome->procs) = (struct chrome_proc){ .id = id, .go = CHROME_NOBODY };
	return at;
}

static struct chrome_proc *proc_of(struct chrome *chrome, uint64_t id)
{
	uint32_t at = chrome_find_proc(chrome, id);

	return &chrome->procs.items[at];
}

uint64_t chrome_row_of(struct chrome *chrome, const struct event *event)
{
	if (!chrome->by_thread)
		return event->p;
	if (wire_thread(event->m) == WIRE_NO_THREAD)
		return EVENT_NONE;
	chrome_find_thread(chrome, event->m);
	return event->m;
}

uint32_t chrome_find_thread(struct chrome *chrome, uint64_t id)
{
	uint32_t fresh = (uint32_t)chrome->threads.count;
	uint32_t at = id_map_add(&chrome->thread_of, id, fresh);

	if (at == fresh)
		*array_push(&chrome->threads) =
			(struct chrome_thread){ .id = id, .go = CHROME_NOBODY };
	return at;
}

/* "proc start" and "proc stop", with whose thread that is. */
static void put_turn(struct chrome *chrome, const char *name, const struct chrome_proc *proc,
                     int64_t ns, const struct event *event)
{
	const struct bytes text = bytes_of(name);
	uint64_t row = chrome->by_thread ? chrome_row_of(chrome, event) : proc->id;
	uint64_t thread = event->m;

	if (!chrome_has(chrome, ns) || row == EVENT_NONE)
		return;
	chrome_begin(chrome, 'I', ns, GROUP_PROCS, row);
	chrome_put_name(chrome, &text, 1);
	TEXT_PUT(chrome->out, ",\"s\":\"t\",\"args\":{");
	if (wire_thread(thread) != WIRE_NO_THREAD) {
		TEXT_PUT(chrome->out, "\"thread\":");
		text_put_unsigned(chrome->out, thread);
		TEXT_PUT(chrome->out, ",");
	}
	TEXT_PUT(chrome->out, "\"proc\":");
	text_put_unsigned(chrome->out, proc->id);
	TEXT_PUT(chrome->out, "}}");
}

/* One that is first heard of, has run since the trace began. */
static void proc_starts(struct chrome *chrome, uint64_t id, const struct chrome_now *now)
{
	bool is_told = now->event->type == WIRE_PROC_STATUS && chrome->syncs <= 1;
	struct chrome_proc *proc = proc_of(chrome, id);

	if (proc->is_running)
		return;
	proc->is_running = true;
	chrome->running_procs++;
	put_turn(chrome, "proc start", proc, is_told ? proc->last_ns : now->ns, now->event);
	chrome_count_threads(chrome, is_told ? proc->last_ns : now->ns);
}

static void proc_stops(struct chrome *chrome, uint64_t id, const struct chrome_now *now)
{
	struct chrome_proc *proc = proc_of(chrome, id);

	if (proc->go != CHROME_NOBODY)
		chrome_go_loses_proc(chrome, &chrome->gos.items[proc->go], now->ns);
	if (!proc->is_running)
		return;
	proc->is_running = false;
	chrome->running_procs--;
	put_turn(chrome, "proc stop", proc, now->ns, now->event);
	chrome_count_threads(chrome, now->ns);
}

static void end_sweep(struct chrome *chrome, struct chrome_proc *proc, int64_t ns)
{
	struct chrome_slice slice = { .begin_ns = proc->sweep.begin_ns,
		                      .end_ns =
		                              ns > proc->sweep.begin_ns ? ns : proc->sweep.begin_ns,
		                      .row = proc->id,
		                      .frames = { proc->sweep.frame },
		                      .name = { bytes_of("GC incremental sweep") } };

	if (proc->sweep.is_open && !chrome->by_thread) /* it may be another thread that ends it */
		chrome_slice(chrome, &slice);
	proc->sweep.is_open = false;
}

/* ---- ranges */

static void end_mark(struct chrome *chrome, int64_t ns)
{
	struct chrome_slice slice = { .begin_ns = chrome->mark.begin_ns,
		                      .end_ns = ns > chrome->mark.begin_ns ? ns
		                                                           : chrome->mark.begin_ns,
		                      .row = ROW_GC,
		                      .frames = { chrome->mark.frame },
		                      .name = { bytes_of("GC concurrent mark phase") } };

	if (chrome->mark.is_open)
		chrome_slice(chrome, &slice);
	chrome->mark.is_open = false;
}

/* One that is open already is only told of once more; in the first generation it has been open
 * since the trace began. */
static void is_active(struct chrome *chrome, struct chrome_range *range, int64_t begin_ns,
                      int64_t ns)
{
	if (!range->is_open)
		*range = (struct chrome_range){ .begin_ns = chrome->syncs <= 1 ? begin_ns : ns,
			                        .is_open = true };
}

static struct chrome_range range_from(struct chrome *chrome, const struct chrome_now *now,
                                      uint64_t stack)
{
	return (struct chrome_range){ .begin_ns = now->ns,
		                      .frame = chrome_frame_of(chrome, now->event, stack),
		                      .is_open = true };
}

static void add_gc(struct chrome *chrome, const struct chrome_now *now)
{
	switch ((enum wire_type)now->event->type) {
	case WIRE_GC_ACTIVE:
		is_active(chrome, &chrome->mark, 0, now->ns);
		break;
	case WIRE_GC_BEGIN:
		chrome->mark = range_from(chrome, now, now->event->arg[1]);
		break;
	default:
		end_mark(chrome, now->ns);
	}
}

static void add_sweep(struct chrome *chrome, const struct chrome_now *now)
{
	const struct event *event = now->event;
	uint64_t id = event->type == WIRE_GC_SWEEP_ACTIVE ? event->arg[0] : event->p;
	struct chrome_proc *proc;

	if (id == EVENT_NONE)
		return;
	proc = proc_of(chrome, id);
	if (event->type == WIRE_GC_SWEEP_ACTIVE)
		is_active(chrome, &proc->sweep, 0, now->ns);
	else if (event->type == WIRE_GC_SWEEP_BEGIN)
		proc->sweep = range_from(chrome, now, event->arg[0]);
	else
		end_sweep(chrome, proc, now->ns);
}

/* Of goroutines. */
static void add_range(struct chrome *chrome, const struct chrome_now *now)
{
	const struct event *event = now->event;
	uint64_t id = event->type == WIRE_GC_MARK_ASSIST_ACTIVE ? event->arg[0] : event->g;
	struct chrome_go *go;

	if (id == EVENT_NONE)
		return;
	go = chrome_find_go(chrome, id);
	switch ((enum wire_type)event->type) {
	case WIRE_STW_BEGIN:
		go->stop = range_from(chrome, now, event->arg[1]);
		go->stop.name = chrome_keep(chrome, event, event->arg[0]);
		break;
	case WIRE_STW_END:
		chrome_go_ends(chrome, go, &go->stop, now->ns);
		break;
	case WIRE_GC_MARK_ASSIST_ACTIVE:
		is_active(chrome, &go->assist, go->run_ns, now->ns);
		break;
	case WIRE_GC_MARK_ASSIST_BEGIN:
		go->assist = range_from(chrome, now, event->arg[0]);
		break;
	default:
		chrome_go_ends(chrome, go, &go->assist, now->ns);
	}
}

/* ---- goroutines */

static enum go_state state_of(uint64_t status)
{
	static const uint8_t states[] = {
		[WIRE_GO_BAD] = GO_UNKNOWN,     [WIRE_GO_RUNNABLE] = GO_RUNNABLE,
		[WIRE_GO_RUNNING] = GO_RUNNING, [WIRE_GO_SYSCALL] = GO_SYSCALL,
		[WIRE_GO_WAITING] = GO_WAITING,
	};

	return status < sizeof(states) ? (enum go_state)states[status] : GO_UNKNOWN;
}

/* Of the goroutine that the event is of. */
static void own_move(struct chrome *chrome, const struct chrome_now *now, enum go_state to,
                     uint64_t stack)
{
	if (now->event->g != EVENT_NONE)
		chrome_go_moves(chrome, chrome_find_go(chrome, now->event->g), to, now, stack,
		                stack);
}

/* Of the one that the event is about. */
static void move(struct chrome *chrome, const struct chrome_now *now, enum go_state to,
                 uint64_t stack, uint64_t root)
{
	chrome_go_moves(chrome, chrome_find_go(chrome, now->event->arg[0]), to, now, stack, root);
}

static void add_block(struct chrome *chrome, const struct chrome_now *now)
{
	const struct event *event = now->event;

	if (event->g != EVENT_NONE)
		chrome_find_go(chrome, event->g)->reason =
			chrome_keep(chrome, event, event->arg[0]);
	own_move(chrome, now, GO_WAITING, event->arg[1]);
}

static void add_status(struct chrome *chrome, const struct chrome_now *now)
{
	const struct event *event = now->event;
	uint64_t stack = event->type == WIRE_GO_STATUS_STACK ? event->arg[3] : 0;
	enum go_state to = state_of(event->arg[2] & 0xff);

	if (to != GO_UNKNOWN)
		move(chrome, now, to, stack, stack);
}

static bool add_transition(struct chrome *chrome, const struct chrome_now *now)
{
	const struct event *event = now->event;

	switch ((enum wire_type)event->type) {
	case WIRE_GO_CREATE:
		move(chrome, now, GO_RUNNABLE, event->arg[2], event->arg[1]);
		return true;
	case WIRE_GO_CREATE_BLOCKED:
		move(chrome, now, GO_WAITING, event->arg[2], event->arg[1]);
		return true;
	case WIRE_GO_CREATE_SYSCALL:
		move(chrome, now, GO_SYSCALL, 0, 0);
		return true;
	case WIRE_GO_START:
		move(chrome, now, GO_RUNNING, 0, 0);
		return true;
	case WIRE_GO_DESTROY:
	case WIRE_GO_DESTROY_SYSCALL:
		own_move(chrome, now, GO_DEAD, 0);
		return true;
	case WIRE_GO_STOP:
		own_move(chrome, now, GO_RUNNABLE, event->arg[1]);
		return true;
	case WIRE_GO_BLOCK:
		add_block(chrome, now);
		return true;
	case WIRE_GO_UNBLOCK:
		move(chrome, now, GO_RUNNABLE, event->arg[2], 0);
		return true;
	case WIRE_GO_SWITCH:
	case WIRE_GO_SWITCH_DESTROY: /* the first of three: it is woken */
		move(chrome, now, GO_RUNNABLE, 0, 0);
		return true;
	case WIRE_GO_SYSCALL_BEGIN:
		own_move(chrome, now, GO_SYSCALL, event->arg[1]);
		return true;
	case WIRE_GO_SYSCALL_END:
		own_move(chrome, now, GO_RUNNING, 0);
		return true;
	case WIRE_GO_SYSCALL_END_BLOCKED:
		own_move(chrome, now, GO_RUNNABLE, 0);
		return true;
	case WIRE_GO_STATUS:
	case WIRE_GO_STATUS_STACK:
		add_status(chrome, now);
		return true;
	default:
		return false;
	}
}

/* ---- all of them */

static void add_proc_status(struct chrome *chrome, const struct chrome_now *now)
{
	uint64_t status = now->event->arg[1];

	if (status == WIRE_PROC_RUNNING || status == WIRE_PROC_SYSCALL)
		proc_starts(chrome, now->event->arg[0], now);
	else if (status != WIRE_PROC_BAD)
		proc_stops(chrome, now->event->arg[0], now);
}

static void add_heap(struct chrome *chrome, uint64_t *metric, uint64_t value, int64_t ns)
{
	if (*metric == value)
		return;
	*metric = value;
	chrome_count_heap(chrome, ns);
}

static void begin_generation(struct chrome *chrome, const struct event *event)
{
	if (chrome->syncs++ == 0)
		chrome->start_ns = event->recorded_ns;
	id_map_clear(&chrome->stack_of);
	chrome_forget_gos(chrome);
}

static void add_other(struct chrome *chrome, const struct chrome_now *now)
{
	const struct event *event = now->event;

	switch ((enum wire_type)event->type) {
	case WIRE_PROC_START:
		proc_starts(chrome, event->arg[0], now);
		break;
	case WIRE_PROC_STOP:
		if (event->p != EVENT_NONE)
			proc_stops(chrome, event->p, now);
		break;
	case WIRE_PROC_STEAL:
		proc_stops(chrome, event->arg[0], now);
		break;
	case WIRE_PROC_STATUS:
		add_proc_status(chrome, now);
		break;
	case WIRE_GC_ACTIVE:
	case WIRE_GC_BEGIN:
	case WIRE_GC_END:
		add_gc(chrome, now);
		break;
	case WIRE_GC_SWEEP_ACTIVE:
	case WIRE_GC_SWEEP_BEGIN:
	case WIRE_GC_SWEEP_END:
		add_sweep(chrome, now);
		break;
	case WIRE_STW_BEGIN:
	case WIRE_STW_END:
	case WIRE_GC_MARK_ASSIST_ACTIVE:
	case WIRE_GC_MARK_ASSIST_BEGIN:
	case WIRE_GC_MARK_ASSIST_END:
		add_range(chrome, now);
		break;
	case WIRE_HEAP_ALLOC:
		add_heap(chrome, &chrome->heap, event->arg[0], now->ns);
		break;
	case WIRE_HEAP_GOAL:
		add_heap(chrome, &chrome->goal, event->arg[0], now->ns);
		break;
	case WIRE_GO_LABEL:
		if (event->g != EVENT_NONE)
			chrome_find_go(chrome, event->g)->label =
				chrome_keep(chrome, event, event->arg[0]);
		break;
	case WIRE_CPU_SAMPLE:
		chrome_instant(chrome, "CPU profile sample", now->ns, chrome_row_of(chrome, event),
		               chrome_frame_of(chrome, event, event->arg[0]));
		break;
	default:
		chrome_add_user(chrome, now);
	}
}

void chrome_add(struct chrome *chrome, const struct event *event)
{
	struct chrome_now now = { .event = event };

	if (event->type == WIRE_SYNC)
		begin_generation(chrome, event);
	now.ns = event->recorded_ns - chrome->start_ns;
	now.ns = now.ns > 0 ? now.ns : 0;
	if (event->type != WIRE_SYNC && now.ns > chrome->end_ns)
		chrome->end_ns = now.ns;
	if (event->type != WIRE_SYNC && !add_transition(chrome, &now))
		add_other(chrome, &now);
}

void chrome_close(struct chrome *chrome)
{
	struct budget *budget = chrome->budget;

	for (size_t i = 0; i < chrome->gos.count; i++)
		chrome_go_is_left(chrome, &chrome->gos.items[i]);
	for (size_t i = 0; i < chrome->procs.count; i++)
		end_sweep(chrome, &chrome->procs.items[i], chrome->end_ns);
	end_mark(chrome, chrome->end_ns);
	chrome_end_tasks(chrome);
	chrome_put_names(chrome);
	TEXT_PUT(chrome->out, "\n],\"stackFrames\":{");
	chrome_put_frames(chrome);
	TEXT_PUT(chrome->out, "\n}}\n");

	strings_free(&chrome->strings);
	array_free(&chrome->frames);
	id_map_free(&chrome->frame_of);
	id_map_free(&chrome->stack_of);
	array_free(&chrome->gos);
	array_free(&chrome->free_gos);
	id_map_free(&chrome->go_of);
	array_free(&chrome->procs);
	id_map_free(&chrome->proc_of);
	array_free(&chrome->threads);
	id_map_free(&chrome->thread_of);
	array_free(&chrome->tasks);
	array_free(&chrome->free_tasks);
	id_map_free(&chrome->task_of);
	budget_resize(budget, chrome, sizeof(*chrome), 0);
}
