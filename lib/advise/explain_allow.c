// SPDX-License-Identifier: GPL-2.0-only
#include "advise/explain_allow.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "advise/explain_case.h"
#include "audit/denial.h"

void explain_allow_boolean(struct explain_case *c, bool wide)
{
	char name[128];

	if (c->policy.verdict != ALLOWED_NO || c->policy.wide != wide ||
	    sscanf(c->policy.boolean, "setsebool -P %127s", name) != 1)
		return;
	explain_add(c, EXPLAIN_ALLOW, "boolean", "A boolean of the policy:\n    %s",
		    c->policy.boolean);
	explain_add(c, EXPLAIN_CAREFUL, "boolean",
		    "A boolean may allow more than this%s. To see all of its rules, type\n"
		    "    sesearch -A -b %s",
		    wide ? ", and this one allows it to other domains, too" : "", name);
}

/* refpolicy's language has no dots in names */
static bool is_of_cil(const struct explain_case *c)
{
	return strchr(c->source, '.') || strchr(c->target, '.');
}

void explain_allow_interface(struct explain_case *c, const char *of, const char *fmt, ...)
{
	char call[2 * EXPLAIN_NAME + 64];
	va_list ap;

	if (is_of_cil(c))
		return;
	va_start(ap, fmt);
	vsnprintf(call, sizeof(call), fmt, ap);
	va_end(ap);
	explain_add(c, EXPLAIN_ALLOW, "interface", "The interface of %s:\n    %s", of, call);
}

void explain_allow_rule(struct explain_case *c, const char *perms)
{
	bool one = !strchr(perms, ' ');

	if (c->policy.verdict == ALLOWED_CONSTRAINED)
		return;
	if (is_of_cil(c))
		explain_add(c, EXPLAIN_ALLOW, "rule",
			    "A rule in a module of CIL:\n    (allow %s %s (%s (%s)))", c->source,
			    c->target, c->d->class, perms);
	else
		explain_add(c, EXPLAIN_ALLOW, "rule",
			    "A rule in a policy module:\n    allow %s %s:%s %s%s%s;", c->source,
			    c->target, c->d->class, one ? "" : "{ ", perms, one ? "" : " }");
}
