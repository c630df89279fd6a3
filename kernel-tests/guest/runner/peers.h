/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_PEERS_H
#define GUEST_PEERS_H

#include "net/peer.h"

struct step;
struct test;
struct vars;

/* The two ends of a step's conversation. */
struct peers {
	struct peer client, server;
	bool has_server;
};

/*
 * Who talks to whom, over what, at which addresses and ports. proto: PROTO[/PORT]; client and
 * server: NS[:DOMAIN]; all three are cut up. Returns 0, or -1 for what the test does not have.
 * peers_free() frees it either way.
 */
int peers_prepare(struct test *t, struct peers *peers, char *proto, char *client, char *server);

/* The port of the test's server, and of the server of a data connection: PORT and DATA_PORT. */
void peers_port_set(struct vars *v, int port);

/* Starts the server and waits until it can be talked to. Returns 0, or -1 after test_fail(). */
int peers_serve(struct test *t, const struct step *step, struct peers *peers,
		void (*part)(const struct peer *p, int report));

/* Stops the peers and frees what was prepared; zeroed peers are fine. */
void peers_free(struct peers *peers);

#endif
