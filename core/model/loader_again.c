/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/loader_at.h"

#include "core/model/part.h"
#include "core/model/stitch.h"
#include "core/model/tour.h"

/* Histories: which are asked for, how they are made, and how long they stay. */

enum {
	FEW_PARTS = 2, /* what a narrow window can lap into */
	HISTORY = 8,   /* bytes that the history of a byte of events takes while it is made, */
	PASS = 4,      /* and what a pass needs of it */
};

bool loader_is_forgotten(const struct loader *loader, uint32_t part)
{
	uint64_t begin = atomic_load(&loader->source->begin);

	return begin > 0 && job_reads_from(loader->index, part) < begin;
}

static uint64_t event_bytes(const struct loader *loader, uint32_t part)
{
	return loader->index->generations.items[part].event_bytes;
}

/* So much of another one did not fit. */
bool loader_is_too_large(const struct loader *loader, uint32_t part)
{
	return loader->too_many != 0 && event_bytes(loader, part) >= loader->too_many;
}

static bool can_be_made(const struct loader *loader, uint32_t part)
{
	return part < loader->model->parts.count &&
	       part_visited(loader->model->parts.items[part]) == NULL &&
	       !loader->model->parts.items[part]->is_cut && !loader_is_forgotten(loader, part);
}

/* While a tour visits it, it is not made. */
static bool is_wanted_still(const struct loader *loader, uint32_t part)
{
	return can_be_made(loader, part) && !loader_is_too_large(loader, part);
}

/* Some of its goroutines are told of: a history that came meanwhile is of no use for the others. */
static bool is_told_in_part(const struct loader *loader, uint32_t number)
{
	const struct part *part = loader->model->parts.items[number];

	return part->nobodys != NULL && part->pass == NULL && !loader_is_forgotten(loader, number);
}

/* By the tour. */
static bool is_needed_still(const struct loader *loader, uint32_t part)
{
	const struct tour *tour = loader->tour;

	if (tour->pass == 0)
		return is_wanted_still(loader, part);
	return (can_be_made(loader, part) || is_told_in_part(loader, part)) &&
	       (tour->too_many == 0 || event_bytes(loader, part) < tour->too_many);
}

static bool is_in_making(const struct loader *loader, uint32_t part)
{
	for (size_t i = 0; i < loader->making.count; i++)
		if (loader->making.items[i] == part)
			return true;
	return false;
}

/* By the window, or a tour. */
static bool is_in_use(const struct loader *loader, const struct part *part)
{
	return part->history->last_used == loader->clock ||
	       (loader->tour != NULL && tour_holds(loader->tour, part->number));
}

static struct history_line *line_of(struct loader *loader, const struct part *part)
{
	return part->history->last_used == 0 ? &loader->toured : &loader->seen;
}

/* As the one that was used last. */
static void enter_line(struct loader *loader, struct part *part)
{
	struct history_line *line = line_of(loader, part);

	part->older = line->newest;
	part->newer = NULL;
	*(line->newest == NULL ? &line->oldest : &line->newest->newer) = part;
	line->newest = part;
}

static void leave_line(struct loader *loader, struct part *part)
{
	struct history_line *line = line_of(loader, part);

	*(part->older == NULL ? &line->oldest : &part->older->newer) = part->newer;
	*(part->newer == NULL ? &line->newest : &part->newer->older) = part->older;
}

static void drop_history(struct loader *loader, struct part *part)
{
	leave_line(loader, part);
	loader->history_bytes -= part->history->bytes;
	history_free(part->history);
	part->history = NULL;
}

/* Of a line the longest unused until no more than limit bytes are there. */
static void drop_line(struct loader *loader, const struct history_line *line, uint64_t limit)
{
	struct part *newer;

	for (struct part *part = line->oldest; part != NULL && loader->history_bytes > limit;
	     part = newer) {
		newer = part->newer;
		if (!is_in_use(loader, part))
			drop_history(loader, part);
	}
}

static void drop_histories(struct loader *loader, uint64_t limit)
{
	drop_line(loader, &loader->toured, limit);
	drop_line(loader, &loader->seen, limit);
}

/* Drops those that nobody looks at. */
void loader_drop_unused(struct loader *loader)
{
	drop_histories(loader, 0);
	for (size_t i = 0; i < loader->model->parts.count && loader->near_bytes > 0; i++)
		loader_drop_near(loader, loader->model->parts.items[i], loader->clock);
}

