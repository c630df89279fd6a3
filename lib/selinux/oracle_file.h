/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_ORACLE_FILE_H
#define SECMARK2_SELINUX_ORACLE_FILE_H

struct err;
struct oracle;
struct policydb;

/**
 * oracle_file_open - an oracle that answers from a binary policy file
 * @path: a kernel policy, of any version this libsepol reads; may be
 *        /sys/fs/selinux/policy
 * @name: name of this policy in errors; must live as long as the oracle
 * @o:    where to; end it with oracle_free()
 * @err:  filled on failure
 *
 * Its may_relabelto answers -ENOSYS: a file does not know who is asking.
 *
 * Returns 0, -EBADMSG for a file that is not a policy, or another -errno.
 */
int oracle_file_open(const char *path, const char *name, struct oracle **o, struct err *err);

/* libsepol's tables of an oracle that oracle_file_open() made (sepol/policydb/policydb.h). They
 * live as long as it. NULL for any other oracle. */
struct policydb *oracle_file_tables(struct oracle *o);

#endif
