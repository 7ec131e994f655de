/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/tap.h"

enum { SIZE = (5 << 20) / 2 + 77 }; /* more than two chunks of a stream */

static struct budget budget;
static uint8_t data[SIZE];

static void fill(void)
{
	for (size_t i = 0; i < SIZE; i++)
		data[i] = (uint8_t)(i * 31 + (i >> 8));
}

static bool reads(const struct source *source, uint64_t offset, size_t len, size_t want)
{
	static uint8_t buffer[SIZE];
	struct error err = { 0 };
	size_t got = source_read(source, offset, buffer, len, &err);

	return got == want && err.kind == ERROR_NONE &&
	       (got == 0 || memcmp(buffer, data + offset, got) == 0);
}

static bool reads_all_over(const struct source *source)
{
	bool good = reads(source, 0, SIZE, SIZE) && reads(source, SIZE, 10, 0) &&
	            reads(source, UINT64_MAX, 10, 0) && reads(source, SIZE - 5, 10, 5);

	for (uint64_t at = 0; at + 100 < SIZE && good; at += 65521)
		good = reads(source, at, 100, 100);
	return good && reads(source, (1 << 20) - 3, 6, 6) && reads(source, 0, 0, 0);
}

static void a_stream_gives_back_what_was_appended(void)
{
	struct source source;
	size_t at = 0, part = 1;
	bool good = true;

	source_open_stream(&source, &budget);
	ok(reads(&source, 0, 10, 0), "an empty stream has nothing");
	for (; at < SIZE; at += part, part = part * 3 + 1) {
		part = part < SIZE - at ? part : SIZE - at;
		good = good && source_append(&source, (struct bytes){ data + at, part });
	}
	source_finish(&source);
	ok(good && reads_all_over(&source), "a stream in parts of all sizes");
	source_close(&source);
	is_u64(atomic_load(&budget.used), 0, "its memory comes back");
}

static void what_is_forgotten_is_gone(void)
{
	struct source source;

	source_open_stream(&source, &budget);
	source_append(&source, (struct bytes){ data, SIZE });
	source_forget(&source, (1 << 20) - 1);
	ok(reads(&source, 0, 10, 10), "only whole MiB are forgotten");
	source_forget(&source, (1 << 20) + 7);
	ok(reads(&source, 0, 10, 0) && reads(&source, (1 << 20) - 1, 2, 0), "nothing is there");
	ok(reads(&source, 1 << 20, 10, 10) && reads(&source, SIZE - 5, 10, 5),
	   "what came later is");
	ok(atomic_load(&budget.used) < SIZE + (1 << 20), "memory came back");
	source_forget(&source, UINT64_MAX);
	ok(reads(&source, SIZE - 5, 10, 5), "the last, unfinished MiB stays");
	source_close(&source);
	is_u64(atomic_load(&budget.used), 0, "and all of it at the end");
}

static void a_file_is_read_where_it_is_wanted(void)
{
	char path[] = "gander-source-XXXXXX";
	int fd = mkstemp(path);
	struct source source;
	struct error err = { 0 };
	uint8_t byte;
	bool good = fd >= 0 && write(fd, data, SIZE) == SIZE;

	unlink(path);
	source_open_file(&source, &budget, fd, SIZE);
	ok(good && reads_all_over(&source), "a file");
	ok(ftruncate(fd, 100) == 0 && reads(&source, 90, 20, 10), "one that has shrunk gives less");
	source_close(&source);
	source_open_file(&source, &budget, open("/", O_RDONLY), 10);
	ok(source_read(&source, 0, &byte, 1, &err) == 0 && err.kind == ERROR_IO,
	   "what can't be read is an error");
	source_close(&source);
}

static void a_file_that_grows(void)
{
	char path[] = "gander-source-XXXXXX";
	int fd = mkstemp(path);
	struct source source;
	bool good = fd >= 0 && write(fd, data, 100) == 100;

	unlink(path);
	source_open_file(&source, &budget, fd, 100);
	ok(good && source.is_finished, "a file is all there");
	source_follow(&source);
	ok(!source.is_finished, "until it is followed");
	good = write(fd, data + 100, 50) == 50;
	ok(good && reads(&source, 90, 20, 10), "what came is not known by itself");
	source_grow(&source, 150);
	ok(reads(&source, 90, 100, 60), "but when it is said");
	source_close(&source);
}

/* Sparse: no disk is as large as that. */
static void offsets_beyond_4_gib(void)
{
	const uint64_t far = (UINT64_C(5) << 30) + 3;
	char path[] = "gander-source-XXXXXX";
	uint8_t got[64];
	int fd = mkstemp(path);
	struct source source;
	struct error err = { 0 };

	unlink(path);
	if (fd < 0 || pwrite(fd, data, 64, (off_t)far) != 64) {
		skip("beyond 4 GiB", "no file can be that large here");
		return;
	}
	source_open_file(&source, &budget, fd, far + 64);
	ok(source_read(&source, far, got, 100, &err) == 64 && memcmp(got, data, 64) == 0,
	   "beyond 4 GiB, up to the end");
	ok(source_read(&source, far - 10, got, 20, &err) == 20 && got[9] == 0 && got[10] == data[0],
	   "and before it");
	source_close(&source);
}

int main(void)
{
	fill();
	a_file_that_grows();
	offsets_beyond_4_gib();
	a_stream_gives_back_what_was_appended();
	what_is_forgotten_is_gone();
	a_file_is_read_where_it_is_wanted();
	return tap_done();
}
