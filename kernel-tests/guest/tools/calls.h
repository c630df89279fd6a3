/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_CALLS_H
#define GUEST_CALLS_H

#include <stdbool.h>
#include <sys/types.h>

#include "net/address.h"

/* A word of guest-calls, and what it does. */
struct calls_word {
	const char *name;
	const char *usage;
	int least;                         /* arguments */
	int (*run)(int argc, char **argv); /* returns the exit status */
};

/* Each ends with a word without a name. */
extern const struct calls_word socket_words[], sctp_words[], tun_words[], netlink_words[],
	bpf_words[], connection_words[], register_words[], record_words[], multicast_words[],
	target_words[], options_words[], policy_words[], asconf_words[], helper_words[];

/*
 * Prints "CALL OBJECT ok", or "CALL OBJECT ERRNO". object: NULL if the call says it all. err: 0 or
 * an errno. Returns the exit status: 0, or 1 for an error.
 */
int calls_say(const char *call, const char *object, int err);

/* Where a socket is bound, or connects to; len: what bind(2) takes */
struct calls_place {
	socklen_t len;
	union address at;
};

/* Ends with exit status 2 if the text is no address. */
struct calls_place calls_place(const char *address, const char *port);

/*
 * The sockets that this process makes from now on have the label of this domain. NULL: its own
 * again. Returns 0 or errno.
 */
int calls_label_sockets(const char *domain);

/* The same; ends with exit status 2 if the kernel refuses. */
void calls_must_label_sockets(const char *domain);

/*
 * This process, which is kernel_t, enters a domain. Ends with exit status 2 if the kernel refuses.
 */
void calls_enter(const char *domain);

/* Waits for a child. Returns its exit status, or 2 if it has none. */
int calls_wait(pid_t pid);

/* Is there a datagram, soon? */
bool calls_arrived(int fd);

/* Prints what failed, and errno; ends with exit status 2. A case does not expect that. */
void calls_die(const char *what) __attribute__((noreturn));

#endif
