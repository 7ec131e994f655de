/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/command.h"

#include "core/analysis/analysis.h"
#include "tui/control/arguments.h"
#include "tui/control/commands.h"

/* clang-format off */
static const struct command commands[] = { /* sorted by name */
	{ "about",    "",                             "Show file and memory, or hide them",                command_about    },
	{ "again",    "",                             "Record the next trace from the same address",        command_again    },
	{ "ask",      "search|match",                "Type an expression to look for",                     command_ask      },
	{ "base",     "trace|mark|clock|next",        "From when the ruler counts",                         command_base     },
	{ "cancel",   "",                             "Close what is open, deselect",                       command_cancel   },
	{ "compare",  "[TRACE]",                      "What changed to another; none: to the window",       command_compare  },
	{ "copy",     "all|locator|table|screen [FILE]",
	                                              "Copy as text, to clipboard or new file",             command_copy     },
	{ "count",    "DIGIT [COMMAND...]",           "Run the next command so often",                      command_count    },
	{ "critical", "[TYPE|ID|G17@T+T]",            "What a task, region or stay hung on",                command_critical },
	{ "damage",   "",                             "List what is lost, or hide it",                      command_damage   },
	{ "details",  "[LINES]",                      "Show only details, scroll them",                     command_details  },
	{ "drag",     "mode|pan|range|window|pane|box [free]", "Move what the mouse holds",                          command_drag     },
	{ "edit",     "move|delete|kill|yank|swap|older|newer|complete|run|leave [begin|end|left|right|word-left|word-right|space-left]",
	                                              "Edit the line of the prompt",                        command_edit     },
	{ "enter",    "",                             "The next hit of a search; without one details",      command_enter    },
	{ "filter",   "[EXPRESSION]",               "Dim what does not match; none: nothing",             command_filter   },
	{ "finding",  "next|previous|hide|NUMBER",    "Go to a finding, by rank; list them or not",         command_finding  },
	{ "fine",     "",                             "Taller lanes with letters, or usual ones",           command_fine     },
	{ "fold",     "[all]",                        "Fold the lane or its function; again: unfold",       command_fold     },
	{ "frames",   "",                             "Show the runtime's frames in stacks, or fold them",  command_frames   },
	{ "freeze",   "",                             "Stand still while a trace arrives, or go on",        command_freeze   },
	{ "goto",     "TIME|CLOCK|G8006|P3|M12|T5|FUNCTION|LOCATOR [TIME]", "Go to a time, an id (at a time), a name",                 command_goto     },
	{ "grab",     "",                             "Hold what is under the mouse",                       command_grab     },
	{ "height",   "LINES|+LINES|-LINES [runnable|running|gc-wait|heap|threads|in-syscall|network|timers|syscalls]",
	                                              "Make the row taller or shorter",                     command_height   },
	{ "help",     "",                             "Show the keys, or hide them",                        command_help     },
	{ "hide",     "[runnable|running|gc-wait|heap|threads|in-syscall|network|timers|syscalls|gc|stw]",
	                                              "Hide the row",                                       command_hide     },
	{ "highlight", "[EXPRESSION]",              "Mark what matches; none: nothing",                   command_highlight },
	{ "keep",     "[EXPRESSION]",               "Keep the rows of a table that match; none: all",    command_keep     },
	{ "keymap",   "chrome|vim|FILE",              "Other keys",                                         command_keymap   },
	{ "lanes",    "procs|goroutines|threads|tasks|related|next|list", "What lanes are of; related: to the selection",     command_lanes    },
	{ "like",     "next|previous|all",           "Search for what is selected; all: and select it",    command_like     },
	{ "link",     "next|previous|go|pointer",    "Mark an id, time or frame of the pane, go there",    command_link     },
	{ "locate",   "LOCATOR",                      "Go to a place, as copied: t=1ms+2ms,g=21",           command_locate   },
	{ "longest",  "stw|assist|gc|damage",         "Select the longest of a kind",                       command_longest  },
	{ "mark",     "set|go|back [LETTER]",         "Mark a place, or go to one",                         command_mark     },
	{ "match",    "[EXPRESSION]",                "Show lanes that match; none: all",                   command_match    },
	{ "mouse",    "pan|zoom|timing|select|once|report",        "What dragging does",                                 command_mouse    },
	{ "move",     "up|down",                      "Move the lane among the others",                     command_move     },
	{ "next",     "span|hit|own|kind|wake|runnable|lost|log|task|stw|gc|assist|damage|all|DURATION...", "Select the next one",                                command_next     },
	{ "notes",    "[all]",                        "Regions, logs, samples, P starts under the lane", command_notes    },
	{ "overlay",  "gc|grid|grid-end|DURATION",    "Show GC or a grid over the lanes, or not",           command_overlay  },
	{ "page",     "PAGES",                        "Move the cursor by pages",                           command_page     },
	{ "pan",      "PERCENT%|CELLS|DURATION",      "Move the window; minus: back",                       command_pan      },
	{ "pane",     "LINES",                        "Make the pane of details taller; minus: shorter",    command_pane     },
	{ "pin",      "",                             "Keep the lane at the top, or let it go",             command_pin      },
	{ "previous", "span|hit|own|kind|wake|runnable|lost|log|task|stw|gc|assist|damage|all|DURATION...", "Select the one before",                              command_previous },
	{ "prompt",   "[TEXT...]",                    "Type a command, Tab completes",                      command_prompt   },
	{ "quit",     "",                             "Leave gander",                                       command_quit     },
	{ "range",    "selection|window|pointer|none", "Measure a stretch of time",                         command_range    },
	{ "redo",     "",                             "Go forth to the place after",                        command_redo     },
	{ "release",  "",                             "Let go what the mouse held",                         command_release  },
	{ "repaint",  "",                             "Paint the whole screen again",                       command_repaint  },
	{ "row",      "ROWS|first|last",              "Move the cursor over the rows",                      command_row      },
	{ "scroll",   "ROWS",                         "Scroll the rows",                                    command_scroll   },
	{ "search",   "[EXPRESSION]",                "Go to what matches; none: no more",                  command_search   },
	{ "select",   "row|pointer|none|box|lanes|lane|title|alike|samples|toggle|add|more",
	                                              "Select one, or several for a table",                 command_select   },
	{ "sheet",    "open|back|pointer|column|order|window|goroutines|group|tree|peek|hit [NUMBER]", "In a table: go, sort, only the window",           command_sheet    },
	{ "source",   "[STACK FRAME]",                "Open the source of a frame in $EDITOR",              command_source   },
	{ "stop",     "",                             "Receive no more of it, or cancel",                   command_stop     },
	{ "suspend",  "",                             "Stop; the shell's fg continues",                     command_suspend  },
	{ "table",    "[NAME] [SELECTOR] [--OPTION...]", "Show an answer as a table; none: list them",         command_table    },
	{ "tally",    "next|order|title|state|P|goroutine|name|count|total|mean|p50|p99|max|row [ROW]",
	                                              "What a row of several is, or their order",           command_tally    },
	{ "undo",     "",                             "Go back to the place before",                        command_undo     },
	{ "unhide",   "",                             "Show all hidden rows again",                         command_unhide   },
	{ "wakeups",  "",                             "Rows of those whom no goroutine woke, or none",      command_wakeups  },
	{ "why",      "[held] [G17@T]",               "Why it did not run; held: whom that held up",        command_why      },
	{ "window",   "pointer|selection",            "Move the window there",                              command_window   },
	{ "zoom",     "in|out|all|selection|STEPS [1.5|10]", "Change the scale of time",                         command_zoom     },
};
/* clang-format on */

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

