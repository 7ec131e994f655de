/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/seen.h"

#include "core/analysis/answering.h"
#include "core/export/events_text.h"
#include "core/trace/order.h"

uint64_t seen_bytes(uint64_t seen, const void *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		seen = (seen ^ ((const uint8_t *)data)[i]) * UINT64_C(0x100000001b3);
	return seen;
}

uint64_t seen_table(uint64_t seen, const struct table *table)
{
	struct value value;

	for (size_t i = 0; i < table_rows(table); i++) {
		struct table_cursor cursor = table_row(table, i);

		while (table_next(&cursor, &value))
			if (value.kind == COLUMN_TEXT)
				seen = seen_bytes(seen, value.text.data, value.text.len);
			else
				seen = seen_bytes(seen, &value.number, sizeof(value.number));
	}
	return seen;
}

uint64_t seen_answers_of(struct budget *budget, seen_ask_fn *ask, void *to)
{
	uint64_t seen = 1;

	for (size_t i = 0; i < analyses_count; i++) {
		struct question question = question_of_all();
		struct error err = { 0 };
		struct table table;

		table_init(&table, budget);
		ask(to, &table, &analyses[i], &question, &err);
		seen = seen_table(seen, &table);
		table_free(&table);
	}
	return seen;
}

struct asked {
	const struct model *model;
};

static bool ask_now(void *to, struct table *table, const struct analysis *analysis,
                    const struct question *question, struct error *err)
{
	const struct asked *asked = to;

	return answer_now(table, analysis, asked->model, question, err);
}

uint64_t seen_answers(const struct model *model)
{
	struct asked asked = { model };

	return seen_answers_of(model->budget, ask_now, &asked);
}

static bool take(void *context, struct bytes text)
{
	uint64_t *seen = context;

	*seen = seen_bytes(*seen, text.data, text.len);
	return true;
}

uint64_t seen_events(const struct index *index, const struct source *source, bool is_strict)
{
	static struct text_out out;
	struct error err = { 0 };
	struct order order;
	struct event event;
	uint64_t seen = 2;

	if (!version_is_v2(index->version))
		return 0;
	out = (struct text_out){ .take = take, .context = &seen };
	order_init(&order, index->budget, index, source, is_strict);
	while (order_next(&order, &event, &err))
		events_text(&out, &event);
	order_free(&order);
	text_flush(&out);
	return order.is_refused ? 0 : seen;
}
