/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/seam.h"

#include "core/base/sort.h"

enum { WHOLE_A_STEP = 1 << 11, OTHERS_A_STEP = 1 << 10 };

part_time seam_floor(const struct seam *seam, int64_t floor_ns)
{
	part_time floor = part_time_of(seam->part, floor_ns);

	if (seam_ns(seam, floor) < floor_ns && floor < TIME_NONE - 1)
		floor++; /* units of parts differ */
	return floor;
}

/* The outermost function of a stack; 0: there is none. */
static string_id root_of(const struct seam *seam, uint64_t stack)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(
		&seam->model->stacks, tables_stack(&seam->part->tables, stack), &count);

	return count > 0 ? frames[count - 1].function : 0;
}

/* The same for who asks often. */
static string_id name_of(struct seam *seam, uint64_t stack)
{
	string_id *name =
		stack < seam->seams->names.count ? &seam->seams->names.items[stack] : NULL;

	if (name == NULL)
		return root_of(seam, stack);
	if (*name == 0)
		*name = root_of(seam, stack) + 1;
	return *name - 1;
}

/* The name is the outermost function of the first change of state with a stack. */
static void join_name(struct seam *seam, struct goroutine *g, const struct go_delta *delta,
                      bool is_new)
{
	uint64_t stacks[2] = { is_new && !delta->is_created ? delta->status_stack : 0,
		               delta->name_stack };

	for (int i = 0; i < 2 && g->name == 0; i++)
		g->name = name_of(seam, stacks[i]);
}

static void join_new(struct seam *seam, uint32_t go, const struct go_delta *delta)
{
	struct goroutine *g = roster_edit(&seam->model->roster, go);
	struct live *live;

	g->created_ns = seam->part->begin_ns;
	if (delta->created != TIME_NONE)
		g->created_ns = seam_ns(seam, delta->created);
	else if (delta->head_state == GO_UNKNOWN) /* without a word of what it did before */
		g->created_ns = seam_ns(seam, delta->first);
	if (delta->is_created)
		return;
	live = seam_begin_live(seam->model, go, g->created_ns);
	live->state = delta->head_state;
	if (delta->has_head_run) {
		live->proc = seam_proc(seam, delta->head_proc);
		live->worker = delta->head_worker;
		live->run_ns = live->proc == INDEX_NONE ? TIME_UNKNOWN : live->since_ns;
	}
	/* in a syscall without a P: blocked since before */
	if (live->state == GO_SYSCALL && live->proc == INDEX_NONE && !delta->is_bound)
		live->lost_ns = live->since_ns;
}

/* Its assist is on its P since before the part: since when. */
static void begin_assist(struct seam *seam, uint32_t go, struct live *live)
{
	int64_t assist_ns = live->assist == INDEX_NONE
	                            ? live->run_ns
	                            : seam->model->assists.items[live->assist].begin_ns;

	assist_ns = assist_ns > live->run_ns ? assist_ns : live->run_ns;
	live->assist_ns = assist_ns;
	if (live->assist != INDEX_NONE && assist_ns > seam->part->begin_ns)
		*array_push(&seam->part->known.begins) = (struct known_clip){ assist_ns, go };
}

/* The part before has told when its syscall lost its P; if that has ended earlier, it ended with it. */
static void note_back(struct seam *seam, const struct live *live, int64_t end_ns)
{
	struct model *model = seam->model;

	if (live->state == GO_SYSCALL && live->lost_ns != TIME_UNKNOWN && end_ns < live->lost_ns &&
	    model->parts.count > 0)
		*array_push(&model->parts.items[model->parts.count - 1]->known.backs) =
			(struct known_clip){ end_ns, live->go };
}

/* The end of what it was doing at the seam. */
static void join_head_state(struct seam *seam, uint32_t go, const struct go_delta *delta)
{
	struct live *live = seam_live(seam->model, go);
	part_time end = delta->head_end;

	if (end == TIME_NONE && delta->head_state == GO_UNKNOWN && delta->first != TIME_NONE)
		end = delta->first; /* something is missing in between */
	if (live->state == GO_SYSCALL && delta->head_lost != TIME_NONE &&
	    live->lost_ns == TIME_UNKNOWN)
		live->lost_ns = seam_ns(seam, delta->head_lost);
	if (live->told_part != seam->part->number)
		begin_assist(seam, go, live);
	if (end != TIME_NONE) {
		note_back(seam, live, seam_ns(seam, end));
		seam_end_call(seam->model, go, seam_ns(seam, end), seam->part->number);
		seam_leave(seam->model, go, seam_ns(seam, end));
	}
	if (!delta->has_head_run) {
		if (end != TIME_NONE)
			seam_end_run(seam->model, go, seam_lane_end(live, seam_ns(seam, end)),
			             seam->part->number, REF_NONE);
		return;
	}
	if (delta->head_lane_end != TIME_NONE)
		seam_end_run(seam->model, go,
		             seam_lane_end(live, seam_ns(seam, delta->head_lane_end)),
		             seam->part->number, delta->head_end_ref);
}

