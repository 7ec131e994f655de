/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/buckets.h"
#include "core/model/steps.h"

#include "tests/draw.h"
#include "tests/tap.h"

/* Buckets share out what is spent, however wide they get; steps say the largest sum. */

enum { LEN_NS = 1 << 20, LANES = 3, RUNS = 4000 };

static struct budget budget;

static uint64_t seed = 23;

static uint64_t spent(const struct buckets *buckets, size_t lane, enum lane_kind kind)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < buckets->lanes.items[lane].nodes.count; i++)
		sum += buckets->lanes.items[lane].nodes.items[i].spent[kind];
	return sum;
}

static void runs_are_shared_out(void)
{
	struct buckets buckets;
	uint64_t run_ns = 0, syscall_ns = 0;
	uint32_t longest = 0;

	buckets_init(&buckets, &budget);
	buckets_begin(&buckets, 12345, 6, LEN_NS, 1000, 4);
	for (int i = 0; i < RUNS; i++) {
		part_time begin = draw_u32(&seed, LEN_NS >> 6),
			  end = begin + draw_u32(&seed, i % 100 == 0 ? 9000 : 60);
		part_time until = begin + (end - begin) / 2;

		buckets_add_run(&buckets, 1, LANE_RUN, begin, end, (uint32_t)i);
		buckets_move(&buckets, 1, LANE_RUN, LANE_SYSCALL, begin, until);
		run_ns += (uint64_t)(end - until) << 6;
		syscall_ns += (uint64_t)(until - begin) << 6;
		longest = end - begin > longest ? end - begin : longest;
	}
	buckets_add(&buckets, 2, LANE_ASSIST, 5, 5000);
	is_u64(spent(&buckets, 1, LANE_RUN), run_ns, "all running time is in some bucket");
	is_u64(spent(&buckets, 1, LANE_SYSCALL), syscall_ns, "and what syscalls took of it");
	is_u64(spent(&buckets, 2, LANE_ASSIST), UINT64_C(4995) << 6, "and a range beside it");
	is_u64(buckets.lanes.items[1].runs, RUNS, "runs are counted");

	buckets_widen(&buckets, 1 << 14, LANES, UINT64_MAX);
	ok(buckets.lanes.items[1].nodes.count <= 2 * RUNS / 32 + 2, "few runs need few buckets");
	is_u64(spent(&buckets, 1, LANE_RUN), run_ns, "wider buckets hold the same");

	buckets_add_run(&buckets, 0, LANE_RUN, 0, 1, 0);
	buckets_add_run(&buckets, 0, LANE_WORKER, UINT32_MAX - 1, UINT32_MAX, 7);
	ok(buckets.lanes.items[0].nodes.count <= buckets.most, "a far time makes no more of them");
	is_u64(spent(&buckets, 1, LANE_RUN), run_ns, "and loses nothing");
	{
		uint32_t most = 0;

		for (size_t i = 0; i < buckets.lanes.items[1].nodes.count; i++)
			if (buckets.lanes.items[1].nodes.items[i].longest_ns > most)
				most = buckets.lanes.items[1].nodes.items[i].longest_ns;
		is_u64(most, (uint64_t)longest << 6, "the longest run is remembered");
	}
	buckets_free(&buckets);
}

static bool same_nodes(const struct buckets *a, const struct buckets *b)
{
	return a->lanes.items[0].nodes.count == b->lanes.items[0].nodes.count &&
	       a->lanes.items[0].runs == b->lanes.items[0].runs && a->runs == b->runs &&
	       memcmp(a->lanes.items[0].nodes.items, b->lanes.items[0].nodes.items,
	              a->lanes.items[0].nodes.count * sizeof(struct lane_node)) == 0;
}

