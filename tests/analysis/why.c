/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/why.h"

#include "core/analysis/answering.h"
#include "core/analysis/held.h"
#include "tests/load.h"
#include "tests/shared.h"
#include "tests/tap.h"
#include "tests/trace_text.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Why goroutines did not run: in traces in which that is known, and for all waits of many others,
 * against what the lanes of goroutines tell. */

enum { SPANS = 4096, GOS = 200, WAITS = 12 /* of each */ };

static struct budget budget;
static struct loaded loaded;
static struct span spans[SPANS];

static void load_on(void)
{
	struct job *job;

	while ((job = loader_next(&loaded.loader, 0)) != NULL) {
		while (job_step(job))
			;
		loader_done(&loaded.loader, job);
		while (loader_join(&loaded.loader))
			;
	}
}

static bool open_path(const char *path)
{
	struct error err = { 0 };

	if (!load_whole(&loaded, path, &err))
		return ok(false, "%s: %s", path, err.message);
	loader_want(&loaded.loader, 0, INT64_MAX, UINT64_MAX);
	load_on();
	return true;
}

static bool open_trace(const char *name)
{
	const char *srcdir = getenv("srcdir");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/%s", srcdir == NULL ? "." : srcdir, name);
	return open_path(path);
}

/* ---- what is known */

static bool ask(const char *selector, bool is_held, struct table *table, struct error *err)
{
	struct question question = question_of_all();

	question.is_held = is_held;
	question.selector = bytes_of(selector);
	question.has_selector = true;
	return answer_now(table, analysis_find(bytes_of("why")), &loaded.model, &question, err);
}

/* All but the step, one behind the other. */
static void write_row(const struct table *table, size_t row, char *out, size_t size)
{
	struct table_cursor cursor = table_row(table, row);
	struct value value;
	size_t len = 0;

	table_next(&cursor, &value);
	out[0] = '\0';
	while (table_next(&cursor, &value) && len < size) {
		int more = value.is_empty ? snprintf(out + len, size - len, "%s-", len ? "|" : "")
		           : value.kind == COLUMN_TEXT
		                   ? snprintf(out + len, size - len, "%s%.*s", len ? "|" : "",
		                              (int)value.text.len, (const char *)value.text.data)
		                   : snprintf(out + len, size - len, "%s%" PRId64, len ? "|" : "",
		                              value.number);

		len += more > 0 ? (size_t)more : 0;
	}
}

static void is_row(const struct table *table, const char *selector, size_t row, const char *want)
{
	char got[1024] = "";

	if (row < table_rows(table))
		write_row(table, row, got, sizeof(got));
	ok(strncmp(got, want, strlen(want)) == 0, "%s, step %zu: %s", selector, row + 1, want);
	if (strncmp(got, want, strlen(want)) != 0)
		printf("# got %s\n", got);
}

static void is_known(const char *trace, const char *selector, size_t rows, const char *const *want)
{
	struct error err = { 0 };
	struct table table;

	if (!open_trace(trace))
		return;
	table_init(&table, &budget);
	ok(ask(selector, false, &table, &err), "%s of %s %s", selector, trace, err.message);
	is_u64(table_rows(&table), rows, "steps");
	for (size_t i = 0; want[i] != NULL; i++)
		is_row(&table, selector, i, want[i]);
	table_free(&table);
	load_free(&loaded);
}

static void cases(void)
{
	is_known("case-stall.trace", "G11@500ms", 2,
	         (const char *const[]){
			 "408073472|992345472|11|waiting|select|main.(*store).get|at "
			 "cases.go:100; woken by G10 main.(*store).serve at cases.go:85, "
			 "which meanwhile ran 991.665856ms, was runnable 676.992µs, waited 2.624µs",
			 "408073472|992345472|10|running|-|main.burn|at cases.go:71; ran "
			 "991.665856ms, was runnable 676.992µs, waited 2.624µs",
			 NULL });
	is_known("case-convoy.trace", "G30@20ms", 16,
	         (const char *const[]){
			 "1391552|34838784|30|waiting|sync|main.(*account).pay|at cases.go:286; "
			 "the lock was let go by G29 sync.(*WaitGroup).Go.func1 at cases.go:289, "
			 "which had it for 2.005504ms and meanwhile ran",
			 "1391552|32833280|29|waiting|sync|main.(*account).pay|at cases.go:286; "
			 "the lock was let go by G28 ",
			 NULL });
	is_known("case-queue.trace", "G30@70ms", 1,
	         (const char *const[]){
			 "67387968|4153984|30|runnable|-|time.Sleep|woken by no goroutine; the "
			 "world was stopped for 1.989184ms; the time of the Ps went to: the GC "
			 "25 %, sync.(*WaitGroup).Go.func1 63 %, main.main 12 %",
			 NULL });
	is_known("case-serial.trace", "G1@10ms", 3,
	         (const char *const[]){
			 "84288|71464448|1|waiting|sync|main.serial|at cases.go:318; woken by "
			 "G10 sync.(*WaitGroup).Go.func1 at waitgroup.go:142, which meanwhile ran "
			 "63.157696ms, was runnable 8.306752ms",
			 "8371648|63177088|10|running|-|main.burn|at cases.go:71; ran "
			 "63.157696ms, was runnable 19.392µs",
			 "84288|8287360|10|runnable|-|-|created by G1 main.main; the time of the "
			 "Ps went to: sync.(*WaitGroup).Go.func1 52 %, nobody 48 %",
			 NULL });
}

