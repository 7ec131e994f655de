/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/chrome_at.h"
#include "core/trace/tables.h"
#include "core/trace/v2_wire.h"

#include <inttypes.h>
#include <stdio.h>

/* Regions are asynchronous slices: their ids say what nests in what. */
struct async {
	const char *category;
	uint64_t id;
	string_id name;
	int64_t begin_ns, end_ns;
	uint32_t frame;
	const char *key; /* of an argument, */
	uint64_t value;  /* its value, if that is not EVENT_NONE */
};

static void put_async_end(struct chrome *chrome, const struct async *async, char phase, int64_t ns)
{
	const struct bytes name = chrome_text(chrome, async->name);

	chrome_begin(chrome, phase, ns, GROUP_TASKS, 0);
	chrome_put_name(chrome, &name, 1);
	TEXT_PUT(chrome->out, ",\"cat\":\"");
	text_put(chrome->out, bytes_of(async->category));
	TEXT_PUT(chrome->out, "\",\"id\":\"0x");
	text_put_hex(chrome->out, async->id);
	TEXT_PUT(chrome->out, "\"");
	if (phase == 'b')
		chrome_put_frame(chrome, ",\"sf\":", async->frame);
	if (phase == 'b' && async->value != EVENT_NONE) {
		TEXT_PUT(chrome->out, ",\"args\":{\"");
		text_put(chrome->out, bytes_of(async->key));
		TEXT_PUT(chrome->out, "\":");
		text_put_unsigned(chrome->out, async->value);
		TEXT_PUT(chrome->out, "}");
	}
	TEXT_PUT(chrome->out, "}");
}

static void put_async(struct chrome *chrome, const struct async *async)
{
	if (!chrome_laps(chrome, async->begin_ns, async->end_ns))
		return;
	chrome->has_tasks = true;
	put_async_end(chrome, async, 'b', async->begin_ns);
	put_async_end(chrome, async, 'e', async->end_ns);
}

/* ---- tasks */

static uint32_t find_task(const struct chrome *chrome, uint64_t id)
{
	uint32_t at = id_map_find(&chrome->task_of, id);

	return at != ID_NONE && chrome->tasks.items[at].is_open && chrome->tasks.items[at].id == id
	               ? at
	               : ID_NONE;
}

static void begin_task(struct chrome *chrome, const struct chrome_now *now)
{
	const struct event *event = now->event;
	uint32_t at = chrome->free_tasks.count > 0
	                      ? chrome->free_tasks.items[--chrome->free_tasks.count]
	                      : (uint32_t)chrome->tasks.count;

	if (at == chrome->tasks.count)
		array_push(&chrome->tasks);
	chrome->tasks.items[at] =
		(struct chrome_task){ .id = event->arg[0],
		                      .parent = event->arg[1],
		                      .go = event->g,
		                      .begin_ns = now->ns,
		                      .name = chrome_keep(chrome, event, event->arg[2]),
		                      .frame = chrome_frame_of(chrome, event, event->arg[3]),
		                      .is_open = true };
	id_map_set(&chrome->task_of, event->arg[0], at);
}

static bool has_parent(const struct chrome_task *task)
{
	return task->parent != 0 && task->parent != EVENT_NONE;
}

/* Each in a row of its own, with an arrow from that of its parent. end: NULL: it does not. */
static void put_task(struct chrome *chrome, const struct chrome_task *task,
                     const struct chrome_now *end)
{
	char id[24], args[128];
	int64_t end_ns = end == NULL ? chrome->end_ns : end->ns;
	uint64_t end_go = end == NULL ? EVENT_NONE : end->event->g;
	struct bytes name[2] = { { NULL, 0 }, chrome_text(chrome, task->name) };
	struct chrome_slice slice = {
		.begin_ns = task->begin_ns,
		.end_ns = end_ns > task->begin_ns ? end_ns : task->begin_ns,
		.group = GROUP_TASKS,
		.row = task->id,
		.frames = { task->frame,
		            end == NULL ? 0
		                        : chrome_frame_of(chrome, end->event, end->event->arg[1]) },
		.name = { chrome_text(chrome, task->name) },
		.args = args,
	};
	int len;

	if (!chrome_laps(chrome, slice.begin_ns, slice.end_ns))
		return;
	chrome->has_tasks = true;
	snprintf(id, sizeof(id), "T%" PRIu64 " ", task->id);
	len = snprintf(args, sizeof(args), ",\"args\":{\"id\":%" PRIu64, task->id);
	if (task->go != EVENT_NONE)
		len += snprintf(args + len, sizeof(args) - (size_t)len, ",\"start_g\":%" PRIu64,
		                task->go);
	if (end_go != EVENT_NONE)
		len += snprintf(args + len, sizeof(args) - (size_t)len, ",\"end_g\":%" PRIu64,
		                end_go);
	snprintf(args + len, sizeof(args) - (size_t)len, "}");
	name[0] = bytes_of(id);
	chrome_put_row(chrome, GROUP_TASKS, task->id, name, task->begin_ns);
	chrome_slice(chrome, &slice);
	if (has_parent(task))
		chrome_arrow(chrome, &(struct chrome_arrow){ .name = "newTask",
		                                             .group = GROUP_TASKS,
		                                             .from_ns = task->begin_ns,
		                                             .to_ns = task->begin_ns,
		                                             .from_row = task->parent,
		                                             .to_row = task->id,
		                                             .frame = task->frame });
}

