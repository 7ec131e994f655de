/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_CURSOR_H
#define CORE_TRACE_V1_CURSOR_H

#include "core/trace/v1_file.h"

/* Goes through the events of one list of a v1 trace, and says whose they are (trace-format-v1.md
 * 2.6). */

/* Numbers of goroutines, from 1 on; 0 is left to GC cycles, which are ordered like one. */
struct v1_goroutines {
	struct id_map of;
	uint32_t count;
};

static inline uint32_t v1_goroutine(struct v1_goroutines *goroutines, uint64_t id)
{
	uint32_t go = id_map_add(&goroutines->of, id, goroutines->count);

	goroutines->count += go == goroutines->count;
	return go;
}

/* An event as it is merged: who and when, before times are corrected. */
struct v1_raw {
	int64_t ticks, seq; /* seq: header 1.5 */
	uint64_t g;         /* that ran, or is meant (trace-format-v1.md 2.6); 0: none */
	uint64_t arg[V1_ARGS];
	uint32_t stack, offset; /* offset: of its record in the file */
	uint32_t go, target;    /* numbers of g, and of a goroutine that is made or woken */
	int32_t p;
	uint8_t type; /* enum v1_type, without the Local ones */
};

struct v1_cursor {
	const struct v1_file *file;
	struct v1_goroutines *goroutines;
	struct v1_raw event; /* where it is */
	int64_t ticks, seq;  /* as its batch counts them */
	int64_t floor, limit; /* no event of the batch is earlier, or later */
	int64_t last_limit; /* of the last batch, which none follows; INT64_MAX: there are no limits
	                     */
	uint64_t g;         /* that runs; 0: none */
	uint32_t go;        /* its number */
	uint32_t nobody;    /* number of goroutine 0 */
	size_t at;          /* in the file; of samples: their number */
	uint32_t batch;
	int32_t p;
	bool is_begun;   /* the header of the batch is behind it */
	bool is_samples; /* the list of CPU samples */
};

/* The base time of a batch. */
int64_t v1_batch_base(const struct v1_file *file, uint32_t batch);

/* Before the first event of a list; of that of samples if list is behind the last. */
void v1_cursor_begin(struct v1_cursor *cursor, const struct v1_file *file,
                     struct v1_goroutines *goroutines, uint32_t list, int64_t last_limit);

/* To the next event; false at the end. */
bool v1_cursor_next(struct v1_cursor *cursor);

#endif
