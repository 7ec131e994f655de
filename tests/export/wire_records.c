/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/wire_text.h"
#include "core/trace/v2_wire.h"

#include <stdlib.h>

#include "tests/tap.h"
#include "tests/trace_text.h"

static struct budget budget;

/* Every record of every kind that has one. */
static const char some[] = "EventBatch gen=1 m=18446744073709551615 time=90 size=11\n"
			   "Sync\n"
			   "Frequency freq=1000000000\n"
			   "ClockSnapshot dt=0 mono=1 sec=2 nsec=3\n"
			   "EventBatch gen=1 m=7 time=100 size=9\n"
			   "GoCreate dt=1 new_g=2 new_stack=3 stack=4\n"
			   "UserLog dt=5 task=6 key_string=7 value_string=8 stack=300\n"
			   "ExperimentalBatch exp=1 gen=1 m=7 time=100\n"
			   "\tdata=\"\\x00\\xff\"\n"
			   "EventBatch gen=1 m=7 time=100 size=20\n"
			   "Stacks\n"
			   "Stack id=1 nframes=2\n"
			   "\tpc=1 func=2 file=3 line=4\n"
			   "\tpc=5 func=6 file=7 line=8\n"
			   "Stack id=2 nframes=0\n"
			   "EventBatch gen=1 m=7 time=100 size=20\n"
			   "Strings\n"
			   "String id=1\n"
			   "\tdata=\"a \\\"text\\\"\"\n"
			   "EventBatch gen=1 m=7 time=100 size=7\n"
			   "CPUSamples\n"
			   "CPUSample time=1 m=2 p=3 g=4 stack=5\n"
			   "HeapObject dt=1 id=2 type=3\n"
			   "EndOfGeneration\n";

struct opened {
	struct source source;
	struct index index; /* strict needs its version only */
	struct wire_records records;
};

static void begin(struct opened *in, const byte_array *trace, size_t len, unsigned minor)
{
	source_open_stream(&in->source, &budget);
	source_append(&in->source, (struct bytes){ trace->items, len });
	source_finish(&in->source);
	in->index = (struct index){ .version = { .minor = minor } };
	wire_records_init(&in->records, &budget, &in->index, &in->source, true);
}

static void end(struct opened *in)
{
	wire_records_free(&in->records);
	source_close(&in->source);
}

static bool assemble(const char *text, unsigned minor, byte_array *trace)
{
	char *whole = malloc(strlen(text) + 32);
	struct error err = { 0 };
	bool good;

	sprintf(whole, "Trace Go1.%u\n%s", minor, text);
	good = trace_text_assemble(bytes_of(whole), trace, &err);
	if (!good)
		printf("# %s\n", err.message);
	free(whole);
	return good;
}

static size_t count_records(const byte_array *trace, size_t len, unsigned minor, struct error *err)
{
	struct wire_record record;
	struct opened in;
	size_t count = 0;

	begin(&in, trace, len, minor);
	while (wire_records_next(&in.records, &record, err))
		count++;
	end(&in);
	return count;
}

static bool keep(void *context, struct bytes text)
{
	byte_array *all = context;

	for (size_t i = 0; i < text.len; i++)
		*array_push(all) = text.data[i];
	return true;
}

static void text_of_records_is_what_they_were_made_of(void)
{
	static struct text_out out;
	byte_array trace = { .budget = &budget }, text = { .budget = &budget };
	struct wire_record record;
	struct error err = { 0 };
	struct opened in;

	ok(assemble(some, 26, &trace), "it is a trace");
	begin(&in, &trace, trace.count, 26);
	out = (struct text_out){ .take = keep, .context = &text };
	while (wire_records_next(&in.records, &record, &err))
		wire_text(&out, &record);
	text_flush(&out);
	end(&in);
	ok(err.kind == ERROR_NONE, "no record is amiss");
	ok(bytes_equal((struct bytes){ text.items, text.count }, bytes_of(some)),
	   "the same text again");
	array_free(&trace);
	array_free(&text);
}

/* As Go has it; so such a text can't be assembled again. */
static void an_empty_text_has_no_line(void)
{
	static struct text_out out;
	byte_array text = { .budget = &budget };
	struct wire_record record = {
		.type = WIRE_STRING, .arg_count = 1, .arg = { 7 }, .has_data = true
	};

	out = (struct text_out){ .take = keep, .context = &text };
	wire_text(&out, &record);
	text_flush(&out);
	ok(bytes_equal((struct bytes){ text.items, text.count }, bytes_of("String id=7\n")),
	   "an empty text has no line of its own");
	array_free(&text);
}

