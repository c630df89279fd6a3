/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_MATCH_H
#define SECMARK2_DUMP_MATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "dump/match_nets.h"
#include "packet/ports.h"
#include "plan/line.h"
#include "util/diag.h"

/* What a rule of iptables matches, as far as a line of a plan can express it. Starts as zeros,
 * which match every packet. */
struct dump_match {
	int family;         /* AF_INET, AF_INET6; AF_UNSPEC: not known */
	uint8_t proto;      /* IPPROTO_*; 0: any */
	struct ports ports; /* of the destination; empty: any */
	/* of the source: a problem, and dump_match_and() leaves them out */
	struct ports sources;
	struct match_nets from, to;
	struct plan_iface in, out;
	bool not_new;       /* matches no packet that begins a connection */
	bool never;         /* matches nothing: its conditions exclude each other */
	struct pos problem; /* a condition that a plan cannot express; line 0: none */
	const char *problem_text;
};

/* Copies a match without its sources; free both. */
void dump_match_copy(struct dump_match *to, const struct dump_match *from);

/**
 * dump_match_and - combine two matches: packets must match both
 * @a:   the first match
 * @b:   the second match; its problem is kept if both have one
 * @out: the result; free it with dump_match_free()
 */
void dump_match_and(const struct dump_match *a, const struct dump_match *b, struct dump_match *out);

/**
 * dump_match_minus - take packets out of a match
 * @m:      the match; "never" if nothing is left
 * @others: the match of these packets
 *
 * Returns false if no match can say the rest; @m is as before then.
 */
bool dump_match_minus(struct dump_match *m, const struct dump_match *others);

/* Do both match the same packets that begin a connection? False if either has a problem. */
bool dump_match_same(const struct dump_match *a, const struct dump_match *b);

/* A number that is the same for two matches that are, dump_match_same(), and mostly another one for
 * others. */
uint64_t dump_match_hash(const struct dump_match *m);

/* Is one the match of the replies to the packets of the other, which begin connections? @reply has
 * source ports, and no other problem. */
bool dump_match_replies(const struct dump_match *reply, const struct dump_match *begin);

/* The hash of the match whose replies these are */
uint64_t dump_match_hash_back(const struct dump_match *reply);

/* Makes of the match of replies that of the packets that they answer: the ports of the source are
 * those of the destination then, and no problem. */
void dump_match_turn(struct dump_match *reply);

/* Is it certain that every packet that matches a also matches b? */
bool dump_match_within(const struct dump_match *a, const struct dump_match *b);

/* Is it certain that no packet matches both? */
bool dump_match_apart(const struct dump_match *a, const struct dump_match *b);

/* Does it match every packet that begins a connection? */
bool dump_match_all(const struct dump_match *m);

/* Prints it as the words after the label in a line of a plan: "tcp 80 from 10.0.0.0/8". */
void dump_match_print(const struct dump_match *m, enum side side, FILE *out);

/* Notes that some of these packets do not match, unless it has a problem already. */
void dump_match_add_problem(struct dump_match *m, struct pos pos, const char *text);

/* Frees its content; it is empty then. */
void dump_match_free(struct dump_match *m);

#endif
