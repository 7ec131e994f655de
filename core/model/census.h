/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_CENSUS_H
#define CORE_MODEL_CENSUS_H

#include "core/base/array.h"
#include "core/trace/strings.h"

/* How many runs of goroutines of each name begin in a part, and for which reasons runs end: so that
 * they are counted, and parts without them passed over, without the part's history; and of which
 * texts it says something. */
struct census {
	ARRAY(struct census_count {
		string_id text;
		uint32_t count;
	})
	names, reasons;
	ARRAY(struct census_go { /* without a name when the part was joined; it may get one later */
				 uint32_t go;
				 uint32_t count;
	})
	unnamed;
	ARRAY(string_id) said; /* names of regions that begin in it, and texts of logs, */
	bool says_others;      /* and some more */
};

void census_init(struct census *census, struct budget *budget);
void census_free(struct census *census);
size_t census_bytes(const struct census *census);

#endif
