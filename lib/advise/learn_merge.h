/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_LEARN_MERGE_H
#define SECMARK2_ADVISE_LEARN_MERGE_H

#include <stddef.h>
#include <stdio.h>

struct learn_lines;
struct plan;

/**
 * learn_merge - write a plan with lines added to it
 * @plan:  what @text says; no line of @lines is for flows that it labels
 * @text:  the plan; all of it is written as it is
 * @len:   its length in bytes
 * @lines: what is added
 * @out:   where to
 *
 * A line comes behind all lines of its side, and behind all includes. So it takes no flow from
 * another line, and no line of its side that follows can be without flows because of it.
 */
void learn_merge(const struct plan *plan, const char *text, size_t len,
		 const struct learn_lines *lines, FILE *out);

#endif