/* Drops the longest unused until the rest fits; what is in use stays. */
void loader_trim(struct loader *loader)
{
	drop_histories(loader, loader->history_limit);
}

/* One that only a tour wanted is the first to go. */
static void keep_history(struct loader *loader, uint32_t number)
{
	struct part *part = loader->model->parts.items[number];
	bool in_window = number >= loader->window_first && number < loader->window_end;

	part->history->last_used = in_window ? loader->clock : 0;
	enter_line(loader, part);
	loader->history_bytes += part->history->bytes;
}

static void use_history(struct loader *loader, struct part *part)
{
	leave_line(loader, part);
	part->history->last_used = loader->clock;
	enter_line(loader, part);
}

/* Beside others that are made, or loaded, or still to be loaded, if there is room for all. */
static bool may_begin_again(const struct loader *loader, uint32_t part, uint8_t pass)
{
	uint64_t need = event_bytes(loader, part) * (pass != 0 ? PASS : HISTORY);

	if (!loader->model->is_whole)
		return loader_room(loader) >= need;
	return loader->again == 0 || budget_room(loader->budget) >= need;
}

/* As far as that can be. */
static bool is_alone(const struct loader *loader)
{
	return loader->again == 0 && ((loader->history_bytes == 0 && loader->passes == 0) ||
	                              loader->tour == NULL || loader->tour->is_one_by_one);
}

/* What a tour has left, whose memory the next part's takes over. */
static struct history *take_old_pass(struct loader *loader)
{
	return loader->old_passes.count > 0
	               ? loader->old_passes.items[--loader->old_passes.count]
	               : NULL;
}

void loader_drop_old_passes(struct loader *loader)
{
	while (loader->old_passes.count > 0)
		history_free(take_old_pass(loader));
}

static struct job *make(struct loader *loader, uint32_t part, uint8_t pass, struct go_share share)
{
	struct job *job = loader_take_spare(loader);

	job_begin_again(job, loader->source, loader->index, loader->timings.items,
	                loader->model->start_ns, loader->model->parts.items[part], pass, share,
	                pass != 0 ? take_old_pass(loader) : NULL);
	*array_push(&loader->making) = part;
	loader->alone = is_alone(loader) ? part : INDEX_NONE;
	loader->running++;
	loader->again++;
	return job;
}

/* Bytes of events whose histories are there. */
static uint64_t bytes_held(const struct loader *loader, uint32_t first, uint32_t end)
{
	uint64_t bytes = 0;

	for (uint32_t p = first; p < end; p++)
		if (model_has_history(loader->model, p))
			bytes += event_bytes(loader, p);
	return bytes;
}

/* Whether one may be made beside those of the window that are there: they stay. */
static bool fits_beside(const struct loader *loader, uint64_t held, uint32_t part)
{
	return loader->crowded == 0 || held == 0 ||
	       held + event_bytes(loader, part) < loader->crowded;
}

/* What nobody looks at is not beside it, if that is too much. */
static void make_room_for(struct loader *loader, uint32_t part)
{
	uint32_t parts = (uint32_t)loader->model->parts.count;

	if (loader->crowded != 0 && !fits_beside(loader, bytes_held(loader, 0, parts), part))
		drop_histories(loader, 0);
}

struct job *loader_begin_again(struct loader *loader)
{
	loader_make_room(loader);
	while (loader->wanted.count > 0) {
		uint32_t part = loader->wanted.items[loader->wanted.count - 1];
		bool is_wanted = is_wanted_still(loader, part) && !is_in_making(loader, part);

		if (is_wanted && !may_begin_again(loader, part, 0))
			return NULL;
		loader->wanted.count--;
		if (!is_wanted)
			continue;
		make_room_for(loader, part);
		return make(loader, part, 0, (struct go_share){ 0, SHARE_ALL });
	}
	return NULL;
}

/* The place of the next part that a tour wants; SIZE_MAX: none is to be made now. What it holds is
 * not beside more than there is room for. */
