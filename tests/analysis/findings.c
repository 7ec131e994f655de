/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/answering.h"
#include "core/analysis/finding.h"
#include "core/model/go_spans.h"

#include "tests/load.h"
#include "tests/shared.h"
#include "tests/tap.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* What hurts in traces of which that is known (tests/workloads/cases.go) is found; and its numbers
 * are those that other answers give. */

enum { SPANS = 1 << 17 };

static struct loaded loaded;
static struct budget budget;
static struct span lane[SPANS];
static struct answering answering;
static const struct findings *findings;
static char from[PATH_MAX - 64];

static void look(void)
{
	struct question question = question_of_all();
	struct error err = { 0 };

	answering_begin(&answering, analysis_find(bytes_of("findings")), &loaded.loader, &question);
	survey_run(&answering.survey, &loaded.model);
	findings = findings_of(answering.state, &err);
}

static bool open_trace(const char *path)
{
	struct error err = { 0 };

	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s: %s", path, err.message);
		return false;
	}
	look();
	return findings != NULL;
}

static bool open_case(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/%s.trace", from, name);
	return open_trace(path);
}

static void close_trace(void)
{
	answering_free(&answering);
	load_free(&loaded);
}

/* The first of a kind; NULL. */
static const struct finding *first_of(enum finding_kind kind)
{
	for (size_t i = 0; i < findings->items.count; i++)
		if (findings->items.items[i].kind == kind)
			return &findings->items.items[i];
	return NULL;
}

static bool says(const struct finding *finding, const char *words)
{
	size_t len = strlen(words);

	for (size_t i = 0; i + len <= finding->sentence.len; i++)
		if (memcmp(finding->sentence.data + i, words, len) == 0)
			return true;
	printf("# \"%.*s\" does not say \"%s\"\n", (int)finding->sentence.len,
	       (const char *)finding->sentence.data, words);
	return false;
}

/* The first of a case, of that kind, saying that; NULL. */
static const struct finding *found(const char *name, enum finding_kind kind, const char *words)
{
	const struct finding *finding = first_of(kind);

	ok(finding != NULL && (size_t)(finding - findings->items.items) < 3 && says(finding, words),
	   "%s: %s is among the first three", name, finding_names[kind]);
	return finding;
}

/* ---- what other answers have */

static void ask(struct table *table, const char *name)
{
	struct question question = question_of_all();
	struct error err = { 0 };

	table_init(table, &budget);
	answer_now(table, analysis_find(bytes_of(name)), &loaded.model, &question, &err);
}

/* The sum of a column in rows where another one begins with a text. */
static int64_t sum_where(const char *answer, const char *column, const char *where,
                         struct bytes begin, bool inside)
{
	struct table table;
	size_t sum_at, where_at;
	int64_t sum = 0;

	ask(&table, answer);
	if (table_find_column(&table, bytes_of(column), &sum_at) &&
	    table_find_column(&table, bytes_of(where), &where_at))
		for (size_t row = 0; row < table_rows(&table); row++) {
			struct bytes text = table_value(&table, row, where_at).text;
			bool is_there = bytes_equal(text, begin);

			for (size_t i = 0; inside && i + begin.len <= text.len && !is_there; i++)
				is_there = memcmp(text.data + i, begin.data, begin.len) == 0;
			if (is_there)
				sum += table_value(&table, row, sum_at).number;
		}
	table_free(&table);
	return sum;
}

/* All goroutines' time in a state within a window. */
static int64_t time_in(enum span_kind kind, int64_t begin_ns, int64_t end_ns)
{
	int64_t sum = 0;

	for (uint32_t go = 0; go < loaded.model.roster.count; go++) {
		size_t count = go_spans(&loaded.model, go, begin_ns, end_ns, lane, SPANS);

		for (size_t i = 0; i < count; i++) {
			int64_t a = lane[i].begin_ns > begin_ns ? lane[i].begin_ns : begin_ns;
			int64_t b = lane[i].end_ns < end_ns ? lane[i].end_ns : end_ns;

			if (lane[i].kind == kind && b > a)
				sum += b - a;
		}
	}
	return sum;
}