static void join_tail(struct seam *seam, struct live *live, const struct go_delta *delta)
{
	bool runs_on = delta->has_tail_run
	                       ? delta->tail_lane_end == TIME_NONE
	                       : delta->has_head_run && delta->head_lane_end == TIME_NONE;

	live->state = delta->tail_state;
	live->since_ns = seam_ns(seam, delta->tail_since);
	live->lost_ns =
		delta->tail_lost == TIME_NONE ? TIME_UNKNOWN : seam_ns(seam, delta->tail_lost);
	live->reason = seam->seams->reasons.items[delta->tail_reason];
	live->worker = delta->tail_worker;
	live->is_call_told = false;
	live->call_ref = delta->tail_call_ref;
	live->call_part = delta->tail_call_ref == REF_NONE ? INDEX_NONE : seam->part->number;
	if (!delta->has_tail_run && runs_on && live->run_ns != TIME_UNKNOWN)
		return; /* it began before, and goes on */
	live->proc = seam_proc(seam, delta->tail_proc);
	if (!delta->has_tail_run || !runs_on)
		return;
	live->run_ns = live->proc == INDEX_NONE ? TIME_UNKNOWN : seam_ns(seam, delta->tail_begin);
	live->run_part = seam->part->number;
	live->run_ref = delta->tail_ref;
}

static void add_block(struct seam *seam, struct goroutine *g, uint8_t reason, int64_t units)
{
	roster_add_amount(&seam->model->roster, &g->blocks, seam->seams->reasons.items[reason],
	                  seam_len(seam, units));
}

static void add_sums(struct seam *seam, struct goroutine *g, const struct go_delta *delta)
{
	g->exec_ns += seam_len(seam, delta->exec);
	g->sched_ns += seam_len(seam, delta->sched);
	g->syscall_exec_ns += seam_len(seam, delta->syscall_exec);
	g->syscall_block_ns += seam_len(seam, delta->syscall_block);
	for (uint32_t b = delta->blocks; b != INDEX_NONE; b = seam->account->blocks.items[b].next) {
		const struct block_sum *sum = &seam->account->blocks.items[b];

		add_block(seam, g, sum->reason, sum->units);
	}
	if (g->started_ns == TIME_UNKNOWN && delta->started != TIME_NONE)
		g->started_ns = seam_ns(seam, delta->started);
	if (delta->ended != TIME_NONE)
		g->ended_ns = seam_ns(seam, delta->ended);
}

/* The clock of an assist through a part: running time so far, less the begin of a run that goes on.
 */
static void join_assist_clock(struct seam *seam, struct live *live, const struct go_delta *delta)
{
	if (live->assist == INDEX_NONE)
		return;
	if (live->state == GO_RUNNING)
		live->assist_cpu_ns += seam->part->begin_ns;
	live->assist_cpu_ns += seam_len(seam, (int64_t)delta->exec + delta->head_exec);
	if (delta->tail_state == GO_RUNNING)
		live->assist_cpu_ns -= delta->tail_is_head ? seam->part->begin_ns
		                                           : seam_ns(seam, delta->tail_since);
}

/* What it did here, and what it does when the part ends. One that dies keeps its life until assists
 * are joined (seam_bury). */
static void join_life(struct seam *seam, uint32_t go, const struct go_delta *delta)
{
	struct goroutine *g = roster_edit(&seam->model->roster, go);
	struct live *live = seam_live(seam->model, go);

	if (!delta->is_created) {
		seam_believe_head(seam, go, delta);
		join_assist_clock(seam, live, delta);
		join_head_state(seam, go, delta);
	}
	add_sums(seam, g, delta);
	if (live == NULL && delta->tail_state != GO_DEAD)
		live = seam_begin_live(seam->model, go, g->created_ns);
	if (live == NULL)
		return;
	live->told_part = seam->part->number;
	live->is_idle = !delta->is_created && delta->tail_is_head;
	if (!delta->tail_is_head)
		join_tail(seam, live, delta);
	if (seam_ns(seam, delta->last) > live->last_ns)
		live->last_ns = seam_ns(seam, delta->last);
	if (live->last_ns > seam->part->end_ns)
		seam->part->end_ns = live->last_ns; /* in units that are coarser than before */
}

