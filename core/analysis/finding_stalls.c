/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

#include "core/base/checked.h"

/* Waits that are far longer than others at their stack, while somebody was at work on what they
 * waited for; and long ones without others that a timer ended. Who has nothing to do waits, too:
 * for somebody who waits as well. */

struct stalls {
	const struct wait_site *site;
	struct long_wait worst;
	uint64_t count;
	int64_t sum_ns;
};

static int64_t length(const struct long_wait *wait)
{
	return wait->end_ns - wait->begin_ns;
}

static int64_t busy_of(const struct signs *signs, const struct long_wait *wait)
{
	return wait->by == INDEX_NONE
	               ? 0
	               : busy_ns(&signs->busy, wait->by, wait->begin_ns, wait->end_ns);
}

static bool is_busy(const struct signs *signs, const struct long_wait *wait)
{
	return busy_of(signs, wait) > length(wait) / 2;
}

static bool is_stall(const struct findings *findings, const struct signs *signs,
                     const struct wait_site *site, const struct long_wait *wait)
{
	if (!finding_is_ordinary(findings, wait->go))
		return false;
	if (site->count >= SITE_PEERS &&
	    length(wait) < saturating_multiply_i64(site->usual_ns, signs->limits->stall_times))
		return false;
	if (site->count >= SITE_PEERS && is_busy(signs, wait))
		return true;
	return length(wait) >= signs->limits->stall_alone_ns && site->reason == signs->select &&
	       !wait->is_open && (wait->by == INDEX_NONE || is_busy(signs, wait));
}

/* How far apart waits begin there, as a rule. */
static int64_t usual_distance(const struct wait_site *site)
{
	return site->count < 2 ? 0
	                       : (site->last_ns - site->first_ns) / (int64_t)(site->count - 1);
}

struct other {
	const struct findings *findings;
	uint32_t than;
};

static bool is_other(const void *to, uint32_t go)
{
	const struct other *other = to;

	return go != other->than && finding_is_ordinary(other->findings, go);
}

/* Who had just begun to work when it began, closer to it than those waits are to each other. */
static void say_overlap(struct finding_text *text, const struct findings *findings,
                        const struct signs *signs, const struct stalls *stalls)
{
	const struct long_wait *worst = &stalls->worst;
	int64_t usual_ns = usual_distance(stalls->site);
	struct other other = { findings, worst->go };
	const struct busy_stretch *stretch =
		busy_since(&signs->busy, worst->begin_ns, usual_ns, is_other, &other);

	if (stalls->site->count < SITE_PEERS || stretch == NULL)
		return;
	finding_say(text, "; it began %s after %s began to work, such waits are %s apart",
	            finding_time(worst->begin_ns - stretch->begin_ns).text,
	            finding_go(findings, stretch->go).text, finding_time(usual_ns).text);
}

static void say_others(struct finding_text *text, const struct findings *findings,
                       const struct signs *signs, const struct stalls *stalls)
{
	const struct long_wait *worst = &stalls->worst;

	if (worst->by == INDEX_NONE)
		finding_say(text, "; a timer ended it");
	else
		finding_say(text, "; %s ended it, which was at work for %s of it",
		            finding_go(findings, worst->by).text,
		            finding_time(busy_of(signs, worst)).text);
	say_overlap(text, findings, signs, stalls);
	if (stalls->count > 1)
		finding_say(text, "; %llu such waits, %s in all", (unsigned long long)stalls->count,
		            finding_time(stalls->sum_ns).text);
}

static void add(struct findings *findings, const struct signs *signs, const struct stalls *stalls)
{
	const struct wait_site *site = stalls->site;
	const struct long_wait *worst = &stalls->worst;
	struct finding finding = {
		.kind = FINDING_STALL,
		.begin_ns = worst->begin_ns,
		.end_ns = worst->end_ns,
		.cost_ns = stalls->sum_ns,
		.go = worst->go,
		.proc = INDEX_NONE,
		.stack = site->stack,
	};
	struct finding_text text = { .len = 0 };

	finding_say(&text, "%s waited for %s (%s) at %s", finding_go(findings, worst->go).text,
	            finding_time(length(worst)).text, finding_string(findings, site->reason).text,
	            finding_place(findings, site->stack).text);
	if (site->count >= SITE_PEERS)
		finding_say(&text, ", over %lld times as long as nine of ten there",
		            (long long)signs->limits->stall_times);
	say_others(&text, findings, signs, stalls);
	finding_add(findings, &finding, "%s", text.text);
}

void finding_stalls(struct findings *findings, const struct signs *signs)
{
	for (size_t i = 0; i < signs->sites.count; i++) {
		const struct wait_site *site = &signs->sites.items[i];
		struct stalls stalls = { .site = site };

		if (site->reason == signs->sleep || finding_is_convoy(findings, signs, site))
			continue;
		for (size_t w = 0; w < site->longest.count; w++) {
			const struct long_wait *wait = &site->longest.items[w];

			if (!is_stall(findings, signs, site, wait))
				continue;
			if (stalls.count == 0 || length(wait) > length(&stalls.worst) ||
			    (length(wait) == length(&stalls.worst) &&
			     wait->begin_ns < stalls.worst.begin_ns))
				stalls.worst = *wait;
			stalls.count++;
			stalls.sum_ns = saturating_add_i64(stalls.sum_ns, length(wait));
		}
		if (stalls.count > 0)
			add(findings, signs, &stalls);
	}
}
