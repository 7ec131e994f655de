/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_HOLDERS_H
#define CORE_MODEL_HOLDERS_H

#include "core/model/model.h"

/* Who held the Ps in a window: time by the function that goroutines began with, of GC workers, in
 * syscalls; what is left of all Ps' was nobody's. */

enum { HOLDERS = 3 };

struct holder {
	string_id name; /* 0: not known */
	int64_t ns;     /* without syscalls */
};

struct holders {
	int64_t all_ns;               /* the time of all Ps; 0: not known */
	struct holder first[HOLDERS]; /* the most first */
	uint32_t count;
	int64_t others_ns, gc_ns, syscall_ns;
};

/* Where there is too much to look at, or histories are missing, what the pyramids tell: others. */
struct holders holders_in(const struct model *model, int64_t begin_ns, int64_t end_ns);

#endif
