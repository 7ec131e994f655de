/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SAME_TELLER_H
#define TESTS_SAME_TELLER_H

#include "core/trace/v2_wire.h"
#include "tests/same/story.h"

/* Inside of the ordered story: what goroutines, Ps and threads do at the moment, and how an event
 * changes it. Naive on purpose. */

/* What a goroutine does at the moment. */
struct now_go {
	uint64_t id;
	int64_t last_ns, since_ns; /* its last transition; since when it does what it does */
	int64_t lost_ns;           /* its syscall: when the P was taken; TIME_UNKNOWN */
	int64_t run_ns;            /* begin of its run on a P */
	int64_t run_exec_ns;       /* in which it was no syscall so far */
	uint64_t proc;             /* that it runs on, or was on when its syscall began */
	uint8_t state;             /* enum go_state */
	uint8_t worker;            /* of the run */
	bool has_worked;           /* as that: it is none any more */
	bool is_switched;          /* woken by a switch: it runs at once */
	uint32_t assist;           /* the open one; INDEX_NONE */
	int64_t assist_ns;         /* since when it covers the run */
	/* when all that began */
	uint32_t since_generation, lost_generation, assist_generation, run_generation;
	bool is_started;           /* the run, by an event */
	uint32_t woken_generation; /* for the run; 0: it was not */
	int64_t woken_ns;
	uint64_t waker;
	uint64_t woken; /* goroutines that the run made runnable */
};

struct now_proc {
	int64_t last_ns, since_ns;
	uint64_t last_go;  /* that ran on it; EVENT_NONE */
	uint32_t call_go;  /* in a syscall that has it; INDEX_NONE */
	uint32_t sweep_go; /* whose sweep is open on it; INDEX_NONE */
	int64_t sweep_ns;
	uint8_t state; /* enum event_proc_state */
};

/* A P stopped to run. */
struct halt {
	int64_t ns;
	uint32_t generation;
	uint64_t proc, last_go;
};

struct teller {
	struct story *story;
	const struct index *index;
	const struct event *event;
	uint64_t writer; /* the thread whose batch it is in */
	int64_t start_ns, now_ns;
	uint64_t last_offset; /* of the event before: what comes of one counts once */
	int64_t gomaxprocs_ns;
	uint32_t generation;
	bool is_first; /* of them */
	bool is_begun;
	bool is_over;
	bool is_switch; /* the event is of a switch */
	struct id_map go_of, proc_of, thread_of, task_of;
	struct id_map stack_of; /* own id -> into stacks; of this generation */
	ARRAY(uint64_t) stacks;
	ARRAY(int64_t)
	thread_ns;                    /* beside the threads: in this generation, they do not step
	                               * back */
	ARRAY(struct now_go) gos;     /* beside the story's */
	ARRAY(struct now_proc) procs; /* likewise */
	ARRAY(struct halt) halts;
	ARRAY(struct holder {                     /* beside the stops */
			      uint32_t go;        /* INDEX_NONE */
			      int64_t restart_ns; /* TIME_UNKNOWN */
			      uint32_t generation;
	})
	holders;
	ARRAY(uint32_t) assist_gos; /* beside the assists */
	ARRAY(struct change_of {    /* of the number of runnable goroutines */
				 int64_t ns;
				 int add;
	})
	changes;
	string_id assist_name, sweep_name, forever;
};

/* ---- who is who; one that was not heard of is added */

uint32_t teller_add_go(struct teller *t, uint64_t id);
uint32_t teller_find_go(struct teller *t, uint64_t id);
uint32_t teller_find_proc(struct teller *t, uint64_t id);
uint32_t teller_find_thread(struct teller *t, uint64_t id);
uint32_t teller_here(struct teller *t); /* the goroutine in context; INDEX_NONE */

/* Pointers live until another P is found. NULL: it is none. */
struct story_proc *teller_proc_sums(struct teller *t, uint64_t id);
struct now_proc *teller_proc_now(struct teller *t, uint64_t id);

void teller_see_thread(struct teller *t, uint64_t id, bool is_sample, bool counts);
string_id teller_text(struct teller *t, uint64_t id);

/* The stack that the event carries of whoever wrote it. */
uint64_t teller_stack(struct teller *t);
uint64_t teller_stack_of(struct teller *t, uint64_t id);

/* ---- states */

/* A transition of a P. */
void teller_proc_to(struct teller *t, uint64_t id, uint8_t state);

/* A transition of a goroutine: into what state, on what P, by whom, and why. */
void teller_go_to(struct teller *t, uint32_t g, uint8_t state, uint64_t proc, uint64_t other,
                  string_id reason);

/* Accounts for what it did up to its last transition, which is now. */
void teller_leave(struct teller *t, uint32_t g, uint8_t to);

/* What it is when first heard of, it has been since its generation began. */
void teller_was_always(struct teller *t, uint32_t g);

/* The outermost function of the first stack that a change of state has. */
void teller_name_go(struct teller *t, uint32_t g, uint64_t stack);

/* A syscall or an assist inside of the run. */
void teller_add_inner(struct teller *t, const struct now_go *go, enum span_kind kind,
                      int64_t begin_ns, int64_t end_ns, bool is_split);

/* ---- events of goroutines and Ps (teller_go.c) */

void tell_go_status(struct teller *t);
void tell_go_create(struct teller *t, uint8_t state);
void tell_go_start(struct teller *t);
void tell_go_stop(struct teller *t, uint8_t state);
void tell_go_wake(struct teller *t);
void tell_go_here_to(struct teller *t, uint8_t state);
void tell_syscall_begin(struct teller *t);
void tell_label(struct teller *t);
void tell_proc_status(struct teller *t);

/* ---- events of ranges (teller_range.c) */

void tell_stop_begin(struct teller *t);
void tell_stop_end(struct teller *t);
void tell_procs_change(struct teller *t);
void tell_gc_begin(struct teller *t, int64_t begin_ns);
void tell_gc_end(struct teller *t);
void tell_assist_begin(struct teller *t, uint64_t id, int64_t begin_ns);
void tell_assist_end(struct teller *t);
void tell_sweep_begin(struct teller *t, uint64_t p, int64_t begin_ns);
void tell_sweep_end(struct teller *t);
void tell_metric(struct teller *t);

/* ---- what the program says of itself, and samples (teller_user.c) */

void tell_region_begin(struct teller *t);
void tell_region_end(struct teller *t);
void tell_regions_end(struct teller *t, uint32_t g); /* as their goroutine does */
void tell_log(struct teller *t);
void tell_task(struct teller *t);
void tell_sample(struct teller *t);
void tell_samples_end(struct teller *t);

/* ---- what lasts to the end of the trace ends (teller_end.c) */

void tell_end(struct teller *t);

#endif
