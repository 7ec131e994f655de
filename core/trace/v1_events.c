/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_events.h"

enum { STEP = 1 << 16 };

void v1_events_init(struct v1_events *events, struct budget *budget, const struct source *source,
                    unsigned minor)
{
	*events = (struct v1_events){ .last_ns = -1 };
	v1_file_init(&events->file, budget, source, minor);
	while (v1_file_step(&events->file, STEP))
		;
	v1_order_init(&events->order, budget, &events->file);
	while (v1_order_step(&events->order, STEP))
		;
	v1_convert_init(&events->convert, budget, &events->file, &events->order);
}

void v1_events_free(struct v1_events *events)
{
	v1_convert_free(&events->convert);
	v1_order_free(&events->order);
	v1_file_free(&events->file);
}

/* Where Go shows it: on a made-up P what no P did. */
static void set_context(struct event *event, const struct v1_modern *modern)
{
	static const uint64_t made_up[] = { 0, 1000001, 1000002, 1000003, 1000004 };
	bool is_real = modern->made_up == V1_REAL_P;

	if (modern->is_initial)
		return;
	if (is_real && modern->p != -1)
		event->m = (uint64_t)modern->thread;
	if (modern->is_plain && event->m == EVENT_NONE)
		event->m = 0;
	event->p = is_real ? (uint64_t)(int64_t)modern->p : made_up[modern->made_up];
	event->g = modern->g == 0 && !modern->is_plain ? EVENT_NONE : modern->g;
}

static struct event event_of(const struct v1_events *events, const struct v1_modern *modern)
{
	struct event event = {
		.recorded_ns = modern->time_ns,
		.m = EVENT_NONE,
		.p = EVENT_NONE,
		.g = EVENT_NONE,
		.parent = EVENT_NONE,
		.tables = &events->file.tables,
		.type = modern->type,
		.before = EVENT_PROC_UNKNOWN, /* as of a goroutine */
	};

	memcpy(event.arg, modern->arg, sizeof(event.arg));
	set_context(&event, modern);
	if (modern->type == WIRE_USER_TASK_BEGIN)
		event.parent = modern->arg[1];
	if (modern->type == WIRE_USER_TASK_END) {
		event.parent = modern->parent;
		event.name = tables_text(&events->file.tables, modern->name);
	}
	if (modern->type == WIRE_PROC_STATUS)
		event.arg[0] = (uint64_t)(int64_t)modern->p;
	if (modern->type == WIRE_PROC_START)
		event.arg[0] = (uint64_t)(int64_t)modern->p;
	if (modern->type == WIRE_PROC_STOP)
		event.p = (uint64_t)(int64_t)modern->p;
	return event;
}

static struct event sync_event(struct v1_events *events, uint64_t number, int64_t time_ns)
{
	events->last_ns = time_ns;
	return (struct event){
		.time_ns = time_ns,
		.recorded_ns = time_ns,
		.m = EVENT_NONE,
		.p = EVENT_NONE,
		.g = EVENT_NONE,
		.arg = { number },
		.tables = &events->file.tables,
		.type = WIRE_SYNC,
	};
}

bool v1_events_next(struct v1_events *events, struct event *event)
{
	struct v1_modern modern;

	if (!events->has_begun) {
		events->has_begun = true;
		*event = sync_event(events, 1, -1);
		return true;
	}
	do {
		if (events->has_ended || !v1_convert_next(&events->convert, &modern)) {
			if (events->has_ended)
				return false;
			events->has_ended = true;
			*event = sync_event(events, 2, events->last_ns + 1);
			return true;
		}
	} while (modern.type == V1_PROC_LOST);
	*event = event_of(events, &modern);
	event->time_ns =
		event->recorded_ns > events->last_ns ? event->recorded_ns : events->last_ns + 1;
	events->last_ns = event->time_ns;
	return true;
}
