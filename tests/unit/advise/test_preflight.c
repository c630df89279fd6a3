// SPDX-License-Identifier: GPL-2.0-only
/* Which sockets a plan would cut off: each case is one socket of a machine that is made up. The
 * policy is that of who.cil. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "advise/access.h"
#include "advise/access_policy.h"
#include "advise/check.h"
#include "advise/preflight.h"
#include "base/err.h"
#include "host/conntrack.h"
#include "host/local_addresses.h"
#include "plan/plan.h"
#include "selinux/context.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"
#include "selinux/packet_perms.h"
#include "support/cpu_clock.h"
#include "util/buffer.h"
#include "util/diag.h"

#define HTTP "system_u:object_r:http_packet_t:s0"
#define UNLABELED "system_u:object_r:unlabeled_t:s0"

/* httpd_t may use http_packet_t and unlabeled_t, proxy_t outside_packet_t and unlabeled_t; both may
 * use every_packet_t, and so may user_t, which may not send without a label. guest_t may receive
 * http_packet_t, and a constraint keeps it from sending. trial_t is permissive. */
static struct socket_process processes[] = {
	{ .pid = 80,
	  .root = true,
	  .comm = "httpd",
	  .context = (char[]){ "system_u:system_r:httpd_t:s0" } },
	{ .pid = 22,
	  .root = true,
	  .comm = "sshd",
	  .context = (char[]){ "system_u:system_r:proxy_t:s0" } },
	{ .pid = 23,
	  .root = true,
	  .comm = "sshd",
	  .context = (char[]){ "system_u:system_r:httpd_t:s0" } },
	{ .pid = 5,
	  .root = false,
	  .comm = "sshd",
	  .context = (char[]){ "user_u:user_r:guest_t:s0" } },
	{ .pid = 6,
	  .root = false,
	  .comm = "try",
	  .context = (char[]){ "system_u:system_r:trial_t:s0" } },
	{ .pid = 7, .root = false, .comm = "lost", .context = NULL },
	{ .pid = 8,
	  .root = false,
	  .comm = "else",
	  .context = (char[]){ "user_u:user_r:absent_t:s0" } },
	{ .pid = 9, .comm = "user", .context = (char[]){ "user_u:user_r:user_t:s0" } },
	{ .pid = 10, .comm = "own", .context = (char[]){ "user_u:user_r:user_t:s0" } },
};

enum { HTTPD, SSHD, SSHD_OF_ADMIN, GUEST, TRIAL, LOST, ELSE, USER, OWN, NOBODY };

enum track { NEW, WITHOUT, LABELED };

struct socket_case {
	const char *plan;
	uint8_t proto;
	const char *local;
	uint16_t lport;
	const char *remote; /* NULL: it waits */
	uint16_t rport;
	int process;
	enum track track;
	const char *is; /* "" if nothing is cut */
};

static struct oracle *policy;
static struct access *rules;

static int preflight_policy(void **state)
{
	const char *folder = getenv("builddir");
	char path[512];
	struct err err;

	(void)state;
	snprintf(path, sizeof(path), "%s/who.pol", folder ? folder : ".");
	if (oracle_file_open(path, "the policy", &policy, &err))
		fail_msg("%s", err.what);
	return access_open(policy, &rules, &err);
}

static int preflight_policy_end(void **state)
{
	(void)state;
	access_close(rules);
	oracle_free(policy);
	return 0;
}

static struct net end_of(const char *text)
{
	struct net net = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };

	net.len = net_bits(net.family);
	assert_int_equal(inet_pton(net.family, text, net.addr), 1);
	if (!strcmp(text, "0.0.0.0") || !strcmp(text, "::"))
		net.len = 0;
	return net;
}

static struct host_socket socket_of(const struct socket_case *c)
{
	struct host_socket s = { .proto = c->proto,
				 .local = end_of(c->local),
				 .lport = c->lport,
				 .rport = c->rport,
				 .connected = c->remote,
				 .inode = 100 };

