/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_SEARCH_H
#define CORE_ANALYSIS_SEARCH_H

#include "core/analysis/search_hits.h"
#include "core/analysis/search_lanes.h"
#include "core/model/said_scan.h"
#include "core/model/tour.h"

/* Where a trace matches a regular expression. What is matched are texts, each once, however often
 * they occur; what is found are the stretches that have them:
 *
 *	runs on Ps        of goroutines by the name of their function, or by id if the expression
 *	                  begins with one (G12 finds G12 and G120)
 *	                  or by functions and files of the stack where they end, if they differ
 *	                  from the goroutine's own
 *	runs of GC workers by their label: GC (dedicated)
 *	regions, logs, tasks   by their names and texts
 *	CPU samples       by functions and files of their stacks
 *	waits             by their reason; so are runnable stretches of who was stopped
 *	stops, assists    by their reason, and by functions and files of their stacks
 *	all of a kind     by a word that is matched as a whole: running, runnable, waiting, blocked,
 *	                  syscall, mark assist, sweep, GC, STW
 *
 * They are counted part by part: by its census where names and reasons are all that matches, else
 * from what a pass has of it, or its history, which a tour brings. That also tells where in a part
 * they are, if parts are few. Ranges that the model has are counted at once. All of it in steps,
 * and exact in the end.
 */

/* What is known of a part. */
struct search_part {
	uint64_t hits;     /* at least */
	uint64_t marks[4]; /* where: a bit for each 256th of it that has one */
	bool is_known;     /* else its history is still to be looked at, */
	bool is_missing;   /* or cannot be had */
	bool is_marked;    /* else its marks are only those of ranges, */
	bool is_likely;    /* and others are somewhere in it */
};

/* The goroutine that matches and first runs after a time. */
struct search_start {
	uint32_t count; /* of goroutines there were */
	int64_t from_ns;
	int64_t ns; /* TIME_UNKNOWN: none does */
	uint32_t go;
};

struct search {
	struct budget *budget;
	struct search_match match;
	bool is_on;
	bool is_too_costly;  /* it was given up */
	int64_t from_ns;     /* where counting begins */
	uint64_t hits;       /* so far */
	uint64_t range_hits; /* of those, of ranges that the model has */
	ARRAY(struct search_part) parts;
	struct search_lanes lanes;
	uint32_t known, missing;          /* parts */
	bool says;                        /* in some, what is said may match */
	uint32_t counted_at;              /* those before were asked for their censuses */
	uint64_t planned;                 /* the version when the tour was planned */
	uint32_t ranged;                  /* parts there were when ranges were counted */
	bool was_whole;                   /* the model was when ranges were counted last */
	struct search_part visit;         /* of the part that is being looked at */
	size_t visit_at;                  /* in its records */
	struct search_gos visited, found; /* by counting, and by finding */
	struct search_start start;
	int64_t near_asked_ns[3]; /* begins of close-ups that were asked for: from there, of a start,
	                           * of a place */
	struct search_said {      /* what is said next after a time, by the batches */
		int64_t from_ns;  /* INT64_MIN: nobody asked */
		bool is_found;
		struct said_place place;
	} said;
	struct tour tour;
	uint64_t version; /* changes with all that is told */
};

void search_init(struct search *search, struct budget *budget);
void search_free(struct search *search);

/* Another one, whatever became of the one before. False: err's offset is the byte of the text that
 * makes no sense, and nothing is looked for. */
bool search_begin(struct search *search, struct bytes text, int64_t from_ns, struct error *err);
void search_end(struct search *search);

/* A step of about a millisecond. False: there is nothing to do, until the loader has gone on or the
 * trace has grown. loader: NULL: only what is known without histories. */
bool search_step(struct search *search, const struct model *model, struct loader *loader);

/* Whether all that is loaded is counted, as far as it can be had. */
bool search_is_exact(const struct search *search, const struct model *model);

/* Whether a stretch is a hit. */
bool search_accepts(struct search *search, const struct model *model, const struct span *span);

/* Whether a hit begins in [begin_ns, end_ns), as finely as is known by now. */
bool search_touches(const struct search *search, const struct model *model, int64_t begin_ns,
                    int64_t end_ns);

/* The next hit after from, or the last before it. A from of SPAN_NONE is a moment; hits at that
 * moment come after it. The hit's end may not be known: it is where it begins then. Of stops,
 * cycles and assists index is into the model's. */
enum search_found {
	SEARCH_FOUND,
	SEARCH_NONE,
	SEARCH_WAIT, /* for the history of *part */
};
/* loader: NULL: what histories are not there cannot be had. */
enum search_found search_find(struct search *search, const struct model *model,
                              const struct loader *loader, const struct span *from, bool backward,
                              struct span *hit, uint32_t *part);

/* Where that would have to wait for a history, or there can be none: a run behind from that is a
 * hit, by close-ups (closeup.h). It is the nearest of those in the close-up; else the first run of
 * the goroutine that begins next. SEARCH_WAIT: for the close-up of *window; nothing else is asked
 * for twice. */
struct search_window {
	int64_t begin_ns, end_ns;
};
/* Of a text that is said it is the run that says it; *said: where that stands, or NULL. loader:
 * NULL: what is said is not looked for. */
enum search_found search_find_near(struct search *search, const struct model *model,
                                   const struct loader *loader, const struct span *from,
                                   struct span *hit, struct search_window *window,
                                   const struct said_place **said);

/* Puts the end of a hit that is a record in it, and what else its lane tells, if its history is
 * there. */
void search_resolve(const struct model *model, struct span *hit);

/* How many hits come before one; false: not known yet. */
bool search_rank(struct search *search, const struct model *model, const struct span *hit,
                 uint64_t *rank);

/* ---- inside */

/* Whether something that is said in a part matches, or may. */
bool search_says(struct search *search, const struct model *model, uint32_t part);

/* What is known without histories, and how much of that is left to be found out; false: nothing. */
bool search_step_names(struct search *search, const struct model *model);

#endif
