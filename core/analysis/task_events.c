/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/said.h"
#include "core/base/sort.h"

/* What each task did, across goroutines: its ends, its regions' and its logs, by time. */

enum kind { TASK_BEGIN, TASK_END, LOG, REGION_BEGIN, REGION_END };

struct task_event {
	uint64_t task;
	int64_t time_ns;
	int64_t since_ns;         /* of a region: its begin */
	uint32_t go, number;      /* the order in which they were found */
	string_id name, category; /* of a region; of a log: its message */
	uint8_t kind;
};

struct events {
	const struct model *model;
	const struct question *question;
	ARRAY(struct task_event) events;
	ARRAY(uint8_t) text; /* of one */
};

static void add(struct events *events, uint64_t task, enum kind kind, int64_t ns, uint32_t go,
                string_id name, int64_t since_ns)
{
	if (task != 0 && ns != TIME_UNKNOWN)
		*array_push(&events->events) = (struct task_event){ .task = task,
			                                            .time_ns = ns,
			                                            .since_ns = since_ns,
			                                            .go = go,
			                                            .name = name,
			                                            .kind = (uint8_t)kind };
}

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct events *events = to;

	events->model = model;
	events->question = question;
	events->events.budget = events->text.budget = budget;
	for (size_t i = 0; i < model->said.tasks.count; i++) {
		const struct user_task *task = &model->said.tasks.items[i];

		add(events, task->id, TASK_BEGIN, task->begin_ns, task->go, 0, 0);
		add(events, task->id, TASK_END, task->end_ns, task->end_go, 0, 0);
	}
}

static void add_region(void *to, const struct user_region *region)
{
	if (!region->begins_before)
		add(to, region->task, REGION_BEGIN, region->begin_ns, region->go, region->name,
		    region->begin_ns);
	if (!region->is_open && !region->ends_with_go)
		add(to, region->task, REGION_END, region->end_ns, region->go, region->name,
		    region->begin_ns);
}

static void add_log(void *to, const struct user_log *log)
{
	struct events *events = to;
	size_t before = events->events.count;

	add(events, log->task, LOG, log->time_ns, log->go, log->message, 0);
	if (events->events.count > before)
		events->events.items[before].category = log->category;
}

static bool look(void *to, const struct model *model, uint32_t part, size_t *at)
{
	return said_notes(model, part, at, &(struct said_listener){ to, add_region, add_log });
}

/* ---- */

static int order(const void *a, const void *b)
{
	const struct task_event *x = a, *y = b;

	if (x->task != y->task)
		return x->task < y->task ? -1 : 1;
	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->kind != y->kind && (x->kind < REGION_BEGIN || y->kind < REGION_BEGIN))
		return x->kind < y->kind ? -1 : 1;
	if (x->since_ns != y->since_ns)
		return x->since_ns < y->since_ns ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static void put(struct events *events, struct bytes text)
{
	size_t at = events->text.count;

	array_resize(&events->text, at + text.len);
	if (text.len > 0)
		memcpy(events->text.items + at, text.data, text.len);
}

static struct bytes text_of(struct events *events, const struct task_event *event)
{
	static const char *const words[] = { [TASK_BEGIN] = "task begin",
		                             [TASK_END] = "task end",
		                             [LOG] = "log",
		                             [REGION_BEGIN] = "region begin: ",
		                             [REGION_END] = "region end: " };
	const struct strings *strings = &events->model->strings;
	struct bytes category = strings_text(strings, event->category);

	array_clear(&events->text);
	put(events, bytes_of(words[event->kind]));
	if (event->kind == LOG && category.len > 0) {
		put(events, bytes_of(" ["));
		put(events, category);
		put(events, bytes_of("]"));
	}
	if (event->kind == LOG)
		put(events, bytes_of(": "));
	put(events, strings_text(strings, event->name));
	return (struct bytes){ events->text.items, events->text.count };
}

static void add_row(struct table *table, struct events *events, const struct task_event *event,
                    int64_t elapsed_ns)
{
	const struct user_task *task = user_task(events->model, event->task);

	table_add_id(table, event->task);
	table_add_text(table, strings_text(&events->model->strings, task == NULL ? 0 : task->name));
	table_add_number(table, event->time_ns);
	table_add_number(table, elapsed_ns);
	analysis_add_go(table, events->model, event->go);
	table_add_text(table, text_of(events, event));
}

static bool is_selected(const struct events *events, uint64_t id)
{
	const struct user_task *task = user_task(events->model, id),
			       unknown = { .id = id, .go = INDEX_NONE };

	struct filter_said said;

	task = task != NULL ? task : &unknown;
	said = said_task(task, events->model);
	return analysis_selects_task(events->question, events->model, task) &&
	       (events->question->filter == NULL ||
	        filter_accepts_said(events->question->filter, events->model, &said));
}

static void add_columns(struct table *table)
{
	table_add_column(table, "task", COLUMN_ID);
	table_add_column(table, "type", COLUMN_TEXT);
	table_add_column(table, "when_ns", COLUMN_TIME);
	table_add_column(table, "elapsed_ns", COLUMN_DURATION);
	table_add_column(table, "goroutine", COLUMN_ID);
	table_add_column(table, "event", COLUMN_TEXT);
}

static bool end(void *to, struct table *table, struct error *err)
{
	struct events *events = to;
	const struct task_event *items = events->events.items;
	bool has_found = false, is_wanted = false;

	add_columns(table);
	for (size_t i = 0; i < events->events.count; i++)
		events->events.items[i].number = (uint32_t)i;
	SORT_ARRAY(&events->events, order);
	items = events->events.items;
	for (size_t i = 0; i < events->events.count; i++) {
		bool is_first = i == 0 || items[i].task != items[i - 1].task;

		if (is_first)
			is_wanted = is_selected(events, items[i].task);
		has_found |= is_wanted;
		if (is_wanted && items[i].time_ns >= events->question->from_ns &&
		    items[i].time_ns < events->question->to_ns)
			add_row(table, events, &items[i],
			        items[i].time_ns - (is_first ? 0 : items[i - 1].time_ns));
	}
	if (!said_is_whole(events->model))
		return analysis_is_cut(err);
	return has_found || analysis_none_found(events->question, "task", err);
}

static void drop(void *to)
{
	struct events *events = to;

	array_free(&events->events);
	array_free(&events->text);
}

const struct analysis_pass analysis_task_events = {
	.size = sizeof(struct events),
	.begin = begin,
	.needs = PASS_SAID,
	.part = look,
	.end = end,
	.drop = drop,
};
