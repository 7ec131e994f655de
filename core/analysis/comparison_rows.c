/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/comparison.h"

#include "core/base/sort.h"

#include <stdio.h>

/* The rows: some figures of each subject. */

enum {
	SECOND_NS = 1000000000,
	MICROSECOND_NS = 1000,
	MILLION = 1000000,
	SMALL = 16,
	SINGLE = 4,
	FIGURE_NAME_MAX = 40,
	NAME_COLS = 40,
};

enum figure { FIGURE_TIME, FIGURE_COUNT, FIGURE_MEAN, FIGURE_P50, FIGURE_P99, FIGURE_MAX, FIGURES };

#define RATES (1u << FIGURE_TIME)
#define COUNTS (1u << FIGURE_COUNT)
#define MEANS (1u << FIGURE_MEAN)
#define RANKS (1u << FIGURE_P50 | 1u << FIGURE_P99 | 1u << FIGURE_MAX)

static const struct kind {
	const char *name;
	unsigned figures;
	bool is_bytes;
} kinds[COMPARE_KINDS] = {
	[COMPARE_EXEC] = { "exec", RATES | RANKS, false },
	[COMPARE_SCHED_WAIT] = { "sched_wait", RATES | RANKS, false },
	[COMPARE_BLOCK] = { "block", RATES | RANKS, false },
	[COMPARE_SYSCALL] = { "syscall", RATES | RANKS, false },
	[COMPARE_CREATED] = { "created", COUNTS, false },
	[COMPARE_ALIVE] = { "goroutines", MEANS, false },
	[COMPARE_STATE] = { "state", RATES | COUNTS | RANKS, false },
	[COMPARE_LATENCY] = { "sched_latency", RATES | COUNTS | RANKS, false },
	[COMPARE_WAIT] = { "wait", RATES | COUNTS | RANKS, false },
	[COMPARE_STW] = { "stw", RATES | COUNTS | RANKS, false },
	[COMPARE_STOPPING] = { "stw_stopping", RANKS, false },
	[COMPARE_MARK] = { "gc_mark", RATES | COUNTS | RANKS, false },
	[COMPARE_ASSIST] = { "assist", RATES | COUNTS | RANKS, false },
	[COMPARE_HEAP_START] = { "heap_start", RANKS, true },
	[COMPARE_HEAP_END] = { "heap_end", RANKS, true },
	[COMPARE_HEAP_GOAL] = { "heap_goal", RANKS, true },
};

static const char *const suffixes[FIGURES] = { "_ns_per_s", "_per_s", "", "_p50", "_p99", "_max" };

struct row {
	const struct comparison_subject *subject;
	int64_t before, after, change, noise;
	uint64_t scale; /* what a change is measured by */
	uint8_t figure;
	struct bytes name;
};

typedef ARRAY(struct row) row_array;

struct rows {
	struct comparison *comparison;
	row_array rows;
	int64_t largest[COMPARE_KINDS][FIGURES];
};

/* ---- figures */

/* The two halves together; or one of the parts. */
#define BEFORE (1u << COMPARISON_EARLY | 1u << COMPARISON_LATE)
#define ONLY(part) (1u << (part))

static struct comparison_sum sum_of(const struct comparison_subject *subject, unsigned parts)
{
	struct comparison_sum sum = { .least = INT64_MAX };

	for (unsigned part = 0; part < COMPARISON_PARTS; part++) {
		const struct comparison_sum *more = &subject->sums[part];

		if ((parts >> part & 1) == 0)
			continue;
		if (__builtin_add_overflow(sum.ns, more->ns, &sum.ns))
			sum.ns = INT64_MAX;
		sum.count += more->count;
		if (more->count > 0 && more->least < sum.least)
			sum.least = more->least;
		if (more->count > 0 && more->most > sum.most)
			sum.most = more->most;
	}
	return sum;
}

static int64_t length_of(const struct comparison *comparison, unsigned parts)
{
	int64_t ns = 0;

	for (unsigned part = 0; part < COMPARISON_PARTS; part++)
		ns += (parts >> part & 1) != 0 ? comparison->length_ns[part] : 0;
	return ns;
}

