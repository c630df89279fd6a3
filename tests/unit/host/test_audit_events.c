// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/audit_events.h"

#define AUDIT "audit(1764454000.123:45): "

static void audit_says(const char *text, uint32_t pid, const char *name)
{
	struct rule_writer writer = { 1, "untouched" };

	assert_true(audit_events_parse(text, &writer));
	assert_int_equal(writer.pid, pid);
	assert_string_equal(writer.name, name);
}

static void the_writer_is_named(void **state)
{
	(void)state;
	audit_says(AUDIT "table=security:5 family=2 entries=10 op=xt_replace pid=123 "
			 "subj=unconfined_u:unconfined_r:unconfined_t:s0 comm=\"iptables\"",
		   123, "iptables");
	audit_says(AUDIT "table=mangle:5 family=10 entries=10 op=xt_replace pid=7 subj=x "
			 "comm=6120622229",
		   7, "a b\")");
	/* before Linux 5.8 */
	audit_says(AUDIT "table=security family=2 entries=4 op=xt_replace", 0, "");
	/* cut off */
	audit_says(AUDIT "table=security:5 family=2 entries=4 op=xt_replace pid=9 comm=\"ipt", 9,
		   "ipt");
	audit_says(AUDIT "table=security:5 family=2 entries=4 op=xt_replace pid=9 comm=6", 9, "");
	audit_says(AUDIT "table=security:5 family=2 op=xt_replace pid=9 "
			 "comm=41414141414141414141414141414141414141414141",
		   9, "AAAAAAAAAAAAAAAA");
}

/* Whoever has a network namespace may give tables of nf_tables any name. */
static void nobody_can_forge_a_record(void **state)
{
	static const char *const forged[] = {
		AUDIT "table=security:5 family=2 entries=1 op=xt_replace pid=1 comm=\"systemd\":7 "
		      "family=2 entries=1 op=nft_register_table pid=66 subj=x comm=\"nft\"",
		AUDIT "table=security op=replace:7 family=2 entries=1 op=nft_register_chain pid=66 "
		      "subj=x comm=\"nft\"",
		AUDIT "table=securityx:7 family=2 entries=1 op=xt_replace pid=66 comm=\"x\"",
		AUDIT "table=security:x family=2 entries=1 op=xt_replace pid=66 comm=\"x\"",
		AUDIT "table=mangle: family=2 entries=1 op=xt_replace pid=66 comm=\"x\"",
	};
	struct rule_writer writer = { 5, "same" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(forged) / sizeof(forged[0]); i++)
		assert_false(audit_events_parse(forged[i], &writer));
	assert_int_equal(writer.pid, 5);
	assert_string_equal(writer.name, "same");
	/* the kernel's own fields come last */
	audit_says(AUDIT "table=security:5 pid=1 comm=\"systemd\" op=xt_unregister family=2 "
			 "entries=1 op=xt_replace pid=66 subj=x comm=\"iptables\"",
		   66, "iptables");
}

static void other_records_do_not_count(void **state)
{
	static const char *const others[] = {
		AUDIT "table=nat:5 family=2 entries=10 op=xt_replace pid=123 comm=\"iptables\"",
		AUDIT
		"table=security:5 family=2 entries=10 op=nft_register_rule pid=1 comm=\"nft\"",
		AUDIT "table=security:5 family=2 entries=10",
		AUDIT "stable=security op=xt_replace",
		"",
	};
	struct rule_writer writer = { 5, "same" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(audit_events_parse(others[i], &writer));
	assert_int_equal(writer.pid, 5);
	assert_string_equal(writer.name, "same");
}

static void what_has_come_is_read_without_a_wait(void **state)
{
	struct {
		struct nlmsghdr header;
		char text[128];
	} record = { .text = AUDIT "table=security:5 family=2 entries=10 op=xt_replace pid=123 "
				   "comm=\"iptables\"" };
	struct rule_writer writer = { 1, "untouched" };
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, fds), 0);
	assert_int_equal(audit_events_read(fds[0], &writer), 0);
	assert_int_equal(writer.pid, 1);
	assert_int_equal(send(fds[1], &record, sizeof(record), 0), sizeof(record));
	assert_int_equal(audit_events_read(fds[0], &writer), 1);
	assert_int_equal(writer.pid, 123);
	close(fds[0]);
	close(fds[1]);
	/* as if the policy had forbidden it since: nothing can be read any more */
	assert_int_equal(audit_events_read(fds[0], &writer), -EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_writer_is_named),
		cmocka_unit_test(nobody_can_forge_a_record),
		cmocka_unit_test(other_records_do_not_count),
		cmocka_unit_test(what_has_come_is_read_without_a_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
