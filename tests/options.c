/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/options.h"

#include "core/analysis/mutator.h"
#include "tests/tap.h"
#include "tui/status.h"

/* The grammar of answers.md 1. Of files there are a.trace, b.trace, pkg.test and one called gc. */
static bool is_file(const char *path)
{
	static const char *const files[] = { "a.trace", "b.trace", "pkg.test", "gc", "./gc", "-x" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(path, files[i]) == 0)
			return true;
	return false;
}

static struct surroundings terminal = { true, true, is_file };
static struct surroundings pipes = { false, false, is_file };

/* Parses words that are apart by a space. */
static bool parse(struct options *options, const char *line, const struct surroundings *around,
                  struct error *err)
{
	static char room[256];
	static char *argv[16];
	int argc = 1;

	argv[0] = room;

	snprintf(room, sizeof(room), "gander %s", line);
	for (char *at = room; *at != '\0'; at++)
		if (*at == ' ') {
			*at = '\0';
			argv[argc++] = at + 1;
		}
	*err = (struct error){ 0 };
	return options_parse(options, line[0] == '\0' ? 1 : argc, argv, around, err);
}

/* What a line means, as a text: "answer stw a.trace", "view -". */
static const char *meaning(const char *line, const struct surroundings *around)
{
	static const char *const actions[] = { "view",   "answer", "text",   "export",
		                               "screen", "help",   "version" };
	static char out[256];
	struct options o;
	struct error err;
	bool good = parse(&o, line, around, &err);

	if (!good)
		return memcpy(out, err.message, sizeof(err.message));
	snprintf(out, sizeof(out), "%s%s%s%s%s%s%s%s%.*s%s%s%s%s", actions[o.action],
	         o.text != NULL ? " " : "", o.text != NULL ? o.text->name : "",
	         o.export != NULL ? " " : "", o.export != NULL ? o.export->name : "",
	         o.analysis != NULL ? " " : "", o.analysis != NULL ? o.analysis->name : "",
	         o.question.has_selector ? " of " : "", (int)o.question.selector.len,
	         o.question.has_selector ? (const char *)o.question.selector.data : "",
	         o.topic != NULL ? " with " : "", o.topic != NULL ? o.topic : "",
	         o.trace != NULL ? " " : "", o.trace != NULL ? o.trace : "");
	for (size_t i = 1; i < o.trace_count; i++)
		snprintf(out + strlen(out), sizeof(out) - strlen(out), " and %s", o.traces[i]);
	return out;
}

