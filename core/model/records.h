/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_RECORDS_H
#define CORE_MODEL_RECORDS_H

#include "core/base/array.h"
#include "core/base/id_map.h"
#include "core/base/id_pages.h"

/* What walking the threads of one generation finds. The same records come from v2 streams (walk)
 * and from ordered v1 events.
 *
 * A goroutine's life in a generation is a row of *slots*, numbered by its sequence numbers: slot 0
 * is its status or creation, each later one a run or a wake-up (walk.md, keys 1-4):
 *
 *	slot     0        1     2      3     4 ...
 *	      status   |run|  wake   |run|  wake
 *
 * A run's slot has two orders, its begin and its end; a wake-up's has one. */

/* Units of 2^shift ns since the begin of the part. */
typedef uint32_t part_time;
#define TIME_NONE UINT32_MAX

/* Where in the file something stands: bytes since the begin of the generation. */
typedef uint32_t event_ref;
#define REF_NONE UINT32_MAX

#define INDEX_NONE UINT32_MAX /* no goroutine, run, ... */
#define PROC_NONE UINT16_MAX
#define TIME_UNKNOWN INT64_MIN /* of times since the begin of the trace */
#define SEQ_MAX ((1u << 28) - 1)

enum run_open {
	RUN_START,          /* GoStart: it was runnable */
	RUN_SWITCH,         /* GoSwitch: it waited, and ran at once */
	RUN_STATUS,         /* it was running when the generation began */
	RUN_STATUS_SYSCALL, /* it was in a syscall */
	RUN_CREATE_SYSCALL, /* it was born in one: a thread of C calls Go */
	RUN_HEAD,           /* runs on at the head of a stream, goroutine to be told by the seam */
	RUN_HEAD_SYSCALL,   /* the same, in a syscall */
};

enum run_close {
	RUN_GOES_ON, /* beyond the generation */
	RUN_BLOCK,   /* GoBlock, with a reason */
	RUN_STOP,    /* GoStop: runnable again, with a reason */
	RUN_DESTROY,
	RUN_SYSCALL_BLOCKED, /* came out of a syscall without its P: runnable */
	RUN_SYSCALL_DESTROY, /* ended in a syscall */
	RUN_SWITCHED,        /* GoSwitch to another: waits, no reason */
	RUN_LOST,            /* what came then is damaged: the goroutine does nobody knows what */
};

/* What a P's time goes to. LANE_RUN holds none of the others but assists and sweeps, which are a
 * part of running. */
enum lane_kind { LANE_RUN, LANE_WORKER, LANE_SYSCALL, LANE_ASSIST, LANE_SWEEP, LANE_KINDS };

enum worker { WORKER_NONE, WORKER_DEDICATED, WORKER_FRACTIONAL, WORKER_IDLE };
enum { WORKERS = WORKER_IDLE + 1 };

/* Labels of their goroutines, the only ones that Go gives any. */
extern const char *const worker_labels[WORKERS];

enum wake_kind {
	WAKE_UNBLOCK,
	WAKE_CREATE,
	WAKE_CREATE_BLOCKED,
	WAKE_STATUS_RUNNABLE,
	WAKE_STATUS_WAITING,
	WAKE_STATUS_SYSCALL, /* in a syscall on a thread that says nothing itself */
};

enum mark_kind { MARK_BEGIN, MARK_END, MARK_ACTIVE };

/* A change of one goroutine, as a thread tells it; put in order by moves.h. */
enum move_kind {
	MOVE_OPEN,   /* a run begins; how: enum run_open */
	MOVE_CLOSE,  /* and ends; how: enum run_close */
	MOVE_WAKE,   /* how: enum wake_kind */
	MOVE_RETURN, /* inside a run: out of a syscall that was there at its begin */
	MOVE_ASSIST, /* inside a run: an end of a mark assist whose other end is not; how: enum
	                mark_kind */
	MOVE_RUN,    /* a run from RUN_START on, both its moves in one; how: enum run_close. It has
	                a P, is no worker's, and was in syscalls for no longer than it lasted */
};

struct move {
	part_time time, end; /* end: of MOVE_RUN alone */
	uint32_t g;
	uint32_t
		order; /* 2 * its number in the goroutine's life; an end of a run, or inside, + 1 */
	event_ref ref;
	uint32_t other; /* who wrote a wake-up; or for how long syscalls took the run so far */
	uint32_t stack; /* own id of one's own stack, 0; where a history is made, the trace's of
	                   whoever wrote it */
	uint32_t more;  /* of a close in a syscall, and of a return: into calls; of another close:
	                   into stays, which its syscalls are; of a status: the goroutine's stack */
	uint16_t proc;
	uint8_t kind : 3, how : 3, worker : 2;
	uint8_t reason; /* of this generation */
};

