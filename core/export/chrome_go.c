/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/chrome_at.h"
#include "core/trace/v2_wire.h"

#include <stdio.h>

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* ---- who there is */

static uint32_t new_place(struct chrome *chrome)
{
	if (chrome->free_gos.count > 0)
		return chrome->free_gos.items[--chrome->free_gos.count];
	array_push(&chrome->gos);
	return (uint32_t)chrome->gos.count - 1;
}

struct chrome_go *chrome_find_go(struct chrome *chrome, uint64_t id)
{
	uint32_t at = id_map_find(&chrome->go_of, id);
	struct chrome_go *go = at == ID_NONE ? NULL : &chrome->gos.items[at];

	if (go != NULL && go->id == id)
		return go;
	at = new_place(chrome);
	id_map_set(&chrome->go_of, id, at);
	go = &chrome->gos.items[at];
	*go = (struct chrome_go){ .id = id,
		                  .proc = CHROME_NOBODY,
		                  .thread = CHROME_NOBODY,
		                  .regions = { .budget = chrome->budget } };
	return go;
}

/* Whether it has a run, in a row. */
static bool is_in_run(const struct chrome *chrome, const struct chrome_go *go)
{
	return (chrome->by_thread ? go->thread : go->proc) != CHROME_NOBODY;
}

static uint64_t row_of_run(const struct chrome *chrome, const struct chrome_go *go)
{
	return chrome->by_thread ? chrome->threads.items[go->thread].id
	                         : chrome->procs.items[go->proc].id;
}

static uint32_t place_of(const struct chrome *chrome, const struct chrome_go *go)
{
	return (uint32_t)(go - chrome->gos.items);
}

static void forget(struct chrome *chrome, struct chrome_go *go)
{
	go->id = EVENT_NONE;
	*array_push(&chrome->free_gos) = place_of(chrome, go);
}

void chrome_forget_gos(struct chrome *chrome)
{
	id_map_clear(&chrome->go_of);
	for (size_t i = 0; i < chrome->gos.count; i++)
		if (chrome->gos.items[i].id != EVENT_NONE)
			id_map_add(&chrome->go_of, chrome->gos.items[i].id, (uint32_t)i);
}

/* ---- how many do what */

static enum chrome_count count_of(const struct chrome_go *go)
{
	switch ((enum go_state)go->state) {
	case GO_RUNNING:
		return COUNT_RUN;
	case GO_SYSCALL:
		return go->proc != CHROME_NOBODY ? COUNT_RUN : COUNT_CALL;
	case GO_RUNNABLE:
		return COUNT_READY;
	case GO_WAITING:
		return go->assist.is_open ? COUNT_FOR_GC : COUNT_NOT;
	case GO_UNKNOWN:
	case GO_DEAD:
	case GO_STATES:
		break;
	}
	return COUNT_NOT;
}

static void count(struct chrome *chrome, struct chrome_go *go, int64_t ns)
{
	enum chrome_count before = go->count, after = count_of(go);

	if (before == after)
		return;
	chrome->counts[before]--;
	chrome->counts[after]++;
	go->count = (uint8_t)after;
	chrome_count_gos(chrome, ns);
	if (before == COUNT_CALL || after == COUNT_CALL)
		chrome_count_threads(chrome, ns);
}

/* ---- what is in a run */

static void put_inside(struct chrome *chrome, struct chrome_go *go,
                       const struct chrome_slice *slice)
{
	if (slice->begin_ns > go->run_ns || go->early_count == CHROME_EARLY)
		chrome_slice(chrome, slice);
	else
		go->early[go->early_count++] = *slice; /* viewers want what is around it first */
}

static struct chrome_slice slice_of(const struct chrome *chrome, const struct chrome_go *go,
                                    const struct chrome_range *range, int64_t end_ns)
{
	int64_t begin_ns = later(range->begin_ns, go->run_ns);
	struct chrome_slice slice = { .begin_ns = begin_ns,
		                      .end_ns = later(end_ns, begin_ns),
		                      .row = row_of_run(chrome, go),
		                      .frames = { range->frame } };

	if (range == &go->assist) {
		slice.name[0] = bytes_of("GC mark assist");
		return slice;
	}
	slice.name[0] = bytes_of("stop-the-world (");
	slice.name[1] = chrome_text(chrome, range->name);
	slice.name[2] = bytes_of(")");
	return slice;
}

