/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/about.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/expected.h"
#include "tests/tap.h"
#include "tui/interface.h"

/* What about shows: memory by kind is all that the budget knows of, at any time, and what is given
 * back is given back to the kind it was taken of. */
static struct budget budget;
static struct session session;

static uint64_t sum(const struct about_memory *memory)
{
	return memory->index + memory->kept + memory->histories + memory->near + memory->raw +
	       memory->work + memory->other;
}

static void is_even(const char *what)
{
	struct about_memory memory = about_memory(&session);

	is_u64(sum(&memory), atomic_load(&budget.used), what);
	is_u64(memory.all, atomic_load(&budget.used), "which is what the budget says");
}

/* The text of a row; "": there is none. */
static const char *shown(const char *name)
{
	static char text[256];
	struct table table;

	text[0] = '\0';
	table_init(&table, &budget);
	about_make(&table, &session, "the name");
	for (size_t i = 0; i < table_rows(&table); i++) {
		struct bytes told = table_value(&table, i, 1).text;

		if (bytes_equal(table_value(&table, i, 0).text, bytes_of(name)))
			snprintf(text, sizeof(text), "%.*s", (int)told.len,
			         (const char *)told.data);
	}
	table_free(&table);
	return text;
}

static bool shows(const char *name, const char *text)
{
	const char *all = shown(name);
	bool has = strstr(all, text) != NULL;

	if (!has)
		printf("# %s: %s\n", name, all);
	return ok(has, "%s: %s", name, text);
}

static void is_given_back(void)
{
	session_close(&session);
	is_u64(session.raw.used + session.indexed.used + session.kept.used +
	               session.loader.work.used + session.loader.histories.used,
	       0, "in the end, nothing of any kind");
	is_u64(atomic_load(&budget.used), 0, "nor of all");
}

/* Without threads and a screen nothing is left that has no kind. */
static void of_a_file(const char *path)
{
	struct about_memory memory;
	struct error err = { 0 };
	bool is_even_always = true;

	if (!ok(session_open(&session, &budget, path, 0, &err), "%s", err.message))
		return;
	while (!session_is_idle(&session)) {
		session_step(&session, 1);
		memory = about_memory(&session);
		is_even_always = is_even_always && sum(&memory) == atomic_load(&budget.used) &&
		                 memory.other == 0;
	}
	ok(is_even_always, "while it is loaded, all that is taken is of a kind");
	is_even("so it is then");
	memory = about_memory(&session);
	ok(memory.work < 1000, "no job is left, but the lists of them");
	is_u64(memory.histories, 0, "no history was asked for");
	ok(memory.raw < 100, "no bytes are kept");
	ok(memory.kept > 0 && memory.index > 0, "an index and a model are");
	if (version_is_v2(session.input.version))
		ok(memory.index >= session.index.batches.count * sizeof(struct batch) &&
		           memory.index <=
		                   2 * session.index.batches.capacity * sizeof(struct batch) +
		                           8192 +
		                           atomic_load(&session.input.source.end) /
		                                   CHECKPOINT_EACH *
		                                   sizeof(struct checkpoint_within),
		   "the index is its batches, and checkpoints within them");
	session_want(&session, 0, session.model.end_ns);
	session_finish(&session);
	memory = about_memory(&session);
	is_even("with histories, too");
	ok(memory.histories >= session.loader.history_bytes && session.loader.history_bytes > 0 &&
	           memory.histories <= 2 * session.loader.history_bytes + 100000,
	   "which take what the loader thinks they do");
	ok(session.loader.history_bytes <= session.loader.history_limit,
	   "and no more than they may");
	is_given_back();
}

static void what_a_person_reads(const char *path)
{
	struct error err = { 0 };

	if (!ok(session_open(&session, &budget, path, 2, &err), "the demo"))
		return;
	session_finish(&session);
	shows("program", PACKAGE_STRING);
	shows("trace", "the name");
	shows("size", "332 KiB (339151 bytes)");
	shows("version", "go1.26, format v2");
	shows("loaded", "5 of 5 generations");
	shows("holds", "1.217 s, 49913 events, 993 goroutines, 4 Ps, 8 threads");
	shows("  limit", "30.3 MiB while it is loaded; --memory");
	shows("  T2 histories", "0 B: of 0 of 5 generations");
	shows("threads", "2 that load, with 0 jobs");
	shows("limits", "none was reached");
	shows("damage", "nothing lost of 332 KiB; 0 places, 0 notes");
	session_want(&session, 0, 1000);
	session_finish(&session);
	shows("  T2 histories", ": of 1 of 5 generations");
	is_even("with threads");
	is_given_back();
}

