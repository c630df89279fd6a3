// SPDX-License-Identifier: GPL-2.0-only
/*
 * kill-at [-c] one|all NUMBER COMMAND...: runs a command, and counts the system calls of the
 * command and its descendants. Just before call NUMBER, kills the calling process ("one") or all of
 * them ("all"). Waits for the rest. With -c, counts only calls that other processes can notice: a
 * kill before or after any other call has the same effect. Reports on standard error:
 *
 *   killed at NUMBER of NAME before CALL(ARGUMENT, ARGUMENT, ARGUMENT)
 *   N calls, M to the folder, K to the change
 *
 * The second line means that there were only N calls: call M makes the first folder, call K renames
 * the first file.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRACEES_MAX 64

struct trace {
	long number; /* of the call to kill at */
	bool all;
	bool noticed;        /* calls that no other process can notice do not count */
	long calls;          /* so far */
	long folder, change; /* the first such call; 0: none */
	bool killed;
	pid_t tracees[TRACEES_MAX];
	size_t n;
};

static void kill_at_die(const char *what)
{
	fprintf(stderr, "kill-at: %s: %s\n", what, strerror(errno));
	exit(125);
}

static void add_tracee(struct trace *t, pid_t pid)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->tracees[i] == pid)
			return;
	if (t->n == TRACEES_MAX)
		kill_at_die("too many processes");
	t->tracees[t->n++] = pid;
}

static void forget_tracee(struct trace *t, pid_t pid)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (t->tracees[i] == pid)
			t->tracees[i--] = t->tracees[--t->n];
}

static void say_where(const struct trace *t, pid_t pid, const struct __ptrace_syscall_info *info)
{
	char path[64], name[32] = "?";
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	in = fopen(path, "re");
	if (in && fgets(name, sizeof(name), in))
		name[strcspn(name, "\n")] = '\0';
	if (in)
		fclose(in);
	fprintf(stderr, "killed at %ld of %s before %lu(%lu, %lu, %lu)\n", t->calls, name,
		(unsigned long)info->entry.nr, (unsigned long)info->entry.args[0],
		(unsigned long)info->entry.args[1], (unsigned long)info->entry.args[2]);
}

static void kill_now(struct trace *t, pid_t pid, const struct __ptrace_syscall_info *info)
{
	size_t i;

	say_where(t, pid, info);
	t->killed = true;
	for (i = 0; i < t->n; i++)
		if (t->all || t->tracees[i] == pid)
			kill(t->tracees[i], SIGKILL);
}

/*
 * Calls that change only the process itself, and questions to the kernel. close(2) is one of them,
 * because the end of a process closes everything too. libmnl asks with sendto(2); changes go out
 * with sendmsg(2).
 */
static const unsigned short private_calls[] = {
	SYS_read,
	SYS_pread64,
	SYS_close,
	SYS_mmap,
	SYS_munmap,
	SYS_mprotect,
	SYS_brk,
	SYS_fstat,
#ifdef SYS_newfstatat /* not on i386 */
	SYS_newfstatat,
#endif
	SYS_lseek,
	SYS_getpid,
	SYS_getuid,
	SYS_geteuid,
	SYS_getgid,
	SYS_getegid,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_prctl,
	SYS_set_tid_address,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_prlimit64,
	SYS_getrandom,
	SYS_statfs,
	SYS_ppoll,
	SYS_wait4,
	SYS_getdents64,
	SYS_readlinkat,
	SYS_uname,
	SYS_futex,
	SYS_clock_nanosleep,
	SYS_rt_sigtimedwait,
	SYS_fcntl,
	SYS_pipe2,
	SYS_faccessat,
	SYS_socket,
	SYS_getsockname,
	SYS_bind,
	SYS_recvfrom,
	SYS_recvmsg,
	SYS_sendto,
	SYS_getsockopt,
	SYS_clock_gettime,
	SYS_dup3,
	SYS_madvise,
	SYS_getppid,
	SYS_gettid,
#ifdef __x86_64__
	SYS_stat,
	SYS_lstat,
	SYS_access,
	SYS_poll,
	SYS_arch_prctl,
	SYS_readlink,
	SYS_dup2,
	SYS_time,
#endif
};

static bool is_private(const struct __ptrace_syscall_info *info)
{
	size_t i;

	for (i = 0; i < sizeof(private_calls) / sizeof(private_calls[0]); i++)
		if (info->entry.nr == private_calls[i])
			return true;
	return info->entry.nr == SYS_openat && !(info->entry.args[2] & (O_CREAT | O_TRUNC));
}

static void count_syscall(struct trace *t, pid_t pid)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
		return;
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY || (t->noticed && is_private(&info)))
		return;
	t->calls++;
	if (!t->folder && (info.entry.nr == SYS_mkdirat
#ifdef SYS_mkdir
			   || info.entry.nr == SYS_mkdir
#endif
			   ))
		t->folder = t->calls;
	if (!t->change && (info.entry.nr == SYS_renameat2
#ifdef SYS_renameat
			   || info.entry.nr == SYS_renameat
#endif
			   ))
		t->change = t->calls;
	if (t->calls == t->number)
		kill_now(t, pid, &info);
}

/* A process stopped: handles that, and lets it continue. */
static void handle_stop(struct trace *t, pid_t pid, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	add_tracee(t, pid);
	if (signal == (SIGTRAP | 0x80)) {
		if (!t->killed)
			count_syscall(t, pid);
		signal = 0;
	} else if (event || signal == SIGTRAP || signal == SIGSTOP) {
		/* a fork, an exec, and the first stop of who was forked; no command here stops
		 * itself */
		signal = 0;
	}
	if (t->killed && t->all)
		kill(pid, SIGKILL);
	/* a killed process is gone, or ending */
	ptrace(t->killed ? PTRACE_CONT : PTRACE_SYSCALL, pid, NULL, (long)signal);
}

static pid_t start_traced(char *const argv[])
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		kill_at_die("fork");
	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			kill_at_die("ptrace");
		raise(SIGSTOP);
		execvp(argv[0], argv);
		kill_at_die(argv[0]);
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status))
		kill_at_die("the command did not start");
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL,
		   (long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			  PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)))
		kill_at_die("ptrace options");
	return pid;
}

/* Runs until no process is left. Returns the status of the command itself. */
static int follow_tracees(struct trace *t, pid_t first)
{
	int status, end = 125;
	pid_t pid;

	add_tracee(t, first);
	ptrace(PTRACE_SYSCALL, first, NULL, NULL);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status)) {
			handle_stop(t, pid, status);
			continue;
		}
		forget_tracee(t, pid);
		if (pid == first)
			end = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	}
	return end;
}

int main(int argc, char **argv)
{
	struct trace t = { 0 };
	int end;

	if (argc > 1 && !strcmp(argv[1], "-c")) {
		t.noticed = true;
		argv++;
		argc--;
	}
	if (argc < 4 || (strcmp(argv[1], "one") && strcmp(argv[1], "all"))) {
		fprintf(stderr, "usage: kill-at [-c] one|all NUMBER COMMAND...\n");
		return 2;
	}
	t.all = !strcmp(argv[1], "all");
	t.number = atol(argv[2]);
	end = follow_tracees(&t, start_traced(argv + 3));
	if (!t.killed)
		fprintf(stderr, "%ld calls, %ld to the folder, %ld to the change\n", t.calls,
			t.folder, t.change);
	return end;
}
