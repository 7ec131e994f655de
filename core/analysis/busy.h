/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_BUSY_H
#define CORE_ANALYSIS_BUSY_H

#include "core/model/telling.h"

/* When each goroutine had something to do, for long: it ran, was runnable, or in a syscall, without
 * a wait between. Where there are very many such stretches, the shortest are forgotten. */
struct busy {
	ARRAY(struct busy_stretch {
		int64_t begin_ns, end_ns;
		uint32_t go;
	})
	stretches;
	ARRAY(struct busy_now { /* of goroutines: what goes on; up to its end nothing does */
				int64_t begin_ns, end_ns;
				uint32_t go;
	})
	now;
	struct sparse place_of; /* of each of those in now, + 1 */
	int64_t least_ns; /* shorter ones are not kept */
};

void busy_init(struct busy *busy, struct budget *budget);
void busy_free(struct busy *busy);

/* What one does, of each by time. */
void busy_tell(struct busy *busy, const struct told *told);

/* A part is told: those that the telling does not know are over. */
void busy_settle(struct busy *busy, const struct telling *telling);

/* When all is told: for how long of a window a goroutine was, at least. */
void busy_end(struct busy *busy);
int64_t busy_ns(const struct busy *busy, uint32_t go, int64_t begin_ns, int64_t end_ns);

/* Of the stretches that a time lies in, and that are of whom accepts says yes to, the one that began
 * closest before it, less than so long; NULL. */
typedef bool busy_accept_fn(const void *to, uint32_t go);
const struct busy_stretch *busy_since(const struct busy *busy, int64_t ns, int64_t within_ns,
                                      busy_accept_fn *accepts, const void *to);

#endif
