/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/region_times.h"

#include "core/base/sort.h"

/* Of one time: in that order. */
enum moment_kind { RANGE_END, REGION_BEGIN, REGION_END, RANGE_BEGIN };

struct moment {
	int64_t ns;
	uint32_t number; /* in the order in which they were added */
	uint32_t what;   /* the region, or the name of the range */
	uint8_t kind;    /* enum moment_kind */
};

/* An amount of a goroutine so far; of a range that is open also since when. */
struct sum {
	int64_t ns, since_ns; /* since: TIME_UNKNOWN: it is not */
	string_id name;
};

typedef ARRAY(struct sum) sum_array;

/* A region that has begun: what had been spent by then, its amounts in the goroutine's. */
struct open_region {
	uint32_t region;
	int64_t exec_ns, sched_ns, syscall_exec_ns, syscall_block_ns;
	uint32_t first, blocks, ranges; /* among was, so many of each */
};

struct region_go {
	uint32_t go, added;
	ARRAY(struct moment) moments;
	size_t at; /* the next */
	bool is_sorted;
	int64_t exec_ns, sched_ns, syscall_exec_ns, syscall_block_ns;
	sum_array blocks, ranges;
	ARRAY(struct open_region) open;
	ARRAY(int64_t) was; /* of open regions, one behind the other */
};

void region_times_init(struct region_times *times, struct budget *budget)
{
	*times = (struct region_times){ .spent = { .budget = budget } };
	times->amounts.budget = times->gos.budget = times->free_gos.budget = budget;
	id_pages_init(&times->go_of, budget);
}

static void drop_go(struct region_times *times, uint32_t number)
{
	struct region_go *go = times->gos.items[number];

	array_free(&go->moments);
	array_free(&go->blocks);
	array_free(&go->ranges);
	array_free(&go->open);
	array_free(&go->was);
	budget_resize(times->spent.budget, go, sizeof(*go), 0);
	times->gos.items[number] = NULL;
}

void region_times_free(struct region_times *times)
{
	for (uint32_t i = 0; i < times->gos.count; i++)
		if (times->gos.items[i] != NULL)
			drop_go(times, i);
	array_free(&times->spent);
	array_free(&times->amounts);
	array_free(&times->gos);
	array_free(&times->free_gos);
	id_pages_free(&times->go_of);
}

static struct region_go *find_go(const struct region_times *times, uint32_t go)
{
	uint32_t number = id_pages_find(&times->go_of, go);

	return number == ID_NONE || number == 0 ? NULL : times->gos.items[number - 1];
}

static struct region_go *new_go(struct region_times *times, uint32_t go)
{
	struct budget *budget = times->spent.budget;
	struct region_go *fresh = budget_resize(budget, NULL, 0, sizeof(*fresh));
	uint32_t number;

	*fresh = (struct region_go){ .go = go, .moments = { .budget = budget } };
	fresh->blocks.budget = fresh->ranges.budget = fresh->open.budget = fresh->was.budget =
		budget;
	if (times->free_gos.count > 0) {
		number = times->free_gos.items[--times->free_gos.count];
	} else {
		number = (uint32_t)times->gos.count;
		array_push(&times->gos);
	}
	times->gos.items[number] = fresh;
	id_pages_set(&times->go_of, go, number + 1);
	return fresh;
}

static void add_moment(struct region_go *go, int64_t ns, enum moment_kind kind, uint32_t what)
{
	*array_push(&go->moments) = (struct moment){ ns, go->added++, what, (uint8_t)kind };
	go->is_sorted = false;
}

uint32_t region_times_add(struct region_times *times, uint32_t go, int64_t begin_ns, int64_t end_ns)
{
	uint32_t region = (uint32_t)times->spent.count;
	struct region_go *of = find_go(times, go);

	*array_push(&times->spent) =
		(struct region_spent){ .blocks = INDEX_NONE, .ranges = INDEX_NONE };
	if (of == NULL)
		of = new_go(times, go);
	add_moment(of, begin_ns, REGION_BEGIN, region);
	add_moment(of, end_ns, REGION_END, region);
	return region;
}

void region_times_range(struct region_times *times, uint32_t go, string_id name, int64_t begin_ns,
                        int64_t end_ns)
{
	struct region_go *of = find_go(times, go);

	if (of == NULL || name == 0 || begin_ns >= end_ns)
		return;
	add_moment(of, begin_ns, RANGE_BEGIN, name);
	add_moment(of, end_ns, RANGE_END, name);
}

/* ---- sums */

static struct sum *find_sum(sum_array *sums, string_id name)
{
	for (size_t i = 0; i < sums->count; i++)
		if (sums->items[i].name == name)
			return &sums->items[i];
	*array_push(sums) = (struct sum){ .since_ns = TIME_UNKNOWN, .name = name };
	return &sums->items[sums->count - 1];
}

