/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/trace_text.h"
#include "tests/v1_text.h"

#include "core/trace/v2_wire.h"

#include <inttypes.h>
#include <stdio.h>

#define INT(bytes) (int)(bytes).len, (const char *)(bytes).data /* for %.*s */

struct assembler {
	struct bytes text;
	size_t at;         /* behind the current line */
	struct bytes line; /* what is left of it */
	size_t line_at;    /* where it begins */
	unsigned line_number;
	unsigned types; /* the version knows those below, and none */
	byte_array *out;
	struct error *err;
	bool is_counting; /* size=auto: its place is size_at */
	size_t size_at;
};

static bool fail(struct assembler *a, const char *expected)
{
	struct bytes found = a->line;

	if (found.len > 60)
		found.len = 60;
	return error_set(a->err, ERROR_MALFORMED, a->line_at, "line %u: expected %s at \"%.*s\"",
	                 a->line_number, expected, INT(found));
}

/* ---- lines and words */

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void skip_space(struct assembler *a)
{
	while (a->line.len > 0 && is_space(a->line.data[0])) {
		a->line.data++;
		a->line.len--;
	}
}

static bool next_line(struct assembler *a)
{
	const uint8_t *end;

	if (a->at == a->text.len)
		return false;
	a->line_at = a->at;
	a->line_number++;
	a->line.data = a->text.data + a->at;
	end = memchr(a->line.data, '\n', a->text.len - a->at);
	a->line.len = end != NULL ? (size_t)(end - a->line.data) : a->text.len - a->at;
	a->at += a->line.len + (end != NULL);
	skip_space(a);
	return true;
}

static bool take_prefix(struct assembler *a, const char *prefix)
{
	if (!bytes_begin_with(a->line, prefix))
		return false;
	a->line.data += strlen(prefix);
	a->line.len -= strlen(prefix);
	return true;
}

static struct bytes take_word(struct assembler *a)
{
	struct bytes word = { a->line.data, 0 };

	while (word.len < a->line.len && !is_space(word.data[word.len]) &&
	       word.data[word.len] != '=')
		word.len++;
	a->line.data += word.len;
	a->line.len -= word.len;
	return word;
}

static bool take_number(struct assembler *a, uint64_t *value)
{
	bool negative = take_prefix(a, "-");
	size_t digits = 0;

	*value = 0;
	for (; digits < a->line.len && a->line.data[digits] >= '0' && a->line.data[digits] <= '9';
	     digits++)
		if (__builtin_mul_overflow(*value, UINT64_C(10), value) ||
		    __builtin_add_overflow(*value, (uint64_t)(a->line.data[digits] - '0'), value))
			return fail(a, "a number of at most 64 bits");
	if (digits == 0)
		return fail(a, "a number");
	a->line.data += digits;
	a->line.len -= digits;
	*value = negative ? 0 - *value : *value;
	return true;
}

/* NAME= */
static bool take_name(struct assembler *a, const char *name)
{
	char wanted[48];

	skip_space(a);
	if (!bytes_equal(take_word(a), bytes_of(name)) || !take_prefix(a, "=")) {
		snprintf(wanted, sizeof(wanted), "%s=, before what stands", name);
		return fail(a, wanted);
	}
	return true;
}

/* ---- bytes */

static size_t put_uvarint(uint8_t *at, uint64_t value)
{
	size_t len = 0;

	for (; value >= 0x80; value >>= 7)
		at[len++] = (uint8_t)(value | 0x80);
	at[len++] = (uint8_t)value;
	return len;
}

static void add_bytes(struct assembler *a, const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		*array_push(a->out) = data[i];
}

static void add_uvarint(struct assembler *a, uint64_t value)
{
	uint8_t bytes[10];

	add_bytes(a, bytes, put_uvarint(bytes, value));
}

/* The size that was left out is known now. */
static void end_batch(struct assembler *a)
{
	uint8_t size[10];
	size_t payload = a->out->count - a->size_at, len = put_uvarint(size, payload);

	if (!a->is_counting)
		return;
	a->is_counting = false;
	add_bytes(a, size, len);
	if (payload > 0)
		memmove(a->out->items + a->size_at + len, a->out->items + a->size_at, payload);
	memcpy(a->out->items + a->size_at, size, len);
}

