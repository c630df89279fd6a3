// SPDX-License-Identifier: GPL-2.0-only
#include "policy_store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "cmd.h"
#include "policy_owner.h"
#include "print.h"
#include "store_list.h"
#include "util/alloc.h"
#include "util/run.h"

#define SEMODULE "semodule"

/* semodule's own files are there (store-root in semanage.conf(5)). */
#define STORE "/var/lib/selinux"

/* These wait until semodule has ended, which ignores them itself: it would leave its lock. */
static const int held_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

/* A file NAME.cil in a folder of its own: semodule takes the module's name from the file's. */
struct module_file {
	char folder[PATH_MAX];
	char path[PATH_MAX + 80];
};

static void module_file_remove(const struct module_file *f)
{
	unlink(f->path);
	rmdir(f->folder);
}

static const char *folder_for_tmp(void)
{
	const char *tmp = getenv("TMPDIR");

	return tmp && *tmp ? tmp : "/tmp";
}

/* Makes the folder in another one. */
static int module_file_begin(struct module_file *f, const char *parent, const char *name,
			     struct err *err)
{
	int size = snprintf(f->folder, sizeof(f->folder), "%s/secmark2-XXXXXX", parent);

	if (size >= (int)sizeof(f->folder))
		return err_set(err, -ENAMETOOLONG, "cannot make a folder in TMPDIR: %s",
			       strerror(ENAMETOOLONG));
	if (!mkdtemp(f->folder))
		return err_set(err, -errno, "cannot make a folder in %s: %s", parent,
			       strerror(errno));
	snprintf(f->path, sizeof(f->path), "%s/%s.cil", f->folder, name);
	return 0;
}

static int module_file_write(struct module_file *f, const char *name, const char *text, size_t len,
			     struct err *err)
{
	int ret = module_file_begin(f, folder_for_tmp(), name, err);
	FILE *out;

	if (ret)
		return ret;
	out = fopen(f->path, "we");
	if (!out || fwrite(text, 1, len, out) != len)
		ret = -errno;
	if (out && fclose(out) && !ret)
		ret = -errno;
	if (!ret)
		return 0;
	err_set(err, ret, "cannot write %s: %s", f->path, strerror(-ret));
	module_file_remove(f);
	return ret;
}

/*
 * Waits for a child, and tells a terminal each second how long that has been. What the child prints
 * overwrites that. Returns 0 or -errno.
 */
static int wait_and_tell(pid_t pid, int *ws)
{
	const struct timespec second = { .tv_sec = 1 };
	bool terminal = isatty(STDERR_FILENO);
	sigset_t child;
	int seconds = 0;
	pid_t ended;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while ((ended = waitpid(pid, ws, WNOHANG)) == 0) {
		if (sigtimedwait(&child, NULL, &second) >= 0 || errno != EAGAIN)
			continue;
		seconds++;
		if (terminal)
			fprintf(stderr, "\033[K" SEMODULE " rebuilds the policy: %d s\r", seconds);
	}
	if (terminal && seconds)
		fputs("\033[K", stderr);
	return ended < 0 ? -errno : 0;
}

/* In the child */
__attribute__((noreturn)) static void become_semodule(const char *path, const char *const argv[],
						      const sigset_t *mask)
{
	sigprocmask(SIG_SETMASK, mask, NULL);
	execv(path, (char *const *)argv);
	fprintf(stderr, "secmarkctl: cannot run %s: %s\n", path, strerror(errno));
	_exit(1);
}

/* Blocks the signal of a child's end, and those that have to wait. @before gets the mask. */
static void hold_for_semodule(sigset_t *before)
{
	sigset_t held;
	size_t i;

	/* whoever has started this process may ignore it, and then nobody could wait for a child */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&held);
	sigaddset(&held, SIGCHLD);
	for (i = 0; i < sizeof(held_signals) / sizeof(held_signals[0]); i++)
		sigaddset(&held, held_signals[i]);
	sigprocmask(SIG_BLOCK, &held, before);
}

