/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_V1_HOLDERS_H
#define CORE_TRACE_V1_HOLDERS_H

#include "core/trace/v1_threads.h"

/* Inside of v1_threads: who holds what - goroutines Ps, threads Ps, goroutines threads - and what
 * has to be said where that changes. Each leaves all three at one. */

/* The entry of a goroutine, of a P (V1_NOBODY for P -1), of a thread that is made up. */
uint32_t v1_find_go(struct v1_threads *t, uint32_t go, uint64_t id);
uint32_t v1_find_proc(struct v1_threads *t, int32_t p);
uint32_t v1_new_thread(struct v1_threads *t);
uint32_t v1_bound_thread(struct v1_threads *t);

/* The id of a thread; of the one that events on a P are said by. */
uint64_t v1_m_of(const struct v1_threads *t, uint32_t thread);
uint64_t v1_m_on(const struct v1_threads *t, uint32_t proc);

/* Adds an event of a thread, now. */
void v1_say(struct v1_threads *t, uint64_t m, enum wire_type type, uint64_t a, uint64_t b,
            uint64_t c);

/* Says what a goroutine was doing, if it is the first time in the piece. */
void v1_mention_go(struct v1_threads *t, uint32_t go);

/* Whoever is on a thread, running or in a syscall, leaves it; nothing is said. */
void v1_leave_thread(struct v1_threads *t, uint32_t go, uint8_t status);

/* Mends: a goroutine must have stopped meanwhile. */
void v1_stop_go(struct v1_threads *t, uint32_t go);

/* A P starts on a thread (-1: not known), becomes idle: by its thread, or taken from a syscall. */
void v1_start_proc(struct v1_threads *t, uint32_t proc, int64_t m);
void v1_idle_proc(struct v1_threads *t, uint32_t proc);
void v1_drop_proc(struct v1_threads *t, uint32_t proc);

/* A goroutine enters or leaves a syscall, said on a P (V1_NOBODY for P -1); a P goes idle. Go counts
 * the syscall as blocked from when the P goes idle that it was said on, whoever has the P then,
 * unless another goroutine has entered a syscall there since (Go: internal/trace/summary.go). */
void v1_bind_call(struct v1_threads *t, uint32_t go, uint32_t proc);
void v1_free_call(struct v1_threads *t, uint32_t go);
void v1_part_call(struct v1_threads *t, uint32_t proc);

/* Something happens on a P. */
void v1_touch_proc(struct v1_threads *t, uint32_t proc);

/* Makes a P ready to run a goroutine: it has a thread, and nobody is on either. False for P -1. */
bool v1_free_proc(struct v1_threads *t, uint32_t proc);

#endif