/* ---- what cannot be */

static void is_refused(const char *selector, const char *want)
{
	struct error err = { 0 };
	struct table table;
	bool good;

	table_init(&table, &budget);
	good = ask(selector, false, &table, &err);
	ok(!good && err.kind == ERROR_USAGE && strstr(err.message, want) != NULL, "%s: %s",
	   selector, err.message);
	table_free(&table);
}

static void wrong_questions(void)
{
	if (!open_trace("case-stall.trace"))
		return;
	is_refused("G999@1s", "no goroutine G999 in the trace");
	is_refused("G10@1s", "G10 was running at that time, since ");
	is_refused("G11@1h", "outside of the trace");
	is_refused("G11@-1h", "outside of the trace");
	is_refused("G13@0", "nothing is known of G13");
	is_refused("G11", "why takes a goroutine and a time");
	is_refused("main.main@1s", "why takes a goroutine and a time");
	load_free(&loaded);
}

/* ---- a chain through what is made up */

/* At 100 G1 stops to wait; G2, which waits, is woken at 150 by G3 and runs at 180, creates G4 at
 * 200 and waits for it; that runs from 230 on, wakes G2 at 300, which at 340 wakes G1. */
static const char made_up[] = "Trace Go1.26\n"
			      "EventBatch gen=1 m=-1 time=1000 size=auto\n"
			      "Sync\n"
			      "Frequency freq=1000000000\n"
			      "ClockSnapshot dt=0 mono=1000 sec=1700000000 nsec=1000\n"
			      "EventBatch gen=1 m=0 time=1000 size=auto\n"
			      "ProcStatus dt=1 p=0 pstatus=1\n"
			      "GoStatus dt=1 g=1 m=0 gstatus=2\n"
			      "GoBlock dt=98 reason_string=1 stack=0\n"
			      "GoStatus dt=10 g=3 m=-1 gstatus=1\n"
			      "GoStart dt=10 g=3 g_seq=1\n"
			      "GoStatus dt=5 g=2 m=-1 gstatus=4\n"
			      "GoUnblock dt=25 g=2 g_seq=1 stack=0\n"
			      "GoBlock dt=10 reason_string=2 stack=0\n"
			      "GoStart dt=20 g=2 g_seq=2\n"
			      "GoCreate dt=20 new_g=4 new_stack=0 stack=0\n"
			      "GoBlock dt=5 reason_string=2 stack=0\n"
			      "GoStart dt=25 g=4 g_seq=1\n"
			      "GoUnblock dt=70 g=2 g_seq=3 stack=0\n"
			      "GoBlock dt=10 reason_string=2 stack=0\n"
			      "GoStart dt=10 g=2 g_seq=4\n"
			      "GoUnblock dt=20 g=1 g_seq=1 stack=0\n"
			      "GoBlock dt=10 reason_string=2 stack=0\n"
			      "GoStart dt=10 g=1 g_seq=2\n"
			      "GoBlock dt=40 reason_string=2 stack=0\n"
			      "EventBatch gen=1 m=-1 time=1000 size=auto\n"
			      "Strings\n"
			      "String id=1\n"
			      "\tdata=\"chan receive\"\n"
			      "String id=2\n"
			      "\tdata=\"sync\"\n"
			      "EndOfGeneration\n";

static void chain_is(const char *selector, bool is_held, const char *const *want)
{
	struct error err = { 0 };
	struct table table;
	size_t rows = 0;

	while (want[rows] != NULL)
		rows++;
	table_init(&table, &budget);
	ok(ask(selector, is_held, &table, &err), "%s %s", selector, err.message);
	is_u64(table_rows(&table), rows, "steps");
	for (size_t i = 0; i < rows; i++)
		is_row(&table, selector, i, want[i]);
	table_free(&table);
}

