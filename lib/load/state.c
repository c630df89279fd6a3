// SPDX-License-Identifier: GPL-2.0-only
#include "load/state.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "load/dead_states.h"
#include "load/machine.h"
#include "util/alloc.h"
#include "util/hash.h"
#include "util/json.h"

#define LOCK_SECONDS 10

/* Since Linux 5.14; asm-generic/socket.h */
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

/* The folder of a namespace without a cookie */
#define INODE "/inode-"

/* "begun" is renamed to "loaded": that needs no space on the disk. */
#define LOADED "loaded"
#define BEGUN "begun"
#define NEW "new"
#define DIGEST "digest"

static int state_file_failed(const char *path, const char *name, int ret, struct err *err)
{
	err_set(err, ret, "%s%s%s: %s", path, name ? "/" : "", name ? name : "", file_error(ret));
	if (ret == -EACCES || ret == -EPERM)
		err_hint(err, "root is needed");
	return ret;
}

/* No other network namespace gets this number before the next boot. The number of an inode is
 * reused. */
static bool read_cookie(unsigned long long *cookie)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(*cookie);
	bool ok = fd >= 0 && !getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &len);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* net/core/net_namespace.c, net_ns_init(): the first one has the first number. */
bool state_is_first_namespace(void)
{
	unsigned long long cookie;

	return read_cookie(&cookie) && cookie == 1;
}

/* The number of this process's network namespace; 0: unknown, and errno says why. */
static ino_t own_inode(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) ? 0 : st.st_ino;
}

/* The folder for this process's network namespace. */
static int find_folder(char path[64], struct err *err)
{
	unsigned long long cookie;
	ino_t inode;

	if (read_cookie(&cookie))
		snprintf(path, 64, STATE_DIR "/%llu", cookie);
	else if (!(inode = own_inode()))
		return state_file_failed("/proc/self/ns/net", NULL, -errno, err);
	else
		snprintf(path, 64, STATE_DIR INODE "%lu", (unsigned long)inode);
	return 0;
}

/*
 * Is the record of a namespace that is dead, and whose number this one has got? Only a number of an
 * inode comes again. A namespace begins without rules of ours, so a record without rules is void.
 */
static bool is_inherited(const char *path)
{
	struct machine m = { 0 };
	unsigned int places = 0;
	struct err ignored;
	int ret;

	if (strncmp(path, STATE_DIR INODE, strlen(STATE_DIR INODE)))
		return false;
	ret = machine_places(&m, &places, &ignored);
	places |= m.hidden;
	machine_free(&m);
	return !ret && !places;
}

/* Opens the folder and locks it. Returns -EAGAIN if the folder was removed meanwhile. */
static int try_lock(struct state_lock *lock)
{
	struct stat have, there;

	if (mkdir(STATE_DIR, 0700) && errno != EEXIST)
		return -errno;
	if (mkdir(lock->path, 0700) && errno != EEXIST)
		return errno == ENOENT ? -EAGAIN : -errno;
	/* a program that loads rules for us does not get it; run() sees to it that the lock lasts
	 * as long as the program, which may outlive us */
	lock->fd = open(lock->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock->fd < 0)
		return errno == ENOENT ? -EAGAIN : -errno;
	if (flock(lock->fd, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	if (fstat(lock->fd, &have))
		return -errno;
	return stat(lock->path, &there) || have.st_ino != there.st_ino ? -EAGAIN : 0;
}

/* From here on it is all or nothing: a signal to end has to wait. */
static void hold_signals(sigset_t *before)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, before);
}

int state_lock(struct state_lock *lock, struct err *err)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	time_t end = time(NULL) + LOCK_SECONDS;
	int ret = find_folder(lock->path, err);

	lock->fd = -1;
	if (ret)
		return ret;
	while ((ret = try_lock(lock)) && (ret == -EAGAIN || (ret == -EBUSY && time(NULL) < end))) {
		if (lock->fd >= 0)
			close(lock->fd);
		lock->fd = -1;
		if (ret == -EBUSY)
			nanosleep(&pause, NULL);
	}
	if (!ret) {
		dead_states_remove(lock->path);
		hold_signals(&lock->signals);
		return 0;
	}
	if (lock->fd >= 0)
		close(lock->fd);
	lock->fd = -1;
	if (ret != -EBUSY)
		return state_file_failed(lock->path, NULL, ret, err);
	err_set(err, ret, "another secmarkctl is changing rules: it holds %s", lock->path);
	err_hint(err, "waited for %d seconds; try again", LOCK_SECONDS);
	return ret;
}

bool state_is_locked(void)
{
	struct err ignored;
	char path[64];
	bool is;
	int fd;

	if (find_folder(path, &ignored))
		return false;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	is = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
	if (fd >= 0)
		close(fd);
	return is;
}

void state_unlock(struct state_lock *lock)
{
	if (lock->fd < 0)
		return;
	/* still locked: nobody writes into a folder that is being removed */
	if (!rmdir(lock->path))
		rmdir(STATE_DIR);
	flock(lock->fd, LOCK_UN);
	close(lock->fd);
	lock->fd = -1;
	sigprocmask(SIG_SETMASK, &lock->signals, NULL);
}

static int decode_state(const char *path, const char *name, json_t *json, struct load_state *state,
			struct err *err)
{
	const char *plan, *backend, *text = NULL;
	json_int_t at;

