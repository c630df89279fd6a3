/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_SOCKET_LABELS_H
#define SECMARK2_HOST_SOCKET_LABELS_H

#include <stddef.h>
#include <stdint.h>

#define SOCKET_LABELS_REST 32

struct socket_label {
	uint32_t inode;
	char *label;              /* raw context; NULL: no process was seen that has the socket */
	unsigned int looks, skip; /* without a label: how often it was looked for in vain, and for
				   * how many readings it is not */
};

/* The labels of sockets, which do not change: a socket is looked for until it has one. A process
 * may get a socket a moment after the kernel tells of it, or another process may give it away. Some
 * sockets never have a process that can be seen. These are looked for at the next reading, and then
 * less and less often, up to once in SOCKET_LABELS_REST readings. Starts as zeros. */
struct socket_labels {
	struct socket_label *v; /* sorted by inode */
	size_t n;
	size_t hidden; /* processes whose files could not be read the last time */
	size_t looks;  /* how often the processes were read */
};

/**
 * socket_labels_read - learn the labels of sockets
 * @l:      gets those that it has not yet, and forgets those that are not asked for; free it with
 *          socket_labels_free()
 * @proc:   "/proc"; not read if none has to be looked for
 * @inodes: the sockets, in any order and any number of times; they are sorted
 * @n:      how many
 */
void socket_labels_read(struct socket_labels *l, const char *proc, uint32_t *inodes, size_t n);

/* The label of a socket that was asked for. NULL: unknown. */
const char *socket_labels_find(const struct socket_labels *l, uint32_t inode);

/* Frees what is in it, and leaves it empty. */
void socket_labels_free(struct socket_labels *l);

#endif
