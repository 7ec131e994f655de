/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/fuzz/fuzz.h"

#include "core/analysis/filter.h"

/* The text of a filter up to a NUL, then names for what it looks at. What has to hold: what is
 * wrong has its place in the text; the negation of an expression accepts what it does not; and an
 * answer is the same when it is asked for again. */

static struct budget budget;

struct world {
	struct strings strings;
	struct stacks stacks;
	struct filter_subject subject;
	string_id names[8];
};

/* Short names from the rest of the data, taken in turn. */
static void make_world(struct world *w, struct bytes rest)
{
	struct frame frames[4] = { { 0 } };

	strings_init(&w->strings, &budget);
	stacks_init(&w->stacks, &budget);
	for (size_t i = 0; i < 8; i++) {
		size_t len = rest.len < 9 ? rest.len : 9;

		w->names[i] = strings_add(&w->strings, (struct bytes){ rest.data, len });
		rest = (struct bytes){ rest.data + len, rest.len - len };
	}
	for (size_t i = 0; i < 4; i++)
		frames[i] = (struct frame){ .pc = i, .function = w->names[i] };
	w->subject = (struct filter_subject){
		.strings = &w->strings,
		.stacks = &w->stacks,
		.begin_ns = 1000,
		.end_ns = 5000,
		.trace_end_ns = 10000,
		.g = 1,
		.p = FILTER_NONE,
		.m = UINT64_MAX - 1,
		.task = 2,
		.name = w->names[4],
		.reason = w->names[5],
		.task_type = w->names[6],
		.stack = { 0, stacks_add(&w->stacks, frames, 4) },
		.regions = w->names,
		.logs = w->names + 6,
		.region_count = 3,
		.log_count = 2,
		.state = FILTER_RUNNABLE,
	};
}

static bool accepts(const struct world *w, struct bytes text, bool *answer)
{
	struct filter filter;
	struct error err = { 0 };
	bool good;

	filter_init(&filter, &budget);
	good = filter_parse(&filter, text, &err);
	must(good == (err.kind == ERROR_NONE), "what is refused is told");
	must(good || err.offset <= text.len, "with its place");
	if (good) {
		*answer = filter_accepts(&filter, &w->subject);
		must(filter_accepts(&filter, &w->subject) == *answer, "an answer stays");
	}
	filter_free(&filter);
	return good;
}

static void check_negation(const struct world *w, struct bytes text, bool answer)
{
	char negated[1 << 10];
	int len = snprintf(negated, sizeof(negated), "!(%.*s)", (int)text.len,
	                   (const char *)text.data);
	bool other;

	if (len < (int)sizeof(negated) &&
	    accepts(w, (struct bytes){ (const uint8_t *)negated, (size_t)len }, &other))
		must(other != answer, "what is not accepted is accepted by the negation");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 0 ? memchr(data, 0, size) : NULL;
	size_t len = end != NULL ? (size_t)(end - data) : size;
	struct bytes text = { data, len < 1000 ? len : 1000 };
	struct world w;
	bool answer;

	make_world(&w, (struct bytes){ data + len, size - len });
	if (accepts(&w, text, &answer) && text.len > 0)
		check_negation(&w, text, answer);
	strings_free(&w.strings);
	stacks_free(&w.stacks);
	must(atomic_load(&budget.used) == 0, "memory comes back");
	return 0;
}
