/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/why_say.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/analysis/held.h"
#include "core/base/time_text.h"

enum { TITLE_MAX = 160, NAME_MAX_LEN = 80 };

__attribute__((format(printf, 2, 3))) static void put(struct why_text *text, const char *format,
                                                      ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text->text + text->len, sizeof(text->text) - text->len, format, args);
	va_end(args);
	if (len > 0)
		text->len += (size_t)len;
	if (text->len >= sizeof(text->text))
		text->len = sizeof(text->text) - 1;
}

/* "G21 main.publish"; "nobody knows who" */
static void put_go(struct why_text *text, const struct model *model, uint32_t go)
{
	char title[TITLE_MAX];

	model_go_title(model, go, title, sizeof(title));
	put(text, "%s", title[0] != '\0' ? title : "nobody knows who");
}

static void put_time(struct why_text *text, int64_t ns)
{
	char time[TIME_TEXT_MAX];

	put(text, "%s", time_text_go(time, ns));
}

/* The file without its directories. */
/* "at bus.go:41"; nothing if it is not recorded. */
static void put_place(struct why_text *text, const struct model *model, stack_id stack)
{
	const struct frame *frame = why_frame(model, stack);
	struct bytes file;
	size_t from;

	if (frame == NULL)
		return;
	file = strings_text(&model->strings, frame->file);
	for (from = file.len; from > 0 && file.data[from - 1] != '/'; from--)
		;
	if (file.len - from == 0 || file.len - from > NAME_MAX_LEN)
		return;
	put(text, "%sat %.*s:%u", text->len > 0 ? " " : "", (int)(file.len - from),
	    (const char *)file.data + from, (unsigned)frame->line);
}

/* Between two things that are said. */
static void put_then(struct why_text *text)
{
	if (text->len > 0)
		put(text, "; ");
}

/* ---- what somebody did */

static void put_part(struct why_text *text, const char *what, int64_t ns, bool *is_first)
{
	if (ns == 0)
		return;
	put(text, "%s%s ", *is_first ? "" : ", ", what);
	put_time(text, ns);
	*is_first = false;
}

static void put_mix(struct why_text *text, const struct why_mix *mix)
{
	bool is_first = true;

	put_part(text, "ran", mix->running_ns, &is_first);
	put_part(text, "was runnable", mix->runnable_ns, &is_first);
	put_part(text, "was in syscalls", mix->syscall_ns, &is_first);
	put_part(text, "waited", mix->waiting_ns, &is_first);
	if (mix->waits > 1)
		put(text, " (%llu times)", (unsigned long long)mix->waits);
}

static void put_meanwhile(struct why_text *text, const struct why_row *row)
{
	const struct why_mix *mix = &row->meanwhile;
	int64_t told_ns = mix->running_ns + mix->runnable_ns + mix->waiting_ns + mix->syscall_ns;

	if (row->stop == WHY_LOOP)
		put(text, ", of which is told above");
	if (row->stop == WHY_TOO_DEEP)
		put(text, "; this goes no further");
	if (!row->is_explained || told_ns == 0)
		return;
	put(text, row->held_since_ns != TIME_UNKNOWN ? " and meanwhile " : ", which meanwhile ");
	put_mix(text, mix);
}

/* Its mark assists in that time. */
static void put_assists(struct why_text *text, const struct model *model,
                        const struct why_stay *stay)
{
	int64_t sum_ns = 0;

	for (size_t i = 0; i < model->assists.count; i++) {
		const struct assist *assist = &model->assists.items[i];
		int64_t from =
			assist->begin_ns > stay->begin_ns ? assist->begin_ns : stay->begin_ns;
		int64_t to = assist->end_ns < stay->end_ns ? assist->end_ns : stay->end_ns;

		if (assist->go == stay->go && to > from)
			sum_ns += to - from;
	}
	if (sum_ns == 0)
		return;
	put_then(text);
	put(text, "in mark assists for ");
	put_time(text, sum_ns);
	put(text, " of it");
}

/* ---- what ended a wait */

static bool stack_has(const struct model *model, stack_id stack, const char *part)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(&model->stacks, stack, &count);
	size_t len = strlen(part);

	for (uint32_t i = 0; i < count; i++) {
		struct bytes name = strings_text(&model->strings, frames[i].function);

		for (size_t at = 0; at + len <= name.len; at++)
			if (memcmp(name.data + at, part, len) == 0)
				return true;
	}
	return false;
}

static bool is_reason(const struct model *model, string_id reason, const char *name)
{
	return bytes_equal(strings_text(&model->strings, reason), bytes_of(name));
}

static void put_nobody(struct why_text *text, const struct model *model,
                       const struct why_stay *stay)
{
	if (is_reason(model, stay->reason, "sleep"))
		put(text, "its time was over");
	else if (stack_has(model, stay->end_stack, "eadline"))
		put(text, "its deadline was over");
	else if (is_reason(model, stay->reason, "network"))
		put(text, "the network was ready");
	else if (stack_has(model, stay->end_stack, "time."))
		put(text, "a timer ended it");
	else
		put(text, "ended by a timer or the runtime: no goroutine did");
}

static void put_waker(struct why_text *text, const struct model *model, const struct why_row *row)
{
	const struct why_stay *stay = &row->stay;
	bool is_lock = stay->end == WHY_WOKEN && why_is_lock(model, stay->stack);

	put(text, "%s ",
	    stay->end == WHY_CREATED    ? "created by"
	    : stay->end == WHY_SWITCHED ? "resumed by"
	    : is_lock                   ? "the lock was let go by"
	                                : "woken by");
	put_go(text, model, stay->by);
	put_place(text, model, stay->end_stack);
	if (row->held_since_ns != TIME_UNKNOWN) {
		put(text, ", which had it for ");
		put_time(text, stay->end_ns - row->held_since_ns);
	}
	put_meanwhile(text, row);
}

