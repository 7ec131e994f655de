/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/host/limits.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

static const uint64_t MIB = 1 << 20;

static void the_smallest_bound_decides(void)
{
	static const struct {
		uint64_t available, left, asked, want; /* MiB; UINT64_MAX: unknown */
		const char *what;
	} cases[] = {
		{ 8192, UINT64_MAX, 0, 2048, "a quarter of what is available" },
		{ 8192, 1000, 0, 500, "half of what the cgroup has left" },
		{ 65536, UINT64_MAX, 0, 4096, "at most 4 GiB" },
		{ UINT64_MAX, UINT64_MAX, 0, 4096, "nothing known" },
		{ 300, UINT64_MAX, 0, 128, "at least 128 MiB" },
		{ 8192, 0, 0, 128, "even in a full cgroup" },
		{ 300, 0, 64, 64, "what is asked for decides" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct limits_memory memory = { LIMITS_UNKNOWN, LIMITS_UNKNOWN };

		if (cases[i].available != UINT64_MAX)
			memory.available = cases[i].available * MIB;
		if (cases[i].left != UINT64_MAX)
			memory.cgroup_left = cases[i].left * MIB;
		is_u64(limits_budget(memory, cases[i].asked * MIB) / MIB, cases[i].want,
		       cases[i].what);
	}
}

static void the_kernel_says_what_is_available(void)
{
	is_u64(limits_available(bytes_of("MemTotal:       10 kB\nMemAvailable:   12345 kB\n")),
	       12345 * 1024, "the line of MemAvailable");
	is_u64(limits_available(bytes_of("MemTotal: 10 kB\n")), LIMITS_UNKNOWN, "not told");
	is_u64(limits_available(bytes_of("")), LIMITS_UNKNOWN, "no /proc");
	is_u64(limits_available(bytes_of("MemAvailable: 99999999999999999999 kB\n")),
	       LIMITS_UNKNOWN, "too large");
}

/* ---- a small tree of cgroups */

static char root[] = "gander-limits-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

static void put_file(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "w");

	fputs(text, file);
	fclose(file);
}

static void the_tightest_cgroup_above_us_decides(void)
{
	mkdir(path_of("a"), 0700);
	mkdir(path_of("a/b"), 0700);
	put_file("a/memory.max", "1000\n");
	put_file("a/memory.current", "400\n");
	put_file("a/b/memory.max", "max\n");
	put_file("a/b/memory.current", "100\n");
	is_u64(limits_cgroup_left(root, bytes_of("0::/a/b\n")), 600, "our parent's limit");
	is_u64(limits_cgroup_left(root, bytes_of("0::/gone/away\n")), LIMITS_UNKNOWN,
	       "a path that is not there");
	put_file("a/b/memory.max", "150\n");
	is_u64(limits_cgroup_left(root, bytes_of("0::/a/b\n")), 50, "our own");
	put_file("a/b/memory.max", "90\n");
	is_u64(limits_cgroup_left(root, bytes_of("0::/a/b\n")), 0, "more used than allowed");
	is_u64(limits_cgroup_left(root, bytes_of("0::/a\n")), 600, "not that of those below");
}

static void the_first_version_of_cgroups(void)
{
	mkdir(path_of("memory"), 0700);
	put_file("memory/memory.limit_in_bytes", "500\n");
	put_file("memory/memory.usage_in_bytes", "100\n");
	is_u64(limits_cgroup_left(root, bytes_of("5:cpu,cpuacct:/x\n4:memory:/docker/1\n")), 400,
	       "the mount's own, as containers see it");
	is_u64(limits_cgroup_left(root, bytes_of("nonsense\n\n:\n")), LIMITS_UNKNOWN,
	       "lines of another form");
}

static void clean_up(void)
{
	static const char *const names[] = { "a/b/memory.max",
		                             "a/b/memory.current",
		                             "a/b",
		                             "a/memory.max",
		                             "a/memory.current",
		                             "a",
		                             "memory/memory.limit_in_bytes",
		                             "memory/memory.usage_in_bytes",
		                             "memory" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		remove(path_of(names[i]));
	is_i64(rmdir(root), 0, "cleaned up");
}

static void modesty(void)
{
	struct rlimit core;

	limits_be_modest();
	getrlimit(RLIMIT_CORE, &core);
	is_u64(core.rlim_cur, 0, "no core dumps");
	ok(limits_budget(limits_read(), 0) >= 128 * MIB, "the system can be asked");
}

/* In a child, as there is no way back. */
static void a_guest_comes_last(void)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		limits_be_nice();
#ifdef SYS_ioprio_get
		if ((syscall(SYS_ioprio_get, 1, 0) & 7) != 7)
			_exit(2);
#endif
		_exit(getpriority(PRIO_PROCESS, 0) > 0 ? 0 : 1);
	}
	ok(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	           WEXITSTATUS(status) == 0,
	   "who loads comes last, for the processor and the disk");
}

int main(void)
{
	if (mkdtemp(root) == NULL)
		return 99;
	the_smallest_bound_decides();
	the_kernel_says_what_is_available();
	the_tightest_cgroup_above_us_decides();
	the_first_version_of_cgroups();
	clean_up();
	modesty();
	a_guest_comes_last();
	return tap_done();
}
