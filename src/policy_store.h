/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_POLICY_STORE_H
#define SECMARK2_POLICY_STORE_H

#include <stddef.h>

struct err;

/* Modules of the policy store with the same name have priorities, and the highest one counts. A
 * distribution's have 100, those of an administrator 400 (semodule(8)). So an administrator can
 * replace a module of ours. */
#define POLICY_STORE_PRIORITY "300"

/**
 * policy_store_load - put a module into the policy store, and load the policy
 * @name: of the module
 * @cil:  its text
 * @len:  its length in bytes
 *
 * Runs semodule, which takes 5 to 50 seconds; a terminal is told how long that has been. semodule
 * ignores Ctrl-C, so that it comes after semodule has ended. Returns DONE, or FAILED after it has
 * printed why.
 */
int policy_store_load(const char *name, const char *cil, size_t len);

/**
 * policy_store_unload - take a module out of the store again, in the same way
 * @name:   of the module. The caller has asked whose it is (policy_owner_may_unload())
 * @failed: called if it stays, before a Ctrl-C that came meanwhile can end the process
 * @arg:    for @failed
 */
int policy_store_unload(const char *name, void (*failed)(void *arg), void *arg);

/**
 * policy_store_read - read the text of a module of ours in the policy store
 * @name:    of the module
 * @seconds: semodule is killed after this time
 * @cil:     its text; the caller frees it
 * @err:     filled on failure
 *
 * Returns 0, -ENOENT if there is no such module with our priority, or another -errno.
 */
int policy_store_read(const char *name, unsigned int seconds, char **cil, struct err *err);

typedef void store_text_fn(void *arg, const char *module, const char *cil);

/**
 * policy_store_each - read the text of every module in the policy store that counts
 * @seconds: semodule is killed after this time
 * @fn:      called with the name of each, and its text in CIL
 * @arg:     for @fn
 * @err:     filled on failure
 *
 * A module with several priorities counts with the highest one; a disabled one does not count.
 *
 * Returns 0, -ENOENT if there is none, or another -errno.
 */
int policy_store_each(unsigned int seconds, store_text_fn *fn, void *arg, struct err *err);

#endif
