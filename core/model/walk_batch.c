/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/walk_at.h"

#include "core/base/checked.h"
#include "core/trace/v2_take.h"

/* The events of a batch, in time and as they stand in it. */

#define MANY_TICKS (UINT64_C(1) << 28) /* a sum of fewer fits */

static void note_latest(struct walk *walk, part_time time)
{
	walk->latest = time > walk->latest ? time : walk->latest;
}

static void lose(struct walk *walk, const struct walk_cursor *cursor, const struct stream *stream,
                 uint8_t found, const char *expected)
{
	struct damage_row row =
		damage_row(cursor->is_cut ? DAMAGE_END : DAMAGE_LOCAL, cursor->offset + cursor->at,
	                   cursor->len - cursor->at, expected);

	damage_found(&row, "byte 0x%02x", found);
	row.generation = walk->generation;
	row.m = wire_thread(stream->m);
	if (stream->proc != PROC_NONE)
		row.p = walk->procs.items[stream->proc].id;
	row.begin_ns = cursor->time_ns;
	damage_add(&walk->damage, &row);
}

/* An event that would be behind all that can be comes right after the one before it. */
static void doubt_distance(struct walk *walk, struct walk_cursor *cursor,
                           const struct stream *stream, ptrdiff_t at, int64_t time_ns)
{
	struct damage_row row =
		damage_row(DAMAGE_NOTE, cursor->offset + (uint64_t)at, 0,
	                   "expected a time before the end of the batch, found a later one");

	walk->doubted++;
	if (cursor->is_doubted)
		return;
	cursor->is_doubted = true;
	row.generation = walk->generation;
	row.m = wire_thread(stream->m);
	row.begin_ns = time_ns; /* the cursor's is that of the stretch */
	damage_add(&walk->damage, &row);
}

/* The first unit that is not before a time. Units that are later than fit are not simple. */
static uint64_t units_until(const struct walk *walk, int64_t until_ns)
{
	uint64_t units, rest;

	if (until_ns <= walk->base_ns)
		return 0;
	units = (uint64_t)(until_ns - walk->base_ns) >> walk->shift;
	rest = (uint64_t)(until_ns - walk->base_ns) - (units << walk->shift);
	units += rest != 0;
	return units < TIME_NONE ? units : TIME_NONE;
}

/* Clock ticks as a whole number of units; 0: they are not. */
static uint64_t units_a_tick(const struct walk *walk, const struct clock *clock)
{
	uint64_t unit = UINT64_C(1) << walk->shift;

	return clock->whole % unit == 0 ? clock->whole / unit : 0;
}

/* The time of an event that is dt behind another. */
static int64_t add_ticks(const struct clock *clock, int64_t time_ns, uint64_t dt)
{
	int64_t ns = saturating_add_i64(time_ns, clock_ns(clock, dt));

	return ns < INT64_MAX ? ns : INT64_MAX - 1;
}

static void lose_thread(struct at *at, part_time time)
{
	at->ref = REF_NONE;
	at->time = time;
	note_latest(at->walk, time);
	at_settle_call(at);
	at_lose_thread(at);
}

