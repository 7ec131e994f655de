/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/batch_head.h"
#include "core/trace/index.h"
#include "core/trace/v2_wire.h"
#include "tests/fuzz/fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

/* What stands behind the header of a v2 trace; the first byte chooses the version. What has to hold
 * of any bytes: it ends; each byte is in a batch, in a mark or lost, just once; and however the
 * bytes arrive, the same is found. */

static struct budget budget;

/* ---- what was found, as one number */

static uint64_t mix(uint64_t sum, uint64_t value)
{
	sum = (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 29;
}

static uint64_t mix_batches(uint64_t sum, const struct index *index)
{
	for (size_t i = 0; i < index->batches.count; i++) {
		const struct batch *batch = &index->batches.items[i];

		sum = mix(mix(mix(sum, batch->offset), batch->ticks), batch->m);
		sum = mix(mix(sum, batch->size), batch->kind);
	}
	return sum;
}

static uint64_t mix_generations(uint64_t sum, const struct index *index)
{
	for (size_t i = 0; i < index->generations.count; i++) {
		const struct generation *generation = &index->generations.items[i];

		sum = mix(mix(mix(sum, generation->number), generation->begin), generation->end);
		sum = mix(mix(sum, generation->first_batch), generation->batch_count);
		sum = mix(mix(sum, generation->begin_ticks), generation->last_ticks);
		sum = mix(mix(sum, (uint64_t)generation->begin_ns), generation->clock.whole);
		sum = mix(mix(sum, generation->clock_is_assumed), generation->event_bytes);
	}
	return sum;
}

static uint64_t mix_damage(uint64_t sum, const struct damage *damage)
{
	for (size_t i = 0; i < damage->rows.count; i++) {
		const struct damage_row *row = &damage->rows.items[i];

		sum = mix(mix(mix(sum, row->offset), row->len), row->grade);
		sum = mix(mix(sum, row->generation), row->m);
	}
	return mix(sum, damage->bytes);
}

static uint64_t digest(const struct index *index)
{
	return mix(mix_damage(mix_generations(mix_batches(0, index), index), &index->damage),
	           index->experimental);
}

/* ---- each byte once */

static uint64_t generation_of(const struct index *index, size_t batch)
{
	size_t i = 0;

	while (i < index->generations.count &&
	       index->generations.items[i].first_batch + index->generations.items[i].batch_count <=
	               batch)
		i++;
	must(i < index->generations.count, "each batch is of a generation");
	return index->generations.items[i].number;
}

/* Whether something is said about a place. */
static bool is_doubted(const struct damage *damage, uint64_t offset)
{
	for (size_t i = 0; i < damage->rows.count; i++)
		if (damage->rows.items[i].offset == offset &&
		    damage->rows.items[i].grade > DAMAGE_NOTE)
			return true;
	return false;
}

/* Where the batch whose header is at at begins, and where it ends, if it is the one that was found
 * there. What its header says is believed, or there is a word about it. */
static size_t check_batch(const struct index *index, struct bytes file, size_t at, size_t *batches)
{
	bool has_batch = *batches < index->batches.count;
	struct batch batch = { 0 };
	struct batch_head head;
	enum head_verdict verdict =
		batch_head_take((struct bytes){ file.data + at, file.len - at }, &head);
	size_t begin = at + head.len, end;

	must(verdict == HEAD_WELL || verdict == HEAD_NO_SIZE, "what is no batch is lost");
	if (has_batch)
		batch = index->batches.items[*batches];
	if (!has_batch || batch.offset != begin) {
		must((verdict == HEAD_WELL && (head.size == 0 || begin == file.len)) ||
		             is_doubted(&index->damage, begin),
		     "what is not lost is found");
		return begin;
	}
	end = begin + batch.size;
	must(end <= file.len, "no batch ends behind the file");
	must((verdict == HEAD_WELL && batch.size == head.size) || batch.is_cut ||
	             is_doubted(&index->damage, begin),
	     "a size that is not believed is told");
	must(batch.m == head.m, "of the thread it names");
	must((batch.ticks == head.ticks && generation_of(index, *batches) == head.number) ||
	             index->damage.counts[DAMAGE_LOCAL] > 0,
	     "a time or a generation that is not believed is told");
	++*batches;
	return end;
}

/* The batches, marks and losses fill the file. */
static void check_cover(const struct index *index, struct bytes file)
{
	size_t rows = 0, batches = 0, at = VERSION_HEADER;

	if (index->damage.rows.count == DAMAGE_ROWS_MAX)
		return;
	while (at < file.len) {
		const struct damage_row *row = &index->damage.rows.items[rows];

		while (rows < index->damage.rows.count && row->len == 0)
			row = &index->damage.rows.items[++rows];
		if (rows < index->damage.rows.count && row->offset == at) {
			must(row->len <= file.len - at, "no more is lost than there was");
			at += row->len;
			rows++;
			continue;
		}
		if (file.data[at] == WIRE_END_OF_GENERATION && index->version.minor >= 26)
			at++;
		else
			at = check_batch(index, file, at, &batches);
	}
	must(batches == index->batches.count, "no batch is made up");
}

static void check_generations(const struct index *index)
{
	size_t batches = 0;

	must(index->is_finished && index_closed(index) == index->generations.count, "it ends");
	for (size_t i = 0; i < index->generations.count; i++) {
		const struct generation *generation = &index->generations.items[i];

		must(generation->first_batch == batches, "generations have all batches in a row");
		must(generation->begin <= generation->end, "a generation begins before it ends");
		must(i == 0 || generation[-1].end <= generation->begin,
		     "generations do not overlap");
		must(generation->begin_ticks <= generation->last_ticks,
		     "its first time is not later than its last");
		must(generation->begin_ns >= 0, "times are not negative");
		must(generation->clock.ns_per_tick > 0, "it has a clock");
		batches += generation->batch_count;
	}
	must(batches == index->batches.count, "and no others");
}

/* ---- how the bytes arrive */

/* Steps while there is something to do: as many as there are bytes at most, and for each batch a
 * search behind it. */
static void run(struct index *index, const struct source *source, size_t step)
{
	uint64_t end = atomic_load(&source->end), steps = 0;
	size_t closed = index_closed(index);

	while (index_step(index, source, step)) {
		must(steps++ <= 2 * end, "each step reads on");
		must(index->at <= end, "and not too far");
	}
	must(index_closed(index) >= closed, "what was found stays");
	must(atomic_load(&source->is_finished) || !index->is_finished,
	     "no end before all bytes are there");
}

/* How they are there: as a file that grows, or as a stream. */
static void open_source(struct source *source, struct bytes file, bool is_stream)
{
	static int fd = -1;

	if (is_stream) {
		source_open_stream(source, &budget);
		return;
	}
	if (fd < 0)
		fd = memfd_create("trace", MFD_CLOEXEC);
	must(ftruncate(fd, 0) == 0 && pwrite(fd, file.data, file.len, 0) == (ssize_t)file.len,
	     "a file is made");
	source_open_file(source, &budget, dup(fd), 0);
	source_follow(source);
}

static void arrive(struct source *source, struct bytes file, size_t at, size_t len)
{
	if (source->fd < 0)
		source_append(source, (struct bytes){ file.data + at, len });
	else
		source_grow(source, at + len);
}

/* The parts' sizes: one, or 0: such as the bytes themselves say. */
static uint64_t index_of(struct bytes file, size_t size, bool is_stream, bool checks)
{
	struct source source;
	struct index index;
	struct error err = { 0 };
	size_t at = VERSION_HEADER, part;
	uint64_t sum;

	open_source(&source, file, is_stream);
	arrive(&source, file, 0, at);
	must(index_open(&index, &budget, &source, &err), "a header opens");
	for (; at < file.len; at += part) {
		part = size != 0 ? size : 1 + (size_t)file.data[at] * file.data[at] / 64;
		if (part > file.len - at)
			part = file.len - at;
		arrive(&source, file, at, part);
		run(&index, &source, 1 + part % 3);
	}
	source_finish(&source);
	run(&index, &source, 1);
	sum = digest(&index);
	if (checks) {
		check_generations(&index);
		check_cover(&index, file);
	}
	index_free(&index);
	source_close(&source);
	must(atomic_load(&budget.used) == 0, "memory comes back");
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned minors[] = { 22, 23, 25, 26 };
	static uint8_t file[VERSION_HEADER + (1 << 20)];
	enum { LONG = 4096 };
	struct bytes bytes = { file, VERSION_HEADER + size - 1 };
	uint64_t sum;

	if (size == 0 || bytes.len > sizeof(file))
		return 0;
	memset(file, 0, VERSION_HEADER);
	snprintf((char *)file, VERSION_HEADER, "go 1.%u trace", minors[data[0] % 4]);
	memcpy(file + VERSION_HEADER, data + 1, size - 1);
	sum = index_of(bytes, SIZE_MAX, false, true);
	must(index_of(bytes, size > LONG ? 97 : 1, false, false) == sum,
	     "byte by byte is as all at once");
	must(index_of(bytes, 0, true, false) == sum, "and in parts of any size");
	return 0;
}
