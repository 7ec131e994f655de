/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_MODEL_H
#define CORE_MODEL_MODEL_H

#include "core/base/id_runs.h"
#include "core/model/records.h"
#include "core/model/regions.h"
#include "core/model/roster.h"
#include "core/trace/event.h"
#include "core/trace/index.h"
#include "core/trace/stacks.h"

/* All that is known of a trace. One thread joins parts to it and reads it; times are ns since the
 * begin of the trace, unless a name says otherwise; goroutines and Ps are numbers in roster and
 * indexes into procs.
 *
 * It stands in tiers (performance.md 3): summaries, pyramids and ranges always; the records of a
 * generation (its history) only while the memory budget allows, asked for by model_want. */

struct part;    /* what one generation contributed (part.h) */
struct history; /* its records (history.h) */

/* What a goroutine that lives does since since_ns: at the end of what is joined so far. */
struct live {
	int64_t since_ns, last_ns;
	int64_t lost_ns;       /* of a syscall: when its P was taken; TIME_UNKNOWN */
	int64_t run_ns;        /* begin of a run on a P that goes on; TIME_UNKNOWN: none */
	int64_t assist_cpu_ns; /* of an open assist, so far, */
	int64_t assist_ns;     /* and since when it is on its P, in the part that is joined */
	uint32_t run_part;     /* where the run began; INDEX_NONE */
	uint32_t call_part;    /* where its syscall did; INDEX_NONE */
	uint32_t told_part;    /* the last that told of it; INDEX_NONE */
	uint32_t go;           /* whose life it is */
	uint32_t next, before; /* of those that live, a chain; INDEX_NONE */
	event_ref run_ref, call_ref;
	string_id reason;
	uint32_t assist;     /* open, in assists; INDEX_NONE */
	uint32_t assist_run; /* what was told of it last, in assist_runs */
	uint32_t proc;     /* INDEX_NONE */
	uint8_t state;     /* enum go_state */
	uint8_t worker;    /* enum worker */
	bool is_idle;      /* the part that told of it last tells of nothing that it did */
	bool is_call_told; /* the P's lane has the syscall that it is in */
};

struct model_proc {
	uint64_t id;
	int64_t run_ns, idle_ns, syscall_ns, gc_ns;
	uint64_t runs, losses;
	uint32_t last_go; /* that ran on it; INDEX_NONE */

	int64_t since_ns, last_ns;
	int64_t ran_ns;      /* the end of the last run on it */
	uint32_t syscall_go; /* in a syscall that still holds it; INDEX_NONE */
	uint8_t state;       /* enum proc_state */
	bool is_known;
};

struct thread {
	uint64_t id;
	int64_t first_ns, last_ns;
	int64_t told_ns; /* its last event, samples aside */
	uint64_t events, samples;
	uint32_t go, proc; /* in hand at the end of what is joined; INDEX_NONE */
	uint32_t told;     /* part that told of the P last */
};

/* A stop of the world. */
struct stw {
	int64_t begin_ns, end_ns;
	int64_t stopping_ns; /* until the last other P stood still */
	uint64_t thread;
	uint32_t go, proc;           /* the holder; INDEX_NONE */
	uint32_t last_proc, last_go; /* the last to stop, and what ran there last; INDEX_NONE */
	string_id reason;
	stack_id stack;
	bool is_open; /* the trace ends first */
};

struct gc_cycle {
	uint64_t seq;
	int64_t begin_ns, end_ns; /* of the mark phase */
	int64_t heap_begin, heap_end,
		goal_begin; /* bytes, as recorded last before; METRIC_UNKNOWN */
	bool is_open;
};

struct assist {
	int64_t begin_ns, end_ns, on_cpu_ns;
	uint32_t go, proc; /* proc: INDEX_NONE if seen from afar */
	stack_id stack;
	bool is_open;
	bool is_far; /* what of it was on a CPU is in assist_runs: it went through several runs */
};

/* What goes on on a P for a while. */
struct proc_stretch {
	int64_t begin_ns, end_ns;
	uint32_t proc; /* INDEX_NONE */
};

typedef ARRAY(struct proc_stretch) proc_stretch_array;

/* A run of a GC worker. */
struct worker_run {
	int64_t begin_ns, end_ns;
	uint32_t go, proc; /* INDEX_NONE */
	uint8_t worker;
};

#define METRIC_UNKNOWN INT64_MIN

