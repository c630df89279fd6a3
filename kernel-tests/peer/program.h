/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PEER_PROGRAM_H
#define PEER_PROGRAM_H

#include "net/address.h"
#include "net/peercon.h"

/* The longest that either end waits for the other one, in seconds. */
#define PROGRAM_TIMEOUT 5

/* An address to talk to, or to listen on; len: what bind(2) takes */
struct place {
	union address at;
	socklen_t len;
};

/*
 * Prints "PROGRAM: ..." to standard error, and exits: with 1 if the other end, or the kernel, does
 * not do its part; with 2 if the command line has a mistake.
 */
void program_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void program_misuse(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Reads a number of the command line, from least to most; any other text is a mistake. */
int program_number(const char *text, const char *what, int least, int most);

/* Reads an address and a port of the command line. */
struct place program_place(const char *address, int port);

/* The context of this program; "none" without SELinux. */
void program_context(char context[PEERCON_MAX]);

/* Neither receiving nor sending waits longer than this. */
void program_patience(int fd, int seconds);

/* The address as text, without the port. IPv4 in an IPv6 socket reads as IPv4. */
void program_print_address(const struct sockaddr_storage *ss, char text[INET6_ADDRSTRLEN]);

#endif