static void made_up_chain(void)
{
	byte_array bytes = { .budget = &budget };
	struct error err = { 0 };
	bool good = trace_text_assemble(bytes_of(made_up), &bytes, &err) &&
	            load_bytes(&loaded, (struct bytes){ bytes.items, bytes.count }, &err);

	array_free(&bytes);
	if (!ok(good, "the trace is loaded %s", err.message))
		return;
	loader_want(&loaded.loader, 0, INT64_MAX, UINT64_MAX);
	load_on();
	chain_is("G1@200", false,
	         (const char *const[]){
			 "100|240|1|waiting|chan receive|-|woken by G2, which meanwhile ran "
			 "45ns, was runnable 50ns, waited 145ns (2 times)",
			 "300|40|2|running|-|-|ran 20ns, was runnable 20ns",
			 "205|95|2|waiting|sync|-|woken by G4, which meanwhile ran 70ns, was "
			 "runnable 25ns",
			 "230|70|4|running|-|-|ran 70ns",
			 "205|25|4|runnable|-|-|created by G2; the time of the Ps went to: "
			 "nobody 100 %",
			 "180|25|2|running|-|-|ran 25ns",
			 "150|30|2|runnable|-|-|woken by G3; the time of the Ps went to: ? 33 %, "
			 "nobody 67 %",
			 "100|50|2|waiting|-|-|woken by G3, which meanwhile ran 30ns, was "
			 "runnable 20ns",
			 "100|50|3|running|-|-|ran 30ns, was runnable 20ns", NULL });
	chain_is("G4@350", false,
	         (const char *const[]){ "310|90|4|waiting|sync|-|the trace ends before it does",
	                                NULL });
	chain_is("G3@50", true,
	         (const char *const[]){
			 "0|120|3|runnable|-|-|-",
			 "0|150|2|waiting|-|-|held up for 120ns by G3, which woke it 30ns after "
			 "that",
			 "100|240|1|waiting|chan receive|-|held up for 50ns by G2, which woke it "
			 "190ns after that",
			 NULL });
	load_free(&loaded);
}

/* ---- all waits of many */

struct checked {
	uint64_t waits, steps, held, bad;
};

static bool is_inside(const struct why_stay *stay, const struct why_stay *of)
{
	return stay->begin_ns >= of->begin_ns && stay->end_ns <= of->end_ns;
}

/* Whether its goroutine's lane has it: a stay as it is, and a sum as its parts. */
static bool is_in_lane(const struct why_stay *stay)
{
	const int64_t times[2] = { stay->begin_ns, stay->end_ns };
	struct go_mix mix;

	if (stay->kind == SPAN_NONE)
		return true;
	if (!model_go_mixes(&loaded.model, stay->go, times, 1, &mix))
		return false;
	if (stay->is_sum)
		return mix.running_ns == stay->mix.running_ns &&
		       mix.runnable_ns == stay->mix.runnable_ns &&
		       mix.waiting_ns == stay->mix.waiting_ns &&
		       mix.syscall_ns == stay->mix.syscall_ns;
	return stay->end_ns - stay->begin_ns == (stay->kind == SPAN_WAITING    ? mix.waiting_ns
	                                         : stay->kind == SPAN_RUNNABLE ? mix.runnable_ns
	                                                                       : mix.syscall_ns);
}

static bool is_meanwhile(const struct why_row *row)
{
	const int64_t times[2] = { row->stay.begin_ns, row->stay.end_ns };
	struct go_mix mix;

	if (!row->is_explained)
		return true;
	return model_go_mixes(&loaded.model, row->stay.by, times, 1, &mix) &&
	       mix.running_ns == row->meanwhile.running_ns &&
	       mix.runnable_ns == row->meanwhile.runnable_ns &&
	       mix.waiting_ns == row->meanwhile.waiting_ns &&
	       mix.syscall_ns == row->meanwhile.syscall_ns;
}

/* Each inside of the one that it explains, and all of one backwards in time; never the same. */
static bool is_nested(const struct why *why, size_t at)
{
	const struct why_row *row = &why->steps.items[at];
	const struct why_row *before = &why->steps.items[at - 1];
	const struct why_row *above = &why->steps.items[row->above];

	return row->above < at && row->depth == above->depth + 1 && row->depth <= WHY_DEPTH &&
	       is_inside(&row->stay, &above->stay) && row->stay.end_ns > row->stay.begin_ns &&
	       row->stay.go == (row->stay.kind == SPAN_NONE ? row->stay.go : above->stay.by) &&
	       (is_inside(&row->stay, &before->stay) || row->stay.end_ns <= before->stay.begin_ns);
}

