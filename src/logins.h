/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOGINS_H
#define SECMARK2_LOGINS_H

#include <stdbool.h>

struct plan;

/**
 * logins_survive - would a plan cut off a remote login, that of the caller or another one?
 * @plan:      its contexts were filled in
 * @unlabeled: the running policy's context of packets without a label, or NULL
 * @reset:     connections that are older than the rules get a label, too
 * @must:      false: it is only a warning
 *
 * Prints each login that would be cut off, and warns if sshd can take no new ones. Returns false if
 * there is one, unless it is only a warning: also if the kernel is permissive. If nobody can tell,
 * because there is no policy or it cannot be read, that is no reason to stop.
 */
bool logins_survive(const struct plan *plan, const char *unlabeled, bool reset, bool must);

#endif
