/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/session.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/seen.h"
#include "tests/tap.h"
#include "tests/text_traces.h"

/* What the system does to who reads (reliability.md 13.7): little at a time, interruptions, errors
 * and an early end at each call, sizes that are not true, bytes that change. The linker puts the
 * functions below in place of the system's (--wrap). Small traces, as files and through pipes: what
 * only delays changes nothing; what takes bytes away is told, and what was read before stays. */
enum { SMALL = 4096 };

static struct faults {
	size_t most;        /* bytes a call; 0: as many as wanted */
	int interruption;   /* two of three calls fail with it; 0: none */
	int failure;        /* all calls fail with it; 0: none */
	bool ends, changes; /* all calls find the end; bytes that are not those of the last call */
	uint64_t from;      /* the first call that fails, ends or changes */
	bool lies;          /* about the size: it is said to be size */
	off_t size;
	uint64_t calls; /* so far */
} faults;

/* What happens in place of a read of *len bytes, or to it; true: it does not happen. */
static bool fault(size_t *len, ssize_t *result)
{
	uint64_t call = faults.calls++;

	errno = faults.failure;
	*result = faults.failure != 0 ? -1 : 0;
	if (call >= faults.from && (faults.failure != 0 || faults.ends))
		return true;
	errno = faults.interruption;
	*result = -1;
	if (faults.interruption != 0 && call % 3 != 0)
		return true;
	if (faults.most != 0 && *len > faults.most)
		*len = faults.most;
	return false;
}

static ssize_t change(void *buffer, ssize_t got)
{
	uint8_t *bytes = buffer;

	if (faults.changes && got > 0 && faults.calls > faults.from)
		bytes[faults.calls * 7919 % (uint64_t)got] ^= (uint8_t)(1u << faults.calls % 8);
	return got;
}

/* The linker's names. */
ssize_t __real_read(int fd, void *buffer, size_t len);
ssize_t __real_pread(int fd, void *buffer, size_t len, off_t offset);
int __real_fstat(int fd, struct stat *stat_of);
ssize_t __wrap_read(int fd, void *buffer, size_t len);
ssize_t __wrap_pread(int fd, void *buffer, size_t len, off_t offset);
ssize_t __wrap___read_chk(int fd, void *buffer, size_t len, size_t room);
ssize_t __wrap___pread_chk(int fd, void *buffer, size_t len, off_t offset, size_t room);
int __wrap_fstat(int fd, struct stat *stat_of);

ssize_t __wrap_read(int fd, void *buffer, size_t len)
{
	ssize_t result;

	return fault(&len, &result) ? result : change(buffer, __real_read(fd, buffer, len));
}

ssize_t __wrap_pread(int fd, void *buffer, size_t len, off_t offset)
{
	ssize_t result;

	return fault(&len, &result) ? result
	                            : change(buffer, __real_pread(fd, buffer, len, offset));
}

/* As glibc checks sizes that it knows. */
ssize_t __wrap___read_chk(int fd, void *buffer, size_t len, size_t room)
{
	return len <= room ? __wrap_read(fd, buffer, len) : -1;
}

ssize_t __wrap___pread_chk(int fd, void *buffer, size_t len, off_t offset, size_t room)
{
	return len <= room ? __wrap_pread(fd, buffer, len, offset) : -1;
}

int __wrap_fstat(int fd, struct stat *stat_of)
{
	int result = __real_fstat(fd, stat_of);

	if (result == 0 && faults.lies)
		stat_of->st_size = faults.size;
	return result;
}

/* ---- a trace, with what happens to it */

static struct budget budget;

struct outcome {
	bool opened, told;
	uint64_t answers, events, calls;
	char words[200]; /* of the line about what was lost, or of the refusal */
};

/* Where a pipe stands, or a file. */
static int open_trace(struct bytes trace, bool is_pipe)
{
	int ends[2];

	if (!is_pipe) {
		ends[0] = memfd_create("trace", MFD_CLOEXEC);
		return write(ends[0], trace.data, trace.len) == (ssize_t)trace.len ? ends[0] : -1;
	}
	if (pipe(ends) != 0 || write(ends[1], trace.data, trace.len) != (ssize_t)trace.len)
		return -1;
	close(ends[1]);
	return ends[0];
}

static struct outcome load(struct bytes trace, bool is_pipe, struct faults now)
{
	static struct session session;
	struct outcome outcome = { false };
	struct error err = { 0 };
	char path[64];
	int fd = open_trace(trace, is_pipe);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	faults = now;
	outcome.opened = session_open(&session, &budget, path, 0, &err);
	if (outcome.opened) {
		session_finish(&session);
		outcome.told = session_damage(&session, &session.model.damage, &err);
		outcome.answers = seen_answers(&session.model);
		outcome.events = session.model.events;
	}
	outcome.calls = faults.calls;
	faults = (struct faults){ .most = 0 };
	snprintf(outcome.words, sizeof(outcome.words), "%s", err.message);
	session_close(&session);
	close(fd);
	if (atomic_load(&budget.used) != 0)
		ok(false, "memory comes back");
	return outcome;
}

