/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/wire_text.h"
#include "core/trace/version.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>

#include "tests/events_of.h"
#include "tests/expected.h"
#include "tests/go_root.h"
#include "tests/tap.h"

/* What stands beside Go's cases, read where Go is installed: inputs that crashed its reader once
 * (go test fuzz v1), and traces of before 1.22. We survive all; of those that are known, strict has
 * Go's verdict. */

static struct budget budget;

enum known { UNKNOWN, ACCEPTED, REFUSED };

/* As go tool trace -d=parsed of 1.26 does it. */
static enum known verdict_of(const char *name)
{
	static const char *const accepted[] = { "closing-unknown-region", "large-id" };
	static const char *const refused[] = {
		"0cb1786dee0f090b", "1e45307d5b2ec36d",   "2b05796f9b2fc48d",    "2b9be9aebe08d511",
		"344331b314da0b08", "365d7b5b633b3f97",   "4055b17cae1a3443",    "4d9ddc909984e871",
		"56f073e57903588c", "9d6ee7d3ddf8d566",   "aeb749b6bc317b66",    "d478e18d2d6756b7",
		"d91203cd397aa0bc", "invalid-proc-state", "malformed-timestamp",
	};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++)
		if (strcmp(name, accepted[i]) == 0)
			return ACCEPTED;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (strcmp(name, refused[i]) == 0)
			return REFUSED;
	return len > 5 && strcmp(name + len - 5, "_good") == 0 ? ACCEPTED : UNKNOWN;
}

/* Every record, until there is none; strict: until one is bad. */
static void read_records(struct bytes trace, bool is_strict)
{
	struct wire_records records;
	struct wire_record record;
	struct source source;
	struct index index;
	struct error err = { 0 };

	source_open_stream(&source, &budget);
	source_append(&source, trace);
	source_finish(&source);
	if (index_open(&index, &budget, &source, &err) && version_is_v2(index.version)) {
		while (index_step(&index, &source, 64))
			;
		wire_records_init(&records, &budget, &index, &source, is_strict);
		while (wire_records_next(&records, &record, &err))
			;
		wire_records_free(&records);
	}
	index_free(&index);
	source_close(&source);
}

static void judge(struct bytes trace, const char *name)
{
	byte_array text = { .budget = &budget };
	enum known verdict = verdict_of(name);
	bool is_accepted = events_of(&budget, trace, true, &text);

	if (verdict != UNKNOWN)
		ok(is_accepted == (verdict == ACCEPTED), "%s: %s", name,
		   verdict == ACCEPTED ? "accepted" : "refused");
	events_of(&budget, trace, false, &text);
	read_records(trace, true);
	read_records(trace, false);
	ok(true, "%s: survived", name);
	array_free(&text);
}

static int judge_file(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	static const char fuzz[] = "go test fuzz v1\n[]byte(";
	struct arena arena = { .budget = &budget };
	byte_array input = { .budget = &budget };
	const char *name = path + ftw->base;
	struct bytes bytes;

	(void)status;
	if (type != FTW_F || strstr(path, "/testdata/") == NULL ||
	    !file_read(&arena, path, &bytes)) {
		arena_free(&arena);
		return 0;
	}
	if (bytes_begin_with(bytes, fuzz)) {
		bytes.data += strlen(fuzz);
		bytes.len -= strlen(fuzz);
		if (ok(trace_text_literal(bytes, &input), "%s is read", name))
			judge((struct bytes){ input.items, input.count }, name);
	} else if (bytes_begin_with(bytes, "go 1.")) {
		judge(bytes, name);
	}
	array_free(&input);
	arena_free(&arena);
	return 0;
}

int main(void)
{
	char directory[PATH_MAX];

	if (!go_root_find(directory, sizeof(directory)) ||
	    nftw(directory, judge_file, 16, FTW_PHYS) != 0 || tap_count == 0)
		skip("Go's corpora", "Go is not installed here");
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
