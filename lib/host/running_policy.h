/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_RUNNING_POLICY_H
#define SECMARK2_HOST_RUNNING_POLICY_H

#include <stdbool.h>

/* Does SELinux run here, with a policy? Without one every process has the bare name of an initial
 * SID. */
bool running_policy_is_loaded(void);

/* The running policy's context of packets without a label, raw, which the caller frees; NULL where
 * there is none. */
char *running_policy_unlabeled(void);

/* Why the running policy does not answer, and what to do, from its -errno. */
const char *running_policy_excuse(int error);

#endif
