/* SPDX-License-Identifier: MIT */
#ifndef TUI_OPTIONS_H
#define TUI_OPTIONS_H

#include "core/analysis/analysis.h"
#include "core/analysis/finding_limits.h"
#include "tui/export_form.h"
#include "tui/report/report.h"
#include "tui/report/texts.h"

/* The command line: argv -> struct options, by the grammar of answers.md 1. Pure but for what it
 * asks its surroundings. */

enum action {
	ACTION_VIEW,   /* the terminal */
	ACTION_ANSWER, /* an analysis, printed */
	ACTION_TEXT,   /* one of Go's own texts */
	ACTION_EXPORT, /* a file for other programs */
	ACTION_SCREEN, /* the picture after some keys, printed */
	ACTION_HELP,
	ACTION_VERSION,
};

struct options {
	enum action action;
	const char *trace;  /* a path, or "-"; NULL: is_demo */
	char **traces;      /* of ACTION_ANSWER: all of them, that one first; directories, too */
	size_t trace_count; /* 0: just that one */
	bool is_demo;
	const char *topic; /* of ACTION_HELP: a command; NULL: all */

	const struct analysis *analysis; /* of ACTION_ANSWER */
	struct question question;
	struct finding_limits limits; /* of it, if they are not the usual ones */
	/* of its stretch of the trace: from, to, as they were given, and whether they were */
	int64_t from_ns, to_ns; /* negative: from the end of the trace */
	bool has_from, has_to;
	/* of compare in one trace, the two stretches; of two: traces */
	struct stretch_asked stretches[2];
	size_t stretch_count;
	const char *filter;   /* NULL: none */
	struct report report; /* clean is left to the caller */

	const struct text_form *text;     /* of ACTION_TEXT */
	const struct export_form *export; /* of ACTION_EXPORT */
	bool is_strict;                   /* refuses what Go refuses */
	bool by_thread;                   /* of chrome: rows are those of threads */

	int cols, rows;   /* of ACTION_SCREEN */
	const char *keys; /* names as in keymaps, one behind the other; NULL: none */
	bool is_ansi;     /* with colours */

	bool is_followed;   /* of ACTION_VIEW: read on as the file grows */
	bool tries_newer;   /* reads versions that are newer than all known ones */
	uint64_t link;      /* bytes a second; 0: the default */
	bool has_no_link;   /* pictures do not wait for each other */
	const char *keymap; /* a name or a file; NULL: the default */
	const char *at;     /* a locator; NULL: the whole trace */
	const char *rival;  /* a trace that this one is compared with; NULL */
	bool no_color, no_findings;
	uint8_t glyphs;  /* enum glyphs + 1; 0: as locale and terminal can */
	uint64_t memory; /* bytes; 0: as limits_budget has it */
	int jobs;        /* threads that load; -1: as many as fit */
	uint64_t used;   /* bits of option_specs that were given */
};

/* What the grammar depends on beyond argv. */
struct surroundings {
	bool input_is_terminal, output_is_terminal;
	bool (*is_file)(const char *path); /* something of that name is there */
};

/* False with ERROR_USAGE and a sentence; what is in options then is of no use. Puts argv in another
 * order, and keeps it. */
bool options_parse(struct options *options, int argc, char **argv,
                   const struct surroundings *around, struct error *err);

/* One option more, of an answer that is a table in the terminal: "--window=10ms". Those that say in
 * which form it is printed are not for that. */
bool options_ask(struct options *options, const struct analysis *analysis, const char *option,
                 struct error *err);

/* A time as it was given, of a trace that ends then: since its begin. */
static inline int64_t options_time(int64_t ns, int64_t end_ns)
{
	return ns < 0 ? end_ns + ns : ns;
}

/* ---- the table that parsing and help share */

enum option_group {
	OPTION_ANSWER,   /* and of the commands that it names */
	OPTION_OUTPUT,   /* of answers, texts and exports */
	OPTION_SOME,     /* of the commands that it names */
	OPTION_VIEW,     /* the terminal alone */
	OPTION_TERMINAL, /* pictures of it as well; who always says it may say it of answers */
	OPTION_BEGIN,    /* the same, but what an answer would have to heed */
	OPTION_ALL,
};

struct option_spec {
	const char *name;
	const char *value; /* what it takes, for help; NULL: it is a flag */
	enum option_group group;
	const char *help;
	bool (*set)(struct options *options, const char *value, struct error *err);
	const char *commands; /* by spaces; of OPTION_SOME, options of the same stand together */
};

extern const struct option_spec option_specs[];
extern const size_t option_specs_count;

/* Whether a command takes it that is named. */
bool option_is_of(const struct option_spec *spec, const char *command);

/* ---- for the files of this module */

/* Wrong use, and why: false. */
__attribute__((format(printf, 2, 3))) bool options_wrong(struct error *err, const char *format,
                                                         ...);

#endif
