// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "advise/learn.h"
#include "advise/learn_merge.h"
#include "advise/learn_policy.h"
#include "base/err.h"
#include "plan/plan.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"
#include "support/unlabeled_record.h"
#include "util/buffer.h"

static struct oracle *oracle;
static struct learn_policy policy;

static int open_merge_policy(void **state)
{
	struct err err;

	(void)state;
	if (oracle_file_open("learn.pol", "learn.pol", &oracle, &err))
		return -1;
	return learn_policy_read(oracle, &policy, &err);
}

static int close_merge_policy(void **state)
{
	(void)state;
	learn_policy_free(&policy);
	oracle_free(oracle);
	return 0;
}

/* What is added to a plan whose last line ends it, and is added only once. Each record ends with a
 * newline. */
static void merges(const char *before, const char *result, const char *records,
		   const char *expected)
{
	char *text = strdup(before), *next, record[128];
	const char *r;
	size_t len, i;

	assert_non_null(text);
	for (i = 0; i < 2; i++) {
		struct learn_evidence e = { .policy = &policy, .client_ports = PORTS_OF_CLIENTS };
		struct diag diag = { 0 };
		struct learn_lines lines;
		struct plan plan;
		FILE *out = buffer_open(&next, &len);

		assert_int_equal(plan_parse("plan", text, strlen(text), &plan, &diag), 0);
		e.plan = &plan;
		for (r = records; *r; r = strchr(r, '\n') + 1) {
			snprintf(record, sizeof(record), "%.*s", (int)strcspn(r, "\n"), r);
			take_unlabeled(&e, result, record);
		}
		learn_propose(&e, LEARN_ADDRESSES_CLIENT, &lines);
		learn_merge(&plan, text, strlen(text), &lines, out);
		buffer_close(out);
		learn_lines_free(&lines);
		learn_evidence_free(&e);
		plan_free(&plan);
		diag_free(&diag);
		free(text);
		text = next;
		assert_memory_equal(text, before, strlen(before));
		assert_string_equal(text + strlen(before), expected);
	}
	free(text);
}

#define BEYOND "; other addresses than those of the plan"
#define HELD BEYOND ": remove the # below if all addresses may have this label"

static void addresses_of_the_plan_are_a_border(void **state)
{
	char seven[1024] = "", eight[1200];
	size_t i;

	(void)state;
	merges("client ntp_client_packet_t udp 123 to 192.0.2.53\n", "denied",
	       "chronyd_t send 192.0.2.1 40000 203.0.113.66 123\n",
	       "# 1 packet (1 denied), chronyd_t" BEYOND "\n"
	       "client ntp_client_packet_t udp 123 to 203.0.113.66\n");
	/* servers too, with another label or protocol before, and for this machine alone */
	merges("server server_packet_t any from 10.0.0.0/8\n"
	       "server server_packet_t tcp 20-30 from !203.0.113.0/24\n",
	       "granted", "sshd_t recv 203.0.113.9 40000 192.0.2.1 22\n",
	       "# 1 packet, sshd_t" BEYOND "\n"
	       "server ssh_server_packet_t tcp 22 from 203.0.113.9\n");
	merges("server ssh_server_packet_t tcp 22 from 127.0.0.0/8\n", "granted",
	       "sshd_t recv 203.0.113.9 40000 192.0.2.1 22\n"
	       "sshd_t recv 2001:db8::9 40000 2001:db8::1 22\n",
	       "# 2 packets, sshd_t" BEYOND "\n"
	       "server ssh_server_packet_t tcp 22 from 203.0.113.9,2001:db8::9\n");
	merges("server icmp_packet_t icmp from 192.0.2.0/24\n", "denied",
	       "ping_t recv 203.0.113.9 0 192.0.2.1 0\n",
	       "# 1 packet (1 denied), ping_t" BEYOND "\n"
	       "server icmp_packet_t icmp from 203.0.113.9\n");
	/* 8 together, and one more; the label is one that the plan lacks */
	for (i = 1; i <= 7; i++)
		snprintf(seven + strlen(seven), sizeof(seven) - strlen(seven),
			 "named_t recv 203.0.113.%zu 40000 192.0.2.1 53\n", i);
	snprintf(eight, sizeof(eight), "%snamed_t recv 203.0.113.8 40000 192.0.2.1 53\n", seven);
	merges("server server_packet_t tcp,udp 53 from 192.0.2.0/24\n", "denied", seven,
	       "# 7 packets (7 denied), named_t; the records do not name the protocol" BEYOND "\n"
	       "type dns_server_packet_t\n"
	       "server dns_server_packet_t tcp,udp 53 from 203.0.113.1,203.0.113.2,203.0.113.3,"
	       "203.0.113.4,203.0.113.5,203.0.113.6,203.0.113.7 allow named_t\n");
	merges("server server_packet_t tcp,udp 53 from 192.0.2.0/24\n", "denied", eight,
	       "# 8 packets (8 denied), named_t; the records do not name the protocol" HELD "\n"
	       "# type dns_server_packet_t\n"
	       "# server dns_server_packet_t tcp,udp 53 allow named_t\n");
	merges("server server_packet_t tcp,udp 53 from 192.0.2.0/24\n", "granted", eight,
	       "# 8 packets, named_t; the records do not name the protocol" BEYOND "\n"
	       "type dns_server_packet_t\n"
	       "server dns_server_packet_t tcp,udp 53 allow named_t\n");
}

