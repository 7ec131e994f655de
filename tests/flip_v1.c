/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "core/trace/v1_file.h"
#include "tests/expected.h"
#include "tests/harm.h"
#include "tests/load.h"
#include "tests/promises.h"
#include "tests/shared.h"
#include "tests/tap.h"

/* Damage to traces of Go 1.5 to 1.21: single bits that flip, pages that are zeroed, ends that are
 * missing. Each byte is of a record that is read, or is said to be lost, and not both; most events
 * are kept; the model has lost the same bytes. */
enum { TIMES = 40, LOADS = 5, PAGE = 4096, FAILURES_SHOWN = 5 };

/* Of events, on average of all flips. What comes behind a bad record up to the next batch is lost,
 * and small files have few batches. */
#define KEPT_AT_LEAST 0.96

/* Times that can't be do not make a trace longer than this. */
#define LONGER 3

static struct budget budget;
static int failures;

static double sum; /* of shares that are kept, of all flips */
static int flips;

/* The timed records of the sound trace. */
static ARRAY(uint8_t) types; /* by offset; batches, too; 0: none begins there */
static uint64_t events;
static int64_t length_ns; /* of the sound trace */

struct share {
	uint64_t read, lost; /* bytes */
	uint64_t kept;       /* events, that the sound trace has there */
	bool is_whole;       /* each byte is one or the other */
};

static bool must(bool good, uint64_t offset, const char *what)
{
	if (!good && failures++ < FAILURES_SHOWN)
		printf("# at byte %" PRIu64 ": %s\n", offset, what);
	return good;
}

static unsigned minor_of(struct bytes trace)
{
	struct version version;
	struct error err = { 0 };

	return version_parse(trace, &version, &err) ? version.minor : 0;
}

static void read_file(struct v1_file *file, struct source *source, struct budget *own,
                      struct bytes trace)
{
	source_open_stream(source, own);
	source_append(source, trace);
	source_finish(source);
	v1_file_init(file, own, source, minor_of(trace));
	while (v1_file_step(file, SIZE_MAX))
		;
	damage_sort(&file->damage);
}

/* What the next row that has lost bytes begins with; the end if there is none. */
static uint64_t next_lost(const struct damage *damage, size_t *row, uint64_t end)
{
	while (*row < damage->rows.count && damage->rows.items[*row].len == 0)
		++*row;
	return *row < damage->rows.count ? damage->rows.items[*row].offset : end;
}

/* Reads once more what was not lost, record by record. */
static struct share share_of(const struct v1_file *file)
{
	struct share share = { .read = VERSION_HEADER, .is_whole = true };
	size_t at = VERSION_HEADER, row = 0;

	while (at < file->len && share.is_whole) {
		uint64_t lost = next_lost(&file->damage, &row, file->len);
		struct bytes in = { file->data, lost };
		struct v1_record record;
		size_t from = at;

		if (at == lost) {
			share.lost += file->damage.rows.items[row].len;
			at += file->damage.rows.items[row++].len;
			continue;
		}
		share.is_whole = at < lost && v1_take(in, &at, file->minor, &record) == NULL;
		share.read += at - from;
		share.kept += from < types.count && v1_spec(record.type)->is_timed &&
		              types.items[from] == record.type;
	}
	share.is_whole = share.is_whole && next_lost(&file->damage, &row, UINT64_MAX) == UINT64_MAX;
	return share;
}

static bool learn(struct bytes trace)
{
	unsigned minor = minor_of(trace);
	size_t at = VERSION_HEADER;
	struct v1_record record;

	types.budget = &budget;
	array_resize(&types, trace.len);
	memset(types.items, 0, trace.len);
	events = 0;
	for (size_t from = at; at < trace.len; from = at) {
		if (v1_take(trace, &at, minor, &record) != NULL)
			return false;
		if (v1_spec(record.type)->is_timed) {
			types.items[from] = record.type;
			events++;
		}
		if (record.type == V1_BATCH)
			types.items[from] = V1_BATCH;
	}
	return true;
}

/* Returns how long it takes. */
static int64_t load(struct bytes damaged, uint64_t offset, uint64_t lost)
{
	static struct loaded loaded;
	struct error err = { 0 };
	const char *broken;
	int64_t end_ns;

	if (!must(load_bytes(&loaded, damaged, &err), offset, "it opens"))
		return 0;
	must(loaded.model.bytes == damaged.len, offset, "the model is about all of it");
	must(loaded.model.damage.bytes == lost, offset, "bytes that the model has lost");
	if (!must(loaded.model.end_ns <= LONGER * length_ns, offset, "it takes about as long"))
		printf("# %" PRIi64 " ns\n", loaded.model.end_ns);
	broken = promise_broken(&loaded.model);
	must(broken == NULL, offset, broken);
	end_ns = loaded.model.end_ns;
	load_free(&loaded);
	return end_ns;
}

