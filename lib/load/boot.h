/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_BOOT_H
#define SECMARK2_LOAD_BOOT_H

#include <stdbool.h>

struct err;
struct load_state;

/*
 * The plan that secmark2.service loads: the last one that was confirmed, or applied without
 * --confirm. It belongs to one network namespace, that of process 1. The file is a plan. Its first
 * line is a comment that says where it comes from, and has a sum of the rest.
 */
#define BOOT_DIR "/var/lib/secmark2"
#define BOOT_PLAN BOOT_DIR "/boot.plan"

/* What secmark2.service loads as long as there is no such file. */
#define BOOT_FIRST "/etc/secmark2/plan"

/* Is this process in the network namespace of process 1? */
bool boot_is_here(void);

/**
 * boot_read - read the boot plan
 * @state: filled; end it with state_clear(). Without a plan_text no plan has been confirmed, and
 *         none is to be loaded
 * @err:   filled on failure
 *
 * Returns 0, -ENOENT if there is no such file, -EBADMSG if it is damaged, or another -errno.
 */
int boot_read(struct load_state *state, struct err *err);

/**
 * boot_write - keep a plan for the next boot
 * @state: the record of what is loaded; without a plan_text: no plan has been confirmed
 * @err:   filled on failure
 *
 * Hold the record's lock. Does nothing in other network namespaces. Returns 0, or -errno; then the
 * file is as it was.
 */
int boot_write(const struct load_state *state, struct err *err);

/* Is that what boot_write() would keep? True in other network namespaces. */
bool boot_has(const struct load_state *state);

/* Is there a boot plan, good or bad? */
bool boot_exists(void);

/**
 * boot_is_expected - is secmark2.service to load a plan here?
 * @expected: true if the unit is on, and there is a plan that it loads
 * @err:      filled on failure
 *
 * False in other network namespaces than that of process 1. Returns 0 or -errno: systemd does not
 * answer, the boot plan is damaged, or this process may not read it.
 */
int boot_is_expected(bool *expected, struct err *err);

/* Has the file changed from which a plan was loaded? False if there is no such file. */
bool boot_plan_changed(const struct load_state *state);

#endif
