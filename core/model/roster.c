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
	roster->blocks.budget = roster->states.budget = roster->spares.budget = budget;
	roster->quiet.budget = roster->amounts.budget = roster->scratch.budget = budget;
	roster->over.budget = roster->briefs.budget = roster->amount_of.budget = budget;
	roster->brief_names.names.budget = roster->brief_names.place_of.budget = budget;
}

static void free_block(struct roster *roster, struct goroutine *open)
{
	budget_resize(roster->budget, open, ROSTER_BLOCK * sizeof(*open), 0);
}

static void free_packed(struct roster *roster, uint8_t *packed)
{
	uint32_t len;

	memcpy(&len, packed, LENGTH);
	roster->packed -= len;
	budget_resize(roster->budget, packed, len, 0);
}

static enum roster_form form_of(const struct roster *roster, uint32_t block)
{
	return (enum roster_form)roster->states.items[block].form;
}

static void set_form(struct roster *roster, uint32_t block, enum roster_form form)
{
	roster->states.items[block].form = (uint8_t)(form & 3);
}

void roster_free(struct roster *roster)
{
	for (uint32_t i = 0; i < roster->blocks.count; i++)
		switch (form_of(roster, i)) {
		case ROSTER_OPEN:
			free_block(roster, roster->blocks.items[i].open);
			break;
		case ROSTER_PACKED:
			free_packed(roster, roster->blocks.items[i].packed);
			break;
		case ROSTER_BRIEF:
			break;
		}
	for (size_t i = 0; i < roster->spares.count; i++)
		free_block(roster, roster->spares.items[i]);
	array_free(&roster->blocks);
	array_free(&roster->states);
	array_free(&roster->spares);
	array_free(&roster->quiet);
	array_free(&roster->over);
	array_free(&roster->briefs);
	array_free(&roster->brief_names.names);
	id_map_free(&roster->brief_names.place_of);
	array_free(&roster->amounts);
	array_free(&roster->scratch);
	id_map_free(&roster->amount_of);
	roster->count = 0;
}

size_t roster_bytes(const struct roster *roster)
{
	return roster->blocks.capacity * sizeof(*roster->blocks.items) +
	       roster->states.capacity * sizeof(*roster->states.items) + roster->packed +
	       (roster->open + roster->spares.count) * ROSTER_BLOCK * sizeof(struct goroutine) +
	       (roster->quiet.capacity + roster->over.capacity) * sizeof(uint32_t) +
	       roster->briefs.capacity + roster->scratch.capacity +
	       roster->brief_names.names.capacity * sizeof(string_id) +
	       id_map_bytes(&roster->brief_names.place_of) +
	       roster->amounts.capacity * sizeof(struct amount) + id_map_bytes(&roster->amount_of);
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
	uint32_t go = roster->count;

	if (go % ROSTER_BLOCK == 0) {
		*array_push(&roster->blocks) = (union roster_block){ .open = take_block(roster) };
		*array_push(&roster->states) = (struct roster_state){ .form = ROSTER_OPEN };
		roster->open++;
	}
	if (go % ROSTER_BLOCK == ROSTER_BLOCK - 1)
		*array_push(&roster->quiet) = go / ROSTER_BLOCK;
	*roster_edit(roster, go) = goroutine_new(id); /* a block that was packed had fewer */
	roster->count++;
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
	roster->amounts_used++;
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
	uint32_t block = go / ROSTER_BLOCK;

	if (form_of(roster, block) == ROSTER_OPEN)
		return roster->blocks.items[block].open[go % ROSTER_BLOCK].live;
	return roster->states.items[block].living == 0 ? INDEX_NONE : roster_brief(roster, go).live;
}

void roster_set_live(struct roster *roster, uint32_t go, uint32_t live)
{
	uint32_t block = go / ROSTER_BLOCK;
	struct goroutine *g = roster_edit(roster, go);
	struct roster_state *state = &roster->states.items[block];

	state->living = (uint8_t)(state->living + (live != INDEX_NONE) - (g->live != INDEX_NONE));
	g->live = live;
	if (live == INDEX_NONE && state->living == 0)
		*array_push(&roster->quiet) = block;
}