static bool has_stay(const struct finding *finding, enum span_kind kind)
{
	size_t count = go_spans(&loaded.model, finding->go, finding->begin_ns, finding->end_ns,
	                        lane, SPANS);

	for (size_t i = 0; i < count; i++)
		if (lane[i].kind == kind && lane[i].begin_ns == finding->begin_ns &&
		    lane[i].end_ns == finding->end_ns)
			return true;
	return false;
}

/* ---- kinds, present and correct */

static void stop_of_the_world(void)
{
	const struct finding *finding;
	struct table table;

	if (!open_case("case-stop"))
		return;
	finding = found("stop", FINDING_STW, "main.dumpStacks");
	ask(&table, "stw");
	if (finding != NULL) {
		int64_t longest_ns = table_value(&table, 0, 1).number;

		is_i64(finding->end_ns - finding->begin_ns, longest_ns, "its length is stw's");
		ok(finding->cost_ns % longest_ns == 0, "its cost is a multiple of that");
	}
	table_free(&table);
	close_trace();
}

static void straggler(void)
{
	const struct finding *finding;

	if (!open_case("case-straggler"))
		return;
	finding = found("straggler", FINDING_STRAGGLER, "main.copyLedger");
	if (finding != NULL)
		ok(finding->go == loaded.model.stops.items[1].last_go &&
		           says(finding, "waited for P3, G38"),
		   "it is about the last to stop");
	close_trace();
}

static void assist(void)
{
	const struct finding *finding;

	if (!open_case("case-assist"))
		return;
	finding = found("assist", FINDING_ASSIST, "main.newCatalog");
	if (finding != NULL)
		is_i64(finding->cost_ns,
		       sum_where("assists", "duration_ns", "function", bytes_of("main.newCatalog"),
		                 false),
		       "its cost is the sum of assists");
	ok(finding != NULL && says(finding, "an assist storm, up to 3 at once"), "a storm is said");
	close_trace();
}

static void queue(void)
{
	const struct spells *spells;
	int64_t cost_ns = 0, waited_ns = 0;

	if (!open_case("case-queue"))
		return;
	found("queue", FINDING_RUNNABLE, "GC workers 25%");
	spells = &findings_signs(answering.state)->spells;
	for (size_t i = 0; i < spells->kept[SPELL_QUEUE].count; i++) {
		const struct spell *spell = &spells->kept[SPELL_QUEUE].items[i];

		/* what is in a gap of one is not counted */
		if (spell->sum_ns != spell->end_ns - spell->begin_ns)
			continue;
		cost_ns += spell->cost_ns;
		waited_ns += time_in(SPAN_RUNNABLE, spell->begin_ns, spell->end_ns);
	}
	ok(cost_ns > 0, "there are queues without a gap");
	is_i64(cost_ns, waited_ns, "what they cost is what goroutines waited");
	close_trace();
}

static void serial(void)
{
	const struct finding *merge = NULL;

	if (!open_case("case-serial"))
		return;
	found("serial", FINDING_SERIAL, "ran alone for");
	for (size_t i = 0; i < findings->items.count; i++)
		if (findings->items.items[i].kind == FINDING_SERIAL &&
		    says(&findings->items.items[i], "main.main ran alone"))
			merge = &findings->items.items[i];
	ok(merge != NULL, "main.merge is one of them");
	if (merge != NULL) {
		int64_t alone_ns = time_in(SPAN_RUN, merge->begin_ns, merge->end_ns);
		int64_t length_ns = merge->end_ns - merge->begin_ns;

		ok(alone_ns > length_ns * 99 / 100 && alone_ns < length_ns * 102 / 100,
		   "what ran meanwhile is as long as it");
		is_i64(merge->cost_ns / 3 / 1000000, length_ns / 1000000, "three Ps were idle");
	}
	close_trace();
}

