// SPDX-License-Identifier: GPL-2.0-only
#include "top_terminal.h"

#include <curses.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "top.h"

/* Between an escape and the rest of a key, in milliseconds */
#define ESCAPE_DELAY 50

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

/* The shell continues a process without a word about the size that its terminal has now. */
static const int other_signals[] = { SIGWINCH, SIGCONT, SIGTSTP };

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

/* For the handlers */
static volatile sig_atomic_t terminal_end, terminal_changed, terminal_reading;

/* The signals that were blocked before */
static sigset_t terminal_mask;
static SCREEN *terminal_screen;

/* Also if the process ends by exit(). */
static void restore_terminal(void)
{
	if (stdscr && !isendwin())
		endwin();
}

static void take_end(int sig)
{
	terminal_end = sig;
	if (!terminal_reading)
		return;
	/* no function of ncurses runs: its own handler does the same */
	restore_terminal();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void take_change(int sig)
{
	(void)sig;
	terminal_changed = 1;
}

static void handle_signals(void)
{
	struct sigaction end = { .sa_handler = take_end }, before;
	const struct sigaction change = { .sa_handler = take_change };
	size_t i;

	for (i = 0; i < COUNT(ending_signals); i++)
		if (!sigaction(ending_signals[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaction(ending_signals[i], &end, NULL);
	sigaction(SIGWINCH, &change, NULL);
	sigaction(SIGCONT, &change, NULL);
}

/* Blocks those that ncurses must not be interrupted by, or, during a reading, only those that end
 * nothing. */
static void block_signals(bool reading)
{
	sigset_t set = terminal_mask;
	size_t i;

	for (i = 0; i < COUNT(other_signals); i++)
		sigaddset(&set, other_signals[i]);
	for (i = 0; i < COUNT(ending_signals) && !reading; i++)
		sigaddset(&set, ending_signals[i]);
	sigprocmask(SIG_SETMASK, &set, NULL);
}

int top_screen_check(struct err *err)
{
	const char *name = getenv("TERM"), *move = NULL;
	int status;
	bool known = setupterm(NULL, STDOUT_FILENO, &status) == OK;

	if (known) {
		move = tigetstr("cup");
		del_curterm(cur_term);
	}
	/* -1: the name is not that of a text */
	if (move && move != (const char *)-1)
		return 0;
	err_set(err, -ENOTTY,
		known ? "this type of terminal has no way to move the cursor: '%s'" :
			"this type of terminal is unknown: '%s'",
		name ? name : "");
	err_hint(err, "set TERM, or type secmarkctl top --once");
	return -ENOTTY;
}

int top_terminal_open(struct err *err)
{
	sigprocmask(SIG_SETMASK, NULL, &terminal_mask);
	block_signals(false);
	/* before ncurses, which then keeps to its own for SIGTSTP */
	handle_signals();
	terminal_screen = newterm(NULL, stdout, stdin);
	if (!terminal_screen)
		return err_set(err, -ENOTTY, "the terminal cannot be used");
	atexit(restore_terminal);
	set_escdelay(ESCAPE_DELAY);
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	return 0;
}

void top_terminal_close(void)
{
	int sig = terminal_end;

	restore_terminal();
	if (terminal_screen)
		delscreen(terminal_screen);
	terminal_screen = NULL;
	if (sig) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
	sigprocmask(SIG_SETMASK, &terminal_mask, NULL);
}

void top_terminal_read_begin(void)
{
	terminal_reading = 1;
	block_signals(true);
}

void top_terminal_read_end(void)
{
	block_signals(false);
	terminal_reading = 0;
}

int top_terminal_wait(struct pollfd *fds, nfds_t n, int64_t ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000 };
	nfds_t i;

	for (i = 0; i < n; i++)
		fds[i].revents = 0;
	/* while there are keys, ppoll() leaves signals alone */
	sigprocmask(SIG_SETMASK, &terminal_mask, NULL);
	block_signals(false);
	if (terminal_end)
		return terminal_end;
	if (ppoll(fds, n, &time, &terminal_mask) < 0 && errno != EINTR)
		return -errno;
	return terminal_end;
}

bool top_terminal_has_changed(void)
{
	struct winsize size;

	if (!terminal_changed)
		return false;
	terminal_changed = 0;
	/* a shell may have changed the settings of a stopped process */
	reset_prog_mode();
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	clearok(curscr, TRUE);
	return true;
}
