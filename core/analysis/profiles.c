/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/analysis/filter_span.h"
#include "core/analysis/flame.h"
#include "core/analysis/inside.h"
#include "core/analysis/profile.h"
#include "core/analysis/said.h"
#include "core/model/part.h"

/* Profiles of what goroutines wait for, by the stack of the event that they begin to with (Go:
 * cmd/trace/pprof.go, go-tool-trace.md 8), and of where they were sampled. */

enum { PENDING_FEW = 1 << 12 };

struct profiles {
	struct profile profile;
	enum profile_kind kind;
	const struct model *model;
	const struct question *question;
	struct roster_reader reader;
	struct inside inside;   /* of the regions that are asked for */
	ARRAY(uint8_t) has_run; /* a bit a goroutine */
	ARRAY(struct pending {  /* stays that count if their goroutine never runs */
			       uint32_t go;
			       stack_id stack;
			       int64_t ns;
	})
	pending;
	struct stacks by_reason; /* of a tree of waits: why they waited, and their stack */
	struct id_map reason_of; /* reason and stack -> by_reason */
	size_t pending_most;     /* before those that have run are dropped */
	string_id name;          /* of the goroutines that are asked for */
	bool has_found;
};

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct profiles *profiles = to;

	profiles->model = model;
	profiles->question = question;
	profiles->name = strings_find(&model->strings, question->goroutines);
	profiles->kind = (enum profile_kind)question->kind;
	profile_init(&profiles->profile, budget);
	roster_reader_init(&profiles->reader, &model->roster);
	inside_init(&profiles->inside, budget);
	profiles->reason_of.budget = budget;
	stacks_init(&profiles->by_reason, budget);
	if (profiles->kind == PROFILE_STACKS && question->is_tree)
		profiles->profile.of = &profiles->by_reason;
	profiles->has_run.budget = profiles->pending.budget = budget;
	profiles->pending_most = PENDING_FEW;
	array_resize(&profiles->has_run, model->roster.count / 8 + 1);
}

/* Of samples without regions, parts have all that there is. Who ever runs is known but of those
 * that the roster has forgotten. */
static uint8_t needs(const void *to)
{
	const struct profiles *profiles = to;

	static const uint8_t kinds[] = {
		[PROFILE_NET] = PASS_WAITS,     [PROFILE_SYNC] = PASS_WAITS,
		[PROFILE_SYSCALL] = PASS_CALLS, [PROFILE_SCHED] = PASS_READY,
		[PROFILE_STACKS] = PASS_WAITS,  [PROFILE_CPU] = 0
	};
	uint8_t stays = kinds[profiles->kind];

	if (stays != 0 && profiles->model->roster.forgotten > 0)
		stays |= PASS_RUNS;
	if (stays != 0 && (profiles->model->damage.rows.count > 0 || profiles->model->dropped > 0 ||
	                   profiles->model->doubted > 0))
		stays = PASS_STAYS;
	return (uint8_t)(stays | (profiles->question->has_region ? PASS_SAID : 0));
}

/* ---- which stays */

static bool has_word(struct bytes text, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= text.len; i++)
		if (memcmp(text.data + i, word, len) == 0)
			return true;
	return false;
}

static bool is_of_kind(const struct profiles *profiles, struct told *told)
{
	struct bytes reason;

	if (told->span.kind == SPAN_RUNNABLE)
		return profiles->kind == PROFILE_SCHED;
	if (told->span.kind == SPAN_SYSCALL)
		return profiles->kind == PROFILE_SYSCALL;
	if (told->span.kind != SPAN_WAITING || profiles->kind == PROFILE_SCHED ||
	    profiles->kind == PROFILE_SYSCALL)
		return false;
	if (profiles->kind == PROFILE_STACKS)
		return true;
	told_know(told, profiles->model);
	reason = strings_text(&profiles->model->strings, told->reason);
	if (profiles->kind == PROFILE_NET)
		return bytes_equal(reason, bytes_of("network"));
	return has_word(reason, "chan") || has_word(reason, "sync") || has_word(reason, "select");
}

static bool is_asked_for(struct profiles *profiles, uint32_t go)
{
	if (!question_has_go(profiles->question, go))
		return false;
	if (!profiles->question->has_goroutines)
		return true;
	if (go >= profiles->model->roster.count ||
	    roster_read(&profiles->reader, go)->name != profiles->name)
		return false;
	profiles->has_found = true;
	return true;
}

static bool has_run(const struct profiles *profiles, uint32_t go)
{
	return (profiles->has_run.items[go / 8] >> go % 8 & 1) != 0;
}

