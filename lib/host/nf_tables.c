// SPDX-License-Identifier: GPL-2.0-only
#include "host/nf_tables.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>

#include "host/netlink.h"
#include "util/alloc.h"

struct nlmsghdr *nf_tables_request(void *buf, unsigned int type, uint8_t family)
{
	return netlink_netfilter(buf, NFNL_SUBSYS_NFTABLES << 8 | type, family);
}

static char *copy_attr_text(const struct nlattr *attr)
{
	const char *text = attr && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0 ?
				   mnl_attr_get_str(attr) :
				   "";

	return alloc_text(text, strlen(text));
}

static bool attr_is_text(const struct nlattr *attr, const char *want)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0 &&
	       !strcmp(mnl_attr_get_str(attr), want);
}

static uint32_t attr_number(const struct nlattr *attr, uint32_t without)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_U32) == 0 ? ntohl(mnl_attr_get_u32(attr)) :
								    without;
}

static void nf_rule_end_at(struct nf_rule *rule, const char *target)
{
	free(rule->target);
	rule->target = alloc_text(target, strlen(target));
}

/* The register of a verdict, NFT_REG_VERDICT, ends a rule; all other registers hold values. */
static void take_immediate(struct nf_rule *rule, const struct nlattr *data)
{
	const struct nlattr *tb[NFTA_IMMEDIATE_MAX + 1], *value[NFTA_DATA_MAX + 1],
		*verdict[NFTA_VERDICT_MAX + 1];

	netlink_nest(data, tb, NFTA_IMMEDIATE_MAX);
	if (attr_number(tb[NFTA_IMMEDIATE_DREG], NFT_REG_1) != NFT_REG_VERDICT)
		return;
	netlink_nest(tb[NFTA_IMMEDIATE_DATA], value, NFTA_DATA_MAX);
	netlink_nest(value[NFTA_DATA_VERDICT], verdict, NFTA_VERDICT_MAX);
	switch ((int)attr_number(verdict[NFTA_VERDICT_CODE], NFT_CONTINUE)) {
	case NF_ACCEPT:
		nf_rule_end_at(rule, "ACCEPT");
		break;
	case NF_DROP:
		nf_rule_end_at(rule, "DROP");
		break;
	case NFT_RETURN:
		nf_rule_end_at(rule, "RETURN");
		break;
	case NFT_GOTO:
		rule->goes = true;
		/* fall through */
	case NFT_JUMP:
		rule->jump = true;
		free(rule->target);
		rule->target = copy_attr_text(verdict[NFTA_VERDICT_CHAIN]);
		break;
	}
}

static void take_lookup(struct nf_rule *rule, const struct nlattr *data)
{
	const struct nlattr *tb[NFTA_LOOKUP_MAX + 1];

	rule->plain = false;
	netlink_nest(data, tb, NFTA_LOOKUP_MAX);
	if (attr_number(tb[NFTA_LOOKUP_DREG], NFT_REG_1) == NFT_REG_VERDICT)
		nf_rule_end_at(rule, "?");
}

static void take_expression(struct nf_rule *rule, const char *name, const struct nlattr *data)
{
	const struct nlattr *tb[NFTA_TARGET_MAX + 1];

	if (!strcmp(name, "immediate")) {
		take_immediate(rule, data);
	} else if (!strcmp(name, "target")) {
		netlink_nest(data, tb, NFTA_TARGET_MAX);
		free(rule->target);
		rule->target = copy_attr_text(tb[NFTA_TARGET_NAME]);
	} else if (!strcmp(name, "reject")) {
		nf_rule_end_at(rule, "REJECT");
	} else if (!strcmp(name, "queue")) {
		nf_rule_end_at(rule, "NFQUEUE");
	} else if (!strcmp(name, "lookup")) {
		take_lookup(rule, data);
	} else if (strcmp(name, "counter") && strcmp(name, "log")) {
		rule->plain = false;
	}
}

static void take_expressions(struct nf_rule *rule, const struct nlattr *list)
{
	const struct nlattr *tb[NFTA_EXPR_MAX + 1], *expression;
	char *name;

	if (!list)
		return;
	mnl_attr_for_each_nested(expression, list) {
		netlink_nest(expression, tb, NFTA_EXPR_MAX);
		name = copy_attr_text(tb[NFTA_EXPR_NAME]);
		take_expression(rule, name, tb[NFTA_EXPR_DATA]);
		free(name);
	}
}

static int take_rule(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[NFTA_RULE_MAX + 1];
	struct nf_table *t = arg;
	struct nf_rule *rule;

	netlink_attrs(nlh, sizeof(struct nfgenmsg), tb, NFTA_RULE_MAX);
	if (t->name && !attr_is_text(tb[NFTA_RULE_TABLE], t->name))
		return MNL_CB_OK;
	t->rules = alloc_one_more(t->rules, t->n_rules, sizeof(*t->rules));
	rule = &t->rules[t->n_rules++];
	*rule = (struct nf_rule){ .chain = copy_attr_text(tb[NFTA_RULE_CHAIN]), .plain = true };
	if (tb[NFTA_RULE_HANDLE] && mnl_attr_validate(tb[NFTA_RULE_HANDLE], MNL_TYPE_U64) == 0)
		rule->handle = be64toh(mnl_attr_get_u64(tb[NFTA_RULE_HANDLE]));
	nf_rule_end_at(rule, "");
	take_expressions(rule, tb[NFTA_RULE_EXPRESSIONS]);
	return MNL_CB_OK;
}

