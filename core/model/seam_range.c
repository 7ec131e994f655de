/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

#include "core/base/sort.h"

enum { PIECES_A_STEP = 1 << 13 };

/* ---- stops of the world */

/* Of all Ps, when they stopped running, by time: into keys, times above indexes. Of each, the last
 * before it of another P: into others, by place in keys. */
static void sort_idles(const struct seam *seam)
{
	const struct idle *idles = seam->account->idles.items;
	struct seams *seams = seam->seams;

	array_clear(&seams->keys);
	for (size_t p = 0; p < seam->walk->procs.count; p++) {
		const struct proc_delta *delta = &seam->account->procs.items[p];

		for (uint32_t i = delta->first_idle; i < delta->first_idle + delta->idle_count; i++)
			*array_push(&seams->keys) = (uint64_t)idles[i].time << 32 | i;
	}
	radix_sort(&seams->keys, &seams->room, 32, radix_bits(seam->walk->last));
	array_resize(&seams->idle_procs, seams->keys.count);
	for (size_t i = 0; i < seams->keys.count; i++) {
		uint32_t at = (uint32_t)seams->keys.items[i];
		uint32_t before = i == 0 ? at : (uint32_t)seams->keys.items[i - 1];

		seams->idle_procs.items[i] = i == 0 ? INDEX_NONE
		                             : idles[at].proc != idles[before].proc
		                                     ? (uint32_t)i - 1
		                                     : seams->idle_procs.items[i - 1];
	}
}

/* The last time in [begin, end] that another P than proc stopped running; NULL. */
static const struct idle *last_idle(const struct seam *seam, uint16_t proc, part_time begin,
                                    part_time end)
{
	const struct seams *seams = seam->seams;
	const struct idle *idle;
	size_t low = 0, high = seams->keys.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (seams->keys.items[middle] >> 32 <= end)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	idle = &seam->account->idles.items[(uint32_t)seams->keys.items[low - 1]];
	if (idle->proc == proc) {
		uint32_t other = seams->idle_procs.items[low - 1];

		if (other == INDEX_NONE)
			return NULL;
		idle = &seam->account->idles.items[(uint32_t)seams->keys.items[other]];
	}
	return idle->time < begin ? NULL : idle;
}

static void find_last_stop(const struct seam *seam, const struct stop *stop, struct stw *stw)
{
	part_time restart = stop->restart != TIME_NONE ? stop->restart : stop->end;
	const struct idle *last = last_idle(seam, stop->proc, stop->begin, restart);

	if (last == NULL)
		return;
	stw->last_proc = seam_proc(seam, last->proc);
	stw->last_go = last->last_go != INDEX_NONE
	                       ? seam_go(seam, last->last_go)
	                       : seam->model->procs.items[stw->last_proc].last_go;
	stw->stopping_ns = seam_len(seam, (int64_t)last->time - stop->begin);
}

void seam_charge_stop(struct model *model, const struct stw *stop)
{
	static const char prefix[] = "stop-the-world (";
	struct bytes reason = strings_text(&model->strings, stop->reason);
	char name[1100];
	size_t len = strlen(prefix);

	if (stop->go == INDEX_NONE)
		return;
	memcpy(name, prefix, len);
	if (reason.len > sizeof(name) - len - 2)
		reason.len = sizeof(name) - len - 2;
	if (reason.len > 0)
		memcpy(name + len, reason.data, reason.len);
	name[len + reason.len] = ')';
	roster_add_amount(&model->roster, &roster_edit(&model->roster, stop->go)->ranges,
	                  strings_add(&model->strings, (struct bytes){ (const uint8_t *)name,
	                                                               len + reason.len + 1 }),
	                  stop->end_ns - stop->begin_ns);
}

/* What the thread that holds an open stop told last. */
static int64_t last_word(const struct seam *seam, const struct stw *stw)
{
	uint32_t stream = id_map_find(&seam->walk->stream_of, stw->thread);
	int64_t now_ns = seam_ns(seam, seam->walk->streams.items[stream].now);

	return now_ns > stw->begin_ns ? now_ns : stw->begin_ns;
}

/* No generation begins while the world stands still: what is open behind one that goes on has lost
 * its end, and is known to have lasted until its thread's last word. A P that stopped later was
 * waited for until then. */