static void stall(void)
{
	const struct finding *finding;

	if (!open_case("case-stall"))
		return;
	finding = found("stall", FINDING_STALL, "main.(*store).serve ended it");
	ok(finding != NULL && has_stay(finding, SPAN_WAITING), "it is a wait of that length");
	close_trace();
}

static void convoy(void)
{
	const struct finding *finding;

	if (!open_case("case-convoy"))
		return;
	finding = found("convoy", FINDING_CONVOY, "119 waits (sync) at main.(*account).pay");
	if (finding != NULL) {
		is_i64(finding->cost_ns,
		       sum_where("stacks", "delay_ns", "stack",
		                 bytes_of("sync.(*Mutex).Lock;main.(*account).pay"), true),
		       "its cost is that of its stack");
		ok(has_stay(finding, SPAN_WAITING), "the longest is a wait of that length");
	}
	close_trace();
}

static void lost_calls(void)
{
	const struct finding *finding;
	int64_t sum = 0;

	if (!open_case("case-calls"))
		return;
	finding = first_of(FINDING_CALL);
	ok(finding != NULL && says(finding, "main.readSlowly"), "calls: who read slowly");
	if (finding != NULL) {
		size_t count = go_spans(&loaded.model, finding->go, 0, INT64_MAX / 2, lane, SPANS);

		for (size_t i = 1; i < count; i++)
			if (lane[i].kind == SPAN_RUNNABLE && lane[i - 1].kind == SPAN_SYSCALL)
				sum += lane[i].end_ns - lane[i].begin_ns;
		is_i64(finding->cost_ns, sum, "its cost is its waits for a P after syscalls");
	}
	close_trace();
}

static void burst(void)
{
	const struct finding *finding;
	uint64_t born = 0;
	int64_t waited_ns = 0;

	if (!open_case("case-burst"))
		return;
	finding = found("burst", FINDING_BURST, "1200 goroutines were created at main.scatter");
	if (finding != NULL)
		for (uint32_t go = 0; go < loaded.model.roster.count; go++) {
			struct goroutine brief = roster_brief(&loaded.model.roster, go);
			struct bytes name = strings_text(&loaded.model.strings, brief.name);

			if (!bytes_equal(name, bytes_of("main.scatter.func1")) ||
			    go_spans(&loaded.model, go, finding->begin_ns, finding->end_ns, lane,
			             SPANS) == 0)
				continue;
			born++;
			waited_ns += lane[0].kind == SPAN_RUNNABLE
			                     ? lane[0].end_ns - lane[0].begin_ns
			                     : 0;
		}
	is_u64(born, 1200, "so many were born then");
	ok(finding != NULL && finding->cost_ns == waited_ns, "and waited so long");
	close_trace();
}

static void hog(void)
{
	const struct finding *finding;

	if (!open_case("case-hog"))
		return;
	finding = found("hog", FINDING_NO_YIELD, "without a stop");
	ok(finding != NULL && has_stay(finding, SPAN_RUN), "it is a run of that length");
	for (size_t i = 0; i < findings_signs(answering.state)->runs.count; i++) {
		const struct long_run_seen *run = &findings_signs(answering.state)->runs.items[i];
		int64_t waited_ns = time_in(SPAN_RUNNABLE, run->begin_ns, run->end_ns);

		if (waited_ns != run->queued.all_ns)
			is_i64(run->queued.all_ns, waited_ns, "others waited so long meanwhile");
	}
	close_trace();
}

