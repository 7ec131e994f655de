/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/regions.h"
#include "core/model/walk_at.h"

#include "tests/draw.h"
#include "tests/tap.h"

/* Tasks as the walk finds them, thread after thread, and as the model keeps them. */

enum { ROUNDS = 2000, STEPS = 24, IDS = 6 };

static struct budget budget;
static uint64_t seed = 1;

/* All begins, then all ends, each by itself: what the others have to come to. */
struct plain {
	struct step {
		uint64_t id;
		part_time time;
		bool begins;
	} steps[STEPS];
};

static struct plain draw_steps(void)
{
	struct plain plain;

	for (uint32_t i = 0; i < STEPS; i++)
		plain.steps[i] = (struct step){ .id = draw_u32(&seed, IDS),
			                        .time = draw_u32(&seed, 1 << 16) * STEPS + i,
			                        .begins = draw_u32(&seed, 2) == 0 };
	return plain;
}

static void tell_one_by_one(struct said *said, const struct plain *plain)
{
	for (uint32_t i = 0; i < STEPS; i++)
		if (plain->steps[i].begins)
			said_task_begins(said, &(struct user_task){ .id = plain->steps[i].id,
			                                            .begin_ns = plain->steps[i].time,
			                                            .end_ns = TIME_UNKNOWN,
			                                            .go = i,
			                                            .end_go = INDEX_NONE });
	for (uint32_t i = 0; i < STEPS; i++)
		if (!plain->steps[i].begins)
			said_task_ends(said, plain->steps[i].id, plain->steps[i].time, i);
}

static void tell_as_walked(struct said *said, struct walk *walk, const struct plain *plain)
{
	struct stream stream = { .m = 0 };

	array_clear(&walk->task_begins);
	array_clear(&walk->task_ends);
	id_pages_clear(&walk->tasks);
	for (uint32_t i = 0; i < STEPS; i++) {
		stream.run.g = i;
		walk_task(walk, &stream, plain->steps[i].time, plain->steps[i].begins,
		          (uint64_t[4]){ plain->steps[i].id });
	}
	for (size_t i = 0; i < walk->task_begins.count; i++) {
		const struct task_begin *begin = &walk->task_begins.items[i];

		said_task_begins(said, &(struct user_task){
					       .id = begin->task,
					       .begin_ns = begin->time,
					       .end_ns = begin->end == TIME_NONE ? TIME_UNKNOWN
			                                                         : begin->end,
					       .go = begin->g,
					       .end_go = begin->end_go });
	}
	for (size_t i = 0; i < walk->task_ends.count; i++)
		said_task_ends(said, walk->task_ends.items[i].task, walk->task_ends.items[i].time,
		               walk->task_ends.items[i].g);
}

static bool same_tasks(const struct said *a, const struct said *b)
{
	if (a->tasks.count != b->tasks.count)
		return false;
	for (size_t i = 0; i < a->tasks.count; i++) {
		const struct user_task *x = &a->tasks.items[i], *y = &b->tasks.items[i];

		if (x->id != y->id || x->begin_ns != y->begin_ns || x->end_ns != y->end_ns ||
		    x->go != y->go || x->end_go != y->end_go)
			return false;
	}
	return true;
}

/* The second of two parts meets what the first has left. */
static bool come_to_the_same(struct walk *walk)
{
	struct said one_by_one, walked;
	bool is_same;

	said_init(&one_by_one, &budget);
	said_init(&walked, &budget);
	for (int part = 0; part < 2; part++) {
		struct plain plain = draw_steps();

		tell_one_by_one(&one_by_one, &plain);
		tell_as_walked(&walked, walk, &plain);
	}
	is_same = same_tasks(&one_by_one, &walked);
	said_free(&one_by_one);
	said_free(&walked);
	return is_same;
}

static void ends_find_their_begins(void)
{
	struct walk walk;
	int same = 0;

	walk_init(&walk, &budget);
	for (int i = 0; i < ROUNDS; i++)
		same += come_to_the_same(&walk);
	is_u64((uint64_t)same, ROUNDS, "ends go where they would go one by one");
	walk_free(&walk);
}

static void most_are_one_record(void)
{
	struct stream stream = { .m = 0 };
	struct walk walk;

	walk_init(&walk, &budget);
	for (uint64_t id = 1; id <= 100; id++) {
		walk_task(&walk, &stream, 1, true, (uint64_t[4]){ id });
		walk_task(&walk, &stream, 2, false, (uint64_t[4]){ id });
	}
	is_u64(walk.task_begins.count, 100, "each begin is a record");
	is_u64(walk.task_begins.items[99].end, 2, "that has its end");
	is_u64(walk.task_ends.count, 0, "which is none itself");
	walk_task(&walk, &stream, 3, false, (uint64_t[4]){ 1000 });
	is_u64(walk.task_ends.count, 1, "but for one of a task of before");
	walk_free(&walk);
}

int main(void)
{
	ends_find_their_begins();
	most_are_one_record();
	return tap_done();
}
