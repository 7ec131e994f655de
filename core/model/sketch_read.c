/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/checked.h"
#include "core/model/sketch_at.h"
#include "core/trace/v2_wire.h"

/* One batch, by itself: its thread's P is the one that it had last, and what the thread does is
 * unknown until its events tell. */

enum { EVENTS = 512 /* that are decoded at a time */ };

#define SLACK_NS INT64_C(1000000000)

struct reading {
	struct sketch *sketch;
	const struct sketch_place *place;
	uint8_t hand;
	uint32_t lane;
	int64_t since_ns;            /* of the hand */
	int64_t assist_ns, sweep_ns; /* their begins; TIME_UNKNOWN: none */
	int64_t now_ns;
	int64_t known_ns;        /* when the hand was first known; TIME_UNKNOWN */
	ARRAY(uint32_t) touched; /* lanes */
};

static void spend(struct reading *r, enum lane_kind kind, int64_t begin_ns, int64_t end_ns)
{
	struct sketch_lane *lane = &r->sketch->lanes.items[r->lane];

	if (end_ns <= begin_ns)
		return;
	if (!lane->has_now) {
		lane->has_now = true;
		*array_push(&r->touched) = r->lane;
	}
	lane->now_ns[kind] += end_ns - begin_ns;
	sketch_add(r->sketch, r->lane, kind, begin_ns, end_ns, end_ns - begin_ns);
}

/* What is inside a run ends with it, as far as it is told here. */
static void leave_inner(struct reading *r)
{
	if (r->assist_ns != TIME_UNKNOWN)
		spend(r, LANE_ASSIST, r->assist_ns, r->now_ns);
	if (r->sweep_ns != TIME_UNKNOWN)
		spend(r, LANE_SWEEP, r->sweep_ns, r->now_ns);
	r->assist_ns = r->sweep_ns = TIME_UNKNOWN;
}

/* The time up to now goes to what the thread did; from now on it does something else. */
static void turn(struct reading *r, enum hand hand)
{
	if (r->hand == HAND_RUN) {
		leave_inner(r);
		spend(r, LANE_RUN, r->since_ns, r->now_ns);
	}
	if (r->hand == HAND_UNKNOWN)
		r->known_ns = r->now_ns;
	r->hand = (uint8_t)hand;
	r->since_ns = r->now_ns;
}

static void add_call(const struct reading *r, int64_t end_ns)
{
	if (r->hand == HAND_CALL && r->lane != LANE_UNKNOWN && r->sketch->calls.count < CALLS_MAX)
		*array_push(&r->sketch->calls) =
			(struct sketch_call){ r->place->m, r->lane, r->since_ns, end_ns };
}

static void take_proc(struct reading *r, uint64_t proc)
{
	add_call(r, r->now_ns);
	turn(r, HAND_IDLE);
	r->lane = sketch_find_lane(r->sketch, proc);
}

static void lose_proc(struct reading *r)
{
	add_call(r, r->now_ns);
	turn(r, HAND_NOTHING);
	r->lane = LANE_UNKNOWN;
}

/* Back with the P: all of it was spent there. */
static void end_call(struct reading *r)
{
	if (r->hand == HAND_CALL)
		spend(r, LANE_SYSCALL, r->since_ns, r->now_ns);
	turn(r, HAND_RUN);
}

/* Back without it, or, where it has another one already, with that. */
static void end_call_blocked(struct reading *r)
{
	if (r->hand != HAND_IDLE)
		lose_proc(r);
}

static void steal(struct reading *r, uint64_t m)
{
	if (m == r->place->m)
		lose_proc(r);
	else if (r->sketch->steals.count < CALLS_MAX)
		*array_push(&r->sketch->steals) = (struct sketch_steal){ m, r->now_ns };
}

static void take_status(struct reading *r, const uint64_t arg[4])
{
	if (arg[1] != r->place->m || r->hand == HAND_RUN)
		return;
	if (arg[2] == WIRE_GO_RUNNING)
		turn(r, HAND_RUN);
	else if (arg[2] == WIRE_GO_SYSCALL)
		turn(r, HAND_CALL);
}

static void add_point(const struct reading *r, struct sketch_point *points, uint64_t value)
{
	const struct sketch *sketch = r->sketch;
	struct sketch_point *point;
	int64_t now = value < INT64_MAX ? (int64_t)value : INT64_MAX;

	if (r->now_ns < sketch->begin_ns || r->now_ns >= sketch->end_ns)
		return;
	point = &points[(r->now_ns >> sketch->bits) - sketch->first];
	if (point->time_ns == TIME_UNKNOWN)
		*point = (struct sketch_point){ now, now, now, r->now_ns };
	point->min = now < point->min ? now : point->min;
	point->max = now > point->max ? now : point->max;
	if (r->now_ns >= point->time_ns) {
		point->last = now;
		point->time_ns = r->now_ns;
	}
}

