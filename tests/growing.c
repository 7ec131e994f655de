/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/expected.h"
#include "tests/harm.h"
#include "tests/tap.h"
#include "tui/interface.h"

/* Damaged traces that arrive bit by bit, as a file that is followed and through a pipe: what is
 * lost shows with the generation it is lost of, nothing is counted twice, and in the end the list
 * is the one of the trace that was there all at once. */
enum { HARMS = TAP_SLOWER > 1 ? 3 : 12, STEPS = 24, FAILURES_SHOWN = 5 };

static struct budget budget;
static int failures;

static bool must(bool good, int harm, const char *what)
{
	if (!good && failures++ < FAILURES_SHOWN)
		printf("# harm %d: %s\n", harm, what);
	return good;
}

static void put(int fd, struct bytes bytes)
{
	while (bytes.len > 0) {
		ssize_t done = write(fd, bytes.data, bytes.len);

		if (done < 0)
			return;
		bytes = (struct bytes){ bytes.data + done, bytes.len - (size_t)done };
	}
}

/* Until there is nothing to do with what is there. */
static void settle(struct session *session)
{
	struct pollfd workers = { .fd = session_workers_fd(session), .events = POLLIN };

	for (int idle = 0; idle < 2;) {
		bool any = session_step(session, 1000) || session_is_stepped(session);

		idle = any ? 0 : idle + 1;
		if (session->workers != NULL && workers_pending(session->workers) > 0) {
			poll(&workers, 1, -1);
			idle = 0;
		}
	}
}

static bool is_sorted(const struct damage *damage)
{
	for (size_t i = 1; i < damage->rows.count; i++)
		if (damage->rows.items[i - 1].offset > damage->rows.items[i].offset)
			return false;
	return true;
}

/* Bytes lost before an offset, of a list that is whole. */
static uint64_t lost_before(const struct damage *damage, uint64_t offset)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < damage->rows.count; i++)
		if (damage->rows.items[i].offset < offset)
			lost += damage->rows.items[i].len;
	return lost;
}

static bool is_same(const struct damage_row *a, const struct damage_row *b)
{
	return a->offset == b->offset && a->len == b->len && a->grade == b->grade &&
	       strcmp(a->expected, b->expected) == 0 && strcmp(a->found, b->found) == 0 &&
	       a->begin_ns == b->begin_ns && a->end_ns == b->end_ns && a->m == b->m &&
	       a->generation == b->generation;
}

static bool are_same(const struct damage *a, const struct damage *b)
{
	if (a->bytes != b->bytes || a->rows.count != b->rows.count)
		return false;
	for (size_t i = 0; i < a->rows.count; i++)
		if (!is_same(&a->rows.items[i], &b->rows.items[i]))
			return false;
	return true;
}

/* What holds while it arrives. */
static void look(const struct session *session, const struct damage *whole, int harm)
{
	const struct model *model = &session->model;

	if (model->is_whole || model->parts.count == 0)
		return;
	must(is_sorted(&model->damage), harm, "rows are in order");
	must(model->damage.bytes == lost_before(whole, model->bytes), harm,
	     "what is lost of what is read is told");
	must(model->bytes <= atomic_load(&session->input.source.end), harm,
	     "no more is read than there is");
}

/* ends[0] is read, ends[1] written to; equal: a file that is followed. */
static void bring(struct bytes trace, const int ends[2], int jobs, const struct damage *whole,
                  int harm)
{
	static struct session session;
	struct error err = { 0 };
	char path[64];
	bool is_file = ends[0] == ends[1];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	put(ends[1], (struct bytes){ trace.data, VERSION_HEADER });
	if (!must(is_file ? session_follow(&session, &budget, path, jobs, &err)
	                  : session_open(&session, &budget, path, jobs, &err),
	          harm, "it opens"))
		return;
	for (size_t at = VERSION_HEADER, end; at < trace.len; at = end) {
		end = at + trace.len / STEPS + 1 < trace.len ? at + trace.len / STEPS + 1
		                                             : trace.len;
		put(ends[1], (struct bytes){ trace.data + at, end - at });
		settle(&session);
		look(&session, whole, harm);
	}
	if (is_file)
		session_stop(&session);
	else
		close(ends[1]);
	session_finish(&session);
	must(session.model.is_whole && session.model.bytes == trace.len, harm, "it ends");
	must(are_same(&session.model.damage, whole), harm, "the list is that of the whole file");
	session_close(&session);
}

