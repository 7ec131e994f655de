/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_search.h"

enum {
	TRIAL_RECORDS = 8, /* that have to decode behind a batch that damage may have made */
	TRIAL_BYTES = 2048,
	FEW_PROCS = V1_LISTS_MAX,
	TICKS_APART = 40, /* bits: five hours and more */
	TORN_TEXT = 16,   /* bytes; in fewer, no batch is found */
};

#define LONG_SINCE (UINT64_C(1) << 28) /* ticks */

/* Whether the next records can be read. */
static bool goes_on(const struct v1_file *file, size_t at)
{
	size_t left = file->len - at < TRIAL_BYTES ? file->len - at : TRIAL_BYTES, tried = 0;
	struct bytes window = { file->data + at, left };
	struct v1_record record;

	for (int i = 0; i < TRIAL_RECORDS && tried < left; i++) {
		const char *fault = v1_take(window, &tried, file->minor, &record);

		if (fault != NULL)
			return fault == v1_cut && left == TRIAL_BYTES;
	}
	return true;
}

/* Whether a time is like that of the last batch, as far as bytes can tell that are none: a clock
 * that runs since long has large numbers, and those near it have more bits than words have. */
static bool has_time(const struct v1_file *file, uint64_t ticks)
{
	uint64_t last = file->last_ticks;
	uint64_t apart = ticks > last ? ticks - last : last - ticks;

	return last == 0 || (apart >> TICKS_APART == 0 && (last < LONG_SINCE || apart <= last / 2));
}

/* Whether a batch may begin here: what follows can be read, and its time is not far from the last
 * (reliability.md 4.4). */
static bool is_batch(const struct v1_file *file, size_t at)
{
	struct bytes rest = { file->data + at, file->len - at };
	struct v1_record record;
	size_t tried = 0;

	if (v1_take(rest, &tried, file->minor, &record) != NULL || record.type != V1_BATCH)
		return false;
	if (record.arg[0] >= FEW_PROCS && record.arg[0] != UINT64_MAX)
		return false;
	if (!has_time(file, record.ticks))
		return false;
	return goes_on(file, at + tried);
}

size_t v1_search_batch(const struct v1_file *file, size_t at)
{
	while (at < file->len) {
		const uint8_t *next = memchr(file->data + at, 1 << 6 | V1_BATCH, file->len - at);

		if (next == NULL)
			return file->len;
		at = (size_t)(next - file->data);
		if (is_batch(file, at))
			return at;
		at++;
	}
	return at;
}

/* A record that a bit has made a batch has the distance of an event in place of a time. No program
 * is traced for a hundred times as long as its host was up before. */
static bool is_absurd(uint64_t ticks, uint64_t last)
{
	return last >= LONG_SINCE && (ticks < last / 256 || ticks / 256 > last);
}

/* Whether the time of the last batch is that of another one, too: two are right against one. */
static bool is_believed(const struct v1_file *file, size_t at)
{
	if (file->before_ticks != 0)
		return !is_absurd(file->before_ticks, file->last_ticks);
	return v1_search_batch(file, at + 1) < file->len;
}

bool v1_search_is_absurd(const struct v1_file *file, uint64_t ticks, size_t at)
{
	return is_absurd(ticks, file->last_ticks) && is_believed(file, at);
}

/* Where the length of a text is damaged it swallows what follows, with the next batch in it, and
 * ends anywhere; now and then where another record begins. */
bool v1_search_is_torn(const struct v1_file *file, const struct v1_record *record)
{
	size_t begin, end;

	if ((record->type != V1_STRING && record->type != V1_USER_LOG) ||
	    record->text.len < TORN_TEXT)
		return false;
	begin = (size_t)(record->text.data - file->data);
	end = begin + record->text.len;
	while (begin < end) {
		const uint8_t *next =
			memchr(file->data + begin, 1 << 6 | V1_BATCH, end - begin);

		if (next == NULL)
			return false;
		begin = (size_t)(next - file->data);
		if (is_batch(file, begin))
			return file->last_ticks >= LONG_SINCE || !goes_on(file, end);
		begin++;
	}
	return false;
}