static bool is_good(const struct why *why, const struct span *span)
{
	const struct why_row *first = &why->steps.items[0];

	if (why->error.kind != ERROR_NONE || why->steps.count == 0 ||
	    why->steps.count > WHY_STEPS || first->stay.begin_ns != span->begin_ns ||
	    first->stay.end_ns != span->end_ns || first->stay.kind != span->kind)
		return false;
	for (size_t i = 0; i < why->steps.count; i++)
		if (!is_in_lane(&why->steps.items[i].stay) || !is_meanwhile(&why->steps.items[i]) ||
		    (i > 0 && !is_nested(why, i)))
			return false;
	return true;
}

static bool is_why(const struct span *span, uint64_t id, int64_t ns, uint64_t *steps)
{
	enum why_place place;
	struct why why;
	bool good;

	why_begin(&why, &loaded.model, id, ns, &budget);
	while ((place = why_step(&why)) == WHY_MORE)
		;
	good = place == WHY_OVER && is_good(&why, span);
	*steps += why.steps.count;
	why_free(&why);
	return good;
}

/* Who was held up waited when that was over, and was woken by who is said to. */
static bool is_held_row(const struct held *held, size_t at)
{
	const struct held_row *row = &held->rows.items[at];
	const struct held_row *above = &held->rows.items[row->above];
	struct span two[2];
	uint32_t part;

	return row->above < at && row->depth == above->depth + 1 && row->depth <= HELD_DEPTH &&
	       row->stay.begin_ns < above->stay.end_ns && row->from_ns >= row->stay.begin_ns &&
	       row->from_ns >= above->from_ns &&
	       row->from_ns + row->held_ns == above->stay.end_ns &&
	       above->stay.end_ns + row->after_ns == row->stay.end_ns &&
	       model_spans(&loaded.model, lane_of_go(row->stay.go), row->stay.begin_ns,
	                   row->stay.end_ns, two, 1) == 1 &&
	       two[0].kind == SPAN_WAITING && two[0].end_ns == row->stay.end_ns &&
	       model_span_after(&loaded.model, lane_of_go(row->stay.go), two[0].begin_ns, &two[1],
	                        &part) &&
	       model_begin_waker(&loaded.model, &two[1]) == above->stay.go;
}

static bool is_held(const struct span *span, uint64_t id, int64_t ns, uint64_t *rows)
{
	enum why_place place;
	struct held held;
	bool good;

	held_begin(&held, &loaded.model, id, ns, &budget);
	while ((place = held_step(&held)) == WHY_MORE)
		;
	good = place == WHY_OVER && held.rows.count > 0 && held.rows.count <= HELD_ROWS &&
	       held.rows.items[0].stay.begin_ns == span->begin_ns &&
	       held.rows.items[0].stay.end_ns == span->end_ns;
	for (size_t i = 1; i < held.rows.count && good; i++)
		good = is_held_row(&held, i);
	*rows += held.rows.count;
	held_free(&held);
	return good;
}

static void check_wait(struct checked *checked, const struct span *span)
{
	uint64_t id = roster_brief(&loaded.model.roster, span->go).id;
	int64_t ns = span->begin_ns + (span->end_ns - span->begin_ns) / 2;
	bool good = is_why(span, id, ns, &checked->steps);
	bool good_held = is_held(span, id, ns, &checked->held);

	checked->waits++;
	if (good && good_held)
		return;
	if (checked->bad++ < 3)
		printf("# G%" PRIu64 " %" PRId64 "..%" PRId64 " %d:%s%s\n", id, span->begin_ns,
		       span->end_ns, span->kind, good ? "" : " why", good_held ? "" : " held");
}

/* The longest ones of a goroutine. */
static void check_go(struct checked *checked, uint32_t go)
{
	size_t count = model_spans(&loaded.model, lane_of_go(go), 0, loaded.model.end_ns + 1, spans,
	                           SPANS);

	for (int waits = 0; waits < WAITS; waits++) {
		struct span *longest = NULL;

		for (size_t i = 0; i < count; i++)
			if (spans[i].kind != SPAN_RUN && spans[i].end_ns > spans[i].begin_ns &&
			    (longest == NULL || spans[i].end_ns - spans[i].begin_ns >
			                                longest->end_ns - longest->begin_ns))
				longest = &spans[i];
		if (longest == NULL)
			return;
		check_wait(checked, longest);
		longest->kind = SPAN_RUN;
	}
}

