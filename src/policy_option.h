/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_OPTION_H
#define SECMARK2_POLICY_OPTION_H

struct oracle;

/* What is said of --policy in every command that has it */
#define POLICY_OPTION                                                       \
	{                                                                   \
		"policy", "FILE", "ask this policy, not the running one", 0 \
	}

/**
 * policy_open - the policy that a command asks
 * @file: of --policy, or NULL: the running one
 *
 * Returns it, to be ended with oracle_free(), or NULL: it has said why.
 */
struct oracle *policy_open(const char *file);

#endif
