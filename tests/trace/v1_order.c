/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_order.h"
#include "core/trace/version.h"

#include "tests/tap.h"
#include "tests/trace_text.h"

/* From the bytes of a v1 trace to events in order: each case is a trace in our text form and the
 * events that come of it, "TIME KIND gG pP" each, with + behind a syscall that loses its P. */

static struct budget budget;
static char got[8192];
static uint64_t lost_bytes, events;
static struct error verdict;

static void print_event(const struct v1_event *event)
{
	size_t len = strlen(got);

	snprintf(got + len, sizeof(got) - len, "%" PRId64 " %s%s g%" PRIu64 " p%d%s\n",
	         event->time_ns, v1_spec(event->raw.type)->name, event->loses_proc ? "+" : "",
	         event->raw.g, event->raw.p,
	         event->made_up == V1_TIMER_P     ? " timer"
	         : event->made_up == V1_NETPOLL_P ? " net"
	                                          : "");
}

static void order(struct bytes bytes, unsigned minor)
{
	struct source source;
	struct v1_file file;
	struct v1_order order;
	struct v1_event event;

	got[0] = 0;
	lost_bytes = events = 0;
	source_open_stream(&source, &budget);
	source_append(&source, bytes);
	source_finish(&source);
	v1_file_init(&file, &budget, &source, minor);
	while (v1_file_step(&file, 7))
		;
	v1_order_init(&order, &budget, &file);
	while (v1_order_step(&order, 1))
		;
	for (; v1_order_next(&order, &event); events++)
		print_event(&event);
	verdict = order.verdict;
	lost_bytes = file.damage.bytes;
	v1_order_free(&order);
	v1_file_free(&file);
	source_close(&source);
}

static bool assemble(byte_array *bytes, const char *text)
{
	struct error err = { 0 };

	bytes->budget = &budget;
	return ok(trace_text_assemble(bytes_of(text), bytes, &err), "assembles%s", err.message);
}

static void comes_out(const char *text, unsigned minor, const char *want, const char *what)
{
	byte_array bytes = { 0 };

	if (assemble(&bytes, text))
		order((struct bytes){ bytes.items, bytes.count }, minor);
	is_text(got, want, what);
	array_free(&bytes);
}

#define G1_STARTS                                                                                  \
	"Batch p=0 ticks=100\n"                                                                    \
	"GoCreate dt=0 g=1\n"                                                                      \
	"GoStartLocal dt=1 g=1\n"

static void goroutines_decide_before_clocks(void)
{
	comes_out("Trace Go1.11\n" G1_STARTS "GoCreate dt=9 g=2\n"
	          "Batch p=1 ticks=50\nGoStart dt=10 g=2 seq=1\nGoEnd dt=60\n"
	          "Frequency freq=1000000000\n",
	          11,
	          "0 GoCreate g0 p0\n1 GoStart g1 p0\n10 GoCreate g1 p0\n10 GoStart g2 p1\n"
	          "20 GoEnd g2 p1\n",
	          "a start follows its creation even if its clock is behind");
	is_text(verdict.message, "time stamps out of order", "Go refuses that");
}

static void of_two_that_can_be_the_earlier_comes_first(void)
{
	comes_out("Trace Go1.11\n" G1_STARTS "HeapAlloc dt=30 bytes=1\n"
	          "Batch p=1 ticks=110\nHeapAlloc dt=0 bytes=2\nHeapAlloc dt=21 bytes=3\n"
	          "Frequency freq=500000000\n",
	          11,
	          "0 GoCreate g0 p0\n2 GoStart g1 p0\n20 HeapAlloc g0 p1\n62 HeapAlloc g1 p0\n"
	          "62 HeapAlloc g0 p1\n",
	          "two Ps are merged by time; ticks become ns");
	is_text(verdict.message, "", "Go takes that");
}

static void a_syscall_ends_when_it_really_did(void)
{
	comes_out("Trace Go1.11\n" G1_STARTS "GoCreate dt=1 g=2\nGoSysCall dt=1\nGoSysCall dt=1\n"
	          "GoSysBlock dt=1\nProcStop dt=1\n"
	          "Batch p=1 ticks=110\nHeapAlloc dt=50 bytes=1\nHeapAlloc dt=40 bytes=1\n"
	          "GoSysExit dt=100 g=1 seq=2 ts=170\n"
	          "Frequency freq=1000000000\n",
	          11,
	          "0 GoCreate g0 p0\n1 GoStart g1 p0\n2 GoCreate g1 p0\n3 GoSysCall g1 p0\n"
	          "4 GoSysCall+ g1 p0\n5 GoSysBlock g1 p0\n6 ProcStop g0 p0\n60 HeapAlloc g0 p1\n"
	          "70 GoSysExit g1 p1\n100 HeapAlloc g0 p1\n",
	          "the end of a syscall moves to its own time; the one that blocks loses its P");
}

