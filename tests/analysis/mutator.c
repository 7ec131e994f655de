/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/mutator.h"

#include "tests/tap.h"

/* What takes Ps from the program, and when. There are four, and the trace lasts 1000 ns. */
static struct budget budget;
static struct model model;
static struct mutator_wish wish;

static void count_procs(int64_t time_ns, uint64_t count)
{
	*array_push(&model.procs_counts) = (struct metric_point){ time_ns, count };
}

static void begin(unsigned flags)
{
	model_init(&model, &budget, (struct version){ .minor = 26 });
	model.end_ns = 1000;
	for (uint64_t p = 0; p < 4; p++)
		*array_push(&model.procs) = (struct model_proc){ .id = p };
	count_procs(10, 4);
	wish = (struct mutator_wish){ .flags = flags, .from_ns = INT64_MIN, .to_ns = INT64_MAX };
}

static void add_stop(int64_t begin_ns, int64_t end_ns, const char *reason)
{
	*array_push(&model.stops) = (struct stw){
		.begin_ns = begin_ns,
		.end_ns = end_ns,
		.reason = strings_add(&model.strings, bytes_of(reason)),
	};
}

static void add_assist(int64_t begin_ns, int64_t end_ns, uint32_t proc)
{
	*array_push(&model.assists) =
		(struct assist){ .begin_ns = begin_ns, .end_ns = end_ns, .proc = proc };
}

/* Labelled 5 ns after its begin. */
static void add_worker(uint32_t go, int64_t begin_ns, int64_t end_ns, uint32_t proc,
                       enum worker worker)
{
	*array_push(&model.workers) =
		(struct worker_run){ begin_ns, end_ns, go, proc, (uint8_t)worker };
	if (worker != WORKER_IDLE)
		*array_push(&model.labels) = begin_ns + 5;
}

/* "10:1 100:0.5 ..", each series on its own, and the model is over. */
static const char *made(void)
{
	static char out[1024];
	struct mutator mutator;
	size_t used = 0;

	out[0] = '\0';
	mutator_make(&mutator, &model, &wish, &budget);
	for (size_t s = 0; s < mutator.series.count; s++)
		for (size_t i = 0; i < mutator.series.items[s].points.count; i++)
			used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%" PRId64 ":%g",
			                         i > 0   ? " "
			                         : s > 0 ? " | "
			                                 : "",
			                         mutator.series.items[s].points.items[i].time_ns,
			                         mutator.series.items[s].points.items[i].share);
	mutator_free(&mutator);
	model_free(&model);
	ok(atomic_load(&budget.used) == 0, "memory comes back");
	return out;
}

static void stops_take_all(void)
{
	begin(MUTATOR_DEFAULT);
	add_stop(100, 200, "GC mark termination");
	add_stop(300, 400, "read mem stats");
	is_text(made(), "10:1 100:0 200:1 1000:0", "stops of the GC, and no others");
	begin(MUTATOR_BACKGROUND);
	add_stop(100, 200, "GC mark termination");
	is_text(made(), "10:1 1000:0", "unless they are not asked for");
}

static void each_takes_its_proc(void)
{
	begin(MUTATOR_DEFAULT);
	add_assist(100, 300, 1);
	add_assist(200, 400, 2);
	add_assist(150, 160, 2);
	is_text(made(), "10:1 100:0.75 150:0.5 160:0.75 200:0.5 300:0.75 400:1 1000:0",
	        "assists, by how many Ps have one");
	begin(MUTATOR_DEFAULT);
	add_assist(100, 300, 1);
	add_assist(100, 200, 1);
	add_assist(400, 500, INDEX_NONE);
	is_text(made(), "10:1 100:0.75 300:1 1000:0", "a P is taken once");
}

static void far_assists_count_while_they_run(void)
{
	begin(MUTATOR_DEFAULT);
	add_assist(100, 900, 1);
	model.assists.items[0].is_far = true;
	*array_push(&model.assist_runs) = (struct proc_stretch){ 100, 150, 1 };
	*array_push(&model.assist_runs) = (struct proc_stretch){ 800, 900, 3 };
	is_text(made(), "10:1 100:0.75 150:1 800:0.75 900:1 1000:0", "on a P");
}