static void bring_all(struct bytes trace, int harm)
{
	static struct session whole;
	struct error err = { 0 };
	int fd = memfd_create("trace", MFD_CLOEXEC), ends[2];
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	put(fd, trace);
	if (must(session_open(&whole, &budget, path, 0, &err), harm, "it opens at once")) {
		session_finish(&whole);
		close(fd);
		ends[0] = ends[1] = memfd_create("trace", MFD_CLOEXEC);
		bring(trace, ends, harm % 2 * 2, &whole.model.damage, harm);
		close(ends[0]);
		if (pipe(ends) == 0) {
			bring(trace, ends, harm % 2 * 2, &whole.model.damage, harm);
			close(ends[0]);
		}
		session_close(&whole);
	}
}

static bool try(const char *path, const char *name)
{
	struct arena arena = { .budget = &budget };
	struct harm harm = { .seed = 5 };
	int harms = tap_times(HARMS);
	struct bytes trace;
	bool is_there = file_read(&arena, path, &trace);

	failures = 0;
	for (int i = 0; i < harms && is_there; i++) {
		byte_array bytes = { .budget = &budget };

		array_resize(&bytes, trace.len);
		memcpy(bytes.items, trace.data, trace.len);
		harm_do(&harm, &bytes);
		if (bytes.count > VERSION_HEADER)
			bring_all((struct bytes){ bytes.items, bytes.count }, i);
		array_free(&bytes);
	}
	if (is_there)
		is_u64((uint64_t)failures, 0, name);
	arena_free(&arena);
	return is_there;
}

/* ---- on the screen */

static struct interface interface;
static struct cells cells;

static bool screen_has(int row, const char *text)
{
	text_array out = { .budget = &budget };
	bool has;

	interface_draw(&interface, &cells);
	cells_dump_row(&cells, row, false, &out);
	*array_push(&out) = '\0';
	has = strstr(out.items, text) != NULL;
	if (!has)
		printf("# %s\n", out.items);
	array_free(&out);
	return has;
}

/* A page of the second generation is zeroed; a part of the fourth is there. */
static void it_is_seen_at_once(const char *path)
{
	struct arena arena = { .budget = &budget };
	static struct session session;
	struct error err = { 0 };
	struct bytes trace;
	char name[64];
	int fd = memfd_create("trace", MFD_CLOEXEC);

	if (!ok(file_read(&arena, path, &trace), "the demo is there"))
		return;
	memset((uint8_t *)(uintptr_t)trace.data + 150000, 0, 4096);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	put(fd, (struct bytes){ trace.data, 130000 });
	if (ok(session_follow(&session, &budget, name, 0, &err), "it is followed") &&
	    ok(interface_open(&interface, &session, "file", NULL, &err), "and shown")) {
		cells = (struct cells){ .budget = &budget };
		cells_resize(&cells, 100, 30);
		interface_resize(&interface, 100, 30);
		settle(&session);
		interface_follow(&interface);
		interface_press(&interface, "~", -1, 0);
		ok(screen_has(29, "nothing is lost of the first"), "as long as nothing is lost");
		put(fd, (struct bytes){ trace.data + 130000, 100000 });
		settle(&session);
		interface_follow(&interface);
		ok(!session.model.is_whole && session.model.parts.count > 1, "more has come");
		ok(screen_has(29, "damaged (~ lists it): at byte 150"), "it is said");
		ok(screen_has(0, "% lost"), "how much of what is read is in the title");
		interface_press(&interface, "]", -1, 0);
		interface_press(&interface, "d", -1, 0);
		ok(interface.state.at.selected.kind == SPAN_DAMAGE, "its time can be gone to");
		interface_press(&interface, "~", -1, 0);
		ok(screen_has(0, "so far not decoded"), "the list is there");
		put(fd, (struct bytes){ trace.data + 230000, trace.len - 230000 });
		session_stop(&session);
		session_finish(&session);
		interface_follow(&interface);
		ok(screen_has(0, "not decoded") && session.model.is_whole, "to the end");
		ok(interface.state.at.selected.kind == SPAN_DAMAGE &&
		           session.model.damage.rows.items[interface.state.at.selected.index].len >
		                   0,
		   "what was selected is what is selected");
		interface_close(&interface);
		cells_free(&cells);
		session_close(&session);
	}
	close(fd);
	arena_free(&arena);
}

