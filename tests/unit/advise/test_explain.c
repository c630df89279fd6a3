// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "advise/explain.h"
#include "advise/explain_groups.h"
#include "advise/foreign_labels.h"
#include "advise/port_types.h"
#include "audit/denial.h"
#include "plan/plan.h"
#include "selinux/oracle.h"

/* A record, what is known, and the ids of the notes: sections are separated by semicolons. */
struct explained {
	const char *text;
	const char *plan; /* or NULL */
	const char *ids;
};

#define SERVICE "scontext=system_u:system_r:service_t:s0 "
#define KERNEL "scontext=system_u:system_r:kernel_t:s0 "
#define NONE "scontext=system_u:object_r:unlabeled_t:s0 "
#define LABEL(type) "tcontext=system_u:object_r:" type ":s0 tclass=packet permissive=0"
#define UNLABELED LABEL("unlabeled_t")
#define OF(type, class) "tcontext=system_u:object_r:" type ":s0 tclass=" class " permissive=0"
#define RUN "for pid=9 comm=\"run\" "
#define IDLE "for pid=0 comm=\"swapper/0\" "
#define OUT "saddr=192.0.2.1 src=40000 daddr=192.0.2.2 dest=53 netif=eth0 "
#define BACK "saddr=192.0.2.2 src=53 daddr=192.0.2.1 dest=40000 netif=eth0 "
#define LO_OUT "saddr=127.0.0.1 src=40000 daddr=127.0.0.1 dest=53 netif=lo "
#define LO_BACK "saddr=127.0.0.1 src=53 daddr=127.0.0.1 dest=40000 netif=lo "
#define BARE "saddr=192.0.2.1 daddr=192.0.2.2 netif=eth0 "
#define PLAN                                              \
	"type own_packet_t\nserver own_packet_t udp 53\n" \
	"client dns_client_packet_t udp 53 allow service_t\n"
#define DEFAULTS "default client client_packet_t\ndefault server server_packet_t\n"

