/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_MATCH_H
#define SECMARK2_DUMP_MATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "packet/net.h"
#include "packet/ports.h"
#include "plan/line.h"
#include "util/diag.h"

/* A network, or all others if negated; family AF_UNSPEC: any. */
struct dump_net {
	struct net net;
	bool negated;
	bool own_family; /* if negated: only addresses of this family */
};

/* What a rule of iptables matches, as far as a line of a plan can express it. Starts as zeros,
 * which match every packet. */
struct dump_match {
	int family;         /* AF_INET, AF_INET6; AF_UNSPEC: not known */
	uint8_t proto;      /* IPPROTO_*; 0: any */
	struct ports ports; /* of the destination; empty: any */
	/* of the source: a problem, and dump_match_and() leaves them out */
	struct ports sources;
	struct dump_net from, to;
	struct plan_iface in, out;
	bool not_new;       /* matches no packet that begins a connection */
	bool never;         /* matches nothing: its conditions exclude each other */
	struct pos problem; /* a condition that a plan cannot express; line 0: none */
	const char *problem_text;
};

/**
 * dump_match_and - combine two matches: packets must match both
 * @a:   the first match
 * @b:   the second match; its problem is kept if both have one
 * @out: the result; free it with dump_match_free()
 */
void dump_match_and(const struct dump_match *a, const struct dump_match *b, struct dump_match *out);

/* Do both match the same packets that begin a connection? False if either has a problem. */
bool dump_match_same(const struct dump_match *a, const struct dump_match *b);

/* Is one the match of the replies to the packets of the other, which begin connections? @reply has
 * source ports, and no other problem. */
bool dump_match_replies(const struct dump_match *reply, const struct dump_match *begin);

/* Is it certain that every packet that matches a also matches b? */
bool dump_match_within(const struct dump_match *a, const struct dump_match *b);

/* Is it certain that no packet matches both? */
bool dump_match_apart(const struct dump_match *a, const struct dump_match *b);

/* Does it match every packet that begins a connection? */
bool dump_match_all(const struct dump_match *m);

/* Prints it as the words after the label in a line of a plan: "tcp 80 from 10.0.0.0/8". */
void dump_match_print(const struct dump_match *m, enum side side, FILE *out);

/* Frees its content; it is empty then. */
void dump_match_free(struct dump_match *m);

#endif
