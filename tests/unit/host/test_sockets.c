// SPDX-License-Identifier: GPL-2.0-only
/* Finds the sockets of this machine, the processes that have them, and the network namespaces.
 * Another /proc, in a folder, has what this machine does not. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "host/login_session.h"
#include "host/net_namespaces.h"
#include "host/netlink.h"
#include "host/socket_count.h"
#include "host/socket_owners.h"
#include "host/sockets.h"
#include "support/cpu_clock.h"

/* A message as the kernel writes it: inet_sk_diag_fill(), net/ipv4/inet_diag.c */
struct told {
	char buf[512];
	struct nlmsghdr *nlh;
	struct inet_diag_msg *m;
};

static void told_start(struct told *t, int family, int state, const char *src, uint16_t sport,
		       const char *dst, uint16_t dport)
{
	memset(t->buf, 0, sizeof(t->buf));
	t->nlh = mnl_nlmsg_put_header(t->buf);
	t->m = mnl_nlmsg_put_extra_header(t->nlh, sizeof(*t->m));
	t->m->idiag_family = family;
	t->m->idiag_state = state;
	t->m->idiag_inode = 7;
	t->m->id.idiag_sport = htons(sport);
	t->m->id.idiag_dport = htons(dport);
	assert_int_equal(inet_pton(family, src, t->m->id.idiag_src), 1);
	assert_int_equal(inet_pton(family, dst, t->m->id.idiag_dst), 1);
}

/* "raw 89 0.0.0.0/0:0 0.0.0.0/0:0 waits"; "none" if it is left out */
static const char *told_socket(const struct told *t, uint8_t proto)
{
	static char text[256];
	char local[NET_STRLEN], remote[NET_STRLEN];
	struct host_socket s;

	if (sockets_parse(t->nlh, proto, &s))
		return "none";
	snprintf(text, sizeof(text), "%s%d %s:%d %s:%d %s%s", s.raw ? "raw " : "", s.proto,
		 net_format(&s.local, local), s.lport, net_format(&s.remote, remote), s.rport,
		 s.connected ? "connected" : "waits", s.both ? " for both" : "");
	return text;
}

static void messages_are_read(void **state)
{
	static const struct {
		int family, state;
		uint8_t proto;
		const char *src;
		uint16_t sport;
		const char *dst;
		uint16_t dport;
		const char *is;
	} cases[] = {
		{ AF_INET, 10, 6, "0.0.0.0", 22, "0.0.0.0", 0, "6 0.0.0.0/0:22 0.0.0.0/0:0 waits" },
		{ AF_INET, 1, 6, "192.0.2.1", 22, "192.0.2.7", 40000,
		  "6 192.0.2.1:22 192.0.2.7:40000 connected" },
		{ AF_INET6, 10, 6, "::", 22, "::", 0, "6 ::/0:22 ::/0:0 waits for both" },
		{ AF_INET6, 10, 6, "2001:db8::1", 22, "::", 0, "6 2001:db8::1:22 ::/0:0 waits" },
		/* IPv4 on an IPv6 socket */
		{ AF_INET6, 1, 6, "::ffff:192.0.2.1", 22, "::ffff:192.0.2.7", 40000,
		  "6 192.0.2.1:22 192.0.2.7:40000 connected" },
		/* a TCP socket that neither listens nor talks has a port only */
		{ AF_INET, 7, 6, "0.0.0.0", 22, "0.0.0.0", 0, "none" },
		{ AF_INET, 7, 17, "0.0.0.0", 53, "0.0.0.0", 0,
		  "17 0.0.0.0/0:53 0.0.0.0/0:0 waits" },
		{ AF_INET, 1, 17, "192.0.2.1", 40000, "192.0.2.53", 53,
		  "17 192.0.2.1:40000 192.0.2.53:53 connected" },
		{ AF_INET, 7, 255, "0.0.0.0", 89, "0.0.0.0", 0,
		  "raw 89 0.0.0.0/0:0 0.0.0.0/0:0 waits" },
		{ AF_INET6, 7, 255, "::", 58, "2001:db8::1", 0,
		  "raw 58 ::/0:0 2001:db8::1:0 connected" },
	};
	struct told t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		told_start(&t, cases[i].family, cases[i].state, cases[i].src, cases[i].sport,
			   cases[i].dst, cases[i].dport);
		assert_string_equal(told_socket(&t, cases[i].proto), cases[i].is);
	}
	/* the program closed it, or has not accepted it yet */
	told_start(&t, AF_INET, 1, "192.0.2.1", 22, "192.0.2.7", 40000);
	t.m->idiag_inode = 0;
	assert_string_equal(told_socket(&t, 6), "none");
	told_start(&t, AF_INET, 1, "192.0.2.1", 22, "192.0.2.7", 40000);
	t.nlh->nlmsg_len -= 4;
	assert_string_equal(told_socket(&t, 6), "none");
	told_start(&t, AF_INET6, 10, "::", 22, "::", 0);
	mnl_attr_put_u8(t.nlh, INET_DIAG_SKV6ONLY, 1);
	assert_string_equal(told_socket(&t, 6), "6 ::/0:22 ::/0:0 waits");
}

