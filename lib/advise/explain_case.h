/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_EXPLAIN_CASE_H
#define SECMARK2_ADVISE_EXPLAIN_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "advise/allowed.h"
#include "advise/explain.h"
#include "selinux/packet_type.h"

struct plan_line;

#define EXPLAIN_NAME 256

/* At which end of a packet a server is. */
enum explain_end { END_UNKNOWN, END_SOURCE, END_DESTINATION };

/* A record with what follows from it alone, and what plan and policy say of it. */
struct explain_case {
	const struct explain_world *w;
	const struct denial *d;
	struct explanation *e;
	char source[EXPLAIN_NAME], target[EXPLAIN_NAME]; /* types */
	bool out, in, forward;                           /* which way the packet goes */
	bool unlabeled;          /* the target is the type of what has no label */
	bool no_peer;            /* so is the source */
	bool kernel;             /* the source is the kernel's own type */
	bool android;            /* contexts as Android has them */
	bool loopback;           /* both ends are on this host */
	bool ports;              /* the record has ports */
	bool icmp;               /* its label or its addresses are those of ICMP */
	bool softirq;            /* pid and comm are not those of who is denied */
	enum explain_end server; /* by the ports */
	enum packet_side role;   /* what this host is in the packet */
	enum packet_side side;   /* for whom the label is */
	/* class packet: the line of the plan that fits the packet, one that has its label, and if
	 * the first one has it, too */
	const struct plan_line *line, *labels;
	bool fits;
	struct allowed_answer policy; /* of a known policy */
};

/* Fills it from the first three arguments. */
void explain_case_make(struct explain_case *c, const struct explain_world *w,
		       const struct denial *d, struct explanation *e);

/* The port of the server, or 0. */
uint16_t explain_server_port(const struct explain_case *c);

/* Adds a note. */
void explain_add(struct explain_case *c, enum explain_section section, const char *id,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Does the record name this permission? */
bool explain_has_perm(const struct explain_case *c, const char *perm);

/* The classes of objects. Each adds the notes of the section EXPLAIN_LABEL, and some of the others.
 */
void explain_packet(struct explain_case *c);
void explain_packet_allow(struct explain_case *c);
void explain_peer(struct explain_case *c);
void explain_association(struct explain_case *c);
void explain_interface(struct explain_case *c);
void explain_socket(struct explain_case *c);

#endif
