/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/export/events_text.h"
#include "core/trace/order.h"
#include "core/trace/v1_events.h"
#include "tests/answer_all.h"
#include "tests/hostile.h"
#include "tests/tap.h"

/* Each family of hostile files is read to its end, by the model, as events and for all answers, and
 * nothing takes more memory than 8 times its bytes and 32 MiB (reliability.md 2, P4 and P5); the
 * bench of the same name shows times. Small files prove little: where a larger one would take more
 * if it went on so, that is read as well. */

enum { SMALL = 150000 / TAP_SLOWER, LARGE = 1500000 / TAP_SLOWER };

static char path[64];
static int fd, null;

static size_t make_file(const struct hostile_family *family, size_t bytes)
{
	struct budget budget = { 0 };
	byte_array out = { .budget = &budget };
	size_t len;

	hostile_make(family, bytes, &out);
	len = out.count;
	if (ftruncate(fd, 0) != 0 || pwrite(fd, out.items, len, 0) != (ssize_t)len)
		len = 0;
	array_free(&out);
	return len;
}

static size_t most_of(size_t len)
{
	return BUDGET_TIMES * len + BUDGET_SPARE;
}

/* ---- what reads them; each returns the peak */

static bool ignore(void *context, struct bytes text)
{
	(void)context, (void)text;
	return true;
}

static void print_v2(struct session *session, struct text_out *out)
{
	struct event event;
	struct error err = { 0 };
	struct order order;

	order_init(&order, session->budget, &session->index, &session->input.source, false);
	while (order_next(&order, &event, &err))
		events_text(out, &event);
	order_free(&order);
}

static void print_v1(struct session *session, struct text_out *out)
{
	struct event event;
	struct error err = { 0 };
	struct v1_events events;

	v1_events_init(&events, session->budget, &session->input.source,
	               session->index.version.minor, false, &err);
	while (v1_events_next(&events, &event))
		events_text(out, &event);
	v1_events_free(&events);
}

static size_t print_events(struct session *session)
{
	static struct text_out out;
	static struct stack_texts stacks;
	bool is_v2 = version_is_v2(session->index.version);

	out = (struct text_out){ .take = ignore, .stacks = &stacks };
	stack_texts_clear(&stacks);
	session_index(session, is_v2);
	if (is_v2)
		print_v2(session, &out);
	else
		print_v1(session, &out);
	text_flush(&out);
	return atomic_load(&session->budget->peak);
}

static size_t answer(struct session *session)
{
	session_finish(session);
	answer_all(session, null);
	return atomic_load(&session->budget->peak);
}

/* With all histories that may be had. */
static size_t load(struct session *session)
{
	session_finish(session);
	session_want(session, 0, INT64_MAX);
	session_finish(session);
	return atomic_load(&session->budget->peak);
}

/* ---- */

static size_t peak_of(size_t (*read)(struct session *session), bool *good)
{
	struct budget budget = { 0 };
	static struct session session;
	struct error err = { 0 };
	size_t peak = 0;

	if (session_open(&session, &budget, path, 0, &err))
		peak = read(&session);
	session_close(&session);
	*good = *good && atomic_load(&budget.used) == 0 && atomic_load(&budget.promised) == 0;
	return peak;
}

static bool is_bounded(const struct hostile_family *family, const char *what,
                       size_t (*read)(struct session *session))
{
	size_t len = make_file(family, SMALL), peak;
	bool good = len > 0, is_large = false;

	peak = peak_of(read, &good);
	if (peak / SMALL > most_of(LARGE) / LARGE) {
		is_large = true;
		len = make_file(family, LARGE);
		peak = peak_of(read, &good);
	}
	if (!good)
		printf("# %s: not all memory came back\n", family->name);
	if (peak > most_of(len))
		printf("# %s: %zu bytes of %zu, %zu may be\n", family->name, peak, len,
		       most_of(len));
	return ok(good && peak > 0 && peak <= most_of(len), "%s: %s%s", family->name, what,
	          is_large ? ", of a large file, too" : "");
}

/* Programs that start many goroutines are no enemies: their traces are read whole. */
static void is_read_whole(const char *name)
{
	struct budget budget = { 0 };
	static struct session session;
	struct error err = { 0 };
	size_t i = 0;

	while (strcmp(hostile_families[i].name, name) != 0)
		i++;
	make_file(&hostile_families[i], LARGE);
	if (session_open(&session, &budget, path, 0, &err))
		session_finish(&session);
	ok(session.model.is_whole && !session.loader.was_stopped && !session.index.is_full,
	   "%s: all of a large file", name);
	is_u64(atomic_load(&budget.promised), 0, "and then no memory is promised any more");
	session_close(&session);
}

static const struct {
	const char *name;
	size_t (*read)(struct session *session);
} ways[] = { { "loading", load }, { "events", print_events }, { "answers", answer } };

int main(void)
{
	fd = memfd_create("hostile", MFD_CLOEXEC);
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (size_t i = 0; i < hostile_families_count; i++)
		for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++)
			if ((i + w) % (size_t)tap_parts() == 0)
				is_bounded(&hostile_families[i], ways[w].name, ways[w].read);
	is_read_whole("short_goroutines");
	is_read_whole("v1_short_goroutines");
	close(fd);
	close(null);
	return tap_done();
}