/* Events of the batch that holds a byte. */
static uint64_t events_around(uint64_t offset)
{
	size_t begin = offset, end = offset + 1;
	uint64_t count = 0;

	while (begin > VERSION_HEADER && types.items[begin] != V1_BATCH)
		begin--;
	while (end < types.count && types.items[end] != V1_BATCH)
		end++;
	for (; begin < end; begin++)
		count += types.items[begin] != 0 && types.items[begin] != V1_BATCH;
	return count;
}

/* Returns how many events are kept. */
static uint64_t try(struct bytes damaged, uint64_t offset, bool loads)
{
	struct budget own = { 0 };
	struct source source;
	struct v1_file file;
	struct share share;

	read_file(&file, &source, &own, damaged);
	share = share_of(&file);
	must(share.is_whole, offset, "each byte is read or lost");
	must(share.read + share.lost == damaged.len, offset, "read and lost are the file");
	must(share.lost == file.damage.bytes, offset, "rows add up");
	v1_file_free(&file);
	source_close(&source);
	must(atomic_load(&own.used) == 0, offset, "memory comes back");
	if (loads)
		load(damaged, offset, share.lost);
	return share.kept;
}

/* Bits of the lengths of messages, by which each becomes 128 times as long or more. */
static void swallow(struct bytes trace, struct bytes copy)
{
	unsigned minor = minor_of(trace);
	size_t at = VERSION_HEADER;
	struct v1_record record;
	int tried = 0;

	while (tried < TIMES && at < trace.len && v1_take(trace, &at, minor, &record) == NULL) {
		size_t len;

		if (record.type != V1_USER_LOG || record.text.len == 0 || record.text.len >= 128)
			continue;
		len = (size_t)(record.text.data - trace.data) - 1;
		((uint8_t *)(uintptr_t)copy.data)[len] ^= 0x80;
		must(try(copy, len, tried < LOADS) + events_around(len) >= events, len,
		     "a message swallows no batch");
		((uint8_t *)(uintptr_t)copy.data)[len] ^= 0x80;
		tried++;
	}
}

static void damage(const char *name, struct bytes trace)
{
	struct arena arena = { .budget = &budget };
	struct bytes copy = arena_copy(&arena, trace);
	uint8_t *bytes = (uint8_t *)(uintptr_t)copy.data;
	struct harm harm = { .seed = 3 };
	int times = tap_times(TIMES), loads = tap_times(LOADS);
	uint64_t kept;

	failures = 0;
	if (!ok(learn(trace), "%s is sound", name))
		return;
	length_ns = INT64_MAX / LONGER;
	length_ns = load(trace, 0, 0);
	for (int i = 0; i < times; i++) {
		uint64_t offset = VERSION_HEADER + harm_draw(&harm, trace.len - VERSION_HEADER);
		uint64_t page = VERSION_HEADER + harm_draw(&harm, trace.len - VERSION_HEADER - PAGE);

		bytes[offset] ^= (uint8_t)(1u << harm_draw(&harm, 8));
		kept = try(copy, offset, i < loads);
		sum += (double)kept / (double)events;
		flips++;
		must(kept + events_around(offset) >= events, offset,
		     "all that is outside of one batch is kept");
		bytes[offset] = trace.data[offset];
		memset(bytes + page, 0, PAGE);
		try(copy, page, i < loads);
		memcpy(bytes + page, trace.data + page, PAGE);
		try((struct bytes){ bytes, offset }, offset, i < loads);
	}
	swallow(trace, copy);
	is_u64((uint64_t)failures, 0, name);
	array_free(&types);
	arena_free(&arena);
}

static void visit(const char *directory, const char *name, struct version version)
{
	struct arena arena = { .budget = &budget };
	struct bytes trace;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	if (!version_is_v2(version) && ok(file_read(&arena, path, &trace), "%s is there", name))
		damage(name, trace);
	arena_free(&arena);
}

int main(void)
{
	shared_each("damaged v1 traces", visit);
	if (!ok(flips == 0 || sum / flips >= KEPT_AT_LEAST, "most events are kept"))
		printf("# %.2f %%\n", 100 * sum / flips);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
