// SPDX-License-Identifier: GPL-2.0-only
/*
 * on-terminal ANSWER COMMAND...: runs a command on a terminal of its own, prints the text that it
 * writes there, and exits with its status. When the command has asked (its text ends in ": "),
 * types ANSWER; "^C" and "^D" in it are one key. The ANSWER "hangup" closes the terminal, and
 * "nothing" types nothing.
 */
#include <errno.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void on_terminal_die(const char *what)
{
	fprintf(stderr, "on-terminal: %s: %s\n", what, strerror(errno));
	exit(125);
}

/* The answer, with its keys in place of their names. */
static size_t typed_keys(const char *answer, char *typed)
{
	size_t n = 0;

	for (; *answer; answer++)
		if (*answer == '^' && answer[1])
			typed[n++] = *++answer & 0x1f;
		else
			typed[n++] = *answer;
	return n;
}

static void answer_it(int *terminal, const char *answer)
{
	char typed[64];
	size_t n;

	if (!strcmp(answer, "nothing"))
		return;
	if (!strcmp(answer, "hangup")) {
		close(*terminal);
		*terminal = -1;
		return;
	}
	n = typed_keys(answer, typed);
	if (write(*terminal, typed, n) != (ssize_t)n)
		on_terminal_die("typing");
}

/* Runs until no process has the terminal open. */
static void converse_on(int terminal, const char *answer)
{
	bool answered = false;
	char text[4096];
	ssize_t n, i;

	while (terminal >= 0 && (n = read(terminal, text, sizeof(text))) > 0) {
		for (i = 0; i < n; i++)
			if (text[i] != '\r')
				putchar(text[i]);
		fflush(stdout);
		if (!answered && n >= 2 && !memcmp(text + n - 2, ": ", 2)) {
			answered = true;
			answer_it(&terminal, answer);
		}
	}
}

int main(int argc, char **argv)
{
	int terminal, status;
	pid_t pid;

	if (argc < 3 || strlen(argv[1]) > 32) {
		fprintf(stderr, "usage: on-terminal ANSWER COMMAND...\n");
		return 2;
	}
	pid = forkpty(&terminal, NULL, NULL, NULL);
	if (pid < 0)
		on_terminal_die("forkpty");
	if (pid == 0) {
		signal(SIGINT, SIG_DFL);
		execvp(argv[2], argv + 2);
		on_terminal_die(argv[2]);
	}
	converse_on(terminal, argv[1]);
	if (waitpid(pid, &status, 0) < 0)
		on_terminal_die("waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