	s.remote = c->remote ? end_of(c->remote) : (struct net){ .family = s.local.family };
	s.raw = c->proto == IPPROTO_ICMP || c->proto == IPPROTO_RAW;
	s.both = !s.raw && !c->remote && s.local.family == AF_INET6 && !s.local.len;
	return s;
}

/* The other end began, if this end's port is none of a client. */
static void track(struct preflight_machine *m, const struct socket_case *c,
		  const struct host_socket *s)
{
	struct conntrack_tuple here = { s->proto, s->local, s->remote, s->lport, s->rport };
	struct conntrack_tuple there = { s->proto, s->remote, s->local, s->rport, s->lport };
	struct conntrack_entry e = { .orig = here,
				     .reply = there,
				     .secctx = c->track == LABELED ? HTTP : UNLABELED };

	if (s->lport < 32768) {
		e.orig = there;
		e.reply = here;
	}
	if (c->track != NEW)
		tracked_sockets_take(&m->tracked, &e);
}

/* The sockets do not move: what tracks them points to them. s: room for two; whoever accepts a
 * connection has the second one, which nobody owns. */
static void make_machine(const struct socket_case *c, struct host_socket *s,
			 struct socket_owner *owner, struct preflight_machine *m)
{
	static struct local_addresses local;
	static struct net own[3];
	static bool ruled[2] = { false, true };

	own[0] = end_of("192.0.2.1");
	own[1] = end_of("127.0.0.1");
	own[2] = end_of("2001:db8::1");
	local = (struct local_addresses){ .own = own, .n_own = 3 };
	s[0] = s[1] = socket_of(c);
	s[1].connected = false;
	s[1].inode = 101;
	*owner = (struct socket_owner){ .inode = 100, .process = c->process, .fd = 3 };
	*m = (struct preflight_machine){ .ruled = ruled, .local = &local };
	m->sockets = (struct host_sockets){ .v = s, .n = c->remote && c->lport < 32768 ? 2 : 1 };
	m->owners = (struct socket_owners){
		.v = owner, .n = c->process != NOBODY, .processes = processes, .proc = "/nowhere"
	};
	m->session = (struct login_session){ .processes = { 23, 10 }, .n = 2 };
	tracked_sockets_init(&m->tracked, &m->sockets, UNLABELED);
	track(m, c, s);
}

/* "login own partly: recv send http_packet_t by line 2" */
static char *cut_text(const struct preflight_cut *cut)
{
	static const char *const kinds[] = { "login", "listener", "connection" };
	static const char *const whys[] = { "by", "none", "older", "kept", "other" };
	struct context label;
	struct err ignored;
	size_t len;
	char *text;
	FILE *out = buffer_open(&text, &len);

	fprintf(out, "%s%s%s: ", kinds[cut->kind], cut->own ? " own" : "",
		cut->partly ? " partly" : "");
	packet_perms_print(cut->lacks, out);
	fprintf(out, " %s %s",
		context_parse(cut->label, &label, &ignored) ? cut->label : label.type,
		whys[cut->why]);
	if (cut->line)
		fprintf(out, " line %u", cut->line->pos.line);
	buffer_close(out);
	return text;
}

static void preflight_plan(const char *text, struct plan *plan)
{
	struct diag diag = { 0 };
	struct check check = { .oracle = policy, .diag = &diag };

	if (plan_parse("p.plan", text, strlen(text), plan, &diag) || check_plan(&check, plan))
		fail_msg("%s: %s", text, diag.v[0].what);
	diag_free(&diag);
}

static void judge_socket_case(const struct socket_case *c, bool reset, unsigned int place,
			      struct preflight *p, struct plan *plan)
{
	struct socket_owner owner;
	struct host_socket s[2];
	struct preflight_machine m;

	make_machine(c, s, &owner, &m);
	s[0].place = s[1].place = place;
	preflight_plan(c->plan, plan);
	*p = (struct preflight){
		.plan = plan, .access = rules, .unlabeled = UNLABELED, .reset_flows = reset
	};
	preflight_judge(p, &m);
	tracked_sockets_free(&m.tracked);
}

