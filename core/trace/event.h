/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_EVENT_H
#define CORE_TRACE_EVENT_H

/* The vocabulary that v1 and v2 share. */

/* What a goroutine does (Go: internal/trace/resources.go, GoState). */
enum go_state {
	GO_UNKNOWN,
	GO_RUNNABLE,
	GO_RUNNING,
	GO_SYSCALL,
	GO_WAITING,
	GO_DEAD,
	GO_STATES,
};

/* Shown to people and in tables: runnable, running, ... */
const char *go_state_name(enum go_state state);

#endif
