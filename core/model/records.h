/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_RECORDS_H
#define CORE_MODEL_RECORDS_H

#include "core/base/array.h"
#include "core/base/id_map.h"
#include "core/base/id_pages.h"

/* What walking the threads of one generation finds, before and after it is put in order. The same
 * records come from v2 streams (walk) and, later, from ordered v1 events.
 *
 * A goroutine's life in a generation is a row of *slots*, numbered by its sequence numbers: slot 0
 * is its status or creation, each later one a run or a wake-up (walk.md, keys 1-4):
 *
 *	slot     0        1     2      3     4 ...
 *	      status   |run|  wake   |run|  wake
 */

/* Units of 2^shift ns since the begin of the part. */
typedef uint32_t part_time;
#define TIME_NONE UINT32_MAX

/* Where in the file something stands: bytes since the begin of the generation. */
typedef uint32_t event_ref;
#define REF_NONE UINT32_MAX

#define INDEX_NONE UINT32_MAX /* no goroutine, run, ... */
#define PROC_NONE UINT16_MAX
#define SEQ_MAX ((1u << 28) - 1)

enum run_open {
	RUN_START,          /* GoStart: it was runnable */
	RUN_SWITCH,         /* GoSwitch: it waited, and ran at once */
	RUN_STATUS,         /* it was running when the generation began */
	RUN_STATUS_SYSCALL, /* it was in a syscall */
	RUN_CREATE_SYSCALL, /* it was born in one: a thread of C calls Go */
	RUN_HEAD,           /* runs on at the head of a stream, goroutine to be told by the seam */
};

enum run_close {
	RUN_GOES_ON, /* beyond the generation */
	RUN_BLOCK,   /* GoBlock, with a reason */
	RUN_STOP,    /* GoStop: runnable again, with a reason */
	RUN_DESTROY,
	RUN_SYSCALL_BLOCKED, /* came out of a syscall without its P: runnable */
	RUN_SYSCALL_DESTROY, /* ended in a syscall */
	RUN_SWITCHED,        /* GoSwitch to another: waits, no reason */
};

enum worker { WORKER_NONE, WORKER_DEDICATED, WORKER_FRACTIONAL, WORKER_IDLE };

/* One stay of a goroutine on a thread, syscalls included. */
struct run {
	uint32_t g;           /* of this generation */
	uint32_t seq;         /* its slot */
	part_time begin, end; /* end: TIME_NONE while it goes on */
	event_ref begin_ref, end_ref;
	uint32_t first_syscall; /* its syscalls are those up to the next run's first */
	uint16_t proc;          /* of this generation; PROC_NONE */
	uint8_t reason;         /* of blocking or stopping; of this generation */
	uint8_t open : 3, close : 3, worker : 2;
};

struct syscall {
	part_time begin, end; /* TIME_NONE while it goes on */
	part_time lost;       /* when its P was taken away; TIME_NONE: never */
	event_ref ref;
};

enum wake_kind {
	WAKE_UNBLOCK,
	WAKE_CREATE,
	WAKE_CREATE_BLOCKED,
	WAKE_STATUS_RUNNABLE,
	WAKE_STATUS_WAITING,
	WAKE_STATUS_SYSCALL, /* in a syscall on a thread that says nothing itself */
};

/* A slot that is no run. */
struct wake {
	uint32_t g;
	uint32_t seq : 28, kind : 4;
	part_time time;
	event_ref ref;
	uint32_t by; /* the goroutine that ran where it was written; INDEX_NONE */
};

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
	part_time abandoned; /* GoDestroySyscall with the P in hand; TIME_NONE */
	uint32_t syscall;    /* of a TENURE_SYSCALL or TENURE_STATUS_SYSCALL; INDEX_NONE */
	uint32_t stream;     /* the thread */
	uint16_t proc;
	uint8_t kind;
	bool returned; /* GoSyscallEnd: the P was not lost */
};

enum mark_kind { MARK_BEGIN, MARK_END, MARK_ACTIVE };

/* One end of a mark assist whose other end is not in the same run. */
struct mark {
	uint32_t g, seq;
	part_time time;
	event_ref ref;
	uint64_t stack; /* own id */
	uint16_t proc;
	uint8_t kind;
};

/* A range with both ends in one run. */
struct piece {
	part_time begin, end;
	uint32_t g;
	event_ref ref;
	uint64_t stack; /* own id; of assists */
	uint16_t proc;
	uint8_t kind; /* enum piece_kind */
};

enum piece_kind { PIECE_ASSIST, PIECE_SWEEP };

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

/* A goroutine of this generation. */
struct local_go {
	uint64_t id;
	uint32_t count, max_seq; /* of its records */
	uint32_t first_slot;     /* into slots */
	uint32_t name_seq;       /* of the first change of state with a stack */
	uint32_t name_stack;     /* own id; one that is larger is no name */
	uint32_t status_stack;   /* names it if it was not known before */
	uint32_t head_run;       /* its RUN_HEAD; INDEX_NONE */
	uint32_t parent;         /* INDEX_NONE */
	uint32_t earlier_life;   /* of the same id; INDEX_NONE */
	part_time floor;         /* said to be so at that time by the generation before */
	bool is_created;         /* here */
	bool is_told;            /* by a record of its own, not just by those who wake it */
};

/* A thread: its stream and what it held at its end. */
struct stream {
	uint64_t m;
	uint32_t batches;      /* of events */
	part_time first, last; /* times it wrote */
	uint64_t events;
	uint32_t run;        /* open at the end; INDEX_NONE */
	uint32_t head_run;   /* its first, if its goroutine is not known from the stream */
	uint32_t tenure;     /* its last slot of its P; INDEX_NONE */
	uint32_t opener;     /* the start or status that gave it the P */
	uint32_t tenure_seq; /* the number of the last, even of one that is forgotten */
	uint16_t proc;       /* in hand at the end, as far as the stream tells */
	uint32_t bound;      /* the goroutine whose status elsewhere says it is in a syscall here */
	uint32_t stop;       /* of the world, by this thread; INDEX_NONE */
	uint64_t head_stack; /* the first of its head run */
	struct open_range {  /* begun here and not ended yet; run: INDEX_NONE if there is none */
		uint32_t run;
		part_time begin;
		event_ref ref;
		uint64_t stack;
		uint16_t proc;
	} assist, sweep;
	bool in_syscall, has_run;
};

struct local_proc {
	uint64_t id;
	uint32_t count, max_seq;
	uint32_t first_slot;
};

#endif
