/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_CHROME_AT_H
#define CORE_EXPORT_CHROME_AT_H

#include "core/export/chrome.h"
#include "core/trace/strings.h"

/* Inside of chrome.h: what it remembers, and how it writes. Times are ns since the begin of the
 * trace; frames are those of chrome_frame, 0: none. */

#define CHROME_NOBODY UINT32_MAX

/* A range of a goroutine or P that is open. */
struct chrome_range {
	int64_t begin_ns;
	uint32_t frame;
	string_id name; /* of a stop: its reason */
	bool is_open;
};

/* What is inside of a run, and is written behind it as it begins with it. */
struct chrome_slice {
	int64_t begin_ns, end_ns;
	unsigned group;
	uint64_t row;
	uint32_t frames[2];   /* at its begin and end */
	struct bytes name[3]; /* one behind the other */
	const char *args;     /* JSON; NULL: none */
};

enum { CHROME_EARLY = 3 };

struct chrome_region {
	int64_t begin_ns;
	uint64_t task;
	string_id name;
	uint32_t frame;
};

/* Whether it counts as running, and so on. */
enum chrome_count { COUNT_NOT, COUNT_RUN, COUNT_READY, COUNT_FOR_GC, COUNT_CALL, CHROME_COUNTS };

struct chrome_go {
	uint64_t id; /* EVENT_NONE: it is over, the place is free */
	int64_t last_ns;
	int64_t run_ns;
	string_id name, label, reason; /* reason: why it waits */
	uint32_t proc;                 /* that it has, in a run; CHROME_NOBODY */
	uint32_t thread;               /* that it is on, where rows are threads; the same */
	uint32_t stop_frame;           /* where it stopped last */
	struct chrome_range call, assist, stop; /* a syscall, a mark assist, a stop of the world */
	struct chrome_slice early[CHROME_EARLY];
	unsigned early_count;
	struct { /* what made it runnable */
		int64_t ns;
		uint64_t row;
		uint32_t frame;
		string_id reason;
		const char *name; /* NULL: nothing that has an arrow */
	} cause;
	ARRAY(struct chrome_region) regions;
	uint8_t state; /* enum go_state */
	uint8_t count; /* enum chrome_count */
};

struct chrome_proc {
	uint64_t id;
	int64_t last_ns; /* the end of the last run on it */
	uint32_t go;     /* that runs on it; CHROME_NOBODY */
	struct chrome_range sweep;
	bool is_running;
};

struct chrome_thread {
	uint64_t id;
	int64_t last_ns; /* the end of the last run on it */
	uint32_t go;     /* that runs on it; CHROME_NOBODY */
};

struct chrome_task {
	uint64_t id, parent, go;
	int64_t begin_ns;
	string_id name;
	uint32_t frame;
	bool is_open; /* else the place is free */
};

/* The frames of all stacks as a tree, each once. */
struct chrome_frame {
	uint32_t parent; /* the caller; 0: none */
	string_id function;
	uint64_t line;
};

struct chrome {
	struct budget *budget;
	struct text_out *out;
	int64_t from_ns, to_ns; /* the stretch */
	int64_t start_ns;       /* of the trace, on its own clock */
	int64_t end_ns;         /* so far */
	uint64_t syncs;
	uint64_t arrows;
	bool has_events, has_tasks, by_thread;

	struct strings strings;
	ARRAY(struct chrome_frame) frames; /* the first is none */
	struct id_map frame_of;            /* by a hash */
	struct id_map stack_of;            /* own stacks of the generation */

	ARRAY(struct chrome_go) gos;
	ARRAY(uint32_t) free_gos;
	struct id_map go_of;
	ARRAY(struct chrome_proc) procs;
	struct id_map proc_of;
	ARRAY(struct chrome_thread) threads; /* where rows are */
	struct id_map thread_of;
	ARRAY(struct chrome_task) tasks;
	ARRAY(uint32_t) free_tasks;
	struct id_map task_of;

	struct chrome_range mark; /* of the GC */
	int64_t counts[CHROME_COUNTS];
	int64_t running_procs;
	uint64_t heap, goal;
};

