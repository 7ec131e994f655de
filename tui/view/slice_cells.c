/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/slice_cells.h"

/* What touches a cell. */
struct sum {
	int64_t begin_ns, end_ns; /* of the cell */
	uint32_t count;
	uint32_t first, second; /* the first two; SLICE_NONE */
	uint32_t begins;        /* the last that begins here */
	uint32_t selected;
	uint32_t hit; /* the last one */
	uint32_t lit; /* the last one that is not dim */
	int64_t busy_ns;
	int64_t ns[SHADES];
	uint32_t top[SHADES]; /* the longest of each */
	int64_t top_ns[SHADES];
};

/* All there is to know when a cell is looked at. */
struct view_of {
	const struct viewport *viewport;
	const struct slice *slices;
	const struct sum *sum;
};

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t last_ns(const struct span *span)
{
	return span->end_ns > span->begin_ns ? span->end_ns - 1 : span->begin_ns;
}

/* The part of a cell, in eighths, to the nearest. */
static int eighths_of(int64_t part_ns, int64_t cell_ns)
{
	return (int)((part_ns * 16 + cell_ns) / (cell_ns * 2));
}

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static void add_to_sum(struct sum *sum, const struct slice *slice, uint32_t index)
{
	int64_t begin = larger(slice->span.begin_ns, sum->begin_ns);
	int64_t ns = smaller(slice->span.end_ns, sum->end_ns) - begin;
	uint8_t shade = slice->shade;

	ns = larger(ns, 0);
	if (sum->count == 0)
		sum->first = index;
	else if (sum->count == 1)
		sum->second = index;
	sum->count++;
	if (slice->span.begin_ns >= sum->begin_ns)
		sum->begins = index;
	if (slice->is_selected)
		sum->selected = index;
	if (slice->is_hit)
		sum->hit = index;
	if (!slice->is_dim)
		sum->lit = index;
	if (sum->top[shade] == SLICE_NONE || ns > sum->top_ns[shade]) {
		sum->top[shade] = index;
		sum->top_ns[shade] = ns;
	}
	sum->ns[shade] += ns;
	sum->busy_ns += ns;
}

static void sum_up(const struct viewport *viewport, const struct slice *slices, size_t slice_count,
                   int64_t first, int count, struct sum *sums)
{
	for (int i = 0; i < count; i++) {
		sums[i] = (struct sum){ .begin_ns = viewport_cell_ns(viewport, first + i),
			                .end_ns = viewport_cell_ns(viewport, first + i + 1),
			                .first = SLICE_NONE,
			                .second = SLICE_NONE,
			                .begins = SLICE_NONE,
			                .selected = SLICE_NONE,
			                .hit = SLICE_NONE,
			                .lit = SLICE_NONE };
		for (int shade = 0; shade < SHADES; shade++)
			sums[i].top[shade] = SLICE_NONE;
	}
	for (size_t i = 0; i < slice_count; i++) {
		const struct span *span = &slices[i].span;
		int64_t from, to;

		if (span->begin_ns >= sums[count - 1].end_ns || last_ns(span) < sums[0].begin_ns)
			continue;
		from = larger(viewport_cell_at(viewport, span->begin_ns) - first, 0);
		to = smaller(viewport_cell_at(viewport, last_ns(span)) - first, count - 1);
		for (; from <= to; from++)
			add_to_sum(&sums[from], &slices[i], (uint32_t)i);
	}
}

/* ---- the rules */

static struct slice_cell full(const struct view_of *v, uint32_t slice)
{
	return (struct slice_cell){ .form = FORM_FULL,
		                    .shade = v->slices[slice].shade,
		                    .is_selected = v->slices[slice].is_selected,
		                    .is_hit = v->slices[slice].is_hit,
		                    .is_dim = v->slices[slice].is_dim,
		                    .slice = slice };
}

static struct slice_cell idle(void)
{
	return (struct slice_cell){ .form = FORM_IDLE, .shade = SHADE_IDLE, .slice = SLICE_NONE };
}

