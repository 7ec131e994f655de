/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/sketches.h"

#include "core/model/part.h"
#include "core/model/timing.h"

enum {
	NARROW = 2, /* so many times the window is the whole: it has a sketch of its own */
	WIDE = 4,   /* a sketch of so many times the window is too rough for it */
};

void sketches_init(struct sketches *sketches, struct budget *budget, const struct source *source,
                   const struct index *index, const struct model *model, uint64_t least)
{
	*sketches = (struct sketches){
		.budget = budget,
		.source = source,
		.index = index,
		.model = model,
		.least = least,
	};
}

static void drop(struct sketch **sketch)
{
	sketch_free(*sketch);
	*sketch = NULL;
}

static void drop_all(struct sketches *sketches)
{
	if (sketches->whole != NULL)
		sketches->version++;
	drop(&sketches->whole);
	drop(&sketches->window);
	drop(&sketches->making);
}

void sketches_free(struct sketches *sketches)
{
	drop_all(sketches);
}

/* ---- what is there */

static bool is_loaded(const struct sketches *sketches)
{
	return sketches->index->is_finished &&
	       sketches->model->parts.count == sketches->index->generations.count;
}

/* All of it is a file and stays as it is; of v1, nothing can be read by itself. */
static bool can_be(const struct sketches *sketches)
{
	const struct source *source = sketches->source;

	return sketches->least > 0 && source->fd >= 0 && sketches->index->v1 == NULL &&
	       atomic_load(&source->is_finished) && atomic_load(&source->end) >= sketches->least;
}

static int64_t loaded_ns(const struct sketches *sketches)
{
	size_t parts = sketches->model->parts.count;

	return parts > 0 ? sketches->model->parts.items[parts - 1]->end_ns : 0;
}

/* From the model's times to the sketch's; before it has any they are the sketch's. */
static int64_t shift_of(const struct sketches *sketches, const struct sketch *sketch)
{
	int64_t start_ns = sketches->model->start_ns;

	return start_ns == 0 ? 0 : start_ns - sketch_frame(sketch).start_ns;
}

static bool covers(const struct sketches *sketches, const struct sketch *sketch, int64_t begin_ns,
                   int64_t end_ns)
{
	struct sketch_frame frame;
	int64_t shift;

	if (sketch == NULL)
		return false;
	frame = sketch_frame(sketch);
	shift = shift_of(sketches, sketch);
	return begin_ns + shift >= frame.begin_ns && end_ns + shift <= frame.end_ns;
}

/* ---- what to make */

/* The window as far as it is in the trace and not loaded. */
static bool find_wanted(const struct sketches *sketches, int64_t *begin_ns, int64_t *end_ns)
{
	int64_t loaded = loaded_ns(sketches), end = sketches_end_ns(sketches);

	*begin_ns = sketches->begin_ns > loaded ? sketches->begin_ns : loaded;
	*end_ns = sketches->end_ns < end ? sketches->end_ns : end;
	return *begin_ns < *end_ns;
}

static bool is_sharp(const struct sketches *sketches, const struct sketch *sketch, int64_t begin_ns,
                     int64_t end_ns)
{
	struct sketch_frame frame;
	int64_t width = sketches->end_ns - sketches->begin_ns;

	if (!covers(sketches, sketch, begin_ns, end_ns))
		return false;
	frame = sketch_frame(sketch);
	return (frame.end_ns - frame.begin_ns) / WIDE <= width;
}

static bool needs_window(const struct sketches *sketches)
{
	int64_t width = sketches->end_ns - sketches->begin_ns, begin, end;

	return sketches->index->is_finished && sketches->whole != NULL &&
	       width < sketches_end_ns(sketches) / NARROW && find_wanted(sketches, &begin, &end) &&
	       !is_sharp(sketches, sketches->window, begin, end);
}

static bool needs_whole(const struct sketches *sketches, bool index_is_slow)
{
	if (sketches->index->is_finished)
		return sketches->index->generations.count > 0 &&
		       (sketches->whole == NULL || sketches->is_scanned);
	return index_is_slow && sketches->whole == NULL && !sketches->cannot_scan;
}

bool sketches_have_work(const struct sketches *sketches, bool index_is_slow)
{
	if (!can_be(sketches) || is_loaded(sketches))
		return sketches->whole != NULL;
	return sketches->making != NULL || needs_window(sketches) ||
	       needs_whole(sketches, index_is_slow);
}

bool sketches_go_first(const struct sketches *sketches)
{
	return can_be(sketches) && !is_loaded(sketches) && sketches->whole == NULL &&
	       !sketches->cannot_scan;
}

bool sketches_are_scanning(const struct sketches *sketches)
{
	return sketches->making != NULL && sketch_frame(sketches->making).is_scanned;
}

