/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/buckets.h"

enum {
	RUNS_PER_BUCKET = 32, /* of the busiest lane: painting is cheap and the pyramid small */
	BYTES_PER_RUN = 24,   /* of events, about */
	LANES_MIN = 4,        /* that share them */
	LANES_MAX = 64,
	BUCKETS_MIN = 64,
	SLACK = 8,           /* times as many as expected may come */
	NODES_MIN = 1 << 16, /* of all lanes: as many are always allowed, and one a run */
	FEW = 8,
	SERIES_BYTES = 168, /* what a bucket takes for all numbers over time */
	BITS_MIN = 10,
	BITS_MAX = 60,
};

void buckets_init(struct buckets *buckets, struct budget *budget)
{
	*buckets = (struct buckets){ .budget = budget };
	buckets->lanes.budget = budget;
	for (int c = 0; c < COUNTS; c++)
		buckets->counts[c].budget = budget;
}

void buckets_free(struct buckets *buckets)
{
	for (size_t p = 0; p < buckets->lanes.capacity; p++)
		array_free(&buckets->lanes.items[p].nodes);
	array_free(&buckets->lanes);
	for (int c = 0; c < COUNTS; c++)
		array_free(&buckets->counts[c]);
}

static void empty(struct buckets *buckets)
{
	buckets->nodes = 0;
	buckets->runs = 0;
	for (size_t p = 0; p < buckets->lanes.count; p++) {
		array_clear(&buckets->lanes.items[p].nodes);
		buckets->lanes.items[p].runs = 0;
	}
	array_clear(&buckets->lanes);
	for (int c = 0; c < COUNTS; c++)
		array_clear(&buckets->counts[c]);
}

void buckets_begin(struct buckets *buckets, int64_t offset_ns, unsigned shift, int64_t length_ns,
                   uint64_t event_bytes, size_t threads)
{
	uint64_t lanes = threads / 2 < LANES_MIN ? LANES_MIN : threads / 2, wanted;

	lanes = lanes > LANES_MAX ? LANES_MAX : lanes;
	wanted = event_bytes / BYTES_PER_RUN / lanes / RUNS_PER_BUCKET;
	wanted = wanted < BUCKETS_MIN ? BUCKETS_MIN : wanted;
	buckets->offset_ns = offset_ns;
	buckets->shift = shift;
	buckets->bits = BITS_MIN;
	while (buckets->bits < BITS_MAX && (uint64_t)length_ns >> buckets->bits > wanted)
		buckets->bits += 2;
	buckets->first = offset_ns >> buckets->bits;
	buckets->most = wanted * SLACK;
	empty(buckets);
}

void buckets_begin_beside(struct buckets *beside, const struct buckets *buckets)
{
	beside->offset_ns = buckets->offset_ns;
	beside->shift = buckets->shift;
	beside->bits = buckets->bits;
	beside->first = buckets->first;
	beside->most = buckets->most;
	empty(beside);
}

/* ---- wider buckets */

/* Times in the units of buckets four times as wide. Below zero is what was moved before it came. */
static void coarsen(struct lane_node *node)
{
	for (int k = 0; k < LANE_KINDS; k++)
		node->spent[k] = (uint32_t)(((int64_t)(int32_t)node->spent[k] + 2) >> 2);
}

static void join_lane(struct lane_node *into, const struct lane_node *from)
{
	for (int k = 0; k < LANE_KINDS; k++)
		into->spent[k] += from->spent[k];
	into->spans += from->spans;
	if (from->spans > 0 && from->longest_ns >= into->longest_ns) {
		into->longest_ns = from->longest_ns;
		into->longest_go = from->longest_go;
	}
}

static void join_count(struct count_node *into, const struct count_node *from)
{
	into->min = from->min < into->min ? from->min : into->min;
	into->max = from->max > into->max ? from->max : into->max;
	into->last = from->last;
}

/* Where bucket i goes when they are four times as wide. */
static size_t wider(const struct buckets *buckets, size_t i)
{
	return (size_t)(((buckets->first + (int64_t)i) >> 2) - (buckets->first >> 2));
}

static void fold(struct buckets *buckets)
{
	buckets->nodes = 0;
	for (size_t p = 0; p < buckets->lanes.count; p++) {
		struct bucket_lane *lane = &buckets->lanes.items[p];
		size_t count = 0;

		for (size_t i = 0; i < lane->nodes.count; i++) {
			struct lane_node node = lane->nodes.items[i];
			size_t at = wider(buckets, i);

			if (buckets->bits >= BUCKETS_NS_BITS)
				coarsen(&node);
			if (at == count)
				lane->nodes.items[count++] = node;
			else
				join_lane(&lane->nodes.items[at], &node);
		}
		lane->nodes.count = count;
		buckets->nodes += count;
	}
	for (int c = 0; c < COUNTS; c++) {
		size_t count = 0;

		for (size_t i = 0; i < buckets->counts[c].count; i++) {
			struct count_node node = buckets->counts[c].items[i];
			size_t at = wider(buckets, i);

			if (at == count)
				buckets->counts[c].items[count++] = node;
			else
				join_count(&buckets->counts[c].items[at], &node);
		}
		buckets->counts[c].count = count;
	}
	buckets->bits += 2;
	buckets->first >>= 2;
}

