// SPDX-License-Identifier: GPL-2.0-only
/*
 * register 4|6 PORT NUMBER
 *     adds a rule of nf_tables: what this namespace sends to a TCP port gets a label from a
 * register, and the register gets NUMBER, a security identifier of the kernel. nft(8) takes no
 * number
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <stdlib.h>
#include <string.h>

#include "net/netlink.h"
#include "tools/calls.h"
#include "tools/nft_batch.h"

#define TABLE "register"
#define CHAIN "output"
#define PRIORITY 60 /* behind the security table */

static size_t put_text(char *at, int type, const char *text)
{
	return attr_put(at, type, text, strlen(text) + 1);
}

static size_t put_number(char *at, int type, unsigned int number)
{
	__be32 value = htonl(number);

	return attr_put(at, type, &value, sizeof(value));
}

/* An attribute with one value in it, as it is in a packet or in a register. */
static size_t put_value(char *at, int type, const void *value, size_t len)
{
	char nest[64] = { 0 };

	return attr_put(at, type | NLA_F_NESTED, nest, attr_put(nest, NFTA_DATA_VALUE, value, len));
}

/* One expression of a rule. */
static size_t put_expression(char *at, const char *name, const char *data, size_t len)
{
	char element[256] = { 0 };
	size_t n = put_text(element, NFTA_EXPR_NAME, name);

	n += attr_put(element + n, NFTA_EXPR_DATA | NLA_F_NESTED, data, len);
	return attr_put(at, NFTA_LIST_ELEM | NLA_F_NESTED, element, n);
}

/* The port of a packet into the register, and on only if it is this one. */
static size_t put_port(char *at, int port)
{
	__be16 value = htons(port);
	char data[128] = { 0 };
	size_t n, len;

	n = put_number(data, NFTA_PAYLOAD_DREG, NFT_REG_1);
	n += put_number(data + n, NFTA_PAYLOAD_BASE, NFT_PAYLOAD_TRANSPORT_HEADER);
	n += put_number(data + n, NFTA_PAYLOAD_OFFSET, 2);
	n += put_number(data + n, NFTA_PAYLOAD_LEN, sizeof(value));
	len = put_expression(at, "payload", data, n);
	memset(data, 0, sizeof(data));
	n = put_number(data, NFTA_CMP_SREG, NFT_REG_1);
	n += put_number(data + n, NFTA_CMP_OP, NFT_CMP_EQ);
	n += put_value(data + n, NFTA_CMP_DATA, &value, sizeof(value));
	return len + put_expression(at + len, "cmp", data, n);
}

/* A number into the register, and from there into the packet. */
static size_t put_label(char *at, unsigned int number)
{
	char data[128] = { 0 };
	size_t n, len;

	n = put_number(data, NFTA_IMMEDIATE_DREG, NFT_REG_1);
	n += put_value(data + n, NFTA_IMMEDIATE_DATA, &number, sizeof(number));
	len = put_expression(at, "immediate", data, n);
	memset(data, 0, sizeof(data));
	n = put_number(data, NFTA_META_KEY, NFT_META_SECMARK);
	n += put_number(data + n, NFTA_META_SREG, NFT_REG_1);
	return len + put_expression(at + len, "meta", data, n);
}

static size_t put_chain(char *at)
{
	char hook[64] = { 0 };
	size_t n = put_text(at, NFTA_CHAIN_TABLE, TABLE), len;

	n += put_text(at + n, NFTA_CHAIN_NAME, CHAIN);
	n += put_text(at + n, NFTA_CHAIN_TYPE, "filter");
	len = put_number(hook, NFTA_HOOK_HOOKNUM, NF_INET_LOCAL_OUT);
	len += put_number(hook + len, NFTA_HOOK_PRIORITY, PRIORITY);
	return n + attr_put(at + n, NFTA_CHAIN_HOOK | NLA_F_NESTED, hook, len);
}

static size_t put_rule(char *at, int port, unsigned int number)
{
	char expressions[768] = { 0 };
	size_t n = put_text(at, NFTA_RULE_TABLE, TABLE), len;

	n += put_text(at + n, NFTA_RULE_CHAIN, CHAIN);
	len = put_port(expressions, port);
	len += put_label(expressions + len, number);
	return n + attr_put(at + n, NFTA_RULE_EXPRESSIONS | NLA_F_NESTED, expressions, len);
}

static int register_run(int argc, char **argv)
{
	int family = strcmp(argv[0], "6") ? NFPROTO_IPV4 : NFPROTO_IPV6;
	char attrs[1024] = { 0 };
	struct nft_batch b = { 0 };
	size_t len;
	int err;

	(void)argc;
	nft_batch_begin(&b);
	len = put_text(attrs, NFTA_TABLE_NAME, TABLE);
	nft_batch_add(&b, NFT_MSG_NEWTABLE, NLM_F_CREATE, family, attrs, len);
	memset(attrs, 0, sizeof(attrs));
	len = put_chain(attrs);
	nft_batch_add(&b, NFT_MSG_NEWCHAIN, NLM_F_CREATE, family, attrs, len);
	memset(attrs, 0, sizeof(attrs));
	len = put_rule(attrs, atoi(argv[1]), strtoul(argv[2], NULL, 10));
	nft_batch_add(&b, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND | NLM_F_ACK, family, attrs,
		      len);
	nft_batch_end(&b);
	err = nft_batch_send(&b);
	errno = -err;
	if (err < 0)
		calls_die("nf_tables");
	return calls_say("register", argv[2], err);
}

const struct calls_word register_words[] = {
	{ "register", "4|6 PORT NUMBER", 3, register_run },
	{ NULL, NULL, 0, NULL },
};
