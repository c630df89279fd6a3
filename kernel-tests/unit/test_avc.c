// SPDX-License-Identifier: GPL-2.0-only
/* Records as kernels write them, against the lines of cases. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/avc.h"
#include "kernel/role.h"
#include "runner/util.h"

#define HEAD "audit(1700000001.042:77): avc:  "
#define SCON "scontext=system_u:system_r:web_client_t:s0 "
#define TCON "tcontext=system_u:object_r:web_packet_t:s0 "
#define PACKET SCON TCON "tclass=packet"
#define SEND                                                                    \
	HEAD "denied  { send } for  pid=812 comm=\"guest-run\" saddr=10.1.0.1 " \
	     "src=20008 daddr=10.1.0.2 dest=10001 netif=c0 " PACKET " permissive=0"

/* In place of the kernel's policy (guest/kernel/role.c). */
const char *role_of(const char *type, size_t len)
{
	static const char *const processes[] = { "web_client_t", "locked_t", "peer_t" };

	for (size_t i = 0; i < N_ELEMENTS(processes); i++)
		if (strlen(processes[i]) == len && !strncmp(processes[i], type, len))
			return "system_r";
	return "object_r";
}

static const struct avc_flow tcp = {
	.addresses = { "10.1.0.1", "10.1.0.2" },
	.has_ports = true,
	.ports = { 20008, 10001 },
	.data_ports = { 40008, 30001 },
};
static const struct avc_flow ping6 = {
	.addresses = { "fd01::1", "fd01::2" },
	.ports = { 20008, 10001 },
};
static const struct avc_flow none;

