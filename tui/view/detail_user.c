/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_user.h"

#include <inttypes.h>

/* What the program says of itself: a region, a log or a CPU sample, and what of it is inside of
 * another span. */

enum { CHILDREN_TOLD = 6 };

static void add_name(struct line *line, const struct model *model, string_id name)
{
	struct bytes text = strings_text(&model->strings, name);

	if (text.len > 0)
		line_add_bytes(line, text);
	else
		line_add(line, "(no name)");
}

/* "task 12", which leads to its row. */
static void add_task_id(struct detail_text *t, struct line *line, uint64_t id)
{
	size_t begin = line->len;

	line_add(line, "task %" PRIu64, id);
	detail_add_link(t, line, begin, "goto T%" PRIu64, id);
}

/* "task 12 request", and how long it took. */
static void add_task(struct detail_text *t, const struct model *model, uint64_t id)
{
	const struct user_task *task = user_task(model, id);
	struct line *note;

	if (id == 0)
		return;
	note = detail_add_note(t);
	add_task_id(t, note, id);
	line_add(note, " ");
	if (task == NULL) {
		line_add(note, "begun before the trace");
		return;
	}
	add_name(note, model, task->name);
	if (task->begin_ns != TIME_UNKNOWN) {
		line_add(note, " from ");
		detail_add_instant(t, note, task->begin_ns);
	}
	if (task->begin_ns != TIME_UNKNOWN && task->end_ns != TIME_UNKNOWN) {
		line_add(note, " for ");
		line_add_duration(note, task->end_ns - task->begin_ns);
	}
	if (task->go != INDEX_NONE) {
		line_add(note, " by ");
		detail_add_go(t, note, model, task->go,
		              task->begin_ns != TIME_UNKNOWN ? task->begin_ns : 0);
	}
	if (task->parent != 0) {
		line_add(note, ", part of ");
		add_task_id(t, note, task->parent);
	}
}

static void make_region(struct detail_text *t, const struct model *model, const struct span *span)
{
	struct user_region region = user_region_at(model, span->part, span->index);

	line_add(&t->title, "region ");
	add_name(&t->title, model, region.name);
	line_add(&t->title, "  ");
	line_add_go(&t->title, model, span->go);
	line_add(&t->facts, region.begins_before ? "begun before " : "start ");
	detail_add_instant(t, &t->facts, region.begin_ns);
	line_add(&t->facts, "  wall ");
	line_add_duration(&t->facts, region.end_ns - region.begin_ns);
	if (region.is_open)
		line_add(&t->facts, "  goes on after the trace");
	else if (region.ends_with_go)
		line_add(&t->facts, "  ended with its goroutine");
	add_task(t, model, region.task);
}

static void add_moment(struct detail_text *t, const struct model *model, const struct span *span)
{
	line_add(&t->facts, "at ");
	detail_add_instant(t, &t->facts, span->begin_ns);
	if (span->proc == INDEX_NONE)
		return;
	line_add(&t->facts, "  on ");
	detail_add_proc(t, &t->facts, model, span->proc, span->begin_ns);
}

static void make_log(struct detail_text *t, const struct model *model, const struct span *span)
{
	struct user_log log = user_log_at(model, span->part, span->index);

	line_add(&t->title, "log  ");
	line_add_go(&t->title, model, span->go);
	add_moment(t, model, span);
	detail_text_add_log(detail_add_note(t), model, &log);
	add_task(t, model, log.task);
}

static void make_sample(struct detail_text *t, const struct model *model, const struct span *span)
{
	struct cpu_sample sample = user_sample_at(model, span->part, span->index);

	line_add(&t->title, "CPU sample  ");
	if (span->go != INDEX_NONE)
		line_add_go(&t->title, model, span->go);
	add_moment(t, model, span);
	line_add(&t->facts, "  ");
	detail_add_thread(t, &t->facts, sample.thread, span->begin_ns);
}

/* What Go's own tools call proc start and proc stop. */
static void make_move(struct detail_text *t, const struct model *model, const struct span *span)
{
	bool is_start = span->kind == SPAN_PROC_START;
	struct line *note;

	line_add(&t->title, "proc %s  P%" PRIu64, is_start ? "start" : "stop",
	         model->procs.items[span->proc].id);
	add_moment(t, model, span);
	line_add(&t->facts, "  ");
	detail_add_thread(t, &t->facts, model_span_thread(model, span), span->begin_ns);
	note = detail_add_note(t);
	line_add(note, is_start ? "The thread took the P, and runs goroutines on it."
	                        : "The P is idle from now on: its thread let go of it, or it was "
	                          "taken away from a syscall.");
}

/* Of those of a task the first ones, and how many. */
static void add_children(struct detail_text *t, const struct model *model, uint64_t id)
{
	struct line *note = NULL;
	size_t count = 0;

	for (size_t i = 0; i < model->said.tasks.count; i++) {
		const struct user_task *task = &model->said.tasks.items[i];

		if (task->parent != id || task->id == id || count++ >= CHILDREN_TOLD)
			continue;
		if (note == NULL)
			note = detail_add_note(t);
		line_add(note, "%s", count == 1 ? "parts of it: " : ", ");
		add_task_id(t, note, task->id);
		line_add(note, " ");
		add_name(note, model, task->name);
	}
	if (count > CHILDREN_TOLD)
		line_add(note, " ... %zu in all", count);
}

