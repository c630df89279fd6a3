/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_LEARN_H
#define SECMARK2_ADVISE_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "advise/learn_evidence.h"

/* Which lines name addresses. */
enum learn_addresses {
	LEARN_ADDRESSES_NONE,
	LEARN_ADDRESSES_CLIENT, /* client and forward lines, and servers that only this machine
				 * talks to */
	LEARN_ADDRESSES_ALL,    /* server lines, too: only clients that were seen get the label */
};

/* A domain that speaks for a line. */
struct learn_speaker {
	const char *domain; /* NULL: unknown */
	size_t packets, connections;
	bool sent, received;
	bool allow; /* the policy does not let it use the label: the line does */
};

/* A line of a plan, and what speaks for it. */
struct learn_line {
	enum side side;
	char *label;    /* a type */
	bool own_type;  /* the plan has to define the type */
	bool other_udp; /* the line is for UDP, too; proto is IPPROTO_TCP then */
	uint8_t proto;
	struct ports ports;                /* empty: the protocol has none */
	struct net peers[LEARN_PEERS_MAX]; /* of the other ends; sorted */
	size_t n_peers;                    /* 0: any address */
	bool peers_many;                   /* there were more than these */
	bool peers_change; /* lines of the plan name addresses, and others were seen */
	const char *held;  /* it is only a comment: what would make it a line; or NULL */
	bool outside;      /* another host was an end */
	struct learn_speaker *speakers; /* most packets first */
	size_t n_speakers;
	const char *why;  /* of struct learn_use */
	bool defines;     /* the type has to be defined in front of this line */
	uint64_t allowed; /* a hash of the domains that the line lets use its label */
	bool guessed, listens;
	size_t packets, denied, connections;
	int64_t last; /* milliseconds since 1970; 0: unknown */
};

/* A type of the plan's own. */
struct learn_type {
	char *name;
	uint64_t allowed;   /* as in its lines */
	bool defined, held; /* for learn_define_types() */
};

struct learn_lines {
	struct learn_line *v; /* most used first */
	size_t n;
	struct learn_type *types; /* that the plan has to define, each once */
	size_t n_types;
	size_t kernel;   /* packets that the kernel sent in answer to others: no program has the
			  * port */
	size_t nameless; /* ports without a type of their own, used by nobody knows whom */
};

/**
 * learn_propose - the lines that label what was used without a label
 * @e:         what is known
 * @addresses: which of them name addresses
 * @lines:     filled; free it with learn_lines_free(), before @e
 *
 * A port with the type NAME_port_t gets NAME_server_packet_t or NAME_client_packet_t. Other ports
 * get server_packet_t or client_packet_t, if the policy has it and lets all domains of the evidence
 * use it. Otherwise the line gets a type that the plan has to define, named after the domain. What
 * is forwarded gets NAME_forward_packet_t, which no policy has.
 *
 * If lines of the plan name other ends for the port, they are a border, and the new line names
 * those beyond it. If that makes more than LEARN_PEERS_MAX, it names none; and if packets were
 * denied then, it is only a comment. So is a line that no known domain speaks for: the policy may
 * not let its users have the label.
 */
void learn_propose(const struct learn_evidence *e, enum learn_addresses addresses,
		   struct learn_lines *lines);

/* Has the first line with each type define it, unless the plan (or NULL) does. For a caller who has
 * changed the order of the lines. */
void learn_define_types(struct learn_lines *lines, const struct plan *plan);

/* Frees its content; it is empty then. */
void learn_lines_free(struct learn_lines *lines);

#endif
