// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "selinux/context.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"

static int open_mls(void **state)
{
	struct err err;

	return oracle_file_open("mls.pol", "the policy", (struct oracle **)state, &err);
}

static int close_mls(void **state)
{
	oracle_free(*state);
	return 0;
}

static void collect(void *arg, const char *name)
{
	strcat(arg, name);
	strcat(arg, " ");
}

static void packet_types_are_listed_without_attributes(void **state)
{
	struct oracle *o = *state;
	char all[256] = "", none[256] = "";

	assert_int_equal(o->ops->names(o, ORACLE_TYPES, "packet_type", collect, all), 0);
	assert_string_equal(all, "http_server_packet_t http_client_packet_t ssh_server_packet_t "
				 "dns_packet_t ");
	assert_int_equal(o->ops->names(o, ORACLE_TYPES, "no_such_attribute", collect, none),
			 -ENOENT);
	assert_string_equal(none, "");
}

static void attributes_of_types_are_known(void **state)
{
	struct oracle *o = *state;

	assert_int_equal(o->ops->type_has(o, "dns_packet_t", "packet_type"), 1);
	assert_int_equal(o->ops->type_has(o, "kernel_t", "packet_type"), 0);
	assert_int_equal(o->ops->type_has(o, "dns_packet_t", "no_such_attribute"), -ENOENT);
	assert_int_equal(o->ops->type_has(o, "no_such_type_t", "packet_type"), -ENOENT);
}

static void the_base_context_is_that_of_ports(void **state)
{
	struct oracle *o = *state;
	char base[CONTEXT_LEN_MAX + 1];

	assert_int_equal(o->ops->base(o, base), 0);
	assert_string_equal(base, "system_u:object_r:port_t:s0");
}

/* An oracle that can list nothing, as a kernel without the permission read_policy. */
static int refuse_role(struct oracle *o, const char *user, const char *role, const char *type)
{
	(void)o, (void)user, (void)role, (void)type;
	return -EACCES;
}

static int refuse_names(struct oracle *o, enum oracle_names what, const char *attribute,
			void (*fn)(void *arg, const char *name), void *arg)
{
	(void)o, (void)what, (void)attribute, (void)fn, (void)arg;
	return -EACCES;
}

static void expect_fault(struct oracle *o, const char *text, const char *what, const char *hint)
{
	struct context ctx;
	struct err err;

	assert_int_equal(context_parse(text, &ctx, &err), 0);
	assert_int_equal(oracle_judge(o, &ctx, &err), -EINVAL);
	assert_string_equal(err.what, what);
	assert_string_equal(err.hint, hint);
}

static void the_wrong_field_is_found_without_reading_the_policy(void **state)
{
	struct oracle *o = *state;
	const struct oracle_ops *known = o->ops;
	struct oracle_ops ops = *known;

	ops.role = refuse_role;
	ops.names = refuse_names;
	o->ops = &ops;
	expect_fault(o, "system_u:object_r:htpp_server_packet_t:s0",
		     "type 'htpp_server_packet_t' is not in the policy", "");
	expect_fault(o, "sytem_u:object_r:dns_packet_t:s0", "user 'sytem_u' is not in the policy",
		     "");
	expect_fault(o, "system_u:guest_r:guest_t:s0",
		     "role 'guest_r' is unknown, or does not go with user 'system_u', type "
		     "'guest_t' and this level",
		     "packets have the role object_r");
	o->ops = known;
}

static int unknown(struct oracle *o, const char *context)
{
	(void)o, (void)context;
	return -EACCES;
}

static void an_oracle_that_does_not_know_neither_accepts_nor_blames(void **state)
{
	struct oracle *o = *state;
	const struct oracle_ops *known = o->ops;
	struct oracle_ops ops = *known;
	struct context ctx;
	struct err err;

	ops.valid = unknown;
	o->ops = &ops;
	assert_int_equal(context_parse("system_u:object_r:dns_packet_t:s0", &ctx, &err), 0);
	assert_int_equal(oracle_judge(o, &ctx, &err), -EACCES);
	o->ops = known;
}

static void a_file_that_is_not_there_is_named(void **state)
{
	struct oracle *o = NULL;
	struct err err;

	(void)state;
	assert_int_equal(oracle_file_open("no/such.pol", "the policy", &o, &err), -ENOENT);
	assert_string_equal(err.what, "no/such.pol: No such file or directory");
	assert_null(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(packet_types_are_listed_without_attributes,
						open_mls, close_mls),
		cmocka_unit_test_setup_teardown(attributes_of_types_are_known, open_mls, close_mls),
		cmocka_unit_test_setup_teardown(the_base_context_is_that_of_ports, open_mls,
						close_mls),
		cmocka_unit_test_setup_teardown(the_wrong_field_is_found_without_reading_the_policy,
						open_mls, close_mls),
		cmocka_unit_test_setup_teardown(
			an_oracle_that_does_not_know_neither_accepts_nor_blames, open_mls,
			close_mls),
		cmocka_unit_test(a_file_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