static void floor_go(struct seam *seam, uint32_t own, struct go_delta *delta, int64_t last_ns)
{
	part_time floor = seam_floor(seam, last_ns);

	seam_floor_runnable(seam, delta, floor);
	account_floor(seam->account, delta, floor);
	*array_push(&seam->part->known.gos) = (struct floor){ .own = own, .time = floor };
}

/* What is told of one that is forgotten changes nothing: those that block for ever are told of
 * again and again. */
static bool is_over(const struct seam *seam, uint32_t go, const struct go_delta *delta)
{
	const struct roster *roster = &seam->model->roster;

	return roster_is_forgotten(roster, go) && !seam_tells_of_life(delta) &&
	       (delta->name_stack == 0 || roster_brief(roster, go).name != 0);
}

void seam_join_go(struct seam *seam, uint32_t go, uint32_t own, struct go_delta *delta)
{
	const struct live *live;
	bool is_new;

	if (delta->first == TIME_NONE || is_over(seam, go, delta))
		return;
	is_new = roster_edit(&seam->model->roster, go)->created_ns == TIME_UNKNOWN;
	seam_revive(seam, go, delta);
	live = seam_live(seam->model, go);
	if (live != NULL && seam_ns(seam, delta->first) < live->last_ns)
		floor_go(seam, own, delta, live->last_ns);
	if (is_new)
		join_new(seam, go, delta);
	join_name(seam, roster_edit(&seam->model->roster, go), delta, is_new);
	if (is_new || (live != NULL && live->state != GO_DEAD))
		join_life(seam, go, delta);
}

void seam_name_parent(struct seam *seam, uint32_t go, const struct go_delta *delta)
{
	if (delta->is_created)
		roster_edit(&seam->model->roster, go)->parent =
			seam_go_at(seam, delta->parent, delta->created);
}

static int by_go(const void *a, const void *b)
{
	const struct known_clip *x = a, *y = b;

	return (x->go > y->go) - (x->go < y->go);
}

void seam_sort_backs(struct seam *seam)
{
	const struct model *model = seam->model;

	if (model->parts.count > 0)
		SORT_ARRAY(&model->parts.items[model->parts.count - 1]->known.backs, by_go);
}

void seam_end_lost_runs(struct seam *seam)
{
	for (size_t i = 0; i < seam->seams->losers.count; i++) {
		uint32_t go = seam->seams->losers.items[i];
		const struct live *live = seam_live(seam->model, go);

		if (live != NULL && live->state == GO_SYSCALL && live->lost_ns != TIME_UNKNOWN)
			seam_end_run(seam->model, go, seam_lane_end(live, live->lost_ns),
			             seam->part->number, REF_NONE);
	}
	array_clear(&seam->seams->losers);
}

/* An amount of one that is complete, to the others of it. */
static void note_block(struct seam *seam, struct goroutine *g, uint8_t reason, int64_t units)
{
	amount_array *amounts = &seam->seams->amounts;
	string_id name = seam->seams->reasons.items[reason];
	uint32_t at = g->blocks;

	while (at != INDEX_NONE && amounts->items[at].name != name)
		at = amounts->items[at].next;
	if (at == INDEX_NONE) {
		at = (uint32_t)amounts->count;
		*array_push(amounts) = (struct amount){ .name = name, .next = g->blocks };
		g->blocks = at;
	}
	amounts->items[at].ns += seam_len(seam, units);
}

/* A life that lies in the part, as a goroutine with its amounts in seams. */
static void tell_whole(struct seam *seam, uint32_t own, struct goroutine *g)
{
	const struct go_life *life = &seam->account->lives.items[own];
	const struct wait_sum *waits = &seam->account->waits.items[life->first_wait];

	*g = (struct goroutine){
		.id = seam->walk->gos.items[own].id,
		.created_ns = seam_ns(seam, life->created),
		.started_ns = life->started == TIME_NONE ? TIME_UNKNOWN
		                                         : seam_ns(seam, life->started),
		.ended_ns = seam_ns(seam, life->last),
		.exec_ns = seam_len(seam, life->exec),
		.sched_ns = seam_len(seam, life->sched),
		.syscall_exec_ns = seam_len(seam, life->syscall_exec),
		.parent = seam_go_at(seam, life->parent, life->created),
		.name = name_of(seam, life->name_stack),
		.blocks = INDEX_NONE,
		.ranges = INDEX_NONE,
		.live = INDEX_NONE,
	};
	if (life->has_blocked)
		note_block(seam, g, life->blocked_reason, life->blocked);
	for (uint32_t i = 0; i < life->waits; i++)
		note_block(seam, g, waits[i].reason, waits[i].units);
}

