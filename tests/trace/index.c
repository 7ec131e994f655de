/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/index.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/trace/v2_wire.h"
#include "tests/tap.h"
#include "tests/trace_text.h"

static struct budget budget;

/* Two generations with a batch of every kind, as Go 1.26 writes them. */
static const char two[] = "Trace Go1.26\n"
			  "EventBatch gen=7 m=-1 time=90 size=auto\n"
			  "Sync\n"
			  "ClockSnapshot dt=1 mono=2 sec=3 nsec=4\n"
			  "Frequency freq=1000000000\n"
			  "EventBatch gen=7 m=5 time=100 size=auto\n"
			  "ProcStop dt=1\n"
			  "EventBatch gen=7 m=6 time=0 size=auto\n"
			  "ExperimentalBatch exp=1 gen=7 m=5 time=100\n"
			  "\tdata=\"abc\"\n"
			  "EventBatch gen=7 m=-1 time=100 size=auto\n"
			  "Stacks\n"
			  "EventBatch gen=7 m=-1 time=100 size=auto\n"
			  "Strings\n"
			  "EventBatch gen=7 m=-1 time=100 size=auto\n"
			  "CPUSamples\n"
			  "EndOfGeneration\n"
			  "EventBatch gen=8 m=5 time=200 size=auto\n"
			  "ProcStop dt=1\n"
			  "ProcStop dt=1\n"
			  "EndOfGeneration\n";

struct indexed {
	struct source source;
	struct index index;
	byte_array bytes;
};

static bool index_of(struct indexed *in, const char *text, size_t cut)
{
	struct error err = { 0 };

	in->bytes = (byte_array){ .budget = &budget };
	if (!trace_text_assemble(bytes_of(text), &in->bytes, &err))
		printf("# %s\n", err.message);
	if (cut < in->bytes.count)
		in->bytes.count = cut;
	source_open_stream(&in->source, &budget);
	source_append(&in->source, (struct bytes){ in->bytes.items, in->bytes.count });
	source_finish(&in->source);
	if (!index_open(&in->index, &budget, &in->source, &err))
		return false;
	while (index_step(&in->index, &in->source, 3))
		;
	return true;
}

static void done(struct indexed *in)
{
	index_free(&in->index);
	source_close(&in->source);
	array_free(&in->bytes);
}

static void batches_by_generation_and_kind(void)
{
	static const uint8_t kinds[] = { BATCH_SYNC,   BATCH_EVENTS,  BATCH_EXPERIMENTAL,
		                         BATCH_STACKS, BATCH_STRINGS, BATCH_SAMPLES,
		                         BATCH_EVENTS };
	struct indexed in;
	bool good = index_of(&in, two, SIZE_MAX);

	is_u64(in.index.batches.count, sizeof(kinds), "the empty batch is not kept");
	for (size_t i = 0; i < sizeof(kinds) && i < in.index.batches.count; i++)
		good = good && in.index.batches.items[i].kind == kinds[i];
	ok(good, "kinds follow from the first byte");
	is_u64(in.index.generations.count, 2, "generations");
	is_u64(in.index.generations.items[0].batch_count, 6, "batches of the first");
	is_u64(in.index.generations.items[1].first_batch, 6, "first batch of the second");
	is_u64(in.index.generations.items[0].begin_ticks, 90, "its earliest time; 0 is none");
	ok(!in.index.generations.items[0].clock_is_assumed &&
	           in.index.generations.items[0].begin_ns == 90,
	   "the first has a clock");
	ok(in.index.generations.items[1].clock_is_assumed &&
	           in.index.generations.items[1].begin_ns == 200,
	   "the second takes it, which is said");
	is_u64(in.index.generations.items[1].event_bytes, 4, "bytes of events");
	is_u64(in.index.generations.items[1].end, in.bytes.count, "the last ends with the file");
	is_u64(in.index.experimental, 1, "experimental batches");
	is_u64(in.index.damage.bytes, 0, "nothing is lost");
	done(&in);
}

