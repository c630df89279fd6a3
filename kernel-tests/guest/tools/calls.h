/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_CALLS_H
#define GUEST_CALLS_H

#include <stdbool.h>

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
	target_words[];

/* Prints "CALL OBJECT ok", or "CALL OBJECT ERRNO". Returns the exit status: 0, or 1 for an error.
 */
int calls_say(const char *call, const char *object, int err);

/* The context of a domain of the policy of the cases, which the caller frees. */
char *calls_context(const char *domain);

/* Is there a datagram, soon? */
bool calls_arrived(int fd);

/* Prints what failed, and errno; ends with exit status 2. A case does not expect that. */
void calls_die(const char *what) __attribute__((noreturn));

#endif
