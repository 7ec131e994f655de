/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/hostile_at.h"

#include <stdio.h>

enum { PAYLOAD_FULL = 60000, V1_MANY_ARGS = 3 };

#define AS_FAMILY(version, family) { .name = #family, .minor = (version), .make = make_##family },
const struct hostile_family hostile_families[] = { HOSTILE_BATCHES(AS_FAMILY) HOSTILE_GOROUTINES(
	AS_FAMILY) HOSTILE_OTHERS(AS_FAMILY) HOSTILE_V1(AS_FAMILY) };
const size_t hostile_families_count = sizeof(hostile_families) / sizeof(hostile_families[0]);

size_t hostile_len(const struct hostile *h)
{
	return h->out->count - h->first + h->payload.count;
}

bool hostile_wants(const struct hostile *h)
{
	return hostile_len(h) < h->bytes;
}

bool hostile_wants_half(const struct hostile *h)
{
	return hostile_len(h) < h->bytes / 2;
}

static void put_number(byte_array *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*array_push(out) = (uint8_t)(value | 0x80);
	*array_push(out) = (uint8_t)value;
}

static void put_bytes(byte_array *out, const uint8_t *bytes, size_t len)
{
	size_t at = out->count;

	array_resize(out, at + len);
	if (len > 0)
		memcpy(out->items + at, bytes, len);
}

void hostile_byte(struct hostile *h, uint8_t byte)
{
	hostile_flush(h);
	*array_push(h->out) = byte;
}

/* ---- batches */

void hostile_flush(struct hostile *h)
{
	if (!h->is_open)
		return;
	*array_push(h->out) = WIRE_EVENT_BATCH;
	put_number(h->out, h->generation);
	put_number(h->out, h->m);
	put_number(h->out, h->base);
	put_number(h->out, h->payload.count);
	put_bytes(h->out, h->payload.items, h->payload.count);
	array_clear(&h->payload);
	h->is_open = false;
}

void hostile_batch(struct hostile *h, uint64_t m, uint64_t ticks)
{
	hostile_flush(h);
	h->m = m;
	h->base = h->now = ticks;
	h->is_open = true;
}

void hostile_experimental(struct hostile *h, uint64_t m, const uint8_t *payload, size_t len)
{
	hostile_flush(h);
	*array_push(h->out) = WIRE_EXPERIMENTAL_BATCH;
	*array_push(h->out) = 1; /* AllocFree */
	put_number(h->out, h->generation);
	put_number(h->out, m);
	put_number(h->out, 1000);
	put_number(h->out, len);
	put_bytes(h->out, payload, len);
}

void hostile_clock(struct hostile *h)
{
	hostile_batch(h, WIRE_NO_THREAD, 1000);
	if (h->minor >= 25)
		RECORD(h, WIRE_SYNC);
	RECORD(h, WIRE_FREQUENCY, CLOCK_USUAL_FREQUENCY);
	if (h->minor >= 25)
		RECORD(h, WIRE_CLOCK_SNAPSHOT, 1, 64000, 1700000000, 0);
}

void hostile_end(struct hostile *h)
{
	hostile_flush(h);
	if (h->minor >= 26)
		*array_push(h->out) = WIRE_END_OF_GENERATION;
	h->generation++;
}

/* Whether the payload is one of a table, whose next batch begins with the same byte. */
static bool is_table(const struct hostile *h)
{
	uint8_t first = h->payload.items[0];

	return first == WIRE_STRINGS || first == WIRE_STACKS || first == WIRE_CPU_SAMPLES;
}

void hostile_record(struct hostile *h, size_t count, const uint64_t numbers[])
{
	if (h->payload.count > PAYLOAD_FULL) {
		uint8_t first = is_table(h) ? h->payload.items[0] : WIRE_NONE;

		hostile_batch(h, h->m, h->now);
		if (first != WIRE_NONE)
			*array_push(&h->payload) = first;
	}
	*array_push(&h->payload) = (uint8_t)numbers[0];
	for (size_t i = 1; i < count; i++)
		put_number(&h->payload, numbers[i]);
	if (count > 1 && wire_spec((unsigned)numbers[0])->timed)
		h->now += numbers[1];
}

/* A text of that length that no other number has; its length stands before it. */
static void put_text(byte_array *out, size_t len, uint64_t number)
{
	put_number(out, len);
	for (size_t i = 0; i < len; i++, number >>= 6)
		*array_push(out) = (uint8_t)('0' + (number & 63));
}

void hostile_text(struct hostile *h, size_t len, uint64_t number)
{
	put_text(&h->payload, len, number);
}

/* ---- v1 */

void hostile_v1_record(struct hostile *h, size_t count, const uint64_t numbers[])
{
	byte_array body = { .budget = h->out->budget };
	uint8_t type = (uint8_t)numbers[0];
	size_t args = count - 1 - (h->minor < 7 ? 2 : 1); /* that no version has less of */

	for (size_t i = 1; i < count; i++)
		put_number(&body, numbers[i]);
	if (args >= V1_MANY_ARGS || type == V1_STACK) {
		*array_push(h->out) = (uint8_t)(V1_MANY_ARGS << 6 | type);
		put_number(h->out, body.count);
	} else {
		*array_push(h->out) = (uint8_t)(args << 6 | type);
	}
	put_bytes(h->out, body.items, body.count);
	array_free(&body);
}

void hostile_v1_text(struct hostile *h, uint64_t id, size_t len, uint64_t number)
{
	*array_push(h->out) = V1_STRING;
	put_number(h->out, id);
	put_text(h->out, len, number);
}

/* ---- the whole */

void hostile_make(const struct hostile_family *family, size_t bytes, byte_array *out)
{
	struct hostile h = {
		.out = out,
		.payload = { .budget = out->budget },
		.first = out->count,
		.bytes = bytes,
		.generation = 1,
		.minor = family->minor,
	};
	char head[17] = "";

	snprintf(head, sizeof(head), "go 1.%u trace", family->minor);
	put_bytes(out, (const uint8_t *)head, 16);
	family->make(&h);
	hostile_flush(&h);
	array_free(&h.payload);
}