/* Rows beside those of Ps (Go: cmd/trace, internal/trace/traceviewer/format). */
enum { ROW_TIMERS = 1000001, ROW_NETWORK, ROW_SYSCALLS, ROW_GC };
enum { GROUP_PROCS, GROUP_STATS, GROUP_TASKS };

/* An event, and what of it everybody needs. */
struct chrome_now {
	const struct event *event;
	int64_t ns;
};

static inline struct bytes chrome_text(const struct chrome *chrome, string_id id)
{
	return strings_text(&chrome->strings, id);
}

/* ---- what is known (chrome_frames.c, chrome.c) */

/* The innermost frame of an own stack, and the name of its outermost function. */
uint32_t chrome_frame_of(struct chrome *chrome, const struct event *event, uint64_t stack);
string_id chrome_root_of(struct chrome *chrome, const struct event *event, uint64_t stack);
void chrome_put_frames(struct chrome *chrome);

/* An own text, among others that outlive it. */
string_id chrome_keep(struct chrome *chrome, const struct event *event, uint64_t id);

/* The places of a P and a thread. */
uint32_t chrome_find_proc(struct chrome *chrome, uint64_t id);
uint32_t chrome_find_thread(struct chrome *chrome, uint64_t id);

/* The row of who an event is of: its P, or its thread; EVENT_NONE: it has none. */
uint64_t chrome_row_of(struct chrome *chrome, const struct event *event);

/* ---- goroutines (chrome_go.c) */

struct chrome_go *chrome_find_go(struct chrome *chrome, uint64_t id);

/* What it does changes. stack: of who does that, an own one; root: that names it. */
void chrome_go_moves(struct chrome *chrome, struct chrome_go *go, enum go_state to,
                     const struct chrome_now *now, uint64_t stack, uint64_t root);

/* Its P is taken away from it. */
void chrome_go_loses_proc(struct chrome *chrome, struct chrome_go *go, int64_t ns);

/* A range of it ends, if one is open. */
void chrome_go_ends(struct chrome *chrome, struct chrome_go *go, struct chrome_range *range,
                    int64_t ns);

/* The trace does. */
void chrome_go_is_left(struct chrome *chrome, struct chrome_go *go);

/* At the begin of a generation: those that are over are forgotten. */
void chrome_forget_gos(struct chrome *chrome);

/* ---- what the program says (chrome_user.c) */

void chrome_add_user(struct chrome *chrome, const struct chrome_now *now);

/* Regions end with their goroutine, and all with the trace. */
void chrome_end_regions(struct chrome *chrome, struct chrome_go *go, int64_t ns);
void chrome_end_tasks(struct chrome *chrome);

/* ---- writing (chrome_put.c) */

bool chrome_laps(const struct chrome *chrome, int64_t begin_ns, int64_t end_ns);
bool chrome_has(const struct chrome *chrome, int64_t ns);

/* Begins an event of a phase, which whoever calls goes on with and closes with "}". */
void chrome_begin(struct chrome *chrome, char phase, int64_t ns, unsigned group, uint64_t row);
void chrome_put_name(struct chrome *chrome, const struct bytes *parts, size_t count);
void chrome_put_frame(struct chrome *chrome, const char *key, uint32_t frame);

void chrome_slice(struct chrome *chrome, const struct chrome_slice *slice);
/* name: constant; row EVENT_NONE: nowhere. */
void chrome_instant(struct chrome *chrome, const char *name, int64_t ns, uint64_t row,
                    uint32_t frame);
/* name: constant; reason is put in brackets behind it, if it is not empty. */
struct chrome_arrow {
	const char *name;
	struct bytes reason;
	unsigned group;
	int64_t from_ns, to_ns;
	uint64_t from_row, to_row;
	uint32_t frame; /* at its begin */
};
void chrome_arrow(struct chrome *chrome, const struct chrome_arrow *arrow);
void chrome_count_gos(struct chrome *chrome, int64_t ns);
void chrome_count_threads(struct chrome *chrome, int64_t ns);
void chrome_count_heap(struct chrome *chrome, int64_t ns);

/* Names of rows and groups. */
void chrome_put_names(struct chrome *chrome);
void chrome_put_row(struct chrome *chrome, unsigned group, uint64_t row, const struct bytes name[2],
                    int64_t place);

#endif
