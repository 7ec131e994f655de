/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding.h"

#include "core/base/checked.h"
#include "core/base/id_map.h"
#include "core/model/holders.h"

/* Findings that are stretches of time of all goroutines and Ps together: those of one cause are one
 * row, at the one that cost most. */

struct cause {
	const struct spell *worst;
	uint64_t count;
	int64_t cost_ns;
};

struct causes {
	ARRAY(struct cause) items;
	struct id_map by_key;
};

static void group(struct causes *causes, const struct spell *spell, uint64_t key)
{
	uint32_t fresh = (uint32_t)causes->items.count;
	uint32_t at = id_map_add(&causes->by_key, key, fresh);
	struct cause *cause;

	if (at == fresh)
		*array_push(&causes->items) = (struct cause){ .worst = spell };
	cause = &causes->items.items[at];
	cause->count++;
	cause->cost_ns = saturating_add_i64(cause->cost_ns, spell->cost_ns);
	if (spell->cost_ns > cause->worst->cost_ns)
		cause->worst = spell;
}

static struct causes causes_begin(const struct findings *findings)
{
	return (struct causes){ .items = { .budget = findings->items.budget },
		                .by_key = { .budget = findings->items.budget } };
}

static void causes_free(struct causes *causes)
{
	array_free(&causes->items);
	id_map_free(&causes->by_key);
}

static void say_rest(struct finding_text *text, const struct cause *cause)
{
	if (cause->count > 1)
		finding_say(text, "; %llu such stretches, %s in all",
		            (unsigned long long)cause->count, finding_time(cause->cost_ns).text);
}

/* ---- more runnable goroutines than Ps */

enum { KEY_GC = 1, KEY_NAMES = 2 };

/* The largest of the names that were not taken before; NULL. */
static const struct spell_holder *next_holder(const struct spell *spell,
                                              const struct spell_holder *before)
{
	const struct spell_holder *next = NULL;

	for (uint32_t i = 0; i < spell->name_count; i++) {
		const struct spell_holder *name = &spell->names[i];

		if (before != NULL &&
		    (name->ns > before->ns || (name->ns == before->ns && name <= before)))
			continue;
		if (next == NULL || name->ns > next->ns)
			next = name;
	}
	return next;
}

/* Who had most of the Ps. */
static uint64_t holder_of(const struct spell *spell)
{
	const struct spell_holder *first = next_holder(spell, NULL);

	if (first == NULL || spell->gc_ns > first->ns)
		return KEY_GC;
	return (uint64_t)first->name + KEY_NAMES;
}

static int64_t stopped_ns(const struct model *model, const struct spell *spell)
{
	int64_t sum = 0;

	for (size_t i = 0; i < model->stops.count; i++) {
		const struct stw *stop = &model->stops.items[i];
		int64_t from = stop->begin_ns > spell->begin_ns ? stop->begin_ns : spell->begin_ns;
		int64_t to = stop->end_ns < spell->end_ns ? stop->end_ns : spell->end_ns;

		if (stop->begin_ns >= spell->end_ns)
			break;
		sum += to > from ? to - from : 0;
	}
	return sum;
}

static void say_share(struct finding_text *text, const char *name, int64_t ns, int64_t all_ns)
{
	if (finding_percent(ns, all_ns) > 0)
		finding_say(text, "%s %s %d%%", text->text[text->len - 1] == ':' ? "" : ",", name,
		            finding_percent(ns, all_ns));
}

static void say_holders(struct finding_text *text, const struct findings *findings,
                        const struct spell *spell)
{
	enum { FEW = 3 };
	int64_t all_ns = saturating_multiply_i64(spell->end_ns - spell->begin_ns,
	                                         model_most_procs(findings->model));
	const struct spell_holder *holder = NULL;

	finding_say(text, "; the Ps had:");
	for (int i = 0; i < FEW && (holder = next_holder(spell, holder)) != NULL; i++)
		say_share(text, finding_string(findings, holder->name).text, holder->ns, all_ns);
	say_share(text, "GC workers", spell->gc_ns, all_ns);
	say_share(text, "syscalls", spell->syscall_ns, all_ns);
	if (stopped_ns(findings->model, spell) > 0)
		finding_say(text, "; the world stood still for %s of it",
		            finding_time(stopped_ns(findings->model, spell)).text);
}

