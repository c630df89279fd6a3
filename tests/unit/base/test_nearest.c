// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/nearest.h"

/* A wanted name, the existing names, and the result. */
struct search {
	const char *want;
	const char *names[6];
	const char *found;
};

static const struct search searches[] = {
	/* replaced, left out, inserted, swapped: one each */
	{ "htpp_t", { "http_t", "ftp_t" }, "http_t" },
	{ "hhttp_t", { "http_t" }, "http_t" },
	{ "htt_packet_t", { "http_packet_t" }, "http_packet_t" },
	{ "htpt_packet_t", { "hxxt_packet_t", "http_packet_t" }, "http_packet_t" },
	/* a nearer name drives out those before it */
	{ "aaaabbbb", { "aaaabbcc", "aaaabbbc" }, "aaaabbbc" },
	/* as near: in the order of the alphabet, three at most */
	{ "type_x", { "type_d", "type_b", "type_c", "type_a" }, "type_a, type_b or type_c" },
	{ "type_x", { "type_b", "type_a" }, "type_a or type_b" },
	/* too far, or too short to tell */
	{ "http_server_t", { "mail_client_t" }, "" },
	{ "ab", { "ac" }, "" },
	{ "abc", { "abd" }, "abd" },
	{ "http_t", { "http_server_packet_t" }, "" },
};

static void the_names_most_alike_are_found(void **state)
{
	char list[64];
	unsigned int i, j;

	(void)state;
	for (i = 0; i < sizeof(searches) / sizeof(searches[0]); i++) {
		struct nearest n = NEAREST(searches[i].want);

		for (j = 0; j < 6 && searches[i].names[j]; j++)
			nearest_offer(&n, searches[i].names[j]);
		nearest_format(&n, list, sizeof(list));
		assert_string_equal(list, searches[i].found);
	}
}

static void overlong_names_are_passed_over(void **state)
{
	char name[200];
	struct nearest n = NEAREST(name);

	(void)state;
	memset(name, 'x', sizeof(name));
	name[128] = '\0';
	nearest_offer(&n, name);
	assert_int_equal(n.count, 0);
	name[127] = '\0';
	nearest_offer(&n, name);
	assert_int_equal(n.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_names_most_alike_are_found),
		cmocka_unit_test(overlong_names_are_passed_over),
	};

	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
