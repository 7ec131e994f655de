/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_TOUR_H
#define CORE_MODEL_TOUR_H

#include "core/model/model.h"
#include "core/model/share.h"

struct loader;

/* A pass over the histories of parts, or what is needed of them (part_visited), one after the
 *other, whatever the memory: those that are not there are made again, a few ahead of the one that
 *is looked at, when nobody else wants jobs done, and dropped again unless there is room. Who tours
 *takes them one by one, in steps as short as he likes, and may stop at any time:
 *
 *	switch (tour_at(&tour, &part)) {
 *	case TOUR_PART:    look at its history; when done: tour_go_on(&tour)
 *	case TOUR_MISSING: it cannot be had (loader_has_forgotten says why); tour_go_on
 *	case TOUR_WAIT:    come again when the loader has gone on
 *	case TOUR_OVER:
 *	}
 *
 * A loader has one tour: a newer one ends the one before, which is over then. What the window shows
 * stays, and is made first (loader_want). What goroutines did, as parts come: telling.h. */
struct tour {
	struct loader *loader; /* NULL: over */
	u32_array parts;       /* in the order in which they are visited */
	size_t at;
	uint8_t pass;       /* what it needs of them: enum pass_need; 0: whole histories */
	uint64_t too_many;  /* bytes of events of which that did not fit; 0: all did */
	bool is_one_by_one; /* memory did not do for some beside each other */
	bool takes_shares;  /* who tours sees to that a part may come several times, one after the
	                     * other: each time with other goroutines (share.h), if memory does not
	                     * do for all of them at once, and then */
	uint64_t width;     /* so many of them (share.h); SHARE_ALL: all */
	uint64_t share_from;
	bool has_begun;     /* what is not told by goroutine of the part that is looked at is done */
};

enum { TOUR_AHEAD = 2 /* histories that are held for it, with the one that is looked at */ };

enum tour_place { TOUR_PART, TOUR_MISSING, TOUR_WAIT, TOUR_OVER };

void tour_init(struct tour *tour, struct budget *budget);

/* Also when it is on its way. */
void tour_free(struct tour *tour);

/* Of the parts that the caller has put into tour->parts, which are joined; of each what tour->pass
 * says. */
void tour_begin(struct tour *tour, struct loader *loader);
void tour_end(struct tour *tour);

enum tour_place tour_at(struct tour *tour, uint32_t *part);
void tour_go_on(struct tour *tour);

static inline bool tour_is_on(const struct tour *tour)
{
	return tour->loader != NULL;
}

/* Whether the part that is there comes once more, with other goroutines. */
bool tour_has_more(const struct tour *tour);

/* ---- for the loader */

/* The goroutines that are next of the part that is looked at, or of one behind it. */
static inline struct go_share tour_share(const struct tour *tour, size_t at)
{
	bool has_begun = at == tour->at && tour->has_begun;
	uint64_t from = has_begun ? tour->share_from : 0, end = from + tour->width;

	if (!has_begun && tour->width < SHARE_ALL)
		end = 0;
	return (struct go_share){ from, end < SHARE_ALL ? end : SHARE_ALL };
}

/* Memory did not do for that; false: less is of no use. */
bool tour_narrow(struct tour *tour);


/* Whether a part's history is held for it. */
bool tour_holds(const struct tour *tour, uint32_t part);

/* Behind the last that is held. */
size_t tour_held_end(const struct tour *tour);

#endif
