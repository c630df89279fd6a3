/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_HOST_NET_NAMESPACES_H
#define SECMARK2_HOST_NET_NAMESPACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* More are not looked at: a mount or a process holds each, and to list its sockets takes 1 ms. */
#define NET_NAMESPACES_MAX 8192

struct net_namespace {
	dev_t dev;
	ino_t ino;
	char *path;      /* of a file that is the namespace; NULL: that of this process */
	char *name;      /* of ip-netns(8), or NULL */
	pid_t pid;       /* of a process in it; 0: none was seen */
	int error;       /* -errno if it could not be entered, or the result of the visit */
	bool other_kind; /* the name is of a namespace of another kind, which has no sockets */
	uint64_t cookie; /* SO_NETNS_COOKIE, set by the visit; 0: not known (before Linux 5.14) */
};

/* The namespace of this process comes first. Starts as zeros. */
struct net_namespaces {
	struct net_namespace *v;
	size_t n;
	size_t hidden;   /* processes whose namespace could not be read */
	size_t left_out; /* namespaces beyond NET_NAMESPACES_MAX */
};

/**
 * net_namespaces_find - all network namespaces that a process or a name keeps
 * @proc: "/proc"
 * @run:  where ip-netns(8) has its names, "/run/netns"
 * @list: filled; free it with net_namespaces_free()
 *
 * A namespace that only a socket or another file keeps is not found.
 */
void net_namespaces_find(const char *proc, const char *run, struct net_namespaces *list);

/**
 * net_namespaces_visit - call a function in each of them
 * @list:  the namespaces
 * @visit: called once for each, in their order; returns 0 or -errno
 * @arg:   for it
 *
 * Another thread enters the namespaces, and visit() runs in it. This thread waits for it, and stays
 * where it is. Without the right to enter, only the own namespace is visited.
 */
void net_namespaces_visit(struct net_namespaces *list,
			  int (*visit)(void *arg, const struct net_namespace *ns, size_t number),
			  void *arg);

/* Frees what is in it, and leaves it empty. */
void net_namespaces_free(struct net_namespaces *list);

#endif