/* One that is in the roster now. */
static void note_whole(struct seam *seam, uint32_t own, string_id name)
{
	seam_set_go(seam->model, seam->walk->gos.items[own].id, seam_go(seam, own));
	seam_count_name(seam, name, seam->account->runs.items[own]);
}

/* One of them that has no full block of neighbours. */
static void join_whole(struct seam *seam, uint32_t own)
{
	struct roster *roster = &seam->model->roster;
	struct goroutine g, *to;
	uint32_t chain;

	array_clear(&seam->seams->amounts);
	tell_whole(seam, own, &g);
	to = roster_edit(roster, roster_add(roster, g.id));
	chain = g.blocks;
	g.blocks = INDEX_NONE;
	*to = g;
	for (; chain != INDEX_NONE; chain = seam->seams->amounts.items[chain].next)
		roster_add_amount(roster, &to->blocks, seam->seams->amounts.items[chain].name,
		                  seam->seams->amounts.items[chain].ns);
	note_whole(seam, own, g.name);
}

static void join_block(struct seam *seam, const uint32_t *own)
{
	struct goroutine gos[ROSTER_BLOCK];

	array_clear(&seam->seams->amounts);
	for (int i = 0; i < ROSTER_BLOCK; i++)
		tell_whole(seam, own[i], &gos[i]);
	roster_add_block(&seam->model->roster, gos, &seam->seams->amounts);
	for (int i = 0; i < ROSTER_BLOCK; i++)
		note_whole(seam, own[i], gos[i].name);
}

bool seam_join_wholes(struct seam *seam, size_t *at)
{
	const u32_array *whole = &seam->seams->whole;
	const struct go_life *lives = seam->account->lives.items;
	const struct wait_sum *waits = seam->account->waits.items;
	const struct local_go *gos = seam->walk->gos.items;
	size_t end = *at + WHOLE_A_STEP;

	while (*at < end && *at < whole->count) {
		bool is_block = seam->model->roster.count % ROSTER_BLOCK == 0 &&
		                whole->count - *at >= ROSTER_BLOCK;

		if (!is_block) {
			join_whole(seam, whole->items[(*at)++]);
			continue;
		}
		/* lives stand where they were heard of first, and what they waited for where they
		 * ended, which is all over the place. They are asked for here, as a compiler takes
		 * a function that does nothing else for one that does nothing. */
		for (size_t i = *at + ROSTER_BLOCK; i < *at + 2 * ROSTER_BLOCK; i++) {
			if (i < whole->count)
				__builtin_prefetch(&waits[lives[whole->items[i]].first_wait]);
			if (i + ROSTER_BLOCK >= whole->count)
				continue;
			__builtin_prefetch(&lives[whole->items[i + ROSTER_BLOCK]]);
			__builtin_prefetch(&gos[whole->items[i + ROSTER_BLOCK]]);
		}
		join_block(seam, &whole->items[*at]);
		*at += ROSTER_BLOCK;
	}
	return *at < whole->count;
}

bool seam_join_others(struct seam *seam, size_t *at)
{
	const u32_array *others = &seam->seams->others;
	size_t end = *at + OTHERS_A_STEP;

	for (; *at < end && *at < others->count; (*at)++) {
		uint32_t own = others->items[*at], go = seam_go(seam, own);
		struct go_delta *delta;

		if (seam->walk->gos.items[own].is_standin || go == INDEX_NONE)
			continue;
		delta = account_own_delta(seam->account, own);
		seam_join_go(seam, go, own, delta);
		seam_name_parent(seam, go, delta);
		seam_count_go(seam, go, seam->account->runs.items[own]);
	}
	return *at < others->count;
}

static void bury(struct model *model, uint32_t go)
{
	const struct live *live = seam_live(model, go);

	if (live != NULL && live->state == GO_DEAD && live->assist == INDEX_NONE)
		seam_end_live(model, go);
}

void seam_bury(struct seam *seam)
{
	for (size_t i = 0; i < seam->seams->others.count; i++)
		bury(seam->model, seam_go(seam, seam->seams->others.items[i]));
	for (size_t i = 0; i < seam->account->past.count; i++)
		bury(seam->model, seam->account->past.items[i].go);
}
