// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which packet gets its label from where: one row for each kind of packet, hook and interface, with
 * the label by both forms of rules. The ports of the packets and of the plan are such that each
 * tree of ports gives another label, so the label tells which tree the packet reached.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "compile/compile.h"
#include "compile/dispatch.h"
#include "packet/net.h"
#include "plan/plan.h"
#include "support/random_plan.h"
#include "support/simulated_packet.h"
#include "util/diag.h"
#include "xtables/chain.h"
#include "xtables/hooks.h"
#include "xtables/port_tree.h"

#define SPORT 1002
#define DPORT 1001
#define FTP_DATA 20
#define UNLISTED_PORT 1000

/* Trees by the destination's port find 1001, trees by the source's find 1002. The kernel gives 1000
 * and 1001 to clients. If a packet goes to a server, it is the other way round. */
static const char lines[] = "server server_in_t tcp 1001\n"
			    "server server_out_t tcp 1002\n"
			    "server ftp_server_t tcp 21\n"
			    "client client_out_t tcp 1001\n"
			    "client client_in_t tcp 1002\n"
			    "client ftp_client_t tcp 21\n"
			    "forward forward_t tcp 1001\n"
			    "forward forward_back_t tcp 1002\n"
			    "forward ftp_forward_t tcp 21\n";

/* Labels that no tree gives */
#define CONNECTION "system_u:object_r:connection_t:s0"
#define BROUGHT "system_u:object_r:brought_t:s0"

/* What a packet is to its connection. */
struct kind {
	enum chain_state state;
	bool reply;
	bool stray;     /* TCP without SYN */
	bool old;       /* its connection is older than the rules, and has no label */
	bool local;     /* its address is this host's */
	bool ftp;       /* FTP's helper expected its connection */
	bool active;    /* the server opened that, from port 20 */
	bool several;   /* its address is a multicast group's */
	bool to_server; /* its port tells that it goes to a server */
	bool unlisted;  /* no line is for its destination's port */
};

#define NEW .state = CHAIN_NEW
#define KNOWN .state = CHAIN_ESTABLISHED
#define REPLY .state = CHAIN_ESTABLISHED, .reply = true
#define NONE .state = CHAIN_INVALID
#define UNTRACKED .state = CHAIN_UNTRACKED
#define RELATED .state = CHAIN_RELATED
#define STRAY .stray = true
#define OLD .old = true
#define LOCAL .local = true
#define FTP .ftp = true
#define ACTIVE .ftp = true, .active = true
#define MULTICAST .several = true
#define TO_SERVER .to_server = true
#define UNLISTED .unlisted = true

/* Where labels come from, in place of a type */
static const char connection[] = "(connection)";
static const char unlabeled[] = "(unlabeled)";
static const char unlabeled_saved[] = "(unlabeled, saved)"; /* its connection, too */
static const char kept[] = "(kept)";                        /* what the packet brought */

