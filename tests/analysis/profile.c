/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/profile.h"

#include "tests/rows_text.h"
#include "tests/tap.h"

/* What stacks come to: as functions, and as stacks of functions. */
static struct budget budget;
static struct model model;
static struct profile profile;

static void open_model(void)
{
	model_init(&model, &budget, (struct version){ .minor = 26 });
	profile_init(&profile, &budget);
}

static void close_model(void)
{
	profile_free(&profile);
	model_free(&model);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

/* A stack by the letters of its functions, innermost first; each call at a PC of its own. */
static stack_id stack_of(const char *letters, uint64_t pc)
{
	struct frame frames[8];
	uint32_t count = 0;

	for (; letters[count] != '\0'; count++)
		frames[count] = (struct frame){
			.pc = pc + count,
			.function =
				strings_add(&model.strings,
			                    (struct bytes){ (const uint8_t *)letters + count, 1 }),
		};
	return stacks_add(&model.stacks, frames, count);
}

static void add(const char *letters, uint64_t pc, int64_t delay_ns)
{
	profile_add(&profile, stack_of(letters, pc), delay_ns);
}

static void fill(void)
{
	add("ab", 10, 5);
	add("ab", 20, 7); /* the same functions from elsewhere */
	add("b", 30, 1);
	add("aab", 40, 100); /* a calls itself */
	add("", 0, 3);
}

static void functions_are_flat_and_cumulated(void)
{
	struct table table;

	open_model();
	fill();
	table_init(&table, &budget);
	profile_functions(&profile, &model, PROFILE_DELAYS, &table);
	is_text(rows_text(&table), "a,3,112,3,112 | ,1,3,1,3 | b,1,1,4,113",
	        "a function counts once for a stack; without one it has no name");
	table_free(&table);
	table_init(&table, &budget);
	profile_functions(&profile, &model, PROFILE_COUNTS, &table);
	is_text(rows_text(&table), "a,3,3 | b,1,4 | ,1,1", "samples have no delay");
	table_free(&table);
	close_model();
}

static void equal_delays_are_ordered(void)
{
	struct table table;

	open_model();
	add("ca", 10, 5);
	add("da", 20, 5);
	add("db", 30, 0);
	table_init(&table, &budget);
	profile_functions(&profile, &model, PROFILE_DELAYS, &table);
	is_text(rows_text(&table), "d,2,5,2,5 | c,1,5,1,5 | a,0,0,2,10 | b,0,0,1,0",
	        "by flat delay, cumulated delay, counts and name");
	table_free(&table);
	close_model();
}

static void stacks_are_by_functions(void)
{
	struct table table;

	open_model();
	fill();
	table_init(&table, &budget);
	profile_stacks(&profile, &model, &table);
	is_text(rows_text(&table), "1,100,a;a;b | 2,12,a;b | 1,3, | 1,1,b",
	        "a row for all that have the same functions");
	table_free(&table);
	close_model();
}

/* What there is about a function; NULL: nothing. */
static const char *peek(const char *function, enum profile_of of)
{
	static char out[1024];
	struct table table;
	bool is_there;

	table_init(&table, &budget);
	is_there = profile_peek(&profile, &model, of, bytes_of(function), &table);
	snprintf(out, sizeof(out), "%s", rows_text(&table));
	table_free(&table);
	return is_there ? out : NULL;
}

static void functions_have_callers_and_callees(void)
{
	open_model();
	add("cab", 10, 5);
	add("dab", 20, 7);
	add("a", 30, 3);
	add("b", 40, 1);
	is_text(peek("a", PROFILE_DELAYS),
	        "caller,b,2,12,800000 | caller,,1,3,200000 | function,a,3,15,1000000 | "
	        "itself,a,1,3,200000 | callee,d,1,7,466667 | callee,c,1,5,333333",
	        "the most expensive first");
	is_text(peek("b", PROFILE_COUNTS),
	        "caller,,3,1000000 | function,b,3,1000000 | itself,b,1,333333 | callee,a,2,666667",
	        "of samples");
	ok(peek("x", PROFILE_DELAYS) == NULL, "one that there is none of");
	close_model();
}

static void one_that_calls_itself_counts_once(void)
{
	open_model();
	add("aaab", 10, 5);
	is_text(peek("a", PROFILE_DELAYS),
	        "caller,a,1,5,1000000 | caller,b,1,5,1000000 | function,a,1,5,1000000 | "
	        "itself,a,1,5,1000000 | callee,a,1,5,1000000",
	        "however deep it is");
	close_model();
}

static void nothing_is_no_rows(void)
{
	struct table table;

	open_model();
	table_init(&table, &budget);
	profile_functions(&profile, &model, PROFILE_DELAYS, &table);
	is_u64(table_rows(&table), 0, "functions of nothing");
	table_free(&table);
	close_model();
}

static void without_memory_it_says_so(void)
{
	open_model();
	budget.limit = 1;
	profile_add(&profile, 1 << 20, 5);
	budget.limit = 0;
	ok(profile.is_full && profile.stacks.count == 0, "it is not all, and says so");
	close_model();
}

static void the_longest_delays_are_safe(void)
{
	open_model();
	profile_add(&profile, 0, INT64_MAX);
	profile_add(&profile, 0, INT64_MAX);
	is_i64(profile.stacks.items[0].delay_ns, INT64_MAX, "a sum stays at the most");
	close_model();
}

int main(void)
{
	functions_are_flat_and_cumulated();
	equal_delays_are_ordered();
	stacks_are_by_functions();
	functions_have_callers_and_callees();
	one_that_calls_itself_counts_once();
	nothing_is_no_rows();
	without_memory_it_says_so();
	the_longest_delays_are_safe();
	return tap_done();
}
