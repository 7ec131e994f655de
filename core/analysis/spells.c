/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/spells.h"

#include "core/base/checked.h"
#include "core/model/holders.h"
#include "core/model/part.h"

enum {
	QUEUE_GAP_NS = 1000000, /* queues so close behind each other are one */
	ALONE_GAP_NS = 100000,  /* others may be busy for so long between, */
	ALONE_GAPS = 50,        /* and for this part of all the time */
	FREED_NS = 200000,      /* before and behind one */
	RUNS_MOST = 1 << 20,
};

void spells_init(struct spells *spells, const struct model *model,
                 const struct finding_limits *limits, struct budget *budget)
{
	*spells = (struct spells){ .model = model,
		                   .limits = limits,
		                   .at_ns = INT64_MIN,
		                   .end_ns = model->end_ns,
		                   .procs = model_most_procs(model) };
	for (int k = 0; k < SPELL_KINDS; k++) {
		spells->now[k].begin_ns = TIME_UNKNOWN;
		spells->kept[k].budget = budget;
	}
	spells->runs.budget = spells->wakes.budget = budget;
	spells->busy_ns.budget = spells->queued_ns.budget = budget;
	go_names_init(&spells->names, &model->roster, budget);
	array_resize(&spells->busy_ns, SPELLS_GRID + 1);
	array_resize(&spells->queued_ns, SPELLS_GRID + 1);
}

void spells_free(struct spells *spells)
{
	for (int k = 0; k < SPELL_KINDS; k++)
		array_free(&spells->kept[k]);
	go_names_free(&spells->names);
	array_free(&spells->runs);
	array_free(&spells->wakes);
	array_free(&spells->busy_ns);
	array_free(&spells->queued_ns);
}

static int64_t add_times(int64_t sum, int64_t value, int64_t ns)
{
	return saturating_add_i64(sum, saturating_multiply_i64(value < 0 ? 0 : value, ns));
}

/* ---- one that is over */

static int64_t least_ns(const struct spells *spells, enum spell_kind kind)
{
	return kind == SPELL_ALONE  ? spells->limits->serial_ns
	       : kind == SPELL_IDLE ? spells->limits->idle_ns
	                            : spells->limits->wait_ns / 2;
}

static void finish(struct spells *spells, enum spell_kind kind)
{
	struct spell *spell = &spells->now[kind];

	if (spell->begin_ns != TIME_UNKNOWN && spell->sum_ns >= least_ns(spells, kind))
		spells_keep(spells, kind, spell);
	spell->begin_ns = TIME_UNKNOWN;
}

/* ---- numbers over time */

static bool is_stopped(const struct spells *spells, int64_t ns)
{
	return spells->stop < spells->model->stops.count &&
	       spells->model->stops.items[spells->stop].begin_ns <= ns;
}

/* What each kind costs while the numbers are as they are; 0: it is not one now. */
static void weigh(const struct spells *spells, int64_t ns, int64_t weights[SPELL_KINDS])
{
	int64_t runnable = spells->counts[COUNT_RUNNABLE], busy = spells->counts[COUNT_PROCS];
	int64_t idle = spells->procs - busy;

	weights[SPELL_QUEUE] = runnable > spells->procs ? runnable : 0;
	weights[SPELL_IDLE] = weights[SPELL_ALONE] = 0;
	if (idle <= 0 || is_stopped(spells, ns))
		return;
	weights[SPELL_ALONE] = busy == 1 ? idle : 0;
	weights[SPELL_IDLE] = runnable < 0 ? 0 : runnable < idle ? runnable : idle;
}

/* Whether one that ended goes on in a stretch that begins then. */
static bool goes_on(const struct spell *spell, enum spell_kind kind, int64_t ns)
{
	int64_t gap = ns - spell->end_ns;

	if (spell->begin_ns == TIME_UNKNOWN)
		return false;
	if (kind == SPELL_ALONE)
		return gap <= ALONE_GAP_NS &&
		       ns - spell->begin_ns - spell->sum_ns <= (ns - spell->begin_ns) / ALONE_GAPS;
	return gap <= (kind == SPELL_QUEUE ? QUEUE_GAP_NS : 0);
}

static void last(struct spells *spells, enum spell_kind kind, int64_t value, int64_t begin_ns,
                 int64_t end_ns)
{
	struct spell *spell = &spells->now[kind];

	if (!goes_on(spell, kind, begin_ns)) {
		finish(spells, kind);
		*spell = (struct spell){ .begin_ns = begin_ns, .go = INDEX_NONE };
	}
	spell->end_ns = end_ns;
	spell->sum_ns += end_ns - begin_ns;
	spell->cost_ns = add_times(spell->cost_ns, value, end_ns - begin_ns);
	spell->most = (uint32_t)value > spell->most ? (uint32_t)value : spell->most;
}

