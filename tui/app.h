/* SPDX-License-Identifier: MIT */
#ifndef TUI_APP_H
#define TUI_APP_H

/* The whole program but for main: options -> what was asked for -> exit status (tui/status.h). Says
 * on standard error what went wrong, in one line. */
int app_run(int argc, char **argv);

#endif
