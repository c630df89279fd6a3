// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xtables/table_text.h"

/* The loaded rules, the wanted rules, and the text for iptables-restore; NULL: none, they are the
 * same. */
struct change {
	const char *have, *want, *told;
};

#define HEAD \
	"# Generated\n*nat\n:SECMARK2-OTHER - [0:0]\nCOMMIT\n*security\n:INPUT ACCEPT [5:300]\n"
#define TAIL "COMMIT\n*mangle\n:SECMARK2-MANGLE - [0:0]\n-A INPUT -j SECMARK2-MANGLE\nCOMMIT\n"

static const struct change changes[] = {
	/* nothing there yet */
	{ HEAD TAIL,
	  HEAD ":SECMARK2-B - [0:0]\n:SECMARK2-A - [0:0]\n-A INPUT -j SECMARK2-B\n-A SECMARK2-B -g "
	       "SECMARK2-A\n" TAIL,
	  "*security\n:SECMARK2-A - [0:0]\n:SECMARK2-B - [0:0]\n-A SECMARK2-B -g SECMARK2-A\n-I "
	  "INPUT 1 -j SECMARK2-B\n"
	  "COMMIT\n" },
	/* our old rules keep their place among others' rules */
	{ HEAD "-A FOO -j ACCEPT\n-A INPUT -p tcp\n-A INPUT -p udp\n" TAIL,
	  HEAD ":SECMARK2-A - [0:0]\n-A FOO -j ACCEPT\n-A INPUT -p tcp\n-A INPUT -i x -j "
	       "SECMARK2-A\n-A INPUT -p udp\n" TAIL,
	  "*security\n:SECMARK2-A - [0:0]\n-I INPUT 2 -i x -j SECMARK2-A\nCOMMIT\n" },
	/* the same, in any order of the chains, and also with others' rules there */
	{ HEAD ":SECMARK2-A - [0:0]\n:SECMARK2-B - [7:8]\n-A INPUT -j ACCEPT\n-A INPUT -i eth0 -j "
	       "SECMARK2-B\n"
	       "-A SECMARK2-A -j RETURN\n-A SECMARK2-B -g SECMARK2-A\n" TAIL,
	  HEAD ":SECMARK2-B - [0:0]\n:SECMARK2-A - [0:0]\n-A INPUT -j SECMARK2-B\n-A SECMARK2-B -g "
	       "SECMARK2-A\n"
	       "-A SECMARK2-A -j RETURN\n" TAIL,
	  NULL },
	/* a rule's place counts */
	{ HEAD ":SECMARK2-A - [0:0]\n-A SECMARK2-A -i x\n-A SECMARK2-A -i y\n" TAIL,
	  HEAD ":SECMARK2-A - [0:0]\n-A SECMARK2-A -i y\n-A SECMARK2-A -i x\n" TAIL,
	  "*security\n:SECMARK2-A - [0:0]\n-A SECMARK2-A -i y\n-A SECMARK2-A -i x\nCOMMIT\n" },
	/* a chain goes, and the jumps to it; the remaining jump keeps its place */
	{ HEAD ":SECMARK2-A - [0:0]\n:SECMARK2-AB - [0:0]\n-A INPUT -i eth0 -j SECMARK2-A\n-A FOO "
	       "-m comment "
	       "--comment \"a -j b\" -g SECMARK2-AB\n-A SECMARK2-A -j SECMARK2-AB\n" TAIL,
	  HEAD ":SECMARK2-A - [0:0]\n-A INPUT -j SECMARK2-A\n" TAIL,
	  "*security\n:SECMARK2-A - [0:0]\n:SECMARK2-AB - [0:0]\n-D FOO -m comment --comment \"a "
	  "-j b\" -g SECMARK2-AB\n"
	  "-X SECMARK2-AB\nCOMMIT\n" },
	/* others have moved the jump to a chain of theirs, which is jumped to: both stay */
	{ HEAD ":SECMARK2-A - [0:0]\n:MINE - [0:0]\n-A INPUT -i eth0 -j MINE\n-A MINE -j "
	       "SECMARK2-A\n" TAIL,
	  HEAD ":SECMARK2-A - [0:0]\n-A INPUT -j SECMARK2-A\n" TAIL, NULL },
	/* no rule jumps to that chain: the jump stays, and does not count */
	{ HEAD ":SECMARK2-A - [0:0]\n:MINE - [0:0]\n-A OUTPUT -j MINE\n-A MINE -j "
	       "SECMARK2-A\n" TAIL,
	  HEAD ":SECMARK2-A - [0:0]\n-A INPUT -j SECMARK2-A\n" TAIL,
	  "*security\n:SECMARK2-A - [0:0]\n-I INPUT 1 -j SECMARK2-A\nCOMMIT\n" },
	/* the jump goes with its chain */
	{ HEAD ":SECMARK2-A - [0:0]\n:MINE - [0:0]\n-A INPUT -j MINE\n-A MINE -j SECMARK2-A\n" TAIL,
	  "", "*security\n:SECMARK2-A - [0:0]\n-D MINE -j SECMARK2-A\n-X SECMARK2-A\nCOMMIT\n" },
	/* a protocol by another name: iptables-save asks protocols(5), which differs between
	 * machines */
	{ HEAD
	  ":SECMARK2-A - [0:0]\n-A SECMARK2-A -s 10.0.0.0/8 -p gre -g SECMARK2-B\n-A SECMARK2-A "
	  "-p ipencap -g SECMARK2-B\n-A SECMARK2-A -p dccp -m multiport --dports 5 -j RETURN\n"
	  "-A SECMARK2-A -p icmpv6 -j RETURN\n-A SECMARK2-A -i eth-p -p udp -j RETURN\n" TAIL,
	  HEAD
	  ":SECMARK2-A - [0:0]\n-A SECMARK2-A -s 10.0.0.0/8 -p 47 -g SECMARK2-B\n-A SECMARK2-A "
	  "-p 4 -g SECMARK2-B\n-A SECMARK2-A -p 33 -m multiport --dports 5 -j RETURN\n"
	  "-A SECMARK2-A -p ipv6-icmp -j RETURN\n-A SECMARK2-A -i eth-p -p udp -j RETURN\n" TAIL,
	  NULL },
	{ HEAD ":SECMARK2-A - [0:0]\n-A SECMARK2-A -p gre -j RETURN\n" TAIL,
	  HEAD ":SECMARK2-A - [0:0]\n-A SECMARK2-A -p 50 -j RETURN\n" TAIL,
	  "*security\n:SECMARK2-A - [0:0]\n-A SECMARK2-A -p 50 -j RETURN\nCOMMIT\n" },
	/* all goes */
	{ HEAD ":SECMARK2-A - [0:0]\n-A INPUT -j SECMARK2-A\n-A INPUT -p tcp\n" TAIL, "",
	  "*security\n:SECMARK2-A - [0:0]\n-D INPUT -j SECMARK2-A\n-X SECMARK2-A\nCOMMIT\n" },
};

