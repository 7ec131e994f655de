/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_trace.h"

enum phase { PHASE_FILE, PHASE_ORDER, PHASE_PIECES, PHASE_DONE };

enum {
	RECORD_BYTES = 4, /* most have so many */
	EVENTS = 64,      /* between two looks at what memory is left */
	TAKES = 7,        /* eighths; when all is done, what made the pieces is given back */
};

struct v1_trace *v1_trace_new(struct budget *budget, struct index *index,
                              const struct source *source)
{
	struct v1_trace *trace = budget_resize(budget, NULL, 0, sizeof(*trace));

	*trace = (struct v1_trace){ .budget = budget };
	v1_file_init(&trace->file, budget, source, index->version.minor);
	v1_pieces_init(&trace->pieces, budget, index);
	return trace;
}

/* What made the pieces; phases beyond which nothing of theirs is left. */
static void free_makers(struct v1_trace *trace)
{
	if (trace->phase == PHASE_PIECES) {
		v1_threads_free(&trace->threads);
		v1_convert_free(&trace->convert);
	}
	if (trace->phase == PHASE_PIECES || trace->phase == PHASE_ORDER)
		v1_order_free(&trace->order);
	if (trace->phase != PHASE_DONE)
		v1_file_free(&trace->file);
}

void v1_trace_free(struct v1_trace *trace)
{
	if (trace == NULL)
		return;
	free_makers(trace);
	v1_pieces_free(&trace->pieces);
	budget_resize(trace->budget, trace, sizeof(*trace), 0);
}

static void begin_pieces(struct v1_trace *trace)
{
	v1_convert_init(&trace->convert, trace->budget, &trace->file, &trace->order);
	v1_threads_init(&trace->threads, trace->budget, &trace->pieces);
	trace->pieces.tables = trace->file.tables;
	tables_init(&trace->file.tables, trace->budget);
	trace->phase = PHASE_PIECES;
}

/* What was lost, its times as those of events. */
static void join_damage(struct v1_trace *trace)
{
	struct damage *damage = &trace->file.damage;

	for (size_t i = 0; i < damage->rows.count; i++) {
		struct damage_row *row = &damage->rows.items[i];

		row->begin_ns = v1_order_ns(&trace->order, row->begin_ns);
		row->end_ns = v1_order_ns(&trace->order, row->end_ns);
		if (row->end_ns < row->begin_ns) /* of another P, which is older */
			row->end_ns = DAMAGE_TIME_UNKNOWN;
	}
	v1_order_note(&trace->order, damage);
	damage_join(&trace->pieces.index->damage, damage);
}

static void finish(struct v1_trace *trace)
{
	struct index *index = trace->pieces.index;
	bool is_full = trace->file.is_full || trace->order.is_full;

	v1_pieces_cut(&trace->pieces);
	join_damage(trace);
	for (size_t i = 0; i < index->generations.count; i++)
		index->generations.items[i].clock_is_assumed = trace->file.clock_is_assumed;
	free_makers(trace);
	trace->phase = PHASE_DONE;
	index->is_full |= is_full;
	index->is_finished = true;
}

static bool step_pieces(struct v1_trace *trace, size_t count)
{
	struct v1_modern modern;

	for (; count > 0; count--) {
		if (trace->events++ % EVENTS == 0 && budget_has_taken(trace->budget, TAKES)) {
			trace->pieces.index->is_full = true;
			return false;
		}
		if (!v1_convert_next(&trace->convert, &modern))
			return false;
		v1_threads_add(&trace->threads, &modern);
	}
	return true;
}

bool v1_trace_step(struct v1_trace *trace, size_t count)
{
	struct index *index = trace->pieces.index;

	index->at = atomic_load(&trace->file.source->end);
	if (!atomic_load(&trace->file.source->is_finished))
		return false;
	switch ((enum phase)trace->phase) {
	case PHASE_FILE:
		if (v1_file_step(&trace->file, count * RECORD_BYTES))
			break;
		v1_order_init(&trace->order, trace->budget, &trace->file);
		trace->phase = PHASE_ORDER;
		break;
	case PHASE_ORDER:
		if (!v1_order_step(&trace->order, count))
			begin_pieces(trace);
		break;
	case PHASE_PIECES:
		if (!step_pieces(trace, count))
			finish(trace);
		break;
	case PHASE_DONE:
		break;
	}
	return trace->phase != PHASE_DONE;
}
