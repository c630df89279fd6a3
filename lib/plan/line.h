/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_LINE_H
#define SECMARK2_PLAN_LINE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/net.h"
#include "packet/ports.h"
#include "plan/label.h"
#include "util/diag.h"

/* The role of this host in the flows that a line labels. */
enum side {
	SIDE_SERVER,  /* to this host, begun by another one */
	SIDE_CLIENT,  /* begun by this host */
	SIDE_FORWARD, /* through this host */
	SIDES,
};

/* The name of a network interface as iptables has it: a + at the end matches any ending. */
struct plan_iface {
	char name[IFNAMSIZ]; /* empty: any */
	bool negated;
};

/* "10.0.0.0/8,fd00::/8": matches addresses in one of them, or, if negated, in none. n == 0: any. */
struct plan_nets {
	struct net *v;
	size_t n;
	bool negated;
};

struct plan_domain {
	struct pos pos;
	char *name; /* with the @ of an attribute */
};

struct plan_domains {
	struct plan_domain *v;
	size_t n;
};

struct plan_line {
	struct pos pos; /* of its first word */
	char *text;     /* the words with single blanks, without the comment */
	enum side side;
	bool is_default; /* "default SIDE LABEL": comes after all other lines */
	struct plan_label label;
	/* A line with a list of protocols is here once for each of them, with the same text. */
	unsigned int part, parts; /* 0 of 1 for a line without such a list */
	uint8_t proto;            /* IPPROTO_*; 0: any */
	struct ports ports;       /* of the server; empty: any */
	struct plan_nets from;
	struct plan_nets to;
	struct plan_iface in;      /* server: "on"; forward: "in" */
	struct plan_iface out;     /* client: "on"; forward: "out" */
	struct plan_domains only;  /* no other domain may have access; empty: no such promise */
	struct plan_domains allow; /* the policy module gives them access */
};

/* Copies a line; free both. */
void plan_line_copy(struct plan_line *to, const struct plan_line *from);

/* Frees its content. */
void plan_line_free(struct plan_line *line);

/* Is the name among them? Attributes have their @. */
bool plan_domains_have(const struct plan_domains *domains, const char *name);

/* "server", "client", "forward" */
const char *plan_side_name(enum side side);

#endif
