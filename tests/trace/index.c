/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/index.h"

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
	is_u64(index_lost_bytes(&in.index), 0, "nothing is lost");
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
		behind = in.index.batches.count == 0
		                 ? VERSION_HEADER
		                 : in.index.generations.items[in.index.generations.count - 1].end;
		good = good && index_lost_bytes(&in.index) + behind == cut &&
		       in.index.batches.count <= whole.index.batches.count;
		if (!good)
			printf("# cut at %zu: lost %" PRIu64 ", behind %" PRIu64 "\n", cut,
			       index_lost_bytes(&in.index), behind);
		done(&in);
	}
	ok(good, "what is behind the last whole batch is lost, to the byte");
	done(&whole);
}

/* Text that ends in something that is no batch, of len bytes. */
static void loses(const char *text, uint64_t len, const char *what)
{
	struct indexed in;

	index_of(&in, text, SIZE_MAX);
	is_u64(index_lost_bytes(&in.index), len, what);
	is_u64(in.index.batches.count, 1, "what stands before is kept");
	done(&in);
}

#define ONE(version) "Trace Go1." version "\nEventBatch gen=1 m=0 time=1 size=2\nProcStop dt=1\n"

static void damage(void)
{
	loses(ONE("26") "ProcStop dt=1\n", 2, "a byte that begins no batch");
	loses(ONE("26") "EventBatch gen=0 m=0 time=1 size=0\n", 5, "generation 0");
	loses(ONE("26") "EventBatch gen=1 m=0 time=1 size=65537\n", 7, "a batch that is too large");
	loses(ONE("26") "EventBatch gen=1 m=0 time=1 size=3\nProcStop dt=1\n", 7, "one cut short");
	loses(ONE("25") "ProcsChange dt=52 procs_value=1 stack=1\n", 4,
	      "no batch in Go 1.25, either");
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

int main(void)
{
	batches_by_generation_and_kind();
	grows_byte_by_byte();
	cut_anywhere_the_rest_is_lost();
	damage();
	older_versions_change_generations_by_number();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
