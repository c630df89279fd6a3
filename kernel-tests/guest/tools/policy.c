// SPDX-License-Identifier: GPL-2.0-only
/*
 * Gives a socket an IPsec policy of its own that has a label, and prints what the kernel says to
 * it. "policy EOPNOTSUPP" is a refusal: the kernel asks each of its key managers, and the last one
 * knows no such policy.
 *
 * send ADDRESS PORT CONTEXT
 *     a UDP socket, which then sends. "answer ECONNREFUSED" comes in clear from a closed port.
 *     "answer EAGAIN" means that the policy matches and no SA is there
 *
 * accept ADDRESS PORT CONTEXT [BOOLEAN]
 *     a TCP socket that listens. When it has accepted a connection, the boolean of SELinux becomes
 *     true, and the accepted socket says something: "answer ok" if that arrives, else "answer
 *     EAGAIN". The boolean is false again in the end. "connect EINPROGRESS": no connection comes
 *
 * Only PF_KEY (RFC 2367, and linux/pfkeyv2.h) has a label for such a policy.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ipsec.h>
#include <linux/pfkeyv2.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "runner/util.h"

#define ANSWER_MS 300 /* between namespaces of one machine, on a busy host */
#define WORD 8        /* PF_KEY counts in words of 64 bits */
#define CONTEXT_MAX 200
#define LSM_SELINUX 1 /* XFRM_SC_ALG_SELINUX, and its only domain of interpretation */

struct policy {
	struct sadb_x_policy policy;
	struct sadb_x_ipsecrequest request;
	struct sadb_x_sec_ctx label;
	char context[CONTEXT_MAX];
};

/* Returns how many bytes of it the kernel wants. */
static socklen_t policy_fill(struct policy *p, const char *context)
{
	size_t len = strlen(context) + 1, words;

	if (len > sizeof(p->context))
		len = sizeof(p->context);
	words = (sizeof(p->label) + len + WORD - 1) / WORD;
	*p = (struct policy){
		.policy = { .sadb_x_policy_len = (sizeof(p->policy) + sizeof(p->request)) / WORD,
			    .sadb_x_policy_exttype = SADB_X_EXT_POLICY,
			    .sadb_x_policy_type = IPSEC_POLICY_IPSEC,
			    .sadb_x_policy_dir = IPSEC_DIR_OUTBOUND },
		.request = { .sadb_x_ipsecrequest_len = sizeof(p->request),
			     .sadb_x_ipsecrequest_proto = IPPROTO_AH,
			     .sadb_x_ipsecrequest_mode = IPSEC_MODE_TRANSPORT,
			     .sadb_x_ipsecrequest_level = IPSEC_LEVEL_REQUIRE },
		.label = { .sadb_x_sec_len = words,
			   .sadb_x_sec_exttype = SADB_X_EXT_SEC_CTX,
			   .sadb_x_ctx_alg = LSM_SELINUX,
			   .sadb_x_ctx_doi = LSM_SELINUX,
			   .sadb_x_ctx_len = len },
	};
	memcpy(p->context, context, len);
	return offsetof(struct policy, label) + words * WORD;
}

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Reads ADDRESS and PORT. Returns how long the address is, or 0 if the text is none. */
static socklen_t address_read(union address *at, const char *address, const char *port)
{
	*at = (union address){ .v6 = { .sin6_port = htons(atoi(port)) } };
	at->any.sa_family = strchr(address, ':') ? AF_INET6 : AF_INET;
	if (at->any.sa_family == AF_INET6)
		return inet_pton(AF_INET6, address, &at->v6.sin6_addr) == 1 ? sizeof(at->v6) : 0;
	return inet_pton(AF_INET, address, &at->v4.sin_addr) == 1 ? sizeof(at->v4) : 0;
}

static void say(const char *what, int err)
{
	printf("%s %s\n", what, err ? strerrorname_np(err) : "ok");
	fflush(stdout);
}

/* Gives the socket the policy, and says so. Returns 0 or -1. */
static int policy_set(int fd, bool v6, const char *context)
{
	struct policy policy;
	socklen_t len = policy_fill(&policy, context);
	int status = setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP,
				v6 ? IPV6_IPSEC_POLICY : IP_IPSEC_POLICY, &policy, len);

	say("policy", status ? errno : 0);
	return status;
}

/* What comes back within ANSWER_MS: an errno, or 0. */
static int datagram_answer(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int err = 0;
	socklen_t len = sizeof(err);

	if (send(fd, "ping", 4, 0) < 0)
		return errno;
	poll(&pfd, 1, ANSWER_MS);
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	return err;
}

static int send_run(const union address *at, socklen_t len, char **argv)
{
	int fd = socket(at->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (policy_set(fd, at->any.sa_family == AF_INET6, argv[4]) == 0)
		say("answer", connect(fd, &at->any, len) ? errno : datagram_answer(fd));
	return 0;
}

/* Exits if something fails that no policy of IPsec can make fail. */
static void expect(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(2);
}

/* NULL: no boolean is to change. */
static void boolean_set(const char *name, const char *value)
{
	char path[128];

	if (!name)
		return;
	snprintf(path, sizeof(path), "/sys/fs/selinux/booleans/%s", name);
	expect(!file_puts(path, value) && !file_puts("/sys/fs/selinux/commit_pending_bools", "1"),
	       name);
}

static int accept_run(const union address *at, socklen_t len, char **argv)
{
	int listener = socket(at->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), server;
	int client = socket(at->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct pollfd pfd = { .fd = client, .events = POLLIN };
	const struct timeval patience = { .tv_usec = ANSWER_MS * 1000 };

	setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	expect(!bind(listener, &at->any, len) && !listen(listener, 1), "listen");
	if (policy_set(listener, at->any.sa_family == AF_INET6, argv[4]))
		return 0;
	if (connect(client, &at->any, len)) {
		say("connect", errno);
		return 0;
	}
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	expect(server >= 0, "accept");
	boolean_set(argv[5], "1");
	expect(send(server, "pong", 4, 0) == 4, "send");
	say("answer", poll(&pfd, 1, ANSWER_MS) == 1 ? 0 : EAGAIN);
	boolean_set(argv[5], "0");
	return 0;
}

int main(int argc, char **argv)
{
	bool sends = argc == 5 && !strcmp(argv[1], "send");
	bool accepts = (argc == 5 || argc == 6) && !strcmp(argv[1], "accept");
	union address at;
	socklen_t len = sends || accepts ? address_read(&at, argv[2], argv[3]) : 0;

	if (len)
		return sends ? send_run(&at, len, argv) : accept_run(&at, len, argv);
	fprintf(stderr, "usage: guest-policy send ADDRESS PORT CONTEXT\n"
			"       guest-policy accept ADDRESS PORT CONTEXT [BOOLEAN]\n");
	return 2;
}