static void expect_cut(const struct socket_case *c, bool reset, const char *is)
{
	struct preflight p;
	struct plan plan;
	char *text;

	judge_socket_case(c, reset, 0, &p, &plan);
	text = p.n ? cut_text(&p.v[0]) : strdup("");
	if (p.n > 1 || strcmp(text, is))
		fail_msg("%s%s port %u, process %d: is '%s', want '%s'", c->plan, c->local,
			 c->lport, c->process, text, is);
	free(text);
	preflight_free(&p);
	plan_free(&plan);
}

static void expect_cuts(const struct socket_case *c, size_t n)
{
	for (; n; n--, c++)
		expect_cut(c, false, c->is);
}

#define EXPECT_CUTS(cases) expect_cuts(cases, sizeof(cases) / sizeof((cases)[0]))

#define TCP IPPROTO_TCP
#define UDP IPPROTO_UDP
#define ANY4 "0.0.0.0"
#define US "192.0.2.1"
#define THEM "198.51.100.7"
#define OUTSIDE "server outside_packet_t tcp 80\n"
#define PARTS                                            \
	"server every_packet_t tcp 80 from 10.0.0.0/8\n" \
	"server outside_packet_t tcp 80 on eth9\n"       \
	"server http_packet_t tcp 80\n"
#define CLIENT "client outside_packet_t tcp 443\n"
#define LO                              \
	"server http_packet_t tcp 80\n" \
	"client outside_packet_t tcp 80\n"

static void a_listener_needs_its_labels(void **state)
{
	static const struct socket_case cases[] = {
		{ OUTSIDE, TCP, ANY4, 80, NULL, 0, HTTPD, NEW,
		  "listener: recv send outside_packet_t by line 1" },
		{ OUTSIDE, TCP, ANY4, 80, NULL, 0, SSHD, NEW, "" },
		{ OUTSIDE, TCP, ANY4, 81, NULL, 0, HTTPD, NEW, "" },
		{ OUTSIDE, UDP, ANY4, 80, NULL, 0, HTTPD, NEW, "" },
		{ OUTSIDE, TCP, "::", 80, NULL, 0, HTTPD, NEW,
		  "listener: recv send outside_packet_t by line 1" },
		{ OUTSIDE, TCP, ANY4, 80, NULL, 0, TRIAL, NEW, "" },
		{ "server http_packet_t tcp 80\n", TCP, ANY4, 80, NULL, 0, GUEST, NEW,
		  "listener: send http_packet_t by line 1" },
		{ "default server outside_packet_t\n", UDP, ANY4, 53, NULL, 0, HTTPD, NEW,
		  "listener: recv send outside_packet_t by line 1" },
		/* guest_t may not send packets without a label */
		{ OUTSIDE, UDP, ANY4, 53, NULL, 0, GUEST, NEW, "listener: send unlabeled_t none" },
		/* some addresses and interfaces */
		{ PARTS, TCP, ANY4, 80, NULL, 0, HTTPD, NEW,
		  "listener partly: recv send outside_packet_t by line 2" },
		{ PARTS, TCP, ANY4, 80, NULL, 0, SSHD, NEW,
		  "listener partly: recv send http_packet_t by line 3" },
		{ "server outside_packet_t tcp 80 from 10.0.0.0/8\n", TCP, "::", 80, NULL, 0, HTTPD,
		  NEW, "listener partly: recv send outside_packet_t by line 1" },
		{ "server outside_packet_t tcp 80 to 192.0.2.2\n", TCP, US, 80, NULL, 0, HTTPD, NEW,
		  "" },
		{ "server outside_packet_t tcp 80 to 192.0.2.1\n", TCP, US, 80, NULL, 0, HTTPD, NEW,
		  "listener: recv send outside_packet_t by line 1" },
		/* a raw socket sends, too */
		{ "client outside_packet_t icmp\n", IPPROTO_ICMP, ANY4, 0, NULL, 0, HTTPD, NEW,
		  "listener partly: recv send outside_packet_t by line 1" },
	};

	(void)state;
	EXPECT_CUTS(cases);
}

