/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/value_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/time_text.h"
#include "tui/view/text.h"

struct bytes value_text(const struct value *value, bool ascii, char room[VALUE_TEXT_MAX])
{
	struct line line = { .ascii = ascii };

	if (value->is_empty)
		return bytes_of(value->is_unknown ? "?" : "");
	switch (value->kind) {
	case COLUMN_TEXT:
	case COLUMN_HISTOGRAM:
		return value->text;
	case COLUMN_TIME:
	case COLUMN_DURATION:
		time_text_short(room, value->number, ascii);
		break;
	case COLUMN_BYTES:
		if (value->number < 0)
			line_add(&line, "-");
		line_add_size(&line, value->number < 0 ? 0 - (uint64_t)value->number
		                                       : (uint64_t)value->number);
		snprintf(room, VALUE_TEXT_MAX, "%.*s", (int)line.len, line.text);
		break;
	case COLUMN_ID:
		snprintf(room, VALUE_TEXT_MAX, "%" PRIu64, (uint64_t)value->number);
		break;
	case COLUMN_COUNT:
		snprintf(room, VALUE_TEXT_MAX, "%" PRId64, value->number);
		break;
	case COLUMN_FRACTION:
		snprintf(room, VALUE_TEXT_MAX, "%.2f %%", (double)value->number / 1e4);
		break;
	case COLUMN_RATE:
		snprintf(room, VALUE_TEXT_MAX,
		         value->number < 1000000000 && value->number > -1000000000 ? "%.4g"
		                                                                   : "%.0f",
		         (double)value->number / 1e6);
		break;
	case COLUMN_BOOL:
		return bytes_of(value->number != 0 ? "yes" : "no");
	}
	return bytes_of(room);
}

struct bytes value_head(struct bytes name, char *room, size_t size)
{
	struct bytes parts[2];

	table_split_unit(name, parts);
	snprintf(room, size, "%.*s%.*s", (int)parts[0].len, (const char *)parts[0].data,
	         (int)parts[1].len, (const char *)parts[1].data);
	return bytes_of(room);
}