static void note_run(struct profiles *profiles, uint32_t go)
{
	profiles->has_run.items[go / 8] |= (uint8_t)(1 << go % 8);
}

/* Of one that the roster has forgotten it is not known yet whether it will ever run. */
static bool may_run(const struct profiles *profiles, uint32_t go)
{
	return roster_is_forgotten(&profiles->model->roster, go) && !has_run(profiles, go);
}

/* What of a stay counts: from the first run of its goroutine on, or, if it never runs, all. */
static void clip(struct profiles *profiles, const struct told *told, int64_t *begin_ns)
{
	uint32_t go = told->span.go;
	int64_t started_ns;

	if (told->ran == RAN_NEXT)
		*begin_ns = told->end_ns;
	if (told->ran == RAN_NEXT || has_run(profiles, go) ||
	    roster_is_forgotten(&profiles->model->roster, go))
		return;
	started_ns = roster_read(&profiles->reader, go)->started_ns;
	if (started_ns != TIME_UNKNOWN && started_ns > *begin_ns)
		*begin_ns = started_ns;
	else if (started_ns != TIME_UNKNOWN)
		note_run(profiles, go);
}

static void drop_pending(struct profiles *profiles)
{
	size_t kept = 0;

	for (size_t i = 0; i < profiles->pending.count; i++)
		if (!has_run(profiles, profiles->pending.items[i].go))
			profiles->pending.items[kept++] = profiles->pending.items[i];
	profiles->pending.count = kept;
	profiles->pending_most = kept < PENDING_FEW ? PENDING_FEW : 2 * kept;
}

static void put_off(struct profiles *profiles, const struct told *told, int64_t ns)
{
	if (profiles->pending.count >= profiles->pending_most)
		drop_pending(profiles);
	*array_push(&profiles->pending) = (struct pending){ told->span.go, told->stack, ns };
}

static bool is_whole(const struct profiles *profiles)
{
	return profiles->question->is_unclipped || profiles->kind == PROFILE_STACKS;
}

/* False: nothing of it counts. */
static bool measure(struct profiles *profiles, const struct told *told, int64_t *ns)
{
	const struct question *question = profiles->question;
	int64_t begin_ns = told->heard_ns, end_ns = told->end_ns;

	if (!is_whole(profiles))
		clip(profiles, told, &begin_ns);
	if (end_ns < begin_ns || end_ns < question->from_ns || begin_ns > question->to_ns)
		return false;
	begin_ns = question_clip(question, begin_ns);
	end_ns = question_clip(question, end_ns);
	*ns = end_ns - begin_ns;
	if (question->has_region)
		*ns = inside_ns(&profiles->inside, told->span.go, begin_ns, end_ns);
	return *ns > 0 || (is_whole(profiles) && !question->has_region);
}

/* Its stack, called by its reason. */
static stack_id stack_by_reason(struct profiles *profiles, const struct told *told)
{
	uint64_t key = (uint64_t)told->reason << 32 | told->stack;
	uint32_t known = id_map_find(&profiles->reason_of, key), count;
	const struct frame *frames = stacks_frames(&profiles->model->stacks, told->stack, &count);
	ARRAY(struct frame) room = { .budget = profiles->by_reason.frames.budget };

	if (known != ID_NONE)
		return known;
	for (uint32_t i = 0; i < count; i++)
		*array_push(&room) = frames[i];
	*array_push(&room) = (struct frame){ .function = told->reason };
	known = stacks_add(&profiles->by_reason, room.items, count + 1);
	id_map_set(&profiles->reason_of, key, known);
	array_free(&room);
	return known;
}

static void tell(void *to, const struct model *model, struct told *told)
{
	struct profiles *profiles = to;
	struct filter *filter = profiles->question->filter;
	int64_t ns;

	if (told->span.kind == SPAN_RUN || told->ran == RAN_BEFORE)
		note_run(profiles, told->span.go);
	if (!is_asked_for(profiles, told->span.go) || told->is_open || !is_of_kind(profiles, told))
		return;
	if (!measure(profiles, told, &ns))
		return;
	told_know(told, model);
	if (filter != NULL && !filter_accepts_told(filter, model, told))
		return;
	if (!is_whole(profiles) && may_run(profiles, told->span.go))
		put_off(profiles, told, ns);
	else
		profile_add(&profiles->profile,
		            profiles->profile.of == NULL ? told->stack
		                                         : stack_by_reason(profiles, told),
		            ns);
}

/* ---- regions and samples */

