/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/related.h"

#include "tests/load.h"
#include "tests/tap.h"
#include "tests/trace_text.h"

/* G1 wakes G2, that wakes G3, and that G4; G5 does something else. */
static const char text[] = "Trace Go1.26\n"
			   "EventBatch gen=1 m=-1 time=1000 size=auto\n"
			   "Sync\n"
			   "Frequency freq=1000000000\n"
			   "ClockSnapshot dt=0 mono=1000 sec=1700000000 nsec=1000\n"
			   "EventBatch gen=1 m=0 time=1000 size=auto\n"
			   "ProcStatus dt=1 p=0 pstatus=1\n"
			   "GoStatus dt=1 g=1 m=0 gstatus=2\n"
			   "GoStatus dt=1 g=2 m=-1 gstatus=4\n"
			   "GoUnblock dt=97 g=2 g_seq=1 stack=0\n"
			   "GoBlock dt=10 reason_string=1 stack=0\n"
			   "GoStatus dt=1 g=5 m=-1 gstatus=1\n"
			   "GoStart dt=39 g=5 g_seq=1\n"
			   "EventBatch gen=1 m=1 time=1000 size=auto\n"
			   "ProcStatus dt=5 p=1 pstatus=1\n"
			   "GoStart dt=195 g=2 g_seq=2\n"
			   "GoStatus dt=50 g=3 m=-1 gstatus=4\n"
			   "GoUnblock dt=50 g=3 g_seq=1 stack=0\n"
			   "GoBlock dt=100 reason_string=1 stack=0\n"
			   "GoStart dt=100 g=3 g_seq=2\n"
			   "GoStatus dt=50 g=4 m=-1 gstatus=4\n"
			   "GoUnblock dt=50 g=4 g_seq=1 stack=0\n"
			   "GoBlock dt=100 reason_string=1 stack=0\n"
			   "EventBatch gen=1 m=-1 time=1000 size=auto\n"
			   "Strings\n"
			   "String id=1\n"
			   "\tdata=\"sync\"\n"
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

/* Their ids, one behind the other. */
static void are(const uint32_t *gos, size_t count, const char *want, const char *what)
{
	char got[64] = "";
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(got + len, sizeof(got) - len, " %" PRIu64,
		                        roster_brief(&loaded.model.roster, gos[i]).id);
	is_text(got, want, what);
}

static void related(uint64_t id, int64_t begin_ns, int64_t end_ns, size_t max, const char *want,
                    const char *what)
{
	uint32_t gos[8];
	uint32_t go = model_find_go(&loaded.model, id);

	are(gos, related_gos(&loaded.model, go, begin_ns, end_ns, gos, max), want, what);
}

static void active(int64_t begin_ns, int64_t end_ns, const char *want, const char *what)
{
	uint32_t gos[8];

	are(gos, active_gos(&loaded.model, begin_ns, end_ns, gos, 8), want, what);
}

int main(void)
{
	if (!load())
		return tap_done();
	related(3, 0, 1000, 8, " 3 2 1 4", "who woke it, who woke those, whom it woke");
	related(4, 0, 1000, 8, " 4 3 2", "two steps, no more");
	related(3, 250, 1000, 8, " 3 2 4", "in the window");
	related(3, 0, 1000, 2, " 3 2", "as many as are wanted");
	related(5, 0, 1000, 8, " 5", "one that nobody has to do with");
	active(0, 120, " 1", "who runs when");
	active(0, 1000, " 1 5 2 3", "all that run");
	active(420, 480, " 5", "one runs on");
	load_free(&loaded);
	return tap_done();
}
