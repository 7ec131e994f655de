/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/answering.h"
#include "core/export/anonymize.h"
#include "core/export/anonymize_v1.h"
#include "core/export/chrome.h"
#include "core/export/cut.h"
#include "core/export/every_event.h"
#include "tests/export/json_events.h"
#include "tests/fuzz/fuzz.h"
#include "tests/load.h"
#include "tests/near.h"
#include "tests/promises.h"
#include "tui/interface.h"
#include "tui/script.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* A whole file: through source, index, tables, wire decoder and model, as a stream; then every
 * analysis, some keys and a picture, as a file. What has to hold of any bytes: it ends, nothing is
 * read that is not there, what is shown and what is lost adds up (tests/promises.h), what is made
 * of it for others is what it should be, and all memory comes back. */

enum { WINDOWS = 4, GOS = 8 /* and tasks that are asked about */ };

static void ask_all(const struct model *model, struct budget *budget)
{
	for (size_t i = 0; i < analyses_count; i++) {
		struct question question = question_of_all();
		struct error err = { 0 };
		struct table table;

		table_init(&table, budget);
		answer_now(&table, &analyses[i], model, &question, &err);
		table_free(&table);
	}
}

static void ask_about(const struct model *model, struct budget *budget, const char *name,
                      const char *selector, bool is_held)
{
	struct question question = question_of_all();
	struct error err = { 0 };
	struct table table;

	question.selector = bytes_of(selector);
	question.has_selector = true;
	question.is_held = is_held;
	table_init(&table, budget);
	answer_now(&table, analysis_find(bytes_of(name)), model, &question, &err);
	table_free(&table);
}

/* Why some goroutines did not run, whom that held up, and what they hung on. */
static void ask_why(const struct model *model, struct budget *budget)
{
	for (uint32_t go = 0; go < model->roster.count && go < GOS; go++)
		for (int quarter = 0; quarter < 4; quarter++) {
			uint64_t id = roster_brief(&model->roster, go).id;
			int64_t ns = model->end_ns / 4 * quarter;
			char selector[96];

			snprintf(selector, sizeof(selector), "G%" PRIu64 "@%" PRId64, id, ns);
			ask_about(model, budget, "why", selector, false);
			ask_about(model, budget, "why", selector, true);
			ask_about(model, budget, "critical", selector, false);
			snprintf(selector, sizeof(selector), "G%" PRIu64 "@%" PRId64 "+%" PRId64,
			         id, ns, model->end_ns / 2 + 1);
			ask_about(model, budget, "critical", selector, false);
		}
	for (size_t i = 0; i < model->said.tasks.count && i < GOS; i++) {
		char selector[32];

		snprintf(selector, sizeof(selector), "%" PRIu64, model->said.tasks.items[i].id);
		ask_about(model, budget, "critical", selector, false);
	}
}

/* ---- what is made of it */

typedef ARRAY(uint8_t) made_bytes;

static bool collect(void *context, struct bytes text)
{
	made_bytes *to = context;
	size_t at = to->count;

	array_resize(to, at + text.len);
	memcpy(to->items + at, text.data, text.len);
	return true;
}

static bool draw_event(void *context, const struct event *event)
{
	chrome_add(context, event);
	return true;
}

static void ignore(void *to, const struct json_event *event)
{
	(void)to, (void)event;
}

static void make_chrome(const struct loaded *loaded, struct budget *budget, struct text_out *out,
                        made_bytes *made, bool by_thread)
{
	const struct chrome_wish wish = { INT64_MIN, INT64_MAX, by_thread };
	struct every_event every = { .budget = budget,
		                     .index = &loaded->index,
		                     .source = &loaded->source,
		                     .take = draw_event };
	struct json_trace json = { .each = ignore };
	struct error err = { 0 };
	struct damage damage;
	uint64_t records;

	damage_init(&damage, budget);
	every.context = chrome_open(budget, out, &wish);
	every_event(&every, &damage, &records, &err);
	chrome_close(every.context);
	text_flush(out);
	damage_free(&damage);
	json.in = (struct bytes){ made->items, made->count };
	must(json_events_read(&json), json.fault != NULL ? json.fault : "it is JSON");
}

