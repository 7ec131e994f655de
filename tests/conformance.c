/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/events_of.h"
#include "tests/expected.h"
#include "tests/go_root.h"
#include "tests/tap.h"
#include "tests/trace_text.h"

/* What Go's reader accepts, what it refuses and what it hands out: tests/verdicts/FACT.test has a
 * trace in Go's text form, its verdict and the text of its events, both as Go gave them
 * (tests/verdicts/ask_go.sh) unless the verdict goes on with a comma: "ours", because Go is wrong,
 * or "but damaged", as strict alone follows Go. Where Go is installed, its own cases are read from
 * there, too. Strict has to agree; otherwise nothing is refused, what strict accepts is the same,
 * and time goes on. */

static struct budget budget;

static size_t line_len(struct bytes text)
{
	const uint8_t *end = text.len > 0 ? memchr(text.data, '\n', text.len) : NULL;

	return end != NULL ? (size_t)(end - text.data) + 1 : text.len;
}

static struct bytes rest_of(struct bytes text)
{
	size_t len = line_len(text);

	return (struct bytes){ text.data + len, text.len - len };
}

static void is_same_text(struct bytes got, struct bytes want, const char *name)
{
	bool same = bytes_equal(got, want);

	while (!same && line_len(got) == line_len(want) &&
	       memcmp(got.data, want.data, line_len(got)) == 0) {
		got = rest_of(got);
		want = rest_of(want);
	}
	if (!same)
		printf("# got  %.*s\n# want %.*s\n", (int)line_len(got), (const char *)got.data,
		       (int)line_len(want), (const char *)want.data);
	ok(same, "%s: its events", name);
}

static size_t count_lines(struct bytes text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.data[i] == '\n';
	return count;
}

/* The text without its last line. */
static struct bytes but_last(struct bytes text)
{
	if (text.len > 0)
		text.len--;
	while (text.len > 0 && text.data[text.len - 1] != '\n')
		text.len--;
	return text;
}

static size_t count_syncs(struct bytes text)
{
	static const char sync[] = "M=-1 P=-1 G=-1 Sync";
	size_t count = 0;

	for (; text.len > 0; text = rest_of(text))
		count += bytes_begin_with(text, sync);
	return count;
}

/* From 1.26 on the end of a generation is seen: cut anywhere, all before the one that is cut is
 * told, and a Sync. */
static void judge_cuts(struct bytes trace, const char *name, struct bytes told)
{
	byte_array text = { .budget = &budget };
	size_t before = 0;
	bool good = true;

	for (size_t len = 16; len < trace.len; len++) {
		struct bytes whole;

		events_of(&budget, (struct bytes){ trace.data, len }, true, &text);
		whole = but_last((struct bytes){ text.items, text.count });
		good = good && text.count > 0 && whole.len >= before && whole.len <= told.len &&
		       (whole.len == 0 || memcmp(whole.data, told.data, whole.len) == 0);
		before = whole.len;
	}
	ok(good && (before > 0 || count_syncs(told) < 3),
	   "%s: cut anywhere, the generations before are told", name);
	array_free(&text);
}

static void judge_trace(struct bytes trace, const char *name, struct bytes expect,
                        const struct bytes *events)
{
	byte_array strict = { .budget = &budget }, lenient = { .budget = &budget };
	bool wanted = bytes_begin_with(expect, "SUCCESS");
	bool is_whole = wanted && !bytes_begin_with(expect, "SUCCESS, but damaged"), good;
	struct bytes told, all;

	ok(events_of(&budget, trace, true, &strict) == wanted, "%s: %s", name,
	   wanted ? "accepted" : "refused");
	told = (struct bytes){ strict.items, strict.count };
	if (events != NULL)
		is_same_text(told, *events, name);
	good = events_of(&budget, trace, false, &lenient);
	all = (struct bytes){ lenient.items, lenient.count };
	ok(good && (is_whole ? bytes_equal(all, told) : count_lines(all) >= count_lines(told)),
	   "%s: nothing is refused or left out unless asked for", name);
	if (wanted && bytes_begin_with(trace, "go 1.26"))
		judge_cuts(trace, name, told);
	array_free(&strict);
	array_free(&lenient);
}

static void judge(const char *directory, const char *name)
{
	struct arena arena = { .budget = &budget };
	byte_array trace = { .budget = &budget };
	struct bytes archive, text, expect, events;
	struct error err = { 0 };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (!file_read(&arena, path, &archive) || !trace_text_section(archive, "trace", &text) ||
	    !trace_text_section(archive, "expect", &expect) ||
	    !trace_text_assemble(text, &trace, &err)) {
		ok(false, "%s: %s", name, err.message);
	} else {
		bool has_events = trace_text_section(archive, "events", &events);

		judge_trace((struct bytes){ trace.items, trace.count }, name, expect,
		            has_events ? &events : NULL);
	}
	array_free(&trace);
	arena_free(&arena);
}

static int judge_all(const char *directory)
{
	struct dirent **entries = NULL;
	int count = scandir(directory, &entries, NULL, alphasort), judged = 0;

	for (int i = 0; i < count; i++) {
		const char *end = strrchr(entries[i]->d_name, '.');

		if (end != NULL && strcmp(end, ".test") == 0) {
			judge(directory, entries[i]->d_name);
			judged++;
		}
		free(entries[i]);
	}
	free(entries);
	return judged;
}

int main(void)
{
	const char *top = getenv("srcdir");
	char go[PATH_MAX - 32], directory[PATH_MAX];

	snprintf(directory, sizeof(directory), "%s/tests/verdicts", top != NULL ? top : ".");
	ok(judge_all(directory) > 0, "there are cases of ours");
	if (go_root_find(go, sizeof(go)))
		snprintf(directory, sizeof(directory), "%s/testdata/tests", go);
	else
		directory[0] = '\0';
	if (judge_all(directory) == 0)
		skip("Go's own cases", "Go is not installed here");
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
