/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/order_heap.h"

static void swap(order_heap *heap, size_t i, size_t j)
{
	struct order_place place = heap->items[i];

	heap->items[i] = heap->items[j];
	heap->items[j] = place;
}

static size_t rise(order_heap *heap, size_t i)
{
	for (; i > 0 && heap->items[(i - 1) / 2].time_ns > heap->items[i].time_ns; i = (i - 1) / 2)
		swap(heap, i, (i - 1) / 2);
	return i;
}

static void sink(order_heap *heap, size_t i)
{
	for (;;) {
		size_t least = i;

		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < heap->count; child++)
			if (heap->items[child].time_ns < heap->items[least].time_ns)
				least = child;
		if (least == i)
			return;
		swap(heap, i, least);
		i = least;
	}
}

void order_heap_insert(order_heap *heap, int64_t time_ns, uint32_t thread)
{
	*array_push(heap) = (struct order_place){ time_ns, thread };
	rise(heap, heap->count - 1);
}

void order_heap_update(order_heap *heap, size_t i, int64_t time_ns)
{
	heap->items[i].time_ns = time_ns;
	if (rise(heap, i) == i)
		sink(heap, i);
}

void order_heap_remove(order_heap *heap, size_t i)
{
	for (; i > 0; i = (i - 1) / 2)
		swap(heap, i, (i - 1) / 2);
	swap(heap, 0, heap->count - 1);
	heap->count--;
	sink(heap, 0);
}
