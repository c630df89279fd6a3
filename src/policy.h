/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_H
#define SECMARK2_POLICY_H

#include <stdbool.h>

struct oracle;

/* What is said of --policy in every command that has it */
#define POLICY_OPTION { "policy", "FILE", "ask this policy, not the running one", 0 }

/**
 * policy_open - the policy that a command asks
 * @file: of --policy, or NULL: the running one
 *
 * Returns it, to be ended with oracle_free(), or NULL: it has said why.
 */
struct oracle *policy_open(const char *file);

/* Does SELinux run here, with a policy? Without one every process has the bare name of an initial SID. */
bool policy_is_loaded(void);

/* The running policy's context of packets without a label, raw, which the caller frees; NULL where there is none. */
char *policy_unlabeled(void);

/* Why the running policy does not answer, and what to do, from its -errno. */
const char *policy_excuse(int error);

#endif
