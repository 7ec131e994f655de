/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/utilization.h"

#include <math.h>
#include <stdlib.h>

#include "tests/draw.h"
#include "tests/tap.h"

/* What is left to the program in the worst windows; against the same by looking at every ns. */
static struct budget budget;
static uint64_t seed = 5;

enum { LENGTH = 600, MANY = 3 };
static double shares[MANY][LENGTH];
static struct utilization items[MANY];

/* By ns, from 1000 on. */
static void make(size_t series, size_t length)
{
	utilization_init(&items[series], &budget);
	for (size_t i = 0; i < length; i++) {
		bool is_new = i == 0 || draw(&seed, 12) == 0;

		shares[series][i] = is_new ? (double)draw(&seed, 5) / 4 : shares[series][i - 1];
		utilization_add(&items[series], 1000 + (int64_t)i, shares[series][i]);
	}
	utilization_end(&items[series], 1000 + (int64_t)length);
}

static void drop(size_t count)
{
	for (size_t i = 0; i < count; i++)
		utilization_free(&items[i]);
}

static double mean(size_t series, size_t at, size_t window)
{
	double sum = 0;

	for (size_t i = at; i < at + window; i++)
		sum += shares[series][i];
	return sum / (double)window;
}

static double least(size_t count, size_t length, size_t window)
{
	double least = 1;

	for (size_t s = 0; s < count; s++)
		for (size_t at = 0; at + window <= length; at++)
			least = fmin(least, mean(s, at, window));
	return least;
}

static void the_least_is_exact(void)
{
	bool good = true;

	for (int round = 0; round < 200; round++) {
		size_t length = 1 + draw(&seed, LENGTH), count = 1 + draw(&seed, MANY);

		for (size_t i = 0; i < count; i++)
			make(i, length);
		for (size_t window = 1; window <= length; window += 1 + draw(&seed, 50)) {
			double got = utilization_least((struct utilizations){ items, count },
			                               (int64_t)window);

			good = good && fabs(got - least(count, length, window)) < 1e-9;
		}
		drop(count);
	}
	ok(good, "the least of all windows is that of all places");
}

