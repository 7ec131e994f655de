/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/goroutine.h"

/* Packed form: goroutines one after another, each a byte that says what there is of it, then
 * numbers as varints, small ones as they are told relative to what stands beside them. Behind the
 * last one the amounts of all: those may be very many, and mostly nobody asks for them. */

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
};

struct goroutine goroutine_new(uint64_t id)
{
	return (struct goroutine){
		.id = id,
		.created_ns = TIME_UNKNOWN,
		.started_ns = TIME_UNKNOWN,
		.ended_ns = TIME_UNKNOWN,
		.parent = INDEX_NONE,
		.blocks = INDEX_NONE,
		.ranges = INDEX_NONE,
		.live = INDEX_NONE,
	};
}

/* ---- packing */

/* Each returns where the next goes: a place behind a pointer would be read again at each byte. */
static uint8_t *put(uint8_t *at, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at++ = (uint8_t)value;
	return at;
}

/* Small ones of either sign are short. */
static uint8_t *put_signed(uint8_t *at, int64_t value)
{
	return put(at, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
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

static uint8_t *put_amounts(uint8_t *at, const amount_array *amounts, uint32_t chain)
{
	if (chain == INDEX_NONE)
		return at;
	at = put(at, chain_length(amounts, chain));
	for (; chain != INDEX_NONE; chain = amounts->items[chain].next) {
		at = put(at, amounts->items[chain].name);
		at = put_signed(at, amounts->items[chain].ns);
	}
	return at;
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
static uint8_t *pack_go(uint8_t *at, const struct goroutine *g, const struct goroutine *before)
{
	uint8_t parts = parts_of(g);

	*at++ = parts;
	at = put_signed(at, difference((int64_t)g->id, (int64_t)before->id));
	if (parts & HAS_CREATED)
		at = put_signed(at, difference(g->created_ns, before->created_ns));
	if (parts & HAS_STARTED)
		at = put_signed(at, difference(g->started_ns, g->created_ns));
	if (parts & HAS_ENDED)
		at = put_signed(at, difference(g->ended_ns, g->created_ns));
	at = put_signed(at, g->exec_ns);
	at = put_signed(at, g->sched_ns);
	if (parts & HAS_SYSCALLS) {
		at = put_signed(at, g->syscall_exec_ns);
		at = put_signed(at, g->syscall_block_ns);
	}
	if (parts & HAS_PARENT)
		at = put_signed(at, difference(g->parent, before->parent));
	at = put(at, g->name);
	if (parts & HAS_LIVE)
		at = put(at, g->live);
	return at;
}

/* ---- unpacking */

/* amounts NULL: nobody wants them. */
static void take_amounts(const uint8_t **at, amount_array *amounts, uint32_t *chain)
{
	uint64_t count;

	if (*chain == INDEX_NONE)
		return;
	*chain = INDEX_NONE;
	if (amounts == NULL)
		return;
	*chain = (uint32_t)amounts->count;
	count = take(at);
	for (uint64_t i = 0; i < count; i++) {
		string_id name = (string_id)take(at);
		int64_t ns = take_signed(at);

		*array_push(amounts) = (struct amount){
			.ns = ns,
			.name = name,
			.next = i + 1 < count ? (uint32_t)amounts->count : INDEX_NONE,
		};
	}
}

/* A chain that it has is not INDEX_NONE, and not known yet. */
static void unpack_go(const uint8_t **at, struct goroutine *g, const struct goroutine *before)
{
	uint8_t parts = *(*at)++;

	*g = goroutine_new((uint64_t)sum((int64_t)before->id, take_signed(at)));
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
	g->blocks = parts & HAS_BLOCKS ? 0 : INDEX_NONE;
	g->ranges = parts & HAS_RANGES ? 0 : INDEX_NONE;
}

/* Whom the first one stands beside. */
static const struct goroutine nobody;

size_t goroutines_bound(const struct goroutine *gos, uint32_t count, const amount_array *amounts)
{
	size_t most = (size_t)count * PACKED_MAX;

	for (uint32_t i = 0; i < count; i++)
		most += (chain_length(amounts, gos[i].blocks) +
		         chain_length(amounts, gos[i].ranges)) *
		        AMOUNT_MAX;
	return most;
}

size_t goroutines_pack(uint8_t *out, const struct goroutine *gos, uint32_t count,
                       const amount_array *amounts)
{
	const struct goroutine *before = &nobody;
	uint8_t *at = out;

	for (uint32_t i = 0; i < count; i++) {
		at = pack_go(at, &gos[i], before);
		before = &gos[i];
	}
	for (uint32_t i = 0; i < count; i++) {
		at = put_amounts(at, amounts, gos[i].blocks);
		at = put_amounts(at, amounts, gos[i].ranges);
	}
	return (size_t)(at - out);
}

void goroutines_unpack(const uint8_t *in, struct goroutine *gos, uint32_t count,
                       amount_array *amounts)
{
	const struct goroutine *before = &nobody;

	for (uint32_t i = 0; i < count; i++) {
		unpack_go(&in, &gos[i], before);
		before = &gos[i];
	}
	for (uint32_t i = 0; i < count; i++) {
		take_amounts(&in, amounts, &gos[i].blocks);
		take_amounts(&in, amounts, &gos[i].ranges);
	}
}

/* ---- briefs: the place of the name, or behind all places the name, and a bit that tells whether
 * the id is not the next one; then that difference follows */

enum { BRIEF_MAX = 10 + 5 };

size_t goroutines_brief_bound(uint32_t count)
{
	return (size_t)count * BRIEF_MAX;
}

static uint64_t code_of(struct brief_names *names, string_id name)
{
	uint32_t fresh = (uint32_t)names->names.count;
	uint32_t place = fresh < BRIEF_NAMES ? id_map_add(&names->place_of, name, fresh)
	                                     : id_map_find(&names->place_of, name);

	if (place == ID_NONE)
		return (uint64_t)BRIEF_NAMES + name;
	if (place == fresh)
		*array_push(&names->names) = name;
	return place;
}

size_t goroutines_put_brief(uint8_t *out, const struct goroutine *gos, uint32_t count,
                            struct brief_names *names)
{
	const struct goroutine *before = &nobody;
	uint8_t *at = out;

	for (uint32_t i = 0; i < count; i++) {
		int64_t more = difference((int64_t)gos[i].id, (int64_t)before->id);

		at = put(at, code_of(names, gos[i].name) << 1 | (more != 1));
		if (more != 1)
			at = put_signed(at, more);
		before = &gos[i];
	}
	return (size_t)(at - out);
}

void goroutines_take_brief(const uint8_t *in, struct goroutine *gos, uint32_t count,
                           const struct brief_names *names)
{
	uint64_t id = nobody.id;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t head = take(&in), code = head >> 1;

		id = (uint64_t)sum((int64_t)id, head & 1 ? take_signed(&in) : 1);
		gos[i] = goroutine_new(id);
		gos[i].created_ns = 0;
		gos[i].name = code < BRIEF_NAMES ? names->names.items[code]
		                                 : (string_id)(code - BRIEF_NAMES);
	}
}
