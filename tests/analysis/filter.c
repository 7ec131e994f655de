/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/filter.h"

#include "tests/tap.h"

static struct budget budget;
static struct strings strings;
static struct stacks stacks;
static struct filter_subject subject;

static string_id text(const char *name)
{
	return strings_add(&strings, bytes_of(name));
}

/* names: from the innermost. */
static stack_id stack_of(const char *const *names, uint32_t count)
{
	struct frame frames[8] = { { 0 } };

	for (uint32_t i = 0; i < count; i++)
		frames[i] = (struct frame){ .pc = text(names[i]),
			                    .function = text(names[i]),
			                    .file = text(names[i][0] == 'm' ? "/src/bus.go"
			                                                    : "lib.go") };
	return stacks_add(&stacks, frames, count);
}

static void begin(void)
{
	static const char *const names[] = { "sync.(*Mutex).Lock", "main.(*bus).send",
		                             "net/http.HandlerFunc.ServeHTTP",
		                             "net/http.(*conn).serve" };
	static string_id regions[2];

	strings_init(&strings, &budget);
	stacks_init(&stacks, &budget);
	regions[0] = text("cache get");
	regions[1] = text("cache fill");
	subject = (struct filter_subject){
		.strings = &strings,
		.stacks = &stacks,
		.begin_ns = 1000000,
		.end_ns = 4000000,
		.trace_end_ns = 10000000,
		.g = 21,
		.p = 0,
		.m = FILTER_NONE,
		.task = 7,
		.name = text("net/http.(*conn).serve"),
		.reason = text("sync"),
		.task_type = text("request"),
		.stack = { 0, stack_of(names, 4) },
		.regions = regions,
		.region_count = 2,
		.state = FILTER_WAITING,
	};
}

static void is(bool want, const char *expression)
{
	struct filter filter;
	struct error err = { 0 };
	bool good;

	filter_init(&filter, &budget);
	good = filter_parse(&filter, bytes_of(expression), &err);
	if (!good)
		printf("# %s\n# %*s^ %s\n", expression, (int)err.offset, "", err.message);
	ok(good && filter_accepts(&filter, &subject) == want &&
	           filter_accepts(&filter, &subject) == want,
	   "%s %s", want ? "fits" : "does not fit", expression);
	filter_free(&filter);
}

static void refused(const char *expression, size_t offset, const char *message)
{
	struct filter filter;
	struct error err = { 0 };

	filter_init(&filter, &budget);
	ok(!filter_parse(&filter, bytes_of(expression), &err), "refused: %.60s", expression);
	is_u64(err.offset, offset, "at its place");
	ok(strstr(err.message, message) != NULL, "told: %s", err.message);
	filter_free(&filter);
}

static void numbers_and_ranges(void)
{
	is(true, "");
	is(true, " ");
	is(true, "dur=3ms");
	is(true, "dur > 2.5ms");
	is(false, "dur<3ms");
	is(true, "dur<=3ms");
	is(true, "dur>=3000000");
	is(true, "dur=1ms..5ms");
	is(false, "dur!=1ms..5ms");
	is(true, "g=21");
	is(true, "g=G21");
	is(true, "g==g21");
	is(true, "g=20..G22");
	is(false, "g!=21");
	is(true, "p=P0");
	is(false, "m=0");
	is(true, "m!=0");
	is(true, "begin=1ms");
	is(true, "end>3ms");
}

static void times_lap(void)
{
	is(true, "time=0s..1ms");
	is(true, "time=3999999");
	is(false, "time=4ms..5ms");
	is(true, "time!=4ms..5ms");
	is(true, "time<1.5ms");
	is(false, "time<1ms");
	is(true, "time>3ms");
	is(false, "time>4ms");
	is(true, "time=-9ms..-8ms");
	is(false, "time=-1ms..10ms");
}

static void states_have_names(void)
{
	is(true, "state=waiting");
	is(true, "state=blocked");
	is(false, "state=running");
	is(true, "state!=stw");
}

static void texts_are_equal_or_match(void)
{
	is(true, "name=\"net/http.(*conn).serve\"");
	is(false, "name=serve");
	is(true, "name~serve");
	is(false, "name!~serve");
	is(true, "func~ServeHTTP");
	is(false, "func~ServeHttp");
	is(true, "file~bus\\.go$");
	is(true, "file=lib.go && !(file~handler)");
	is(false, "file~ServeHTTP || func~lib.go");
	is(true, "func=\"main.(*bus).send\"");
	is(true, "reason=sync");
	is(false, "reason=\"\"");
	is(true, "region=\"cache fill\"");
	is(false, "region!=\"cache fill\"");
	is(true, "region~^cache");
	is(false, "log~.");
	is(true, "label!=x");
	is(true, "task=7");
	is(true, "task=request");
	is(false, "task=8");
	is(true, "task~que");
}

static void stacks_are_sequences(void)
{
	is(true, "stack~Mutex");
	is(true, "stack~\"net/http.* ** sync\\.\\(\\*Mutex\\)\\.Lock\"");
	is(false, "stack~\"conn Mutex\"");
	is(true, "stack~\"send Mutex\"");
	is(false, "stack~\"Mutex ** send\"");
	is(true, "stack~\"conn ServeHTTP send Mutex\"");
	is(true, "stack~\"** conn ** ** send ** Mutex **\"");
	is(true, "stack~**");
	is(false, "stack!~Mutex");
	is(false, "stack~\"conn ServeHTTP send Mutex Mutex\"");
}

static void connections_bind(void)
{
	is(true, "g=1 && p=1 || g=21");
	is(false, "g=1 && (p=1 || g=21)");
	is(true, "!g=1");
	is(false, "!(g=21||p=3)");
	is(true, "!!g=21&&p=0");
	is(true, "((((g=21))))");
}

static void wrong_is_told_with_its_place(void)
{
	refused("foo=1", 0, "expected state");
	refused("g=21 && ", 8, "expected state");
	refused("dur 2ms", 4, "expected one of");
	refused("dur>soon", 4, "duration");
	refused("g=x", 2, "id");
	refused("g=99999999999999999999", 2, "id");
	refused("g~2", 2, "id");
	refused("state=idle", 6, "running");
	refused("state<running", 6, "states");
	refused("time=1s..x", 5, "time");
	refused("name<x", 5, "texts");
	refused("stack=x", 6, "~");
	refused("stack~\"\"", 7, "frame");
	refused("name~\"a(\"", 8, "parenthes");
	refused("stack~\"main ** a(\"", 17, "parenthes");
	refused("name=\"x", 5, "quote");
	refused("(g=1", 0, "parenthesis");
	refused("g=1)", 3, "&&");
	refused("g=1 p=2", 4, "&&");
	refused("g=", 2, "value");
	refused("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!g=1", 32, "deep");
}

static void asks_for_what_occurs(void)
{
	struct filter filter;
	struct error err = { 0 };

	filter_init(&filter, &budget);
	filter_parse(&filter, bytes_of("g=1 || func~x"), &err);
	ok(filter_asks(&filter, FILTER_G) && filter_asks(&filter, FILTER_FUNC) &&
	           !filter_asks(&filter, FILTER_STACK),
	   "a subject has to have what occurs");
	filter_free(&filter);
}

int main(void)
{
	begin();
	numbers_and_ranges();
	times_lap();
	states_have_names();
	texts_are_equal_or_match();
	stacks_are_sequences();
	connections_bind();
	wrong_is_told_with_its_place();
	asks_for_what_occurs();
	strings_free(&strings);
	stacks_free(&stacks);
	is_u64(budget.used, 0, "all memory is given back");
	return tap_done();
}
