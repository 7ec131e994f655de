/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/sketch.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/load.h"
#include "tests/draw.h"
#include "tests/tap.h"

/* Sketches of traces that are small enough to be read whole for them are about what the model says;
 * of damaged and of hostile files they take bounded work, and all memory comes back. */
enum { CELLS = 200, STEPS_MAX = 20000 };

static struct loaded loaded;

static size_t finish(struct sketch *sketch)
{
	size_t steps = 0;

	while (steps < STEPS_MAX && sketch_step(sketch))
		steps++;
	return steps;
}

static double busy(const struct mix *mix)
{
	return (double)(mix->spent_ns[LANE_RUN] + mix->spent_ns[LANE_WORKER] +
	                mix->spent_ns[LANE_SYSCALL]);
}

/* Of all Ps. */
struct shares {
	double model, sketch; /* of the window */
	double differ;        /* in a cell, on average */
	double known;         /* cells */
};

static struct shares compare(const struct sketch *sketch, int64_t begin_ns, int64_t end_ns)
{
	const struct model *model = &loaded.model;
	int64_t shift = model->start_ns - sketch_frame(sketch).start_ns;
	double cells = (double)(CELLS * model->procs.count);
	struct shares shares = { 0 };

	for (uint32_t p = 0; p < model->procs.count; p++)
		for (int i = 0; i < CELLS; i++) {
			int64_t begin = begin_ns + (end_ns - begin_ns) / CELLS * i;
			int64_t end = begin_ns + (end_ns - begin_ns) / CELLS * (i + 1);
			struct mix exact = model_mix(model, p, begin, end);
			struct mix rough = sketch_mix(sketch, model->procs.items[p].id,
			                              begin + shift, end + shift);
			double model_share = busy(&exact) / (double)(end - begin);
			double share = busy(&rough) / (double)(end - begin);

			shares.known += rough.is_known ? 1 / cells : 0;
			shares.model += model_share / cells;
			shares.sketch += share / cells;
			shares.differ +=
				(model_share > share ? model_share - share : share - model_share) /
				cells;
		}
	return shares;
}

static bool is_near(double a, double b, double tolerance)
{
	return a - b < tolerance && b - a < tolerance;
}

/* ---- by the index */

static void whole(const char *name)
{
	struct sketch *sketch = sketch_new(&loaded.budget, &loaded.source);
	int64_t end = loaded.model.end_ns;
	uint64_t ids[SKETCH_PROCS];
	struct sketch_frame frame;
	struct shares shares;
	struct level heap, exact;

	sketch_plan(sketch, &loaded.index, loaded.model.start_ns, 0, end);
	finish(sketch);
	frame = sketch_frame(sketch);
	shares = compare(sketch, 0, end);
	heap = sketch_level(sketch, SERIES_HEAP, 0, end);
	exact = model_level(&loaded.model, SERIES_HEAP, 0, end);
	if (!ok(is_near(shares.sketch, shares.model, 0.01) && shares.known > 0.99,
	        "%s: what runs, of all", name))
		printf("# %.4f, %.4f; known %.4f\n", shares.sketch, shares.model, shares.known);
	ok(sketch_procs(sketch, ids) == loaded.model.procs.count, "its Ps");
	ok(frame.last_ns <= end && frame.last_ns > end - end / 50, "its end");
	ok(heap.max == exact.max && heap.is_known == exact.is_known, "its heap");
	sketch_free(sketch);
}

/* Of a narrow window all batches are read, and no time is cut into coarse cells. */
static void window(const char *name)
{
	struct sketch *sketch = sketch_new(&loaded.budget, &loaded.source);
	int64_t begin = loaded.model.end_ns / 3, end = begin + loaded.model.end_ns / 20;
	struct shares shares;

	sketch_plan(sketch, &loaded.index, loaded.model.start_ns, begin, end);
	finish(sketch);
	shares = compare(sketch, begin, end);
	if (!ok(is_near(shares.sketch, shares.model, 0.03) && shares.known > 0.99,
	        "%s: of a window", name))
		printf("# %.4f, %.4f; known %.4f\n", shares.sketch, shares.model, shares.known);
	ok(!sketch_mix(sketch, loaded.model.procs.items[0].id, 0, begin / 2).is_known,
	   "what is not in the window is not known");
	sketch_free(sketch);
}

/* ---- without */