static void end_lost_stops(struct seam *seam)
{
	struct model *model = seam->model;

	for (size_t i = model->stops.count; i > seam->seams->stops; i--) {
		struct stw *stop = &model->stops.items[i - 1];

		if (!stop->is_open)
			continue;
		stop->is_open = false;
		if (stop->stopping_ns > stop->end_ns - stop->begin_ns)
			stop->stopping_ns = stop->end_ns - stop->begin_ns;
		seam_charge_stop(model, stop);
	}
	seam->seams->stops = model->stops.count;
}

static void join_stops(struct seam *seam)
{
	struct model *model = seam->model;

	end_lost_stops(seam);
	if (seam->walk->stops.count > 0)
		sort_idles(seam);
	for (size_t i = 0; i < seam->walk->stops.count; i++) {
		const struct stop *stop = &seam->walk->stops.items[i];
		struct stw stw = {
			.begin_ns = seam_ns(seam, stop->begin),
			.end_ns = stop->end == TIME_NONE ? TIME_UNKNOWN : seam_ns(seam, stop->end),
			.thread = stop->m,
			.go = seam_go_at(seam, stop->g, stop->begin),
			.proc = seam_proc(seam, stop->proc),
			.last_proc = INDEX_NONE,
			.last_go = INDEX_NONE,
			.reason = tables_string(&seam->part->tables, stop->reason),
			.stack = tables_stack(&seam->part->tables, stop->stack),
			.is_open = stop->end == TIME_NONE,
		};

		find_last_stop(seam, stop, &stw);
		if (!stw.is_open)
			seam_charge_stop(model, &stw);
		else
			stw.end_ns = last_word(seam, &stw);
		*array_push(&model->stops) = stw;
	}
}

static void remember_last_runs(struct seam *seam)
{
	for (size_t p = 0; p < seam->walk->procs.count; p++) {
		uint32_t go = seam_go(seam, seam->account->procs.items[p].last_go);

		if (go != INDEX_NONE)
			seam->model->procs.items[seam->seams->proc_of.items[p]].last_go = go;
	}
}

/* ---- GC workers */

static void join_workers(struct seam *seam)
{
	for (size_t i = 0; i < seam->account->workers.count; i++) {
		const struct worker_stay *stay = &seam->account->workers.items[i];

		*array_push(&seam->model->workers) = (struct worker_run){
			seam_ns(seam, stay->begin),
			seam_ns(seam, stay->end),
			seam_go_at(seam, stay->g, stay->begin),
			seam_proc(seam, stay->proc),
			stay->worker,
		};
	}
	for (size_t i = 0; i < seam->walk->labels.count; i++)
		*array_push(&seam->model->labels) = seam_ns(seam, seam->walk->labels.items[i]);
}

/* ---- mark assists and sweeps */

static string_id assist_name(struct seam *seam)
{
	return strings_add(&seam->model->strings, bytes_of("GC mark assist"));
}

static string_id sweep_name(struct seam *seam)
{
	return strings_add(&seam->model->strings, bytes_of("GC incremental sweep"));
}

bool seam_join_pieces(struct seam *seam, size_t *at)
{
	struct model *model = seam->model;
	string_id assist = assist_name(seam), sweep = sweep_name(seam);
	size_t end = *at + PIECES_A_STEP;

	for (; *at < end && *at < seam->walk->pieces.count; (*at)++) {
		const struct piece *piece = &seam->walk->pieces.items[*at];
		uint32_t go = seam_go_at(seam, piece->g, piece->begin);
		int64_t len = seam_len(seam, (int64_t)piece->end - piece->begin);

		if (go == INDEX_NONE)
			continue;
		roster_add_amount(&model->roster, &roster_edit(&model->roster, go)->ranges,
		                  piece->kind == PIECE_ASSIST ? assist : sweep, len);
		if (piece->kind == PIECE_ASSIST)
			*array_push(&model->assists) = (struct assist){
				.begin_ns = seam_ns(seam, piece->begin),
				.end_ns = seam_ns(seam, piece->end),
				.on_cpu_ns = len,
				.go = go,
				.proc = seam_proc(seam, piece->proc),
				.stack = tables_stack(&seam->part->tables, piece->stack),
			};
	}
	return *at < seam->walk->pieces.count;
}

