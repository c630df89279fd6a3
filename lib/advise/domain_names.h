/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_DOMAIN_NAMES_H
#define SECMARK2_ADVISE_DOMAIN_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "util/diag.h"

struct access;
struct oracle;
struct plan;
struct plan_domains;

/* Judges the names of a plan by a policy. The caller sets all members but the last, which starts as
 * zero. */
struct domain_names {
	struct access *access;
	const struct plan *plan;
	struct diag *diag;
	enum diag_severity severity; /* what a wrong name is */
	size_t searches;             /* how many suggestions were looked for */
};

/* Tells of each application that the policy lacks: the plan's module is not loaded. */
void domain_names_tell_applications(const struct domain_names *n);

/**
 * domain_names_judge - judge the domains of a clause
 * @n:       the policy
 * @domains: names of domains, and of attributes with an @ before them
 * @forward: they are those of a forward line
 *
 * Tells of each name that the policy does not have, and suggests similar ones. A type that is no
 * domain is wrong, too: neither processes nor sockets can have it. Forwarded packets may have the
 * type of a peer label, which is mostly unlabeled_t. Applications of the plan are not judged.
 */
void domain_names_judge(struct domain_names *n, const struct plan_domains *domains, bool forward);

/* Judges all domains of a plan, and the types of its labels. The plan's own names are not judged. A
 * wrong name of "only" is a warning: the module of a plan does not have it. oracle: the same policy
 */
void domain_names_judge_plan(struct domain_names *n, struct oracle *oracle);

#endif
