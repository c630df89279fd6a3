/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_POLICY_H
#define GUEST_POLICY_H

/* The policy that the guest starts with; others, if there are any, are POLICY_WHOLE "-NAME". */
#define POLICY_WHOLE "/etc/secmark2/policy"
#define POLICY_REDUCED POLICY_WHOLE "-reduced"

/* Where run --files puts other ones. */
#define POLICY_FILES "/etc/secmark2/files/"

/* Loads another policy. Returns 0 or -errno. */
int policy_reload(const char *path);

#endif
