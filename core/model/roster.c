/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/roster.h"

/* Packed form of a block: its goroutines one after another, each a byte or two that say what there
 * is of it, then numbers as varints, small ones as they are told relative to what stands beside
 * them. They are ours, and trusted. */

enum {
	HAS_CREATED = 1,
	HAS_STARTED = 2,
	HAS_ENDED = 4,
	HAS_PARENT = 8,
	HAS_LIVE = 16,
	HAS_SYSCALLS = 32,
	HAS_BLOCKS = 64,
	HAS_RANGES = 128,
	PACKED_MAX = 14 * 10, /* bytes of one, without its amounts */
	AMOUNT_MAX = 20,
	LENGTH = 4, /* before all */
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
	*roster_edit(roster, go) = (struct goroutine){
		.id = id,
		.created_ns = TIME_UNKNOWN,
		.started_ns = TIME_UNKNOWN,
		.ended_ns = TIME_UNKNOWN,
		.parent = INDEX_NONE,
		.blocks = INDEX_NONE,
		.ranges = INDEX_NONE,
		.live = INDEX_NONE,
	};
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

struct packer {
	uint8_t *at;
};

static void put(struct packer *p, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*p->at++ = (uint8_t)(value | 0x80);
	*p->at++ = (uint8_t)value;
}

/* Small ones of either sign are short. */
static void put_signed(struct packer *p, int64_t value)
{
	put(p, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

static uint64_t take(const uint8_t **at)
{
	uint64_t value = 0;
	unsigned shift = 0;

	for (; **at >= 0x80; shift += 7)
		value |= (uint64_t)(*(*at)++ & 0x7f) << shift;
	return value | (uint64_t)(*(*at)++) << shift;
}

static int64_t take_signed(const uint8_t **at)
{
	uint64_t value = take(at);

	return (int64_t)(value >> 1 ^ -(value & 1));
}

static int64_t difference(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t sum(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

static size_t chain_length(const amount_array *amounts, uint32_t chain)
{
	size_t length = 0;

	for (; chain != INDEX_NONE; chain = amounts->items[chain].next)
		length++;
	return length;
}

static void put_amounts(struct packer *p, const amount_array *amounts, uint32_t chain)
{
	if (chain == INDEX_NONE)
		return;
	put(p, chain_length(amounts, chain));
	for (; chain != INDEX_NONE; chain = amounts->items[chain].next) {
		put(p, amounts->items[chain].name);
		put_signed(p, amounts->items[chain].ns);
	}
}

static uint8_t parts_of(const struct goroutine *g)
{
	return (uint8_t)((g->created_ns != TIME_UNKNOWN ? HAS_CREATED : 0) |
	                 (g->started_ns != TIME_UNKNOWN ? HAS_STARTED : 0) |
	                 (g->ended_ns != TIME_UNKNOWN ? HAS_ENDED : 0) |
	                 (g->parent != INDEX_NONE ? HAS_PARENT : 0) |
	                 (g->live != INDEX_NONE ? HAS_LIVE : 0) |
	                 (g->syscall_exec_ns != 0 || g->syscall_block_ns != 0 ? HAS_SYSCALLS : 0) |
	                 (g->blocks != INDEX_NONE ? HAS_BLOCKS : 0) |
	                 (g->ranges != INDEX_NONE ? HAS_RANGES : 0));
}

/* before: the one beside it, or a blank. */
static void pack_go(struct packer *p, const amount_array *amounts, const struct goroutine *g,
                    const struct goroutine *before)
{
	uint8_t parts = parts_of(g);

	*p->at++ = parts;
	put_signed(p, difference((int64_t)g->id, (int64_t)before->id));
	if (parts & HAS_CREATED)
		put_signed(p, difference(g->created_ns, before->created_ns));
	if (parts & HAS_STARTED)
		put_signed(p, difference(g->started_ns, g->created_ns));
	if (parts & HAS_ENDED)
		put_signed(p, difference(g->ended_ns, g->created_ns));
	put_signed(p, g->exec_ns);
	put_signed(p, g->sched_ns);
	if (parts & HAS_SYSCALLS) {
		put_signed(p, g->syscall_exec_ns);
		put_signed(p, g->syscall_block_ns);
	}
	if (parts & HAS_PARENT)
		put_signed(p, difference(g->parent, before->parent));
	put(p, g->name);
	if (parts & HAS_LIVE)
		put(p, g->live);
	put_amounts(p, amounts, g->blocks);
	put_amounts(p, amounts, g->ranges);
}

/* amounts NULL: they are skipped. */
static uint32_t take_amounts(const uint8_t **at, amount_array *amounts)
{
	uint64_t count = take(at);
	uint32_t first = amounts == NULL ? INDEX_NONE : (uint32_t)amounts->count;

	for (uint64_t i = 0; i < count; i++) {
		string_id name = (string_id)take(at);
		int64_t ns = take_signed(at);

		if (amounts != NULL)
			*array_push(amounts) = (struct amount){
				.ns = ns,
				.name = name,
				.next = i + 1 < count ? (uint32_t)amounts->count : INDEX_NONE,
			};
	}
	return first;
}

static void unpack_go(const uint8_t **at, amount_array *amounts, struct goroutine *g,
                      const struct goroutine *before)
{
	uint8_t parts = *(*at)++;

	*g = (struct goroutine){
		.created_ns = TIME_UNKNOWN,
		.started_ns = TIME_UNKNOWN,
		.ended_ns = TIME_UNKNOWN,
		.parent = INDEX_NONE,
		.blocks = INDEX_NONE,
		.ranges = INDEX_NONE,
		.live = INDEX_NONE,
	};
	g->id = (uint64_t)sum((int64_t)before->id, take_signed(at));
	if (parts & HAS_CREATED)
		g->created_ns = sum(before->created_ns, take_signed(at));
	if (parts & HAS_STARTED)
		g->started_ns = sum(g->created_ns, take_signed(at));
	if (parts & HAS_ENDED)
		g->ended_ns = sum(g->created_ns, take_signed(at));
	g->exec_ns = take_signed(at);
	g->sched_ns = take_signed(at);
	if (parts & HAS_SYSCALLS) {
		g->syscall_exec_ns = take_signed(at);
		g->syscall_block_ns = take_signed(at);
	}
	if (parts & HAS_PARENT)
		g->parent = (uint32_t)sum(before->parent, take_signed(at));
	g->name = (string_id)take(at);
	if (parts & HAS_LIVE)
		g->live = (uint32_t)take(at);
	if (parts & HAS_BLOCKS)
		g->blocks = take_amounts(at, amounts);
	if (parts & HAS_RANGES)
		g->ranges = take_amounts(at, amounts);
}

static const struct goroutine nobody;

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
	uint32_t count = block_size(roster, index);
	const struct goroutine *before = &nobody;
	size_t most = LENGTH + (size_t)count * PACKED_MAX;
	uint32_t len;
	struct packer p;

	for (uint32_t i = 0; i < count; i++)
		most += (chain_length(&roster->amounts, block->open[i].blocks) +
		         chain_length(&roster->amounts, block->open[i].ranges)) *
		        AMOUNT_MAX;
	array_reserve(&roster->scratch, most);
	p.at = roster->scratch.items + LENGTH;
	for (uint32_t i = 0; i < count; i++) {
		pack_go(&p, &roster->amounts, &block->open[i], before);
		before = &block->open[i];
	}
	for (uint32_t i = 0; i < count; i++) {
		drop_chain(roster, block->open[i].blocks);
		drop_chain(roster, block->open[i].ranges);
	}
	len = (uint32_t)(p.at - roster->scratch.items);
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
	const uint8_t *at = block->packed + LENGTH;
	const struct goroutine *before = &nobody;

	block->open = take_block(roster);
	for (uint32_t i = 0; i < block_size(roster, index); i++) {
		unpack_go(&at, &roster->amounts, &block->open[i], before);
		before = &block->open[i];
		note_far(roster, before->blocks);
		note_far(roster, before->ranges);
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
	const struct goroutine *before = &nobody;
	const uint8_t *at;

	if (block->open != NULL) {
		reader->has_block = false;
		return &block->open[go % ROSTER_BLOCK];
	}
	if (reader->has_block && reader->block == go / ROSTER_BLOCK)
		return &reader->gos[go % ROSTER_BLOCK];
	at = block->packed + LENGTH;
	array_clear(&reader->amounts);
	reader->block = go / ROSTER_BLOCK;
	reader->has_block = true;
	for (uint32_t i = 0; i < block_size(reader->roster, reader->block); i++) {
		unpack_go(&at, &reader->amounts, &reader->gos[i], before);
		before = &reader->gos[i];
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
	const uint8_t *at;
	struct goroutine g, before = nobody;

	if (block->open != NULL)
		return block->open[go % ROSTER_BLOCK];
	at = block->packed + LENGTH;
	for (uint32_t i = 0; i <= go % ROSTER_BLOCK; i++) {
		unpack_go(&at, NULL, &g, &before);
		before = g;
	}
	return g;
}