static void forward_lines_are_merged(void **state)
{
	(void)state;
	merges("forward ssh_server_packet_t tcp 22 to 192.0.2.25\n", "denied",
	       "unlabeled_t forward_in 198.51.100.7 40000 192.0.2.26 22\n"
	       "unlabeled_t forward_in 192.0.2.26 22 198.51.100.7 40000\n"
	       "unlabeled_t forward_in 198.51.100.8 40000 192.0.2.25 22\n",
	       "# 2 packets (2 denied), unlabeled_t" BEYOND "\n"
	       "type ssh_forward_packet_t\n"
	       "forward ssh_forward_packet_t tcp 22 to 192.0.2.26 allow unlabeled_t\n");
	/* the new line would be for all sources */
	merges("forward ssh_server_packet_t tcp 22 from 10.0.0.0/8 to 192.0.2.25\n", "denied",
	       "unlabeled_t forward_in 198.51.100.7 40000 192.0.2.25 22\n",
	       "# 1 packet (1 denied), unlabeled_t" HELD "\n"
	       "# type ssh_forward_packet_t\n"
	       "# forward ssh_forward_packet_t tcp 22 to 192.0.2.25 allow unlabeled_t\n");
	merges("forward ssh_server_packet_t tcp 22 from 10.0.0.0/8\n", "granted",
	       "unlabeled_t forward_in 198.51.100.7 40000 192.0.2.25 22\n"
	       /* the same packet on its way out, and no packet */
	       "unlabeled_t forward_out 198.51.100.7 40000 192.0.2.25 22\n"
	       "unlabeled_t relabelto 198.51.100.7 40000 192.0.2.25 22\n",
	       "# 1 packet, unlabeled_t" BEYOND "\n"
	       "type ssh_forward_packet_t\n"
	       "forward ssh_forward_packet_t tcp 22 to 192.0.2.25 allow unlabeled_t\n");
	/* either direction of a line without ports */
	merges("forward icmp_packet_t icmp to 192.0.2.25\n", "denied",
	       "unlabeled_t forward_in 192.0.2.25 0 198.51.100.7 0\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_of_the_plan_are_a_border),
		cmocka_unit_test(forward_lines_are_merged),
	};

	return cmocka_run_group_tests(tests, open_merge_policy, close_merge_policy);
}
