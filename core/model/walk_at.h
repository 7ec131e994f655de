/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_WALK_AT_H
#define CORE_MODEL_WALK_AT_H

#include "core/model/walk.h"

/* Inside of the walk: what the handler of an event needs to know, and the handlers. */

/* Own string ids are small numbers; for those below the reason is found without a search. */
enum { WALK_SMALL_STRING = 1024 };

struct at {
	struct walk *walk;
	struct stream *stream;
	uint32_t stream_index;
	part_time time;
	part_time last; /* the latest so far */
	event_ref ref;
	uint32_t go; /* the goroutine that the first argument names; INDEX_NONE: look it up */
	const uint64_t *arg;
};

/* The part's number of an id; one that is new gets a fresh one. PROC_NONE: more Ps than there can
 * be. */
uint32_t walk_find_go(struct walk *walk, uint64_t id);
uint16_t walk_find_proc(struct walk *walk, uint64_t id);
uint32_t walk_find_stream(struct walk *walk, uint64_t m);
uint8_t walk_find_reason(struct walk *walk, uint64_t string);
uint32_t walk_add_go(struct walk *walk, uint64_t id);

/* The goroutine that an event names first. */
static inline uint32_t named_go(const struct at *at)
{
	return at->go != INDEX_NONE ? at->go : walk_find_go(at->walk, at->arg[0]);
}

/* The goroutine that runs on the thread; INDEX_NONE. */
static inline uint32_t current_go(const struct at *at)
{
	uint32_t run = at->stream->run;

	return run == INDEX_NONE ? INDEX_NONE : at->walk->runs.items[run].g;
}

/* A number that fits a slot; what does not is counted and dropped. */
static inline bool is_slot(const struct at *at, uint64_t seq)
{
	at->walk->dropped += seq > SEQ_MAX;
	return seq <= SEQ_MAX;
}

static inline void count_slot(struct local_go *go, uint32_t seq)
{
	go->count++;
	if (seq > go->max_seq)
		go->max_seq = seq;
}

/* ---- Ps (walk_proc.c) */

void at_proc_start(const struct at *at);
void at_proc_stop(const struct at *at);
void at_proc_steal(const struct at *at);
void at_proc_status(const struct at *at);
uint32_t at_add_tenure(const struct at *at, uint16_t proc, uint64_t seq, enum tenure_kind kind);
struct tenure *at_own_tenure(const struct at *at);

/* ---- goroutines (walk_go.c) */

void at_go_create(const struct at *at, enum wake_kind kind);
void at_go_create_syscall(const struct at *at);
void at_go_start(const struct at *at);
void at_go_stop(const struct at *at, enum run_close close);
void at_go_destroy(const struct at *at);
void at_go_unblock(const struct at *at);
void at_go_switch(const struct at *at, enum run_close close);
void at_go_syscall_begin(const struct at *at);
void at_go_syscall_end(const struct at *at);
void at_go_syscall_end_blocked(const struct at *at);
void at_go_destroy_syscall(const struct at *at);
void at_go_status(const struct at *at, uint64_t stack);
void at_go_label(const struct at *at);
void at_note_name(const struct at *at, uint32_t g, uint32_t seq, uint64_t stack);

/* ---- ranges (walk_range.c) */

void at_stw_begin(const struct at *at);
void at_stw_end(const struct at *at);
void at_procs_change(const struct at *at);
void at_gc_event(const struct at *at, enum mark_kind kind);
void at_assist_begin(const struct at *at);
void at_assist_end(const struct at *at);
void at_assist_active(const struct at *at);
void at_sweep_begin(const struct at *at);
void at_sweep_end(const struct at *at);
void at_sweep_active(const struct at *at);
void at_leave_assist(const struct at *at);
void at_leave_sweep(const struct at *at);

#endif
