/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_RUNNING_POLICY_H
#define SECMARK2_HOST_RUNNING_POLICY_H

#include <stdbool.h>

/* Does SELinux run here, with a policy? Without a policy the context of every process is the name
 * of an initial SID, without colons. */
bool running_policy_is_loaded(void);

/* The running policy's context for packets without a label, raw, or NULL without a policy. The
 * caller frees it. */
char *running_policy_unlabeled(void);

/* Does the running policy allow this process something with itself? Asking leaves no record, as
 * trying would. True without a policy, and if it cannot be asked. */
bool running_policy_allows_self(const char *class, const char *permission);

/* Is this process in the domain of that type? */
bool running_policy_domain_is(const char *type);

/* Why the running policy does not answer, and what to do, from its -errno. */
const char *running_policy_excuse(int error);

#endif