/* ---- sums on the grid */

static int64_t grid_ns(const struct spells *spells, int64_t at)
{
	return (int64_t)((__int128)spells->end_ns * at / SPELLS_GRID);
}

/* The first place at or behind a time. */
static int64_t grid_from(const struct spells *spells, int64_t ns)
{
	int64_t end_ns = spells->end_ns > 0 ? spells->end_ns : 1;

	return (int64_t)(((__int128)ns * SPELLS_GRID + end_ns - 1) / end_ns);
}

static void sum_up(struct spells *spells, int64_t begin_ns, int64_t end_ns)
{
	int64_t busy = spells->counts[COUNT_PROCS], queued = spells->counts[COUNT_RUNNABLE];

	while (spells->grid_at <= SPELLS_GRID && spells->grid_next_ns <= end_ns) {
		int64_t ns = spells->grid_next_ns > begin_ns ? spells->grid_next_ns - begin_ns : 0;

		spells->busy_ns.items[spells->grid_at] = add_times(spells->busy_now_ns, busy, ns);
		spells->queued_ns.items[spells->grid_at] =
			add_times(spells->queued_now_ns, queued, ns);
		spells->grid_next_ns = grid_ns(spells, ++spells->grid_at);
	}
	spells->busy_now_ns = add_times(spells->busy_now_ns, busy, end_ns - begin_ns);
	spells->queued_now_ns = add_times(spells->queued_now_ns, queued, end_ns - begin_ns);
}

/* The sum up to a time, in between as if it grew evenly. */
static int64_t sum_at(const struct spells *spells, const int64_t *sums, int64_t ns)
{
	int64_t at, begin_ns, end_ns;

	if (ns <= 0 || spells->end_ns <= 0)
		return 0;
	if (ns >= spells->end_ns)
		return sums[SPELLS_GRID];
	at = grid_from(spells, ns);
	at = at < 1 ? 1 : at;
	begin_ns = grid_ns(spells, at - 1);
	end_ns = grid_ns(spells, at);
	if (end_ns <= begin_ns || ns <= begin_ns)
		return sums[at];
	return sums[at - 1] + (int64_t)((__int128)(sums[at] - sums[at - 1]) * (ns - begin_ns) /
	                                (end_ns - begin_ns));
}

int64_t spells_busy(const struct spells *spells, int64_t begin_ns, int64_t end_ns)
{
	begin_ns = begin_ns < 0 ? 0 : begin_ns;
	if (end_ns <= begin_ns)
		return 0;
	return saturating_multiply_i64(sum_at(spells, spells->busy_ns.items, end_ns) -
	                                       sum_at(spells, spells->busy_ns.items, begin_ns),
	                               100) /
	       (end_ns - begin_ns);
}

/* ---- parts */

/* The numbers stay as they are up to a time, in which the world may stop and go on. */
static void settle(struct spells *spells, int64_t ns, spells_stop_fn *hurt, void *to)
{
	const struct model *model = spells->model;

	while (spells->at_ns < ns) {
		int64_t until = ns, weights[SPELL_KINDS];
		const struct stw *stop = spells->stop < model->stops.count
		                                 ? &model->stops.items[spells->stop]
		                                 : NULL;

		if (stop != NULL && stop->end_ns <= spells->at_ns) {
			spells->stop++;
			continue;
		}
		if (stop != NULL && stop->begin_ns > spells->at_ns && stop->begin_ns < until)
			until = stop->begin_ns;
		else if (stop != NULL && stop->begin_ns <= spells->at_ns && stop->end_ns < until)
			until = stop->end_ns;
		weigh(spells, spells->at_ns, weights);
		for (int k = 0; k < SPELL_KINDS; k++)
			if (weights[k] != 0)
				last(spells, (enum spell_kind)k, weights[k], spells->at_ns, until);
		sum_up(spells, spells->at_ns, until);
		spells->at_ns = until;
		if (stop != NULL && stop->begin_ns == until)
			hurt(to, spells->stop,
			     spells->counts[COUNT_RUNNING] + spells->counts[COUNT_RUNNABLE]);
	}
}

static int64_t next_begin(const struct model *model, uint32_t part)
{
	return part + 1 < model->parts.count ? model->parts.items[part + 1]->begin_ns
	                                     : model->end_ns;
}

