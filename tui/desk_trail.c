/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/desk.h"

#include "core/model/trail.h"
#include "core/trace/event.h"

/* A critical path that was found stands above the lanes, too. */

static enum span_kind kind_of(struct bytes state)
{
	static const struct {
		enum go_state state;
		enum span_kind kind;
	} kinds[] = {
		{ GO_RUNNING, SPAN_RUN },
		{ GO_RUNNABLE, SPAN_RUNNABLE },
		{ GO_SYSCALL, SPAN_SYSCALL },
		{ GO_WAITING, SPAN_WAITING },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (bytes_equal(state, bytes_of(go_state_name(kinds[i].state))))
			return kinds[i].kind;
	return SPAN_NONE;
}

/* A goroutine of that id at a time; ID_NONE. */
static uint32_t find_go(const struct model *model, uint64_t id, int64_t ns)
{
	uint32_t first, end;

	model_parts_in(model, ns, ns + 1, &first, &end);
	return first == end ? ID_NONE : model_go_in(model, id, end - 1);
}

void desk_lay_trail(const struct desk *desk, struct state *state, struct model *model)
{
	const struct table *table = &desk->table;
	size_t start, duration, goroutine, what;

	if (!table_find_column(table, bytes_of("start_ns"), &start) ||
	    !table_find_column(table, bytes_of("duration_ns"), &duration) ||
	    !table_find_column(table, bytes_of("goroutine"), &goroutine) ||
	    !table_find_column(table, bytes_of("state"), &what))
		return;
	trail_begin(model);
	for (size_t row = 0; row < table_rows(table); row++) {
		int64_t begin_ns = table_value(table, row, start).number;
		int64_t end_ns = begin_ns + table_value(table, row, duration).number;
		enum span_kind kind = kind_of(table_value(table, row, what).text);
		uint32_t go = find_go(model, (uint64_t)table_value(table, row, goroutine).number,
		                      begin_ns);

		if (kind != SPAN_NONE && go != ID_NONE && end_ns > begin_ns)
			trail_add(model, go, begin_ns, end_ns, kind);
	}
	trail_end(model);
	state->rows.has_trail = model->trail->spans.count > 0;
	rows_arrange(&state->rows);
}
