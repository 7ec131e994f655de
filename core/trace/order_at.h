/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_ORDER_AT_H
#define CORE_TRACE_ORDER_AT_H

#include "core/base/id_pages.h"
#include "core/trace/order.h"
#include "core/trace/v2_wire.h"

/* Inside of the order: what is known of the scheduler, and the rules. */

#define NOBODY UINT32_MAX

enum { ORDER_MISSING = 0xff }; /* the status of what is not there: 0 may stand in a file */

struct order_range {
	uint8_t type;  /* of the event that begins it */
	uint64_t text; /* of a stop */
};

struct order_go {
	uint64_t id, generation, seq;
	uint8_t status; /* enum wire_go_status, or ORDER_MISSING */
	ARRAY(struct order_range) ranges;
	ARRAY(struct order_region {
		uint64_t task;
		string_id name;
	})
	regions;
};

struct order_proc {
	uint64_t id, generation, seq;
	uint32_t holder; /* the thread that got it last; NOBODY */
	uint8_t status;  /* enum wire_proc_status, or ORDER_MISSING */
	bool in_sweep;
};

struct order_m {
	uint64_t id;
	uint32_t g, p; /* NOBODY */
};

struct order_task {
	uint64_t parent;
	string_id name;
	bool is_active;
};

enum order_gc { ORDER_GC_UNKNOWN, ORDER_GC_OFF, ORDER_GC_ON };

struct order_state {
	struct id_pages go_of, proc_of, task_of;
	struct id_map m_of;
	ARRAY(struct order_go) gos;
	ARRAY(uint32_t) free_gos;
	ARRAY(struct order_proc) procs;
	ARRAY(struct order_m) ms;
	ARRAY(struct order_task) tasks;
	struct strings names; /* of regions and tasks, which outlive their generation */
	uint64_t gc_seq;
	size_t kept; /* goroutines when those that are not there were forgotten last */
	uint8_t gc;  /* enum order_gc */
};

enum wait_kind {
	WAIT_NOT,
	WAIT_GO,      /* until a goroutine is in that state, the number is its next */
	WAIT_PROC,    /* the same of a P: idle, or in a syscall to be stolen from */
	WAIT_SYSCALL, /* until a P is in none */
	WAIT_THREAD,  /* until a thread, by its place in ms, has no P */
	WAIT_GC,      /* until the number is its next */
};

/* What an event waits for. */
struct order_wait {
	uint64_t seq;
	uint32_t index;
	uint8_t kind, status;
};

/* A thread's stream in the generation. */
struct order_thread {
	uint64_t m;
	uint32_t ms;             /* into ms; NOBODY: the thread that is none */
	uint32_t next, end;      /* into batches */
	uint32_t before, behind; /* in the ring of a bucket; NOBODY: it does not wait */
	struct order_wait wait;  /* what it waits or waited for last */
	uint32_t begin, at, len; /* in the payload: the current event, and behind it */
	int64_t time_ns;         /* of the current event */
	uint64_t arg[4];
	uint8_t type;
	bool is_doubted; /* since it was heard of with a P last */
	ARRAY(uint8_t) payload;
};

/* The event whose turn it may be. */
struct turn {
	struct order *order;
	struct order_state *state;
	struct order_thread *thread;
	uint32_t g, p; /* of the context; NOBODY */
	uint32_t new_g, new_p;
	bool is_forced;         /* it has waited long enough */
	struct order_wait wait; /* what has to be so first */
	const char *broken;     /* why it can't be */
	const char *doubt;      /* what is assumed all the same */
};

enum verdict { VERDICT_GOOD, VERDICT_WAIT, VERDICT_BROKEN };

typedef enum verdict order_rule(struct turn *turn);

/* The rule for a type; NULL: none may come. */
order_rule *order_rule_of(uint8_t type);

/* ---- streams (order_stream.c) */

/* Decodes the next event of a thread. False at the end of its stream; a fault costs the rest of its
 * batch, or the trace (strict). */
bool order_decode(struct order *order, struct order_thread *thread, struct error *err);

/* In the file, of a place in the thread's batch. */
uint64_t order_offset_of(const struct order *order, const struct order_thread *thread, uint32_t at);

/* Something about the event whose turn it is. */
void order_note_event(struct order *order, const struct order_thread *thread,
                      enum damage_grade grade, const char *expected);

/* Go would not go on. */
bool order_refuse(struct order *order, struct error *err, uint64_t offset, const char *why);

/* ---- turns (order_turn.c) */

/* All threads of a generation, each with its first event. */
bool order_begin_turns(struct order *order, struct error *err);

/* Lets a thread have its next event, if one can. */
void order_take_turn(struct order *order, struct error *err);

