// SPDX-License-Identifier: GPL-2.0-only
/*
 * slabs remember
 * slabs grown < N
 *
 * If something leaks an object each time, a thousand times leak a thousand objects of one kind.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner/test.h"
#include "steps/kinds.h"

#define FOLDER "/sys/kernel/slab"
#define SETTLE_MS 20000

/* A thread has at most as many objects of one cache. On 5.10 each worker of the kernel has two of
 * kmalloc-32: one for its credentials, one for the pages of its stack. */
#define OF_A_THREAD 2

/* DAMON watches how memory is used, and splits what it watches as it likes. Debian's kernels from
 * 6.19 on run it from the start. */
#define OF_DAMON "damon_"

/* How many objects each of the kernel's slab caches holds, and how many threads there are. */
struct slabs {
	struct slab {
		char name[32];
		long objects;
	} v[400];
	size_t n;
	long threads;
};

/* The files by which caches are shrunk. Returns their number, or -errno. */
static int shrinkers_open(int fds[], int max)
{
	DIR *dir = opendir(FOLDER);
	struct dirent *entry;
	int n = 0;

	if (!dir)
		return -errno;
	while (n < max && (entry = readdir(dir))) {
		char path[512];

		/* links are other names of merged caches */
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), FOLDER "/%s/shrink", entry->d_name);
		fds[n] = open(path, O_WRONLY | O_CLOEXEC);
		n += fds[n] >= 0;
	}
	closedir(dir);
	return n;
}

/*
 * A slab that a processor is working on counts as full, until it is taken away from it. So all that
 * allocates comes before, and the read right behind. A write itself allocates: kernfs copies what
 * is written. A copy of one byte would bring back a slab of kmalloc-8 with 512 objects, and hide
 * them. The copy of a page comes from a cache with a few objects a slab.
 */
static ssize_t slabinfo_read(char *text, size_t size)
{
	static const char shrink[4096] = "1";
	int fds[N_ELEMENTS(((struct slabs *)NULL)->v)],
		info = open("/proc/slabinfo", O_RDONLY | O_CLOEXEC);
	int n = info < 0 ? -errno : shrinkers_open(fds, N_ELEMENTS(fds));
	ssize_t len = n, more;

	for (int i = 0; i < 2 * n; i++)
		if (write(fds[i % n], shrink, sizeof(shrink)) != sizeof(shrink))
			len = -errno;
	for (len = len < 0 ? len : 0; len >= 0 && (size_t)len < size - 1; len += more) {
		more = read(info, text + len, size - 1 - len);
		if (more <= 0)
			break;
	}
	text[len < 0 ? 0 : len] = '\0';
	for (int i = 0; i < n; i++)
		close(fds[i]);
	close(info);
	return len;
}

/*
 * The areas of virtual memory in use. Their slab cache says more: the kernel also keeps an object
 * for a free area, and for one that waits to be freed with others.
 */
static long areas_count(void)
{
	FILE *f = fopen("/proc/vmallocinfo", "re");
	char *line = NULL;
	size_t size = 0;
	long n = 0;

	if (!f)
		return -errno;
	while (getline(&line, &size, f) > 0)
		n += !strstr(line, "unpurged");
	free(line);
	fclose(f);
	return n;
}

/* All threads, the kernel's too: of "0.00 0.00 0.00 1/85 120" the 85. */
static int threads_count(long *n)
{
	char text[128];
	int len = file_read("/proc/loadavg", text, sizeof(text));

	if (len < 0)
		return len;
	return sscanf(text, "%*s %*s %*s %*d/%ld", n) == 1 ? 0 : -EINVAL;
}

/*
 * Counts the objects in use, but not those that are kept as a cache. Returns 0 or
 * -errno.
 */
static int slabs_count(struct slabs *s)
{
	static char text[1 << 17];
	long areas = areas_count();
	ssize_t len = areas < 0 ? areas : threads_count(&s->threads);

	if (len < 0)
		return len;

	/* names and inodes in the cache */
	file_puts("/proc/sys/vm/drop_caches", "2");
	len = slabinfo_read(text, sizeof(text));
	if (len < 0)
		return len;
	s->n = 0;
	for (char *save, *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		struct slab *slab = &s->v[s->n];

		if (s->n == N_ELEMENTS(s->v) ||
		    sscanf(line, "%31s %ld", slab->name, &slab->objects) != 2 ||
		    !strncmp(slab->name, OF_DAMON, strlen(OF_DAMON)))
			continue;
		if (!strcmp(slab->name, "vmap_area"))
			slab->objects = areas;
		s->n++;
	}
	return s->n ? 0 : -ENODATA;
}

static long objects_of(const struct slabs *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->v[i].name, name))
			return s->v[i].objects;
	return 0;
}

/*
 * The cache that has grown most since before, and in *by by how many objects; NULL: none has. The
 * kernel starts workers to free namespaces, and keeps them for minutes: those are no leak.
 */
static const char *slabs_grown(const struct slabs *before, const struct slabs *now, long *by)
{
	long started = now->threads > before->threads ? now->threads - before->threads : 0;
	const char *most = NULL;

	*by = 0;
	for (size_t i = 0; i < now->n; i++) {
		long grown = now->v[i].objects - objects_of(before, now->v[i].name) -
			     started * OF_A_THREAD;

		if (grown > *by) {
			*by = grown;
			most = now->v[i].name;
		}
	}
	return most;
}

/* The kernel frees a namespace some time after its end. */
static void slabs_judge(struct test *t, const struct step *step, long limit)
{
	struct slabs *now = must_alloc(sizeof(*now));
	long long end = now_ms() + SETTLE_MS;
	const char *name = NULL;
	int err;
	long by = 0;

	while (!(err = slabs_count(now)) && (name = slabs_grown(t->slabs, now, &by)) &&
	       by >= limit && now_ms() < end)
		poll(NULL, 0, 10);
	if (err)
		test_fail(t, step, "slab objects cannot be counted: %s", strerror(-err));
	else if (by >= limit)
		test_fail(t, step, "slab cache %s has %ld objects more, expected less than %ld",
			  name, by, limit);
	free(now);
}

static void slabs_run(struct test *t, const struct step *step)
{
	long limit = 0;
	int err;

	if (!strcmp(step->text, "remember")) {
		if (!t->slabs)
			t->slabs = must_alloc(sizeof(*t->slabs));
		err = slabs_count(t->slabs);
		if (err)
			test_fail(t, step, "slab objects cannot be counted: %s", strerror(-err));
	} else if (t->slabs && sscanf(step->text, "grown < %ld", &limit) == 1 && limit > 0) {
		slabs_judge(t, step, limit);
	} else {
		test_fail(t, step, "expected slabs remember, and after it slabs grown < NUMBER");
	}
}

static void slabs_finish(struct test *t)
{
	free(t->slabs);
	t->slabs = NULL;
}

const struct step_kind step_slabs = {
	.name = "slabs",
	.run = slabs_run,
	.finish = slabs_finish,
};
