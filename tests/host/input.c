/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
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

	ok(!input_open(&input, path, false, &budget, &err) && err.kind == kind, "%s is refused",
	   path);
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
	refuses("https://localhost:6060", ERROR_USAGE,
	        "https is not read; try: curl -fsSN URL | gander -");
	refuses("ftp://localhost/trace", ERROR_USAGE,
	        "only files and http:// addresses are read; try: curl -fsSN URL | gander -");
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
	ok(input_open(&input, path_of("trace"), false, &budget, &err), "opens");
	is_u64(input.version.minor, 26, "its version");
	ok(!input.is_stream && input_fd(&input) < 0, "brings nothing more");
	is_u64(input.source.end, sizeof(header), "its size");
	is_text(input.name, "trace", "its name");
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
	good = input_open(input, path, false, &budget, &err);
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

/* As sshd gives one to a command. */
static void standard_input_may_be_a_socket(void)
{
	struct input input;
	struct error err = { 0 };
	int ends[2], own = dup(STDIN_FILENO);

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || dup2(ends[0], STDIN_FILENO) < 0)
		return;
	close(ends[0]);
	ok(write(ends[1], header, sizeof(header)) == sizeof(header) &&
	           input_open(&input, "-", false, &budget, &err),
	   "a socket opens");
	put(ends[1], "more");
	close(ends[1]);
	ok(input_pump(&input, 100, &err) && input_pump(&input, 100, &err) &&
	           input.source.end == 20 && input.source.is_finished,
	   "and is read like a pipe");
	input_close(&input);
	dup2(own, STDIN_FILENO);
	close(own);
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
	ok(!input_open(&input, path, false, &budget, &err) && err.kind == ERROR_NOT_A_TRACE,
	   "ends inside the header");
	close(ends[0]);
}

/* One that waits for the writer of a FIFO is as quick to interrupt as anything else. */
static void a_fifo_without_a_writer(void)
{
	struct input input;
	struct error err = { 0 };
	int ends[2], status = 0;
	char ready;
	pid_t pid;

	if (mkfifo(path_of("fifo"), 0600) != 0 || pipe(ends) != 0)
		return;
	pid = fork();
	if (pid == 0) {
		signal(SIGINT, SIG_DFL);
		put(ends[1], "!");
		input_open(&input, path_of("fifo"), false, &budget, &err);
		_exit(0);
	}
	ok(read(ends[0], &ready, 1) == 1 && kill(pid, SIGINT) == 0 &&
	           waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	           WTERMSIG(status) == SIGINT,
	   "Ctrl-C ends the wait for a FIFO");
	close(ends[0]);
	close(ends[1]);
}

/* ---- a file that changes */

static void add_to_file(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "ab");

	fputs(text, file);
	fclose(file);
}

static void a_file_that_grows_is_what_it_was(void)
{
	struct input input;
	struct error err = { 0 };

	put_file("trace", header, sizeof(header));
	if (!ok(input_open(&input, path_of("trace"), false, &budget, &err), "opens"))
		return;
	is_i64(input_growth(&input), 0, "as long as it was");
	add_to_file("trace", "more");
	ok(input_pump(&input, 100, &err) && input.source.end == 16, "what came since is not read");
	is_i64(input_growth(&input), 4, "but can be told");
	input_close(&input);
}

static void a_file_that_is_followed(void)
{
	struct input input;
	struct error err = { 0 };
	char got[4], old[64];

	put_file("trace", header, sizeof(header));
	if (!ok(input_open(&input, path_of("trace"), true, &budget, &err), "opens"))
		return;
	ok(!input.is_stream && !input.source.is_finished && input_fd(&input) < 0,
	   "a file of which more may come");
	add_to_file("trace", "more");
	ok(input_pump(&input, 100, &err) && input.source.end == 20, "what came is there");
	ok(source_read(&input.source, 16, got, 4, &err) == 4 && memcmp(got, "more", 4) == 0,
	   "and read");
	snprintf(old, sizeof(old), "%s", path_of("trace"));
	rename(old, path_of("empty"));
	add_to_file("empty", "!");
	ok(input_pump(&input, 100, &err) && input.source.end == 21, "under another name, too");
	put_file("empty", header, sizeof(header));
	ok(!input_pump(&input, 100, &err) && err.kind == ERROR_IO && input.source.is_finished,
	   "when it becomes shorter that is the end");
	ok(!input.is_followed && input.source.end == 21, "what came before stays");
	input_close(&input);
}

static void a_header_is_waited_for(void)
{
	struct input input;
	struct error err = { 0 };
	pid_t pid;

	put_file("trace", header, 0);
	pid = fork();
	if (pid == 0) {
		poll(NULL, 0, 100);
		put_file("trace", header, sizeof(header));
		_exit(0);
	}
	ok(input_open(&input, path_of("trace"), true, &budget, &err), "of a file that is empty");
	input_close(&input);
}

