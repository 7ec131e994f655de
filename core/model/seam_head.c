/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

/* What goroutines did before the lives that their ids tell of: earlier ones of the same id, and
 * runs at the heads of streams. */

/* One whose id was used again before the part was over. */
static void join_past(struct seam *seam, struct past_life *past)
{
	uint32_t go;

	if (past->delta.is_created)
		go = seam_new_go(seam, seam->walk->gos.items[past->g].id);
	else
		go = model_find_go(seam->model, seam->walk->gos.items[past->g].id);
	if (go == ID_NONE)
		go = seam_new_go(seam, seam->walk->gos.items[past->g].id);
	past->go = go;
	seam_join_go(seam, go, past->g, &past->delta);
}

void seam_join_past(struct seam *seam)
{
	struct seams *seams = seam->seams;

	array_clear(&seams->past);
	array_clear(&seams->others);
	for (uint32_t i = 0; i < seam->account->past.count; i++)
		*array_push(&seams->others) = i;
	seam_sort_by_id(seam, &seams->others, true);
	for (size_t i = 0; i < seams->others.count; i++)
		join_past(seam, &seam->account->past.items[seams->others.items[i]]);
	for (size_t i = 0; i < seam->account->past.count; i++)
		*array_push(&seams->past) = (uint64_t)seam->account->past.items[i].g << 32 | i;
	radix_sort(&seams->past, &seams->room, 32, 32);
}

void seam_name_past(struct seam *seam)
{
	for (size_t i = 0; i < seam->account->past.count; i++) {
		const struct past_life *past = &seam->account->past.items[i];

		seam_name_parent(seam, past->go, &past->delta);
	}
}

/* The thread has its P since before. */
static void take_head_proc(struct seam *seam, uint32_t own, struct go_delta *delta, uint32_t proc)
{
	struct model_proc *p = &seam->model->procs.items[proc];

	delta->head_proc = seam->seams->own_proc.items[proc];
	p->run_ns += seam_len(seam, delta->exec);
	p->syscall_ns += seam_len(seam, delta->syscall_exec);
	*array_push(&seam->part->known.heads) = (struct known_head){ own, delta->head_proc };
}

/* Who ran at the head of a stream without a word of its own: whom a status elsewhere tells to be
 * there, or whom the thread had in hand before (performance.md 6). What it did is what its
 * goroutine did before all else here. */
static void join_head(struct seam *seam, const struct stream *stream, uint32_t go)
{
	struct go_delta *delta = account_own_delta(seam->account, stream->head_go);
	uint32_t thread = id_map_find(&seam->model->thread_of, stream->m), own;
	uint32_t proc = thread == ID_NONE ? INDEX_NONE : seam->model->threads.items[thread].proc;

	if (delta->head_proc == PROC_NONE && proc != INDEX_NONE)
		take_head_proc(seam, stream->head_go, delta, proc);
	seam->seams->go_of.items[stream->head_go] = go;
	*array_push(&seam->part->heads) =
		(struct head){ stream->head_go, go, seam_proc(seam, delta->head_proc) };
	seam_join_go(seam, go, stream->head_go, delta);
	own = stream->bound != INDEX_NONE
	              ? INDEX_NONE
	              : id_pages_find(&seam->walk->go_of,
	                              roster_brief(&seam->model->roster, go).id);
	if (own == ID_NONE || account_delta(seam->account, own)->is_created)
		return;
	/* its own status came later and was taken for what it did at the head */
	if (account_delta(seam->account, own)->head_state == GO_RUNNABLE)
		pyramid_shift(&seam->part->pyramid, SERIES_RUNNABLE, -1);
}

/* As is known from before the part; INDEX_NONE. */
static uint32_t find_head(const struct seam *seam, const struct stream *stream)
{
	const struct model *model = seam->model;
	uint32_t go = ID_NONE, thread = id_map_find(&model->thread_of, stream->m);

	if (stream->bound != INDEX_NONE)
		go = model_find_go(model, seam->walk->gos.items[stream->bound].id);
	if (go != ID_NONE)
		return go;
	if (thread != ID_NONE && seam_live(seam->model, model->threads.items[thread].go) != NULL)
		return model->threads.items[thread].go;
	return INDEX_NONE;
}

void seam_join_heads(struct seam *seam)
{
	for (size_t s = 0; s < seam->walk->streams.count; s++) {
		const struct stream *stream = &seam->walk->streams.items[s];
		uint32_t go = stream->head_go == INDEX_NONE ? INDEX_NONE : find_head(seam, stream);

		if (go != INDEX_NONE)
			join_head(seam, stream, go);
	}
}

void seam_join_new_heads(struct seam *seam)
{
	for (size_t s = 0; s < seam->walk->streams.count; s++) {
		const struct stream *stream = &seam->walk->streams.items[s];
		uint32_t go = seam_go(seam, stream->bound);

		if (stream->head_go == INDEX_NONE || seam_go(seam, stream->head_go) != INDEX_NONE)
			continue;
		if (go == INDEX_NONE)
			seam->model->dropped++;
		else
			join_head(seam, stream, go);
	}
}
