/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/state/seek.h"

enum { AT_ONCE = 64 /* ranges of one P that are looked at: an assist holds few others */ };

static const enum seek_kind kinds_in_order[] = { SEEK_GC, SEEK_STW, SEEK_ASSIST, SEEK_DAMAGE };

static size_t count_of(const struct model *model, enum seek_kind kind)
{
	switch (kind) {
	case SEEK_GC:
		return model->cycles.count;
	case SEEK_STW:
		return model->stops.count;
	case SEEK_ASSIST:
		return model->assists.count;
	case SEEK_DAMAGE:
		return model->damage.rows.count;
	}
	return 0;
}

static struct span gc_span(const struct gc_cycle *cycle, uint32_t index)
{
	return (struct span){ .begin_ns = cycle->begin_ns,
		              .end_ns = cycle->end_ns,
		              .go = INDEX_NONE,
		              .proc = INDEX_NONE,
		              .part = INDEX_NONE,
		              .index = index,
		              .kind = SPAN_GC };
}

static struct span stw_span(const struct stw *stop, uint32_t index)
{
	return (struct span){ .begin_ns = stop->begin_ns,
		              .end_ns = stop->end_ns,
		              .go = stop->go,
		              .proc = stop->proc,
		              .part = INDEX_NONE,
		              .index = index,
		              .kind = SPAN_STW };
}

static struct span assist_span(const struct assist *assist)
{
	return (struct span){ .begin_ns = assist->begin_ns,
		              .end_ns = assist->end_ns,
		              .go = assist->go,
		              .proc = assist->proc,
		              .part = INDEX_NONE,
		              .index = INDEX_NONE,
		              .kind = SPAN_ASSIST };
}

static struct span damage_span(const struct damage_row *row, uint32_t index)
{
	if (row->grade == DAMAGE_NOTE || row->begin_ns == DAMAGE_TIME_UNKNOWN)
		return (struct span){ .kind = SPAN_NONE };
	return (struct span){ .begin_ns = row->begin_ns,
		              .end_ns = row->end_ns > row->begin_ns ? row->end_ns : row->begin_ns,
		              .go = INDEX_NONE,
		              .proc = INDEX_NONE,
		              .part = INDEX_NONE,
		              .index = index,
		              .kind = SPAN_DAMAGE };
}

struct span seek_span(const struct model *model, enum seek_kind kind, size_t index)
{
	switch (kind) {
	case SEEK_GC:
		return gc_span(&model->cycles.items[index], (uint32_t)index);
	case SEEK_STW:
		return stw_span(&model->stops.items[index], (uint32_t)index);
	case SEEK_ASSIST:
		return assist_span(&model->assists.items[index]);
	case SEEK_DAMAGE:
		return damage_span(&model->damage.rows.items[index], (uint32_t)index);
	}
	return (struct span){ 0 };
}

/* By begin; then by what tells spans of one moment apart. */
static int order(const struct span *a, const struct span *b)
{
	uint32_t id_a = a->kind == SPAN_ASSIST ? a->go : a->index;
	uint32_t id_b = b->kind == SPAN_ASSIST ? b->go : b->index;

	if (a->begin_ns != b->begin_ns)
		return a->begin_ns < b->begin_ns ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return (id_a > id_b) - (id_a < id_b);
}

/* A lane has an assist in pieces, where it began in another generation: from may be one of them. */
static bool is_piece_of(const struct span *from, const struct span *assist)
{
	return from->kind == SPAN_ASSIST && assist->kind == SPAN_ASSIST && from->go == assist->go &&
	       from->begin_ns >= assist->begin_ns && from->begin_ns < assist->end_ns;
}

const struct seek_of seek_of_all = { INDEX_NONE, INDEX_NONE };

static bool is_of(const struct span *span, const struct seek_of *of)
{
	return (of->go == INDEX_NONE || span->go == of->go) &&
	       (of->proc == INDEX_NONE || span->proc == of->proc);
}

/* sign 1: the first behind from; -1: the last before it. */
static bool seek(const struct model *model, unsigned kinds, const struct seek_of *of,
                 const struct span *from, int sign, struct span *to)
{
	bool moment = from->kind == SPAN_NONE;
	bool found = false;

	for (size_t k = 0; k < sizeof(kinds_in_order) / sizeof(kinds_in_order[0]); k++) {
		size_t count = kinds & kinds_in_order[k] ? count_of(model, kinds_in_order[k]) : 0;

		for (size_t i = 0; i < count; i++) {
			struct span span = seek_span(model, kinds_in_order[k], i);
			bool now = moment && span.begin_ns == from->begin_ns;

			if (span.kind == SPAN_NONE || (!now && order(&span, from) * sign <= 0) ||
			    is_piece_of(from, &span) || !is_of(&span, of))
				continue;
			if (found && order(&span, to) * sign >= 0)
				continue;
			*to = span;
			found = true;
		}
	}
	if (found)
		seek_resolve(model, to);
	return found;
}

bool seek_next(const struct model *model, unsigned kinds, const struct seek_of *of,
               const struct span *from, struct span *to)
{
	return seek(model, kinds, of, from, 1, to);
}

bool seek_previous(const struct model *model, unsigned kinds, const struct seek_of *of,
                   const struct span *from, struct span *to)
{
	return seek(model, kinds, of, from, -1, to);
}

bool seek_longest(const struct model *model, enum seek_kind kind, struct span *span)
{
	size_t count = count_of(model, kind);
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		struct span other = seek_span(model, kind, i);

		if (other.kind == SPAN_NONE ||
		    (found && other.end_ns - other.begin_ns <= span->end_ns - span->begin_ns))
			continue;
		*span = other;
		found = true;
	}
	if (found)
		seek_resolve(model, span);
	return found;
}

static void resolve_assist(const struct model *model, struct span *span)
{
	struct span inside[AT_ONCE];
	size_t count;

	if (span->kind != SPAN_ASSIST || span->part != INDEX_NONE || span->proc == INDEX_NONE ||
	    !model_has_lane(model, lane_of_proc(span->proc, true), span->begin_ns,
	                    span->begin_ns + 1))
		return;
	count = model_spans(model, lane_of_proc(span->proc, true), span->begin_ns,
	                    span->end_ns > span->begin_ns ? span->end_ns : span->begin_ns + 1,
	                    inside, AT_ONCE);
	for (size_t i = 0; i < count; i++)
		if (inside[i].kind == SPAN_ASSIST && inside[i].go == span->go) {
			/* its place in the history; its ends stay those of the whole assist, of
			 * which a lane shows what its goroutine ran */
			span->part = inside[i].part;
			span->index = inside[i].index;
			span->is_near = inside[i].is_near;
			return;
		}
}

/* Rows of what is lost come in between while a trace is read, and their ends are inside the trace
 * once that is known. */
static bool is_row(const struct model *model, size_t index, const struct span *span)
{
	struct span row = seek_span(model, SEEK_DAMAGE, index);

	return row.kind == SPAN_DAMAGE &&
	       (row.begin_ns == span->begin_ns ||
	        (row.begin_ns == model->end_ns && span->begin_ns > model->end_ns));
}

static void resolve_damage(const struct model *model, struct span *span)
{
	size_t count = model->damage.rows.count, at = span->index;

	while (at < count && !is_row(model, at, span))
		at++;
	if (at < count)
		*span = seek_span(model, SEEK_DAMAGE, at);
}

void seek_resolve(const struct model *model, struct span *span)
{
	if (span->kind == SPAN_DAMAGE)
		resolve_damage(model, span);
	else
		resolve_assist(model, span);
}
