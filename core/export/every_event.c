/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/every_event.h"

#include "core/trace/order.h"
#include "core/trace/v1_events.h"
#include "core/trace/v2_wire.h"

static void each_of_v1(const struct every_event *every, struct damage *damage, uint64_t *records,
                       struct error *err)
{
	struct v1_events events;
	struct event event;

	if (v1_events_init(&events, every->budget, every->source, every->index->version.minor,
	                   every->is_strict, err))
		while (v1_events_next(&events, &event)) {
			*records += event.type != WIRE_SYNC;
			if (!every->take(every->context, &event))
				break;
		}
	if (v1_events_are_cut(&events)) {
		*err = (struct error){ 0 };
		error_set(err, ERROR_LIMIT, ERROR_NO_OFFSET,
		          "memory limit reached before the end; --memory raises it");
	}
	damage_join(damage, &events.file.damage);
	v1_order_note(&events.order, damage);
	v1_events_free(&events);
}

static void each_of_v2(const struct every_event *every, struct damage *damage, uint64_t *records,
                       struct error *err)
{
	struct order order;
	struct event event;

	order_init(&order, every->budget, every->index, every->source, every->is_strict);
	while (order_next(&order, &event, err)) {
		*records += event.type != WIRE_SYNC;
		if (!every->take(every->context, &event))
			break;
	}
	damage_join(damage, &every->index->damage);
	damage_join(damage, &order.damage);
	order_free(&order);
}

void every_event(const struct every_event *every, struct damage *damage, uint64_t *records,
                 struct error *err)
{
	*records = 0;
	if (version_is_v2(every->index->version))
		each_of_v2(every, damage, records, err);
	else
		each_of_v1(every, damage, records, err);
}
