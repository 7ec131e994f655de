/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/model/retell.h"

#include <stdlib.h>

/* One family of columns - reasons, or ranges - whose names took time anywhere, in byte order. */
struct family {
	string_id *names;
	size_t count;
	uint32_t *column_of; /* by name, from 1; 0: took no time */
};

struct named {
	struct bytes text;
	string_id name;
};

static int order_names(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return bytes_compare(x->text, y->text);
}

/* Notes the names on a chain of amounts. */
static void note(struct family *family, const struct roster_reader *reader, uint32_t chain)
{
	const struct amount *amount;

	for (uint32_t i = chain; i != INDEX_NONE; i = amount->next) {
		amount = roster_amount(reader, i);

		if (amount->ns != 0 && family->column_of[amount->name] == 0) {
			family->names[family->count++] = amount->name;
			family->column_of[amount->name] = 1;
		}
	}
}

static struct family new_family(struct arena *arena, const struct model *model)
{
	size_t count = model->strings.texts.count + 1;

	return (struct family){ .names = ARENA_NEW(arena, count, string_id),
		                .column_of = ARENA_NEW(arena, count, uint32_t) };
}

/* Puts the names in order and gives each its column. */
static void arrange(struct family *family, struct arena *arena, const struct model *model)
{
	struct named *named = ARENA_NEW(arena, family->count, struct named);

	for (size_t i = 0; i < family->count; i++)
		named[i] = (struct named){ strings_text(&model->strings, family->names[i]),
			                   family->names[i] };
	qsort(named, family->count, sizeof(*named), order_names);
	for (size_t i = 0; i < family->count; i++) {
		family->names[i] = named[i].name;
		family->column_of[named[i].name] = (uint32_t)i + 1;
	}
}

static void add_family(struct table *table, const struct model *model, const struct family *family,
                       const char *title)
{
	for (size_t i = 0; i < family->count; i++)
		table_add_column_of(table, title, strings_text(&model->strings, family->names[i]),
		                    COLUMN_DURATION);
}

/* A cell for each name of the family. */
static void add_amounts(struct table *table, const struct roster_reader *reader,
                        const struct family *family, uint32_t chain)
{
	size_t first = table->values.count;
	const struct amount *amount;

	for (size_t i = 0; i < family->count; i++)
		table_add_number(table, 0);
	for (uint32_t i = chain; i != INDEX_NONE; i = amount->next) {
		uint32_t column;

		amount = roster_amount(reader, i);
		column = family->column_of[amount->name];
		if (column != 0)
			table->values.items[first + column - 1].number += amount->ns;
	}
}

static void add_time(struct table *table, int64_t time_ns)
{
	if (time_ns == TIME_UNKNOWN)
		table_add_empty(table);
	else
		table_add_number(table, time_ns);
}

static void add_row(struct table *table, const struct model *model,
                    const struct roster_reader *reader, const struct goroutine *go,
                    const struct family *reasons, const struct family *ranges)
{
	struct life life = analysis_life(model, reader, go);

	table_add_id(table, go->id);
	table_add_text(table, strings_text(&model->strings, go->name));
	if (go->parent < model->roster.count) /* it is there, too (stitch.h) */
		analysis_add_go(table, model, go->parent);
	else
		table_add_unknown(table);
	table_add_number(table, go->created_ns);
	add_time(table, go->started_ns);
	add_time(table, go->ended_ns);
	analysis_add_life(table, &life);
	add_amounts(table, reader, reasons, go->blocks);
	add_amounts(table, reader, ranges, go->ranges);
}

static int order(const struct table *table, const struct value *a, const struct value *b)
{
	enum { ID = 0, CREATED = 3, TOTAL = 6 };
	int by_total = table_compare(b, a, TOTAL), by_id = table_compare(a, b, ID);

	(void)table;
	if (by_total != 0)
		return by_total;
	return by_id != 0 ? by_id : table_compare(a, b, CREATED);
}

/* What is selected: one goroutine, those of a name, or all. */
struct selection {
	bool is_id, is_name;
	uint64_t id;
	struct bytes name;
};

/* "G17" is a goroutine, anything else a name. */
static struct selection selection_of(const struct question *question)
{
	struct selection selection = { .is_name = question->has_selector,
		                       .name = question->selector };
	uint64_t id = 0;
	size_t i;

	if (!question->has_selector || question->selector.len < 2 ||
	    question->selector.data[0] != 'G')
		return selection;
	for (i = 1; i < selection.name.len; i++) {
		unsigned digit = (unsigned)selection.name.data[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(id, 10, &id) ||
		    __builtin_add_overflow(id, digit, &id))
			return selection;
	}
	return (struct selection){ .is_id = true, .id = id };
}

static bool is_selected(const struct selection *selection, const struct model *model,
                        const struct goroutine *go)
{
	if (selection->is_id)
		return go->id == selection->id;
	if (selection->is_name)
		return bytes_equal(selection->name, strings_text(&model->strings, go->name));
	return true;
}

static bool none_found(const struct question *question, struct error *err)
{
	int len = question->selector.len < 100 ? (int)question->selector.len : 100;

	return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "no goroutine \"%.*s\" in the trace",
	                 len, (const char *)question->selector.data);
}

static void add_columns(struct table *table, const struct model *model,
                        const struct family *reasons, const struct family *ranges)
{
	table_add_column(table, "goroutine", COLUMN_ID);
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "parent", COLUMN_ID);
	table_add_column(table, "created_ns", COLUMN_TIME);
	table_add_column(table, "start_ns", COLUMN_TIME);
	table_add_column(table, "end_ns", COLUMN_TIME);
	analysis_add_life_columns(table);
	add_family(table, model, reasons, "block_ns");
	add_family(table, model, ranges, "range_ns");
}

/* What is asked, and what is made of it. */
struct inquiry {
	const struct model *model;
	struct selection selection;
	struct family reasons, ranges;
	struct table *table;
};

static void note_names(void *context, const struct roster_reader *reader, uint32_t number,
                       const struct goroutine *go)
{
	struct inquiry *inquiry = context;

	(void)number;
	note(&inquiry->reasons, reader, go->blocks);
	note(&inquiry->ranges, reader, go->ranges);
}

static void add_selected(void *context, const struct roster_reader *reader, uint32_t number,
                         const struct goroutine *go)
{
	const struct inquiry *inquiry = context;

	(void)number;
	if (is_selected(&inquiry->selection, inquiry->model, go))
		add_row(inquiry->table, inquiry->model, reader, go, &inquiry->reasons,
		        &inquiry->ranges);
}

bool analysis_goroutine(struct table *table, const struct model *model,
                        const struct question *question, struct error *err)
{
	struct arena arena = { .budget = table->arena.budget };
	struct inquiry inquiry = {
		.model = model,
		.selection = selection_of(question),
		.reasons = new_family(&arena, model),
		.ranges = new_family(&arena, model),
		.table = table,
	};
	bool good =
		retell_goroutines(model, &(struct roster_listener){ note_names, &inquiry }, err);

	arrange(&inquiry.reasons, &arena, model);
	arrange(&inquiry.ranges, &arena, model);
	add_columns(table, model, &inquiry.reasons, &inquiry.ranges);
	good = good &&
	       retell_goroutines(model, &(struct roster_listener){ add_selected, &inquiry }, err);
	arena_free(&arena);
	table_sort(table, order);
	if (!good)
		return false;
	return table_rows(table) != 0 || !question->has_selector || none_found(question, err);
}
