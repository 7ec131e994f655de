/* SPDX-License-Identifier: MIT */
#ifndef TUI_HOST_LIMITS_H
#define TUI_HOST_LIMITS_H

#include "core/base/bytes.h"

/* A good guest: how much memory we may take, and manners towards whoever else lives on the host
 * (reliability.md 6). */

#define LIMITS_UNKNOWN UINT64_MAX

/* What is known of the memory of the host, in bytes; LIMITS_UNKNOWN where nothing is. */
struct limits_memory {
	uint64_t available;   /* by /proc/meminfo */
	uint64_t cgroup_left; /* what the cgroups we are in may still take, the tightest of them */
};

/* The budget: the smallest of a quarter of what is available, half of what the cgroup has left and
 * 4 GiB, but at least 128 MiB. asked, if not 0, decides alone. */
size_t limits_budget(struct limits_memory memory, uint64_t asked);

/* Asks the system. */
struct limits_memory limits_read(void);

/* The value of MemAvailable in the text of /proc/meminfo. */
uint64_t limits_available(struct bytes meminfo);

/* What is left, given the text of /proc/self/cgroup and where the cgroups are mounted: the smallest
 * of limit minus use from our cgroup up to the root, of cgroup v2 and v1. */
uint64_t limits_cgroup_left(const char *mount, struct bytes self_cgroup);

/* No core dumps, which would hold the trace; and when memory runs short, we go before the service
 * does. */
void limits_be_modest(void);

/* Lowers the priority of the calling thread alone, for the processor and the disk: one that loads,
 * never the one that draws. */
void limits_be_nice(void);

#endif
