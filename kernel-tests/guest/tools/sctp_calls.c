// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that only SCTP has. Some sockets have one association, as those of TCP, others many.
 *
 * sctp bindx|connectx|sendmsg|primary ADDRESS PORT
 *     binds, or connects, by an option; connects by the first message; chooses among the addresses
 *     of the other end, where PORT is not used
 *
 * associations ADDRESS PORT FROM...
 *     from each address FROM an association with one socket, which listens
 *
 * peeloff accepted|connected|both TYPE ADDRESS PORT
 *     a socket of that type, which can have many associations, gets one: another socket connects to
 *     it, it connects to another one, or both do so at once. The association gets a socket of its
 *     own, which is shut down. Both: the socket's own first packets have to be lost
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
/* after what it needs */
#include <linux/sctp.h>

#include "runner/util.h"
#include "tools/calls.h"
#include "tools/sctp.h"
#include "tools/socket_ends.h"

static void listens(const struct ends *e)
{
	if (listen(e->listener, 1))
		calls_die("listen");
}

static int act_bindx(char **where)
{
	struct ends e = sctp_ready("sctp_socket", where[0], where[1], STAGE_OPEN);

	return sctp_option(e.listener, SCTP_SOCKOPT_BINDX_ADD, &e.at, e.len);
}

static int act_connectx(char **where)
{
	struct ends e = sctp_ready("sctp_socket", where[0], where[1], STAGE_LISTENS);

	return sctp_option(e.client, SCTP_SOCKOPT_CONNECTX, &e.at, e.len);
}

static int act_sendmsg(char **where)
{
	struct ends e = sctp_ready("sctp_socket", where[0], where[1], STAGE_LISTENS),
		    many = sctp_ready("sctp_many", where[0], where[1], STAGE_OPEN);

	return sendto(many.listener, "x", 1, 0, &e.at.any, e.len) < 0 ? errno : 0;
}

/* Nothing is bound to a port that the program chooses, so that this is asked of nobody. */
static int act_primary(char **where)
{
	struct ends e = sctp_ready("sctp_socket", where[0], "0", STAGE_OPEN),
		    client = sctp_ready("sctp_socket", where[0], "0", STAGE_OPEN);
	struct sctp_prim primary = { 0 };
	socklen_t len = sizeof(primary.ssp_addr);

	listens(&e);
	if (getsockname(e.listener, (struct sockaddr *)&primary.ssp_addr, &len))
		calls_die("getsockname");
	e.at.v4.sin_port = ((struct sockaddr_in *)&primary.ssp_addr)->sin_port;
	if (connect(client.listener, &e.at.any, e.len))
		calls_die("connect");
	memcpy(&primary.ssp_addr, &e.at, e.len);
	return sctp_option(client.listener, SCTP_PRIMARY_ADDR, &primary, sizeof(primary));
}

static const struct {
	const char *name;
	int (*act)(char **where); /* returns 0 or errno */
} acts[] = {
	{ "bindx", act_bindx },
	{ "connectx", act_connectx },
	{ "sendmsg", act_sendmsg },
	{ "primary", act_primary },
};

static int sctp_run(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < N_ELEMENTS(acts); i++)
		if (!strcmp(acts[i].name, argv[0]))
			return calls_say(argv[0], "sctp_socket", acts[i].act(argv + 1));
	return 2;
}

static int associations_run(int argc, char **argv)
{
	struct ends e = sctp_ready("sctp_socket", argv[0], argv[1], STAGE_LISTENS);
	int status = 0;

	for (int i = 2; i < argc; i++) {
		struct ends client = sctp_ready("sctp_socket", argv[i], "0", STAGE_BOUND);

		status |= calls_say("association", argv[i], sctp_connect_soon(client.listener, &e));
	}
	return status;
}

/* Both have an address; many is at the one of where. */
static void associate(const char *who, struct ends *many, struct ends *other)
{
	int err = 0;

	listens(many);
	listens(other);
	if (!strcmp(who, "both")) {
		fcntl(many->listener, F_SETFL, O_NONBLOCK);
		if (connect(many->listener, &other->at.any, other->len) && errno != EINPROGRESS)
			calls_die("connect");
		err = sctp_connect_soon(other->listener, many);
	} else if (!strcmp(who, "connected")) {
		err = sctp_connect_soon(many->listener, other);
	} else {
		err = sctp_connect_soon(other->listener, many);
	}
	errno = err;
	if (err)
		calls_die(who);
}

/* Returns the new socket. */
static int peeled_off(int fd)
{
	sctp_peeloff_arg_t peeloff = { .associd = sctp_association(fd) };
	socklen_t len = sizeof(peeloff);

	if (getsockopt(fd, IPPROTO_SCTP, SCTP_SOCKOPT_PEELOFF, &peeloff, &len) < 0)
		calls_die("SCTP_SOCKOPT_PEELOFF");
	return peeloff.sd;
}

static int peeloff_run(int argc, char **argv)
{
	char *port = must_printf("%d", atoi(argv[3]) + 1);
	struct ends many, other;
	int fd;

	(void)argc;
	calls_must_label_sockets(argv[1]);
	many = sctp_ready("sctp_many", argv[2], argv[3], STAGE_BOUND);
	calls_must_label_sockets(NULL);
	other = sctp_ready("sctp_many", argv[2], port, STAGE_BOUND);
	associate(argv[0], &many, &other);
	fd = peeled_off(many.listener);
	free(port);
	return calls_say("shutdown", "sctp_socket", shutdown(fd, SHUT_WR) ? errno : 0);
}

const struct calls_word sctp_words[] = {
	{ "sctp", "bindx|connectx|sendmsg|primary ADDRESS PORT", 3, sctp_run },
	{ "associations", "ADDRESS PORT FROM...", 3, associations_run },
	{ "peeloff", "accepted|connected|both TYPE ADDRESS PORT", 4, peeloff_run },
	{ NULL, NULL, 0, NULL },
};
