/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

#include "core/base/checked.h"
#include "core/base/sort.h"

/* Many goroutines from one creation site in a short time: windows of so many bins that do not lap,
 * the fullest first; of each site the fullest is told. */

struct burst {
	uint64_t count;
	int64_t waits_ns;
	int64_t begin_ns, end_ns;
};

static int by_site(const void *a, const void *b)
{
	const struct births *x = a, *y = b;

	if (x->stack != y->stack)
		return x->stack < y->stack ? -1 : 1;
	return (x->bin > y->bin) - (x->bin < y->bin);
}

/* The fullest window of those bins, which are of one site. */
static struct burst fullest(const struct births *births, size_t count, int64_t bins)
{
	struct burst burst = { .count = 0 }, now = { .count = 0 };

	for (size_t end = 0, first = 0; end < count; end++) {
		now.count += births[end].count;
		now.waits_ns = saturating_add_i64(now.waits_ns, births[end].waits_ns);
		for (; births[end].bin - births[first].bin >= bins; first++) {
			now.count -= births[first].count;
			now.waits_ns -= births[first].waits_ns;
		}
		if (now.count <= burst.count)
			continue;
		burst = now;
		burst.begin_ns = births[first].bin * BURST_BIN_NS;
		burst.end_ns = (births[end].bin + 1) * BURST_BIN_NS;
	}
	return burst;
}

static void add(struct findings *findings, stack_id stack, const struct burst *burst)
{
	struct finding finding = {
		.kind = FINDING_BURST,
		.begin_ns = burst->begin_ns,
		.end_ns = burst->end_ns < findings->model->end_ns ? burst->end_ns
		                                                  : findings->model->end_ns,
		.cost_ns = burst->waits_ns,
		.go = INDEX_NONE,
		.proc = INDEX_NONE,
		.stack = stack,
	};

	finding_add(findings, &finding,
	            "%llu goroutines were created at %s within %s, and waited %s in all for their "
	            "first P",
	            (unsigned long long)burst->count, finding_place(findings, stack).text,
	            finding_time(finding.end_ns - finding.begin_ns).text,
	            finding_time(burst->waits_ns).text);
}

void finding_bursts(struct findings *findings, const struct signs *signs)
{
	ARRAY(struct births) births = { .budget = findings->items.budget };
	int64_t bins = signs->limits->burst_ns / BURST_BIN_NS;

	array_reserve(&births, signs->births.count);
	for (size_t i = 0; i < signs->births.count; i++)
		*array_push(&births) = signs->births.items[i];
	SORT_ARRAY(&births, by_site);
	for (size_t first = 0, end; first < births.count; first = end) {
		stack_id stack = births.items[first].stack;
		struct burst burst;

		for (end = first; end < births.count && births.items[end].stack == stack;)
			end++;
		burst = fullest(&births.items[first], end - first, bins < 1 ? 1 : bins);
		if (burst.count >= (uint64_t)signs->limits->burst_count)
			add(findings, stack, &burst);
	}
	array_free(&births);
}
