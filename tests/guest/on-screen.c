// SPDX-License-Identifier: GPL-2.0-only
/*
 * on-screen [TEXT KEYS]... -- COMMAND...: runs a command on a terminal of its own, of 80 columns
 * and 24 lines. For each pair it waits until the command has written TEXT there since the last
 * keys, and types KEYS. "^C" in it is one key; "@40x10" makes the terminal 40 columns wide,
 * "@TERM", "@STOP" and "@CONT" send that signal, and "!COMMAND" is for a shell. At the end it
 * prints the status of the command, and "restored" or "changed": whether the settings of the
 * terminal are what they were. It gives up after half a minute.
 */
#include <errno.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

struct screen_test {
	int terminal;
	pid_t pid;
	char text[1 << 16];
	size_t len;
};

static void on_screen_die(const char *what)
{
	fprintf(stderr, "on-screen: %s: %s\n", what, strerror(errno));
	exit(125);
}

/* Returns false if the keys are no signal. */
static bool send_signal(const struct screen_test *s, const char *keys)
{
	static const struct {
		const char *keys;
		int signal;
	} signals[] = { { "@TERM", SIGTERM }, { "@STOP", SIGSTOP }, { "@CONT", SIGCONT } };
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (!strcmp(keys, signals[i].keys)) {
			kill(s->pid, signals[i].signal);
			return true;
		}
	}
	return false;
}

static void type_keys(const struct screen_test *s, const char *keys)
{
	struct winsize size = { .ws_row = 0 };
	char key;

	if (sscanf(keys, "@%hux%hu", &size.ws_col, &size.ws_row) == 2) {
		ioctl(s->terminal, TIOCSWINSZ, &size);
		return;
	}
	if (send_signal(s, keys))
		return;
	if (*keys == '!') {
		if (system(keys + 1))
			printf("it failed: %s\n", keys + 1);
		return;
	}
	for (; *keys; keys++) {
		key = *keys == '^' && keys[1] ? *++keys & 0x1f : *keys;
		if (write(s->terminal, &key, 1) != 1)
			on_screen_die("typing");
	}
}

/* Returns false if the command has closed the terminal. */
static bool read_more(struct screen_test *s)
{
	ssize_t n;

	/* of a long text, only the end counts */
	if (s->len == sizeof(s->text))
		s->len = 0;
	n = read(s->terminal, s->text + s->len, sizeof(s->text) - s->len);
	if (n > 0)
		s->len += n;
	return n > 0;
}

static void wait_for(struct screen_test *s, const char *text)
{
	while (!memmem(s->text, s->len, text, strlen(text))) {
		if (!read_more(s)) {
			printf("it never wrote: %s\nbut: %.*s\n", text, (int)s->len, s->text);
			return;
		}
	}
	s->len = 0;
}

int main(int argc, char **argv)
{
	static struct screen_test s;
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	struct termios before, after;
	int i, status;

	for (i = 1; i < argc && strcmp(argv[i], "--");)
		i += 2;
	if (i >= argc - 1) {
		fprintf(stderr, "usage: on-screen [TEXT KEYS]... -- COMMAND...\n");
		return 2;
	}
	s.pid = forkpty(&s.terminal, NULL, NULL, &size);
	if (s.pid < 0)
		on_screen_die("forkpty");
	if (s.pid == 0) {
		signal(SIGINT, SIG_DFL);
		/* the parent has seen the settings then */
		raise(SIGSTOP);
		execvp(argv[i + 1], argv + i + 1);
		on_screen_die(argv[i + 1]);
	}
	alarm(30);
	if (waitpid(s.pid, &status, WUNTRACED) < 0 || tcgetattr(s.terminal, &before))
		on_screen_die("the terminal");
	kill(s.pid, SIGCONT);
	for (i = 1; strcmp(argv[i], "--"); i += 2) {
		wait_for(&s, argv[i]);
		type_keys(&s, argv[i + 1]);
	}
	while (read_more(&s))
		;
	if (waitpid(s.pid, &status, 0) < 0 || tcgetattr(s.terminal, &after))
		on_screen_die("the end");
	printf("%d %s\n", WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
	       memcmp(&before, &after, sizeof(after)) ? "changed" : "restored");
	return 0;
}
