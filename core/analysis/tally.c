/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/tally.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/sort.h"
#include "core/model/user.h"

const char *tally_by_name(enum tally_by by)
{
	static const char *const names[TALLY_BYS] = { "title", "state", "P", "goroutine" };

	return names[by];
}

const char *tally_column_name(enum tally_column column)
{
	static const char *const names[TALLY_COLUMNS] = { "name", "count", "total", "mean",
		                                          "p50",  "p99",   "max" };

	return names[column];
}

/* ---- names */

static const char *state_name(const struct span *span)
{
	switch ((enum span_kind)span->kind) {
	case SPAN_NONE:
	case SPAN_DAMAGE:
		break;
	case SPAN_RUN:
		return span->worker != WORKER_NONE ? "GC worker" : "running";
	case SPAN_SYSCALL:
		return "syscall";
	case SPAN_ASSIST:
		return "mark assist";
	case SPAN_SWEEP:
		return "sweep";
	case SPAN_STW:
		return "stop the world";
	case SPAN_GC:
		return "GC mark";
	case SPAN_RUNNABLE:
		return "runnable";
	case SPAN_WAITING:
		return "waiting";
	case SPAN_REGION:
		return "region";
	case SPAN_LOG:
		return "log";
	case SPAN_SAMPLE:
		return "CPU sample";
	case SPAN_TASK:
		return "task";
	case SPAN_PROC_START:
		return "proc start";
	case SPAN_PROC_STOP:
		return "proc stop";
	}
	return "?";
}

/* The function in which it was taken. */
static string_id sampled_in(const struct model *model, const struct span *span)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(
		&model->stacks, user_sample_at(model, span->part, span->index).stack, &count);

	return count > 0 ? frames[0].function : 0;
}

/* What stands in the history of its part alone. */
static string_id told_title(const struct model *model, const struct span *span)
{
	if (span->has_title)
		return span->title;
	if (span->kind == SPAN_WAITING)
		return model_wait_reason(model, span);
	if (span->kind == SPAN_REGION)
		return user_region_at(model, span->part, span->index).name;
	return 0;
}

bool tally_knows_title(const struct model *model, const struct span *span)
{
	bool is_told = span->kind == SPAN_WAITING || span->kind == SPAN_REGION;

	return span->has_title || !is_told || span->part >= model->parts.count || span->is_near ||
	       model_has_history(model, span->part);
}

void tally_note(const struct model *model, struct span *span)
{
	if (span->kind != SPAN_WAITING && span->kind != SPAN_REGION)
		return;
	if (span->has_title || !tally_knows_title(model, span))
		return;
	span->title = told_title(model, span);
	span->has_title = true;
}

static struct bytes told_text(const struct model *model, const struct span *span)
{
	if (!tally_knows_title(model, span))
		return bytes_of(span->kind == SPAN_WAITING ? "why is not in memory now"
		                                           : "its name is not in memory now");
	return strings_text(&model->strings, told_title(model, span));
}

static struct bytes title_of(const struct model *model, const struct span *span,
                             char out[TALLY_NAME_MAX])
{
	struct bytes text = { NULL, 0 };

	if (span->kind == SPAN_RUN && span->worker == WORKER_NONE && span->go < model->roster.count)
		text = strings_text(&model->strings, roster_brief(&model->roster, span->go).name);
	else if (span->kind == SPAN_STW && span->index < model->stops.count)
		text = strings_text(&model->strings, model->stops.items[span->index].reason);
	else if (span->kind == SPAN_WAITING || span->kind == SPAN_REGION)
		text = told_text(model, span);
	else if (span->kind == SPAN_TASK)
		text = strings_text(&model->strings, model->said.tasks.items[span->index].name);
	else if (span->kind == SPAN_SAMPLE)
		text = strings_text(&model->strings, sampled_in(model, span));
	if (text.len == 0)
		return bytes_of(state_name(span));
	if (span->kind == SPAN_RUN)
		return text;
	snprintf(out, TALLY_NAME_MAX, "%s: %.*s", state_name(span),
	         (int)(text.len < 150 ? text.len : 150), (const char *)text.data);
	return bytes_of(out);
}

struct bytes tally_name(const struct model *model, const struct span *span, enum tally_by by,
                        char out[TALLY_NAME_MAX])
{
	switch (by) {
	case TALLY_TITLE:
		return title_of(model, span, out);
	case TALLY_STATE:
		return bytes_of(state_name(span));
	case TALLY_PROC:
		if (span->proc >= model->procs.count)
			return bytes_of("no P");
		snprintf(out, TALLY_NAME_MAX, "P%" PRIu64, model->procs.items[span->proc].id);
		return bytes_of(out);
	case TALLY_GO:
		if (span->go >= model->roster.count)
			return bytes_of("no goroutine");
		return bytes_of(model_go_title(model, span->go, out, TALLY_NAME_MAX));
	case TALLY_BYS:
		break;
	}
	return bytes_of("");
}

/* ---- sums */

/* A span: which name it has, and how long it is. */
struct item {
	uint32_t name;
	int64_t ns;
};