static void workers_count_from_their_label(void)
{
	begin(MUTATOR_DEFAULT);
	add_worker(7, 100, 200, 0, WORKER_DEDICATED);
	add_worker(8, 300, 400, 0, WORKER_IDLE);
	add_worker(7, 500, 600, 1, WORKER_FRACTIONAL);
	is_text(made(), "10:1 105:0.75 200:1 505:0.75 600:1 1000:0",
	        "to the end of the run; idle ones take nothing");
}

static void leaking_workers_never_end(void)
{
	begin(MUTATOR_DEFAULT | MUTATOR_LEAKS);
	add_worker(7, 100, 200, 0, WORKER_DEDICATED);
	add_worker(7, 500, 600, 1, WORKER_DEDICATED);
	add_worker(7, 700, 800, 2, WORKER_IDLE);
	is_text(made(), "10:1 100:0.75 200:1 500:0.75 700:0.5 800:0.75 1000:0",
	        "as Go 1.26 has it, from the second time on");
	begin(MUTATOR_DEFAULT | MUTATOR_LEAKS);
	model.procs_counts.items[0].value = 1;
	add_worker(7, 100, 200, 0, WORKER_DEDICATED);
	add_worker(7, 500, 600, 0, WORKER_DEDICATED);
	is_text(made(), "10:1 100:0 200:1 500:0 500:0", "and where nothing is left it ends");
}

static void the_number_of_procs_matters(void)
{
	begin(MUTATOR_DEFAULT);
	add_assist(0, 400, 1);
	count_procs(200, 2);
	count_procs(300, 1);
	is_text(made(), "10:0.75 200:0.5 300:0 400:1 1000:0",
	        "what was before it is known counts from then on");
	begin(MUTATOR_DEFAULT);
	array_clear(&model.procs_counts);
	is_text(made(), "", "without it nothing is known");
}

static void by_procs(void)
{
	begin(MUTATOR_DEFAULT | MUTATOR_PERPROC);
	array_resize(&model.procs, 2);
	add_assist(100, 200, 0);
	add_worker(7, 300, 400, 1, WORKER_DEDICATED);
	add_worker(8, 500, 600, 1, WORKER_FRACTIONAL);
	add_stop(700, 710, "GC sweep termination");
	is_text(made(), "10:1 100:0 200:1 700:0 710:1 1000:0 | 10:1 500:0 600:1 700:0 710:1 1000:0",
	        "each P has its own, and dedicated workers take nothing");
	begin(MUTATOR_DEFAULT | MUTATOR_PERPROC);
	array_resize(&model.procs, 2);
	count_procs(200, 1);
	count_procs(300, 2);
	is_text(made(), "10:1 1000:0 | 10:1 200:0 | 300:1 1000:0",
	        "one that comes again is another one");
}

static void windows_clip(void)
{
	begin(MUTATOR_DEFAULT);
	add_assist(100, 300, 1);
	add_assist(600, 800, 1);
	wish.from_ns = 200;
	wish.to_ns = 700;
	is_text(made(), "200:0.75 300:1 600:0.75 700:0", "what is outside is not there");
}

static void sweeps_are_told_apart(void)
{
	struct proc_stretch sweep = { 100, 200, 3 };
	proc_stretch_array sweeps = { .items = &sweep, .count = 1 };

	begin(MUTATOR_SWEEP);
	wish.sweeps = &sweeps;
	is_text(made(), "10:1 100:0.75 200:1 1000:0", "sweeps");
	begin(MUTATOR_DEFAULT);
	wish.sweeps = &sweeps;
	is_text(made(), "10:1 1000:0", "if they are asked for");
}

static void flags_have_names(void)
{
	unsigned flags;
	size_t at;

	ok(mutator_flags_parse(bytes_of("stw|background|assist"), &flags, &at) &&
	           flags == MUTATOR_DEFAULT,
	   "as Go joins them");
	ok(mutator_flags_parse(bytes_of("sweep,perproc,mut"), &flags, &at) &&
	           flags == (MUTATOR_SWEEP | MUTATOR_PERPROC | MUTATOR_MUT),
	   "or with commas");
	ok(!mutator_flags_parse(bytes_of("stw|idle"), &flags, &at) && at == 4, "no other names");
	ok(!mutator_flags_parse(bytes_of(""), &flags, &at) && at == 0, "and some");
}

int main(void)
{
	stops_take_all();
	each_takes_its_proc();
	far_assists_count_while_they_run();
	workers_count_from_their_label();
	leaking_workers_never_end();
	the_number_of_procs_matters();
	by_procs();
	windows_clip();
	sweeps_are_told_apart();
	flags_have_names();
	return tap_done();
}
