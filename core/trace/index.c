/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/index_at.h"

#include "core/trace/v1_trace.h"
#include "core/trace/v2_wire.h"

enum {
	SHARE = 4,  /* of the memory: most that it takes, */
	LEAST = 32, /* and that it has a right to */
};

static const char no_batch[] = "expected a batch, found other bytes";
static const char ends_in_batch[] = "the file ends inside a batch";

void index_begin(struct index *index, struct budget *budget, const struct source *source,
                 struct version version)
{
	*index = (struct index){ .budget = budget, .version = version, .at = VERSION_HEADER };
	index->batches.budget = index->generations.budget = budget;
	damage_init(&index->damage, budget);
	if (version.newer != 0)
		damage_lose(&index->damage, DAMAGE_NOTE, 0, 0,
		            "a newer version than is known, read as the newest");
	if (!version_is_v2(version))
		index->v1 = v1_trace_new(budget, index, source);
}

bool index_open(struct index *index, struct budget *budget, const struct source *source,
                struct error *err)
{
	uint8_t head[VERSION_HEADER];
	struct version version = { .minor = 26 };
	size_t got = source_read(source, 0, head, sizeof(head), err);
	bool good = err->kind == ERROR_NONE &&
	            version_parse((struct bytes){ head, got }, &version, err);

	index_begin(index, budget, source, good ? version : (struct version){ .minor = 26 });
	return good;
}

void index_free(struct index *index)
{
	v1_trace_free(index->v1);
	index->v1 = NULL;
	resync_end(&index->resync);
	array_free(&index->batches);
	array_free(&index->generations);
	damage_free(&index->damage);
}

/* The kind follows from the first byte of the payload (trace-format-v2.md 2.4). */
static uint8_t kind_of(const struct index *index, bool experimental, uint8_t first)
{
	if (experimental)
		return BATCH_EXPERIMENTAL;
	switch (first) {
	case WIRE_STRINGS:
		return BATCH_STRINGS;
	case WIRE_STACKS:
		return BATCH_STACKS;
	case WIRE_CPU_SAMPLES:
		return BATCH_SAMPLES;
	case WIRE_FREQUENCY:
		return index->version.minor < 25 ? BATCH_SYNC : BATCH_EVENTS;
	case WIRE_SYNC:
		return index->version.minor >= 25 ? BATCH_SYNC : BATCH_EVENTS;
	default:
		return BATCH_EVENTS;
	}
}

/* The end of what is read. */
static void finish(struct index *index, const struct source *source)
{
	uint64_t end = index_end(source);

	if (index->stop != 0)
		damage_lose(&index->damage, DAMAGE_STRETCH, index->stop, end - index->stop,
		            index->expected);
	else if (end > index->at)
		damage_lose(&index->damage, DAMAGE_END, index->at, end - index->at,
		            "the file has become shorter since it was opened");
	index->at = end;
	index_close_generation(index, source, true);
	index_time_damage(index);
	index->is_finished = true;
}

static void take_mark(struct index *index, const struct source *source)
{
	index->at++;
	if (index->generation_is_open) {
		index_last(index)->end = index->at;
		index_last(index)->has_end_mark = true;
	}
	index_close_generation(index, source, false);
}

static struct batch batch_of(const struct index *index, const struct batch_head *head, uint8_t kind)
{
	return (struct batch){
		.offset = index->at + head->len,
		.ticks = head->ticks,
		.m = head->m,
		.size = (uint32_t)head->size,
		.kind = kind,
		.head_len = head->len & 0x7fu,
		.gaps = index->gaps,
	};
}

/* A batch whose header is whole, and as much of its payload as there is. */
static void take_batch(struct index *index, const struct source *source,
                       const struct batch_head *head, uint8_t kind)
{
	struct batch batch = batch_of(index, head, kind);

	if (!index->generation_is_open || index_last(index)->number != head->number)
		index_open_generation(index, source, head->number, index->at);
	index->is_minimal = !head->is_padded;
	index->claimed = head->size;
	index_add_batch(index, batch);
	index->at = batch.offset + batch.size;
}

/* What stands at index->at is no batch. */
static void search(struct index *index, enum doubt doubt, const char *expected)
{
	if (!index->is_strict) {
		index_search(index, doubt, expected);
		return;
	}
	index->stop = index->at;
	index->expected = expected;
}

/* The file ends before the payload does, or so its header says. */
static void take_rest(struct index *index, const struct source *source, struct batch_head *head,
                      uint8_t kind)
{
	uint64_t claimed = head->size;

	head->size = index_end(source) - index->at - head->len;
	take_batch(index, source, head, kind);
	index->claimed = claimed;
	if (head->size > 0)
		search(index, DOUBT_CUT, no_batch);
	else
		damage_lose(&index->damage, DAMAGE_END, index->at, 0, ends_in_batch);
}

