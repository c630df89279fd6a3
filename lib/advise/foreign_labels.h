/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_FOREIGN_LABELS_H
#define SECMARK2_ADVISE_FOREIGN_LABELS_H

#include <stddef.h>

struct denial;

/* A rule of others that gives a label. */
struct foreign_label {
	char *context; /* or a type */
	char *rule;    /* its text, or where it is */
};

/* Starts as zeros. */
struct foreign_labels {
	struct foreign_label *v;
	size_t n;
};

/**
 * foreign_labels_add - add the rules of a listing that label packets
 * @all:  where to
 * @name: of the program that made the listing
 * @text: what iptables-save or "nft -j list ruleset" prints
 * @len:  its length in bytes
 *
 * Rules of ours (chains SECMARK2-*) are left out. Of nft, only the contexts of its secmark objects
 * are known. What cannot be read is left out.
 */
void foreign_labels_add(struct foreign_labels *all, const char *name, const char *text, size_t len);

/* Finds the first rule that gives a label of this type, from *i on; *i moves behind it. NULL if
 * there is no further one. */
const char *foreign_labels_find(const struct foreign_labels *all, const char *type, size_t *i);

/* Frees its content; it is empty then. */
void foreign_labels_free(struct foreign_labels *all);

#endif
