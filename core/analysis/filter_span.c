/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/filter_span.h"

#include "core/model/records.h"
#include "core/model/user.h"

enum { SAID_MAX = 16 /* regions, or logs, of a stretch that are looked at */ };

static enum filter_state state_of(const struct span *span)
{
	switch ((enum span_kind)span->kind) {
	case SPAN_SYSCALL:
		return FILTER_SYSCALL;
	case SPAN_ASSIST:
		return FILTER_ASSIST;
	case SPAN_SWEEP:
		return FILTER_SWEEP;
	case SPAN_STW:
		return FILTER_STW;
	case SPAN_GC:
		return FILTER_GC;
	case SPAN_RUNNABLE:
		return FILTER_RUNNABLE;
	case SPAN_WAITING:
		return FILTER_WAITING;
	case SPAN_NONE:
	case SPAN_RUN:
	case SPAN_DAMAGE:
	case SPAN_REGION:
	case SPAN_LOG:
	case SPAN_SAMPLE:
	case SPAN_TASK:
	case SPAN_PROC_START:
	case SPAN_PROC_STOP:
		break;
	}
	return FILTER_RUNNING;
}

/* Why a run stopped, or a wait is. */
static string_id reason_of(const struct model *model, const struct span *span)
{
	bool is_record = span->kind == SPAN_RUNNABLE || span->kind == SPAN_WAITING ||
	                 (span->kind == SPAN_RUN && !span->is_long);

	if (span->kind == SPAN_STW && span->index < model->stops.count)
		return model->stops.items[span->index].reason;
	return is_record ? model_wait_reason(model, span) : 0;
}

/* What the program says while it lasts. */
struct said_then {
	struct user_region regions[SAID_MAX];
	struct user_log logs[SAID_MAX];
	string_id region_names[SAID_MAX], texts[2 * SAID_MAX];
};

static bool asks_regions(const struct filter *filter)
{
	return filter_asks(filter, FILTER_REGION) || filter_asks(filter, FILTER_TASK);
}

/* Its innermost region with a task says of which it is. */
static void take_regions(struct filter_subject *subject, struct said_then *said,
                         const struct model *model, const struct span *span)
{
	const struct user_task *task;

	subject->region_count = user_regions(model, span->go, span->begin_ns, span->end_ns,
	                                     said->regions, SAID_MAX);
	subject->regions = said->region_names;
	for (size_t i = 0; i < subject->region_count; i++) {
		said->region_names[i] = said->regions[i].name;
		if (said->regions[i].task == 0)
			continue;
		subject->task = said->regions[i].task;
		task = user_task(model, subject->task);
		subject->task_type = task != NULL ? task->name : 0;
	}
}

static void take_logs(struct filter_subject *subject, struct said_then *said,
                      const struct model *model, const struct span *span)
{
	struct user_of of = { span->go, INDEX_NONE };
	size_t count = user_logs(model, of, span->begin_ns, span->end_ns, said->logs, SAID_MAX);

	for (size_t i = 0; i < count; i++) {
		said->texts[2 * i] = said->logs[i].message;
		said->texts[2 * i + 1] = said->logs[i].category;
	}
	subject->logs = said->texts;
	subject->log_count = 2 * count;
}

static void take_go(struct filter_subject *subject, const struct model *model, uint32_t go)
{
	struct goroutine g;

	if (go >= model->roster.count)
		return;
	g = roster_brief(&model->roster, go);
	subject->g = g.id;
	subject->name = g.name;
}

/* begun: what is known of how it began; NULL: what its history tells. */
static bool accepts(struct filter *filter, const struct model *model, const struct span *span,
                    const struct told *begun)
{
	struct filter_subject subject = {
		.strings = &model->strings,
		.stacks = &model->stacks,
		.begin_ns = span->begin_ns,
		.end_ns = span->end_ns,
		.trace_end_ns = model->end_ns,
		.g = FILTER_NONE,
		.p = span->proc < model->procs.count ? model->procs.items[span->proc].id
		                                     : FILTER_NONE,
		.m = FILTER_NONE,
		.task = FILTER_NONE,
		.state = (uint8_t)state_of(span),
	};
	struct said_then said;

	if (filter_asks(filter, FILTER_G) || filter_asks(filter, FILTER_NAME) ||
	    filter_asks(filter, FILTER_FUNC))
		take_go(&subject, model, span->go);
	if (filter_asks(filter, FILTER_M))
		subject.m = model_span_thread(model, span);
	if (filter_asks(filter, FILTER_LABEL) && span->kind == SPAN_RUN)
		subject.label = bytes_of(worker_labels[span->worker % WORKERS]);
	if (filter_asks(filter, FILTER_REASON))
		subject.reason = begun != NULL && begun->reason != 0 ? begun->reason
		                                                     : reason_of(model, span);
	if (filter_asks(filter, FILTER_STACK) || filter_asks(filter, FILTER_FUNC) ||
	    filter_asks(filter, FILTER_FILE)) {
		model_span_stacks(model, span, subject.stack);
		if (subject.stack[0] == 0 && begun != NULL)
			subject.stack[0] = begun->stack;
	}
	if (span->go < model->roster.count && asks_regions(filter))
		take_regions(&subject, &said, model, span);
	if (span->go < model->roster.count && filter_asks(filter, FILTER_LOG))
		take_logs(&subject, &said, model, span);
	return filter_accepts(filter, &subject);
}

bool filter_accepts_span(struct filter *filter, const struct model *model, const struct span *span)
{
	return accepts(filter, model, span, NULL);
}

bool filter_accepts_told(struct filter *filter, const struct model *model, const struct told *told)
{
	struct span whole = told->span;

	whole.begin_ns = told->begin_ns;
	whole.end_ns = told->end_ns;
	return accepts(filter, model, &whole, told);
}

bool filter_accepts_said(struct filter *filter, const struct model *model,
                         const struct filter_said *said)
{
	const string_id texts[] = { said->message, said->category };
	const struct user_task *task = user_task(model, said->task);
	struct filter_subject subject = {
		.strings = &model->strings,
		.stacks = &model->stacks,
		.begin_ns = said->begin_ns,
		.end_ns = said->end_ns,
		.trace_end_ns = model->end_ns,
		.g = FILTER_NONE,
		.p = said->proc < model->procs.count ? model->procs.items[said->proc].id
		                                     : FILTER_NONE,
		.m = FILTER_NONE,
		.task = said->task == 0 ? FILTER_NONE : said->task,
		.task_type = task == NULL ? 0 : task->name,
		.stack = { said->stacks[0], said->stacks[1] },
		.regions = &said->region,
		.region_count = said->region != 0,
		.logs = texts,
		.log_count = said->message == 0 && said->category == 0 ? 0 : 2,
		.state = !said->has_ends     ? FILTER_STATES
		         : said->is_complete ? FILTER_COMPLETE
		                             : FILTER_OPEN,
	};

	if (said->regions != NULL) {
		subject.regions = said->regions;
		subject.region_count = said->region_count;
	}
	if (said->logs != NULL) {
		subject.logs = said->logs;
		subject.log_count = said->log_count;
	}
	take_go(&subject, model, said->go);
	return filter_accepts(filter, &subject);
}
