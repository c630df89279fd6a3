/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_LINE_H
#define SECMARK2_PLAN_LINE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/net.h"
#include "packet/ports.h"
#include "util/diag.h"

/* Who we are in a flow that a line labels. */
enum side {
	SIDE_SERVER,  /* for this host, started elsewhere */
	SIDE_CLIENT,  /* started by this host */
	SIDE_FORWARD, /* through this host */
	SIDES,
};

/* One network interface as iptables has it: a trailing + stands for any ending. */
struct plan_iface {
	char name[IFNAMSIZ]; /* empty: any */
	bool negated;
};

/* "10.0.0.0/8,fd00::/8": one of them, or none of them if negated. n == 0: any. */
struct plan_nets {
	struct net *v;
	size_t n;
	bool negated;
};

/* A label as the line has it, and the context it stands for. */
struct plan_label {
	struct pos pos;
	char *text; /* TYPE or USER:ROLE:TYPE[:LEVEL] */
	struct pos level_pos;
	char *level;   /* of "level LEVEL", or NULL */
	char *context; /* NULL; the stage check fills it */
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
	char *text;     /* as written, without comment, blanks squeezed: for messages */
	enum side side;
	bool is_default; /* "default SIDE LABEL": applies after all others */
	struct plan_label label;
	uint8_t proto;      /* IPPROTO_*; 0: any */
	struct ports ports; /* of the server; empty: any */
	struct plan_nets from;
	struct plan_nets to;
	struct plan_iface in;  /* server: "on"; forward: "in" */
	struct plan_iface out; /* client: "on"; forward: "out" */
	/* who alone may have access, who gets it: carried here, judged by other stages */
	struct plan_domains only;
	struct plan_domains allow;
};

/* Frees what is in it. */
void plan_label_free(struct plan_label *label);
void plan_line_free(struct plan_line *line);

/* "server", "client", "forward" */
const char *plan_side_name(enum side side);

#endif
