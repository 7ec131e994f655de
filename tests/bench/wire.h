/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_WIRE_H
#define TESTS_BENCH_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Writes Go execution traces, version 2: the header, batches of each thread, tables, ends of
 * generations. As the runtime does it, events of one thread are at least one clock unit apart, and
 * batch lengths take ten bytes. Source: Go: runtime/tracebuf.go, internal/trace/tracev2. */

enum {
	CLOCK_UNIT_NS = 64,
	BATCH_ROOM = 65504 - 32, /* what a runtime buffer holds beside its header */
	EVENT_ROOM = 1 + 6 * 10, /* the largest event */
	NO_THREAD_NUMBER = -1,
};

enum wire_record {
	WIRE_EVENT_BATCH = 1,
	WIRE_STACKS,
	WIRE_STACK,
	WIRE_STRINGS,
	WIRE_STRING,
	WIRE_CPU_SAMPLES,
	WIRE_CPU_SAMPLE,
	WIRE_FREQUENCY,
	WIRE_PROCS_CHANGE,
	WIRE_PROC_START,
	WIRE_PROC_STOP,
	WIRE_PROC_STEAL,
	WIRE_PROC_STATUS,
	WIRE_GO_CREATE,
	WIRE_GO_CREATE_SYSCALL,
	WIRE_GO_START,
	WIRE_GO_DESTROY,
	WIRE_GO_DESTROY_SYSCALL,
	WIRE_GO_STOP,
	WIRE_GO_BLOCK,
	WIRE_GO_UNBLOCK,
	WIRE_GO_SYSCALL_BEGIN,
	WIRE_GO_SYSCALL_END,
	WIRE_GO_SYSCALL_END_BLOCKED,
	WIRE_GO_STATUS,
	WIRE_STW_BEGIN,
	WIRE_STW_END,
	WIRE_GC_ACTIVE,
	WIRE_GC_BEGIN,
	WIRE_GC_END,
	WIRE_SWEEP_ACTIVE,
	WIRE_SWEEP_BEGIN,
	WIRE_SWEEP_END,
	WIRE_ASSIST_ACTIVE,
	WIRE_ASSIST_BEGIN,
	WIRE_ASSIST_END,
	WIRE_HEAP_ALLOC,
	WIRE_HEAP_GOAL,
	WIRE_GO_LABEL,
	WIRE_TASK_BEGIN,
	WIRE_TASK_END,
	WIRE_REGION_BEGIN,
	WIRE_REGION_END,
	WIRE_LOG,
	WIRE_GO_SWITCH,
	WIRE_GO_SWITCH_DESTROY,
	WIRE_GO_CREATE_BLOCKED,
	WIRE_GO_STATUS_STACK,
	WIRE_SYNC = 50,
	WIRE_CLOCK_SNAPSHOT,
	WIRE_END_OF_GENERATION,
};

struct wire {
	FILE *out;
	bool failed;
	int version; /* 22, 23, 25, 26 */
	uint64_t generation;
	uint64_t first;   /* generations before it are not written */
	uint64_t written; /* bytes */
	uint64_t events;  /* in the batches written */
};

/* What one thread writes: its batch so far. Its clock may run ahead of the others'. */
struct stream {
	struct wire *wire;
	uint64_t thread;
	int64_t skew_ns;
	uint64_t base, last; /* clock units */
	uint32_t len, events;
	uint8_t *bytes; /* BATCH_ROOM, allocated with the first event */
};

/* The file's first bytes. Its first generations are left out, as by a recorder that kept the last.
 */
void wire_begin(struct wire *wire, FILE *out, int version, uint32_t forgotten);

/* A batch of no thread: tables, clocks. */
void wire_batch(struct wire *wire, uint64_t at, const uint8_t *bytes, size_t len);

/* The clocks of a generation, in the form of the version: when it begins since 25, when it ends
 * before. */
void wire_clocks(struct wire *wire, int64_t at_ns);

/* Ends the generation; all streams are flushed by now. */
void wire_generation_end(struct wire *wire);

void stream_flush(struct stream *stream);
void stream_allocate(struct stream *stream);

/* LEB128 */
static inline uint8_t *put_number(uint8_t *to, uint64_t number)
{
	while (number >= 0x80) {
		*to++ = (uint8_t)(number | 0x80);
		number >>= 7;
	}
	*to++ = (uint8_t)number;
	return to;
}

/* One event; what it says in the order of the format. Inlined, as count is known. */
static inline void stream_event(struct stream *stream, int64_t at_ns, enum wire_record type,
                                int count, const uint64_t arguments[])
{
	uint64_t at = (uint64_t)(at_ns + stream->skew_ns) / CLOCK_UNIT_NS;
	uint8_t *to;

	if (stream->len > BATCH_ROOM - EVENT_ROOM)
		stream_flush(stream);
	if (at <= stream->last)
		at = stream->last + 1;
	if (stream->len == 0) {
		if (stream->bytes == NULL)
			stream_allocate(stream);
		stream->base = stream->last = at;
	}
	to = stream->bytes + stream->len;
	*to++ = (uint8_t)type;
	to = put_number(to, at - stream->last);
	for (int i = 0; i < count; i++)
		to = put_number(to, arguments[i]);
	stream->last = at;
	stream->events++;
	stream->len = (uint32_t)(to - stream->bytes);
}

#define EVENT(stream, at_ns, type) stream_event(stream, at_ns, type, 0, NULL)
#define EVENT_OF(stream, at_ns, type, ...)                                                         \
	stream_event(stream, at_ns, type,                                                          \
	             (int)(sizeof((uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t)),                \
	             (uint64_t[]){ __VA_ARGS__ })

#endif