/* ---- what only delays */

static bool changes_nothing(const struct text_trace *trace, bool is_pipe, struct faults now)
{
	struct outcome calm = load(trace->bytes, is_pipe, (struct faults){ .most = 0 });
	struct outcome outcome = load(trace->bytes, is_pipe, now);
	bool good = outcome.opened == calm.opened && outcome.answers == calm.answers &&
	            outcome.told == calm.told;

	if (!good)
		printf("# %s: %s\n", trace->name, outcome.words);
	return good;
}

static void delays_change_nothing(const text_traces *traces)
{
	static const struct {
		const char *what;
		struct faults faults;
		bool pipe, file;
	} cases[] = {
		{ "a byte at a time", { .most = 1 }, true, true },
		{ "seven bytes at a time", { .most = 7 }, true, true },
		{ "interruptions", { .interruption = EINTR }, true, true },
		{ "interruptions and little at a time",
		  { .interruption = EINTR, .most = 5 },
		  true,
		  true },
		{ "nothing there yet", { .interruption = EAGAIN, .most = 100 }, true, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool good = true;

		for (size_t t = 0; t < traces->count; t++) {
			const struct text_trace *trace = &traces->items[t];

			if (trace->bytes.len > SMALL)
				continue;
			if (cases[i].pipe)
				good = changes_nothing(trace, true, cases[i].faults) && good;
			if (cases[i].file)
				good = changes_nothing(trace, false, cases[i].faults) && good;
		}
		ok(good, "%s: nothing changes", cases[i].what);
	}
}

/* ---- what takes bytes away, at each call */

/* Whether it is refused or told, with some words in it. */
static bool is_said(const struct outcome *outcome, const char *words)
{
	return (!outcome->opened || outcome->told) && strstr(outcome->words, words) != NULL;
}

static void at_each_call(const struct text_trace *trace, bool is_pipe, struct faults now,
                         const char *words, const char *what)
{
	struct outcome calm = load(trace->bytes, is_pipe, (struct faults){ .most = now.most });
	uint64_t unsaid = 0, more = 0;

	for (now.from = 0; now.from < calm.calls; now.from++) {
		struct outcome outcome = load(trace->bytes, is_pipe, now);

		if (!is_said(&outcome, words) && unsaid++ == 0)
			printf("# %s: call %" PRIu64 " of %" PRIu64 ": \"%s\"\n", trace->name,
			       now.from, calm.calls, outcome.words);
		more += outcome.events > calm.events;
	}
	ok(unsaid == 0 && more == 0, "%s of %s: %s, at each of %" PRIu64 " calls", trace->name,
	   is_pipe ? "a pipe" : "a file", what, calm.calls);
}

static void what_is_taken_away_is_told(const struct text_trace *trace)
{
	at_each_call(trace, false, (struct faults){ .failure = EIO }, strerror(EIO),
	             "a failure is told");
	at_each_call(trace, true, (struct faults){ .failure = EIO, .most = 20 }, strerror(EIO),
	             "a failure is told");
	at_each_call(trace, false, (struct faults){ .ends = true }, "", "an early end is told");
}

/* ---- what is not true */

static void sizes_that_are_not_true(const struct text_trace *trace)
{
	static const off_t sizes[] = { INT64_MIN, -1, 0, 1, 15, 16, 17, 100, 1 << 20, INT64_MAX };
	struct outcome calm = load(trace->bytes, false, (struct faults){ .most = 0 });
	bool good = true;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct faults now = { .lies = true, .size = sizes[i] };
		struct outcome outcome = load(trace->bytes, false, now);
		bool is_short = sizes[i] > 0 && (uint64_t)sizes[i] < trace->bytes.len;

		good = good && outcome.events <= calm.events;
		good = good && (is_short || outcome.answers == calm.answers ||
		                (outcome.events == calm.events && outcome.told));
	}
	ok(good, "a size of %s that is not true", trace->name);
}

static void bytes_that_change(const struct text_trace *trace)
{
	struct outcome calm = load(trace->bytes, false, (struct faults){ .most = 0 });

	for (uint64_t from = 0; from < calm.calls; from++)
		load(trace->bytes, false, (struct faults){ .changes = true, .from = from });
	ok(true, "bytes of %s change while they are read", trace->name);
}

int main(void)
{
	static struct budget own;
	struct arena arena = { .budget = &own };
	text_traces traces = { .budget = &own };

	if (!ok(text_traces_read(&traces, &arena), "there are traces"))
		return tap_done();
	delays_change_nothing(&traces);
	for (size_t i = 0; i < traces.count; i++) {
		const struct text_trace *trace = &traces.items[i];

		if (strcmp(trace->name, "go-1.26") != 0 && strcmp(trace->name, "go-1.22") != 0 &&
		    strcmp(trace->name, "v1-go-1.11") != 0)
			continue;
		what_is_taken_away_is_told(trace);
		sizes_that_are_not_true(trace);
		bytes_that_change(trace);
	}
	array_free(&traces);
	arena_free(&arena);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
