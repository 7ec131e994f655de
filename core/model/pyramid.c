/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/pyramid.h"

enum { NODES_A_STEP = 1 << 15 };

static int64_t grid(int64_t ns, unsigned bits)
{
	return ns >> bits; /* of what is not negative */
}

/* ---- building: level 0 */

static struct series_node *series_of(const struct pyramid_level *level, enum series series)
{
	return level->series + (size_t)series * level->count;
}

static void copy_node(struct lane_node *into, const struct lane_node *from)
{
	*into = *from;
	for (int k = 0; k < LANE_KINDS; k++)
		if ((int32_t)into->spent[k] < 0) /* units are rounded */
			into->spent[k] = 0;
}

static void copy_lane(struct pyramid *pyramid, const struct buckets *buckets, size_t lane)
{
	struct pyramid_level *level = &pyramid->level[0];
	size_t count = lane < buckets->lanes.count ? buckets->lanes.items[lane].nodes.count : 0;

	if (count > level->count)
		count = level->count;
	for (size_t i = 0; i < count; i++)
		copy_node(&level->nodes[lane * level->count + i],
		          &buckets->lanes.items[lane].nodes.items[i]);
}

/* Numbers over time: relative ones, and the number at the head. */
static void copy_counts(struct pyramid *pyramid, const struct account *account)
{
	struct pyramid_level *level = &pyramid->level[0];

	for (int c = 0; c < COUNTS; c++) {
		int64_t head = account->heads[c], last = head;

		for (uint32_t i = 0; i < level->count; i++) {
			struct series_node *node = &series_of(level, (enum series)c)[i];

			*node = (struct series_node){ last, last, last };
			if (i >= account->walk->buckets.counts[c].count)
				continue;
			node->min = head + account->walk->buckets.counts[c].items[i].min;
			node->max = head + account->walk->buckets.counts[c].items[i].max;
			node->last = last = head + account->walk->buckets.counts[c].items[i].last;
			node->min = node->min < 0 ? 0 : node->min;
		}
	}
}

/* metrics are in order of time. */
static void build_metric(struct pyramid *pyramid, enum series series, const struct buckets *buckets,
                         const struct metric *metrics, size_t count)
{
	const struct pyramid_level *level = &pyramid->level[0];
	struct series_node now = { INT64_MAX, INT64_MIN, 0 };
	bool known = false;
	size_t at = 0;

	for (uint32_t bucket = 0; bucket < level->count; bucket++) {
		int64_t stop = (level->first + bucket + 1) << pyramid->bits;

		if (known)
			now.min = now.max = now.last;
		for (; at < count && buckets_ns(buckets, metrics[at].time) < stop; at++) {
			int64_t value = metrics[at].value > INT64_MAX ? INT64_MAX
			                                              : (int64_t)metrics[at].value;

			now.last = value;
			now.max = value > now.max ? value : now.max;
			now.min = value < now.min ? value : now.min;
			known = true;
		}
		series_of(level, series)[bucket] = now;
	}
}

static bool is_unset(const struct series_node *node)
{
	return node->min > node->max;
}

void series_node_merge(struct series_node *into, const struct series_node *from)
{
	if (is_unset(from))
		return;
	into->min = from->min < into->min ? from->min : into->min;
	into->max = from->max > into->max ? from->max : into->max;
	into->last = from->last;
}

void pyramid_shift(struct pyramid *pyramid, enum series series, int64_t by)
{
	for (unsigned l = 0; l < pyramid->levels; l++)
		for (uint32_t i = 0; i < pyramid->level[l].count; i++) {
			struct series_node *node = &series_of(&pyramid->level[l], series)[i];

			node->min += by;
			node->max += by;
			node->last += by;
		}
}

/* ---- the levels above */

static void sum_up_lane(struct lane_node *into, const struct lane_node *from)
{
	for (int k = 0; k < LANE_KINDS; k++)
		into->spent[k] += from->spent[k];
	into->spans += from->spans;
	if (from->spans > 0 && from->longest_ns >= into->longest_ns) {
		into->longest_ns = from->longest_ns;
		into->longest_go = from->longest_go;
	}
}

/* Four buckets are one of the level above. */
static size_t above(const struct pyramid *pyramid, unsigned l, size_t bucket)
{
	return (size_t)(((pyramid->level[l].first + (int64_t)bucket) >> 2) -
	                pyramid->level[l + 1].first);
}

static void sum_up_level(struct pyramid *pyramid, unsigned l, size_t lane)
{
	const struct pyramid_level *below = &pyramid->level[l - 1];
	struct pyramid_level *level = &pyramid->level[l];

	for (uint32_t i = 0; i < below->count; i++)
		sum_up_lane(&level->nodes[lane * level->count + above(pyramid, l - 1, i)],
		            &below->nodes[lane * below->count + i]);
}