static void a_connection_needs_its_label(void **state)
{
	static const struct socket_case cases[] = {
		{ CLIENT, TCP, US, 40000, THEM, 443, HTTPD, NEW,
		  "connection: recv send outside_packet_t by line 1" },
		{ CLIENT, TCP, US, 40000, THEM, 80, HTTPD, NEW, "" },
		{ OUTSIDE, TCP, US, 80, THEM, 40000, HTTPD, NEW,
		  "connection: recv send outside_packet_t by line 1" },
		{ "client outside_packet_t udp 53\n", UDP, US, 40000, THEM, 53, HTTPD, NEW,
		  "connection: recv send outside_packet_t by line 1" },
		{ "server outside_packet_t tcp 80 on eth9\n", TCP, US, 80, THEM, 40000, HTTPD, NEW,
		  "connection partly: recv send outside_packet_t by line 1" },
		/* nobody knows who began: TCP is looked up on both sides, others are a client's */
		{ "server outside_packet_t tcp 5000\n", TCP, US, 5000, THEM, 80, HTTPD, NEW,
		  "connection: recv send outside_packet_t by line 1" },
		{ "default server outside_packet_t\n", UDP, US, 40001, THEM, 40000, HTTPD, NEW,
		  "" },
		/* the connection keeps its label */
		{ OUTSIDE, TCP, US, 80, THEM, 40000, HTTPD, LABELED, "" },
		{ "server every_packet_t tcp 22\n", TCP, US, 22, THEM, 40000, SSHD, LABELED,
		  "login: recv send http_packet_t kept" },
		/* logins */
		{ "server http_packet_t tcp 22\n", TCP, US, 22, THEM, 40000, SSHD, NEW,
		  "login: recv send http_packet_t by line 1" },
		{ "server outside_packet_t tcp 22\n", TCP, US, 22, THEM, 40000, SSHD_OF_ADMIN, NEW,
		  "login own: recv send outside_packet_t by line 1" },
		{ "server http_packet_t tcp 22\n", TCP, US, 22, THEM, 40000, GUEST, NEW,
		  "connection: send http_packet_t by line 1" },
		{ "server outside_packet_t tcp 23\n", TCP, US, 23, THEM, 40000, OWN, NEW,
		  "login own: recv send outside_packet_t by line 1" },
		/* what sshd or the session have begun is no login, as for ssh -L */
		{ "client http_packet_t tcp 5432\n", TCP, US, 40000, THEM, 5432, SSHD, NEW,
		  "connection: recv send http_packet_t by line 1" },
		{ "client outside_packet_t tcp 443\n", TCP, US, 40000, THEM, 443, OWN, NEW,
		  "connection: recv send outside_packet_t by line 1" },
		/* a client of X11 that sshd serves */
		{ "server http_packet_t tcp 6010\n", TCP, "127.0.0.1", 6010, "127.0.0.1", 40000,
		  SSHD, NEW, "connection: recv send http_packet_t by line 1" },
		/* each end of loopback has its own line */
		{ LO, TCP, "127.0.0.1", 80, "127.0.0.1", 40000, HTTPD, NEW, "" },
		{ LO, TCP, "127.0.0.1", 80, "127.0.0.1", 40000, HTTPD, WITHOUT, "" },
		{ LO, TCP, "127.0.0.1", 80, "127.0.0.1", 40000, SSHD, LABELED,
		  "login: recv send http_packet_t by line 1" },
		{ LO, TCP, "127.0.0.1", 40000, "127.0.0.1", 80, HTTPD, NEW,
		  "connection: recv send outside_packet_t by line 2" },
		{ "server http_packet_t tcp 80 on eth9\nserver every_packet_t tcp 80 on lo\n", TCP,
		  "127.0.0.1", 80, "127.0.0.1", 40000, SSHD, NEW, "" },
	};

	(void)state;
	EXPECT_CUTS(cases);
}

