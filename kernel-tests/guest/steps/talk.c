// SPDX-License-Identifier: GPL-2.0-only
/*
 * talk PROTO[/PORT] CLIENT-NS:DOMAIN[/DOMAIN] SERVER-NS[:DOMAIN[/DOMAIN]] = VERDICT
 *
 * One request and one answer. An expected time-out is not waited for: the kernel's own record of
 * the denial ends it. The record alone proves no denial: client and server are looked at once all
 * that was sent has arrived.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/audit.h"
#include "runner/peers.h"
#include "runner/steps.h"
#include "runner/test.h"
#include "steps/kinds.h"

#define TALK_MS 10000 /* the most a conversation may take, even on a busy host */
#define LOST_MS 50    /* so much silence, and then rest, is a packet that was lost */
#define GRACE_MS 100  /* time for packets that are on their way, if they cannot be waited for */

struct talk {
	struct peers peers;
	const char *verdict; /* expected */
};

/* How an errno reads in a case. */
static const struct {
	int err;
	const char *verdict;
} verdicts[] = {
	{ ECONNREFUSED, "refused" },    { EHOSTUNREACH, "unreachable" },
	{ ENETUNREACH, "unreachable" }, { ETIMEDOUT, "timeout" },
	{ EACCES, "eacces" },           { EPERM, "eperm" },
};

static const char *verdict_of(int err)
{
	for (size_t i = 0; i < N_ELEMENTS(verdicts); i++)
		if (verdicts[i].err == err)
			return verdicts[i].verdict;
	return strerror(err);
}

static int talk_parse(struct test *t, char *text, struct talk *talk)
{
	char *proto = strtok(text, " "), *client = strtok(NULL, " "), *server = strtok(NULL, " ");
	char *equals = strtok(NULL, " "), *verdict = strtok(NULL, " ");

	if (!verdict || strcmp(equals, "=") || strtok(NULL, " "))
		return -1;
	talk->verdict = verdict;
	return peers_prepare(t, &talk->peers, proto, client, server);
}

static bool talk_expects(const struct talk *talk, const char *verdict)
{
	return !strcmp(talk->verdict, verdict);
}

static void talk_settle(const struct talk *talk)
{
	if (peers_settle(&talk->peers.client, &talk->peers.server))
		poll(NULL, 0, GRACE_MS);
}

/* Is a denial of the request expected? One without a direction comes before any packet. */
static bool denies_request(const struct step *step)
{
	for (size_t i = 0; i < step->avc.n; i++)
		if (avc_line_stops(step->avc.v[i]) && !avc_line_stops_answer(step->avc.v[i]))
			return true;
	return false;
}

/* The kernel could record a denial, report it to the client, and still let the packet through. */
static void server_judge(struct test *t, const struct step *step, struct talk *talk)
{
	struct peer_report r = { 0 };

	talk_settle(talk);
	if (peer_report(&talk->peers.server, 0, &r) == 1 && r.event == PEER_SERVED)
		test_fail(t, step, "the server has seen a request that was %s",
			  talk_expects(talk, "lost") ? "lost" : "denied");
}

/* Has the kernel recorded all that the case expects; if an answer is to come, more than that? */
static bool talk_is_over(struct test *t, const struct step *step, bool silent)
{
	audit_collect(t->audit);
	return silent && step->avc.n ? steps_all_came(t, step) : steps_more_came(t, step);
}

/*
 * Waits until the client has a result, or until the kernel has recorded as many denials as the case
 * expects (one more than that is a failure already). Returns 1 with a result in r, 0 without, -1 if
 * the client is gone and said nothing.
 */
static int client_wait(struct test *t, const struct step *step, struct talk *talk,
		       struct peer_report *r)
{
	bool silent = talk_expects(talk, "timeout");
	long long end = now_ms() + (talk_expects(talk, "lost") ? LOST_MS : TALK_MS);
	struct pollfd pfd[2] = {
		{ .fd = talk->peers.client.fd, .events = POLLIN },
		{ .fd = t->audit->fd, .events = POLLIN },
	};

	while (now_ms() < end) {
		poll(pfd, 2, end - now_ms());
		if (pfd[0].revents)
			return peer_report(&talk->peers.client, 0, r);
		if (talk_is_over(t, step, silent))
			break;
	}
	talk_settle(talk);
	return peer_report(&talk->peers.client, 0, r);
}

/* What an end of the last conversation knows of the other. */
static void peercon_keep(struct test *t, int end, const char *peercon)
{
	free(t->peercon[end]);
	t->peercon[end] = peercon ? must_printf("%s", peercon) : NULL;
}

/*
 * A conversation that went well is over when both have closed their ends: late packets then belong
 * to no later case.
 */
static void talk_finish(struct test *t, struct talk *talk)
{
	struct peer_report r;

	while (peer_report(&talk->peers.client, TALK_MS, &r) == 1)
		;
	while (talk->peers.has_server && peer_report(&talk->peers.server, TALK_MS, &r) == 1)
		if (r.event == PEER_SERVED)
			peercon_keep(t, 1, r.peercon);
}

static void talk_judge(struct test *t, const struct step *step, struct talk *talk)
{
	struct peer_report r = { 0 };
	const char *verdict = talk_expects(talk, "lost") ? "lost" : "timeout";
	int came = client_wait(t, step, talk, &r);
	bool ok = came > 0 && r.event == PEER_ANSWERED;

	if (came < 0)
		verdict = "the client is gone";
	if (came > 0)
		verdict = ok ? "ok" : verdict_of(r.err);
	peercon_keep(t, 0, ok ? r.peercon : NULL);
	peercon_keep(t, 1, NULL);
	if (ok)
		talk_finish(t, talk);
	if (strcmp(verdict, talk->verdict))
		test_fail(t, step, "the client's verdict is %s, expected %s", verdict,
			  talk->verdict);
	else if (!ok && talk->peers.has_server &&
		 (denies_request(step) || talk_expects(talk, "lost")))
		server_judge(t, step, talk);
}

static void client_start(struct test *t, const struct step *step, struct talk *talk)
{
	int err = peer_start(&talk->peers.client, talk->peers.client.proto->client);

	if (err)
		test_fail(t, step, "the client does not start: %s", strerror(-err));
	else
		talk_judge(t, step, talk);
}

static void talk_run(struct test *t, const struct step *step)
{
	char *text = step_expand(t, step, step->text);
	struct talk talk = { 0 };

	if (!text)
		return;
	if (talk_parse(t, text, &talk)) {
		test_fail(
			t, step,
			"expected talk PROTO[/PORT] CLIENT-NS:DOMAIN SERVER-NS[:DOMAIN] = VERDICT");
	} else if (!strcmp(talk.verdict, "timeout") && !step->avc.n) {
		test_fail(t, step, "a timeout needs the record that explains it");
	} else if (!talk.peers.has_server ||
		   peers_serve(t, step, &talk.peers, talk.peers.server.proto->server) == 0) {
		client_start(t, step, &talk);
	}
	peers_free(&talk.peers);
	free(text);
}

const struct step_kind step_talk = {
	.name = "talk",
	.run = talk_run,
};
