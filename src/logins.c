// SPDX-License-Identifier: GPL-2.0-only
#include "logins.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <selinux/selinux.h>

#include "advise/access.h"
#include "advise/preflight.h"
#include "base/err.h"
#include "plan/plan.h"
#include "policy_option.h"
#include "preflight_namespaces.h"
#include "print.h"
#include "print_preflight.h"
#include "selinux/oracle.h"

#define POLICY_FILE "/sys/fs/selinux/policy"

/* Opens the running policy. Another one, in a file of /etc, would be no answer. */
static struct oracle *open_running_policy(struct err *err)
{
	int fd = open(POLICY_FILE, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		err_set(err, -errno, "cannot read " POLICY_FILE ": %s", strerror(errno));
		return NULL;
	}
	close(fd);
	return policy_find_whole(NULL, err);
}

/* Nobody can tell which logins are cut off. That alone is no reason to load nothing. */
static void warn_untold(const struct err *why, bool must)
{
	static const char undo[] =
		"secmarkctl apply --confirm 60 PLAN puts the old rules back unless you confirm";
	bool both = must && *why->hint, any = must || *why->hint;

	print_line(stderr,
		   "secmarkctl: warning: cannot tell whether the plan cuts off a remote login: "
		   "%s%s%s%s%s%s",
		   why->what, any ? " (" : "", why->hint, both ? "; " : "", must ? undo : "",
		   any ? ")" : "");
}

/*
 * Is it a reason to load nothing? If rules are in force, what they have cut off already, or another
 * namespace has, does not come of the plan: that must not keep a better plan out.
 */
static bool forbids(const struct preflight_cut *cut, bool in_force)
{
	return cut->kind == PREFLIGHT_LOGIN && !cut->partly &&
	       (!in_force || cut->why == PREFLIGHT_LINE || cut->why == PREFLIGHT_NONE);
}

static size_t count_forbidden(const struct preflight *p, bool in_force)
{
	size_t n = 0, i;

	for (i = 0; i < p->n; i++)
		n += forbids(&p->v[i], in_force);
	return n;
}

static void print_cut(const char *before, const struct preflight_cut *cut,
		      const struct preflight_machine *m)
{
	char *text = preflight_cut_text(cut, m);

	print_line(stderr, "secmarkctl: %s%s", before, text);
	free(text);
}

static void print_logins(const struct preflight *p, const struct preflight_machine *m,
			 bool in_force, bool must)
{
	size_t n = must ? count_forbidden(p, in_force) : 0, i;
	const struct preflight_cut *cut;

	for (i = 0; i < p->n; i++) {
		cut = &p->v[i];
		if (n && forbids(cut, in_force))
			print_cut("", cut, m);
		else if (cut->kind == PREFLIGHT_LOGIN)
			print_cut("warning: cut off: ", cut, m);
		/* an open session may have a label from earlier rules, and the next has not */
		else if (!n && !cut->partly)
			print_cut("warning: new logins are cut off: ", cut, m);
	}
	if (n)
		fprintf(stderr,
			"secmarkctl: nothing is loaded: %s would be cut off (--force loads the "
			"plan all the same; --confirm SECONDS, too, and puts the old rules back "
			"unless you confirm)\n",
			n == 1 ? "this remote login" : "these remote logins");
}

/* Returns how many logins are a reason to load nothing. */
static size_t judge_logins(const struct plan *plan, struct preflight_machine *m,
			   const struct logins_question *q, bool must)
{
	struct plan copy = *plan;
	struct preflight p = { .plan = &copy,
			       .unlabeled = q->unlabeled,
			       .reset_flows = q->reset,
			       .only_logins = true };
	struct access *access = NULL;
	struct err err;
	struct oracle *oracle = open_running_policy(&err);
	size_t n = 0;

	if (!oracle || access_open(oracle, &access, &err)) {
		warn_untold(&err, must);
	} else {
		p.access = access;
		preflight_namespaces_mark(m);
		preflight_judge(&p, m);
		print_logins(&p, m, q->in_force, must);
		n = count_forbidden(&p, q->in_force);
		preflight_free(&p);
	}
	access_close(access);
	oracle_free(oracle);
	return n;
}

bool logins_survive(const struct plan *plan, const struct logins_question *q)
{
	bool must = q->must && security_getenforce() == 1;
	struct preflight_machine m;
	struct err err;
	size_t n = 0;

	if (!q->unlabeled)
		return true;
	/* most machines without a remote login need not read the policy */
	if (preflight_look(&m, q->unlabeled, &err))
		warn_untold(&err, must);
	else if (preflight_has_logins(&m))
		n = judge_logins(plan, &m, q, must);
	preflight_machine_free(&m);
	return !n || !must;
}
