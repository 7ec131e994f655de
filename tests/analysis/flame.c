/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/flame.h"

#include <stdio.h>

#include "tests/rows_text.h"
#include "tests/tap.h"

/* A profile as a tree of calls. */
static struct budget budget;
static struct model model;
static struct profile profile;
static struct flame flame;

static void open_model(void)
{
	model_init(&model, &budget, (struct version){ .minor = 26 });
	profile_init(&profile, &budget);
	flame_init(&flame, &budget);
}

static void close_model(void)
{
	flame_free(&flame);
	profile_free(&profile);
	model_free(&model);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

/* A stack by the letters of its functions, innermost first. */
static void add(const char *letters, int64_t delay_ns)
{
	struct frame frames[8];
	uint32_t count = 0;

	for (; letters[count] != '\0'; count++)
		frames[count] = (struct frame){
			.function =
				strings_add(&model.strings,
			                    (struct bytes){ (const uint8_t *)letters + count, 1 }),
		};
	profile_add(&profile, stacks_add(&model.stacks, frames, count), delay_ns);
}

/* Each as "depth function begin+width>next". */
static const char *tree(void)
{
	static char out[1024];
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < flame.calls.count; i++) {
		const struct flame_call *call = &flame.calls.items[i];
		struct bytes name = strings_text(&model.strings, call->function);

		used += (size_t)snprintf(out + used, sizeof(out) - used,
		                         "%s%u%.*s %" PRId64 "+%" PRId64 ">%u", i == 0 ? "" : " | ",
		                         call->depth, (int)name.len, (const char *)name.data,
		                         call->begin, flame_weight(&flame, &call->cum), call->next);
	}
	return out;
}

static void each_stands_in_the_width_of_its_caller(void)
{
	open_model();
	add("cab", 5);
	add("dab", 7);
	add("eb", 20);
	add("b", 3);
	add("f", 50);
	flame_make(&flame, &profile, &model, PROFILE_DELAYS);
	is_text(tree(), "0f 0+50>1 | 0b 50+35>6 | 1e 50+20>3 | 1a 70+12>6 | 2d 70+7>5 | 2c 77+5>6",
	        "beside those before it");
	is_i64(flame.all.delay_ns, 85, "all of them");
	is_u64(flame.calls.items[4].parent, 3, "who called it");
	ok(flame.calls.items[1].parent == INDEX_NONE, "nobody did");
	close_model();
}

static void samples_are_as_wide_as_they_are_many(void)
{
	open_model();
	add("ab", 0);
	add("ab", 0);
	add("c", 0);
	flame_make(&flame, &profile, &model, PROFILE_COUNTS);
	is_text(tree(), "0b 0+2>2 | 1a 0+2>2 | 0c 2+1>3", "by count");
	close_model();
}

static const char *table_of(enum profile_of of)
{
	static char out[1024];
	struct table table;

	flame_free(&flame);
	flame_init(&flame, &budget);
	flame_make(&flame, &profile, &model, of);
	table_init(&table, &budget);
	flame_table(&flame, &model, &table);
	snprintf(out, sizeof(out), "%s", rows_text(&table));
	table_free(&table);
	return out;
}

static void tables_begin_outside(void)
{
	open_model();
	add("ab", 12);
	add("b", 1);
	add("aab", 100); /* a calls itself */
	add("", 3);
	is_text(table_of(PROFILE_DELAYS),
	        "113,974138,1,3,b | 112,965517,12,2,  a | 100,862069,100,1,    a | "
	        "3,25862,3,1,(no stack)",
	        "with all, its share of everything, what is its own, how often");
	is_text(table_of(PROFILE_COUNTS),
	        "3,750000,1,b | 2,500000,1,  a | 1,250000,1,    a | 1,250000,1,(no stack)",
	        "samples");
	close_model();
}

static void nothing_is_no_calls(void)
{
	open_model();
	is_text(table_of(PROFILE_DELAYS), "", "a tree of nothing");
	close_model();
}

static void the_longest_delays_are_safe(void)
{
	open_model();
	add("a", INT64_MAX);
	add("b", INT64_MAX);
	flame_make(&flame, &profile, &model, PROFILE_DELAYS);
	ok(flame.calls.items[1].begin == INT64_MAX && flame.all.delay_ns == INT64_MAX,
	   "a sum stays at the most");
	close_model();
}

int main(void)
{
	each_stands_in_the_width_of_its_caller();
	samples_are_as_wide_as_they_are_many();
	tables_begin_outside();
	nothing_is_no_calls();
	the_longest_delays_are_safe();
	return tap_done();
}
