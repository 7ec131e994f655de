/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/script.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tests/harm.h"
#include "tests/load.h"
#include "tests/promises.h"
#include "tests/seen_session.h"
#include "tests/tap.h"
#include "tests/text_traces.h"

/* Small traces, damaged at random: whatever is left of them, nothing crashes or hangs, the promises
 * of tests/promises.h hold, and without threads and with some the same comes out.
 *
 *	damaged                  some from a fixed seed, some from a new one
 *	damaged SECONDS [SEED]   as many as fit; CASES of them if SECONDS is 0
 *
 * What breaks a promise is left behind as damaged-SEED.trace. */
enum { CASES = 1500 / TAP_SLOWER, CASE_SECONDS = 20, FAILURES_MAX = 3, THREADS = 2 };

static struct budget budget;
static text_traces traces;
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

/* ---- pictures, as a number */

static uint64_t add_picture(uint64_t digest, struct interface *interface, int cols, int rows)
{
	struct cells cells = { .budget = interface->session->budget };
	text_array text = { .budget = interface->session->budget };

	cells_resize(&cells, cols, rows);
	script_settle(interface, cols, rows);
	interface_draw(interface, &cells);
	for (int row = 0; row < cells.rows; row++)
		cells_dump_row(&cells, row, false, &text);
	digest = seen_bytes(digest, text.items, text.count);
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
		*digest = seen_answers(&loaded.model);
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
		*digest = seen_session_answers(&session);
		*shown = seen_events(&session.index, &session.input.source, false);
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
	struct bytes trace;

	for (int i = 0; i < 8; i++)
		harm_draw(&harm, 2);
	trace = traces.items[harm_draw(&harm, traces.count)].bytes;
	array_resize(&bytes, trace.len);
	memcpy(bytes.items, trace.data, trace.len);
	harm_do(&harm, &bytes);
	running = seed;
	alarm(CASE_SECONDS);
	return try();
}

/* ---- */

static void some_from(uint64_t seed, int seconds, const char *name)
{
	time_t until = time(NULL) + seconds;
	uint64_t cases = 0, most = (uint64_t)tap_times(CASES);

	failures = 0;
	while (seconds == 0 ? cases < most : time(NULL) < until) {
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
	if (!ok(text_traces_read(&traces, &arena), "there are traces"))
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
