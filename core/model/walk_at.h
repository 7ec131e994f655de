/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_WALK_AT_H
#define CORE_MODEL_WALK_AT_H

#include "core/model/walk.h"

/* Inside of the walk: what the handler of an event needs to know, and the handlers. */

/* Own ids are small numbers; for those below reasons and names are found without a search. */
enum { WALK_SMALL_STRING = 1024, WALK_SMALL_STACK = 8192 };

struct at {
	struct walk *walk;
	struct stream *stream;
	uint32_t stream_index;
	part_time time;
	event_ref ref;
	uint64_t arg[4];
};

/* Any event (walk.c). */
void walk_event(struct at *at, uint8_t type);

/* Whose handler may move the streams. */
static inline bool walk_names_thread(uint8_t type)
{
	return type == WIRE_GO_STATUS || type == WIRE_GO_STATUS_STACK;
}

/* The usual events from p on that are in time (walk_quick.c); returns the first one that is not
 * usual. */
struct walk_quick {
	const uint8_t *begin, *safe; /* of the payload; no event that begins before ends behind */
	event_ref ref;               /* of begin */
	uint32_t units, tick;        /* the time of the last event; a clock tick */
	uint32_t until;
	uint64_t events; /* so far */
};

enum { QUICK_TICK_MAX = 1 << 13 };

const uint8_t *walk_quick(struct walk *walk, struct stream *stream, struct walk_quick *quick,
                          const uint8_t *p);

/* The part's number of a reason. */
uint8_t walk_find_reason(struct walk *walk, uint64_t string);

/* The stack if its outermost function has a name, which is its goroutine's; or 0. */
uint32_t walk_name_of(struct walk *walk, uint64_t stack);

/* A goroutine that is new, or far from the others. */
uint32_t walk_meet_go(struct walk *walk, uint64_t id);

/* walk_find_go, for who asks often. */
static inline uint32_t find_go(struct walk *walk, uint64_t id)
{
	uint32_t used = id_pages_used(&walk->go_of, id);

	return used != 0 ? used - 1 : walk_meet_go(walk, id);
}

/* One that stands for whoever runs at the head of a stream, until that is known. */
uint32_t walk_add_standin(struct walk *walk);

/* The goroutine that runs on the thread; INDEX_NONE. */
static inline uint32_t current_go(const struct at *at)
{
	return at->stream->run.g;
}

static inline struct move *at_add_move(const struct at *at, uint32_t g, uint32_t order,
                                       enum move_kind kind, unsigned how)
{
	struct move *move = array_push(&at->walk->moves);

	*move = (struct move){
		.time = at->time,
		.g = g,
		.order = order,
		.ref = at->ref,
		.proc = at->stream->proc,
		.kind = (uint8_t)(kind & 7),
		.how = (uint8_t)(how & 7),
	};
	return move;
}

/* The thread's last slot of the P in its hand; NULL. */
static inline struct tenure *at_own_tenure(const struct at *at)
{
	return at->stream->proc == PROC_NONE || at->stream->tenure == INDEX_NONE
	               ? NULL
	               : &at->walk->tenures.items[at->stream->tenure];
}

/* It begins in this part and on a P: if it ends here, too, the part's buckets have it. */
static inline bool at_is_on_lane(const struct open_run *run)
{
	return (run->open == RUN_START || run->open == RUN_SWITCH) && run->proc != PROC_NONE;
}

/* A thread enters a syscall, or leaves one. */
static inline void walk_add_entry(struct walk *walk, part_time time, bool enters)
{
	*array_push(&walk->entries) = (struct call_span){
		enters ? time : TIME_NONE,
		enters ? TIME_NONE : time,
	};
}

/* A number that fits a slot behind the status; what does not is counted and dropped. */
static inline bool is_slot(const struct at *at, uint64_t seq)
{
	at->walk->dropped += seq - 1 >= SEQ_MAX;
	return seq - 1 < SEQ_MAX;
}

/* A thread was heard of. */
static inline void stream_note_time(struct stream *stream, part_time time)
{
	if (stream->first == TIME_NONE || time < stream->first)
		stream->first = time;
	if (time > stream->last)
		stream->last = time;
}

/* ---- Ps (walk_proc.c) */

void at_proc_start(const struct at *at);
void at_proc_stop(const struct at *at);
void at_proc_steal(const struct at *at);
void at_proc_status(const struct at *at);
uint32_t at_add_tenure(const struct at *at, uint16_t proc, uint64_t seq, enum tenure_kind kind);

