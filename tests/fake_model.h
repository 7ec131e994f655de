/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FAKE_MODEL_H
#define TESTS_FAKE_MODEL_H

#include "core/model/detail.h"
#include "core/model/moments.h"
#include "core/model/user.h"

#include <inttypes.h>
#include <stdio.h>

/* A model without a trace: the test says what there is, and what tui asks of core/model is answered
 * from that. Defines those functions, so that the real ones are not linked. */
enum { FAKE_SPANS = 4096 };

static struct budget fake_budget;
static struct span fake_spans[FAKE_SPANS]; /* of all lanes, by begin */
static size_t fake_count;
static bool fake_has_history = true;

static inline struct model fake_model(size_t procs, int64_t end_ns)
{
	struct model model = { .budget = &fake_budget,
		               .version = { .minor = 26 },
		               .end_ns = end_ns,
		               .gomaxprocs = procs,
		               .heap_max = 64 << 20,
		               .runnable_max = 16,
		               .is_whole = true };

	damage_init(&model.damage, &fake_budget);
	roster_init(&model.roster, &fake_budget);
	model.procs.budget = model.stops.budget = model.cycles.budget = model.assists.budget =
		&fake_budget;
	strings_init(&model.strings, &fake_budget);
	stacks_init(&model.stacks, &fake_budget);
	for (size_t i = 0; i < procs; i++)
		*array_push(&model.procs) =
			(struct model_proc){ .id = procs - 1 - i, .is_known = true };
	fake_count = 0;
	fake_has_history = true;
	return model;
}

static inline void fake_free(struct model *model)
{
	roster_free(&model->roster);
	array_free(&model->procs);
	array_free(&model->stops);
	array_free(&model->cycles);
	array_free(&model->assists);
	strings_free(&model->strings);
	stacks_free(&model->stacks);
}

static inline uint32_t fake_go(struct model *model, uint64_t id, const char *name)
{
	uint32_t go = roster_add(&model->roster, id);

	roster_edit(&model->roster, go)->name = strings_add(&model->strings, bytes_of(name));
	return go;
}

static inline void fake_span(uint32_t proc, enum span_kind kind, uint32_t go, int64_t begin_ns,
                             int64_t end_ns)
{
	fake_spans[fake_count] = (struct span){ .begin_ns = begin_ns,
		                                .end_ns = end_ns,
		                                .go = go,
		                                .proc = proc,
		                                .index = (uint32_t)fake_count,
		                                .kind = (uint8_t)kind };
	fake_count++;
}

static inline void fake_stop(struct model *model, int64_t begin_ns, int64_t end_ns,
                             const char *reason)
{
	*array_push(&model->stops) =
		(struct stw){ .begin_ns = begin_ns,
		              .end_ns = end_ns,
		              .stopping_ns = (end_ns - begin_ns) / 2,
		              .go = INDEX_NONE,
		              .proc = INDEX_NONE,
		              .last_proc = INDEX_NONE,
		              .last_go = INDEX_NONE,
		              .reason = strings_add(&model->strings, bytes_of(reason)) };
}

static inline bool fake_is_in(const struct span *span, struct lane_id lane)
{
	if (lane.of == LANE_OF_THREAD)
		return span->thread == lane.index + 1;
	if (lane.of == LANE_OF_GO)
		return span->go == lane.index;
	return span->proc == lane.index && (span->kind != SPAN_RUN) == (lane.of == LANE_IN_PROC);
}

struct mix model_mix(const struct model *model, uint32_t proc, int64_t begin_ns, int64_t end_ns)
{
	struct mix mix = { .longest_go = INDEX_NONE, .is_known = true };

	(void)model;
	for (size_t i = 0; i < fake_count; i++) {
		const struct span *s = &fake_spans[i];
		int64_t begin = s->begin_ns > begin_ns ? s->begin_ns : begin_ns;
		int64_t end = s->end_ns < end_ns ? s->end_ns : end_ns;

		if (s->proc != proc || begin >= end_ns || end < begin || s->kind == SPAN_STW)
			continue;
		mix.spans += s->kind == SPAN_RUN;
		mix.spent_ns[s->kind == SPAN_RUN       ? LANE_RUN
		             : s->kind == SPAN_SYSCALL ? LANE_SYSCALL
		             : s->kind == SPAN_ASSIST  ? LANE_ASSIST
		                                       : LANE_SWEEP] += end - begin;
	}
	return mix;
}

bool model_has_spans(const struct model *model, int64_t begin_ns, int64_t end_ns)
{
	(void)model, (void)begin_ns, (void)end_ns;
	return fake_has_history;
}