/* The two moves of a MOVE_RUN. */
static inline struct move run_open(const struct move *run)
{
	struct move move = *run;

	move.kind = MOVE_OPEN;
	move.how = RUN_START;
	move.other = move.stack = move.more = 0;
	move.worker = WORKER_NONE;
	move.reason = 0;
	return move;
}

static inline struct move run_close(const struct move *run)
{
	struct move move = *run;

	move.kind = MOVE_CLOSE;
	move.time = run->end;
	move.order++;
	return move;
}

typedef ARRAY(struct move) move_array;

/* A syscall that came back with its P. Rows of them end with one of no time. */
typedef ARRAY(struct stay {
	part_time begin, end; /* TIME_NONE: the end of a row */
	event_ref ref;
	uint32_t stack; /* the trace's, where a history is made */
}) stay_array;

/* When a thread entered a syscall and left it, as far as that is told in one go: either may be
 * TIME_NONE. */
typedef ARRAY(struct call_span { part_time begin, end; }) call_span_array;

/* ---- a generation's history: what is kept of it for looking closely */

/* One stay of a goroutine on a thread, syscalls included. */
struct run {
	uint32_t g;           /* of this generation */
	part_time begin, end; /* end: TIME_NONE while it goes on */
	part_time lane_end;   /* when it left its P: at its end, or when a syscall lost the P */
	event_ref begin_ref, end_ref;
	uint32_t before; /* the goroutine's record before: a run, or a wake-up with RECORD_WAKE */
	uint32_t stack; /* where it ended, or entered the syscall that it is in then; the trace's */
	uint16_t proc;  /* of this generation; PROC_NONE */
	uint8_t reason; /* of blocking or stopping; of this generation */
	uint8_t open : 3, close : 3, worker : 2;
};

#define RECORD_WAKE (UINT32_C(1) << 31)

struct wake {
	part_time time;
	event_ref ref;
	uint32_t g;      /* of this generation: who was woken */
	uint32_t by;     /* the goroutine that ran where it was written; INDEX_NONE */
	uint32_t before; /* as in a run */
	uint32_t stack;  /* of who woke or created it, or of itself if that is a status; the trace's
	                  */
	uint8_t kind;    /* enum wake_kind */
};

/* ---- */

/* A syscall that ended without its P, or does not end here: accounted for when Ps are done. */
struct call {
	uint32_t g;
	part_time run_begin, begin, end; /* end: TIME_NONE while it goes on */
	part_time lost;                  /* when its P was taken away; TIME_NONE: never */
	part_time parted; /* when the P that it is bound to, though not on, went idle; TIME_NONE */
	part_time from, until; /* as the goroutine's clamped times have it */
	event_ref ref;
	uint32_t tenure; /* that knows who took the P; INDEX_NONE */
	uint32_t run;    /* in the history; INDEX_NONE */
	uint32_t stays;  /* those of the run before it; INDEX_NONE */
	uint32_t past;   /* life of the goroutine that had it; INDEX_NONE: the latest */
	uint32_t stack;  /* as of a stay */
	uint32_t next;   /* of the same life, while that goes on */
	uint16_t proc;
	uint8_t worker;
	bool is_head;    /* it was in it when first heard of */
	bool is_bound;   /* to a P from the start, though not on it: v1 alone */
	bool is_in_head; /* run: which goes on from before, or from the status */
	bool is_on_lane; /* the run is this part's alone */
};

typedef ARRAY(struct call) call_array;

enum tenure_kind {
	TENURE_STATUS_RUNNING,
	TENURE_STATUS_IDLE,
	TENURE_STATUS_SYSCALL,
	TENURE_STATUS_ABANDONED,
	TENURE_START,
	TENURE_STEAL,
	TENURE_SYSCALL, /* GoSyscallBegin carries the P's next number */
};

/* A slot of a P, with what its thread did to it before the next. */
struct tenure {
	uint32_t seq;
	part_time time;
	part_time stop;      /* ProcStop; TIME_NONE */
	part_time unknown;   /* its thread's records are damaged from then on; TIME_NONE */
	part_time abandoned; /* GoDestroySyscall with the P in hand; TIME_NONE */
	part_time lost;      /* of a syscall's: when the P was taken away from it; TIME_NONE */
	uint32_t stream;     /* the thread */
	uint32_t last_go;    /* that ran in it; INDEX_NONE */
	uint16_t proc;
	uint8_t kind;
	bool returned; /* GoSyscallEnd: the P was not lost */
	bool is_taken; /* lost to a thread that went on with it at once: Go does not see that */
};

enum piece_kind { PIECE_ASSIST, PIECE_SWEEP, PIECE_SYSCALL };

