/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_BASE_FILE_H
#define SECMARK2_BASE_FILE_H

#include <stddef.h>
#include <stdio.h>

struct err;
struct stat;

/* No file is read that is larger; file_error() has this number as well. */
#define FILE_SIZE_MAX (64 << 20)

/**
 * file_read - read a whole file into memory
 * @path: a regular file or a pipe; its size need not be known before, as in selinuxfs
 * @data: where to, with a NUL behind it; the caller frees it
 * @len:  its length in bytes, without the NUL
 * @err:  filled on failure
 *
 * Returns 0, or -errno: -EFBIG beyond FILE_SIZE_MAX; -EMEDIUMTYPE for a device or a socket, which
 * is not even opened.
 */
int file_read(const char *path, char **data, size_t *len, struct err *err);

/* The same for an open file, which stays open. Errors call it @name. Standard input may be
 * anything. */
int file_read_stream(FILE *in, const char *name, char **data, size_t *len, struct err *err);

/* The same as file_read() for a file that a command was given, "-" for standard input; errors call
 * it
 * @name. @st is that of the file that was read. */
int file_read_given(const char *path, const char *name, char **data, size_t *len, struct stat *st,
		    struct err *err);

/* Opens a file for file_read_stream(). Returns 0, or an error of file_read(). */
int file_open(const char *path, FILE **in);

/* The same for a file of any size, of which a caller does not keep the whole. */
int file_open_long(const char *path, FILE **in);

/* What to say of an error of these functions. */
const char *file_error(int code);

#endif
