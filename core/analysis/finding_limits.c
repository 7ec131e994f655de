/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/finding_limits.h"

#include "core/base/time_text.h"

#include <stddef.h>

const struct finding_limits finding_limits_usual = {
	.stop_ns = 1000000,
	.wait_ns = 1000000,
	.idle_ns = 100000,
	.serial_ns = 5000000,
	.stall_times = 20,
	.stall_alone_ns = 500000000,
	.convoy_percent = 50,
	.burst_count = 1000,
	.burst_ns = 100000000,
	.run_ns = 20000000,
};

static const struct limit_name {
	const char *name;
	size_t offset;
	bool is_time;
} names[] = {
	{ "stop", offsetof(struct finding_limits, stop_ns), true },
	{ "wait", offsetof(struct finding_limits, wait_ns), true },
	{ "idle", offsetof(struct finding_limits, idle_ns), true },
	{ "serial", offsetof(struct finding_limits, serial_ns), true },
	{ "stall", offsetof(struct finding_limits, stall_times), false },
	{ "stall-alone", offsetof(struct finding_limits, stall_alone_ns), true },
	{ "convoy", offsetof(struct finding_limits, convoy_percent), false },
	{ "burst", offsetof(struct finding_limits, burst_count), false },
	{ "burst-within", offsetof(struct finding_limits, burst_ns), true },
	{ "run", offsetof(struct finding_limits, run_ns), true },
};

static bool set(struct finding_limits *limits, const struct limit_name *name, struct bytes value)
{
	int64_t number;

	if (!time_text_parse(value, &number) || number <= 0)
		return false;
	if (!name->is_time)
		for (size_t i = 0; i < value.len; i++)
			if (value.data[i] < '0' || value.data[i] > '9')
				return false;
	memcpy((char *)limits + name->offset, &number, sizeof(number));
	return true;
}

static bool set_one(struct finding_limits *limits, struct bytes text)
{
	const uint8_t *equals = memchr(text.data, '=', text.len);
	struct bytes name = text, value;

	if (equals == NULL)
		return false;
	name.len = (size_t)(equals - text.data);
	value = (struct bytes){ equals + 1, text.len - name.len - 1 };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes_equal(name, bytes_of(names[i].name)))
			return set(limits, &names[i], value);
	return false;
}

bool finding_limits_parse(struct finding_limits *limits, struct bytes text, struct error *err)
{
	while (text.len > 0) {
		const uint8_t *comma = memchr(text.data, ',', text.len);
		struct bytes one = text;

		if (comma != NULL)
			one.len = (size_t)(comma - text.data);
		if (!set_one(limits, one))
			return error_set(err, ERROR_USAGE, ERROR_NO_OFFSET,
			                 "no threshold \"%.*s\"; there are stop=TIME wait= idle= "
			                 "serial= stall-alone= burst-within= run= stall=TIMES "
			                 "convoy=PERCENT burst=COUNT",
			                 one.len < 30 ? (int)one.len : 30, (const char *)one.data);
		text.data += one.len + (comma != NULL);
		text.len -= one.len + (comma != NULL);
	}
	return true;
}