/* ---- strings as Go writes them */

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

static bool take_digits(struct assembler *a, int count, int base, uint32_t *value)
{
	*value = 0;
	for (int i = 0; i < count; i++) {
		if (a->line.len == 0 || digit(a->line.data[0]) >= base)
			return fail(a, "a digit");
		*value = *value * (uint32_t)base + (uint32_t)digit(a->line.data[0]);
		a->line.data++;
		a->line.len--;
	}
	return true;
}

static void add_utf8(byte_array *out, uint32_t c)
{
	if (c < 0x80) {
		*array_push(out) = (uint8_t)c;
		return;
	}
	if (c < 0x800) {
		*array_push(out) = (uint8_t)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		*array_push(out) = (uint8_t)(0xe0 | c >> 12);
		*array_push(out) = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	} else {
		*array_push(out) = (uint8_t)(0xf0 | (c >> 18 & 7));
		*array_push(out) = (uint8_t)(0x80 | (c >> 12 & 0x3f));
		*array_push(out) = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	}
	*array_push(out) = (uint8_t)(0x80 | (c & 0x3f));
}

/* Behind a backslash. */
static bool take_escape(struct assembler *a, byte_array *out)
{
	static const char from[] = "abfnrtv\\\"", to[] = "\a\b\f\n\r\t\v\\\"";
	const char *plain;
	uint32_t value;
	bool good;

	if (a->line.len == 0)
		return fail(a, "an escape");
	plain = strchr(from, a->line.data[0]);
	if (plain != NULL && *plain != '\0') {
		take_prefix(a, (char[]){ *plain, '\0' });
		*array_push(out) = (uint8_t)to[plain - from];
		return true;
	}
	if (take_prefix(a, "u") || take_prefix(a, "U")) {
		good = take_digits(a, a->line.data[-1] == 'u' ? 4 : 8, 16, &value);
		add_utf8(out, value);
		return good;
	}
	good = take_prefix(a, "x") ? take_digits(a, 2, 16, &value) : take_digits(a, 3, 8, &value);
	*array_push(out) = (uint8_t)value;
	return good;
}

static bool take_string(struct assembler *a, byte_array *out)
{
	bool raw = take_prefix(a, "`");

	if (!raw && !take_prefix(a, "\""))
		return fail(a, "a string");
	while (a->line.len > 0) {
		uint8_t c = *a->line.data++;

		a->line.len--;
		if (c == (raw ? '`' : '"'))
			return true;
		if (c != '\\' || raw)
			*array_push(out) = c;
		else if (!take_escape(a, out))
			return false;
	}
	return fail(a, "the end of a string");
}

/* ---- records */

static bool end_line(struct assembler *a)
{
	skip_space(a);
	return a->line.len == 0 || fail(a, "the end of the line");
}

/* data="..." on the next line; Go prints none of what is empty. */
static bool add_data(struct assembler *a)
{
	byte_array data = { .budget = a->out->budget };
	struct assembler before = *a;
	bool good;

	if (!next_line(a) || (skip_space(a), !bytes_begin_with(a->line, "data="))) {
		*a = before;
		add_uvarint(a, 0);
		return true;
	}
	good = take_name(a, "data") && take_string(a, &data) && end_line(a);

	if (good) {
		add_uvarint(a, data.count);
		add_bytes(a, data.items, data.count);
	}
	array_free(&data);
	return good;
}

static bool add_argument(struct assembler *a, const char *name, uint64_t *value)
{
	if (!take_name(a, name) || !take_number(a, value))
		return false;
	add_uvarint(a, *value);
	return true;
}

static bool add_frames(struct assembler *a, uint64_t count)
{
	static const char *const parts[] = { "pc", "func", "file", "line" };
	uint64_t value;

	for (uint64_t i = 0; i < count; i++) {
		if (!next_line(a))
			return fail(a, "a frame");
		for (int part = 0; part < 4; part++)
			if (!add_argument(a, parts[part], &value))
				return false;
		if (!end_line(a))
			return false;
	}
	return true;
}

static bool add_size(struct assembler *a)
{
	uint64_t size;

	if (!take_name(a, "size"))
		return false;
	a->is_counting = take_prefix(a, "auto");
	a->size_at = a->out->count;
	if (a->is_counting)
		return true;
	if (!take_number(a, &size))
		return false;
	add_uvarint(a, size);
	return true;
}