/* ---- what is compressed: the programs are ours, and drop the magic bytes */

static void put_program(const char *name, const char *script)
{
	char text[256];

	snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", script);
	put_file(name, text, strlen(text));
	chmod(path_of(name), 0755);
}

static void put_programs(void)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s:%s", directory, getenv("PATH"));
	setenv("PATH", path, 1);
	put_program("gzip", "[ \"$*\" = -dc ] && exec tail -c +3");
	put_program("zstd", "[ \"$*\" = -dc ] && exec tail -c +5");
}

static void is_unpacked(struct input *input, const char *what)
{
	struct error err = { 0 };

	while (input_fd(input) >= 0 && input_pump(input, 100, &err))
		;
	ok(input->is_stream && input->source.is_finished && err.kind == ERROR_NONE, "%s", what);
	is_u64(input->source.end, sizeof(header) + 4, "its bytes");
}

static const char packed[] = "\x1f\x8bgo 1.26 trace\0\0\0rest";

static void a_compressed_file(void)
{
	static const char zstd[] = "\x28\xb5\x2f\xfdgo 1.26 trace\0\0\0rest";
	struct input input;
	struct error err = { 0 };
	uint64_t at, size;

	put_file("packed", packed, sizeof(packed) - 1);
	ok(input_open(&input, path_of("packed"), false, &budget, &err), "gzip");
	is_unpacked(&input, "the header was judged behind it");
	ok(input_position(&input, &at, &size) && at == size && size == sizeof(packed) - 1,
	   "how far it is read");
	is_text(input.name, "packed", "its name");
	input_close(&input);
	put_file("packed", zstd, sizeof(zstd) - 1);
	ok(input_open(&input, path_of("packed"), false, &budget, &err), "zstd");
	is_unpacked(&input, "the same");
	input_close(&input);
}

static void a_compressed_pipe(void)
{
	struct input input;
	struct error err = { 0 };
	char path[64];
	int ends[2];

	if (pipe(ends) != 0 || write(ends[1], packed, sizeof(packed) - 1) < 0)
		return;
	close(ends[1]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	ok(input_open(&input, path, false, &budget, &err), "opens");
	close(ends[0]);
	is_unpacked(&input, "what was read of it is not lost");
	ok(!input_position(&input, &(uint64_t){ 0 }, &(uint64_t){ 0 }), "nobody knows how far");
	input_close(&input);
}

static void a_decompressor_that_fails(void)
{
	struct input input;
	struct error err = { 0 };

	put_file("packed", packed, sizeof(packed) - 1);
	put_program("gzip", "tail -c +3; echo gzip: stdin: it broke >&2; exit 1");
	ok(input_open(&input, path_of("packed"), false, &budget, &err), "behind the header");
	while (input_pump(&input, 100, &err) && input_fd(&input) >= 0)
		;
	is_text(err.message, "gzip: it broke", "is told");
	ok(input.source.end == 20 && input.source.is_finished, "what came before stays");
	input_close(&input);
	put_program("gzip", "echo gzip: stdin: it broke >&2; exit 1");
	refuses(path_of("packed"), ERROR_IO, "gzip: it broke");
	unlink(path_of("gzip"));
	setenv("PATH", directory, 1);
	refuses(path_of("packed"), ERROR_IO,
	        "gzip is needed to read gzip data, and is not installed (not on PATH)");
	refuses("http://localhost", ERROR_IO,
	        "curl is needed to read addresses, and is not installed (not on PATH)");
}

static void a_compressed_file_is_not_followed(void)
{
	struct input input;
	struct error err = { 0 };

	put_file("packed", packed, sizeof(packed) - 1);
	ok(!input_open(&input, path_of("packed"), true, &budget, &err) && err.kind == ERROR_USAGE,
	   "refused");
	is_text(err.message,
	        "compressed files cannot be followed; try: tail -c +1 -f FILE | gzip -dc | gander "
	        "-",
	        "with what to do instead");
}

static void clean_up(void)
{
	static const char *const files[] = { "empty", "text", "socket", "trace",
		                             "zstd",  "gzip", "packed", "fifo" };

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
	standard_input_may_be_a_socket();
	a_short_pipe_is_no_trace();
	a_fifo_without_a_writer();
	a_file_that_grows_is_what_it_was();
	a_file_that_is_followed();
	a_header_is_waited_for();
	put_programs();
	a_compressed_file();
	a_compressed_pipe();
	a_compressed_file_is_not_followed();
	a_decompressor_that_fails();
	clean_up();
	return tap_done();
}
