/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/model.h"

#include "tests/tap.h"

/* Ids of goroutines that come again: the one of each part is found however many came after. */

enum { PARTS = 700, EACH = 3 /* of one part, at most */ };

static struct budget budget;
static struct model model;
static uint32_t last_of[PARTS], born_in[2 * (EACH + 1) * PARTS];

static void be_born_again_and_again(uint64_t id)
{
	uint32_t go = roster_add(&model.roster, id);

	for (uint32_t part = 0; part < PARTS; part++) {
		for (uint32_t i = 0; i < part % (EACH + 1); i++) {
			uint32_t fresh = roster_add(&model.roster, id);

			model_add_reborn(&model, fresh, go, part);
			born_in[fresh] = part;
			go = fresh;
		}
		last_of[part] = go;
	}
	id_pages_set(&model.go_of, id, go);
}

static void each_part_has_its_own(uint64_t id)
{
	uint64_t wrong = 0;

	for (uint32_t part = 0; part < PARTS; part++)
		wrong += model_go_in(&model, id, part) != last_of[part];
	ok(wrong == 0, "each part has its own of G%u", (unsigned)id);
}

/* From its birth to that of the next one. */
static void each_has_its_parts(uint64_t id)
{
	uint32_t first, end, next_born = (uint32_t)model.parts.count - 1;
	uint64_t wrong = 0;

	for (uint32_t go = model_find_go(&model, id); go != ID_NONE;
	     go = model_go_before(&model, go)) {
		model_parts_of(&model, go, &first, &end);
		wrong += first != born_in[go] || end != next_born + 1;
		next_born = born_in[go];
	}
	ok(wrong == 0, "each G%u has its parts", (unsigned)id);
}

int main(void)
{
	model_init(&model, &budget, (struct version){ 0 });
	for (uint64_t id = 7; id < 9; id++) {
		be_born_again_and_again(id);
		each_part_has_its_own(id);
		each_has_its_parts(id);
	}
	is_u64(model_go_in(&model, 9, 0), ID_NONE, "nobody is of an id that never was");
	model_free(&model);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
	return tap_done();
}