static size_t next_of_tour(const struct loader *loader)
{
	const struct tour *tour = loader->tour;

	if (tour == NULL || loader->started_bytes > 0 || loader->wanted.count > 0)
		return SIZE_MAX;
	for (size_t i = tour->at; i < tour_held_end(tour); i++) {
		uint32_t part = tour->parts.items[i];

		if (!is_needed_still(loader, part) || is_in_making(loader, part))
			continue;
		if (i > tour->at &&
		    budget_room(loader->budget) <
		            event_bytes(loader, part) * (tour->pass != 0 ? PASS : HISTORY))
			return SIZE_MAX;
		return i;
	}
	return SIZE_MAX;
}

struct job *loader_begin_tour(struct loader *loader)
{
	size_t next = next_of_tour(loader);
	const struct tour *tour = loader->tour;

	if (next == SIZE_MAX)
		return NULL;
	loader_make_room(loader);
	if (!may_begin_again(loader, tour->parts.items[next], tour->pass))
		return NULL;
	return make(loader, tour->parts.items[next], tour->pass, tour_share(tour, next));
}

bool loader_has_wishes(const struct loader *loader)
{
	size_t next = next_of_tour(loader);

	return loader->wanted.count > 0 ||
	       (next != SIZE_MAX &&
	        may_begin_again(loader, loader->tour->parts.items[next], loader->tour->pass));
}

void loader_set_tour(struct loader *loader, struct tour *tour)
{
	loader->tour = tour;
	loader_drop_old_passes(loader);
	loader_trim(loader);
}

/* What has done for one share is more than the next one needs at first. */
static bool is_narrow(const struct loader *loader)
{
	return loader->tour != NULL && loader->tour->width < SHARE_ALL;
}

void loader_release(struct loader *loader, uint32_t number)
{
	struct part *part = loader->model->parts.items[number];

	loader_drop_pass(loader, number);
	if (part->history != NULL && loader->history_bytes > loader->history_limit &&
	    !is_in_use(loader, part))
		drop_history(loader, part);
}

void loader_drop_pass(struct loader *loader, uint32_t number)
{
	struct part *part = loader->model->parts.items[number];

	history_free(part->nobodys);
	part->nobodys = NULL;
	if (part->pass == NULL)
		return;
	loader->passes--;
	if (loader->tour != NULL && loader->tour->at < loader->tour->parts.count &&
	    !is_narrow(loader))
		*array_push(&loader->old_passes) = part->pass;
	else
		history_free(part->pass);
	part->pass = NULL;
}

void loader_go_on(struct loader *loader, uint32_t number)
{
	struct part *part = loader->model->parts.items[number];

	loader->passes--;
	if (share_is_nobodys(part->pass->share))
		part->nobodys = part->pass;
	else
		history_free(part->pass);
	part->pass = NULL;
}

bool loader_has_made(const struct loader *loader, uint32_t number)
{
	const struct part *part = loader->model->parts.items[number];

	return part->pass != NULL || (part->history != NULL && part->nobodys == NULL);
}

bool loader_can_make(const struct loader *loader, uint32_t part)
{
	return is_wanted_still(loader, part) || model_has_history(loader->model, part);
}

bool loader_can_visit(const struct loader *loader, uint32_t part)
{
	return is_needed_still(loader, part) ||
	       loader_has_made(loader, part);
}

/* Of another tour, it is of no use. */
static void attach_pass(struct loader *loader, struct job *job)
{
	const struct tour *tour = loader->tour;

	if (tour != NULL && tour->pass == job->pass && tour_holds(tour, job->part) &&
	    (tour->parts.items[tour->at] != job->part ||
	     tour_share(tour, tour->at).from == job->share.from))
		stitch_attach(loader->model, job);
	loader->passes += job->history == NULL;
}

/* Memory did not do for it; or not beside those that are there, or in the making. */
static void note_too_large(struct loader *loader, const struct job *job)
{
	uint64_t own = event_bytes(loader, job->part);
	uint64_t beside = bytes_held(loader, 0, (uint32_t)loader->model->parts.count);
	bool was_alone = loader->alone == job->part;
	bool is_toured = loader->tour != NULL && tour_holds(loader->tour, job->part);

	for (size_t i = 0; i < loader->making.count; i++)
		beside += event_bytes(loader, loader->making.items[i]);
	if (loader->tour != NULL && !was_alone)
		loader->tour->is_one_by_one = true; /* and it is tried again */
	else if (job->pass == 0 && !is_toured && beside > 0)
		loader->crowded = beside + own;
	else if (!was_alone || loader->running > 0)
		return; /* it is tried again */
	else if (job->pass == 0)
		loader->too_many = own;
	else if (loader->tour != NULL &&
	         (!(job->pass & PASS_STAYS) || !tour_narrow(loader->tour)))
		loader->tour->too_many = own;
}

