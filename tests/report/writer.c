/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/report/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"

static struct writer writer;
static char directory[] = "gander-writer-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static long size_of(const char *path)
{
	struct stat stat_of;

	return stat(path, &stat_of) == 0 ? (long)stat_of.st_size : -1;
}

static void a_new_file_appears_when_it_is_whole(void)
{
	struct error err = { 0 };
	struct stat stat_of = { 0 };
	const char *path = path_of("new");

	ok(writer_open_new(&writer, path, &err), "opens");
	for (int i = 0; i < 5000; i++)
		writer_put_text(&writer, "0123456789");
	is_i64(size_of(path), -1, "not there yet");
	ok(writer_close(&writer, &err), "closes");
	is_i64(size_of(path), 50000, "all is there");
	stat(path, &stat_of);
	is_u64(stat_of.st_mode & 0777, 0600, "for its owner alone");
	is_u64(stat_of.st_nlink, 1, "under one name");
}

static void a_file_that_is_there_is_not_touched(void)
{
	struct error err = { 0 };
	const char *path = path_of("there");

	close(open(path, O_WRONLY | O_CREAT, 0600));
	ok(!writer_open_new(&writer, path, &err) && err.kind == ERROR_OUTPUT, "refused");
	is_text(err.message, "is there already; --output makes new files only", "with a sentence");
}

static void a_file_that_came_meanwhile_is_not_touched(void)
{
	struct error err = { 0 };
	const char *path = path_of("race");

	ok(writer_open_new(&writer, path, &err), "opens");
	writer_put_text(&writer, "ours");
	close(open(path, O_WRONLY | O_CREAT | O_EXCL, 0600));
	ok(!writer_close(&writer, &err) && err.kind == ERROR_OUTPUT, "noticed at the end");
	is_i64(size_of(path), 0, "theirs is as it was");
}

static void a_missing_directory(void)
{
	struct error err = { 0 };

	ok(!writer_open_new(&writer, path_of("no/such"), &err), "refused");
	is_text(err.message, strerror(ENOENT), "with the system's words");
}

static void a_full_disk_is_noticed(void)
{
	struct error err = { 0 };
	int fd = open("/dev/full", O_WRONLY);

	if (fd < 0) {
		skip("a full disk", "no /dev/full");
		return;
	}
	writer_open(&writer, fd);
	writer_put_text(&writer, "a few bytes that stay in the buffer");
	ok(!writer_has_failed(&writer), "not before the end");
	ok(!writer_close(&writer, &err) && err.kind == ERROR_OUTPUT, "but then");
	is_text(err.message, strerror(ENOSPC), "with the system's words");
	close(fd);
}

static void a_reader_that_went_away_is_no_news(void)
{
	struct error err = { 0 };
	int ends[2];

	if (pipe(ends) != 0)
		return;
	close(ends[0]);
	writer_open(&writer, ends[1]);
	writer_put_text(&writer, "hello?");
	ok(!writer_close(&writer, &err) && err.kind == ERROR_OUTPUT, "the status tells");
	is_text(err.message, "", "nothing is said");
	close(ends[1]);
}

static void nothing_is_left_behind(void)
{
	unlink(path_of("new"));
	unlink(path_of("there"));
	unlink(path_of("race"));
	is_i64(rmdir(directory), 0, "no temporary file is left");
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	if (mkdtemp(directory) == NULL)
		return 99;
	a_new_file_appears_when_it_is_whole();
	a_file_that_is_there_is_not_touched();
	a_file_that_came_meanwhile_is_not_touched();
	a_missing_directory();
	a_full_disk_is_noticed();
	a_reader_that_went_away_is_no_news();
	nothing_is_left_behind();
	return tap_done();
}
