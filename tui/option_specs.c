/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/options.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/analysis/mutator.h"
#include "core/base/time_text.h"
#include "core/analysis/locator.h"

enum { JOBS_MAX = 64, COLS_MAX = 1024, ROWS_MAX = 512 };

bool options_wrong(struct error *err, const char *format, ...)
{
	char text[sizeof(err->message)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "%s", text);
}

/* Takes a decimal number off text; false if there is none or it is beyond max. */
static bool take_number(const char **text, uint64_t max, uint64_t *number)
{
	const char *at = *text;

	*number = 0;
	for (; *at >= '0' && *at <= '9'; at++)
		if (__builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, (uint64_t)(*at - '0'), number) || *number > max)
			return false;
	if (at == *text)
		return false;
	*text = at;
	return true;
}

static bool is_number(const char *text, uint64_t max, uint64_t *number)
{
	return take_number(&text, max, number) && *text == '\0';
}

static bool set_format(struct options *options, const char *value, struct error *err)
{
	return report_format_find(bytes_of(value), &options->report.format) ||
	       options_wrong(err, "--format is text, csv, json or pprof, not \"%.40s\"", value);
}

static bool set_output(struct options *options, const char *value, struct error *err)
{
	options->report.output = value;
	return *value != '\0' || options_wrong(err, "--output needs the name of a new file");
}

static bool set_sort(struct options *options, const char *value, struct error *err)
{
	(void)err;
	options->report.sort = value;
	return true;
}

static bool set_group(struct options *options, const char *value, struct error *err)
{
	(void)err;
	options->report.group = value;
	return true;
}

static bool set_limit(struct options *options, const char *value, struct error *err)
{
	uint64_t limit;

	if (!is_number(value, SIZE_MAX, &limit))
		return options_wrong(err, "--limit is a number of rows, not \"%.40s\"", value);
	options->report.limit = (size_t)limit;
	options->report.has_limit = true;
	return true;
}

static bool set_events(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	options->question.has_events = true;
	return true;
}

static bool set_from(struct options *options, const char *value, struct error *err)
{
	options->has_from = true;
	return time_text_parse(bytes_of(value), &options->from_ns) ||
	       options_wrong(err, "--from is a time like 412.1ms, or -1s, not \"%.40s\"", value);
}

static bool set_to(struct options *options, const char *value, struct error *err)
{
	options->has_to = true;
	return time_text_parse(bytes_of(value), &options->to_ns) ||
	       options_wrong(err, "--to is a time like 412.1ms, or -1s, not \"%.40s\"", value);
}

static bool set_filter(struct options *options, const char *value, struct error *err)
{
	(void)err;
	options->filter = value;
	return true;
}

static bool set_goroutines(struct options *options, const char *value, struct error *err)
{
	(void)err;
	options->question.goroutines = bytes_of(value);
	options->question.has_goroutines = true;
	return true;
}

static bool set_region(struct options *options, const char *value, struct error *err)
{
	(void)err;
	options->question.region = bytes_of(value);
	options->question.has_region = true;
	return true;
}

static bool set_unclipped(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	options->question.is_unclipped = true;
	return true;
}

static bool set_tree(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	options->question.is_tree = true;
	return true;
}

static bool set_peek(struct options *options, const char *value, struct error *err)
{
	options->question.peek = bytes_of(value);
	options->question.has_peek = true;
	return *value != '\0' || options_wrong(err, "--peek needs the name of a function");
}

static bool set_window(struct options *options, const char *value, struct error *err)
{
	if (!time_text_parse(bytes_of(value), &options->question.window_ns) ||
	    options->question.window_ns <= 0)
		return options_wrong(err, "--window is a duration like 10ms, not \"%.40s\"", value);
	return true;
}

static bool set_flags(struct options *options, const char *value, struct error *err)
{
	size_t wrong_at;

	return mutator_flags_parse(bytes_of(value), &options->question.flags, &wrong_at) ||
	       options_wrong(err,
	                     "--flags are of stw, background, assist, sweep, perproc and mut, as "
	                     "in stw,assist; not \"%.40s\"",
	                     value + wrong_at);
}

static bool set_threshold(struct options *options, const char *value, struct error *err)
{
	if (options->question.limits == NULL)
		options->limits = finding_limits_usual;
	options->question.limits = &options->limits;
	return finding_limits_parse(&options->limits, bytes_of(value), err);
}

static bool set_held(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	options->question.is_held = true;
	return true;
}

static bool set_compat(struct options *options, const char *value, struct error *err)
{
	options->question.is_as_go = true;
	return strcmp(value, "go1.26") == 0 ||
	       options_wrong(err, "--compat is go1.26, not \"%.40s\"", value);
}

static bool set_size(struct options *options, const char *value, struct error *err)
{
	uint64_t cols, rows;
	const char *at = value;

	if (!take_number(&at, COLS_MAX, &cols) || *at++ != 'x' || !is_number(at, ROWS_MAX, &rows) ||
	    cols == 0 || rows == 0)
		return options_wrong(err, "--size is COLSxROWS, at most %dx%d, not \"%.40s\"",
		                     COLS_MAX, ROWS_MAX, value);
	options->cols = (int)cols;
	options->rows = (int)rows;
	return true;
}

