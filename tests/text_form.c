/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v2_wire.h"
#include "tests/tap.h"
#include "tests/trace_text.h"

/* The assembler that the text traces of other tests go through. */
static struct budget budget;

static bool assembles_to(const char *text, const uint8_t *want, size_t len)
{
	byte_array out = { .budget = &budget };
	struct error err = { 0 };
	bool good =
		trace_text_assemble(bytes_of(text), &out, &err) &&
		bytes_equal((struct bytes){ out.items, out.count }, (struct bytes){ want, len });

	if (!good)
		printf("# %zu bytes %s\n", out.count, err.message);
	array_free(&out);
	return good;
}

static void worked_example_of_the_format(void)
{
	static const uint8_t want[] = {
		'g', 'o', ' ', '1', '.', '2', '2', ' ', 't', 'r', 'a', 'c',  'e',  0,
		0,   0,   1,   1,   0,   0,   17,  13,  1,   0,   1,   14,   1,    5,
		0,   0,   16,  1,   5,   1,   19,  1,   1,   0,   1,   1,    255,  255,
		255, 255, 255, 255, 255, 255, 255, 1,   0,   5,   8,   0xa8, 0xd6, 0xb9,
		7,   1,   1,   255, 255, 255, 255, 255, 255, 255, 255, 255,  1,    0,
		1,   2,   1,   1,   255, 255, 255, 255, 255, 255, 255, 255,  255,  1,
		0,   12,  4,   5,   1,   8,   'w', 'h', 'a', 't', 'e', 'v',  'e',  'r',
	};
	static const char text[] = "Trace Go1.22\n"
				   "EventBatch gen=1 m=0 time=0 size=17\n"
				   "ProcStatus dt=1 p=0 pstatus=1\n"
				   "GoCreate dt=1 new_g=5 new_stack=0 stack=0\n"
				   "# a comment\n"
				   "GoStart dt=1 g=5 g_seq=1\n\n"
				   "GoStop dt=1 reason_string=1 stack=0\n"
				   "EventBatch gen=1 m=18446744073709551615 time=0 size=5\n"
				   "Frequency freq=15625000\n"
				   "EventBatch gen=1 m=-1 time=0 size=auto\n"
				   "Stacks\n"
				   "EventBatch gen=1 m=-1 time=0 size=auto\n"
				   "Strings\n"
				   "String id=1\n"
				   "\tdata=\"whatever\"\n";

	ok(assembles_to(text, want, sizeof(want)), "the example of the format's description");
}

static void strings_as_go_writes_them(void)
{
	static const uint8_t want[] = {
		'g',  'o',  ' ',  '1',  '.', '2', '6',  ' ', 't',  'r',  'a', 'c',  'e',
		0,    0,    0,    5,    1,   11,  '\n', '"', '\\', 0xff, 'A', 0xc3, 0xa9,
		0xf0, 0x9f, 0x98, 0x80, 5,   2,   3,    'a', '\\', 'n',  52,
	};
	static const char text[] =
		"Trace Go1.26\n"
		"String id=1\n\tdata=\"\\n\\\"\\\\\\xff\\101\\u00e9\\U0001F600\"\n"
		"String id=2\n\tdata=`a\\n`\n"
		"EndOfGeneration\n";

	ok(assembles_to(text, want, sizeof(want)), "escapes, raw strings and UTF-8");
}

static void stacks_have_their_frames_below(void)
{
	static const uint8_t want[] = {
		'g', 'o', ' ', '1', '.', '2',  '3', ' ', 't', 'r', 'a', 'c', 'e', 0, 0, 0, 3,   7,
		2,   1,   2,   3,   4,   0x80, 1,   6,   7,   8,   49,  1,   2,   3, 4, 2, 'h', 'i',
	};
	static const char text[] = "Trace Go1.23\n"
				   "Stack id=7 nframes=2\n"
				   "\tpc=1 func=2 file=3 line=4\n"
				   "\tpc=128 func=6 file=7 line=8\n"
				   "ExperimentalBatch exp=1 gen=2 m=3 time=4\n"
				   "\tdata=\"hi\"\n";

	ok(assembles_to(text, want, sizeof(want)), "stacks and experimental batches");
}

static void errors_say_the_line(void)
{
	static const struct {
		const char *text, *begin;
	} cases[] = {
		{ "", "line 0: expected Trace Go1.N" },
		{ "Trace Go1.26\nNothing\n", "line 2: expected an event of this version" },
		{ "Trace Go1.22\n\nGoSwitch dt=1 g=1 g_seq=1\n",
		  "line 3: expected an event of this" },
		{ "Trace Go1.26\nGoStart dt=1 g=1\n", "line 2: expected g_seq=" },
		{ "Trace Go1.26\nGoStart dt=1 g=1 g_seq=\n", "line 2: expected a number" },
		{ "Trace Go1.26\nGoStart dt=18446744073709551616 g=1 g_seq=1\n",
		  "line 2: expected a number of at most 64 bits" },
		{ "Trace Go1.26\nGoDestroy dt=1 # no\n", "line 2: expected the end of the line" },
		{ "Trace Go1.26\nString id=1\ndata=a\n", "line 3: expected a string" },
		{ "Trace Go1.26\nString id=1\ndata=\"a\n", "line 3: expected the end of a string" },
		{ "Trace Go1.26\nStack id=1 nframes=1\n", "line 2: expected a frame" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		byte_array out = { .budget = &budget };
		struct error err = { 0 };

		ok(!trace_text_assemble(bytes_of(cases[i].text), &out, &err) &&
		           strncmp(err.message, cases[i].begin, strlen(cases[i].begin)) == 0,
		   "%s", cases[i].begin);
		array_free(&out);
	}
}

static void sections_of_an_archive(void)
{
	struct bytes archive = bytes_of("about\n-- one --\n1\n-- two --\n2\n2\n-- none --\n");
	struct bytes text = bytes_of("as before");

	ok(!trace_text_section(archive, "about", &text) && bytes_equal(text, bytes_of("as before")),
	   "what is not there leaves the text alone");
	ok(trace_text_section(archive, "one", &text) && bytes_equal(text, bytes_of("1\n")),
	   "first");
	ok(trace_text_section(archive, "two", &text) && bytes_equal(text, bytes_of("2\n2\n")),
	   "between two others");
	ok(trace_text_section(archive, "none", &text) && text.len == 0, "an empty one at the end");
}

int main(void)
{
	worked_example_of_the_format();
	strings_as_go_writes_them();
	stacks_have_their_frames_below();
	errors_say_the_line();
	sections_of_an_archive();
	return tap_done();
}
