// SPDX-License-Identifier: GPL-2.0-only
#include "advise/access_ranges.h"

enum { NONE, ONE, TWO, ALL };

/* Adds a sensitivity that the user may have, once, and in their order. */
static size_t add_sensitivity(struct access_ranges *r, size_t n, uint32_t sens)
{
	size_t i, at;

	if (sens < r->user->level[0].sens || sens > r->user->level[1].sens)
		return n;
	for (at = 0; at < n && r->sensitivities[at] < sens; at++)
		;
	if (at < n && r->sensitivities[at] == sens)
		return n;
	for (i = n; i > at; i--)
		r->sensitivities[i] = r->sensitivities[i - 1];
	r->sensitivities[at] = sens;
	return n + 1;
}

static void find_sensitivities(struct access_ranges *r, const mls_range_t *label)
{
	size_t n = 0, low, high;
	unsigned int end;

	for (end = 0; end < 2; end++) {
		n = add_sensitivity(r, n, r->user->level[end].sens);
		n = add_sensitivity(r, n, label->level[end].sens - 1);
		n = add_sensitivity(r, n, label->level[end].sens);
		n = add_sensitivity(r, n, label->level[end].sens + 1);
	}
	for (low = 0; low < n; low++)
		for (high = low; high < n; high++)
			r->levels[r->n_levels++] = (struct access_range_pair){ low, high };
}

static unsigned int region_of(uint32_t category, const mls_range_t *label)
{
	if (ebitmap_get_bit(&label->level[0].cat, category))
		return 0;
	return ebitmap_get_bit(&label->level[1].cat, category) ? 1 : 2;
}

/* Fills the picks, and returns how many categories each region has. */
static void sort_categories(struct access_ranges *r, const mls_range_t *label, size_t *sizes)
{
	ebitmap_node_t *node;
	unsigned int region;
	uint32_t i;

	/* cppcheck-suppress unknownMacro ; libsepol has it */
	ebitmap_for_each_positive_bit(&r->user->level[1].cat, node, i) {
		if (ebitmap_get_bit(&r->user->level[0].cat, i))
			continue;
		region = region_of(i, label);
		ebitmap_set_bit(&r->picks[region][ALL], i, 1);
		if (sizes[region] < 2)
			ebitmap_set_bit(&r->picks[region][TWO], i, 1);
		if (sizes[region] < 1)
			ebitmap_set_bit(&r->picks[region][ONE], i, 1);
		sizes[region]++;
	}
}

/* Would the pick be the same as another one? */
static bool is_pick(unsigned int pick, size_t size)
{
	return pick == NONE || (pick == ALL ? size > 0 : size > pick);
}

void access_ranges_make(struct access_ranges *r, const policydb_t *p, const mls_range_t *user,
			const mls_range_t *label)
{
	size_t sizes[ACCESS_REGIONS] = { 0 };
	unsigned int region, low, high;

	*r = (struct access_ranges){ .p = p, .user = user };
	find_sensitivities(r, label);
	sort_categories(r, label, sizes);
	r->n = r->n_levels;
	for (region = 0; region < ACCESS_REGIONS; region++) {
		for (low = 0; low < ACCESS_PICKS; low++)
			for (high = low; high < ACCESS_PICKS; high++)
				if (is_pick(low, sizes[region]) && is_pick(high, sizes[region]))
					r->pairs[region][r->n_pairs[region]++] =
						(struct access_range_pair){ low, high };
		r->n *= r->n_pairs[region];
	}
}

/* Can a level with this sensitivity have these categories? */
static bool level_exists(const policydb_t *p, const mls_level_t *level)
{
	const level_datum_t *known = hashtab_search(p->p_levels.table,
						    p->p_sens_val_to_name[level->sens - 1]);

	return known && ebitmap_contains(&known->level->cat, &level->cat);
}

/* Adds categories. Returns whether there was memory for them. */
static bool add_categories(ebitmap_t *to, const ebitmap_t *more)
{
	ebitmap_t both;

	if (ebitmap_or(&both, to, more))
		return false;
	ebitmap_destroy(to);
	*to = both;
	return true;
}

bool access_ranges_get(const struct access_ranges *r, size_t i, mls_range_t *range)
{
	const struct access_range_pair *pair = &r->levels[i % r->n_levels];
	unsigned int region;
	bool good;

	*range = (mls_range_t){ .level[0].sens = r->sensitivities[pair->low],
				.level[1].sens = r->sensitivities[pair->high] };
	i /= r->n_levels;
	good = !ebitmap_cpy(&range->level[0].cat, &r->user->level[0].cat) &&
	       !ebitmap_cpy(&range->level[1].cat, &r->user->level[0].cat);
	for (region = 0; region < ACCESS_REGIONS && good; region++) {
		pair = &r->pairs[region][i % r->n_pairs[region]];
		i /= r->n_pairs[region];
		good = add_categories(&range->level[0].cat, &r->picks[region][pair->low]) &&
		       add_categories(&range->level[1].cat, &r->picks[region][pair->high]);
	}
	if (good && level_exists(r->p, &range->level[0]) && level_exists(r->p, &range->level[1]))
		return true;
	mls_range_destroy(range);
	return false;
}

void access_ranges_free(struct access_ranges *r)
{
	unsigned int region, pick;

	for (region = 0; region < ACCESS_REGIONS; region++)
		for (pick = 0; pick < ACCESS_PICKS; pick++)
			ebitmap_destroy(&r->picks[region][pick]);
	*r = (struct access_ranges){ .p = NULL };
}