/* Binds a socket to a free port of 127.0.0.1, and returns it. */
static int sockets_bind(int type, struct sockaddr_in *at)
{
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	*at = (struct sockaddr_in){ .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)at, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)at, &len), 0);
	return fd;
}

static uint32_t inode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_ino;
}

static const struct host_socket *find_socket(const struct host_sockets *list, int fd)
{
	uint32_t inode = inode_of(fd);
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->v[i].inode == inode)
			return &list->v[i];
	fail_msg("socket %d was not found among %zu", fd, list->n);
	return NULL;
}

static int take_sockets(void *arg, const struct net_namespace *ns, size_t number)
{
	struct err err;

	(void)ns;
	return number ? 0 : sockets_read(arg, number, &err);
}

static void own_sockets_are_found(void **state)
{
	struct sockaddr_in tcp, udp;
	int server = sockets_bind(SOCK_STREAM, &tcp), bound = sockets_bind(SOCK_DGRAM, &udp);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), child;
	struct net_namespaces namespaces;
	struct host_sockets list = { 0 };
	const struct host_socket *s;

	(void)state;
	assert_int_equal(listen(server, 8), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&tcp, sizeof(tcp)), 0);
	child = accept(server, NULL, NULL);
	assert_true(child >= 0);
	net_namespaces_find("/proc", "/run/netns", &namespaces);
	net_namespaces_visit(&namespaces, take_sockets, &list);
	assert_int_equal(namespaces.v[0].error, 0);
	assert_int_equal(namespaces.v[0].pid, getpid());
	s = find_socket(&list, server);
	assert_false(s->connected);
	assert_int_equal(s->lport, ntohs(tcp.sin_port));
	s = find_socket(&list, client);
	assert_true(s->connected);
	assert_int_equal(s->rport, ntohs(tcp.sin_port));
	s = find_socket(&list, child);
	assert_int_equal(s->lport, ntohs(tcp.sin_port));
	s = find_socket(&list, bound);
	assert_int_equal(s->proto, IPPROTO_UDP);
	assert_int_equal(s->lport, ntohs(udp.sin_port));
	sockets_free(&list);
	net_namespaces_free(&namespaces);
	close(server);
	close(bound);
	close(client);
	close(child);
}

static char proc[64];

/* Writes a file of the other /proc, and its folders. */
static void put_file(const char *path, const char *text)
{
	char whole[256], *slash;
	FILE *out;

	snprintf(whole, sizeof(whole), "%s/%s", proc, path);
	for (slash = whole + strlen(proc) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		assert_true(!mkdir(whole, 0700) || errno == EEXIST);
		*slash = '/';
	}
	out = fopen(whole, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void put_link(const char *path, const char *target)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "%s/%s", proc, path);
	assert_int_equal(symlink(target, whole), 0);
}

/* sshd with its listening socket and a connection, the process of its user, who calls another one
 * sshd, and two that cannot be looked into */
