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

static inline const uint8_t *take(const uint8_t *at, uint64_t *value)
{
	uint64_t rest;

	*value = *at++;
	if (*value < 0x80)
		return at;
	*value &= 0x7f;
	for (unsigned shift = 7;; shift += 7) {
		rest = *at++;
		*value |= (rest & 0x7f) << shift;
		if (rest < 0x80)
			return at;
	}
}

static inline const uint8_t *take_signed(const uint8_t *at, int64_t *value)
{
	uint64_t bits;

	at = take(at, &bits);
	*value = (int64_t)(bits >> 1 ^ -(bits & 1));
	return at;
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
static const uint8_t *take_amounts(const uint8_t *at, amount_array *amounts, uint32_t *chain)
{
	uint64_t count, name;
	int64_t ns;

	if (*chain == INDEX_NONE)
		return at;
	*chain = INDEX_NONE;
	if (amounts == NULL)
		return at;
	*chain = (uint32_t)amounts->count;
	at = take(at, &count);
	for (uint64_t i = 0; i < count; i++) {
		at = take(at, &name);
		at = take_signed(at, &ns);
		*array_push(amounts) = (struct amount){
			.ns = ns,
			.name = (string_id)name,
			.next = i + 1 < count ? (uint32_t)amounts->count : INDEX_NONE,
		};
	}
	return at;
}

/* Behind base. */
static inline const uint8_t *take_behind(const uint8_t *at, int64_t *value, int64_t base)
{
	at = take_signed(at, value);
	*value = sum(base, *value);
	return at;
}

/* A chain that it has is not INDEX_NONE, and not known yet. */
static const uint8_t *unpack_go(const uint8_t *at, struct goroutine *g,
                                const struct goroutine *before)
{
	uint8_t parts = *at++;
	uint64_t number;
	int64_t id;

	at = take_behind(at, &id, (int64_t)before->id);
	*g = goroutine_new((uint64_t)id);
	if (parts & HAS_CREATED)
		at = take_behind(at, &g->created_ns, before->created_ns);
	if (parts & HAS_STARTED)
		at = take_behind(at, &g->started_ns, g->created_ns);
	if (parts & HAS_ENDED)
		at = take_behind(at, &g->ended_ns, g->created_ns);
	at = take_signed(at, &g->exec_ns);
	at = take_signed(at, &g->sched_ns);
	if (parts & HAS_SYSCALLS) {
		at = take_signed(at, &g->syscall_exec_ns);
		at = take_signed(at, &g->syscall_block_ns);
	}
	if (parts & HAS_PARENT) {
		at = take_behind(at, &id, before->parent);
		g->parent = (uint32_t)id;
	}
	at = take(at, &number);
	g->name = (string_id)number;
	if (parts & HAS_LIVE) {
		at = take(at, &number);
		g->live = (uint32_t)number;
	}
	g->blocks = parts & HAS_BLOCKS ? 0 : INDEX_NONE;
	g->ranges = parts & HAS_RANGES ? 0 : INDEX_NONE;
	return at;
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
		in = unpack_go(in, &gos[i], before);
		before = &gos[i];
	}
	for (uint32_t i = 0; i < count; i++) {
		in = take_amounts(in, amounts, &gos[i].blocks);
		in = take_amounts(in, amounts, &gos[i].ranges);
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
	int64_t id = (int64_t)nobody.id;
	uint64_t head, code;

	for (uint32_t i = 0; i < count; i++) {
		in = take(in, &head);
		code = head >> 1;
		if (head & 1)
			in = take_behind(in, &id, id);
		else
			id = sum(id, 1);
		gos[i] = goroutine_new((uint64_t)id);
		gos[i].created_ns = 0;
		gos[i].name = code < BRIEF_NAMES ? names->names.items[code]
		                                 : (string_id)(code - BRIEF_NAMES);
	}
}