/* What is closed at any time is closed for good, and bytes that come one by one give the same. */
static void grows_byte_by_byte(void)
{
	struct indexed in, slow = { .bytes = { .budget = &budget } };
	struct error err = { 0 };
	bool good = index_of(&in, two, SIZE_MAX);
	size_t at = VERSION_HEADER;

	source_open_stream(&slow.source, &budget);
	source_append(&slow.source, (struct bytes){ in.bytes.items, at });
	good = good && index_open(&slow.index, &budget, &slow.source, &err);
	for (; at < in.bytes.count; at++) {
		size_t before = index_closed(&slow.index);

		source_append(&slow.source, (struct bytes){ in.bytes.items + at, 1 });
		while (index_step(&slow.index, &slow.source, 1))
			;
		good = good && index_closed(&slow.index) >= before && !slow.index.is_finished;
	}
	is_u64(index_closed(&slow.index), 2, "end marks close generations before the file ends");
	source_finish(&slow.source);
	while (index_step(&slow.index, &slow.source, 1))
		;
	ok(good && slow.index.batches.count == in.index.batches.count &&
	           memcmp(slow.index.batches.items, in.index.batches.items,
	                  in.index.batches.count * sizeof(struct batch)) == 0 &&
	           memcmp(slow.index.generations.items, in.index.generations.items,
	                  2 * sizeof(struct generation)) == 0,
	   "byte by byte is as all at once");
	done(&slow);
	done(&in);
}

static void cut_anywhere_the_rest_is_lost(void)
{
	struct indexed whole, in;
	bool good = index_of(&whole, two, SIZE_MAX);

	for (size_t cut = VERSION_HEADER; cut < whole.bytes.count && good; cut++) {
		uint64_t behind = VERSION_HEADER;

		good = index_of(&in, two, cut);
		behind = in.index.generations.count == 0
		                 ? VERSION_HEADER
		                 : in.index.generations.items[in.index.generations.count - 1].end;
		good = good && in.index.damage.bytes + behind == cut &&
		       in.index.batches.count <= whole.index.batches.count;
		if (!good)
			printf("# cut at %zu: lost %" PRIu64 ", behind %" PRIu64 "\n", cut,
			       in.index.damage.bytes, behind);
		done(&in);
	}
	ok(good, "what is behind the last batch is lost, to the byte");
	done(&whole);
}

/* Text that ends in something that is no batch, of len bytes. */
static void loses(const char *text, uint64_t len, const char *what)
{
	struct indexed in;

	index_of(&in, text, SIZE_MAX);
	is_u64(in.index.damage.bytes, len, what);
	is_u64(in.index.batches.count, 1, "what stands before is kept");
	done(&in);
}

#define ONE(version) "Trace Go1." version "\nEventBatch gen=1 m=0 time=1 size=2\nProcStop dt=1\n"

static void damage(void)
{
	loses(ONE("26") "ProcStop dt=1\n", 2, "a byte that begins no batch");
	loses(ONE("26") "EventBatch gen=0 m=0 time=1 size=0\n", 5, "generation 0");
	loses(ONE("26") "EventBatch gen=1 m=0 time=1 size=65537\n", 7, "a batch that is too large");
	loses(ONE("26") "EventBatch gen=1 m=0 time=1 size=3\n", 0,
	      "one cut short behind its header");
	loses(ONE("25") "ProcsChange dt=52 procs_value=1 stack=1\n", 4,
	      "no batch in Go 1.25, either");
}

/* ---- what neighbours know better */

/* Three batches of a thread in one generation; in between what is odd. */
#define HEAD(version) "Trace Go1." version "\n"
#define BATCH(generation, time)                                                                    \
	"EventBatch gen=" generation " m=7 time=" time " size=4\nProcStop dt=1\nProcStop dt=1\n"

static void keeps(const char *text, size_t batches, size_t generations, enum damage_grade worst,
                  const char *what)
{
	struct indexed in;
	int grade = DAMAGE_GRADES - 2; /* the end is none's here */

	index_of(&in, text, SIZE_MAX);
	while (grade > 0 && in.index.damage.counts[grade] == 0)
		grade--;
	ok(in.index.batches.count == batches && in.index.generations.count == generations &&
	           in.index.damage.bytes == 0 && grade == (int)worst,
	   "%s", what);
	if (in.index.batches.count != batches || in.index.generations.count != generations)
		printf("# %zu batches in %zu generations\n", in.index.batches.count,
		       in.index.generations.count);
	done(&in);
}

