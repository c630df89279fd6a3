/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_SELINUX_ATTRIBUTE_TYPES_H
#define SECMARK2_SELINUX_ATTRIBUTE_TYPES_H

#include <stddef.h>

/*
 * The types that carry an attribute, found in the image of a binary policy.
 * libsepol can tell this, too, but only from the whole policy, which takes 30 ms to build
 * (Debian's). Every iptables command with a label would take that much longer. This skips what it
 * does not need, and takes 2 ms.
 */
struct attribute_types {
	struct attribute_type *types; /* sorted; NULL if there is no such attribute */
	size_t n;
};

/**
 * attribute_types_open - find the types that carry an attribute
 * @m:         where to; end it with attribute_types_close()
 * @image:     a binary kernel policy, as /sys/fs/selinux/policy has it; must live
 *             as long as the map, which points into it
 * @len:       its length in bytes
 * @attribute: name of the attribute
 *
 * Returns 0, also if the policy has no such attribute; -EBADMSG if the image is not, from its first
 * byte to its last, a policy of version 24 to 34; or -ENOMEM.
 */
int attribute_types_open(struct attribute_types *m, const void *image, size_t len,
			 const char *attribute);

/**
 * attribute_types_has - does a type carry the attribute?
 * @m:    an opened map
 * @type: name of a type
 *
 * Returns 1 or 0, or -ENOENT if the policy has no such attribute.
 */
int attribute_types_has(const struct attribute_types *m, const char *type);

/**
 * attribute_types_close - free what a map allocated
 * @m: it; one that is all zeros is empty
 */
void attribute_types_close(struct attribute_types *m);

#endif
