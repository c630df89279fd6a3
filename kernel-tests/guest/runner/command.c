// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a program in a namespace and a domain, and compares what it says with what the case states.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/topology.h"
#include "runner/command.h"
#include "runner/test.h"

#define COMMAND_MS 600000 /* every command ends by itself, on a busy host some time later */
#define LOADER "iptables_t"

struct command {
	const struct netns *ns;
	const char *domain;
	bool exec; /* enter it when the program is executed, not before */
	char *text;
	int status;      /* exit status, 128 + signal, 126 domain refused */
	char *out, *err; /* freed by the caller */
};

static int memory_file(const char *name)
{
	return memfd_create(name, 0);
}

static char *memory_text(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = must_alloc(size + 1);

	if (pread(fd, text, size, 0) < 0)
		text[0] = '\0';
	close(fd);
	return text;
}

/*
 * Splits a command at blanks in place; "..." keeps blanks, and \t \n \\ \" mean within it what they
 * mean in C. Returns the number of words, or -1 for an open quote.
 */
static int command_words_split(char *text, char **argv, int max)
{
	char *out = text;
	bool quoted = false;
	int argc = 0;

	while (argc < max - 1) {
		text += quoted ? 0 : strspn(text, " \t");
		if (!*text)
			break;
		argv[argc++] = out;
		for (; *text && (quoted || !strchr(" \t", *text)); text++) {
			if (*text == '"')
				quoted = !quoted;
			else if (quoted && *text == '\\' && text[1])
				*out++ = *++text == 't' ? '\t' : *text == 'n' ? '\n' : *text;
			else
				*out++ = *text;
		}
		text += *text != '\0';
		*out++ = '\0';
	}
	argv[argc] = NULL;
	return quoted ? -1 : argc;
}

/* A shell costs time, so only what needs one gets it. */
static bool needs_shell(const char *text)
{
	return strpbrk(text, "|<>;&`(") != NULL;
}

static void __attribute__((noreturn)) exec_words(char *text)
{
	char *argv[256], **word = argv;

	if (command_words_split(text, argv, N_ELEMENTS(argv)) <= 0)
		_exit(126);
	/* NAME=VALUE before the program, as in a shell. */
	while (*word && strchr(*word, '=') && **word >= 'A' && **word <= 'Z')
		putenv(*word++);
	execvp(*word, word);
	dprintf(2, "%s: %s\n", *word, strerror(errno));
	_exit(127);
}

static void __attribute__((noreturn)) command_child(const struct command *c, const int fds[3])
{
	static char preload[512];
	char *context = context_of(c->domain);
	int err;

	setenv("XTABLES_LIBDIR", "/usr/lib/secmark2/xtables:/usr/lib/secmark2/stock", 1);
	if (file_read("/etc/secmark2/preload", preload, sizeof(preload)) > 0) {
		setenv("LD_PRELOAD", preload, 1);
		setenv("ASAN_OPTIONS", "exitcode=99", 1);
		setenv("LSAN_OPTIONS", "suppressions=/etc/secmark2/lsan.supp:print_suppressions=0",
		       1);
		setenv("UBSAN_OPTIONS", "halt_on_error=1:exitcode=99", 1);
	}
	for (int i = 0; i < 3; i++)
		dup2(fds[i], i);
	err = c->ns ? netns_enter(c->ns) : 0;
	if (!err)
		err = c->exec ? file_puts("/proc/self/attr/exec", context) : domain_enter(context);
	if (err) {
		dprintf(2, "cannot become %s: %s\n", context, strerror(-err));
		_exit(126);
	}
	if (!needs_shell(c->text))
		exec_words(c->text);
	execl("/bin/sh", "sh", "-c", c->text, NULL);
	_exit(127);
}

