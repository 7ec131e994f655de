/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

#include "core/analysis/analysis.h"
#include "core/base/checked.h"
#include "core/base/sort.h"

#include <stdarg.h>
#include <stdio.h>

const char *const finding_names[FINDING_KINDS] = {
	[FINDING_STW] = "stw",
	[FINDING_STRAGGLER] = "stw-straggler",
	[FINDING_ASSIST] = "assist",
	[FINDING_SWEEP] = "sweep",
	[FINDING_RUNNABLE] = "runnable",
	[FINDING_IDLE] = "idle-while-runnable",
	[FINDING_SERIAL] = "serial",
	[FINDING_STALL] = "stall",
	[FINDING_CONVOY] = "lock-convoy",
	[FINDING_CALL] = "syscall-loss",
	[FINDING_BURST] = "burst",
	[FINDING_NO_YIELD] = "no-yield",
	[FINDING_HEAP] = "heap-over-goal",
	[FINDING_LOST] = "lost-data",
};

static finding_fn *const kinds[] = {
	finding_stops,  finding_assists, finding_sweeps,  finding_queues, finding_idle,
	finding_serial, finding_stalls,  finding_convoys, finding_calls,  finding_bursts,
	finding_runs,   finding_heap,    finding_damage,
};

/* ---- words */

void finding_say(struct finding_text *text, const char *format, ...)
{
	size_t room = sizeof(text->text) - text->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text->text + text->len, room, format, args);
	va_end(args);
	if (len > 0)
		text->len += (size_t)len < room ? (size_t)len : room - 1;
}

struct finding_time finding_time(int64_t ns)
{
	struct finding_time time;

	time_text_short(time.text, ns, false);
	return time;
}

struct finding_name finding_string(const struct findings *findings, string_id id)
{
	struct bytes text = strings_text(&findings->model->strings, id);
	struct finding_name name = { "unknown" };

	if (text.len == 0)
		return name;
	snprintf(name.text, sizeof(name.text), "%.*s",
	         (int)(text.len < FINDING_NAME_MAX ? text.len : FINDING_NAME_MAX),
	         (const char *)text.data);
	return name;
}

struct finding_name finding_go(const struct findings *findings, uint32_t go)
{
	struct finding_name name = { "somebody" };

	if (go < findings->model->roster.count)
		model_go_title(findings->model, go, name.text, sizeof(name.text));
	return name;
}

static bool begins_with_any(struct bytes text, const char *const *names)
{
	for (; *names != NULL; names++)
		if (bytes_begin_with(text, *names))
			return true;
	return false;
}

bool finding_stack_has(const struct findings *findings, stack_id stack, const char *const *names)
{
	const struct model *model = findings->model;
	uint32_t count;
	const struct frame *frames = stacks_frames(&model->stacks, stack, &count);

	for (uint32_t i = 0; i < count; i++)
		if (begins_with_any(strings_text(&model->strings, frames[i].function), names))
			return true;
	return false;
}

/* The innermost frame that is the program's; what it stands in calls the runtime and sync. */
static const struct frame *own_frame(const struct model *model, stack_id stack)
{
	static const char *const others[] = { "runtime.", "sync.", "syscall.", "internal/", NULL };
	uint32_t count;
	const struct frame *frames = stacks_frames(&model->stacks, stack, &count);

	for (uint32_t i = 0; i < count; i++)
		if (!begins_with_any(strings_text(&model->strings, frames[i].function), others))
			return &frames[i];
	return count > 0 ? &frames[0] : NULL;
}

static struct bytes last_name(struct bytes path)
{
	for (size_t i = path.len; i > 0; i--)
		if (path.data[i - 1] == '/')
			return (struct bytes){ path.data + i, path.len - i };
	return path;
}

bool finding_has_place(const struct findings *findings, stack_id stack)
{
	return own_frame(findings->model, stack) != NULL;
}

struct finding_name finding_place(const struct findings *findings, stack_id stack)
{
	const struct model *model = findings->model;
	const struct frame *frame = own_frame(model, stack);
	struct finding_name name = { "a function that is not recorded" };
	struct bytes function, file;

	if (frame == NULL)
		return name;
	function = strings_text(&model->strings, frame->function);
	file = last_name(strings_text(&model->strings, frame->file));
	if (file.len == 0 || frame->line == 0)
		snprintf(name.text, sizeof(name.text), "%.*s", (int)function.len,
		         (const char *)function.data);
	else
		snprintf(name.text, sizeof(name.text), "%.*s (%.*s:%u)",
		         (int)(function.len < 80 ? function.len : 80), (const char *)function.data,
		         (int)(file.len < 24 ? file.len : 24), (const char *)file.data,
		         frame->line);
	return name;
}

int finding_percent(int64_t part_ns, int64_t all_ns)
{
	return all_ns > 0 ? (int)((double)part_ns * 100 / (double)all_ns + 0.5) : 0;
}

bool finding_is_ordinary(const struct findings *findings, uint32_t go)
{
	const struct model *model = findings->model;

	if (go >= model->roster.count)
		return false;
	return !analysis_is_of_runtime(model, go);
}

