/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/changes.h"

enum { SORTED_A_STEP = 8 /* stretches */ };

/* clang-format off */
const int32_t change_adds[CHANGES][COUNTS] = {
	/*                        running runnable gc-wait procs calls */
	[CHANGE_READY]         = {      0,      1,      0,    0,     0 },
	[CHANGE_START]         = {      1,     -1,      0,    0,     0 },
	[CHANGE_WAKE_START]    = {      1,      0,      0,    0,     0 },
	[CHANGE_STOP]          = {     -1,      0,      0,    0,     0 },
	[CHANGE_PREEMPT]       = {     -1,      1,      0,    0,     0 },
	[CHANGE_UNREADY]       = {      0,     -1,      0,    0,     0 },
	[CHANGE_GC_WAIT]       = {      0,      0,      1,    0,     0 },
	[CHANGE_GC_WAIT_END]   = {      0,      0,     -1,    0,     0 },
	[CHANGE_PROC_START]    = {      0,      0,      0,    1,     0 },
	[CHANGE_PROC_STOP]     = {      0,      0,      0,   -1,     0 },
	[CHANGE_CALL]          = {      0,      0,      0,    0,     1 },
	[CHANGE_CALL_END]      = {      0,      0,      0,    0,    -1 },
	[CHANGE_NONE]          = {      0,      0,      0,    0,     0 },
};

const change_tally change_tallies[CHANGES] = {
	[CHANGE_READY]         = {  0,  1,  0,  0 },
	[CHANGE_START]         = {  1, -1,  0,  0 },
	[CHANGE_WAKE_START]    = {  1,  0,  0,  0 },
	[CHANGE_STOP]          = { -1,  0,  0,  0 },
	[CHANGE_PREEMPT]       = { -1,  1,  0,  0 },
	[CHANGE_UNREADY]       = {  0, -1,  0,  0 },
	[CHANGE_GC_WAIT]       = {  0,  0,  1,  0 },
	[CHANGE_GC_WAIT_END]   = {  0,  0, -1,  0 },
	[CHANGE_CALL]          = {  0,  0,  0,  1 },
	[CHANGE_CALL_END]      = {  0,  0,  0, -1 },
};
/* clang-format on */

void changes_init(struct changes *changes, struct budget *budget)
{
	*changes = (struct changes){ .bits = 0 };
	for (int i = 0; i < CHANGE_STRETCHES; i++)
		changes->stretch[i].budget = budget;
	changes->marks.budget = budget;
}

void changes_free(struct changes *changes)
{
	for (int i = 0; i < CHANGE_STRETCHES; i++)
		array_free(&changes->stretch[i]);
	array_free(&changes->marks);
}

void changes_clear(struct changes *changes, part_time last)
{
	changes->bits = 0;
	while (last >> changes->bits >= CHANGE_STRETCHES)
		changes->bits++; /* at most 26, so that a time within fits beside the change */
	for (int i = 0; i < CHANGE_STRETCHES; i++)
		array_clear(&changes->stretch[i]);
	memset(changes->expected, 0, sizeof(changes->expected));
}

void changes_make_room(struct changes *changes)
{
	for (int i = 0; i < CHANGE_STRETCHES; i++)
		array_reserve(&changes->stretch[i], changes->expected[i]);
}

_Static_assert(CHANGE_BLOCK <= INT8_MAX, "a block's steps fit a mark");

/* The counts of a block since its mark, side by side: a machine takes the least of all at once. */
typedef int16_t block_counts __attribute__((vector_size(8 * sizeof(int16_t))));

struct block {
	block_counts now, least, most;
};

static block_counts all_are(int16_t value)
{
	return (block_counts){ value, value, value, value, value, value, value, value };
}

static struct block new_block(void)
{
	return (struct block){ all_are(0), all_are(INT8_MAX), all_are(INT8_MIN) };
}

/* The counts were that for a while. */
static inline void hold(struct block *block)
{
	block_counts less = block->now < block->least, more = block->now > block->most;

	block->least = (block->now & less) | (block->least & ~less);
	block->most = (block->now & more) | (block->most & ~more);
}

