/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Test Anything Protocol: one line a check; tap_done() is what main returns. A line is out when it
 * is said: a process that is forked must not say it once more, and gcc's thread sanitizer makes
 * _exit write what stdio holds. */
static int tap_count, tap_failures;

/* A thread sanitizer makes all a hundred times slower: tests that repeat something with threads
 * repeat it less often then. */
#ifdef __SANITIZE_THREAD__
enum { TAP_SLOWER = 10 };
#else
enum { TAP_SLOWER = 1 };
#endif

/* A test that repeats something does all of it, or, where GANDER_TESTS_PART says so, one of so many
 * parts: for runs beside one that does all (.ci/run). */
__attribute__((unused)) static int tap_parts(void)
{
	const char *parts = getenv("GANDER_TESTS_PART");

	return parts == NULL || atoi(parts) < 1 ? 1 : atoi(parts);
}

__attribute__((unused)) static int tap_times(int times)
{
	return times < tap_parts() ? 1 : times / tap_parts();
}

__attribute__((unused, format(printf, 2, 3))) static bool ok(bool good, const char *format, ...)
{
	va_list args;

	printf("%sok %d - ", good ? "" : "not ", ++tap_count);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	tap_failures += !good;
	return good;
}

__attribute__((unused)) static bool is_u64(uint64_t got, uint64_t want, const char *what)
{
	if (got != want)
		printf("# %s: got %" PRIu64 ", want %" PRIu64 "\n", what, got, want);
	return ok(got == want, "%s", what);
}

__attribute__((unused)) static bool is_i64(int64_t got, int64_t want, const char *what)
{
	if (got != want)
		printf("# %s: got %" PRId64 ", want %" PRId64 "\n", what, got, want);
	return ok(got == want, "%s", what);
}

__attribute__((unused)) static bool is_text(const char *got, const char *want, const char *what)
{
	bool same = strcmp(got, want) == 0;

	if (!same)
		printf("# %s:\n#   got  \"%s\"\n#   want \"%s\"\n", what, got, want);
	return ok(same, "%s", what);
}

__attribute__((unused)) static void skip(const char *what, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_count, what, why);
	fflush(stdout);
}

__attribute__((unused)) static int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures != 0;
}

#endif