void sketches_want(struct sketches *sketches, int64_t begin_ns, int64_t end_ns)
{
	int64_t begin, end;

	sketches->begin_ns = begin_ns;
	sketches->end_ns = end_ns;
	if (sketches->making != NULL && !sketches->makes_whole &&
	    (!find_wanted(sketches, &begin, &end) ||
	     !is_sharp(sketches, sketches->making, begin, end)))
		drop(&sketches->making);
}

/* The begin of the trace and its end, by the index. */
static void find_ends(struct sketches *sketches)
{
	const struct index *index = sketches->index;
	int64_t start = sketches->model->start_ns;

	if (start == 0)
		start = index->generations.items[0].begin_ns;
	sketches->start_ns = start;
	sketches->last_ns = 0;
	for (size_t i = 0; i < index->generations.count; i++) {
		const struct generation *generation = &index->generations.items[i];
		int64_t last = clock_ns(&generation->clock, generation->last_ticks) - start;

		if (last > sketches->last_ns && last <= TIMING_LONGEST_NS)
			sketches->last_ns = last;
	}
}

static void begin_whole(struct sketches *sketches)
{
	sketches->makes_whole = true;
	if (sketches->index->is_finished) {
		find_ends(sketches);
		sketch_plan(sketches->making, sketches->index, sketches->start_ns, 0,
		            sketches->last_ns + 1);
	} else if (!sketch_scan(sketches->making)) {
		sketches->cannot_scan = true;
		drop(&sketches->making);
	}
}

/* With half of it on either side, for moving. */
static void begin_window(struct sketches *sketches)
{
	int64_t half = (sketches->end_ns - sketches->begin_ns) / 2;

	sketches->makes_whole = false;
	find_ends(sketches);
	sketch_plan(sketches->making, sketches->index, sketches->start_ns,
	            sketches->begin_ns - half, sketches->end_ns + half);
}

static void begin(struct sketches *sketches, bool index_is_slow)
{
	bool window = needs_window(sketches);

	if (!window && !needs_whole(sketches, index_is_slow))
		return;
	sketches->making = sketch_new(sketches->budget, sketches->source);
	if (window)
		begin_window(sketches);
	else
		begin_whole(sketches);
}

static void publish(struct sketches *sketches)
{
	struct sketch **place = sketches->makes_whole ? &sketches->whole : &sketches->window;

	drop(place);
	*place = sketches->making;
	sketches->making = NULL;
	sketches->version++;
	if (sketches->makes_whole)
		sketches->is_scanned = sketch_frame(sketches->whole).is_scanned;
}

bool sketches_step(struct sketches *sketches, bool index_is_slow)
{
	if (!can_be(sketches) || is_loaded(sketches)) {
		drop_all(sketches);
		return false;
	}
	if (sketches->making == NULL)
		begin(sketches, index_is_slow);
	else if (!sketch_step(sketches->making)) {
		publish(sketches);
		return true;
	}
	return false;
}

/* ---- what is shown */

int64_t sketches_from_ns(const struct sketches *sketches)
{
	if (sketches == NULL || sketches->whole == NULL || is_loaded(sketches))
		return INT64_MAX;
	return loaded_ns(sketches);
}

int64_t sketches_end_ns(const struct sketches *sketches)
{
	if (sketches == NULL || sketches->whole == NULL)
		return 0;
	return sketches->last_ns > 0 ? sketches->last_ns
	                             : sketch_frame(sketches->whole).last_ns -
	                                       shift_of(sketches, sketches->whole);
}

/* The finest that has a stretch. */
static const struct sketch *choose(const struct sketches *sketches, int64_t begin_ns,
                                   int64_t end_ns)
{
	return covers(sketches, sketches->window, begin_ns, end_ns) ? sketches->window
	                                                            : sketches->whole;
}

struct mix sketches_mix(const struct sketches *sketches, uint64_t proc, int64_t begin_ns,
                        int64_t end_ns)
{
	const struct sketch *sketch = choose(sketches, begin_ns, end_ns);
	int64_t shift;

	if (sketch == NULL)
		return (struct mix){ .longest_go = INDEX_NONE };
	shift = shift_of(sketches, sketch);
	return sketch_mix(sketch, proc, begin_ns + shift, end_ns + shift);
}

struct level sketches_level(const struct sketches *sketches, enum series series, int64_t begin_ns,
                            int64_t end_ns)
{
	const struct sketch *sketch = choose(sketches, begin_ns, end_ns);
	int64_t shift;

	if (sketch == NULL)
		return (struct level){ 0 };
	shift = shift_of(sketches, sketch);
	return sketch_level(sketch, series, begin_ns + shift, end_ns + shift);
}

int64_t sketches_heap_max(const struct sketches *sketches)
{
	return sketches == NULL || sketches->whole == NULL ? 0
	                                                   : sketch_frame(sketches->whole).heap_max;
}

size_t sketches_procs(const struct sketches *sketches, uint64_t ids[SKETCH_PROCS])
{
	return sketches == NULL || sketches->whole == NULL ? 0 : sketch_procs(sketches->whole, ids);
}
