/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/retell.h"

#include "core/model/loader.h"

/* Stands between the second load and who listens: a file may have changed since the first. */
struct retelling {
	const struct model *model;
	const struct roster_listener *listener;
	uint64_t told;
	bool is_other; /* what is told is not what the model knows */
};

static bool are_known(const struct retelling *r, const struct roster_reader *reader, uint32_t chain)
{
	for (uint32_t i = chain; i != INDEX_NONE; i = roster_amount(reader, i)->next)
		if (roster_amount(reader, i)->name >= r->model->strings.texts.count)
			return false;
	return true;
}

static bool is_known(const struct retelling *r, const struct roster_reader *reader, uint32_t go,
                     const struct goroutine *g)
{
	const struct model *model = r->model;

	return go < model->roster.count && g->name < model->strings.texts.count &&
	       (g->parent == INDEX_NONE || g->parent < model->roster.count) &&
	       are_known(r, reader, g->blocks) && are_known(r, reader, g->ranges) &&
	       roster_brief(&model->roster, go).id == g->id;
}

static void tell(void *context, const struct roster_reader *reader, uint32_t go,
                 const struct goroutine *g)
{
	struct retelling *r = context;

	r->told++;
	r->is_other |= !is_known(r, reader, go, g);
	if (!r->is_other)
		r->listener->tell(r->listener->context, reader, go, g);
}

/* Whoever is still there. */
static void tell_rest(const struct roster *roster, const struct roster_listener *listener)
{
	struct roster_reader reader;

	roster_reader_init(&reader, roster);
	for (uint32_t go = 0; go < roster->count; go++)
		if (!roster_is_forgotten(roster, go))
			listener->tell(listener->context, &reader, go, roster_read(&reader, go));
	roster_reader_free(&reader);
}

/* The same ids for the same texts and stacks. */
void retell_begin(struct model *again, const struct model *model,
                  const struct roster_listener *listener)
{
	model_init(again, model->budget, model->version);
	for (string_id i = 0; i < model->strings.texts.count; i++)
		strings_add(&again->strings, strings_text(&model->strings, i));
	for (stack_id i = 0; i < model->stacks.places.count; i++) {
		uint32_t count;
		const struct frame *frames = stacks_frames(&model->stacks, i, &count);

		stacks_add(&again->stacks, frames, count);
	}
	again->elder = model;
	again->roster.elder = &model->roster;
	again->listener = listener;
}

static bool load(struct loader *loader)
{
	struct job *job;

	while ((job = loader_next(loader, 0)) != NULL) {
		while (job_step(job))
			;
		loader_done(loader, job);
		while (loader_join(loader))
			;
	}
	return loader_is_done(loader) && !loader->was_stopped;
}

static bool load_again(const struct model *model, const struct roster_listener *listener)
{
	struct model again;
	struct loader loader;
	bool good;

	retell_begin(&again, model, listener);
	loader_init(&loader, model->budget, &again, model->source, model->index, 0);
	good = load(&loader);
	if (good)
		tell_rest(&again.roster, listener);
	loader_free(&loader);
	model_free(&again);
	return good;
}

bool retell_goroutines(const struct model *model, const struct roster_listener *listener,
                       struct error *err)
{
	struct retelling retelling = { .model = model, .listener = listener };
	struct roster_listener between = { tell, &retelling };

	if (model->roster.forgotten == 0) {
		tell_rest(&model->roster, listener);
		return true;
	}
	if (model->source == NULL || atomic_load(&model->source->begin) > 0)
		return error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
		                 "goroutines of a pipe are not kept whole in so little memory; "
		                 "--memory raises it");
	/* one that was stopped before may be stopped elsewhere now, or not at all */
	if (!load_again(model, &between) ||
	    (model->was_stopped && (retelling.is_other || retelling.told != model->roster.count)))
		return error_set(
			err, ERROR_LIMIT, ERROR_NO_OFFSET,
			"memory limit reached in loading it once more; --memory raises it");
	if (retelling.is_other || retelling.told != model->roster.count)
		return error_set(err, ERROR_INCONSISTENT, ERROR_NO_OFFSET,
		                 "the file changed while it was open");
	return true;
}