static int make_proc(void **state)
{
	(void)state;
	snprintf(proc, sizeof(proc), "/tmp/secmark2-proc-XXXXXX");
	assert_non_null(mkdtemp(proc));
	put_file("10/status", "Name:\tsshd\nPPid:\t1\nUid:\t0\t0\t0\t0\n");
	put_file("10/comm", "sshd\n");
	put_file("10/attr/current", "system_u:system_r:sshd_t:s0");
	put_file("10/fd/0", "");
	put_link("10/fd/3", "socket:[100]");
	put_file("11/status", "Name:\tsshd\nPPid:\t10\nUid:\t0\t0\t0\t0\n");
	put_file("11/comm", "sshd\n");
	put_file("11/attr/current", "system_u:system_r:sshd_t:s0");
	put_file("11/fd/x", "");
	put_link("11/fd/4", "socket:[101]");
	put_file("12/status", "Name:\tsshd\nPPid:\t11\nUid:\t1000\t1000\t1000\t1000\n");
	put_file("12/comm", "sshd\n");
	put_file("12/attr/current", "unconfined");
	put_file("12/fd/x", "");
	put_link("12/fd/5", "socket:[101]");
	put_link("12/fd/6", "socket:[102]");
	put_link("12/fd/7", "pipe:[103]");
	put_file("13/fd", "no folder");
	put_file("14/ns/net", "");
	put_file("15/ns", "no folder");
	return 0;
}

static int remove_proc(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r '%s'", proc);
	/* NOLINTNEXTLINE(cert-env33-c): a folder of our own */
	return system(command);
}

/* As the kernel writes it, without the columns of which nobody asks */
static void sockets_are_counted(void **state)
{
	char path[128];

	(void)state;
	put_file("net/protocols", "protocol  size sockets  memory press maxhdr  slab module\n"
				  "RAWv6     1344      2      -1   NI       0   yes  kernel\n"
				  "UDPLITEv6 1472      0       0   NI       0   yes  kernel\n"
				  "UDPv6     1472      7       0   NI       0   yes  kernel\n"
				  "UDP-Lite  1344      3       0   NI       0   yes  kernel\n"
				  "UDP       1344     12       0   NI       0   yes  kernel\n");
	snprintf(path, sizeof(path), "%s/net/protocols", proc);
	assert_int_equal(socket_count(path, "UDP"), 12);
	assert_int_equal(socket_count(path, "UDPv6"), 7);
	assert_int_equal(socket_count(path, "UDP-Lite"), 3);
	assert_int_equal(socket_count(path, "UDPLITEv6"), 0);
	assert_int_equal(socket_count(path, "RAW"), 0);
	assert_int_equal(socket_count(path, "RAWv6"), 2);
	assert_int_equal(socket_count("/nonexistent", "UDP"), 0);
}

static void owners_are_found(void **state)
{
	const struct socket_owner *owner;
	struct socket_owners o;
	char *label;
	size_t n;

	(void)state;
	socket_owners_read(proc, &o);
	assert_int_equal(o.n, 4);
	assert_int_equal(o.hidden, 1);
	owner = socket_owners_find(&o, 100, &n);
	assert_int_equal(n, 1);
	assert_int_equal(o.processes[owner->process].pid, 10);
	assert_true(o.processes[owner->process].root);
	assert_string_equal(o.processes[owner->process].comm, "sshd");
	/* the socket is gone: the domain of the process is the best guess */
	label = socket_owners_label(&o, owner);
	assert_string_equal(label, "system_u:system_r:sshd_t:s0");
	free(label);
	owner = socket_owners_find(&o, 101, &n);
	assert_non_null(owner);
	assert_int_equal(n, 2);
	owner = socket_owners_find(&o, 102, &n);
	assert_int_equal(n, 1);
	assert_false(o.processes[owner->process].root);
	/* not a context: there is no policy */
	assert_null(socket_owners_label(&o, owner));
	assert_null(socket_owners_find(&o, 103, &n));
	assert_int_equal(n, 0);
	assert_int_equal(socket_owners_parent(proc, 12), 11);
	assert_int_equal(socket_owners_parent(proc, 99), 0);
	socket_owners_free(&o);
}

static void logins_are_told(void **state)
{
	struct login_session session = { .processes = { 11 }, .n = 1 };
	struct host_socket s = { .proto = IPPROTO_TCP, .connected = true };
	const struct socket_owner *owner;
	struct socket_owners o;
	size_t n;

	(void)state;
	socket_owners_read(proc, &o);
	owner = socket_owners_find(&o, 101, &n);
	assert_true(login_is_sshd(&o, owner, n));
	assert_true(login_session_has(&session, &s, &o, owner, n));
	/* its user cannot claim that another connection is one */
	owner = socket_owners_find(&o, 102, &n);
	assert_false(login_is_sshd(&o, owner, n));
	assert_false(login_session_has(&session, &s, &o, owner, n));
	/* a listening socket is nobody's login */
	s.connected = false;
	owner = socket_owners_find(&o, 101, &n);
	assert_false(login_session_has(&session, &s, &o, owner, n));
	socket_owners_free(&o);
}

