/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_ACCOUNT_SUMS_H
#define CORE_MODEL_ACCOUNT_SUMS_H

#include "core/model/changes.h"
#include "core/model/pass.h"
#include "core/model/place.h"
#include "core/model/steps.h"
#include "core/model/walk.h"
#include "core/trace/event.h"

/* What an account has come to, and what is added to it. */

enum { EARLY = 4 }; /* changes that the seam can correct */

/* What a generation adds to a goroutine. Sums in part_time units. */
struct go_delta {
	uint32_t exec, sched, syscall_exec, syscall_block; /* no longer than the part */
	uint32_t head_exec;  /* running time of the head, from the part's begin */
	uint32_t blocks;     /* block_sums by reason, a chain; INDEX_NONE */
	uint32_t calls;      /* a chain; INDEX_NONE */
	uint32_t assist;     /* the open one, in assists; INDEX_NONE */
	part_time created;   /* TIME_NONE: before */
	part_time started;   /* first running; TIME_NONE */
	part_time ended;     /* TIME_NONE: it lives on */
	part_time head_end;  /* when it left what it was doing at the head; TIME_NONE: not here */
	part_time head_lost; /* when a syscall it was in at the head lost its P; TIME_NONE */
	part_time tail_since, tail_lost;
	part_time first, last;             /* transitions, statuses too */
	uint32_t parent;                   /* that created it, a number of the part; INDEX_NONE */
	uint32_t name_stack, status_stack; /* own ids; the latter if nothing was known before */

	/* the run at its head, and the one at its tail, as far as this part knows them */
	part_time head_lane_end; /* when it left its P; TIME_NONE: it goes on */
	event_ref head_end_ref, tail_ref;
	event_ref tail_call_ref; /* of the syscall that it ends in; REF_NONE: of before */
	part_time tail_begin, tail_lane_end;
	uint16_t head_proc, tail_proc;
	uint8_t head_worker, tail_worker;
	bool has_head_run, has_tail_run;

	uint8_t came_out; /* of a syscall that only a status tells of, as that: enum go_state */
	uint8_t head_state,
		tail_state; /* enum go_state; the head of one created here: GO_UNKNOWN */
	uint8_t tail_reason;
	uint8_t early_count;
	bool tail_is_head; /* nothing changed here */
	bool is_created;
	bool is_assisting; /* said to be in a mark assist since before */
	bool is_bound;     /* head: in a syscall, as struct call has it */
	struct early {
		part_time time;
		uint16_t proc;
		uint8_t state, reason; /* from then on */
	} early[EARLY];
};

enum { ROW_REASONS = 16 };

/* Waits of a goroutine by reason, for the first reasons of the part; others are in block_sums. */
struct block_row {
	uint32_t units[ROW_REASONS];
	uint16_t has; /* bits: waits, even if without length */
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
	part_time first, last;          /* transitions, statuses too */
	part_time last_run;             /* the end of the last that ran on it */
	part_time floor;                /* nothing is earlier, as is known from before */
	uint32_t last_go;               /* that ran on it; INDEX_NONE */
	uint32_t left_by;               /* the stream that left it at the floor, + 1; 0: none */
	uint8_t head_state, tail_state; /* enum proc_state */
	bool head_returned;             /* the syscall at its head ended well */
	bool tail_in_head_syscall;      /* still in the syscall it was in at the head */
	bool is_abandoned;              /* as its status says: idle, or in a syscall */
	bool was_idle;                  /* that is known from before */
	bool is_done_over;              /* with floor and was_idle */
};

enum proc_state { PROC_UNKNOWN, PROC_IDLE, PROC_RUNNING };

/* A P stopped running. */
struct idle {
	part_time time;
	uint32_t last_go; /* that ran on it; INDEX_NONE: none in this part */
	uint16_t proc;
};

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

/* A run of a GC worker, whole in this part. */
struct worker_stay {
	part_time begin, end;
	uint32_t g;
	uint16_t proc;
	uint8_t worker;
};

/* Time that one has waited for a reason, of lives that are whole. */
struct wait_sum {
	uint32_t units;
	uint8_t reason;
};

/* What a goroutine does: of what moves touch, as much as a cache line holds. Most are created here
 * and do nothing special until they end: of those this is all there is, and they are plain. All
 * others have a go_delta beside it. */
