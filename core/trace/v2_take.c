/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v2_take.h"

const uint8_t *wire_take_long(const uint8_t *p, uint64_t *value, bool *bad)
{
	uint64_t v = (uint64_t)(p[0] & 0x7f) | (uint64_t)(p[1] & 0x7f) << 7;

	for (unsigned i = 2; i < 10; i++) {
		v |= (uint64_t)(p[i] & 0x7f) << (7 * i);
		if (p[i] < 0x80) {
			*bad |= i == 9 && p[i] > 1;
			*value = v;
			return p + i + 1;
		}
	}
	*bad = true;
	*value = 0;
	return p + 10;
}