static bool screen_has(struct interface *interface, struct cells *cells, const char *text)
{
	text_array out = { .budget = &budget };
	bool has;

	interface_draw(interface, cells);
	for (int row = 0; row < cells->rows; row++)
		cells_dump_row(cells, row, false, &out);
	*array_push(&out) = '\0';
	has = strstr(out.items, text) != NULL;
	array_free(&out);
	return has;
}

static void on_the_screen(const char *path)
{
	static struct interface interface;
	struct cells cells = { .budget = &budget };
	struct error err = { 0 };

	if (!ok(session_open(&session, &budget, path, 0, &err) &&
	                interface_open(&interface, &session, "file", NULL, &err),
	        "a screen"))
		return;
	cells_resize(&cells, 60, 12);
	interface_resize(&interface, 60, 12);
	interface_press(&interface, "i", -1, 0);
	ok(screen_has(&interface, &cells, " 0 of 0 generations so far"),
	   "it is there before anything else");
	session_finish(&session);
	interface_follow(&interface);
	ok(screen_has(&interface, &cells, " 5 of 5 generations"), "and new then");
	for (int i = 0; i < 50; i++)
		interface_press(&interface, "j", -1, 0);
	ok(screen_has(&interface, &cells, "nothing lost of 332 KiB") &&
	           !screen_has(&interface, &cells, "program"),
	   "it scrolls to its end");
	interface_press(&interface, "i", -1, 0);
	interface_press(&interface, "i", -1, 0);
	ok(screen_has(&interface, &cells, "program"), "and begins at its begin");
	interface_press(&interface, "q", -1, 0);
	ok(screen_has(&interface, &cells, "STW"), "q closes it");
	interface_close(&interface);
	cells_free(&cells);
	is_given_back();
}

/* Half of it, a page of which is zero, through a pipe with little room. */
static void while_it_comes(const char *path)
{
	struct arena arena = { .budget = &budget };
	struct error err = { 0 };
	struct bytes trace;
	char name[64];
	int ends[2];

	if (!ok(file_read(&arena, path, &trace) && pipe(ends) == 0, "a pipe"))
		return;
	memset((uint8_t *)(uintptr_t)trace.data + 60000, 0, 4096);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", ends[0]);
	if (write(ends[1], trace.data, 60000) != 60000 ||
	    !ok(session_open(&session, &budget, name, 0, &err), "is read"))
		return;
	session.input.limit = 3 << 19;
	for (size_t at = 60000, end; at < 200000; at = end) {
		end = at + 20000;
		if (write(ends[1], trace.data + at, end - at) != 20000)
			return;
		while (session_step(&session, 1000) || session_is_stepped(&session))
			;
	}
	shows("size", "(200000 bytes), and more is coming");
	shows("loaded", "1 of 1 generations so far");
	shows("damage", "of 117 KiB lost (");
	shows("threads", "none that load");
	ok(about_memory(&session).raw >= 1 << 20, "its bytes are kept");
	close(ends[1]);
	session_finish(&session);
	shows("size", "(200000 bytes)");
	close(ends[0]);
	arena_free(&arena);
	is_given_back();
}

static void when_memory_is_short(const char *path)
{
	struct error err = { 0 };

	budget.limit = 500000;
	budget.is_asked = true;
	if (ok(session_open(&session, &budget, path, 0, &err), "little memory")) {
		session_finish(&session);
		ok(session.loader.was_stopped, "is not enough");
		shows("limits", "not all is loaded; --memory raises it");
		shows("  limit", "474 KiB while it is loaded, by --memory");
		is_given_back();
	}
	budget.limit = 0;
	budget.is_asked = false;
}

int main(void)
{
	static const char *const shared[] = { "go1.5-classic", "go1.11-classic", "go1.21-annotated",
		                              "go1.22-service", "go1.26-service" };
	const char *source = getenv("srcdir"), *directory = getenv("GANDER_SHARED");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	of_a_file(path);
	what_a_person_reads(path);
	on_the_screen(path);
	while_it_comes(path);
	when_memory_is_short(path);
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		snprintf(path, sizeof(path), "%s/traces/%s/trace.out",
		         directory != NULL ? directory : "../shared", shared[i]);
		if (access(path, R_OK) == 0)
			of_a_file(path);
		else
			skip(shared[i], "no shared traces: GANDER_SHARED names their directory");
	}
	return tap_done();
}