static void what_is_older_than_the_rules_has_no_label(void **state)
{
	struct socket_case c = { OUTSIDE, TCP, US, 80, THEM, 40000, HTTPD, WITHOUT, "" };
	struct preflight p;
	struct plan plan;

	(void)state;
	expect_cut(&c, false, "");
	judge_socket_case(&c, false, 0, &p, &plan);
	assert_int_equal(p.older, 1);
	preflight_free(&p);
	plan_free(&plan);
	/* with a reset, its line counts */
	expect_cut(&c, true, "connection: recv send outside_packet_t by line 1");
	judge_socket_case(&c, true, 0, &p, &plan);
	assert_int_equal(p.older, 0);
	preflight_free(&p);
	plan_free(&plan);
	c.process = USER;
	c.plan = "server every_packet_t tcp 80\n";
	expect_cut(&c, false, "connection: send unlabeled_t older line 1");
	expect_cut(&c, true, "");
}

/* The policy does not have the type of the plan: its module will grant what the plan allows. */
static void a_type_of_the_plan_is_judged_by_what_the_plan_allows(void **state)
{
	static const char plan[] = "type new_packet_t\n"
				   "server new_packet_t tcp 80 allow proxy_t\n"
				   "server new_packet_t tcp 81 allow @unconfined\n";
	struct socket_case c = { plan, TCP, ANY4, 80, NULL, 0, HTTPD, NEW, "" };

	(void)state;
	expect_cut(&c, false, "listener: recv send new_packet_t by line 2");
	c.process = SSHD;
	expect_cut(&c, false, "");
	c.lport = 81;
	expect_cut(&c, false, "");
}

static void expect_login(struct socket_case *c, const char *remote, int process, bool is)
{
	struct preflight_machine m;
	struct socket_owner owner;
	struct host_socket s[2];
	struct preflight p;
	struct plan plan;

	c->remote = remote;
	c->rport = remote ? 40000 : 0;
	c->process = process;
	make_machine(c, s, &owner, &m);
	preflight_plan(c->plan, &plan);
	p = (struct preflight){
		.plan = &plan, .access = rules, .unlabeled = UNLABELED, .only_logins = true
	};
	preflight_judge(&p, &m);
	assert_int_equal(p.n, is);
	assert_int_equal(preflight_has_logins(&m), is && remote);
	preflight_free(&p);
	plan_free(&plan);
	tracked_sockets_free(&m.tracked);
}

/* What sshd listens at matters to logins, too. */
static void apply_asks_for_logins_only(void **state)
{
	struct socket_case c = { "server http_packet_t tcp 22\n"
				 "server outside_packet_t tcp 80\n",
				 TCP,
				 US,
				 22,
				 THEM,
				 40000,
				 SSHD,
				 NEW,
				 "" };

	(void)state;
	expect_login(&c, THEM, SSHD, true);
	expect_login(&c, NULL, SSHD, true);
	expect_login(&c, THEM, GUEST, false);
	expect_login(&c, NULL, GUEST, false);
}

enum { JUDGED, UNOWNED, UNKNOWN, UNAIMED, RULED };

static void expect_counts(const struct socket_case *c, unsigned int place, int which)
{
	struct preflight p;
	struct plan plan;

	judge_socket_case(c, false, place, &p, &plan);
	assert_int_equal(p.judged, which == JUDGED);
	assert_int_equal(p.unowned, which == UNOWNED);
	assert_int_equal(p.unknown, which == UNKNOWN);
	assert_int_equal(p.unaimed, which == UNAIMED);
	assert_int_equal(p.ruled, which == RULED);
	preflight_free(&p);
	plan_free(&plan);
}

static void what_is_not_judged_is_counted(void **state)
{
	struct socket_case c = { OUTSIDE, TCP, ANY4, 80, NULL, 0, SSHD, NEW, "" };

	(void)state;
	expect_counts(&c, 0, JUDGED);
	expect_counts(&c, 1, RULED);
	c.process = NOBODY;
	expect_counts(&c, 0, UNOWNED);
	c.process = LOST;
	expect_counts(&c, 0, UNKNOWN);
	c.process = ELSE;
	expect_counts(&c, 0, UNKNOWN);
	c = (struct socket_case){ OUTSIDE, UDP, ANY4, 40000, NULL, 0, SSHD, NEW, "" };
	expect_counts(&c, 0, UNAIMED);
	c = (struct socket_case){ OUTSIDE, IPPROTO_RAW, ANY4, 0, NULL, 0, SSHD, NEW, "" };
	expect_counts(&c, 0, UNAIMED);
}