/* Each record is what its line expects, and no other line's. */
static const struct pair {
	const char *record, *line;
	const struct avc_flow *flow;
	const char *printed;
} pairs[] = {
	{ SEND, "web_client_t web_packet_t:packet send client>server", &tcp,
	  "{ send } " PACKET " saddr=10.1.0.1 src=20008 daddr=10.1.0.2 dest=10001" },
	{ HEAD "denied  { recv } for  saddr=10.1.0.2 src=10001 daddr=10.1.0.1 dest=20008 " PACKET,
	  "web_client_t web_packet_t:packet recv server>client", &tcp,
	  "{ recv } " PACKET " saddr=10.1.0.2 src=10001 daddr=10.1.0.1 dest=20008" },
	{ HEAD "denied  { recv } for  saddr=10.1.0.2 src=30001 daddr=10.1.0.1 dest=40008 " PACKET,
	  "web_client_t web_packet_t:packet recv data server>client", &tcp,
	  "{ recv } " PACKET " saddr=10.1.0.2 src=30001 daddr=10.1.0.1 dest=40008" },
	/* the kernel did not look at the ports */
	{ HEAD "denied  { recv } for  saddr=10.1.0.2 daddr=10.1.0.1 " PACKET,
	  "web_client_t web_packet_t:packet recv wire server>client", &tcp,
	  "{ recv } " PACKET " saddr=10.1.0.2 daddr=10.1.0.1" },
	{ HEAD "denied  { send } for  comm=\"ping\" saddr=fd01::1 daddr=fd01::2 netif=c0 " PACKET,
	  "web_client_t web_packet_t:packet send client>server", &ping6,
	  "{ send } " PACKET " saddr=fd01::1 daddr=fd01::2" },
	{ HEAD "denied  { relabelto } for  pid=9 comm=\"iptables\" " PACKET,
	  "web_client_t web_packet_t:packet relabelto", &none, "{ relabelto } " PACKET },
	{ HEAD "granted  { relabelto } for  pid=9 comm=\"iptables\" " PACKET,
	  "web_client_t web_packet_t:packet granted:relabelto", &none,
	  "{ granted:relabelto } " PACKET },
	{ HEAD "denied  { relabelto } for  pid=9 comm=\"iptables\" " PACKET " permissive=1",
	  "web_client_t web_packet_t:packet permissive:relabelto", &none,
	  "{ permissive:relabelto } " PACKET },
	{ HEAD "denied  { relabelto } for  pid=9 " SCON
	       "tcontext=system_u:object_r:web_packet_t:s0:c1,c2 tclass=packet",
	  "web_client_t web_packet_t:s0:c1,c2:packet relabelto", &none,
	  "{ relabelto } " SCON "tcontext=system_u:object_r:web_packet_t:s0:c1,c2 tclass=packet" },
	/* the label of a packet may be that of a process, which has another role */
	{ HEAD "denied  { recv } for  saddr=10.1.0.2 src=10001 daddr=10.1.0.1 dest=20008 " SCON
	       "tcontext=system_u:system_r:peer_t:s0:c1 tclass=peer",
	  "web_client_t peer_t:s0:c1:peer recv server>client", &tcp,
	  "{ recv } " SCON "tcontext=system_u:system_r:peer_t:s0:c1 tclass=peer "
	  "saddr=10.1.0.2 src=10001 daddr=10.1.0.1 dest=20008" },
	/* about a socket, not about a packet */
	{ HEAD "denied  { name_connect } for  pid=9 dest=80 " SCON
	       "tcontext=system_u:object_r:port_t:s0 tclass=tcp_socket",
	  "web_client_t port_t:tcp_socket name_connect dest=80", &none,
	  "{ name_connect } " SCON "tcontext=system_u:object_r:port_t:s0 tclass=tcp_socket "
	  "dest=80" },
	{ HEAD "denied  { node_bind } for  pid=9 saddr=::1 src=80 " SCON
	       "tcontext=system_u:object_r:node_t:s0 tclass=tcp_socket",
	  "web_client_t node_t:tcp_socket node_bind src=80 saddr=::1", &tcp,
	  "{ node_bind } " SCON "tcontext=system_u:object_r:node_t:s0 tclass=tcp_socket "
	  "saddr=::1 src=80" },
	{ HEAD "denied  { dyntransition } for  pid=9 " SCON
	       "tcontext=system_u:system_r:locked_t:s0:c1 tclass=process permissive=0",
	  "web_client_t system_u:system_r:locked_t:s0:c1:process dyntransition", &none,
	  "{ dyntransition } " SCON "tcontext=system_u:system_r:locked_t:s0:c1 tclass=process" },
	/* a target that is a process */
	{ HEAD "denied  { dyntransition } for  pid=9 " SCON
	       "tcontext=system_u:system_r:locked_t:s0 tclass=process permissive=0",
	  "web_client_t locked_t:process dyntransition", &none,
	  "{ dyntransition } " SCON "tcontext=system_u:system_r:locked_t:s0 tclass=process" },
	/* a packet that is forwarded: its source has no label, so it is an object as well */
	{ HEAD "denied  { forward_in } for  saddr=10.1.0.1 src=20008 daddr=10.1.0.2 dest=10001 "
	       "scontext=system_u:object_r:unlabeled_t:s0 " TCON "tclass=packet",
	  "unlabeled_t web_packet_t:packet forward_in client>server", &tcp,
	  "{ forward_in } scontext=system_u:object_r:unlabeled_t:s0 " TCON
	  "tclass=packet saddr=10.1.0.1 src=20008 daddr=10.1.0.2 dest=10001" },
	/* the outer packet of a tunnel, from any port */
	{ HEAD "denied  { send } for  saddr=10.6.0.1 src=49152 daddr=10.6.0.2 dest=4789 " PACKET,
	  "web_client_t web_packet_t:packet send 10.6.0.1/*>10.6.0.2/4789", &tcp,
	  "{ send } " PACKET " saddr=10.6.0.1 src=49152 daddr=10.6.0.2 dest=4789" },
	{ HEAD "denied  { send } for  saddr=fd06::1 daddr=fd06::2 " PACKET,
	  "web_client_t web_packet_t:packet send fd06::1>fd06::2", &ping6,
	  "{ send } " PACKET " saddr=fd06::1 daddr=fd06::2" },
};

static void a_record_is_what_its_own_line_expects_and_no_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(pairs); i++) {
		struct avc record;

		assert_int_equal(avc_parse(&record, pairs[i].record), 0);
		for (size_t k = 0; k < N_ELEMENTS(pairs); k++) {
			struct avc expected;

			assert_int_equal(avc_expect(&expected, pairs[k].line, pairs[k].flow), 0);
			assert_int_equal(avc_equal(&record, &expected), i == k);
			assert_int_equal(avc_equal(&expected, &record), i == k);
			avc_free(&expected);
		}
		avc_free(&record);
	}
}

static void a_record_is_printed_without_what_varies(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(pairs); i++) {
		struct avc record;
		char *text;

		avc_parse(&record, pairs[i].record);
		text = avc_print(&record);
		assert_string_equal(text, pairs[i].printed);
		free(text);
		avc_free(&record);
	}
}

static void a_record_has_its_time(void **state)
{
	struct avc record;

	(void)state;
	avc_parse(&record, SEND);
	assert_int_equal(record.ms, 1700000001042LL);
	avc_free(&record);
}