static void who_wakes_is_told_by_what_was_waited_for(void)
{
	comes_out("Trace Go1.11\n" G1_STARTS "GoCreate dt=1 g=2\nGoCreate dt=1 g=3\n"
	          "GoBlockNet dt=1\nGoStartLocal dt=1 g=2\nGoBlock dt=1\n"
	          "Batch p=1 ticks=110\nGoStart dt=0 g=3 seq=1\nGoUnblock dt=1 g=2 seq=2\n"
	          "Batch p=-1 ticks=120\nGoUnblock dt=0 g=1 seq=2\n"
	          "Frequency freq=1000000000\nTimerGoroutine g=3\n",
	          11,
	          "0 GoCreate g0 p0\n1 GoStart g1 p0\n2 GoCreate g1 p0\n3 GoCreate g1 p0\n"
	          "4 GoBlockNet g1 p0\n5 GoStart g2 p0\n6 GoBlock g2 p0\n10 GoStart g3 p1\n"
	          "11 GoUnblock g3 p1 timer\n20 GoUnblock g0 p-1 net\n",
	          "wake-ups by timers and by the network");
}

static void before_1_7_numbers_tell_the_order(void)
{
	comes_out("Trace Go1.5\n"
	          "Batch p=1 seq=5 ticks=120\nHeapAlloc dseq=0 dt=0 bytes=1\n"
	          "HeapAlloc dseq=2 dt=30 bytes=2\nGoSysExit dseq=3 dt=9 g=1 seq=4 ts=115\n"
	          "Batch p=0 seq=1 ticks=100\nGoCreate dseq=0 dt=0 g=1 start=4096\n"
	          "GoStart dseq=1 dt=1 g=1\nGoSysBlock dseq=1 dt=9\n"
	          "HeapAlloc dseq=3 dt=20 bytes=3\n"
	          "Frequency freq=1000000000\n",
	          5,
	          "0 GoCreate g0 p0\n1 GoStart g1 p0\n10 GoSysBlock g1 p0\n15 GoSysExit g1 p1\n"
	          "20 HeapAlloc g0 p1\n30 HeapAlloc g0 p0\n50 HeapAlloc g0 p1\n",
	          "header 1.5: by sequence number, the end of a syscall by its own");
	is_text(verdict.message, "", "that is a good trace");
}

static void futile_wakeups_are_gone(void)
{
	comes_out("Trace Go1.5\n"
	          "Batch p=0 seq=1 ticks=100\nGoCreate dseq=0 dt=0 g=1 start=1\n"
	          "GoCreate dseq=1 dt=0 g=2 start=1\nGoStart dseq=1 dt=1 g=1\n"
	          "GoBlockRecv dseq=1 dt=1\nGoStart dseq=1 dt=1 g=2\nGoUnblock dseq=1 dt=1 g=1\n"
	          "GoBlock dseq=1 dt=1\nGoStart dseq=1 dt=1 g=1\nGoPreempt dseq=1 dt=1\n"
	          "GoStart dseq=1 dt=1 g=1\nFutileWakeup dseq=1 dt=1\nGoBlockRecv dseq=1 dt=1\n"
	          "HeapAlloc dseq=1 dt=1 bytes=1\n"
	          "Frequency freq=1000000000\n",
	          5,
	          "0 GoCreate g0 p0\n0 GoCreate g0 p0\n1 GoStart g1 p0\n2 GoBlockRecv g1 p0\n"
	          "3 GoStart g2 p0\n5 GoBlock g2 p0\n11 HeapAlloc g0 p0\n",
	          "a goroutine woken in vain waits throughout");
}

static void samples_come_at_their_own_time(void)
{
	comes_out("Trace Go1.19\n" G1_STARTS "HeapAlloc dt=9 bytes=1\n"
	          "Batch p=0 ticks=900\nCPUSample dt=0 ts=108 p=3 g=7\nCPUSample dt=1 ts=105 p=-1\n"
	          "Frequency freq=1000000000\n",
	          19,
	          "0 GoCreate g0 p0\n1 GoStart g1 p0\n5 CPUSample g0 p-1\n8 CPUSample g7 p3\n"
	          "10 HeapAlloc g1 p0\n",
	          "CPU samples: when and where they were taken");
}

