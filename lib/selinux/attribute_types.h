/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_ATTRIBUTE_TYPES_H
#define SECMARK2_SELINUX_ATTRIBUTE_TYPES_H

#include <stddef.h>

/*
 * The types that carry an attribute, found in the image of a binary policy.
 * libsepol can tell this too, but only from the whole policy, which it builds
 * in 30 ms (Debian's): every iptables command with a label in it would take that
 * much longer. This skips what it does not need, and takes 2 ms.
 */
struct attrmap {
	struct attrmap_type *types; /* sorted; NULL where there is no such attribute */
	size_t n;
};

/**
 * attrmap_open - find the types that carry an attribute
 * @m:         where to; end it with attrmap_close()
 * @image:     a binary kernel policy, as /sys/fs/selinux/policy has it; must live
 *             as long as the map, which points into it
 * @len:       its length in bytes
 * @attribute: name of the attribute
 *
 * Returns 0, also where the policy has no such attribute; -EBADMSG for what is
 * not a policy of version 24 to 34 from its first byte to its last; or -ENOMEM.
 */
int attrmap_open(struct attrmap *m, const void *image, size_t len, const char *attribute);

/**
 * attrmap_has - does a type carry the attribute?
 * @m:    an opened map
 * @type: name of a type
 *
 * Returns 1 or 0, or -ENOENT where the policy has no such attribute.
 */
int attrmap_has(const struct attrmap *m, const char *type);

/**
 * attrmap_close - free what a map allocated
 * @m: it; one that is all zeros is empty
 */
void attrmap_close(struct attrmap *m);

#endif
