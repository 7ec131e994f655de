/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/histogram.h"

#include <inttypes.h>
#include <stdio.h>

enum { A_DECADE = 5, DECADES = 18 };

/* Go has (int64)exp(bucket * log(10^(1/5))), which is the same below a day. */
int64_t histogram_edge_ns(int bucket)
{
	static const int64_t steps[A_DECADE] = { 1000000000000000000, 1584893192461113485,
		                                 2511886431509580111, 3981071705534972508,
		                                 6309573444801932494 };
	int64_t ns = steps[bucket % A_DECADE];

	for (int i = bucket / A_DECADE; i < DECADES; i++)
		ns /= 10;
	return ns;
}

int histogram_bucket(int64_t ns)
{
	int low = 0, high = HISTOGRAM_BUCKETS;

	while (high - low > 1) {
		int middle = low + (high - low) / 2;

		if (histogram_edge_ns(middle) < ns)
			low = middle;
		else
			high = middle;
	}
	return low;
}

void histogram_init(struct histogram *histogram)
{
	*histogram = (struct histogram){ .first = HISTOGRAM_BUCKETS, .last = -1 };
}

static void add_to(struct histogram *histogram, int bucket, uint64_t count)
{
	histogram->counts[bucket] += count;
	if (bucket < histogram->first)
		histogram->first = bucket;
	if (bucket > histogram->last)
		histogram->last = bucket;
}

void histogram_add(struct histogram *histogram, int64_t ns, uint64_t count)
{
	add_to(histogram, histogram_bucket(ns), count);
}

struct bytes histogram_text(const struct histogram *histogram, char room[HISTOGRAM_TEXT_MAX])
{
	int len = 0;

	for (int i = histogram->first; i <= histogram->last; i++) {
		if (i == histogram->first)
			len = snprintf(room, HISTOGRAM_TEXT_MAX, "%d:", i);
		len += snprintf(room + len, HISTOGRAM_TEXT_MAX - (size_t)len, "%s%" PRIu64,
		                i == histogram->first ? "" : ",", histogram->counts[i]);
	}
	return (struct bytes){ (const uint8_t *)room, (size_t)len };
}

/* Digits up to another character, which is taken, too. */
static uint64_t take_number(struct bytes *text)
{
	uint64_t number = 0;
	size_t i;

	for (i = 0; i < text->len && text->data[i] >= '0' && text->data[i] <= '9'; i++)
		number = number * 10 + (uint64_t)(text->data[i] - '0');
	i += i < text->len;
	text->data += i;
	text->len -= i;
	return number;
}

bool histogram_parse(struct histogram *histogram, struct bytes text)
{
	uint64_t first;

	histogram_init(histogram);
	if (text.len == 0)
		return false;
	first = take_number(&text);
	for (uint64_t i = first; i < HISTOGRAM_BUCKETS && text.len > 0; i++)
		add_to(histogram, (int)i, take_number(&text));
	return histogram->last >= 0;
}