/* Runs with their syscalls in one go, where that can be, or one after the other. */
static void the_quick_way_comes_to_the_same(void)
{
	struct buckets quick, slow;
	unsigned quickly = 0;
	bool is_inside = true;

	buckets_init(&quick, &budget);
	buckets_init(&slow, &budget);
	buckets_begin(&quick, 999, 6, LEN_NS, 1000, 4);
	buckets_begin(&slow, 999, 6, LEN_NS, 1000, 4);
	for (uint32_t i = 0; i < RUNS; i++) {
		part_time begin = draw_u32(&seed, LEN_NS >> 6),
			  len = draw_u32(&seed, i % 100 == 0 ? 900 : 60);
		part_time in_syscalls = len == 0 ? 0 : draw_u32(&seed, len), from, until;
		struct lane_node *node;

		node = buckets_reach(&quick, 0, begin, &from, &until);
		if (node != NULL && begin + len <= until) {
			is_inside &= from <= begin;
			buckets_add_to(&quick, node, LANE_RUN, len, in_syscalls, i);
			buckets_count_runs(&quick, 0, 1);
			quickly++;
		} else {
			buckets_move(&quick, 0, LANE_RUN, LANE_SYSCALL, begin, begin + in_syscalls);
			buckets_add_run(&quick, 0, LANE_RUN, begin, begin + len, i);
		}
		buckets_move(&slow, 0, LANE_RUN, LANE_SYSCALL, begin, begin + in_syscalls);
		buckets_add_run(&slow, 0, LANE_RUN, begin, begin + len, i);
	}
	ok(quickly > RUNS / 2 && quickly < RUNS, "most are in one bucket, some are not");
	ok(is_inside, "a node begins where it is said to");
	ok(same_nodes(&quick, &slow), "both ways fill the same buckets");
	buckets_free(&quick);
	buckets_free(&slow);
}

static void many_lanes_stay_small(void)
{
	struct buckets buckets;

	buckets_init(&buckets, &budget);
	buckets_begin(&buckets, 0, 0, INT64_C(1) << 40, 1 << 20, 4);
	for (uint32_t p = 0; p < 60000; p++)
		buckets_add_run(&buckets, (uint16_t)p, LANE_RUN, UINT32_MAX - 9, UINT32_MAX - 1, p);
	ok(buckets.nodes <= (1 << 16) + buckets.runs, "nodes are bounded by runs");
	buckets_free(&buckets);
}

/* Of changes at one time only what they come to counts. */
static void numbers_have_their_extremes(void)
{
	struct buckets buckets;
	struct counter counter = { .time = 0 };
	static const struct {
		part_time time;
		int32_t add;
	} changes[] = {
		{ 10, 3 }, { 20, 5 }, { 20, -6 }, { 40, -2 }, { 1000000, 9 },
	};

	buckets_init(&buckets, &budget);
	buckets_begin(&buckets, 0, 6, 1 << 26, 1 << 20, 4);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (changes[i].time > counter.time)
			counter_advance(&counter, &buckets, COUNT_RUNNING, COUNT_RUNNING,
			                changes[i].time);
		counter.now[COUNT_RUNNING] += changes[i].add;
	}
	counter_advance(&counter, &buckets, COUNT_RUNNING, COUNT_RUNNING, 1000001);
	counter_move(&counter, &buckets, COUNT_RUNNING, COUNT_RUNNING, 1000001);
	is_i64(buckets.counts[COUNT_RUNNING].items[0].max, 3,
	       "what is gone at once is not counted");
	is_i64(buckets.counts[COUNT_RUNNING].items[0].min, 0, "the least");
	is_i64(buckets.counts[COUNT_RUNNING].items[0].last, 0, "the last");
	is_i64(buckets.counts[COUNT_RUNNING].items[1].max, 0, "it holds until the next change");
	is_i64(buckets.counts[COUNT_RUNNING].items[buckets.counts[COUNT_RUNNING].count - 1].last, 9,
	       "which is in its own bucket");
	buckets_free(&buckets);
}

/* Lanes and numbers are filled apart, and may have got buckets of different width by then. */
static void what_is_beside_becomes_one(unsigned lane_folds, unsigned number_folds)
{
	struct buckets buckets, beside;
	struct counter counter = { .time = 0 };
	int32_t most = 0;

	buckets_init(&buckets, &budget);
	buckets_init(&beside, &budget);
	buckets_begin(&buckets, 54321, 6, LEN_NS, 1000, 4);
	buckets_begin_beside(&beside, &buckets);
	buckets_add_run(&buckets, 0, LANE_RUN, 0, (part_time)(LEN_NS << lane_folds >> 6), 1);
	for (uint32_t i = 0; i < RUNS; i++) {
		int32_t swing = (int32_t)(i / 2 % 97);

		counter.now[COUNT_RUNNING] += i % 2 == 0 ? swing : -swing;
		counter_advance(&counter, &beside, COUNT_RUNNING, COUNT_RUNNING,
		                (i + 1) * ((1u << 14 << number_folds) / RUNS));
	}
	counter_move(&counter, &beside, COUNT_RUNNING, COUNT_RUNNING, counter.time);
	ok(lane_folds > number_folds ? buckets.bits > beside.bits : buckets.bits < beside.bits,
	   "one is finer");
	buckets_join(&buckets, &beside);
	is_u64(buckets.bits, beside.bits, "they are as wide");
	is_u64(spent(&buckets, 0, LANE_RUN), (uint64_t)LEN_NS << lane_folds, "nothing is lost");
	for (size_t i = 0; i < buckets.counts[COUNT_RUNNING].count; i++)
		if (buckets.counts[COUNT_RUNNING].items[i].max > most)
			most = buckets.counts[COUNT_RUNNING].items[i].max;
	is_i64(most, 96, "and numbers have their extremes");
	ok(buckets.counts[COUNT_RUNNING].count <= buckets.most, "in no more buckets");
	is_u64(beside.counts[COUNT_RUNNING].count, 0, "nothing is left beside");
	buckets_free(&buckets);
	buckets_free(&beside);
}