static void spend(struct region_go *go, const struct told *told, int64_t begin_ns, int64_t end_ns)
{
	int64_t ns = end_ns - begin_ns, lost_ns = told->lost_ns;

	switch ((enum span_kind)told->span.kind) {
	case SPAN_RUN:
		go->exec_ns += ns;
		break;
	case SPAN_RUNNABLE:
		go->sched_ns += ns;
		break;
	case SPAN_WAITING:
		find_sum(&go->blocks, told->reason)->ns += ns;
		break;
	case SPAN_SYSCALL:
		lost_ns = lost_ns == TIME_UNKNOWN || lost_ns > end_ns ? end_ns : lost_ns;
		lost_ns = lost_ns < begin_ns ? begin_ns : lost_ns;
		go->syscall_exec_ns += lost_ns - begin_ns;
		go->syscall_block_ns += end_ns - lost_ns;
		break;
	case SPAN_ASSIST:
	case SPAN_SWEEP:
	case SPAN_STW:
	case SPAN_GC:
	case SPAN_DAMAGE:
	case SPAN_REGION:
	case SPAN_LOG:
	case SPAN_SAMPLE:
	case SPAN_TASK:
	case SPAN_PROC_START:
	case SPAN_PROC_STOP:
	case SPAN_NONE:
		break;
	}
}

static int64_t sum_at(const struct sum *sum, int64_t ns)
{
	return sum->since_ns == TIME_UNKNOWN || ns < sum->since_ns ? sum->ns
	                                                           : sum->ns + ns - sum->since_ns;
}

/* ---- moments */

static void begin_region(struct region_go *go, const struct moment *moment)
{
	struct open_region open = { .region = moment->what, .first = (uint32_t)go->was.count };

	if (moment->ns != TIME_UNKNOWN) { /* else: all that it ever did */
		open.exec_ns = go->exec_ns;
		open.sched_ns = go->sched_ns;
		open.syscall_exec_ns = go->syscall_exec_ns;
		open.syscall_block_ns = go->syscall_block_ns;
		open.blocks = (uint32_t)go->blocks.count;
		open.ranges = (uint32_t)go->ranges.count;
	}
	for (size_t i = 0; i < open.blocks; i++)
		*array_push(&go->was) = go->blocks.items[i].ns;
	for (size_t i = 0; i < open.ranges; i++)
		*array_push(&go->was) = sum_at(&go->ranges.items[i], moment->ns);
	*array_push(&go->open) = open;
}

/* Sums are only ever added behind the others: the first have a value from before. */
static uint32_t chain(struct region_times *times, const struct region_go *go, const sum_array *sums,
                      uint32_t first, uint32_t count, int64_t ns)
{
	uint32_t chain = INDEX_NONE;

	for (size_t i = 0; i < sums->count; i++) {
		int64_t was = i < count ? go->was.items[first + i] : 0;
		int64_t more = sum_at(&sums->items[i], ns) - was;

		if (more == 0)
			continue;
		*array_push(&times->amounts) =
			(struct region_amount){ more, sums->items[i].name, chain };
		chain = (uint32_t)times->amounts.count - 1;
	}
	return chain;
}

static void end_region(struct region_times *times, struct region_go *go,
                       const struct moment *moment)
{
	struct region_spent *spent = &times->spent.items[moment->what];
	size_t at = go->open.count;
	struct open_region open;

	while (at > 0 && go->open.items[at - 1].region != moment->what)
		at--;
	if (at == 0)
		return; /* it ends before it begins */
	open = go->open.items[at - 1];
	spent->exec_ns = go->exec_ns - open.exec_ns;
	spent->sched_ns = go->sched_ns - open.sched_ns;
	spent->syscall_exec_ns = go->syscall_exec_ns - open.syscall_exec_ns;
	spent->syscall_block_ns = go->syscall_block_ns - open.syscall_block_ns;
	spent->blocks = chain(times, go, &go->blocks, open.first, open.blocks, moment->ns);
	spent->ranges =
		chain(times, go, &go->ranges, open.first + open.blocks, open.ranges, moment->ns);
	if (at == go->open.count)
		go->was.count = open.first;
	memmove(&go->open.items[at - 1], &go->open.items[at], (go->open.count - at) * sizeof(open));
	go->open.count--;
}