static const struct explained packets[] = {
	/* a label that is right */
	{ "avc: denied { send } " RUN OUT SERVICE LABEL("dns_client_packet_t"), NULL,
	  "program;unknown-rule;policy-gap;interface rule;other-permission" },
	{ "avc: denied { recv } " RUN BACK SERVICE LABEL("dns_client_packet_t"), NULL,
	  "bystander;unknown-rule;policy-gap;interface rule;other-permission" },
	{ "avc: denied { recv } " IDLE OUT SERVICE LABEL("dns_server_packet_t"), NULL,
	  "bystander;unknown-rule;policy-gap;interface rule;other-permission" },
	{ "avc: denied { send } " RUN OUT SERVICE LABEL("dns_client_packet_t"), PLAN,
	  "program;plan-line;policy-gap;load-module interface rule;other-permission" },
	{ "avc: denied { recv } " IDLE OUT SERVICE LABEL("own_packet_t"), PLAN,
	  "bystander;plan-line;policy-gap;allow-on-line interface rule;other-permission" },
	/* the label of the other end */
	{ "avc: denied { recv } " RUN LO_BACK SERVICE LABEL("dns_server_packet_t"), NULL,
	  "bystander;unknown-rule;loopback;label-each-end;wrong-end" },
	{ "avc: denied { recv } " RUN LO_OUT SERVICE LABEL("dns_client_packet_t"), NULL,
	  "bystander;unknown-rule;loopback;label-each-end;wrong-end" },
	{ "avc: denied { send } " RUN LO_BACK SERVICE LABEL("dns_client_packet_t"), NULL,
	  "program;unknown-rule;loopback;label-each-end;wrong-end" },
	{ "avc: denied { recv } " IDLE BACK SERVICE LABEL("dns_server_packet_t"), NULL,
	  "bystander;unknown-rule;namespace;label-receiver;wrong-end" },
	{ "avc: denied { recv } " IDLE OUT SERVICE LABEL("dns_client_packet_t"), PLAN,
	  "bystander;other-line;namespace unseen;load-rules label-below;wrong-end" },
	{ "avc: denied { recv } " IDLE OUT SERVICE LABEL("dns_client_packet_t"),
	  "client dns_client_packet_t udp 53\n",
	  "bystander;other-line;namespace;label-receiver;wrong-end" },
	{ "avc: denied { send } " RUN BACK SERVICE LABEL("dns_client_packet_t"), NULL,
	  "program;unknown-rule;connection-label;label-each-end;" },
	{ "avc: denied { send } " RUN BACK SERVICE LABEL("client_packet_t"), DEFAULTS,
	  "program;other-line;default-answer;plan-line;wrong-end" },
	/* a label without a side */
	{ "avc: denied { recv } " IDLE OUT SERVICE LABEL("odd_packet_t"), NULL,
	  "bystander;unknown-rule;not-allowed intended maybe-namespace;interface rule;"
	  "other-permission" },
	{ "avc: denied { recv } " IDLE OUT KERNEL LABEL("odd_packet_t"), NULL,
	  "kernel bystander;unknown-rule;not-allowed maybe-namespace;"
	  "label-receiver interface rule;" },
	{ "avc: denied { recv } " IDLE OUT SERVICE LABEL("odd_packet_t"), PLAN,
	  "bystander;no-line-has-it;not-allowed intended maybe-namespace;"
	  "label-receiver interface rule;other-permission" },
	{ "avc: denied { send } " RUN OUT SERVICE LABEL("odd_packet_t"), PLAN,
	  "program;no-line-has-it;not-allowed intended;interface rule;other-permission" },
	{ "avc: denied { send } " RUN
	  "saddr=192.0.2.1 src=7 daddr=192.0.2.2 dest=9 " SERVICE LABEL("own_packet_t"),
	  PLAN,
	  "program;other-line;not-allowed translated;"
	  "allow-on-line interface rule;other-permission" },
	{ "avc: denied { send } " RUN "saddr=fe80::1 daddr=ff02::2 " SERVICE LABEL("icmp_packet_t"),
	  NULL, "program;unknown-rule;icmp;interface rule;other-permission" },
	/* a container */
	{ "avc: denied { recv } " IDLE OUT
	  "scontext=u:r:box.process:s0:c1,c2 " LABEL("odd_packet_t"),
	  NULL,
	  "bystander cil-block;unknown-rule;not-allowed intended maybe-namespace categories;"
	  "rule;other-permission" },
	/* no label */
	{ "avc: denied { send } " RUN OUT SERVICE UNLABELED, NULL,
	  "program;none;no-rule switched-on;plan-line;unlabeled" },
	{ "avc: denied { send } " RUN OUT SERVICE UNLABELED, PLAN,
	  "program;none;older-than-rules switched-on;reset-flows;unlabeled" },
	{ "avc: denied { send } " RUN
	  "saddr=192.0.2.1 src=40000 daddr=192.0.2.2 dest=80 " SERVICE UNLABELED,
	  PLAN, "program;none;no-line switched-on;plan-line;unlabeled" },
	{ "avc: denied { send } " RUN BARE SERVICE UNLABELED, PLAN,
	  "program;none;no-ports no-line switched-on;plan-line;unlabeled" },
	{ "avc: denied { send } " RUN OUT KERNEL UNLABELED, NULL,
	  "kernel bystander;none;kernel-packet no-rule switched-on;plan-line;unlabeled" },
	{ "avc: denied { send } " RUN BARE KERNEL LABEL("own_packet_t"), PLAN,
	  "kernel bystander;other-line;kernel-packet translated;load-module interface rule;" },
	{ "avc: denied { send } " RUN BARE "scontext=u:r:netd:s0 tcontext=u:object_r:unlabeled:s0 "
	  "tclass=packet permissive=0",
	  NULL, "program;none;android;;" },
	{ "avc: denied { recv } " IDLE
	  "saddr=192.0.2.2 src=5353 daddr=224.0.0.251 dest=5353 " SERVICE UNLABELED,
	  NULL, "bystander;none;no-rule switched-on;plan-line;unlabeled" },
	{ "avc: denied { send } " RUN
	  "saddr=192.0.2.2 src=123 daddr=192.0.2.1 dest=123 " SERVICE UNLABELED,
	  NULL, "program;none;no-rule switched-on;either-end plan-line plan-line;unlabeled" },
	{ "avc: granted { send } " RUN OUT SERVICE UNLABELED, "unlabeled audit\n",
	  "program;none;granted unlabeled-audit no-line switched-on;;" },
	{ "avc: denied { recv } " IDLE BACK NONE LABEL("dns_client_packet_t"), NULL,
	  "lost-domain bystander;unknown-rule;policy-gap;interface rule;other-permission" },
	/* a tunnel */
	{ "avc: denied { send } " RUN
	  "saddr=192.0.2.2 src=40000 daddr=192.0.2.1 dest=4789 " SERVICE LABEL("odd_packet_t"),
	  NULL,
	  "program;unknown-rule;udp-tunnel not-allowed intended;interface rule;other-permission" },
	/* others' packets, and rules */
	{ "avc: denied { forward_in } " IDLE OUT NONE UNLABELED, NULL,
	  "no-peer-label bystander;none;no-rule switched-on;plan-line;unlabeled" },
	{ "avc: denied { forward_out } " IDLE OUT NONE LABEL("dns_client_packet_t"), NULL,
	  "no-peer-label bystander;unknown-rule;forwarded;rule;other-permission no-peer-label" },
	{ "avc: granted { forward_out } " IDLE OUT NONE LABEL("dns_client_packet_t"), NULL,
	  "no-peer-label bystander;unknown-rule;granted forwarded;;" },
	{ "avc: denied { relabelto } " RUN SERVICE LABEL("own_packet_t"), PLAN,
	  "program;loading;loader;load-module interface rule;" },
	/* wide access */
	{ "avc: denied { send } " RUN OUT "scontext=u:r:unconfined_t:s0 " LABEL("client_packet_t"),
	  NULL,
	  "program;unknown-rule;policy-gap;plan-line interface rule;"
	  "other-permission default-label unconfined" },
	{ "avc: denied { send } " RUN
	  "saddr=192.0.2.1 src=7 daddr=192.0.2.2 dest=9 " SERVICE LABEL("client_packet_t"),
	  DEFAULTS,
	  "program;plan-line;not-allowed;either-end plan-line plan-line allow-on-line interface "
	  "rule;other-permission default-label" },
	/* the policy has lost the type */
	{ "avc: denied { send } " RUN OUT SERVICE UNLABELED
	  " trawcon=\"system_u:object_r:gone_packet_t:s0\"",
	  NULL, "program;unknown-rule;invalid-context;restore-type;unlabeled" },
	{ "avc: denied { send } " RUN OUT SERVICE UNLABELED
	  " trawcon=\"system_u:object_r:own_packet_t:s0\"",
	  PLAN, "program;other-line;invalid-context;load-module;unlabeled" },
	/* it was let through, or nobody knows */
	{ "avc: denied { send } " RUN OUT SERVICE "tcontext=a:b:dns_client_packet_t "
	  "tclass=packet permissive=1",
	  NULL, "program;unknown-rule;permissive policy-gap;interface rule;other-permission" },
	{ "avc: denied { send } " RUN OUT SERVICE "tcontext=a:b:dns_client_packet_t tclass=packet",
	  NULL,
	  "program;unknown-rule;no-permissive-field policy-gap;interface rule;other-permission" },
};