void chrome_go_ends(struct chrome *chrome, struct chrome_go *go, struct chrome_range *range,
                    int64_t ns)
{
	struct chrome_slice slice;

	if (range->is_open && is_in_run(chrome, go)) {
		slice = slice_of(chrome, go, range, ns);
		put_inside(chrome, go, &slice);
	}
	range->is_open = false;
	count(chrome, go, ns);
}

static void end_call(struct chrome *chrome, struct chrome_go *go, int64_t ns, bool is_blocked)
{
	int64_t begin_ns = later(go->call.begin_ns, go->run_ns);
	struct chrome_slice slice = { .begin_ns = begin_ns,
		                      .end_ns = later(ns, begin_ns),
		                      .frames = { go->call.frame },
		                      .name = { bytes_of("syscall") },
		                      .args = is_blocked ? ",\"args\":{\"blocked\":\"yes\"}"
		                                         : ",\"args\":{\"blocked\":\"no\"}" };

	if (go->call.is_open && is_in_run(chrome, go)) {
		slice.row = row_of_run(chrome, go);
		put_inside(chrome, go, &slice);
	}
	go->call.is_open = false;
}

/* ---- runs */

static void put_run(struct chrome *chrome, const struct chrome_go *go, int64_t end_ns,
                    uint32_t frame)
{
	char id[32], label[64];
	struct bytes text = chrome_text(chrome, go->label);
	struct chrome_slice slice = {
		.begin_ns = go->run_ns,
		.end_ns = end_ns,
		.row = row_of_run(chrome, go),
		.frames = { go->stop_frame, frame },
	};

	snprintf(id, sizeof(id), "G%lld%s", (long long)go->id, go->name != 0 ? " " : "");
	slice.name[0] = bytes_of(id);
	slice.name[1] = chrome_text(chrome, go->name);
	if (text.len > 0) {
		snprintf(label, sizeof(label), " (%.*s)", (int)(text.len < 60 ? text.len : 60),
		         (const char *)text.data);
		slice.name[2] = bytes_of(label);
	}
	chrome_slice(chrome, &slice);
}

/* It has its P, and its thread, no more. */
static void leave_proc(struct chrome *chrome, struct chrome_go *go, int64_t ns)
{
	struct chrome_proc *proc;

	if (go->proc == CHROME_NOBODY)
		return;
	proc = &chrome->procs.items[go->proc];
	proc->go = CHROME_NOBODY;
	proc->last_ns = ns;
	go->proc = CHROME_NOBODY;
}

static void leave_thread(struct chrome *chrome, struct chrome_go *go, int64_t ns)
{
	struct chrome_thread *thread;

	if (go->thread == CHROME_NOBODY)
		return;
	thread = &chrome->threads.items[go->thread];
	thread->go = CHROME_NOBODY;
	thread->last_ns = ns;
	go->thread = CHROME_NOBODY;
}

static void put_open(struct chrome *chrome, const struct chrome_go *go,
                     const struct chrome_range *range, int64_t ns)
{
	struct chrome_slice slice;

	if (!range->is_open)
		return;
	slice = slice_of(chrome, go, range, ns);
	chrome_slice(chrome, &slice);
}

static void end_run(struct chrome *chrome, struct chrome_go *go, int64_t ns, uint32_t frame)
{
	ns = later(ns, go->run_ns);
	if (is_in_run(chrome, go)) {
		put_run(chrome, go, ns, frame);
		for (unsigned i = 0; i < go->early_count; i++)
			chrome_slice(chrome, &go->early[i]);
		go->early_count = 0;
		put_open(chrome, go, &go->assist, ns);
		put_open(chrome, go, &go->stop, ns);
		go->stop_frame = frame;
		go->label = 0;
	}
	leave_proc(chrome, go, ns);
	leave_thread(chrome, go, ns);
}