static int64_t sum_up(const struct step_list *list, int64_t sum, int64_t *top)
{
	struct step_reader reader = { .list = list };
	struct step step;

	while (step_reader_next(&reader, &step)) {
		sum += step.add;
		*top = sum > *top ? sum : *top;
	}
	return sum;
}

/* Whatever they are, and however far from each other. */
static void steps_are_what_they_were(void)
{
	enum { COUNT = 5 * STEPS_FRESH + 7, WIDE = 100 };
	struct steps steps;
	struct step want[COUNT], got;
	struct step_reader reader = { .list = &steps.first };
	part_time time = 0;
	size_t same = 0;

	steps_init(&steps, &budget);
	steps_begin(&steps, 0, 0);
	for (int i = 0; i < COUNT; i++) {
		bool is_wide = draw_u32(&seed, WIDE) == 0;
		int32_t add = (int32_t)draw_u32(&seed, 9) - 4;

		if (is_wide)
			add = (int32_t)(draw_u32(&seed, UINT32_MAX) & (UINT32_MAX >> draw_u32(&seed, 31)));
		want[i] = (struct step){ time, add != 0 ? add : INT32_MIN };
		steps_add(&steps, want[i].time, want[i].add);
		time += 1 + draw_u32(&seed, is_wide ? 300000 : 40);
	}
	ok(time < steps.hold && steps.first.packed.count < 3 * COUNT, "%zu bytes for %d of them",
	   steps.first.packed.count, COUNT);
	while (step_reader_next(&reader, &got))
		same += got.time == want[same].time && got.add == want[same].add;
	is_u64(same, COUNT, "all are what they were");
	is_u64(step_list_count(&steps.first), COUNT, "as many");
	steps_free(&steps);
}

/* However the steps are kept, their largest sum is the naive one. */
static void steps_know_their_largest_sum(int64_t length_ns)
{
	struct steps steps;
	int64_t now = 0, most = 0, sum = 0, top = 0;
	part_time time = 0;

	steps_init(&steps, &budget);
	steps_begin(&steps, 6, length_ns);
	for (int i = 0; i < 50000; i++) {
		int32_t add = (int32_t)draw_u32(&seed, 7) - 3;

		time += 1 + draw_u32(&seed, 400);
		steps_add(&steps, time, add);
		now += add;
		most = now > most ? now : most;
	}
	sum = sum_up(&steps.first, sum, &top);
	ok(steps.has_middle && step_list_count(&steps.first) < 50000, "most are summed up");
	top = sum + steps.middle_most > top ? sum + steps.middle_most : top;
	sum += steps.middle;
	sum = sum_up(&steps.last, sum_up(&steps.before, sum, &top), &top);
	is_i64(sum, now, "all are there");
	is_i64(top, most, "the largest sum is known");
	ok(time - steps.last_begin <= 2 * steps.hold, "the last are kept one by one");
	ok(step_list_count(&steps.before) > 0, "at least a hold of them");
	steps_free(&steps);
}

int main(void)
{
	runs_are_shared_out();
	the_quick_way_comes_to_the_same();
	many_lanes_stay_small();
	numbers_have_their_extremes();
	what_is_beside_becomes_one(0, 6);
	what_is_beside_becomes_one(6, 0);
	steps_are_what_they_were();
	steps_know_their_largest_sum(0);
	steps_know_their_largest_sum(4 * STEPS_HOLD_NS);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
