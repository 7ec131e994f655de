/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/answering.h"
#include "core/analysis/mutator.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/tap.h"

/* Questions to a model filled by hand; tests/answers.c asks them of real traces. */
static struct budget budget;

static void begin(struct model *model)
{
	*model = (struct model){ .budget = &budget, .version = { .minor = 26 }, .end_ns = 1000 };
	strings_init(&model->strings, &budget);
	stacks_init(&model->stacks, &budget);
	roster_init(&model->roster, &budget);
	model->procs.budget = &budget;
	model->stops.budget = model->cycles.budget = model->assists.budget = &budget;
	model->workers.budget = model->assist_runs.budget = &budget;
	model->labels.budget = model->procs_counts.budget = &budget;
	damage_init(&model->damage, &budget);
}

static void end(struct model *model)
{
	roster_free(&model->roster);
	array_free(&model->procs);
	array_free(&model->stops);
	array_free(&model->cycles);
	array_free(&model->assists);
	array_free(&model->workers);
	array_free(&model->procs_counts);
	damage_free(&model->damage);
	stacks_free(&model->stacks);
	strings_free(&model->strings);
}

static string_id name_id(struct model *model, const char *name)
{
	return strings_add(&model->strings, bytes_of(name));
}

/* A goroutine that ran, and waited on a channel for a while. */
static void add_go(struct model *model, uint64_t id, const char *name, int64_t exec_ns,
                   int64_t wait_ns)
{
	struct goroutine *g = roster_edit(&model->roster, roster_add(&model->roster, id));

	g->created_ns = 0;
	g->started_ns = 10;
	g->exec_ns = exec_ns;
	g->name = name_id(model, name);
	roster_add_amount(&model->roster, &g->blocks, name_id(model, "chan receive"), wait_ns);
}

static void add_stop(struct model *model, int64_t begin_ns, int64_t end_ns, const char *reason)
{
	*array_push(&model->stops) = (struct stw){
		.begin_ns = begin_ns,
		.end_ns = end_ns,
		.thread = 7,
		.go = INDEX_NONE,
		.proc = INDEX_NONE,
		.last_proc = INDEX_NONE,
		.last_go = INDEX_NONE,
		.reason = name_id(model, reason),
	};
}

/* A table as lines of words, columns apart by a comma, empty values by nothing. */
static const char *dump(const struct table *table)
{
	static char out[4096];
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < table_rows(table); i++)
		for (size_t j = 0; j < table->columns.count; j++) {
			struct value value = table_value(table, i, j);
			bool is_last = j + 1 == table->columns.count;

			if (value.kind == COLUMN_TEXT)
				used += (size_t)snprintf(out + used, sizeof(out) - used, "%.*s",
				                         (int)value.text.len,
				                         (const char *)value.text.data);
			else if (!value.is_empty)
				used += (size_t)snprintf(out + used, sizeof(out) - used, "%" PRId64,
				                         value.number);
			used += (size_t)snprintf(out + used, sizeof(out) - used,
			                         is_last ? "|" : ",");
		}
	return out;
}

static void ask(const struct model *model, const char *name, const struct question *question,
                const char *want, const char *what)
{
	struct table table;
	struct error err = { 0 };

	table_init(&table, &budget);
	answer_now(&table, analysis_find(bytes_of(name)), model, question, &err);
	is_text(err.kind == ERROR_NONE ? dump(&table) : err.message, want, what);
	table_free(&table);
}

static void answer(const struct model *model, const char *name, const char *selector,
                   const char *want, const char *what)
{
	struct question question = question_of_all();

	question.selector = bytes_of(selector != NULL ? selector : "");
	question.has_selector = selector != NULL;
	ask(model, name, &question, want, what);
}

static void goroutines_are_grouped_by_name(void)
{
	struct model model;

	begin(&model);
	add_go(&model, 1, "main.main", 100, 50);
	add_go(&model, 7, "main.work", 80, 20);
	add_go(&model, 8, "main.work", 70, 30);
	roster_edit(&model.roster, 2)->ended_ns = 400;
	add_go(&model, 9, "", 150, 0);
	answer(&model, "goroutines", NULL,
	       ",1,1000,150,0,0,0,0,850,1000,1000,1000|"
	       "main.work,2,1400,150,0,0,0,50,1200,400,1000,1000|"
	       "main.main,1,1000,100,0,0,0,50,850,1000,1000,1000|",
	       "by execution time, then name; percentiles by nearest rank");
	end(&model);
}

