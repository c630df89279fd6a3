// SPDX-License-Identifier: GPL-2.0-only
#include "dump/count_rules.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <jansson.h>

#define OUR_CHAINS "SECMARK2-"
#define OUR_FAMILY "inet"
#define OUR_TABLE "secmark2"

static bool is_label_target(const char *name)
{
	static const char *const targets[] = { "SECMARK", "CONNSECMARK", "SECMARK2",
					       "CONNSECMARK2" };
	size_t i;

	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (!strcmp(name, targets[i]))
			return true;
	return false;
}

static void count_rule(struct rule_counts *n, bool ours)
{
	if (ours)
		n->ours++;
	else
		n->others++;
}

void count_rules_one(const char *chain, const char *target, struct rule_counts *n)
{
	if (is_label_target(target))
		count_rule(n, !strncmp(chain, OUR_CHAINS, strlen(OUR_CHAINS)));
}

static bool json_member_is(const json_t *object, const char *key, const char *value)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && !strcmp(text, value);
}

static bool is_our_nft_table(const json_t *object)
{
	return json_member_is(object, "family", OUR_FAMILY) &&
	       json_member_is(object, "table", OUR_TABLE);
}

/* "meta secmark set ...", "ct secmark set ..." */
static bool sets_label(const json_t *statement)
{
	const json_t *key = json_object_get(json_object_get(statement, "mangle"), "key");

	return json_member_is(json_object_get(key, "meta"), "key", "secmark") ||
	       json_member_is(json_object_get(key, "ct"), "key", "secmark");
}

static void count_object(const json_t *object, struct rule_counts *n)
{
	const json_t *secmark = json_object_get(object, "secmark"),
		     *rule = json_object_get(object, "rule");
	const json_t *statements = json_object_get(rule, "expr");
	size_t i;

	if (secmark)
		count_rule(n, is_our_nft_table(secmark));
	for (i = 0; i < json_array_size(statements); i++) {
		if (sets_label(json_array_get(statements, i))) {
			count_rule(n, is_our_nft_table(rule));
			break;
		}
	}
}

int count_rules_nft(const char *json, size_t len, struct rule_counts *n)
{
	json_t *root = json_loadb(json, len, 0, NULL);
	const json_t *list = json_object_get(root, "nftables");
	int ret = json_is_array(list) ? 0 : -EINVAL;
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		count_object(json_array_get(list, i), n);
	json_decref(root);
	return ret;
}
