/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/task_rows.h"

#include "tests/load.h"
#include "tests/tap.h"
#include "tests/trace_text.h"

/* Task 1 has parts 2 and 4, and 2 has 3; 5 and 6 each say that they are a part of the other, 7 of
 * itself. G1 begins all; G2 works for 3 and 4. */
static const char text[] = "Trace Go1.26\n"
			   "EventBatch gen=1 m=-1 time=1000 size=auto\n"
			   "Sync\n"
			   "Frequency freq=1000000000\n"
			   "ClockSnapshot dt=0 mono=1000 sec=1700000000 nsec=1000\n"
			   "EventBatch gen=1 m=0 time=1000 size=auto\n"
			   "ProcStatus dt=1 p=0 pstatus=1\n"
			   "GoStatus dt=1 g=1 m=0 gstatus=2\n"
			   "UserTaskBegin dt=98 task=1 parent_task=0 name_string=1 stack=0\n"
			   "UserTaskBegin dt=100 task=2 parent_task=1 name_string=1 stack=0\n"
			   "UserTaskBegin dt=100 task=3 parent_task=2 name_string=1 stack=0\n"
			   "UserTaskBegin dt=100 task=4 parent_task=1 name_string=1 stack=0\n"
			   "UserTaskBegin dt=100 task=5 parent_task=6 name_string=1 stack=0\n"
			   "UserTaskBegin dt=100 task=6 parent_task=5 name_string=1 stack=0\n"
			   "UserTaskBegin dt=100 task=7 parent_task=7 name_string=1 stack=0\n"
			   "UserTaskEnd dt=100 task=3 stack=0\n"
			   "EventBatch gen=1 m=1 time=1000 size=auto\n"
			   "ProcStatus dt=5 p=1 pstatus=1\n"
			   "GoStatus dt=1 g=2 m=1 gstatus=2\n"
			   "UserRegionBegin dt=394 task=3 name_string=1 stack=0\n"
			   "UserRegionEnd dt=10 task=3 name_string=1 stack=0\n"
			   "UserRegionBegin dt=390 task=4 name_string=1 stack=0\n"
			   "UserRegionEnd dt=10 task=4 name_string=1 stack=0\n"
			   "EventBatch gen=1 m=-1 time=1000 size=auto\n"
			   "Strings\n"
			   "String id=1\n"
			   "\tdata=\"work\"\n"
			   "EndOfGeneration\n";

static struct loaded loaded;

static bool load(void)
{
	struct budget budget = { 0 };
	byte_array bytes = { .budget = &budget };
	struct error err = { 0 };
	bool good = trace_text_assemble(bytes_of(text), &bytes, &err) &&
	            load_bytes(&loaded, (struct bytes){ bytes.items, bytes.count }, &err);

	array_free(&bytes);
	return ok(good, "the trace is loaded %s", err.message);
}

/* "T1 .G1": a dot for each row that it is inside of. */
static void rows(int64_t begin_ns, int64_t end_ns, const char *want, const char *what)
{
	task_row_array found = { .budget = loaded.model.budget };
	char got[256] = "";
	size_t len = 0;

	task_rows_find(&loaded.model, begin_ns, end_ns, &found);
	for (size_t i = 0; i < found.count; i++) {
		const struct task_row *row = &found.items[i];
		uint64_t id = row->is_task ? loaded.model.said.tasks.items[row->index].id
		                           : roster_brief(&loaded.model.roster, row->index).id;

		len += (size_t)snprintf(got + len, sizeof(got) - len, " %.*s%c%" PRIu64, row->depth,
		                        "........", row->is_task ? 'T' : 'G', id);
	}
	array_free(&found);
	is_text(got, want, what);
}

int main(void)
{
	if (!load())
		return tap_done();
	rows(0, 2000, " T1 .G1 .T2 ..T3 ...G2 .T4 ..G2 T7 .G1 T5 .G1 T6",
	     "parts below what they are a part of, and who worked; circles at the end");
	rows(0, 150, " T1 .G1", "those of the window");
	rows(805, 1000, " T1 .G1 .T2 .T4 ..G2 T7 .G1 T5 .G1 T6",
	     "without those that ended before, and whom they had");
	rows(0, 50, "", "none");
	load_free(&loaded);
	return tap_done();
}
