/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/index_at.h"

#include <inttypes.h>

/* Where no batch is where one should be: the bytes are damaged, or the size of the batch before
 * leads astray. The search begins inside that batch, and whatever it finds decides. */

enum { SMALLEST_BATCH = 6 }; /* header and an event; fewer bytes have held none */

void index_search(struct index *index, enum doubt doubt, const char *expected)
{
	uint64_t from = index->at;

	if (doubt == DOUBT_SIZE &&
	    (index->batches.count == 0 || !index->generation_is_open ||
	     index_last_batch(index)->offset + index_last_batch(index)->size != index->at))
		doubt = DOUBT_NOTHING;
	if (doubt != DOUBT_NOTHING)
		from = index_last_batch(index)->offset;
	index->doubt = (uint8_t)doubt;
	index->expected = expected;
	resync_begin(&index->resync, index->budget, from);
}

static void lose(struct index *index, const struct source *source, enum damage_grade grade,
                 uint64_t offset, uint64_t end)
{
	struct damage_row row =
		index_damage_row(index, grade, offset, end - offset, index->expected);
	uint8_t first;

	if (end <= offset)
		return;
	if (source_read(source, offset, &first, 1, NULL) == 1)
		damage_found(&row, "byte 0x%02x", first);
	damage_add(&index->damage, &row);
	if (end - offset >= SMALLEST_BATCH && index->gaps < UINT16_MAX)
		index->gaps++;
}

/* The last batch goes to where another one was found, whatever its header says. */
static void correct_size(struct index *index, uint64_t size)
{
	struct damage_row row =
		index_damage_row(index, DAMAGE_LOCAL, index_last_batch(index)->offset, 0,
	                         "expected a size that leads to the next batch");

	row.m = index_last_batch(index)->m;
	if (index->doubt == DOUBT_NO_SIZE)
		damage_found(&row, "none; it has %" PRIu64, size);
	else
		damage_found(&row, "%" PRIu64 "; it has %" PRIu64, index->claimed, size);
	damage_add(&index->damage, &row);
	index_resize_batch(index, size);
}

static bool differ_by_a_bit(uint64_t a, uint64_t b)
{
	uint64_t bits = a ^ b;

	return bits != 0 && (bits & (bits - 1)) == 0;
}

/* The file ends inside the last batch. What is missing comes behind events that are not decoded
 * here: the model knows when (loader.c). */
static void note_cut(struct index *index, uint64_t end)
{
	struct damage_row row =
		index_damage_row(index, DAMAGE_END, end, 0, "the file ends inside a batch");
	struct batch *batch = index_last_batch(index);

	row.begin_ns = DAMAGE_TIME_UNKNOWN;
	damage_found(&row, "%" PRIu64 " of %" PRIu64 " bytes", end - batch->offset, index->claimed);
	row.m = batch->m;
	damage_add(&index->damage, &row);
	batch->is_cut = true;
}

/* The next batch, or another trace, or the file's end is at next. */
static void settle(struct index *index, const struct source *source, uint64_t next,
                   enum resync_result result)
{
	enum doubt doubt = index->doubt;
	uint64_t offset = doubt == DOUBT_NOTHING ? 0 : index_last_batch(index)->offset;
	uint64_t size = doubt == DOUBT_NOTHING ? 0 : index_last_batch(index)->size;
	uint64_t end = doubt == DOUBT_NOTHING ? index->at : offset + size;
	bool may_grow = doubt == DOUBT_NO_SIZE || (doubt == DOUBT_SIZE && result == RESYNC_BATCH &&
	                                           differ_by_a_bit(index->claimed, next - offset));

	if (doubt == DOUBT_CUT && result == RESYNC_NONE) {
		note_cut(index, end);
	} else if (doubt != DOUBT_NOTHING && next < end) {
		correct_size(index, next - offset);
		end = next;
	} else if (may_grow) {
		size = next - offset < BATCH_SIZE_MAX ? next - offset : BATCH_SIZE_MAX;
		correct_size(index, size);
		end = offset + size;
	}
	lose(index, source, result == RESYNC_NONE ? DAMAGE_END : DAMAGE_STRETCH, end, next);
	index->at = next;
	if (result == RESYNC_TRACE) {
		index->stop = next;
		index->expected = RESYNC_OTHER_TRACE;
	}
}

bool index_search_step(struct index *index, const struct source *source)
{
	struct resync_near near = index_near(index);
	enum resync_result result = resync_step(&index->resync, source, &near);

	if (result == RESYNC_WAIT || result == RESYNC_ON)
		return result == RESYNC_ON;
	settle(index, source, result == RESYNC_NONE ? index_end(source) : index->resync.found,
	       result);
	resync_end(&index->resync);
	return true;
}