/* amount * scale / length; what lasts no time has no rate. */
static int64_t rate(uint64_t amount, int64_t scale, int64_t length_ns)
{
	unsigned __int128 value = (unsigned __int128)amount * (uint64_t)scale;

	if (length_ns <= 0)
		return 0;
	value /= (uint64_t)length_ns;
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

/* Nearest rank, and not beyond those that are known exactly. */
static int64_t rank_of(struct length_counts counts, unsigned parts,
                       const struct comparison_sum *sum, unsigned percent)
{
	uint64_t count = lengths_count(counts, parts);
	uint64_t rank = count / 100 * percent + (count % 100 * percent + 99) / 100;
	int64_t value = lengths_rank(counts, parts, rank);

	value = value < sum->least || rank <= 1 ? sum->least : value;
	return value > sum->most || rank == count ? sum->most : value;
}

/* 0 where there is none. */
static int64_t figure_of(const struct comparison *comparison,
                         const struct comparison_subject *subject, struct length_counts counts,
                         unsigned parts, enum figure figure)
{
	struct comparison_sum sum = sum_of(subject, parts);
	int64_t length_ns = length_of(comparison, parts);

	switch (figure) {
	case FIGURE_TIME:
		return rate((uint64_t)sum.ns, SECOND_NS, length_ns);
	case FIGURE_COUNT: /* millionths */
		return rate(sum.count, (int64_t)MILLION * SECOND_NS, length_ns);
	case FIGURE_MEAN:
		return rate((uint64_t)sum.ns, MILLION, length_ns);
	case FIGURE_P50:
		return sum.count == 0 ? 0 : rank_of(counts, parts, &sum, 50);
	case FIGURE_P99:
		return sum.count == 0 ? 0 : rank_of(counts, parts, &sum, 99);
	case FIGURE_MAX:
		return sum.count == 0 ? 0 : sum.most;
	case FIGURES:
		break;
	}
	return 0;
}

/* Without any on one side there is no length to tell: that they come, or are gone, other figures
 * tell. And of few the largest is the 99th percentile. */
static bool is_told(const struct comparison_subject *subject, enum figure figure)
{
	uint64_t before = sum_of(subject, BEFORE).count;
	uint64_t after = subject->sums[COMPARISON_AFTER].count;

	if (figure < FIGURE_P50)
		return true;
	return before > 0 && after > 0 && (figure != FIGURE_P99 || before >= 100 || after >= 100);
}

static int64_t distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a; /* neither is below 0 */
}

static void add_figure(struct rows *rows, const struct comparison_subject *subject,
                       struct length_counts counts, enum figure figure)
{
	const struct comparison *comparison = rows->comparison;
	int64_t *largest = &rows->largest[subject->of][figure];
	struct row row = { .subject = subject, .figure = (uint8_t)figure };

	if (!is_told(subject, figure))
		return;
	row.name = strings_text(&comparison->texts, subject->name);
	row.before = figure_of(comparison, subject, counts, BEFORE, figure);
	row.after = figure_of(comparison, subject, counts, ONLY(COMPARISON_AFTER), figure);
	row.change = row.after - row.before;
	row.noise = distance(figure_of(comparison, subject, counts, ONLY(COMPARISON_EARLY), figure),
	                     figure_of(comparison, subject, counts, ONLY(COMPARISON_LATE), figure));
	*largest = row.before > *largest ? row.before : *largest;
	*largest = row.after > *largest ? row.after : *largest;
	if (row.before != 0 || row.after != 0)
		*array_push(&rows->rows) = row;
}

static void add_subject(struct rows *rows, uint32_t number)
{
	const struct comparison_subject *subject = &rows->comparison->subjects.items[number];
	struct length_counts counts = lengths_group(&rows->comparison->lengths, number);

	for (unsigned figure = 0; figure < FIGURES; figure++)
		if ((kinds[subject->of].figures >> figure & 1) != 0)
			add_figure(rows, subject, counts, (enum figure)figure);
}

/* ---- order */

static bool is_noise(const struct row *row)
{
	return distance(row->before, row->after) <= row->noise;
}