static void sum_up_series(struct pyramid *pyramid, unsigned l)
{
	const struct pyramid_level *below = &pyramid->level[l - 1];
	struct pyramid_level *level = &pyramid->level[l];

	for (uint32_t i = 0; i < below->count; i++)
		for (int s = 0; s < SERIES_COUNT; s++)
			series_node_merge(
				&series_of(level, (enum series)s)[above(pyramid, l - 1, i)],
				&series_of(below, (enum series)s)[i]);
}

static void make_level(struct pyramid *pyramid, unsigned l, struct arena *arena, int64_t begin_ns,
                       int64_t end_ns)
{
	struct pyramid_level *level = &pyramid->level[l];
	unsigned bits = pyramid->bits + 2 * l;

	level->first = grid(begin_ns, bits);
	level->count = (uint32_t)(grid(end_ns, bits) - level->first + 1);
	level->nodes = ARENA_NEW(arena, (size_t)level->count * pyramid->lanes, struct lane_node);
	level->series = ARENA_NEW(arena, (size_t)level->count * SERIES_COUNT, struct series_node);
	for (size_t i = 0; i < (size_t)level->count * SERIES_COUNT; i++)
		level->series[i] = (struct series_node){ INT64_MAX, INT64_MIN, 0 };
}

void pyramid_begin(struct pyramid *pyramid, struct arena *arena, struct account *account,
                   uint64_t bytes)
{
	const struct walk *walk = account->walk;
	struct buckets *buckets = &account->walk->buckets;
	int64_t begin_ns = buckets->offset_ns, last_ns = buckets_ns(buckets, walk->last);

	buckets_widen(buckets, walk->last, walk->procs.count, bytes);
	pyramid->bits = buckets->bits;
	pyramid->levels = pyramid->bits < TOP_BITS ? (TOP_BITS - pyramid->bits) / 2 + 1 : 1;
	pyramid->lanes = (uint32_t)walk->procs.count;
	pyramid->begin_ns = begin_ns;
	pyramid->end_ns = last_ns + 1;
	for (unsigned l = 0; l < pyramid->levels; l++)
		make_level(pyramid, l, arena, begin_ns, last_ns);
}

static void fill_series(struct pyramid *pyramid, const struct account *account)
{
	const struct walk *walk = account->walk;

	copy_counts(pyramid, account);
	build_metric(pyramid, SERIES_HEAP, &walk->buckets, walk->heap.items, walk->heap.count);
	build_metric(pyramid, SERIES_GOAL, &walk->buckets, walk->goal.items, walk->goal.count);
}

static void fill(struct pyramid *pyramid, const struct account *account, unsigned l, size_t lane)
{
	if (lane == pyramid->lanes && l == 0)
		fill_series(pyramid, account);
	else if (lane == pyramid->lanes)
		sum_up_series(pyramid, l);
	else if (l == 0)
		copy_lane(pyramid, &account->walk->buckets, lane);
	else
		sum_up_level(pyramid, l, lane);
}

bool pyramid_fill(struct pyramid *pyramid, const struct account *account, size_t *at)
{
	size_t lanes = (size_t)pyramid->lanes + 1, work = 0; /* the last one: the series */

	for (; *at < pyramid->levels * lanes && work < NODES_A_STEP; ++*at) {
		unsigned l = (unsigned)(*at / lanes);

		fill(pyramid, account, l, *at % lanes);
		work += pyramid->level[l > 0 ? l - 1 : 0].count;
	}
	return *at < pyramid->levels * lanes;
}

bool pyramid_can_coarsen(const struct pyramid *pyramid)
{
	return pyramid->levels > 1;
}

void pyramid_coarsen(struct pyramid *pyramid, struct arena *arena)
{
	pyramid->bits += 2;
	pyramid->levels--;
	for (unsigned l = 0; l < pyramid->levels; l++) {
		struct pyramid_level *from = &pyramid->level[l + 1], *level = &pyramid->level[l];
		size_t nodes = (size_t)from->count * pyramid->lanes;
		size_t series = (size_t)from->count * SERIES_COUNT;

		*level = (struct pyramid_level){
			.first = from->first,
			.count = from->count,
			.nodes = ARENA_NEW(arena, nodes, struct lane_node),
			.series = ARENA_NEW(arena, series, struct series_node),
		};
		if (nodes > 0)
			memcpy(level->nodes, from->nodes, nodes * sizeof(*level->nodes));
		memcpy(level->series, from->series, series * sizeof(*level->series));
	}
}

