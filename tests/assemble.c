/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/error.h"
#include "tests/expected.h"
#include "tests/trace_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* assemble FILE [cut=BYTES] [flip=BYTE.BIT] >TRACE: a trace in Go's text form, or a .test archive
 * with one inside, as bytes; then cut short or with a bit flipped. The corpus of tests/fuzz is made
 * by it. */
static bool damage(byte_array *out, const char *how)
{
	unsigned long at;
	char *end;

	if (strncmp(how, "cut=", 4) == 0) {
		at = strtoul(how + 4, &end, 10);
		if (*end != '\0' || at > out->count)
			return false;
		out->count = at;
		return true;
	}
	if (strncmp(how, "flip=", 5) != 0)
		return false;
	at = strtoul(how + 5, &end, 10);
	if (end[0] != '.' || end[1] < '0' || end[1] > '7' || at >= out->count)
		return false;
	out->items[at] ^= (uint8_t)(1u << (end[1] - '0'));
	return true;
}

int main(int argc, char **argv)
{
	struct budget budget = { 0 };
	struct arena arena = { .budget = &budget };
	byte_array out = { .budget = &budget };
	struct error err = { 0 };
	struct bytes text;

	if (argc < 2 || !file_read(&arena, argv[1], &text)) {
		fputs("usage: assemble FILE [cut=BYTES] [flip=BYTE.BIT] >TRACE\n", stderr);
		return 2;
	}
	trace_text_section(text, "trace", &text);
	if (!trace_text_assemble(text, &out, &err)) {
		fprintf(stderr, "%s: %s\n", argv[1], err.message);
		return 1;
	}
	for (int i = 2; i < argc; i++)
		if (!damage(&out, argv[i])) {
			fprintf(stderr, "assemble: what is \"%s\"?\n", argv[i]);
			return 2;
		}
	if (fwrite(out.items, 1, out.count, stdout) != out.count || fflush(stdout) != 0)
		return 1;
	array_free(&out);
	arena_free(&arena);
	return 0;
}
