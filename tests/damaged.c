/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/analysis.h"
#include "core/export/events_text.h"
#include "core/trace/order.h"
#include "tui/script.h"

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tests/expected.h"
#include "tests/harm.h"
#include "tests/load.h"
#include "tests/promises.h"
#include "tests/tap.h"

/* Small traces, damaged at random: whatever is left of them, nothing crashes or hangs, the promises
 * of tests/promises.h hold, and without threads and with some the same comes out.
 *
 *	damaged                  some from a fixed seed, some from a new one
 *	damaged SECONDS [SEED]   as many as fit; CASES of them if SECONDS is 0
 *
 * What breaks a promise is left behind as damaged-SEED.trace. */
enum { CASES = 1500, CASE_SECONDS = 20, FAILURES_MAX = 3, THREADS = 2 };

static struct budget budget;
static ARRAY(struct bytes) traces;
static uint64_t running;
static byte_array bytes;
static unsigned failures;

/* ---- what went wrong, and with what */

static void leave_behind(void)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "damaged-%" PRIu64 ".trace", running);
	file = fopen(path, "wb");
	if (file == NULL)
		return;
	fwrite(bytes.items, 1, bytes.count, file);
	fclose(file);
}

static void die(int number)
{
	leave_behind(); /* as good as it goes: this is the end of a test */
	printf("# signal %d: seed %" PRIu64 "\n", number, running);
	fflush(stdout);
	signal(number, SIG_DFL);
	raise(number);
}

static bool must(bool good, const char *what)
{
	if (good)
		return true;
	if (failures++ < FAILURES_MAX) {
		printf("# broken promise, seed %" PRIu64 ": %s\n", running, what);
		leave_behind();
	}
	return false;
}

/* ---- all there is to be seen of a trace, as a number */

static uint64_t add_bytes(uint64_t digest, const void *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		digest = (digest ^ ((const uint8_t *)data)[i]) * UINT64_C(0x100000001b3);
	return digest;
}

static uint64_t add_table(uint64_t digest, const struct table *table)
{
	for (size_t i = 0; i < table->values.count; i++) {
		const struct value *value = &table->values.items[i];

		digest = add_bytes(digest, value->text.data, value->text.len);
		digest = add_bytes(digest, &value->number, sizeof(value->number));
	}
	return digest;
}

static uint64_t add_answers(uint64_t digest, const struct model *model)
{
	for (size_t i = 0; i < analyses_count; i++) {
		struct question question = { 0 };
		struct error err = { 0 };
		struct table table;

		table_init(&table, model->budget);
		analyses[i].fn(&table, model, &question, &err);
		digest = add_table(digest, &table);
		table_free(&table);
	}
	return digest;
}

static bool take(void *context, struct bytes text)
{
	uint64_t *digest = context;

	*digest = add_bytes(*digest, text.data, text.len);
	return true;
}

static uint64_t add_events(uint64_t digest, const struct index *index, const struct source *source)
{
	static struct text_out out;
	struct error err = { 0 };
	struct order order;
	struct event event;

	if (!version_is_v2(index->version))
		return digest;
	out = (struct text_out){ .take = take, .context = &digest };
	order_init(&order, index->budget, index, source, false);
	while (order_next(&order, &event, &err))
		events_text(&out, &event);
	order_free(&order);
	text_flush(&out);
	return digest;
}

static uint64_t add_picture(uint64_t digest, struct interface *interface, int cols, int rows)
{
	struct cells cells = { .budget = interface->session->budget };
	text_array text = { .budget = interface->session->budget };

	cells_resize(&cells, cols, rows);
	script_settle(interface, cols, rows);
	interface_draw(interface, &cells);
	for (int row = 0; row < cells.rows; row++)
		cells_dump_row(&cells, row, false, &text);
	digest = add_bytes(digest, text.items, text.count);
	array_free(&text);
	cells_free(&cells);
	return digest;
}

static uint64_t add_pictures(uint64_t digest, struct session *session, uint64_t choice)
{
	static const char *const keys[] = {
		"<Tab>fw", "<Tab><CR><C-d>", "}{",       "!",  "@f", "jj<Left><Left>",
		"0s",      "K<End>d.",       "wwwwwwww", "aa", "V",  "ssssd<Tab>f}}}",
	};
	static struct interface interface;
	struct error err = { 0 };

	if (!must(interface_open(&interface, session, "file", NULL, &err), "the interface opens"))
		return digest;
	digest = add_picture(digest, &interface, 80, 24);
	choice %= sizeof(keys) / sizeof(keys[0]);
	must(script_press(&interface, keys[choice], &err), "keys are known");
	digest = add_picture(digest, &interface, 60 + (int)choice * 8, 12 + (int)choice * 3);
	interface_close(&interface);
	return digest;
}

/* ---- a case */

