/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_LOAD_LISTING_H
#define SECMARK2_LOAD_LISTING_H

#include <stdbool.h>
#include <stddef.h>

/* Rules that are loaded, as a program lists them. */
struct listing {
	const char *name; /* of the program, for errors */
	bool nft;         /* what "nft -j list ruleset" prints, not what iptables-save prints */
	char *text;       /* NULL: it cannot be read, and why says why */
	size_t len;
	char *why;
};

struct listings {
	struct listing *v;
	size_t n;
};

/* Lists the rules that are loaded in this network namespace, where there can be rules that label.
 * Makes no table and loads no module. Free the result with listings_free(). */
void listings_read(struct listings *all);

void listings_free(struct listings *all);

#endif
