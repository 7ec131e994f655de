/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/options.h"

#include <stdarg.h>
#include <stdio.h>

#include "tui/state/locator.h"

enum { OPERANDS = 4, JOBS_MAX = 64, COLS_MAX = 1024, ROWS_MAX = 512 };

__attribute__((format(printf, 2, 3))) static bool wrong(struct error *err, const char *format, ...)
{
	char text[sizeof(err->message)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET, "%s", text);
}

/* ---- values */

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
	       wrong(err, "--format is text, csv or json, not \"%.40s\"", value);
}

static bool set_output(struct options *options, const char *value, struct error *err)
{
	options->report.output = value;
	return *value != '\0' || wrong(err, "--output needs the name of a new file");
}

static bool set_sort(struct options *options, const char *value, struct error *err)
{
	(void)err;
	options->report.sort = value;
	return true;
}

static bool set_limit(struct options *options, const char *value, struct error *err)
{
	uint64_t limit;

	if (!is_number(value, SIZE_MAX, &limit))
		return wrong(err, "--limit is a number of rows, not \"%.40s\"", value);
	options->report.limit = (size_t)limit;
	options->report.has_limit = true;
	return true;
}

static bool set_size(struct options *options, const char *value, struct error *err)
{
	uint64_t cols, rows;
	const char *at = value;

	if (!take_number(&at, COLS_MAX, &cols) || *at++ != 'x' || !is_number(at, ROWS_MAX, &rows) ||
	    cols == 0 || rows == 0)
		return wrong(err, "--size is COLSxROWS, at most %dx%d, not \"%.40s\"", COLS_MAX,
		             ROWS_MAX, value);
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
	return wrong(err, "--glyphs is auto, eighth, half or ascii");
}

static bool set_at(struct options *options, const char *value, struct error *err)
{
	struct locator locator;
	size_t wrong_at;

	options->at = value;
	return locator_parse(bytes_of(value), &locator, &wrong_at) ||
	       wrong(err, "--at needs a place, like t=412.1ms+3ms,g=21");
}

static bool set_keymap(struct options *options, const char *value, struct error *err)
{
	options->keymap = value;
	return *value != '\0' || wrong(err, "--keymap needs a name or a file");
}

