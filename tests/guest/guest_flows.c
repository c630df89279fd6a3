// SPDX-License-Identifier: GPL-2.0-only
/*
 * guest-flows: what guest-conntrack.sh needs besides a shell.
 *
 *   list PLAN                      prints the flows of this namespace that the plan would label:
 *                                  "PROTOCOL SOURCE SPORT DESTINATION DPORT DIRECTION LABEL
 *                                  sure|possible"
 *   reset PLAN                     the same, and the kernel forgets these flows; then prints
 *                                  "reset N, gone N, held N"
 *   echo tcp|udp ADDRESS PORT      sends each message back, for ever
 *   talk tcp|udp ADDRESS PORT      sends each line of standard input; prints it when it is back,
 *                                  else "no answer"
 *   without net_admin|audit_read|syslog|sys_admin COMMAND...
 *                                  runs the command without that capability
 */
#include <arpa/inet.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "advise/unlabeled_flows.h"
#include "base/err.h"
#include "host/conntrack.h"
#include "host/netlink.h"
#include "plan/lookup.h"
#include "plan/plan.h"
#include "util/diag.h"

#define UNLABELED "system_u:object_r:unlabeled_t:s0"
#define ANSWER_MS 3000

static int guest_flows_die(const char *what)
{
	fprintf(stderr, "guest-flows: %s\n", what);
	exit(1);
}

static void guest_flows_print(const struct unlabeled_flow *old)
{
	static const char *const dirs[] = {
		[FLOW_IN] = "in", [FLOW_OUT] = "out", [FLOW_FORWARD] = "forward"
	};
	const struct flow *f = &old->flow;
	char src[NET_STRLEN], dst[NET_STRLEN];

	printf("%s %s %u %s %u %s %s %s\n", proto_name(f->proto), net_format(&f->src, src),
	       f->sport, net_format(&f->dst, dst), f->dport, dirs[f->dir], old->line->label.text,
	       old->sure ? "sure" : "possible");
}

/* The same entry at another time: it must not be taken for this one. */
static void try_another_id(const struct unlabeled_flows *flows)
{
	struct conntrack_key key = flows->v[0].key;
	struct mnl_socket *nl;

	key.id++;
	if (netlink_open(NETLINK_NETFILTER, &nl))
		guest_flows_die("no netlink");
	printf("another id: %s\n", strerror(-conntrack_delete(nl, &key)));
	mnl_socket_close(nl);
}

static int find_flows(const char *path, bool reset)
{
	struct diag diag = { 0 };
	struct unlabeled_flows old;
	struct plan plan;
	struct err err;
	size_t i;
	int ret;

	if (plan_read(path, &plan, &diag))
		guest_flows_die("the plan has errors");
	ret = unlabeled_flows_find(&plan, UNLABELED, &old, &err);
	for (i = 0; i < old.n && !ret; i++)
		guest_flows_print(&old.v[i]);
	if (!ret && reset) {
		if (old.n)
			try_another_id(&old);
		ret = unlabeled_flows_reset(&old, &err);
		printf("reset %zu, gone %zu, held %zu\n", old.reset, old.gone, old.held);
	}
	if (ret)
		printf("%s (%s)\n", err.what, err.hint);
	unlabeled_flows_free(&old);
	plan_free(&plan);
	diag_free(&diag);
	return ret ? 1 : 0;
}

static struct addrinfo *resolve_address(char **words)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV }, *ai;

	hints.ai_socktype = !strcmp(words[0], "tcp") ? SOCK_STREAM : SOCK_DGRAM;
	if (getaddrinfo(words[1], words[2], &hints, &ai))
		guest_flows_die("no such address");
	return ai;
}

static int echo_server(const struct addrinfo *ai)
{
	int fd = socket(ai->ai_family, ai->ai_socktype, 0), one = 1;
	struct sockaddr_storage from;
	socklen_t size;
	char buf[256];
	ssize_t n;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, ai->ai_addr, ai->ai_addrlen))
		guest_flows_die("cannot bind");
	if (ai->ai_socktype == SOCK_STREAM) {
		if (listen(fd, 1) || (fd = accept(fd, NULL, NULL)) < 0)
			guest_flows_die("nobody comes");
	}
	for (;;) {
		size = sizeof(from);
		n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &size);
		if (n <= 0)
			return 0;
		sendto(fd, buf, n, 0,
		       ai->ai_socktype == SOCK_STREAM ? NULL : (struct sockaddr *)&from, size);
	}
}

static int talk_to_echo(const struct addrinfo *ai)
{
	int fd = socket(ai->ai_family, ai->ai_socktype, 0);
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char line[256], answer[256];
	ssize_t n;

	if (connect(fd, ai->ai_addr, ai->ai_addrlen))
		guest_flows_die("cannot connect");
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		n = -1;
		if (send(fd, line, strlen(line), 0) > 0 && poll(&wait, 1, ANSWER_MS) > 0)
			n = recv(fd, answer, sizeof(answer), 0);
		if (n > 0 && !strncmp(line, answer, n))
			printf("%.*s", (int)n, answer);
		else
			puts("no answer");
	}
	return 0;
}

static int run_without(const char *capability, char **command)
{
	static const struct {
		const char *name;
		int capability;
	} known[] = {
		{ "net_admin", CAP_NET_ADMIN },
		{ "audit_read", CAP_AUDIT_READ },
		{ "syslog", CAP_SYSLOG },
		{ "sys_admin", CAP_SYS_ADMIN },
	};
	size_t i, n = sizeof(known) / sizeof(known[0]);

	for (i = 0; i < n && strcmp(capability, known[i].name); i++)
		;
	if (i == n)
		return guest_flows_die("no such capability");
	if (prctl(PR_CAPBSET_DROP, known[i].capability) == 0)
		execvp(command[0], command);
	return guest_flows_die("the command does not start");
}

int main(int argc, char **argv)
{
	if (argc == 3 && (!strcmp(argv[1], "list") || !strcmp(argv[1], "reset")))
		return find_flows(argv[2], !strcmp(argv[1], "reset"));
	if (argc == 5 && !strcmp(argv[1], "echo"))
		return echo_server(resolve_address(argv + 2));
	if (argc == 5 && !strcmp(argv[1], "talk"))
		return talk_to_echo(resolve_address(argv + 2));
	if (argc >= 4 && !strcmp(argv[1], "without"))
		return run_without(argv[2], argv + 3);
	return guest_flows_die("list|reset PLAN, echo|talk tcp|udp ADDRESS PORT, "
			       "without CAPABILITY COMMAND");
}
