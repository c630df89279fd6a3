// SPDX-License-Identifier: GPL-2.0-only
#include "host/socket_owners.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "util/alloc.h"

/* A context with thousands of categories */
#define LABEL_MAX 4096

/* Reads a small file of a process. Returns its length without a newline or NUL at the end; 0 if it
 * cannot be read. */
static size_t read_process_file(const char *proc, pid_t pid, const char *name, char *out,
				size_t size)
{
	char path[PATH_MAX];
	ssize_t len;
	int fd;

	*out = '\0';
	snprintf(path, sizeof(path), "%s/%d/%s", proc, (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, out, size - 1);
	close(fd);
	while (len > 0 && (out[len - 1] == '\n' || !out[len - 1]))
		len--;
	if (len < 0)
		len = 0;
	out[len] = '\0';
	return len;
}

/* A number of /proc/PID/status. Only "Name:", its first line, is of others' making, and the kernel
 * escapes a newline in it. Returns -1 if it is not there. */
static long status_number(const char *proc, pid_t pid, const char *key)
{
	char text[4096], start[32];
	const char *found;

	if (!read_process_file(proc, pid, "status", text, sizeof(text)))
		return -1;
	snprintf(start, sizeof(start), "\n%s:", key);
	found = strstr(text, start);
	return found ? strtol(found + strlen(start), NULL, 10) : -1;
}

pid_t socket_owners_parent(const char *proc, pid_t pid)
{
	long parent = status_number(proc, pid, "PPid");

	return parent > 0 ? parent : 0;
}

static void take_process(struct socket_owners *o, pid_t pid)
{
	struct socket_process *p;
	char context[LABEL_MAX];
	size_t len;

	o->processes = alloc_one_more(o->processes, o->n_processes, sizeof(*p));
	p = &o->processes[o->n_processes++];
	*p = (struct socket_process){ .pid = pid };
	p->root = !status_number(o->proc, pid, "Uid");
	read_process_file(o->proc, pid, "comm", p->comm, sizeof(p->comm));
	len = read_process_file(o->proc, pid, "attr/current", context, sizeof(context));
	/* without a policy it is the name of an initial SID; without SELinux, of anything */
	if (len && strchr(context, ':'))
		p->context = alloc_text(context, len);
}

static void take_files(struct socket_owners *o, pid_t pid)
{
	char path[PATH_MAX], target[64];
	const struct dirent *e;
	bool taken = false;
	unsigned int inode;
	ssize_t len;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%d/fd", o->proc, (int)pid);
	dir = opendir(path);
	if (!dir) {
		o->hidden += errno != ENOENT && errno != ESRCH;
		return;
	}
	while ((e = readdir(dir))) {
		len = readlinkat(dirfd(dir), e->d_name, target, sizeof(target) - 1);
		if (len <= 0)
			continue;
		target[len] = '\0';
		if (sscanf(target, "socket:[%u]", &inode) != 1)
			continue;
		if (!taken)
			take_process(o, pid);
		taken = true;
		o->v = alloc_one_more(o->v, o->n, sizeof(*o->v));
		o->v[o->n++] = (struct socket_owner){ inode, o->n_processes - 1, atoi(e->d_name) };
	}
	closedir(dir);
}

static int compare_owners(const void *x, const void *y)
{
	const struct socket_owner *a = x, *b = y;

	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return (a->process > b->process) - (a->process < b->process);
}

void socket_owners_read(const char *proc, struct socket_owners *o)
{
	DIR *dir = opendir(proc);
	const struct dirent *e;

	*o = (struct socket_owners){ .proc = proc };
	/* the kernel lists them in the order of their numbers */
	while (dir && (e = readdir(dir)))
		if (isdigit((unsigned char)*e->d_name))
			take_files(o, atoi(e->d_name));
	if (dir)
		closedir(dir);
	if (o->n)
		qsort(o->v, o->n, sizeof(*o->v), compare_owners);
}

const struct socket_owner *socket_owners_find(const struct socket_owners *o, uint32_t inode,
					      size_t *n)
{
	size_t lo = 0, hi = o->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (o->v[mid].inode < inode)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (*n = 0; lo + *n < o->n && o->v[lo + *n].inode == inode;)
		++*n;
	return *n ? &o->v[lo] : NULL;
}

char *socket_owners_label(const struct socket_owners *o, const struct socket_owner *owner)
{
	const struct socket_process *p = &o->processes[owner->process];
	char path[PATH_MAX], label[LABEL_MAX];
	ssize_t len;

	/* through the link: the label of the file that it stands for */
	snprintf(path, sizeof(path), "%s/%d/fd/%d", o->proc, (int)p->pid, owner->fd);
	len = getxattr(path, "security.selinux", label, sizeof(label));
	if (len <= 0)
		return alloc_copy(p->context);
	return alloc_text(label, strnlen(label, len));
}

void socket_owners_free(struct socket_owners *o)
{
	size_t i;

	for (i = 0; i < o->n_processes; i++)
		free(o->processes[i].context);
	free(o->processes);
	free(o->v);
	*o = (struct socket_owners){ 0 };
}