static void check_all(const char *path, const char *name)
{
	struct checked checked = { 0 };
	uint32_t step;

	if (!open_path(path))
		return;
	step = loaded.model.roster.count / GOS + 1;
	for (uint32_t go = 0; go < loaded.model.roster.count; go += step)
		check_go(&checked, go);
	ok(checked.bad == 0,
	   "%s: %" PRIu64 " waits, %" PRIu64 " steps, %" PRIu64 " held up, %" PRIu64 " otherwise",
	   name, checked.waits, checked.steps, checked.held, checked.bad);
	load_free(&loaded);
}

static void of_shared(const char *directory, const char *name, struct version version)
{
	char path[PATH_MAX];

	(void)version;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	check_all(path, name);
}

static void of_ours(const char *name)
{
	const char *srcdir = getenv("srcdir");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/%s", srcdir == NULL ? "." : srcdir, name);
	check_all(path, name);
}

/* ---- histories that are made when they are needed */

static bool ask_later(const char *selector, bool is_held, struct table *table)
{
	struct question question = question_of_all();
	struct answering answering;
	enum survey_place place;
	struct error err = { 0 };
	bool good;

	question.selector = bytes_of(selector);
	question.has_selector = true;
	question.is_held = is_held;
	answering_begin(&answering, analysis_find(bytes_of("why")), &loaded.loader, &question);
	while ((place = answering_step(&answering)) != SURVEY_OVER)
		if (place == SURVEY_WAITS)
			load_on();
	good = answering_end(&answering, table, &err);
	answering_free(&answering);
	return good;
}

static bool is_equal(const struct table *a, const struct table *b)
{
	char one[1024], other[1024];

	for (size_t i = 0; i < table_rows(a) && i < table_rows(b); i++) {
		write_row(a, i, one, sizeof(one));
		write_row(b, i, other, sizeof(other));
		if (strcmp(one, other) != 0)
			return false;
	}
	return table_rows(a) == table_rows(b);
}

static bool is_same_later(const char *selector, bool is_held)
{
	struct table now, later;
	struct error err = { 0 };
	bool good;

	table_init(&now, &budget);
	table_init(&later, &budget);
	loader_want(&loaded.loader, 0, INT64_MAX, UINT64_MAX);
	load_on();
	good = ask(selector, is_held, &now, &err);
	loader_want(&loaded.loader, -2, -1, 0);
	loaded.loader.history_limit = 0;
	loader_trim(&loaded.loader);
	if (good)
		good = ask_later(selector, is_held, &later) && is_equal(&now, &later);
	else
		good = !ask_later(selector, is_held, &later);
	loaded.loader.history_limit = UINT64_MAX;
	table_free(&now);
	table_free(&later);
	return good;
}

static void same_whatever_is_there(void)
{
	int differ = 0, asked = 0;
	char selector[40];

	if (!open_trace("demo.trace"))
		return;
	for (uint32_t go = 0; go < loaded.model.roster.count; go += 25)
		for (int64_t ns = 50000000; ns < loaded.model.end_ns; ns += 290000000, asked++) {
			snprintf(selector, sizeof(selector), "G%" PRIu64 "@%" PRId64,
			         roster_brief(&loaded.model.roster, go).id, ns);
			differ += !is_same_later(selector, asked % 2 == 1);
		}
	ok(differ == 0, "the same with and without histories: %d of %d differ", differ, asked);
	load_free(&loaded);
}

/* Where one is not there and cannot be made, that is said. */
static void missing_histories(void)
{
	struct error err = { 0 };
	struct table table;

	if (!open_trace("demo.trace"))
		return;
	loader_want(&loaded.loader, -2, -1, 0);
	loaded.loader.history_limit = 0;
	loader_trim(&loaded.loader);
	table_init(&table, &budget);
	ok(!ask("G1@600ms", false, &table, &err) && err.kind == ERROR_LIMIT, "%s", err.message);
	table_free(&table);
	load_free(&loaded);
}

int main(void)
{
	cases();
	same_whatever_is_there();
	missing_histories();
	wrong_questions();
	made_up_chain();
	of_ours("demo.trace");
	of_ours("case-convoy.trace");
	of_ours("case-assist.trace");
	of_ours("case-stop.trace");
	shared_each("all waits", of_shared);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