static void end_task(struct chrome *chrome, const struct chrome_now *now)
{
	uint32_t at = find_task(chrome, now->event->arg[0]);
	struct chrome_task before = { .id = now->event->arg[0], .go = EVENT_NONE };

	if (at == ID_NONE) { /* nobody told of its begin */
		put_task(chrome, &before, now);
		return;
	}
	put_task(chrome, &chrome->tasks.items[at], now);
	chrome->tasks.items[at].is_open = false;
	*array_push(&chrome->free_tasks) = at;
}

void chrome_end_tasks(struct chrome *chrome)
{
	for (size_t i = 0; i < chrome->tasks.count; i++)
		if (chrome->tasks.items[i].is_open)
			put_task(chrome, &chrome->tasks.items[i], NULL);
}

/* ---- regions */

static void put_region(struct chrome *chrome, const struct chrome_go *go,
                       const struct chrome_region *region, int64_t end_ns)
{
	put_async(chrome,
	          &(struct async){ .category = "Region",
	                           .id = go->id,
	                           .name = region->name,
	                           .begin_ns = region->begin_ns,
	                           .end_ns = end_ns,
	                           .frame = region->frame,
	                           .key = "taskid",
	                           .value = region->task == 0 ? EVENT_NONE : region->task });
}

static void add_region(struct chrome *chrome, struct chrome_go *go, const struct chrome_now *now)
{
	const struct event *event = now->event;

	if (event->type == WIRE_USER_REGION_BEGIN) {
		struct chrome_region region = {
			.begin_ns = now->ns,
			.task = event->arg[0],
			.name = chrome_keep(chrome, event, event->arg[1]),
			.frame = chrome_frame_of(chrome, event, event->arg[2]),
		};

		*array_push(&go->regions) = region;
	} else if (go->regions.count > 0) {
		put_region(chrome, go, &go->regions.items[--go->regions.count], now->ns);
	}
}

void chrome_end_regions(struct chrome *chrome, struct chrome_go *go, int64_t ns)
{
	while (go->regions.count > 0)
		put_region(chrome, go, &go->regions.items[--go->regions.count], ns);
	array_free(&go->regions);
}

/* ---- logs */

static void put_log(struct chrome *chrome, const struct chrome_now *now)
{
	const struct event *event = now->event;
	struct bytes category = tables_text(event->tables, event->arg[1]);
	uint64_t row = chrome_row_of(chrome, event);
	const struct bytes name[] = { bytes_of(category.len > 0 ? "[" : ""), category,
		                      bytes_of(category.len > 0 ? "] " : ""),
		                      tables_text(event->tables, event->arg[2]) };

	if (row == EVENT_NONE || !chrome_has(chrome, now->ns))
		return;
	chrome_begin(chrome, 'I', now->ns, GROUP_PROCS, row);
	chrome_put_name(chrome, name, 4);
	TEXT_PUT(chrome->out, ",\"s\":\"t\",\"cat\":\"user event\"");
	chrome_put_frame(chrome, ",\"sf\":", chrome_frame_of(chrome, event, event->arg[3]));
	TEXT_PUT(chrome->out, "}");
}

void chrome_add_user(struct chrome *chrome, const struct chrome_now *now)
{
	switch ((enum wire_type)now->event->type) {
	case WIRE_USER_TASK_BEGIN:
		begin_task(chrome, now);
		break;
	case WIRE_USER_TASK_END:
		end_task(chrome, now);
		break;
	case WIRE_USER_REGION_BEGIN:
	case WIRE_USER_REGION_END:
		if (now->event->g != EVENT_NONE)
			add_region(chrome, chrome_find_go(chrome, now->event->g), now);
		break;
	case WIRE_USER_LOG:
		put_log(chrome, now);
		break;
	default:
		break;
	}
}
