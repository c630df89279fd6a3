// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dump/nft_list.h"

/* "LINE:COL context" for each context that was found, with "target" before the name of a target */
struct found {
	char text[512];
	size_t used;
};

static void nft_list_note(struct found *f, struct pos pos, const char *kind, const char *text)
{
	f->used += snprintf(f->text + f->used, sizeof(f->text) - f->used, "%u:%u %s%s;", pos.line,
			    pos.col, kind, text);
	assert_true(f->used < sizeof(f->text));
}

static void note_context(void *arg, struct pos pos, const char *text)
{
	nft_list_note(arg, pos, "", text);
}

static void note_target(void *arg, struct pos pos, const char *name)
{
	nft_list_note(arg, pos, "target ", name);
}

static int read_labels(const char *text, struct found *f, struct diag *diag)
{
	static const struct nft_list_ops ops = { note_context, note_target };

	*f = (struct found){ .used = 0 };
	return nft_list_read("test", text, strlen(text), &ops, f, diag);
}

static void expect_labels(const char *text, const char *found)
{
	struct diag diag = { 0 };
	struct found f;

	assert_int_equal(read_labels(text, &f, &diag), 0);
	assert_int_equal(diag.n, 0);
	assert_string_equal(f.text, found);
}

static void objects_are_found_in_all_their_forms(void **state)
{
	(void)state;
	expect_labels("table inet x {\n\tsecmark a {\n\t\t\"u:r:a\"\n\t}\n}\n", "3:4 u:r:a;");
	expect_labels("table inet x { secmark a { \"u:r:a\"; }; secmark b { \"u:r:b\" } }",
		      "1:29 "
		      "u:r:a;1:53 "
		      "u:r:b;");
	expect_labels("table x {\nsecmark a {\ncomment \"no\"\n\"u:r:a\"\n}\n}", "4:2 u:r:a;");
	expect_labels("add secmark inet x a \"u:r:a\"; create secmark x b { \"u:r:b\"; }",
		      "1:23 "
		      "u:r:a;1:53 "
		      "u:r:b;");
	expect_labels("add secmark inet x \\\n a \"u:r:a\"", "2:5 u:r:a;");
	expect_labels("table x{\nsecmark a{ # \"no\"\n\"u:r:a\"}}", "3:2 u:r:a;");
}

static void other_uses_of_the_word_are_not_objects(void **state)
{
	(void)state;
	expect_labels("table x { meta secmark set \"a\"\nct secmark set meta secmark\n}", "");
	expect_labels("map m { type inet_service : secmark\nelements = { 22 : \"a\" } }", "");
	expect_labels("delete secmark inet x a\nlist secmark x a\n", "");
	expect_labels("ip x y accept comment \"x secmark a { \\\"", "");
	expect_labels("# secmark a { \"u:r:a\" }\n", "");
	expect_labels("", "");
}

static void rules_of_iptables_nft_are_told(void **state)
{
	(void)state;
	expect_labels(
		"table x { counter packets 0 bytes 0 xt target SECMARK\nxt match \"x\"\nxt target "
		"\"TTL\" }",
		"1:47 target SECMARK;3:12 target TTL;");
	expect_labels("{\"nftables\":[{\"rule\":{\"expr\":[{\"counter\":null},{\"xt\":{\"type\":"
		      "\"target\",\"name\":\"SECMARK\"}},"
		      "{\"xt\":{\"type\":\"match\",\"name\":\"x\"}},{\"xt\":null}]}}]}",
		      "1:79 target SECMARK;");
}

static void objects_are_found_in_json_with_their_place(void **state)
{
	(void)state;
	expect_labels(
		"{\"nftables\": [{\"metainfo\": {}},\n{\"secmark\": {\"name\": \"a\", \"context\": "
		"\"u:r:a\"}},\n"
		"{\"add\": {\"secmark\": {\"context\": \"u:r:a\"}}}]}",
		"2:39 u:r:a;3:34 u:r:a;");
	/* written with an escape, it is not found again */
	expect_labels(" {\"nftables\": [{\"secmark\": {\"context\": \"u:r:\\u0061\"}}]}",
		      "0:0 u:r:a;");
	expect_labels(
		"{\"nftables\": [{\"secmark\": 1}, 2, {\"secmark\": {\"context\": 3}}, {\"rule\": "
		"{\"expr\": 4}}]}",
		"");
}

/* A text that can be read to its end, and the part of it that is not judged. */
static void expect_warning(const char *text, const char *what, const char *about)
{
	struct diag diag = { 0 };
	struct found f;

	assert_int_equal(read_labels(text, &f, &diag), 0);
	assert_int_equal(diag.n, 1);
	assert_string_equal(diag.v[0].what, what);
	assert_string_equal(diag.v[0].text ? diag.v[0].text : "", about);
	diag_free(&diag);
}

static void what_is_not_judged_is_told(void **state)
{
	static const char nothing[] = "this context cannot be checked";

	(void)state;
	expect_warning("define c = \"u:r:a\"\ntable x { secmark s { $c } }", nothing, "$c");
	expect_warning("add secmark inet x a $c\nadd secmark inet x b { \"u:r:b\" }", nothing,
		       "$c");
	expect_warning("secmark", nothing, "");
	expect_warning("include \"other\"\n", "the included file is not checked", "other");
}

static void what_is_not_a_ruleset_is_an_error(void **state)
{
	static const char *const texts[] = {
		"{",
		"{\"nftables\": 1}",
		"{}",
		"{\"nftables\": []} x",
		"*mangle\n-A x\n",
		"server a_t tcp 80",
		"table security forward\nserver a_t tcp 80\nnonsense",
		"\x7f"
		"ELF",
		"secmark a { \"u:r:a\"",
		"table x { }\n}",
		"[1]",
		"\"table\"",
	};
	struct found f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct diag diag = { 0 };

		assert_int_equal(read_labels(texts[i], &f, &diag), -EINVAL);
		assert_int_equal(diag.errors, 1);
		diag_free(&diag);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_are_found_in_all_their_forms),
		cmocka_unit_test(other_uses_of_the_word_are_not_objects),
		cmocka_unit_test(rules_of_iptables_nft_are_told),
		cmocka_unit_test(objects_are_found_in_json_with_their_place),
		cmocka_unit_test(what_is_not_judged_is_told),
		cmocka_unit_test(what_is_not_a_ruleset_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
