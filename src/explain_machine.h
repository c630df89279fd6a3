/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_EXPLAIN_MACHINE_H
#define SECMARK2_EXPLAIN_MACHINE_H

#include <stdbool.h>

#include "advise/explain.h"
#include "advise/foreign_labels.h"
#include "advise/port_types.h"
#include "base/err.h"
#include "plan/plan.h"

/* What "explain" knows of a machine. Starts as zeros. */
struct explain_machine {
	struct explain_world world;
	struct plan plan;
	char *plan_name; /* of the loaded plan */
	struct foreign_labels foreign;
	struct port_types_asked port_types;
	struct err plan_err, policy_err;
};

/**
 * explain_machine_open - read plan, policy and rules
 * @m:      filled; end it with explain_machine_close(), also after a failure
 * @plan:   the value of --plan, or NULL for the plan that is loaded here
 * @policy: the value of --policy, or NULL for the running policy
 * @here:   the records are of this machine: look at its rules, too
 *
 * What this machine does not have, or does not show, is left out. A file that was named and cannot
 * be read is an error. Returns false after it has printed it.
 */
bool explain_machine_open(struct explain_machine *m, const char *plan, const char *policy,
			  bool here);

void explain_machine_close(struct explain_machine *m);

#endif
