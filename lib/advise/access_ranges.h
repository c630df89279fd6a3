/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_ACCESS_RANGES_H
#define SECMARK2_ADVISE_ACCESS_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sepol/policydb/policydb.h>

/* The categories that the user of a process may have or not, by the label's range: in its low
 * level, in its high level alone, in none of both. */
#define ACCESS_REGIONS 3

/* How many categories of a region a level has: none, one, two, all. */
#define ACCESS_PICKS 4

/* A user's lowest and highest sensitivity, and those of the label with their neighbours. */
#define ACCESS_SENSITIVITIES 8

/* Which of them the low and the high level of a range have. */
struct access_range_pair {
	unsigned char low, high;
};

/* The ranges that a constraint can tell apart: it compares levels, and names none. */
struct access_ranges {
	const policydb_t *p;
	const mls_range_t *user;
	uint32_t sensitivities[ACCESS_SENSITIVITIES];
	struct access_range_pair levels[ACCESS_SENSITIVITIES * (ACCESS_SENSITIVITIES + 1) / 2];
	size_t n_levels;
	ebitmap_t picks[ACCESS_REGIONS][ACCESS_PICKS];
	struct access_range_pair pairs[ACCESS_REGIONS][ACCESS_PICKS * (ACCESS_PICKS + 1) / 2];
	size_t n_pairs[ACCESS_REGIONS];
	size_t n; /* how many ranges there are */
};

/**
 * access_ranges_make - find the ranges that matter
 * @r:     filled; free it with access_ranges_free()
 * @p:     the policy
 * @user:  the range that the user may have; has to live as long as @r
 * @label: the range of the label
 */
void access_ranges_make(struct access_ranges *r, const policydb_t *p, const mls_range_t *user,
			const mls_range_t *label);

/* Fills the range with a number below r->n. Returns false if the policy does not have it: then
 * there is nothing to free. */
bool access_ranges_get(const struct access_ranges *r, size_t i, mls_range_t *range);

/* Frees its content. */
void access_ranges_free(struct access_ranges *r);

#endif
