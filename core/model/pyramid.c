/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/pyramid.h"

/* Runs in a bucket of the busiest lane that make painting cheap and the pyramid small. */
enum { RUNS_PER_BUCKET = 32, BUCKETS_MIN = 8, BITS_MIN = 10, BITS_MAX = 60, NODES_MIN = 1 << 16 };

static int64_t grid(int64_t ns, unsigned bits)
{
	return ns >> bits; /* of what is not negative */
}

/* ---- building: level 0 */

struct builder {
	struct pyramid *pyramid;
	const struct walk *walk;
	int64_t offset_ns;
};

static int64_t at_ns(const struct builder *b, part_time time)
{
	return b->offset_ns + (int64_t)((uint64_t)time << b->walk->shift);
}

/* Adds sign * each bucket's share of [begin, end) to one kind. */
static void spend(const struct builder *b, uint32_t lane, enum lane_kind kind, int64_t begin,
                  int64_t end, bool minus)
{
	const struct pyramid_level *level = &b->pyramid->level[0];
	unsigned bits = b->pyramid->bits;
	struct lane_node *nodes = level->nodes + (size_t)lane * level->count;

	while (begin < end) {
		int64_t bucket = grid(begin, bits), next = (bucket + 1) << bits;
		int64_t stop = next < end ? next : end;
		uint32_t share = (uint32_t)(stop - begin);

		if (bucket - level->first >= level->count)
			return;
		nodes[bucket - level->first].spent_ns[kind] += minus ? -share : share;
		begin = stop;
	}
}

static void touch(const struct builder *b, uint32_t lane, int64_t begin, int64_t end, uint32_t go)
{
	const struct pyramid_level *level = &b->pyramid->level[0];
	unsigned bits = b->pyramid->bits;
	struct lane_node *nodes = level->nodes + (size_t)lane * level->count;
	uint32_t len = end - begin > UINT32_MAX ? UINT32_MAX : (uint32_t)(end - begin);
	int64_t last = grid(end > begin ? end - 1 : begin, bits);

	for (int64_t bucket = grid(begin, bits); bucket <= last; bucket++) {
		struct lane_node *node;

		if (bucket - level->first >= level->count)
			return;
		node = &nodes[bucket - level->first];
		node->spans++;
		if (len >= node->longest_ns) {
			node->longest_ns = len;
			node->longest_go = go;
		}
	}
}

static void add_run(const struct builder *b, uint32_t index)
{
	const struct run *run = &b->walk->runs.items[index];
	part_time lane_stop = lane_end(b->walk, index);
	int64_t begin = at_ns(b, run->begin), end = at_ns(b, lane_stop);
	enum lane_kind kind = run->worker != WORKER_NONE ? LANE_WORKER : LANE_RUN;

	touch(b, run->proc, begin, end, run->g);
	spend(b, run->proc, kind, begin, end, false);
	for (uint32_t i = run->first_syscall; i < walk_syscalls_end(b->walk, index); i++) {
		const struct syscall *syscall = &b->walk->syscalls.items[i];
		part_time stop = syscall->end < lane_stop ? syscall->end : lane_stop;

		if (syscall->begin == TIME_NONE || syscall->begin >= stop)
			continue;
		spend(b, run->proc, LANE_SYSCALL, at_ns(b, syscall->begin), at_ns(b, stop), false);
		spend(b, run->proc, kind, at_ns(b, syscall->begin), at_ns(b, stop), true);
	}
}

static void build_lanes(const struct builder *b, const struct lanes *lanes)
{
	for (size_t i = 0; i < b->walk->runs.count; i++)
		if (b->walk->runs.items[i].proc != PROC_NONE && lane_is_whole(b->walk, (uint32_t)i))
			add_run(b, (uint32_t)i);
	for (size_t i = 0; i < lanes->pieces.count; i++) {
		const struct piece *piece = &lanes->pieces.items[i];

		spend(b, piece->proc, piece->kind == PIECE_ASSIST ? LANE_ASSIST : LANE_SWEEP,
		      at_ns(b, piece->begin), at_ns(b, piece->end), false);
	}
}

/* ---- counts and heap */

static struct series_node *series_of(const struct pyramid_level *level, enum series series)
{
	return level->series + (size_t)series * level->count;
}

