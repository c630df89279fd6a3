/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_LEARN_LABEL_H
#define SECMARK2_ADVISE_LEARN_LABEL_H

#include <stdbool.h>
#include <stddef.h>

struct learn_evidence;
struct learn_line;
struct learn_lines;

/* Finds the label of a line for one port, and the domains that need a rule to use it. Notes a type
 * of the plan's own in lines. Returns false if there is no label: nobody knows whose port it is. */
bool learn_label_line(const struct learn_evidence *e, struct learn_lines *lines,
		      struct learn_line *line);

/* Writes the name of a domain without _t, as a part of names in all languages of a policy: dots and
 * hyphens become underscores. What does not fit into size bytes is cut. */
void learn_stem(char *out, size_t size, const char *domain);

/* The first domain that speaks for a line; NULL: none is known. */
const char *learn_first_domain(const struct learn_line *line);

/* Does the line itself let this domain use its label? */
bool learn_line_allows(const struct learn_line *line, const char *domain);

#endif