static void sweep(void)
{
	const struct finding *finding;

	if (!open_case("demo"))
		return;
	finding = first_of(FINDING_SWEEP);
	ok(finding != NULL, "demo: sweeps");
	if (finding != NULL)
		is_i64(finding->cost_ns,
		       sum_where("goroutine", "range_ns[GC incremental sweep]", "name",
		                 strings_text(&loaded.model.strings,
		                              roster_brief(&loaded.model.roster, finding->go).name),
		                 false),
		       "their cost is that of the goroutines of that name");
	finding = first_of(FINDING_IDLE);
	ok(finding != NULL, "demo: Ps idle while goroutines are runnable");
	if (finding != NULL) {
		int64_t one = finding->begin_ns + (finding->end_ns - finding->begin_ns) / 2;

		ok(model_level(&loaded.model, SERIES_RUNNABLE, one, one + 1).min > 0 &&
		           model_level(&loaded.model, SERIES_PROCS, one, one + 1).max < 4,
		   "so it is at the worst");
	}
	close_trace();
}

/* Of a file that ends early. */
static void lost_data(void)
{
	static uint8_t bytes[1 << 20];
	char path[PATH_MAX];
	struct error err = { 0 };
	const struct finding *finding;
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", from);
	file = fopen(path, "rb");
	len = file == NULL ? 0 : fread(bytes, 1, sizeof(bytes), file);
	if (file != NULL)
		fclose(file);
	memset(bytes + len / 2, 0, 9000);
	if (!load_bytes(&loaded, (struct bytes){ bytes, len }, &err)) {
		ok(false, "%s", err.message);
		return;
	}
	loader_want(&loaded.loader, 0, INT64_MAX, UINT64_MAX);
	for (struct job *job; (job = loader_next(&loaded.loader, 0)) != NULL;) {
		while (job_step(job))
			;
		loader_done(&loaded.loader, job);
		while (loader_join(&loaded.loader))
			;
	}
	look();
	finding = first_of(FINDING_LOST);
	ok(finding != NULL && loaded.model.damage.bytes >= 9000, "a hole in the file is told");
	close_trace();
}

/* ---- no false alarms: nothing that is worth more than a hundredth of the trace */

static uint64_t alarms(void)
{
	uint64_t count = 0;

	for (size_t i = 0; i < findings->items.count; i++) {
		const struct finding *finding = &findings->items.items[i];
		bool is_stop = finding->kind == FINDING_STW && i >= 3;

		if (finding_worth(findings, finding) <= 10000 || is_stop)
			continue;
		count++;
		printf("# %s: %.*s\n", finding_names[finding->kind], (int)finding->sentence.len,
		       (const char *)finding->sentence.data);
	}
	return count;
}

static void quiet(void)
{
	if (!open_case("case-hello"))
		return;
	is_u64(alarms(), 0, "hello, world does not alarm");
	for (int k = 0; k < FINDING_KINDS; k++)
		if (k != FINDING_STW && first_of((enum finding_kind)k) != NULL)
			ok(false, "%s in hello", finding_names[k]);
	close_trace();
}

/* When a goroutine that is busy at a time began to be. */
static int64_t busy_from(uint32_t go, int64_t at_ns)
{
	size_t count = go_spans(&loaded.model, go, 0, at_ns + 1, lane, SPANS);
	int64_t from_ns = at_ns;

	while (count-- > 0 && lane[count].kind != SPAN_WAITING && lane[count].end_ns >= from_ns)
		from_ns = lane[count].begin_ns;
	return from_ns;
}

/* Who began to work right before a stall did. */
static void overlap(const char *name)
{
	static const char words[] = "; it began ";
	const struct finding *stall = first_of(FINDING_STALL);
	char text[FINDING_TEXT_MAX], began[TIME_TEXT_MAX], unit[4];
	const char *at;
	unsigned long long id;
	int64_t before_ns;

	if (stall == NULL)
		return;
	snprintf(text, sizeof(text), "%.*s", (int)stall->sentence.len,
	         (const char *)stall->sentence.data);
	at = strstr(text, words);
	if (at == NULL || sscanf(at + strlen(words), "%9s %3s after G%llu", began, unit, &id) != 3)
		return;
	strcat(strcat(began, " "), unit);
	before_ns = stall->begin_ns - busy_from(model_find_go(&loaded.model, id), stall->begin_ns);
	ok(strcmp(finding_time(before_ns).text, began) == 0, "%s: %s before", name, began);
}

