// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets that have an IPsec policy of their own with a label. "policy EOPNOTSUPP" is a refusal:
 * the kernel asks each of its key managers, and the last one knows no such policy.
 *
 * policy ADDRESS PORT CONTEXT
 *     a UDP socket, which then sends. "answer ECONNREFUSED" comes in clear from a closed port.
 *     "answer EAGAIN" means that the policy matches and no SA is there
 *
 * accept-policy ADDRESS PORT CONTEXT [BOOLEAN]
 *     a TCP socket that listens. When it has accepted a connection, the boolean of SELinux becomes
 *     true, and the accepted socket says something: "answer ok" if that arrives, else "answer
 *     EAGAIN". "connect EINPROGRESS": no connection comes
 *
 * Only PF_KEY (RFC 2367, and linux/pfkeyv2.h) has a label for such a policy.
 */
#include <errno.h>
#include <linux/ipsec.h>
#include <linux/pfkeyv2.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "runner/util.h"
#include "tools/calls.h"

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

/* Gives the socket the policy, and says so. Returns 0, or 1 if the kernel refuses. */
static int policy_set(int fd, const struct calls_place *place, const char *context)
{
	bool v6 = place->at.any.sa_family == AF_INET6;
	struct policy policy;
	socklen_t len = policy_fill(&policy, context);
	int status = setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP,
				v6 ? IPV6_IPSEC_POLICY : IP_IPSEC_POLICY, &policy, len);

	return calls_say("policy", NULL, status ? errno : 0);
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

static int socket_policy_run(int argc, char **argv)
{
	struct calls_place to = calls_place(argv[0], argv[1]);
	int fd = socket(to.at.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	(void)argc;
	if (policy_set(fd, &to, argv[2]))
		return 0;
	err = connect(fd, &to.at.any, to.len) ? errno : datagram_answer(fd);
	printf("answer %s\n", err ? strerrorname_np(err) : "nothing");
	return 0;
}

/* Ends with exit status 2 if something fails that no policy of IPsec can make fail. */
static void must(bool good, const char *what)
{
	if (!good)
		calls_die(what);
}

/* The boolean is true from now on. NULL: none is to change. */
static void boolean_set(const char *name)
{
	char path[128];

	if (!name)
		return;
	snprintf(path, sizeof(path), "/sys/fs/selinux/booleans/%s", name);
	must(!file_puts(path, "1") && !file_puts("/sys/fs/selinux/commit_pending_bools", "1"),
	     name);
}

static int accept_policy_run(int argc, char **argv)
{
	struct calls_place at = calls_place(argv[0], argv[1]);
	int listener = socket(at.at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), server;
	int client = socket(at.at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct pollfd pfd = { .fd = client, .events = POLLIN };
	const struct timeval patience = { .tv_usec = ANSWER_MS * 1000 };
	const char *boolean = argc > 3 ? argv[3] : NULL;

	setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	must(!bind(listener, &at.at.any, at.len) && !listen(listener, 1), "listen");
	if (policy_set(listener, &at, argv[2]))
		return 0;
	if (connect(client, &at.at.any, at.len)) {
		calls_say("connect", NULL, errno);
		return 0;
	}
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	must(server >= 0, "accept");
	boolean_set(boolean);
	must(send(server, "pong", 4, 0) == 4, "send");
	calls_say("answer", NULL, poll(&pfd, 1, ANSWER_MS) == 1 ? 0 : EAGAIN);
	return 0;
}

const struct calls_word policy_words[] = {
	{ "policy", "ADDRESS PORT CONTEXT", 3, socket_policy_run },
	{ "accept-policy", "ADDRESS PORT CONTEXT [BOOLEAN]", 3, accept_policy_run },
	{ NULL, NULL, 0, NULL },
};