static void a_goroutine_is_selected_by_number_or_name(void)
{
	struct model model;

	begin(&model);
	add_go(&model, 7, "main.work", 80, 20);
	add_go(&model, 8, "G9", 70, 30);
	roster_edit(&model.roster, 1)->parent = 0;
	answer(&model, "goroutine", "G7", "7,main.work,,0,10,,1000,80,0,0,0,20,900,20|", "G7");
	answer(&model, "goroutine", "main.work", "7,main.work,,0,10,,1000,80,0,0,0,20,900,20|",
	       "main.work");
	answer(&model, "goroutine", "G9", "no goroutine \"G9\" in the trace",
	       "G9 is a number, never a name");
	answer(&model, "goroutine", "G99999999999999999999",
	       "no goroutine \"G99999999999999999999\" in the trace", "a number that is too large");
	answer(&model, "goroutine", NULL,
	       "7,main.work,,0,10,,1000,80,0,0,0,20,900,20|8,G9,7,0,10,,1000,70,0,0,0,30,900,30|",
	       "all of them, by total and id");
	end(&model);
}

static void reasons_that_took_time_have_columns_in_byte_order(void)
{
	struct model model;
	struct table table;
	struct question question = question_of_all();
	struct error err = { 0 };
	size_t column = 0;

	begin(&model);
	add_go(&model, 1, "main.main", 1, 5);
	for (int i = 0; i < 2; i++)
		roster_add_amount(&model.roster, &roster_edit(&model.roster, 0)->blocks,
		                  name_id(&model, i == 0 ? "GC" : "select"), i == 0 ? 3 : 0);
	table_init(&table, &budget);
	analysis_goroutine(&table, &model, &question, &err);
	is_u64(table.columns.count, 15, "select took no time: no column");
	ok(table_find_column(&table, bytes_of("block_ns[GC]"), &column) && column == 13,
	   "GC first");
	is_i64(table_value(&table, 0, 13).number, 3, "with its time");
	is_i64(table_value(&table, 0, 11).number, 8, "block_ns is the sum of all");
	table_free(&table);
	end(&model);
}

static void a_gc_cycle_collects_what_overlaps_it(void)
{
	struct model model;

	begin(&model);
	*array_push(&model.cycles) =
		(struct gc_cycle){ 1, 100, 200, 11, 11, METRIC_UNKNOWN, false };
	*array_push(&model.cycles) =
		(struct gc_cycle){ 2, 300, 1000, 22, 22, METRIC_UNKNOWN, true };
	add_stop(&model, 50, 99, "GC sweep termination");
	add_stop(&model, 95, 110, "GC sweep termination");
	add_stop(&model, 150, 155, "read mem stats");
	add_stop(&model, 200, 230, "GC mark termination");
	*array_push(&model.assists) = (struct assist){ .begin_ns = 90, .end_ns = 150 };
	*array_push(&model.assists) = (struct assist){ .begin_ns = 100, .end_ns = 110 };
	*array_push(&model.assists) = (struct assist){ .begin_ns = 200, .end_ns = 220 };
	*array_push(&model.workers) =
		(struct worker_run){ .begin_ns = 90, .end_ns = 130, .worker = WORKER_DEDICATED };
	*array_push(&model.workers) =
		(struct worker_run){ .begin_ns = 180, .end_ns = 310, .worker = WORKER_IDLE };
	answer(&model, "gc", NULL,
	       "1,100,100,15,30,2,30,20,30,0,20,11,11,|2,300,700,0,0,0,0,0,0,0,10,22,22,|",
	       "stops whole, assists by start, workers clipped");
	end(&model);
}

static void stops_come_longest_first(void)
{
	struct model model;

	begin(&model);
	*array_push(&model.procs) = (struct model_proc){ .id = 3, .runs = 5 };
	add_go(&model, 12, "main.main", 1, 1);
	add_stop(&model, 10, 20, "a");
	add_stop(&model, 30, 50, "b");
	model.stops.items[1].last_proc = model.stops.items[1].last_go = 0;
	model.stops.items[1].stopping_ns = 4;
	answer(&model, "stw", NULL, "30,20,b,,7,,4,3,12|10,10,a,,7,,0,,|",
	       "what is not known is empty");
	answer(&model, "procs", NULL, "3,0,0,0,0,5,0|", "procs");
	end(&model);
}

static void begin_mmu(struct model *model)
{
	begin(model);
	model->end_ns = 25000;
	*array_push(&model->procs) = (struct model_proc){ .id = 0 };
	*array_push(&model->procs_counts) = (struct metric_point){ 0, 2 };
	add_stop(model, 4000, 5000, "GC mark termination");
	*array_push(&model->assists) =
		(struct assist){ .begin_ns = 9000, .end_ns = 19000, .proc = 0 };
}

static void the_mmu_is_by_window(void)
{
	struct question question = question_of_all();
	struct model model;

	begin_mmu(&model);
	ask(&model, "mmu", &question,
	    "1000,0,0,0,0|2000,500000,500000,500000,500000|5000,500000,500000,500000,500000|"
	    "10000,500000,500000,500000,500000|20000,700000,700000,700000,700000|",
	    "the least share of the Ps in any of them");
	question.flags = MUTATOR_DEFAULT | MUTATOR_MUT;
	question.from_ns = 9000;
	question.to_ns = 20000;
	ask(&model, "mmu", &question,
	    "1000,500000,500000,500000,500000|2000,500000,500000,500000,500000|"
	    "5000,500000,500000,500000,500000|10000,500000,500050,500500,502500|",
	    "within a stretch, with quantiles");
	end(&model);
}