/* What lasts beyond one generation on a P: a run, or a syscall in one; whole. */
struct long_run {
	int64_t begin_ns, end_ns; /* end: the trace's, while it goes on */
	uint32_t go;
	uint32_t begin_part,
		end_part; /* where its first and last event stand; INDEX_NONE: unknown */
	event_ref begin_ref, end_ref;
	uint8_t worker;
	bool is_open;
	bool is_lost; /* a syscall that lost its P at its end */
};

typedef ARRAY(struct long_run) long_run_array; /* by begin; they do not lap */

/* The first of them that ends behind a time. */
size_t long_run_after(const long_run_array *runs, int64_t time_ns);

/* The lane of a P, as far as parts do not hold it. */
struct lane {
	long_run_array long_runs, long_calls;
	size_t calls_in_runs; /* so many of long_calls, the first */
};

struct model {
	struct budget *budget;
	const struct source *source; /* what it is made from */
	struct index *index;
	const struct roster_listener
		*listener; /* only told of goroutines: nothing else stays; NULL */
	const struct model
		*elder; /* of the same trace, and whole: it has the ids of goroutines; NULL */
	struct version version;
	int64_t start_ns; /* time 0 on the trace's own clock */
	int64_t end_ns;   /* the last time recorded */
	uint64_t bytes;   /* of the file that is in here */
	uint64_t events, generations, regions, logs, samples, syscalls, stack_records,
		string_records;
	uint64_t gomaxprocs, heap_max, clamped, dropped, experimental;
	uint64_t doubted; /* times that can't be, and are not as the file has them */
	uint64_t runnable_max;
	bool is_whole;         /* all parts are joined */
	bool was_stopped;      /* memory ran short: there is more than is loaded */
	bool ends_unnamed;     /* for tests: as if something were lost before each part */
	bool clock_is_assumed; /* somewhere */

	struct strings strings;
	struct stacks stacks;
	struct roster roster;     /* goroutines */
	ARRAY(struct live) lives; /* recycled */
	uint32_t living;          /* the first of the chain; INDEX_NONE */
	ARRAY(uint32_t) free_lives;
	ARRAY(struct model_proc) procs;
	ARRAY(struct thread) threads;
	ARRAY(struct stw) stops;        /* by begin */
	ARRAY(struct gc_cycle) cycles;  /* by seq */
	ARRAY(struct assist) assists;   /* by begin once whole */
	proc_stretch_array assist_runs; /* of those that went through several runs */
	ARRAY(struct worker_run) workers;
	ARRAY(int64_t)
	labels;                   /* when dedicated and fractional ones were labelled, which is
	                           * a moment after their runs begin */
	point_array procs_counts; /* GOMAXPROCS, where it changes */
	struct damage damage;     /* by offset */
	struct id_pages go_of;    /* the last of each id: see model_find_go */
	struct id_runs past_of;   /* the same of those that the roster has forgotten */
	ARRAY(struct reborn {     /* goroutines whose id was used before, ascending */
			      uint32_t go, before; /* the one before of that id */
			      uint32_t part;       /* in which it was born */
			      uint32_t depth;      /* how many were before */
			      uint32_t far; /* one of them, for going back far in few steps */
	})
	reborn;
	struct id_map proc_of, thread_of;
	struct id_runs tasks; /* told of; settled once whole */
	struct said said;     /* tasks and regions */

	ARRAY(struct part *) parts; /* joined ones, in order of generations */
	struct seams *seams;        /* stitch.h */
	struct tops *tops;          /* pyramid.h: the levels above the parts */
	size_t picture_bytes;       /* of the pyramids of parts */
	size_t part_bytes;          /* of all else in them but histories, */
	size_t point_bytes;         /* and checkpoints */
	uint32_t coarsened;         /* parts: the next whose pyramid loses a level (tiers.h) */
	ARRAY(struct lane) lanes;   /* a lane a P, like procs */
	struct trail *trail;        /* trail.h; NULL: there is none */
};

void model_init(struct model *model, struct budget *budget, struct version version);
void model_free(struct model *model);

/* What time it was when the trace began, ns since 1970; TIME_UNKNOWN. */
int64_t model_wall_ns(const struct model *model);

/* Ps that there are, at least one. */
static inline int64_t model_most_procs(const struct model *model)
{
	uint64_t procs = model->gomaxprocs > 0 && model->gomaxprocs < model->procs.count
	                         ? model->gomaxprocs
	                         : model->procs.count;

	return procs > 0 ? (int64_t)procs : 1;
}

/* The last goroutine of an id; ID_NONE. */
uint32_t model_find_go(const struct model *model, uint64_t id);

/* The goroutine of an id that the part knew last; ID_NONE. */
uint32_t model_go_in(const struct model *model, uint64_t id, uint32_t part);

