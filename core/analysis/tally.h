/* SPDX-License-Identifier: MIT */
#ifndef CORE_ANALYSIS_TALLY_H
#define CORE_ANALYSIS_TALLY_H

#include "core/analysis/table.h"
#include "core/model/model.h"

/* Many spans in a table: a row for all of one title, state, P or goroutine, with how many they are,
 * how long together, on average, and at most; percentiles by nearest rank. The title of a run is
 * the function that its goroutine started with. */
enum tally_by { TALLY_TITLE, TALLY_STATE, TALLY_PROC, TALLY_GO, TALLY_BYS };

enum tally_column {
	TALLY_NAME,
	TALLY_COUNT,
	TALLY_TOTAL,
	TALLY_MEAN,
	TALLY_P50,
	TALLY_P99,
	TALLY_MAX,
	TALLY_COLUMNS,
};

/* The first one's name: "title", "state", ...; the others are the columns' own. */
const char *tally_by_name(enum tally_by by);
const char *tally_column_name(enum tally_column column);

/* Rows in the order of a column, amounts from the largest. Each span counts with its whole length.
 * Takes 16 bytes a span meanwhile. */
void tally_make(struct table *table, const struct model *model, const struct span *spans,
                size_t count, enum tally_by by, enum tally_column order);

/* What it is called in that table; out: room for a longer name. */
enum { TALLY_NAME_MAX = 200 };
struct bytes tally_name(const struct model *model, const struct span *span, enum tally_by by,
                        char out[TALLY_NAME_MAX]);

/* Notes in a span what its title is made of as far as its history has that, which may be dropped
 * after. Without, the history of one that waits or of a region has to be there when it is named. */
void tally_note(const struct model *model, struct span *span);
bool tally_knows_title(const struct model *model, const struct span *span);

/* How [begin_ns, end_ns) was spent in each lane: a row a lane, a column a state. */
void shares_make(struct table *table, const struct model *model, const struct lane_id *lanes,
                 size_t count, int64_t begin_ns, int64_t end_ns);

#endif
