// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/file.h"
#include "selinux/attribute_types.h"
#include "selinux/oracle.h"
#include "selinux/oracle_file.h"

struct policy {
	char *image;
	size_t len;
};

static int read_wide(void **state)
{
	static struct policy p;
	struct err err;

	*state = &p;
	return file_read("wide33.pol", &p.image, &p.len, &err);
}

static int free_wide(void **state)
{
	free(((struct policy *)*state)->image);
	return 0;
}

static int type_has_attribute(const struct policy *p, const char *type, const char *attribute)
{
	struct attribute_types m;
	int ret;

	assert_int_equal(attribute_types_open(&m, p->image, p->len, attribute), 0);
	ret = attribute_types_has(&m, type);
	attribute_types_close(&m);
	return ret;
}

static void attributes_of_types_are_found(void **state)
{
	const struct policy *p = *state;

	assert_int_equal(type_has_attribute(p, "http_packet_t", "packet_type"), 1);
	assert_int_equal(type_has_attribute(p, "kernel_t", "packet_type"), 0);
	assert_int_equal(type_has_attribute(p, "no_such_type_t", "packet_type"), 0);
	assert_int_equal(type_has_attribute(p, "http_packet_t", "no_such_attribute"), -ENOENT);
	/* a type is not an attribute, and an attribute is not a type */
	assert_int_equal(type_has_attribute(p, "http_packet_t", "kernel_t"), -ENOENT);
	assert_int_equal(type_has_attribute(p, "packet_type", "packet_type"), 0);
}

static void a_policy_cut_short_or_followed_by_more_is_refused(void **state)
{
	const struct policy *p = *state;
	struct attribute_types m;
	char *copy;
	size_t len;

	/* in memory of exactly its length, so that a sanitizer sees a read past its end */
	for (len = 0; len < p->len; len++) {
		copy = malloc(len ? len : 1);
		assert_non_null(copy);
		memcpy(copy, p->image, len);
		assert_int_equal(attribute_types_open(&m, copy, len, "packet_type"), -EBADMSG);
		free(copy);
	}
	copy = calloc(1, p->len + 1);
	assert_non_null(copy);
	memcpy(copy, p->image, p->len);
	assert_int_equal(attribute_types_open(&m, copy, p->len + 1, "packet_type"), -EBADMSG);
	free(copy);
}

static void a_damaged_policy_is_never_read_past_its_end(void **state)
{
	const struct policy *p = *state;
	struct attribute_types m;
	size_t at;

	for (at = 0; at < p->len; at++) {
		p->image[at] ^= 0xff;
		if (!attribute_types_open(&m, p->image, p->len, "packet_type"))
			attribute_types_has(&m, "http_packet_t");
		attribute_types_close(&m);
		p->image[at] ^= 0xff;
	}
}

struct comparison {
	struct oracle *o;
	struct attribute_types m;
	unsigned int compared;
};

static void attribute_types_compare(void *arg, const char *type)
{
	struct comparison *c = arg;

	assert_int_equal(attribute_types_has(&c->m, type),
			 c->o->ops->type_has(c->o, type, "packet_type"));
	c->compared++;
}

static void attribute_types_compare_all(const char *path)
{
	struct comparison c = { 0 };
	struct err err;
	char *image;
	size_t len;

	print_message("%s\n", path);
	assert_int_equal(file_read(path, &image, &len, &err), 0);
	assert_int_equal(attribute_types_open(&c.m, image, len, "packet_type"), 0);
	assert_int_equal(oracle_file_open(path, path, &c.o, &err), 0);
	assert_int_equal(c.o->ops->names(c.o, ORACLE_TYPES, NULL, attribute_types_compare, &c), 0);
	assert_true(c.compared > 5);
	oracle_free(c.o);
	attribute_types_close(&c.m);
	free(image);
}

/* POLICY may name one more, a distribution's. */
static void libsepol_says_the_same_of_every_type(void **state)
{
	static const char *const paths[] = {
		"mls.pol", "nomls.pol", "wide33.pol", "wide32.pol", "wide28.pol", "wide24.pol",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		attribute_types_compare_all(paths[i]);
	if (getenv("POLICY"))
		attribute_types_compare_all(getenv("POLICY"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(attributes_of_types_are_found, read_wide,
						free_wide),
		cmocka_unit_test_setup_teardown(a_policy_cut_short_or_followed_by_more_is_refused,
						read_wide, free_wide),
		cmocka_unit_test_setup_teardown(a_damaged_policy_is_never_read_past_its_end,
						read_wide, free_wide),
		cmocka_unit_test(libsepol_says_the_same_of_every_type),
	};

	return cmocka_run_group_tests_name("attrmap", tests, NULL, NULL);
}
