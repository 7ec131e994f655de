/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/answer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/load_run.h"
#include "tests/expected.h"
#include "tests/tap.h"

/* What the command line answers with little memory. */

static char path[64];
static struct budget room;

static bool make(const struct load_options *shape)
{
	struct load_result made;
	FILE *file;
	bool good;
	int fd;

	snprintf(path, sizeof(path), "gander-large-XXXXXX");
	fd = mkstemp(path);
	file = fd < 0 ? NULL : fdopen(fd, "wb");
	good = file != NULL && load_run(shape, file, &made);
	good = file != NULL && fclose(file) == 0 && good;
	return ok(good, "a trace of %" PRIu64 " bytes in %" PRIu64 " generations", made.bytes,
	          made.generations);
}

static bool is_file(const char *name)
{
	return strcmp(name, path) == 0;
}

/* What a command of one word prints, and its status. */
static int run(const char *command, size_t limit, struct arena *arena, struct bytes *text)
{
	struct budget budget = { .limit = limit, .is_asked = limit != 0 };
	struct surroundings around = { false, false, is_file };
	char name[] = "gander-answer-XXXXXX", word[32], output[64];
	char *argv[] = { word, word, output, path, NULL };
	struct error err = { 0 };
	struct options options;
	int fd = mkstemp(name), status;

	*text = (struct bytes){ NULL, 0 };
	close(fd);
	unlink(name);
	snprintf(word, sizeof(word), "%s", command);
	snprintf(output, sizeof(output), "--output=%s", name);
	if (!options_parse(&options, 4, argv, &around, &err))
		return -1;
	options.jobs = 0;
	status = answer_run(&options, &budget, options.traces, options.trace_count);
	if (!file_read(arena, name, text))
		*text = (struct bytes){ NULL, 0 };
	unlink(name);
	return status;
}

static bool has_line(struct bytes text, const char *begin)
{
	for (size_t i = 0; i < text.len; i++)
		if ((i == 0 || text.data[i - 1] == '\n') &&
		    bytes_begin_with((struct bytes){ text.data + i, text.len - i }, begin))
			return true;
	return false;
}

/* With memory for loading alone the screen for a chat has what that knows. */
static void triage_of_what_is_known(void)
{
	enum { MIB = 1 << 20, MOST = 64 };
	struct arena arena = { .budget = &room };
	struct bytes text = { NULL, 0 };
	int status = -1;

	for (size_t limit = 4; limit < MOST && status != 0; limit++) {
		status = run("triage", limit * MIB, &arena, &text);
		if (has_line(text, "GC: "))
			break;
	}
	is_i64(status, 5, "with memory for loading alone the status is 5");
	ok(has_line(text, "GC: ") && has_line(text, "stops of the world: "), "what needs none is there");
	ok(has_line(text, "memory was too short"), "and that the rest is missing");
	arena_free(&arena);
}

/* From the least memory that does for loading on: whatever is answered is what much memory answers,
 * to the byte; and with twice as much there is an answer. */
static void answers_are_the_same(size_t least)
{
	static const char *const commands[] = { "findings", "regions", "region",
		                                "tasks",    "sched",   "goroutines" };
	struct arena arena = { .budget = &room };
	struct bytes want, got;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		int status = run(commands[i], 0, &arena, &want), answered = 0, same = 0;

		ok(status == 0 && want.len > 0, "%s with much memory", commands[i]);
		for (size_t limit = least; limit <= 2 * least; limit += least / 3) {
			status = run(commands[i], limit, &arena, &got);
			answered += status == 0;
			same += status == 0 && bytes_equal(got, want);
		}
		ok(answered > 0 && same == answered, "the same with little, %d times", answered);
	}
	arena_free(&arena);
}

static size_t least_for_loading(void)
{
	struct arena arena = { .budget = &room };
	struct bytes text;
	size_t limit = 1 << 20;

	while (limit < (size_t)1 << 28 && run("summary", limit, &arena, &text) != 0)
		limit += limit / 8;
	arena_free(&arena);
	return limit;
}

int main(void)
{
	static const struct load_options few = { .procs = 8,
		                                 .goroutines = 500,
		                                 .seed = 7,
		                                 .bytes = 2000000,
		                                 .generation_ns = 30000000,
		                                 .version = 26 };
	static const struct load_options one = { .procs = 4,
		                                 .goroutines = 1000,
		                                 .seed = 1,
		                                 .bytes = 3000000,
		                                 .generation_ns = 1000000000,
		                                 .version = 26 };

	if (make(&one))
		triage_of_what_is_known();
	unlink(path);
	if (make(&few))
		answers_are_the_same(least_for_loading());
	unlink(path);
	return tap_done();
}