static bool set_keys(struct options *options, const char *value, struct error *err)
{
	(void)err;
	options->keys = value;
	return true;
}

static bool set_ansi(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->is_ansi = true;
	return true;
}

static bool set_strict(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	options->is_strict = true;
	return true;
}

static bool set_view(struct options *options, const char *value, struct error *err)
{
	options->by_thread = strcmp(value, "thread") == 0;
	return options->by_thread || strcmp(value, "proc") == 0 ||
	       options_wrong(err, "--view is proc or thread, not \"%.40s\"", value);
}

static bool set_try_newer(struct options *options, const char *value, struct error *err)
{
	(void)value, (void)err;
	options->tries_newer = true;
	return true;
}

static bool set_follow(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->is_followed = true;
	return true;
}

static bool set_glyphs(struct options *options, const char *value, struct error *err)
{
	static const char *const names[] = { "auto", "eighth", "half", "ascii" };

	for (uint8_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(value, names[i]) == 0) {
			options->glyphs = i;
			return true;
		}
	return options_wrong(err, "--glyphs is auto, eighth, half or ascii");
}

static bool set_at(struct options *options, const char *value, struct error *err)
{
	struct locator locator;
	size_t wrong_at;

	options->at = value;
	return locator_parse(bytes_of(value), &locator, &wrong_at) ||
	       options_wrong(err, "--at needs a place, like t=412.1ms+3ms,g=21");
}

static bool set_keymap(struct options *options, const char *value, struct error *err)
{
	options->keymap = value;
	return *value != '\0' || options_wrong(err, "--keymap needs a name or a file");
}

static bool set_compare(struct options *options, const char *value, struct error *err)
{
	options->rival = value;
	return (*value != '\0' && strcmp(value, "-") != 0) ||
	       options_wrong(err, "--compare needs a file; of pipes: gander compare A B");
}

static bool set_no_color(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->no_color = true;
	return true;
}

static bool set_no_findings(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->no_findings = true;
	return true;
}

static bool set_demo(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->is_demo = true;
	return true;
}

/* The power of two that a unit stands for: nothing, K, M, G or T, each also with iB or B. */
static bool find_unit(const char *unit, unsigned *shift)
{
	static const char letters[] = "KMGT";
	const char *letter = *unit == '\0' ? NULL : strchr(letters, *unit & ~0x20);

	*shift = letter == NULL ? 0 : 10 * (unsigned)(letter - letters + 1);
	if (letter != NULL)
		unit++;
	return *unit == '\0' || strcmp(unit, "B") == 0 ||
	       (letter != NULL && strcmp(unit, "iB") == 0);
}

static bool set_link(struct options *options, const char *value, struct error *err)
{
	const char *at = value;
	unsigned shift;

	options->has_no_link = strcmp(value, "off") == 0;
	if (options->has_no_link)
		return true;
	if (!take_number(&at, UINT32_MAX, &options->link) || !find_unit(at, &shift) ||
	    options->link == 0 || options->link > (uint64_t)UINT32_MAX >> shift)
		return options_wrong(
			err, "--link is bytes a second like 100K, or off, not \"%.40s\"", value);
	options->link <<= shift;
	return true;
}

static bool set_memory(struct options *options, const char *value, struct error *err)
{
	const char *at = value;
	unsigned shift;

	if (!take_number(&at, UINT64_MAX, &options->memory) || !find_unit(at, &shift) ||
	    options->memory == 0 || options->memory > (uint64_t)INT64_MAX >> shift)
		return options_wrong(err, "--memory is a size like 512M or 2G, not \"%.40s\"",
		                     value);
	options->memory <<= shift;
	if (options->memory < 16u << 20)
		return options_wrong(err, "--memory is at least 16M");
	return true;
}

static bool set_jobs(struct options *options, const char *value, struct error *err)
{
	uint64_t jobs;

	if (!is_number(value, JOBS_MAX, &jobs))
		return options_wrong(err, "--jobs is a number from 0 to %d, not \"%.40s\"",
		                     JOBS_MAX, value);
	options->jobs = (int)jobs;
	return true;
}

static bool set_help(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->action = ACTION_HELP;
	return true;
}

static bool set_version(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->action = ACTION_VERSION;
	return true;
}

#define PROFILES "net sync syscall sched cpu stacks"
#define DELAYS "net sync syscall sched"

