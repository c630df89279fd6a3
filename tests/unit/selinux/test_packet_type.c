// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/nearest.h"
#include "selinux/packet_type.h"

static const char *const types[] = {
	"client_packet_t",      "dns_client_packet_t",    "dns_server_packet_t",
	"ftp_client_packet_t",  "ftp_server_packet_t",    "http_client_packet_t",
	"http_server_packet_t", "icmp_packet_t",          "mysqld_client_packet_t",
	"ping_packet_t",        "mysqld_server_packet_t", "packet_t",
	"server_packet_t",      "ssh_client_packet_t",    "ssh_server_packet_t",
};

static const struct {
	const char *want, *found;
} searches[] = {
	/* the names that tutorials carry about */
	{ "http_packet_t", "http_client_packet_t or http_server_packet_t" },
	{ "httpd_packet_t", "http_client_packet_t or http_server_packet_t" },
	{ "ssh_packet_t", "ssh_client_packet_t or ssh_server_packet_t" },
	{ "sshd_packet_t", "ssh_client_packet_t or ssh_server_packet_t" },
	{ "dns_packet_t", "dns_client_packet_t or dns_server_packet_t" },
	{ "icmp_client_packet_t", "icmp_packet_t" },
	{ "icmp_server_packet_t", "icmp_packet_t" },
	{ "mysqld_packet_t", "mysqld_client_packet_t or mysqld_server_packet_t" },
	/* the direction that was asked for */
	{ "httpd_client_packet_t", "http_client_packet_t" },
	{ "sshd_server_packet_t", "ssh_server_packet_t" },
	/* capitals */
	{ "HTTP_SERVER_PACKET_T", "http_server_packet_t" },
	{ "Ssh_Packet_t", "ssh_client_packet_t or ssh_server_packet_t" },
	/* types of other things: ports, domains, programs */
	{ "mysqld_port_t", "mysqld_client_packet_t or mysqld_server_packet_t" },
	{ "httpd_t", "http_client_packet_t or http_server_packet_t" },
	{ "sshd_exec_t", "ssh_client_packet_t or ssh_server_packet_t" },
	{ "http", "http_client_packet_t or http_server_packet_t" },
	{ "http_server", "http_server_packet_t" },
	/* slips, in the stem and in the rest */
	{ "htpp_server_packet_t", "http_server_packet_t" },
	{ "htpp_packet_t", "http_client_packet_t or http_server_packet_t" },
	{ "http_sevrer_packet_t", "http_server_packet_t" },
	{ "http_server_paket_t", "http_server_packet_t" },
	{ "sever_packet_t", "server_packet_t" },
	{ "HTPP_SERVER_PACKET_T", "http_server_packet_t" },
	/* what only looks alike */
	{ "proxy_client_packet_t", "" },
	{ "dmz_packet_t", "" },
	{ "my_server_packet_t", "" },
	{ "passing_packet_t", "" },
	{ "firewalld_exec_t", "" },
	{ "unlabeled_t", "" },
	{ "_t", "" },
	{ "", "" },
};

/* A line of one side. Its types come first, unless the name has the other side. */
static const struct {
	const char *want, *found;
	enum packet_side side;
} sided[] = {
	{ "http_packet_t", "http_server_packet_t", PACKET_SERVER },
	{ "httpd_t", "http_client_packet_t", PACKET_CLIENT },
	{ "http_client", "http_client_packet_t", PACKET_SERVER },
	{ "htpp_packet_t", "http_server_packet_t", PACKET_SERVER },
	{ "icmp_port_t", "icmp_packet_t", PACKET_SERVER },
};

static void search_type(const char *want, enum packet_side side, const char *found)
{
	struct nearest n = NEAREST(want);
	char list[128];
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		packet_type_offer(&n, types[i], side);
	nearest_format(&n, list, sizeof(list));
	if (strcmp(list, found) != 0)
		fail_msg("%s: '%s', not '%s'", want, list, found);
}

static void a_type_of_the_same_stem_comes_before_one_that_looks_alike(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(searches) / sizeof(searches[0]); i++)
		search_type(searches[i].want, PACKET_ANY_SIDE, searches[i].found);
}

static void a_type_of_the_lines_side_comes_first(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sided) / sizeof(sided[0]); i++)
		search_type(sided[i].want, sided[i].side, sided[i].found);
}

static void overlong_types_are_passed_over(void **state)
{
	char name[200];
	struct nearest n = NEAREST(name);

	(void)state;
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	packet_type_offer(&n, name, PACKET_ANY_SIDE);
	packet_type_offer(&n, "http_packet_t", PACKET_ANY_SIDE);
	assert_int_equal(n.count, 0);
	n.want = "http_packet_t";
	packet_type_offer(&n, name, PACKET_ANY_SIDE);
	assert_int_equal(n.count, 0);
}

static bool is_alike(const char *want)
{
	struct nearest n = NEAREST(want);
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		packet_type_offer(&n, types[i], PACKET_ANY_SIDE);
	return packet_type_is_alike(&n);
}

static void what_only_looks_alike_is_told_apart(void **state)
{
	(void)state;
	assert_false(is_alike("http_port_t"));
	assert_false(is_alike("sshd_t"));
	assert_false(is_alike("icmp_client_packet_t"));
	assert_false(is_alike("named_t"));
	assert_true(is_alike("htpp_port_t"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_type_of_the_same_stem_comes_before_one_that_looks_alike),
		cmocka_unit_test(a_type_of_the_lines_side_comes_first),
		cmocka_unit_test(what_only_looks_alike_is_told_apart),
		cmocka_unit_test(overlong_types_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
