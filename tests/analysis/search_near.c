/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/search.h"

#include "core/model/loader_at.h"
#include "core/model/user.h"

#include "tests/bench/load_run.h"
#include "tests/load.h"
#include "tests/tap.h"

#include <inttypes.h>
#include <stdio.h>

/* First hits by close-ups, of a generated trace that has no histories, against the first ones that
 * its histories tell. */

static struct budget budget;
static struct loaded loaded;
static struct search search;

enum { PLACES = 12, SPANS = 1 << 18 };
static struct span spans[SPANS];
static const struct said_place *said; /* of the last one that was found */

static const char *const expressions[] = { "\\.Run$", "^select$", "waiting", "Write$|Poll$",
	                                   "^chan (send|receive)$" };

enum { EXPRESSIONS = sizeof(expressions) / sizeof(expressions[0]) };

static bool generate(void)
{
	struct load_options options = {
		.procs = 8,
		.goroutines = 300,
		.bytes = 4 << 20,
		.seed = 1,
		.generation_ns = 400000000,
		.version = 26,
	};
	struct load_result result;
	struct error err = { 0 };
	ARRAY(uint8_t) bytes = { .budget = &budget };
	FILE *file = tmpfile();
	bool good;
	int byte;

	if (file == NULL || !load_run(&options, file, &result))
		return false;
	rewind(file);
	while ((byte = getc(file)) != EOF)
		*array_push(&bytes) = (uint8_t)byte;
	fclose(file);
	good = load_bytes_by(&loaded, (struct bytes){ bytes.items, bytes.count }, SIZE_MAX / 2,
	                     NULL, &err);
	array_free(&bytes); /* the source has its own */
	return good;
}

static bool is_hit(const struct span *span)
{
	return search_accepts(&search, &loaded.model, span) ||
	       search_has_word(&search.match, SEARCH_WAITING) ||
	       search_has_text(&search.match, &loaded.model,
	                       model_wait_reason(&loaded.model, span));
}

/* The first run behind a time that is one, or before one. */
static int64_t first_by_histories(int64_t from_ns)
{
	int64_t first = TIME_UNKNOWN;

	for (uint32_t p = 0; p < loaded.model.procs.count; p++) {
		size_t count = model_spans(&loaded.model, lane_of_proc(p, false), from_ns,
		                           INT64_MAX, spans, SPANS);

		for (size_t i = 0; i < count; i++) {
			if (first != TIME_UNKNOWN && spans[i].begin_ns >= first)
				break;
			if (spans[i].begin_ns > from_ns && is_hit(&spans[i]))
				first = spans[i].begin_ns;
		}
	}
	return first;
}

/* The first log behind a time; all have the same text. */
static int64_t first_log(int64_t from_ns)
{
	const struct user_of all = { INDEX_NONE, INDEX_NONE };
	struct user_log log;

	return user_logs(&loaded.model, all, from_ns + 1, INT64_MAX, &log, 1) == 1 ? log.time_ns
	                                                                            : TIME_UNKNOWN;
}

static void begin(const char *text)
{
	struct error err = { 0 };

	search_begin(&search, bytes_of(text), 0, &err);
	while (search_step_names(&search, &loaded.model))
		;
}

/* What the program does: it asks, a close-up is made, it asks again. */
static enum search_found find(int64_t from_ns, struct span *hit, bool *is_start)
{
	struct span from = { .begin_ns = from_ns };
	struct search_window window;
	enum search_found found;
	int asked = 0;

	said = NULL;
	while ((found = search_find_near(&search, &loaded.model, &loaded.loader, &from, hit,
	                                 &window, &said)) == SEARCH_WAIT &&
	       asked < 3) {
		asked++;
		loader_want_near(&loaded.loader, window.begin_ns, window.end_ns);
		while (loader_step_near(&loaded.loader))
			;
	}
	*is_start = window.end_ns == window.begin_ns + 1;
	return found;
}

static void drop_histories(void)
{
	loader_want(&loaded.loader, -2, -1, 0);
	loader_drop_unused(&loaded.loader);
	loaded.loader.history_limit = 0;
}

static void logs_are_found(const int64_t *want, int64_t step)
{
	uint64_t found = 0, wrong = 0, away = 0;

	begin("half f");
	for (int i = 0; i < PLACES; i++) {
		struct span hit;
		bool is_start;

		if (find(i * step, &hit, &is_start) != SEARCH_FOUND || said == NULL)
			continue;
		found++;
		wrong += said->ns != want[i] || said->is_region ||
		         !bytes_equal(strings_text(&loaded.model.strings, said->text),
		                      bytes_of("queue is half full"));
		away += said->ns < hit.begin_ns || said->ns > hit.end_ns;
	}
	ok(found > PLACES / 2 && wrong == 0 && away == 0,
	   "the next log is found by its batches: %d, %d wrong, %d by others", (int)found,
	   (int)wrong, (int)away);
}

int main(void)
{
	int64_t want[EXPRESSIONS][PLACES], logs[PLACES], step;
	uint64_t found = 0, starts = 0, wrong = 0;

	if (!ok(generate(), "a trace is generated"))
		return tap_done();
	search_init(&search, &loaded.budget);
	step = loaded.model.end_ns / PLACES;
	for (int e = 0; e < EXPRESSIONS; e++) {
		begin(expressions[e]);
		for (int i = 0; i < PLACES; i++)
			want[e][i] = first_by_histories(i * step);
	}
	for (int i = 0; i < PLACES; i++)
		logs[i] = first_log(i * step);
	drop_histories();
	ok(!model_has_history(&loaded.model, 0), "it has no histories");
	for (int e = 0; e < EXPRESSIONS; e++) {
		begin(expressions[e]);
		for (int i = 0; i < PLACES; i++) {
			struct span hit;
			bool is_start;

			if (find(i * step, &hit, &is_start) != SEARCH_FOUND || said != NULL)
				continue; /* or a region is nearer */
			found++;
			starts += is_start;
			if (hit.begin_ns < want[e][i] ||
			    (!is_start && hit.begin_ns != want[e][i])) {
				printf("# %s from %" PRId64 ": %" PRId64 ", not %" PRId64 "\n",
				       expressions[e], i * step, hit.begin_ns, want[e][i]);
				wrong++;
			}
		}
	}
	printf("# %" PRIu64 " hits, %" PRIu64 " of them where a goroutine begins\n", found, starts);
	ok(found > PLACES, "hits are found");
	is_u64(wrong, 0, "they are the first ones");
	logs_are_found(logs, step);
	search_free(&search);
	load_free(&loaded);
	return tap_done();
}
