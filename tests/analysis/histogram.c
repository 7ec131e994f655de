/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/histogram.h"

#include <math.h>

#include "core/base/time_text.h"
#include "tests/tap.h"

/* As Go's page has it (cmd/trace, durationHistogram). */
static int gos_bucket(int64_t ns)
{
	double step = log(pow(10, 1.0 / 5));

	return ns <= 0 ? 0 : (int)(log((double)ns) / step);
}

static void buckets_are_those_of_go(void)
{
	static const int64_t ns[] = { 0, 1, 2, 10, 99, 100, 1000, 1000000, 1000000000 };
	static const int buckets[] = { 0, 0, 1, 4, 9, 9, 14, 29, 44 };
	int64_t wrong = -1;

	for (size_t i = 0; i < sizeof(ns) / sizeof(ns[0]); i++)
		is_i64(histogram_bucket(ns[i]), buckets[i], "of a duration");
	for (int64_t n = 0; n < 1000000 && wrong < 0; n++)
		wrong = histogram_bucket(n) == gos_bucket(n) ? -1 : n;
	for (int64_t n = 1000000; n < INT64_C(100000000000000) && wrong < 0; n += n / 997)
		wrong = histogram_bucket(n) == gos_bucket(n) ? -1 : n;
	is_i64(wrong, -1, "of all below a day");
}

static void edges_are_those_of_go(void)
{
	static const int buckets[] = { 0, 1, 2, 3, 4, 5, 10, 15, 20, 30, 45 };
	static const char *const texts[] = { "1ns",   "1ns", "2ns",  "3ns", "6ns", "10ns",
		                             "100ns", "1µs", "10µs", "1ms", "1s" };
	char text[TIME_TEXT_MAX];

	for (size_t i = 0; i < sizeof(buckets) / sizeof(buckets[0]); i++)
		is_text(time_text_go(text, histogram_edge_ns(buckets[i])), texts[i], "of a bucket");
}

static bool is_same(const struct histogram *a, const struct histogram *b)
{
	return a->first == b->first && a->last == b->last &&
	       memcmp(a->counts, b->counts, sizeof(a->counts)) == 0;
}

static void a_text_says_it_all(void)
{
	struct histogram a, b;
	char room[HISTOGRAM_TEXT_MAX];
	struct bytes text;

	histogram_init(&a);
	text = histogram_text(&a, room);
	ok(text.len == 0 && !histogram_parse(&b, text), "none");
	for (int i = 0; i < 12; i++)
		histogram_add(&a, 5000, 1);
	histogram_add(&a, 20000, 1);
	text = histogram_text(&a, room);
	ok(bytes_equal(text, bytes_of("18:12,0,0,1")), "from the first that has any to the last");
	ok(histogram_parse(&b, text) && is_same(&a, &b), "and back");
	histogram_add(&a, 0, 1);
	histogram_add(&a, INT64_MAX, 1);
	text = histogram_text(&a, room);
	ok(histogram_parse(&b, text) && is_same(&a, &b), "however long they are");
}

int main(void)
{
	buckets_are_those_of_go();
	edges_are_those_of_go();
	a_text_says_it_all();
	return tap_done();
}
