/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_TALK_H
#define GUEST_TALK_H

#include "net/peer.h"

struct step;
struct test;

/* Two peers of a test, in words of their own: NS:DOMAIN. */
struct talk {
	struct peer client, server;
	const char *verdict; /* expected */
	bool has_server;
};

/*
 * Who talks to whom, over what, at which addresses and ports; the words are cut up. Returns 0, or -1 for what the test
 * does not have. talk_free() frees it either way.
 */
int talk_prepare(struct test *t, struct talk *talk, char *proto, char *client, char *server);

/* Starts the server and waits until it can be talked to. Returns 0, or -1 after test_fail(). */
int talk_serve(struct test *t, const struct step *step, struct talk *talk,
	       void (*part)(const struct peer *p, int report));

/* Stops the peers and frees what was prepared; a zeroed talk is fine. */
void talk_free(struct talk *talk);

#endif