static void its_worst_windows_are_listed(void)
{
	struct question question = question_of_all();
	struct model model;

	begin_mmu(&model);
	question.window_ns = 2000;
	ask(&model, "mmu", &question,
	    "3000,500000|9000,500000|11000,500000|13000,500000|15000,500000|17000,500000|",
	    "apart from each other, and none that the program has for itself");
	end(&model);
}

static void an_assist_names_the_users_function(void)
{
	struct model model;
	struct frame frames[2] = { 0 };

	begin(&model);
	frames[0].function = name_id(&model, "runtime.gcAssistAlloc");
	frames[1].function = name_id(&model, "main.grow");
	add_go(&model, 12, "main.main", 1, 1);
	*array_push(&model.assists) = (struct assist){
		.begin_ns = 5,
		.end_ns = 9,
		.on_cpu_ns = 2,
		.proc = INDEX_NONE,
		.stack = stacks_add(&model.stacks, frames, 2),
		.is_open = true,
	};
	answer(&model, "assists", NULL, "5,4,2,12,main.main,,1,main.grow|", "not the runtime's");
	end(&model);
}

static void an_empty_model_answers_everything(void)
{
	struct model model;

	begin(&model);
	for (size_t i = 0; i < analyses_count; i++) {
		struct question question = question_of_all();
		struct table table;
		struct error err = { 0 };

		table_init(&table, &budget);
		ok(answer_now(&table, &analyses[i], &model, &question, &err) &&
		           table.columns.count != 0,
		   "%s of nothing", analyses[i].name);
		table_free(&table);
	}
	end(&model);
}

static void damage_is_listed_and_what_is_not_is_counted(void)
{
	struct damage_row row = damage_row(DAMAGE_LOCAL, 100, 50, "expected an event");
	struct model model;

	begin(&model);
	model.bytes = 1000;
	damage_lose(&model.damage, DAMAGE_NOTE, 16, 0, "no clock");
	damage_found(&row, "byte 0x%02x", 200);
	row.generation = 3;
	row.m = 7;
	row.p = 0;
	row.begin_ns = 5;
	row.end_ns = 9;
	damage_add(&model.damage, &row);
	answer(&model, "damage", NULL,
	       "16,0,,note,no clock,,,|"
	       "100,50,3,local,expected an event,byte 0xc8,5,9|",
	       "what is known of each");
	array_clear(&model.damage.rows);
	model.damage.more[DAMAGE_END] = 2;
	model.damage.more_bytes[DAMAGE_END] = 30;
	answer(&model, "damage", NULL, ",30,,end,too many to be listed,2 more,,|",
	       "those without a row, by grade");
	end(&model);
}

static void add_many(struct model *model)
{
	for (int64_t i = 0; i < 3000; i++)
		add_go(model, (uint64_t)i + 1, "main.work", i * 7919 % 3001, i * 31 % 17);
}

/* The first three rows, as text; *rows: how many there were. */
static void ask_first(const struct model *model, bool has_limit, const char *sort, char *out,
                      size_t *rows)
{
	struct question question = { .has_limit = has_limit, .limit = 3, .sort = sort };
	struct error err = { 0 };
	struct table table;
	size_t column;

	table_init(&table, &budget);
	analysis_find(bytes_of("goroutine"))->fn(&table, model, &question, &err);
	*rows = table_rows(&table);
	if (sort != NULL && table_find_column(&table, bytes_of(sort), &column))
		table_sort_by(&table, column);
	table_cut(&table, 3);
	strcpy(out, dump(&table));
	table_free(&table);
}

static void of_many_goroutines_the_first_are_kept(void)
{
	static const char *const sorts[] = { NULL, "exec_ns", "goroutine", "block_ns" };
	static char first[4096], all[4096];
	size_t few, many;
	struct model model;

	begin(&model);
	add_many(&model);
	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
		ask_first(&model, true, sorts[i], first, &few);
		ask_first(&model, false, sorts[i], all, &many);
		ok(few < 1000 && many == 3000, "%zu of %zu rows are kept", few, many);
		is_text(first, all, sorts[i] == NULL ? "the first in their order" : sorts[i]);
	}
	end(&model);
}

int main(void)
{
	damage_is_listed_and_what_is_not_is_counted();
	goroutines_are_grouped_by_name();
	a_goroutine_is_selected_by_number_or_name();
	of_many_goroutines_the_first_are_kept();
	reasons_that_took_time_have_columns_in_byte_order();
	a_gc_cycle_collects_what_overlaps_it();
	stops_come_longest_first();
	the_mmu_is_by_window();
	its_worst_windows_are_listed();
	an_assist_names_the_users_function();
	an_empty_model_answers_everything();
	is_u64(budget.used, 0, "nothing is left in the budget");
	return tap_done();
}
