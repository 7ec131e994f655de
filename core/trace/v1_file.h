/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_FILE_H
#define CORE_TRACE_V1_FILE_H

#include "core/base/radix.h"
#include "core/trace/source.h"
#include "core/trace/tables.h"
#include "core/trace/v1_wire.h"

/* A v1 trace before its events are put in order: its bytes, where each P's batches are, and its
 * tables, which stand behind the events that use them (trace-format-v1.md 2). It is read whole, as
 * only its end tells names and clock. Every record is checked here; those who read it again find
 * the same records. */

/* What one P wrote, batch by batch. */
struct v1_list {
	int32_t p;            /* -1: threads without one */
	uint32_t first, last; /* batches; those without events are left out */
};

struct v1_batch {
	uint32_t offset; /* of the Batch record */
	uint32_t next;   /* of the same list; V1_NO_BATCH */
};

#define V1_NO_BATCH UINT32_MAX

struct v1_sample {
	int64_t ticks;
	uint64_t g; /* 0: none known */
	uint32_t stack;
	int32_t p; /* -1: none */
};

struct v1_file {
	struct budget *budget;
	const struct source *source;
	unsigned minor;
	uint8_t *data;
	size_t len, capacity;
	ARRAY(struct v1_list) lists; /* by P, once all is read */
	ARRAY(struct v1_batch) batches;
	ARRAY(struct v1_sample) samples;
	u32_array logs; /* offsets of UserLog records; their texts follow the file's strings */
	u32_array torn; /* of records whose text is none: another batch begins in it */
	struct id_map timers; /* goroutines that fire timers */
	struct tables tables;
	uint64_t frequency; /* ticks a second */
	uint64_t events;    /* timed records, CPU samples too */
	uint64_t
		first_text; /* own id of the first log text; those of the reader come behind them */
	uint32_t first_start;  /* own id of the first stack that header 1.5 keeps as an address */
	bool has_futile;       /* FutileWakeup was seen */
	bool clock_is_assumed; /* there is no frequency: a tick counts as a nanosecond */
	bool is_full;          /* there was no memory for the rest */
	size_t promised;       /* what the tables will take when all is read */
	size_t log_bytes;      /* of texts of logs */
	struct damage damage;  /* times in ticks */

	/* while reading */
	size_t at, records;
	uint32_t list;       /* of the current batch; none: V1_NO_BATCH */
	uint32_t batch;      /* its offset, until its first event is seen */
	uint64_t last_ticks, before_ticks; /* of the last two Batch records */
	size_t next_trace;   /* header of another one behind damage, as far as was looked */
	struct id_map list_of, frame_of, start_of;
	struct error verdict; /* what Go would refuse it for */
};

enum { V1_LISTS_MAX = 8192 }; /* Ps: as many processors as Linux has */

void v1_file_init(struct v1_file *file, struct budget *budget, const struct source *source,
                  unsigned minor);
void v1_file_free(struct v1_file *file);

/* Reads about that many bytes; the source is finished. False when all is read. */
bool v1_file_step(struct v1_file *file, size_t bytes);

static inline struct bytes v1_file_bytes(const struct v1_file *file)
{
	return (struct bytes){ file->data, file->len };
}

/* v1_take for who reads again what was found to be well: a record that was not is a fault. */
const char *v1_file_take(const struct v1_file *file, size_t *at, struct v1_record *record);

/* The own id of the text of a UserLog record; and of the stack for a start address (header 1.5). */
uint64_t v1_file_log(const struct v1_file *file, uint32_t offset);
uint64_t v1_file_start(const struct v1_file *file, uint64_t pc);

#endif
