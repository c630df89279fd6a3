// SPDX-License-Identifier: GPL-2.0-only
#include "load/dead_states.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load/state.h"
#include "util/alloc.h"

/* PROC_PID_INIT_INO of include/linux/proc_ns.h: in this one all processes can be seen */
#define FIRST_PID_NAMESPACE "pid:[4026531836]"

/* A record that may be of a dead namespace. Its folder is locked. */
struct suspect {
	char *name; /* of the folder */
	unsigned long long inode;
	int fd;
	bool alive;
};

struct suspects {
	struct suspect *v;
	size_t n;
	size_t dead; /* not known to be alive */
	bool blind;  /* something could not be looked at */
};

/* Calls a function with each entry of a folder, but not with "." and the like. */
static void each_entry(int dir, const char *path, struct suspects *s,
		       void (*fn)(struct suspects *s, int dir, const char *name))
{
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (!d) {
		/* a process may have ended meanwhile */
		s->blind |= errno != ENOENT && errno != ESRCH;
		if (fd >= 0)
			close(fd);
		return;
	}
	while (s->dead && !s->blind && (entry = readdir(d)))
		if (*entry->d_name != '.')
			fn(s, fd, entry->d_name);
	closedir(d);
}

/* The number of its namespace is in the record. */
static unsigned long long read_inode(int fd, const char *name)
{
	int file = openat(fd, name, O_RDONLY | O_CLOEXEC);
	json_t *json = file >= 0 ? json_loadfd(file, 0, NULL) : NULL;
	unsigned long long inode = json_integer_value(json_object_get(json, "namespace"));

	json_decref(json);
	if (file >= 0)
		close(file);
	return inode;
}

static void add_suspect(struct suspects *s, const char *folder)
{
	struct suspect new = { .alive = false };
	char path[64];

	if (snprintf(path, sizeof(path), STATE_DIR "/%s", folder) >= (int)sizeof(path))
		return;
	new.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (new.fd < 0)
		return;
	new.inode = read_inode(new.fd, "loaded");
	if (!new.inode)
		new.inode = read_inode(new.fd, "begun");
	if (!new.inode || flock(new.fd, LOCK_EX | LOCK_NB)) {
		close(new.fd);
		return;
	}
	new.name = alloc_text(folder, strlen(folder));
	s->v = alloc_one_more(s->v, s->n, sizeof(*s->v));
	s->v[s->n++] = new;
	s->dead++;
}

static void find_suspects(struct suspects *s, const char *own)
{
	DIR *d = opendir(STATE_DIR);
	const struct dirent *entry;

	while (d && (entry = readdir(d)))
		if (*entry->d_name != '.' && strcmp(entry->d_name, own))
			add_suspect(s, entry->d_name);
	if (d)
		closedir(d);
}

static void note_alive(struct suspects *s, const char *text)
{
	unsigned long long inode;
	size_t i;

	if (sscanf(text, "net:[%llu]", &inode) != 1)
		return;
	for (i = 0; i < s->n; i++) {
		if (s->v[i].inode != inode || s->v[i].alive)
			continue;
		s->v[i].alive = true;
		s->dead--;
	}
}

static void note_link(struct suspects *s, int dir, const char *name)
{
	char text[64];
	ssize_t len = readlinkat(dir, name, text, sizeof(text) - 1);

	if (len < 0) {
		s->blind |= errno != ENOENT && errno != ESRCH;
		return;
	}
	text[len] = '\0';
	note_alive(s, text);
}

/* A mount that shows a namespace has "net:[NUMBER]" for the root of its file system. */
static void note_mounts(struct suspects *s, int dir)
{
	int fd = openat(dir, "mountinfo", O_RDONLY | O_CLOEXEC);
	FILE *in = fd >= 0 ? fdopen(fd, "r") : NULL;
	char *line = NULL;
	const char *at;
	size_t size = 0;

	while (in && getline(&line, &size, in) > 0) {
		at = strstr(line, " net:[");
		if (at)
			note_alive(s, at + 1);
	}
	free(line);
	if (in)
		fclose(in);
	else if (fd >= 0)
		close(fd);
	/* EINVAL: the process is ending */
	s->blind |= fd < 0 && errno != ENOENT && errno != ESRCH && errno != EINVAL;
}

static void note_thread(struct suspects *s, int dir, const char *name)
{
	char path[64];
	int fd;

	if (snprintf(path, sizeof(path), "%s/ns/net", name) < (int)sizeof(path))
		note_link(s, dir, path);
	if (!s->dead)
		return;
	fd = openat(dir, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	note_mounts(s, fd);
	each_entry(fd, "fd", s, note_link);
	close(fd);
}

static void note_process(struct suspects *s, int dir, const char *name)
{
	char path[64];

	if (strspn(name, "0123456789") == strlen(name) &&
	    snprintf(path, sizeof(path), "%s/task", name) < (int)sizeof(path))
		each_entry(dir, path, s, note_thread);
}

/* Quickly, because most namespaces have a process: without threads, mounts and open files. */
static void note_namespace(struct suspects *s, int dir, const char *name)
{
	char path[64];

	if (strspn(name, "0123456789") == strlen(name) &&
	    snprintf(path, sizeof(path), "%s/ns/net", name) < (int)sizeof(path))
		note_link(s, dir, path);
}

static bool sees_all_processes(void)
{
	char text[64];
	ssize_t len = readlink("/proc/self/ns/pid", text, sizeof(text) - 1);

	text[len < 0 ? 0 : len] = '\0';
	if (strcmp(text, FIRST_PID_NAMESPACE) != 0)
		return false;
	/* the mount option hidepid of proc(5) hides the processes of others without a word */
	return readlink("/proc/1/ns/net", text, sizeof(text)) > 0;
}

static void remove_file(struct suspects *s, int dir, const char *name)
{
	(void)s;
	unlinkat(dir, name, 0);
}

static void remove_suspect(struct suspects *s, const struct suspect *one)
{
	char path[64];

	each_entry(one->fd, ".", s, remove_file);
	snprintf(path, sizeof(path), STATE_DIR "/%s", one->name);
	rmdir(path);
}

void dead_states_remove(const char *own)
{
	struct suspects s = { 0 };
	const char *name = strrchr(own, '/');
	size_t i;

	find_suspects(&s, name ? name + 1 : own);
	s.blind = s.n && !sees_all_processes();
	if (s.dead && !s.blind)
		each_entry(AT_FDCWD, "/proc", &s, note_namespace);
	if (s.dead && !s.blind)
		each_entry(AT_FDCWD, "/proc", &s, note_process);
	for (i = 0; i < s.n; i++) {
		if (!s.v[i].alive && !s.blind)
			remove_suspect(&s, &s.v[i]);
		close(s.v[i].fd);
		free(s.v[i].name);
	}
	free(s.v);
}