static void of_shared(const char *directory, const char *name, struct version version)
{
	char path[PATH_MAX];

	(void)version;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	if (strstr(name, "service") == NULL || !open_trace(path))
		return;
	is_u64(alarms(), 0, name);
	overlap(name);
	close_trace();
}

static void heap_over_goal(const char *directory, const char *name, struct version version)
{
	char path[PATH_MAX];
	const struct finding *finding;

	(void)version;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	if (strcmp(name, "go1.26-service") != 0 || !open_trace(path))
		return;
	finding = first_of(FINDING_HEAP);
	ok(finding != NULL && says(finding, "above its goal"), "%s: heap over goal", name);
	if (finding != NULL) {
		const struct gc_cycle *cycle = &loaded.model.cycles.items[0];

		ok(finding->begin_ns == cycle->begin_ns && cycle->heap_end > cycle->goal_begin,
		   "as gc has it");
	}
	close_trace();
}

/* ---- triage */

static void waits_for_a_p(void)
{
	static int64_t waits[1 << 16];
	size_t count = 0, below = 0;
	int64_t median_ns, most_ns;

	if (!open_case("demo"))
		return;
	for (uint32_t go = 0; go < loaded.model.roster.count; go++) {
		size_t spans = go_spans(&loaded.model, go, 0, INT64_MAX / 2, lane, SPANS);

		for (size_t i = 0; i + 1 < spans; i++)
			if (lane[i].kind == SPAN_RUNNABLE &&
			    count < sizeof(waits) / sizeof(waits[0]))
				waits[count++] = lane[i].end_ns - lane[i].begin_ns;
	}
	median_ns = findings_sched_ns(answering.state, &most_ns)[0];
	for (size_t i = 0; i < count; i++)
		below += waits[i] <= median_ns;
	ok(below >= count / 2 && below <= count * 55 / 100, "half of all waits are not longer");
	close_trace();
}

static void every_locator_is_one(void)
{
	uint64_t wrong = 0;

	if (!open_case("demo"))
		return;
	for (size_t i = 0; i < findings->items.count; i++) {
		const struct finding *finding = &findings->items.items[i];
		char text[LOCATOR_TEXT_MAX];
		struct locator locator;
		size_t wrong_at;

		finding_locator(text, findings, finding);
		wrong += !locator_parse(bytes_of(text), &locator, &wrong_at) ||
		         locator.begin_ns > finding->begin_ns ||
		         locator.begin_ns + locator.length_ns < finding->end_ns;
	}
	is_u64(wrong, 0, "locators are places around their findings");
	close_trace();
}

/* ---- thresholds */

static void thresholds(void)
{
	struct finding_limits limits = finding_limits_usual;
	struct error err = { 0 };

	ok(finding_limits_parse(&limits, bytes_of("stop=2ms,burst=500"), &err) &&
	           limits.stop_ns == 2000000 && limits.burst_count == 500 &&
	           limits.run_ns == finding_limits_usual.run_ns,
	   "two of them are set");
	ok(!finding_limits_parse(&limits, bytes_of("stop=2ms,bursts=500"), &err), "%s",
	   err.message);
	ok(!finding_limits_parse(&limits, bytes_of("burst=5ms"), &err), "a count is no time");
	ok(!finding_limits_parse(&limits, bytes_of("stop=-1"), &err), "nor negative");
	ok(!finding_limits_parse(&limits, bytes_of("stop"), &err), "nor missing");
}

int main(void)
{
	const char *source = getenv("srcdir");

	snprintf(from, sizeof(from), "%s", source != NULL ? source : ".");
	stop_of_the_world();
	straggler();
	assist();
	queue();
	serial();
	stall();
	convoy();
	lost_calls();
	burst();
	hog();
	sweep();
	lost_data();
	quiet();
	shared_each("findings", of_shared);
	shared_each("heap-over-goal", heap_over_goal);
	thresholds();
	waits_for_a_p();
	every_locator_is_one();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
