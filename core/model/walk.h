/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_WALK_H
#define CORE_MODEL_WALK_H

#include "core/model/buckets.h"
#include "core/model/checkpoint.h"
#include "core/model/note.h"
#include "core/model/share.h"
#include "core/model/stretch.h"
#include "core/model/timing.h"
#include "core/trace/tables.h"
#include "core/trace/v2_wire.h"

/* From the streams of one generation to records. Each thread is walked by itself, a stretch of time
 * at a time, all threads in turn: its moves of goroutines are put in order and accounted for
 * (moves.h, account.h) before the next stretch, while the cache holds them. What remains for the
 * end of the generation is little: Ps, ranges, syscalls that lost their P (performance.md 7, phase
 * A; walk.md). Reused from generation to generation: walk_begin empties it and keeps its memory. */
struct walk {
	struct budget *budget;
	int64_t base_ns;     /* the part's begin */
	int64_t length_ns;   /* from then on, as the batches tell: there may be more */
	unsigned shift;      /* of part_time */
	uint64_t offset;     /* of the generation in the file */
	uint64_t generation; /* its number */
	bool is_hurt;        /* batches of it may be missing */
	bool is_first;       /* of the trace: what is active, has been since its begin */
	bool has_overflow;   /* a time did not fit: do it again with a larger shift */
	bool names_idle;     /* those that do nothing are named, as the runtime does in the end */
	bool keeps;          /* a history is made: nothing goes to buckets */
	bool joins;          /* usual runs are one move: no history is made of them */
	bool hears;          /* what the program says, and how large the heap is */
	struct go_share share;  /* goroutines of which something is told: of a pass */
	size_t shared;       /* those of which that was handed over */

	/* of a part that is walked again; NULL */
	const struct known *known;
	const struct tables *joined; /* in which its stacks and texts have the trace's ids */

	struct tables tables;
	const struct strings *texts; /* where those are; NULL: in the tables */
	struct checkpoints points;   /* where each batch began */
	struct buckets buckets;
	struct id_pages go_of, proc_of;
	struct id_map stream_of;
	ARRAY(struct local_go) gos;
	ARRAY(struct local_proc) procs;
	ARRAY(struct stream) streams;

	/* of the stretch, and moves behind it; handed over at its end (stretch.h) */
	move_array moves;
	stay_array stays;
	call_array calls;
	call_span_array entries;
	uint32_t first_stay, first_call; /* numbers of those that come first in them */
	part_time latest;                /* no move is behind it */
	uint32_t threads_in_calls; /* that tell of a syscall they were in at the part's begin */

	ARRAY(struct tenure) tenures;
	piece_array pieces;
	ARRAY(struct sweep_end) sweep_ends;
	note_array notes;
	ARRAY(struct task_begin) task_begins;
	ARRAY(struct task_end) task_ends;
	size_t open_regions; /* that streams hold: they may become notes */
	ARRAY(struct stop) stops;
	ARRAY(struct gc_event) gc_events;
	metric_array heap, goal, gomaxprocs;
	ARRAY(part_time) labels; /* of dedicated and fractional workers */
	ARRAY(uint64_t)
	reasons; /* own string ids; a reason is an index in here; 0: the empty text */
	ARRAY(uint8_t) reason_of; /* own string id -> reason, for small ids */
	u32_array names; /* own stack id -> the same, + 1, if its root has a name; else 1; for small
	                  * ids; 0: not asked for yet */
	u32_array stack_of; /* own stack id -> the trace's, + 1, for small ids; 0: not asked for yet
	                     */
	uint8_t forever;    /* the reason of that name; 0: none of it here */
	struct id_pages tasks; /* every task that is mentioned: its last begin, + 1; 0: none yet */
	size_t task_rows;      /* of ids without a gap among them */
	u64_array said; /* a bit for each own text, by its id, that regions or logs that begin here
	                 * have; not where a history is made */
	bool says_others; /* whose ids are too large for that */
	struct damage damage;

	uint64_t events, experimental, regions, logs, syscall_count;
	uint64_t clamped, dropped, doubted;
	part_time last; /* of all */
};

void walk_init(struct walk *walk, struct budget *budget);
void walk_free(struct walk *walk);

