/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

#include "core/base/checked.h"
#include "core/base/id_map.h"
#include "core/base/sort.h"

/* Mark assists, by the function that allocated. Where many assist at once it is a storm. */

struct payer {
	size_t worst; /* in the model's assists */
	uint64_t count, open;
	int64_t sum_ns;
	uint32_t most; /* at once */
};

struct payers {
	ARRAY(struct payer) items;
	struct id_map by_function;
	ARRAY(int64_t) ends; /* of all, ascending */
	size_t over;         /* so many of them */
};

/* The innermost function that is not the runtime's. */
static string_id payer_of(const struct model *model, const struct assist *assist)
{
	uint32_t count;
	const struct frame *frames = stacks_frames(&model->stacks, assist->stack, &count);

	for (uint32_t i = 0; i < count; i++)
		if (!bytes_begin_with(strings_text(&model->strings, frames[i].function),
		                      "runtime."))
			return frames[i].function;
	return 0;
}

static int64_t length(const struct assist *assist)
{
	return assist->end_ns - assist->begin_ns;
}

static struct payer *find(struct payers *payers, string_id function, size_t assist)
{
	uint32_t fresh = (uint32_t)payers->items.count;
	uint32_t at = id_map_add(&payers->by_function, function, fresh);

	if (at == fresh)
		*array_push(&payers->items) = (struct payer){ .worst = assist };
	return &payers->items.items[at];
}

static int by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* How many go on when one begins, with it: as many as have begun less those that are over. They
 * come by begin. */
static uint32_t at_once(struct payers *payers, size_t begun, int64_t begin_ns)
{
	while (payers->over < payers->ends.count && payers->ends.items[payers->over] <= begin_ns)
		payers->over++;
	return begun > payers->over ? (uint32_t)(begun - payers->over) : 1;
}

static void add(struct findings *findings, const struct payer *payer)
{
	const struct assist *worst = &findings->model->assists.items[payer->worst];
	bool is_storm = payer->most >= 2 && payer->most >= model_most_procs(findings->model) / 2 &&
	                payer->count > payer->most;
	struct finding finding = {
		.kind = FINDING_ASSIST,
		.begin_ns = worst->begin_ns,
		.end_ns = worst->end_ns,
		.cost_ns = payer->sum_ns,
		.go = worst->go,
		.proc = worst->proc,
		.stack = worst->stack,
	};
	struct finding_text text = { .len = 0 };

	finding_say(&text, "%s helped the GC mark for %s in all, %llu time%s",
	            finding_place(findings, worst->stack).text, finding_time(payer->sum_ns).text,
	            (unsigned long long)payer->count, payer->count == 1 ? "" : "s");
	if (payer->count > 1)
		finding_say(&text, ", once for %s", finding_time(length(worst)).text);
	if (is_storm)
		finding_say(&text, "; an assist storm, up to %u at once", payer->most);
	if (payer->open > 0)
		finding_say(&text, "; %llu unfinished", (unsigned long long)payer->open);
	finding_add(findings, &finding, "%s", text.text);
}

void finding_assists(struct findings *findings, const struct signs *signs)
{
	const struct model *model = findings->model;
	struct budget *budget = findings->items.budget;
	struct payers payers = { .items = { .budget = budget },
		                 .by_function = { .budget = budget },
		                 .ends = { .budget = budget } };

	(void)signs;
	for (size_t i = 0; i < model->assists.count; i++)
		*array_push(&payers.ends) = model->assists.items[i].end_ns;
	SORT_ARRAY(&payers.ends, by_time);
	for (size_t i = 0; i < model->assists.count; i++) {
		const struct assist *assist = &model->assists.items[i];
		struct payer *payer = find(&payers, payer_of(model, assist), i);
		uint32_t count = at_once(&payers, i + 1, assist->begin_ns);

		payer->count++;
		payer->open += assist->is_open;
		payer->sum_ns = saturating_add_i64(payer->sum_ns, length(assist));
		payer->most = count > payer->most ? count : payer->most;
		if (length(assist) > length(&model->assists.items[payer->worst]))
			payer->worst = i;
	}
	for (size_t i = 0; i < payers.items.count; i++)
		add(findings, &payers.items.items[i]);
	array_free(&payers.items);
	array_free(&payers.ends);
	id_map_free(&payers.by_function);
}
