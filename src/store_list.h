/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_STORE_LIST_H
#define SECMARK2_STORE_LIST_H

#include <stdbool.h>

struct err;
struct run_result;

/* semodule takes 0.2 s to list a store with 450 modules, and 1.1 s to write their texts. */
#define STORE_SECONDS 60

/* A line of the list. A module has one for each priority. */
struct store_line {
	int priority;
	const char *name; /* in the list; no NUL follows it */
	int len;
	bool disabled;
};

/**
 * store_list - list the modules of the policy store with "semodule -lfull"
 * @list: filled; free it with run_free(), also after a failure
 * @err:  filled on failure
 *
 * Returns 0, or -errno.
 */
int store_list(struct run_result *list, struct err *err);

/* Reads "100 ssh pp" or "100 ssh pp disabled". Returns false for any other text. */
bool store_line_read(const char *text, struct store_line *line);

bool store_line_names(const struct store_line *line, const char *name);

#endif
