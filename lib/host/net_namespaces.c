// SPDX-License-Identifier: GPL-2.0-only
#include "host/net_namespaces.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/alloc.h"

/* Since Linux 5.14; asm-generic/socket.h */
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

/* What was found, by its number: a host may have thousands of processes, and of namespaces. */
struct net_namespaces_search {
	struct net_namespaces *list;
	size_t *slots; /* index + 1; 0: free */
	size_t n_slots;
};

/* Finds the namespace, or adds it. Returns NULL if there are too many. */
static struct net_namespace *search_namespace(struct net_namespaces_search *s,
					      const struct stat *st)
{
	size_t i = (st->st_ino ^ st->st_dev) % s->n_slots;
	struct net_namespace *ns;

	for (; s->slots[i]; i = (i + 1) % s->n_slots) {
		ns = &s->list->v[s->slots[i] - 1];
		if (ns->ino == st->st_ino && ns->dev == st->st_dev)
			return ns;
	}
	if (s->list->n == NET_NAMESPACES_MAX)
		return NULL;
	s->list->v = alloc_one_more(s->list->v, s->list->n, sizeof(*ns));
	ns = &s->list->v[s->list->n++];
	*ns = (struct net_namespace){ .dev = st->st_dev, .ino = st->st_ino };
	s->slots[i] = s->list->n;
	return ns;
}

static void take_namespace(struct net_namespaces_search *s, const char *path, pid_t pid,
			   const char *name)
{
	struct net_namespace *ns;
	struct stat st;

	if (stat(path, &st)) {
		/* the process is gone, or it is a kernel thread that ends */
		s->list->hidden += pid && errno != ENOENT && errno != ESRCH;
		return;
	}
	ns = search_namespace(s, &st);
	if (!ns) {
		s->list->left_out++;
		return;
	}
	if (!ns->path && ns != s->list->v)
		ns->path = alloc_copy(path);
	if (!ns->name)
		ns->name = alloc_copy(name);
	if (!ns->pid)
		ns->pid = pid;
}

/* All namespaces are files of one file system, nsfs. Opening something else could wait for ever, or
 * do something. A name whose namespace is gone is an ordinary file in the folder. */
static bool is_of_nsfs(const struct net_namespaces_search *s, const struct stat *st,
		       const struct stat *folder)
{
	dev_t own = s->list->v->dev;

	return S_ISREG(st->st_mode) && st->st_dev != folder->st_dev && (!own || st->st_dev == own);
}

static void take_names(struct net_namespaces_search *s, const char *folder)
{
	DIR *dir = opendir(folder);
	struct stat here, st;
	const struct dirent *e;
	char path[PATH_MAX];

	if (!dir || fstat(dirfd(dir), &here)) {
		if (dir)
			closedir(dir);
		return;
	}
	while ((e = readdir(dir))) {
		if (*e->d_name == '.' || fstatat(dirfd(dir), e->d_name, &st, 0) ||
		    !is_of_nsfs(s, &st, &here))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		take_namespace(s, path, 0, e->d_name);
	}
	closedir(dir);
}

static void take_processes(struct net_namespaces_search *s, const char *proc)
{
	DIR *dir = opendir(proc);
	const struct dirent *e;
	char path[PATH_MAX];

	while (dir && (e = readdir(dir))) {
		if (!isdigit((unsigned char)*e->d_name))
			continue;
		snprintf(path, sizeof(path), "%s/%s/ns/net", proc, e->d_name);
		take_namespace(s, path, atoi(e->d_name), NULL);
	}
	if (dir)
		closedir(dir);
}

void net_namespaces_find(const char *proc, const char *run, struct net_namespaces *list)
{
	struct net_namespaces_search s = { .list = list, .n_slots = 2 * NET_NAMESPACES_MAX };
	char own[PATH_MAX];

	*list = (struct net_namespaces){ 0 };
	s.slots = alloc_zeroed(s.n_slots, sizeof(*s.slots));
	snprintf(own, sizeof(own), "%s/self/ns/net", proc);
	take_namespace(&s, own, getpid(), NULL);
	if (!list->n) {
		/* without /proc, there is still the namespace of this process */
		list->v = alloc_one_more(list->v, 0, sizeof(*list->v));
		list->v[list->n++] = (struct net_namespace){ .pid = getpid() };
	}
	list->hidden = 0;
	take_names(&s, run);
	take_processes(&s, proc);
	free(s.slots);
	free(list->v->path);
	list->v->path = NULL;
}

struct visitor {
	struct net_namespaces *list;
	int (*visit)(void *arg, const struct net_namespace *ns, size_t number);
	void *arg;
};

static uint64_t net_namespaces_cookie(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(uint64_t);
	uint64_t cookie = 0;

	if (fd >= 0) {
		if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len))
			cookie = 0;
		close(fd);
	}
	return cookie;
}

/* The process that kept the namespace may be gone, and its number taken by another one; and a name
 * may be that of another file by now, such as a FIFO. */
static int net_namespaces_enter(const struct net_namespace *ns)
{
	int fd = open(ns->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), ret = 0;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		ret = -errno;
	else if (st.st_ino != ns->ino || st.st_dev != ns->dev)
		ret = -ESRCH;
	else if (setns(fd, CLONE_NEWNET))
		ret = -errno;
	close(fd);
	return ret;
}

static void *visit_all(void *arg)
{
	struct visitor *v = arg;
	struct net_namespace *ns;
	size_t i;

	for (i = 0; i < v->list->n; i++) {
		ns = &v->list->v[i];
		ns->error = i ? net_namespaces_enter(ns) : 0;
		/* setns(2): "fd refers to a namespace whose type does not match" */
		ns->other_kind = ns->error == -EINVAL;
		if (ns->error)
			continue;
		ns->cookie = net_namespaces_cookie();
		ns->error = v->visit(v->arg, ns, i);
	}
	return NULL;
}

void net_namespaces_visit(struct net_namespaces *list,
			  int (*visit)(void *arg, const struct net_namespace *ns, size_t number),
			  void *arg)
{
	struct visitor v = { list, visit, arg };
	pthread_t thread;
	int ret = pthread_create(&thread, NULL, visit_all, &v);
	size_t i;

	if (!ret) {
		pthread_join(thread, NULL);
		return;
	}
	for (i = 0; i < list->n; i++)
		list->v[i].error = i ? -ret : visit(arg, list->v, 0);
}

void net_namespaces_free(struct net_namespaces *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		free(list->v[i].path);
		free(list->v[i].name);
	}
	free(list->v);
	*list = (struct net_namespaces){ 0 };
}
