// SPDX-License-Identifier: GPL-2.0-only
#include "host/socket_labels.h"

#include <stdbool.h>
#include <stdlib.h>

#include "host/socket_owners.h"
#include "util/alloc.h"

static int compare_inodes(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return (a > b) - (a < b);
}

static struct socket_label *label_of_inode(const struct socket_labels *l, uint32_t inode)
{
	/* inode is the first member */
	return l->n ? bsearch(&inode, l->v, l->n, sizeof(*l->v), compare_inodes) : NULL;
}

const char *socket_labels_find(const struct socket_labels *l, uint32_t inode)
{
	const struct socket_label *found = label_of_inode(l, inode);

	return found ? found->label : NULL;
}

static char *ask_label(const struct socket_owners *owners, uint32_t inode)
{
	size_t n;
	const struct socket_owner *owner = socket_owners_find(owners, inode, &n);

	return owner ? socket_owners_label(owners, owner) : NULL;
}

/* Sorts them, and leaves out what is there twice. Returns how many are left. */
static size_t sort_inodes(uint32_t *inodes, size_t n)
{
	size_t i, kept = 0;

	if (n)
		qsort(inodes, n, sizeof(*inodes), compare_inodes);
	for (i = 0; i < n; i++)
		if (!kept || inodes[kept - 1] != inodes[i])
			inodes[kept++] = inodes[i];
	return kept;
}

/* Is one of them new, or is it time to look for one again? */
static bool has_to_look(const struct socket_labels *l, const uint32_t *inodes, size_t n)
{
	const struct socket_label *known;
	size_t i;

	for (i = 0; i < n; i++) {
		known = label_of_inode(l, inodes[i]);
		if (!known || (!known->label && !known->skip))
			return true;
	}
	return false;
}

/* Takes a label from the list before, or else from the owners, if somebody has looked for them. */
static void fill_label(struct socket_label *s, struct socket_label *known,
		       const struct socket_owners *owners)
{
	if (known) {
		*s = *known;
		known->label = NULL;
	}
	if (s->label)
		return;
	if (!owners) {
		s->skip--;
		return;
	}
	s->label = ask_label(owners, s->inode);
	/* 0, 1, 3, 7 ... */
	s->skip = (1u << s->looks) - 1;
	if (2 * (s->skip + 1) <= SOCKET_LABELS_REST)
		s->looks++;
}

void socket_labels_read(struct socket_labels *l, const char *proc, uint32_t *inodes, size_t n)
{
	struct socket_labels next = { .hidden = l->hidden, .looks = l->looks };
	struct socket_owners owners = { .v = NULL };
	bool look;

	n = sort_inodes(inodes, n);
	look = has_to_look(l, inodes, n);
	if (look) {
		socket_owners_read(proc, &owners);
		next.hidden = owners.hidden;
		next.looks++;
	}
	next.v = alloc_zeroed(n + 1, sizeof(*next.v));
	for (; next.n < n; next.n++) {
		next.v[next.n].inode = inodes[next.n];
		fill_label(&next.v[next.n], label_of_inode(l, inodes[next.n]),
			   look ? &owners : NULL);
	}
	socket_owners_free(&owners);
	socket_labels_free(l);
	*l = next;
}

void socket_labels_free(struct socket_labels *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->v[i].label);
	free(l->v);
	*l = (struct socket_labels){ .v = NULL };
}
