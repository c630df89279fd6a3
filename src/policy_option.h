/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_OPTION_H
#define SECMARK2_POLICY_OPTION_H

struct err;
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

/**
 * policy_open_whole - open a policy all of whose rules can be read
 * @file: the value of --policy; NULL: the policy that the kernel has loaded, or if it cannot be
 *        read, the one that /etc/selinux/config names
 *
 * While it is read, this process has a limited amount of memory. Returns it, for oracle_free(), or
 * NULL after it has printed why.
 */
struct oracle *policy_open_whole(const char *file);

/* The same, and fills err instead of printing it. A warning says that the loaded policy cannot be
 * read, and which one is asked instead. */
struct oracle *policy_find_whole(const char *file, struct err *err);

#endif