/* The one before of the same id; ID_NONE. */
uint32_t model_go_before(const struct model *model, uint32_t go);

/* The parts that may tell of one: from its birth, as far as its id was used before, to that of the
 * next of the same id. */
void model_parts_of(const struct model *model, uint32_t go, uint32_t *first, uint32_t *end);

/* Another one has the id now; they come in the order of their numbers. */
void model_add_reborn(struct model *model, uint32_t go, uint32_t before, uint32_t part);

/* ---- lanes of Ps (pyramid.h, lane.h) */

/* How a stretch of a lane was spent. */
struct mix {
	int64_t spent_ns[LANE_KINDS]; /* a run beyond one generation: its syscalls count as running
	                               */
	uint64_t spans;               /* runs that begin in it or lap into it */
	int64_t longest_ns;           /* the longest run that touches it, and whose it is */
	uint32_t longest_go;          /* INDEX_NONE */
	bool is_known;                /* false: not loaded yet */
};

/* The mix of [begin_ns, end_ns): exact where histories are there, else as fine as the pyramid. */
struct mix model_mix(const struct model *model, uint32_t proc, int64_t begin_ns, int64_t end_ns);

/* A stretch that can be selected: a run on a P, or a range inside one. */
enum span_kind {
	SPAN_NONE,
	SPAN_RUN,
	SPAN_SYSCALL,
	SPAN_ASSIST,
	SPAN_SWEEP,
	SPAN_STW,
	SPAN_GC,
	SPAN_DAMAGE,   /* the time of what was lost */
	SPAN_RUNNABLE, /* of a goroutine's lane: index is the record that it begins with */
	SPAN_WAITING,
	SPAN_REGION, /* of the program: see user.h, as of logs and CPU samples, which take no time
	              */
	SPAN_LOG,
	SPAN_SAMPLE,
	SPAN_TASK,       /* index: in said.tasks */
	SPAN_PROC_START, /* a thread took a P, or let go of it: likewise without length */
	SPAN_PROC_STOP,
};

struct span {
	int64_t begin_ns, end_ns;
	uint32_t go;     /* INDEX_NONE */
	uint32_t proc;   /* INDEX_NONE */
	uint32_t part;   /* whose history holds it; INDEX_NONE: none */
	uint32_t index;  /* among its kind: run, syscall, piece, stop, cycle, damage, long run */
	uint8_t kind;    /* enum span_kind */
	uint8_t worker;  /* enum worker; of a region: how many are around it */
	bool is_long;    /* lasts beyond one generation: index is into the lane's long runs */
	bool is_near;    /* of a close-up: to be found by its begin, index is nothing */
	uint32_t thread; /* of a thread's lane, or a move of a P: in the model's threads, + 1; 0:
	                  * not known */
	bool is_on_trail; /* in that lane (trail.h): cut to what that has of it */
	bool has_title;   /* what its history calls it was noted (tally_note): that may be gone */
	string_id title;  /* why it waits, or a region's name */
	bool begins_before, ends_behind; /* the part at whose edge it is cut: that beyond has no
	                                  * history now */
};

/* Whether the histories of all parts in the window are there, so that its spans can be listed. */
bool model_has_spans(const struct model *model, int64_t begin_ns, int64_t end_ns);

/* Whose lane, and which. */
enum lane_owner {
	LANE_OF_PROC,   /* what ran on a P */
	LANE_IN_PROC,   /* the ranges inside those runs */
	LANE_OF_GO,     /* everything that a goroutine did: where it leaves a gap, nobody knows; a
	                 * syscall is a span between two runs, and one that loses its P is two */
	LANE_OF_THREAD, /* what ran on a thread: on a P, and in syscalls that had lost theirs */
	LANE_REGIONS_OF_GO,   /* its regions that no other is around, */
	LANE_REGIONS_1_OF_GO, /* those inside of one, */
	LANE_REGIONS_2_OF_GO, /* and of two */
	LANE_REGIONS_ON_PROC, /* the outermost of who runs there, while they do */
	LANE_MARKS_OF_GO,     /* its logs and CPU samples */
	LANE_MARKS_ON_PROC,
	LANE_OF_TASK,         /* of said.tasks, which is there always */
	LANE_MOVES_OF_PROC,   /* when threads took it, and let go of it */
	LANE_MOVES_OF_THREAD, /* when it took a P, of whatever number, and let go of it */
	LANE_OF_TRAIL,        /* which is there always */
};