/* Whether enough of a slice is in other cells to be seen there, so that this one may round it away.
 */
static bool is_seen_elsewhere(const struct view_of *v, const struct span *span)
{
	int64_t length = v->sum->end_ns - v->sum->begin_ns;
	int64_t here =
		smaller(span->end_ns, v->sum->end_ns) - larger(span->begin_ns, v->sum->begin_ns);

	return (span->end_ns - span->begin_ns - here) >= length / 16 + 1;
}

/* Rule 1 for one slice: its edge is inside the cell; or rule 2, both are. */
static struct slice_cell one_slice(const struct view_of *v)
{
	const struct sum *sum = v->sum;
	const struct span *span = &v->slices[sum->first].span;
	int64_t length = sum->end_ns - sum->begin_ns;
	bool begins = span->begin_ns > sum->begin_ns, ends = span->end_ns < sum->end_ns;
	struct slice_cell cell = full(v, sum->first);
	int low = is_seen_elsewhere(v, span) ? 0 : 1;
	int eighths;

	if (!begins && !ends)
		return cell;
	if (begins && ends) {
		int64_t twice = span->begin_ns - sum->begin_ns + span->end_ns - sum->begin_ns;

		cell.eighths = (uint8_t)clamp(eighths_of(sum->busy_ns, length), 1, 7);
		cell.form = twice < length ? FORM_LEFT : FORM_RIGHT;
		return cell;
	}
	eighths = clamp(eighths_of(sum->busy_ns, length), low, low == 1 ? 7 : 8);
	if (eighths == 0)
		return idle();
	if (eighths == 8)
		return cell;
	cell.form = FORM_EDGE;
	cell.eighths = (uint8_t)(ends ? eighths : 8 - eighths);
	cell.under = ends ? SHADE_IDLE : cell.shade;
	cell.shade = ends ? cell.shade : SHADE_IDLE;
	return cell;
}

/* Rule 1 for two slices that meet in the cell; a gap that is too small to be drawn is none. */
static bool two_slices(const struct view_of *v, struct slice_cell *cell)
{
	const struct sum *sum = v->sum;
	const struct slice *a = &v->slices[sum->first], *b = &v->slices[sum->second];
	int64_t length = sum->end_ns - sum->begin_ns;
	int64_t gap = b->span.begin_ns - a->span.end_ns;
	int eighths;

	if (a->span.begin_ns > sum->begin_ns || b->span.end_ns < sum->end_ns || gap < 0 ||
	    gap > length / 8 || a->shade == b->shade)
		return false;
	eighths = eighths_of(a->span.end_ns - sum->begin_ns, length);
	eighths = clamp(eighths, is_seen_elsewhere(v, &a->span) ? 0 : 1,
	                is_seen_elsewhere(v, &b->span) ? 8 : 7);
	*cell = full(v, eighths >= 4 ? sum->first : sum->second);
	if (eighths == 0 || eighths == 8)
		return true;
	cell->form = FORM_EDGE;
	cell->eighths = (uint8_t)eighths;
	cell->shade = a->shade;
	cell->under = b->shade;
	return true;
}

/* Rule 3. */
static struct slice_cell dominant(const struct view_of *v)
{
	const struct sum *sum = v->sum;
	int best = -1;

	for (int shade = 0; shade < SHADES; shade++)
		if (sum->top[shade] != SLICE_NONE && (best < 0 || sum->ns[shade] >= sum->ns[best]))
			best = shade;
	return full(v, sum->top[best]);
}

/* Rule 4: of busy nanoseconds, those of each shade. */
static struct slice_cell bar(const int64_t ns[SHADES], int64_t busy_ns, int64_t length_ns)
{
	struct slice_cell cell = { .form = FORM_BAR,
		                   .shade = SHADE_MIXED,
		                   .under = SHADE_IDLE,
		                   .slice = SLICE_NONE,
		                   .is_dense = true };
	int64_t in_cell = smaller(busy_ns, length_ns);

