/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

/* What is known of goroutines when something between two parts is missing. */

static void lose_assist(struct model *model, uint32_t go, struct live *live, int64_t known_ns)
{
	struct assist *assist;

	if (live->assist == INDEX_NONE)
		return;
	assist = &model->assists.items[live->assist];
	seam_end_assist(assist, known_ns,
	                live->assist_cpu_ns + (live->state == GO_RUNNING ? known_ns : 0));
	assist->is_open = false;
	roster_add_amount(&model->roster, &roster_edit(&model->roster, go)->ranges,
	                  strings_add(&model->strings, bytes_of("GC mark assist")),
	                  assist->end_ns - assist->begin_ns);
	live->assist = INDEX_NONE;
}

void seam_lose_go(struct seam *seam, uint32_t go, int64_t known_ns)
{
	struct live *live = seam_live(seam->model, go);

	if (live == NULL)
		return;
	if (known_ns < live->since_ns)
		known_ns = live->since_ns;
	seam_leave(seam->model, go, known_ns);
	seam_end_run(seam->model, go, known_ns, seam->part->number, REF_NONE);
	lose_assist(seam->model, go, live, known_ns);
	live->state = GO_UNKNOWN;
	live->since_ns = known_ns;
	if (known_ns > live->last_ns)
		live->last_ns = known_ns;
	live->lost_ns = TIME_UNKNOWN;
	live->proc = INDEX_NONE;
	live->worker = WORKER_NONE;
}

/* Whoever a thread had in hand has left it, if others run there and nothing tells how. Up to the
 * thread's last word of before it ran. */
void seam_lose_runs(struct seam *seam)
{
	struct model *model = seam->model;

	for (size_t s = 0; s < seam->walk->streams.count; s++) {
		const struct stream *stream = &seam->walk->streams.items[s];
		uint32_t thread = id_map_find(&model->thread_of, stream->m), go;
		const struct live *live;

		if (thread == ID_NONE || !stream->has_run)
			continue;
		go = model->threads.items[thread].go;
		live = seam_live(model, go);
		if (live != NULL && live->told_part != seam->part->number &&
		    (live->state == GO_RUNNING || live->state == GO_SYSCALL))
			seam_lose_go(seam, go, model->threads.items[thread].told_ns);
	}
}