void pyramid_carry(struct pyramid *pyramid, enum series series, int64_t value)
{
	for (unsigned l = 0; l < pyramid->levels; l++) {
		struct series_node *nodes = series_of(&pyramid->level[l], series);

		for (uint32_t i = 0; i < pyramid->level[l].count; i++) {
			if (!is_unset(&nodes[i])) {
				/* it held until the first change here */
				nodes[i].min = value < nodes[i].min ? value : nodes[i].min;
				nodes[i].max = value > nodes[i].max ? value : nodes[i].max;
				break;
			}
			nodes[i] = (struct series_node){ value, value, value };
		}
	}
}

void pyramid_rename(struct pyramid *pyramid, const uint32_t *go_of, size_t count)
{
	for (unsigned l = 0; l < pyramid->levels; l++)
		for (size_t i = 0; i < (size_t)pyramid->level[l].count * pyramid->lanes; i++) {
			struct lane_node *node = &pyramid->level[l].nodes[i];

			node->longest_go = node->spans > 0 && node->longest_go < count
			                           ? go_of[node->longest_go]
			                           : INDEX_NONE;
		}
}

/* ---- asking */

static void add_share(struct mix *mix, const int64_t spent[LANE_KINDS], uint64_t spans,
                      int64_t longest_ns, uint32_t longest_go, int64_t share, int64_t width)
{
	if (share <= 0)
		return;
	for (int k = 0; k < LANE_KINDS; k++)
		mix->spent_ns[k] +=
			share == width ? spent[k] : (int64_t)((__int128)spent[k] * share / width);
	mix->spans += spans;
	if (spans > 0 && longest_ns >= mix->longest_ns) {
		mix->longest_ns = longest_ns;
		mix->longest_go = longest_go;
	}
}

/* How much of [from, to) lies in [begin, end). */
static int64_t overlap(int64_t from, int64_t to, int64_t begin, int64_t end)
{
	return (to < end ? to : end) - (from > begin ? from : begin);
}

/* The coarsest level whose buckets are no wider than the window. */
static unsigned level_for(unsigned bits, unsigned levels, int64_t width)
{
	unsigned l = levels - 1;

	while (l > 0 && (INT64_C(1) << (bits + 2 * l)) > width)
		l--;
	return l;
}

struct reach {
	const struct pyramid_level *level;
	unsigned bits;
	int64_t first, last; /* bucket, on the trace's grid; last < first: none */
};

/* The buckets of the coarsest level that is no coarser than [begin_ns, end_ns) is wide. */
static struct reach reach_of(const struct pyramid *pyramid, int64_t begin_ns, int64_t end_ns)
{
	unsigned l = level_for(pyramid->bits, pyramid->levels, end_ns - begin_ns);
	unsigned bits = pyramid->bits + 2 * l;
	const struct pyramid_level *level = &pyramid->level[l];
	int64_t first = grid(begin_ns, bits), last = grid(end_ns - 1, bits);
	int64_t limit = level->first + level->count - 1;

	return (struct reach){
		.level = level,
		.bits = bits,
		.first = first < level->first ? level->first : first,
		.last = last > limit ? limit : last,
	};
}

void pyramid_mix(const struct pyramid *pyramid, uint32_t lane, int64_t begin_ns, int64_t end_ns,
                 struct mix *mix)
{
	struct reach reach = reach_of(pyramid, begin_ns, end_ns);
	const struct pyramid_level *level = reach.level;

	for (int64_t bucket = reach.first; bucket <= reach.last; bucket++) {
		const struct lane_node *node = &level->nodes[(size_t)lane * level->count +
		                                             (size_t)(bucket - level->first)];
		/* what is in the first and the last bucket lies where the part is */
		int64_t from = bucket << reach.bits, to = (bucket + 1) << reach.bits;
		int64_t spent[LANE_KINDS];

		from = from < pyramid->begin_ns ? pyramid->begin_ns : from;
		to = to > pyramid->end_ns ? pyramid->end_ns : to;
		for (int k = 0; k < LANE_KINDS; k++)
			spent[k] = (int64_t)node->spent[k] << buckets_unit(pyramid->bits);
		add_share(mix, spent, node->spans, node->longest_ns, node->longest_go,
		          overlap(from, to, begin_ns, end_ns), to - from);
	}
}

static void add_level(struct level *level, const struct series_node *node)
{
	if (is_unset(node))
		return;
	if (!level->is_known || node->min < level->min)
		level->min = node->min;
	if (!level->is_known || node->max > level->max)
		level->max = node->max;
	level->last = node->last;
	level->is_known = true;
}

void pyramid_level(const struct pyramid *pyramid, enum series series, int64_t begin_ns,
                   int64_t end_ns, struct level *answer)
{
	struct reach reach = reach_of(pyramid, begin_ns, end_ns);
	const struct pyramid_level *level = reach.level;

	for (int64_t bucket = reach.first; bucket <= reach.last; bucket++)
		add_level(answer, &series_of(level, series)[bucket - level->first]);
}