bool model_has_lane(const struct model *model, struct lane_id lane, int64_t begin_ns,
                    int64_t end_ns)
{
	(void)lane;
	return model_has_spans(model, begin_ns, end_ns);
}

size_t model_spans(const struct model *model, struct lane_id lane, int64_t begin_ns, int64_t end_ns,
                   struct span *spans, size_t max)
{
	size_t count = 0;

	(void)model;
	for (size_t i = 0; i < fake_count && count < max; i++) {
		const struct span *s = &fake_spans[i];

		if (fake_is_in(s, lane) && s->begin_ns < end_ns &&
		    (s->end_ns > begin_ns || (s->end_ns == s->begin_ns && s->begin_ns >= begin_ns)))
			spans[count++] = *s;
	}
	return count;
}

string_id model_wait_reason(const struct model *model, const struct span *span)
{
	(void)model, (void)span;
	return 0;
}

bool model_go_mixes(const struct model *model, uint32_t go, const int64_t *times_ns, size_t count,
                    struct go_mix *mixes)
{
	(void)model, (void)go, (void)times_ns;
	memset(mixes, 0, count * sizeof(*mixes));
	return fake_has_history;
}

bool model_moments(const struct model *model, enum moment moment, const int64_t *times_ns,
                   size_t count, uint32_t *counts, bool *is_exact)
{
	*is_exact = true;
	(void)model, (void)moment, (void)times_ns;
	memset(counts, 0, count * sizeof(*counts));
	return fake_has_history;
}

bool model_thread_mixes(const struct model *model, uint32_t thread, const int64_t *times_ns,
                        size_t count, struct go_mix *mixes)
{
	(void)model, (void)thread, (void)times_ns;
	memset(mixes, 0, count * sizeof(*mixes));
	return fake_has_history;
}

bool model_span_after(const struct model *model, struct lane_id lane, int64_t time_ns,
                      struct span *span, uint32_t *part)
{
	(void)model;
	*part = fake_has_history ? INDEX_NONE : 7;
	for (size_t i = 0; i < fake_count && fake_has_history; i++)
		if (fake_is_in(&fake_spans[i], lane) && fake_spans[i].begin_ns > time_ns) {
			*span = fake_spans[i];
			return true;
		}
	return false;
}

bool model_span_before(const struct model *model, struct lane_id lane, int64_t time_ns,
                       struct span *span, uint32_t *part)
{
	(void)model;
	*part = fake_has_history ? INDEX_NONE : 7;
	for (size_t i = fake_count; i > 0 && fake_has_history; i--)
		if (fake_is_in(&fake_spans[i - 1], lane) && fake_spans[i - 1].begin_ns < time_ns) {
			*span = fake_spans[i - 1];
			return true;
		}
	return false;
}

/* Saw teeth: as good as any. */
struct level model_level(const struct model *model, enum series series, int64_t begin_ns,
                         int64_t end_ns)
{
	int64_t top = series == SERIES_GOAL ? 64 << 20 : series == SERIES_HEAP ? 48 << 20 : 4;
	int64_t low, high;

	if (begin_ns < 0 || begin_ns >= model->end_ns)
		return (struct level){ 0 };
	low = top * (begin_ns % model->end_ns) / model->end_ns;
	high = top * (end_ns % model->end_ns) / model->end_ns;
	if (series == SERIES_GOAL)
		low = high = top;
	return (struct level){
		.min = low, .max = high > low ? high : low, .last = high, .is_known = true
	};
}

void model_parts_in(const struct model *model, int64_t begin_ns, int64_t end_ns, uint32_t *first,
                    uint32_t *end)
{
	(void)model, (void)begin_ns, (void)end_ns;
	*first = *end = 0;
}

bool model_has_history(const struct model *model, uint32_t part)
{
	(void)model, (void)part;
	return fake_has_history;
}

/* There are no histories to be made. */
struct loader;
struct tour;
void loader_set_tour(struct loader *loader, struct tour *tour);
void loader_trim(struct loader *loader);
bool loader_can_make(const struct loader *loader, uint32_t part);
bool loader_can_visit(const struct loader *loader, uint32_t part);
bool loader_has_made(const struct loader *loader, uint32_t part);
void loader_drop_pass(struct loader *loader, uint32_t part);
void loader_go_on(struct loader *loader, uint32_t part);
void loader_release(struct loader *loader, uint32_t part);

