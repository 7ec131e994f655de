/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/tap.h"

static struct budget budget;
static char directory[] = "gander-input-XXXXXX";
static const char header[VERSION_HEADER] = "go 1.26 trace";

static const char *path_of(const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void put_file(const char *name, const void *data, size_t len)
{
	FILE *file = fopen(path_of(name), "wb");

	fwrite(data, 1, len, file);
	fclose(file);
}

static void refuses(const char *path, enum error_kind kind, const char *message)
{
	struct input input;
	struct error err = { 0 };

	ok(!input_open(&input, path, &budget, &err) && err.kind == kind, "%s is refused", path);
	is_text(err.message, message, "with a sentence");
}

static void what_is_no_trace(void)
{
	refuses(path_of("missing"), ERROR_IO, strerror(ENOENT));
	refuses(directory, ERROR_IO, "is a directory, not a trace");
	put_file("empty", "", 0);
	refuses(path_of("empty"), ERROR_NOT_A_TRACE,
	        "not a Go execution trace (the file is empty)");
	put_file("text", "hello, this is a text\n", 22);
	refuses(path_of("text"), ERROR_NOT_A_TRACE,
	        "not a Go execution trace (it begins like a text)");
	refuses("/dev/null", ERROR_NOT_A_TRACE, "not a Go execution trace (the file is empty)");
	refuses("/dev/zero", ERROR_NOT_A_TRACE,
	        "not a Go execution trace (it does not begin with \"go 1.\")");
	refuses("http://localhost:6060", ERROR_USAGE,
	        "addresses are not read yet; try: curl -sN URL | gander -");
}

static void a_socket(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path_of("socket"));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		refuses(path_of("socket"), ERROR_IO, "is a socket, not a trace");
	else
		skip("a socket", "cannot be made here");
	close(fd);
}

static void a_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		skip("a terminal", "there are none here");
	else
		refuses(ptsname(master), ERROR_USAGE,
		        "is a terminal; gander reads a trace, not a keyboard");
	close(master);
}

static void a_file(void)
{
	struct input input;
	struct error err = { 0 };

	put_file("trace", header, sizeof(header));
	ok(input_open(&input, path_of("trace"), &budget, &err), "opens");
	is_u64(input.version.minor, 26, "its version");
	ok(!input.is_stream && input_fd(&input) < 0, "brings nothing more");
	is_u64(input.source.end, sizeof(header), "its size");
	input_close(&input);
}

/* Opens the reading end of a new pipe through its path in /proc, after something was written. */
static bool open_pipe(struct input *input, int *writer, const void *data, size_t len)
{
	struct error err = { 0 };
	char path[64];
	int ends[2];
	bool good;

	if (pipe(ends) != 0 || write(ends[1], data, len) != (ssize_t)len)
		return false;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	good = input_open(input, path, &budget, &err);
	close(ends[0]);
	*writer = ends[1];
	if (!good)
		close(ends[1]);
	return good;
}

static void put(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		printf("# %s\n", strerror(errno));
}

static void a_pipe_brings_what_is_there(void)
{
	struct input input;
	struct error err = { 0 };
	int writer;

	if (!ok(open_pipe(&input, &writer, header, sizeof(header)),
	        "opens when the header is there"))
		return;
	ok(input.is_stream && input_fd(&input) >= 0, "is a stream");
	ok(input_pump(&input, 1 << 20, &err) && input.source.end == 16,
	   "nothing there: no waiting");
	put(writer, "more bytes");
	ok(input_pump(&input, 4, &err) && input.source.end == 20, "as many as asked for");
	ok(input_pump(&input, 1 << 20, &err) && input.source.end == 26, "and the rest");
	ok(!input.source.is_finished, "not the end yet");
	close(writer);
	ok(input_pump(&input, 1 << 20, &err) && input.source.is_finished, "the end is seen");
	ok(input_fd(&input) < 0, "nothing to poll for");
	input_close(&input);
}

static void a_pipe_has_a_limit(void)
{
	struct input input;
	struct error err = { 0 };
	int writer;

	if (!ok(open_pipe(&input, &writer, header, sizeof(header)), "opens"))
		return;
	input.limit = 20;
	put(writer, "1234");
	ok(input_pump(&input, 1 << 20, &err), "up to it");
	put(writer, "5");
	ok(!input_pump(&input, 1 << 20, &err) && err.kind == ERROR_LIMIT, "not beyond it");
	is_u64(input.source.end, 20, "what came before is kept");
	ok(input.source.is_finished, "and is all there will be");
	close(writer);
	input_close(&input);
}

static void a_short_pipe_is_no_trace(void)
{
	struct input input;
	struct error err = { 0 };
	char path[64];
	int ends[2];

	if (pipe(ends) != 0)
		return;
	put(ends[1], "go 1.26");
	close(ends[1]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	ok(!input_open(&input, path, &budget, &err) && err.kind == ERROR_NOT_A_TRACE,
	   "ends inside the header");
	close(ends[0]);
}

static void names(void)
{
	is_text(input_name("-"), "standard input", "-");
	is_text(input_name("/tmp/a.trace"), "a.trace", "the last part");
	is_text(input_name("a.trace"), "a.trace", "no directory");
	is_text(input_name("/tmp/"), "/tmp/", "a directory keeps its form");
}

static void clean_up(void)
{
	static const char *const files[] = { "empty", "text", "socket", "trace" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(path_of(files[i]));
	is_i64(rmdir(directory), 0, "cleaned up");
	is_u64(budget.used, 0, "nothing is left in the budget");
}

int main(void)
{
	if (mkdtemp(directory) == NULL)
		return 99;
	what_is_no_trace();
	a_socket();
	a_terminal();
	a_file();
	a_pipe_brings_what_is_there();
	a_pipe_has_a_limit();
	a_short_pipe_is_no_trace();
	names();
	clean_up();
	return tap_done();
}
