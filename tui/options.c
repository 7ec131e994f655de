/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/options.h"

#include "core/base/time_text.h"

/* ---- options */

/* The name is the text of an option up to "=". */
static bool is_option(const char *option, const char *name)
{
	size_t len = strlen(name);

	return strncmp(option, name, len) == 0 && (option[len] == '\0' || option[len] == '=');
}

/* What of `go tool trace` makes no sense here, with one dash or two. */
static bool is_gos(const char *option, struct error *err)
{
	if (is_option(option + 1 + (option[1] == '-'), "http"))
		options_wrong(err,
		              "%.30s: gander serves no pages, it is the page; try: gander TRACE",
		              option);
	return err->kind != ERROR_NONE;
}

/* -pprof=net and the like: a profile, to standard output. */
static bool take_profile(struct options *options, const char *type, bool is_next, bool *took_next,
                         struct error *err)
{
	options->analysis = type == NULL ? NULL : analysis_find(bytes_of(type));
	if (options->analysis == NULL || options->analysis->pass != &analysis_profile ||
	    options->analysis->kind > PROFILE_SCHED)
		return options_wrong(err, "-pprof takes net, sync, syscall or sched");
	options->action = ACTION_ANSWER;
	options->report.format = REPORT_PPROF;
	*took_next = is_next;
	return true;
}

/* -d=parsed and the like: a command, said as Go says it. */
static bool take_mode(struct options *options, const char *mode, bool is_next, bool *took_next,
                      struct error *err)
{
	options->text = mode == NULL ? NULL : text_form_of_mode(bytes_of(mode));
	if (options->text == NULL)
		return options_wrong(
			err, "-d takes parsed, wire or footprint; try: gander events TRACE");
	options->action = ACTION_TEXT;
	*took_next = is_next;
	return true;
}

