/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_ACCESS_CONTEXTS_H
#define SECMARK2_ADVISE_ACCESS_CONTEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sepol/policydb/policydb.h>
#include <sepol/policydb/sidtab.h>

/* The contexts that a process with a type can have. */
struct access_contexts {
	policydb_t *p;
	sidtab_t *sids;
	uint32_t *first; /* by value of a type: the SID of its first context, 0 if not made yet */
	uint32_t object_user, object_role; /* of the policy's own object context */
};

/* Both have to live longer than c. */
void access_contexts_init(struct access_contexts *c, policydb_t *p, sidtab_t *sids);

/* Can processes have the type? They can if a role has it. */
bool access_contexts_runs(const struct access_contexts *c, uint32_t type);

/**
 * access_contexts_get - the context of a type with a number
 * @c:     the contexts
 * @type:  the value of the type
 * @level: of the label
 * @n:     from 0 on
 * @sid:   filled
 *
 * For each user and role that go with the type there are two: one with the whole range of the user,
 * and one with the level, if the user can have it. A type without a role has the user and role of
 * objects. Returns false if there are no more.
 */
bool access_contexts_get(struct access_contexts *c, uint32_t type, const mls_level_t *level,
			 size_t n, sepol_security_id_t *sid);

void access_contexts_free(struct access_contexts *c);

#endif
