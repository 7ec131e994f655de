/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_GOROUTINE_H
#define CORE_MODEL_GOROUTINE_H

#include "core/base/id_map.h"
#include "core/base/radix.h"
#include "core/model/records.h"
#include "core/trace/strings.h"

/* A goroutine with the sums of its life; and neighbours packed into a fifth of their size. */

/* Time by reason or by range, a chain; the end: INDEX_NONE. */
struct amount {
	int64_t ns;
	string_id name;
	uint32_t next;
};

struct goroutine {
	uint64_t id;
	int64_t created_ns; /* first heard of; TIME_UNKNOWN: not yet */
	int64_t started_ns; /* first running; TIME_UNKNOWN: never */
	int64_t ended_ns;   /* TIME_UNKNOWN: it lives on */
	int64_t exec_ns, sched_ns, syscall_exec_ns, syscall_block_ns;
	uint32_t parent; /* that created it; INDEX_NONE: not known */
	uint32_t blocks; /* amounts by reason */
	uint32_t ranges; /* amounts by range */
	string_id name;  /* of its outermost function; 0: no stack told */
	uint32_t live;   /* what it does; INDEX_NONE: it is dead, or not joined yet */
};

typedef ARRAY(struct amount) amount_array;

/* One of which nothing but the id is known. */
struct goroutine goroutine_new(uint64_t id);

/* How many bytes count neighbours take at most when they are packed, and packs them; amounts holds
 * their chains. Returns how many bytes it took. */
size_t goroutines_bound(const struct goroutine *gos, uint32_t count, const amount_array *amounts);
size_t goroutines_pack(uint8_t *out, const struct goroutine *gos, uint32_t count,
                       const amount_array *amounts);

/* The first count of what was packed, without chains; or, if amounts is not NULL, all of it, and
 * the chains are added to that. The bytes are ours, and trusted. */
void goroutines_unpack(const uint8_t *in, struct goroutine *gos, uint32_t count,
                       amount_array *amounts);

/* Their ids and names alone. What is taken of that has no other values that count, but is known. Of
 * a program's millions most have one of few names: the first BRIEF_NAMES that are met take a byte
 * or two. */
enum { BRIEF_NAMES = 1 << 10 };

struct brief_names {
	u32_array names; /* string_id, as they were met */
	struct id_map place_of;
};

size_t goroutines_brief_bound(uint32_t count);
size_t goroutines_put_brief(uint8_t *out, const struct goroutine *gos, uint32_t count,
                            struct brief_names *names);
void goroutines_take_brief(const uint8_t *in, struct goroutine *gos, uint32_t count,
                           const struct brief_names *names);

#endif
