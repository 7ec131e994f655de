/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/anonymize_v1.h"

#include "core/export/aliases.h"
#include "core/export/anonymize.h"
#include "core/trace/v1_file.h"
#include "core/trace/version.h"

struct hidden {
	struct v1_file file;
	struct aliases aliases;
	struct text_out *out;
	size_t next_row; /* of the file's damage */
};

/* Takes the record at *at, or goes behind what is none; false at the end. */
static bool take(struct hidden *hidden, size_t *at, size_t *begin, struct v1_record *record)
{
	const struct v1_file *file = &hidden->file;

	while (*at < file->len) {
		const struct damage_row *row = NULL;

		*begin = *at;
		if (v1_file_take(file, at, record) == NULL)
			return true;
		for (; hidden->next_row < file->damage.rows.count; hidden->next_row++) {
			row = &file->damage.rows.items[hidden->next_row];
			if (row->len > 0 && row->offset + row->len > *at)
				break;
		}
		if (hidden->next_row == file->damage.rows.count)
			return false;
		*at = row->offset + row->len;
	}
	return false;
}

/* ---- what texts are for */

static void learn(struct hidden *hidden, uint64_t id, enum alias_use use)
{
	if (tables_has_string(&hidden->file.tables, id))
		aliases_add(&hidden->aliases, tables_text(&hidden->file.tables, id), use);
}

static void learn_all(struct hidden *hidden)
{
	const struct tables *tables = &hidden->file.tables;
	size_t at = VERSION_HEADER, begin;
	struct v1_record record;

	for (size_t i = 0; i < tables->frames.count; i++)
		aliases_add_frame(&hidden->aliases,
		                  tables_text(tables, tables->frames.items[i].function),
		                  tables_text(tables, tables->frames.items[i].file));
	while (take(hidden, &at, &begin, &record)) {
		if (record.type == V1_GO_START_LABEL)
			learn(hidden, record.arg[2], ALIAS_LABEL);
		if (record.type == V1_USER_TASK_CREATE)
			learn(hidden, record.arg[2], ALIAS_TASK);
		if (record.type == V1_USER_REGION)
			learn(hidden, record.arg[2], ALIAS_REGION);
		if (record.type == V1_USER_LOG) {
			learn(hidden, record.arg[1], ALIAS_CATEGORY);
			aliases_add(&hidden->aliases, record.text, ALIAS_MESSAGE);
		}
	}
	aliases_settle(&hidden->aliases);
}

/* ---- writing */

static void put_number(struct text_out *out, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		text_put_short(out, (const char[]){ (char)(number | 0x80) }, 1);
	text_put_short(out, (const char[]){ (char)number }, 1);
}

/* A text that ends its record stands behind its length. */
static void put_record(struct hidden *hidden, size_t begin, size_t end,
                       const struct v1_record *record)
{
	const uint8_t *data = hidden->file.data;
	bool has_text =
		(record->type == V1_STRING || record->type == V1_USER_LOG) && record->text.len > 0;
	size_t text_at = has_text ? (size_t)(record->text.data - data) : end;
	size_t len_at = text_at;
	struct bytes shown;

	if (has_text)
		for (len_at--; data[len_at - 1] >= 0x80;) /* the number before ends with less */
			len_at--;
	text_put(hidden->out, (struct bytes){ data + begin, len_at - begin });
	if (!has_text)
		return;
	shown = aliases_of(&hidden->aliases, record->text);
	put_number(hidden->out, shown.len);
	text_put(hidden->out, shown);
}

static void put_all(struct hidden *hidden)
{
	size_t at = VERSION_HEADER, begin;
	struct v1_record record;

	hidden->next_row = 0;
	text_put(hidden->out, (struct bytes){ hidden->file.data, VERSION_HEADER });
	while (!hidden->out->is_over && take(hidden, &at, &begin, &record))
		put_record(hidden, begin, at, &record);
}

static bool is_fit(const struct v1_file *file, struct error *err)
{
	if (file->is_full)
		return anonymize_is_short(err);
	return file->events > 0 ||
	       error_set(err, ERROR_TRUNCATED, ERROR_NO_OFFSET, "header only, no events");
}

bool anonymize_v1(struct text_out *out, const struct source *source, unsigned minor,
                  struct budget *budget, struct damage *damage, struct error *err)
{
	struct hidden *hidden = budget_resize(budget, NULL, 0, sizeof(*hidden));
	bool good;

	*hidden = (struct hidden){ .out = out };
	aliases_init(&hidden->aliases, budget);
	v1_file_init(&hidden->file, budget, source, minor);
	while (v1_file_step(&hidden->file, SIZE_MAX))
		;
	good = is_fit(&hidden->file, err);
	if (good)
		learn_all(hidden);
	if (good && budget_is_overdrawn(budget))
		good = anonymize_is_short(err);
	if (good)
		put_all(hidden);
	damage_join(damage, &hidden->file.damage);
	v1_file_free(&hidden->file);
	aliases_free(&hidden->aliases);
	budget_resize(budget, hidden, sizeof(*hidden), 0);
	return good;
}
