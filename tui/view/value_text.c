/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/value_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/time_text.h"

static void bytes_text(char text[VALUE_TEXT_MAX], int64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double amount = (double)bytes;
	size_t unit = 0;

	for (; (amount >= 1000 || amount <= -1000) && unit < 6; unit++)
		amount /= 1024;
	snprintf(text, VALUE_TEXT_MAX, unit == 0 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
}

struct bytes value_text(const struct value *value, bool ascii, char room[VALUE_TEXT_MAX])
{
	if (value->is_empty)
		return bytes_of(value->is_unknown ? "?" : "");
	switch (value->kind) {
	case COLUMN_TEXT:
		return value->text;
	case COLUMN_TIME:
	case COLUMN_DURATION:
		time_text_short(room, value->number, ascii);
		break;
	case COLUMN_BYTES:
		bytes_text(room, value->number);
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
	case COLUMN_BOOL:
		return bytes_of(value->number != 0 ? "yes" : "no");
	}
	return bytes_of(room);
}

struct bytes value_head(struct bytes name, char *room, size_t size)
{
	static const char *const units[] = { "_ns", "_bytes" };
	size_t len = name.len < size ? name.len : size - 1;

	memcpy(room, name.data, len);
	room[len] = '\0';
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		char *at = strstr(room, units[i]);
		size_t unit = strlen(units[i]);

		if (at != NULL && at > room && (at[unit] == '\0' || at[unit] == '[') &&
		    memchr(room, '[', (size_t)(at - room)) == NULL) {
			memmove(at, at + unit, strlen(at + unit) + 1);
			break;
		}
	}
	return bytes_of(room);
}