enum {
	SOMEWHERE = -2,    /* a line is wrong: command_run finds out where; */
	IN_LINE = 1 << 16, /* or so many bytes behind the begin of its argument */
};

const struct command *command_list(size_t *count)
{
	*count = COMMANDS;
	return commands;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

const struct command *command_guess(const char *name)
{
	const struct command *found = command_find(name), *other = NULL;
	size_t len = strlen(name);

	if (found != NULL || len == 0)
		return found;
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strncmp(commands[i].name, name, len) != 0)
			continue;
		other = found;
		found = &commands[i];
		if (other != NULL)
			return NULL;
	}
	return found;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* Takes one word, copies it to *out and moves both on; false if a quote stays open. */
static bool take_word(const char **at, char **out)
{
	char quote = '\0';

	for (; **at != '\0' && (quote != '\0' || !is_space(**at)); ++*at) {
		if (quote == '\0' && (**at == '"' || **at == '\'')) {
			quote = **at;
		} else if (**at == quote) {
			quote = '\0';
		} else {
			if (**at == '\\' && quote != '\'' && (*at)[1] != '\0')
				++*at;
			*(*out)++ = **at;
		}
	}
	*(*out)++ = '\0';
	return quote == '\0';
}

/* The rest of the line as one argument, without the spaces at its end. */
static void take_rest(struct command_words *words, const char *at, const char *line, char *out)
{
	size_t len = strlen(at);

	while (len > 0 && is_space(at[len - 1]) && !(len > 1 && at[len - 2] == '\\'))
		len--;
	memcpy(out, at, len);
	out[len] = '\0';
	words->argv[words->argc++] = out;
	words->argv[words->argc] = NULL;
	words->cols[words->argc] = (int)(at - line + (ptrdiff_t)len);
}

