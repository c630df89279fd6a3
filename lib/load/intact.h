/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_INTACT_H
#define SECMARK2_LOAD_INTACT_H

#include <stdbool.h>

struct err;
struct load_state;

/**
 * intact_check - are the rules of a record still what was loaded?
 * @state:  the record, of this network namespace
 * @intact: false if somebody has removed or changed any of them, or a jump to them
 * @err:    filled on failure
 *
 * Makes no table, loads no module, and asks neither the policy nor what this machine would load
 * now. Returns 0 or -errno: -EPERM without the right to look, -EBUSY or -EINTR if rules are being
 * changed all the time.
 */
int intact_check(const struct load_state *state, bool *intact, struct err *err);

#endif
