/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/events_text.h"
#include "core/trace/v1_events.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sha256.h"
#include "tests/shared.h"
#include "tests/tap.h"

/* Order, conversion and tables of v1 traces, all at once: told as Go tells them (go tool trace
 * -d=parsed), they have the digests of ../shared/traces/NAME/expect/events.sha256. */

static struct budget budget;

/* ---- the comparison */

static bool hash(void *context, struct bytes text)
{
	sha256_add(context, text);
	return true;
}

static bool hash_events(const char *path, unsigned minor, struct sha256 *sha)
{
	static struct text_out out;
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct source source;
	struct v1_events events;
	struct event event;
	struct error err = { 0 };
	bool good;

	if (fd < 0 || fstat(fd, &status) != 0)
		return false;
	source_open_file(&source, &budget, fd, (uint64_t)status.st_size);
	out = (struct text_out){ .take = hash, .context = sha };
	good = v1_events_init(&events, &budget, &source, minor, true, &err);
	while (good && v1_events_next(&events, &event))
		events_text(&out, &event);
	text_flush(&out);
	v1_events_free(&events);
	source_close(&source);
	return good;
}

static void compare(const char *directory, const char *trace, unsigned minor)
{
	char path[PATH_MAX], want[65] = "", got[65];
	struct sha256 sha;
	FILE *file;
	bool good;

	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, trace);
	sha256_init(&sha);
	good = hash_events(path, minor, &sha);
	sha256_end(&sha, got);
	snprintf(path, sizeof(path), "%s/%s/expect/events.sha256", directory, trace);
	file = fopen(path, "r");
	good = good && file != NULL && fgets(want, sizeof(want), file) != NULL;
	if (file != NULL)
		fclose(file);
	ok(good && strcmp(want, got) == 0, "%s: the text of its events", trace);
}

static void visit(const char *directory, const char *trace, struct version version)
{
	if (version.minor >= 11 && !version_is_v2(version))
		compare(directory, trace, version.minor);
}

int main(void)
{
	shared_each("events of v1", visit);
	return tap_done();
}
