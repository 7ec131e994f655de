/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/strings.h"

#include "tests/tap.h"

static struct budget budget;

static void each_text_once(void)
{
	struct strings strings;
	char text[24];
	bool good = true;
	string_id ids[5000];

	strings_init(&strings, &budget);
	is_u64(strings_add(&strings, bytes_of("")), 0, "the empty text is 0");
	for (int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "main.f%d", i);
		ids[i] = strings_add(&strings, bytes_of(text));
		good = good && ids[i] == (string_id)i + 1;
	}
	ok(good, "new ones are numbered as they come");
	for (int i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "main.f%d", i);
		good = good && strings_add(&strings, bytes_of(text)) == ids[i] &&
		       bytes_equal(strings_text(&strings, ids[i]), bytes_of(text));
	}
	ok(good, "the same text has the same id, and the id its text");
	is_u64(strings.texts.count, 5001, "nothing is there twice");
	strings_free(&strings);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

static void texts_are_bytes(void)
{
	struct strings strings;
	struct bytes one = { (const uint8_t *)"a\0b", 3 }, other = { (const uint8_t *)"a\0c", 3 };
	struct bytes shorter = { (const uint8_t *)"a\0", 2 };

	strings_init(&strings, &budget);
	ok(strings_add(&strings, one) != strings_add(&strings, other), "NULs do not end a text");
	ok(strings_add(&strings, shorter) != strings_add(&strings, bytes_of("a")),
	   "zeroes at the end count");
	is_u64(strings_text(&strings, 99).len, 0, "an unknown id is the empty text");
	strings_free(&strings);
}

int main(void)
{
	each_text_once();
	texts_are_bytes();
	return tap_done();
}
