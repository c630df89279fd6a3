/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_SLABS_H
#define GUEST_SLABS_H

#include "runner/util.h"

/* How many objects each of the kernel's slab caches holds. */
struct slabs {
	struct slab {
		char name[32];
		long objects;
	} v[400];
	size_t n;
};

/* Counts what is in use, and nothing that is only kept for the next one who asks. Returns 0 or -errno. */
int slabs_count(struct slabs *s);

/* The cache that has grown most since before, and in *by by how many objects; NULL: none has. */
const char *slabs_grown(const struct slabs *before, const struct slabs *now, long *by);

#endif