/* A header without a size, of which the rest fits. Its payload is what comes up to the next. */
static bool take_unsized(struct index *index, const struct source *source, struct batch_head *head,
                         uint8_t kind)
{
	struct resync_near near = index_near(index);

	if (index->is_strict || !resync_fits(&near, head) ||
	    index_end(source) <= index->at + head->len)
		return false;
	head->size = 1;
	head->is_padded = !index->is_minimal; /* as those before */
	take_batch(index, source, head, kind);
	search(index, DOUBT_NO_SIZE, no_batch);
	return true;
}

/* A header whose size is known. False if more bytes are needed first. */
static bool step_batch(struct index *index, const struct source *source, struct batch_head *head,
                       uint8_t kind)
{
	uint64_t behind = index_end(source) - index->at - head->len;
	enum vote vote = VOTE_GOOD;

	if (head->size > behind && !atomic_load(&source->is_finished))
		return false;
	if (!index->is_strict)
		vote = index_vote(index, source, head, kind);
	if (vote == VOTE_WAIT)
		return false;
	if (vote == VOTE_BAD)
		search(index, DOUBT_SIZE, no_batch);
	else if (head->size <= behind)
		take_batch(index, source, head, kind);
	else if (index->is_strict)
		search(index, DOUBT_CUT, ends_in_batch);
	else
		take_rest(index, source, head, kind);
	return true;
}

/* The batch, end mark or damage at index->at. False if more bytes are needed first. */
static bool step(struct index *index, const struct source *source)
{
	bool all_there = atomic_load(&source->is_finished);
	uint8_t bytes[BATCH_HEAD_MAX + 1] = { 0 }; /* with the first byte of the payload */
	struct bytes in = { bytes, source_read(source, index->at, bytes, sizeof(bytes), NULL) };
	struct batch_head head;
	uint8_t kind;

	if (in.len == 0 || index->stop != 0) {
		if (all_there)
			finish(index, source);
		return all_there;
	}
	if (bytes[0] == WIRE_END_OF_GENERATION && index->version.minor >= 26) {
		take_mark(index, source);
		return true;
	}
	switch (batch_head_take(in, &head)) {
	case HEAD_WELL:
		kind = kind_of(index, head.type == WIRE_EXPERIMENTAL_BATCH, bytes[head.len]);
		return step_batch(index, source, &head, kind);
	case HEAD_SHORT:
		if (!all_there)
			return false;
		search(index, DOUBT_SIZE, "the file ends inside a batch header");
		return true;
	case HEAD_NO_SIZE:
		if (in.len <= head.len && !all_there)
			return false;
		kind = kind_of(index, head.type == WIRE_EXPERIMENTAL_BATCH, bytes[head.len]);
		if (take_unsized(index, source, &head, kind))
			return true;
		break;
	case HEAD_BAD:
		break;
	}
	search(index, DOUBT_SIZE, no_batch);
	return true;
}

/* Loading takes more than the index, which is small in what a program writes: it may take a
 * quarter. When there is nothing left it stays as small as that: what is being loaded has taken the
 * memory for a while, and would be all of the trace without the rest of the index. */
static bool is_full(const struct index *index)
{
	size_t bytes = index->batches.capacity * sizeof(struct batch) +
	               index->generations.capacity * sizeof(struct generation);
	size_t ceiling = budget_ceiling(index->budget);

	return bytes > ceiling / SHARE ||
	       (bytes > ceiling / LEAST && budget_is_short(index->budget));
}

static void stop_if_full(struct index *index)
{
	if (index->is_finished || index->stop != 0 || resync_is_on(&index->resync) ||
	    !is_full(index))
		return;
	index->is_full = true;
	index->stop = index->at;
	index->expected = "memory for the batches of the rest";
}

bool index_step(struct index *index, const struct source *source, size_t count)
{
	if (index->v1 != NULL)
		return v1_trace_step(index->v1, count);
	stop_if_full(index);
	for (; count > 0 && !index->is_finished; count--)
		if (!(resync_is_on(&index->resync) ? index_search_step(index, source)
		                                   : step(index, source)))
			return false;
	return !index->is_finished;
}

const struct source *index_payloads(const struct index *index, const struct source *source)
{
	return index->v1 != NULL ? &index->v1->pieces.packed : source;
}

void index_clip_thread(const struct index *index, uint64_t m, int64_t start_ns, int64_t *first_ns,
                       int64_t *last_ns)
{
	uint32_t at = index->v1 == NULL ? ID_NONE : id_map_find(&index->v1->pieces.heard_of, m);
	int64_t first, last;

	if (at == ID_NONE) /* else ticks are ns */
		return;
	first = (int64_t)index->v1->pieces.heard.items[at].first - start_ns;
	last = (int64_t)index->v1->pieces.heard.items[at].last - start_ns;
	*first_ns = *first_ns < first ? first : *first_ns;
	*last_ns = *last_ns > last ? last : *last_ns;
}

size_t index_closed(const struct index *index)
{
	return index->generations.count - index->generation_is_open;
}
