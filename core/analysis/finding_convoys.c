/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

/* Waits at one stack, for a lock or to send, that add up to more than a good part of the trace's
 * length. Who held the lock is who let the next one have it; for how long, from when it got it
 * itself, if it waited for that. */

static bool is_lock(const struct findings *findings, const struct signs *signs,
                    const struct wait_site *site)
{
	static const char *const locks[] = { "sync.(*Mutex).Lock", "sync.(*Mutex).lockSlow",
		                             "sync.(*RWMutex).Lock", "sync.(*RWMutex).RLock",
		                             NULL };

	if (site->reason != 0 && site->reason == signs->chan_send)
		return true;
	return site->reason != 0 && site->reason == signs->sync &&
	       finding_stack_has(findings, site->stack, locks);
}

bool finding_is_convoy(const struct findings *findings, const struct signs *signs,
                       const struct wait_site *site)
{
	double share =
		(double)findings->model->end_ns * (double)signs->limits->convoy_percent / 100;

	return (double)site->sum_ns > share && is_lock(findings, signs, site);
}

/* Since when who ended a wait had the lock: when its own wait for it was over; TIME_UNKNOWN. */
static int64_t held_since(const struct wait_site *site, const struct long_wait *wait)
{
	int64_t since_ns = TIME_UNKNOWN;

	for (size_t i = 0; i < site->longest.count; i++) {
		const struct long_wait *other = &site->longest.items[i];

		if (other->go == wait->by && !other->is_open && other->end_ns <= wait->end_ns &&
		    other->end_ns > since_ns)
			since_ns = other->end_ns;
	}
	return since_ns;
}

struct holding {
	uint32_t go;
	int64_t since_ns, until_ns;
};

static struct holding longest_holding(const struct wait_site *site)
{
	struct holding longest = { INDEX_NONE, 0, 0 };

	for (size_t i = 0; i < site->longest.count; i++) {
		const struct long_wait *wait = &site->longest.items[i];
		int64_t since_ns = wait->by == INDEX_NONE ? TIME_UNKNOWN : held_since(site, wait);

		if (since_ns == TIME_UNKNOWN ||
		    wait->end_ns - since_ns <= longest.until_ns - longest.since_ns)
			continue;
		longest = (struct holding){ wait->by, since_ns, wait->end_ns };
	}
	return longest;
}

static const struct long_wait *longest_wait(const struct wait_site *site)
{
	const struct long_wait *longest = NULL;

	for (size_t i = 0; i < site->longest.count; i++) {
		const struct long_wait *wait = &site->longest.items[i];
		int64_t ns = wait->end_ns - wait->begin_ns;

		if (longest == NULL || ns > longest->end_ns - longest->begin_ns ||
		    (ns == longest->end_ns - longest->begin_ns &&
		     wait->begin_ns < longest->begin_ns))
			longest = wait;
	}
	return longest;
}

static void add(struct findings *findings, const struct wait_site *site)
{
	const struct long_wait *worst = longest_wait(site);
	struct holding holding = longest_holding(site);
	struct finding_text text = { .len = 0 };
	struct finding finding = { .kind = FINDING_CONVOY,
		                   .cost_ns = site->sum_ns,
		                   .go = INDEX_NONE,
		                   .proc = INDEX_NONE,
		                   .stack = site->stack };

	if (worst == NULL)
		return; /* many very short ones: nobody holds it */
	finding.begin_ns = worst->begin_ns;
	finding.end_ns = worst->end_ns;
	finding.go = worst->go;
	finding_say(&text, "%llu waits (%s) at %s add up to %s, the longest %s",
	            (unsigned long long)site->count, finding_string(findings, site->reason).text,
	            finding_place(findings, site->stack).text, finding_time(site->sum_ns).text,
	            finding_time(worst->end_ns - worst->begin_ns).text);
	if (worst->by != INDEX_NONE)
		finding_say(&text, ", until %s let it go on", finding_go(findings, worst->by).text);
	if (holding.go != INDEX_NONE)
		finding_say(&text, "; held longest by %s, for %s at least",
		            finding_go(findings, holding.go).text,
		            finding_time(holding.until_ns - holding.since_ns).text);
	finding_add(findings, &finding, "%s", text.text);
}

void finding_convoys(struct findings *findings, const struct signs *signs)
{
	for (size_t i = 0; i < signs->sites.count; i++)
		if (finding_is_convoy(findings, signs, &signs->sites.items[i]))
			add(findings, &signs->sites.items[i]);
}
