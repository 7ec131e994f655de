/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/place.h"

#include <stdlib.h>

void place_init(struct placement *place, struct budget *budget)
{
	*place = (struct placement){ .slots = { .budget = budget } };
	place->tenure_slots.budget = place->mark_order.budget = budget;
	place->keys.budget = place->room.budget = budget;
}

void place_free(struct placement *place)
{
	array_free(&place->slots);
	array_free(&place->tenure_slots);
	array_free(&place->mark_order);
	array_free(&place->keys);
	array_free(&place->room);
}

static bool is_sparse(uint32_t count, uint32_t max_seq)
{
	return max_seq / 2 > count + 8;
}

/* ---- ranks for numbers that are too far apart */

struct ranked {
	uint32_t owner, seq;
	uint32_t *where; /* that holds it; NULL for a wake-up */
	struct wake *wake;
};

static int ranked_order(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->owner != y->owner)
		return x->owner < y->owner ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

typedef ARRAY(struct ranked) ranked_array;

/* Replaces the numbers of each owner by 0, 1, 2 ...; those of slot 0 stay. */
static void rank(ranked_array *all, struct walk *walk)
{
	uint32_t next = 0;

	if (all->count > 1)
		qsort(all->items, all->count, sizeof(all->items[0]), ranked_order);
	for (size_t i = 0; i < all->count; i++) {
		struct ranked *r = &all->items[i];
		bool same = i > 0 && r[-1].owner == r->owner;

		if (!same)
			next = r->seq == 0 ? 0 : 1;
		else if (r->seq != r[-1].seq)
			next++;
		if (r->where != NULL)
			*r->where = next;
		else
			r->wake->seq = next & SEQ_MAX;
		walk->gos.items[r->owner].max_seq = next;
	}
	array_free(all);
}

static void rank_goroutines(struct walk *walk)
{
	ranked_array sparse = { .budget = walk->budget };

	for (size_t i = 0; i < walk->runs.count; i++) {
		struct run *run = &walk->runs.items[i];
		const struct local_go *go;

		if (run->open == RUN_HEAD)
			continue;
		go = &walk->gos.items[run->g];
		if (is_sparse(go->count, go->max_seq))
			*array_push(&sparse) = (struct ranked){ run->g, run->seq, &run->seq, NULL };
	}
	for (size_t i = 0; i < walk->wakes.count; i++) {
		struct wake *wake = &walk->wakes.items[i];
		const struct local_go *go = &walk->gos.items[wake->g];

		if (is_sparse(go->count, go->max_seq))
			*array_push(&sparse) = (struct ranked){ wake->g, wake->seq, NULL, wake };
	}
	rank(&sparse, walk);
}

/* ---- goroutines */

static bool is_creation(const struct walk *walk, uint32_t what)
{
	unsigned kind;

	if (!(what & SLOT_WAKE))
		return walk->runs.items[what].open == RUN_CREATE_SYSCALL;
	kind = walk->wakes.items[what & ~SLOT_WAKE].kind;
	return kind == WAKE_CREATE || kind == WAKE_CREATE_BLOCKED;
}

/* The first record of a slot stays, but a creation takes slot 0 from a status. */
static void fill(struct placement *place, const struct walk *walk, uint32_t g, uint32_t seq,
                 uint32_t what)
{
	uint32_t *slot = &place->slots.items[walk->gos.items[g].first_slot + seq];

	if (*slot == INDEX_NONE) {
		*slot = what;
		return;
	}
	place->dropped++;
	if (seq == 0 && is_creation(walk, what) && !is_creation(walk, *slot))
		*slot = what;
}

void place_goroutines(struct placement *place, struct walk *walk)
{
	bool sparse = false;
	uint32_t next = 0;

	for (size_t g = 0; g < walk->gos.count && !sparse; g++)
		sparse = is_sparse(walk->gos.items[g].count, walk->gos.items[g].max_seq);
	if (sparse)
		rank_goroutines(walk);
	for (size_t g = 0; g < walk->gos.count; g++) {
		walk->gos.items[g].first_slot = next;
		next += walk->gos.items[g].max_seq + 1;
	}
	array_clear(&place->slots);
	array_resize(&place->slots, next);
	if (next > 0)
		memset(place->slots.items, 0xff, next * sizeof(place->slots.items[0]));
	place->dropped = 0;
	for (size_t i = 0; i < walk->runs.count; i++)
		if (walk->runs.items[i].open != RUN_HEAD)
			fill(place, walk, walk->runs.items[i].g, walk->runs.items[i].seq,
			     (uint32_t)i);
	for (size_t i = 0; i < walk->wakes.count; i++)
		fill(place, walk, walk->wakes.items[i].g, walk->wakes.items[i].seq,
		     (uint32_t)i | SLOT_WAKE);
}

/* ---- Ps */

void place_procs(struct placement *place, struct walk *walk)
{
	struct local_proc *procs = walk->procs.items;
	uint32_t next = 0;

	/* by number, then, as the sort is stable, by P: few, as syscalls that return are forgotten
	 */
	array_clear(&place->keys);
	for (size_t i = 0; i < walk->tenures.count; i++)
		*array_push(&place->keys) = (uint64_t)walk->tenures.items[i].seq << 32 | i;
	radix_sort(&place->keys, &place->room, 32, 28);
	for (size_t p = 0; p < walk->procs.count; p++) {
		procs[p].first_slot = next;
		next += procs[p].count;
		procs[p].count = 0;
	}
	array_resize(&place->tenure_slots, next);
	for (size_t i = 0; i < place->keys.count; i++) {
		uint32_t tenure = (uint32_t)place->keys.items[i];
		struct local_proc *proc = &procs[walk->tenures.items[tenure].proc];

		place->tenure_slots.items[proc->first_slot + proc->count++] = tenure;
	}
}

/* ---- marks: few, so they are sorted */

struct mark_key {
	uint32_t g, seq, index;
};

static int mark_order(const void *a, const void *b)
{
	const struct mark_key *x = a, *y = b;

	if (x->g != y->g)
		return x->g < y->g ? -1 : 1;
	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

void place_marks(struct placement *place, const struct walk *walk)
{
	ARRAY(struct mark_key) keys = { .budget = walk->budget };

	for (uint32_t i = 0; i < walk->marks.count; i++)
		*array_push(&keys) =
			(struct mark_key){ walk->marks.items[i].g, walk->marks.items[i].seq, i };
	if (keys.count > 1)
		qsort(keys.items, keys.count, sizeof(keys.items[0]), mark_order);
	array_resize(&place->mark_order, keys.count);
	for (size_t i = 0; i < keys.count; i++)
		place->mark_order.items[i] = keys.items[i].index;
	array_free(&keys);
}
