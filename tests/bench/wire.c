/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "tests/bench/wire.h"

enum { NS_PER_SECOND = 1000000000 };

/* When the clock of the traces began, Unix time: 2026-01-01. */
static const int64_t boot_second = 1767225600;

static void write_bytes(struct wire *wire, const uint8_t *bytes, size_t len)
{
	if (wire->generation < wire->first)
		return;
	if (fwrite(bytes, 1, len, wire->out) != len)
		wire->failed = true;
	wire->written += len;
}

/* The runtime leaves ten bytes for a batch's length before it knows it. */
static uint8_t *put_length(uint8_t *to, uint64_t length)
{
	for (int i = 0; i < 9; i++, length >>= 7)
		*to++ = (uint8_t)(length | 0x80);
	*to++ = (uint8_t)length;
	return to;
}

static void write_batch(struct wire *wire, uint64_t thread, uint64_t at, const uint8_t *bytes,
                        size_t len)
{
	uint8_t header[64];
	uint8_t *to = header;

	*to++ = WIRE_EVENT_BATCH;
	to = put_number(to, wire->generation);
	to = put_number(to, thread);
	to = put_number(to, at);
	to = put_length(to, len);
	write_bytes(wire, header, (size_t)(to - header));
	write_bytes(wire, bytes, len);
}

void wire_begin(struct wire *wire, FILE *out, int version, uint32_t forgotten)
{
	char header[17];

	*wire = (struct wire){ .out = out, .version = version, .generation = 1 };
	snprintf(header, sizeof header, "go 1.%02d trace", version % 100);
	header[14] = header[15] = '\0';
	write_bytes(wire, (const uint8_t *)header, 16);
	wire->first = forgotten + 1;
}

void wire_batch(struct wire *wire, uint64_t at, const uint8_t *bytes, size_t len)
{
	write_batch(wire, (uint64_t)NO_THREAD_NUMBER, at, bytes, len);
}

void wire_clocks(struct wire *wire, int64_t at_ns)
{
	uint8_t bytes[64];
	uint8_t *to = bytes;

	if (wire->version >= 25)
		*to++ = WIRE_SYNC;
	*to++ = WIRE_FREQUENCY;
	to = put_number(to, NS_PER_SECOND / CLOCK_UNIT_NS);
	if (wire->version >= 25) {
		*to++ = WIRE_CLOCK_SNAPSHOT;
		to = put_number(to, 1);
		to = put_number(to, (uint64_t)at_ns + CLOCK_UNIT_NS);
		to = put_number(to, (uint64_t)(boot_second + at_ns / NS_PER_SECOND));
		to = put_number(to, (uint64_t)(at_ns % NS_PER_SECOND));
	}
	wire_batch(wire, (uint64_t)at_ns / CLOCK_UNIT_NS, bytes, (size_t)(to - bytes));
}

void wire_generation_end(struct wire *wire)
{
	if (wire->version >= 26)
		write_bytes(wire, &(const uint8_t){ WIRE_END_OF_GENERATION }, 1);
	wire->generation++;
}

void stream_flush(struct stream *stream)
{
	if (stream->len == 0)
		return;
	write_batch(stream->wire, stream->thread, stream->base, stream->bytes, stream->len);
	stream->wire->events += stream->events;
	stream->len = 0;
	stream->events = 0;
}

void stream_allocate(struct stream *stream)
{
	stream->bytes = malloc(BATCH_ROOM);
	if (stream->bytes == NULL)
		abort();
}