/* Nothing is known of what is between two parts. */
static void begin_part(struct spells *spells, const struct part *part)
{
	struct change_cursor cursor = { .changes = &part_visited(part)->changes };

	if (spells->at_ns < part->begin_ns) {
		memset(spells->counts, 0, sizeof(spells->counts));
		if (spells->at_ns >= 0)
			sum_up(spells, spells->at_ns, part->begin_ns);
		spells->at_ns = part->begin_ns;
	}
	for (int c = 0; c < COUNTS; c++)
		spells->counts[c] = (int32_t)changes_value(&cursor, (enum count)c);
}

/* Parts lap a little: each counts up to where the next one begins. */
bool spells_part(struct spells *spells, uint32_t number, size_t *at, spells_stop_fn *hurt, void *to)
{
	const struct part *part = spells->model->parts.items[number];
	struct change_cursor cursor = { .changes = &part_visited(part)->changes,
		                        .stretch = (uint32_t)*at };
	int64_t end_ns = next_begin(spells->model, number);
	part_time time;
	enum change change;

	if (*at == 0)
		begin_part(spells, part);
	while (change_look(&cursor, &time, &change) && cursor.stretch == *at) {
		int64_t ns = part_ns(part, time);

		settle(spells, ns < end_ns ? ns : end_ns, hurt, to);
		for (int c = 0; c < COUNTS; c++)
			spells->counts[c] += change_adds[change][c];
		change_step(&cursor);
	}
	if (++*at < CHANGE_STRETCHES)
		return true;
	settle(spells, end_ns < part->end_ns ? end_ns : part->end_ns, hurt, to);
	return false;
}

void spells_end(struct spells *spells)
{
	memset(spells->counts, 0, sizeof(spells->counts));
	if (spells->at_ns >= 0 && spells->at_ns < spells->end_ns)
		sum_up(spells, spells->at_ns, spells->end_ns);
	for (int k = 0; k < SPELL_KINDS; k++)
		finish(spells, (enum spell_kind)k);
}

/* ---- what goroutines did meanwhile */

/* The first of a kind that ends behind a time; the one that goes on counts as the last. Most often
 * it is the one that it was before. */
static size_t first_behind(struct spells *spells, enum spell_kind kind, int64_t ns)
{
	const spell_array *kept = &spells->kept[kind];
	size_t low = 0, high = kept->count, hint = spells->hint[kind];

	if (hint <= high && (hint == high || kept->items[hint].end_ns > ns) &&
	    (hint == 0 || kept->items[hint - 1].end_ns <= ns))
		return hint;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kept->items[middle].end_ns <= ns)
			low = middle + 1;
		else
			high = middle;
	}
	spells->hint[kind] = low;
	return low;
}

/* The next one that laps into a stretch, from *at on; NULL. */
static struct spell *next_in(struct spells *spells, enum spell_kind kind, size_t *at,
                             int64_t begin_ns, int64_t end_ns)
{
	spell_array *kept = &spells->kept[kind];
	struct spell *spell = *at < kept->count    ? &kept->items[*at]
	                      : *at == kept->count ? &spells->now[kind]
	                                           : NULL;

	++*at;
	return spell != NULL && spell->begin_ns != TIME_UNKNOWN && spell->begin_ns < end_ns &&
	                       spell->end_ns > begin_ns
	               ? spell
	               : NULL;
}

static int64_t lap(const struct spell *spell, int64_t begin_ns, int64_t end_ns)
{
	int64_t from = begin_ns > spell->begin_ns ? begin_ns : spell->begin_ns;
	int64_t to = end_ns < spell->end_ns ? end_ns : spell->end_ns;

	return to > from ? to - from : 0;
}

static void note_holder(struct spells *spells, struct spell *spell, uint32_t go, int64_t ns)
{
	string_id name = go_names_of(&spells->names, go);
	uint32_t i = 0;

	while (i < spell->name_count && spell->names[i].name != name)
		i++;
	if (i == SPELL_NAMES) {
		spell->others_ns += ns;
		return;
	}
	if (i == spell->name_count)
		spell->names[spell->name_count++] = (struct spell_holder){ .name = name };
	spell->names[i].ns += ns;
}