/* The time of the earliest event that is not given, even if it has to wait. */
int64_t order_frontier(const struct order *order);

/* ---- what rules share */

enum { NEED = 1, LACK = 2, MAY = 3 };

/* False with turn->broken set if the context is not as an event needs it. */
bool turn_has(struct turn *turn, int p, int g);
enum verdict turn_break(struct turn *turn, const char *why);

/* Not strict: something is missing, and the event is believed all the same. */
void turn_doubt(struct turn *turn, const char *why);

/* The thread waits. */
enum verdict turn_wait(struct turn *turn, enum wait_kind kind, uint32_t index, uint64_t seq,
                       uint8_t status);

/* Adds the event to what is given out; its context is the turn's. */
struct event *turn_give(struct turn *turn);

uint32_t order_find_go(struct order_state *state, uint64_t id); /* makes it, not there */
uint32_t order_find_proc(struct order_state *state, uint64_t id);
uint32_t order_find_m(struct order_state *state, uint64_t id);

/* Gives a thread a goroutine and a P. What has the number that says none is none to Go. */
void order_bind(struct order_state *state, uint32_t m, uint32_t g, uint32_t p);

struct order_state *order_state_new(struct budget *budget);
void order_state_free(struct order_state *state);

/* A generation is over: who is there no more is forgotten. */
void order_state_turn(struct order_state *state);

/* Reads the clocks, texts, stacks and samples of a generation; sync gets its clock snapshot, if it
 * has one. False if there is no memory for them. */
bool order_read_tables(struct order *order, const struct batch *batches, size_t count,
                       struct event *sync);

/* Whether Go's reader gets to the end of the next generation in the file (strict). */
bool order_is_framed(const struct order *order, struct error *err);

/* Whether Go would order the generation, whose tables are read (strict). */
bool order_is_sound(const struct order *order, const struct generation *generation,
                    const struct event *sync, struct error *err);

/* Whether the last generation, which was just begun, has tables only and no end: Go leaves it out
 * without a word. */
bool order_is_unfinished(const struct order *order, const struct generation *generation);

/* Whether the rest of the file is nothing to Go (strict). */
bool order_has_ended_well(const struct order *order, struct error *err);

/* Where Go's reader finds no batch in the file any more (strict). */
uint64_t order_limit(const struct order *order);

/* Whether the tables have all that an event names (strict). */
bool order_names_known(const struct event *event, struct error *err);

/* Takes a thread out until what it waits for is so; lets it try. */
void order_park_begin(struct order *order); /* with a generation's threads */
void order_park(struct order *order, uint32_t t, struct order_wait wait);
void order_unpark(struct order *order, uint32_t t);

/* A goroutine, a P, a thread's P, or the GC is another than it was: whoever waits for just that
 * tries. */
void order_wake_go(struct order *order, uint32_t g);
void order_wake_proc(struct order *order, uint32_t p);
void order_wake_thread(struct order *order, uint32_t m);
void order_wake_gc(struct order *order);

/* Who waited for that has had its turn: the next one, if it still is so. */
void order_wake_next(struct order *order, struct order_wait wait);

static inline struct order_go *turn_go(const struct turn *turn, uint32_t g)
{
	return &turn->state->gos.items[g];
}

static inline struct order_proc *turn_proc(const struct turn *turn, uint32_t p)
{
	return &turn->state->procs.items[p];
}

/* A number that follows the one before, in the same generation. */
static inline bool turn_succeeds(const struct turn *turn, uint64_t seq, uint64_t generation,
                                 uint64_t before)
{
	return generation == turn->order->generation && seq == before + 1;
}

/* The i-th of the batches in the order of threads. */
static inline const struct batch *order_batch(const struct order *order, uint32_t i)
{
	return &order->all[order->batches.items[i]];
}

void order_forget_go(struct turn *turn, uint32_t g);

/* ---- the rules by subject */

order_rule rule_proc_start, rule_proc_stop, rule_proc_steal, rule_proc_status;
order_rule rule_go_create, rule_go_create_syscall, rule_go_start, rule_go_stop, rule_go_unblock,
	rule_go_switch, rule_go_status;
order_rule rule_syscall_begin, rule_syscall_end, rule_syscall_end_blocked, rule_destroy_syscall;
order_rule rule_go_range_begin, rule_go_range_end, rule_assist_active, rule_sweep_begin,
	rule_sweep_end, rule_sweep_active, rule_gc_active, rule_gc_begin, rule_gc_end;
order_rule rule_heap, rule_note, rule_task_begin, rule_task_end, rule_region_begin, rule_region_end,
	rule_experimental;

#endif
