/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_DECODER_H
#define CORE_BASE_DECODER_H

#include "core/base/bytes.h"

enum decoder_fault {
	DECODER_WELL,
	DECODER_SHORT,     /* the bytes end inside something: more of them could make it whole */
	DECODER_MALFORMED, /* no bytes could: a number longer than ten bytes or 64 bits */
};

/* Takes numbers and bytes off untrusted input. Sticky: after a fault every take returns 0 or
 * nothing and at stays, so that a record is decoded straight down and judged once. */
struct decoder {
	struct bytes in;
	size_t at;
	enum decoder_fault fault;
};

uint8_t decoder_take_byte(struct decoder *d);

/* LEB128, at most ten bytes; longer than needed is legal, as the runtime pads its lengths. */
uint64_t decoder_take_uvarint(struct decoder *d);

struct bytes decoder_take_bytes(struct decoder *d, uint64_t len);

static inline bool decoder_is_at_end(const struct decoder *d)
{
	return d->at == d->in.len || d->fault != DECODER_WELL;
}

#endif