static const struct explained others[] = {
	{ "avc: denied { recv } " IDLE OUT SERVICE OF("unlabeled_t", "peer"), NULL,
	  "bystander;none;peer-labels-on stale-ipsec;remove-labels interface rule;unlabeled" },
	{ "avc: denied { recv } " IDLE BARE SERVICE OF("unlabeled_t", "peer"), NULL,
	  "bystander;none;peer-labels-on stale-ipsec no-ports;remove-labels interface rule;"
	  "unlabeled" },
	{ "avc: denied { recv } " IDLE OUT SERVICE OF("netlabel_peer_t", "peer"), NULL,
	  "bystander;peer;peer-labels-on not-allowed;interface rule;" },
	{ "avc: denied { sendto } " RUN OUT SERVICE OF("unlabeled_t", "association"), NULL,
	  "program;none;no-ipsec-needed;interface rule;unlabeled" },
	{ "avc: denied { recvfrom } " RUN LO_OUT SERVICE OF("unlabeled_t", "association"), NULL,
	  "bystander;none;no-ipsec-needed;interface rule;unlabeled" },
	{ "avc: denied { polmatch } " RUN NONE OF("ipsec_spd_t", "association"), NULL,
	  "program;spd;spd-lookup no-label fails-open;label-policy rule;deny-clear" },
	{ "avc: denied { polmatch } " RUN SERVICE OF("ipsec_spd_t", "association"), NULL,
	  "program;spd;spd-lookup not-allowed fails-open;interface rule;deny-clear" },
	{ "avc: denied { setcontext } " RUN SERVICE OF("spd_t", "association"), NULL,
	  "program;;setcontext;interface rule;" },
	{ "avc: denied { association } " IDLE NONE OF("unlabeled_t", "sctp_socket"), NULL,
	  "no-peer-label bystander;peer;kernel-bug;newer-kernel rule;" },
	{ "avc: denied { tcp_recv } " IDLE LO_OUT "scontext=a:b:service_t tcontext=a:b:netif_t "
	  "tclass=netif",
	  NULL, "bystander;object;no-permissive-field compat-net no-levels;rule;" },
	{ "avc: denied { ingress } " IDLE OUT SERVICE OF("netif_t", "netif"), NULL,
	  "bystander;object;peer-labels-on peer-label;interface rule;" },
	{ "avc: denied { sendto } " RUN OUT SERVICE OF("node_t", "node"), NULL,
	  "program;object;peer-labels-on;interface rule;" },
	{ "avc: denied { sendto } " IDLE OUT NONE OF("node_t", "node"), NULL,
	  "no-peer-label bystander;object;peer-labels-on;interface rule;unlabeled" },
	{ "avc: denied { name_bind } " RUN "src=81 " SERVICE OF("http_port_t", "tcp_socket"), NULL,
	  "program;port;not-allowed;port-type interface rule;port-of-others" },
	{ "avc: denied { name_connect } " RUN "dest=81 " SERVICE OF("port_t", "tcp_socket"), NULL,
	  "program;port;not-allowed;port-type rule;general-port-type" },
	{ "avc: denied { node_bind } " RUN "src=81 " SERVICE OF("node_t", "udp_socket"), NULL,
	  "program;node;not-allowed;interface rule;" },
	/* interfaces that refpolicy has, and does not have */
	{ "avc: denied { name_bind } " RUN "src=81 " SERVICE OF("http_port_t", "udp_socket"), NULL,
	  "program;port;not-allowed;port-type interface rule;port-of-others" },
	{ "avc: denied { name_bind } " RUN "src=81 " SERVICE OF("http_port_t", "sctp_socket"), NULL,
	  "program;port;not-allowed;port-type rule;port-of-others" },
	{ "avc: denied { name_bind } " RUN "src=81 " SERVICE OF("http_port_t", "dccp_socket"), NULL,
	  "program;port;not-allowed;port-type rule;port-of-others" },
	{ "avc: denied { name_connect } " RUN "dest=81 " SERVICE OF("http_port_t", "tcp_socket"),
	  NULL, "program;port;not-allowed;port-type interface rule;port-of-others" },
	{ "avc: denied { name_connect } " RUN "dest=81 " SERVICE OF("http_port_t", "udp_socket"),
	  NULL, "program;port;not-allowed;port-type rule;port-of-others" },
	{ "avc: denied { node_bind } " RUN "src=81 " SERVICE OF("lo_node_t", "udp_socket"), NULL,
	  "program;node;not-allowed;rule;" },
	{ "avc: denied { node_bind } " RUN SERVICE OF("node_t", "rawip_socket"), NULL,
	  "program;node;not-allowed;interface rule;" },
	{ "avc: denied { node_bind } " RUN SERVICE OF("node_t", "icmp_socket"), NULL,
	  "program;node;not-allowed;rule;" },
	{ "avc: denied { node_bind } " RUN "src=81 " SERVICE OF("node_t", "sctp_socket"), NULL,
	  "program;node;not-allowed;interface rule;" },
	{ "avc: denied { node_bind } " RUN "src=81 " SERVICE OF("node_t", "dccp_socket"), NULL,
	  "program;node;not-allowed;rule;" },
	{ "avc: denied { ingress } " IDLE OUT SERVICE OF("lo_netif_t", "netif"), NULL,
	  "bystander;object;peer-labels-on peer-label;rule;" },
	{ "avc: denied { sendto } " RUN OUT SERVICE OF("lo_node_t", "node"), NULL,
	  "program;object;peer-labels-on;rule;" },
	{ "avc: denied { node_bind } " RUN
	  "src=81 scontext=a:b:box.process:s0 " OF("node_t", "udp_socket"),
	  NULL, "program cil-block;node;not-allowed;rule;" },
	{ "avc: denied { recvfrom } " IDLE OUT SERVICE OF("peer_t", "tcp_socket"), NULL,
	  "bystander;;no-peer-controls;rule;" },
};