static void scanned(const char *name)
{
	struct sketch *sketch = sketch_new(&loaded.budget, &loaded.source);
	int64_t end = loaded.model.end_ns;
	struct sketch_frame frame;
	struct shares shares;

	ok(sketch_scan(sketch), "%s: batches are searched for", name);
	finish(sketch);
	frame = sketch_frame(sketch);
	shares = compare(sketch, 0, end);
	if (!ok(is_near(shares.sketch, shares.model, 0.05) && shares.known > 0.3 &&
	                shares.known < 1,
	        "what runs, of what is known"))
		printf("# %.4f, %.4f; known %.4f\n", shares.sketch, shares.model, shares.known);
	ok(is_near((double)(frame.start_ns - loaded.model.start_ns), 0, 5e6) &&
	           is_near((double)(frame.last_ns + frame.start_ns - loaded.model.start_ns),
	                   (double)end, 5e6),
	   "when it begins and ends, to 5 ms");
	sketch_free(sketch);
}

/* ---- files that are not as they should be */

static uint64_t seed = 1;

/* Both sketches of what bytes are; how many steps they took. */
static size_t sketch_bytes(struct budget *budget, int fd, uint64_t size)
{
	struct source source;
	struct index index;
	struct sketch *sketch;
	struct error err = { 0 };
	size_t steps = 0;

	source_open_file(&source, budget, dup(fd), size);
	sketch = sketch_new(budget, &source);
	if (sketch_scan(sketch))
		steps += finish(sketch);
	sketch_free(sketch);
	if (index_open(&index, budget, &source, &err)) {
		while (index_step(&index, &source, 1000))
			;
		sketch = sketch_new(budget, &source);
		if (index.generations.count > 0)
			sketch_plan(sketch, &index, index.generations.items[0].begin_ns, 0,
			            1000000000);
		steps += finish(sketch);
		sketch_free(sketch);
	}
	index_free(&index);
	source_close(&source);
	return steps;
}

static void damaged(void)
{
	static uint8_t bytes[1 << 20];
	size_t size = source_read(&loaded.source, 0, bytes, sizeof(bytes), NULL), most = 0;
	struct budget budget = { 0 };
	int fd = memfd_create("damaged", MFD_CLOEXEC);

	for (int i = 0; i < 100; i++) {
		size_t at = draw(&seed, size - 16) + 16, count = draw(&seed, 2000);

		for (size_t j = at; j < size && j < at + count; j++)
			bytes[j] = (uint8_t)draw(&seed, 256);
		if (pwrite(fd, bytes, size, 0) == (ssize_t)size) {
			size_t steps = sketch_bytes(&budget, fd, size);

			most = steps > most ? steps : most;
		}
	}
	ok(most > 0 && most < 1000, "damaged ever more: bounded work");
	is_u64(budget.used, 0, "all memory is given back");
	close(fd);
}

/* Looks like headers everywhere, and each leads nowhere. */
static void full_of_headers(void)
{
	static const uint8_t head[] = { 1,    1,    1,    1,    0x85, 0x80, 0x80,
		                        0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 };
	static uint8_t bytes[4 << 20];
	struct budget budget = { 0 };
	int fd = memfd_create("headers", MFD_CLOEXEC);
	size_t steps;

	source_read(&loaded.source, 0, bytes, 16, NULL);
	for (size_t i = 16; i + sizeof(head) < sizeof(bytes); i += sizeof(head) + 2)
		memcpy(bytes + i, head, sizeof(head));
	steps = pwrite(fd, bytes, sizeof(bytes), 0) == (ssize_t)sizeof(bytes)
	                ? sketch_bytes(&budget, fd, sizeof(bytes))
	                : 0;
	ok(steps > 0 && steps < 1000, "a file full of headers: bounded work");
	is_u64(budget.used, 0, "all memory is given back");
	close(fd);
}

static void try(const char *path, const char *name)
{
	struct error err = { 0 };

	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s: %s", name, err.message);
		return;
	}
	whole(name);
	window(name);
	scanned(name);
	load_free(&loaded);
	is_u64(loaded.budget.used, 0, "all memory is given back");
}

static int is_new(const struct dirent *entry)
{
	return strncmp(entry->d_name, "go1.2", 5) == 0 && entry->d_name[5] >= '2';
}

static void try_shared(const char *shared)
{
	char path[PATH_MAX];
	struct dirent **entries;
	int count;

	snprintf(path, sizeof(path), "%s/traces", shared);
	count = scandir(path, &entries, is_new, alphasort);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/traces/%s/trace.out", shared, entries[i]->d_name);
		try(path, entries[i]->d_name);
		free(entries[i]);
	}
	if (count > 0)
		free(entries);
}

int main(void)
{
	const char *source = getenv("srcdir"), *shared = getenv("GANDER_SHARED");
	char path[PATH_MAX];
	struct error err = { 0 };

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source == NULL ? "." : source);
	try(path, "demo");
	if (!load_whole(&loaded, path, &err)) {
		ok(false, "%s", err.message);
		return tap_done();
	}
	damaged();
	full_of_headers();
	load_free(&loaded);
	if (shared == NULL)
		skip("shared traces", "GANDER_SHARED is not set");
	else
		try_shared(shared);
	return tap_done();
}
