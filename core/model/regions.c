/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/regions.h"

enum {
	SHARE = 6,        /* of the memory, at most; */
	SHARE_ASKED = 16, /* of what was asked for, which is short of it */
	SLOT = 16,        /* a place in a map, about */
	ROOM = 2,         /* as arrays grow */
	LARGEST = sizeof(struct long_region) + 2 * SLOT,
};

void said_init(struct said *said, struct budget *budget)
{
	*said = (struct said){ .tasks = { .budget = budget } };
	said->regions.budget = budget;
	id_pages_init(&said->task_of, budget);
	id_pages_init(&said->region_of, budget);
	id_pages_init(&said->open_of, budget);
}

void said_free(struct said *said)
{
	array_free(&said->tasks);
	array_free(&said->regions);
	id_pages_free(&said->task_of);
	id_pages_free(&said->region_of);
	id_pages_free(&said->open_of);
}

size_t said_bytes(const struct said *said)
{
	return said->tasks.capacity * sizeof(struct user_task) +
	       said->regions.capacity * sizeof(struct long_region) +
	       id_pages_bytes(&said->task_of) + id_pages_bytes(&said->region_of) +
	       id_pages_bytes(&said->open_of);
}

size_t said_most(const struct budget *budget)
{
	const struct budget *whole = budget->whole == NULL ? budget : budget->whole;

	return budget_ceiling(budget) / (whole->is_asked ? SHARE_ASKED : SHARE);
}

size_t said_room(const struct said *said)
{
	size_t bytes = said->tasks.count * (sizeof(struct user_task) + SLOT) +
	               said->regions.count * (sizeof(struct long_region) + 2 * SLOT);
	size_t most = said_most(said->tasks.budget);

	return bytes * ROOM < most ? most - bytes * ROOM : 0;
}

static bool is_sure(const struct said *said)
{
	return said->tasks.count + said->regions.count < said->sure;
}

/* One that is added. It is counted now and then, as budgets hardly change. */
static bool has_room(struct said *said)
{
	if (is_sure(said))
		return true;
	if (said_room(said) > 0) {
		said->sure = said->tasks.count + said->regions.count +
		             said_room(said) / (LARGEST * ROOM);
		return true;
	}
	said->unkept++;
	return false;
}

/* ---- tasks */

static struct user_task *find_task(struct said *said, uint64_t id)
{
	uint32_t at = id_pages_find(&said->task_of, id);

	return at == ID_NONE ? NULL : &said->tasks.items[at];
}

/* One that is not kept counts for its begin and for its end. */
static void add_task(struct said *said, const struct user_task *task)
{
	if (!has_room(said)) {
		said->unkept += task->begin_ns != TIME_UNKNOWN && task->end_ns != TIME_UNKNOWN;
		return;
	}
	id_pages_set(&said->task_of, task->id, (uint32_t)said->tasks.count);
	*array_push(&said->tasks) = *task;
}

static void end_task(struct user_task *task, int64_t end_ns, uint32_t go)
{
	if (task->end_ns != TIME_UNKNOWN && task->end_ns > end_ns)
		return;
	task->end_ns = end_ns;
	task->end_go = go;
}

/* A new one, as most are, is looked for once. */
static uint32_t place_task(struct said *said, uint64_t id, uint32_t fresh)
{
	return is_sure(said) ? id_pages_add(&said->task_of, id, fresh)
	                     : id_pages_find(&said->task_of, id);
}

void said_task_begins(struct said *said, const struct user_task *task)
{
	uint32_t fresh = (uint32_t)said->tasks.count, at = place_task(said, task->id, fresh);
	struct user_task *known;

	if (at == fresh) {
		*array_push(&said->tasks) = *task;
		return;
	}
	known = at == ID_NONE ? NULL : &said->tasks.items[at];
	if (known == NULL || known->begin_ns != TIME_UNKNOWN) {
		add_task(said, task);
		return;
	}
	known->parent = task->parent;
	known->begin_ns = task->begin_ns;
	known->go = task->go;
	known->name = task->name;
	known->stack = task->stack;
	if (task->end_ns != TIME_UNKNOWN)
		end_task(known, task->end_ns, task->end_go);
}

void said_task_ends(struct said *said, uint64_t id, int64_t end_ns, uint32_t go)
{
	struct user_task *task = find_task(said, id);

	if (task != NULL)
		end_task(task, end_ns, go);
	else
		add_task(said, &(struct user_task){ .id = id,
		                                    .begin_ns = TIME_UNKNOWN,
		                                    .end_ns = end_ns,
		                                    .go = INDEX_NONE,
		                                    .end_go = go });
}

/* ---- regions */

static struct long_region *add_region(struct said *said, const struct long_region *region)
{
	uint32_t fresh = (uint32_t)said->regions.count;
	struct long_region *added;

	if (!has_room(said))
		return NULL;
	added = array_push(&said->regions);
	*added = *region;
	added->before = id_pages_find(&said->region_of, region->go);
	id_pages_set(&said->region_of, region->go, fresh);
	return added;
}

/* Numbers in maps are not INDEX_NONE: one more than they are. */
static uint32_t find_open(const struct said *said, uint32_t go)
{
	uint32_t at = id_pages_find(&said->open_of, go);

	return at == ID_NONE ? INDEX_NONE : at - 1;
}

static void set_open(struct said *said, uint32_t go, uint32_t region)
{
	id_pages_set(&said->open_of, go, region + 1);
}

void said_region_begins(struct said *said, const struct long_region *region)
{
	struct long_region *added = add_region(said, region);

	if (added == NULL)
		return;
	added->outer = find_open(said, region->go);
	set_open(said, region->go, (uint32_t)(added - said->regions.items));
}

void said_region_ends(struct said *said, const struct long_region *end)
{
	uint32_t open = find_open(said, end->go);
	struct long_region *region;

	if (said->unkept > 0)
		return; /* it may be the end of one that is not kept */
	if (open == INDEX_NONE) {
		add_region(said, end);
		return;
	}
	region = &said->regions.items[open];
	region->end_ns = end->end_ns;
	region->stacks[1] = end->stacks[1];
	set_open(said, end->go, region->outer);
}

void said_go_ends(struct said *said, uint32_t go, int64_t end_ns)
{
	uint32_t open = find_open(said, go);

	if (open == INDEX_NONE)
		return;
	for (; open != INDEX_NONE; open = said->regions.items[open].outer) {
		said->regions.items[open].end_ns = end_ns;
		said->regions.items[open].ends_with_go = true;
	}
	set_open(said, go, INDEX_NONE);
}