static void make_task(struct detail_text *t, const struct model *model, const struct span *span)
{
	const struct user_task *task = &model->said.tasks.items[span->index];
	struct line *note;

	line_add(&t->title, "task %" PRIu64 "  ", task->id);
	add_name(&t->title, model, task->name);
	line_add(&t->facts, task->begin_ns == TIME_UNKNOWN ? "begun before " : "start ");
	detail_add_instant(t, &t->facts, span->begin_ns);
	line_add(&t->facts, "  wall ");
	line_add_duration(&t->facts, span->end_ns - span->begin_ns);
	if (task->end_ns == TIME_UNKNOWN)
		line_add(&t->facts, "  goes on after the trace");
	if (task->go != INDEX_NONE) {
		note = detail_add_note(t);
		line_add(note, "begun by ");
		detail_add_go(t, note, model, task->go, span->begin_ns);
	}
	if (task->end_go != INDEX_NONE) {
		note = detail_add_note(t);
		line_add(note, "ended by ");
		detail_add_go(t, note, model, task->end_go, span->end_ns);
	}
	if (task->parent != 0) {
		note = detail_add_note(t);
		line_add(note, "part of ");
		add_task_id(t, note, task->parent);
	}
	add_children(t, model, task->id);
	t->said_from = t->note_count;
	if (task->begin_ns != TIME_UNKNOWN)
		detail_add_stack(t, "where it began", task->stack);
}

void detail_text_add_log(struct line *line, const struct model *model, const struct user_log *log)
{
	struct bytes category = strings_text(&model->strings, log->category);

	if (category.len > 0) {
		line_add(line, "[");
		line_add_bytes(line, category);
		line_add(line, "] ");
	}
	line_add_bytes(line, strings_text(&model->strings, log->message));
}

void detail_text_make_said(struct detail_text *t, const struct model *model,
                           const struct span *span, const struct detail *d)
{
	stack_id stacks[2];

	if (span->kind == SPAN_TASK) {
		make_task(t, model, span);
		return;
	}
	if (span->kind == SPAN_PROC_START || span->kind == SPAN_PROC_STOP) {
		make_move(t, model, span);
		return;
	}
	model_span_stacks(model, span, stacks);
	if (span->kind == SPAN_REGION)
		make_region(t, model, span);
	else if (span->kind == SPAN_LOG)
		make_log(t, model, span);
	else
		make_sample(t, model, span);
	detail_text_add_said(t, model, d);
	detail_add_stack(t, span->kind == SPAN_REGION ? "where it began" : "stack", stacks[0]);
	if (span->kind == SPAN_REGION)
		detail_add_stack(t, "where it ended", stacks[1]);
}

/* ---- inside of another span */

static void add_regions(struct line *note, const struct model *model,
                        const struct user_region *regions, size_t count, const char *between)
{
	size_t told = count < DETAIL_SAID ? count : DETAIL_SAID;

	for (size_t i = 0; i < told; i++) {
		line_add(note, "%s", i > 0 ? between : "");
		add_name(note, model, regions[i].name);
	}
	if (count > told)
		line_add(note, " ... %zu in all", count);
}

static void add_around(struct detail_text *t, const struct model *model, const struct detail *d)
{
	size_t last = d->around_count < DETAIL_SAID ? d->around_count : DETAIL_SAID;
	struct line *note;
	uint64_t task;

	if (d->around_count == 0)
		return;
	note = detail_add_note(t);
	line_add(note, "in region ");
	add_regions(note, model, d->around, d->around_count, " > ");
	task = d->around[last - 1].task;
	if (task == 0 || d->span.kind == SPAN_REGION || d->span.kind == SPAN_LOG)
		return; /* those tell their own */
	line_add(note, "  ");
	add_task_id(t, note, task);
	line_add(note, " ");
	if (user_task(model, task) != NULL)
		add_name(note, model, user_task(model, task)->name);
}

static void add_logs(struct detail_text *t, const struct model *model, const struct detail *d)
{
	size_t told = d->log_count < 2 ? d->log_count : 2;

	for (size_t i = 0; i < told; i++) {
		struct line *note = detail_add_note(t);

		line_add(note, "log at ");
		detail_add_instant(t, note, d->logs[i].time_ns);
		line_add(note, ": ");
		detail_text_add_log(note, model, &d->logs[i]);
		if (i + 1 == told && d->log_count > told)
			line_add(note, " ... %zu in all", d->log_count);
	}
}

/* Who made the goroutine, unless a note tells that already. */
static void add_creator(struct detail_text *t, const struct model *model, const struct detail *d)
{
	bool is_told = d->has_waker && (d->wake == WAKE_CREATE || d->wake == WAKE_CREATE_BLOCKED);
	struct goroutine go;
	struct line *note;

	if (is_told || d->span.go >= model->roster.count ||
	    (d->span.kind != SPAN_RUN && d->span.kind != SPAN_RUNNABLE &&
	     d->span.kind != SPAN_WAITING))
		return;
	go = roster_brief(&model->roster, d->span.go);
	if (go.parent >= model->roster.count || go.created_ns == TIME_UNKNOWN)
		return;
	note = detail_add_note(t);
	line_add(note, "created by ");
	detail_add_go(t, note, model, go.parent, go.created_ns);
	line_add(note, " at ");
	detail_add_instant(t, note, go.created_ns);
}

void detail_text_add_said(struct detail_text *t, const struct model *model, const struct detail *d)
{
	struct line *note;

	t->said_from = t->note_count;
	if (d == NULL)
		return;
	add_creator(t, model, d);
	add_around(t, model, d);
	if (d->inside_count > 0) {
		note = detail_add_note(t);
		line_add(note, "regions inside: ");
		add_regions(note, model, d->inside, d->inside_count, ", ");
	}
	add_logs(t, model, d);
	if (d->sample_count > 0) {
		note = detail_add_note(t);
		line_add(note, "%zu CPU sample%s", d->sample_count,
		         d->sample_count == 1 ? "" : "s");
	}
	if (d->has_more)
		line_add(detail_add_note(t), "and more: it is too long to count them here");
}
