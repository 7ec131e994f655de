/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/expected.h"

#include <stdio.h>

/* compare WANT GOT: whether two tables in csv are equal as answers.md means it. Prints what differs
 * and exits with 1 if they are not. */
int main(int argc, char **argv)
{
	static struct budget budget;
	struct arena arena = { .budget = &budget };
	struct bytes texts[2];
	struct csv tables[2];

	if (argc != 3) {
		fputs("usage: compare WANT GOT\n", stderr);
		return 2;
	}
	for (int i = 0; i < 2; i++) {
		if (!file_read(&arena, argv[i + 1], &texts[i])) {
			fprintf(stderr, "compare: %s cannot be read\n", argv[i + 1]);
			return 2;
		}
		csv_parse(&tables[i], &budget, texts[i]);
	}
	return expected_compare(&tables[0], &tables[1]) != 0;
}