/* As the loop does it, for as long as anything there is takes. */
static void go_on(struct session *session)
{
	for (int i = 0; i < 50; i++) {
		settle(session);
		interface_follow(&interface);
		interface_step(&interface, 20);
	}
}

/* A window at the end goes with it, stands still while that is wanted, and goes on; what hurts is
 * found meanwhile. */
static void it_can_be_watched(const char *path)
{
	static const size_t pieces[] = { 130000, 210000, 270000 };
	struct arena arena = { .budget = &budget };
	static struct session session;
	const struct viewport *window = &interface.state.at.viewport;
	int64_t frozen_ns, end_ns, cells_seen;
	struct error err = { 0 };
	struct bytes trace;
	char name[64];
	int fd = memfd_create("trace", MFD_CLOEXEC);

	if (!ok(file_read(&arena, path, &trace), "the demo is there"))
		return;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	put(fd, (struct bytes){ trace.data, pieces[0] });
	if (ok(session_follow(&session, &budget, name, 0, &err), "it is followed") &&
	    ok(interface_open(&interface, &session, "file", NULL, &err), "and shown")) {
		cells = (struct cells){ .budget = &budget };
		cells_resize(&cells, 100, 30);
		interface_resize(&interface, 100, 30);
		settle(&session);
		interface_follow(&interface);
		for (int i = 0; i < 50 && interface.state.finds.list == NULL; i++) {
			settle(&session);
			interface_step(&interface, 20);
		}
		ok(interface.state.finds.list != NULL && !session.model.is_whole,
		   "findings are there before its end");
		ok(screen_has(18, "finding"), "and are listed at once");
		ok(strcmp(interface.state.links.items[0].command, "finding 1") == 0,
		   "and lead there");
		go_on(&session);
		interface_press(&interface, "w", -1, 0);
		for (int i = 0; i < 4; i++)
			interface_press(&interface, "D", -1, 0);
		end_ns = session.model.end_ns;
		cells_seen = window->scale;
		put(fd, (struct bytes){ trace.data + pieces[0], pieces[1] - pieces[0] });
		go_on(&session);
		ok(session.model.end_ns > end_ns &&
		           viewport_end_ns(window) >= session.model.end_ns &&
		           window->scale == cells_seen,
		   "the window is at the end, as wide as it was");
		interface_press(&interface, "F", -1, 0);
		frozen_ns = viewport_begin_ns(window);
		put(fd, (struct bytes){ trace.data + pieces[1], pieces[2] - pieces[1] });
		go_on(&session);
		is_i64(viewport_begin_ns(window), frozen_ns, "it stands still");
		ok(screen_has(29, "frozen, following"), "and that is said");
		interface_press(&interface, "F", -1, 0);
		ok(viewport_end_ns(window) >= session.model.end_ns, "it goes on");
		put(fd, (struct bytes){ trace.data + pieces[2], trace.len - pieces[2] });
		session_stop(&session);
		session_finish(&session);
		go_on(&session);
		ok(session.model.is_whole && viewport_end_ns(window) >= session.model.end_ns,
		   "to the end");
		interface_press(&interface, "F", -1, 0);
		ok(screen_has(29, "nothing arrives"), "then nothing can be frozen");
		ok((interface_press(&interface, "R", -1, 0) & EFFECT_QUIT) == 0 &&
		           screen_has(29, "only what was recorded"),
		   "nor recorded again");
		interface_close(&interface);
		cells_free(&cells);
		session_close(&session);
	}
	close(fd);
	arena_free(&arena);
}

int main(void)
{
	static const char *const shared[] = { "go1.22-service", "go1.23-service", "go1.24-service",
		                              "go1.25-service", "go1.26-service" };
	const char *source = getenv("srcdir"), *directory = getenv("GANDER_SHARED");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/tests/traces/demo.trace", source != NULL ? source : ".");
	ok(try(path, "the demo"), "there is a demo");
	it_is_seen_at_once(path);
	it_can_be_watched(path);
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		snprintf(path, sizeof(path), "%s/traces/%s/trace.out",
		         directory != NULL ? directory : "../shared", shared[i]);
		if (!try(path, shared[i]))
			skip(shared[i], "no shared traces: GANDER_SHARED names their directory");
	}
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