static int order(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Of means at many places between the ns. */
static double quantile(size_t count, size_t length, size_t window, double share)
{
	enum { FINE = 16 };
	static double means[MANY * LENGTH * FINE];
	size_t n = 0;

	for (size_t s = 0; s < count; s++)
		for (size_t at = 0; at + window < length; at++)
			for (size_t f = 0; f < FINE; f++) {
				double part = ((double)f + 0.5) / FINE;

				means[n++] = (1 - part) * mean(s, at, window) +
				             part * mean(s, at + 1, window);
			}
	qsort(means, n, sizeof(*means), order);
	return n == 0 ? NAN : means[(size_t)(share * (double)n)];
}

static void quantiles_are_near(void)
{
	static const double wanted[UTILIZATION_SHARES] = { 0.01, 0.1, 0.5 };
	double worst = 0;

	for (int round = 0; round < 40; round++) {
		size_t length = 2 + draw(&seed, LENGTH - 1), count = 1 + draw(&seed, MANY);
		size_t window = 1 + draw(&seed, (uint32_t)length - 1);
		double found[UTILIZATION_SHARES];

		for (size_t i = 0; i < count; i++)
			make(i, length);
		utilization_quantiles((struct utilizations){ items, count }, &budget,
		                      (int64_t)window, wanted, found);
		for (int i = 0; i < UTILIZATION_SHARES; i++) {
			/* near a jump, a little more or less of the mass is on its other side */
			double low = quantile(count, length, window, wanted[i] * 0.999) - 1e-2;
			double high = quantile(count, length, window, wanted[i] * 1.001) + 1e-2;

			worst = found[i] < low ? fmax(worst, low - found[i]) : worst;
			worst = found[i] > high ? fmax(worst, found[i] - high) : worst;
		}
		drop(count);
	}
	ok(worst < 1e-2, "quantiles are those of the means at all places: %g off", worst);
}

static void quantiles_by_hand(void)
{
	static const double wanted[UTILIZATION_SHARES] = { 0.001, 0.01, 0.05 };
	struct utilizations us = { items, 1 };
	double found[UTILIZATION_SHARES];

	utilization_init(&items[0], &budget);
	utilization_add(&items[0], 0, 1);
	utilization_add(&items[0], 1000, 0);
	utilization_add(&items[0], 1100, 1);
	utilization_end(&items[0], 2000);
	/* of 1900 places of a window of 100, 1 falls from 900 to 1000 and rises to 1100 */
	utilization_quantiles(us, &budget, 100, wanted, found);
	ok(fabs(found[0] - 0.0095) < 1e-6 && fabs(found[1] - 0.095) < 1e-6 &&
	           fabs(found[2] - 0.475) < 1e-6,
	   "a valley: %f %f %f", found[0], found[1], found[2]);
	utilization_quantiles(us, &budget, 2000, wanted, found);
	ok(fabs(found[0] - 0.95) < 1e-9 && fabs(found[2] - 0.95) < 1e-9,
	   "a window over all has one place");
	utilization_quantiles(us, &budget, 5000, wanted, found);
	ok(fabs(found[1] - 0.95) < 1e-9, "and so has a longer one");
	drop(1);
}

static void nothing_happens(void)
{
	static const double wanted[UTILIZATION_SHARES] = { 0.001, 0.01, 0.05 };
	struct utilizations us = { items, 1 };
	struct utilization_window windows[3];
	double found[UTILIZATION_SHARES];

	utilization_init(&items[0], &budget);
	utilization_add(&items[0], 0, 1);
	utilization_end(&items[0], 2000);
	ok(utilization_least(us, 10) == 1, "all is the program's");
	utilization_quantiles(us, &budget, 10, wanted, found);
	ok(found[0] == 1 && found[2] == 1, "in all windows");
	is_u64(utilization_worst(us, 10, windows, 3), 0, "none is bad");
	drop(1);
	utilization_init(&items[0], &budget);
	ok(utilization_length(&items[0]) == 0 && utilization_least(us, 10) == 1,
	   "where there is no time there is no window");
	is_u64(utilization_worst(us, 10, windows, 3), 0, "and no bad one");
	utilization_end(&items[0], 5);
	ok(utilization_length(&items[0]) == 0, "nor behind the end of nothing");
	drop(1);
}

static bool overlap(const struct utilization_window *a, const struct utilization_window *b,
                    int64_t window_ns)
{
	return a->begin_ns < b->begin_ns + window_ns && b->begin_ns < a->begin_ns + window_ns;
}

/* Each as bad as any that overlaps none of those before. */
static void the_worst_do_not_overlap(void)
{
	enum { WINDOWS = 5 };
	bool good = true, apart = true;

	for (int round = 0; round < 50; round++) {
		size_t length = 1 + draw(&seed, LENGTH), count = 1 + draw(&seed, MANY), n;
		size_t window = 1 + draw(&seed, (uint32_t)length);
		struct utilization_window found[WINDOWS];

		for (size_t i = 0; i < count; i++)
			make(i, length);
		n = utilization_worst((struct utilizations){ items, count }, (int64_t)window, found,
		                      WINDOWS);
		for (size_t i = 0; i < n; i++) {
			double least = 1;

			for (size_t j = 0; j < i; j++)
				apart = apart && !overlap(&found[i], &found[j], (int64_t)window);
			for (size_t s = 0; s < count; s++)
				for (size_t at = 0; at + window <= length; at++) {
					struct utilization_window here = { 1000 + (int64_t)at, 0 };
					bool is_free = true;

					for (size_t j = 0; j < i; j++)
						is_free = is_free && !overlap(&here, &found[j],
						                              (int64_t)window);
					if (is_free)
						least = fmin(least, mean(s, at, window));
				}
			good = good && fabs(least - found[i].share) < 1e-9;
		}
		drop(count);
	}
	ok(apart, "the worst windows do not overlap");
	ok(good, "and are the worst that are left");
}

static void several_changes_at_a_time(void)
{
	utilization_init(&items[0], &budget);
	utilization_add(&items[0], 0, 1);
	utilization_add(&items[0], 10, 0.5);
	utilization_add(&items[0], 10, 0.25);
	utilization_add(&items[0], 10, 0.75);
	utilization_add(&items[0], 20, 1);
	utilization_end(&items[0], 40);
	ok(items[0].points.count == 4 && items[0].points.items[1].share == 0.75,
	   "the last of a time counts");
	is_i64(utilization_length(&items[0]), 40, "from the first to the end");
	drop(1);
}

int main(void)
{
	the_least_is_exact();
	quantiles_are_near();
	quantiles_by_hand();
	nothing_happens();
	the_worst_do_not_overlap();
	several_changes_at_a_time();
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
