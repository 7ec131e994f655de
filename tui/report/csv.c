/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/report/report.h"

#include <string.h>

static bool needs_quotes(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr("\",\r\n", text.data[i]) != NULL && text.data[i] != 0)
			return true;
	/* a space in front is quoted by Go's encoding/csv, too: some readers would drop it */
	return text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t');
}

static void put_text(struct writer *writer, struct bytes text)
{
	if (!needs_quotes(text)) {
		writer_put(writer, text);
		return;
	}
	writer_put_text(writer, "\"");
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			writer_put_text(writer, "\"");
		writer_put(writer, (struct bytes){ text.data + i, 1 });
	}
	writer_put_text(writer, "\"");
}

static void put_value(struct writer *writer, const struct value *value)
{
	if (value->is_empty)
		return;
	switch (value->kind) {
	case COLUMN_TEXT:
	case COLUMN_HISTOGRAM:
		put_text(writer, value->text);
		break;
	case COLUMN_ID:
		writer_put_id(writer, (uint64_t)value->number);
		break;
	case COLUMN_FRACTION:
	case COLUMN_RATE:
		writer_put_fraction(writer, value->number);
		break;
	case COLUMN_TIME:
	case COLUMN_DURATION:
	case COLUMN_COUNT:
	case COLUMN_BYTES:
	case COLUMN_BOOL:
		writer_put_number(writer, value->number);
		break;
	}
}

void report_csv(struct writer *writer, const struct table *table)
{
	struct value value;

	for (size_t i = 0; i < table->columns.count; i++) {
		writer_put_text(writer, i == 0 ? "" : ",");
		put_text(writer, table->columns.items[i].name);
	}
	writer_put_text(writer, "\n");
	for (size_t i = 0; i < table_rows(table) && !writer_has_failed(writer); i++) {
		struct table_cursor cursor = table_row(table, i);

		for (size_t j = 0; table_next(&cursor, &value); j++) {
			writer_put_text(writer, j == 0 ? "" : ",");
			put_value(writer, &value);
		}
		writer_put_text(writer, "\n");
	}
}
