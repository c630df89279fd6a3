/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOGINS_H
#define SECMARK2_LOGINS_H

#include <stdbool.h>

struct plan;

struct logins_question {
	const char
		*unlabeled; /* the running policy's context of packets without a label, or NULL */
	bool reset;         /* connections that are older than the rules get a label, too */
	bool in_force;      /* there are rules of ours that packets reach */
	bool must;          /* false: it is only a warning */
};

/**
 * logins_survive - would a plan cut off a remote login, that of the caller or another one?
 * @plan: its contexts were filled in
 * @q:    how it would be loaded
 *
 * Prints each login that would be cut off, and warns if sshd can take no new ones. Returns false if
 * there is one, unless it is only a warning: also if the kernel is permissive, if the login is cut
 * off for some interfaces or addresses only, and if rules are in force and it is cut off without
 * the plan as well. If nobody can tell, because the sockets cannot be listed or the policy cannot
 * be read, it warns with the reason, and returns true. Without a policy nothing is cut off.
 */
bool logins_survive(const struct plan *plan, const struct logins_question *q);

#endif
