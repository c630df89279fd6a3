/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_ADVISE_LEARN_EVIDENCE_H
#define SECMARK2_ADVISE_LEARN_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/net.h"
#include "packet/ports.h"
#include "plan/line.h"

struct denial;
struct host_sockets;
struct learn_pair;
struct learn_policy;
struct learn_ports;
struct plan;

/* The other ends of a use are counted up to this number. A line names them if they are fewer. */
#define LEARN_PEERS_MAX 8

/* A log with more uses than this is no log of one machine: records may be forged. */
#define LEARN_USES_MAX 65536

/* One domain uses one port without a label. */
struct learn_use {
	enum side side;
	uint8_t proto;      /* IPPROTO_* */
	uint16_t port;      /* of the server; 0: the protocol has no ports */
	const char *domain; /* a type of the policy; NULL: unknown */
	bool guessed;       /* the records do not tell which protocol it is */
	bool listens;       /* a socket waits at the port */
	bool sent, received;
	size_t packets, denied; /* of records; denied is a part of packets */
	size_t connections;     /* of this machine, now */
	int64_t last;           /* of the records: milliseconds since 1970; 0: unknown */
	struct net peers[LEARN_PEERS_MAX];
	size_t n_peers;
	bool more_peers;
	bool outside;    /* another host is an end of it */
	const char *why; /* needed whether it was seen or not; NULL: not so */
};

struct learn_counts {
	size_t unlabeled;    /* packets without a label, in records */
	size_t covered;      /* of those: a line of the plan labels them */
	size_t unusable;     /* of those: without addresses, or of a domain that the policy lacks */
	size_t lost;         /* of those: there were more uses than LEARN_USES_MAX */
	size_t port_unknown; /* sockets with a port that the kernel chose */
};

/* What is known. The caller sets the first four members; the rest starts as zeros. */
struct learn_evidence {
	struct learn_policy *policy;
	const struct plan *plan; /* what it labels needs no line; or NULL */
	struct port_range client_ports;
	const struct host_sockets *sockets; /* of the machine of the records; or NULL */
	struct learn_use *v;
	size_t n;
	uint32_t *slots; /* a hash table of v: index + 1; 0: free */
	struct learn_pair *pairs;
	struct learn_ports *ports; /* of the sockets; NULL: no record has asked yet */
	struct learn_counts counts;
};

/**
 * learn_take_denial - learn from a record of SELinux
 * @e: what is known
 * @d: a record of any kind; those of other things than unlabeled packets are left out
 *
 * The record does not name the protocol: sockets of this machine tell it, or the types of ports, or
 * it may be TCP as well as UDP. Without ports it is taken for ICMP, unless the multicast address is
 * that of another protocol. The ports tell which end is the server: it is not the one whose port
 * the kernel gives to clients. If they do not, it is the end that did not send the first packet. Of
 * forwarded packets, sockets of this machine tell nothing, and those that the policy let come in
 * are not counted again when they go out.
 */
void learn_take_denial(struct learn_evidence *e, const struct denial *d);

/**
 * learn_take_use - learn from something that is there now
 * @e:     what is known
 * @use:   what it is, with one peer at most; its domain may be any text
 * @local: the address of this host's end, or a network
 *
 * What the plan labels is left out. Of a server that has no peer yet, it is enough that the plan
 * labels some of its clients.
 */
void learn_take_use(struct learn_evidence *e, const struct learn_use *use, const struct net *local);

/* Is it an address, or a network, of the loopback interface? */
bool learn_is_loopback(const struct net *net);

/* Frees its content. */
void learn_evidence_free(struct learn_evidence *e);

#endif
