/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/triage.h"

#include "core/base/time_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { LINE = 512 };

/* It is read at a terminal, which would obey some of what a name can hold. */
static void make_harmless(char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t byte = (uint8_t)line[i];
		bool is_c1 = byte == 0xc2 && i + 1 < len && (uint8_t)line[i + 1] < 0xa0;

		if ((byte < 0x20 && byte != '\n') || byte == 0x7f || is_c1)
			line[i] = '?';
		if (is_c1)
			line[i + 1] = '?';
	}
}

__attribute__((format(printf, 2, 3))) static void put(struct text_out *out, const char *format, ...)
{
	char line[LINE];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (len < 0)
		return;
	len = (size_t)len < sizeof(line) ? len : (int)sizeof(line) - 1;
	make_harmless(line, (size_t)len);
	text_put(out, (struct bytes){ (const uint8_t *)line, (size_t)len });
}

struct time {
	char text[TIME_TEXT_MAX];
};

static struct time in(int64_t ns)
{
	struct time time;

	time_text_short(time.text, ns, false);
	return time;
}

static void put_trace(struct text_out *out, const struct model *model, const char *file)
{
	put(out, "%s: go1.%u, %s, %" PRIu64 " Ps, %" PRIu32 " goroutines, %" PRIu64 " events", file,
	    model->version.newer != 0 ? model->version.newer : model->version.minor,
	    in(model->end_ns).text,
	    model->gomaxprocs != 0 ? model->gomaxprocs : (uint64_t)model->procs.count,
	    model->roster.count, model->events);
	if (model->damage.bytes > 0)
		put(out, "; %" PRIu64 " bytes are lost", model->damage.bytes);
	put(out, "\n");
}

static void put_gc(struct text_out *out, const struct model *model)
{
	int64_t marked = 0, assisted = 0, stopped = 0, longest = 0;

	for (size_t i = 0; i < model->cycles.count; i++)
		marked += model->cycles.items[i].end_ns - model->cycles.items[i].begin_ns;
	for (size_t i = 0; i < model->assists.count; i++)
		assisted += model->assists.items[i].end_ns - model->assists.items[i].begin_ns;
	for (size_t i = 0; i < model->stops.count; i++) {
		int64_t ns = model->stops.items[i].end_ns - model->stops.items[i].begin_ns;

		stopped += ns;
		longest = ns > longest ? ns : longest;
	}
	put(out, "GC: %zu cycles, marking for %s; %zu mark assists, %s; heap at most %.1f MiB\n",
	    model->cycles.count, in(marked).text, model->assists.count, in(assisted).text,
	    (double)model->heap_max / (1 << 20));
	put(out, "stops of the world: %zu, %s in all, the longest %s\n", model->stops.count,
	    in(stopped).text, in(longest).text);
}

static void put_sched(struct text_out *out, const void *state)
{
	int64_t most_ns;
	const int64_t *ns = findings_sched_ns(state, &most_ns);

	put(out, "waits for a P: p50 %s, p90 %s, p99 %s, p99.9 %s, longest %s\n", in(ns[0]).text,
	    in(ns[1]).text, in(ns[2]).text, in(ns[3]).text, in(most_ns).text);
}

/* As a shell takes it for one word. */
static void put_word(struct text_out *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "._/-+=:@%,";

	if (word[strspn(word, plain)] == '\0') {
		put(out, "%s", word);
		return;
	}
	put(out, "'");
	for (; *word != '\0'; word++)
		put(out, *word == '\'' ? "'\\''" : "%c", *word);
	put(out, "'");
}

static void put_finding(struct text_out *out, const struct findings *findings, size_t at,
                        const char *path)
{
	const struct finding *finding = &findings->items.items[at];
	char locator[LOCATOR_TEXT_MAX];
	int64_t worth = finding_worth(findings, finding);

	put(out, "%2zu. %" PRId64 ".%" PRId64 "%% %s: %.*s\n", at + 1, worth / 10000,
	    worth / 1000 % 10, finding_names[finding->kind], (int)finding->sentence.len,
	    (const char *)finding->sentence.data);
	put(out, "    gander --at '%s' ", finding_locator(locator, findings, finding));
	put_word(out, path);
	put(out, "\n");
}

static int64_t length(const struct user_task *task)
{
	return task->end_ns - task->begin_ns;
}

static bool is_complete(const struct user_task *task)
{
	return task->begin_ns != TIME_UNKNOWN && task->end_ns != TIME_UNKNOWN;
}

/* The longest of those that are shorter than the one before, of equal ones in their order. */
static const struct user_task *next_slowest(const struct model *model,
                                            const struct user_task *before)
{
	const struct said *said = &model->said;
	const struct user_task *next = NULL;

	for (size_t i = 0; i < said->tasks.count; i++) {
		const struct user_task *task = &said->tasks.items[i];

		if (!is_complete(task) ||
		    (before != NULL && (length(task) > length(before) ||
		                        (length(task) == length(before) && task <= before))))
			continue;
		if (next == NULL || length(task) > length(next))
			next = task;
	}
	return next;
}

void triage_find_tasks(struct triage *triage)
{
	const struct model *model = triage->model;
	const struct user_task *task = next_slowest(model, NULL);

	for (; task != NULL && triage->task_count < TRIAGE_TASKS; task = next_slowest(model, task))
		triage->tasks[triage->task_count++] = task;
}

static void put_tasks(struct text_out *out, const struct triage *triage)
{
	for (size_t i = 0; i < triage->task_count; i++) {
		const struct user_task *task = triage->tasks[i];
		struct bytes name = strings_text(&triage->model->strings, task->name);

		put(out, "%s task %" PRIu64 " %.*s took %s at %s", i == 0 ? "slowest:" : "        ",
		    task->id, (int)(name.len < 100 ? name.len : 100), (const char *)name.data,
		    in(length(task)).text, in(task->begin_ns).text);
		if (triage->hung_on[i][0] != '\0')
			put(out, ": %s", triage->hung_on[i]);
		put(out, "\n");
	}
}

static void put_findings(struct text_out *out, const struct triage *triage)
{
	const struct findings *findings = triage->findings;
	size_t told = 0;

	for (size_t i = 0; i < findings->items.count && told < TRIAGE_FINDINGS; i++)
		if (findings_are_asked_for(triage->state, &findings->items.items[i])) {
			put_finding(out, findings, i, triage->path);
			told++;
		}
	if (told == 0)
		put(out, "nothing was found that hurt\n");
}

void triage_put(struct text_out *out, const struct triage *triage)
{
	put_trace(out, triage->model, triage->file);
	put_gc(out, triage->model);
	if (triage->findings != NULL)
		put_sched(out, triage->state);
	put_tasks(out, triage);
	if (triage->findings != NULL)
		put_findings(out, triage);
	else
		put(out, "memory was too short for waits and findings; --memory raises it\n");
	text_flush(out);
}