/* The thread has no P any more. */
static inline void at_drop_proc(const struct at *at)
{
	at->stream->proc = PROC_NONE;
	at->stream->has_told = true;
}

/* ---- runs (walk_run.c) */

void at_open_run(const struct at *at, uint32_t g, uint32_t seq, enum run_open open);
void at_open_call(const struct at *at, uint32_t g, enum run_open open);
struct open_run *at_need_run(const struct at *at, bool in_syscall);
void at_close_run(const struct at *at, enum run_close close);

/* The run is over, nobody knows how. */
void at_lose_run(const struct at *at);

/* The same, as what the thread tells does not go with the run that it has; counted. */
void at_doubt_run(const struct at *at);

/* What the thread tells next is damaged: nothing is known of what it holds. */
void at_lose_thread(const struct at *at);
void at_note_stack(const struct at *at, uint64_t stack);

/* ---- syscalls of a run (walk_call.c) */

/* The run is in a syscall since before it was heard of, or born in one. */
void at_enter_call(const struct at *at);

/* The open syscall as a record, for when the Ps are done; its index in calls. */
uint32_t at_keep_call(const struct at *at, part_time end);

/* The syscalls of the run, for who needs them one by one: into stays; INDEX_NONE: none. */
uint32_t at_keep_stays(const struct at *at);

/* What the syscalls of a run that ends took, to where the lanes get it from. */
void at_spend_syscalls(const struct at *at);

/* ---- goroutines (walk_go.c) */

void at_go_create(const struct at *at, enum wake_kind kind);
void at_go_start(const struct at *at);
void at_go_stop(const struct at *at, enum run_close close);
void at_go_destroy(const struct at *at);
void at_go_unblock(const struct at *at);
void at_go_switch(const struct at *at, enum run_close close);
void at_go_status(struct at *at, uint64_t stack);
void at_go_label(const struct at *at);

/* ---- syscalls (walk_syscall.c) */

/* The last slot of the thread's P, be it forgotten. */
static inline void walk_note_slot(struct walk *walk, struct stream *stream, uint64_t seq)
{
	struct local_proc *proc = &walk->procs.items[stream->proc];

	if (seq > proc->max_seq)
		proc->max_seq = (uint32_t)seq;
	stream->tenure_seq = (uint32_t)seq;
}

/* Most syscalls return with their P before their thread tells anything else, which is as if they
 * had not been: so their slot is put off. */
static inline void walk_put_off(struct walk *walk, struct stream *stream, uint64_t seq)
{
	walk_note_slot(walk, stream, seq);
	stream->puts_off = true;
}

/* One that was put off is needed now. */
void at_settle_call(const struct at *at);

/* Ends the syscall that is open, if one is: its P is there again. */
void at_end_call(const struct at *at);

void at_go_create_syscall(const struct at *at);
void at_go_syscall_begin(const struct at *at);
void at_go_syscall_end(const struct at *at);
void at_go_syscall_end_blocked(const struct at *at);
void at_go_destroy_syscall(const struct at *at);

/* ---- what the program says of itself (walk_note.c): the arguments as they stand in the file */

void at_region(const struct at *at, enum note_kind kind);
void at_log(const struct at *at);
void walk_region(struct walk *walk, struct stream *stream, part_time time, enum note_kind kind,
                 const uint64_t arg[3]);
void walk_log(struct walk *walk, const struct stream *stream, part_time time,
              const uint64_t arg[4]);
void walk_task(struct walk *walk, const struct stream *stream, part_time time, bool begins,
               const uint64_t arg[4]);

/* A task is mentioned; none is 0, or what v1 says. */
static inline bool is_task(uint64_t id)
{
	return id != 0 && id != UINT64_MAX;
}

/* One that most likely was not mentioned so far. */
uint32_t walk_meet_task(struct walk *walk, uint64_t id, uint32_t fresh);

/* As id_pages_get, of tasks. */
static inline uint32_t task_place(struct walk *walk, uint64_t id, uint32_t fresh)
{
	uint32_t used = id_pages_used(&walk->tasks, id);

	return used != 0 ? used - 1 : walk_meet_task(walk, id, fresh);
}

static inline void note_task(struct walk *walk, uint64_t id)
{
	if (is_task(id))
		task_place(walk, id, 0);
}

/* The last that was begun in the run has ended in it: the run has it whole. */
static inline void walk_drop_region(struct walk *walk, struct stream *stream)
{
	stream->regions.count--;
	walk->open_regions--;
}

/* The run is over: regions that are open in it last longer. */
void walk_leave_regions(struct walk *walk, struct stream *stream);

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
