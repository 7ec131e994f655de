/* SPDX-License-Identifier: MIT */
#ifndef TESTS_KEPT_H
#define TESTS_KEPT_H

#include "core/trace/index.h"

/* How much of a v2 trace is still there when it is damaged: its events, each known by its offset
 * and its type, as they are found through the index. */

struct kept {
	struct budget *budget; /* of what is known of the sound trace */
	struct budget damaged; /* of a damaged one, which may cost so much as its bytes allow */
	struct bytes trace;
	int fd;             /* of a file in memory that holds it, to be damaged */
	struct index index; /* of the sound trace */
	ARRAY(uint32_t)
	offsets; /* of its events, in the order of the file; and where the last ends */
	ARRAY(uint8_t) types;
};

/* What was found of a damaged one. */
struct kept_share {
	uint64_t events;   /* that are found */
	uint64_t kept;     /* of those, that the sound trace has */
	uint64_t of;       /* events that could be: all of the sound one, or of the prefix */
	uint64_t bytes;    /* that are decoded, headers and tables, too */
	uint64_t lost;     /* that are said to be lost */
	uint64_t size;     /* of the file */
	uint64_t in_batch; /* events of the batch that was hit, its header included */
};

/* trace stays where it is; it is sound and below 4 GiB. */
bool kept_open(struct kept *kept, struct budget *budget, struct bytes trace);
void kept_close(struct kept *kept);

/* With one bit flipped; with that many bytes set to zero; and cut to that many bytes, which hold
 * its header. */
struct kept_share kept_flip(struct kept *kept, uint64_t offset, unsigned bit);
struct kept_share kept_zero(struct kept *kept, uint64_t offset, size_t len);
struct kept_share kept_cut(struct kept *kept, uint64_t size);

#endif
