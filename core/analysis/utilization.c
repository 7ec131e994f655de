/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/utilization.h"

void utilization_init(struct utilization *u, struct budget *budget)
{
	*u = (struct utilization){ .points = { .budget = budget }, .sums = { .budget = budget } };
}

void utilization_free(struct utilization *u)
{
	array_free(&u->points);
	array_free(&u->sums);
}

void utilization_add(struct utilization *u, int64_t time_ns, double share)
{
	struct utilization_point *last =
		u->points.count == 0 ? NULL : &u->points.items[u->points.count - 1];

	if (last != NULL && last->share == share)
		return;
	if (last != NULL && last->time_ns == time_ns)
		last->share = share;
	else
		*array_push(&u->points) = (struct utilization_point){ time_ns, share };
}

void utilization_end(struct utilization *u, int64_t time_ns)
{
	double sum = 0;

	if (u->points.count == 0)
		return;
	*array_push(&u->points) = (struct utilization_point){ time_ns, 0 };
	array_reserve(&u->sums, u->points.count);
	for (size_t i = 0; i < u->points.count; i++) {
		const struct utilization_point *point = &u->points.items[i];

		if (i > 0)
			sum += point[-1].share * (double)(point->time_ns - point[-1].time_ns);
		*array_push(&u->sums) = sum;
	}
}

int64_t utilization_length(const struct utilization *u)
{
	const struct utilization_point *points = u->points.items;

	return u->points.count < 2 ? 0 : points[u->points.count - 1].time_ns - points[0].time_ns;
}

/* ---- a window that slides */

struct slide {
	const struct utilization *u;
	int64_t at_ns, end_ns, window_ns; /* it begins there, and does not go beyond end */
	size_t left, right;               /* the points that its edges are behind */
};