static void make_traces(const struct loaded *loaded, struct budget *budget, struct text_out *out)
{
	const struct index *index = &loaded->index;
	struct anonymizing anonymizing;
	struct error err = { 0 };
	struct damage damage;
	struct cut cut;

	damage_init(&damage, budget);
	if (!version_is_v2(index->version)) {
		anonymize_v1(out, &loaded->source, index->version.minor, budget, &damage, &err);
	} else if (index->generations.count > 0) {
		cut_init(&cut, index, &loaded->source, budget);
		must(cut_has_any(&cut), "all of it is something");
		cut_put(&cut, out, &damage);
		anonymizing_init(&anonymizing, index, &loaded->source, budget);
		must(anonymizing_learn(&anonymizing, &err), "memory does for names");
		anonymizing_put(&anonymizing, out, &damage);
		anonymizing_free(&anonymizing);
	}
	text_flush(out);
	damage_free(&damage);
}

static void make_all(const struct loaded *loaded)
{
	static struct budget budget;
	static struct text_out out;
	made_bytes made = { .budget = &budget };

	text_out_init(&out, collect, &made);
	make_chrome(loaded, &budget, &out, &made, loaded->index.generations.count % 2 == 1);
	make_traces(loaded, &budget, &out);
	array_free(&made);
	must(atomic_load(&budget.used) == 0, "memory of what is made comes back");
}

static uint64_t load_as_stream(struct bytes bytes)
{
	static struct loaded loaded;
	struct near_count count = { 0 };
	struct error err = { 0 };
	const char *broken;
	uint64_t events;

	if (!load_bytes(&loaded, bytes, &err)) {
		must(err.kind != ERROR_NONE, "a refusal has a reason");
		must(atomic_load(&loaded.budget.used) == 0, "memory of a refused file comes back");
		return UINT64_MAX;
	}
	events = loaded.model.events;
	must(loaded.model.bytes == bytes.len, "all bytes are seen");
	broken = promise_broken(&loaded.model);
	must(broken == NULL, broken);
	broken = near_broken(&loaded, bytes.len, WINDOWS, &count);
	must(broken == NULL, broken);
	ask_all(&loaded.model, &loaded.budget);
	ask_why(&loaded.model, &loaded.budget);
	make_all(&loaded);
	load_free(&loaded);
	must(atomic_load(&loaded.budget.used) == 0, "memory comes back");
	return events;
}

static void draw(struct interface *interface, int cols, int rows)
{
	struct cells cells = { .budget = interface->session->budget };

	cells_resize(&cells, cols, rows);
	interface_resize(interface, cols, rows);
	interface_draw(interface, &cells);
	cells_free(&cells);
}

/* Some keys: which, the length says, as all of them would take most of the time. */
static void show(struct session *session, size_t choice)
{
	static const char *const keys[] = {
		"<Tab>fw",
		"<Tab><CR><C-d>",
		"}{",
		"!",
		"@f",
		"jj<Left><Left>",
		"0s",
		"K<End>d.",
		":stacks<CR>tjlj<CR>p<CR>",
		":mmu<CR>jj<CR><CR>",
		":tasks<CR>j<CR>o",
	};
	static struct interface interface;
	struct error err = { 0 };

	must(interface_open(&interface, session, "file", NULL, &err), "the interface opens");
	draw(&interface, 80, 24);
	choice %= sizeof(keys) / sizeof(keys[0]);
	must(script_press(&interface, keys[choice], &err), "keys are known");
	draw(&interface, 40 + (int)choice * 16, 8 + (int)choice * 6);
	interface_close(&interface);
}

static void load_as_file(struct bytes bytes, uint64_t events)
{
	static struct session session;
	static struct budget budget;
	struct error err = { 0 };
	char path[64];
	int fd = memfd_create("trace", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, bytes.data, bytes.len) == (ssize_t)bytes.len, "a file is made");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (session_open(&session, &budget, path, 0, &err)) {
		session_finish(&session);
		must(session.model.events == events, "a file is what a stream is");
		show(&session, bytes.len);
	} else {
		must(events == UINT64_MAX, "a file opens if a stream does");
	}
	session_close(&session);
	close(fd);
	must(atomic_load(&budget.used) == 0, "memory of a session comes back");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };

	load_as_file(bytes, load_as_stream(bytes));
	return 0;
}
