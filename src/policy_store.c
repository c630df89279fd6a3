// SPDX-License-Identifier: GPL-2.0-only
#include "policy_store.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "cmd.h"
#include "print.h"
#include "util/run.h"

/* What a shell exits with if it cannot run a program. */
#define NOT_RUN 127

#define SEMODULE "semodule"

/* A file NAME.cil in a folder of its own: semodule takes the module's name from the file's. */
struct module_file {
	char folder[256];
	char path[512];
};

static void module_file_remove(const struct module_file *f)
{
	unlink(f->path);
	rmdir(f->folder);
}

static int module_file_write(struct module_file *f, const char *name, const char *text, size_t len,
			     struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	bool written;
	FILE *out;

	if (!tmp || !*tmp)
		tmp = "/tmp";
	snprintf(f->folder, sizeof(f->folder), "%.200s/secmark2-XXXXXX", tmp);
	if (!mkdtemp(f->folder))
		return err_set(err, -errno, "cannot make the folder %s: %s", f->folder,
			       strerror(errno));
	snprintf(f->path, sizeof(f->path), "%s/%s.cil", f->folder, name);
	out = fopen(f->path, "we");
	written = out && fwrite(text, 1, len, out) == len;
	if (out && fclose(out))
		written = false;
	if (written)
		return 0;
	err_set(err, -errno, "cannot write %s: %s", f->path, strerror(errno));
	module_file_remove(f);
	return -EIO;
}

/* Waits for a child, and tells a terminal each second how long that has been. Returns the status of
 * waitpid(). */
static int wait_and_tell(pid_t pid, const sigset_t *child)
{
	const struct timespec second = { .tv_sec = 1 };
	bool terminal = isatty(STDERR_FILENO);
	int ws, seconds = 0;

	while (waitpid(pid, &ws, WNOHANG) == 0) {
		if (sigtimedwait(child, NULL, &second) >= 0 || errno != EAGAIN)
			continue;
		seconds++;
		if (terminal)
			fprintf(stderr, "\r" SEMODULE " rebuilds the policy: %d s", seconds);
	}
	if (terminal && seconds)
		fputs("\r\033[K", stderr);
	return ws;
}

/* Runs semodule on this terminal. Ctrl-C is for it alone. Returns its exit status. */
static int run_semodule(const char *const argv[])
{
	char *path = run_find(argv[0]);
	void (*interrupt)(int) = signal(SIGINT, SIG_IGN);
	sigset_t child, before;
	int ws = NOT_RUN << 8;
	pid_t pid;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	pid = path ? fork() : -1;
	if (pid == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		signal(SIGINT, interrupt);
		execv(path, (char *const *)argv);
		_exit(NOT_RUN);
	}
	if (pid > 0)
		ws = wait_and_tell(pid, &child);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGINT, interrupt);
	free(path);
	return WIFSIGNALED(ws) ? RUN_SIGNALED + WTERMSIG(ws) : WEXITSTATUS(ws);
}

/* Tells what became of a module. */
static int tell(const char *name, const char *done, const char *not_done, int status)
{
	struct err err;

	if (!status) {
		print_line(stdout, "%s: %s", name, done);
		return DONE;
	}
	if (status == NOT_RUN) {
		err_set(&err, -ENOENT, SEMODULE " cannot be run");
		err_hint(&err, "Debian's package policycoreutils has it");
	} else if (status == RUN_SIGNALED + SIGINT) {
		err_set(&err, -EINTR, "interrupted: the policy is as it was");
	} else {
		err_set(&err, -EIO, SEMODULE " ends with %d: the module %s %s", status, name,
			not_done);
		if (geteuid())
			err_hint(&err, "this needs root");
	}
	print_err(&err);
	return FAILED;
}

int policy_store_load(const char *name, const char *cil, size_t len)
{
	struct module_file file;
	const char *const argv[] = { SEMODULE, "-X", POLICY_STORE_PRIORITY, "-i", file.path, NULL };
	struct err err;
	int status;

	if (module_file_write(&file, name, cil, len, &err)) {
		print_err(&err);
		return FAILED;
	}
	status = run_semodule(argv);
	module_file_remove(&file);
	return tell(name, "loaded", "is not loaded", status);
}

int policy_store_unload(const char *name)
{
	const char *const argv[] = { SEMODULE, "-X", POLICY_STORE_PRIORITY, "-r", name, NULL };

	return tell(name, "unloaded", "is not unloaded", run_semodule(argv));
}