	cell.eighths = (uint8_t)clamp(eighths_of(in_cell, length_ns), 1, 8);
	cell.level = (uint8_t)clamp((int)((in_cell * 128 + length_ns) / (length_ns * 2)), 1, 64);
	for (int shade = 0; shade < SHADES; shade++)
		if (ns[shade] > 0 && ns[shade] >= busy_ns - busy_ns * 2 / 5)
			cell.shade = (uint8_t)shade;
	return cell;
}

/* A slice begins in this cell and goes on, and what is before it looks the same: rule 3. */
static bool has_seam(const struct view_of *v, const struct slice_cell *cell)
{
	const struct sum *sum = v->sum;
	int64_t length = sum->end_ns - sum->begin_ns;
	const struct slice *here, *before;

	if (cell->form != FORM_FULL || sum->begins == SLICE_NONE || sum->begins == 0)
		return false;
	here = &v->slices[sum->begins];
	before = here - 1;
	return here->shade == cell->shade && here->shade == before->shade &&
	       here->is_selected == before->is_selected && here->span.end_ns > sum->end_ns &&
	       before->span.end_ns >= sum->begin_ns - length / 8;
}

/* Of few the one that is not dim is seen, of many the bar. */
static void see_lit(const struct view_of *v, struct slice_cell *cell)
{
	cell->is_dim = v->sum->lit == SLICE_NONE;
	if (!cell->is_dim && cell->slice != SLICE_NONE && v->slices[cell->slice].is_dim)
		*cell = full(v, v->sum->lit);
}

/* Rule 5: where a stop or the selected slice is, it is seen; a hit is before others, and of many
 * it is one. */
static void must_see(const struct view_of *v, struct slice_cell *cell)
{
	const struct sum *sum = v->sum;
	uint32_t slice = sum->selected != SLICE_NONE ? sum->selected : sum->top[SHADE_STW];

	if (sum->hit != SLICE_NONE)
		cell->is_hit = true;
	if (slice == SLICE_NONE && cell->form == FORM_FULL)
		slice = sum->hit;
	if (slice == SLICE_NONE || (sum->count == 1 && cell->form == FORM_EDGE))
		return;
	*cell = full(v, slice);
}

static struct slice_cell cell_of(const struct view_of *v)
{
	const struct sum *sum = v->sum;
	struct slice_cell cell;

	if (sum->count == 0)
		return idle();
	if (sum->count == 1)
		cell = one_slice(v);
	else if (sum->count > 3)
		cell = bar(sum->ns, sum->busy_ns, sum->end_ns - sum->begin_ns);
	else if (sum->count != 2 || !two_slices(v, &cell))
		cell = dominant(v);
	see_lit(v, &cell);
	must_see(v, &cell);
	if (has_seam(v, &cell))
		cell.form = FORM_SEAM;
	return cell;
}

void slice_cells_make(const struct viewport *viewport, const struct slice *slices,
                      size_t slice_count, int64_t first, int count, struct slice_cell *cells)
{
	struct sum sums[SLICE_CELLS_MAX];

	count = clamp(count, 0, SLICE_CELLS_MAX);
	if (count == 0)
		return;
	sum_up(viewport, slices, slice_count, first, count, sums);
	for (int i = 0; i < count; i++) {
		struct view_of v = { viewport, slices, &sums[i] };

		cells[i] = cell_of(&v);
	}
}

struct slice_cell slice_cell_of_mix(const struct mix *mix, bool inner, int64_t length_ns)
{
	int64_t ns[SHADES] = { 0 };
	int64_t busy = 0;
	struct slice_cell cell;

