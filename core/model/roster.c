/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/roster.h"

enum {
	LENGTH = 4, /* of a packed block, before all */
	NEAR = 16,  /* amounts: most have few; of more, those behind are found by their names */
};

void roster_init(struct roster *roster, struct budget *budget)
{
	*roster = (struct roster){ .budget = budget, .free_amount = INDEX_NONE };
	roster->blocks.budget = roster->living.budget = roster->spares.budget = budget;
	roster->quiet.budget = roster->amounts.budget = roster->scratch.budget = budget;
	roster->amount_of.budget = budget;
}

static void free_block(struct roster *roster, struct goroutine *open)
{
	budget_resize(roster->budget, open, ROSTER_BLOCK * sizeof(*open), 0);
}

static void free_packed(struct roster *roster, struct roster_block *block)
{
	uint32_t len;

	memcpy(&len, block->packed, LENGTH);
	block->packed = budget_resize(roster->budget, block->packed, len, 0);
}

void roster_free(struct roster *roster)
{
	for (size_t i = 0; i < roster->blocks.count; i++)
		if (roster->blocks.items[i].open != NULL)
			free_block(roster, roster->blocks.items[i].open);
		else
			free_packed(roster, &roster->blocks.items[i]);
	for (size_t i = 0; i < roster->spares.count; i++)
		free_block(roster, roster->spares.items[i]);
	array_free(&roster->blocks);
	array_free(&roster->living);
	array_free(&roster->spares);
	array_free(&roster->quiet);
	array_free(&roster->amounts);
	array_free(&roster->scratch);
	id_map_free(&roster->amount_of);
	roster->count = 0;
}

/* ---- those that change */

static struct goroutine *take_block(struct roster *roster)
{
	if (roster->spares.count > 0)
		return roster->spares.items[--roster->spares.count];
	return budget_resize(roster->budget, NULL, 0, ROSTER_BLOCK * sizeof(struct goroutine));
}

uint32_t roster_add(struct roster *roster, uint64_t id)
{
	uint32_t go = roster->count++;

	if (go % ROSTER_BLOCK == 0) {
		*array_push(&roster->blocks) = (struct roster_block){ .open = take_block(roster) };
		*array_push(&roster->living) = 0;
	}
	if (go % ROSTER_BLOCK == ROSTER_BLOCK - 1)
		*array_push(&roster->quiet) = go / ROSTER_BLOCK;
	*roster_edit(roster, go) = goroutine_new(id);
	return go;
}

static uint32_t block_size(const struct roster *roster, uint32_t block)
{
	uint32_t left = roster->count - block * ROSTER_BLOCK;

	return left < ROSTER_BLOCK ? left : ROSTER_BLOCK;
}

static uint32_t new_amount(struct roster *roster, string_id name, uint32_t next)
{
	uint32_t at = roster->free_amount;

	if (at == INDEX_NONE) {
		at = (uint32_t)roster->amounts.count;
		array_push(&roster->amounts);
	} else {
		roster->free_amount = roster->amounts.items[at].next;
	}
	roster->amounts.items[at] = (struct amount){ .name = name, .next = next };
	return at;
}

static uint64_t far_key(uint32_t head, string_id name)
{
	return (uint64_t)head << 32 | name;
}

/* Of a chain that is full near its head, whose last near one is given: new ones come behind that.
 */
static uint32_t find_far(struct roster *roster, uint32_t head, uint32_t last, string_id name)
{
	uint32_t at = id_map_find(&roster->amount_of, far_key(head, name));

	if (at != ID_NONE)
		return at;
	at = new_amount(roster, name, roster->amounts.items[last].next);
	roster->amounts.items[last].next = at;
	id_map_set(&roster->amount_of, far_key(head, name), at);
	return at;
}

void roster_add_amount(struct roster *roster, uint32_t *chain, string_id name, int64_t ns)
{
	uint32_t at = *chain, last = INDEX_NONE;
	unsigned count = 0;

	for (; at != INDEX_NONE && roster->amounts.items[at].name != name && count < NEAR;
	     count++) {
		last = at;
		at = roster->amounts.items[at].next;
	}
	if (count == NEAR)
		at = find_far(roster, *chain, last, name);
	else if (at == INDEX_NONE)
		at = *chain = new_amount(roster, name, *chain);
	roster->amounts.items[at].ns += ns;
}

uint32_t roster_live(const struct roster *roster, uint32_t go)
{
	const struct roster_block *block = &roster->blocks.items[go / ROSTER_BLOCK];

	if (block->open != NULL)
		return block->open[go % ROSTER_BLOCK].live;
	return roster->living.items[go / ROSTER_BLOCK] == 0 ? INDEX_NONE
	                                                    : roster_brief(roster, go).live;
}

void roster_set_live(struct roster *roster, uint32_t go, uint32_t live)
{
	uint32_t block = go / ROSTER_BLOCK;
	struct goroutine *g = roster_edit(roster, go);

	roster->living.items[block] = (uint8_t)(roster->living.items[block] + (live != INDEX_NONE) -
	                                        (g->live != INDEX_NONE));
	g->live = live;
	if (live == INDEX_NONE && roster->living.items[block] == 0)
		*array_push(&roster->quiet) = block;
}

/* ---- packing */

static void drop_chain(struct roster *roster, uint32_t chain)
{
	uint32_t last = chain;

	if (chain == INDEX_NONE)
		return;
	while (roster->amounts.items[last].next != INDEX_NONE)
		last = roster->amounts.items[last].next;
	roster->amounts.items[last].next = roster->free_amount;
	roster->free_amount = chain;
}

