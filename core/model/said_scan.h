/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_SAID_SCAN_H
#define CORE_MODEL_SAID_SCAN_H

#include "core/model/model.h"
#include "core/trace/source.h"

/* Where in a part the program first says a text from a time on, from the batches alone: long before
 * its history is there. Batches are read in the order of their begins, until none can tell of an
 * earlier one; of each thread that begins with the last before that time. */

typedef bool said_accept_fn(void *to, string_id text);

struct said_place {
	int64_t ns;
	uint64_t m;       /* the thread */
	string_id text;   /* the log's message, or the region's name */
	bool is_region;
};

/* accept: whether a text is looked for; of a log its category will do, too. most: bytes that are
 * read at most: a millisecond is about half a megabyte. False: nothing is found in those. */
bool said_scan(const struct model *model, const struct source *source, uint32_t part,
               int64_t from_ns, uint64_t most, said_accept_fn *accept, void *to,
               struct said_place *place);

#endif
