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

void socket_labels_read(struct socket_labels *l, const char *proc, uint32_t *inodes, size_t n)
{
	struct socket_labels next = { .v = alloc_zeroed(n + 1, sizeof(*next.v)),
				      .hidden = l->hidden,
				      .looks = l->looks };
	struct socket_owners owners = { .v = NULL };
	struct socket_label *known;
	bool looked = false;
	size_t i;

	if (n)
		qsort(inodes, n, sizeof(*inodes), compare_inodes);
	for (i = 0; i < n; i++) {
		if (i && inodes[i] == inodes[i - 1])
			continue;
		known = label_of_inode(l, inodes[i]);
		if (!known && !looked) {
			socket_owners_read(proc, &owners);
			next.hidden = owners.hidden;
			next.looks++;
			looked = true;
		}
		next.v[next.n].inode = inodes[i];
		next.v[next.n++].label = known ? known->label : ask_label(&owners, inodes[i]);
		if (known)
			known->label = NULL;
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
