/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_ORACLE_KERNEL_H
#define SECMARK2_SELINUX_ORACLE_KERNEL_H

struct oracle;

/**
 * oracle_kernel_new - an oracle that answers from the running kernel
 *
 * It asks selinuxfs, and for lists of names reads the running policy once,
 * when first needed. Without SELinux, before a policy is loaded, or where
 * selinuxfs is not mounted every answer is "not known" (-ENOENT). After the
 * first refusal (-EACCES: the calling domain lacks check_context, compute_av
 * or read_policy of class security) it asks nothing more: each attempt would
 * leave another denial in the audit log.
 *
 * Returns it, to be ended with oracle_free(), or NULL without memory.
 */
struct oracle *oracle_kernel_new(void);

#endif
