/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_OWNER_H
#define SECMARK2_POLICY_OWNER_H

struct err;

/**
 * policy_owner_may_load - may a module of ours have its name?
 * @name: of the module
 * @cil:  its text
 * @err:  filled if not
 *
 * semodule itself asks nobody: with our priority, a module named ssh replaces the distribution's.
 * And a policy has one module of a name for all network namespaces: the plan of another one may
 * need its types.
 *
 * Returns 0; -EEXIST if a module of somebody else, or of another plan, would be replaced; another
 * -errno if the policy store cannot be read.
 */
int policy_owner_may_load(const char *name, const char *cil, struct err *err);

/* Is there a module of ours with this name? Returns 0; -ENOENT if not; or another -errno. */
int policy_owner_may_unload(const char *name, struct err *err);

#endif