static int item_order(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return (x->ns > y->ns) - (x->ns < y->ns);
}

/* The nearest rank: the smallest that so many of a hundred are not above. */
static int64_t rank(const struct item *items, size_t count, size_t percent)
{
	return items[(count * percent + 99) / 100 - 1].ns;
}

static void add_row(struct table *table, struct bytes name, const struct item *items, size_t count)
{
	int64_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += items[i].ns;
	table_add_text(table, name);
	table_add_number(table, (int64_t)count);
	table_add_number(table, total);
	table_add_number(table, (total + (int64_t)count / 2) / (int64_t)count);
	table_add_number(table, rank(items, count, 50));
	table_add_number(table, rank(items, count, 99));
	table_add_number(table, items[count - 1].ns);
}

void tally_make(struct table *table, const struct model *model, const struct span *spans,
                size_t count, enum tally_by by, enum tally_column order)
{
	struct strings names;
	ARRAY(struct item) items = { .budget = model->budget };
	char room[TALLY_NAME_MAX];

	strings_init(&names, model->budget);
	array_reserve(&items, count);
	for (size_t i = 0; i < count; i++)
		*array_push(&items) =
			(struct item){ strings_add(&names, tally_name(model, &spans[i], by, room)),
			               spans[i].end_ns - spans[i].begin_ns };
	SORT_ARRAY(&items, item_order);
	table_add_column(table, tally_by_name(by), COLUMN_TEXT);
	table_add_column(table, "count", COLUMN_COUNT);
	for (int c = TALLY_TOTAL; c < TALLY_COLUMNS; c++)
		table_add_column(table, tally_column_name((enum tally_column)c), COLUMN_DURATION);
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && items.items[to].name == items.items[from].name;)
			to++;
		add_row(table, strings_text(&names, items.items[from].name), items.items + from,
		        to - from);
	}
	table_sort_by(table, order);
	array_free(&items);
	strings_free(&names);
}

/* ---- shares of a stretch */

static void add_proc_share(struct table *table, const struct model *model, uint32_t proc,
                           int64_t begin_ns, int64_t end_ns)
{
	struct mix mix = model_mix(model, proc, begin_ns, end_ns);
	int64_t busy =
		mix.spent_ns[LANE_RUN] + mix.spent_ns[LANE_WORKER] + mix.spent_ns[LANE_SYSCALL];

	if (!mix.is_known) {
		for (int i = 0; i < 8; i++)
			table_add_unknown(table);
		return;
	}
	table_add_number(table, mix.spent_ns[LANE_RUN]);
	table_add_empty(table);
	table_add_empty(table);
	table_add_number(table, mix.spent_ns[LANE_SYSCALL]);
	table_add_number(table, mix.spent_ns[LANE_WORKER]);
	table_add_number(table, busy < end_ns - begin_ns ? end_ns - begin_ns - busy : 0);
	table_add_number(table, mix.spent_ns[LANE_ASSIST]);
	table_add_number(table, mix.spent_ns[LANE_SWEEP]);
}

static void add_go_share(struct table *table, const struct model *model, struct lane_id lane,
                         int64_t begin_ns, int64_t end_ns)
{
	const int64_t times[2] = { begin_ns, end_ns };
	struct go_mix mix;

	if (lane.of == LANE_OF_THREAD ? !model_thread_mixes(model, lane.index, times, 1, &mix)
	                              : !model_go_mixes(model, lane.index, times, 1, &mix)) {
		for (int i = 0; i < 8; i++)
			table_add_unknown(table);
		return;
	}
	table_add_number(table, mix.running_ns);
	table_add_number(table, mix.runnable_ns);
	table_add_number(table, mix.waiting_ns);
	table_add_number(table, mix.syscall_ns);
	for (int i = 0; i < 4; i++)
		table_add_empty(table);
}

void shares_make(struct table *table, const struct model *model, const struct lane_id *lanes,
                 size_t count, int64_t begin_ns, int64_t end_ns)
{
	static const char *const names[] = { "running", "runnable", "waiting", "syscall",
		                             "GC",      "idle",     "assist",  "sweep" };
	char room[TALLY_NAME_MAX];

	table_add_column(table, "row", COLUMN_TEXT);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		table_add_column(table, names[i], COLUMN_DURATION);
	for (size_t i = 0; i < count; i++) {
		struct span span = { .go = lanes[i].index, .proc = lanes[i].index };
		bool is_go = lanes[i].of == LANE_OF_GO, is_thread = lanes[i].of == LANE_OF_THREAD;

		if (is_thread) {
			snprintf(room, sizeof(room), "M%" PRIu64,
			         model->threads.items[lanes[i].index].id);
			table_add_text(table, bytes_of(room));
		} else {
			table_add_text(table, tally_name(model, &span,
			                                 is_go ? TALLY_GO : TALLY_PROC, room));
		}
		if (is_go || is_thread)
			add_go_share(table, model, lanes[i], begin_ns, end_ns);
		else
			add_proc_share(table, model, lanes[i].index, begin_ns, end_ns);
	}
}
