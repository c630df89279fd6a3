/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LEARN_SOURCE_H
#define SECMARK2_LEARN_SOURCE_H

#include <stdint.h>

struct audit_counts;
struct err;
struct learn_evidence;

/**
 * learn_from_file - learn from a log
 * @e:     gets it
 * @path:  the file; "-" is standard input
 * @since: records before it are left out: milliseconds since 1970
 * @counts: filled: what the log has
 * @err:   filled on failure
 *
 * Returns 0 or -errno.
 */
int learn_from_file(struct learn_evidence *e, const char *path, int64_t since,
		    struct audit_counts *counts, struct err *err);

/* The same for the log of auditd of this machine; without that, for the kernel's log. Returns as
 * audit_log_machine(). */
int learn_from_audit(struct learn_evidence *e, int64_t since, struct audit_counts *counts,
		     struct err *err);

#endif
