/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/event.h"

const char *go_state_name(enum go_state state)
{
	switch (state) {
	case GO_UNKNOWN:
		return "unknown";
	case GO_RUNNABLE:
		return "runnable";
	case GO_RUNNING:
		return "running";
	case GO_SYSCALL:
		return "syscall";
	case GO_WAITING:
		return "waiting";
	case GO_DEAD:
		return "dead";
	case GO_STATES:
		break;
	}
	return "?";
}