static void neighbours_outvote_a_generation(void)
{
	keeps(HEAD("26") BATCH("1", "5") BATCH("9", "5") BATCH("1", "6") "EndOfGeneration\n", 3, 1,
	      DAMAGE_LOCAL, "in the middle");
	keeps(HEAD("26") BATCH("1", "5") BATCH("1", "5") BATCH("9", "6") "EndOfGeneration\n", 3, 1,
	      DAMAGE_LOCAL, "the last");
	keeps(HEAD("26") BATCH("9", "5") BATCH("1", "5") BATCH("1", "6") "EndOfGeneration\n", 3, 1,
	      DAMAGE_LOCAL, "the first");
	keeps(HEAD("23") BATCH("1", "5") BATCH("2", "5") BATCH("1", "6"), 3, 1, DAMAGE_LOCAL,
	      "the next one, where there are no marks");
	keeps(HEAD("23") BATCH("1", "5") BATCH("9", "5") BATCH("2", "6"), 3, 2, DAMAGE_LOCAL,
	      "between two");
	keeps(HEAD("23") BATCH("1", "5") BATCH("2", "5") BATCH("2", "6"), 3, 2, DAMAGE_NOTE,
	      "but not where the one behind agrees");
	keeps(HEAD("26") BATCH("1", "5") "EndOfGeneration\n" BATCH("7", "5")
	              BATCH("7", "6") "EndOfGeneration\n",
	      3, 2, DAMAGE_NOTE, "nor where generations are left out");
}

static void neighbours_outvote_a_time(void)
{
	static const char hours[] = "99000000000000"; /* of 1 ns */
	static const uint64_t most = 1000;
	struct indexed in;
	static const char *const texts[] = {
		HEAD("26") BATCH("1", "5") BATCH("1", "99000000000000") BATCH("1", "6"),
		HEAD("26") BATCH("1", "5") BATCH("1", "6") BATCH("1", "99000000000000"),
		HEAD("26") BATCH("1", "99000000000000") BATCH("1", "5") BATCH("1", "6"),
	};

	for (size_t i = 0; i < 3; i++) {
		index_of(&in, texts[i], SIZE_MAX);
		ok(in.index.generations.count == 1 &&
		           in.index.generations.items[0].last_ticks < most &&
		           in.index.damage.counts[DAMAGE_LOCAL] == 1,
		   "batch %zu is not %s later", i + 1, hours);
		done(&in);
	}
	index_of(&in,
	         HEAD("26") BATCH("1", "5") BATCH("1", "99000000000000")
	                 BATCH("1", "99000000000001"),
	         SIZE_MAX);
	is_u64(in.index.generations.items[0].begin_ticks, 99000000000000,
	       "one against two has it wrong, and be it the first");
	done(&in);
}

/* Sizes are not padded in these: two batches in a row have to fit, and so their times. */
#define LATE "5000000"

static void a_size_that_leads_astray(void)
{
	static const char *const before = HEAD("26") BATCH("1", LATE "5");
	static const struct {
		const char *size;
		uint32_t real; /* two or six records of two bytes */
		const char *found;
	} cases[] = {
		{ "11", 4, "11; it has 4" },
		{ "40000", 4, "40000; it has 4" },
		{ "65537", 4, "none; it has 4" },
		{ "4", 12, "4; it has 12" },
	};
	char text[1024];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct indexed in;
		const char *more = cases[i].real == 4 ? "" : "ProcStop dt=1\nProcStop dt=1\n";

		snprintf(text, sizeof(text),
		         "%sEventBatch gen=1 m=7 time=" LATE "5 size=%s\n"
		         "ProcStop dt=1\nProcStop dt=1\n%s%s" BATCH("1", LATE "5")
		                 BATCH("1", LATE "6") BATCH("1", LATE "6") "EndOfGeneration\n",
		         before, cases[i].size, more, more);
		index_of(&in, text, SIZE_MAX);
		ok(in.index.batches.count == 5 && in.index.batches.items[1].size == cases[i].real &&
		           in.index.damage.bytes == 0,
		   "size %s: it goes to the next one", cases[i].size);
		is_text(in.index.damage.rows.count > 0 ? in.index.damage.rows.items[0].found : "",
		        cases[i].found, "which is said");
		done(&in);
	}
}

/* Bytes that are no batch between others: they are lost, and who comes behind may lack something.
 */
