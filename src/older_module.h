/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_OLDER_MODULE_H
#define SECMARK2_OLDER_MODULE_H

struct policy_older;

/* Asks the policy store of this machine for the module of ours with this name, and, if there is
 * one, for the rules of all modules. A store that cannot be read has none: only root may. Free it
 * with policy_older_free(). */
void older_module_read(struct policy_older *o, const char *name);

#endif
