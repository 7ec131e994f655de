/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_ACCOUNT_H
#define CORE_MODEL_ACCOUNT_H

#include "core/model/changes.h"
#include "core/model/place.h"
#include "core/trace/event.h"

/* From placed records to what each goroutine and P did, and for how long (performance.md 7, phase
 * C; go-tool-trace.md 6.2; walk.md). A generation is accounted for as if it stood alone: what lasts
 * from before its first change (the head) and beyond its last (the tail) is left to the seam. Times
 * are clamped here: the transitions of one goroutine or P never go backwards. */

/* What a generation adds to a goroutine. Sums in part_time units. */
struct go_delta {
	uint32_t exec, sched, syscall_exec, syscall_block; /* no longer than the part */
	uint32_t exec_clock; /* running time from the part's begin, the head's too; closed runs */
	uint32_t blocks;     /* block_sums by reason, a chain; INDEX_NONE */
	part_time created;   /* TIME_NONE: before */
	part_time started;   /* first running; TIME_NONE */
	part_time ended;     /* TIME_NONE: it lives on */
	part_time head_end;  /* when it left what it was doing at the head; TIME_NONE: not here */
	part_time head_lost; /* when a syscall it was in at the head lost its P; TIME_NONE */
	part_time tail_since, tail_lost;
	part_time first, last;       /* transitions, statuses too */
	uint32_t head_run, tail_run; /* INDEX_NONE */
	uint8_t head_state,
		tail_state; /* enum go_state; the head of one created here: GO_UNKNOWN */
	uint8_t tail_reason, tail_worker;
	uint16_t tail_proc;
	bool tail_is_head; /* nothing changed here */
};

struct block_sum {
	int64_t units;
	uint32_t next;
	uint8_t reason;
};

/* What a generation adds to a P. */
struct proc_delta {
	int64_t run, idle, syscall, gc; /* part_time units */
	uint64_t runs, losses;
	uint32_t first_idle, idle_count; /* when it stopped running: into idles */
	part_time head_end;              /* when it left its head state; TIME_NONE */
	part_time head_lost; /* when the syscall it was in at the head lost it; TIME_NONE */
	part_time tail_since;
	part_time first;                /* heard of */
	uint32_t tail_syscall;          /* the syscall it is in at the end; INDEX_NONE */
	uint8_t head_state, tail_state; /* enum proc_state */
	bool head_returned;             /* the syscall at its head ended well */
	bool tail_in_head_syscall;      /* still in the syscall it was in at the head */
};

enum proc_state { PROC_UNKNOWN, PROC_IDLE, PROC_RUNNING };

/* Assists whose ends lie in different runs, or in different generations. */
struct far_assist {
	uint32_t g;
	part_time begin, end; /* TIME_NONE: not in this generation */
	int64_t on_cpu;       /* here: between begin and end, as far as both are in here */
	event_ref ref;
	uint64_t stack;
	uint16_t proc;
	bool was_active; /* it began before the trace */
};

struct account {
	struct walk *walk;
	struct placement *place;
	ARRAY(struct go_delta) gos;
	ARRAY(struct proc_delta) procs;
	ARRAY(struct block_sum) blocks;
	ARRAY(part_time) idles; /* of each P, ascending */
	ARRAY(struct far_assist) assists;
	ARRAY(struct piece) clipped; /* far assists, cut to runs: for drawing only */
	struct changes changes;      /* in order after account_end */
	u32_array sort_room;
	int32_t counts[COUNTS]; /* at the head */
	uint64_t clamped;       /* times that went backwards */
};

void account_init(struct account *account, struct budget *budget);
void account_free(struct account *account);

/* In this order: all Ps, then goroutines from first to end, in any portions, then the end. */
void account_procs(struct account *account, struct walk *walk, struct placement *place);
void account_goroutines(struct account *account, uint32_t first, uint32_t end);
void account_end(struct account *account);

/* What the seam learnt about a goroutine: it was last heard of at floor, which is later than its
 * first transition here, or the run at the head of a stream is its. Done over; changes stay as they
 * are. */
void account_again(struct account *account, uint32_t g, part_time floor, uint32_t head_run);

#endif
