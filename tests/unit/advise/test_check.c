// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "advise/check.h"
#include "advise/check_dump.h"
#include "plan/plan.h"
#include "selinux/context.h"
#include "selinux/oracle.h"

/* A policy with the types a_t and b_t, and how often it was asked. */
struct small {
	struct oracle oracle;
	unsigned int asked;
	int silent; /* -errno to answer with, or 0 */
	bool no_other_uses;
};

static int check_valid(struct oracle *o, const char *context)
{
	struct small *s = (struct small *)o;

	s->asked++;
	if (s->silent)
		return s->silent;
	return !strcmp(context, "u:r:a_t:s0") || !strcmp(context, "u:r:b_t:s0") ||
	       !strcmp(context, "u:r:a_t:s1") || !strcmp(context, "u:object_r:a_t:s0");
}

static int check_base(struct oracle *o, char *context)
{
	struct small *s = (struct small *)o;

	strcpy(context, "u:r:a_t:s0");
	return s->silent;
}

static int check_type_has(struct oracle *o, const char *type, const char *attribute)
{
	struct small *s = (struct small *)o;

	if (!strcmp(attribute, "packet_type"))
		return !strcmp(type, "a_t");
	return s->no_other_uses ? -ENOENT : !strcmp(attribute, "domain");
}

static int check_no_names(struct oracle *o, enum oracle_names what, const char *attribute,
			  void (*fn)(void *arg, const char *name), void *arg)
{
	(void)o;
	(void)what;
	(void)attribute;
	(void)fn;
	(void)arg;
	return -EACCES;
}

static int check_no_ports(struct oracle *o, void (*fn)(void *arg, const struct oracle_ports *ports),
			  void *arg)
{
	(void)o;
	(void)fn;
	(void)arg;
	return -EACCES;
}

/* it is on the stack */
static void check_oracle_end(struct oracle *o)
{
	(void)o;
}

static const struct oracle_ops ops = { .valid = check_valid,
				       .base = check_base,
				       .type_has = check_type_has,
				       .names = check_no_names,
				       .ports = check_no_ports,
				       .free = check_oracle_end };

static struct small check_policy(int silent)
{
	return (struct small){ .oracle = { .ops = &ops, .policy = "the policy" },
			       .silent = silent };
}

static void check_read_text(const char *text, struct plan *plan)
{
	struct diag diag = { 0 };

	assert_int_equal(plan_parse("test", text, strlen(text), plan, &diag), 0);
	diag_free(&diag);
}

static void labels_become_contexts(void **state)
{
	static const char *const contexts[] = {
		"u:r:a_t:s0", "u:r:a_t:s1",   "u:r:a_t:s0",
		"u:r:a_t:s1", "u:r:new_t:s0", "u:r:new_t:s1",
	};
	struct small s = check_policy(0);
	struct diag diag = { 0 };
	struct check c = { .oracle = &s.oracle, .diag = &diag };
	struct plan plan;
	size_t i;

	(void)state;
	check_read_text(
		"type new_t\nserver a_t tcp 1\nserver a_t tcp 2 level s1\nserver u:r:a_t:s0 tcp "
		"3\n"
		"server u:r:a_t tcp 4 level s1\nserver new_t tcp 5\nclient new_t tcp 6 level "
		"s1\n",
		&plan);
	assert_int_equal(check_plan(&c, &plan), 0);
	assert_int_equal(diag.n, 0);
	for (i = 0; i < 6; i++)
		assert_string_equal(plan.lines[i].label.context, contexts[i]);
	assert_int_equal(c.contexts, 6);
	/* again: what was filled in does not leak */
	assert_int_equal(check_plan(&c, &plan), 0);
	plan_free(&plan);
	oracle_free(&s.oracle);
	diag_free(&diag);
}

static void each_context_is_asked_for_once(void **state)
{
	static const char line[] = "-A X -j SECMARK --selctx u:r:a_t:s0\n";
	char text[20 * sizeof(line) + 8] = "*t\n";
	struct small s = check_policy(0);
	struct diag diag = { 0 };
	struct check c = { .oracle = &s.oracle, .diag = &diag };
	int i;

	(void)state;
	for (i = 0; i < 20; i++)
		strcat(text, line);
	assert_int_equal(check_iptables(&c, "test", text, strlen(text)), 0);
	assert_int_equal(c.contexts, 20);
	assert_int_equal(s.asked, 1);
	oracle_free(&s.oracle);
	diag_free(&diag);
}