/* Ranges that are open go on with it. */
static void begin_run(struct chrome *chrome, struct chrome_go *go, int64_t ns)
{
	go->run_ns = ns;
	go->assist.begin_ns = go->stop.begin_ns = ns;
	go->assist.frame = go->stop.frame = 0;
	if (go->cause.name != NULL)
		chrome_arrow(chrome, &(struct chrome_arrow){
					     .name = go->cause.name,
					     .reason = chrome_text(chrome, go->cause.reason),
					     .from_ns = go->cause.ns,
					     .to_ns = ns,
					     .from_row = go->cause.row,
					     .to_row = row_of_run(chrome, go),
					     .frame = go->cause.frame });
	go->cause.name = NULL;
}

/* Who was there before, and of whom nobody said that it has stopped, has. */
static void evict(struct chrome *chrome, uint32_t place, int64_t ns)
{
	struct chrome_go *other;

	if (place == CHROME_NOBODY)
		return;
	other = &chrome->gos.items[place];
	end_call(chrome, other, ns, true);
	end_run(chrome, other, ns, 0);
}

static void take_proc(struct chrome *chrome, struct chrome_go *go, uint64_t p, int64_t ns)
{
	uint32_t at;

	if (p == EVENT_NONE || go->proc != CHROME_NOBODY)
		return;
	at = chrome_find_proc(chrome, p);
	if (chrome->by_thread && chrome->procs.items[at].go != CHROME_NOBODY)
		leave_proc(chrome, &chrome->gos.items[chrome->procs.items[at].go], ns);
	else
		evict(chrome, chrome->procs.items[at].go, ns);
	go->proc = at;
	chrome->procs.items[at].go = place_of(chrome, go);
	if (!chrome->by_thread)
		begin_run(chrome, go, later(ns, chrome->procs.items[at].last_ns));
}

static void take_thread(struct chrome *chrome, struct chrome_go *go, uint64_t m, int64_t ns)
{
	uint32_t at;

	if (wire_thread(m) == WIRE_NO_THREAD || go->thread != CHROME_NOBODY)
		return;
	at = chrome_find_thread(chrome, m);
	evict(chrome, chrome->threads.items[at].go, ns);
	go->thread = at;
	chrome->threads.items[at].go = place_of(chrome, go);
	begin_run(chrome, go, later(ns, chrome->threads.items[at].last_ns));
}

/* On a thread it is in its syscall still. */
void chrome_go_loses_proc(struct chrome *chrome, struct chrome_go *go, int64_t ns)
{
	if (chrome->by_thread) {
		leave_proc(chrome, go, ns);
	} else {
		end_call(chrome, go, ns, true);
		end_run(chrome, go, ns, 0);
	}
	count(chrome, go, ns);
}

/* ---- from one state to another */

static void set_cause(struct chrome_go *go, const char *name, string_id reason, int64_t ns,
                      uint64_t row, uint32_t frame)
{
	go->cause.name = row == EVENT_NONE ? NULL : name;
	go->cause.reason = reason;
	go->cause.ns = ns;
	go->cause.row = row;
	go->cause.frame = frame;
}

static bool has_network(struct bytes reason)
{
	static const char word[] = "network";
	size_t len = sizeof(word) - 1;

	for (size_t i = 0; i + len <= reason.len; i++)
		if (memcmp(reason.data + i, word, len) == 0)
			return true;
	return false;
}