/* clang-format off */
const struct option_spec option_specs[] = {
	{ "format",   "FORM",          OPTION_ANSWER,   "text, for people; csv; json; of a profile also pprof",       set_format, NULL },
	{ "group",    "COLUMN",        OPTION_ANSWER,   "sum rows up that have the same in a column",             set_group, NULL },
	{ "sort",     "COLUMN",        OPTION_ANSWER,   "order rows by a column, named as in csv",                set_sort, NULL },
	{ "limit",    "N",             OPTION_ANSWER,   "print the first N rows only",                            set_limit, NULL },
	{ "from",     "T",             OPTION_ANSWER,   "from that time on: 412.1ms; from the end: -1s",          set_from, "chrome cut" },
	{ "to",       "T",             OPTION_ANSWER,   "until then",                                             set_to, "chrome cut" },
	{ "filter",   "EXPR",          OPTION_ANSWER,   "only what matches: 'dur>2ms && func~\"ServeHTTP\"'",     set_filter, NULL },
	{ "goroutines", "NAME",        OPTION_SOME,     "only goroutines of that name",                           set_goroutines, PROFILES },
	{ "region",   "NAME",          OPTION_SOME,     "only inside regions of that name, the outermost",        set_region, PROFILES },
	{ "tree",     NULL,            OPTION_SOME,     "who called whom, from the outermost function inwards",   set_tree, PROFILES },
	{ "peek",     "FUNCTION",      OPTION_SOME,     "who calls a function, and what it calls",                set_peek, PROFILES },
	{ "unclipped", NULL,           OPTION_SOME,     "waits whole, also before a goroutine's first run",       set_unclipped, DELAYS },
	{ "compat",   "go1.26",        OPTION_SOME,     "counted as by go tool trace of Go 1.26",                set_compat, "regions mmu" },
	{ "events",   NULL,            OPTION_SOME,     "not a row a task but all that each did, by time",        set_events, "task" },
	{ "window",   "T",             OPTION_SOME,     "the worst windows of that length, like 10ms",            set_window, "mmu" },
	{ "flags",    "NAMES",         OPTION_SOME,     "what counts: stw,background,assist,sweep,perproc,mut",   set_flags, "mmu" },
	{ "view",     "proc|thread",   OPTION_SOME,     "rows are those of Ps, or of threads",                    set_view, "chrome" },
	{ "threshold", "NAME=N",       OPTION_SOME,     "from when on: stop=2ms,stall=50; the man page has all",  set_threshold, "findings triage" },
	{ "held",     NULL,            OPTION_SOME,     "not why, but whom it held up",                           set_held, "why" },
	{ "output",   "FILE",          OPTION_OUTPUT,   "a new file to write to, instead of standard output",     set_output, NULL },
	{ "strict",   NULL,            OPTION_SOME,     "stop where Go's reader refuses to go on",                set_strict, "events wire footprint" },
	{ "size",     "COLSxROWS",     OPTION_SOME,     "of the picture (default 80x24)",                         set_size, "screen" },
	{ "keys",     "KEYS",          OPTION_SOME,     "to press first, as keymaps name them: 'ww<Tab>'",        set_keys, "screen" },
	{ "ansi",     NULL,            OPTION_SOME,     "with colours, as escape sequences",                      set_ansi, "screen" },
	{ "follow",   NULL,            OPTION_VIEW,     "read on as the file grows, a generation at a time",      set_follow, NULL },
	{ "at",       "LOCATOR",       OPTION_BEGIN,    "a place to begin at: t=412.1ms+3ms,g=21 (T copies it)",  set_at, NULL },
	{ "compare",  "TRACE",         OPTION_BEGIN,    "another trace: the table of what changed comes first",   set_compare, NULL },
	{ "glyphs",   "SET",           OPTION_TERMINAL, "what is drawn with: auto, eighth, half or ascii",        set_glyphs, NULL },
	{ "link",     "RATE",          OPTION_VIEW,     "bytes a second that reach the terminal (default 250K)",  set_link, NULL },
	{ "keymap",   "NAME|FILE",     OPTION_TERMINAL, "other keys than the default ones (chrome): vim",             set_keymap, NULL },
	{ "no-color", NULL,            OPTION_TERMINAL, "no colours; states are told apart by letters",           set_no_color, NULL },
	{ "no-findings", NULL,         OPTION_TERMINAL, "look for what hurts only when asked to, with )",         set_no_findings, NULL },
	{ "demo",     NULL,            OPTION_ALL,      "read the trace that comes with gander",                  set_demo, NULL },
	{ "memory",   "SIZE",          OPTION_ALL,      "how much memory to take at most, like 512M or 2G",       set_memory, NULL },
	{ "jobs",     "N",             OPTION_ALL,      "threads that load; 0: the main one does, between keys",  set_jobs, NULL },
	{ "try-newer", NULL,           OPTION_ALL,      "read what is newer than Go 1.26 as if it were that",     set_try_newer, NULL },
	{ "help",     NULL,            OPTION_ALL,      "print this, or what a command does, and exit",           set_help, NULL },
	{ "version",  NULL,            OPTION_ALL,      "print the version and exit",                             set_version, NULL },
};
/* clang-format on */

const size_t option_specs_count = sizeof(option_specs) / sizeof(option_specs[0]);

bool option_is_of(const struct option_spec *spec, const char *command)
{
	size_t len;

	if (spec->commands == NULL || command == NULL)
		return false;
	for (const char *name = spec->commands; *name != '\0'; name += len + (name[len] == ' ')) {
		len = strcspn(name, " ");
		if (len == strlen(command) && memcmp(name, command, len) == 0)
			return true;
	}
	return false;
}