void seam_end_assist(struct assist *assist, int64_t end_ns, int64_t on_cpu_ns)
{
	int64_t len = end_ns > assist->begin_ns ? end_ns - assist->begin_ns : 0;

	assist->end_ns = assist->begin_ns + len;
	assist->on_cpu_ns = on_cpu_ns < 0 ? 0 : on_cpu_ns > len ? len : on_cpu_ns;
}

static void begin_assist(struct seam *seam, const struct far_assist *far, uint32_t go)
{
	struct live *live = seam_live(seam->model, go);
	const struct go_delta *delta = seam_delta_at(seam, far->g, far->begin);
	struct assist *assist = array_push(&seam->model->assists);

	*assist = (struct assist){
		.begin_ns = far->was_active ? 0 : seam_ns(seam, far->begin),
		.end_ns = seam->part->end_ns,
		.go = go,
		.proc = seam_proc(seam, far->proc),
		.stack = tables_stack(&seam->part->tables, far->stack),
		.is_open = far->end == TIME_NONE,
		.is_far = true,
	};
	if (far->end != TIME_NONE)
		seam_end_assist(assist, seam_ns(seam, far->end), seam_len(seam, far->on_cpu));
	if (far->end != TIME_NONE || live == NULL)
		return;
	live->assist = (uint32_t)seam->model->assists.count - 1;
	live->assist_cpu_ns = seam_len(seam, far->on_cpu + (int64_t)delta->exec + delta->head_exec);
	if (delta->tail_state == GO_RUNNING)
		live->assist_cpu_ns -= delta->tail_is_head ? seam->part->begin_ns
		                                           : seam_ns(seam, delta->tail_since);
}

/* The clock of an open assist already counts this whole part (seam_go.c): what is behind its end is
 * taken away again. */
static void end_assist(struct seam *seam, const struct far_assist *far, uint32_t go)
{
	struct live *live = seam_live(seam->model, go);
	const struct go_delta *delta = seam_delta_at(seam, far->g, far->end);
	struct assist *assist = &seam->model->assists.items[live->assist];
	int64_t on_cpu_ns = live->assist_cpu_ns +
	                    seam_len(seam, far->on_cpu - (int64_t)delta->exec - delta->head_exec);

	if (delta->tail_state == GO_RUNNING)
		on_cpu_ns += delta->tail_is_head ? seam->part->begin_ns
		                                 : seam_ns(seam, delta->tail_since);
	seam_end_assist(assist, seam_ns(seam, far->end), on_cpu_ns);
	seam_clip_assist(seam->model, go, assist->end_ns);
	assist->is_open = false;
	live->assist = INDEX_NONE;
}

static void join_assists(struct seam *seam)
{
	string_id name = assist_name(seam);

	for (size_t i = 0; i < seam->account->assists.count; i++) {
		const struct far_assist *far = &seam->account->assists.items[i];
		part_time time = far->begin != TIME_NONE ? far->begin : far->end;
		uint32_t go = seam_go_at(seam, far->g, time), open;
		const struct live *live = seam_live(seam->model, go);

		if (go == INDEX_NONE)
			continue;
		open = live == NULL ? INDEX_NONE : live->assist;
		if (far->begin == TIME_NONE && open != INDEX_NONE)
			end_assist(seam, far, go);
		else if (far->begin != TIME_NONE && (open == INDEX_NONE || far->end != TIME_NONE))
			begin_assist(seam, far, go);
		else
			continue;
		if (far->end == TIME_NONE)
			continue;
		if (far->begin != TIME_NONE)
			open = (uint32_t)seam->model->assists.count - 1;
		roster_add_amount(&seam->model->roster,
		                  &roster_edit(&seam->model->roster, go)->ranges, name,
		                  seam->model->assists.items[open].end_ns -
		                          seam->model->assists.items[open].begin_ns);
	}
}

static int sweep_order(const void *a, const void *b)
{
	const struct sweep_end *x = a, *y = b;

	if (x->proc != y->proc)
		return x->proc < y->proc ? -1 : 1;
	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->kind > y->kind) - (x->kind < y->kind);
}

