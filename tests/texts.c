/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/events_text.h"
#include "core/export/wire_text.h"
#include "core/trace/order.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sha256.h"
#include "tests/shared.h"
#include "tests/tap.h"

/* The texts of v2 traces are those of Go's own tool, byte for byte: digests and footprints of
 * ../shared/traces/NAME/expect (GANDER_SHARED names another directory). */

static struct budget budget;
static struct text_out out;
static struct stack_texts stacks;

static bool hash(void *context, struct bytes text)
{
	sha256_add(context, text);
	return true;
}

static bool collect(void *context, struct bytes text)
{
	return fwrite(text.data, 1, text.len, context) == text.len;
}

static void sha256_is_right(void)
{
	char text[65];
	struct sha256 sha;

	sha256_init(&sha);
	sha256_end(&sha, text);
	is_text(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	        "the digest of nothing");
	sha256_init(&sha);
	sha256_add(&sha, bytes_of("abcdbcdecdefdefgefghfghighij"));
	sha256_add(&sha, bytes_of(""));
	sha256_add(&sha, bytes_of("hijkijkljklmklmnlmnomnopnopq"));
	sha256_end(&sha, text);
	is_text(text, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
	        "the digest of 56 letters");
}

static void put_events(const struct index *index, const struct source *source)
{
	struct order order;
	struct event event;
	struct error err = { 0 };

	order_init(&order, &budget, index, source, true);
	while (order_next(&order, &event, &err))
		events_text(&out, &event);
	order_free(&order);
}

static void put_records(const struct index *index, const struct source *source,
                        struct footprint *footprint)
{
	struct wire_records records;
	struct wire_record record;
	struct error err = { 0 };

	wire_records_init(&records, &budget, index, source, false);
	while (wire_records_next(&records, &record, &err)) {
		wire_text(&out, &record);
		footprint_add(footprint, &record);
	}
	wire_records_free(&records);
}

static void is_digest(const char *directory, const char *trace, const char *text,
                      struct sha256 *sha)
{
	char path[PATH_MAX], want[65] = "", got[65];
	FILE *file;

	text_flush(&out);
	sha256_end(sha, got);
	snprintf(path, sizeof(path), "%s/%s/expect/%s.sha256", directory, trace, text);
	file = fopen(path, "r");
	if (file == NULL || fgets(want, sizeof(want), file) == NULL)
		want[0] = '\0';
	if (file != NULL)
		fclose(file);
	ok(strcmp(want, got) == 0, "%s: %s", trace, text);
}

/* Without the rows that are all zero. */
static void is_footprint(const char *directory, const char *trace,
                         const struct footprint *footprint, struct version version, uint64_t size)
{
	char path[PATH_MAX], want[128], got[128];
	FILE *made = tmpfile(), *file;
	bool same = true;

	out.take = collect;
	out.context = made;
	footprint_text(&out, footprint, version, size, &budget);
	text_flush(&out);
	rewind(made);
	snprintf(path, sizeof(path), "%s/%s/expect/footprint.txt", directory, trace);
	file = fopen(path, "r");
	while (file != NULL && fgets(want, sizeof(want), file) != NULL)
		same = same && fgets(got, sizeof(got), made) != NULL && strcmp(want, got) == 0;
	while (fgets(got, sizeof(got), made) != NULL)
		same = same && strstr(got, " 0.00%") != NULL;
	ok(file != NULL && same, "%s: footprint", trace);
	if (file != NULL)
		fclose(file);
	fclose(made);
}

static void compare(const char *directory, const char *trace, struct version version)
{
	struct footprint footprint = { .records = 0 };
	struct error err = { 0 };
	struct source source;
	struct index index;
	struct sha256 sha;
	struct stat status;
	char path[PATH_MAX];
	int fd;

	if (!version_is_v2(version))
		return;
	snprintf(path, sizeof(path), "%s/%s/trace.out", directory, trace);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) != 0) {
		ok(false, "%s opens", trace);
		return;
	}
	source_open_file(&source, &budget, fd, (uint64_t)status.st_size);
	if (ok(index_open(&index, &budget, &source, &err), "%s has a header", trace)) {
		while (index_step(&index, &source, 1024))
			;
		out = (struct text_out){ .take = hash, .context = &sha, .stacks = &stacks };
		sha256_init(&sha);
		put_events(&index, &source);
		is_digest(directory, trace, "events", &sha);
		sha256_init(&sha);
		put_records(&index, &source, &footprint);
		is_digest(directory, trace, "wire", &sha);
		is_footprint(directory, trace, &footprint, version, (uint64_t)status.st_size);
	}
	index_free(&index);
	source_close(&source);
}

int main(void)
{
	sha256_is_right();
	shared_each("texts", compare);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