/* Of all types only those that tell what the thread does. */
static void take_event(struct reading *r, const struct wire_event *event)
{
	switch (event->type) {
	case WIRE_PROC_START:
		take_proc(r, event->arg[0]);
		break;
	case WIRE_PROC_STATUS:
		if (event->arg[1] == WIRE_PROC_RUNNING || event->arg[1] == WIRE_PROC_SYSCALL)
			take_proc(r, event->arg[0]);
		break;
	case WIRE_PROC_STEAL:
		steal(r, event->arg[2]);
		break;
	case WIRE_PROC_STOP:
	case WIRE_GO_DESTROY_SYSCALL:
	case WIRE_GO_CREATE_SYSCALL:
		lose_proc(r);
		break;
	case WIRE_GO_START:
	case WIRE_GO_SWITCH:
	case WIRE_GO_SWITCH_DESTROY:
		turn(r, HAND_RUN);
		break;
	case WIRE_GO_STOP:
	case WIRE_GO_BLOCK:
	case WIRE_GO_DESTROY:
		turn(r, HAND_IDLE);
		break;
	case WIRE_GO_SYSCALL_BEGIN:
		turn(r, HAND_CALL);
		break;
	case WIRE_GO_SYSCALL_END:
		end_call(r);
		break;
	case WIRE_GO_SYSCALL_END_BLOCKED:
		end_call_blocked(r);
		break;
	case WIRE_GO_STATUS:
	case WIRE_GO_STATUS_STACK:
		take_status(r, event->arg);
		break;
	case WIRE_GC_MARK_ASSIST_BEGIN:
		r->assist_ns = r->hand == HAND_RUN ? r->now_ns : TIME_UNKNOWN;
		break;
	case WIRE_GC_SWEEP_BEGIN:
		r->sweep_ns = r->hand == HAND_RUN ? r->now_ns : TIME_UNKNOWN;
		break;
	case WIRE_GC_MARK_ASSIST_END:
	case WIRE_GC_SWEEP_END:
		leave_inner(r);
		break;
	case WIRE_HEAP_ALLOC:
		add_point(r, r->sketch->heap, event->arg[0]);
		break;
	case WIRE_HEAP_GOAL:
		add_point(r, r->sketch->goal, event->arg[0]);
		break;
	}
}

/* ---- the sample */

/* Few lanes have a rate each; where a thread hurries through many Ps, the others share that of the
 * unknown one. */
static void add_rate(struct sketch *sketch, struct sketch_sample *sample, uint32_t lane)
{
	int64_t *now = sketch->lanes.items[lane].now_ns;
	struct sketch_rate *rate;

	if (sample->rate_count == RATES_MAX) {
		rate = &sketch->rates.items[sketch->rates.count - 1];
		rate->lane = LANE_UNKNOWN;
	} else {
		rate = array_push(&sketch->rates);
		*rate = (struct sketch_rate){ .lane = lane };
		sample->rate_count++;
	}
	for (int kind = 0; kind < LANE_KINDS; kind++)
		rate->spent_ns[kind] += now[kind];
}

static void add_sample(struct reading *r, size_t seen)
{
	struct sketch *sketch = r->sketch;
	const struct sketch_place *place = r->place;
	struct sketch_sample sample = {
		.thread = place->thread,
		.base_ns = place->base_ns,
		.known_ns = r->known_ns,
		.last_ns = r->now_ns,
		.until_ns = place->until_ns,
		.first_rate = (uint32_t)sketch->rates.count,
		.seen = seen,
		.left = place->bytes > seen ? place->bytes - seen : 0,
		.is_end = seen == place->size && place->is_last,
		.hand = r->hand,
		.lane = r->lane,
	};

	for (size_t i = 0; i < r->touched.count; i++) {
		struct sketch_lane *lane = &sketch->lanes.items[r->touched.items[i]];

		add_rate(sketch, &sample, r->touched.items[i]);
		memset(lane->now_ns, 0, sizeof(lane->now_ns));
		lane->has_now = false;
	}
	if (r->known_ns != TIME_UNKNOWN)
		*array_push(&sketch->samples) = sample;
}

/* A batch that claims to last longer than all before it is not believed. */
static void note_last(const struct reading *r)
{
	int64_t limit = saturating_add_i64(r->place->until_ns, r->place->until_ns);

	if (r->now_ns > r->sketch->last_ns && r->now_ns <= saturating_add_i64(limit, SLACK_NS))
		r->sketch->last_ns = r->now_ns;
}

static void read_events(struct reading *r, struct wire_reader *reader)
{
	struct wire_event events[EVENTS];
	size_t count;

	while ((count = wire_read(reader, events, EVENTS)) > 0) {
		for (size_t i = 0; i < count; i++) {
			r->now_ns = events[i].time_ns;
			take_event(r, &events[i]);
		}
		r->sketch->events += count;
	}
	if (reader->at == r->place->size && r->place->is_last)
		add_call(r, r->place->until_ns);
	if (r->hand != HAND_UNKNOWN)
		turn(r, (enum hand)r->hand);
}

void sketch_read(struct sketch *sketch, const struct sketch_place *place)
{
	struct reading r = {
		.sketch = sketch,
		.place = place,
		.lane = sketch->lane_of_thread.items[place->thread],
		.assist_ns = TIME_UNKNOWN,
		.sweep_ns = TIME_UNKNOWN,
		.now_ns = place->base_ns,
		.known_ns = TIME_UNKNOWN,
		.touched.budget = sketch->budget,
	};
	struct wire_reader reader = { .clock = place->clock, .time_ns = place->base_ns };

	array_resize(&sketch->buffer, place->take);
	reader.in.data = sketch->buffer.items;
	reader.in.len =
		source_read(sketch->source, place->offset, sketch->buffer.items, place->take, NULL);
	read_events(&r, &reader);
	sketch->lane_of_thread.items[place->thread] = r.lane;
	note_last(&r);
	add_sample(&r, reader.in.len);
	array_free(&r.touched);
}
