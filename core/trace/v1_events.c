/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_events.h"

#include "core/trace/v1_check.h"

enum {
	STEP = 1 << 20,
	EVENTS = 256, /* between two looks at what memory is left */
};

static void order(struct v1_order *order, struct budget *budget, const struct v1_file *file)
{
	v1_order_init(order, budget, file);
	while (v1_order_step(order, STEP))
		;
}

/* Goes through all of them once, as Go does before it gives the first. */
static bool check(const struct v1_file *file, struct budget *budget, struct error *err)
{
	struct v1_order ordered;
	struct v1_check check;
	struct v1_event event;
	bool good = true;

	order(&ordered, budget, file);
	v1_check_init(&check, budget);
	while (good && v1_order_next(&ordered, &event))
		good = v1_check_take(&check, &event);
	if (!good)
		error_set(err, ERROR_INCONSISTENT, check.offset, "%s", check.why);
	v1_check_free(&check);
	v1_order_free(&ordered);
	return good;
}

bool v1_events_init(struct v1_events *events, struct budget *budget, const struct source *source,
                    unsigned minor, bool is_strict, struct error *err)
{
	v1_file_init(&events->file, budget, source, minor);
	while (v1_file_step(&events->file, STEP))
		;
	order(&events->order, budget, &events->file);
	v1_convert_init(&events->convert, budget, &events->file, &events->order);
	events->last_ns = -1;
	events->syncs = events->count = 0;
	events->is_full = false;
	if (!is_strict)
		return true;
	*err = events->order.verdict;
	if (minor >= 11 && events->file.has_futile)
		error_set(err, ERROR_INCONSISTENT, ERROR_NO_OFFSET,
		          "expected no futile wake-up, which Go 1.5 alone has");
	return err->kind == ERROR_NONE && (minor < 11 || check(&events->file, budget, err));
}

bool v1_events_are_cut(const struct v1_events *events)
{
	return events->file.is_full || events->order.is_full || events->is_full;
}

void v1_events_free(struct v1_events *events)
{
	v1_convert_free(&events->convert);
	v1_order_free(&events->order);
	v1_file_free(&events->file);
}

static void give_sync(struct v1_events *events, struct event *event, int64_t time_ns)
{
	*event = (struct event){
		.time_ns = time_ns,
		.recorded_ns = time_ns,
		.offset = EVENT_NONE,
		.m = EVENT_NONE,
		.p = EVENT_NONE,
		.g = EVENT_NONE,
		.arg = { ++events->syncs },
		.tables = &events->file.tables,
		.type = WIRE_SYNC,
	};
}

/* Where Go shows it: on a P that it makes up, if that is what it does with its like. */
static void set_context(struct event *event, const struct v1_modern *modern)
{
	static const uint64_t made_up[] = { 0, 1000001, 1000002, 1000003, 1000004 };
	bool is_real = modern->made_up == V1_REAL_P;

	event->m = event->p = event->g = EVENT_NONE;
	if (modern->is_initial)
		return;
	event->p = is_real ? (uint64_t)(int64_t)modern->p : made_up[modern->made_up];
	if (is_real && modern->p != -1 && modern->thread >= 0)
		event->m = (uint64_t)modern->thread;
	else if (modern->is_plain)
		event->m = 0;
	if (modern->g != 0 || modern->is_plain)
		event->g = modern->g;
}

/* A stack that is not there is none. */
static void check_stack(struct event *event)
{
	int arg = event->type == WIRE_CPU_SAMPLE ? 0 : wire_spec(event->type)->stack_arg;
	uint32_t count = 0;

	if (arg >= 0)
		tables_frames(event->tables, event->arg[arg], &count);
	if (arg >= 0 && count == 0)
		event->arg[arg] = 0;
}

static void give(struct v1_events *events, struct event *event, const struct v1_modern *modern)
{
	events->last_ns = modern->time_ns > events->last_ns ? modern->time_ns : events->last_ns + 1;
	*event = (struct event){
		.time_ns = events->last_ns,
		.recorded_ns = modern->time_ns,
		.offset = EVENT_NONE,
		.parent = modern->type == WIRE_USER_TASK_BEGIN ? modern->arg[1] : modern->parent,
		.tables = &events->file.tables,
		.type = modern->type,
	};
	memcpy(event->arg, modern->arg, sizeof(event->arg));
	if (modern->type == WIRE_USER_TASK_END)
		event->name = tables_text(event->tables, modern->name);
	event->was_missing = modern->type == WIRE_GO_STATUS;
	set_context(event, modern);
	check_stack(event);
}

bool v1_events_next(struct v1_events *events, struct event *event)
{
	struct v1_modern modern;

	if (events->syncs == 0) {
		give_sync(events, event, -1);
		return true;
	}
	if (events->count++ % EVENTS == 0 && budget_is_short(events->file.budget))
		events->is_full = true;
	do {
		if (events->is_full || !v1_convert_next(&events->convert, &modern)) {
			if (events->syncs == 2 || events->file.events == 0)
				return false;
			give_sync(events, event, events->last_ns + 1);
			return true;
		}
	} while (modern.type == V1_PROC_LOST);
	give(events, event, &modern);
	return true;
}
