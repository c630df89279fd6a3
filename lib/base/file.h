/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_BASE_FILE_H
#define SECMARK2_BASE_FILE_H

#include <stddef.h>
#include <stdio.h>

struct err;

/**
 * file_read - read a whole file into memory
 * @path: the file; its size need not be known before, as in selinuxfs
 * @data: where to; the caller frees it
 * @len:  its length in bytes
 * @err:  filled on failure
 *
 * Returns 0, or -errno.
 */
int file_read(const char *path, char **data, size_t *len, struct err *err);

/* The same for an open file, which stays open. Errors call it @name. */
int file_read_stream(FILE *in, const char *name, char **data, size_t *len, struct err *err);

#endif
