/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_OPTION_H
#define SECMARK2_POLICY_OPTION_H

struct oracle;

/* The option --policy of every command that has it */
#define POLICY_OPTION                                                       \
	{                                                                   \
		"policy", "FILE", "ask this policy, not the running one", 0 \
	}

/**
 * policy_open - open the policy that a command asks
 * @file: the value of --policy, or NULL for the running policy
 *
 * Returns it, for oracle_free(), or NULL after it has printed why.
 */
struct oracle *policy_open(const char *file);

#endif
