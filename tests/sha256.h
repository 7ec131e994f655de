/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SHA256_H
#define TESTS_SHA256_H

#include "core/base/bytes.h"

/* SHA-256 (FIPS 180-4), for texts that are known by their digest only. */
struct sha256 {
	uint32_t state[8];
	uint64_t len;
	uint8_t block[64];
};

void sha256_init(struct sha256 *sha);
void sha256_add(struct sha256 *sha, struct bytes bytes);

/* The digest in 64 hexadecimal digits and a NUL. */
void sha256_end(struct sha256 *sha, char text[65]);

#endif