static bool set_no_color(struct options *options, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->no_color = true;
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

static bool set_memory(struct options *options, const char *value, struct error *err)
{
	const char *at = value;
	unsigned shift;

	if (!take_number(&at, UINT64_MAX, &options->memory) || !find_unit(at, &shift) ||
	    options->memory == 0 || options->memory > (uint64_t)INT64_MAX >> shift)
		return wrong(err, "--memory is a size like 512M or 2G, not \"%.40s\"", value);
	options->memory <<= shift;
	if (options->memory < 16u << 20)
		return wrong(err, "--memory is at least 16M");
	return true;
}

static bool set_jobs(struct options *options, const char *value, struct error *err)
{
	uint64_t jobs;

	if (!is_number(value, JOBS_MAX, &jobs))
		return wrong(err, "--jobs is a number from 0 to %d, not \"%.40s\"", JOBS_MAX,
		             value);
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

/* clang-format off */
const struct option_spec option_specs[] = {
	{ "format",   "text|csv|json", OPTION_ANSWER,   "how to print; text is for people and may change",        set_format },
	{ "sort",     "COLUMN",        OPTION_ANSWER,   "order rows by a column, named as in csv",                set_sort },
	{ "limit",    "N",             OPTION_ANSWER,   "print the first N rows only",                            set_limit },
	{ "output",   "FILE",          OPTION_OUTPUT,   "a new file to write to, instead of standard output",     set_output },
	{ "strict",   NULL,            OPTION_TEXT,     "stop where Go's reader refuses to go on",                set_strict },
	{ "size",     "COLSxROWS",     OPTION_SCREEN,   "of the picture (default 80x24)",                         set_size },
	{ "keys",     "KEYS",          OPTION_SCREEN,   "to press first, as keymaps name them: 'ww<Tab>'",        set_keys },
	{ "ansi",     NULL,            OPTION_SCREEN,   "with colours, as escape sequences",                      set_ansi },
	{ "follow",   NULL,            OPTION_VIEW,     "read on as the file grows, a generation at a time",      set_follow },
	{ "at",       "LOCATOR",       OPTION_TERMINAL, "a place to begin at: t=412.1ms+3ms,g=21 (T copies it)",  set_at },
	{ "glyphs",   "SET",           OPTION_TERMINAL, "what is drawn with: auto, eighth, half or ascii",        set_glyphs },
	{ "keymap",   "NAME|FILE",     OPTION_TERMINAL, "other keys than the default ones (chrome): vim",             set_keymap },
	{ "no-color", NULL,            OPTION_TERMINAL, "no colours; states are told apart by letters",           set_no_color },
	{ "demo",     NULL,            OPTION_ALL,      "read the trace that comes with gander",                  set_demo },
	{ "memory",   "SIZE",          OPTION_ALL,      "how much memory to take at most, like 512M or 2G",       set_memory },
	{ "jobs",     "N",             OPTION_ALL,      "threads that load; 0: the main one does, between keys",  set_jobs },
	{ "try-newer", NULL,           OPTION_ALL,      "read what is newer than Go 1.26 as if it were that",     set_try_newer },
	{ "help",     NULL,            OPTION_ALL,      "print this, or what a command does, and exit",           set_help },
	{ "version",  NULL,            OPTION_ALL,      "print the version and exit",                             set_version },
};
/* clang-format on */

const size_t option_specs_count = sizeof(option_specs) / sizeof(option_specs[0]);

/* ---- options */

/* The name is the text of an option up to "=". */
static bool is_option(const char *option, const char *name)
{
	size_t len = strlen(name);

	return strncmp(option, name, len) == 0 && (option[len] == '\0' || option[len] == '=');
}

/* What `go tool trace` takes, with one dash or two. */
static bool is_gos(const char *option, struct error *err)
{
	const char *name = option + 1 + (option[1] == '-');

	if (is_option(name, "pprof"))
		wrong(err, "%.30s: profiles come with a later version", option);
	else if (is_option(name, "http"))
		wrong(err, "%.30s: gander serves no pages, it is the page; try: gander TRACE",
		      option);
	return err->kind != ERROR_NONE;
}

/* -d=parsed and the like: a command, said as Go says it. */
static bool take_mode(struct options *options, const char *mode, bool is_next, bool *took_next,
                      struct error *err)
{
	options->text = mode == NULL ? NULL : text_form_of_mode(bytes_of(mode));
	if (options->text == NULL)
		return wrong(err, "-d takes parsed, wire or footprint; try: gander events TRACE");
	options->action = ACTION_TEXT;
	*took_next = is_next;
	return true;
}

static bool unknown_option(const char *option, struct error *err)
{
	return wrong(err, "unknown option \"%.*s\" (see --help)", (int)strcspn(option, "="),
	             option);
}

/* An option, and its value, which may be the next argument. */
static bool take_option(struct options *options, const char *option, const char *next,
                        bool *took_next, struct error *err)
{
	const char *value = strchr(option, '=');

	if (is_option(option + 1 + (option[1] == '-'), "d"))
		return take_mode(options, value == NULL ? next : value + 1, value == NULL,
		                 took_next, err);
	if (is_gos(option, err))
		return false;
	if (strcmp(option, "-h") == 0)
		option = "--help";
	for (size_t i = 0; i < option_specs_count; i++) {
		const struct option_spec *spec = &option_specs[i];

		if (option[1] != '-' || !is_option(option + 2, spec->name))
			continue;
		options->used |= UINT64_C(1) << i;
		if (spec->value == NULL && value != NULL)
			return wrong(err, "--%s takes no value", spec->name);
		if (spec->value != NULL && value == NULL) {
			if (next == NULL)
				return wrong(err, "--%s needs a value: --%s=%s", spec->name,
				             spec->name, spec->value);
			*took_next = true;
			return spec->set(options, next, err);
		}
		return spec->set(options, value == NULL ? NULL : value + 1, err);
	}
	return unknown_option(option, err);
}

/* What is not an option, in order; beyond OPERANDS it is only counted. */
struct operands {
	const char *items[OPERANDS];
	size_t count;
};

static bool split(struct options *options, struct operands *operands, int argc, char **argv,
                  struct error *err)
{
	bool are_ended = false;

	for (int i = 1; i < argc; i++) {
		bool took_next = false;

		if (are_ended || argv[i][0] != '-' || argv[i][1] == '\0') {
			if (operands->count < OPERANDS)
				operands->items[operands->count] = argv[i];
			operands->count++;
		} else if (strcmp(argv[i], "--") == 0) {
			are_ended = true;
		} else if (!take_option(options, argv[i], i + 1 < argc ? argv[i + 1] : NULL,
		                        &took_next, err)) {
			return false;
		}
		i += took_next;
	}
	return true;
}

/* ---- operands */

static bool is_command(const char *name)
{
	return strcmp(name, "screen") == 0 || analysis_find(bytes_of(name)) != NULL ||
	       text_form_find(bytes_of(name)) != NULL;
}

/* Letters to insert, drop or change to make one word the other (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	enum { MAX = 24 };
	size_t row[MAX + 1], len = strlen(b);

	if (strlen(a) > MAX || len > MAX)
		return MAX;
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= len; j++) {
			size_t change = corner + (a[i - 1] != b[j - 1]);
			size_t least = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

			corner = row[j];
			row[j] = change < least ? change : least;
		}
	}
	return row[len];
}

static const char *nearest_command(const char *word)
{
	const char *nearest = "screen";

	for (size_t i = 0; i < analyses_count; i++)
		if (distance(word, analyses[i].name) < distance(word, nearest))
			nearest = analyses[i].name;
	for (size_t i = 0; i < text_forms_count; i++)
		if (distance(word, text_forms[i].name) < distance(word, nearest))
			nearest = text_forms[i].name;
	return nearest;
}

static bool neither(const char *word, struct error *err)
{
	const char *nearest = nearest_command(word);

	if (distance(word, nearest) <= 3)
		return wrong(err, "\"%.40s\" is neither a command nor a file; did you mean %s?",
		             word, nearest);
	return wrong(err, "\"%.40s\" is neither a command nor a file (see --help)", word);
}

static bool too_many(const struct options *options, const char *operand, struct error *err)
{
	if (options->is_demo)
		return wrong(err, "--demo is the trace; \"%.60s\" is one too many", operand);
	return wrong(err, "one trace at a time; \"%.60s\" is one too many", operand);
}

/* Whether an operand can only be a trace, where a selector may stand, too. */
static bool is_trace(const char *operand, const struct surroundings *around)
{
	return strcmp(operand, "-") == 0 || strncmp(operand, "http://", 7) == 0 ||
	       strncmp(operand, "https://", 8) == 0 || around->is_file(operand);
}

static bool take_command(struct options *options, const struct operands *operands,
                         const struct surroundings *around, struct error *err)
{
	size_t at = 1, left = operands->count - 1 + options->is_demo;

	options->analysis = analysis_find(bytes_of(operands->items[0]));
	options->text = text_form_find(bytes_of(operands->items[0]));
	options->action = options->analysis != NULL ? ACTION_ANSWER
	                  : options->text != NULL   ? ACTION_TEXT
	                                            : ACTION_SCREEN;
	if (options->analysis != NULL && options->analysis->selector != NULL && left > 1 &&
	    !is_trace(operands->items[at], around)) {
		options->question.selector = bytes_of(operands->items[at++]);
		options->question.has_selector = true;
		left--;
	}
	if (left > 1)
		return too_many(options, operands->items[options->is_demo ? at : at + 1], err);
	options->trace = options->is_demo ? NULL : operands->items[at];
	return true;
}

static bool take_one(struct options *options, const char *operand,
                     const struct surroundings *around, struct error *err)
{
	if (is_command(operand) && !around->is_file(operand))
		return wrong(err, "%s needs a trace; try: gander %s FILE, or -", operand, operand);
	options->trace = operand;
	return true;
}

static bool take_none(struct options *options, const struct surroundings *around, struct error *err)
{
	if (options->is_demo)
		return true;
	if (around->input_is_terminal)
		return wrong(err, "no trace named; try: gander trace.out, gander --demo, or "
		                  "gander --help");
	options->trace = "-";
	return true;
}

static bool take_operands(struct options *options, const struct operands *operands,
                          const struct surroundings *around, struct error *err)
{
	const char *const *items = operands->items;

	if (operands->count == 0)
		return take_none(options, around, err);
	if (options->action != ACTION_TEXT && is_command(items[0]) &&
	    operands->count + options->is_demo > 1)
		return take_command(options, operands, around, err);
	if (options->is_demo)
		return too_many(options, items[0], err);
	if (operands->count == 1)
		return take_one(options, items[0], around, err);
	if (!around->is_file(items[0]))
		return is_trace(items[0], around) ? too_many(options, items[1], err)
		                                  : neither(items[0], err);
	if (operands->count > 2)
		return too_many(options, items[2], err);
	options->trace = items[1]; /* as in: go tool trace pkg.test trace.out */
	return true;
}

/* ---- both together */

static bool check_groups(const struct options *options, struct error *err)
{
	for (size_t i = 0; i < option_specs_count; i++) {
		const struct option_spec *spec = &option_specs[i];

		if ((options->used >> i & 1) == 0)
			continue;
		if (spec->group == OPTION_ANSWER && options->action != ACTION_ANSWER)
			return wrong(err, "--%s is for answers; try: gander summary --%s=%s TRACE",
			             spec->name, spec->name, spec->value);
		if (spec->group == OPTION_OUTPUT && options->action != ACTION_ANSWER &&
		    options->action != ACTION_TEXT)
			return wrong(err, "--%s is for answers; try: gander summary --%s=%s TRACE",
			             spec->name, spec->name, spec->value);
		if (spec->group == OPTION_TEXT && options->action != ACTION_TEXT)
			return wrong(err, "--%s is for: gander events TRACE", spec->name);
		if (spec->group == OPTION_VIEW && options->action != ACTION_VIEW)
			return wrong(err,
			             "--%s is for the terminal, and has no end; an answer is "
			             "about the file as it is now",
			             spec->name);
		if (spec->group == OPTION_SCREEN && options->action != ACTION_SCREEN)
			return wrong(err, "--%s is for: gander screen TRACE", spec->name);
	}
	return true;
}

bool options_parse(struct options *options, int argc, char **argv,
                   const struct surroundings *around, struct error *err)
{
	struct operands operands = { 0 };

	*options = (struct options){ .cols = 80, .rows = 24, .jobs = -1 };
	if (!split(options, &operands, argc, argv, err))
		return false;
	if (options->action == ACTION_HELP && operands.count > 0 && is_command(operands.items[0]))
		options->topic = operands.items[0];
	if (options->action == ACTION_HELP || options->action == ACTION_VERSION)
		return true;
	if (!take_operands(options, &operands, around, err) || !check_groups(options, err))
		return false;
	if (options->action == ACTION_VIEW && !around->output_is_terminal)
		return wrong(err, "standard output is not a terminal; try: gander summary FILE");
	return true;
}