static void footprint_has_every_byte(void)
{
	byte_array trace = { .budget = &budget };
	struct footprint footprint = { .records = 0 };
	struct wire_record record;
	struct error err = { 0 };
	struct opened in;
	uint64_t bytes = 0;

	assemble(some, 26, &trace);
	begin(&in, &trace, trace.count, 26);
	while (wire_records_next(&in.records, &record, &err))
		footprint_add(&footprint, &record);
	end(&in);
	for (unsigned type = 0; type < 256; type++)
		bytes += footprint.bytes[type];
	is_u64(bytes + 16, trace.count, "the records' bytes and the header are all");
	is_u64(footprint.count[WIRE_STACK], 2, "stacks");
	is_u64(footprint.bytes[WIRE_STACK], 3 + 8 + 3, "bytes of stacks");
	array_free(&trace);
}

static void a_cut_ends_it_at_a_record(void)
{
	byte_array trace = { .budget = &budget };
	size_t before = 0, all;
	bool good = true, rises = true;
	struct error err = { 0 };

	assemble(some, 26, &trace);
	all = count_records(&trace, trace.count, 26, &err);
	for (size_t len = 16; len < trace.count; len++) {
		struct error cut = { 0 };
		size_t count = count_records(&trace, len, 26, &cut);

		good = good && count < all &&
		       (cut.kind == ERROR_NONE || (cut.offset >= 16 && cut.offset < len));
		rises = rises && count >= before;
		before = count;
	}
	ok(good, "cut anywhere, it says where the last record began");
	ok(rises, "the more bytes, the more records");
	array_free(&trace);
}

/* Of 1.23 on the runtime writes them, though Go's table of 1.23 and 1.25 has none. */
static void experimental_events_go_on_unless_strict(void)
{
	for (unsigned minor = 22; minor <= 25; minor++) {
		byte_array trace = { .budget = &budget };
		struct error err = { 0 };
		struct wire_record record;
		struct opened in;

		if (minor == 24)
			continue;
		assemble("HeapObject dt=1 id=2 type=3\n", 26, &trace);
		is_u64(count_records(&trace, trace.count, minor, &err), 0, "strict, as Go");
		begin(&in, &trace, trace.count, minor);
		in.records.is_strict = false;
		ok(wire_records_next(&in.records, &record, &err) == (minor >= 23),
		   "an experimental event in 1.%u", minor);
		end(&in);
		array_free(&trace);
	}
}

static void versions_know_their_types(void)
{
	static const struct {
		unsigned minor;
		const char *last, *next;
	} cases[] = {
		{ 22, "UserLog dt=1 task=0 key_string=0 value_string=0 stack=0\n",
		  "GoSwitch dt=1 g=1 g_seq=1\n" },
		{ 23, "ExperimentalBatch exp=1 gen=1 m=1 time=1\n\tdata=\"\"\n", "Sync\n" },
		{ 25, "ClockSnapshot dt=1 mono=1 sec=1 nsec=1\n", "EndOfGeneration\n" },
		{ 26, "GoroutineStackFree dt=1 id=1\n", NULL },
	};

	experimental_events_go_on_unless_strict();
	for (size_t i = 0; i < 4; i++) {
		byte_array trace = { .budget = &budget };
		struct error err = { 0 }, none = { 0 };

		assemble(cases[i].last, cases[i].minor, &trace);
		is_u64(count_records(&trace, trace.count, cases[i].minor, &none), 1,
		       "the last type of a version");
		array_clear(&trace);
		if (cases[i].next == NULL) {
			assemble("", 26, &trace);
			*array_push(&trace) = WIRE_TYPES;
			for (int n = 0; n < 9; n++)
				*array_push(&trace) = 1;
		} else {
			assemble(cases[i].next, 26, &trace);
		}
		is_u64(count_records(&trace, trace.count, cases[i].minor, &err), 0,
		       "the next one is none");
		is_u64(err.offset, 16, "and stands there");
		array_free(&trace);
	}
}

static void put_uvarint(byte_array *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*array_push(out) = (uint8_t)(value | 0x80);
	*array_push(out) = (uint8_t)value;
}

static size_t count_string_of(uint64_t len, struct error *err)
{
	byte_array trace = { .budget = &budget };
	size_t count;

	assemble("Strings\n", 22, &trace);
	*array_push(&trace) = WIRE_STRING;
	put_uvarint(&trace, 1);
	put_uvarint(&trace, len);
	for (uint64_t i = 0; i < len && i < 4096; i++)
		*array_push(&trace) = 'x';
	count = count_records(&trace, trace.count, 22, err);
	array_free(&trace);
	return count;
}