/* The mark of a block, from the counts before it on, and the counts behind it. */
static void add_mark(struct changes *changes, const struct block *block, int32_t counts[COUNTS])
{
	struct change_mark *mark = array_push(&changes->marks);

	for (int c = 0; c < COUNTS; c++) {
		mark->counts[c] = counts[c];
		mark->least[c] = (int8_t)block->least[c];
		mark->most[c] = (int8_t)block->most[c];
		counts[c] += block->now[c];
	}
}

static void make_marks(struct changes *changes, const int32_t before[COUNTS])
{
	block_counts adds[CHANGES] = { 0 };
	int32_t counts[COUNTS];
	uint64_t last = 0;

	for (int change = 0; change < CHANGES; change++)
		for (int c = 0; c < COUNTS; c++)
			adds[change][c] = (int16_t)change_adds[change][c];
	memcpy(counts, before, sizeof(counts));
	array_clear(&changes->marks);
	for (unsigned i = 0; i < CHANGE_STRETCHES; i++) {
		const u32_array *stretch = &changes->stretch[i];
		struct block block = new_block();

		changes->first_mark[i] = (uint32_t)changes->marks.count;
		for (size_t at = 0; at < stretch->count; at++) {
			uint32_t item = stretch->items[at];
			uint64_t time = ((uint64_t)i << changes->bits) + (item >> CHANGE_BITS);

			if (time > last)
				hold(&block);
			last = time;
			block.now += adds[item & ((1 << CHANGE_BITS) - 1)];
			if ((at + 1) % CHANGE_BLOCK != 0)
				continue;
			add_mark(changes, &block, counts);
			block = new_block();
		}
		add_mark(changes, &block, counts);
	}
}

bool changes_sort(struct changes *changes, u32_array *room, const int32_t counts[COUNTS],
                  size_t step)
{
	if (step == CHANGE_STRETCHES / SORTED_A_STEP) {
		make_marks(changes, counts);
		return false;
	}
	/* the sort may swap the memory of the two: theirs goes round, of about the same size */
	for (size_t i = step * SORTED_A_STEP; i < (step + 1) * SORTED_A_STEP; i++)
		if (changes->stretch[i].count > 1) /* those of one time by what they are, too */
			radix_sort_u32(&changes->stretch[i], room, 0, CHANGE_BITS + changes->bits);
	return true;
}

int64_t changes_value(const struct change_cursor *cursor, enum count count)
{
	const struct changes *changes = cursor->changes;
	const u32_array *stretch = &changes->stretch[cursor->stretch];
	int64_t value = change_mark_of(cursor)->counts[count];

	for (size_t at = cursor->at / CHANGE_BLOCK * CHANGE_BLOCK; at < cursor->at; at++)
		value += change_adds[stretch->items[at] & ((1 << CHANGE_BITS) - 1)][count];
	return value;
}

size_t changes_bytes(const struct changes *changes)
{
	size_t sum = 0;

	for (int i = 0; i < CHANGE_STRETCHES; i++)
		sum += changes->stretch[i].capacity * sizeof(uint32_t);
	return sum;
}

size_t changes_count(const struct changes *changes)
{
	size_t sum = 0;

	for (int i = 0; i < CHANGE_STRETCHES; i++)
		sum += changes->stretch[i].count;
	return sum;
}

struct change_cursor changes_from(const struct changes *changes, part_time time)
{
	part_time within = time & (part_time)((UINT64_C(1) << changes->bits) - 1);
	struct change_cursor cursor = { .changes = changes, .stretch = time >> changes->bits };
	const u32_array *stretch;
	size_t low = 0, high;

	if (cursor.stretch >= CHANGE_STRETCHES) {
		cursor.stretch = CHANGE_STRETCHES - 1;
		cursor.at = changes->stretch[cursor.stretch].count;
		return cursor;
	}
	stretch = &changes->stretch[cursor.stretch];
	for (high = stretch->count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (stretch->items[middle] >> CHANGE_BITS < within)
			low = middle + 1;
		else
			high = middle;
	}
	cursor.at = low;
	return cursor;
}
