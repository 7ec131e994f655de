/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v2_wire.h"

#include <stdlib.h>

#include "tests/draw.h"
#include "tests/tap.h"

enum { EVENTS = 600 };

/* A payload in memory of just its length, so that a sanitizer sees reads behind it. */
struct payload {
	uint8_t *data;
	size_t len;
};

static struct payload payload_of(const uint8_t *data, size_t len)
{
	struct payload p = { malloc(len + (len == 0)), len };

	if (len > 0)
		memcpy(p.data, data, len);
	return p;
}

/* Reads a payload, up to step records a call. */
static size_t read_all(struct payload p, struct wire_reader *reader, struct wire_event *events,
                       size_t step)
{
	size_t count = 0, got;

	*reader = (struct wire_reader){ .in = { p.data, p.len }, .time_ns = 1000 };
	clock_set(&reader->clock, CLOCK_USUAL_FREQUENCY);
	while (count + step <= EVENTS && (got = wire_read(reader, events + count, step)) > 0)
		count += got;
	return count;
}

static uint64_t seed = 7;

static size_t put_number(uint8_t *at, uint64_t value, bool padded)
{
	size_t len = 0;

	for (; value >= 0x80 || (padded && len < 9); value >>= 7)
		at[len++] = (uint8_t)(value | 0x80);
	at[len++] = (uint8_t)value;
	return len;
}

/* A record of a timed type with numbers of all lengths. */
static size_t put_event(uint8_t *at, unsigned type, struct wire_event *want)
{
	size_t len = 1;
	unsigned count = wire_spec(type)->arg_count;
	uint64_t dt = draw(&seed, 1000);

	at[0] = want->type = (uint8_t)type;
	len += put_number(at + len, dt, draw(&seed, 8) == 0);
	want->time_ns += (int64_t)dt * 64;
	for (unsigned i = 0; i < count; i++) {
		want->arg[i] = draw_any(&seed) >> draw(&seed, 64);
		len += put_number(at + len, want->arg[i], draw(&seed, 8) == 0);
	}
	return len;
}

static unsigned draw_type(void)
{
	unsigned type;

	do
		type = (unsigned)draw(&seed, WIRE_TYPES);
	while (!wire_spec(type)->timed);
	return type;
}

static bool event_equal(const struct wire_event *a, const struct wire_event *b)
{
	bool same = a->type == b->type && a->time_ns == b->time_ns && a->offset == b->offset;

	for (unsigned i = 0; i < wire_spec(a->type)->arg_count && same; i++)
		same = a->arg[i] == b->arg[i];
	return same;
}

/* 200 records of every type; offsets[i] is where record i ends. */
static struct payload draw_payload(struct wire_event *want, size_t *ends, size_t count)
{
	static uint8_t data[EVENTS * 64];
	int64_t time_ns = 1000;
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		want[i] = (struct wire_event){ .time_ns = time_ns, .offset = (uint32_t)len };
		len += put_event(data + len, draw_type(), &want[i]);
		time_ns = want[i].time_ns;
		ends[i] = len;
	}
	return payload_of(data, len);
}

static void records_of_every_type_come_back(void)
{
	static struct wire_event want[200], got[EVENTS];
	static size_t ends[200];
	bool good = true;

	for (int round = 0; round < 50; round++) {
		struct payload p = draw_payload(want, ends, 200);
		struct wire_reader reader;
		size_t count = read_all(p, &reader, got, 1 + (size_t)round);

		good = good && count == 200 && reader.fault == NULL && reader.at == p.len;
		for (size_t i = 0; i < 200 && good; i++)
			good = event_equal(&want[i], &got[i]);
		free(p.data);
	}
	ok(good, "records of every type come back, in any portions");
}