static void another_namespace_has_no_labels(void **state)
{
	struct socket_case c = {
		"server every_packet_t tcp 80\n", TCP, ANY4, 80, NULL, 0, GUEST, NEW, ""
	};
	struct socket_owner owner;
	struct host_socket s[2];
	struct preflight_machine m;
	struct preflight p = { .access = rules, .unlabeled = UNLABELED };
	bool ruled[2] = { false, false };
	struct plan plan;
	char *text;

	(void)state;
	make_machine(&c, s, &owner, &m);
	preflight_plan(c.plan, &plan);
	p.plan = &plan;
	m.ruled = ruled;
	s[0].place = 1;
	preflight_judge(&p, &m);
	assert_int_equal(p.n, 1);
	text = cut_text(&p.v[0]);
	assert_string_equal(text, "listener: send unlabeled_t other");
	free(text);
	preflight_free(&p);
	plan_free(&plan);
	tracked_sockets_free(&m.tracked);
}

#define MANY 10000
#define MANY_LINES 1000

/* Half of them listen, each at its own port; the other half are connections of one server. */
static void make_many(struct host_socket *v, struct socket_owner *owner)
{
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		v[i] = (struct host_socket){ .proto = TCP,
					     .local = end_of(US),
					     .inode = i + 1,
					     .remote = end_of(THEM),
					     .connected = i % 2 };
		v[i].lport = i % 2 ? 80 : 1 + i;
		v[i].rport = i % 2 ? 32768 + i : 0;
		owner[i] = (struct socket_owner){ .inode = i + 1, .process = HTTPD };
	}
}

static void ten_thousand_sockets_take_no_time(void **state)
{
	const char *sanitized = getenv("SANITIZED");
	static struct socket_owner owners[MANY];
	static struct host_socket sockets[MANY];
	struct socket_case c = { "", TCP, ANY4, 80, NULL, 0, HTTPD, NEW, "" };
	struct preflight p = { .access = rules, .unlabeled = UNLABELED };
	struct socket_owner owner;
	struct preflight_machine m;
	struct host_socket s[2];
	double begun, ms;
	struct plan plan;
	unsigned int i;
	char *text;
	size_t len;
	FILE *out = buffer_open(&text, &len);

	(void)state;
	for (i = 0; i < MANY_LINES; i++)
		fprintf(out, "server outside_packet_t tcp %u from 10.%u.%u.0/24\n", 20000 + i,
			i / 256, i % 256);
	buffer_close(out);
	preflight_plan(text, &plan);
	p.plan = &plan;
	make_machine(&c, s, &owner, &m);
	tracked_sockets_free(&m.tracked);
	make_many(sockets, owners);
	m.sockets = (struct host_sockets){ .v = sockets, .n = MANY };
	m.owners.v = owners;
	m.owners.n = MANY;
	begun = cpu_clock_ms();
	tracked_sockets_init(&m.tracked, &m.sockets, UNLABELED);
	preflight_judge(&p, &m);
	ms = cpu_clock_ms() - begun;
	print_message("%d sockets, %d lines: %.0f ms\n", MANY, MANY_LINES, ms);
	assert_int_equal(p.judged, MANY);
	if (ms > (sanitized && *sanitized ? 10000 : 500))
		fail_msg("%.0f ms", ms);
	tracked_sockets_free(&m.tracked);
	preflight_free(&p);
	plan_free(&plan);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listener_needs_its_labels),
		cmocka_unit_test(a_connection_needs_its_label),
		cmocka_unit_test(what_is_older_than_the_rules_has_no_label),
		cmocka_unit_test(a_type_of_the_plan_is_judged_by_what_the_plan_allows),
		cmocka_unit_test(apply_asks_for_logins_only),
		cmocka_unit_test(what_is_not_judged_is_counted),
		cmocka_unit_test(another_namespace_has_no_labels),
		cmocka_unit_test(ten_thousand_sockets_take_no_time),
	};

	return cmocka_run_group_tests_name("preflight", tests, preflight_policy,
					   preflight_policy_end);
}