static int by_text(struct bytes a, struct bytes b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len == 0 ? 0 : memcmp(a.data, b.data, len);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int by_change(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	unsigned __int128 more =
		(unsigned __int128)(uint64_t)distance(x->before, x->after) * y->scale;
	unsigned __int128 than =
		(unsigned __int128)(uint64_t)distance(y->before, y->after) * x->scale;
	int order;

	if (is_noise(x) != is_noise(y))
		return is_noise(x) ? 1 : -1;
	if (more != than)
		return more > than ? -1 : 1;
	order = x->subject->of - y->subject->of;
	order = order != 0 ? order : x->figure - y->figure;
	return order != 0 ? order : by_text(x->name, y->name);
}

/* Of the parts, the fewest in one. */
static uint64_t fewest(const struct comparison_subject *subject)
{
	uint64_t few = UINT64_MAX;

	for (unsigned part = 0; part < COMPARISON_PARTS; part++)
		few = subject->sums[part].count < few ? subject->sums[part].count : few;
	return few;
}

/* The rate of a single one, in the side that is the shorter. */
static uint64_t one_more(const struct comparison *comparison)
{
	int64_t before_ns = length_of(comparison, BEFORE);
	int64_t after_ns = length_of(comparison, ONLY(COMPARISON_AFTER));

	return (uint64_t)rate(1, (int64_t)MILLION * SECOND_NS,
	                      before_ns < after_ns ? before_ns : after_ns);
}

/* What a change is measured by. Halves may be the same by chance, and of what is new, rare or tiny
 * there is hardly any noise: so a thousandth of the largest figure of the kind counts as noise as
 * well, a sixteenth of what it was or is - of few, that much of it; of a single one, the largest, a
 * fourth -, of lengths a microsecond, and of how many one. */
static uint64_t scale_of(const struct rows *rows, const struct row *row)
{
	int64_t low = row->before < row->after ? row->before : row->after;
	int64_t high = row->before > row->after ? row->before : row->after;
	uint64_t scale = (uint64_t)row->noise +
	                 (uint64_t)rows->largest[row->subject->of][row->figure] / 1000 + 1;
	uint64_t few = fewest(row->subject);

	if (row->figure == FIGURE_COUNT)
		scale += one_more(rows->comparison);
	if (row->figure < FIGURE_P50)
		return scale + (uint64_t)low / SMALL;
	if (row->figure == FIGURE_MAX && few > SINGLE - 1)
		few = SINGLE - 1;
	return scale + MICROSECOND_NS +
	       (few < SMALL ? (uint64_t)high / (few + 1) : (uint64_t)low / SMALL);
}

static void put_in_order(struct rows *rows)
{
	for (size_t i = 0; i < rows->rows.count; i++)
		rows->rows.items[i].scale = scale_of(rows, &rows->rows.items[i]);
	SORT_ARRAY(&rows->rows, by_change);
}

/* ---- the table */

static void add_place_columns(struct table *table, const char *begin, const char *length,
                              const char *go)
{
	table_add_column(table, begin, COLUMN_TIME);
	table_add_column(table, length, COLUMN_DURATION);
	table_add_column(table, go, COLUMN_ID);
}

static void add_columns(struct table *table, bool has_places)
{
	static const char *const values[] = { "before", "after", "change", "noise" };

	table->name_cols = NAME_COLS;
	table_add_column(table, "what", COLUMN_TEXT);
	table_add_column(table, "name", COLUMN_TEXT);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		table_add_column(table, values[i], COLUMN_RATE);
	if (!has_places)
		return;
	add_place_columns(table, "start_ns", "duration_ns", "goroutine");
	add_place_columns(table, "after_start_ns", "after_duration_ns", "after_goroutine");
}

static void add_place(struct table *table, const struct comparison_place *place)
{
	if (place->end_ns == 0) {
		table_add_empty(table);
		table_add_empty(table);
		table_add_empty(table);
		return;
	}
	table_add_number(table, place->begin_ns);
	table_add_number(table, place->end_ns - place->begin_ns);
	if (place->go != INDEX_NONE)
		table_add_id(table, place->id);
	else
		table_add_empty(table);
}

static enum column_kind kind_of(const struct row *row)
{
	if (row->figure == FIGURE_COUNT || row->figure == FIGURE_MEAN)
		return COLUMN_RATE;
	return kinds[row->subject->of].is_bytes ? COLUMN_BYTES : COLUMN_DURATION;
}

static void add_row(struct table *table, const struct row *row, bool has_places)
{
	const struct kind *kind = &kinds[row->subject->of];
	const char *unit = row->figure < FIGURE_P50 ? "" : kind->is_bytes ? "_bytes" : "_ns";
	enum column_kind value = kind_of(row);
	char what[FIGURE_NAME_MAX];

	snprintf(what, sizeof(what), "%s%s%s", kind->name, suffixes[row->figure], unit);
	table_add_text(table, bytes_of(what));
	table_add_text(table, row->name);
	table_add_of_kind(table, value, row->before);
	table_add_of_kind(table, value, row->after);
	if (is_noise(row))
		table_add_empty(table);
	else
		table_add_of_kind(table, value, row->change);
	table_add_of_kind(table, value, row->noise);
	if (!has_places)
		return;
	add_place(table, &row->subject->places[0]);
	add_place(table, &row->subject->places[1]);
}

bool comparison_table(struct comparison *comparison, struct table *table, bool has_places,
                      struct error *err)
{
	struct budget *budget = table->arena.budget;
	struct rows rows = { .comparison = comparison, .rows = { .budget = budget } };
	size_t most = comparison->subjects.count * FIGURES * sizeof(struct row) +
	              lengths_sort_bytes(&comparison->lengths);

	add_columns(table, has_places);
	if (budget_is_beyond(budget, most))
		return error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
		                 "memory limit reached before all was compared; --memory raises "
		                 "it");
	lengths_sort(&comparison->lengths);
	for (uint32_t i = 0; i < comparison->subjects.count; i++)
		add_subject(&rows, i);
	put_in_order(&rows);
	for (size_t i = 0; i < rows.rows.count; i++)
		add_row(table, &rows.rows.items[i], has_places);
	array_free(&rows.rows);
	return true;
}
