/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_OWNER_H
#define SECMARK2_POLICY_OWNER_H

struct diag;
struct err;
struct oracle;
struct plan;

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

/**
 * policy_owner_refuse_taken - refuse names of a plan that the policy has for something else
 * @plan:   the plan
 * @oracle: the policy, of oracle_file_open()
 * @file:   the value of --policy, or NULL
 * @module: the name of the plan's module, if it is to be loaded; or NULL
 * @diag:   gets an error for each
 *
 * The types of modules of ours are not refused; if one is to be loaded, those of the module that it
 * replaces. The policy store is asked which these are. If it cannot be read, or if @file is not the
 * policy of this machine, types of ours are known by their attributes (policy/taken.h).
 */
void policy_owner_refuse_taken(const struct plan *plan, struct oracle *oracle, const char *file,
			       const char *module, struct diag *diag);

#endif
