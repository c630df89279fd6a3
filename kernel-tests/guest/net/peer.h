/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_PEER_H
#define GUEST_PEER_H

#include <sys/types.h>

#include "net/address.h"
#include "net/peercon.h"
#include "runner/util.h"

struct netns;
struct peer;

/*
 * A part is played in a process of its own; it reports, and exits by itself when something fails.
 */
struct protocol {
	const char *name;
	int type, protocol[2]; /* of socket(2); IPv4, IPv6 */
	bool ports;
	void (*client)(const struct peer *p, int report);
	void (*server)(const struct peer *p, int report); /* NULL: the kernel answers */
	bool active; /* FTP: the server opens the data connection */
	bool mapped; /* IPv6 sockets that speak IPv4 (RFC 4291, 2.5.5.2) */
};

/* NULL: no such protocol. */
const struct protocol *protocol_find(const char *name);

/* What a peer reports through its pipe: one byte of progress and an errno. */
enum peer_event {
	PEER_READY = 'R',    /* the server can be talked to */
	PEER_SERVED = 'S',   /* the server has seen a request and answered it */
	PEER_ANSWERED = 'A', /* the client has its answer */
	PEER_FAILED = 'F',
};

struct peer_report {
	char event;
	int err;
	char peercon[PEERCON_MAX]; /* of PEER_SERVED and PEER_ANSWERED, if the part looked at it */
};

struct peer {
	const struct netns *ns;
	const char *context,
		*data_context; /* data_context: of the data connection's sockets; NULL: the same */
	const struct protocol *proto;
	struct sockaddr_storage self, other;
	int data_port, other_data_port; /* FTP */
	void *shared;                   /* memory that its part shares with the runner */
	socklen_t addr_len;
	pid_t pid;
	int fd; /* reports come here */
};

/* Forks a process that plays the part in its namespace and domain. Returns 0 or -errno. */
int peer_start(struct peer *p, void (*part)(const struct peer *p, int report));

/* For a part: makes a socket bound to the address of p; reports; reports and ends. */
int bound_socket(const struct peer *p, int report);
void report_progress(int report, enum peer_event event);
void report_peercon(int report, enum peer_event event, const char *peercon);
void report_and_exit(int report, enum peer_event event, int err) __attribute__((noreturn));

/* Waits for a report. Returns 1, 0 when none came in time, -1 when the peer is gone. */
int peer_report(const struct peer *p, int timeout_ms, struct peer_report *r);

/*
 * Waits until all they have sent has arrived and neither has anything left to do but wait. Returns
 * 0, or -errno when that cannot be found out: their rules let no probe through, or they do not come
 * to rest.
 */
int peers_settle(const struct peer *client, const struct peer *server);

/* Ends it if it still runs. A zeroed peer is fine. */
void peer_stop(struct peer *p);

#endif
