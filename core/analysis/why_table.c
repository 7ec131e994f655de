/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/held.h"
#include "core/analysis/why.h"
#include "core/analysis/why_say.h"
#include "core/analysis/why_table.h"
#include "core/base/time_text.h"

/* The question "G31@472.7ms", and its answer as a table: why it did not run then, or whom that held
 * up. */

struct chain {
	struct why why; /* one of the two; without a model there is nothing to ask */
	struct held held;
	const struct model *model;
	const struct question *question;
	struct error error;
};

static bool parse(const struct question *question, uint64_t *id, int64_t *ns, struct error *err)
{
	struct bytes text = question->selector, go = text;
	size_t at = 0;

	while (at < text.len && text.data[at] != '@')
		at++;
	go.len = at;
	if (at < text.len && analysis_is_go(go, id) &&
	    time_text_parse((struct bytes){ text.data + at + 1, text.len - at - 1 }, ns))
		return true;
	return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
	                 "why takes a goroutine and a time, like G31@472.7ms, not \"%.*s\"",
	                 (int)(text.len < 40 ? text.len : 40), (const char *)text.data);
}

static bool check(const struct question *question, struct error *err)
{
	uint64_t id;
	int64_t ns;

	if (question->has_selector)
		return parse(question, &id, &ns, err);
	return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
	                 "why needs a goroutine and a time; try: gander why G31@472.7ms FILE");
}

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct chain *chain = to;
	uint64_t id;
	int64_t ns;

	*chain = (struct chain){ .model = model, .question = question };
	if (!question->has_selector || !parse(question, &id, &ns, &chain->error))
		return;
	ns += ns < 0 ? model->end_ns : 0;
	if (question->is_held)
		held_begin(&chain->held, model, id, ns, budget);
	else
		why_begin(&chain->why, model, id, ns, budget);
}

static enum chase_place step(void *to, uint32_t *first, uint32_t *end)
{
	struct chain *chain = to;
	bool is_held = chain->held.model != NULL;

	if (!is_held && chain->why.model == NULL)
		return CHASE_OVER;
	switch (is_held ? held_step(&chain->held) : why_step(&chain->why)) {
	case WHY_MORE:
		return CHASE_MORE;
	case WHY_NEEDS:
		*first = is_held ? chain->held.first : chain->why.first;
		*end = is_held ? chain->held.end : chain->why.end;
		return CHASE_NEEDS;
	case WHY_OVER:
		break;
	}
	return CHASE_OVER;
}

static bool do_without(void *to)
{
	struct chain *chain = to;

	return chain->held.model == NULL && why_do_without(&chain->why);
}

/* ---- the table */

void why_add_columns(struct table *table)
{
	table_add_column(table, "step", COLUMN_COUNT);
	table_add_column(table, "start_ns", COLUMN_TIME);
	table_add_column(table, "duration_ns", COLUMN_DURATION);
	table_add_column(table, "goroutine", COLUMN_ID);
	table_add_column(table, "state", COLUMN_TEXT);
	table_add_column(table, "reason", COLUMN_TEXT);
	table_add_column(table, "function", COLUMN_TEXT);
}

void why_add_step(struct table *table, const struct model *model, size_t number, int64_t begin_ns,
                  int64_t end_ns, const struct why_stay *stay)
{
	const struct frame *frame = why_frame(model, stay->stack);
	bool is_known = stay->go != INDEX_NONE;

	table_add_number(table, (int64_t)number);
	table_add_number(table, begin_ns);
	table_add_number(table, end_ns - begin_ns);
	analysis_add_go(table, model, is_known ? stay->go : stay->by);
	table_add_text(table, bytes_of(is_known ? why_state(stay) : "unknown"));
	table_add_text(table, strings_text(&model->strings, stay->reason));
	table_add_text(table, frame == NULL ? (struct bytes){ NULL, 0 }
	                                    : strings_text(&model->strings, frame->function));
}

static void add_row(struct table *table, const struct chain *chain, size_t number,
                    const struct why_stay *stay, const struct why_text *because)
{
	if (!analysis_is_inside(chain->question, stay->begin_ns, stay->end_ns))
		return;
	why_add_step(table, chain->model, number, stay->begin_ns, stay->end_ns, stay);
	table_add_text(table, bytes_of(because->text));
}

static void add_why(struct table *table, const struct chain *chain)
{
	const struct why *why = &chain->why;

	for (size_t i = 0; i < why->steps.count; i++) {
		struct why_text because = { .len = 0 };

		why_put_row(&because, chain->model, &why->steps.items[i]);
		add_row(table, chain, i + 1, &why->steps.items[i].stay, &because);
	}
}

static void add_held(struct table *table, const struct chain *chain)
{
	const struct held *held = &chain->held;

	for (size_t i = 0; i < held->rows.count; i++) {
		struct why_text because = { .len = 0 };

		why_put_held(&because, chain->model, &held->rows.items[i]);
		add_row(table, chain, i + 1, &held->rows.items[i].stay, &because);
	}
}

static bool end(void *to, struct table *table, struct error *err)
{
	struct chain *chain = to;
	bool is_held = chain->held.model != NULL;
	const struct error *wrong = chain->error.kind != ERROR_NONE ? &chain->error
	                            : is_held                       ? &chain->held.why.error
	                                                            : &chain->why.error;

	if (wrong->kind != ERROR_NONE)
		return error_set(err, wrong->kind, wrong->offset, "%s", wrong->message);
	why_add_columns(table);
	table_add_column(table, "because", COLUMN_TEXT);
	if (is_held)
		add_held(table, chain);
	else
		add_why(table, chain);
	return true;
}

static void drop(void *to)
{
	struct chain *chain = to;

	if (chain->held.model != NULL)
		held_free(&chain->held);
	if (chain->why.model != NULL)
		why_free(&chain->why);
}

const struct analysis_chase analysis_why = { .size = sizeof(struct chain),
	                                     .check = check,
	                                     .begin = begin,
	                                     .step = step,
	                                     .do_without = do_without,
	                                     .end = end,
	                                     .drop = drop };
