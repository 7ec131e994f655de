/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/loader_at.h"

#include "core/model/closeup.h"

/* Close-ups: which are asked for, and how long they stay. The thread that owns the loader makes
 * them, in steps, as there is little to do and somebody waits for it. */

enum {
	NEAR_KEPT = 16 << 20,  /* bytes of close-ups */
	NEAR_MOST = 8 << 20,   /* of the file, that a close-up may read, */
	NEAR_AROUND = 2 << 20, /* and if it is made for some time beside the window, too */
	NEAR_SMALL = 1 << 19,  /* a part whose history is there as soon */
	NEAR_PARTS = 2,        /* that a narrow window laps into */
};

static bool covers(const struct near_wish *wish, uint32_t part, int64_t begin_ns, int64_t end_ns)
{
	return wish->part == part && wish->begin_ns <= begin_ns && wish->end_ns >= end_ns;
}

/* One that is there and has all of a window is used now. */
static bool use(struct loader *loader, uint32_t number, int64_t begin_ns, int64_t end_ns)
{
	struct part *part = loader->model->parts.items[number];

	for (size_t i = 0; i < part->closeups.count; i++)
		if (part->closeups.items[i].begin_ns <= begin_ns &&
		    part->closeups.items[i].end_ns >= end_ns) {
			part->closeups.items[i].last_used = loader->clock;
			return true;
		}
	return false;
}

/* If its bytes are spread evenly. */
static bool is_wide(const struct loader *loader, const struct part *part, int64_t width_ns)
{
	uint64_t bytes = loader->index->generations.items[part->number].event_bytes;
	int64_t len_ns = part->end_ns - part->begin_ns + 1;

	return (double)bytes * (double)width_ns > 2.0 * NEAR_MOST * (double)len_ns;
}

static bool is_possible(const struct loader *loader, uint32_t number)
{
	const struct part *part = loader->model->parts.items[number];
	bool is_small = loader->index->generations.items[number].event_bytes < NEAR_SMALL;

	return part->points.is_kept && !part->is_cut && part->history == NULL &&
	       !loader_is_forgotten(loader, number) &&
	       (!is_small || loader_is_too_large(loader, number));
}

static void want_part(struct loader *loader, uint32_t number, int64_t begin_ns, int64_t end_ns)
{
	const struct part *part = loader->model->parts.items[number];

	begin_ns = part_clip(part, begin_ns);
	end_ns = part_clip(part, end_ns);
	if (!is_possible(loader, number) || is_wide(loader, part, end_ns - begin_ns) ||
	    use(loader, number, begin_ns, end_ns))
		return;
	/* what was too much for a part of it is too much for it */
	if (loader->near_refused.end_ns > 0 && loader->near_refused.part == number &&
	    begin_ns <= loader->near_refused.begin_ns && end_ns >= loader->near_refused.end_ns)
		return;
	*array_push(&loader->near_wanted) = (struct near_wish){ number, begin_ns, end_ns };
}

static void drop_job(struct loader *loader)
{
	closeup_free(loader->near);
	loader->near = NULL;
}

void loader_want_near(struct loader *loader, int64_t begin_ns, int64_t end_ns)
{
	uint32_t first, end;
	size_t kept = 0;
	bool is_made = false;

	array_clear(&loader->near_wanted);
	model_parts_in(loader->model, begin_ns, end_ns, &first, &end);
	for (uint32_t p = first; p < end && end - first <= NEAR_PARTS; p++)
		want_part(loader, p, begin_ns, end_ns);
	for (size_t i = 0; i < loader->near_wanted.count; i++) {
		struct near_wish wish = loader->near_wanted.items[i];

		if (loader->near != NULL &&
		    covers(&loader->near_made, wish.part, wish.begin_ns, wish.end_ns))
			is_made = true;
		else
			loader->near_wanted.items[kept++] = wish;
	}
	loader->near_wanted.count = kept;
	if (!is_made) /* nobody looks there any more */
		drop_job(loader);
}

bool loader_has_near(const struct loader *loader)
{
	return loader->near != NULL || loader->near_wanted.count > 0;
}

/* ---- how long they stay */

static void drop_closeup(struct loader *loader, struct part *part, size_t i)
{
	loader->near_bytes -= part->closeups.items[i].history->bytes;
	history_free(part->closeups.items[i].history);
	part->closeups.items[i] = part->closeups.items[--part->closeups.count];
}

void loader_drop_near(struct loader *loader, struct part *part, uint64_t before)
{
	for (size_t i = part->closeups.count; i-- > 0;)
		if (part->closeups.items[i].last_used < before)
			drop_closeup(loader, part, i);
}

/* The longest unused, until the rest fits. */
static void trim(struct loader *loader)
{
	while (loader->near_bytes > NEAR_KEPT) {
		struct part *oldest = NULL;
		size_t at = 0;

		for (size_t p = 0; p < loader->model->parts.count; p++) {
			struct part *part = loader->model->parts.items[p];

			for (size_t i = 0; i < part->closeups.count; i++)
				if (oldest == NULL ||
				    part->closeups.items[i].last_used <
				            oldest->closeups.items[at].last_used) {
					oldest = part;
					at = i;
				}
		}
		if (oldest == NULL || oldest->closeups.items[at].last_used == loader->clock)
			return;
		drop_closeup(loader, oldest, at);
	}
}

/* ---- making */

static struct closeup_job *begin(struct loader *loader, const struct near_wish *wish, uint64_t most)
{
	return closeup_begin(&loader->work, &loader->histories, loader->model, wish->part,
	                     &loader->timings.items[wish->part], wish->begin_ns, wish->end_ns,
	                     most);
}

/* With some time beside it, for the next step to the side, if that is little more. */
static void begin_next(struct loader *loader)
{
	struct near_wish wish = loader->near_wanted.items[--loader->near_wanted.count], more = wish;
	const struct part *part = loader->model->parts.items[wish.part];
	int64_t margin_ns = (wish.end_ns - wish.begin_ns) / 2;

	if (!is_possible(loader, wish.part))
		return;
	more.begin_ns = part_clip(part, wish.begin_ns - margin_ns);
	more.end_ns = part_clip(part, wish.end_ns + margin_ns);
	loader->near_made = more;
	loader->near = begin(loader, &more, NEAR_AROUND);
	if (loader->near != NULL)
		return;
	loader->near_made = wish;
	loader->near = begin(loader, &wish, NEAR_MOST);
	if (loader->near == NULL)
		loader->near_refused = wish;
}

static void finish(struct loader *loader)
{
	struct part *part = loader->near->part;

	if (loader->near->history == NULL) {
		loader->near_refused = loader->near_made;
	} else if (is_possible(loader, part->number)) {
		struct closeup *closeup = array_push(&part->closeups);

		stitch_attach_closeup(loader->model, loader->near, closeup);
		closeup->last_used = loader->clock;
		loader->near_bytes += closeup->history->bytes;
		trim(loader);
		loader->made++;
	}
	drop_job(loader);
}

bool loader_step_near(struct loader *loader)
{
	if (!loader_has_near(loader))
		return false;
	if (budget_is_short(loader->budget))
		loader_make_room(loader);
	if (budget_is_short(loader->budget)) {
		drop_job(loader);
		array_clear(&loader->near_wanted);
		return false;
	}
	if (loader->near == NULL)
		begin_next(loader);
	else if (!closeup_step(loader->near))
		finish(loader);
	return loader_has_near(loader);
}