static size_t point_before(const struct utilization *u, int64_t time_ns)
{
	size_t low = 0, high = u->points.count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (u->points.items[middle].time_ns <= time_ns)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static struct slide slide_from(const struct utilization *u, int64_t window_ns, int64_t from_ns,
                               int64_t end_ns)
{
	return (struct slide){
		.u = u,
		.at_ns = from_ns,
		.end_ns = end_ns,
		.window_ns = window_ns,
		.left = point_before(u, from_ns),
		.right = point_before(u, from_ns + window_ns),
	};
}

/* All of it, by a window that fits. */
static struct slide slide_over(const struct utilization *u, int64_t window_ns)
{
	int64_t length_ns = utilization_length(u), begin_ns = u->points.items[0].time_ns;

	window_ns = window_ns < length_ns ? window_ns : length_ns;
	return slide_from(u, window_ns, begin_ns, begin_ns + length_ns - window_ns);
}

static double sum_until(const struct utilization *u, size_t point, int64_t time_ns)
{
	return u->sums.items[point] +
	       u->points.items[point].share * (double)(time_ns - u->points.items[point].time_ns);
}

static double mean_of(const struct slide *slide)
{
	double mean = (sum_until(slide->u, slide->right, slide->at_ns + slide->window_ns) -
	               sum_until(slide->u, slide->left, slide->at_ns)) /
	              (double)slide->window_ns;

	return mean < 0 ? 0 : mean > 1 ? 1 : mean;
}

static int64_t point_behind(const struct utilization *u, size_t point, int64_t none_ns)
{
	return point + 1 < u->points.count ? u->points.items[point + 1].time_ns : none_ns;
}

/* To where the mean bends next; false: it is at its end. */
static bool slide_on(struct slide *slide)
{
	int64_t left_ns = point_behind(slide->u, slide->left, INT64_MAX);
	int64_t right_ns = point_behind(slide->u, slide->right, INT64_MAX);
	int64_t next_ns = slide->end_ns;

	if (slide->at_ns == slide->end_ns)
		return false;
	next_ns = left_ns < next_ns ? left_ns : next_ns;
	if (right_ns != INT64_MAX && right_ns - slide->window_ns < next_ns)
		next_ns = right_ns - slide->window_ns;
	slide->at_ns = next_ns;
	slide->left += left_ns <= next_ns;
	slide->right += right_ns != INT64_MAX && right_ns <= next_ns + slide->window_ns;
	return true;
}

/* ---- the least */

static struct utilization_window least_in(struct slide slide)
{
	struct utilization_window least = { slide.at_ns, mean_of(&slide) };

	while (least.share > 0 && slide_on(&slide)) {
		double mean = mean_of(&slide);

		if (mean < least.share)
			least = (struct utilization_window){ slide.at_ns, mean };
	}
	return least;
}

double utilization_least(struct utilizations us, int64_t window_ns)
{
	double least = 1;

	for (size_t i = 0; i < us.count; i++) {
		struct utilization_window window;

		if (utilization_length(&us.items[i]) == 0)
			continue;
		window = least_in(slide_over(&us.items[i], window_ns));
		least = window.share < least ? window.share : least;
	}
	return least;
}

/* ---- quantiles */

enum { BUCKETS = 1 << 12 };

/* How long the window has a mean in each part of [low, high). */
struct histogram {
	double low, high;
	double mass[BUCKETS]; /* of what begins or ends in a bucket, */
	double through[BUCKETS +
	               1]; /* and of what goes through: the difference to the one before */
};

static size_t bucket_of(const struct histogram *h, double share)
{
	double at = (share - h->low) / (h->high - h->low) * BUCKETS;

	return at <= 0 ? 0 : at >= BUCKETS ? BUCKETS - 1 : (size_t)at;
}

static double bucket_begin(const struct histogram *h, size_t bucket)
{
	return h->low + (h->high - h->low) / BUCKETS * (double)bucket;
}

/* The mean goes from one to the other, evenly, and takes so long. */
static void histogram_add(struct histogram *h, double from, double to, double mass)
{
	double low = from < to ? from : to, high = from < to ? to : from;
	double density = high > low ? mass / (high - low) : 0;
	size_t first, last;

	if (high < h->low || low > h->high || (low == h->high && h->high < 1))
		return;
	if (high == low) {
		h->mass[bucket_of(h, low)] += mass;
		return;
	}
	low = low < h->low ? h->low : low;
	high = high > h->high ? h->high : high;
	first = bucket_of(h, low);
	last = bucket_of(h, high);
	if (first == last) {
		h->mass[first] += density * (high - low);
		return;
	}
	h->mass[first] += density * (bucket_begin(h, first + 1) - low);
	h->mass[last] += density * (high - bucket_begin(h, last));
	h->through[first + 1] += density;
	h->through[last] -= density;
}

/* The bucket in which the mass that is left comes to its end, and takes off it what is before. */
static size_t histogram_find(const struct histogram *h, double *left)
{
	double width = (h->high - h->low) / BUCKETS, through = 0;

	for (size_t i = 0;; i++) {
		double mass;

		through += h->through[i];
		mass = h->mass[i] + through * width;
		if (*left <= mass || i + 1 == BUCKETS)
			return i;
		*left -= mass;
	}
}

static void add_all(struct histogram *h, size_t count, struct utilizations us, int64_t window_ns)
{
	for (size_t i = 0; i < us.count; i++) {
		struct slide slide;
		double from;
		int64_t at_ns;

		if (utilization_length(&us.items[i]) <= window_ns)
			continue;
		slide = slide_over(&us.items[i], window_ns);
		from = mean_of(&slide);
		at_ns = slide.at_ns;
		while (slide_on(&slide)) {
			double to = mean_of(&slide);

			for (size_t j = 0; j < count; j++)
				histogram_add(&h[j], from, to, (double)(slide.at_ns - at_ns));
			from = to;
			at_ns = slide.at_ns;
		}
	}
}

/* All of the time that windows can begin at. */
static double mass_of(struct utilizations us, int64_t window_ns)
{
	double mass = 0;

	for (size_t i = 0; i < us.count; i++) {
		int64_t length_ns = utilization_length(&us.items[i]);

		mass += length_ns > window_ns ? (double)(length_ns - window_ns) : 0;
	}
	return mass;
}

/* Two looks: in which bucket each is, then where in there. */
void utilization_quantiles(struct utilizations us, struct budget *budget, int64_t window_ns,
                           const double shares[UTILIZATION_SHARES],
                           double found[UTILIZATION_SHARES])
{
	struct arena arena = { .budget = budget };
	struct histogram *h = ARENA_NEW(&arena, 1 + UTILIZATION_SHARES, struct histogram);
	double left[UTILIZATION_SHARES], mass = mass_of(us, window_ns);

	h[0].high = 1;
	add_all(h, 1, us, window_ns);
	for (size_t i = 0; i < UTILIZATION_SHARES; i++) {
		size_t bucket;

		left[i] = shares[i] * mass;
		bucket = histogram_find(h, &left[i]);
		h[i + 1].low = bucket_begin(h, bucket);
		h[i + 1].high = bucket_begin(h, bucket + 1);
	}
	add_all(h + 1, UTILIZATION_SHARES, us, window_ns);
	for (size_t i = 0; i < UTILIZATION_SHARES; i++)
		found[i] =
			mass > 0 ? bucket_begin(&h[i + 1], histogram_find(&h[i + 1], &left[i]) + 1)
				 : utilization_least(us, window_ns);
	arena_free(&arena);
}

/* ---- the worst */

/* Where windows can begin that overlap none of those that were found, and the worst one. */
struct gap {
	const struct utilization *u;
	int64_t from_ns, end_ns; /* both are places */
	int64_t window_ns;
	struct utilization_window least;
};

typedef ARRAY(struct gap) gap_array;

static void add_gap(gap_array *gaps, const struct utilization *u, int64_t window_ns,
                    int64_t from_ns, int64_t end_ns)
{
	if (from_ns <= end_ns)
		*array_push(gaps) = (struct gap){
			u,
			from_ns,
			end_ns,
			window_ns,
			least_in(slide_from(u, window_ns, from_ns, end_ns)),
		};
}

static const struct utilization_window *worst_of(const gap_array *gaps)
{
	const struct utilization_window *worst = NULL;

	for (size_t i = 0; i < gaps->count; i++) {
		const struct utilization_window *least = &gaps->items[i].least;

		if (worst == NULL || least->share < worst->share ||
		    (least->share == worst->share && least->begin_ns < worst->begin_ns))
			worst = least;
	}
	return worst;
}

/* No window of them overlaps that one any more. */
static void exclude(gap_array *gaps, int64_t begin_ns, int64_t end_ns)
{
	for (size_t i = gaps->count; i-- > 0;) {
		struct gap gap = gaps->items[i];

		if (gap.end_ns + gap.window_ns <= begin_ns || gap.from_ns >= end_ns)
			continue;
		gaps->items[i] = gaps->items[--gaps->count];
		add_gap(gaps, gap.u, gap.window_ns, gap.from_ns, begin_ns - gap.window_ns);
		add_gap(gaps, gap.u, gap.window_ns, end_ns, gap.end_ns);
	}
}

size_t utilization_worst(struct utilizations us, int64_t window_ns,
                         struct utilization_window *windows, size_t max)
{
	gap_array gaps = { .budget = us.count > 0 ? us.items[0].points.budget : NULL };
	size_t count = 0;

	for (size_t i = 0; i < us.count; i++) {
		int64_t length_ns = utilization_length(&us.items[i]), begin_ns, fits_ns;

		if (length_ns == 0)
			continue;
		begin_ns = us.items[i].points.items[0].time_ns;
		fits_ns = window_ns < length_ns ? window_ns : length_ns;
		add_gap(&gaps, &us.items[i], fits_ns, begin_ns, begin_ns + length_ns - fits_ns);
	}
	for (; count < max; count++) {
		const struct utilization_window *worst = worst_of(&gaps);

		if (worst == NULL || worst->share >= 1)
			break;
		windows[count] = *worst;
		exclude(&gaps, worst->begin_ns, worst->begin_ns + window_ns);
	}
	array_free(&gaps);
	return count;
}