/* A range inside a run. */
typedef ARRAY(struct piece {
	part_time begin, end;
	uint32_t g;
	event_ref ref;
	uint64_t stack; /* own id, of assists and sweeps; in a history the trace's, of all */
	uint16_t proc;
	uint8_t kind;  /* enum piece_kind */
	bool is_lost;  /* a syscall that lost its P at its end */
	bool is_whole; /* a syscall of a run that is this part's alone */
}) piece_array;

/* One end of a sweep that did not end on the thread where it began. */
struct sweep_end {
	uint32_t seq; /* of the P */
	part_time time;
	uint32_t g;
	uint16_t proc;
	uint8_t kind; /* enum mark_kind */
};

struct stop {                 /* of the world */
	part_time begin, end; /* end: TIME_NONE */
	part_time restart;    /* the holder's first GOMAXPROCS; TIME_NONE */
	uint32_t g;
	event_ref ref;
	uint64_t m, reason, stack; /* own ids */
	uint16_t proc;
};

struct gc_event {
	uint64_t seq;
	part_time time;
	uint8_t kind; /* enum mark_kind */
	event_ref ref;
};

struct metric {
	part_time time;
	uint64_t value;
};

typedef ARRAY(struct metric) metric_array;

/* The same at a time of the trace. */
struct metric_point {
	int64_t time_ns;
	uint64_t value;
};

typedef ARRAY(struct metric_point) point_array;

/* An id of a goroutine in this generation. */
struct local_go {
	uint64_t id;
	part_time floor; /* said to be so at that time by the generation before */
	bool has_status; /* said to be there, be it only so */
	bool is_standin; /* for whoever ran at the head of a stream: it has no id */
};

/* What runs on a thread. */
struct open_run {
	uint32_t g; /* INDEX_NONE: nothing runs */
	uint32_t order;
	part_time begin;
	event_ref ref;
	uint32_t stack;        /* the first of its own that may name it; 0 */
	part_time returned;    /* from the last of its syscalls that came back with the P */
	part_time in_syscalls; /* how long those took */
	uint16_t proc;
	uint8_t open, worker;
};

/* Nothing is earlier of a goroutine or P, as the part before tells of it: own numbers, ascending.
 */
typedef ARRAY(struct floor {
	uint32_t own;
	part_time time;
	uint32_t left_by; /* the stream of the thread that left a P then; INDEX_NONE */
	bool was_idle;    /* a P that is said to be abandoned */
}) floor_array;

/* What joining a part taught of it, for making its history again. */
struct known {
	floor_array gos, procs;
	ARRAY(struct known_head { /* who runs at the head of a stream, and on which P */
				  uint32_t own;
				  uint16_t proc;
	})
	heads;
	ARRAY(struct known_clip { /* parts lap: assists that go on beyond one may begin or end
		                     inside, */
				  int64_t ns;
				  uint32_t go; /* of the trace */
	})
	begins, ends, /* and by its own thread's clock a syscall that lost its P here may have
		       * ended before that; by goroutine */
	backs;
};

struct note;

/* A thread: its stream and what it holds. */
struct stream {
	uint64_t m;
	part_time first, last; /* times it wrote */
	part_time now;         /* of its last event */
	uint64_t events;
	struct open_run run;
	uint32_t head_go;    /* stands for the goroutine at the stream's head; INDEX_NONE */
	uint32_t bound;      /* the goroutine whose status elsewhere says it is in a syscall here */
	uint32_t tenure;     /* its last slot of its P; INDEX_NONE */
	uint32_t opener;     /* the start or status that gave it the P */
	uint32_t tenure_seq; /* the number of the last, even of one that is forgotten */
	uint32_t last_go;    /* that ran in this tenure; INDEX_NONE */
	uint32_t stop;       /* of the world, by this thread; INDEX_NONE */
	struct open_range {  /* begun here and not ended yet; g: INDEX_NONE if there is none */
		uint32_t g;
		uint32_t order; /* of an assist: the run's; of a sweep: the P's number */
		part_time begin, in_syscalls;
		event_ref ref;
		uint64_t stack;
		uint16_t proc;
	} assist, sweep;
	ARRAY(struct stay) syscalls; /* of the run */
	ARRAY(struct note) regions;  /* begun in the run, but where a history is made */
	part_time call_begin;        /* of the open syscall; TIME_NONE: before the run */
	event_ref call_ref;
	uint32_t call_stack;   /* as of a stay */
	uint32_t call_tenure;  /* INDEX_NONE */
	part_time call_parted; /* of struct call */
	uint16_t proc;         /* in hand, as far as the stream tells */
	bool in_syscall, has_run;
	bool has_told; /* of its P: what it had before does not count any more */
	bool puts_off; /* the slot of the P that the open syscall has (at_settle_call) */
};

struct local_proc {
	uint64_t id;
	uint32_t count, max_seq;
	uint32_t first_slot;
	part_time earliest; /* nothing happened to it before */
	part_time last;     /* that something ran on it */
};

#endif
