/* SPDX-License-Identifier: MIT */
#ifndef CORE_TRACE_ORDER_HEAP_H
#define CORE_TRACE_ORDER_HEAP_H

#include "core/base/array.h"

/* Threads by the time of their next event, as Go's reader holds them: a binary heap that is sorted
 * whole whenever its first has to wait. Which of two at one time comes first follows from where
 * they stand in it, and texts are compared byte for byte (Go: internal/trace/batchcursor.go). */
typedef ARRAY(struct order_place {
	int64_t time_ns;
	uint32_t thread;
}) order_heap;

void order_heap_insert(order_heap *heap, int64_t time_ns, uint32_t thread);

/* The one at i has another time, or is no more. */
void order_heap_update(order_heap *heap, size_t i, int64_t time_ns);
void order_heap_remove(order_heap *heap, size_t i);

/* By time, as Go sorts (order_sort.c). */
void order_heap_sort(order_heap *heap);

#endif
