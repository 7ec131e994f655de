/* SPDX-License-Identifier: MIT */
#ifndef CORE_MODEL_SKETCHES_H
#define CORE_MODEL_SKETCHES_H

#include "core/model/sketch.h"

/* What stands on the screen for what is not loaded yet: a sketch of the whole trace, and one of the
 * window that is looked at, if that is narrow. They are made in steps and dropped when all is
 * loaded. Times are the model's. */
struct sketches {
	struct budget *budget;
	const struct source *source;
	const struct index *index;
	const struct model *model;
	uint64_t least; /* smaller files are loaded too soon for that; 0: none is made */
	struct sketch *whole, *window; /* that can be shown; NULL */
	struct sketch *making;
	bool makes_whole;
	bool is_scanned; /* whole, without the index */
	bool cannot_scan;
	int64_t begin_ns, end_ns;  /* the window that is wanted */
	int64_t start_ns, last_ns; /* of the trace, on its clock, as the index has it */
	uint64_t version;          /* of what is shown: another one, another number */
};

/* least: bytes that a file must have. */
void sketches_init(struct sketches *sketches, struct budget *budget, const struct source *source,
                   const struct index *index, const struct model *model, uint64_t least);
void sketches_free(struct sketches *sketches);

/* The window that is looked at. */
void sketches_want(struct sketches *sketches, int64_t begin_ns, int64_t end_ns);

/* Whether there is something to do; index_is_slow: the trace is sketched without waiting for it. */
bool sketches_have_work(const struct sketches *sketches, bool index_is_slow);

/* There will be a first picture soon. */
bool sketches_go_first(const struct sketches *sketches);

/* It is made without the index, which then only keeps the disk busy. */
bool sketches_are_scanning(const struct sketches *sketches);

/* About a ms of work. True if there is a new picture. */
bool sketches_step(struct sketches *sketches, bool index_is_slow);

/* ---- what is shown; sketches may be NULL */

/* What is earlier is loaded; INT64_MAX: there is no sketch of what is not. */
int64_t sketches_from_ns(const struct sketches *sketches);

/* The end of the trace, as far as sketches know; 0: not. */
int64_t sketches_end_ns(const struct sketches *sketches);

struct mix sketches_mix(const struct sketches *sketches, uint64_t proc, int64_t begin_ns,
                        int64_t end_ns);
struct level sketches_level(const struct sketches *sketches, enum series series, int64_t begin_ns,
                            int64_t end_ns);
int64_t sketches_heap_max(const struct sketches *sketches);
size_t sketches_procs(const struct sketches *sketches, uint64_t ids[SKETCH_PROCS]);

#endif
