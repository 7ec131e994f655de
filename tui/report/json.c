/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/report/report.h"

#include <stdio.h>

static void put_control(struct writer *writer, uint8_t byte)
{
	char text[8];

	snprintf(text, sizeof(text), "\\u%04x", byte);
	writer_put_text(writer, text);
}

/* The bytes of the UTF-8 character at the head of text; 0 if there is none. */
static size_t character_len(struct bytes text)
{
	uint8_t lead = text.data[0], next = text.len > 1 ? text.data[1] : 0;
	size_t len = lead < 0x80   ? 1
	             : lead < 0xc2 ? 0
	             : lead < 0xe0 ? 2
	             : lead < 0xf0 ? 3
	             : lead < 0xf5 ? 4
	                           : 0;

	if (len > text.len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((text.data[i] & 0xc0) != 0x80)
			return 0;
	if ((lead == 0xe0 && next < 0xa0) || (lead == 0xf0 && next < 0x90))
		return 0; /* longer than needed */
	if ((lead == 0xed && next > 0x9f) || (lead == 0xf4 && next > 0x8f))
		return 0; /* surrogates, and beyond U+10FFFF */
	return len;
}

/* Takes one character off text. */
static void put_character(struct writer *writer, struct bytes *text)
{
	size_t len = character_len(*text);
	struct bytes character = { text->data, len == 0 ? 1 : len };
	uint8_t lead = text->data[0];

	text->data += character.len;
	text->len -= character.len;
	if (len == 0)
		writer_put_text(writer, "\xef\xbf\xbd"); /* U+FFFD */
	else if (lead == '"' || lead == '\\')
		writer_put_text(writer, lead == '"' ? "\\\"" : "\\\\");
	else if (lead < 0x20 || lead == 0x7f)
		put_control(writer, lead);
	else if (lead == 0xc2 && character.data[1] < 0xa0)
		put_control(writer, character.data[1]);
	else
		writer_put(writer, character);
}

static void put_text(struct writer *writer, struct bytes text)
{
	writer_put_text(writer, "\"");
	while (text.len > 0)
		put_character(writer, &text);
	writer_put_text(writer, "\"");
}

static void put_value(struct writer *writer, const struct value *value)
{
	if (value->is_empty) {
		writer_put_text(writer, "null");
		return;
	}
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
	case COLUMN_BOOL:
		writer_put_text(writer, value->number != 0 ? "true" : "false");
		break;
	case COLUMN_TIME:
	case COLUMN_DURATION:
	case COLUMN_COUNT:
	case COLUMN_BYTES:
		writer_put_number(writer, value->number);
		break;
	}
}

void report_json(struct writer *writer, const struct table *table)
{
	struct value value;

	for (size_t i = 0; i < table_rows(table) && !writer_has_failed(writer); i++) {
		struct table_cursor cursor = table_row(table, i);

		for (size_t j = 0; table_next(&cursor, &value); j++) {
			writer_put_text(writer, j == 0 ? "{" : ",");
			put_text(writer, table->columns.items[j].name);
			writer_put_text(writer, ":");
			put_value(writer, &value);
		}
		writer_put_text(writer, "}\n");
	}
}
