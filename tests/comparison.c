/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/expected.h"

#include "tests/tap.h"

/* The comparison of tables, compared: it must find what differs, and only that. */
static struct budget budget;

static size_t compare(const char *want, const char *got)
{
	struct csv a, b;
	size_t count;

	csv_parse(&a, &budget, bytes_of(want));
	csv_parse(&b, &budget, bytes_of(got));
	count = expected_compare(&a, &b);
	csv_free(&a);
	csv_free(&b);
	return count;
}

static void what_may_differ(void)
{
	is_u64(compare("proc,run_ns\n0,5000\n", "proc,run_ns\n0,6000\n"), 0, "a microsecond");
	is_u64(compare("proc,run_ns\n0,50000000\n", "proc,run_ns\n0,50004000\n"), 0, "0.01 %");
	is_u64(compare("block_ns[a]\n5\n", "block_ns[a]\n6\n"), 0, "times of a family");
	is_u64(compare("name,value\nstw_ns,5\n", "name,value\nstw_ns,6\n"), 0, "times of a list");
	is_u64(compare("window_ns,mmu\n1,0.50000\n", "window_ns,mmu\n1,0.50009\n"), 0, "fractions");
	is_u64(compare("cycle,mark_ns\n1,\"2\"\n", "cycle,mark_ns\n1,2\n"), 0, "quotes");
	is_u64(compare("name,count,exec_ns\na,1,10\nb,1,11\n",
	               "name,count,exec_ns\nb,1,11\na,1,10\n"),
	       0, "rows with nearly equal keys may be swapped");
}

static void what_must_not(void)
{
	is_u64(compare("proc,run_ns\n0,5000\n", "proc,run_ns\n0,6001\n"), 1, "more than that");
	is_u64(compare("proc,runs\n0,5\n", "proc,runs\n0,6\n"), 1, "counts");
	is_u64(compare("name,value\nlogs,5\n", "name,value\nlogs,6\n"), 1, "counts of a list");
	is_u64(compare("name,count\na,1\n", "name,count\n\"a,\"\"\",1\n"), 1, "texts");
	is_u64(compare("proc,run_ns\n0,0\n", "proc,run_ns\n0,\n"), 1, "none is not 0");
	is_u64(compare("proc,run_ns\n0,5\n", "proc,runs\n0,5\n"), 1, "headers");
	is_u64(compare("proc,runs\n0,5\n", "proc,runs\n0,5\n1,5\n"), 1, "one row more");
	is_u64(compare("proc,runs\n0,5\n", "proc,runs\n0,5,6\n"), 1, "one cell more");
	is_u64(compare("proc,runs\n0,5\n", ""), 1, "nothing at all");
}

static void what_must_be_in_order(void)
{
	is_u64(compare("start_ns,duration_ns\n0,9000\n5000,5000\n",
	               "start_ns,duration_ns\n5000,5000\n0,9000\n"),
	       1, "durations fall");
	is_u64(compare("proc,runs\n0,5\n1000,6\n", "proc,runs\n0,5\n1000,6\n"), 0, "ids rise");
}

int main(void)
{
	what_may_differ();
	what_must_not();
	what_must_be_in_order();
	return tap_done();
}
