/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_CHAIN_RULE_H
#define SECMARK2_XTABLES_CHAIN_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/ports.h"

struct net;

/* enum ip_conntrack_info, and packets without a connection */
enum chain_state {
	CHAIN_INVALID = 1 << 0,
	CHAIN_NEW = 1 << 1,
	CHAIN_RELATED = 1 << 2,
	CHAIN_ESTABLISHED = 1 << 3,
	CHAIN_UNTRACKED = 1 << 4,
	CHAIN_KNOWN = CHAIN_RELATED | CHAIN_ESTABLISHED,
	CHAIN_CONNECTIONLESS = CHAIN_INVALID | CHAIN_UNTRACKED,
};

enum chain_action {
	CHAIN_JUMP,
	CHAIN_GOTO, /* as a jump, but the end of that chain returns to the last jump */
	CHAIN_ACCEPT,
	CHAIN_RETURN,
	CHAIN_LABEL,   /* SECMARK, or with the kernel module SECMARK2 */
	CHAIN_SAVE,    /* CONNSECMARK --save */
	CHAIN_RESTORE, /* CONNSECMARK --restore, or with the kernel module CONNSECMARK2 */
};

/* For CHAIN_LABEL and CHAIN_RESTORE. All others need MODULE. */
enum chain_flag {
	CHAIN_F_MODULE = 1 << 0,
	CHAIN_F_SAVE = 1 << 1,
	CHAIN_F_OVERWRITE = 1 << 2,
	CHAIN_F_ACCEPT = 1 << 3,
};

/* What a packet has to be, and what is done with it then. Zero, NULL: not asked. */
struct chain_rule {
	const struct net *src, *dst;
	const char *in, *out; /* interfaces, as plan_iface has them */
	bool src_not, dst_not, in_not, out_not;
	uint8_t proto;
	bool has_port, by_source; /* the source's port instead of the destination's */
	struct port_range port;
	bool not_syn;            /* TCP that does not open a connection */
	uint8_t states;          /* enum chain_state, one of them */
	bool reply;              /* against the direction of the connection's first packet */
	const char *expected_by; /* a connection that this conntrack helper expected */
	bool to_us;              /* for this host; IPv4: or broadcast or multicast */
	bool labeled;            /* has a label already; needs the kernel module */
	bool conn_labeled;       /* of a connection that has a label; needs the kernel module */
	enum chain_action action;
	uint8_t flags;
	unsigned int target; /* for CHAIN_JUMP, CHAIN_GOTO: index of the chain */
	const char *context; /* for CHAIN_LABEL */
};

#endif