/* ---- packing */

static void drop_chain(struct roster *roster, uint32_t chain)
{
	uint32_t last = chain;

	if (chain == INDEX_NONE)
		return;
	for (roster->amounts_used--; roster->amounts.items[last].next != INDEX_NONE;
	     roster->amounts_used--)
		last = roster->amounts.items[last].next;
	roster->amounts.items[last].next = roster->free_amount;
	roster->free_amount = chain;
}

/* A block's goroutines, for good as far as is known. */
static void set_packed(struct roster *roster, uint32_t index, const struct goroutine *gos,
                       uint32_t count, const amount_array *amounts)
{
	uint8_t *packed;
	uint32_t len;

	array_reserve(&roster->scratch, LENGTH + goroutines_bound(gos, count, amounts));
	len = LENGTH +
	      (uint32_t)goroutines_pack(roster->scratch.items + LENGTH, gos, count, amounts);
	packed = budget_resize(roster->budget, NULL, 0, len);
	memcpy(roster->scratch.items, &len, LENGTH);
	memcpy(packed, roster->scratch.items, len);
	roster->packed += len;
	roster->blocks.items[index].packed = packed;
	set_form(roster, index, ROSTER_PACKED);
	if (!roster->states.items[index].is_listed)
		*array_push(&roster->over) = index;
	roster->states.items[index].is_listed = true;
}

static void pack_block(struct roster *roster, uint32_t index)
{
	struct goroutine *open = roster->blocks.items[index].open;
	uint32_t count = block_size(roster, index);

	set_packed(roster, index, open, count, &roster->amounts);
	for (uint32_t i = 0; i < count; i++) {
		drop_chain(roster, open[i].blocks);
		drop_chain(roster, open[i].ranges);
	}
	*array_push(&roster->spares) = open;
	roster->open--;
}

