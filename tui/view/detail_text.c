/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/detail_text.h"

#include <inttypes.h>

#include "tui/state/seek.h"
#include "tui/view/detail_finds.h"
#include "tui/view/detail_held.h"
#include "tui/view/detail_trail.h"
#include "tui/view/detail_user.h"

#define NO_THREAD UINT64_MAX /* as detail.h has it */

enum { LONG_WAIT_NS = 100000 /* for a P, before a run: worth a line */ };

static void begin(struct detail_text *t, bool ascii)
{
	memset(t, 0, sizeof(*t));
	t->title.ascii = t->facts.ascii = ascii;
	for (int i = 0; i < DETAIL_NOTES; i++)
		t->notes[i].ascii = ascii;
}

static const char *in_arrow(const struct line *line)
{
	return line->ascii ? "<" : "◀";
}

static const char *out_arrow(const struct line *line)
{
	return line->ascii ? ">" : "▶";
}

static void add_times(struct detail_text *t, const struct span *span)
{
	bool is_cut = span->begins_before || span->ends_behind;

	line_add(&t->facts, span->begins_before ? "start before " : "start ");
	detail_add_instant(t, &t->facts, span->begin_ns);
	line_add(&t->facts, is_cut ? "  wall over " : "  wall ");
	line_add_duration(&t->facts, span->end_ns - span->begin_ns);
}

static void add_place(struct detail_text *t, const struct model *model, const struct span *span,
                      const struct detail *detail)
{
	if (span->proc != INDEX_NONE) {
		line_add(&t->facts, "  on ");
		detail_add_proc(t, &t->facts, model, span->proc, span->begin_ns);
	}
	if (detail != NULL && detail->thread != NO_THREAD) {
		line_add(&t->facts, " ");
		detail_add_thread(t, &t->facts, detail->thread, span->begin_ns);
	}
}

/* ---- runs */

static const char *end_text(enum run_close close)
{
	switch (close) {
	case RUN_GOES_ON:
		return "goes on";
	case RUN_BLOCK:
		return "blocked";
	case RUN_STOP:
		return "stopped";
	case RUN_DESTROY:
		return "the goroutine ended";
	case RUN_SYSCALL_BLOCKED:
		return "came out of a syscall without its P";
	case RUN_SYSCALL_DESTROY:
		return "the goroutine ended in a syscall";
	case RUN_SWITCHED:
		return "switched to another goroutine";
	case RUN_LOST:
		return "nobody knows how it went on: what came then is damaged";
	}
	return "";
}

static void add_end(struct detail_text *t, const struct model *model, const struct detail *d)
{
	struct bytes reason = strings_text(&model->strings, d->reason);

	line_add(&t->facts, "  %s",
	         d->ends_after ? "goes on after the trace" : end_text((enum run_close)d->ended));
	if (reason.len > 0 && !d->ends_after) {
		line_add(&t->facts, ": ");
		line_add_bytes(&t->facts, reason);
	}
}

static void add_waker(struct detail_text *t, const struct model *model, const struct detail *d)
{
	bool created = d->wake == WAKE_CREATE || d->wake == WAKE_CREATE_BLOCKED;
	struct line *note;

	if (!d->has_waker)
		return;
	note = detail_add_note(t);
	line_add(note, "%s %s by ", in_arrow(note), created ? "created" : "unblocked");
	if (d->waker != INDEX_NONE)
		detail_add_go(t, note, model, d->waker, d->woken_ns);
	else
		line_add(note, "the runtime (network, timer)");
	line_add(note, " at ");
	detail_add_instant(t, note, d->woken_ns);
	if (d->span.kind != SPAN_RUN)
		return;
	line_add(note, " (ran after ");
	line_add_duration(note, d->span.begin_ns - d->woken_ns);
	line_add(note, ")");
}

static void add_wait(struct detail_text *t, const struct model *model, const struct detail *d)
{
	struct bytes reason = strings_text(&model->strings, d->blocked_on);
	struct line *note;

	if (d->blocked_ns == TIME_UNKNOWN)
		return;
	note = detail_add_note(t);
	line_add(note, "  was blocked for ");
	line_add_duration(note, d->blocked_ns);
	if (reason.len > 0) {
		line_add(note, ": ");
		line_add_bytes(note, reason);
	}
}