void loader_done_again(struct loader *loader, struct job *job)
{
	for (size_t i = 0; i < loader->making.count; i++)
		if (loader->making.items[i] == job->part) {
			loader->making.items[i] = loader->making.items[--loader->making.count];
			break;
		}
	loader->again--;
	loader->made++;
	if (job->is_cut) {
		note_too_large(loader, job);
		job_free(job); /* which has grown as large as it could */
		return;
	}
	if (job->pass != 0) {
		attach_pass(loader, job);
		if (is_narrow(loader))
			job_free(job);
		else
			loader_give_back(loader, job);
		return;
	}
	stitch_attach(loader->model, job);
	if (loader->model->parts.items[job->part]->history != NULL && job->history == NULL) {
		keep_history(loader, job->part);
		loader_drop_near(loader, loader->model->parts.items[job->part], UINT64_MAX);
		if (loader->tour == NULL || !tour_holds(loader->tour, job->part))
			loader_trim(loader); /* of a tour's it lets go itself */
	}
	loader_give_back(loader, job);
}

/* Those of [first, end) are used now, and those that are missing wanted; false: some are. */
static bool want(struct loader *loader, uint32_t first, uint32_t end)
{
	struct model *model = loader->model;
	uint64_t held = bytes_held(loader, first, end);
	bool all = true;

	loader->window_first = first;
	loader->window_end = end;
	for (uint32_t p = first; p < end; p++) {
		if (model_has_history(model, p)) {
			use_history(loader, model->parts.items[p]);
			continue;
		}
		all = false;
		if (!is_wanted_still(loader, p) || !fits_beside(loader, held, p))
			continue;
		held += event_bytes(loader, p);
		if (!is_in_making(loader, p))
			*array_push(&loader->wanted) = p;
	}
	return all;
}

bool loader_want(struct loader *loader, int64_t begin_ns, int64_t end_ns, uint64_t limit)
{
	uint32_t first, end;
	uint64_t bytes = 0;

	array_clear(&loader->wanted);
	loader->clock++;
	model_parts_in(loader->model, begin_ns, end_ns, &first, &end);
	loader->window_first = loader->window_end = 0;
	if (end - first > MODEL_PARTS_MAX)
		return false;
	for (uint32_t p = first; p < end && bytes <= limit; p++)
		bytes += event_bytes(loader, p);
	if (bytes > limit && end - first > FEW_PARTS)
		return false;
	return want(loader, first, end);
}

/* Parts lap: who goes from one to the next needs both where they do. */
static void use_neighbour(struct loader *loader, uint32_t part)
{
	const uint32_t neighbours[] = { part - 1, part + 1 }; /* there is none before the first */

	for (int i = 0; i < 2; i++)
		if (neighbours[i] < loader->model->parts.count &&
		    model_has_history(loader->model, neighbours[i])) {
			use_history(loader, loader->model->parts.items[neighbours[i]]);
			return;
		}
}

bool loader_want_part(struct loader *loader, uint32_t part)
{
	array_clear(&loader->wanted);
	loader->clock++;
	if (part >= loader->model->parts.count)
		return false;
	if (!model_has_history(loader->model, part))
		make_room_for(loader, part); /* who looks at others waits */
	use_neighbour(loader, part);
	return want(loader, part, part + 1);
}

bool loader_has_forgotten(const struct loader *loader, int64_t begin_ns, int64_t end_ns)
{
	uint32_t first, end;
	uint64_t held;

	model_parts_in(loader->model, begin_ns, end_ns, &first, &end);
	if (first == end)
		return false;
	if (loader_is_forgotten(loader, first) || /* the oldest goes first */
	    loader->model->parts.items[end - 1]->is_cut)
		return true;
	held = bytes_held(loader, first, end);
	while (first < end && !loader_is_too_large(loader, first) &&
	       (model_has_history(loader->model, first) || fits_beside(loader, held, first)))
		first++;
	return first < end;
}