static bool add_record(struct assembler *a, unsigned type, const struct wire_spec *spec)
{
	uint64_t value = 0;

	if (type == WIRE_EVENT_BATCH || type == WIRE_EXPERIMENTAL_BATCH ||
	    type == WIRE_END_OF_GENERATION)
		end_batch(a);
	*array_push(a->out) = (uint8_t)type;
	if (spec->timed && !add_argument(a, "dt", &value))
		return false;
	for (unsigned i = 0; i < spec->arg_count; i++)
		if (type == WIRE_EVENT_BATCH && i == 3 ? !add_size(a)
		                                       : !add_argument(a, spec->args[i], &value))
			return false;
	if (!end_line(a))
		return false;
	if (type == WIRE_STRING || type == WIRE_EXPERIMENTAL_BATCH)
		return add_data(a);
	return type != WIRE_STACK || add_frames(a, value);
}

static bool add_line(struct assembler *a)
{
	struct bytes name = take_word(a);

	for (unsigned type = 0; type < a->types; type++) {
		const struct wire_spec *spec = wire_spec(type);

		if (spec->name != NULL && bytes_equal(name, bytes_of(spec->name)))
			return add_record(a, type, spec);
	}
	a->line.len += name.len;
	a->line.data -= name.len;
	return fail(a, "an event of this version");
}

static bool add_header(struct assembler *a)
{
	uint64_t minor;
	char header[17] = "";

	if (!next_line(a) || !take_prefix(a, "Trace"))
		return fail(a, "Trace Go1.N");
	skip_space(a);
	if (!take_prefix(a, "Go1.") || !take_number(a, &minor) || !end_line(a))
		return fail(a, "Trace Go1.N");
	snprintf(header, sizeof(header), "go 1.%" PRIu64 " trace", minor % 1000);
	add_bytes(a, (const uint8_t *)header, sizeof(header) - 1);
	a->types = minor < 23   ? WIRE_GO_SWITCH
	           : minor < 25 ? WIRE_SYNC
	           : minor < 26 ? WIRE_END_OF_GENERATION
	                        : WIRE_TYPES;
	return true;
}

bool trace_text_assemble(struct bytes text, byte_array *out, struct error *err)
{
	struct assembler a = { .text = text, .line = text, .out = out, .err = err };

	if (v1_text_is(text))
		return v1_text_assemble(text, out, err);
	a.line.len = 0;
	if (!add_header(&a))
		return false;
	while (next_line(&a))
		if (a.line.len > 0 && a.line.data[0] != '#' && !add_line(&a))
			return false;
	end_batch(&a);
	return true;
}

bool trace_text_literal(struct bytes text, byte_array *out)
{
	struct error err = { 0 };
	struct assembler a = { .text = text, .line = text, .out = out, .err = &err };

	return take_string(&a, out);
}

/* ---- archives */

/* The name of a "-- name --" line at at. */
static bool is_marker(struct bytes archive, size_t at, struct bytes *name, size_t *behind)
{
	struct bytes line = { archive.data + at, archive.len - at };
	const uint8_t *end = line.len > 0 ? memchr(line.data, '\n', line.len) : NULL;

	*behind = archive.len;
	if (end != NULL) {
		line.len = (size_t)(end - line.data);
		*behind = at + line.len + 1;
	}
	if (line.len < 7 || !bytes_begin_with(line, "-- ") ||
	    memcmp(line.data + line.len - 3, " --", 3) != 0)
		return false;
	*name = (struct bytes){ line.data + 3, line.len - 6 };
	return true;
}

bool trace_text_section(struct bytes archive, const char *wanted, struct bytes *text)
{
	struct bytes name;
	bool found = false;
	size_t behind;

	for (size_t at = 0; at < archive.len; at = behind) {
		if (!is_marker(archive, at, &name, &behind))
			continue;
		if (found) {
			text->len = (size_t)(archive.data + at - text->data);
			return true;
		}
		found = bytes_equal(name, bytes_of(wanted));
		if (found)
			*text = (struct bytes){ archive.data + behind, archive.len - behind };
	}
	return found;
}