static void add_wakes(struct detail_text *t, const struct model *model, const struct detail *d,
                      bool creations)
{
	size_t told = d->wake_count < DETAIL_WAKES ? d->wake_count : DETAIL_WAKES;
	struct line *note = NULL;

	for (size_t i = 0; i < told; i++) {
		if (d->wakes[i].is_creation != creations)
			continue;
		if (note == NULL) {
			note = detail_add_note(t);
			line_add(note, "%s %s ", out_arrow(note),
			         creations ? "creates" : "unblocks");
			detail_add_go(t, note, model, d->wakes[i].go, d->wakes[i].time_ns);
			line_add(note, " at ");
			detail_add_instant(t, note, d->wakes[i].time_ns);
		} else {
			line_add(note, ", ");
			detail_add_go_id(t, note, model, d->wakes[i].go, d->wakes[i].time_ns);
		}
	}
	if (note != NULL && d->wake_count > told)
		line_add(note, " ... %zu in all", d->wake_count);
}

static struct span whole_run(const struct model *model, const struct span *span)
{
	struct span whole = *span;
	const long_run_array *runs;

	if (span->proc >= model->lanes.count)
		return whole;
	runs = &model->lanes.items[span->proc].long_runs;
	if (span->index >= runs->count || runs->items[span->index].begin_ns > span->begin_ns)
		return whole;
	whole.begin_ns = runs->items[span->index].begin_ns;
	whole.begins_before = false;
	return whole;
}

static void make_run(struct detail_text *t, const struct model *model, const struct span *span,
                     const struct detail *d)
{
	struct span whole = *span;

	if (span->is_long && span->begins_before) /* which the lane of its P knows */
		whole = whole_run(model, span);
	line_add_go(&t->title, model, span->go);
	if (span->worker != WORKER_NONE)
		line_add(&t->title, "  GC worker");
	add_times(t, &whole);
	if (d != NULL) {
		line_add(&t->facts, "  self ");
		line_add_duration(&t->facts, d->self_ns);
	}
	add_place(t, model, span, d);
	if (d == NULL)
		return;
	add_end(t, model, d);
	add_waker(t, model, d);
	if (d->has_waker && span->begin_ns - d->woken_ns >= LONG_WAIT_NS)
		detail_text_add_holders(t, model, d);
	add_wait(t, model, d);
	add_wakes(t, model, d, false);
	add_wakes(t, model, d, true);
	if (d->is_near)
		line_add(detail_add_note(t),
		         "What was before is not read yet, or has no room in memory.");
	else
		detail_add_stack(t, "start stack", d->start_stack);
	detail_add_stack(t, "end stack", d->end_stack);
	t->lacks_before = d->lacks_before;
}

/* ---- between runs */

static void make_stay(struct detail_text *t, const struct model *model, const struct span *span,
                      const struct detail *d)
{
	bool waits = span->kind == SPAN_WAITING;
	struct bytes reason = { NULL, 0 };

	line_add_go(&t->title, model, span->go);
	line_add(&t->title, waits ? "  waiting" : "  runnable");
	if (d != NULL)
		reason = strings_text(&model->strings, d->reason);
	if (reason.len > 0) {
		line_add(&t->title, ": ");
		line_add_bytes(&t->title, reason);
	}
	add_times(t, span);
	if (d == NULL)
		return;
	t->lacks_before = d->lacks_before;
	if (span->begins_before)
		line_add(detail_add_note(t), "Since when and why is not in memory now: [o reads it.");
	if (d->has_waker)
		add_waker(t, model, d);
	else if (!waits && d->start_stack != 0)
		line_add(detail_add_note(t), "It ran before, and would have run on.");
	if (!waits)
		add_wait(t, model, d);
	if (!waits)
		detail_text_add_holders(t, model, d);
	detail_add_stack(t, waits ? "where it waits" : "where it stopped", d->start_stack);
	if (d->has_waker)
		detail_add_stack(t, "where it was unblocked", d->wake_stack);
}

/* ---- ranges */

/* The whole assist that a piece on a lane belongs to. */
static const struct assist *find_assist(const struct model *model, const struct span *span)
{
	for (size_t i = 0; i < model->assists.count; i++) {
		const struct assist *assist = &model->assists.items[i];

		if (assist->go == span->go && assist->begin_ns <= span->begin_ns &&
		    assist->end_ns >= span->end_ns)
			return assist;
	}
	return NULL;
}

static void make_assist(struct detail_text *t, const struct model *model, const struct span *span,
                        const struct detail *d)
{
	const struct assist *assist = find_assist(model, span);
	struct span whole = *span;

	line_add(&t->title, "mark assist  ");
	line_add_go(&t->title, model, span->go);
	if (assist != NULL) {
		whole.begin_ns = assist->begin_ns;
		whole.end_ns = assist->end_ns;
	}
	add_times(t, &whole);
	if (assist != NULL) {
		line_add(&t->facts, "  on CPU ");
		line_add_duration(&t->facts, assist->on_cpu_ns);
	}
	add_place(t, model, span, d);
	line_add(detail_add_note(t),
	         "The goroutine allocated faster than the GC marks, and has to help it.");
	detail_add_stack(t, "stack",
	                 assist != NULL && assist->stack != 0 ? assist->stack
	                 : d != NULL                          ? d->start_stack
	                                                      : 0);
}

