/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V2_TAKE_H
#define CORE_TRACE_V2_TAKE_H

#include <stdbool.h>
#include <stdint.h>

/* Takes one timed record off memory that has WIRE_WINDOW readable bytes from its begin on, so that
 * no byte is checked by itself (performance.md 5). The fastest way there is, for whoever consumes
 * records as they are decoded; wire_read is the comfortable one. */

enum { WIRE_WINDOW = 1 + 5 * 10 }; /* the longest record */

/* A number of four bytes or more. One that is longer than ten bytes or 64 bits sets *bad. */
const uint8_t *wire_take_long(const uint8_t *p, uint64_t *value, bool *bad);

/* 77 % of the numbers have one byte and 97 % at most two. */
static inline const uint8_t *wire_take(const uint8_t *p, uint64_t *value, bool *bad)
{
	if (p[0] < 0x80) {
		*value = p[0];
		return p + 1;
	}
	if (p[1] < 0x80) {
		*value = (uint64_t)(p[0] & 0x7f) | (uint64_t)p[1] << 7;
		return p + 2;
	}
	if (p[2] < 0x80) {
		*value = (uint64_t)(p[0] & 0x7f) | (uint64_t)(p[1] & 0x7f) << 7 |
		         (uint64_t)p[2] << 14;
		return p + 3;
	}
	/* what a function gets the address of is not in a register, and these are in one */
	{
		uint64_t whole;
		bool is_bad = false;

		p = wire_take_long(p, &whole, &is_bad);
		*value = whole;
		*bad |= is_bad;
		return p;
	}
}

/* The numbers behind the type of a record. */
static inline const uint8_t *wire_take_args(const uint8_t *p, unsigned count, uint64_t *dt,
                                            uint64_t arg[4], bool *bad)
{
	p = wire_take(p, dt, bad);
	if (count == 0)
		return p;
	p = wire_take(p, &arg[0], bad);
	if (count == 1)
		return p;
	p = wire_take(p, &arg[1], bad);
	if (count == 2)
		return p;
	p = wire_take(p, &arg[2], bad);
	if (count == 3)
		return p;
	return wire_take(p, &arg[3], bad);
}

#endif
