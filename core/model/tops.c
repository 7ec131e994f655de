/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/pyramid.h"

enum { FEW_NODES = 4 }; /* need no level above */

void tops_init(struct tops *tops, struct budget *budget)
{
	*tops = (struct tops){ .bits = TOP_BITS, .lanes = { .budget = budget } };
	for (int s = 0; s < SERIES_COUNT; s++)
		for (int l = 0; l < TOP_LEVELS; l++)
			tops->series[s][l].budget = budget;
}

void tops_free(struct tops *tops)
{
	for (size_t i = 0; i < tops->lanes.count; i++) {
		struct top_lane *lane = &tops->lanes.items[i];

		for (size_t l = 0; l < lane->levels.count; l++)
			array_free(&lane->levels.items[l].nodes);
		array_free(&lane->levels);
	}
	array_free(&tops->lanes);
	for (int s = 0; s < SERIES_COUNT; s++)
		for (int l = 0; l < TOP_LEVELS; l++)
			array_free(&tops->series[s][l]);
}

size_t tops_bytes(const struct tops *tops)
{
	size_t bytes = tops->lanes.capacity * sizeof(struct top_lane);

	for (size_t i = 0; i < tops->lanes.count; i++) {
		const struct top_lane *lane = &tops->lanes.items[i];

		bytes += lane->levels.capacity * sizeof(struct top_level);
		for (size_t l = 0; l < lane->levels.count; l++)
			bytes += lane->levels.items[l].nodes.capacity * sizeof(struct top_node);
	}
	for (int s = 0; s < SERIES_COUNT; s++)
		for (int l = 0; l < TOP_LEVELS; l++)
			bytes += tops->series[s][l].capacity * sizeof(struct series_node);
	return bytes;
}

void tops_add_lane(struct tops *tops, struct budget *budget)
{
	*array_push(&tops->lanes) = (struct top_lane){ .levels = { .budget = budget } };
}

static void sum_up(struct top_node *into, const struct top_node *from)
{
	for (int k = 0; k < LANE_KINDS; k++)
		into->spent_ns[k] += from->spent_ns[k];
	into->spans += from->spans;
	if (from->spans > 0 && from->longest_ns >= into->longest_ns) {
		into->longest_ns = from->longest_ns;
		into->longest_go = from->longest_go;
	}
}

static struct top_node *node_at(struct top_level *level, size_t at)
{
	size_t old = level->nodes.count;

	if (at >= old)
		array_resize(&level->nodes, at + 1);
	for (; old <= at; old++)
		level->nodes.items[old].longest_go = INDEX_NONE;
	return &level->nodes.items[at];
}

/* The level above the last one of a lane. */
static void add_level(struct top_lane *lane)
{
	size_t last = lane->levels.count - 1;
	struct top_level level = { .nodes = { .budget = lane->levels.budget } };

	for (size_t at = 0; at < lane->levels.items[last].nodes.count; at++)
		sum_up(node_at(&level, at >> 2), &lane->levels.items[last].nodes.items[at]);
	*array_push(&lane->levels) = level;
}

static void add_node(struct tops *tops, uint32_t index, int64_t bucket, const struct top_node *node)
{
	struct top_lane *lane = &tops->lanes.items[index];

	if (lane->levels.count == 0)
		*array_push(&lane->levels) =
			(struct top_level){ .nodes = { .budget = lane->levels.budget } };
	for (unsigned l = 0; l < lane->levels.count; l++)
		sum_up(node_at(&lane->levels.items[l], (size_t)(bucket >> (2 * l))), node);
	while (lane->levels.count < TOP_LEVELS &&
	       lane->levels.items[lane->levels.count - 1].nodes.count > FEW_NODES)
		add_level(lane);
}

static struct series_node *series_at(struct tops *tops, int s, unsigned l, size_t at)
{
	size_t old = tops->series[s][l].count;

	if (at >= old)
		array_resize(&tops->series[s][l], at + 1);
	for (; old <= at; old++)
		tops->series[s][l].items[old] = (struct series_node){ INT64_MAX, INT64_MIN, 0 };
	return &tops->series[s][l].items[at];
}

static void add_series(struct tops *tops, int s, int64_t bucket, const struct series_node *node)
{
	for (unsigned l = 0; l < TOP_LEVELS; l++)
		series_node_merge(series_at(tops, s, l, (size_t)(bucket >> (2 * l))), node);
}

/* Makes buckets four times as wide: level 0 goes, and of the numbers over time the highest is made
 * anew from the one below. */
static void fold(struct tops *tops)
{
	enum { HIGH = TOP_LEVELS - 1 };

	tops->bits += 2;
	for (size_t i = 0; i < tops->lanes.count; i++) {
		struct top_lane *lane = &tops->lanes.items[i];

		if (lane->levels.count == 0)
			continue;
		if (lane->levels.count == 1)
			add_level(lane);
		array_free(&lane->levels.items[0].nodes);
		lane->levels.count--;
		memmove(&lane->levels.items[0], &lane->levels.items[1],
		        lane->levels.count * sizeof(lane->levels.items[0]));
	}
	for (int s = 0; s < SERIES_COUNT; s++) {
		array_free(&tops->series[s][0]);
		memmove(&tops->series[s][0], &tops->series[s][1],
		        HIGH * sizeof(tops->series[s][0]));
		memset(&tops->series[s][HIGH].items, 0, sizeof(tops->series[s][HIGH].items));
		tops->series[s][HIGH].count = tops->series[s][HIGH].capacity = 0;
		for (size_t at = 0; at < tops->series[s][HIGH - 1].count; at++) {
			struct series_node node = tops->series[s][HIGH - 1].items[at];

			series_node_merge(series_at(tops, s, HIGH, at >> 2), &node);
		}
	}
}