uint32_t roster_add_block(struct roster *roster, const struct goroutine *gos,
                          const amount_array *amounts)
{
	uint32_t first = roster->count;

	*array_push(&roster->blocks) = (union roster_block){ .open = NULL };
	*array_push(&roster->states) = (struct roster_state){ .form = ROSTER_PACKED };
	roster->count += ROSTER_BLOCK;
	set_packed(roster, first / ROSTER_BLOCK, gos, ROSTER_BLOCK, amounts);
	return first;
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
	const struct goroutine *open;

	if (form_of(roster, block) != ROSTER_OPEN || roster->states.items[block].living > 0 ||
	    block_size(roster, block) < ROSTER_BLOCK)
		return false;
	open = roster->blocks.items[block].open;
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
		if (form_of(roster, i) == ROSTER_OPEN)
			pack_block(roster, i);
	for (size_t i = 0; i < roster->spares.count; i++)
		free_block(roster, roster->spares.items[i]);
	array_free(&roster->spares);
	array_free(&roster->quiet);
	array_free(&roster->amounts);
	array_free(&roster->scratch);
	id_map_free(&roster->amount_of);
	array_trim(&roster->briefs);
	array_trim(&roster->blocks);
	array_trim(&roster->states);
	roster->free_amount = INDEX_NONE;
	roster->amounts_used = 0;
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

static void take_brief(const struct roster *roster, uint32_t block, struct goroutine *gos,
                       uint32_t count)
{
	const struct roster *elder = roster->elder;

	if (elder == NULL) {
		goroutines_take_brief(roster->briefs.items + roster->blocks.items[block].brief, gos,
		                      count, &roster->brief_names);
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		uint32_t go = block * ROSTER_BLOCK + i;
		struct goroutine brief = goroutine_new(0);

		if (go < elder->count)
			brief = roster_brief(elder, go);
		gos[i] = goroutine_new(brief.id);
		gos[i].created_ns = 0;
		gos[i].name = brief.name;
	}
}

/* Into the roster's own amounts, for going on. */
static void reopen(struct roster *roster, uint32_t index)
{
	union roster_block *block = &roster->blocks.items[index];
	struct goroutine *open = take_block(roster);
	uint32_t count = block_size(roster, index);

	if (form_of(roster, index) == ROSTER_BRIEF) {
		take_brief(roster, index, open, count);
		roster->forgotten -= count;
		roster->is_torn = true;
	} else {
		size_t before = roster->amounts.count;

		goroutines_unpack(block->packed + LENGTH, open, count, &roster->amounts);
		roster->amounts_used += roster->amounts.count - before;
		for (uint32_t i = 0; i < count; i++) {
			note_far(roster, open[i].blocks);
			note_far(roster, open[i].ranges);
		}
		free_packed(roster, block->packed);
	}
	block->open = open;
	roster->open++;
	set_form(roster, index, ROSTER_OPEN);
	*array_push(&roster->quiet) = index;
}

struct goroutine *roster_edit(struct roster *roster, uint32_t go)
{
	if (form_of(roster, go / ROSTER_BLOCK) != ROSTER_OPEN)
		reopen(roster, go / ROSTER_BLOCK);
	return &roster->blocks.items[go / ROSTER_BLOCK].open[go % ROSTER_BLOCK];
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

/* count of a block that is not open. */
static void unpack(const struct roster *roster, uint32_t block, struct goroutine *gos,
                   uint32_t count, amount_array *amounts)
{
	if (form_of(roster, block) == ROSTER_BRIEF)
		take_brief(roster, block, gos, count);
	else
		goroutines_unpack(roster->blocks.items[block].packed + LENGTH, gos, count, amounts);
}

const struct goroutine *roster_read(struct roster_reader *reader, uint32_t go)
{
	uint32_t block = go / ROSTER_BLOCK;
	bool is_there = reader->has_block && reader->block == block;

	reader->has_block = form_of(reader->roster, block) != ROSTER_OPEN;
	if (!reader->has_block)
		return &reader->roster->blocks.items[block].open[go % ROSTER_BLOCK];
	reader->block = block;
	if (!is_there) {
		array_clear(&reader->amounts);
		unpack(reader->roster, block, reader->gos, block_size(reader->roster, block),
		       &reader->amounts);
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
	uint32_t block = go / ROSTER_BLOCK;
	struct goroutine gos[ROSTER_BLOCK];

	if (form_of(roster, block) == ROSTER_OPEN)
		return roster->blocks.items[block].open[go % ROSTER_BLOCK];
	unpack(roster, block, gos, go % ROSTER_BLOCK + 1, NULL);
	return gos[go % ROSTER_BLOCK];
}

/* ---- forgetting */

static void forget_block(struct roster *roster, struct roster_reader *reader, uint32_t index,
                         const struct roster_listener *listener)
{
	union roster_block *block = &roster->blocks.items[index];
	uint32_t count = block_size(roster, index), first = index * ROSTER_BLOCK;
	size_t at = roster->briefs.count;

	for (uint32_t i = 0; i < count && listener != NULL; i++)
		listener->tell(listener->context, reader, first + i,
		               roster_read(reader, first + i));
	if (roster->elder == NULL) {
		roster_read(reader, first);
		array_reserve(&roster->briefs, at + goroutines_brief_bound(count));
		roster->briefs.count +=
			goroutines_put_brief(roster->briefs.items + at, reader->gos, count,
			                     &roster->brief_names);
	}
	free_packed(roster, block->packed);
	block->brief = at;
	set_form(roster, index, ROSTER_BRIEF);
	roster->forgotten += count;
}

void roster_age(struct roster *roster)
{
	roster->old = roster->over.count;
}

void roster_forget(struct roster *roster, const struct roster_listener *listener)
{
	struct roster_reader reader;

	roster_reader_init(&reader, roster);
	for (size_t i = 0; i < roster->old; i++) {
		uint32_t index = roster->over.items[i];

		roster->states.items[index].is_listed = false;
		if (form_of(roster, index) == ROSTER_PACKED &&
		    roster->states.items[index].living == 0)
			forget_block(roster, &reader, index, listener);
	}
	roster_reader_free(&reader);
	for (size_t i = roster->old; i < roster->over.count; i++)
		roster->over.items[i - roster->old] = roster->over.items[i];
	roster->over.count -= roster->old;
	roster->old = 0;
}
