/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_PLAN_ACCESS_H
#define SECMARK2_ADVISE_PLAN_ACCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "advise/domain_names.h"
#include "util/diag.h"

struct access;
struct oracle;
struct plan;
struct plan_line;

/* What became of a clause "only". */
struct plan_access_promise {
	const struct plan_line *line;
	bool kept;
	bool known;  /* the policy has the label: otherwise nobody may use it yet */
	char *apart; /* the kernel's domain and those that only load rules, with their permissions;
		      * empty if there are none */
};

/* Judges a plan by who may use its labels. The caller sets the first five members, the rest starts
 * as zeros. */
struct plan_access {
	struct access *access;
	struct diag *diag;
	enum diag_severity broken; /* what a promise that is not kept is */
	bool advise;               /* also warn about labels nobody, or everybody, may use */
	struct oracle *running;    /* with advise: is asked whether this process may load them; or
				    * NULL */
	struct domain_names names;
	struct plan_access_promise *v;
	size_t n;
};

/* Has the plan a clause "only"? */
bool plan_access_promises(const struct plan *plan);

/* Has the plan a clause "allow"? */
bool plan_access_allows(const struct plan *plan);

/**
 * plan_access_judge - does the policy keep what the plan promises?
 * @j:    the policy, and where errors go
 * @plan: check_plan() has filled its contexts in; has to live longer than @j
 *
 * Access is any permission to send, receive or forward packets with the label. For each line with
 * "only" an error names all other domains that have it, and the rule that gives it to them. For
 * each domain of "allow" that lacks a permission, there is a warning.
 *
 * Returns 0, or -EPERM if a promise is not kept.
 */
int plan_access_judge(struct plan_access *j, const struct plan *plan);

/**
 * plan_access_judge_own - does a plan itself keep what it promises?
 * @a:    the policy; NULL: it is not known, and then an attribute may have any domain
 * @plan: the plan
 * @diag: gets an error for each domain of "allow" that "only" of the same label leaves out
 *
 * plan_access_judge() does this, too.
 */
void plan_access_judge_own(const struct access *a, const struct plan *plan, struct diag *diag);

/* Frees its content. */
void plan_access_free(struct plan_access *j);

#endif
