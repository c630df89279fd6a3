// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_writer_is_named),
		cmocka_unit_test(nobody_can_forge_a_record),
		cmocka_unit_test(other_records_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
