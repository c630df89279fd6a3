// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest-policy ADDRESS PORT CONTEXT: gives a UDP socket an IPsec policy of its own that has a
 * label, sends, and prints what the kernel says to both. "answer ECONNREFUSED" comes in clear from
 * a closed port. "answer EAGAIN" means that the policy matches and no SA is there. "policy
 * EOPNOTSUPP" is a refusal: the kernel asks each of its key managers, and the last one knows no
 * such policy.
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
#include <unistd.h>

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

int main(int argc, char **argv)
{
	bool v6 = argc == 4 && strchr(argv[1], ':');
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in4 = { .sin_family = AF_INET };
	struct policy policy;
	int fd, err;

	if (argc != 4 || inet_pton(v6 ? AF_INET6 : AF_INET, argv[1],
				   v6 ? (void *)&in6.sin6_addr : (void *)&in4.sin_addr) != 1) {
		fprintf(stderr, "usage: guest-policy ADDRESS PORT CONTEXT\n");
		return 2;
	}
	in6.sin6_port = in4.sin_port = htons(atoi(argv[2]));
	fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	err = setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP,
			 v6 ? IPV6_IPSEC_POLICY : IP_IPSEC_POLICY, &policy,
			 policy_fill(&policy, argv[3])) ?
		      errno :
		      0;
	printf("policy %s\n", err ? strerrorname_np(err) : "ok");
	if (err)
		return 0;
	err = connect(fd, v6 ? (struct sockaddr *)&in6 : (struct sockaddr *)&in4,
		      v6 ? sizeof(in6) : sizeof(in4)) ?
		      errno :
		      datagram_answer(fd);
	printf("answer %s\n", err ? strerrorname_np(err) : "nothing");
	return 0;
}