static void put_wait(struct why_text *text, const struct model *model, const struct why_row *row)
{
	put_then(text);
	switch ((enum why_end)row->stay.end) {
	case WHY_WOKEN:
	case WHY_SWITCHED:
	case WHY_CREATED:
		put_waker(text, model, row);
		break;
	case WHY_BY_NOBODY:
		put_nobody(text, model, &row->stay);
		break;
	case WHY_OPEN:
		put(text, "the trace ends before it does");
		break;
	case WHY_UNKNOWN:
		put(text, "the trace does not tell what ended it");
		break;
	}
}

/* ---- waits for a P */

/* In the first place. */
static void put_start(struct why_text *text, const struct model *model, const struct why_stay *stay)
{
	bool is_by = stay->from != INDEX_NONE;

	switch ((enum why_start)stay->start) {
	case WHY_SOMEHOW:
		return;
	case WHY_UNBLOCKED:
		put(text, is_by ? "woken by " : "woken by no goroutine");
		break;
	case WHY_BORN:
		put(text, is_by ? "created by " : "created");
		break;
	case WHY_STOPPED:
		put(text, "had to stop");
		return;
	case WHY_OUT_OF_CALL:
		put(text, "came out of a syscall that had lost its P");
		return;
	}
	if (is_by)
		put_go(text, model, stay->from);
}

static void put_share(struct why_text *text, struct bytes name, int64_t ns, int64_t all_ns,
                      bool *is_first)
{
	int percent = (int)((double)ns * 100 / (double)all_ns + 0.5);

	if (percent == 0)
		return;
	put(text, "%s%.*s %d %%", *is_first ? "" : ", ",
	    (int)(name.len < NAME_MAX_LEN ? name.len : NAME_MAX_LEN), (const char *)name.data,
	    percent);
	*is_first = false;
}

static void put_holders(struct why_text *text, const struct model *model,
                        const struct holders *holders)
{
	int64_t idle_ns =
		holders->all_ns - holders->others_ns - holders->gc_ns - holders->syscall_ns;
	bool is_first = true;

	if (holders->all_ns == 0)
		return;
	put_then(text);
	put(text, "the time of the Ps went to: ");
	put_share(text, bytes_of("the GC"), holders->gc_ns, holders->all_ns, &is_first);
	for (uint32_t i = 0; i < holders->count; i++) {
		struct bytes name = strings_text(&model->strings, holders->first[i].name);

		put_share(text, name.len > 0 ? name : bytes_of("?"), holders->first[i].ns,
		          holders->all_ns, &is_first);
		idle_ns -= holders->first[i].ns;
	}
	put_share(text, bytes_of("others"), holders->others_ns, holders->all_ns, &is_first);
	put_share(text, bytes_of("syscalls"), holders->syscall_ns, holders->all_ns, &is_first);
	put_share(text, bytes_of("nobody"), idle_ns, holders->all_ns, &is_first);
}

static void put_stops(struct why_text *text, const struct model *model, const struct why_stay *stay)
{
	int64_t sum_ns = 0;

	for (size_t i = 0; i < model->stops.count; i++) {
		const struct stw *stop = &model->stops.items[i];
		int64_t from = stop->begin_ns > stay->begin_ns ? stop->begin_ns : stay->begin_ns;
		int64_t to = stop->end_ns < stay->end_ns ? stop->end_ns : stay->end_ns;

		if (stop->begin_ns >= stay->end_ns)
			break;
		if (to > from)
			sum_ns += to - from;
	}
	if (sum_ns == 0)
		return;
	put_then(text);
	put(text, "the world was stopped for ");
	put_time(text, sum_ns);
}

/* ---- */

static void put_sum(struct why_text *text, const struct model *model, const struct why_stay *stay)
{
	put_then(text);
	put_mix(text, &stay->mix);
	put_assists(text, model, stay);
}

void why_put_row(struct why_text *text, const struct model *model, const struct why_row *row)
{
	const struct why_stay *stay = &row->stay;

	if (stay->kind != SPAN_RUNNABLE)
		put_place(text, model, stay->stack);
	if (stay->is_sum) {
		put_sum(text, model, stay);
	} else if (stay->kind == SPAN_RUNNABLE) {
		put_start(text, model, stay);
		put_stops(text, model, stay);
		put_holders(text, model, &row->holders);
	} else if (stay->kind == SPAN_SYSCALL) {
		put_then(text);
		put(text, stay->has_proc ? "in a syscall" : "in a syscall without a P");
	} else {
		put_wait(text, model, row);
	}
}

void why_put_held(struct why_text *text, const struct model *model, const struct held_row *row)
{
	const struct why_stay *stay = &row->stay;

	if (stay->kind != SPAN_RUNNABLE)
		put_place(text, model, stay->stack);
	if (row->above == INDEX_NONE)
		return;
	put_then(text);
	put(text, "held up for ");
	put_time(text, row->held_ns);
	put(text, " by ");
	put_go(text, model, stay->from);
	put(text, ", which woke it");
	put_place(text, model, row->wake_stack);
	put(text, " ");
	put_time(text, row->after_ns);
	put(text, " after that");
}