static int take_chain(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[NFTA_CHAIN_MAX + 1];
	struct nf_table *t = arg;

	netlink_attrs(nlh, sizeof(struct nfgenmsg), tb, NFTA_CHAIN_MAX);
	if (t->name && !attr_is_text(tb[NFTA_CHAIN_TABLE], t->name))
		return MNL_CB_OK;
	t->chains = alloc_one_more(t->chains, t->n_chains, sizeof(*t->chains));
	t->chains[t->n_chains++] = (struct nf_chain){
		.name = copy_attr_text(tb[NFTA_CHAIN_NAME]),
		.base = tb[NFTA_CHAIN_HOOK],
	};
	return MNL_CB_OK;
}

static void drop_chains(void *arg)
{
	struct nf_table *t = arg;

	while (t->n_chains)
		free(t->chains[--t->n_chains].name);
	free(t->chains);
	t->chains = NULL;
}

static void drop_rules(void *arg)
{
	struct nf_table *t = arg;

	while (t->n_rules) {
		free(t->rules[--t->n_rules].chain);
		free(t->rules[t->n_rules].target);
	}
	free(t->rules);
	t->rules = NULL;
}

int nf_tables_read(struct nf_table *t)
{
	uint8_t family = t->family == AF_INET ? NFPROTO_IPV4 : NFPROTO_IPV6;
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request = nf_tables_request(buf, NFT_MSG_GETCHAIN, family);
	int ret;

	*t = (struct nf_table){ .family = t->family, .name = t->name };
	ret = netlink_dump(NETLINK_NETFILTER, request, drop_chains, take_chain, t);
	if (!ret) {
		request = nf_tables_request(buf, NFT_MSG_GETRULE, family);
		if (t->name)
			mnl_attr_put_strz(request, NFTA_RULE_TABLE, t->name);
		ret = netlink_dump(NETLINK_NETFILTER, request, drop_rules, take_rule, t);
	}
	if (ret)
		nf_tables_free(t);
	return ret;
}

void nf_tables_free(struct nf_table *t)
{
	drop_chains(t);
	drop_rules(t);
}

static int keep_generation(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[NFTA_GEN_MAX + 1];

	netlink_attrs(nlh, sizeof(struct nfgenmsg), tb, NFTA_GEN_MAX);
	*(uint32_t *)arg = attr_number(tb[NFTA_GEN_ID], *(uint32_t *)arg);
	return MNL_CB_OK;
}

int nf_tables_generation(uint32_t *generation)
{
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request = nf_tables_request(buf, NFT_MSG_GETGEN, AF_UNSPEC);
	struct mnl_socket *socket;
	int ret = netlink_open(NETLINK_NETFILTER, &socket);

	*generation = 0;
	if (ret)
		return ret;
	ret = netlink_do(socket, request, keep_generation, generation);
	mnl_socket_close(socket);
	return ret;
}

bool nf_tables_target_is_dnat(const char *target)
{
	return !strcmp(target, "DNAT") || !strcmp(target, "REDIRECT") || !strcmp(target, "NETMAP");
}

static bool expression_is_dnat(const char *name, const struct nlattr *data)
{
	const struct nlattr *tb[NFTA_TARGET_MAX + NFTA_NAT_MAX + 1];
	char *target;
	bool is;

	if (!strcmp(name, "nat")) {
		netlink_nest(data, tb, NFTA_NAT_MAX);
		return attr_number(tb[NFTA_NAT_TYPE], NFT_NAT_DNAT) == NFT_NAT_DNAT;
	}
	if (strcmp(name, "target") != 0)
		return !strcmp(name, "redir");
	netlink_nest(data, tb, NFTA_TARGET_MAX);
	target = copy_attr_text(tb[NFTA_TARGET_NAME]);
	is = nf_tables_target_is_dnat(target);
	free(target);
	return is;
}

static int find_dnat(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[NFTA_RULE_MAX + 1], *expression, *parts[NFTA_EXPR_MAX + 1];
	char *name;

	netlink_attrs(nlh, sizeof(struct nfgenmsg), tb, NFTA_RULE_MAX);
	if (!tb[NFTA_RULE_EXPRESSIONS])
		return MNL_CB_OK;
	mnl_attr_for_each_nested(expression, tb[NFTA_RULE_EXPRESSIONS]) {
		netlink_nest(expression, parts, NFTA_EXPR_MAX);
		name = copy_attr_text(parts[NFTA_EXPR_NAME]);
		*(bool *)arg |= expression_is_dnat(name, parts[NFTA_EXPR_DATA]);
		free(name);
	}
	return MNL_CB_OK;
}

static void forget_dnat(void *arg)
{
	*(bool *)arg = false;
}

int nf_tables_have_dnat(bool *is)
{
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request = nf_tables_request(buf, NFT_MSG_GETRULE, NFPROTO_UNSPEC);

	*is = false;
	return netlink_dump(NETLINK_NETFILTER, request, forget_dnat, find_dnat, is);
}
