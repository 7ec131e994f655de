/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/base/sort.h"
#include "core/model/retell.h"

/* One family of columns - reasons, or ranges - whose names took time anywhere, in byte order. */
struct family {
	ARRAY(string_id) names;
	struct id_map column_of; /* by name */
	ARRAY(int64_t) row_ns;   /* by column, of one goroutine */
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

static struct family new_family(struct budget *budget)
{
	return (struct family){ .names = { .budget = budget },
		                .column_of = { .budget = budget },
		                .row_ns = { .budget = budget } };
}

static void free_family(struct family *family)
{
	array_free(&family->names);
	id_map_free(&family->column_of);
	array_free(&family->row_ns);
}

/* Notes the names on a chain of amounts. */
static void note(struct family *family, const struct roster_reader *reader, uint32_t chain)
{
	const struct amount *amount;

	for (uint32_t i = chain; i != INDEX_NONE; i = amount->next) {
		uint32_t fresh = (uint32_t)family->names.count;

		amount = roster_amount(reader, i);
		if (amount->ns != 0 && id_map_add(&family->column_of, amount->name, fresh) == fresh)
			*array_push(&family->names) = amount->name;
	}
}

/* Puts the names in order and gives each its column. */
static void arrange(struct family *family, const struct model *model)
{
	ARRAY(struct named) named = { .budget = family->names.budget };

	for (size_t i = 0; i < family->names.count; i++)
		*array_push(&named) =
			(struct named){ strings_text(&model->strings, family->names.items[i]),
			                family->names.items[i] };
	SORT_ARRAY(&named, order_names);
	for (uint32_t i = 0; i < named.count; i++) {
		family->names.items[i] = named.items[i].name;
		id_map_set(&family->column_of, named.items[i].name, i);
	}
	array_free(&named);
	array_resize(&family->row_ns, family->names.count);
}

static void add_family(struct table *table, const struct model *model, const struct family *family,
                       const char *title)
{
	for (size_t i = 0; i < family->names.count; i++)
		table_add_column_of(table, title,
		                    strings_text(&model->strings, family->names.items[i]),
		                    COLUMN_DURATION);
}

/* A cell for each name of the family. */
static void add_amounts(struct table *table, const struct roster_reader *reader,
                        struct family *family, uint32_t chain)
{
	const struct amount *amount;

	for (uint32_t i = chain; i != INDEX_NONE; i = amount->next) {
		uint32_t column;

		amount = roster_amount(reader, i);
		column = id_map_find(&family->column_of, amount->name);
		if (column != ID_NONE)
			family->row_ns.items[column] += amount->ns;
	}
	for (size_t i = 0; i < family->row_ns.count; i++) {
		table_add_number(table, family->row_ns.items[i]);
		family->row_ns.items[i] = 0;
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
                    struct family *reasons, struct family *ranges)
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

enum { MANY = 256 }; /* rows before those that are not wanted are dropped */

/* What is asked, and what is made of it. */
struct inquiry {
	const struct model *model;
	const struct question *question;
	struct selection selection;
	struct family reasons, ranges;
	struct table *table;
	bool has_found; /* something to tell of */
};

static void sort_rows(struct table *table)
{
	enum { ID = 0, CREATED = 3, TOTAL = 6 };
	static const struct table_order order[] = { { .column = TOTAL, .is_downwards = true },
		                                    { .column = ID },
		                                    { .column = CREATED } };

	table_sort(table, order, sizeof(order) / sizeof(order[0]));
}

/* Those that come first stay: all of them may be more than fits. */
static void drop_rows(const struct inquiry *inquiry)
{
	const struct question *question = inquiry->question;
	size_t column;

	sort_rows(inquiry->table);
	if (question->sort != NULL &&
	    table_find_column(inquiry->table, bytes_of(question->sort), &column))
		table_sort_by(inquiry->table, column);
	table_cut(inquiry->table, question->limit);
}

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
	struct inquiry *inquiry = context;
	const struct question *question = inquiry->question;

	(void)number;
	if (!is_selected(&inquiry->selection, inquiry->model, go))
		return;
	inquiry->has_found = true;
	if (question->has_limit && table_rows(inquiry->table) / 2 > question->limit + MANY)
		drop_rows(inquiry);
	add_row(inquiry->table, inquiry->model, reader, go, &inquiry->reasons, &inquiry->ranges);
}

bool analysis_goroutine(struct table *table, const struct model *model,
                        const struct question *question, struct error *err)
{
	struct inquiry inquiry = {
		.model = model,
		.question = question,
		.selection = selection_of(question),
		.reasons = new_family(table->arena.budget),
		.ranges = new_family(table->arena.budget),
		.table = table,
	};
	bool good =
		retell_goroutines(model, &(struct roster_listener){ note_names, &inquiry }, err);

	arrange(&inquiry.reasons, model);
	arrange(&inquiry.ranges, model);
	add_columns(table, model, &inquiry.reasons, &inquiry.ranges);
	good = good &&
	       retell_goroutines(model, &(struct roster_listener){ add_selected, &inquiry }, err);
	free_family(&inquiry.reasons);
	free_family(&inquiry.ranges);
	sort_rows(table);
	if (!good)
		return false;
	return inquiry.has_found || !question->has_selector || none_found(question, err);
}