static void write_ids(const struct explanation *e, char *ids, size_t size)
{
	enum explain_section section = 0;
	size_t i, len = 0;
	bool first = true;

	*ids = '\0';
	for (i = 0; i < e->n; i++, first = false) {
		for (; section < e->notes[i].section; section++, first = true)
			len += snprintf(ids + len, size - len, ";");
		len += snprintf(ids + len, size - len, "%s%s", first ? "" : " ", e->notes[i].id);
	}
	for (; section < EXPLAIN_SECTIONS - 1; section++)
		len += snprintf(ids + len, size - len, ";");
}

static void explains(const struct explained *x, const struct foreign_labels *foreign)
{
	struct explain_world w = { .foreign = foreign };
	struct diag diag = { 0 };
	struct plan plan = { 0 };
	struct explanation e;
	struct denial d;
	char ids[512];

	if (x->plan) {
		assert_int_equal(plan_parse("plan", x->plan, strlen(x->plan), &plan, &diag), 0);
		plan.client_ports = (struct port_range)PORTS_OF_CLIENTS;
		w.plan = &plan;
	}
	assert_int_equal(denial_parse(x->text, strlen(x->text), &d), DENIAL_READ);
	explain(&w, &d, &e);
	write_ids(&e, ids, sizeof(ids));
	if (strcmp(ids, x->ids))
		print_error("%s\n", x->text);
	assert_string_equal(ids, x->ids);
	explanation_free(&e);
	denial_free(&d);
	plan_free(&plan);
	diag_free(&diag);
}

