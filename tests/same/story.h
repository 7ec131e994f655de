/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SAME_STORY_H
#define TESTS_SAME_STORY_H

#include "core/trace/event.h"
#include "core/trace/strings.h"
#include "tests/load.h"

/* What happened in a trace, as plain lists. It is told twice, by the two readers of a trace, and
 * has to be the same: by the ordered path, whose events one after the other drive a few naive state
 * machines (ordered.c), and by the load path, from its histories and sums (loaded.c).
 *
 * Times are ns since the begin of the trace; goroutines, Ps and threads are ids of the file. */

/* A goroutine does one thing for a while. What begins and ends at one time counts, too. */
struct story_stay {
	int64_t begin_ns, end_ns;
	uint64_t offset; /* of the event that began it; EVENT_NONE: it did so when first heard of */
	uint64_t proc;   /* of running and syscalls; EVENT_NONE */
	uint64_t other;  /* who woke or created it; EVENT_NONE */
	uint64_t stack;  /* of the event that began it, by its frames; 0: none */
	uint64_t end_stack; /* of the load path: what a lane says of a run's end, or a wait's */
	string_id reason;   /* of waiting */
	uint8_t state;      /* enum go_state */
};

/* Time by reason or by range. */
struct share {
	int64_t ns;
	string_id name;
};

typedef ARRAY(struct share) share_array;

/* A region of a goroutine. */
struct story_region {
	int64_t begin_ns, end_ns;
	uint64_t task;
	uint64_t stacks[2];
	string_id name;
	uint32_t depth;
	bool begins_before, is_open, ends_with_go;
};

/* A log, or a CPU sample. */
struct story_mark {
	int64_t time_ns;
	uint64_t go, proc, thread, task, stack;
	string_id category, message;
};

struct story_task {
	uint64_t id, parent, go, end_go, stack;
	int64_t begin_ns, end_ns; /* TIME_UNKNOWN */
	string_id name;
};

struct story_go {
	uint64_t id, parent;
	int64_t created_ns, started_ns, ended_ns; /* TIME_UNKNOWN */
	int64_t exec_ns, sched_ns, syscall_exec_ns, syscall_block_ns;
	string_id name;
	share_array blocks, ranges; /* by the text's number */
	ARRAY(struct story_stay) stays;
	ARRAY(struct story_stay) lane;      /* of the load path: the stays as a picture gets them */
	ARRAY(struct story_region) regions; /* by begin */
};

/* Something that takes a while on a P: a goroutine, or inside of it a syscall, assist or sweep. */
struct story_span {
	int64_t begin_ns, end_ns;
	uint64_t go;
	int64_t born_ns; /* of a run: when that goroutine was created */
	uint8_t kind;    /* enum span_kind */
	uint8_t worker;  /* enum worker */
	bool is_split;   /* an assist that lasts beyond one generation, and so stands in pieces */
	bool is_cut;     /* a run that ends where the next begins, as clocks disagree */

	/* of a run that begins and leaves its P in one generation: its details */
	bool has_detail, has_waker;
	bool is_unread;  /* of the load path: what follows was not asked for */
	uint8_t ended;   /* enum run_close */
	uint64_t thread; /* EVENT_NONE: it ends in another generation */
	uint64_t waker;  /* EVENT_NONE: none, or nobody */
	int64_t woken_ns, self_ns;
	uint64_t woken; /* goroutines that it made runnable */
	string_id reason;
};

/* A thread takes a P, or lets go of it. */
struct story_move {
	int64_t ns;
	uint64_t thread; /* EVENT_NONE: it dies with the P in hand, which the taker may tell */
	bool is_start;
};

struct story_proc {
	uint64_t id;
	int64_t run_ns, idle_ns, syscall_ns, gc_ns;
	uint64_t runs, losses;
	ARRAY(struct story_span) spans; /* runs, by begin, end, goroutine */
	ARRAY(struct story_span)
	inner; /* syscalls and assists in them, by goroutine, kind, begin */
	ARRAY(struct story_move) moves; /* in order */
};

struct story_stop {
	int64_t begin_ns, end_ns, stopping_ns;
	uint64_t thread, go, proc, last_proc, last_go;
	string_id reason;
	bool is_open;
	bool is_tied; /* more than one P was the last to stop */
};

struct story_assist {
	int64_t begin_ns, end_ns, on_cpu_ns;
	uint64_t go, proc;
	bool is_open;
};

struct story_thread {
	uint64_t id;
	int64_t first_ns, last_ns;
	uint64_t events, samples;
};

struct story_range {
	int64_t begin_ns, end_ns;
	uint8_t worker; /* of a worker's run */
};

struct story {
	struct budget *budget;
	struct strings *strings; /* shared by those that are compared */
	bool is_v1; /* events are told by Go's conversion: threads and Ps are not all real */
	int64_t end_ns;
	uint64_t events, syscalls, regions, logs, samples, gomaxprocs, heap_max, runnable_max;
	ARRAY(struct story_go) gos;                  /* by id, then by creation */
	ARRAY(struct story_proc) procs;              /* by id */
	ARRAY(struct story_thread) threads;          /* by id */
	ARRAY(struct story_stop) stops;              /* by begin */
	ARRAY(struct story_assist) assists;          /* by begin, then by goroutine */
	ARRAY(struct story_range) cycles;            /* in order */
	ARRAY(struct story_range) workers;           /* by begin, then by end */
	ARRAY(struct story_mark) logs_told, sampled; /* by time */
	ARRAY(struct story_task) tasks;              /* by id */
	point_array heap, goal; /* at begins and ends of cycles: as recorded last */
};

void story_init(struct story *story, struct budget *budget, struct strings *strings);
void story_free(struct story *story);

void share_add(share_array *shares, string_id name, int64_t ns);

/* A stack by its frames: from 0 on, one after the other. */
uint64_t story_add_frame(uint64_t stack, uint64_t pc, struct bytes function, struct bytes file,
                         uint64_t line);

/* The thread that wrote what stands at a place of the file. */
uint64_t story_thread_at(const struct index *index, uint64_t offset);

/* Brings the lists into their order. */
void story_sort(struct story *story);

/* From the events in order; the trace must be loaded, too. False: they break a rule, and *err says
 * which. */
bool story_tell(struct story *story, const struct loaded *loaded, struct error *err);

/* From what was loaded. */
void story_read(struct story *story, const struct loaded *loaded);

/* How much differs; the first differences are printed as TAP comments. */
size_t story_compare(const struct story *told, const struct story *read);

#endif