struct lane_id {
	uint8_t of;     /* enum lane_owner */
	uint32_t index; /* of the P or goroutine */
};

/* The same of what a lane needs: of Ps, close-ups do. */
bool model_has_lane(const struct model *model, struct lane_id lane, int64_t begin_ns,
                    int64_t end_ns);

static inline struct lane_id lane_of_proc(uint32_t proc, bool inner)
{
	return (struct lane_id){ .of = inner ? LANE_IN_PROC : LANE_OF_PROC, .index = proc };
}

static inline struct lane_id lane_of_go(uint32_t go)
{
	return (struct lane_id){ .of = LANE_OF_GO, .index = go };
}

static inline struct lane_id lane_of_thread(uint32_t thread)
{
	return (struct lane_id){ LANE_OF_THREAD, thread };
}

/* Up to max spans of a lane that lap into [begin_ns, end_ns), by begin. Returns how many; a full
 * array may not be all. */
size_t model_spans(const struct model *model, struct lane_id lane, int64_t begin_ns, int64_t end_ns,
                   struct span *spans, size_t max);

/* How the stretches between count + 1 ascending times of a goroutine's lane were spent: all of its
 * spans are looked at. False: histories are missing. */
struct go_mix {
	int64_t running_ns, runnable_ns, waiting_ns, syscall_ns;
	uint64_t spans; /* that touch it */
};
bool model_go_mixes(const struct model *model, uint32_t go, const int64_t *times_ns, size_t count,
                    struct go_mix *mixes);

/* The same of a thread's lane. */
bool model_thread_mixes(const struct model *model, uint32_t thread, const int64_t *times_ns,
                        size_t count, struct go_mix *mixes);

/* Why a goroutine waits or is runnable; 0: nobody knows. */
string_id model_wait_reason(const struct model *model, const struct span *span);

/* The stacks of a span, as far as its histories are there: where the goroutine had stopped before
 * it or stands in it, and where it ended; of who woke it, if that is how it ended, or was made
 * runnable. 0: not recorded. */
void model_span_stacks(const struct model *model, const struct span *span, stack_id stacks[2]);

/* The thread that it was on, as far as its history tells; WIRE_NO_THREAD. */
uint64_t model_span_thread(const struct model *model, const struct span *span);

/* Whether a syscall lasted so long that its P was given to others, or is what follows on that. */
bool model_call_lost_proc(const struct model *model, const struct span *span);

/* For who tours through parts (telling.h): the stack of the event that a stay of a goroutine's lane
 * begins with, be that an event of another goroutine: of who woke or created it. 0: not recorded,
 * or it is a run. */
stack_id model_begin_stack(const struct model *model, const struct span *span);

/* The goroutine that woke or created the one that is runnable; INDEX_NONE. */
uint32_t model_begin_waker(const struct model *model, const struct span *span);

/* The first span of a lane that begins after a time, or the last that begins before it; false if
 * there is none, or (*part then tells which) a history is missing. */
bool model_span_after(const struct model *model, struct lane_id lane, int64_t time_ns,
                      struct span *span, uint32_t *part);
bool model_span_before(const struct model *model, struct lane_id lane, int64_t time_ns,
                       struct span *span, uint32_t *part);

/* ---- counters */

enum series {
	SERIES_RUNNING, /* goroutines, syscalls included */
	SERIES_RUNNABLE,
	SERIES_GC_WAIT,
	SERIES_PROCS, /* threads that hold a P */
	SERIES_CALLS, /* threads in a syscall, with a P or without */
	SERIES_HEAP,
	SERIES_GOAL,
	SERIES_COUNT,
};

struct level {
	int64_t min, max, last;
	bool is_known;
};

struct level model_level(const struct model *model, enum series series, int64_t begin_ns,
                         int64_t end_ns);

/* ---- the parts of a window, for loading them first and for keeping their histories */

/* The joined parts that lap into a window: [*first, *end). Where parts are so short, or lap so
 * much, that there are more than MODEL_PARTS_MAX, they may not be all; such a window is not looked
 * at closely. */
enum { MODEL_PARTS_MAX = 1024 };
void model_parts_in(const struct model *model, int64_t begin_ns, int64_t end_ns, uint32_t *first,
                    uint32_t *end);
bool model_has_history(const struct model *model, uint32_t part);
int64_t model_part_begin(const struct model *model, uint32_t part);
int64_t model_part_end(const struct model *model, uint32_t part);

/* ---- names */

/* "G21 main.publish"; "" and "G21" where nothing is known. */
const char *model_go_title(const struct model *model, uint32_t go, char *out, size_t size);

#endif