/* ---- where */

/* A part of it on each side is what was around it. */
static void set_window(struct locator *locator, const struct finding *finding)
{
	enum { LEAST_NS = 1000 };
	int64_t length_ns = finding->end_ns - finding->begin_ns;
	int64_t margin_ns;

	length_ns = length_ns < LEAST_NS ? LEAST_NS : length_ns;
	margin_ns = length_ns / 8;
	locator->has_time = locator->has_length = true;
	locator->begin_ns = finding->begin_ns > margin_ns ? finding->begin_ns - margin_ns : 0;
	locator->length_ns = finding->begin_ns + length_ns + margin_ns - locator->begin_ns;
}

const char *finding_locator(char out[LOCATOR_TEXT_MAX], const struct findings *findings,
                            const struct finding *finding)
{
	const struct model *model = findings->model;
	bool has_go = finding->go < model->roster.count;
	bool has_proc = finding->proc < model->procs.count;
	struct locator locator = { .selected_ns = finding->at_ns };

	set_window(&locator, finding);
	if (finding->kind == FINDING_STW) {
		locator.of = LOCATOR_STW;
	} else if (finding->kind == FINDING_ASSIST && has_proc) {
		locator.of = LOCATOR_PROC;
		locator.id = model->procs.items[finding->proc].id;
	} else if (has_go) {
		locator.of = LOCATOR_GO;
		locator.id = roster_brief(&model->roster, finding->go).id;
	}
	locator.has_selected = locator.of != LOCATOR_NOTHING;
	return locator_text(out, &locator);
}

/* ---- the list */

static struct bytes subject_of(struct findings *findings, const struct finding *finding)
{
	struct finding_name name = { "" };

	if (finding->subject.len > 0)
		return arena_copy(&findings->arena, finding->subject);
	if (finding->go != INDEX_NONE)
		name = finding_go(findings, finding->go);
	else if (finding->proc < findings->model->procs.count)
		snprintf(name.text, sizeof(name.text), "P%llu",
		         (unsigned long long)findings->model->procs.items[finding->proc].id);
	else
		name = finding_place(findings, finding->stack);
	return arena_copy(&findings->arena, bytes_of(name.text));
}

void finding_add(struct findings *findings, const struct finding *finding, const char *format, ...)
{
	struct finding *item = array_push(&findings->items);
	char text[FINDING_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	*item = *finding;
	if (item->at_ns == 0)
		item->at_ns = item->begin_ns;
	item->subject = subject_of(findings, finding);
	item->sentence = arena_copy(&findings->arena, bytes_of(text));
}

void finding_count(struct findings *findings, enum finding_kind kind, uint64_t count,
                   int64_t cost_ns)
{
	struct findings_rest *rest = &findings->rest[kind];

	rest->count += count;
	rest->cost_ns = saturating_add_i64(rest->cost_ns, cost_ns);
}

static void add_tail(struct findings *findings, struct finding *finding, uint64_t count,
                     int64_t cost_ns)
{
	struct finding_text text = { .len = 0 };

	finding_say(&text, "%.*s; %llu more with others, %s together", (int)finding->sentence.len,
	            (const char *)finding->sentence.data, (unsigned long long)count,
	            finding_time(cost_ns).text);
	finding->sentence = arena_copy(&findings->arena, bytes_of(text.text));
}

int64_t finding_worth(const struct findings *findings, const struct finding *finding)
{
	if (findings->worth_all_ns <= 0)
		return 0;
	return (int64_t)((double)finding->cost_ns * 1e6 / (double)findings->worth_all_ns);
}

static int by_rank(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->cost_ns != y->cost_ns)
		return x->cost_ns < y->cost_ns ? 1 : -1;
	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

/* ---- the pass */

struct state {
	const struct question *question;
	struct signs signs;
	struct findings findings;
	bool is_made;
};

static void begin(void *to, const struct model *model, const struct question *question,
                  struct budget *budget)
{
	struct state *state = to;

	state->question = question;
	signs_init(&state->signs, model,
	           question->limits != NULL ? question->limits : &finding_limits_usual, budget);
	state->findings = (struct findings){
		.arena = { .budget = budget },
		.items = { .budget = budget },
		.model = model,
		.worth_all_ns = saturating_multiply_i64(model->end_ns, model_most_procs(model)),
	};
}

static bool look(void *to, const struct model *model, uint32_t part, size_t *at)
{
	struct state *state = to;

	(void)model;
	return signs_part(&state->signs, part, at);
}

static void tell(void *to, const struct model *model, struct told *told)
{
	struct state *state = to;

	(void)model;
	signs_tell(&state->signs, told);
}

static void settle(void *to, const struct telling *telling)
{
	struct state *state = to;

	signs_settle(&state->signs, telling);
}

/* Of each kind, the first few, and what is worth something; the rest is counted. What took less
 * than a moment is no finding, but for stops and losses. */
static bool is_small(const struct findings *findings, const struct finding *finding, uint64_t kept)
{
	enum { FEW = 3, SOME = 1000 /* millionths */, MOMENT_NS = 1000000 };
	bool is_listed = finding->kind == FINDING_STW || finding->kind == FINDING_STRAGGLER ||
	                 finding->kind == FINDING_LOST;

	if (!is_listed && finding->cost_ns < MOMENT_NS)
		return true;
	return kept >= FEW && finding_worth(findings, finding) < SOME;
}

static void fold(struct findings *findings)
{
	uint64_t kept[FINDING_KINDS] = { 0 };
	size_t last[FINDING_KINDS] = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < findings->items.count; i++) {
		const struct finding *finding = &findings->items.items[i];
		enum finding_kind kind = finding->kind;

		if (is_small(findings, finding, kept[kind])) {
			finding_count(findings, kind, 1, finding->cost_ns);
			continue;
		}
		kept[kind]++;
		last[kind] = count;
		findings->items.items[count++] = *finding;
	}
	findings->items.count = count;
	for (int k = 0; k < FINDING_KINDS; k++)
		if (findings->rest[k].count > 0 && kept[k] > 0)
			add_tail(findings, &findings->items.items[last[k]], findings->rest[k].count,
			         findings->rest[k].cost_ns);
}