static void make_room(struct tops *tops, int64_t end_ns)
{
	size_t lanes = tops->lanes.count, most = TOP_BUCKETS;

	/* a few events that claim many Ps late in a long trace do not get them all */
	if (lanes > 0 && TOP_NODES / lanes < most)
		most = TOP_NODES / lanes < 4 ? 4 : TOP_NODES / lanes;
	while (end_ns >> tops->bits >= (int64_t)most && tops->bits < 60)
		fold(tops);
}

void tops_add(struct tops *tops, const struct pyramid *pyramid, const uint32_t *lane_of)
{
	const struct pyramid_level *top = &pyramid->level[pyramid->levels - 1];
	unsigned bits = pyramid->bits + 2 * (pyramid->levels - 1), by;

	while (tops->bits < bits)
		fold(tops);
	make_room(tops, (top->first + top->count) << bits);
	by = tops->bits - bits;
	for (uint32_t lane = 0; lane < pyramid->lanes; lane++)
		for (uint32_t i = 0; i < top->count; i++) {
			const struct lane_node *node = &top->nodes[(size_t)lane * top->count + i];
			struct top_node add = {
				.longest_ns = node->longest_ns,
				.longest_go = node->longest_go,
				.spans = node->spans,
			};

			for (int k = 0; k < LANE_KINDS; k++)
				add.spent_ns[k] = (int64_t)node->spent[k]
				                  << buckets_unit(pyramid->bits);
			add_node(tops, lane_of[lane], (top->first + i) >> by, &add);
		}
	for (int s = 0; s < SERIES_COUNT; s++)
		for (uint32_t i = 0; i < top->count; i++)
			add_series(tops, s, (top->first + i) >> by,
			           &top->series[(size_t)s * top->count + i]);
}

static void add_long(struct tops *tops, uint32_t lane, const struct long_run *run, bool is_call)
{
	enum lane_kind kind = run->worker != WORKER_NONE ? LANE_WORKER : LANE_RUN;
	int64_t begin = run->begin_ns;

	make_room(tops, run->end_ns);
	while (begin < run->end_ns) {
		int64_t bucket = begin >> tops->bits, next = (bucket + 1) << tops->bits;
		int64_t stop = next < run->end_ns ? next : run->end_ns;
		struct top_node add = { .longest_go = INDEX_NONE };

		if (is_call) {
			add.spent_ns[kind] = begin - stop;
			add.spent_ns[LANE_SYSCALL] = stop - begin;
		} else {
			add.longest_ns = run->end_ns - run->begin_ns;
			add.longest_go = run->go;
			add.spans = 1;
			add.spent_ns[kind] = stop - begin;
		}
		add_node(tops, lane, bucket, &add);
		begin = stop;
	}
}

void tops_add_run(struct tops *tops, uint32_t lane, const struct long_run *run)
{
	add_long(tops, lane, run, false);
}

void tops_add_call(struct tops *tops, uint32_t lane, const struct long_run *call)
{
	add_long(tops, lane, call, true);
}

static unsigned level_for(const struct tops *tops, int64_t width)
{
	unsigned l = 0;

	while (l + 1 < TOP_LEVELS && tops->bits + 2 * (l + 1) < 62 &&
	       (INT64_C(1) << (tops->bits + 2 * (l + 1))) <= width)
		l++;
	return l;
}

static int64_t overlap(int64_t bucket, unsigned bits, int64_t begin, int64_t end)
{
	int64_t from = bucket << bits, to = from + (INT64_C(1) << bits);

	return (to < end ? to : end) - (from > begin ? from : begin);
}

void tops_mix(const struct tops *tops, uint32_t lane, int64_t begin_ns, int64_t end_ns,
              struct mix *mix)
{
	unsigned l = level_for(tops, end_ns - begin_ns), bits;
	const struct top_lane *own = &tops->lanes.items[lane];
	const struct top_level *level;
	int64_t last;

	if (own->levels.count == 0)
		return;
	l = l < own->levels.count ? l : (unsigned)own->levels.count - 1;
	bits = tops->bits + 2 * l;
	last = (end_ns - 1) >> bits;
	level = &own->levels.items[l];
	for (int64_t b = begin_ns >> bits; b <= last && b < (int64_t)level->nodes.count; b++) {
		const struct top_node *node = &level->nodes.items[b];
		int64_t share = overlap(b, bits, begin_ns, end_ns);

		for (int k = 0; k < LANE_KINDS; k++)
			mix->spent_ns[k] += (int64_t)((__int128)node->spent_ns[k] * share >> bits);
		mix->spans += node->spans;
		if (node->spans > 0 && node->longest_ns >= mix->longest_ns) {
			mix->longest_ns = node->longest_ns;
			mix->longest_go = node->longest_go;
		}
	}
}

void tops_level(const struct tops *tops, enum series series, int64_t begin_ns, int64_t end_ns,
                struct level *level)
{
	unsigned l = level_for(tops, end_ns - begin_ns), bits = tops->bits + 2 * l;
	int64_t last = (end_ns - 1) >> bits;

	for (int64_t b = begin_ns >> bits; b <= last && b < (int64_t)tops->series[series][l].count;
	     b++) {
		const struct series_node *node = &tops->series[series][l].items[b];

		if (node->min > node->max)
			continue;
		level->min = !level->is_known || node->min < level->min ? node->min : level->min;
		level->max = !level->is_known || node->max > level->max ? node->max : level->max;
		level->last = node->last;
		level->is_known = true;
	}
}
