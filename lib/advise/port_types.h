/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_PORT_TYPES_H
#define SECMARK2_ADVISE_PORT_TYPES_H

#include <stddef.h>
#include <stdint.h>

struct allowed;
struct oracle;

/* So many types are named. */
#define PORT_TYPES_MAX 4

/* So many answers are kept. */
#define PORT_TYPES_ASKED 64

/* The types of ports that a domain may use. */
struct port_types {
	char *source, *class, *perms; /* what was asked for */
	unsigned int n;               /* PORT_TYPES_MAX + 1: there are more */
	char text[256];               /* their names, with commas between them */
};

/* Answers of a policy: looking for them takes milliseconds. Starts as zeros. */
struct port_types_asked {
	struct port_types v[PORT_TYPES_ASKED];
	size_t next; /* the oldest one */
};

/**
 * port_types_find - which types of ports may a domain use?
 * @asked:  the answers so far
 * @o:      the policy
 * @a:      the same policy
 * @proto:  IPPROTO_*, which follows from the class
 * @source: the domain's type
 * @class:  the class of the socket
 * @perms:  permissions with blanks between them
 *
 * The answer lives until the next question.
 */
const struct port_types *port_types_find(struct port_types_asked *asked, struct oracle *o,
					 struct allowed *a, uint8_t proto, const char *source,
					 const char *class, const char *perms);

/* Frees its content. */
void port_types_free(struct port_types_asked *asked);

#endif
