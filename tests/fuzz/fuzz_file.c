/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/answering.h"
#include "tests/fuzz/fuzz.h"
#include "tests/load.h"
#include "tests/near.h"
#include "tests/promises.h"
#include "tui/interface.h"
#include "tui/script.h"

#include <sys/mman.h>
#include <unistd.h>

/* A whole file: through source, index, tables, wire decoder and model, as a stream; then every
 * analysis, some keys and a picture, as a file. What has to hold of any bytes: it ends, nothing is
 * read that is not there, what is shown and what is lost adds up (tests/promises.h), and all memory
 * comes back. */

enum { WINDOWS = 4 };

static void ask_all(const struct model *model, struct budget *budget)
{
	for (size_t i = 0; i < analyses_count; i++) {
		struct question question = question_of_all();
		struct error err = { 0 };
		struct table table;

		table_init(&table, budget);
		answer_now(&table, &analyses[i], model, &question, &err);
		table_free(&table);
	}
}

static uint64_t load_as_stream(struct bytes bytes)
{
	static struct loaded loaded;
	struct near_count count = { 0 };
	struct error err = { 0 };
	const char *broken;
	uint64_t events;

	if (!load_bytes(&loaded, bytes, &err)) {
		must(err.kind != ERROR_NONE, "a refusal has a reason");
		must(atomic_load(&loaded.budget.used) == 0, "memory of a refused file comes back");
		return UINT64_MAX;
	}
	events = loaded.model.events;
	must(loaded.model.bytes == bytes.len, "all bytes are seen");
	broken = promise_broken(&loaded.model);
	must(broken == NULL, broken);
	broken = near_broken(&loaded, bytes.len, WINDOWS, &count);
	must(broken == NULL, broken);
	ask_all(&loaded.model, &loaded.budget);
	load_free(&loaded);
	must(atomic_load(&loaded.budget.used) == 0, "memory comes back");
	return events;
}

static void draw(struct interface *interface, int cols, int rows)
{
	struct cells cells = { .budget = interface->session->budget };

	cells_resize(&cells, cols, rows);
	interface_resize(interface, cols, rows);
	interface_draw(interface, &cells);
	cells_free(&cells);
}

/* Some keys: which, the length says, as all of them would take most of the time. */
static void show(struct session *session, size_t choice)
{
	static const char *const keys[] = {
		"<Tab>fw", "<Tab><CR><C-d>", "}{", "!", "@f", "jj<Left><Left>", "0s", "K<End>d.",
	};
	static struct interface interface;
	struct error err = { 0 };

	must(interface_open(&interface, session, "file", NULL, &err), "the interface opens");
	draw(&interface, 80, 24);
	choice %= sizeof(keys) / sizeof(keys[0]);
	must(script_press(&interface, keys[choice], &err), "keys are known");
	draw(&interface, 40 + (int)choice * 16, 8 + (int)choice * 6);
	interface_close(&interface);
}

static void load_as_file(struct bytes bytes, uint64_t events)
{
	static struct session session;
	static struct budget budget;
	struct error err = { 0 };
	char path[64];
	int fd = memfd_create("trace", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, bytes.data, bytes.len) == (ssize_t)bytes.len, "a file is made");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (session_open(&session, &budget, path, 0, &err)) {
		session_finish(&session);
		must(session.model.events == events, "a file is what a stream is");
		show(&session, bytes.len);
	} else {
		must(events == UINT64_MAX, "a file opens if a stream does");
	}
	session_close(&session);
	close(fd);
	must(atomic_load(&budget.used) == 0, "memory of a session comes back");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };

	load_as_file(bytes, load_as_stream(bytes));
	return 0;
}
