/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_COMMAND_RUN_H
#define SECMARK2_XTABLES_COMMAND_RUN_H

#include <stddef.h>

#include "backend/backend.h"

struct err;
struct run_result;

/*
 * iptables' programs of a place (PLACE_COMPAT, PLACE_LEGACY) and a family (AF_INET, AF_INET6).
 * These return 0 or -errno, and fill err on failure: -ENOENT without the program, -ETIMEDOUT,
 * -EBUSY for the lock, -EPERM, or -EIO if the program refuses something else; err quotes it.
 */

/* Reads a table of PLACE_LEGACY, which that creates. End @r with run_free(), also after a failure.
 */
int command_run_save(int family, const char *table, struct run_result *r, struct err *err);

/* Runs iptables-restore --noflush with a text. @doing begins the error. */
int command_run_restore(enum place place, int family, const char *text, size_t len,
			const char *doing, struct err *err);

/* The same with a text that lists chains ("-S CHAIN" for each), which changes nothing. End @r with
 * run_free(), also after a failure: then it has what was listed before it. */
int command_run_list(enum place place, int family, const char *text, size_t len,
		     struct run_result *r, struct err *err);

#endif