static void operands(void)
{
	static const struct {
		const char *line, *meaning;
	} cases[] = {
		{ "a.trace", "view a.trace" },
		{ "missing.trace", "view missing.trace" },
		{ "-", "view -" },
		{ "gc", "view gc" },
		{ "./gc", "view ./gc" },
		{ "gc a.trace", "answer gc a.trace" },
		{ "gc -", "answer gc -" },
		{ "cut a.trace", "export cut a.trace" },
		{ "cut --from=1s --to 2s --output=b -", "export cut -" },
		{ "gc gc", "answer gc gc" },
		{ "--format=csv stw a.trace", "answer stw a.trace" },
		{ "stw a.trace --format csv", "answer stw a.trace" },
		{ "goroutine a.trace", "answer goroutine a.trace" },
		{ "goroutine G17 a.trace", "answer goroutine of G17 a.trace" },
		{ "goroutine main.main -", "answer goroutine of main.main -" },
		{ "screen a.trace", "screen a.trace" },
		{ "pkg.test a.trace", "view a.trace" },
		{ "http://host:6060", "view http://host:6060" },
		{ "stw http://host", "answer stw http://host" },
		{ "goroutine https://host -", "answer goroutine https://host and -" },
		{ "stw a.trace b.trace", "answer stw a.trace and b.trace" },
		{ "stw --demo", "answer stw" },
		{ "goroutine G1 a.trace b.trace", "answer goroutine of G1 a.trace and b.trace" },
		{ "goroutine a b c d e f", "answer goroutine of a b and c and d and e and f" },
		{ "--follow a.trace", "view a.trace" },
		{ "--follow -", "view -" },
		{ "-- -x", "view -x" },
		{ "--demo", "view" },
		{ "--demo stw", "answer stw" },
		{ "goroutine --demo", "answer goroutine" },
		{ "goroutine G1 --demo", "answer goroutine of G1" },
		{ "--help", "help" },
		{ "-h", "help" },
		{ "stw --help", "help with stw" },
		{ "--help screen", "help with screen" },
		{ "--version", "version" },
		{ "compare a.trace b.trace", "answer compare a.trace and b.trace" },
		{ "compare - b.trace", "answer compare - and b.trace" },
		{ "compare 1s..2s 3s..4s a.trace", "answer compare a.trace" },
		{ "compare -3s..-2s -2s.. a.trace", "answer compare a.trace" },
		{ "compare ../a ../b", "answer compare ../a and ../b" },
		{ "compare --demo ..1s 1s..", "answer compare" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_text(meaning(cases[i].line, &terminal), cases[i].meaning, cases[i].line);
	is_text(meaning("", &pipes), "standard output is not a terminal; try: gander summary FILE",
	        "a trace on standard input, but nowhere to show it");
	is_text(meaning("stw a.trace", &pipes), "answer stw a.trace", "answers need no terminal");
}

static void standard_input_is_looked_at_if_it_is_no_terminal(void)
{
	struct surroundings around = { false, true, is_file };

	is_text(meaning("", &around), "view -", "gander < a.trace");
}

#define SIDES                                                                                      \
	"compare takes two traces, or two stretches of one; try: gander compare A B, or gander "   \
	"compare 0s..1s 1s..2s FILE"

static void refusals(void)
{
	static const struct {
		const char *line, *message;
	} cases[] = {
		{ "", "no trace named; try: gander trace.out, gander --demo, or gander --help" },
		{ "summary", "summary needs a trace; try: gander summary FILE, or -" },
		{ "compare", SIDES },
		{ "compare a.trace", SIDES },
		{ "compare a.trace b.trace c.trace", SIDES },
		{ "compare 1s..2s a.trace", SIDES },
		{ "compare 1s..2s 3s..x a.trace", SIDES },
		{ "compare 1s..2s 3s..4s", SIDES },
		{ "compare --demo a.trace", SIDES },
		{ "compare 1s..2s 3s..4s a.trace b.trace", SIDES },
		{ "compare - -", "only one of two traces can be standard input" },
		{ "compare 1s..2s 4s..3s a.trace", "a stretch ends where it begins, or before" },
		{ "compare --from=1s 1s..2s 3s..4s a.trace",
		  "stretches and --from or --to do not go together" },
		{ "sumary a.trace",
		  "\"sumary\" is neither a command nor a file; did you mean summary?" },
		{ "goroutins a.trace",
		  "\"goroutins\" is neither a command nor a file; did you mean goroutines?" },
		{ "some.test a.trace",
		  "\"some.test\" is neither a command nor a file (see --help)" },
		{ "pkg.test a.trace b.trace", "one trace at a time; \"b.trace\" is one too many" },
		{ "stw --demo b.trace", "--demo is the trace; \"b.trace\" is one too many" },
		{ "events a.trace b.trace", "one trace at a time; \"b.trace\" is one too many" },
		{ "stw --from=soon a.trace",
		  "--from is a time like 412.1ms, or -1s, not \"soon\"" },
		{ "task --to=1xs a.trace", "--to is a time like 412.1ms, or -1s, not \"1xs\"" },
		{ "stw --events a.trace", "--events is for: gander task TRACE" },
		{ "http://a http://b", "one trace at a time; \"http://b\" is one too many" },
		{ "- a.trace", "one trace at a time; \"a.trace\" is one too many" },
		{ "--follow stw a.trace",
		  "--follow is for the terminal, and has no end; an answer is "
		  "about the file as it is now" },
		{ "--follow screen a.trace",
		  "--follow is for the terminal, and has no end; an answer "
		  "is about the file as it is now" },
		{ "--at=t=1ms stw a.trace",
		  "--at is for the terminal; try: gander --at=LOCATOR TRACE" },
		{ "--compare=b.trace summary a.trace",
		  "--compare is for the terminal; try: gander --compare=TRACE TRACE" },
		{ "--demo a.trace", "--demo is the trace; \"a.trace\" is one too many" },
		{ "--demo stw a.trace", "--demo is the trace; \"a.trace\" is one too many" },
		{ "--demo goroutine G1 a.trace",
		  "--demo is the trace; \"a.trace\" is one too many" },
		{ "--foo a.trace", "unknown option \"--foo\" (see --help)" },
		{ "--foo=1 a.trace", "unknown option \"--foo\" (see --help)" },
		{ "-x a.trace", "unknown option \"-x\" (see --help)" },
		{ "--formats=csv stw a.trace", "unknown option \"--formats\" (see --help)" },
		{ "stw a.trace --format", "--format needs a value: --format=FORM" },
		{ "--demo=1", "--demo takes no value" },
		{ "--format=xml stw a.trace", "--format is text, csv, json or pprof, not \"xml\"" },
		{ "--limit=-1 stw a.trace", "--limit is a number of rows, not \"-1\"" },
		{ "--size=80 screen a.trace", "--size is COLSxROWS, at most 1024x512, not \"80\"" },
		{ "--size=0x9 screen a.trace",
		  "--size is COLSxROWS, at most 1024x512, not \"0x9\"" },
		{ "--memory=lots a.trace", "--memory is a size like 512M or 2G, not \"lots\"" },
		{ "--memory=99999999999T a.trace",
		  "--memory is a size like 512M or 2G, not \"99999999999T\"" },
		{ "--memory=1M a.trace", "--memory is at least 16M" },
		{ "--jobs=65 a.trace", "--jobs is a number from 0 to 64, not \"65\"" },
		{ "--format=csv a.trace",
		  "--format is for answers; try: gander summary --format=FORM TRACE" },
		{ "--keys=w stw a.trace", "--keys is for: gander screen TRACE" },
		{ "why a.trace",
		  "why needs a goroutine and a time; try: gander why G31@472.7ms FILE" },
		{ "why b.trace a.trace",
		  "why takes a goroutine and a time, like G31@472.7ms, not \"b.trace\"" },
		{ "why G31 a.trace",
		  "why takes a goroutine and a time, like G31@472.7ms, not \"G31\"" },
		{ "why", "why needs a goroutine and a time; try: gander why G31@472.7ms FILE" },
		{ "critical",
		  "critical needs a task or a place; try: gander critical TYPE FILE, or "
		  "G31@472.7ms+3ms" },
		{ "--held mmu a.trace", "--held is for: gander why TRACE" },
		{ "--window=1ms stw a.trace", "--window is for: gander mmu TRACE" },
		{ "--window=0 mmu a.trace", "--window is a duration like 10ms, not \"0\"" },
		{ "--window=-1s mmu a.trace", "--window is a duration like 10ms, not \"-1s\"" },
		{ "--flags=stw,idle mmu a.trace",
		  "--flags are of stw, background, assist, sweep, perproc and mut, as in "
		  "stw,assist; not \"idle\"" },
		{ "--compat=go1.21 mmu a.trace", "--compat is go1.26, not \"go1.21\"" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_text(meaning(cases[i].line, &terminal), cases[i].message, cases[i].line);
}

static void gos_spellings_are_known(void)
{
	is_text(meaning("-d=parsed a.trace", &terminal), "text events a.trace", "-d=parsed");
	is_text(meaning("-d parsed a.trace", &terminal), "text events a.trace", "-d parsed");
	is_text(meaning("--d=wire a.trace", &terminal), "text wire a.trace", "--d=wire");
	is_text(meaning("footprint a.trace", &terminal), "text footprint a.trace", "footprint");
	is_text(meaning("-d=other a.trace", &terminal),
	        "-d takes parsed, wire or footprint; try: gander events TRACE", "-d=other");
	is_text(meaning("-pprof=net a.trace", &terminal), "answer net a.trace", "-pprof=net");
	is_text(meaning("-http=:80 a.trace", &terminal),
	        "-http=:80: gander serves no pages, it is the page; try: gander TRACE", "-http");
}

static void values(void)
{
	struct options o;
	struct error err;

	ok(parse(&o, "stw a.trace --format=json --output=x --sort=proc --limit=7", &terminal, &err),
	   "options of answers");
	ok(o.report.format == REPORT_JSON && o.report.has_limit && o.report.limit == 7, "numbers");
	is_text(o.report.output, "x", "a file");
	is_text(o.report.sort, "proc", "a column");
	ok(parse(&o, "mmu --window=10ms --flags=stw|sweep --compat=go1.26 a.trace", &terminal,
	         &err),
	   "options of mmu");
	ok(o.question.window_ns == 10000000 && o.question.is_as_go &&
	           o.question.flags == (MUTATOR_STW | MUTATOR_SWEEP),
	   "a length, and what counts");
	ok(parse(&o, "screen --size=120x40 --keys=ww<Tab> --ansi --no-color --try-newer a.trace",
	         &terminal, &err),
	   "options of screen");
	ok(o.cols == 120 && o.rows == 40 && o.is_ansi && o.no_color && o.tries_newer,
	   "size and flags");
	is_text(o.keys, "ww<Tab>", "keys");
	ok(parse(&o, "--memory 2G --jobs 0 --keymap=vim a.trace", &terminal, &err), "of all");
	is_u64(o.memory, UINT64_C(2) << 30, "2G");
	is_i64(o.jobs, 0, "no threads");
	parse(&o, "--memory=64MiB a.trace", &terminal, &err);
	is_u64(o.memory, 64 << 20, "64MiB");
	parse(&o, "--link=100K a.trace", &terminal, &err);
	is_u64(o.link, 100 << 10, "100K");
	ok(parse(&o, "--link off a.trace", &terminal, &err) && o.has_no_link, "off");
	ok(!parse(&o, "--link=fast a.trace", &terminal, &err) &&
	           !parse(&o, "--link=0 a.trace", &terminal, &err) &&
	           !parse(&o, "--link=9T a.trace", &terminal, &err),
	   "no line");
	parse(&o, "a.trace", &terminal, &err);
	ok(o.cols == 80 && o.rows == 24 && o.jobs == -1 && o.memory == 0, "defaults");
}

/* Of a table in the terminal. */
static const char *asked(struct options *options, const char *analysis, const char *option)
{
	static struct error err;

	err = (struct error){ 0 };
	return options_ask(options, analysis_find(bytes_of(analysis)), option, &err) ? "fine"
	                                                                             : err.message;
}

static void tables_take_what_is_asked(void)
{
	struct options o = { .question = question_of_all() };

	is_text(asked(&o, "mmu", "--window=10ms"), "fine", "of the mmu");
	is_i64(o.question.window_ns, 10000000, "10 ms");
	is_text(asked(&o, "sync", "--goroutines=main.main"), "fine", "of a profile");
	ok(o.question.has_goroutines, "of some goroutines");
	is_text(asked(&o, "sync", "--from=1ms"), "fine", "of all");
	ok(o.has_from && o.from_ns == 1000000, "from then on");
	is_text(asked(&o, "sync", "--window=10ms"), "sync takes no --window here", "of another");
	is_text(asked(&o, "sync", "--format=csv"), "sync takes no --format here", "it is printed");
	is_text(asked(&o, "sync", "--goroutines"), "--goroutines needs a value: --goroutines=NAME",
	        "without a value");
	is_text(asked(&o, "sync", "--d=parsed"), "unknown option \"--d\" (see --help)",
	        "of Go's tool");
}

static void wrong_use_is_status_2(void)
{
	struct options o;
	struct error err;

	ok(!parse(&o, "--foo", &terminal, &err) && status_of(err.kind) == STATUS_USAGE, "--foo");
	is_u64(status_of(ERROR_IO), 3, "cannot be read");
	is_u64(status_of(ERROR_UNSUPPORTED), 4, "another version");
	is_u64(status_of(ERROR_LIMIT), 5, "a limit");
	is_u64(status_of(ERROR_OUTPUT), 6, "output");
}

int main(void)
{
	operands();
	standard_input_is_looked_at_if_it_is_no_terminal();
	refusals();
	gos_spellings_are_known();
	values();
	tables_take_what_is_asked();
	wrong_use_is_status_2();
	return tap_done();
}
