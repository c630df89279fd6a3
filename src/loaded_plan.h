/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOADED_PLAN_H
#define SECMARK2_LOADED_PLAN_H

#include <stdbool.h>

#include "base/err.h"
#include "load/state.h"

/* What is on record, and whether something of it is missing. */
struct loaded_plan {
	struct load_state record;
	int read; /* what state_read() returned */
	struct err read_err;
	bool missing;
	int missing_ret; /* 0 or -errno */
	struct err missing_err;
};

/**
 * loaded_plan_read - read which plan is loaded in this network namespace, and look for its rules
 * @p: filled; end it with loaded_plan_free()
 *
 * If no plan is loaded, something is missing if secmark2.service should have loaded one. If another
 * process changes rules all the time, missing_ret is -EBUSY.
 */
void loaded_plan_read(struct loaded_plan *p);

/* Frees what is in it. */
void loaded_plan_free(struct loaded_plan *p);

#endif
