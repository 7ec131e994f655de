/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/family.h"
#include "core/model/retell.h"

static void note(struct family *family, const struct roster_reader *reader, uint32_t chain)
{
	const struct amount *amount;

	for (uint32_t i = chain; i != INDEX_NONE; i = amount->next) {
		amount = roster_amount(reader, i);
		family_note(family, amount->name, amount->ns);
	}
}

/* A cell for each name of the family. */
static void add_amounts(struct table *table, const struct roster_reader *reader,
                        struct family *family, uint32_t chain)
{
	const struct amount *amount;

	for (uint32_t i = chain; i != INDEX_NONE; i = amount->next) {
		amount = roster_amount(reader, i);
		family_put(family, amount->name, amount->ns);
	}
	family_add_row(family, table);
}

void analysis_add_go_head(struct table *table, const struct model *model,
                          const struct goroutine *go)
{
	table_add_id(table, go->id);
	table_add_text(table, strings_text(&model->strings, go->name));
	if (go->parent < model->roster.count) /* it is there, too (stitch.h) */
		analysis_add_go(table, model, go->parent);
	else
		table_add_unknown(table);
	table_add_number(table, go->created_ns);
	analysis_add_time(table, go->started_ns);
	analysis_add_time(table, go->ended_ns);
}

static void add_row(struct table *table, const struct model *model,
                    const struct roster_reader *reader, const struct goroutine *go,
                    struct family *reasons, struct family *ranges)
{
	struct life life = analysis_life(model, reader, go);

	analysis_add_go_head(table, model, go);
	analysis_add_life(table, &life);
	add_amounts(table, reader, reasons, go->blocks);
	add_amounts(table, reader, ranges, go->ranges);
}

void analysis_add_go_columns(struct table *table)
{
	table_add_column(table, "goroutine", COLUMN_ID);
	table_add_column(table, "name", COLUMN_TEXT);
	table_add_column(table, "parent", COLUMN_ID);
	table_add_column(table, "created_ns", COLUMN_TIME);
	table_add_column(table, "start_ns", COLUMN_TIME);
	table_add_column(table, "end_ns", COLUMN_TIME);
}

static void add_columns(struct table *table, const struct model *model, struct family *reasons,
                        struct family *ranges)
{
	analysis_add_go_columns(table);
	analysis_add_life_columns(table);
	family_add_columns(reasons, table, model, "block_ns");
	family_add_columns(ranges, table, model, "range_ns");
}

enum { MANY = 256 }; /* rows before those that are not wanted are dropped */

/* What is asked, and what is made of it. */
struct inquiry {
	const struct model *model;
	const struct question *question;
	struct family reasons, ranges;
	struct table *table;
	bool has_found; /* something to tell of */
};

void analysis_sort_gos(struct table *table)
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

	analysis_sort_gos(inquiry->table);
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
	if (!analysis_selects_go(question, inquiry->model, go))
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
		.table = table,
	};
	bool good;

	family_init(&inquiry.reasons, table->arena.budget);
	family_init(&inquiry.ranges, table->arena.budget);
	good = retell_goroutines(model, &(struct roster_listener){ note_names, &inquiry }, err);
	add_columns(table, model, &inquiry.reasons, &inquiry.ranges);
	good = good &&
	       retell_goroutines(model, &(struct roster_listener){ add_selected, &inquiry }, err);
	family_free(&inquiry.reasons);
	family_free(&inquiry.ranges);
	analysis_sort_gos(table);
	if (!good)
		return false;
	return inquiry.has_found || analysis_none_found(question, "goroutine", err);
}
