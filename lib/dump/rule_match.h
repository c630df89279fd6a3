/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_RULE_MATCH_H
#define SECMARK2_DUMP_RULE_MATCH_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "dump/iptables_save.h"
#include "packet/net.h"
#include "packet/ports.h"
#include "plan/line.h"

/* A network, or all others if negated; family AF_UNSPEC: any. */
struct dump_net {
	struct net net;
	bool negated;
	bool own_family; /* if negated: without the other family's addresses */
};

/* What an iptables rule matches, as far as a line of a plan can say it. Starts as zeros, which is
 * every packet. */
struct dump_match {
	int family;         /* AF_INET, AF_INET6; AF_UNSPEC: not known */
	uint8_t proto;      /* IPPROTO_*; 0: any */
	struct ports ports; /* of the destination; empty: any */
	struct dump_net from, to;
	struct plan_iface in, out;
	bool not_new;       /* matches no packet that begins a connection */
	bool never;         /* matches nothing: of what it was put together, one excludes another */
	struct pos problem; /* where there is more than that; line 0: nowhere */
	const char *problem_text;
};

/* What an iptables rule does, and to which packets. Its texts are the dump's. */
struct dump_action {
	struct dump_match match;
	const char *target; /* of -j or -g; NULL: none */
	bool go;            /* -g */
	bool accept;        /* --accept */
	const char *selctx, *seltype;
	struct pos label_pos;
};

/* Reads a rule. End its match with dump_match_free(). */
void dump_match_read(const struct dump *dump, const struct dump_rule *rule,
		     struct dump_action *action);

/**
 * dump_match_and - what matches both
 * @a:   it
 * @b:   the other one; its problem is the one that is kept if both have one
 * @out: filled; free it with dump_match_free()
 */
void dump_match_and(const struct dump_match *a, const struct dump_match *b, struct dump_match *out);

/* Do the same packets match, if they begin a connection? Not if there is a problem with either. */
bool dump_match_same(const struct dump_match *a, const struct dump_match *b);

/* Is it certain that all that matches a matches b? */
bool dump_match_within(const struct dump_match *a, const struct dump_match *b);

/* Is it certain that no packet matches both? */
bool dump_match_apart(const struct dump_match *a, const struct dump_match *b);

/* Is it every packet that begins a connection? */
bool dump_match_all(const struct dump_match *m);

/* Prints it as the words behind the label of a plan's line: "tcp 80 from 10.0.0.0/8". */
void dump_match_print(const struct dump_match *m, enum side side, FILE *out);

/* Frees its content; it is empty then. */
void dump_match_free(struct dump_match *m);

#endif