static const char *broken_as_stream(uint64_t *digest)
{
	static struct loaded loaded;
	struct error err = { 0 };
	const char *broken = NULL;

	*digest = 0;
	if (load_bytes(&loaded, (struct bytes){ bytes.items, bytes.count }, &err)) {
		broken = promise_broken(&loaded.model);
		*digest = add_answers(1, &loaded.model);
		load_free(&loaded);
	}
	if (broken == NULL && atomic_load(&loaded.budget.used) != 0)
		broken = "memory comes back";
	return broken;
}

static const char *broken_as_file(const char *path, int jobs, uint64_t *digest, uint64_t *shown)
{
	static struct session session;
	static struct budget own;
	struct error err = { 0 };
	const char *broken = NULL;

	*digest = *shown = 0;
	if (session_open(&session, &own, path, jobs, &err)) {
		session_finish(&session);
		broken = promise_broken(&session.model);
		*digest = add_answers(1, &session.model);
		*shown = add_events(2, &session.index, &session.input.source);
		*shown = add_pictures(*shown, &session, running);
	}
	session_close(&session);
	if (broken == NULL && atomic_load(&own.used) != 0)
		broken = "memory of a session comes back";
	return broken;
}

static bool try(void)
{
	uint64_t stream, alone, together, shown_alone, shown_together;
	int fd = memfd_create("trace", MFD_CLOEXEC);
	const char *broken = broken_as_stream(&stream);
	char path[64];

	if (fd < 0 || write(fd, bytes.items, bytes.count) != (ssize_t)bytes.count)
		return must(false, "a file is made");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (broken == NULL)
		broken = broken_as_file(path, 0, &alone, &shown_alone);
	if (broken == NULL)
		broken = broken_as_file(path, THREADS, &together, &shown_together);
	close(fd);
	return must(broken == NULL, broken) &&
	       must(stream == alone, "a file is what a stream is") &&
	       must(alone == together, "threads change no answer") &&
	       must(shown_alone == shown_together, "threads change no picture");
}

static bool try_seed(uint64_t seed)
{
	struct harm harm = { .seed = seed * UINT64_C(0x9e3779b97f4a7c15) | 1 };
	const struct bytes *trace;

	for (int i = 0; i < 8; i++)
		harm_draw(&harm, 2);
	trace = &traces.items[harm_draw(&harm, traces.count)];
	array_resize(&bytes, trace->len);
	memcpy(bytes.items, trace->data, trace->len);
	harm_do(&harm, &bytes);
	running = seed;
	alarm(CASE_SECONDS);
	return try();
}

/* ---- which traces */

static void add_trace(struct arena *arena, const char *path)
{
	byte_array out = { .budget = &budget };
	struct error err = { 0 };
	struct bytes text;

	if (!file_read(arena, path, &text) || !trace_text_section(text, "trace", &text) ||
	    !trace_text_assemble(text, &out, &err)) {
		array_free(&out);
		return;
	}
	*array_push(&traces) = arena_copy(arena, (struct bytes){ out.items, out.count });
	array_free(&out);
}

static int is_test(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot != NULL && strcmp(dot, ".test") == 0;
}

static void add_traces(struct arena *arena)
{
	const char *source = getenv("srcdir");
	char directory[PATH_MAX - 512], path[PATH_MAX];
	struct dirent **entries = NULL;
	int count;

	snprintf(directory, sizeof(directory), "%s/tests/traces", source != NULL ? source : ".");
	count = scandir(directory, &entries, is_test, alphasort);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
		add_trace(arena, path);
		free(entries[i]);
	}
	free(entries);
}

/* ---- */

static void some_from(uint64_t seed, int seconds, const char *name)
{
	time_t until = time(NULL) + seconds;
	uint64_t cases = 0;

	failures = 0;
	while (seconds == 0 ? cases < CASES : time(NULL) < until) {
		try_seed(seed + cases++);
		if (failures >= FAILURES_MAX && seconds == 0)
			break;
	}
	printf("# %" PRIu64 " cases from seed %" PRIu64 ", %u failed\n", cases, seed, failures);
	ok(failures == 0, "%s", name);
}

int main(int argc, char **argv)
{
	static const int signals[] = { SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL, SIGSEGV };
	struct arena arena = { .budget = &budget };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], die);
	traces.budget = bytes.budget = &budget;
	add_traces(&arena);
	if (!ok(traces.count > 0, "there are traces"))
		return tap_done();
	if (argc > 1) {
		some_from(argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL) * 1000000,
		          atoi(argv[1]), "damaged traces keep the promises");
	} else {
		some_from(1, 0, "damaged traces of a fixed seed keep the promises");
		some_from((uint64_t)time(NULL) * 1000000, 0, "and those of a new one");
	}
	alarm(0);
	array_free(&bytes);
	array_free(&traces);
	arena_free(&arena);
	is_u64(atomic_load(&budget.used), 0, "memory of the test comes back");
	return tap_done();
}