static void what_is_wrong_is_told_wherever_it_stands(void **state)
{
	static const char text[] = "*t\n-A X -j SECMARK --selctx u:r:x_t:s0\n"
				   "-A X --jump=SECMARK2 --selctx=u:r:x_t:s0\n-A X -m secmark2 "
				   "--selctx u:r:b_t:s0 -j ACCEPT\n";
	struct small s = check_policy(0);
	struct diag diag = { 0 };
	struct check c = { .oracle = &s.oracle, .diag = &diag };

	(void)state;
	s.no_other_uses = true;
	assert_int_equal(check_iptables(&c, "test", text, strlen(text)), -EINVAL);
	assert_int_equal(diag.n, 3);
	assert_int_equal(diag.errors, 2);
	assert_int_equal(diag.v[1].pos.line, 3);
	assert_int_equal(diag.v[1].pos.col, 31);
	assert_string_equal(diag.v[1].what, "type 'x_t' is not in the policy");
	assert_string_equal(diag.v[2].what, "type 'b_t' lacks the attribute packet_type");
	oracle_free(&s.oracle);
	diag_free(&diag);
}

static void a_policy_without_other_uses_refuses_no_type(void **state)
{
	struct small s = check_policy(0);
	struct diag diag = { 0 };
	struct check c = { .oracle = &s.oracle, .diag = &diag };
	struct plan plan;

	(void)state;
	check_read_text("server u:r:b_t:s0 tcp 1\nserver u:r:a_t:s0 tcp 2\n", &plan);
	s.no_other_uses = true;
	assert_int_equal(check_plan(&c, &plan), 0);
	assert_int_equal(diag.n, 1);
	assert_string_equal(diag.v[0].what, "type 'b_t' lacks the attribute packet_type");
	s.no_other_uses = false;
	/* what carries packet_type is for packets, whatever else it is for */
	assert_int_equal(check_plan(&c, &plan), -EINVAL);
	assert_int_equal(diag.n, 2);
	assert_int_equal(diag.errors, 1);
	assert_string_equal(diag.v[1].what, "type 'b_t' is a domain, not a type of packets");
	plan_free(&plan);
	oracle_free(&s.oracle);
	diag_free(&diag);
}

static void words_of_other_matches_and_targets_are_not_judged(void **state)
{
	static const char text[] = "*t\n-A X -m string --string --selctx --algo bm -jSECMARK "
				   "--selctx u:r:a_t:s0\n"
				   "-A X -j NFLOG --nflog-prefix --seltype --nflog-group 1\n-A X "
				   "-j LOG --log-prefix --selctx --log-level 1\n"
				   "-A X -m comment --comment --selctx -m secmark2 --conn --selctx "
				   "u:r:a_t:s0 -m string --string --seltype -j ACCEPT\n"
				   "-A X -j SECMARK --selctx u:r:a_t:s0 -m string --string "
				   "--selctx --algo bm\n";
	struct small s = check_policy(0);
	struct diag diag = { 0 };
	struct check c = { .oracle = &s.oracle, .diag = &diag };

	(void)state;
	assert_int_equal(check_iptables(&c, "test", text, strlen(text)), 0);
	assert_int_equal(c.contexts, 3);
	assert_int_equal(diag.n, 0);
	oracle_free(&s.oracle);
	diag_free(&diag);
}

static void who_does_not_know_refuses_nothing(void **state)
{
	struct small s = check_policy(-EACCES);
	struct diag diag = { 0 };
	struct check c = { .oracle = &s.oracle, .diag = &diag };
	struct plan plan;

	(void)state;
	check_read_text("server x_t tcp 1\nserver u:r:x_t tcp 2\nserver u:r:x_t tcp 3 level s3\n",
			&plan);
	assert_int_equal(check_plan(&c, &plan), 0);
	assert_int_equal(diag.n, 0);
	assert_int_equal(c.contexts, 3);
	assert_int_equal(c.unknown, 3);
	assert_int_equal(c.why_unknown, -EACCES);
	assert_null(plan.lines[0].label.context);
	assert_string_equal(plan.lines[2].label.context, "u:r:x_t:s3");
	plan_free(&plan);
	oracle_free(&s.oracle);
	diag_free(&diag);
}

static void a_level_that_is_too_long_for_a_rule_is_an_error(void **state)
{
	char text[512] = "server a_t tcp 1 level s0:c1";
	struct small s = check_policy(0);
	struct diag diag = { 0 };
	struct check c = { .oracle = &s.oracle, .diag = &diag };
	struct plan plan;

	(void)state;
	while (strlen(text) < 265)
		strcat(text, ",c1");
	check_read_text(text, &plan);
	assert_int_equal(check_plan(&c, &plan), -EINVAL);
	assert_int_equal(diag.errors, 1);
	plan_free(&plan);
	oracle_free(&s.oracle);
	diag_free(&diag);
}