static bool unknown_option(const char *option, struct error *err)
{
	return options_wrong(err, "unknown option \"%.*s\" (see --help)", (int)strcspn(option, "="),
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
	if (is_option(option + 1 + (option[1] == '-'), "pprof"))
		return take_profile(options, value == NULL ? next : value + 1, value == NULL,
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
			return options_wrong(err, "--%s takes no value", spec->name);
		if (spec->value != NULL && value == NULL) {
			if (next == NULL)
				return options_wrong(err, "--%s needs a value: --%s=%s", spec->name,
				                     spec->name, spec->value);
			*took_next = true;
			return spec->set(options, next, err);
		}
		return spec->set(options, value == NULL ? NULL : value + 1, err);
	}
	return unknown_option(option, err);
}

/* What is not an option, in order: at the front of argv. */
struct operands {
	char **items;
	size_t count;
};

static bool split(struct options *options, struct operands *operands, int argc, char **argv,
                  struct error *err)
{
	bool are_ended = false;

	for (int i = 1; i < argc; i++) {
		bool took_next = false;

		if (are_ended || argv[i][0] != '-' || argv[i][1] == '\0' ||
		    (argv[i][1] >= '0' && argv[i][1] <= '9')) { /* as in: compare -2s..-1s */
			operands->items[operands->count++] = argv[i];
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
	       text_form_find(bytes_of(name)) != NULL || export_form_find(bytes_of(name)) != NULL;
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
	for (size_t i = 0; i < export_forms_count; i++)
		if (distance(word, export_forms[i].name) < distance(word, nearest))
			nearest = export_forms[i].name;
	return nearest;
}

static bool neither(const char *word, struct error *err)
{
	const char *nearest = nearest_command(word);

	if (distance(word, nearest) <= 3)
		return options_wrong(err,
		                     "\"%.40s\" is neither a command nor a file; did you mean %s?",
		                     word, nearest);
	return options_wrong(err, "\"%.40s\" is neither a command nor a file (see --help)", word);
}

static bool too_many(const struct options *options, const char *operand, struct error *err)
{
	if (options->is_demo)
		return options_wrong(err, "--demo is the trace; \"%.60s\" is one too many",
		                     operand);
	return options_wrong(err, "one trace at a time; \"%.60s\" is one too many", operand);
}

/* Whether an operand can only be a trace, where a selector may stand, too. */
static bool is_trace(const char *operand, const struct surroundings *around)
{
	return strcmp(operand, "-") == 0 || strncmp(operand, "http://", 7) == 0 ||
	       strncmp(operand, "https://", 8) == 0 || around->is_file(operand);
}

/* "1.2s..1.5s"; from the begin, or to the end, where one of them is left out. */
static bool take_stretch(const char *operand, struct stretch_asked *stretch)
{
	const char *dots = strstr(operand, ".."), *to;

	if (dots == NULL)
		return false;
	to = dots + 2;
	*stretch = (struct stretch_asked){ 0, INT64_MAX };
	return (dots == operand || time_text_parse((struct bytes){ (const uint8_t *)operand,
	                                                           (size_t)(dots - operand) },
	                                           &stretch->from_ns)) &&
	       (*to == '\0' || time_text_parse(bytes_of(to), &stretch->to_ns));
}

static bool wrong_sides(const char *command, struct error *err)
{
	return options_wrong(err,
	                     "%s takes two traces, or two stretches of one; try: gander %s A B, or "
	                     "gander %s 0s..1s 1s..2s FILE",
	                     command, command, command);
}

static bool check_stretches(const struct options *options, struct error *err)
{
	if (options->stretch_count > 0 && (options->has_from || options->has_to))
		return options_wrong(err, "stretches and --from or --to do not go together");
	for (size_t i = 0; i < options->stretch_count; i++) {
		const struct stretch_asked *stretch = &options->stretches[i];

		if (stretch->from_ns >= stretch->to_ns &&
		    (stretch->from_ns < 0) == (stretch->to_ns < 0))
			return options_wrong(err, "a stretch ends where it begins, or before");
	}
	return true;
}

/* A B, or T0..T1 T2..T3 TRACE. */
static bool take_sides(struct options *options, const struct operands *operands, struct error *err)
{
	char **items = operands->items + 1;
	size_t count = operands->count - 1;

	for (; count > 0 && options->stretch_count < 2 &&
	       take_stretch(*items, &options->stretches[options->stretch_count]);
	     items++, count--)
		options->stretch_count++;
	options->trace = count > 0 ? items[0] : NULL;
	options->traces = items;
	options->trace_count = count + options->is_demo;
	if (options->stretch_count == 1 || (options->stretch_count == 0 && options->is_demo) ||
	    options->trace_count != (options->stretch_count == 0 ? 2 : 1))
		return wrong_sides(options->analysis->name, err);
	if (options->trace_count == 2 && strcmp(items[0], "-") == 0 && strcmp(items[1], "-") == 0)
		return options_wrong(err, "only one of two traces can be standard input");
	return check_stretches(options, err);
}

static bool take_command(struct options *options, const struct operands *operands,
                         const struct surroundings *around, struct error *err)
{
	size_t at = 1, left = operands->count - 1 + options->is_demo;

	options->analysis = analysis_find(bytes_of(operands->items[0]));
	options->text = text_form_find(bytes_of(operands->items[0]));
	options->export = export_form_find(bytes_of(operands->items[0]));
	options->action = options->analysis != NULL ? ACTION_ANSWER
	                  : options->text != NULL   ? ACTION_TEXT
	                  : options->export != NULL ? ACTION_EXPORT
	                                            : ACTION_SCREEN;
	if (options->analysis != NULL && options->analysis->operands != NULL)
		return take_sides(options, operands, err);
	if (options->analysis != NULL && options->analysis->selector != NULL && left > 1 &&
	    (options->analysis->chase != NULL || !is_trace(operands->items[at], around))) {
		options->question.selector = bytes_of(operands->items[at++]);
		options->question.has_selector = true;
		left--;
	}
	if (options->analysis != NULL && options->analysis->chase != NULL &&
	    !options->analysis->chase->check(&options->question, err))
		return false;
	if (left > 1 && (options->is_demo || options->analysis == NULL))
		return too_many(options, operands->items[options->is_demo ? at : at + 1], err);
	options->trace = options->is_demo ? NULL : operands->items[at];
	options->traces = operands->items + at;
	options->trace_count = left;
	return true;
}

static bool take_one(struct options *options, const char *operand,
                     const struct surroundings *around, struct error *err)
{
	const struct analysis *analysis = analysis_find(bytes_of(operand));

	if (analysis != NULL && analysis->chase != NULL && !around->is_file(operand))
		return analysis->chase->check(&options->question, err);
	if (analysis != NULL && analysis->operands != NULL && !around->is_file(operand))
		return wrong_sides(operand, err);
	if (is_command(operand) && !around->is_file(operand))
		return options_wrong(err, "%s needs a trace; try: gander %s FILE, or -", operand,
		                     operand);
	options->trace = operand;
	return true;
}

static bool take_none(struct options *options, const struct surroundings *around, struct error *err)
{
	if (options->is_demo)
		return true;
	if (around->input_is_terminal)
		return options_wrong(err,
		                     "no trace named; try: gander trace.out, gander --demo, or "
		                     "gander --help");
	options->trace = "-";
	return true;
}

static bool take_operands(struct options *options, const struct operands *operands,
                          const struct surroundings *around, struct error *err)
{
	char *const *items = operands->items;

	if (operands->count == 0)
		return take_none(options, around, err);
	if (options->action == ACTION_VIEW && is_command(items[0]) &&
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

/* What is to be done, as an operand names it; NULL: a view is not named. */
static const char *command_of(const struct options *options)
{
	return options->action == ACTION_ANSWER   ? options->analysis->name
	       : options->action == ACTION_TEXT   ? options->text->name
	       : options->action == ACTION_EXPORT ? options->export->name
	       : options->action == ACTION_SCREEN ? "screen"
	                                          : NULL;
}

static bool check_groups(const struct options *options, struct error *err)
{
	for (size_t i = 0; i < option_specs_count; i++) {
		const struct option_spec *spec = &option_specs[i];

		if ((options->used >> i & 1) == 0)
			continue;
		if (spec->group == OPTION_ANSWER && options->action != ACTION_ANSWER &&
		    !option_is_of(spec, command_of(options)))
			return options_wrong(
				err, "--%s is for answers; try: gander summary --%s=%s TRACE",
				spec->name, spec->name, spec->value);
		if (spec->group == OPTION_OUTPUT && options->action != ACTION_ANSWER &&
		    options->action != ACTION_TEXT && options->action != ACTION_EXPORT)
			return options_wrong(
				err, "--%s is for answers; try: gander summary --%s=%s TRACE",
				spec->name, spec->name, spec->value);
		if (spec->group == OPTION_SOME && !option_is_of(spec, command_of(options)))
			return options_wrong(err, "--%s is for: gander %.*s TRACE", spec->name,
			                     (int)strcspn(spec->commands, " "), spec->commands);
		if (spec->group == OPTION_BEGIN && options->action != ACTION_VIEW &&
		    options->action != ACTION_SCREEN)
			return options_wrong(err, "--%s is for the terminal; try: gander --%s=%s TRACE",
			                     spec->name, spec->name, spec->value);
		if (spec->group == OPTION_VIEW && options->action != ACTION_VIEW)
			return options_wrong(
				err,
				"--%s is for the terminal, and has no end; an answer is "
				"about the file as it is now",
				spec->name);
	}
	return true;
}

static bool check_format(const struct options *options, struct error *err)
{
	bool is_profile = options->analysis != NULL && options->analysis->pass == &analysis_profile;

	if (options->report.format != REPORT_PPROF)
		return true;
	if (!is_profile)
		return options_wrong(err, "--format=pprof is for profiles; try: gander sync "
		                          "--format=pprof TRACE");
	if (options->trace_count > 1)
		return options_wrong(err, "a profile is of one trace");
	if (options->question.is_tree)
		return options_wrong(err, "--tree is for people; pprof has its own");
	if (options->question.has_peek)
		return options_wrong(err, "--peek is a table; pprof has its own");
	if (options->report.group != NULL)
		return options_wrong(err, "--group is for tables");
	return true;
}

bool options_parse(struct options *options, int argc, char **argv,
                   const struct surroundings *around, struct error *err)
{
	struct operands operands = { .items = argv + 1 };

	*options = (struct options){
		.cols = 80, .rows = 24, .jobs = -1, .question = question_of_all()
	};
	if (!split(options, &operands, argc, argv, err))
		return false;
	if (options->action == ACTION_HELP && operands.count > 0 && is_command(operands.items[0]))
		options->topic = operands.items[0];
	if (options->action == ACTION_HELP || options->action == ACTION_VERSION)
		return true;
	if (!take_operands(options, &operands, around, err) || !check_groups(options, err) ||
	    !check_format(options, err))
		return false;
	if (options->action == ACTION_VIEW && !around->output_is_terminal)
		return options_wrong(err,
		                     "standard output is not a terminal; try: gander summary FILE");
	return true;
}

static bool is_about_question(const struct option_spec *spec, const struct analysis *analysis)
{
	static const char *const always[] = { "from", "to", "filter", "group" };

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		if (strcmp(spec->name, always[i]) == 0)
			return true;
	return spec->group == OPTION_SOME && option_is_of(spec, analysis->name);
}

bool options_ask(struct options *options, const struct analysis *analysis, const char *option,
                 struct error *err)
{
	bool took_next;

	for (size_t i = 0; i < option_specs_count; i++) {
		if (!is_option(option + 2, option_specs[i].name))
			continue;
		if (!is_about_question(&option_specs[i], analysis))
			return options_wrong(err, "%s takes no --%s here", analysis->name,
			                     option_specs[i].name);
		return take_option(options, option, NULL, &took_next, err);
	}
	return unknown_option(option, err);
}