static void sizes_have_limits(void)
{
	struct error fits = { 0 }, more = { 0 }, most = { 0 };

	is_u64(count_string_of(1024, &fits), 2, "a text of 1024 bytes");
	is_u64(count_string_of(1025, &more), 1, "not one of 1025");
	is_u64(count_string_of(UINT64_MAX, &most), 1, "nor one of 2^64 - 1");
	ok(fits.kind == ERROR_NONE && more.kind == ERROR_MALFORMED && most.kind == ERROR_MALFORMED,
	   "which is said");
}

/* More than the reader holds at a time. */
static void long_files_are_read_in_pieces(void)
{
	byte_array trace = { .budget = &budget };
	struct wire_record record;
	struct error err = { 0 };
	struct opened in;
	uint64_t id = 0;
	bool good = true;

	assemble("", 22, &trace);
	for (uint64_t i = 0; i < 3000; i++) {
		*array_push(&trace) = WIRE_STRING;
		put_uvarint(&trace, i);
		put_uvarint(&trace, i % 1025);
		for (uint64_t n = 0; n < i % 1025; n++)
			*array_push(&trace) = (uint8_t)(i + n);
	}
	begin(&in, &trace, trace.count, 22);
	for (; wire_records_next(&in.records, &record, &err); id++) {
		good = good && record.arg[0] == id && record.data.len == id % 1025;
		for (size_t n = 0; good && n < record.data.len; n++)
			good = record.data.data[n] == (uint8_t)(id + n);
	}
	end(&in);
	ok(good && err.kind == ERROR_NONE, "each record whole");
	is_u64(id, 3000, "and all of them");
	array_free(&trace);
}

/* Types of the records that are found where the index knows the batches. */
static const char *types_of(const byte_array *trace, struct damage *damage)
{
	static char types[256];
	struct wire_record record;
	struct error err = { 0 };
	struct opened in;
	size_t used = 0;

	source_open_stream(&in.source, &budget);
	source_append(&in.source, (struct bytes){ trace->items, trace->count });
	source_finish(&in.source);
	if (index_open(&in.index, &budget, &in.source, &err))
		while (index_step(&in.index, &in.source, 64))
			;
	wire_records_init(&in.records, &budget, &in.index, &in.source, false);
	types[0] = '\0';
	while (wire_records_next(&in.records, &record, &err) && used < sizeof(types) - 4)
		used += (size_t)sprintf(types + used, "%u ", record.type);
	damage_join(damage, &in.index.damage);
	damage_join(damage, &in.records.damage);
	index_free(&in.index);
	end(&in);
	return types;
}

static void a_bad_record_costs_the_rest_of_its_batch(void)
{
	static const char text[] = "EventBatch gen=1 m=-1 time=1 size=auto\n"
				   "Sync\n"
				   "Frequency freq=1000000000\n"
				   "ClockSnapshot dt=0 mono=1 sec=2 nsec=3\n"
				   "EventBatch gen=1 m=7 time=1 size=auto\n"
				   "ProcStop dt=1\n"
				   "GoStart dt=1 g=9 g_seq=9\n"
				   "ProcStop dt=1\n"
				   "EventBatch gen=1 m=7 time=1 size=auto\n"
				   "ProcStop dt=1\n"
				   "EndOfGeneration\n";
	byte_array trace = { .budget = &budget };
	struct damage damage;
	uint8_t *start;

	assemble(text, 26, &trace);
	damage_init(&damage, &budget);
	is_text(types_of(&trace, &damage), "1 50 8 51 1 11 16 11 1 11 52 ", "all there is");
	is_u64(damage.bytes, 0, "nothing is lost");
	start = memmem(trace.items, trace.count, "\x10\x01\x09\x09", 4);
	*start = 0xfe;
	is_text(types_of(&trace, &damage), "1 50 8 51 1 11 1 11 52 ", "without what is bad");
	is_u64(damage.bytes, 6, "which is lost");
	damage_clear(&damage);
	*start = 0x10;
	trace.items[trace.count - 8] = 0xff; /* the type of the last header */
	is_text(types_of(&trace, &damage), "1 50 8 51 1 11 16 11 ",
	        "without a batch that has none");
	is_u64(damage.bytes, 8, "what is between batches is lost once");
	damage_free(&damage);
	array_free(&trace);
}

int main(void)
{
	a_bad_record_costs_the_rest_of_its_batch();
	text_of_records_is_what_they_were_made_of();
	an_empty_text_has_no_line();
	footprint_has_every_byte();
	a_cut_ends_it_at_a_record();
	versions_know_their_types();
	sizes_have_limits();
	long_files_are_read_in_pieces();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