static void packets_are_explained(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(packets) / sizeof(packets[0]); i++)
		explains(&packets[i], NULL);
}

static void other_classes_are_explained(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		explains(&others[i], NULL);
}

static void rules_of_others_are_named(void **state)
{
	static const char save[] =
		"*security\n:INPUT ACCEPT [0:0]\n:SECMARK2-IN - [0:0]\n"
		"-A INPUT -p tcp -j SECMARK --selctx system_u:object_r:odd_packet_t:s0\n"
		"-A SECMARK2-IN -p tcp -j SECMARK --selctx system_u:object_r:our_packet_t:s0\n"
		"COMMIT\n";
	static const char nft[] =
		"{\"nftables\": [{\"secmark\": {\"family\": \"inet\", \"table\": \"x\", "
		"\"name\": \"y\", \"context\": \"system_u:object_r:nft_packet_t:s0\"}}]}";
	struct foreign_labels foreign = { NULL };
	size_t i = 0;

	(void)state;
	foreign_labels_add(&foreign, "iptables-save", save, sizeof(save) - 1);
	foreign_labels_add(&foreign, "nft", nft, sizeof(nft) - 1);
	assert_string_equal(foreign_labels_find(&foreign, "odd_packet_t", &i),
			    "iptables-save: table security: -A INPUT -p tcp -j SECMARK --selctx "
			    "system_u:object_r:odd_packet_t:s0");
	assert_null(foreign_labels_find(&foreign, "odd_packet_t", &i));
	i = 0;
	assert_null(foreign_labels_find(&foreign, "our_packet_t", &i));
	i = 0;
	assert_null(foreign_labels_find(&foreign, "odd_packet", &i));
	i = 0;
	assert_string_equal(foreign_labels_find(&foreign, "nft_packet_t", &i),
			    "a secmark object of nft (nft)");
	explains(&(struct explained){ "avc: denied { send } " RUN OUT SERVICE LABEL("odd_packet_t"),
				      NULL,
				      "program;foreign-rule;not-allowed intended;interface rule;"
				      "other-permission" },
		 &foreign);
	explains(&(struct explained){ "avc: denied { send } " RUN OUT SERVICE LABEL("no_packet_t"),
				      PLAN,
				      "program;no-line-has-it no-rule-has-it;not-allowed intended;"
				      "interface rule;other-permission" },
		 &foreign);
	foreign_labels_free(&foreign);
}

static unsigned int times_asked;

static int list_ports(struct oracle *o, void (*fn)(void *arg, const struct oracle_ports *ports),
		      void *arg)
{
	(void)o;
	(void)fn;
	(void)arg;
	times_asked++;
	return 0;
}