static const struct expected {
	const char *hook, *iface;
	struct kind kind;
	const char *module, *stock;
} with_lo[] = {
	/* eth0 is fast: no packet on it brings a label */
	{ "INPUT", "eth0", { NEW }, "server_in_t", "server_in_t" },
	{ "INPUT", "eth0", { NEW, STRAY }, "server_in_t", "server_in_t" },
	{ "INPUT", "eth0", { KNOWN }, connection, connection },
	{ "INPUT", "eth0", { KNOWN, OLD }, unlabeled, unlabeled },
	{ "INPUT", "eth0", { REPLY }, connection, connection },
	{ "INPUT", "eth0", { REPLY, OLD }, unlabeled, unlabeled },
	{ "INPUT", "eth0", { RELATED, FTP }, connection, connection },
	{ "INPUT", "eth0", { NONE }, "server_in_t", "server_in_t" },
	{ "INPUT", "eth0", { UNTRACKED }, "server_in_t", "server_in_t" },
	/* eth1 is not */
	{ "INPUT", "eth1", { NEW }, "server_in_t", "server_in_t" },
	{ "INPUT", "eth1", { NEW, STRAY }, "server_in_t", "server_in_t" },
	{ "INPUT", "eth1", { KNOWN }, connection, "server_in_t" },
	{ "INPUT", "eth1", { KNOWN, OLD }, unlabeled, "server_in_t" },
	{ "INPUT", "eth1", { REPLY }, connection, "server_in_t" },
	{ "INPUT", "eth1", { REPLY, UNLISTED }, connection, "client_in_t" },
	{ "INPUT", "eth1", { REPLY, OLD }, unlabeled, "server_in_t" },
	{ "INPUT", "eth1", { REPLY, UNLISTED, OLD }, unlabeled, "client_in_t" },
	{ "INPUT", "eth1", { REPLY, TO_SERVER }, connection, "server_out_t" },
	{ "INPUT", "eth1", { RELATED, FTP }, connection, "ftp_server_t" },
	{ "INPUT", "eth1", { RELATED, ACTIVE }, connection, "ftp_client_t" },
	{ "INPUT", "eth1", { REPLY, FTP }, connection, "ftp_client_t" },
	{ "INPUT", "eth1", { REPLY, ACTIVE }, connection, "ftp_server_t" },
	{ "INPUT", "eth1", { NONE }, "server_in_t", "server_in_t" },
	{ "INPUT", "eth1", { UNTRACKED }, "server_in_t", "server_in_t" },
	/* over lo a packet comes with the label that it left with */
	{ "INPUT", "lo", { NEW }, "server_in_t", "server_in_t" },
	{ "INPUT", "lo", { NEW, STRAY }, "server_in_t", "server_in_t" },
	{ "INPUT", "lo", { KNOWN }, "server_in_t", "server_in_t" },
	{ "INPUT", "lo", { KNOWN, OLD }, "server_in_t", "server_in_t" },
	{ "INPUT", "lo", { REPLY }, connection, "server_in_t" },
	{ "INPUT", "lo", { REPLY, UNLISTED }, connection, "client_in_t" },
	{ "INPUT", "lo", { REPLY, OLD }, unlabeled, "server_in_t" },
	{ "INPUT", "lo", { REPLY, UNLISTED, OLD }, unlabeled, "client_in_t" },
	{ "INPUT", "lo", { REPLY, TO_SERVER }, connection, "server_out_t" },
	{ "INPUT", "lo", { RELATED, FTP }, "ftp_server_t", "ftp_server_t" },
	{ "INPUT", "lo", { RELATED, ACTIVE }, "ftp_client_t", "ftp_client_t" },
	{ "INPUT", "lo", { REPLY, FTP }, connection, "ftp_client_t" },
	{ "INPUT", "lo", { REPLY, ACTIVE }, connection, "ftp_server_t" },
	{ "INPUT", "lo", { NONE }, "server_in_t", "server_in_t" },

	{ "OUTPUT", "eth0", { NEW }, "client_out_t", "client_out_t" },
	{ "OUTPUT", "eth0", { NEW, STRAY }, "server_out_t", "server_out_t" },
	{ "OUTPUT", "eth0", { KNOWN }, connection, connection },
	{ "OUTPUT", "eth0", { KNOWN, OLD }, unlabeled, unlabeled },
	{ "OUTPUT", "eth0", { REPLY }, connection, connection },
	{ "OUTPUT", "eth0", { REPLY, OLD }, unlabeled, unlabeled },
	{ "OUTPUT", "eth0", { RELATED, ACTIVE }, connection, connection },
	{ "OUTPUT", "eth0", { NONE }, "server_out_t", "server_out_t" },
	{ "OUTPUT", "eth0", { UNTRACKED }, "server_out_t", "server_out_t" },
	{ "OUTPUT", "lo", { NEW }, "client_out_t", "client_out_t" },
	{ "OUTPUT", "lo", { NEW, STRAY }, "server_out_t", "server_out_t" },
	{ "OUTPUT", "lo", { KNOWN }, connection, connection },
	{ "OUTPUT", "lo", { KNOWN, OLD }, unlabeled_saved, unlabeled },
	{ "OUTPUT", "lo", { REPLY }, "server_out_t", "server_out_t" },
	{ "OUTPUT", "lo", { REPLY, OLD }, "server_out_t", "server_out_t" },
	{ "OUTPUT", "lo", { RELATED, FTP }, connection, connection },
	{ "OUTPUT", "lo", { REPLY, FTP }, "ftp_server_t", "ftp_server_t" },
	{ "OUTPUT", "lo", { REPLY, ACTIVE }, "ftp_client_t", "ftp_client_t" },
	{ "OUTPUT", "lo", { NONE }, "server_out_t", "server_out_t" },

	{ "PREROUTING", "eth0", { NEW }, "forward_t", "forward_t" },
	{ "PREROUTING", "eth0", { NEW, STRAY }, "forward_t", "forward_t" },
	{ "PREROUTING", "eth0", { KNOWN }, connection, connection },
	{ "PREROUTING", "eth0", { KNOWN, OLD }, unlabeled, unlabeled },
	{ "PREROUTING", "eth0", { REPLY }, connection, connection },
	{ "PREROUTING", "eth0", { REPLY, OLD }, unlabeled, unlabeled },
	{ "PREROUTING", "eth0", { NONE }, "forward_t", "forward_t" },
	{ "PREROUTING", "eth0", { NEW, LOCAL }, unlabeled, unlabeled },
	{ "PREROUTING", "eth0", { KNOWN, LOCAL }, connection, connection },
	{ "PREROUTING", "eth0", { REPLY, LOCAL }, connection, connection },
	{ "PREROUTING", "eth1", { NEW }, "forward_t", "forward_t" },
	{ "PREROUTING", "eth1", { KNOWN }, connection, "forward_t" },
	{ "PREROUTING", "eth1", { KNOWN, OLD }, unlabeled, "forward_t" },
	{ "PREROUTING", "eth1", { REPLY }, connection, "forward_back_t" },
	{ "PREROUTING", "eth1", { REPLY, OLD }, unlabeled, "forward_back_t" },
	{ "PREROUTING", "eth1", { REPLY, TO_SERVER }, connection, "forward_back_t" },
	{ "PREROUTING", "eth1", { RELATED, FTP }, connection, "ftp_forward_t" },
	{ "PREROUTING", "eth1", { REPLY, ACTIVE }, connection, "ftp_forward_t" },
	{ "PREROUTING", "eth1", { NONE }, "forward_t", "forward_t" },
	{ "PREROUTING", "eth1", { NEW, LOCAL }, unlabeled, unlabeled },
	{ "PREROUTING", "eth1", { KNOWN, OLD, LOCAL }, kept, kept },
	{ "PREROUTING", "eth1", { NONE, LOCAL }, kept, kept },
	{ "PREROUTING", "eth1", { NEW, MULTICAST }, kept, kept },
	{ "PREROUTING", "lo", { KNOWN, LOCAL }, kept, kept },
	{ "PREROUTING", "lo", { NONE, LOCAL }, kept, kept },
};