static void the_port_of_a_session_is_found(void **state)
{
	struct login_session session = { .processes = { 11 }, .n = 1 };
	/* 101 is of process 11, and 102 is not */
	struct host_socket v[] = {
		{ .proto = IPPROTO_TCP, .connected = true, .lport = 21, .inode = 102 },
		{ .proto = IPPROTO_TCP, .connected = true, .lport = 40000, .inode = 101 },
		{ .proto = IPPROTO_TCP, .connected = true, .lport = 2222, .inode = 101 },
		{ .proto = IPPROTO_TCP, .lport = 21 },
		{ .proto = IPPROTO_UDP, .lport = 40000 },
		{ .proto = IPPROTO_TCP, .raw = true, .lport = 40000 },
		{ .proto = IPPROTO_TCP, .lport = 2222 },
	};
	struct host_sockets sockets = { .v = v, .n = sizeof(v) / sizeof(v[0]) };
	struct socket_owners o;

	(void)state;
	socket_owners_read(proc, &o);
	assert_int_equal(login_session_port(&session, &sockets, &o), 2222);
	/* nobody waits at it */
	sockets.n--;
	assert_int_equal(login_session_port(&session, &sockets, &o), 0);
	sockets.n++;
	session.processes[0] = 99;
	assert_int_equal(login_session_port(&session, &sockets, &o), 0);
	login_session_parse("192.0.2.7 40000 192.0.2.1 2200", &session);
	assert_int_equal(login_session_port(&session, &sockets, &o), 2200);
	socket_owners_free(&o);
}

static void ssh_connection_is_read(void **state)
{
	struct host_socket s = {
		.proto = IPPROTO_TCP, .connected = true, .lport = 22, .rport = 40000
	};
	struct login_session session = { .n = 0 };
	struct err err;

	(void)state;
	net_parse("2001:db8::1", &s.local, &err);
	net_parse("2001:db8::7", &s.remote, &err);
	login_session_parse("2001:db8::7 40000 2001:db8::1 22", &session);
	assert_true(login_session_has(&session, &s, NULL, NULL, 0));
	s.rport++;
	assert_false(login_session_has(&session, &s, NULL, NULL, 0));
	s.rport--;
	login_session_parse("2001:db8::7 40000 2001:db8::1 65558", &session);
	assert_false(login_session_has(&session, &s, NULL, NULL, 0));
	login_session_parse("2001:db8::7 40000 2001:db8::2 22", &session);
	assert_false(login_session_has(&session, &s, NULL, NULL, 0));
	login_session_parse("UNKNOWN 65535 UNKNOWN 65535", &session);
	assert_int_equal(session.here.family, 0);
	login_session_parse(NULL, &session);
	assert_int_equal(session.here.family, 0);
}

static void namespaces_are_found(void **state)
{
	struct net_namespaces list;
	char run[128];

	(void)state;
	/* a name whose namespace is gone is a file like others */
	put_file("netns/gone", "");
	/* and a device is none, which would do something if it were opened */
	put_link("netns/device", "/dev/null");
	snprintf(run, sizeof(run), "%s/netns", proc);
	net_namespaces_find(proc, run, &list);
	assert_int_equal(list.n, 2);
	net_namespaces_free(&list);
	/* nor is a file of another file system than the own namespace's */
	put_file("self/ns/net", "");
	put_link("netns/file", "/proc/version");
	put_link("netns/nothing", "/nonexistent");
	net_namespaces_find(proc, run, &list);
	assert_int_equal(list.n, 2);
	assert_null(list.v[0].path);
	assert_int_equal(list.v[0].pid, getpid());
	assert_int_equal(list.v[1].pid, 14);
	assert_int_equal(list.hidden, 1);
	net_namespaces_free(&list);
}

static int visit_nobody(void *arg, const struct net_namespace *ns, size_t number)
{
	(void)arg;
	(void)ns;
	return number ? -EBADMSG : 0;
}