/* What made it runnable. */
static void is_ready(struct chrome *chrome, struct chrome_go *go, enum go_state from,
                     const struct chrome_now *now, uint64_t stack)
{
	uint32_t frame = chrome_frame_of(chrome, now->event, stack);
	uint64_t row = chrome_row_of(chrome, now->event);

	if (from == GO_SYSCALL && !chrome->by_thread) {
		set_cause(go, "exit blocked syscall", 0, now->ns, ROW_SYSCALLS, 0);
	} else if (from == GO_WAITING && has_network(chrome_text(chrome, go->reason))) {
		row = chrome->by_thread && row != EVENT_NONE ? row : ROW_NETWORK;
		chrome_instant(chrome, "unblock (network)", now->ns, row, frame);
		set_cause(go, "unblock", go->reason, now->ns, row, frame);
	} else if (from == GO_WAITING) {
		set_cause(go, "unblock", go->reason, now->ns, row, frame);
	} else if (now->event->type == WIRE_GO_CREATE) {
		set_cause(go, "go", 0, now->ns, row, frame);
	}
}

/* Without its P it has been in no row by P since then; on its thread it was. */
static void leave_call(struct chrome *chrome, struct chrome_go *go, enum go_state to, int64_t ns)
{
	end_call(chrome, go, ns, chrome->by_thread && to != GO_RUNNING);
	if (to != GO_RUNNING && !chrome->by_thread)
		chrome_instant(chrome, "exit blocked syscall", ns, ROW_SYSCALLS, 0);
}

/* A status about somebody on another thread is written by one that has a P, too. */
static bool is_free(struct chrome *chrome, uint64_t p)
{
	uint32_t at = p == EVENT_NONE ? CHROME_NOBODY : chrome_find_proc(chrome, p);

	return at != CHROME_NOBODY && chrome->procs.items[at].go == CHROME_NOBODY;
}

/* Whose thread is meant: a status names it. */
static uint64_t thread_of(const struct event *event)
{
	bool is_told = event->type == WIRE_GO_STATUS || event->type == WIRE_GO_STATUS_STACK;

	return is_told ? event->arg[1] : event->m;
}

static void enter(struct chrome *chrome, struct chrome_go *go, enum go_state from, enum go_state to,
                  const struct chrome_now *now, uint64_t stack)
{
	/* what it does when first heard of, it has done since the trace began */
	int64_t ns = from == GO_UNKNOWN && chrome->syncs <= 1 ? 0 : now->ns;

	if (to == GO_SYSCALL) {
		go->call = (struct chrome_range){
			.begin_ns = ns,
			.frame = chrome_frame_of(chrome, now->event, stack),
			.is_open = true,
		};
		if (is_free(chrome, now->event->p))
			take_proc(chrome, go, now->event->p, ns);
	} else if (to == GO_RUNNING) {
		take_proc(chrome, go, now->event->p, ns);
	}
	if (chrome->by_thread && (to == GO_SYSCALL || to == GO_RUNNING))
		take_thread(chrome, go, thread_of(now->event), ns);
}

void chrome_go_moves(struct chrome *chrome, struct chrome_go *go, enum go_state to,
                     const struct chrome_now *now, uint64_t stack, uint64_t root)
{
	enum go_state from = go->state;
	struct chrome_now then = *now;

	if (from == to)
		return;
	then.ns = later(now->ns, go->last_ns);
	go->last_ns = then.ns;
	if (go->name == 0)
		go->name = chrome_root_of(chrome, now->event, root);
	if (from == GO_SYSCALL)
		leave_call(chrome, go, to, then.ns);
	if (to != GO_RUNNING && to != GO_SYSCALL)
		end_run(chrome, go, then.ns,
		        from == GO_RUNNING ? chrome_frame_of(chrome, now->event, stack) : 0);
	if (to == GO_RUNNABLE)
		is_ready(chrome, go, from, &then, stack);
	enter(chrome, go, from, to, &then, stack);
	go->state = (uint8_t)to;
	count(chrome, go, then.ns);
	if (to != GO_DEAD)
		return;
	chrome_end_regions(chrome, go, then.ns);
	forget(chrome, go);
}

void chrome_go_is_left(struct chrome *chrome, struct chrome_go *go)
{
	if (go->id == EVENT_NONE)
		return;
	end_call(chrome, go, chrome->end_ns, false);
	end_run(chrome, go, chrome->end_ns, 0);
	chrome_end_regions(chrome, go, chrome->end_ns);
}
