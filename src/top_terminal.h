/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_TOP_TERMINAL_H
#define SECMARK2_TOP_TERMINAL_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct err;

/*
 * The terminal of top, and the signals that concern it. Between top_terminal_open() and
 * top_terminal_close() they wait while ncurses works. A signal that ends a process does so at once
 * during a reading, which may take long, and the terminal is restored before. One that was ignored
 * when top began stays ignored.
 */

/* Starts ncurses; top_screen_check() was asked before. Returns 0 or -errno. Call
 * top_terminal_close() also after a failure. */
int top_terminal_open(struct err *err);

/* Restores the terminal. A signal that has ended the wait ends the process then: who started it
 * shall know. */
void top_terminal_close(void);

/* Around a reading. */
void top_terminal_read_begin(void);
void top_terminal_read_end(void);

/**
 * top_terminal_wait - wait for keys and the like, as poll() does
 * @fds: what to wait for
 * @n:   how many
 * @ms:  for so long, in milliseconds
 *
 * Returns the signal that ends the process, 0, or -errno.
 */
int top_terminal_wait(struct pollfd *fds, nfds_t n, int64_t ms);

/* Has the terminal another size since the last question, or may others have written on it? Then
 * ncurses knows it. */
bool top_terminal_has_changed(void);

#endif