static void add_queue(struct findings *findings, const struct cause *cause)
{
	const struct spell *worst = cause->worst;
	struct finding finding = {
		.kind = FINDING_RUNNABLE,
		.begin_ns = worst->begin_ns,
		.end_ns = worst->end_ns,
		.at_ns = worst->longest_begin_ns,
		.cost_ns = cause->cost_ns,
		.go = worst->go,
		.proc = INDEX_NONE,
	};
	struct finding_text text = { .len = 0 };

	finding_say(
		&text,
		"up to %u goroutines waited for a P within %s, %llu of them for long, %s for %s",
		worst->most, finding_time(worst->end_ns - worst->begin_ns).text,
		(unsigned long long)worst->waits, finding_go(findings, worst->go).text,
		finding_time(worst->longest_ns).text);
	say_holders(&text, findings, worst);
	say_rest(&text, cause);
	finding_add(findings, &finding, "%s", text.text);
}

void finding_queues(struct findings *findings, const struct signs *signs)
{
	const spell_array *spells = &signs->spells.kept[SPELL_QUEUE];
	struct causes causes = causes_begin(findings);

	for (size_t i = 0; i < spells->count; i++)
		if (spells->items[i].waits > 0)
			group(&causes, &spells->items[i], holder_of(&spells->items[i]));
	for (size_t i = 0; i < causes.items.count; i++)
		add_queue(findings, &causes.items.items[i]);
	causes_free(&causes);
}

/* ---- idle Ps while somebody was runnable */

void finding_idle(struct findings *findings, const struct signs *signs)
{
	const spell_array *spells = &signs->spells.kept[SPELL_IDLE];
	struct cause all = { .count = signs->spells.more[SPELL_IDLE],
		             .cost_ns = signs->spells.more_ns[SPELL_IDLE] };
	struct finding finding = { .kind = FINDING_IDLE, .go = INDEX_NONE, .proc = INDEX_NONE };
	struct finding_text text = { .len = 0 };

	for (size_t i = 0; i < spells->count; i++) {
		const struct spell *spell = &spells->items[i];

		all.count++;
		all.cost_ns = saturating_add_i64(all.cost_ns, spell->cost_ns);
		if (all.worst == NULL || spell->cost_ns > all.worst->cost_ns)
			all.worst = spell;
	}
	if (all.worst == NULL)
		return;
	finding.begin_ns = all.worst->begin_ns;
	finding.end_ns = all.worst->end_ns;
	finding.cost_ns = all.cost_ns;
	finding.subject = bytes_of("Ps");
	finding_say(&text, "Ps were idle for %s while goroutines were runnable, up to %u at once",
	            finding_time(all.worst->end_ns - all.worst->begin_ns).text, all.worst->most);
	say_rest(&text, &all);
	finding_add(findings, &finding, "%s", text.text);
}

/* ---- one runs, and the other Ps idle */

/* Nobody else had anything to do, if it is not surrounded by work that goes side by side. */
static bool is_serial(const struct findings *findings, const struct spells *spells,
                      const struct spell *spell)
{
	enum { SOME = 150 };
	int64_t half_ns = (spell->end_ns - spell->begin_ns) / 2;

	return finding_is_ordinary(findings, spell->go) && spell->freed > 0 &&
	       (spells_busy(spells, spell->end_ns, spell->end_ns + half_ns) >= SOME ||
	        spells_busy(spells, spell->begin_ns - half_ns, spell->begin_ns) >= SOME);
}

static void add_serial(struct findings *findings, const struct cause *cause)
{
	const struct spell *worst = cause->worst;
	struct finding finding = {
		.kind = FINDING_SERIAL,
		.begin_ns = worst->begin_ns,
		.end_ns = worst->end_ns,
		.cost_ns = cause->cost_ns,
		.go = worst->go,
		.proc = INDEX_NONE,
	};
	struct finding_text text = { .len = 0 };

	finding_say(&text, "%s ran alone for %s, up to %u Ps idle, and then let %llu other%s go on",
	            finding_go(findings, worst->go).text,
	            finding_time(worst->end_ns - worst->begin_ns).text, worst->most,
	            (unsigned long long)worst->freed, worst->freed == 1 ? "" : "s");
	say_rest(&text, cause);
	finding_add(findings, &finding, "%s", text.text);
}

void finding_serial(struct findings *findings, const struct signs *signs)
{
	const spell_array *spells = &signs->spells.kept[SPELL_ALONE];
	struct causes causes = causes_begin(findings);

	for (size_t i = 0; i < spells->count; i++) {
		const struct spell *spell = &spells->items[i];

		if (is_serial(findings, &signs->spells, spell))
			group(&causes, spell,
			      roster_brief(&findings->model->roster, spell->go).name);
	}
	for (size_t i = 0; i < causes.items.count; i++)
		add_serial(findings, &causes.items.items[i]);
	causes_free(&causes);
}
