/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/profile.h"

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

/* Rows as a text: "a,1,20 b,1,30". */
static const char *rows_of(const struct table *table)
{
	static char out[1024];
	size_t used = 0;

	out[0] = '\0';
	for (size_t row = 0; row < table_rows(table); row++) {
		struct table_cursor cursor = table_row(table, row);
		struct value value;

		for (const char *link = row == 0 ? "" : " | "; table_next(&cursor, &value);
		     link = ",")
			used += (size_t)(value.kind == COLUMN_TEXT
			                         ? snprintf(out + used, sizeof(out) - used,
			                                    "%s%.*s", link, (int)value.text.len,
			                                    (const char *)value.text.data)
			                         : snprintf(out + used, sizeof(out) - used,
			                                    "%s%" PRId64, link, value.number));
	}
	return out;
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
	is_text(rows_of(&table), "a,3,112,3,112 | ,1,3,1,3 | b,1,1,4,113",
	        "a function counts once for a stack; without one it has no name");
	table_free(&table);
	table_init(&table, &budget);
	profile_functions(&profile, &model, PROFILE_COUNTS, &table);
	is_text(rows_of(&table), "a,3,3 | b,1,4 | ,1,1", "samples have no delay");
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
	is_text(rows_of(&table), "d,2,5,2,5 | c,1,5,1,5 | a,0,0,2,10 | b,0,0,1,0",
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
	is_text(rows_of(&table), "1,100,a;a;b | 2,12,a;b | 1,3, | 1,1,b",
	        "a row for all that have the same functions");
	table_free(&table);
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
	nothing_is_no_rows();
	without_memory_it_says_so();
	the_longest_delays_are_safe();
	return tap_done();
}