static const struct {
	const char *text;
	enum check_format format;
} recognised[] = {
	{ "# x\n\n  *mangle\n", CHECK_IPTABLES },
	{ ":INPUT ACCEPT\n", CHECK_IPTABLES },
	{ "{\"nftables\"", CHECK_NFT },
	{ " \n {", CHECK_NFT },
	{ "table inet x {", CHECK_NFT },
	{ "table x {", CHECK_NFT },
	{ "table x{ }", CHECK_NFT },
	{ "flush ruleset", CHECK_NFT },
	{ "add table x", CHECK_NFT },
	{ "define a = b", CHECK_NFT },
	{ "table inet x", CHECK_NFT },
	{ "table security {", CHECK_NFT },
	{ "#!/usr/sbin/nft -f\n\n", CHECK_NFT },
	{ "include \"x\"\ntable x {", CHECK_NFT },
	/* nothing shows which format it is, but only a plan reports that it cannot be read
	 */
	{ "include \"x\"", CHECK_PLAN },
	{ "include \"x\"\nserver a_t tcp", CHECK_PLAN },
	{ "table security forward", CHECK_PLAN },
	{ "table security // ours", CHECK_PLAN },
	{ "add webserver_t tcp 80", CHECK_PLAN },
	{ "table ip", CHECK_PLAN },
	{ "\x7f"
	  "ELF",
	  CHECK_PLAN },
	{ "table mangle", CHECK_PLAN },
	{ "table mangle # {", CHECK_PLAN },
	{ "include x", CHECK_PLAN },
	{ "include *.plan", CHECK_PLAN },
	{ "include */10-a.plan", CHECK_PLAN },
	{ "client * tcp 80", CHECK_PLAN },
	{ "server -A", CHECK_PLAN },
	{ "cat *.rules", CHECK_COMMANDS },
	{ "#!/bin/bash\n", CHECK_COMMANDS },
	{ "#!/bin/sh\nserver a_t tcp\n", CHECK_COMMANDS },
	{ "#!/usr/bin/secmarkctl apply\nserver a_t tcp\n", CHECK_PLAN },
	{ "#!/sbin/iptables-restore\n", CHECK_IPTABLES },
	{ "# x\n#!/bin/sh\n", CHECK_PLAN },
	{ "set -e\n", CHECK_COMMANDS },
	{ "IPT=/sbin/iptables\n", CHECK_COMMANDS },
	{ "$IPT -F\n", CHECK_COMMANDS },
	{ "$ sudo iptables -F\n", CHECK_COMMANDS },
	{ "echo rules\n/usr/sbin/iptables -F\n", CHECK_COMMANDS },
	{ "for p in 80 443; do\n", CHECK_COMMANDS },
	{ "if true\n", CHECK_COMMANDS },
	{ "allow_port -A INPUT -j ACCEPT\n", CHECK_COMMANDS },
	{ "-P INPUT ACCEPT\n-N X\n", CHECK_COMMANDS },
	{ "-N X\n", CHECK_COMMANDS },
	{ "-F\n", CHECK_COMMANDS },
	{ "Chain INPUT (policy ACCEPT)\n", CHECK_COMMANDS },
	{ "<?xml version=\"1.0\"?>\n<direct>\n", CHECK_COMMANDS },
	{ "open 80\nopen 443\n\nshut 22\n", CHECK_COMMANDS },
	{ "open 80\nopen 443\n*mangle\n", CHECK_IPTABLES },
	{ "open 80\nopen 443\nserver a_t tcp 80\n", CHECK_PLAN },
	{ "open 80\nopen 443\n", CHECK_PLAN },
	{ "sever a_t tcp 1\nopen 80\nopen 443\nopen 22\n", CHECK_PLAN },
	{ "SERVER a_t tcp 1\nopen 80\nopen 443\nopen 22\n", CHECK_PLAN },
	{ "from 10.0.0.0/8\nopen 80\nopen 443\nopen 22\n", CHECK_PLAN },
	{ "include -j x\n", CHECK_PLAN },
	{ "rule -A INPUT", CHECK_COMMANDS },
	{ "server a_t tcp", CHECK_PLAN },
	{ "", CHECK_PLAN },
	{ "# x", CHECK_PLAN },
	{ "table", CHECK_PLAN },
};

static void texts_are_recognised(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(recognised) / sizeof(recognised[0]); i++)
		if (check_recognise(recognised[i].text, strlen(recognised[i].text)) !=
		    recognised[i].format)
			fail_msg("'%s' is not recognised", recognised[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_become_contexts),
		cmocka_unit_test(each_context_is_asked_for_once),
		cmocka_unit_test(what_is_wrong_is_told_wherever_it_stands),
		cmocka_unit_test(a_policy_without_other_uses_refuses_no_type),
		cmocka_unit_test(words_of_other_matches_and_targets_are_not_judged),
		cmocka_unit_test(who_does_not_know_refuses_nothing),
		cmocka_unit_test(a_level_that_is_too_long_for_a_rule_is_an_error),
		cmocka_unit_test(texts_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
