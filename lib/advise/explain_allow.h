/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_EXPLAIN_ALLOW_H
#define SECMARK2_ADVISE_EXPLAIN_ALLOW_H

#include <stdbool.h>

struct explain_case;

/* Adds the boolean of the policy that would allow it, if there is one. wide: is it one for an
 * attribute? Then it is not the smallest. */
void explain_allow_boolean(struct explain_case *c, bool wide);

/* Adds an interface, unless refpolicy's language has no such names. of: whose it is */
void explain_allow_interface(struct explain_case *c, const char *of, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds the rule of a policy module that allows it, unless a constraint denies it. */
void explain_allow_rule(struct explain_case *c, const char *perms);

/* Adds the line of a plan that gives packets of the server's port a label of their own. */
void explain_allow_port(struct explain_case *c);

#endif