static void make_inner(struct detail_text *t, const struct model *model, const struct span *span,
                       const struct detail *d)
{
	struct line *note;

	line_add(&t->title, "%s  ", span->kind == SPAN_SWEEP ? "sweep" : "syscall");
	line_add_go(&t->title, model, span->go);
	add_times(t, span);
	add_place(t, model, span, d);
	if (d != NULL && (d->swept > 0 || d->reclaimed > 0)) {
		note = detail_add_note(t);
		line_add_size(note, d->swept);
		line_add(note, " swept, ");
		line_add_size(note, d->reclaimed);
		line_add(note, " of it reclaimed");
	}
	if (d != NULL)
		detail_add_stack(t, "stack", d->start_stack);
}

static void add_last_stopped(struct detail_text *t, const struct model *model,
                             const struct stw *stop)
{
	struct line *note = detail_add_note(t);

	if (stop->last_proc == INDEX_NONE) {
		line_add(note, "No other P had to be waited for.");
		return;
	}
	line_add(note, "last P to stop: ");
	detail_add_proc(t, note, model, stop->last_proc, stop->begin_ns);
	line_add(note, " after ");
	line_add_duration(note, stop->stopping_ns);
	if (stop->last_go == INDEX_NONE)
		return;
	line_add(note, ", it ran ");
	detail_add_go(t, note, model, stop->last_go, stop->begin_ns);
}

static void make_stop(struct detail_text *t, const struct model *model, const struct span *span)
{
	const struct stw *stop;
	struct line *note;

	line_add(&t->title, "STW  ");
	add_times(t, span);
	if (span->index >= model->stops.count)
		return;
	stop = &model->stops.items[span->index];
	line_add_bytes(&t->title, strings_text(&model->strings, stop->reason));
	line_add(&t->facts, "  stopping ");
	line_add_duration(&t->facts, stop->stopping_ns);
	line_add(&t->facts, "  stopped ");
	line_add_duration(&t->facts, span->end_ns - span->begin_ns - stop->stopping_ns);
	if (stop->is_open)
		line_add(&t->facts, "  goes on after the trace");
	add_last_stopped(t, model, stop);
	note = detail_add_note(t);
	line_add(note, "stopped by ");
	detail_add_go(t, note, model, stop->go, stop->begin_ns);
	line_add(note, " on ");
	detail_add_proc(t, note, model, stop->proc, stop->begin_ns);
	detail_add_stack(t, "stack of who stopped it", stop->stack);
}

static void make_cycle(struct detail_text *t, const struct model *model, const struct span *span)
{
	uint64_t count = 0;
	int64_t ns = 0;
	struct line *note;

	for (size_t i = 0; i < model->assists.count; i++) {
		const struct assist *assist = &model->assists.items[i];
		bool inside = assist->begin_ns >= span->begin_ns && assist->begin_ns < span->end_ns;

		count += inside;
		ns += inside ? assist->end_ns - assist->begin_ns : 0;
	}
	line_add(&t->title, "GC mark phase");
	if (span->index < model->cycles.count)
		line_add(&t->title, " %" PRIu64, model->cycles.items[span->index].seq);
	add_times(t, span);
	note = detail_add_note(t);
	line_add(note, "%" PRIu64 " mark assists, together ", count);
	line_add_duration(note, ns);
}

static void make_damage(struct detail_text *t, const struct model *model, const struct span *span)
{
	const struct damage_row *row;
	struct line *note;

	line_add(&t->title, "damage");
	add_times(t, span);
	if (span->index >= model->damage.rows.count)
		return;
	row = &model->damage.rows.items[span->index];
	line_add(&t->title, " at byte %" PRIu64, row->offset);
	line_add(&t->facts, "  lost ");
	line_add_size(&t->facts, row->len);
	if (row->m != DAMAGE_NOBODY) {
		line_add(&t->facts, "  of ");
		detail_add_thread(t, &t->facts, row->m, span->begin_ns);
	}
	note = detail_add_note(t);
	line_add(note, "%s", row->expected);
	if (row->found[0] != '\0')
		line_add(note, " (%s)", row->found);
	if (row->generation != 0)
		line_add(note, "  (generation %" PRIu64 ")", row->generation);
	line_add(detail_add_note(t), "~ lists all that is lost; [d ]d step through it");
}

