/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_MACHINE_H
#define GUEST_MACHINE_H

/* What the host put into the initramfs for the guest to read. */
#define CONF "/etc/secmark2"

/* Ends the guest, and QEMU with it. */
void machine_stop(void) __attribute__((noreturn));

/*
 * The same, with a reason. "cannot judge: ..." makes the host exit with 125; any other reason is a
 * failure.
 */
void bail_out(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Standard input from /dev/null, output to results, errors to the console. */
void streams_open(const char *results);

/* Runs a program to its end. argv[0]: its path. Returns what waitpid(2) says. */
int program_run(const char *const argv[]);

#endif