struct go_life {
	part_time last; /* what it did; retired: when it ended */
	part_time since;
	uint32_t expect; /* the order of its next move */
	uint32_t exec, sched, syscall_exec;
	uint32_t blocked; /* for blocked_reason, as long as there is no other: then they are in */
	union {
		uint32_t row;        /* of block_rows; INDEX_NONE */
		uint32_t first_wait; /* retired: into waits */
	};
	union {
		uint32_t record;     /* its latest in the history; INDEX_NONE */
		uint32_t name_stack; /* plain; own id */
	};
	union {
		uint32_t delta;  /* into deltas; INDEX_NONE: it has none yet */
		uint32_t parent; /* plain */
	};
	part_time created, started; /* plain */
	uint32_t parked;            /* moves that wait for one before them */
	uint16_t proc;
	uint8_t state;
	uint8_t reason, blocked_reason;
	uint8_t waits; /* from first_wait on */
	uint8_t early;
	bool is_special;  /* something of it is not told by moves alone: see settle_kind */
	bool is_head : 1; /* still what it was doing at the head */
	bool has_head : 1;
	bool in_head_run : 1;
	bool in_assist : 1;
	bool is_told : 1;  /* by a move of its own */
	bool is_begun : 1; /* its first move is noted */
	bool has_started : 1;
	bool is_late : 1;     /* the run began before the clamp lets it */
	bool has_blocked : 1; /* blocked and blocked_reason count */
	bool is_kept : 1;     /* what is found later needs its delta */
	bool is_plain : 1;
	bool is_retired : 1; /* plain, and over */
	bool is_named;       /* it needs no more stacks */
	bool is_mute;        /* nothing is told of it (share.h); a cache line in all */
};

/* A goroutine's life that ended before its id was used again. */
struct past_life {
	uint32_t g;
	uint32_t runs; /* of it that began here */
	uint32_t go;   /* the trace's number, when it is joined */
	struct go_delta delta;
};

struct history;

enum { ACCOUNT_REASONS = 256 };

/* What the program said, being matched (account_note.c). */
struct account_notes {
	note_array all; /* taken over from the walk; in the end, those for the seam */
	size_t enough;  /* with so many, pairs are dropped */
	bool is_told;   /* some have been, of a pass: its regions are not in order */
	struct note_match match;
	u64_array past;      /* own number << 32 | into past: by goroutine and time */
	u32_array region_of; /* of each key: in the history */
	note_array kept;     /* the next all */
	unsigned phase;
	size_t at; /* in it */
};

struct account {
	struct walk *walk;
	struct history *history;   /* that is made; NULL */
	uint8_t pass;              /* enum pass_need: what of it is, and nothing else; 0: all */
	const struct known *known; /* then; NULL */
	size_t known_used;         /* of goroutines */
	const struct placement *place;
	stay_array stays;            /* that moves refer to, taken over from the walk */
	uint32_t first_stay;         /* number of the first */
	call_array calls;            /* all so far, taken over as well */
	uint8_t forever;             /* the reason of that name; 0: none of it here */
	ARRAY(struct go_life) lives; /* a goroutine each */
	u32_array runs;              /* that began here, of each: on a P, by a start or a switch */
	uint32_t stopped[ACCOUNT_REASONS]; /* runs that ended for each reason of the part */
	ARRAY(struct go_delta) deltas;
	uint32_t free_delta;          /* a chain by blocks; INDEX_NONE */
	ARRAY(struct wait_sum) waits; /* of lives that are retired */
	u32_array retired, others;    /* when all is done: goroutines */
	ARRAY(struct past_life) past;
	ARRAY(struct proc_delta) procs;
	ARRAY(struct block_row) rows;
	uint32_t free_row; /* a chain by the first of units; INDEX_NONE */
	ARRAY(struct block_sum) blocks;
	ARRAY(struct idle) idles; /* of each P, ascending */
	ARRAY(struct far_assist) assists;
	ARRAY(struct clip { /* of far assists: where the piece on this run begins */
			    part_time from;
			    uint32_t stack; /* for the history */
	})
	clips;
	piece_array clipped; /* far assists, cut to runs; for the
	                      * history syscalls, too */
	ARRAY(struct worker_stay) workers;
	ARRAY(uint64_t) proc_changes; /* time << 1 | it starts */
	u32_array entries[2]; /* for the history: threads that leave a syscall, [1] or enter one */
	struct buckets buckets; /* of the numbers over time */
	struct counter counter, call_counter;
	struct steps steps; /* of the number of runnable goroutines */
	/* changes of a short stretch, by units of time since its begin; 0 units: of none */
	part_time units_begin;
	uint32_t units;
	u64_array unit_marks; /* a bit for each that has some */
	ARRAY(change_tally) unit_adds;
	/* others: time << CHANGE_BITS | enum change: all of them for the history, or those that are
	 * not counted yet */
	u64_array noted, noted_room;
	u32_array noted_early; /* for a history: those that fit so, as most do */
	struct changes changes; /* the same, and those of Ps, in order */
	u32_array sort_room;
	int32_t heads[COUNTS]; /* numbers at the part's begin */
	part_time last_end;    /* of those that are retired */
	struct account_notes notes;
	size_t died, blocked; /* goroutines that did */
	size_t plain;         /* that are, and live: they need deltas in the end */
	uint64_t clamped;     /* times that went backwards */
	uint64_t dropped;     /* moves whose place was taken */