void detail_text_make(struct detail_text *t, const struct model *model, const struct span *span,
                      const struct detail *detail, bool ascii)
{
	const struct detail *d = detail;

	if (d != NULL && (d->span.kind != span->kind || d->span.go != span->go ||
	                  d->span.begin_ns > span->begin_ns || d->span.end_ns < span->begin_ns))
		d = NULL;
	begin(t, ascii);
	detail_text_add_trail(t, model, span);
	switch ((enum span_kind)span->kind) {
	case SPAN_NONE:
		break;
	case SPAN_RUN:
		make_run(t, model, span, d);
		break;
	case SPAN_SYSCALL:
	case SPAN_SWEEP:
		make_inner(t, model, span, d);
		break;
	case SPAN_ASSIST:
		make_assist(t, model, span, d);
		break;
	case SPAN_STW:
		make_stop(t, model, span);
		break;
	case SPAN_GC:
		make_cycle(t, model, span);
		break;
	case SPAN_RUNNABLE:
	case SPAN_WAITING:
		make_stay(t, model, span, d);
		break;
	case SPAN_DAMAGE:
		make_damage(t, model, span);
		break;
	case SPAN_REGION:
	case SPAN_LOG:
	case SPAN_SAMPLE:
	case SPAN_TASK:
	case SPAN_PROC_START:
	case SPAN_PROC_STOP:
		detail_text_make_said(t, model, span, d);
		return;
	}
	detail_text_add_said(t, model, d);
}

/* ---- nothing */

static void add_offer(struct detail_text *t, const struct model *model, const char *name,
                      size_t count, const struct span *longest, const char *keys)
{
	struct line *note = detail_add_note(t);
	size_t begin;

	line_add(note, "%zu %s%s%s", count, name, count == 1 ? "" : "s",
	         model->is_whole && !model->was_stopped ? "" : " so far");
	if (longest->kind == SPAN_NONE)
		return;
	begin = note->len + 2;
	line_add(note, ", the longest ");
	line_add_duration(note, longest->end_ns - longest->begin_ns);
	line_add(note, " at ");
	line_add_instant(note, longest->begin_ns);
	detail_add_link(t, note, begin, "longest %s",
	                longest->kind == SPAN_STW      ? "stw"
	                : longest->kind == SPAN_ASSIST ? "assist"
	                                               : "gc");
	line_add(note, "%s", keys);
}

static void add_offers(struct detail_text *t, const struct model *model,
                       const struct detail_offers *offers)
{
	if (model->generations == 0 && !model->is_whole) { /* a picture may be there by samples */
		line_add(detail_add_note(t), "not loaded yet: STW pauses, mark assists, GC cycles");
		return;
	}
	add_offer(t, model, "STW pause", model->stops.count, &offers->stw, "   (!, then [p ]p)");
	add_offer(t, model, "mark assist", model->assists.count, &offers->assist,
	          "   (@, then [A ]A)");
	add_offer(t, model, "GC cycle", model->cycles.count, &offers->gc, "   ({ })");
}

void detail_offers_update(struct detail_offers *o, const struct model *model)
{
	if (o->generations == model->generations && o->stops == model->stops.count &&
	    o->assists == model->assists.count && o->is_whole == model->is_whole)
		return;
	*o = (struct detail_offers){ .generations = model->generations,
		                     .stops = model->stops.count,
		                     .assists = model->assists.count,
		                     .is_whole = model->is_whole };
	seek_longest(model, SEEK_STW, &o->stw);
	seek_longest(model, SEEK_ASSIST, &o->assist);
	seek_longest(model, SEEK_GC, &o->gc);
}

void detail_text_make_empty(struct detail_text *t, const struct model *model,
                            const struct detail_offers *offers, const struct finds *finds,
                            const struct finding *finding, int cols, bool ascii)
{
	int alarms = finds->is_hidden ? 0 : finds_alarms(finds);

	begin(t, ascii);
	t->is_empty = true;
	if (finding != NULL) {
		line_add(&t->title, "nothing selected");
		detail_text_add_finding(t, finding, cols);
	} else if (alarms > 0) {
		line_add(&t->title, "%d finding%s   ) goes to the first, Q hides", alarms,
		         alarms == 1 ? "" : "s");
		detail_text_add_findings(t, finds, cols);
	} else {
		line_add(&t->title, "nothing selected");
	}
	line_add(&t->facts,
	         "Tab selects in the row   j k rows   w s zoom   a d pan   f fit   ? all keys");
	add_offers(t, model, offers);
	if (damage_is_serious(&model->damage)) {
		struct line *note = detail_add_note(t);

		line_add_size(note, model->damage.bytes);
		line_add(note, " lost of the trace   (~ lists it, ]d goes there)");
	}
}
