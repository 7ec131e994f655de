/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/search_lanes.h"

#include "core/model/part.h"

enum {
	WORDS = SEARCH_LANE_MARKS / 64, /* of a lane */
	WORDS_MAX = 1 << 19,            /* of all */
};

void search_lanes_init(struct search_lanes *lanes, struct budget *budget)
{
	*lanes = (struct search_lanes){ .procs = 0 };
	lanes->bits.budget = lanes->blocks.budget = budget;
}

void search_lanes_free(struct search_lanes *lanes)
{
	array_free(&lanes->bits);
	array_free(&lanes->blocks);
}

void search_lanes_clear(struct search_lanes *lanes)
{
	array_clear(&lanes->bits);
	array_clear(&lanes->blocks);
	lanes->procs = 0;
}

/* Ps that a trace tells of later have no lanes in it. */
static uint64_t *block_of(struct search_lanes *lanes, const struct model *model, uint32_t part)
{
	size_t words;

	if (lanes->procs == 0)
		lanes->procs = (uint32_t)model->procs.count;
	words = (size_t)lanes->procs * 2 * WORDS;
	if (part >= lanes->blocks.count)
		array_resize(&lanes->blocks, part + 1);
	if (lanes->blocks.items[part] == 0) {
		if (words == 0 || words > WORDS_MAX || lanes->bits.count > WORDS_MAX - words ||
		    budget_is_beyond(model->budget, 2 * words * sizeof(uint64_t)))
			return NULL;
		array_resize(&lanes->bits, lanes->bits.count + words);
		lanes->blocks.items[part] = (uint32_t)(lanes->bits.count / words);
	}
	return lanes->bits.items + (lanes->blocks.items[part] - 1) * words;
}

/* The mark of a time in a part, or the nearest one. */
static uint32_t mark_of(const struct part *part, int64_t ns)
{
	double length = (double)(part->end_ns - part->begin_ns + 1);

	if (ns <= part->begin_ns)
		return 0;
	if (ns >= part->end_ns)
		return SEARCH_LANE_MARKS - 1;
	return (uint32_t)((double)(ns - part->begin_ns) / length * SEARCH_LANE_MARKS);
}

static bool is_inner(const struct span *hit)
{
	return hit->kind == SPAN_SYSCALL || hit->kind == SPAN_ASSIST || hit->kind == SPAN_SWEEP;
}

void search_lanes_mark(struct search_lanes *lanes, const struct model *model, uint32_t part,
                       const struct span *hit)
{
	uint32_t mark = mark_of(model->parts.items[part], hit->begin_ns);
	uint64_t *block;

	if (hit->kind != SPAN_RUN && !is_inner(hit))
		return;
	block = block_of(lanes, model, part);
	if (block != NULL && hit->proc < lanes->procs)
		block[(2 * hit->proc + is_inner(hit)) * WORDS + mark / 64] |= UINT64_C(1)
		                                                              << mark % 64;
}

static bool has_mark(const uint64_t *lane, uint32_t first, uint32_t last)
{
	for (; first <= last; first = first / 64 * 64 + 64) {
		uint64_t bits = lane[first / 64] >> first % 64;
		uint32_t left = last - first;

		if (left < 63)
			bits &= (UINT64_C(1) << (left + 1)) - 1;
		if (bits != 0)
			return true;
	}
	return false;
}

bool search_lanes_touch(const struct search_lanes *lanes, const struct model *model, uint32_t proc,
                        bool inner, int64_t begin_ns, int64_t end_ns)
{
	size_t words = (size_t)lanes->procs * 2 * WORDS;
	uint32_t first, end;

	if (proc >= lanes->procs)
		return false;
	model_parts_in(model, begin_ns, end_ns, &first, &end);
	for (; first < end && first < lanes->blocks.count; first++) {
		const struct part *part = model->parts.items[first];
		const uint64_t *block;

		if (lanes->blocks.items[first] == 0 || part->end_ns < begin_ns)
			continue;
		block = lanes->bits.items + (lanes->blocks.items[first] - 1) * words;
		if (has_mark(block + (2 * proc + inner) * WORDS, mark_of(part, begin_ns),
		             mark_of(part, end_ns - 1)))
			return true;
	}
	return false;
}