	if (json_unpack(json, "{s:s, s:s, s:I, s?s}", "plan", &plan, "backend", &backend, "loaded",
			&at, "text", &text)) {
		err_set(err, -EBADMSG, "%s/%s is damaged", path, name);
		err_hint(err, "secmarkctl remove deletes it, and the rules");
		return -EBADMSG;
	}
	state->plan_name = alloc_text(plan, strlen(plan));
	state->backend = alloc_text(backend, strlen(backend));
	state->plan_text = text ? alloc_text(text, strlen(text)) : NULL;
	state->loaded_at = at;
	return 0;
}

static int read_state_file(const char *name, struct load_state *state, struct err *err)
{
	char path[64], file[96], *text;
	json_t *json;
	size_t len;
	int ret = find_folder(path, err);

	*state = (struct load_state){ 0 };
	if (ret)
		return ret;
	snprintf(file, sizeof(file), "%s/%s", path, name);
	ret = file_read(file, &text, &len, err);
	if (!ret && is_inherited(path)) {
		free(text);
		ret = -ENOENT;
	}
	if (ret == -ENOENT)
		return err_set(err, -ENOENT, "no plan is loaded in this network namespace");
	if (ret)
		return state_file_failed(path, name, ret, err);
	json = json_loadb(text, len, 0, NULL);
	ret = decode_state(path, name, json, state, err);
	json_decref(json);
	free(text);
	return ret;
}

int state_read(struct load_state *state, struct err *err)
{
	return read_state_file(LOADED, state, err);
}

bool state_exists(uint64_t cookie)
{
	char file[96];

	snprintf(file, sizeof(file), STATE_DIR "/%llu/" LOADED, (unsigned long long)cookie);
	return !access(file, F_OK);
}

uint64_t state_stamp(void)
{
	char path[64], file[96];
	struct err ignored;
	uint64_t hash = HASH_START;
	struct stat st;

	if (find_folder(path, &ignored))
		return hash;
	snprintf(file, sizeof(file), "%s/" LOADED, path);
	if (stat(file, &st))
		return hash;
	hash = hash_bytes(hash, &st.st_ino, sizeof(st.st_ino));
	hash = hash_bytes(hash, &st.st_mtim.tv_sec, sizeof(st.st_mtim.tv_sec));
	return hash_bytes(hash, &st.st_mtim.tv_nsec, sizeof(st.st_mtim.tv_nsec));
}

int state_read_begun(struct load_state *state, struct err *err)
{
	return read_state_file(BEGUN, state, err);
}

static int write_file(int dir, const char *name, const struct load_state *state)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), ret = 0;
	json_t *json;
	char *text;

	if (fd < 0)
		return -errno;
	json = json_pack("{s:o, s:s, s:I, s:I, s:o*}", "plan", text_to_json(state->plan_name),
			 "backend", state->backend, "loaded", (json_int_t)state->loaded_at,
			 /* for dead_states_remove() */
			 "namespace", (json_int_t)own_inode(), "text",
			 state->plan_text ? text_to_json(state->plan_text) : NULL);
	text = json ? json_dumps(json, JSON_INDENT(1)) : NULL;
	json_decref(json);
	errno = ENOSPC;
	if (!text)
		ret = -ENOMEM;
	/* nobody could read it again */
	else if (strlen(text) > FILE_SIZE_MAX)
		ret = -EFBIG;
	else if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		ret = -errno;
	free(text);
	return close(fd) && !ret ? -errno : ret;
}

int state_begin(const struct state_lock *lock, const struct load_state *state, struct err *err)
{
	int ret = write_file(lock->fd, NEW, state);

	if (!ret && renameat(lock->fd, NEW, lock->fd, BEGUN))
		ret = -errno;
	if (!ret)
		return 0;
	unlinkat(lock->fd, NEW, 0);
	state_file_failed(lock->path, NEW, ret, err);
	if (ret == -EFBIG)
		err_hint(err, "the record of the plan could not be read again: shorten the plan");
	return ret;
}

int state_end(const struct state_lock *lock, bool removed, struct err *err)
{
	int ret = 0;

	/* first, so that it does not stay alone */
	if (removed)
		unlinkat(lock->fd, DIGEST, 0);
	if (!removed)
		ret = renameat(lock->fd, BEGUN, lock->fd, LOADED);
	else if ((unlinkat(lock->fd, LOADED, 0) && errno != ENOENT) || unlinkat(lock->fd, BEGUN, 0))
		ret = -1;
	if (!ret)
		return 0;
	ret = state_file_failed(lock->path, LOADED, -errno, err);
	err_hint(err, "the rules are %s, but the record of it could not be written",
		 removed ? "removed" : "loaded");
	return ret;
}

void state_keep_digest(const struct state_lock *lock, const uint64_t *digest)
{
	int fd;

	unlinkat(lock->fd, DIGEST, 0);
	fd = openat(lock->fd, DIGEST, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	/* an empty file says that there was none */
	if (digest && write(fd, digest, sizeof(*digest)) != sizeof(*digest))
		unlinkat(lock->fd, DIGEST, 0);
	close(fd);
}

int state_read_digest(uint64_t *digest)
{
	char path[64], file[96];
	struct err ignored;
	ssize_t len;
	int fd, ret = find_folder(path, &ignored);

	if (ret)
		return ret;
	snprintf(file, sizeof(file), "%s/" DIGEST, path);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, digest, sizeof(*digest));
	ret = len < 0 ? -errno : len == sizeof(*digest) ? 0 : -ENODATA;
	close(fd);
	return ret;
}

void state_abandon(const struct state_lock *lock)
{
	unlinkat(lock->fd, BEGUN, 0);
}

void state_clear(struct load_state *state)
{
	free(state->plan_name);
	free(state->plan_text);
	free(state->backend);
	*state = (struct load_state){ 0 };
}
