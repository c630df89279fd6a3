// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static void collect_names(void *arg, const char *name)
{
	strcat(arg, name);
	strcat(arg, " ");
}

static void packet_types_are_listed_without_attributes(void **state)
{
	struct oracle *o = *state;
	char all[256] = "", none[256] = "";

	assert_int_equal(o->ops->names(o, ORACLE_TYPES, "packet_type", collect_names, all), 0);
	assert_string_equal(all, "http_server_packet_t http_client_packet_t ssh_server_packet_t "
				 "dns_packet_t ");
	assert_int_equal(o->ops->names(o, ORACLE_TYPES, "no_such_attribute", collect_names, none),
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

/* An oracle that can list nothing, like the kernel's without the permission read_policy. */
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
	struct err err;

	assert_int_equal(oracle_judge(o, text, &err), -EINVAL);
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
	expect_fault(o, "sytem_u:object_r:htpp_server_packet_t:s0",
		     "user 'sytem_u' and type 'htpp_server_packet_t' are not in the policy", "");
	expect_fault(o, "system_u:guest_r:guest_t:s0",
		     "role 'guest_r' is unknown, or does not go with user 'system_u', type "
		     "'guest_t' and this level",
		     "packets have the role object_r");
	o->ops = known;
}

static int oracle_unknown(struct oracle *o, const char *context)
{
	(void)o, (void)context;
	return -EACCES;
}

static void an_oracle_that_does_not_know_neither_accepts_nor_blames(void **state)
{
	struct oracle *o = *state;
	const struct oracle_ops *known = o->ops;
	struct oracle_ops ops = *known;
	struct err err;

	ops.valid = oracle_unknown;
	o->ops = &ops;
	assert_int_equal(oracle_judge(o, "system_u:object_r:dns_packet_t:s0", &err), -EACCES);
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

/* An oracle that counts its questions, and then asks the policy. */
struct counting {
	struct oracle oracle;
	struct oracle *policy;
	unsigned int valid, base;
};

static int count_valid(struct oracle *o, const char *context)
{
	struct counting *c = (struct counting *)o;

	c->valid++;
	return c->policy->ops->valid(c->policy, context);
}

static int count_base(struct oracle *o, char *context)
{
	struct counting *c = (struct counting *)o;

	c->base++;
	return c->policy->ops->base(c->policy, context);
}

static int ask_names(struct oracle *o, enum oracle_names what, const char *attribute,
		     void (*fn)(void *arg, const char *name), void *arg)
{
	struct oracle *policy = ((struct counting *)o)->policy;

	return policy->ops->names(policy, what, attribute, fn, arg);
}

/* it is on the stack */
static void oracle_end(struct oracle *o)
{
	(void)o;
}

static const struct oracle_ops counting_ops = {
	.valid = count_valid,
	.base = count_base,
	.role = refuse_role,
	.names = ask_names,
	.free = oracle_end,
};

static struct counting counting(struct oracle *policy)
{
	return (struct counting){
		.oracle = { .ops = &counting_ops, .policy = "the policy" },
		.policy = policy,
	};
}

static void the_base_context_is_asked_for_once(void **state)
{
	struct counting c = counting(*state);
	const struct context *base;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		assert_int_equal(oracle_base(&c.oracle, &base), 0);
		assert_string_equal(base->type, "port_t");
	}
	expect_fault(&c.oracle, "sytem_u:object_r:dns_packet_t:s0",
		     "user 'sytem_u' is not in the policy", "did you mean system_u?");
	expect_fault(&c.oracle, "system_u:object_r:dns_pakcet_t:s0",
		     "type 'dns_pakcet_t' is not in the policy", "did you mean dns_packet_t?");
	assert_int_equal(c.base, 1);
	oracle_free(&c.oracle);
}

static int refuse_base(struct oracle *o, char *context)
{
	(void)context;
	((struct counting *)o)->base++;
	return -EACCES;
}

static void a_base_context_that_is_not_known_is_asked_for_once(void **state)
{
	struct counting c = counting(*state);
	struct oracle_ops ops = counting_ops;
	const struct context *base;

	ops.base = refuse_base;
	c.oracle.ops = &ops;
	assert_int_equal(oracle_base(&c.oracle, &base), -EACCES);
	expect_fault(&c.oracle, "system_u:object_r:no_t:s0",
		     "the context is not valid in the policy", "");
	assert_int_equal(oracle_base(&c.oracle, &base), -EACCES);
	assert_int_equal(c.base, 1);
	oracle_free(&c.oracle);
}

static void each_context_is_asked_of_the_policy_once(void **state)
{
	static const char good[] = "system_u:object_r:dns_packet_t:s0";
	static const char wrong[] = "system_u:object_r:dns_pakcet_t:s0";
	struct counting c = counting(*state);
	struct err first, again;
	unsigned int asked;

	assert_int_equal(oracle_judge(&c.oracle, good, &first), 0);
	assert_int_equal(c.valid, 1);
	assert_int_equal(oracle_judge(&c.oracle, wrong, &first), -EINVAL);
	assert_string_equal(first.hint, "did you mean dns_packet_t?");
	asked = c.valid;
	assert_int_equal(oracle_judge(&c.oracle, wrong, &again), -EINVAL);
	assert_string_equal(again.what, first.what);
	assert_string_equal(again.hint, first.hint);
	assert_int_equal(oracle_judge(&c.oracle, good, &again), 0);
	assert_string_equal(again.what, "");
	assert_int_equal(c.valid, asked);
	oracle_free(&c.oracle);
}

static void shape_is_judged_without_the_policy(void **state)
{
	struct counting c = counting(*state);
	struct err err;

	assert_int_equal(oracle_judge(&c.oracle, "dns_packet_t", &err), -EINVAL);
	assert_string_equal(err.what, "the context has too few fields");
	assert_int_equal(c.valid + c.base, 0);
	oracle_free(&c.oracle);
}

static void a_context_is_told_about_once(void **state)
{
	static const char text[] = "system_u:object_r:dns_packet_t:s0";
	struct counting c = counting(*state);
	struct err err;

	assert_int_equal(oracle_judge(&c.oracle, text, &err), 0);
	assert_true(oracle_tells_first(&c.oracle, text));
	assert_false(oracle_tells_first(&c.oracle, text));
	oracle_free(&c.oracle);
}

static void judge_wrong_types(struct counting *c, unsigned int from, unsigned int to)
{
	char text[CONTEXT_LEN_MAX + 1];
	struct err err;

	for (; from < to; from++) {
		snprintf(text, sizeof(text), "system_u:object_r:no%u_t:s0", from);
		assert_int_equal(oracle_judge(&c->oracle, text, &err), -EINVAL);
	}
}

/* More contexts than are kept: all are judged, and the ones that were not kept are asked again. */
static void what_is_kept_has_an_end(void **state)
{
	struct counting c = counting(*state);
	unsigned int once;

	judge_wrong_types(&c, 0, 1);
	once = c.valid;
	judge_wrong_types(&c, 1, JUDGED_MAX);
	assert_int_equal(c.valid, JUDGED_MAX * once);
	judge_wrong_types(&c, JUDGED_MAX, JUDGED_MAX + 10);
	judge_wrong_types(&c, 0, JUDGED_MAX + 10);
	assert_int_equal(c.valid, (JUDGED_MAX + 20) * once);
	oracle_free(&c.oracle);
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
		cmocka_unit_test_setup_teardown(the_base_context_is_asked_for_once, open_mls,
						close_mls),
		cmocka_unit_test_setup_teardown(a_base_context_that_is_not_known_is_asked_for_once,
						open_mls, close_mls),
		cmocka_unit_test_setup_teardown(each_context_is_asked_of_the_policy_once, open_mls,
						close_mls),
		cmocka_unit_test_setup_teardown(shape_is_judged_without_the_policy, open_mls,
						close_mls),
		cmocka_unit_test_setup_teardown(a_context_is_told_about_once, open_mls, close_mls),
		cmocka_unit_test_setup_teardown(what_is_kept_has_an_end, open_mls, close_mls),
		cmocka_unit_test(a_file_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
