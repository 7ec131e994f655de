/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/v1_text.h"

#include "core/trace/v1_wire.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORDS = 600, LINE_MAX_BYTES = 1 << 16 };

/* A line taken apart: name=value words behind the first. */
struct words {
	char line[LINE_MAX_BYTES];
	const char *name;
	struct {
		const char *key, *value;
	} at[WORDS];
	int count;
};

static void put(byte_array *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*array_push(out) = (uint8_t)(value | 0x80);
	*array_push(out) = (uint8_t)value;
}

static void put_text(byte_array *out, const char *text)
{
	put(out, strlen(text));
	for (; *text != 0; text++)
		*array_push(out) = (uint8_t)*text;
}

/* Ends a word; text in quotes may hold spaces. */
static char *end_of(char *value)
{
	bool quoted = *value == '"';

	for (value += quoted; *value != 0; value++)
		if (quoted ? *value == '"' : isspace((unsigned char)*value))
			break;
	if (*value != 0)
		*value++ = 0;
	return value;
}

static void split(struct words *words)
{
	char *at = words->line;

	words->count = 0;
	words->name = at;
	at += strcspn(at, " \t");
	if (*at != 0)
		*at++ = 0;
	while (words->count < WORDS) {
		char *value;

		at += strspn(at, " \t");
		value = strchr(at, '=');
		if (*at == 0 || value == NULL)
			return;
		*value++ = 0;
		words->at[words->count].key = at;
		words->at[words->count++].value = value + (*value == '"');
		at = end_of(value);
	}
}

static const char *find(const struct words *words, const char *key)
{
	for (int i = 0; i < words->count; i++)
		if (strcmp(words->at[i].key, key) == 0)
			return words->at[i].value;
	return NULL;
}

static uint64_t number(const struct words *words, const char *key)
{
	const char *value = find(words, key);

	if (value == NULL)
		return 0;
	return *value == '-' ? 0 - strtoull(value + 1, NULL, 10) : strtoull(value, NULL, 0);
}

/* A record behind its first byte: as it is, or with its length before it. */
static void put_record(byte_array *out, unsigned type, unsigned count, const byte_array *body)
{
	*array_push(out) = (uint8_t)(count << 6 | type);
	if (count == 3)
		put(out, body->count);
	for (size_t i = 0; i < body->count; i++)
		*array_push(out) = body->items[i];
}

static void put_stack(byte_array *body, const struct words *words, unsigned minor)
{
	static const char *const keys[] = { "pc", "func", "file", "line" };
	uint64_t frames = 0;

	put(body, number(words, "id"));
	for (int i = 0; i < words->count; i++)
		frames += strcmp(words->at[i].key, "pc") == 0;
	put(body, find(words, "n") != NULL ? number(words, "n") : frames);
	for (int i = 0; i < words->count; i++)
		for (int k = 0; k < (minor < 7 ? 1 : 4); k++)
			if (strcmp(words->at[i].key, keys[k]) == 0)
				put(body, strtoull(words->at[i].value, NULL, 0));
}

static void put_untimed(byte_array *out, unsigned type, const struct words *words, unsigned minor)
{
	byte_array body = { .budget = out->budget };

	if (type == V1_STACK)
		put_stack(&body, words, minor);
	else if (type == V1_STRING)
		put(&body, number(words, "id"));
	else
		put(&body, number(words, v1_spec(type)->args[0]));
	if (type == V1_BATCH && minor < 7)
		put(&body, number(words, "seq"));
	if (type == V1_BATCH)
		put(&body, number(words, "ticks"));
	if ((type == V1_FREQUENCY || type == V1_TIMER_GOROUTINE) && minor < 7)
		put(&body, 0);
	put_record(out, type, type == V1_STACK ? 3 : type == V1_BATCH, &body);
	array_free(&body);
	if (type == V1_STRING)
		put_text(out, find(words, "data") != NULL ? find(words, "data") : "");
}

static void put_timed(byte_array *out, unsigned type, const struct words *words, unsigned minor)
{
	const struct v1_spec *spec = v1_spec(type);
	unsigned args = v1_arg_count(type, minor), count = args + spec->has_stack;
	byte_array body = { .budget = out->budget };

	if (minor < 7)
		put(&body, number(words, "dseq"));
	put(&body, number(words, "dt"));
	for (unsigned i = 0; i < args; i++)
		put(&body, number(words, spec->args[i]));
	if (spec->has_stack)
		put(&body, number(words, "stack"));
	put_record(out, type, count > 3 || type == V1_USER_LOG ? 3 : count, &body);
	array_free(&body);
	if (type == V1_USER_LOG)
		put_text(out, find(words, "data") != NULL ? find(words, "data") : "");
}

static void put_header(byte_array *out, unsigned minor)
{
	char head[17] = "";

	snprintf(head, sizeof(head), "go 1.%u trace", minor);
	for (int i = 0; i < 16; i++)
		*array_push(out) = (uint8_t)head[i];
}

static void put_bytes(byte_array *out, const char *text)
{
	char *end;

	for (;;) {
		unsigned long value = strtoul(text, &end, 16);

		if (end == text)
			return;
		*array_push(out) = (uint8_t)value;
		text = end;
	}
}

static unsigned find_type(const char *name)
{
	for (unsigned type = 1; type < V1_TYPES; type++)
		if (strcmp(v1_spec(type)->name, name) == 0)
			return type;
	return 0;
}

static bool put_line(byte_array *out, struct words *words, unsigned *minor)
{
	unsigned type;

	words->line[strcspn(words->line, "\r\n#")] = 0;
	if (words->line[strspn(words->line, " \t")] == 0)
		return true;
	if (sscanf(words->line, "Trace Go1.%u", minor) == 1) {
		put_header(out, *minor);
		return true;
	}
	if (strncmp(words->line, "Bytes ", 6) == 0) {
		put_bytes(out, words->line + 6);
		return true;
	}
	split(words);
	type = find_type(words->name);
	if (type == 0)
		return false;
	if (v1_spec(type)->is_timed)
		put_timed(out, type, words, *minor);
	else
		put_untimed(out, type, words, *minor);
	return true;
}

bool v1_text_is(struct bytes text)
{
	static const char prefix[] = "Trace Go1.";
	unsigned minor = 0;
	size_t at = strlen(prefix);

	if (!bytes_begin_with(text, prefix))
		return false;
	for (; at < text.len && isdigit(text.data[at]) && minor < 100; at++)
		minor = minor * 10 + (unsigned)(text.data[at] - '0');
	return minor > 0 && minor < 22;
}

bool v1_text_assemble(struct bytes text, byte_array *out, struct error *err)
{
	static struct words words;
	unsigned minor = 11;
	size_t at = 0;

	for (unsigned line = 1; at < text.len; line++) {
		const uint8_t *end = memchr(text.data + at, '\n', text.len - at);
		size_t len = (end != NULL ? (size_t)(end - text.data) : text.len) - at;

		if (len >= sizeof(words.line))
			return error_set(err, ERROR_MALFORMED, at, "line %u is too long", line);
		memcpy(words.line, text.data + at, len);
		words.line[len] = 0;
		if (!put_line(out, &words, &minor))
			return error_set(err, ERROR_MALFORMED, at, "line %u: no such record", line);
		at += len + 1;
	}
	return true;
}