/* Runs semodule on this terminal, with the signal mask. Returns its exit status, or -errno. */
static int run_semodule(const char *const argv[], const sigset_t *mask, struct err *err)
{
	char *path = run_find(argv[0]);
	int ws = 0, ret;
	pid_t pid;

	if (!path) {
		err_set(err, -ENOENT, "there is no program " SEMODULE);
		err_hint(err, "Debian's package policycoreutils has it");
		return -ENOENT;
	}
	pid = fork();
	if (pid == 0)
		become_semodule(path, argv, mask);
	ret = pid < 0 ? -errno : wait_and_tell(pid, &ws);
	free(path);
	if (ret)
		err_set(err, ret, "cannot run " SEMODULE ": %s", strerror(-ret));
	else
		ret = WIFSIGNALED(ws) ? RUN_SIGNALED + WTERMSIG(ws) : WEXITSTATUS(ws);
	return ret;
}

/* Runs semodule, and tells what became of a module. Signals are held; before: the mask without. */
static int change_store(const char *const argv[], const char *name, const char *done,
			const char *not_done, const sigset_t *before)
{
	struct err err;
	int status = run_semodule(argv, before, &err);

	if (!status)
		print_line(stdout, "%s: %s", name, done);
	if (status > 0) {
		err_set(&err, -EIO, SEMODULE " ends with %d: the module %s %s", status, name,
			not_done);
		if (geteuid())
			err_hint(&err, "this needs root");
	}
	if (status)
		print_err(&err);
	return status ? FAILED : DONE;
}

/* One of the signals may end this process. */
static void release_signals(const sigset_t *before)
{
	fflush(stdout);
	sigprocmask(SIG_SETMASK, before, NULL);
}

int policy_store_load(const char *name, const char *cil, size_t len)
{
	struct module_file file;
	const char *const argv[] = { SEMODULE, "-X", POLICY_STORE_PRIORITY, "-i", file.path, NULL };
	sigset_t before;
	struct err err;
	int ret;

	if (policy_owner_may_load(name, cil, &err) ||
	    module_file_write(&file, name, cil, len, &err)) {
		print_err(&err);
		return FAILED;
	}
	hold_for_semodule(&before);
	ret = change_store(argv, name, "loaded", "is not loaded", &before);
	module_file_remove(&file);
	release_signals(&before);
	return ret;
}

int policy_store_unload(const char *name, void (*failed)(void *arg), void *arg)
{
	const char *const argv[] = { SEMODULE, "-X", POLICY_STORE_PRIORITY, "-r", name, NULL };
	sigset_t before;
	int ret;

	hold_for_semodule(&before);
	ret = change_store(argv, name, "unloaded", "is not unloaded", &before);
	if (ret != DONE)
		failed(arg);
	release_signals(&before);
	return ret;
}

/* Runs semodule in the folder: it writes the module's file there. Our own domain may not be allowed
 * to use the folder that we were started in; nothing needs that one later. */
static int extract(const struct module_file *file, const char *const argv[], unsigned int seconds,
		   struct run_result *result, struct err *err)
{
	int before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC), ret;

	if (chdir(file->folder)) {
		ret = err_set(err, -errno, "cannot enter %s: %s", file->folder, strerror(errno));
	} else {
		ret = run(argv, NULL, 0, seconds, result, err);
		if ((before < 0 ? chdir("/") : fchdir(before)) && !ret)
			ret = err_set(err, -errno, "cannot go back: %s", strerror(errno));
	}
	if (before >= 0)
		close(before);
	return ret;
}

/* Makes the folder that semodule writes to: its domain may not write to our files elsewhere. */
static int extract_begin(struct module_file *file, const char *name, struct err *err)
{
	int ret = module_file_begin(file, STORE, name, err);

	return ret ? module_file_begin(file, folder_for_tmp(), name, err) : 0;
}

