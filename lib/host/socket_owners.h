/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_SOCKET_OWNERS_H
#define SECMARK2_HOST_SOCKET_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A process that has sockets. What cannot be read is 0, empty or NULL. */
struct socket_process {
	pid_t pid;
	bool root;     /* its real user is root, which it cannot pretend */
	char comm[64]; /* whatever the process wants, of any bytes */
	char *context; /* raw */
};

struct socket_owner {
	uint32_t inode; /* of the socket */
	size_t process; /* in socket_owners.processes */
	int fd;         /* in that process */
};

/* Sorted by inode, then in the order of the processes' numbers. Starts as zeros. */
struct socket_owners {
	struct socket_owner *v;
	size_t n;
	struct socket_process *processes;
	size_t n_processes;
	size_t hidden;    /* processes whose files could not be read */
	const char *proc; /* of socket_owners_read() */
};

/**
 * socket_owners_read - which processes have which sockets?
 * @proc: "/proc"; has to live as long as @o
 * @o:    filled; free it with socket_owners_free()
 *
 * A process that ends meanwhile is left out. Threads with files of their own are not looked at.
 */
void socket_owners_read(const char *proc, struct socket_owners *o);

/* The owners of a socket: the first one, and how many there are. NULL: none was found. */
const struct socket_owner *socket_owners_find(const struct socket_owners *o, uint32_t inode,
					      size_t *n);

/**
 * socket_owners_label - the label of a socket
 * @o:     the processes
 * @owner: an owner of the socket
 *
 * The kernel checks a socket's packets by this label: that of the process which made the socket, or
 * which listened, when it was accepted. Returns the raw context, which the caller frees; that of
 * the process if it cannot be read; NULL if that is unknown, too.
 */
char *socket_owners_label(const struct socket_owners *o, const struct socket_owner *owner);

/* The process that started another one; 0 if there is none, or if it cannot be read. */
pid_t socket_owners_parent(const char *proc, pid_t pid);

/* Frees what is in it, and leaves it empty. */
void socket_owners_free(struct socket_owners *o);

#endif