static void a_gap(void)
{
	struct indexed in;

	index_of(&in,
	         HEAD("26") BATCH("1", LATE "5") "ProcStop dt=1\nProcStop dt=1\n"
	                                         "ProcStop dt=1\n" BATCH("1", LATE "8")
	                                                 BATCH("1", LATE "9") "EndOfGeneration\n",
	         SIZE_MAX);
	is_u64(in.index.batches.count, 3, "batches around a gap");
	is_u64(in.index.damage.bytes, 6, "which is lost");
	ok(in.index.batches.items[0].gaps == 0 && in.index.batches.items[1].gaps == 1 &&
	           in.index.batches.items[2].gaps == 1,
	   "those behind know of it");
	ok(in.index.damage.rows.items[0].begin_ns == 50000005 * INT64_C(64) &&
	           in.index.damage.rows.items[0].end_ns == 50000008 * INT64_C(64) &&
	           in.index.damage.rows.items[0].generation == 1,
	   "it is between the times of its neighbours");
	done(&in);
}

static void another_trace_behind_it(void)
{
	struct indexed in, alone;
	byte_array twice = { .budget = &budget };
	struct error err = { 0 };

	index_of(&alone, two, SIZE_MAX);
	for (size_t i = 0; i < 2 * alone.bytes.count; i++)
		*array_push(&twice) = alone.bytes.items[i % alone.bytes.count];
	source_open_stream(&in.source, &budget);
	source_append(&in.source, (struct bytes){ twice.items, twice.count });
	source_finish(&in.source);
	index_open(&in.index, &budget, &in.source, &err);
	while (index_step(&in.index, &in.source, 3))
		;
	in.bytes = twice;
	is_u64(in.index.generations.count, 2, "the first of two is read");
	is_u64(in.index.damage.bytes, alone.bytes.count, "the second is lost");
	is_u64(damage_first(&in.index.damage)->offset, alone.bytes.count, "where it begins");
	done(&in);
	done(&alone);
}

static void older_versions_change_generations_by_number(void)
{
	struct indexed in;

	index_of(&in,
	         ONE("23") "EventBatch gen=1 m=-1 time=1 size=auto\nFrequency freq=1000000\n"
	                   "EventBatch gen=2 m=0 time=3 size=2\nProcStop dt=1\n",
	         SIZE_MAX);
	is_u64(in.index.generations.count, 2, "generations");
	is_u64(in.index.batches.items[1].kind, BATCH_SYNC, "a frequency alone is a sync batch");
	is_i64(in.index.generations.items[1].begin_ns, 3000,
	       "a generation without a frequency has that of the one before");
	done(&in);
}

/* The same trace as a file: its header, and the rest at an offset. */
static int file_of(const byte_array *bytes, uint64_t offset)
{
	char path[] = "gander-index-XXXXXX";
	int fd = mkstemp(path);
	size_t rest = bytes->count - VERSION_HEADER;

	unlink(path);
	if (fd < 0 || pwrite(fd, bytes->items, VERSION_HEADER, 0) != VERSION_HEADER ||
	    pwrite(fd, bytes->items + VERSION_HEADER, rest, (off_t)offset) != (ssize_t)rest) {
		close(fd);
		return -1;
	}
	return fd;
}

/* As if 5 GiB of batches had been found already: the file has a hole in their place. */
static void batches_beyond_4_gib(void)
{
	const uint64_t far = (UINT64_C(5) << 30) + 7;
	byte_array bytes = { .budget = &budget };
	struct indexed in;
	struct error err = { 0 };
	uint8_t first = 0;
	int fd;

	trace_text_assemble(bytes_of(two), &bytes, &err);
	fd = file_of(&bytes, far);
	if (fd < 0) {
		skip("beyond 4 GiB", "no file can be that large here");
		array_free(&bytes);
		return;
	}
	source_open_file(&in.source, &budget, fd, far + bytes.count - VERSION_HEADER);
	ok(index_open(&in.index, &budget, &in.source, &err), "opens");
	in.index.at = far;
	while (index_step(&in.index, &in.source, 3))
		;
	is_u64(in.index.batches.count, 7, "batches beyond 4 GiB");
	is_u64(in.index.generations.items[0].begin, far, "where they begin");
	is_u64(in.index.generations.items[1].end, atomic_load(&in.source.end), "and end");
	ok(source_read(&in.source, in.index.batches.items[6].offset, &first, 1, &err) == 1 &&
	           first == WIRE_PROC_STOP,
	   "the last one's payload");
	is_u64(in.index.generations.items[0].clock_is_assumed, 0, "frequency read from there");
	in.bytes = bytes;
	done(&in);
}