/* The longest stops stand in the list even if they are short. */
static bool is_alarm(const struct state *state, const struct finding *finding)
{
	enum { WORTH = 10000 /* millionths */ };

	if (finding->kind == FINDING_STW &&
	    finding->end_ns - finding->begin_ns < state->signs.limits->stop_ns)
		return false;
	return finding_worth(&state->findings, finding) > WORTH;
}

static void make(struct state *state)
{
	if (state->is_made)
		return;
	state->is_made = true;
	signs_end(&state->signs);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		kinds[i](&state->findings, &state->signs);
	SORT_ARRAY(&state->findings.items, by_rank);
	fold(&state->findings);
	for (size_t i = 0; i < state->findings.items.count; i++)
		state->findings.items.items[i].is_alarm =
			is_alarm(state, &state->findings.items.items[i]);
}

const struct findings *findings_of(void *to, struct error *err)
{
	struct state *state = to;

	make(state);
	if (budget_is_overdrawn(state->findings.items.budget)) {
		analysis_is_cut(err);
		return NULL;
	}
	return &state->findings;
}

const struct signs *findings_signs(const void *to)
{
	const struct state *state = to;

	return &state->signs;
}

const int64_t *findings_sched_ns(const void *to, int64_t *most_ns)
{
	const struct state *state = to;

	*most_ns = state->signs.sched_most_ns;
	return state->signs.sched_ns;
}

bool findings_are_asked_for(const void *to, const struct finding *finding)
{
	const struct state *state = to;

	return analysis_accepts(state->question, state->findings.model,
	                        &(struct told){ .span = { .go = finding->go,
	                                                  .proc = finding->proc,
	                                                  .part = INDEX_NONE,
	                                                  .kind = SPAN_NONE },
	                                        .begin_ns = finding->begin_ns,
	                                        .end_ns = finding->end_ns,
	                                        .stack = finding->stack,
	                                        .is_known = true });
}

static bool end(void *to, struct table *table, struct error *err)
{
	struct state *state = to;
	const struct findings *findings = findings_of(state, err);
	bool is_triage = state->question->kind == FINDINGS_TRIAGE;
	char text[LOCATOR_TEXT_MAX];

	if (findings == NULL)
		return false;
	table_add_column(table, "rank", COLUMN_COUNT);
	table_add_column(table, "kind", COLUMN_TEXT);
	table_add_column(table, "start_ns", COLUMN_TIME);
	table_add_column(table, "duration_ns", COLUMN_DURATION);
	table_add_column(table, "cost_ns", COLUMN_DURATION);
	table_add_column(table, "subject", COLUMN_TEXT);
	table_add_column(table, "sentence", COLUMN_TEXT);
	if (is_triage)
		table_add_column(table, "locator", COLUMN_TEXT);
	for (size_t i = 0; i < findings->items.count; i++) {
		const struct finding *finding = &findings->items.items[i];

		if (!findings_are_asked_for(state, finding))
			continue;
		if (is_triage && table_rows(table) == TRIAGE_FINDINGS)
			break;
		table_add_number(table, (int64_t)i + 1);
		table_add_text(table, bytes_of(finding_names[finding->kind]));
		table_add_number(table, finding->begin_ns);
		table_add_number(table, finding->end_ns - finding->begin_ns);
		table_add_number(table, finding->cost_ns);
		table_add_text(table, finding->subject);
		table_add_text(table, finding->sentence);
		if (is_triage)
			table_add_text(table, bytes_of(finding_locator(text, findings, finding)));
	}
	return true;
}

static void drop(void *to)
{
	struct state *state = to;

	signs_free(&state->signs);
	array_free(&state->findings.items);
	arena_free(&state->findings.arena);
}

const struct analysis_pass analysis_findings = {
	.size = sizeof(struct state),
	.begin = begin,
	.needs = PASS_STAYS | PASS_RANGES | PASS_COUNTS,
	.part = look,
	.told = tell,
	.settle = settle,
	.end = end,
	.drop = drop,
};