int policy_store_read(const char *name, unsigned int seconds, char **cil, struct err *err)
{
	const char *const argv[] = {
		SEMODULE, "-X", POLICY_STORE_PRIORITY, "-c", "-E", name, NULL
	};
	struct run_result result = { .status = 0 };
	struct module_file file;
	sigset_t before;
	size_t len;
	int ret;

	hold_for_semodule(&before);
	ret = extract_begin(&file, name, err);
	if (!ret) {
		ret = extract(&file, argv, seconds, &result, err);
		if (!ret && result.status)
			ret = err_set(err, -ENOENT, "the policy store has no module %s", name);
		run_free(&result);
		if (!ret)
			ret = file_read(file.path, cil, &len, err);
		module_file_remove(&file);
	}
	release_signals(&before);
	return ret;
}

/* The names of modules, each once. */
struct names {
	char **v;
	size_t n;
};

/* list: of store_list(). A module with two priorities is there twice. */
static void names_read(struct names *names, const char *list)
{
	struct store_line line;
	const char *text;
	size_t i;

	for (text = list; text && *text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (!store_line_read(text, &line) || line.disabled)
			continue;
		for (i = 0; i < names->n && !store_line_names(&line, names->v[i]); i++)
			;
		if (i < names->n)
			continue;
		names->v = alloc_one_more(names->v, names->n, sizeof(*names->v));
		names->v[names->n++] = alloc_text(line.name, line.len);
	}
}

static void names_free(struct names *names)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		free(names->v[i]);
	free(names->v);
}

/* Has semodule write all of them to the folder: "semodule -c -E NAME -c -E NAME...". */
static int extract_texts(const struct module_file *file, const struct names *names,
			 unsigned int seconds, struct err *err)
{
	const char **argv = alloc_zeroed(3 * names->n + 2, sizeof(*argv));
	struct run_result result = { .status = 0 };
	size_t i;
	int ret;

	argv[0] = SEMODULE;
	for (i = 0; i < names->n; i++) {
		argv[3 * i + 1] = "-c";
		argv[3 * i + 2] = "-E";
		argv[3 * i + 3] = names->v[i];
	}
	ret = extract(file, argv, seconds, &result, err);
	if (!ret && result.status)
		ret = err_set(err, -EIO, "the policy store cannot be read: semodule ends with %d",
			      result.status);
	run_free(&result);
	free(argv);
	return ret;
}

static void name_text(struct module_file *file, const char *name)
{
	snprintf(file->path, sizeof(file->path), "%s/%s.cil", file->folder, name);
}

/* Calls fn for what semodule has written. */
static int read_texts(struct module_file *file, const struct names *names, store_text_fn *fn,
		      void *arg, struct err *err)
{
	int ret = 0;
	size_t i, len;
	char *cil;

	for (i = 0; i < names->n && !ret; i++) {
		name_text(file, names->v[i]);
		ret = file_read(file->path, &cil, &len, err);
		if (ret)
			break;
		fn(arg, names->v[i], cil);
		free(cil);
	}
	return ret;
}

/* semodule may have failed in the middle. */
static void remove_texts(struct module_file *file, const struct names *names)
{
	size_t i;

	for (i = 0; i < names->n; i++) {
		name_text(file, names->v[i]);
		unlink(file->path);
	}
	rmdir(file->folder);
}

/* Signals are held: nothing of it may stay. */
static int extract_and_read(const struct names *names, unsigned int seconds, store_text_fn *fn,
			    void *arg, struct err *err)
{
	struct module_file file;
	int ret = extract_begin(&file, "", err);

	if (ret)
		return ret;
	ret = extract_texts(&file, names, seconds, err);
	if (!ret)
		ret = read_texts(&file, names, fn, arg, err);
	remove_texts(&file, names);
	return ret;
}

int policy_store_each(unsigned int seconds, store_text_fn *fn, void *arg, struct err *err)
{
	struct run_result list = { .status = 0 };
	struct names names = { 0 };
	sigset_t before;
	int ret = store_list(&list, err);

	if (!ret)
		names_read(&names, list.out);
	run_free(&list);
	if (!ret && !names.n) {
		ret = err_set(err, -ENOENT, "the policy store of this machine has no modules");
		err_hint(err, "without --modules, no store is needed");
	} else if (!ret) {
		hold_for_semodule(&before);
		ret = extract_and_read(&names, seconds, fn, arg, err);
		release_signals(&before);
	}
	names_free(&names);
	return ret;
}