static void build_counts(const struct builder *b, const struct account *account)
{
	const struct pyramid_level *level = &b->pyramid->level[0];
	struct change_cursor cursor = changes_from(&account->changes, 0);
	enum change change;
	part_time time;
	int64_t now[COUNTS];

	for (int c = 0; c < COUNTS; c++)
		now[c] = account->counts[c];
	for (uint32_t bucket = 0; bucket < level->count; bucket++) {
		int64_t stop = (level->first + bucket + 1) << b->pyramid->bits;
		struct series_node nodes[COUNTS];

		for (int c = 0; c < COUNTS; c++)
			nodes[c] = (struct series_node){ now[c], now[c], now[c] };
		for (; change_look(&cursor, &time, &change) && at_ns(b, time) < stop;
		     change_step(&cursor))
			for (int c = 0; c < COUNTS; c++) {
				now[c] += change_adds[change][c];
				if (now[c] > nodes[c].max)
					nodes[c].max = now[c];
				if (now[c] < nodes[c].min)
					nodes[c].min = now[c];
			}
		for (int c = 0; c < COUNTS; c++) {
			nodes[c].last = now[c];
			/* steps of one moment may dip below */
			nodes[c].min = nodes[c].min < 0 ? 0 : nodes[c].min;
			series_of(level, (enum series)c)[bucket] = nodes[c];
		}
	}
}

/* metrics are in order of time. */
static void build_metric(const struct builder *b, enum series series, const struct metric *metrics,
                         size_t count)
{
	const struct pyramid_level *level = &b->pyramid->level[0];
	struct series_node now = { INT64_MAX, INT64_MIN, 0 };
	bool known = false;
	size_t at = 0;

	for (uint32_t bucket = 0; bucket < level->count; bucket++) {
		int64_t stop = (level->first + bucket + 1) << b->pyramid->bits;

		if (known)
			now.min = now.max = now.last;
		for (; at < count && at_ns(b, metrics[at].time) < stop; at++) {
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

/* ---- the levels above */

static void sum_up_lane(struct lane_node *into, const struct lane_node *from)
{
	for (int k = 0; k < LANE_KINDS; k++)
		into->spent_ns[k] += from->spent_ns[k];
	into->spans += from->spans;
	if (from->spans > 0 && from->longest_ns >= into->longest_ns) {
		into->longest_ns = from->longest_ns;
		into->longest_go = from->longest_go;
	}
}

static void sum_up(struct pyramid *pyramid, unsigned l)
{
	const struct pyramid_level *below = &pyramid->level[l - 1];
	struct pyramid_level *level = &pyramid->level[l];

	for (uint32_t i = 0; i < below->count; i++) {
		int64_t at = ((below->first + i) >> 2) - level->first;

		for (uint32_t lane = 0; lane < pyramid->lanes; lane++)
			sum_up_lane(&level->nodes[(size_t)lane * level->count + (size_t)at],
			            &below->nodes[(size_t)lane * below->count + i]);
		for (int s = 0; s < SERIES_COUNT; s++)
			series_node_merge(&series_of(level, (enum series)s)[at],
			                  &series_of(below, (enum series)s)[i]);
	}
}

/* A width that gives the busiest lane RUNS_PER_BUCKET, on the way to 2^TOP_BITS in steps of four.
 */
static unsigned choose_bits(const struct walk *walk, const struct lanes *lanes)
{
	uint64_t span = ((uint64_t)walk->last + 1) << walk->shift, buckets;
	uint32_t most = 0;
	unsigned bits = TOP_BITS;

	for (size_t p = 0; p < walk->procs.count; p++) {
		uint32_t runs = lanes->first_run.items[p + 1] - lanes->first_run.items[p];

		most = runs > most ? runs : most;
	}
	buckets = most / RUNS_PER_BUCKET;
	if (buckets < BUCKETS_MIN)
		buckets = BUCKETS_MIN;
	while (bits - 2 >= BITS_MIN && span >> (bits - 2) <= buckets)
		bits -= 2;
	/* a few events that claim many Ps or hours do not get a node for each */
	while (bits < BITS_MAX && (span >> bits) * walk->procs.count > NODES_MIN &&
	       (span >> bits) * walk->procs.count > walk->runs.count)
		bits += 2;
	return bits;
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

void pyramid_build(struct pyramid *pyramid, struct arena *arena, const struct walk *walk,
                   const struct lanes *lanes, const struct account *account, int64_t offset_ns)
{
	struct builder b = { pyramid, walk, offset_ns };

	pyramid->bits = choose_bits(walk, lanes);
	pyramid->levels = pyramid->bits < TOP_BITS ? (TOP_BITS - pyramid->bits) / 2 + 1 : 1;
	pyramid->lanes = (uint32_t)walk->procs.count;
	pyramid->begin_ns = offset_ns;
	pyramid->end_ns = at_ns(&b, walk->last) + 1;
	for (unsigned l = 0; l < pyramid->levels; l++)
		make_level(pyramid, l, arena, offset_ns, at_ns(&b, walk->last));
	build_lanes(&b, lanes);
	build_counts(&b, account);
	build_metric(&b, SERIES_HEAP, walk->heap.items, walk->heap.count);
	build_metric(&b, SERIES_GOAL, walk->goal.items, walk->goal.count);
	for (unsigned l = 1; l < pyramid->levels; l++)
		sum_up(pyramid, l);
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
			spent[k] = node->spent_ns[k];
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