/* "loopback no": lo is as a fast interface, and each packet has one end here */
static const struct expected without_lo[] = {
	{ "INPUT", "lo", { NEW }, "server_in_t", "server_in_t" },
	{ "INPUT", "lo", { KNOWN }, connection, connection },
	{ "INPUT", "lo", { KNOWN, OLD }, unlabeled, unlabeled },
	{ "INPUT", "lo", { REPLY }, connection, connection },
	{ "INPUT", "lo", { REPLY, OLD }, unlabeled, unlabeled },
	{ "INPUT", "lo", { NONE }, "server_in_t", "server_in_t" },
	{ "INPUT", "eth1", { KNOWN }, connection, "server_in_t" },
	{ "INPUT", "eth1", { REPLY }, connection, "server_in_t" },
	{ "INPUT", "eth1", { REPLY, UNLISTED }, connection, "client_in_t" },
	{ "OUTPUT", "lo", { NEW }, "client_out_t", "client_out_t" },
	{ "OUTPUT", "lo", { NEW, STRAY }, "server_out_t", "server_out_t" },
	{ "OUTPUT", "lo", { KNOWN }, connection, connection },
	{ "OUTPUT", "lo", { KNOWN, OLD }, unlabeled, unlabeled },
	{ "OUTPUT", "lo", { REPLY }, connection, connection },
	{ "OUTPUT", "lo", { REPLY, OLD }, unlabeled, unlabeled },
	{ "OUTPUT", "lo", { NONE }, "server_out_t", "server_out_t" },
	{ "PREROUTING", "lo", { NEW, LOCAL }, unlabeled, unlabeled },
	{ "PREROUTING", "lo", { KNOWN }, unlabeled, kept },
};

static bool can_bring(const struct expected *e, bool loopback)
{
	return strcmp(e->hook, "OUTPUT") && strcmp(e->iface, "eth0") &&
	       (loopback || strcmp(e->iface, "lo"));
}

