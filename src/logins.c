// SPDX-License-Identifier: GPL-2.0-only
#include "logins.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

/* Without that, policy_find_whole() would warn, and ask a file of /etc. */
static bool can_read_policy(void)
{
	int fd = open("/sys/fs/selinux/policy", O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static size_t count_logins(const struct preflight *p)
{
	size_t n = 0;

	while (n < p->n && p->v[n].kind == PREFLIGHT_LOGIN)
		n++;
	return n;
}

static void print_cut(const char *before, const struct preflight_cut *cut,
		      const struct preflight_machine *m)
{
	char *text = preflight_cut_text(cut, m);

	print_line(stderr, "secmarkctl: %s%s", before, text);
	free(text);
}

static void print_logins(const struct preflight *p, const struct preflight_machine *m, bool must)
{
	size_t n = count_logins(p), i;

	for (i = 0; i < n; i++)
		print_cut(must ? "" : "warning: cut off: ", &p->v[i], m);
	if (n && must) {
		fprintf(stderr,
			"secmarkctl: nothing is loaded: %s would be cut off (--force loads the "
			"plan all the same; --confirm SECONDS, too, and puts the old rules back "
			"unless you confirm)\n",
			n == 1 ? "this remote login" : "these remote logins");
		return;
	}
	/* an open session may have a label from earlier rules, and the next login has not */
	for (i = n; i < p->n; i++)
		if (!p->v[i].partly)
			print_cut("warning: new logins are cut off: ", &p->v[i], m);
}

/* Returns how many logins are cut off. */
static size_t judge_logins(const struct plan *plan, struct preflight_machine *m,
			   const char *unlabeled, bool reset, bool must)
{
	struct plan copy = *plan;
	struct preflight p = {
		.plan = &copy, .unlabeled = unlabeled, .reset_flows = reset, .only_logins = true
	};
	struct access *access = NULL;
	struct oracle *oracle;
	struct err ignored;
	size_t n = 0;

	oracle = can_read_policy() ? policy_find_whole(NULL, &ignored) : NULL;
	if (oracle && !access_open(oracle, &access, &ignored)) {
		p.access = access;
		preflight_namespaces_mark(m);
		preflight_judge(&p, m);
		print_logins(&p, m, must);
		n = count_logins(&p);
		preflight_free(&p);
	}
	access_close(access);
	oracle_free(oracle);
	return n;
}

bool logins_survive(const struct plan *plan, const char *unlabeled, bool reset, bool must)
{
	struct preflight_machine m;
	struct err ignored;
	size_t n = 0;

	must = must && security_getenforce() == 1;
	if (!unlabeled)
		return true;
	/* most machines without a remote login need not read the policy */
	if (!preflight_look(&m, unlabeled, &ignored) && preflight_has_logins(&m))
		n = judge_logins(plan, &m, unlabeled, reset, must);
	preflight_machine_free(&m);
	return !n || !must;
}