/* Opening it would wait for a writer. */
static void a_fifo_is_no_namespace(void **state)
{
	struct net_namespaces list;
	char fifo[128];

	(void)state;
	snprintf(fifo, sizeof(fifo), "%s/fifo", proc);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	net_namespaces_find(proc, "/nonexistent", &list);
	assert_int_equal(list.n, 2);
	free(list.v[1].path);
	list.v[1].path = strdup(fifo);
	net_namespaces_visit(&list, visit_nobody, NULL);
	assert_int_equal(list.v[0].error, 0);
	assert_int_equal(list.v[1].error, -ESRCH);
	net_namespaces_free(&list);
}

static int visit_fails(void *arg, const struct net_namespace *ns, size_t number)
{
	(void)arg;
	(void)ns;
	(void)number;
	return -EINVAL;
}

/* Somebody may mount any namespace in /run/netns. A visit may fail with the same error. */
static void another_kind_of_namespace_is_told_from_a_failure(void **state)
{
	struct net_namespaces list = { 0 };
	struct stat st;

	(void)state;
	net_namespaces_find(proc, "/nonexistent", &list);
	assert_int_equal(list.n, 2);
	free(list.v[1].path);
	list.v[1].path = strdup("/proc/self/ns/uts");
	assert_int_equal(stat(list.v[1].path, &st), 0);
	list.v[1].dev = st.st_dev;
	list.v[1].ino = st.st_ino;
	net_namespaces_visit(&list, visit_fails, NULL);
	assert_int_equal(list.v[0].error, -EINVAL);
	assert_false(list.v[0].other_kind);
	assert_int_equal(list.v[1].error, -EINVAL);
	assert_true(list.v[1].other_kind);
	net_namespaces_free(&list);
}

#define MANY 10000

static void ten_thousand_sockets_take_no_second(void **state)
{
	const char *sanitized = getenv("SANITIZED");
	struct host_sockets list = { 0 };
	struct socket_owners o;
	struct rlimit limit;
	struct sockaddr_in at;
	double begun, ms;
	struct err err;
	size_t n;
	int i, *fd;

	(void)state;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = MANY + 64;
	if (limit.rlim_max < limit.rlim_cur || setrlimit(RLIMIT_NOFILE, &limit))
		skip();
	fd = calloc(MANY, sizeof(*fd));
	assert_non_null(fd);
	for (i = 0; i < MANY; i++)
		fd[i] = sockets_bind(SOCK_DGRAM, &at);
	begun = cpu_clock_ms();
	assert_int_equal(sockets_read(&list, 0, &err), 0);
	socket_owners_read("/proc", &o);
	for (i = 0; i < MANY; i++)
		free(socket_owners_label(&o, socket_owners_find(&o, inode_of(fd[i]), &n)));
	ms = cpu_clock_ms() - begun;
	print_message("%d sockets: %.0f ms\n", MANY, ms);
	assert_true(list.n >= MANY);
	assert_true(o.n >= MANY);
	if (ms > (sanitized && *sanitized ? 20000 : 1000))
		fail_msg("%.0f ms", ms);
	for (i = 0; i < MANY; i++)
		close(fd[i]);
	free(fd);
	socket_owners_free(&o);
	sockets_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_read),
		cmocka_unit_test(own_sockets_are_found),
		cmocka_unit_test_setup_teardown(sockets_are_counted, make_proc, remove_proc),
		cmocka_unit_test_setup_teardown(owners_are_found, make_proc, remove_proc),
		cmocka_unit_test_setup_teardown(logins_are_told, make_proc, remove_proc),
		cmocka_unit_test_setup_teardown(the_port_of_a_session_is_found, make_proc,
						remove_proc),
		cmocka_unit_test(ssh_connection_is_read),
		cmocka_unit_test_setup_teardown(namespaces_are_found, make_proc, remove_proc),
		cmocka_unit_test_setup_teardown(a_fifo_is_no_namespace, make_proc, remove_proc),
		cmocka_unit_test_setup_teardown(another_kind_of_namespace_is_told_from_a_failure,
						make_proc, remove_proc),
		cmocka_unit_test(ten_thousand_sockets_take_no_second),
	};

	return cmocka_run_group_tests_name("sockets", tests, NULL, NULL);
}
