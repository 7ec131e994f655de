/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_order.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/shared.h"
#include "tests/tap.h"

/* The order, the times and the goroutines of every v1 trace in the shared directory are those of
 * Go's classic tools (../shared/traces/NAME/expect/classic-d.txt.gz), for 1.5 to 1.10 the only
 * ones that read them. Lines are "TIME KIND p=P g=G off=OFFSET ...". Events of one time on several
 * Ps have no order of their own there, so that these may be swapped. */

static struct budget budget;

struct line {
	int64_t time_ns;
	char kind[32];
	int64_t p;
	uint64_t g, offset;
};

typedef ARRAY(struct line) line_array;

static bool parse_line(const char *text, struct line *line)
{
	return sscanf(text, "%" SCNd64 " %31s p=%" SCNd64 " g=%" SCNu64 " off=%" SCNu64,
	              &line->time_ns, line->kind, &line->p, &line->g, &line->offset) == 5;
}

/* What the classic tools call a kind of ours. */
static const char *kind_of(uint8_t type, unsigned minor)
{
	switch (type) {
	case V1_STW_START:
		return minor < 21 ? "GCSTWStart" : "STWStart";
	case V1_STW_DONE:
		return minor < 21 ? "GCSTWDone" : "STWDone";
	case V1_HEAP_GOAL:
		return minor < 19 ? "NextGC" : "HeapGoal";
	default:
		return v1_spec(type)->name;
	}
}

static void read_expected(const char *path, line_array *lines)
{
	char command[PATH_MAX + 32], text[4096];
	struct line line;
	FILE *pipe;

	snprintf(command, sizeof(command), "gzip -dc '%s'", path);
	pipe = popen(command, "r");
	while (pipe != NULL && fgets(text, sizeof(text), pipe) != NULL)
		if (parse_line(text, &line))
			*array_push(lines) = line;
	if (pipe != NULL)
		pclose(pipe);
}

static bool is_of_gc(uint8_t type)
{
	return type == V1_GC_START || type == V1_GC_DONE || type == V1_STW_START ||
	       type == V1_STW_DONE;
}

static struct line line_of(const struct v1_event *event, unsigned minor)
{
	static const int64_t made_up[] = { 0, 1000001, 1000002, 1000003, 1000004 };
	struct line line = {
		.time_ns = event->time_ns,
		.p = event->made_up != V1_REAL_P ? made_up[event->made_up] : event->raw.p,
		.g = is_of_gc(event->raw.type) ? 0 : event->raw.g, /* the classic tools drop it */
		.offset = event->raw.offset,
	};

	snprintf(line.kind, sizeof(line.kind), "%s", kind_of(event->raw.type, minor));
	return line;
}

static void read_ours(const char *path, line_array *lines, unsigned minor, struct error *verdict)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct source source;
	struct v1_file file;
	struct v1_order order;
	struct v1_event event;

	if (fd < 0 || fstat(fd, &status) != 0)
		return;
	source_open_file(&source, &budget, fd, (uint64_t)status.st_size);
	v1_file_init(&file, &budget, &source, minor);
	while (v1_file_step(&file, 1000))
		;
	v1_order_init(&order, &budget, &file);
	while (v1_order_step(&order, 100))
		;
	while (v1_order_next(&order, &event))
		*array_push(lines) = line_of(&event, minor);
	*verdict = order.verdict;
	v1_order_free(&order);
	v1_file_free(&file);
	source_close(&source);
}

static int line_order(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

static bool is_line(const struct line *got, const struct line *want)
{
	bool same = got->time_ns == want->time_ns && strcmp(got->kind, want->kind) == 0 &&
	            got->g == want->g && got->p == want->p;

	if (!same)
		printf("# got  %" PRId64 " %s p=%" PRId64 " g=%" PRIu64 " off=%" PRIu64
		       "\n# want %" PRId64 " %s p=%" PRId64 " g=%" PRIu64 " off=%" PRIu64 "\n",
		       got->time_ns, got->kind, got->p, got->g, got->offset, want->time_ns,
		       want->kind, want->p, want->g, want->offset);
	return same;
}

static void compare(const char *directory, const char *trace, unsigned minor)
{
	line_array want = { .budget = &budget }, got = { .budget = &budget };
	struct error verdict = { 0 };
	char path[PATH_MAX];
	size_t wrong = 0;

	snprintf(path, sizeof(path), "%s/%s/expect/classic-d.txt.gz", directory, trace);
	read_expected(path, &want);
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, trace);
	read_ours(path, &got, minor, &verdict);
	is_text(verdict.message, "", "Go takes it");
	if (want.count > 0)
		qsort(want.items, want.count, sizeof(struct line), line_order);
	if (got.count > 0)
		qsort(got.items, got.count, sizeof(struct line), line_order);
	is_u64(got.count, want.count, trace);
	for (size_t i = 0; i < got.count && i < want.count && wrong < 5; i++)
		wrong += !is_line(&got.items[i], &want.items[i]);
	ok(got.count > 0 && wrong == 0, "%s: times, kinds, Ps and goroutines", trace);
	array_free(&want);
	array_free(&got);
}

static void visit(const char *directory, const char *trace, struct version version)
{
	if (!version_is_v2(version))
		compare(directory, trace, version.minor);
}

int main(void)
{
	shared_each("classic lists", visit);
	return tap_done();
}