static void pack_block(struct roster *roster, uint32_t index)
{
	struct roster_block *block = &roster->blocks.items[index];
	uint32_t count = block_size(roster, index), len;

	array_reserve(&roster->scratch,
	              LENGTH + goroutines_bound(block->open, count, &roster->amounts));
	len = LENGTH + (uint32_t)goroutines_pack(roster->scratch.items + LENGTH, block->open, count,
	                                         &roster->amounts);
	for (uint32_t i = 0; i < count; i++) {
		drop_chain(roster, block->open[i].blocks);
		drop_chain(roster, block->open[i].ranges);
	}
	block->packed = budget_resize(roster->budget, NULL, 0, len);
	memcpy(roster->scratch.items, &len, LENGTH);
	memcpy(block->packed, roster->scratch.items, len);
	*array_push(&roster->spares) = block->open;
	block->open = NULL;
}

static bool has_long_chain(const struct roster *roster, uint32_t chain)
{
	unsigned count = 0;

	for (; chain != INDEX_NONE && count <= NEAR; count++)
		chain = roster->amounts.items[chain].next;
	return count > NEAR;
}

/* Whether all its goroutines are there, and none of them does anything. Long chains are few, and
 * costly to pack again and again: they wait for the end. */
static bool is_over(const struct roster *roster, uint32_t block)
{
	const struct goroutine *open = roster->blocks.items[block].open;

	if (open == NULL || roster->living.items[block] > 0 ||
	    block_size(roster, block) < ROSTER_BLOCK)
		return false;
	for (int i = 0; i < ROSTER_BLOCK; i++)
		if (open[i].created_ns == TIME_UNKNOWN || has_long_chain(roster, open[i].blocks) ||
		    has_long_chain(roster, open[i].ranges))
			return false;
	return true;
}

void roster_settle(struct roster *roster)
{
	uint32_t last = (uint32_t)roster->blocks.count - 1;

	if (roster->count % ROSTER_BLOCK == 0 && is_over(roster, last))
		pack_block(roster, last);
}

void roster_pack(struct roster *roster, bool all)
{
	if (!all) {
		for (size_t i = 0; i < roster->quiet.count; i++)
			if (is_over(roster, roster->quiet.items[i]))
				pack_block(roster, roster->quiet.items[i]);
		array_clear(&roster->quiet);
		return;
	}
	for (uint32_t i = 0; i < roster->blocks.count; i++)
		if (roster->blocks.items[i].open != NULL)
			pack_block(roster, i);
	for (size_t i = 0; i < roster->spares.count; i++)
		free_block(roster, roster->spares.items[i]);
	array_free(&roster->spares);
	array_free(&roster->quiet);
	array_free(&roster->amounts);
	array_free(&roster->scratch);
	id_map_free(&roster->amount_of);
	array_trim(&roster->blocks);
	array_trim(&roster->living);
	roster->free_amount = INDEX_NONE;
}

/* ---- unpacking */

static void note_far(struct roster *roster, uint32_t chain)
{
	uint32_t count = 0;

	for (uint32_t at = chain; at != INDEX_NONE; at = roster->amounts.items[at].next)
		if (count++ >= NEAR)
			id_map_set(&roster->amount_of,
			           far_key(chain, roster->amounts.items[at].name), at);
}

/* Into the roster's own amounts, for going on. */
static void reopen(struct roster *roster, uint32_t index)
{
	struct roster_block *block = &roster->blocks.items[index];
	uint32_t count = block_size(roster, index);

	block->open = take_block(roster);
	goroutines_unpack(block->packed + LENGTH, block->open, count, &roster->amounts);
	for (uint32_t i = 0; i < count; i++) {
		note_far(roster, block->open[i].blocks);
		note_far(roster, block->open[i].ranges);
	}
	free_packed(roster, block);
	*array_push(&roster->quiet) = index;
}

struct goroutine *roster_edit(struct roster *roster, uint32_t go)
{
	struct roster_block *block = &roster->blocks.items[go / ROSTER_BLOCK];

	if (block->open == NULL)
		reopen(roster, go / ROSTER_BLOCK);
	return &block->open[go % ROSTER_BLOCK];
}

void roster_reader_init(struct roster_reader *reader, const struct roster *roster)
{
	reader->roster = roster;
	reader->has_block = false;
	reader->amounts.items = NULL;
	reader->amounts.count = reader->amounts.capacity = 0;
	reader->amounts.budget = roster->budget;
}

void roster_reader_free(struct roster_reader *reader)
{
	array_free(&reader->amounts);
}

const struct goroutine *roster_read(struct roster_reader *reader, uint32_t go)
{
	const struct roster_block *block = &reader->roster->blocks.items[go / ROSTER_BLOCK];
	bool is_there = reader->has_block && reader->block == go / ROSTER_BLOCK;

	reader->has_block = block->open == NULL;
	if (block->open != NULL)
		return &block->open[go % ROSTER_BLOCK];
	reader->block = go / ROSTER_BLOCK;
	if (!is_there) {
		array_clear(&reader->amounts);
		goroutines_unpack(block->packed + LENGTH, reader->gos,
		                  block_size(reader->roster, reader->block), &reader->amounts);
	}
	return &reader->gos[go % ROSTER_BLOCK];
}

const struct amount *roster_amount(const struct roster_reader *reader, uint32_t index)
{
	return reader->has_block ? &reader->amounts.items[index]
	                         : &reader->roster->amounts.items[index];
}

struct goroutine roster_brief(const struct roster *roster, uint32_t go)
{
	const struct roster_block *block = &roster->blocks.items[go / ROSTER_BLOCK];
	struct goroutine gos[ROSTER_BLOCK];

	if (block->open != NULL)
		return block->open[go % ROSTER_BLOCK];
	goroutines_unpack(block->packed + LENGTH, gos, go % ROSTER_BLOCK + 1, NULL);
	return gos[go % ROSTER_BLOCK];
}