/* Near the end of a payload records are read from a copy: the same as with room behind them. */
static void cut_anywhere_it_shows_the_whole_records(void)
{
	static struct wire_event want[60], got[EVENTS];
	static size_t ends[60];
	struct payload p = draw_payload(want, ends, 60), cut;
	struct wire_reader reader;
	bool good = true;

	for (size_t len = 0; len <= p.len && good; len++) {
		size_t whole = 0, count;

		while (whole < 60 && ends[whole] <= len)
			whole++;
		cut = payload_of(p.data, len);
		count = read_all(cut, &reader, got, 7);
		good = count == whole && reader.at == (whole == 0 ? 0 : ends[whole - 1]) &&
		       (reader.fault == NULL) == (reader.at == len) &&
		       reader.time_ns == (whole == 0 ? 1000 : want[whole - 1].time_ns);
		for (size_t i = 0; i < whole && good; i++)
			good = event_equal(&want[i], &got[i]);
		if (!good)
			printf("# cut at %zu of %zu\n", len, p.len);
		free(cut.data);
	}
	ok(good, "cut at every byte, it shows the records before the cut and says so");
	free(p.data);
}

/* Some good records, then a bad one: at the end of the payload, and far before it. */
static void stops_at(const uint8_t *bad, size_t len, const char *fault)
{
	static uint8_t data[200];
	static struct wire_event got[EVENTS];
	struct wire_reader reader;

	for (int far = 0; far < 2; far++) {
		struct payload p;
		size_t count;

		memset(data, WIRE_GO_DESTROY, sizeof(data));
		data[1] = data[3] = 1;
		memcpy(data + 4, bad, len);
		p = payload_of(data, far ? sizeof(data) : 4 + len);
		count = read_all(p, &reader, got, EVENTS);
		ok(count == 2 && reader.at == 4 && reader.fault != NULL &&
		           strstr(reader.fault, fault) != NULL,
		   "%s: stops at it%s", fault, far ? "" : " at the end");
		ok(wire_read(&reader, got, 1) == 0, "and goes no further");
		free(p.data);
	}
}

static void faults(void)
{
	static const uint8_t long_number[] = {
		WIRE_GO_DESTROY, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2
	};
	static const uint8_t none[] = { 0 }, table[] = { WIRE_STRING, 1, 1 },
			     free_type[] = { 53, 1 };
	static const uint8_t snapshot[] = { WIRE_CLOCK_SNAPSHOT, 1, 1, 1, 1 }, top[] = { 255, 1 };

	stops_at(none, sizeof(none), "expected an event");
	stops_at(table, sizeof(table), "expected an event");
	stops_at(free_type, sizeof(free_type), "expected an event");
	stops_at(snapshot, sizeof(snapshot), "expected an event");
	stops_at(top, sizeof(top), "expected an event");
	stops_at(long_number, sizeof(long_number), "more than 64 bits");
}

static void times_never_overflow(void)
{
	static const uint8_t data[] = {
		WIRE_GO_DESTROY, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,
		WIRE_GO_DESTROY, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,
		WIRE_GO_DESTROY, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,
		WIRE_GO_DESTROY, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1,
	};
	struct wire_event got[EVENTS];
	struct payload p = payload_of(data, sizeof(data));
	struct wire_reader reader;

	is_u64(read_all(p, &reader, got, 8), 4, "four of the largest deltas");
	is_i64(got[0].time_ns, 1000 + CLOCK_MAX_NS, "each is at most the largest time");
	is_i64(got[3].time_ns, INT64_MAX, "and together they do not overflow");
	free(p.data);
}

static void specs_name_every_argument(void)
{
	bool good = true;

	for (unsigned type = 0; type < 300; type++) {
		const struct wire_spec *spec = wire_spec(type);

		for (unsigned i = 0; i < WIRE_ARGS && spec->name != NULL; i++)
			good = good && (spec->args[i] != NULL) == (i < spec->arg_count);
		if (spec->stack_arg >= 0)
			good = good && spec->stack_arg < spec->arg_count &&
			       strcmp(spec->args[spec->stack_arg], "stack") == 0;
	}
	ok(good, "each type has as many names as arguments, and its stack is one");
	ok(wire_spec(53)->name == NULL && wire_spec(127)->name == NULL &&
	           wire_spec(137)->name == NULL,
	   "numbers that are no type have no name");
}

int main(void)
{
	records_of_every_type_come_back();
	cut_anywhere_it_shows_the_whole_records();
	faults();
	times_never_overflow();
	specs_name_every_argument();
	return tap_done();
}
