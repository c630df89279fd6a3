/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_REPLACE_FILE_H
#define SECMARK2_REPLACE_FILE_H

#include <stddef.h>

struct err;

/**
 * replace_file - write a file so that nobody reads a part of it
 * @path: the file; its mode is 0644 then
 * @text: its content
 * @len:  in bytes
 * @err:  filled on failure
 *
 * Writes another file in the same folder, and renames it. Returns 0, or -errno; then the file is as
 * it was.
 */
int replace_file(const char *path, const char *text, size_t len, struct err *err);

#endif
