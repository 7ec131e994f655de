/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"

#include <inttypes.h>
#include <stdio.h>

static void add_time(struct table *table, int64_t time_ns)
{
	if (time_ns == DAMAGE_TIME_UNKNOWN)
		table_add_unknown(table);
	else
		table_add_number(table, time_ns);
}

/* Its number, from 1. */
static void add_generation(struct table *table, uint64_t generation)
{
	if (generation == 0)
		table_add_empty(table);
	else
		table_add_id(table, generation);
}

static void add_row(struct table *table, const struct damage_row *row)
{
	table_add_id(table, row->offset);
	table_add_number(table, (int64_t)row->len);
	add_generation(table, row->generation);
	table_add_text(table, bytes_of(damage_grade_name(row->grade)));
	table_add_text(table, bytes_of(row->expected));
	table_add_text(table, bytes_of(row->found));
	add_time(table, row->begin_ns);
	add_time(table, row->end_ns);
}

/* What has no time may be anywhere. */
static bool is_asked_for(const struct question *question, const struct damage_row *row)
{
	return row->begin_ns == DAMAGE_TIME_UNKNOWN || row->end_ns == DAMAGE_TIME_UNKNOWN ||
	       analysis_is_inside(question, row->begin_ns, row->end_ns);
}

/* All of a grade that have no row of their own, in one. */
static void add_more(struct table *table, const struct damage *damage, enum damage_grade grade)
{
	char found[DAMAGE_FOUND_MAX];

	snprintf(found, sizeof(found), "%" PRIu64 " more", damage->more[grade]);
	table_add_empty(table);
	table_add_number(table, (int64_t)damage->more_bytes[grade]);
	table_add_empty(table);
	table_add_text(table, bytes_of(damage_grade_name(grade)));
	table_add_text(table, bytes_of("too many to be listed"));
	table_add_text(table, bytes_of(found));
	table_add_unknown(table);
	table_add_unknown(table);
}

bool analysis_damage(struct table *table, const struct model *model,
                     const struct question *question, struct error *err)
{
	(void)err;
	table_add_column(table, "offset", COLUMN_ID);
	table_add_column(table, "length", COLUMN_BYTES);
	table_add_column(table, "generation", COLUMN_ID);
	table_add_column(table, "grade", COLUMN_TEXT);
	table_add_column(table, "expected", COLUMN_TEXT);
	table_add_column(table, "found", COLUMN_TEXT);
	table_add_column(table, "from_ns", COLUMN_TIME);
	table_add_column(table, "to_ns", COLUMN_TIME);
	for (size_t i = 0; i < model->damage.rows.count; i++)
		if (is_asked_for(question, &model->damage.rows.items[i]))
			add_row(table, &model->damage.rows.items[i]);
	for (int grade = 0; grade < DAMAGE_GRADES; grade++)
		if (model->damage.more[grade] > 0)
			add_more(table, &model->damage, (enum damage_grade)grade);
	return true;
}
