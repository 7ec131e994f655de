/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/made.h"
#include "tests/load.h"
#include "tests/near.h"
#include "tests/promises.h"
#include "tests/same/story.h"

/* The model of a trace that a small scheduler makes out of the bytes (made.h). What has to hold:
 * all events are in it; the promises of tests/promises.h; and if the trace is as Go writes it, with
 * one clock, the model tells the same story as the events in order. Close-ups of it are as the
 * whole is (tests/near.h). */

enum { SCRIPT = 600, WINDOWS = 8 }; /* so that it is quick */

static struct budget own;

static void compare(const struct loaded *loaded)
{
	struct strings strings;
	struct story told, read;
	struct error err = { 0 };

	strings_init(&strings, &own);
	story_init(&told, &own, &strings);
	story_init(&read, &own, &strings);
	must(story_tell(&told, loaded, &err), "a trace as Go writes it is in order");
	story_read(&read, loaded);
	must(story_compare(&told, &read) == 0, "both readers tell the same");
	story_free(&told);
	story_free(&read);
	strings_free(&strings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct loaded loaded;
	byte_array bytes = { .budget = &own };
	struct made made =
		made_trace((struct bytes){ data, size < SCRIPT ? size : SCRIPT }, false, &bytes);
	struct error err = { 0 };
	struct near_count count = { 0 };
	const char *broken;

	must(load_bytes(&loaded, (struct bytes){ bytes.items, bytes.count }, &err),
	     "a header opens");
	must(!made.is_honest || loaded.model.events == made.times_ns.count, "all events are there");
	broken = promise_broken(&loaded.model);
	must(broken == NULL, broken);
	broken = near_broken(&loaded, size, WINDOWS, &count);
	must(broken == NULL, broken);
	if (made.is_honest && made.is_exact)
		compare(&loaded);
	load_free(&loaded);
	made_free(&made);
	array_free(&bytes);
	must(atomic_load(&loaded.budget.used) == 0 && atomic_load(&own.used) == 0,
	     "memory comes back");
	return 0;
}
