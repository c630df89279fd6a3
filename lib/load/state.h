/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_STATE_H
#define SECMARK2_LOAD_STATE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct err;

/*
 * The record of what is loaded, one for each network namespace: STATE_DIR/COOKIE/loaded. The rules
 * themselves do not name their plan. The record, like the rules, does not outlive a reboot.
 *
 * A run that changes rules first writes a second record, "begun". It becomes "loaded" at the end of
 * the run. If it is still there later, that run was interrupted, or it failed half-way.
 */
#define STATE_DIR "/run/secmark2"

/* Starts as zeros. */
struct load_state {
	char *plan_name; /* absolute path of the file, or "<stdin>" */
	char *plan_text; /* from plan_print(); NULL: the rules were being removed */
	char *backend;
	time_t loaded_at;
};

/* The folder of the record, open and locked. */
struct state_lock {
	int fd; /* -1: not locked */
	char path[64];
	sigset_t signals; /* the signals that were blocked before */
};

/**
 * state_lock - keep others from changing what is loaded in this network namespace
 * @lock: filled; end it with state_unlock()
 * @err:  filled on failure
 *
 * Creates the folder. If another process holds the lock, waits for ten seconds. While a program
 * runs that this process has started with run(), the lock lasts, even if this process is killed.
 * Signals that would end or stop this process are blocked until state_unlock().
 *
 * Returns 0, -EBUSY, -EACCES without the right to write there, or another -errno.
 */
int state_lock(struct state_lock *lock, struct err *err);

/* Does another process hold the lock? Then what is loaded and its record may differ. */
bool state_is_locked(void);

/* Unlocks, for this process and for those that it has forked. An empty folder is removed. */
void state_unlock(struct state_lock *lock);

/* Reads what is loaded; free it with state_clear(). Returns 0, -ENOENT if nothing is loaded, or
 * another -errno. Each failure fills err, and so does -ENOENT. */
int state_read(struct load_state *state, struct err *err);

/* Is there a record for the network namespace with this cookie (SO_NETNS_COOKIE)? */
bool state_exists(uint64_t cookie);

/* A hash that differs after the record of what is loaded has changed. */
uint64_t state_stamp(void);

/* Reads what an earlier run began to load or to remove, and did not end. Returns the same. */
int state_read_begun(struct load_state *state, struct err *err);

/* Writes down what is going to be loaded. Call it before you change rules. Returns 0, -EFBIG
 * if the record would be larger than FILE_SIZE_MAX, or another -errno; then the record is as it
 * was. */
int state_begin(const struct state_lock *lock, const struct load_state *state, struct err *err);

/* Writes down that all of it is loaded, or (removed) that nothing is loaded now. Returns 0 or
 * -errno. */
int state_end(const struct state_lock *lock, bool removed, struct err *err);

/*
 * Keeps a hash of the rules beside the record, in a file of its own: it is known only when they are
 * loaded. state_end() of a removal deletes it. NULL: when the load ended, the rules were not those
 * of the plan. If it cannot be written, only a loss of all rules is noticed later.
 */
void state_keep_digest(const struct state_lock *lock, const uint64_t *digest);

/* Reads that hash. Returns 0, -ENOENT if there is none, -ENODATA if it was NULL, or another
 * -errno. */
int state_read_digest(uint64_t *digest);

/* Undoes state_begin(): what was loaded before is still loaded. */
void state_abandon(const struct state_lock *lock);

/* Is this process in the network namespace that the kernel made first? False if that is unknown. */
bool state_is_first_namespace(void);

/* Frees what is in it; it is empty afterwards. */
void state_clear(struct load_state *state);

#endif