static bool takes_line(const struct command_words *words)
{
	const struct command *command = words->argc == 1 ? command_guess(words->argv[0]) : NULL;

	return command != NULL && strstr(command->arguments, "EXPRESSION") != NULL;
}

bool command_split(const char *line, struct command_words *words, const char **problem, int *col)
{
	const char *at = line;
	char *out = words->text;

	words->argc = 0;
	if (strlen(line) >= COMMAND_LINE_MAX) {
		*problem = "too long a line";
		*col = COMMAND_LINE_MAX;
		return false;
	}
	for (;;) {
		while (is_space(*at))
			at++;
		*col = words->cols[words->argc] = (int)(at - line);
		words->argv[words->argc] = NULL;
		if (*at == '\0')
			return true;
		if (takes_line(words)) {
			take_rest(words, at, line, out);
			return true;
		}
		*problem = "too many words";
		if (words->argc == COMMAND_WORDS)
			return false;
		words->argv[words->argc++] = out;
		*problem = "an open quote";
		if (!take_word(&at, &out))
			return false;
	}
}

/* What was typed so far begins several names, or none. */
static void refuse_name(struct state *state, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < COMMANDS; i++)
		if (strncmp(commands[i].name, name, len) == 0) {
			state_refuse(state, "several commands begin with %s", name);
			return;
		}
	state_refuse(state, "there is no command %s", name);
}

/* The name of an analysis is a command, too: its table. False: it is none. */
static bool insert_table(struct command_words *words)
{
	if (analysis_find(bytes_of(words->argv[0])) == NULL || words->argc == COMMAND_WORDS)
		return false;
	memmove(&words->argv[1], &words->argv[0],
	        (size_t)(words->argc + 1) * sizeof(words->argv[0]));
	memmove(&words->cols[1], &words->cols[0],
	        (size_t)(words->argc + 1) * sizeof(words->cols[0]));
	words->argc++; /* the name stands in both places */
	return true;
}

/* One that leads to another place without saying so itself. */
static unsigned run_noted(const struct command *command, struct state *state,
                          const struct model *model, struct command_words *words)
{
	unsigned version = state->places.version, effects;
	struct place from;

	state_note_look(state);
	from = state->at;
	effects = command->run(state, model, words->argc, words->argv);
	state_follow_look(state);
	if (state->places.version == version)
		places_note(&state->places, &from, &state->at, state->is_rested);
	return effects;
}

unsigned command_run(struct state *state, const struct model *model, const char *line)
{
	struct command_words words;
	const struct command *command;
	const char *problem;
	unsigned effects;
	int col;

	state->wrong_at = -1;
	if (!command_split(line, &words, &problem, &col)) {
		state_refuse(state, "%s in column %d", problem, col + 1);
		state->wrong_at = col;
		return EFFECT_REDRAW;
	}
	if (words.argc == 0)
		return 0;
	command = command_guess(words.argv[0]);
	if (command_find(words.argv[0]) == NULL && insert_table(&words))
		command = command_find("table");
	if (command == NULL) {
		refuse_name(state, words.argv[0]);
		state->wrong_at = words.cols[0];
		return EFFECT_REDRAW;
	}
	effects = run_noted(command, state, model, &words);
	if ((effects & EFFECT_WANT) && state->want_line[0] == '\0') /* it ran no other one */
		memcpy(state->want_line, line, strlen(line) + 1);
	if (state->wrong_at >= IN_LINE)
		state->wrong_at += words.cols[1] - IN_LINE;
	if (state->wrong_at == SOMEWHERE)
		state->wrong_at =
			words.cols[arguments_refused(command->arguments, words.argc, words.argv)];
	return effects;
}

unsigned command_repeat(struct state *state, const struct model *model, const char *line)
{
	int before = state->count;
	unsigned effects = command_run(state, model, line);

	if (state->count != before) /* it counts itself */
		return effects;
	state->count = 0;
	for (int i = 1; i < before && !state->is_error; i++) {
		if (effects & ~(unsigned)EFFECT_REDRAW)
			break;
		effects |= command_run(state, model, line);
	}
	return effects;
}

void command_blame(struct state *state, size_t offset)
{
	state->wrong_at = IN_LINE + (int)(offset < COMMAND_LINE_MAX ? offset : COMMAND_LINE_MAX);
}

unsigned command_misuse(struct state *state, const char *name)
{
	const struct command *command = command_guess(name);

	state_refuse(state, "use: %s %s", command->name, command->arguments);
	state->wrong_at = SOMEWHERE;
	return EFFECT_REDRAW;
}