static void damage_costs_what_stands_there(void)
{
	static const char *const batches[] = {
		"Batch p=0 ticks=100\nGoCreate dt=0 g=1\nGoStartLocal dt=1 g=1\n",
		"HeapAlloc dt=1 bytes=7\nHeapAlloc dt=1 bytes=7\n",
		"Batch p=0 ticks=200\nHeapAlloc dt=1 bytes=8\n",
		"Frequency freq=1000000000\n",
	};
	char text[1024];

	snprintf(text, sizeof(text), "Trace Go1.11\n%sBytes 3f 3f 41\n%s%s%s", batches[0],
	         batches[1], batches[2], batches[3]);
	comes_out(text, 11, "0 GoCreate g0 p0\n1 GoStart g1 p0\n101 HeapAlloc g1 p0\n",
	          "behind bad bytes the next batch is found");
	is_u64(lost_bytes, 3 + 6, "what lies between is lost, and said");
	is_text(verdict.message, "expected a record of a type that this version has",
	        "Go refuses that");
}

static void what_cannot_be_is_taken_as_it_comes(void)
{
	comes_out("Trace Go1.11\n" G1_STARTS "GoBlock dt=1\nGoStart dt=4 g=1 seq=9\nGoEnd dt=1\n"
	          "Batch p=1 ticks=103\nGoStart dt=1 g=5 seq=3\nGoEnd dt=1\n"
	          "Frequency freq=1000000000\n",
	          11,
	          "0 GoCreate g0 p0\n1 GoStart g1 p0\n2 GoBlock g1 p0\n4 GoStart g5 p1\n"
	          "5 GoEnd g5 p1\n6 GoStart g1 p0\n7 GoEnd g1 p0\n",
	          "events whose goroutine was lost");
	is_text(verdict.message, "no consistent ordering of events possible", "Go refuses that");
}

static void without_a_frequency_a_tick_is_a_nanosecond(void)
{
	comes_out("Trace Go1.11\n" G1_STARTS, 11, "0 GoCreate g0 p0\n1 GoStart g1 p0\n",
	          "a trace without a clock");
	is_text(verdict.message, "there is no frequency", "Go refuses that");
}

/* A broken time in a batch is no later than the P's next batch. */
static void a_broken_time_lasts_for_its_batch(void)
{
	comes_out("Trace Go1.11\n" G1_STARTS "HeapAlloc dt=99999999999999 bytes=1\n"
	          "Batch p=0 ticks=150\nGoBlock dt=1\n"
	          "Batch p=1 ticks=160\nGoUnblock dt=0 g=1 seq=2\n"
	          "Frequency freq=1000000000\n",
	          11,
	          "0 GoCreate g0 p0\n1 GoStart g1 p0\n50 HeapAlloc g1 p0\n51 GoBlock g1 p0\n"
	          "60 GoUnblock g0 p1\n",
	          "a time far ahead");
}

static void cut_anywhere_it_keeps_what_was_written(void)
{
	byte_array bytes = { 0 };
	uint64_t most = 0;
	bool good = true;

	assemble(&bytes, "Trace Go1.11\n" G1_STARTS "UserLog dt=1 task=1 key=1 data=\"text\"\n"
	                 "Batch p=1 ticks=120\nHeapAlloc dt=1 bytes=300\nHeapAlloc dt=1 bytes=4\n"
	                 "Frequency freq=1000000000\nString id=1 data=\"key\"\n");
	for (size_t len = VERSION_HEADER; len <= bytes.count; len++) {
		order((struct bytes){ bytes.items, len }, 11);
		good = good && events >= most && lost_bytes < 16;
		most = events;
	}
	ok(good, "a longer file has no fewer events, and loses one record at most");
	is_u64(most, 5, "the whole one has them all");
	is_u64(lost_bytes, 0, "and loses nothing");
	array_free(&bytes);
}

int main(void)
{
	goroutines_decide_before_clocks();
	of_two_that_can_be_the_earlier_comes_first();
	a_syscall_ends_when_it_really_did();
	who_wakes_is_told_by_what_was_waited_for();
	before_1_7_numbers_tell_the_order();
	futile_wakeups_are_gone();
	samples_come_at_their_own_time();
	damage_costs_what_stands_there();
	what_cannot_be_is_taken_as_it_comes();
	without_a_frequency_a_tick_is_a_nanosecond();
	a_broken_time_lasts_for_its_batch();
	cut_anywhere_it_keeps_what_was_written();
	is_u64(atomic_load(&budget.used), 0, "all memory comes back");
	return tap_done();
}
