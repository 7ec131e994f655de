/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_BATCH_HEAD_H
#define CORE_TRACE_BATCH_HEAD_H

#include "core/base/bytes.h"

/* The header of a batch as it stands in the file (trace-format-v2.md 2.2). */
struct batch_head {
	uint64_t number; /* of the generation */
	uint64_t m;
	uint64_t ticks; /* base time */
	uint64_t size;  /* bytes of payload */
	uint8_t type;   /* WIRE_EVENT_BATCH or WIRE_EXPERIMENTAL_BATCH */
	uint8_t len;    /* bytes up to the payload */
	bool is_padded; /* the size takes ten bytes, as the runtime writes it */
};

enum {
	BATCH_HEAD_MAX = 42, /* bytes */
	BATCH_SIZE_MAX = 65536,
	BATCH_PADDED = 10, /* bytes of a padded size */
};

enum head_verdict {
	HEAD_WELL,
	HEAD_SHORT,   /* more bytes are needed */
	HEAD_NO_SIZE, /* all but the size is as it should be; one that does not end is padded */
	HEAD_BAD,
};

/* The header that in begins with. */
enum head_verdict batch_head_take(struct bytes in, struct batch_head *head);

/* The begin of a header whose padded size begins at at; false if none is there. */
bool batch_head_before(struct bytes in, size_t at, size_t *begin);

#endif