bool walk_until(struct walk *walk, struct walk_cursor *cursor, const uint8_t *payload,
                int64_t until_ns)
{
	struct at at = {
		.walk = walk,
		.stream = &walk->streams.items[cursor->stream],
		.stream_index = cursor->stream,
	};
	const uint8_t *p = payload + cursor->at, *end = payload + cursor->len;
	const struct clock clock = *cursor->clock;
	uint64_t from = cursor->offset - walk->offset, events = 0;
	/* where all is whole, time is counted in units since the base, as long as it is so simple
	 */
	uint64_t tick = cursor->time_ns >= walk->base_ns ? units_a_tick(walk, &clock) : 0;
	uint64_t units = tick == 0 ? 0 : (uint64_t)(cursor->time_ns - walk->base_ns) >> walk->shift;
	/* the first that is too late, for the stretch or for the batch */
	int64_t stop_ns = cursor->limit_ns < until_ns ? cursor->limit_ns + 1 : until_ns;
	uint64_t until = units_until(walk, stop_ns);
	int64_t time_ns = cursor->time_ns;
	struct walk_quick quick = {
		.begin = payload,
		.safe = cursor->len < WIRE_WINDOW ? payload : end - WIRE_WINDOW + 1,
		.ref = (event_ref)from,
		.tick = (uint32_t)tick,
		.until = (uint32_t)(until < MANY_TICKS ? until : MANY_TICKS),
	};
	const char *fault = NULL;
	bool goes_on = false;

	cursor->next_ns = INT64_MAX;
	if (cursor->follows_loss)
		lose_thread(&at, at.stream->now);
	cursor->follows_loss = false;
	while (p < end) {
		unsigned count = wire_timed_args[*p] - 1u;
		uint8_t type = *p;
		bool bad = false;
		const uint8_t *next;
		uint64_t dt, ref;

		if (count > WIRE_ARGS) {
			fault = "expected an event, found a byte that begins none";
			break;
		}
		next = wire_take_args(p + 1, count, &dt, at.arg, &bad);
		if (bad || next > end) {
			fault = bad              ? "expected a number, found more than 64 bits"
			        : cursor->is_cut ? "the file ends inside an event"
			                         : "the batch ends inside an event";
			break;
		}
		if (tick != 0 && dt < MANY_TICKS && units < MANY_TICKS &&
		    units + dt * tick < TIME_NONE) {
			if (units + dt * tick >= until) {
				cursor->next_ns = walk->base_ns +
				                  (int64_t)((units + dt * tick) << walk->shift);
				if (cursor->next_ns <= cursor->limit_ns) {
					goes_on = true;
					break;
				}
				doubt_distance(walk, cursor, at.stream, p - payload,
				               walk->base_ns + (int64_t)(units << walk->shift));
				dt = 0;
			}
			units += dt * tick;
			at.time = (part_time)units;
		} else {
			int64_t ns;

			if (tick != 0)
				time_ns = walk->base_ns + (int64_t)(units << walk->shift);
			tick = 0;
			ns = add_ticks(&clock, time_ns, dt);
			if (ns >= stop_ns) {
				cursor->next_ns = ns;
				if (ns <= cursor->limit_ns) {
					goes_on = true;
					break;
				}
				doubt_distance(walk, cursor, at.stream, p - payload, time_ns);
				ns = time_ns;
			}
			time_ns = ns;
			at.time = walk_time(walk, ns);
		}
		if (at.time < at.stream->now) {
			/* a thread's events are in order, whatever its batches say */
			walk->clamped++;
			at.time = at.stream->now;
		}
		ref = from + (uint64_t)(p - payload);
		at.ref = ref < REF_NONE ? (event_ref)ref : REF_NONE;
		if (events++ == 0)
			stream_note_time(at.stream, at.time);
		p = next;
		if (type != WIRE_GO_SYSCALL_END)
			at_settle_call(&at);
		walk_event(&at, type);
		if (walk_names_thread(type))
			at.stream = &walk->streams.items[cursor->stream];
		if (tick == 0 || tick > QUICK_TICK_MAX || units < at.stream->now ||
		    units >= MANY_TICKS || from + cursor->len >= REF_NONE ||
		    at.stream->m == WIRE_NO_THREAD)
			continue;
		quick.units = (uint32_t)units;
		p = walk_quick(walk, at.stream, &quick, p);
		units = at.time = quick.units;
	}
	if (events > 0) { /* times of a batch do not step back */
		stream_note_time(at.stream, at.time);
		note_latest(walk, at.time);
		if (at.stream->m != WIRE_NO_THREAD && at.time > at.stream->now)
			at.stream->now = at.time;
		walk->last = at.time > walk->last ? at.time : walk->last;
	}
	events += quick.events;
	at.stream->events += events;
	walk->events += events;
	cursor->time_ns = tick == 0 ? time_ns : walk->base_ns + (int64_t)(units << walk->shift);
	cursor->at = (uint32_t)(p - payload);
	if (fault != NULL) {
		lose(walk, cursor, at.stream, *p, fault);
		lose_thread(&at, events > 0 ? at.time : at.stream->now);
	}
	return goes_on;
}
