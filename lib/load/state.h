/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_STATE_H
#define SECMARK2_LOAD_STATE_H

#include <signal.h>
#include <stdbool.h>
#include <time.h>

struct err;

/*
 * What has been loaded, of each network namespace: RECORD_DIR/COOKIE/loaded. The rules themselves
 * do not tell the plan that they were made of. Like them it does not outlive a reboot.
 */
#define RECORD_DIR "/run/secmark2"

/* Starts as zeros. */
struct record {
	char *plan_name; /* the file it was read from: its absolute path, or "<stdin>" */
	char *plan_text; /* of plan_print(); NULL: the rules were being removed */
	char *backend;
	time_t loaded_at;
};

/* Its open folder, locked. */
struct record_lock {
	int fd; /* -1: not locked */
	char path[64];
	sigset_t signals; /* that were held back before */
};

/**
 * record_lock - keep others from changing what is loaded in this network namespace
 * @lock: where to; end it with record_unlock()
 * @err:  filled on failure
 *
 * Makes the folder. Waits for ten seconds for who holds the lock. Programs that
 * are run meanwhile hold it as well, to their own end; signals that would end or
 * stop this process wait for record_unlock(). Returns 0, -EBUSY, -EACCES without
 * the right to write there, or another -errno.
 */
int record_lock(struct record_lock *lock, struct err *err);

/* Ends that, in this process and those that it has forked. The folder goes if there is nothing in
 * it. */
void record_unlock(struct record_lock *lock);

/* What is loaded. Returns 0, -ENOENT where nothing is, or another -errno: then err is filled, and
 * for -ENOENT as well. */
int record_read(struct record *record, struct err *err);

/* What a process began to load, or to remove, and did not end. Returns as above. */
int record_read_begun(struct record *record, struct err *err);

/* Before rules are changed: what is going to be loaded. 0 or -errno, and nothing is recorded. */
int record_begin(const struct record_lock *lock, const struct record *record, struct err *err);

/* After that: it is loaded, or (removed) nothing is any more. 0 or -errno. */
int record_end(const struct record_lock *lock, bool removed, struct err *err);

/* Instead: what is loaded is what was before. */
void record_abandon(const struct record_lock *lock);

/* Frees what is in it; it is empty then. */
void record_free(struct record *record);

#endif