static void only_what_differs_is_told(void **state)
{
	struct table_text have, want;
	char *text;
	size_t i, len;
	FILE *out;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		table_text_read(changes[i].have, "security", &have);
		table_text_read(changes[i].want, "security", &want);
		assert_int_equal(table_text_same(&have, &want), !changes[i].told);
		out = open_memstream(&text, &len);
		table_text_change(&have, &want, true, out);
		fclose(out);
		if (changes[i].told)
			assert_string_equal(text, changes[i].told);
		free(text);
		table_text_free(&have);
		table_text_free(&want);
	}
}

static const struct {
	const char *rules;
	bool shared;
	const char *ends, *condition;
} foreign[] = {
	{ "", false, NULL, NULL },
	{ "-A INPUT -j SECMARK2-INPUT\n", false, NULL, NULL },
	{ "-A INPUT -p tcp -j ACCEPT\n", true, "-A INPUT -p tcp -j ACCEPT", NULL },
	{ "-A OUTPUT -p tcp -j ACCEPT\n", false, NULL, NULL },
	{ "-A INPUT -p tcp -j MARK --set-xmark 0x1/0x1\n", true, NULL, NULL },
	{ "-A INPUT -j SECMARK2-INPUT\n-A INPUT -j DROP\n", true, NULL, NULL },
	{ "-A INPUT -p tcp -j FOO\n-A FOO -j BAR\n-A BAR -j REJECT --reject-with x\n", true,
	  "-A INPUT -p tcp -j FOO", NULL },
	{ "-A INPUT -m comment --comment \"x -j DROP\" -j FOO\n", true, NULL, NULL },
	/* RETURN in a built-in chain only ends it */
	{ "-A INPUT -p tcp -j RETURN\n-A INPUT -j SECMARK2-INPUT\n", true,
	  "-A INPUT -p tcp -j RETURN", NULL },
	{ "-A INPUT -j FOO\n-A FOO -p tcp -j RETURN\n-A INPUT -j SECMARK2-INPUT\n", true, NULL,
	  NULL },
	{ "-A INPUT -p tcp -g FOO\n-A INPUT -j SECMARK2-INPUT\n", true, "-A INPUT -p tcp -g FOO",
	  NULL },
	{ "-A INPUT -g FOO\n-A FOO -j SECMARK2-INPUT\n", true, NULL, NULL },
	{ "-A INPUT -j TPROXY --on-port 1\n", true, "-A INPUT -j TPROXY --on-port 1", NULL },
	{ "-A INPUT -j SECMARK2 --selctx a:b:c --accept\n", true,
	  "-A INPUT -j SECMARK2 --selctx a:b:c --accept", NULL },
	/* a conditional jump leaves all other packets to the rules after it */
	{ "-A INPUT -i eth9 -j SECMARK2-INPUT\n-A INPUT -j DROP\n", true, "-A INPUT -j DROP",
	  "-A INPUT -i eth9 -j SECMARK2-INPUT" },
	{ "-A INPUT -i eth9 -j SECMARK2-INPUT\n-A INPUT -j SECMARK2-INPUT\n", false, NULL, NULL },
};

static void rules_of_others_are_seen(void **state)
{
	struct table_text saved;
	const char *ends, *condition;
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		snprintf(text, sizeof(text), "*security\n:INPUT ACCEPT [0:0]\n%sCOMMIT\n",
			 foreign[i].rules);
		table_text_read(text, "security", &saved);
		assert_int_equal(table_text_shared(&saved, "INPUT"), foreign[i].shared);
		ends = table_text_ends_before(&saved, "INPUT");
		assert_int_equal(!ends, !foreign[i].ends);
		if (ends)
			assert_string_equal(ends, foreign[i].ends);
		condition = table_text_condition(&saved, "INPUT");
		assert_int_equal(!condition, !foreign[i].condition);
		if (condition)
			assert_string_equal(condition, foreign[i].condition);
		table_text_free(&saved);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_differs_is_told),
		cmocka_unit_test(rules_of_others_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
