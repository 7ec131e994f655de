/* SPDX-License-Identifier: MIT */
#ifndef TUI_CONTROL_COMMANDS_H
#define TUI_CONTROL_COMMANDS_H

#include "tui/control/command.h"

/* The functions behind the command table; what each does stands there. */

/* commands_along.c */

/* To the next or previous one of the selection's goroutine ("own"), of its "kind" in the lane, or
 * along a "wake"-up; false: it is none of these words. */
bool along_step(struct state *state, const struct model *model, const char *what, int sign,
                unsigned *effects);

/* To the next or previous one that is highlighted, or else that passes the filter, in the lane and
 * then in others; one of the two is on. */
unsigned along_step_passing(struct state *state, const struct model *model, int sign);

/* commands_filter.c */
command_fn command_filter, command_highlight;

/* commands_finding.c */
command_fn command_finding;

/* commands_goto.c */
command_fn command_goto;

/* commands_kinds.c */

/* To the next or previous long wait for a P ("runnable", and how long), syscall that "lost" its P,
 * "log" or "task" of the cursor's lane, or with "all" of all lanes; false: it is none of these. */
bool kinds_step(struct state *state, const struct model *model, int argc, char **argv, int sign,
                unsigned *effects);

/* commands_live.c */
command_fn command_again, command_freeze;

/* commands_lanes.c */
command_fn command_lanes;

/* commands_link.c */
command_fn command_frames, command_link, command_source;

/* commands_locate.c */
command_fn command_copy, command_locate;

/* commands_look.c */
command_fn command_base, command_fine, command_notes, command_overlay, command_wakeups;

/* commands_many.c: what of select has to do with several; false: nothing */
bool command_select_many(struct state *state, const struct model *model, const char *what,
                         unsigned *effects);

/* commands_mouse.c */
command_fn command_drag, command_grab, command_mouse, command_range, command_release,
	command_window;

/* commands_move.c */
command_fn command_page, command_pan, command_row, command_scroll, command_zoom;

/* commands_places.c */
command_fn command_count, command_mark, command_redo, command_undo;

/* commands_rows.c */
command_fn command_fold, command_height, command_hide, command_move, command_pane, command_pin,
	command_unhide;

/* commands_prompt.c */
command_fn command_edit, command_prompt;

/* commands_match.c */
command_fn command_match;

/* Goes on with it; returns effects when it has looked at all. */
unsigned match_step(struct state *state, const struct model *model);

/* commands_search.c */
command_fn command_ask, command_like, command_search;

/* Goes to the next hit of the search, or the one before. */
unsigned search_step_to_hit(struct state *state, const struct model *model, bool backward);

/* What is typed at a prompt for expressions has changed, or is left. */
void search_follow_prompt(struct state *state);
void search_leave_prompt(struct state *state);

/* To a search that was before, "": none. */
void search_go_back(struct state *state, const char *text);

/* commands_select.c */
command_fn command_longest, command_next, command_previous, command_select;

/* commands_sheet.c */
command_fn command_compare, command_keep, command_sheet, command_table;

/* commands_show.c */
command_fn command_enter, command_keymap;
command_fn command_about, command_cancel, command_damage, command_details, command_help,
	command_quit, command_repaint, command_stop, command_suspend;

/* commands_tally.c */
command_fn command_tally;

/* commands_why.c */
command_fn command_critical, command_why;

#endif
