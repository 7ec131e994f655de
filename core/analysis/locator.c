/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/locator.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/time_text.h"

static const char *const ins[LOCATOR_INS] = { "",         "regions", "regions1",
	                                      "regions2", "marks",   "starts" };

static bool parse_id(struct bytes text, uint64_t *id)
{
	*id = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned)text.data[i] - '0';

		if (digit > 9 || *id > (UINT64_MAX - digit) / 10)
			return false;
		*id = *id * 10 + digit;
	}
	return text.len > 0;
}

/* Begin, and after a plus the length. */
static bool parse_time(struct bytes text, struct locator *l)
{
	const uint8_t *plus = text.len > 0 ? memchr(text.data, '+', text.len) : NULL;
	size_t len = plus != NULL ? (size_t)(plus - text.data) : text.len;

	l->has_time = true;
	l->has_length = plus != NULL;
	if (!time_text_parse((struct bytes){ text.data, len }, &l->begin_ns))
		return false;
	if (plus == NULL)
		return true;
	text = (struct bytes){ plus + 1, text.len - len - 1 };
	return time_text_parse(text, &l->length_ns) && l->length_ns > 0;
}

static bool parse_row(struct bytes text, struct locator *l)
{
	if (bytes_equal(text, bytes_of("gc")))
		l->of = LOCATOR_GC;
	else if (bytes_equal(text, bytes_of("stw")))
		l->of = LOCATOR_STW;
	else
		return false;
	return true;
}

static bool parse_lane(struct bytes text, enum locator_of of, struct locator *l)
{
	l->of = (uint8_t)of;
	return parse_id(text, &l->id);
}

static bool parse_in(struct bytes text, struct locator *l)
{
	for (uint8_t in = 1; in < LOCATOR_INS; in++)
		if (bytes_equal(text, bytes_of(ins[in])))
			l->in = in;
	return l->in != LOCATOR_IN_LANE;
}

static bool parse_selected(struct bytes text, struct locator *l)
{
	l->has_selected = true;
	return time_text_parse(text, &l->selected_ns);
}

/* "NAME=VALUE", none twice */
static bool parse_part(struct bytes part, struct locator *l)
{
	const uint8_t *equals = part.len > 0 ? memchr(part.data, '=', part.len) : NULL;
	struct bytes name, value;

	if (equals == NULL)
		return false;
	name = (struct bytes){ part.data, (size_t)(equals - part.data) };
	value = (struct bytes){ equals + 1, part.len - name.len - 1 };
	if (bytes_equal(name, bytes_of("t")))
		return !l->has_time && parse_time(value, l);
	if (bytes_equal(name, bytes_of("s")))
		return !l->has_selected && parse_selected(value, l);
	if (bytes_equal(name, bytes_of("in")))
		return l->in == LOCATOR_IN_LANE && parse_in(value, l);
	if (l->of != LOCATOR_NOTHING) /* one lane is enough */
		return false;
	if (bytes_equal(name, bytes_of("g")))
		return parse_lane(value, LOCATOR_GO, l);
	if (bytes_equal(name, bytes_of("p")))
		return parse_lane(value, LOCATOR_PROC, l);
	if (bytes_equal(name, bytes_of("m")))
		return parse_lane(value, LOCATOR_THREAD, l);
	if (bytes_equal(name, bytes_of("task")))
		return parse_lane(value, LOCATOR_TASK, l);
	return bytes_equal(name, bytes_of("row")) && parse_row(value, l);
}

bool locator_parse(struct bytes text, struct locator *locator, size_t *wrong_at)
{
	*locator = (struct locator){ .of = LOCATOR_NOTHING };
	*wrong_at = 0;
	for (;;) {
		struct bytes rest = { text.data + *wrong_at, text.len - *wrong_at };
		const uint8_t *comma = rest.len > 0 ? memchr(rest.data, ',', rest.len) : NULL;

		if (comma != NULL)
			rest.len = (size_t)(comma - rest.data);
		if (!parse_part(rest, locator))
			return false;
		if (comma == NULL)
			return true;
		*wrong_at += rest.len + 1;
	}
}

/* Without a letter that a shell or a mail could break. */
static const char *plain_time(char out[TIME_TEXT_MAX], int64_t ns)
{
	char *micro;

	time_text_go(out, ns);
	micro = strstr(out, "\xc2\xb5");
	if (micro != NULL) {
		*micro = 'u';
		memmove(micro + 1, micro + 2, strlen(micro + 2) + 1);
	}
	return out;
}

const char *locator_text(char out[LOCATOR_TEXT_MAX], const struct locator *l)
{
	static const char *const lanes[] = { "", "g=", "p=", "m=", "task=", "row=gc", "row=stw" };
	char time[TIME_TEXT_MAX];
	size_t len = 0;

	out[0] = '\0';
	if (l->has_time)
		len += (size_t)snprintf(out + len, LOCATOR_TEXT_MAX - len, ",t=%s",
		                        plain_time(time, l->begin_ns));
	if (l->has_time && l->has_length)
		len += (size_t)snprintf(out + len, LOCATOR_TEXT_MAX - len, "+%s",
		                        plain_time(time, l->length_ns));
	if (l->of != LOCATOR_NOTHING)
		len += (size_t)snprintf(out + len, LOCATOR_TEXT_MAX - len, ",%s", lanes[l->of]);
	if (l->of >= LOCATOR_GO && l->of <= LOCATOR_TASK)
		len += (size_t)snprintf(out + len, LOCATOR_TEXT_MAX - len, "%" PRIu64, l->id);
	if (l->in != LOCATOR_IN_LANE)
		len += (size_t)snprintf(out + len, LOCATOR_TEXT_MAX - len, ",in=%s", ins[l->in]);
	if (l->has_selected)
		len += (size_t)snprintf(out + len, LOCATOR_TEXT_MAX - len, ",s=%s",
		                        plain_time(time, l->selected_ns));
	if (len > 0)
		memmove(out, out + 1, len);
	return out;
}