/* A run, or a syscall as long as it has its P. */
static void note_run(struct spells *spells, const struct told *told, int64_t end_ns)
{
	size_t at = first_behind(spells, SPELL_QUEUE, told->begin_ns);
	struct spell *spell;

	while ((spell = next_in(spells, SPELL_QUEUE, &at, told->begin_ns, end_ns)) != NULL) {
		int64_t ns = lap(spell, told->begin_ns, end_ns);

		if (told->span.worker != WORKER_NONE)
			spell->gc_ns += ns;
		else if (told->span.kind == SPAN_SYSCALL)
			spell->syscall_ns += ns;
		else
			note_holder(spells, spell, told->span.go, ns);
	}
	at = first_behind(spells, SPELL_ALONE, told->begin_ns);
	while (spells->runs.count < RUNS_MOST &&
	       (spell = next_in(spells, SPELL_ALONE, &at, told->begin_ns, end_ns)) != NULL)
		*array_push(&spells->runs) = (struct spell_run){
			.begin_ns =
				told->begin_ns > spell->begin_ns ? told->begin_ns : spell->begin_ns,
			.end_ns = end_ns < spell->end_ns ? end_ns : spell->end_ns,
			.go = told->span.go,
		};
}

static void note_wait(struct spells *spells, const struct told *told)
{
	int64_t ns = told->end_ns - told->begin_ns;
	size_t at = first_behind(spells, SPELL_QUEUE, told->begin_ns);
	struct spell *spell;

	while (ns >= spells->limits->wait_ns &&
	       (spell = next_in(spells, SPELL_QUEUE, &at, told->begin_ns, told->end_ns)) != NULL) {
		spell->waits++;
		if (ns <= spell->longest_ns)
			continue;
		spell->longest_ns = ns;
		spell->longest_begin_ns = told->begin_ns;
		spell->go = told->span.go;
	}
	at = first_behind(spells, SPELL_ALONE, told->begin_ns - FREED_NS);
	if (told->by != INDEX_NONE && spells->wakes.count < RUNS_MOST &&
	    next_in(spells, SPELL_ALONE, &at, told->begin_ns - FREED_NS,
	            told->begin_ns + FREED_NS) != NULL)
		*array_push(&spells->wakes) = (struct spell_wake){ told->begin_ns, told->by };
}

void spells_tell(struct spells *spells, const struct told *told)
{
	if (told->span.kind == SPAN_RUNNABLE)
		note_wait(spells, told);
	else if (told->span.kind == SPAN_RUN)
		note_run(spells, told, told->end_ns);
	else if (told->span.kind == SPAN_SYSCALL && told->proc != INDEX_NONE)
		note_run(spells, told,
		         told->lost_ns == TIME_UNKNOWN ? told->end_ns : told->lost_ns);
}

/* ---- a run while others wait */

static void add_queued(struct queued *queued, int64_t runnable, int64_t procs, int64_t ns)
{
	queued->all_ns = add_times(queued->all_ns, runnable, ns);
	queued->share_ns = saturating_add_i64(
		queued->share_ns,
		saturating_multiply_i64(runnable < 0 ? 0 : runnable, ns) / (procs < 1 ? 1 : procs));
}

struct queued spells_queued(const struct spells *spells, uint32_t number, int64_t begin_ns,
                            int64_t end_ns)
{
	const struct part *part = spells->model->parts.items[number];
	int64_t from_ns = begin_ns > part->begin_ns ? begin_ns : part->begin_ns, at_ns = from_ns;
	struct change_cursor cursor =
		changes_from(&part_visited_whole(part)->changes, part_time_of(part, from_ns));
	int64_t runnable = changes_value(&cursor, COUNT_RUNNABLE);
	int64_t procs = changes_value(&cursor, COUNT_PROCS);
	struct queued queued = { 0, 0 };
	part_time time;
	enum change change;

	if (from_ns > begin_ns)
		add_queued(&queued,
		           sum_at(spells, spells->queued_ns.items, from_ns) -
		                   sum_at(spells, spells->queued_ns.items, begin_ns),
		           spells->procs, 1);
	for (; change_look(&cursor, &time, &change) && part_ns(part, time) < end_ns;
	     change_step(&cursor)) {
		int64_t ns = part_ns(part, time);

		if (change_adds[change][COUNT_RUNNABLE] == 0 &&
		    change_adds[change][COUNT_PROCS] == 0)
			continue;
		if (ns > at_ns)
			add_queued(&queued, runnable, procs, ns - at_ns);
		at_ns = ns > at_ns ? ns : at_ns;
		runnable += change_adds[change][COUNT_RUNNABLE];
		procs += change_adds[change][COUNT_PROCS];
	}
	if (end_ns > at_ns)
		add_queued(&queued, runnable, procs, end_ns - at_ns);
	return queued;
}
