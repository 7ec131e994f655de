/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_CHROME_H
#define CORE_EXPORT_CHROME_H

#include "core/export/text_out.h"
#include "core/trace/event.h"

/* A trace as Chrome's Trace Event JSON, which Perfetto and chrome://tracing open: the events of
 * `go tool trace`'s /jsontrace by P or by thread (go-tool-trace.md 5; Go: cmd/trace), made of the
 * trace's events in Go's order while they come. What is remembered is who does what just now, and
 * each frame of a stack once.
 *
 *	struct chrome *chrome = chrome_open(budget, out, &wish);
 *	for each event of the trace: chrome_add(chrome, &event);
 *	chrome_close(chrome);
 *
 * It is not as Go has it where Go is wrong (go-tool-trace.md 13): wake-ups from P 0 have arrows,
 *what lasts longer than the stretch that is asked for is there, a syscall that lost its P counts
 *among Threads and not as running, a GC worker's label is that of one run, a slice without a length
 *has one of 0. Times are as recorded. Tasks, a row each, and regions, which Go shows of one task at
 *a time, are there all. By thread, what is found in a syscall on a thread is there, where Go takes
 *it for whoever tells of it.
 */
struct chrome;

struct chrome_wish {
	int64_t from_ns, to_ns; /* what laps into that, since the begin of the trace */
	bool by_thread;         /* rows are those of threads: a syscall that loses its P goes on */
};

struct chrome *chrome_open(struct budget *budget, struct text_out *out,
                           const struct chrome_wish *wish);
void chrome_add(struct chrome *chrome, const struct event *event);

/* Writes what is open at the end, and the rest; frees it. */
void chrome_close(struct chrome *chrome);

#endif