static void add_region(void *to, const struct user_region *region)
{
	struct profiles *profiles = to;
	struct bytes name = strings_text(&profiles->model->strings, region->name);

	if (!bytes_equal(name, profiles->question->region))
		return;
	profiles->has_found = true;
	inside_add(&profiles->inside, region);
}

static bool look(void *to, const struct model *model, uint32_t part, size_t *at)
{
	struct profiles *profiles = to;

	return profiles->question->has_region &&
	       said_notes(model, part, at, &(struct said_listener){ to, add_region, NULL });
}

static void add_sample(struct profiles *profiles, const struct cpu_sample *sample)
{
	const struct question *question = profiles->question;
	const struct filter_said said = { .begin_ns = sample->time_ns,
		                          .end_ns = sample->time_ns,
		                          .go = sample->go,
		                          .proc = sample->proc,
		                          .stacks = { sample->stack } };

	if ((question->has_goroutines && sample->go == INDEX_NONE) ||
	    !is_asked_for(profiles, sample->go) ||
	    !analysis_accepts_said(question, profiles->model, &said))
		return;
	if (question->has_region &&
	    inside_ns(&profiles->inside, sample->go, sample->time_ns, sample->time_ns + 1) == 0)
		return;
	profile_add(&profiles->profile, sample->stack, 0);
}

/* Samples stand in the parts' tables, with or without a history. */
static void add_samples(struct profiles *profiles)
{
	const struct model *model = profiles->model;

	for (uint32_t p = 0; p < model->parts.count; p++)
		for (size_t i = 0; i < model->parts.items[p]->tables.samples.count; i++) {
			struct cpu_sample sample = user_sample_at(model, p, (uint32_t)i);

			add_sample(profiles, &sample);
		}
}

/* ---- */

static bool is_found(const struct profiles *profiles, struct error *err)
{
	const struct question *question = profiles->question;
	struct question named = { .has_selector = true };

	if (profiles->has_found || (!question->has_goroutines && !question->has_region))
		return true;
	named.selector = question->has_region ? question->region : question->goroutines;
	return analysis_none_found(&named, question->has_region ? "region" : "goroutine", err);
}

static const struct profile *finish(void *to, struct error *err)
{
	struct profiles *profiles = to;

	if (profiles->kind == PROFILE_CPU)
		add_samples(profiles);
	drop_pending(profiles);
	for (size_t i = 0; i < profiles->pending.count; i++)
		profile_add(&profiles->profile, profiles->pending.items[i].stack,
		            profiles->pending.items[i].ns);
	if (profiles->profile.is_full ||
	    (profiles->question->has_region && !said_is_whole(profiles->model))) {
		analysis_is_cut(err);
		return NULL;
	}
	return is_found(profiles, err) ? &profiles->profile : NULL;
}

static void put_tree(const struct profile *profile, const struct model *model, enum profile_of of,
                     struct table *table)
{
	struct flame flame;

	flame_init(&flame, table->arena.budget);
	flame_make(&flame, profile, model, of);
	flame_table(&flame, model, table);
	flame_free(&flame);
}

static bool put_peek(const struct profile *profile, const struct model *model, enum profile_of of,
                     struct bytes function, struct table *table, struct error *err)
{
	int len = function.len < 100 ? (int)function.len : 100;

	return profile_peek(profile, model, of, function, table) ||
	       error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
	                 "no function \"%.*s\" is in this profile", len,
	                 (const char *)function.data);
}

static bool end(void *to, struct table *table, struct error *err)
{
	struct profiles *profiles = to;
	enum profile_of of = profiles->kind == PROFILE_CPU ? PROFILE_COUNTS : PROFILE_DELAYS;
	const struct profile *profile = finish(to, err);

	if (profile == NULL)
		return false;
	if (profiles->question->has_peek)
		return put_peek(profile, profiles->model, of, profiles->question->peek, table, err);
	if (profiles->question->is_tree)
		put_tree(profile, profiles->model, of, table);
	else if (profiles->kind == PROFILE_STACKS)
		profile_stacks(profile, profiles->model, table);
	else
		profile_functions(profile, profiles->model, of, table);
	return true;
}

static void drop(void *to)
{
	struct profiles *profiles = to;

	profile_free(&profiles->profile);
	roster_reader_free(&profiles->reader);
	inside_free(&profiles->inside);
	stacks_free(&profiles->by_reason);
	id_map_free(&profiles->reason_of);
	array_free(&profiles->has_run);
	array_free(&profiles->pending);
}

const struct analysis_pass analysis_profile = {
	.size = sizeof(struct profiles),
	.begin = begin,
	.needs_of = needs,
	.part = look,
	.told = tell,
	.end = end,
	.profile = finish,
	.drop = drop,
};