bool loader_has_made(const struct loader *loader, uint32_t part)
{
	(void)loader, (void)part;
	return fake_has_history;
}

void loader_drop_pass(struct loader *loader, uint32_t part)
{
	(void)loader, (void)part;
}

void loader_go_on(struct loader *loader, uint32_t part)
{
	(void)loader, (void)part;
}

void loader_release(struct loader *loader, uint32_t part)
{
	(void)loader, (void)part;
}

void loader_set_tour(struct loader *loader, struct tour *tour)
{
	(void)loader, (void)tour;
}

void loader_trim(struct loader *loader)
{
	(void)loader;
}

bool loader_can_visit(const struct loader *loader, uint32_t part)
{
	(void)loader, (void)part;
	return false;
}

bool loader_can_make(const struct loader *loader, uint32_t part)
{
	(void)loader, (void)part;
	return false;
}

int64_t model_part_begin(const struct model *model, uint32_t part)
{
	(void)model, (void)part;
	return 0;
}

int64_t model_part_end(const struct model *model, uint32_t part)
{
	(void)part;
	return model->end_ns;
}

uint32_t model_find_go(const struct model *model, uint64_t id)
{
	for (uint32_t go = 0; go < model->roster.count; go++)
		if (roster_brief(&model->roster, go).id == id)
			return go;
	return ID_NONE;
}

uint32_t model_go_before(const struct model *model, uint32_t go)
{
	(void)model, (void)go;
	return ID_NONE;
}

/* The program says nothing of itself. */

size_t user_regions(const struct model *model, uint32_t go, int64_t begin_ns, int64_t end_ns,
                    struct user_region *regions, size_t max)
{
	(void)model, (void)go, (void)begin_ns, (void)end_ns, (void)regions, (void)max;
	return 0;
}

size_t user_logs(const struct model *model, struct user_of of, int64_t begin_ns, int64_t end_ns,
                 struct user_log *logs, size_t max)
{
	(void)model, (void)of, (void)begin_ns, (void)end_ns, (void)logs, (void)max;
	return 0;
}

size_t user_samples(const struct model *model, struct user_of of, int64_t begin_ns, int64_t end_ns,
                    struct cpu_sample *samples, size_t max)
{
	(void)model, (void)of, (void)begin_ns, (void)end_ns, (void)samples, (void)max;
	return 0;
}

bool model_call_lost_proc(const struct model *model, const struct span *span)
{
	(void)model;
	return span->kind == SPAN_SYSCALL && span->proc == INDEX_NONE;
}

uint64_t model_span_thread(const struct model *model, const struct span *span)
{
	(void)model, (void)span;
	return UINT64_MAX;
}

struct user_region user_region_at(const struct model *model, uint32_t part, uint32_t index)
{
	(void)model, (void)part, (void)index;
	return (struct user_region){ .go = INDEX_NONE };
}

struct user_log user_log_at(const struct model *model, uint32_t part, uint32_t index)
{
	(void)model, (void)part, (void)index;
	return (struct user_log){ .go = INDEX_NONE, .proc = INDEX_NONE };
}

struct cpu_sample user_sample_at(const struct model *model, uint32_t part, uint32_t index)
{
	(void)model, (void)part, (void)index;
	return (struct cpu_sample){ .go = INDEX_NONE, .proc = INDEX_NONE };
}

const struct user_task *user_task(const struct model *model, uint64_t id)
{
	(void)model, (void)id;
	return NULL;
}

void model_span_stacks(const struct model *model, const struct span *span, stack_id stacks[2])
{
	(void)model, (void)span;
	stacks[0] = stacks[1] = 0;
}

int64_t model_wall_ns(const struct model *model)
{
	(void)model;
	return TIME_UNKNOWN;
}

void detail_find(struct detail *detail, const struct model *model, const struct index *index,
                 const struct source *source, const struct span *span)
{
	(void)model, (void)index, (void)source;
	*detail = (struct detail){ .span = *span };
}

uint32_t model_go_in(const struct model *model, uint64_t id, uint32_t part)
{
	(void)part;
	return model_find_go(model, id);
}

const char *model_go_title(const struct model *model, uint32_t go, char *out, size_t size)
{
	struct goroutine go_of;
	struct bytes name;

	out[0] = '\0';
	if (go >= model->roster.count)
		return out;
	go_of = roster_brief(&model->roster, go);
	name = strings_text(&model->strings, go_of.name);
	snprintf(out, size, "G%" PRIu64 " %.*s", go_of.id, (int)name.len, (const char *)name.data);
	return out;
}

#endif