static void any_single_field_makes_a_difference(void **state)
{
	(void)state;
	for (size_t i = 0; i < AVC_FIELDS; i++) {
		struct avc record, other;

		avc_parse(&record, SEND);
		avc_parse(&other, SEND);
		assert_true(avc_equal(&record, &other));
		other.fields[i][0] ^= 1;
		assert_false(avc_equal(&record, &other));
		free(other.fields[i]);
		other.fields[i] = NULL;
		assert_false(avc_equal(&record, &other));
		assert_false(avc_equal(&other, &record));
		avc_free(&record);
		avc_free(&other);
	}
}

static void what_is_no_avc_record_is_not_read_as_one(void **state)
{
	static const char *const texts[] = {
		"",
		"audit(1700000001.042:77): op=security_compute_sid",
		"avc:",
		HEAD "denied",
		HEAD "denied  { send",
		HEAD "received policyload notice (seqno=2)",
		HEAD "op=setenforce { x }",
	};
	struct avc record;
	char *text;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(texts); i++) {
		assert_int_equal(avc_parse(&record, texts[i]), -EINVAL);
		avc_free(&record);
	}
	avc_other(&record, texts[1]);
	text = avc_print(&record);
	assert_string_equal(text, texts[1]);
	free(text);
	avc_free(&record);
}

static void a_line_that_expects_no_record_is_refused(void **state)
{
	static const char *const lines[] = {
		"",
		"web_t",
		"web_t web_packet_t:packet",
		"web_t web_packet_t send",
		"web_t web_packet_t:packet send x",
		"web_t web_packet_t:packet send client>serve",
		"web_t web_packet_t:packet send data",
		"web_t web_packet_t:packet send 10.6.0.1",
		"web_t web_packet_t:packet send 10.6.0.1>",
		"web_t web_packet_t:packet send >10.6.0.1",
		"web_t port_t:tcp_socket name_connect dest=",
		"web_t port_t:tcp_socket name_connect dst=80",
		"web_t port_t:tcp_socket name_connect port=80",
		"web_t port_t:tcp_socket name_connect dest=80 dest=80",
		"web_t port_t:tcp_socket name_connect dest=80 client>server",
	};
	struct avc expected;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(lines); i++) {
		assert_int_equal(avc_expect(&expected, lines[i], &tcp), -EINVAL);
		avc_free(&expected);
	}
	assert_int_equal(avc_expect(&expected, pairs[0].line, &none), -EINVAL);
	avc_free(&expected);
}

static void a_line_tells_denials_of_requests_and_of_answers(void **state)
{
	(void)state;
	assert_true(avc_line_denies("web_t $TYPE:packet send client>server"));
	assert_true(avc_line_stops("web_t $TYPE:packet send client>server"));
	assert_false(avc_line_stops_answer("web_t $TYPE:packet send client>server"));
	assert_true(avc_line_stops_answer("web_t $TYPE:packet recv server>client"));
	assert_true(avc_line_stops_answer("web_t $TYPE:packet recv data server>client"));
	assert_true(avc_line_stops_answer("web_t $TYPE:packet recv wire server>client"));
	assert_false(avc_line_denies("web_t $TYPE:packet granted:recv server>client"));
	assert_false(avc_line_stops_answer("web_t $TYPE:packet granted:recv server>client"));
	/* what a permissive domain does is recorded as a denial, and goes on */
	assert_true(avc_line_denies("web_t $TYPE:packet permissive:recv server>client"));
	assert_false(avc_line_stops("web_t $TYPE:packet permissive:recv server>client"));
	assert_false(avc_line_stops_answer("web_t $TYPE:packet permissive:recv server>client"));
}

static void a_list_knows_what_it_was_given(void **state)
{
	struct avcs list = { 0 };
	struct avc avc;

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(pairs); i++) {
		avc_parse(&avc, pairs[i].record);
		assert_false(avcs_has(&list, &avc));
		assert_int_equal(avc_has_ports(&avc), !!strstr(pairs[i].record, " dest="));
		avcs_add(&list, &avc);
		assert_null(avc.permission);
		avc_parse(&avc, pairs[i].record);
		assert_true(avcs_has(&list, &avc));
		avc_free(&avc);
	}
	avcs_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_is_what_its_own_line_expects_and_no_other),
		cmocka_unit_test(a_record_is_printed_without_what_varies),
		cmocka_unit_test(a_record_has_its_time),
		cmocka_unit_test(any_single_field_makes_a_difference),
		cmocka_unit_test(what_is_no_avc_record_is_not_read_as_one),
		cmocka_unit_test(a_line_that_expects_no_record_is_refused),
		cmocka_unit_test(a_line_tells_denials_of_requests_and_of_answers),
		cmocka_unit_test(a_list_knows_what_it_was_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
