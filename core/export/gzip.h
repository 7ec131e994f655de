/* SPDX-License-Identifier: MIT */
#ifndef CORE_EXPORT_GZIP_H
#define CORE_EXPORT_GZIP_H

#include "core/export/text_out.h"

/* Bytes as a gzip file (RFC 1952), for who asks for one: they are stored, not made smaller
 * (RFC 1951, 3.2.4), so that no codec is needed. */
struct gzip {
	struct text_out *out;
	uint32_t crc, len; /* of all that was put */
	size_t used;
	uint8_t block[1 << 14];
};

void gzip_begin(struct gzip *gzip, struct text_out *out);
void gzip_put(struct gzip *gzip, struct bytes bytes);

/* Nothing may follow. */
void gzip_end(struct gzip *gzip);

#endif