static void pass_moment(struct region_times *times, struct region_go *go,
                        const struct moment *moment)
{
	struct sum *sum;

	switch ((enum moment_kind)moment->kind) {
	case REGION_BEGIN:
		begin_region(go, moment);
		break;
	case REGION_END:
		end_region(times, go, moment);
		break;
	case RANGE_BEGIN:
		find_sum(&go->ranges, moment->what)->since_ns = moment->ns;
		break;
	case RANGE_END:
		sum = find_sum(&go->ranges, moment->what);
		sum->ns = sum_at(sum, moment->ns);
		sum->since_ns = TIME_UNKNOWN;
		break;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	/* of regions that begin or end together, the outer one was added first */
	return (x->kind == REGION_END) == (x->number < y->number) ? 1 : -1;
}

static void put_in_order(struct region_go *go)
{
	if (go->is_sorted)
		return;
	memmove(go->moments.items, go->moments.items + go->at,
	        (go->moments.count - go->at) * sizeof(*go->moments.items));
	go->moments.count -= go->at;
	go->at = 0;
	SORT_ARRAY(&go->moments, by_time);
	go->is_sorted = true;
}

/* Nothing is left of it that could be asked for. */
static void drop_if_done(struct region_times *times, const struct region_go *go)
{
	uint32_t number;

	if (go->at < go->moments.count || go->open.count > 0)
		return;
	number = id_pages_find(&times->go_of, go->go) - 1;
	id_pages_set(&times->go_of, go->go, 0);
	drop_go(times, number);
	*array_push(&times->free_gos) = number;
}

void region_times_tell(struct region_times *times, const struct told *told)
{
	struct region_go *go = find_go(times, told->span.go);
	int64_t now = told->begin_ns;

	if (go == NULL)
		return;
	put_in_order(go);
	for (; go->at < go->moments.count && go->moments.items[go->at].ns <= told->end_ns;
	     go->at++) {
		const struct moment *moment = &go->moments.items[go->at];

		if (moment->ns > now) {
			spend(go, told, now, moment->ns);
			now = moment->ns;
		}
		pass_moment(times, go, moment);
	}
	spend(go, told, now, told->end_ns);
	drop_if_done(times, go);
}

void region_times_end(struct region_times *times)
{
	for (size_t i = 0; i < times->gos.count; i++) {
		struct region_go *go = times->gos.items[i];

		if (go == NULL)
			continue;
		put_in_order(go);
		for (; go->at < go->moments.count; go->at++)
			pass_moment(times, go, &go->moments.items[go->at]);
	}
}

/* ---- as columns */

void region_families_init(struct region_families *families, struct budget *budget)
{
	family_init(&families->reasons, budget);
	family_init(&families->ranges, budget);
}

void region_families_free(struct region_families *families)
{
	family_free(&families->reasons);
	family_free(&families->ranges);
}

static void note(struct family *family, const struct region_times *times, uint32_t chain)
{
	for (; chain != INDEX_NONE; chain = times->amounts.items[chain].next)
		family_note(family, times->amounts.items[chain].name,
		            times->amounts.items[chain].ns);
}

void region_times_add_columns(const struct region_times *times, struct region_families *families,
                              struct table *table, const struct model *model)
{
	for (size_t i = 0; i < times->spent.count; i++) {
		note(&families->reasons, times, times->spent.items[i].blocks);
		note(&families->ranges, times, times->spent.items[i].ranges);
	}
	analysis_add_life_columns(table);
	family_add_columns(&families->reasons, table, model, "block_ns");
	family_add_columns(&families->ranges, table, model, "range_ns");
}

struct life region_times_life(const struct region_times *times, uint32_t region, int64_t total_ns)
{
	const struct region_spent *spent = &times->spent.items[region];
	struct life life = {
		.total_ns = total_ns,
		.exec_ns = spent->exec_ns,
		.sched_wait_ns = spent->sched_ns,
		.syscall_exec_ns = spent->syscall_exec_ns,
		.syscall_block_ns = spent->syscall_block_ns,
	};

	for (uint32_t i = spent->blocks; i != INDEX_NONE; i = times->amounts.items[i].next)
		life.block_ns += times->amounts.items[i].ns;
	analysis_fill_unknown(&life);
	return life;
}

static void add_amounts(struct table *table, struct family *family,
                        const struct region_times *times, uint32_t chain)
{
	for (; chain != INDEX_NONE; chain = times->amounts.items[chain].next)
		family_put(family, times->amounts.items[chain].name,
		           times->amounts.items[chain].ns);
	family_add_row(family, table);
}

void region_times_add_row(const struct region_times *times, uint32_t region, int64_t total_ns,
                          struct region_families *families, struct table *table)
{
	const struct region_spent *spent = &times->spent.items[region];
	struct life life = region_times_life(times, region, total_ns);

	analysis_add_life(table, &life);
	add_amounts(table, &families->reasons, times, spent->blocks);
	add_amounts(table, &families->ranges, times, spent->ranges);
}