	if (inner) {
		ns[SHADE_ASSIST] = mix->spent_ns[LANE_ASSIST];
		ns[SHADE_SWEEP] = mix->spent_ns[LANE_SWEEP];
	} else {
		ns[SHADE_RUN] = mix->spent_ns[LANE_RUN];
		ns[SHADE_WORKER] = mix->spent_ns[LANE_WORKER];
	}
	ns[inner ? SHADE_SYSCALL : SHADE_RUN] += mix->spent_ns[LANE_SYSCALL];
	for (int shade = 0; shade < SHADES; shade++)
		busy += ns[shade];
	if (!mix->is_known || (busy == 0 && (inner || mix->spans == 0)))
		return idle();
	cell = bar(ns, busy, length_ns);
	if (busy >= length_ns && cell.shade != SHADE_MIXED && mix->spans < 4)
		cell.form = FORM_FULL;
	return cell;
}

/* Waiting is what others are measured against. */
struct slice_cell slice_cell_of_go_mix(const struct go_mix *mix, int64_t length_ns)
{
	int64_t ns[SHADES] = { 0 };
	int64_t busy;
	struct slice_cell cell = idle();

	if (mix == NULL) {
		cell.form = FORM_UNKNOWN;
		return cell;
	}
	ns[SHADE_RUN] = mix->running_ns;
	ns[SHADE_RUNNABLE] = mix->runnable_ns;
	ns[SHADE_SYSCALL] = mix->syscall_ns;
	busy = mix->running_ns + mix->runnable_ns + mix->syscall_ns;
	if (mix->spans == 0)
		return cell;
	if (busy == 0) {
		cell = (struct slice_cell){ .form = FORM_FULL,
			                    .slice = SLICE_NONE,
			                    .is_dense = true };
		cell.shade = SHADE_WAITING;
		return cell;
	}
	cell = bar(ns, busy, length_ns);
	cell.under = SHADE_WAITING;
	return cell;
}

struct slice_cell slice_cell_of_sketch(const struct mix *mix, bool inner, int64_t length_ns)
{
	struct slice_cell cell = slice_cell_of_mix(mix, inner, length_ns);

	cell.is_dense = false; /* there is nothing to zoom for yet */
	if (!mix->is_known)
		cell.form = FORM_UNKNOWN;
	else if (cell.form != FORM_IDLE)
		cell.form = FORM_SKETCH;
	return cell;
}

struct slice_cell slice_cell_of_said(const struct span *spans, size_t count, int64_t begin_ns,
                                     int64_t end_ns)
{
	int64_t ns[SHADES] = { 0 }, busy_ns = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t from = larger(spans[i].begin_ns, begin_ns);
		int64_t part = larger(smaller(spans[i].end_ns, end_ns) - from, 1);

		ns[shade_of_span(&spans[i])] += part;
		busy_ns += part;
	}
	return count == 0 ? idle() : bar(ns, busy_ns, end_ns - begin_ns);
}

enum shade shade_of_span(const struct span *span)
{
	switch ((enum span_kind)span->kind) {
	case SPAN_NONE:
	case SPAN_RUN:
		break;
	case SPAN_SYSCALL:
		return SHADE_SYSCALL;
	case SPAN_ASSIST:
		return SHADE_ASSIST;
	case SPAN_SWEEP:
		return SHADE_SWEEP;
	case SPAN_STW:
		return SHADE_STW;
	case SPAN_GC:
		return SHADE_GC;
	case SPAN_RUNNABLE:
		return SHADE_RUNNABLE;
	case SPAN_WAITING:
		return SHADE_WAITING;
	case SPAN_REGION:
	case SPAN_TASK:
		return SHADE_REGION;
	case SPAN_LOG:
		return SHADE_LOG;
	case SPAN_SAMPLE:
		return SHADE_SAMPLE;
	case SPAN_PROC_START:
		return SHADE_START;
	case SPAN_PROC_STOP:
		return SHADE_STOP;
	case SPAN_DAMAGE: /* in no row */
		break;
	}
	return span->worker != WORKER_NONE ? SHADE_WORKER : SHADE_RUN;
}