/* Charged to a goroutine only if it is the same at both ends (walk.md 13). */
static void join_sweep(struct seam *seam, const struct sweep_end *end, string_id name)
{
	struct open_sweep *open = &seam->seams->sweeps.items[seam_proc(seam, end->proc)];
	uint32_t go = seam_go_at(seam, end->g, end->time);

	if (end->kind != MARK_END) {
		*open = (struct open_sweep){
			end->kind == MARK_ACTIVE ? 0 : seam_ns(seam, end->time),
			go,
		};
		return;
	}
	if (open->go != INDEX_NONE && open->go == go && seam_ns(seam, end->time) >= open->begin_ns)
		roster_add_amount(&seam->model->roster,
		                  &roster_edit(&seam->model->roster, go)->ranges, name,
		                  seam_ns(seam, end->time) - open->begin_ns);
	open->go = INDEX_NONE;
}

/* Parts lap: an assist of before may begin after the part does. */
static void join_assist_run(struct seam *seam, const struct piece *piece)
{
	struct live *live = seam_live(seam->model, seam_go(seam, piece->g));
	int64_t begin_ns = seam_ns(seam, piece->begin), end_ns = seam_ns(seam, piece->end);

	if (live != NULL && piece->begin == 0 && live->assist_ns > begin_ns)
		begin_ns = live->assist_ns;
	if (live != NULL)
		live->assist_run = (uint32_t)seam->model->assist_runs.count;
	*array_push(&seam->model->assist_runs) = (struct proc_stretch){
		begin_ns,
		end_ns < begin_ns ? begin_ns : end_ns,
		seam_proc(seam, piece->proc),
	};
}

static void join_assist_runs(struct seam *seam)
{
	for (size_t i = 0; i < seam->account->clipped.count; i++)
		if (seam->account->clipped.items[i].kind == PIECE_ASSIST)
			join_assist_run(seam, &seam->account->clipped.items[i]);
}

static int metric_order(const void *a, const void *b)
{
	const struct metric *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

static void join_gomaxprocs(struct seam *seam)
{
	struct model *model = seam->model;
	struct walk *walk = seam->walk;

	SORT_ARRAY(&walk->gomaxprocs, metric_order);
	for (size_t i = 0; i < walk->gomaxprocs.count; i++) {
		const struct metric *metric = &walk->gomaxprocs.items[i];

		if (model->procs_counts.count == 0 || metric->value != model->gomaxprocs)
			*array_push(&model->procs_counts) =
				(struct metric_point){ seam_ns(seam, metric->time), metric->value };
		model->gomaxprocs = metric->value;
	}
}

/* Whether they went on is not told again. */
static void end_lost_sweeps(struct seam *seam, string_id name)
{
	for (size_t p = 0; p < seam->seams->sweeps.count; p++) {
		struct open_sweep *open = &seam->seams->sweeps.items[p];
		int64_t end_ns = seam->seams->lost_from_ns;

		if (open->go == INDEX_NONE)
			continue;
		roster_add_amount(&seam->model->roster,
		                  &roster_edit(&seam->model->roster, open->go)->ranges, name,
		                  end_ns > open->begin_ns ? end_ns - open->begin_ns : 0);
		open->go = INDEX_NONE;
	}
}

void seam_join_ranges(struct seam *seam)
{
	join_stops(seam);
	remember_last_runs(seam);
	seam_join_cycles(seam);
	join_workers(seam);
	join_assists(seam);
	join_assist_runs(seam);
	join_gomaxprocs(seam);
}

bool seam_join_sweeps(struct seam *seam, size_t *at)
{
	string_id name = sweep_name(seam);
	size_t end = *at + PIECES_A_STEP;

	if (*at == 0 && seam->seams->has_loss && seam->is_whole)
		end_lost_sweeps(seam, name);
	if (*at == 0)
		SORT_ARRAY(&seam->walk->sweep_ends, sweep_order);
	for (; *at < end && *at < seam->walk->sweep_ends.count; (*at)++)
		join_sweep(seam, &seam->walk->sweep_ends.items[*at], name);
	return *at < seam->walk->sweep_ends.count;
}
