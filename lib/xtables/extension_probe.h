/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_EXTENSION_PROBE_H
#define SECMARK2_XTABLES_EXTENSION_PROBE_H

#include "backend/backend.h"

struct err;
struct machine;
struct plan;

/**
 * xt_extension_ask - does the kernel know a match or target of iptables?
 * @place:    PLACE_LEGACY, PLACE_COMPAT: whose rules shall use it
 * @name:     of the extension
 * @revision: of it
 * @target:   a target, else a match
 *
 * The kernel loads the module that has it, if there is one. Returns 0; -ENOENT: no such extension;
 * -EPROTONOSUPPORT: no such revision; or another -errno if the kernel did not say.
 */
int xt_extension_ask(enum place place, const char *name, unsigned int revision, bool target);

/**
 * xt_extensions_ask - has the kernel the matches and targets that the rules of a plan use?
 * @place: as above
 * @plan:  the plan
 * @m:     module is set; no_ftp and no_forward are set if rules can do without what is missing
 * @err:   filled on failure
 *
 * What the kernel does not tell counts as there. Returns 0, or -EOPNOTSUPP if there can be no rules
 * without what is missing.
 */
int xt_extensions_ask(enum place place, const struct plan *plan, struct machine *m,
		      struct err *err);

#endif
