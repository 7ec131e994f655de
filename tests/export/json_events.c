/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/export/json_events.h"

#include <stdlib.h>

enum { DEPTH_MAX = 8 };

static bool fail(struct json_trace *trace, const char *fault)
{
	if (trace->fault == NULL)
		trace->fault = fault;
	return false;
}

static int look(const struct json_trace *trace)
{
	return trace->at < trace->in.len ? trace->in.data[trace->at] : -1;
}

static void skip(struct json_trace *trace)
{
	while (look(trace) == ' ' || look(trace) == '\n')
		trace->at++;
}

static bool take(struct json_trace *trace, char byte)
{
	skip(trace);
	if (look(trace) != byte)
		return fail(trace, "another character than expected");
	trace->at++;
	return true;
}

static bool takes(struct json_trace *trace, char byte)
{
	skip(trace);
	if (look(trace) != byte)
		return false;
	trace->at++;
	return true;
}

/* Bytes of the character at the head, 0 if it is no UTF-8. */
static size_t character(const struct json_trace *trace)
{
	const uint8_t *at = trace->in.data + trace->at;
	size_t left = trace->in.len - trace->at;
	size_t len = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;

	if (len > left || at[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < len; i++)
		if (at[i] < 0x80 || at[i] > 0xbf)
			return 0;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
	    (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return 0;
	return len;
}

static bool take_code(struct json_trace *trace, unsigned *code)
{
	char text[5] = "";

	if (trace->in.len - trace->at < 4)
		return fail(trace, "an escape without its digits");
	memcpy(text, trace->in.data + trace->at, 4);
	if (strspn(text, "0123456789abcdefABCDEF") != 4)
		return fail(trace, "an escape without its digits");
	*code = (unsigned)strtoul(text, NULL, 16);
	trace->at += 4;
	return true;
}

/* One character; *out is its byte if it is one, else '?'. */
static bool take_character(struct json_trace *trace, char *out)
{
	size_t len = character(trace);
	unsigned code;

	if (len == 0)
		return fail(trace, "no UTF-8");
	if (look(trace) < 0x20)
		return fail(trace, "a control character");
	*out = len == 1 ? (char)look(trace) : '?';
	trace->at += len;
	if (*out != '\\')
		return true;
	*out = (char)look(trace);
	trace->at++;
	if (*out == '\\' || *out == '"')
		return true;
	if (*out != 'u')
		return fail(trace, "an unknown escape");
	if (!take_code(trace, &code))
		return false;
	*out = code < 0x80 ? (char)code : '?';
	return true;
}

static bool take_string(struct json_trace *trace, char *out, size_t size)
{
	size_t len = 0;
	char byte;

	if (!take(trace, '"'))
		return false;
	while (look(trace) != '"') {
		if (look(trace) < 0 || !take_character(trace, &byte))
			return fail(trace, "a string without an end");
		if (len + 1 < size)
			out[len++] = byte;
	}
	trace->at++;
	if (size > 0)
		out[len] = '\0';
	return true;
}

/* Thousandths, of a number with up to three decimals. */
static bool take_number(struct json_trace *trace, int64_t *thousandths)
{
	bool is_negative = takes(trace, '-');
	int64_t value = 0, unit = 1000;

	if (look(trace) < '0' || look(trace) > '9')
		return fail(trace, "no number");
	for (; look(trace) >= '0' && look(trace) <= '9'; trace->at++)
		value = (int64_t)((uint64_t)value * 10 + (uint64_t)(look(trace) - '0'));
	value = (int64_t)((uint64_t)value * 1000);
	if (takes(trace, '.'))
		for (; look(trace) >= '0' && look(trace) <= '9'; trace->at++)
			value += (look(trace) - '0') * (unit /= 10);
	*thousandths = is_negative ? -value : value;
	return true;
}

static bool skip_value(struct json_trace *trace, int depth);

static bool skip_object(struct json_trace *trace, int depth)
{
	if (!take(trace, '{'))
		return false;
	if (takes(trace, '}'))
		return true;
	do
		if (!take_string(trace, NULL, 0) || !take(trace, ':') || !skip_value(trace, depth))
			return false;
	while (takes(trace, ','));
	return take(trace, '}');
}

static bool skip_value(struct json_trace *trace, int depth)
{
	int64_t number;

	skip(trace);
	if (depth == DEPTH_MAX)
		return fail(trace, "too deep");
	if (look(trace) == '{')
		return skip_object(trace, depth + 1);
	return look(trace) == '"' ? take_string(trace, NULL, 0) : take_number(trace, &number);
}

static bool take_field(struct json_trace *trace, struct json_event *event, const char *key)
{
	char text[8];
	int64_t number;

	if (strcmp(key, "ph") == 0) {
		bool good = take_string(trace, text, sizeof(text));

		event->phase = text[0];
		return good;
	}
	if (strcmp(key, "name") == 0)
		return take_string(trace, event->name, sizeof(event->name));
	if (strcmp(key, "cat") == 0)
		return take_string(trace, event->category, sizeof(event->category));
	if (strcmp(key, "ts") == 0)
		return take_number(trace, &event->begin_ns);
	if (strcmp(key, "dur") == 0)
		return take_number(trace, &event->dur_ns);
	if (strcmp(key, "pid") != 0 && strcmp(key, "tid") != 0 && strcmp(key, "sf") != 0)
		return skip_value(trace, 0);
	if (!take_number(trace, &number))
		return false;
	if (key[0] == 's')
		event->frame = (uint64_t)number / 1000;
	else if (key[0] == 'p')
		event->group = number / 1000;
	else
		event->row = number / 1000;
	return true;
}

static bool take_event(struct json_trace *trace)
{
	struct json_event event = { .dur_ns = -1 };
	char key[16];

	if (!take(trace, '{'))
		return false;
	do
		if (!take_string(trace, key, sizeof(key)) || !take(trace, ':') ||
		    !take_field(trace, &event, key))
			return false;
	while (takes(trace, ','));
	trace->each(trace->to, &event);
	return take(trace, '}');
}

static bool take_key(struct json_trace *trace, const char *want)
{
	char key[32];

	if (!take_string(trace, key, sizeof(key)) || !take(trace, ':'))
		return false;
	return strcmp(key, want) == 0 || fail(trace, "another key than expected");
}

static bool take_frames(struct json_trace *trace)
{
	if (!take(trace, '{'))
		return false;
	if (takes(trace, '}'))
		return true;
	do {
		if (!take_string(trace, NULL, 0) || !take(trace, ':') || !skip_object(trace, 0))
			return false;
		trace->frames++;
	} while (takes(trace, ','));
	return take(trace, '}');
}

bool json_events_read(struct json_trace *trace)
{
	if (!take(trace, '{') || !take_key(trace, "displayTimeUnit") ||
	    !take_string(trace, NULL, 0) || !take(trace, ',') || !take_key(trace, "traceEvents") ||
	    !take(trace, '['))
		return false;
	do
		if (!take_event(trace))
			return false;
	while (takes(trace, ','));
	if (!take(trace, ']') || !take(trace, ',') || !take_key(trace, "stackFrames") ||
	    !take_frames(trace) || !take(trace, '}'))
		return false;
	skip(trace);
	return trace->at == trace->in.len || fail(trace, "more behind it");
}