/* Bytes of payloads behind an offset: who reads them will miss them. */
static uint64_t beyond(const struct index *index, uint64_t offset)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < index->batches.count; i++) {
		const struct batch *batch = &index->batches.items[i];
		uint64_t begin = batch->offset > offset ? batch->offset : offset;

		if (batch->offset + batch->size > begin)
			sum += batch->offset + batch->size - begin;
	}
	return sum;
}

/* Cut by somebody after it was opened, between two batches or within one. */
static void a_file_that_shrinks(void)
{
	byte_array bytes = { .budget = &budget };
	struct indexed in;
	struct error err = { 0 };
	uint64_t missing;
	size_t len;
	int fd;

	trace_text_assemble(bytes_of(two), &bytes, &err);
	fd = file_of(&bytes, VERSION_HEADER);
	len = bytes.count;
	for (size_t now = len - 1; fd >= 0 && now >= VERSION_HEADER; now--) {
		if (ftruncate(fd, (off_t)now) != 0)
			break;
		source_open_file(&in.source, &budget, dup(fd), len);
		if (!index_open(&in.index, &budget, &in.source, &err))
			break;
		while (index_step(&in.index, &in.source, 3))
			;
		missing = in.index.damage.bytes + beyond(&in.index, now);
		if (missing < len - now)
			ok(false, "cut to %zu bytes all that is missing is known", now);
		index_free(&in.index);
		source_close(&in.source);
	}
	ok(err.kind == ERROR_NONE, "whatever is left of it is indexed");
	close(fd);
	array_free(&bytes);
}

static void a_file_that_is_followed(void)
{
	byte_array bytes = { .budget = &budget };
	struct indexed in;
	struct error err = { 0 };
	size_t closed = 0;
	bool good = true;

	trace_text_assemble(bytes_of(two), &bytes, &err);
	source_open_file(&in.source, &budget, file_of(&bytes, VERSION_HEADER), VERSION_HEADER);
	source_follow(&in.source);
	ok(index_open(&in.index, &budget, &in.source, &err), "opens with its header");
	for (size_t now = VERSION_HEADER; now <= bytes.count; now++) {
		source_grow(&in.source, now);
		while (index_step(&in.index, &in.source, 3))
			;
		good = good && index_closed(&in.index) >= closed &&
		       !damage_is_serious(&in.index.damage);
		closed = index_closed(&in.index);
		if (now == bytes.count - 1)
			is_u64(closed, 1, "one generation is complete before the last byte");
	}
	ok(good, "grows byte by byte");
	is_u64(closed, 2, "and two with it");
	ok(!in.index.is_finished, "but more may come");
	in.bytes = bytes;
	done(&in);
}

/* Who loads has taken all of it: what is loaded would be all of the trace without the rest. */
static void memory_is_short_for_a_while(void)
{
	size_t promised = 0;
	struct indexed in;

	budget.limit = 64 << 20;
	budget.is_asked = true;
	budget_promise(&budget, &promised, 64 << 20);
	ok(budget_is_short(&budget) && index_of(&in, two, SIZE_MAX), "nothing is left");
	ok(!in.index.is_full && in.index.generations.count == 2 && in.index.damage.bytes == 0,
	   "the index is whole all the same");
	budget_promise(&budget, &promised, 0);
	done(&in);
	budget.limit = 0;
	budget.is_asked = false;
}

int main(void)
{
	batches_by_generation_and_kind();
	grows_byte_by_byte();
	cut_anywhere_the_rest_is_lost();
	damage();
	neighbours_outvote_a_generation();
	neighbours_outvote_a_time();
	a_size_that_leads_astray();
	a_gap();
	another_trace_behind_it();
	older_versions_change_generations_by_number();
	memory_is_short_for_a_while();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	batches_beyond_4_gib();
	a_file_that_shrinks();
	a_file_that_is_followed();
	return tap_done();
}