static int child_wait(pid_t pid)
{
	int status = 0, pidfd = syscall(SYS_pidfd_open, pid, 0);
	struct pollfd pfd = { .fd = pidfd, .events = POLLIN };

	if (poll(&pfd, 1, COMMAND_MS) == 0)
		kill(pid, SIGKILL);
	close(pidfd);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Fills status, out and err. in: lines of its standard input. */
static void command_run(struct command *c, const struct strs *in)
{
	int fds[3] = { memory_file("in"), memory_file("out"), memory_file("err") };
	pid_t pid;

	for (size_t i = 0; i < in->n; i++)
		dprintf(fds[0], "%s\n", in->v[i]);
	lseek(fds[0], 0, SEEK_SET);
	pid = fork();
	if (pid == 0)
		command_child(c, fds);
	c->status = child_wait(pid);
	close(fds[0]);
	c->out = memory_text(fds[1]);
	c->err = memory_text(fds[2]);
}

/* * in pattern stands for any text, everything else for itself. */
static bool glob_match(const char *pattern, const char *text)
{
	while (*pattern && *pattern != '*') {
		if (*pattern++ != *text++)
			return false;
	}
	if (!*pattern)
		return !*text;
	for (pattern++; *text; text++)
		if (glob_match(pattern, text))
			return true;
	return !*pattern || glob_match(pattern, text);
}

static bool line_matches(const char *marked, const char *line)
{
	return marked[0] == '~' ? glob_match(marked + 1, line) : !strcmp(marked + 1, line);
}

/*
 * All variants share the namespaces, and a legacy table stays once it was used: iptables-nft
 * remarks on that.
 */
static bool is_remark(const char *line)
{
	return glob_match("# Warning: ip*tables-legacy tables present, use *", line);
}

static void said_lines(struct strs *said, const char *text)
{
	struct strs all = { 0 };

	strs_add_lines(&all, text);
	for (size_t i = 0; i < all.n; i++)
		if (!is_remark(all.v[i]))
			strs_add(said, must_printf("%s", all.v[i]));
	strs_free(&all);
}

static void lines_compare(struct test *t, const struct step *step, const char *what,
			  const struct strs *marked, const char *text)
{
	struct strs have = { 0 }, want = { 0 };
	bool same;

	said_lines(&have, text);
	for (size_t i = 0; i < marked->n; i++)
		strs_add(&want, step_expand(t, step, marked->v[i]));
	same = have.n == want.n;
	for (size_t i = 0; same && i < have.n; i++)
		same = want.v[i] && line_matches(want.v[i], have.v[i]);
	if (!same) {
		for (size_t i = 0; i < want.n; i++)
			test_fail(t, i ? NULL : step, "  expected %s %s", what,
				  want.v[i] ? want.v[i] + 1 : "?");
		for (size_t i = 0; i < have.n; i++)
			test_fail(t, i || want.n ? NULL : step, "       got %s %s", what,
				  have.v[i]);
		if (!have.n)
			test_fail(t, NULL, "       got nothing on %s", what);
	}
	strs_free(&have);
	strs_free(&want);
}

static void command_judge(struct test *t, const struct step *step, const struct command *c,
			  int status)
{
	if (c->status != status)
		test_fail(t, step, "'%s' exited with %d, expected %d", c->text, c->status, status);
	lines_compare(t, step, "stderr", &step->err, c->err);
	if (step->out.n)
		lines_compare(t, step, "stdout", &step->out, c->out);
}

/* The namespace of the runner: no topology has it. */
static bool is_first_netns(const char *name, size_t len)
{
	static const char first[] = "first";

	return len == strlen(first) && !strncmp(name, first, len);
}

/* NS[:DOMAIN] COMMAND..., which it cuts up. Returns 0 or -1. */
static int command_parse(struct topology *topo, char *text, struct command *c)
{
	size_t len = strcspn(text, " \t"), ns_len = strcspn(text, ": \t");

	c->ns = topology_ns(topo, text, ns_len);
	if ((!c->ns && !is_first_netns(text, ns_len)) || !text[len])
		return -1;
	text[len] = '\0';
	c->domain = ns_len < len ? text + ns_len + 1 : LOADER;
	c->text = text + len + 1;
	return 0;
}

void command_step(struct test *t, const struct step *step, char *text, int status)
{
	struct strs in = { 0 };
	struct command c = { 0 };

	for (size_t i = 0; i < step->in.n; i++) {
		char *line = step_expand(t, step, step->in.v[i]);

		if (line)
			strs_add(&in, line);
	}
	c.exec = t->bench->exec;
	if (command_parse(t->topo, text, &c)) {
		test_fail(t, step, "expected NS[:DOMAIN] COMMAND, NS first or one of topology %s",
			  t->topo->name);
	} else {
		command_run(&c, &in);
		command_judge(t, step, &c, status);
	}
	free(c.out);
	free(c.err);
	strs_free(&in);
}

bool command_is(struct topology *topo, const char *text)
{
	char *copy = must_printf("%s", text);
	struct command c;
	bool is = command_parse(topo, copy, &c) == 0;

	free(copy);
	return is;
}

int command_undo(struct topology *topo, bool exec, const char *text, char **said)
{
	char *copy = must_printf("%s", text);
	const struct strs none = { 0 };
	struct command c = { .exec = exec };

	if (command_parse(topo, copy, &c)) {
		c.status = 127;
		c.err = must_printf("no command");
	} else {
		command_run(&c, &none);
	}
	*said = c.err;
	free(c.out);
	free(copy);
	return c.status;
}

int command_netlabelctl(const char *words, char **said)
{
	const struct strs none = { 0 };
	struct command c = { .domain = "kernel_t", .text = must_printf("netlabelctl %s", words) };

	command_run(&c, &none);
	*said = c.err;
	free(c.out);
	free(c.text);
	return c.status;
}