	/* what checkpoints do not tell (checkpoint.h): while the part is loaded */
	u64_array late_runs, lost_calls;
	u32_array left_runs; /* references: see struct checkpoints */
	ARRAY(struct reborn_go {
		uint32_t g;
		part_time begin;
	})
	reborn;      /* lives that are not the first of their id */
	bool is_odd; /* what threads tell is not what was accounted for */
};

enum { ODD_MAX = 1 << 17 /* of each: with more nobody begins at checkpoints */ };

static inline void account_note_odd(struct account *account, u64_array *items, event_ref ref,
                                    part_time time)
{
	if (account->history != NULL)
		return;
	if (ref == REF_NONE || items->count == ODD_MAX)
		account->is_odd = true;
	else
		*array_push(items) = (uint64_t)ref << 32 | time;
}

/* ---- numbers over time */

/* A stretch, of which so many moves will be given; its moves; and all that changed before its end
 * is counted. Of a history nothing is. */
void account_tally_begin(struct account *account, const struct stretch *stretch, size_t moves);
void account_tally(struct account *account, part_time end);

/* Of a stretch: threads in syscalls. */
void account_take_entries(struct account *account, const struct stretch *stretch);

/* Whether it is asked for. */
static inline bool account_counts(const struct account *account)
{
	return account->pass == 0 || account->pass & PASS_COUNTS;
}

static inline void account_note(struct account *account, part_time time, enum change change)
{
	uint64_t note = (uint64_t)time << CHANGE_BITS | change;

	if (account->history != NULL && note <= UINT32_MAX)
		*array_push(&account->noted_early) = (uint32_t)note;
	else
		*array_push(&account->noted) = note;
}

static inline enum change noted_change(uint64_t note)
{
	return (enum change)(note & ((1 << CHANGE_BITS) - 1));
}

/* Where the changes of units of time go. */
struct units {
	part_time begin;
	uint32_t count; /* 0: changes are noted */
	uint64_t *marks;
	change_tally *adds;
};

static inline struct units account_units(const struct account *account)
{
	return (struct units){
		.begin = account->units_begin,
		.count = account->units,
		.marks = account->unit_marks.items,
		.adds = account->unit_adds.items,
	};
}

/* For who does that often: units of the account as they are all the while. */
static inline void account_count_in(struct account *account, struct units units, part_time time,
                                    enum change change)
{
	uint32_t unit = time - units.begin;

	if (unit >= units.count) {
		account_note(account, time, change);
		return;
	}
	units.marks[unit / 64] |= UINT64_C(1) << unit % 64;
	units.adds[unit] += change_tallies[change];
}

/* Numbers change at a time. */
static inline void account_count(struct account *account, part_time time, enum change change)
{
	account_count_in(account, account_units(account), time, change);
}

/* ---- waits, by reason */

static inline void account_add_to_row(struct account *account, const struct go_life *life,
                                      uint32_t units)
{
	struct block_row *row = &account->rows.items[life->row];

	row->units[life->reason] += units;
	row->has |= (uint16_t)(1u << life->reason);
}

static inline void account_add_block(struct account *account, uint32_t *chain, uint8_t reason,
                                     int64_t units)
{
	uint32_t at = *chain;

	while (at != INDEX_NONE && account->blocks.items[at].reason != reason)
		at = account->blocks.items[at].next;
	if (at == INDEX_NONE) {
		*array_push(&account->blocks) =
			(struct block_sum){ .next = *chain, .reason = reason };
		at = *chain = (uint32_t)account->blocks.count - 1;
	}
	account->blocks.items[at].units += units;
}

/* ---- syscalls of runs */

/* A row of stays; NULL: none. */
static inline const struct stay *account_row(const struct account *account, uint32_t row)
{
	return row == INDEX_NONE ? NULL : &account->stays.items[row - account->first_stay];
}

/* What of a row of stays lies in [begin, end). */
static inline uint32_t account_stays(const struct account *account, uint32_t row, part_time begin,
                                     part_time end)
{
	const struct stay *stay = account_row(account, row);
	uint32_t sum = 0;

	for (; stay != NULL && stay->begin != TIME_NONE; stay++) {
		part_time from = stay->begin, to = stay->end;

		from = from < begin ? begin : from;
		to = to > end ? end : to;
		sum += to > from ? to - from : 0;
	}
	return sum;
}

#endif