void buckets_join(struct buckets *buckets, struct buckets *beside)
{
	while (buckets->bits < beside->bits)
		fold(buckets);
	while (beside->bits < buckets->bits)
		fold(beside);
	for (int c = 0; c < COUNTS; c++) {
		count_array swap = buckets->counts[c];

		buckets->counts[c] = beside->counts[c];
		beside->counts[c] = swap;
	}
}

static size_t bucket_of(const struct buckets *buckets, int64_t ns)
{
	return (size_t)((ns >> buckets->bits) - buckets->first);
}

/* ---- lanes */

static struct bucket_lane *lane_of(struct buckets *buckets, uint16_t proc)
{
	while (proc >= buckets->lanes.count) {
		size_t had = buckets->lanes.capacity;
		struct bucket_lane *lane = array_push(&buckets->lanes);

		/* what was cleared has kept its memory */
		for (size_t i = had; i < buckets->lanes.capacity; i++)
			buckets->lanes.items[i] =
				(struct bucket_lane){ .nodes = { .budget = buckets->budget } };
		array_clear(&lane->nodes);
		lane->runs = 0;
	}
	return &buckets->lanes.items[proc];
}

static bool is_too_many(const struct buckets *buckets, const struct bucket_lane *lane, size_t last)
{
	size_t more = last + 1 - lane->nodes.count;

	return last >= buckets->most || buckets->nodes + more > NODES_MIN + buckets->runs;
}

/* The lane, with buckets up to a time. */
static struct bucket_lane *reach(struct buckets *buckets, uint16_t proc, int64_t ns)
{
	struct bucket_lane *lane = lane_of(buckets, proc);
	size_t last = bucket_of(buckets, ns);

	if (last < lane->nodes.count)
		return lane;
	while (buckets->bits < BITS_MAX && is_too_many(buckets, lane, last)) {
		fold(buckets);
		last = bucket_of(buckets, ns);
	}
	if (last >= lane->nodes.count) {
		buckets->nodes += last + 1 - lane->nodes.count;
		array_resize(&lane->nodes, last + 1);
	}
	return lane;
}

static uint32_t units_of(const struct buckets *buckets, int64_t ns)
{
	unsigned unit = buckets_unit(buckets->bits);

	return (uint32_t)((uint64_t)(ns + ((INT64_C(1) << unit) >> 1)) >> unit);
}

/* Adds each bucket's share of [begin, end), times the sign. */
static void spend(struct buckets *buckets, struct bucket_lane *lane, enum lane_kind kind,
                  int64_t begin, int64_t end, uint32_t sign)
{
	while (begin < end) {
		int64_t next = ((begin >> buckets->bits) + 1) << buckets->bits;
		int64_t stop = next < end ? next : end;

		lane->nodes.items[bucket_of(buckets, begin)].spent[kind] +=
			sign * units_of(buckets, stop - begin);
		begin = stop;
	}
}

void buckets_add_run(struct buckets *buckets, uint16_t proc, enum lane_kind kind, part_time begin,
                     part_time end, uint32_t go)
{
	int64_t from = buckets_ns(buckets, begin), to = buckets_ns(buckets, end);
	int64_t last_ns = to > from ? to - 1 : from;
	uint32_t len = to - from > UINT32_MAX ? UINT32_MAX : (uint32_t)(to - from);
	struct lane_node *node = buckets_node(buckets, proc, from, last_ns);
	struct bucket_lane *lane;
	size_t last;

	if (node != NULL && to >= from) {
		buckets->lanes.items[proc].runs++;
		buckets->runs++;
		buckets_touch(node, len, go);
		node->spent[kind] += units_of(buckets, to - from);
		return;
	}
	lane = reach(buckets, proc, last_ns);
	last = bucket_of(buckets, last_ns);
	lane->runs++;
	buckets->runs++;
	for (size_t i = bucket_of(buckets, from); i <= last; i++)
		buckets_touch(&lane->nodes.items[i], len, go);
	spend(buckets, lane, kind, from, to, 1);
}

struct lane_node *buckets_reach(struct buckets *buckets, uint16_t proc, part_time time,
                                part_time *begin, part_time *end)
{
	int64_t ns = buckets_ns(buckets, time), unit = INT64_C(1) << buckets->shift;
	int64_t first = ns >> buckets->bits << buckets->bits;
	int64_t last = first + (INT64_C(1) << buckets->bits);

	if (buckets->bits > BUCKETS_NS_BITS)
		return NULL;
	first = first < buckets->offset_ns ? buckets->offset_ns : first;
	*begin = (part_time)((first - buckets->offset_ns + unit - 1) >> buckets->shift);
	last = (last - buckets->offset_ns) >> buckets->shift;
	*end = last < TIME_NONE ? (part_time)last : TIME_NONE - 1;
	return buckets_node(buckets, proc, ns, ns);
}

