/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_UTIL_H
#define GUEST_UTIL_H

#include <stdbool.h>
#include <stddef.h>

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

/*
 * Reads a whole small file, NUL-terminated, its final newline removed. Returns its length or
 * -errno.
 */
int file_read(const char *path, char *buf, size_t size);

/*
 * Writes text in ONE write(2), which is what selinuxfs and procfs insist on. Returns 0 or -errno.
 */
int file_write(const char *path, const void *data, size_t len);
int file_puts(const char *path, const char *text);

/*
 * The whole file in memory the caller frees, NUL-terminated; *len gets its length. NULL on failure,
 * errno set.
 */
char *file_slurp(const char *path, size_t *len);

/* Milliseconds of a clock that only goes forward. */
long long now_ms(void);

/* Changes this process's domain. context: complete. Returns 0 or -errno. */
int domain_enter(const char *context);

/* Never returns NULL: a guest without memory has no verdict, so it stops. */
void *must_alloc(size_t size);
char *must_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A growing list of strings it owns. {0} is an empty one. */
struct strs {
	char **v;
	size_t n;
};

void strs_add(struct strs *l, char *owned);
bool strs_has(const struct strs *l, const char *text);
void strs_free(struct strs *l);

/* Splits text at its newlines; a newline at the end adds no empty line. */
void strs_add_lines(struct strs *l, const char *text);

#endif
