/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>

#include "tests/bench/load_run.h"
#include "tests/expected.h"
#include "tests/same/story.h"
#include "tests/shared.h"
#include "tests/draw.h"
#include "tests/tap.h"
#include "tests/trace_text.h"

/* The load path tells the same story as the ordered path: of traces in the tree, of traces in
 * GANDER_SHARED, and of a thousand made up ones. same SEED tries that one alone, and
 * same SEED FILE writes it, too; same FILE tries a file. */

/* Sanitizers take ten times as long. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SEEDS = 200 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { SEEDS = 200 };
#else
enum { SEEDS = 1000 };
#endif
#else
enum { SEEDS = 1000 };
#endif

static struct budget budget;

/* Returns what differs; the trace is refused if *err says so. */
static size_t compare(const struct loaded *loaded, struct error *err)
{
	struct strings strings;
	struct story told, read;
	size_t differences = 0;

	strings_init(&strings, &budget);
	story_init(&told, &budget, &strings);
	story_init(&read, &budget, &strings);
	if (story_tell(&told, loaded, err)) {
		story_read(&read, loaded);
		differences = story_compare(&told, &read);
	}
	story_free(&told);
	story_free(&read);
	strings_free(&strings);
	return differences;
}

/* ---- made up */

static struct load_options options_of(uint64_t seed)
{
	static const int versions[] = { 22, 23, 25, 26 };
	static const int64_t skews[] = { 0, 500, 3000 };
	uint64_t state = seed * 0x9e3779b97f4a7c15 + 88172645463325252;
	struct load_options options = { .seed = seed, .small = true };

	draw(&state, 2);
	options.procs = 1 + (uint32_t)draw(&state, 8);
	options.goroutines = 1 + (uint32_t)draw(&state, 40);
	options.generations = 1 + (uint32_t)draw(&state, 4);
	options.steps = 100 + (uint32_t)draw(&state, 900);
	options.version = versions[draw(&state, 4)];
	options.skew_ns = skews[draw(&state, 3)];
	options.odd = draw(&state, 4) != 0;
	options.forgotten = draw(&state, 4) == 0 ? (uint32_t)draw(&state, options.generations) : 0;
	options.sparse = draw(&state, 4) == 0;
	return options;
}

/* The bytes are freed by who wanted them. */
static bool make_up(const struct load_options *options, char **bytes, size_t *len)
{
	struct load_result result;
	FILE *out = open_memstream(bytes, len);
	bool good = out != NULL && load_run(options, out, &result);

	return out != NULL && fclose(out) == 0 && good;
}

static void keep(const char *path, const char *bytes, size_t len)
{
	FILE *out = path == NULL ? NULL : fopen(path, "wb");

	if (out != NULL) {
		fwrite(bytes, 1, len, out);
		fclose(out);
	}
}

static bool try_seed(uint64_t seed, const char *kept)
{
	struct load_options options = options_of(seed);
	static struct loaded loaded;
	struct error err = { 0 };
	char *bytes = NULL;
	size_t len = 0, differences = 0;
	bool good = make_up(&options, &bytes, &len);

	keep(kept, bytes, len);
	good = good && load_bytes(&loaded, (struct bytes){ (const uint8_t *)bytes, len }, &err);
	if (good) {
		differences = compare(&loaded, &err);
		load_free(&loaded);
	}
	free(bytes);
	if (err.kind != ERROR_NONE || differences > 0)
		printf("# seed %" PRIu64 ": %s%zu differences (%" PRIu32 " Ps, %" PRIu32
		       " generations, 1.%d, skew %" PRId64 ")\n",
		       seed, err.message, differences, options.procs, options.generations,
		       options.version, options.skew_ns);
	return good && err.kind == ERROR_NONE && differences == 0;
}

/* ---- files */

/* Of a part that was too large for the memory there is none. */
static bool has_histories(const struct loaded *loaded)
{
	for (size_t i = 0; i < loaded->model.parts.count; i++)
		if (loaded->model.parts.items[i]->history == NULL)
			return false;
	return true;
}

static bool try_loaded(struct loaded *loaded, const char *name)
{
	const char *why = loaded->model.doubted > 0
	                          ? "times that can't be are as the file has them in the order only"
	                  : !has_histories(loaded)
	                          ? "its histories take more memory than it may have"
	                          : NULL;
	struct error err = { 0 };
	size_t differences = why != NULL ? 0 : compare(loaded, &err);

	load_free(loaded);
	if (why == NULL && err.kind == ERROR_NONE)
		return ok(differences == 0, "%s", name);
	skip(name, why != NULL ? why : err.message);
	return true;
}

static void try_text(const char *path, const char *name)
{
	static struct loaded loaded;
	struct arena arena = { .budget = &budget };
	byte_array bytes = { .budget = &budget };
	struct error err = { 0 };
	struct bytes archive, text;

	if (!file_read(&arena, path, &archive) || !trace_text_section(archive, "trace", &text) ||
	    !trace_text_assemble(text, &bytes, &err) ||
	    !load_bytes(&loaded, (struct bytes){ bytes.items, bytes.count }, &err))
		ok(false, "%s: %s", name, err.message);
	else
		try_loaded(&loaded, name);
	array_free(&bytes);
	arena_free(&arena);
}

static void try_file(const char *path, const char *name)
{
	static struct loaded loaded;
	struct error err = { 0 };

	if (load_whole(&loaded, path, &err))
		try_loaded(&loaded, name);
	else
		ok(false, "%s: %s", name, err.message);
}

static bool ends_with(const char *name, const char *end)
{
	return strlen(name) >= strlen(end) && strcmp(name + strlen(name) - strlen(end), end) == 0;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void try_tree(const char *directory)
{
	struct dirent **entries = NULL;
	char path[PATH_MAX];
	int count = scandir(directory, &entries, is_visible, alphasort);

	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		snprintf(path, sizeof(path), "%s/%s", directory, name);
		if (ends_with(name, ".test"))
			try_text(path, name);
		else if (ends_with(name, ".trace"))
			try_file(path, name);
		free(entries[i]);
	}
	free(entries);
}

static void try_shared(const char *directory, const char *name, struct version version)
{
	char path[PATH_MAX];

	(void)version;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, name);
	try_file(path, name);
}

static int alone(const char *what, const char *kept)
{
	char *end;
	uint64_t seed = strtoull(what, &end, 10);

	if (*end == '\0')
		ok(try_seed(seed, kept), "seed %" PRIu64, seed);
	else if (ends_with(what, ".test"))
		try_text(what, what);
	else
		try_file(what, what);
	return tap_done();
}

int main(int argc, char **argv)
{
	const char *source = getenv("srcdir");
	char directory[PATH_MAX - 512];
	int same = 0;

	if (argc > 1)
		return alone(argv[1], argv[2]);
	snprintf(directory, sizeof(directory), "%s/tests/traces", source != NULL ? source : ".");
	try_tree(directory);
	shared_each("shared traces", try_shared);
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		same += try_seed(seed, NULL);
	is_u64((uint64_t)same, SEEDS, "made up traces tell the same in both ways");
	return tap_done();
}
