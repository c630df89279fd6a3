/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_BACKENDS_H
#define SECMARK2_LOAD_BACKENDS_H

#include "backend/backend.h"

struct err;
struct machine;

/* What --backend takes; after the last one a NULL. */
extern const char *const backends_names[];

/* One backend for each place: it reads the place and removes rules from it, whichever backend has
 * loaded them. After the last one a NULL. */
extern const struct backend_ops *const backends_keepers[];

/* The one of these for a place, see enum place. */
const struct backend_ops *backends_keeper(enum place place);

/* By name; "iptables" is the variant that the command of that name runs. NULL: err says why. */
const struct backend_ops *backends_find(const char *name, struct err *err);

/* The best one that works here; @why says why it is that one. NULL: err says why there is none. */
const struct backend_ops *backends_choose(struct machine *m, const char **why, struct err *err);

/* The one that backends_choose() would find, as far as that is known without loading a module.
 * NULL: err says why. */
const struct backend_ops *backends_expect(struct err *err);

#endif