static struct simulated_packet packet_of_kind(const struct expected *e, struct simulated_conn *conn,
					      int family)
{
	const struct kind *k = &e->kind;
	struct simulated_packet p = {
		.conn = k->state & CHAIN_CONNECTIONLESS ? NULL : conn,
		.state = k->state,
		.reply = k->reply,
		.src = { .family = family, .len = net_bits(family) },
		.dst = { .family = family,
			 .len = net_bits(family),
			 .addr = { k->several ? 0xff : 0x20 } },
		.sport = k->active && !k->reply ? FTP_DATA :
			 k->to_server           ? DPORT :
						  SPORT,
		.dport = k->active && k->reply ? FTP_DATA :
			 k->to_server          ? SPORT :
			 k->unlisted           ? UNLISTED_PORT :
						 DPORT,
		.proto = IPPROTO_TCP,
		.syn = k->state == CHAIN_NEW && !k->stray,
		.local = k->local,
	};

	*conn = (struct simulated_conn){
		.label = k->old || k->state == CHAIN_NEW ? NULL : CONNECTION,
		.expected_by = k->ftp ? "ftp" : NULL,
	};
	strcpy(strcmp(e->hook, "OUTPUT") ? p.in : p.out, e->iface);
	return p;
}

/* The label that a row means. */
static const char *hook_table_label(char *buf, size_t size, const char *from, const char *brought)
{
	if (from == connection)
		return CONNECTION;
	if (from == kept && brought)
		return brought;
	if (from == kept || from == unlabeled || from == unlabeled_saved)
		return SIMULATED_UNLABELED;
	snprintf(buf, size, "system_u:object_r:%s:s0", from);
	return buf;
}

static void expect_label(const struct chain_set *set, const struct expected *e, bool module,
			 const char *brought)
{
	struct simulated_conn conn;
	struct simulated_packet p = packet_of_kind(e, &conn, set->family);
	const char *from = module ? e->module : e->stock, *label, *have;
	char buf[128];

	p.label = brought;
	label = hook_table_label(buf, sizeof(buf), from, brought);
	have = simulated_packet_through(set, e->hook, &p);
	if (strcmp(have, label))
		fail_msg("%s %s, row %s, %s, state %d%s: %s", e->hook, e->iface, from,
			 module ? "module" : "stock", e->kind.state, brought ? ", labeled" : "",
			 have);
	/* what a tree says of a new connection is saved */
	if (from == unlabeled_saved || (e->kind.state == CHAIN_NEW && from[0] != '('))
		assert_string_equal(conn.label, label);
	else if (e->kind.old && (from == unlabeled || !module))
		assert_null(conn.label);
}

static void check_rows(const struct expected *rows, size_t n, const char *text)
{
	static const char fast[][IFNAMSIZ] = { "eth0" };
	struct diag diag = { 0 };
	struct chain_set set;
	struct dispatch d;
	struct plan plan;
	struct err err;
	unsigned int i;
	size_t row;

	plan_of(text, strlen(text), &plan);
	plan.client_ports = (struct port_range){ UNLISTED_PORT, DPORT };
	assert_int_equal(compile(&plan, &d, &err), 0);
	for (i = 0; i < 16; i++) {
		struct xt_opts opts = {
			.module = i & 1,
			.accept = i & 2,
			.nft = i & 4,
			.unlabeled = SIMULATED_UNLABELED,
			.fast = fast,
			.n_fast = 1,
		};

		assert_int_equal(xt_hooks_build(&d, i & 8 ? DISPATCH_IPV6 : DISPATCH_IPV4, &opts,
						&set, &diag),
				 0);
		for (row = 0; row < n; row++) {
			if (rows[row].kind.several && !(i & 8))
				continue;
			expect_label(&set, &rows[row], opts.module, NULL);
			if (can_bring(&rows[row], plan.loopback))
				expect_label(&set, &rows[row], opts.module, BROUGHT);
		}
		chain_free(&set);
	}
	dispatch_free(&d);
	plan_free(&plan);
}

static void each_kind_of_packet_reaches_its_tree(void **state)
{
	(void)state;
	check_rows(with_lo, sizeof(with_lo) / sizeof(with_lo[0]), lines);
}

static void without_loopback_lo_is_trusted(void **state)
{
	char text[sizeof(lines) + 16];

	(void)state;
	snprintf(text, sizeof(text), "%sloopback no\n", lines);
	check_rows(without_lo, sizeof(without_lo) / sizeof(without_lo[0]), text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_packet_reaches_its_tree),
		cmocka_unit_test(without_loopback_lo_is_trusted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