/* Ready for a generation that begins offset_ns after the trace. The tables of it are read next,
 * then its event batches. */
void walk_begin(struct walk *walk, const struct generation *generation, const struct timing *timing,
                unsigned shift, bool is_first, bool keeps, int64_t offset_ns);

/* The late statuses of the generation before: a goroutine is not earlier than they say. Comes
 * before all events. */
void walk_floors(struct walk *walk, struct bytes payload, int64_t batch_ns,
                 const struct clock *clock);

/* The part's number of an id; one that is new gets a fresh one. PROC_NONE: more Ps than there can
 * be. */
uint32_t walk_find_go(struct walk *walk, uint64_t id);
uint16_t walk_find_proc(struct walk *walk, uint64_t id);

/* Whether nothing is told of a goroutine, as it is not of the share. */
static inline bool walk_is_mute(const struct walk *walk, size_t g)
{
	return !share_has(walk->share, walk->gos.items[g].id, walk->gos.items[g].is_standin);
}

/* The trace's id of an own stack, where a history is made; else 0. */
static inline stack_id walk_stack(const struct walk *walk, uint64_t stack)
{
	uint32_t *known;

	if (walk->joined == NULL || stack == 0)
		return 0;
	if (stack >= walk->stack_of.count)
		return tables_stack(walk->joined, stack);
	known = &walk->stack_of.items[stack];
	if (*known == 0)
		*known = tables_stack(walk->joined, stack) + 1;
	return *known - 1;
}

/* The stream of a thread; one that is new is begun. */
uint32_t walk_stream(struct walk *walk, uint64_t m);

/* Where a thread's event batches have been walked to: an event at a time, from a payload that has
 * WIRE_WINDOW bytes of zeroes behind it. */
struct walk_cursor {
	uint64_t offset; /* of the payload in the file */
	uint32_t stream;
	uint32_t at, len;  /* in the payload */
	bool is_cut;       /* the file ends inside the payload */
	bool follows_loss; /* something that the thread wrote right before the batch may be lost:
	                    * its state is unknown */
	int64_t time_ns;   /* of the last event; the batch's base at its begin */
	int64_t next_ns;   /* of the event that was too late for the stretch; all are behind it */
	int64_t limit_ns;  /* no event of the batch is later */
	bool is_doubted;   /* one claimed to be, and it is said */
	const struct clock *clock;
};

/* The events of the payload that are before until_ns: their moves are pushed to moves. False when
 * the payload is at its end; what is bad is in damage. */
bool walk_until(struct walk *walk, struct walk_cursor *cursor, const uint8_t *payload,
                int64_t until_ns);

/* The same of a syscall; else it is the own id, for checkpoints. */
static inline uint32_t walk_call_stack(const struct walk *walk, uint64_t stack)
{
	return walk->joined != NULL ? walk_stack(walk, stack) : (uint32_t)stack;
}

/* The text of an own id. */
static inline struct bytes walk_text(const struct walk *walk, uint64_t id)
{
	return walk->texts == NULL ? tables_text(&walk->tables, id)
	                           : strings_text(walk->texts, tables_string(walk->joined, id));
}

/* What was found before end, of a stretch that begins there, into an empty one. Later moves stay
 * for the next. */
void walk_hand_over(struct walk *walk, struct stretch *stretch, part_time begin, part_time end);

/* When the first of what is lost was, as far as is known; 0: any time. */
part_time walk_lost_from(struct walk *walk);

/* After the last stretch: what threads leave open. */
void walk_end(struct walk *walk);

static inline part_time walk_time(struct walk *walk, int64_t time_ns)
{
	uint64_t units;

	if (time_ns < walk->base_ns)
		return 0;
	if (time_ns - walk->base_ns > TIMING_LONGEST_NS)
		time_ns = walk->base_ns + TIMING_LONGEST_NS;
	units = (uint64_t)(time_ns - walk->base_ns) >> walk->shift;
	if (units >= TIME_NONE) {
		walk->has_overflow = true;
		return TIME_NONE - 1;
	}
	return (part_time)units;
}

static inline int64_t walk_ns(const struct walk *walk, part_time time)
{
	return walk->base_ns + (int64_t)((uint64_t)time << walk->shift);
}

#endif
