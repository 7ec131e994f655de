/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/control/arguments.h"

static const char more[] = "...";

/* What may stand in one place: "in|out", without its brackets. */
struct group {
	struct bytes text;
	bool is_optional, is_repeated;
};

static struct bytes take_until(struct bytes *text, char end)
{
	const uint8_t *at = text->len > 0 ? memchr(text->data, end, text->len) : NULL;
	struct bytes head = { text->data, at != NULL ? (size_t)(at - text->data) : text->len };
	size_t taken = head.len + (at != NULL);

	*text = (struct bytes){ text->data + taken, text->len - taken };
	return head;
}

static bool take_group(struct bytes *text, struct group *group)
{
	struct bytes word = take_until(text, ' ');

	if (word.len == 0)
		return false;
	group->is_optional = word.data[0] == '[';
	if (group->is_optional)
		word = (struct bytes){ word.data + 1, word.len - 2 };
	group->is_repeated = word.len > 3 && memcmp(word.data + word.len - 3, more, 3) == 0;
	if (group->is_repeated)
		word.len -= 3;
	group->text = word;
	return true;
}

/* The group of an argument; false: there is no such argument. */
static bool find_group(const char *arguments, int number, struct group *group)
{
	struct bytes text = bytes_of(arguments);

	for (int at = 1; take_group(&text, group); at++)
		if (at == number || (group->is_repeated && at < number))
			return true;
	return false;
}

static bool is_fixed(struct bytes word)
{
	return word.len > 0 && (word.data[0] < 'A' || word.data[0] > 'Z');
}

size_t arguments_offer(const char *arguments, int number, struct bytes head, struct bytes *words,
                       size_t max)
{
	struct group group;
	size_t count = 0;

	if (!find_group(arguments, number, &group))
		return 0;
	while (group.text.len > 0 && count < max) {
		struct bytes word = take_until(&group.text, '|');

		if (is_fixed(word) && word.len >= head.len &&
		    (head.len == 0 || memcmp(word.data, head.data, head.len) == 0))
			words[count++] = word;
	}
	return count;
}

enum fit {
	FIT_NOT,
	FIT_PERHAPS, /* it is the user's, and only the command knows */
	FIT_WELL,
};

static enum fit fit(struct bytes alternatives, const char *word)
{
	enum fit best = FIT_NOT;

	while (alternatives.len > 0) {
		struct bytes other = take_until(&alternatives, '|');

		if (!is_fixed(other))
			best = FIT_PERHAPS;
		else if (bytes_equal(other, bytes_of(word)))
			return FIT_WELL;
	}
	return best;
}

int arguments_refused(const char *arguments, int argc, char *const *argv)
{
	int perhaps = argc;
	struct group group;

	for (int i = 1; i < argc; i++) {
		enum fit how = FIT_NOT;

		if (find_group(arguments, i, &group))
			how = fit(group.text, argv[i]);
		if (how == FIT_NOT)
			return i;
		if (how == FIT_PERHAPS && perhaps == argc)
			perhaps = i;
	}
	if (find_group(arguments, argc, &group) && !group.is_optional &&
	    (!group.is_repeated || argc == 1))
		return argc;
	return perhaps;
}
