// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "runner/util.h"

int file_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, size - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return n;
	/* /proc/self/attr/current ends in a NUL on some kernels and in nothing on others. */
	while (n > 0 && (buf[n - 1] == '\n' || buf[n - 1] == '\0'))
		n--;
	buf[n] = '\0';
	return n;
}

int file_write(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, data, len);
	if (n < 0)
		n = -errno;
	else
		n = (size_t)n == len ? 0 : -EIO;
	close(fd);
	return n;
}

int file_puts(const char *path, const char *text)
{
	return file_write(path, text, strlen(text));
}

char *file_slurp(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *data = NULL;
	struct stat st;
	size_t have = 0;
	ssize_t n = 0;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0) {
		data = must_alloc(st.st_size + 1);
		while (have < (size_t)st.st_size &&
		       (n = read(fd, data + have, st.st_size - have)) > 0)
			have += n;
		data[have] = '\0';
		*len = have;
	}
	close(fd);
	return data;
}

long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

int domain_enter(const char *context)
{
	return file_puts("/proc/self/attr/current", context);
}

void *must_alloc(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

char *must_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		abort();
	va_end(ap);
	return s;
}

void strs_add(struct strs *l, char *owned)
{
	/* Doubles at each power of two. */
	if ((l->n & (l->n - 1)) == 0) {
		l->v = realloc(l->v, (l->n ? 2 * l->n : 1) * sizeof(*l->v));
		if (!l->v)
			abort();
	}
	l->v[l->n++] = owned;
}

bool strs_has(const struct strs *l, const char *text)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i], text))
			return true;
	return false;
}

void strs_free(struct strs *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct strs){ 0 };
}

void strs_add_lines(struct strs *l, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		strs_add(l, must_printf("%.*s", (int)len, text));
		text += len + (text[len] == '\n');
	}
}
