/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_ACCESS_CONTEXTS_H
#define SECMARK2_ADVISE_ACCESS_CONTEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sepol/policydb/policydb.h>
#include <sepol/policydb/sidtab.h>

struct access_ranges;

/* The contexts that a process with a type can have. */
struct access_contexts {
	policydb_t *p;
	sidtab_t *sids;
	uint32_t *first; /* by value of a type: the SID of its first context, 0 if not made yet */
	uint32_t object_user, object_role; /* of the policy's own object context */
	bool levels;                       /* constraints compare levels */
	const mls_range_t *label;
	struct access_ranges **ranges; /* by value of a user: for the label; or NULL */
	/* Its context is replaced for each question: a policy with levels has many. */
	sepol_security_id_t scratch;
};

/* How far access_contexts_next() has come. Starts as zeros. */
struct access_walk {
	size_t person, range;
};

/* p and sids have to live longer than c. levels: constraints on packets compare levels */
void access_contexts_init(struct access_contexts *c, policydb_t *p, sidtab_t *sids, bool levels);

/* Can processes have the type? They can if a role has it. */
bool access_contexts_runs(const struct access_contexts *c, uint32_t type);

/* The first context of a type: with the whole range of its user. Returns 0 if there is none. */
sepol_security_id_t access_contexts_first(struct access_contexts *c, uint32_t type);

/* The next contexts are for a label with this range, which has to live as long as c. */
void access_contexts_label(struct access_contexts *c, const mls_range_t *label);

/**
 * access_contexts_next - the next context of a type
 * @c:    the contexts
 * @type: the value of the type
 * @walk: how far it has come
 * @sid:  filled; good until the next call
 *
 * For each user and role that go with the type there is each range that a constraint can tell from
 * the others. A type without a role has the role of objects. Returns false if there are no more.
 */
bool access_contexts_next(struct access_contexts *c, uint32_t type, struct access_walk *walk,
			  sepol_security_id_t *sid);

/* To be called after the last access_contexts_next(): no other question is to find its context. */
void access_contexts_end(struct access_contexts *c);

void access_contexts_free(struct access_contexts *c);

#endif