void buckets_move(struct buckets *buckets, uint16_t proc, enum lane_kind from, enum lane_kind to,
                  part_time begin, part_time end)
{
	int64_t begin_ns = buckets_ns(buckets, begin), end_ns = buckets_ns(buckets, end);
	struct lane_node *node;
	struct bucket_lane *lane;

	if (begin_ns >= end_ns)
		return;
	node = buckets_node(buckets, proc, begin_ns, end_ns - 1);
	if (node != NULL) {
		node->spent[to] += units_of(buckets, end_ns - begin_ns);
		node->spent[from] -= units_of(buckets, end_ns - begin_ns);
		return;
	}
	lane = reach(buckets, proc, end_ns - 1);
	spend(buckets, lane, to, begin_ns, end_ns, 1);
	spend(buckets, lane, from, begin_ns, end_ns, UINT32_MAX);
}

void buckets_add(struct buckets *buckets, uint16_t proc, enum lane_kind kind, part_time begin,
                 part_time end)
{
	int64_t begin_ns = buckets_ns(buckets, begin), end_ns = buckets_ns(buckets, end);

	if (begin_ns < end_ns)
		spend(buckets, reach(buckets, proc, end_ns - 1), kind, begin_ns, end_ns, 1);
}

size_t buckets_row(int64_t begin_ns, int64_t end_ns, unsigned bits)
{
	size_t nodes = 0;

	do {
		nodes += (size_t)((end_ns >> bits) - (begin_ns >> bits)) + 1;
		bits += 2;
	} while (bits <= BUCKETS_NS_BITS);
	return nodes;
}

static uint64_t pyramid_bytes(const struct buckets *buckets, int64_t end_ns, size_t lanes)
{
	return buckets_row(buckets->offset_ns, end_ns, buckets->bits) *
	       (lanes * sizeof(struct lane_node) + SERIES_BYTES);
}

uint64_t buckets_pyramid_bytes(const struct buckets *buckets, part_time last, size_t lanes)
{
	return pyramid_bytes(buckets, buckets_ns(buckets, last), lanes);
}

void buckets_widen(struct buckets *buckets, part_time last, size_t lanes, uint64_t bytes)
{
	uint64_t most = 0, wanted;
	int64_t end_ns = buckets_ns(buckets, last), len = end_ns - buckets->offset_ns;

	for (size_t p = 0; p < buckets->lanes.count; p++)
		if (buckets->lanes.items[p].runs > most)
			most = buckets->lanes.items[p].runs;
	wanted = most / RUNS_PER_BUCKET < FEW ? FEW : most / RUNS_PER_BUCKET;
	while (buckets->bits < BUCKETS_NS_BITS && (uint64_t)len >> buckets->bits > 2 * wanted)
		fold(buckets);
	while (buckets->bits < BITS_MAX &&
	       buckets_row(buckets->offset_ns, end_ns, buckets->bits) > 1 &&
	       pyramid_bytes(buckets, end_ns, lanes) > bytes)
		fold(buckets);
}

/* ---- numbers over time */

static void fill(struct buckets *buckets, enum count c, size_t count, int32_t now)
{
	while (buckets->counts[c].count < count)
		*array_push(&buckets->counts[c]) = (struct count_node){ now, now, now };
}

/* The first moment behind a bucket. */
static part_time end_of(const struct buckets *buckets, size_t bucket)
{
	int64_t ns = ((int64_t)bucket + 1 + buckets->first) << buckets->bits;
	uint64_t units = (uint64_t)(ns - buckets->offset_ns + (INT64_C(1) << buckets->shift) - 1) >>
	                 buckets->shift;

	return units < TIME_NONE ? (part_time)units : TIME_NONE;
}

void counter_move(struct counter *counter, struct buckets *buckets, enum count first,
                  enum count last, part_time time)
{
	size_t from, to;

	while (bucket_of(buckets, buckets_ns(buckets, time)) >= buckets->most &&
	       buckets->bits < BITS_MAX)
		fold(buckets);
	from = bucket_of(buckets, buckets_ns(buckets, counter->time));
	to = bucket_of(buckets, buckets_ns(buckets, time));
	for (enum count c = first; c <= last; c++) {
		int at = c % COUNTER_COUNTS;
		struct count_node node = { counter->min[at], counter->max[at], counter->now[at] };

		fill(buckets, c, from, counter->now[at]);
		if (from < buckets->counts[c].count)
			join_count(&buckets->counts[c].items[from], &node);
		else
			*array_push(&buckets->counts[c]) = node;
		fill(buckets, c, to, counter->now[at]);
		counter->min[at] = counter->max[at] = counter->now[at];
	}
	counter->until = end_of(buckets, to);
}