static void bind_port(const struct explain_world *w, unsigned int port, const char *source,
		      const char *class)
{
	struct explanation e;
	struct denial d;
	char text[512];

	snprintf(text, sizeof(text),
		 "avc: denied { name_bind } " RUN "src=%u scontext=a:b:%s:s0 "
		 "tcontext=a:b:port_t:s0 tclass=%s permissive=0",
		 port, source, class);
	assert_int_equal(denial_parse(text, strlen(text), &d), DENIAL_READ);
	explain(w, &d, &e);
	explanation_free(&e);
	denial_free(&d);
}

/* A scan of all ports is 65,535 records, and each search takes milliseconds. */
static void the_types_of_ports_are_looked_for_once(void **state)
{
	static const struct oracle_ops ops = { .ports = list_ports };
	struct oracle oracle = { .ops = &ops };
	struct port_types_asked asked = { .next = 0 };
	const struct explain_world w = { .oracle = &oracle, .port_types = &asked };
	char name[32];
	unsigned int i;

	(void)state;
	for (i = 1; i <= 1000; i++)
		bind_port(&w, i, "service_t", "tcp_socket");
	assert_int_equal(times_asked, 1);
	bind_port(&w, 1, "service_t", "udp_socket");
	bind_port(&w, 1, "other_t", "tcp_socket");
	bind_port(&w, 1, "service_t", "tcp_socket");
	assert_int_equal(times_asked, 3);
	/* there is an end to what is kept */
	for (i = 0; i < 2 * PORT_TYPES_ASKED; i++) {
		snprintf(name, sizeof(name), "t%u_t", i);
		bind_port(&w, 1, name, "tcp_socket");
	}
	assert_int_equal(times_asked, 3 + 2 * PORT_TYPES_ASKED);
	port_types_free(&asked);
}

static void add(struct explain_groups *g, const char *text, int64_t time)
{
	struct denial d;

	assert_int_equal(denial_parse(text, strlen(text), &d), DENIAL_READ);
	d.time = time;
	explain_groups_add(g, &d);
	denial_free(&d);
}

static void records_with_one_explanation_are_a_group(void **state)
{
	struct explain_groups g = { NULL };
	char text[512];
	int i;

	(void)state;
	/* another port of the client, another program, another time */
	add(&g, "avc: denied { send } " RUN OUT SERVICE UNLABELED, 2000);
	add(&g,
	    "avc: denied { send } for pid=7 comm=\"walk\" saddr=192.0.2.1 src=40009 "
	    "daddr=192.0.2.9 dest=53 netif=eth1 " SERVICE UNLABELED,
	    5000);
	add(&g, "avc: denied { send } " RUN OUT SERVICE UNLABELED, 1000);
	/* another way, another label, another result */
	add(&g, "avc: denied { recv } " RUN BACK SERVICE UNLABELED, 3000);
	add(&g, "avc: denied { send } " RUN OUT SERVICE LABEL("dns_client_packet_t"), 4000);
	add(&g, "avc: granted { send } " RUN OUT SERVICE UNLABELED, 6000);
	explain_groups_sort(&g);
	assert_int_equal(g.n, 4);
	assert_int_equal(g.v[0].last.time, 3000);
	assert_int_equal(g.v[2].last.time, 5000);
	assert_int_equal(g.v[2].first, 1000);
	assert_int_equal(g.v[2].count, 3);
	assert_int_equal(g.v[2].n_programs, 2);
	assert_string_equal(g.v[2].last.comm, "walk");
	explain_groups_free(&g);
	/* there is an end */
	for (i = 0; i <= EXPLAIN_GROUPS_MAX; i++) {
		snprintf(text, sizeof(text), "avc: denied { send } scontext=a:b:t%d " UNLABELED, i);
		add(&g, text, 0);
	}
	assert_int_equal(g.n, EXPLAIN_GROUPS_MAX);
	assert_int_equal(g.dropped, 1);
	explain_groups_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_explained),
		cmocka_unit_test(other_classes_are_explained),
		cmocka_unit_test(rules_of_others_are_named),
		cmocka_unit_test(the_types_of_ports_are_looked_for_once),
		cmocka_unit_test(records_with_one_explanation_are_a_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
