// SPDX-License-Identifier: GPL-2.0-only
/*
 * This asks the kernel for everything in a table, and hashes the answers as they are. nft's text
 * for people takes ten times as long, and may change with nft's version. The hashes are added up,
 * because a set's elements come in no fixed order. */
#include "nft/fingerprint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "host/netlink.h"
#include "host/nf_tables.h"
#include "nft/table.h"
#include "util/hash.h"
#include "util/alloc.h"

/* NFTNL_UDATA_CHAIN_COMMENT of libnftnl's udata.h: how nft keeps a chain's comment */
#define UDATA_COMMENT 0

struct take {
	struct mnl_socket *socket;
	unsigned int seq;
	unsigned int type; /* what is being asked for: NFT_MSG_GET... */
	struct nft_fingerprint *p;
	char **sets; /* their elements are asked for later */
	size_t n_sets;
};

/* Adds something to the sum. Its kind and its set are hashed first, so that equal elements of two
 * sets differ. */
static void fingerprint_add(struct take *t, const void *data, size_t len)
{
	uint64_t h = hash_bytes(HASH_START, &t->type, sizeof(t->type));

	if (t->type == NFT_MSG_GETSETELEM)
		h = hash_bytes(h, t->sets[t->n_sets - 1], strlen(t->sets[t->n_sets - 1]));
	t->p->hash += hash_bytes(h, data, len);
}

static const struct nlattr *find_attr(const struct nlmsghdr *nlh, uint16_t type)
{
	const struct nlattr *attr = mnl_nlmsg_get_payload_offset(nlh, sizeof(struct nfgenmsg));

	while (mnl_attr_ok(attr, (char *)mnl_nlmsg_get_payload_tail(nlh) - (char *)attr)) {
		if (mnl_attr_get_type(attr) == type)
			return attr;
		attr = mnl_attr_next(attr);
	}
	return NULL;
}

static const char *attr_text(const struct nlattr *attr)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0 ? mnl_attr_get_str(attr) :
									   "";
}

/* User data is a list of type, length and value. nft writes the comment first. */
static void keep_seal(struct nft_fingerprint *p, const struct nlattr *userdata)
{
	const unsigned char *at = userdata ? mnl_attr_get_payload(userdata) : NULL;
	size_t len = userdata ? mnl_attr_get_payload_len(userdata) : 0;

	if (len < 2 || at[0] != UDATA_COMMENT || at[1] > len - 2 || at[1] >= sizeof(p->seal))
		return;
	memcpy(p->seal, at + 2, at[1]);
	p->seal[at[1]] = '\0';
}

static void add_elements(struct take *t, const struct nlmsghdr *nlh)
{
	const struct nlattr *list = find_attr(nlh, NFTA_SET_ELEM_LIST_ELEMENTS), *element;
	const char *end;

	if (!list)
		return;
	end = (const char *)mnl_attr_get_payload(list) + mnl_attr_get_payload_len(list);
	for (element = mnl_attr_get_payload(list);
	     mnl_attr_ok(element, end - (const char *)element); element = mnl_attr_next(element))
		fingerprint_add(t, element, mnl_attr_get_len(element));
}

static void keep_set(struct take *t, const char *name)
{
	t->sets = alloc_one_more(t->sets, t->n_sets, sizeof(*t->sets));
	t->sets[t->n_sets++] = alloc_text(name, strlen(name));
}

/* Called with each answer. In all kinds the first attribute is the table's name. */
static int fingerprint_answer(const struct nlmsghdr *nlh, void *arg)
{
	struct take *t = arg;
	const struct nlattr *flags;

	if (strcmp(attr_text(find_attr(nlh, NFTA_TABLE_NAME)), NFT_TABLE_NAME))
		return MNL_CB_OK;
	switch (t->type) {
	case NFT_MSG_GETTABLE:
		/* the table's other attributes count its chains, and the seal will be one more */
		t->p->exists = true;
		flags = find_attr(nlh, NFTA_TABLE_FLAGS);
		if (flags)
			fingerprint_add(t, flags, mnl_attr_get_len(flags));
		return MNL_CB_OK;
	case NFT_MSG_GETCHAIN:
		if (!strcmp(attr_text(find_attr(nlh, NFTA_CHAIN_NAME)), NFT_SEAL)) {
			keep_seal(t->p, find_attr(nlh, NFTA_CHAIN_USERDATA));
			return MNL_CB_OK;
		}
		break;
	case NFT_MSG_GETRULE:
		t->p->any_rule = true;
		break;
	case NFT_MSG_GETSET:
		keep_set(t, attr_text(find_attr(nlh, NFTA_SET_NAME)));
		break;
	case NFT_MSG_GETSETELEM:
		add_elements(t, nlh);
		return MNL_CB_OK;
	}
	fingerprint_add(t, mnl_nlmsg_get_payload_offset(nlh, sizeof(struct nfgenmsg)),
			mnl_nlmsg_get_payload_len(nlh) - MNL_ALIGN(sizeof(struct nfgenmsg)));
	return MNL_CB_OK;
}

/* Asks for everything of one kind, or of one set if @set is not NULL. Returns 0 or -errno. */
static int fingerprint_ask(struct take *t, unsigned int type, const char *set)
{
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request = nf_tables_request(buf, type, NFPROTO_INET);

	t->type = type;
	request->nlmsg_seq = t->seq++;
	if (type != NFT_MSG_GETTABLE)
		mnl_attr_put_strz(request, NFTA_TABLE_NAME, NFT_TABLE_NAME);
	if (set)
		mnl_attr_put_strz(request, NFTA_SET_ELEM_LIST_SET, set);
	return netlink_list(t->socket, request, fingerprint_answer, t);
}

static int ask_all(struct take *t)
{
	static const unsigned int types[] = { NFT_MSG_GETTABLE, NFT_MSG_GETCHAIN, NFT_MSG_GETRULE,
					      NFT_MSG_GETSET, NFT_MSG_GETOBJ };
	size_t i;
	int ret = 0;

	for (i = 0; i < sizeof(types) / sizeof(types[0]) && !ret; i++) {
		ret = fingerprint_ask(t, types[i], NULL);
		if (!t->p->exists)
			return ret;
	}
	while (t->n_sets && !ret) {
		ret = fingerprint_ask(t, NFT_MSG_GETSETELEM, t->sets[t->n_sets - 1]);
		free(t->sets[--t->n_sets]);
	}
	return ret;
}

int nft_fingerprint_take(struct nft_fingerprint *p)
{
	struct take t = { .p = p };
	int ret = netlink_open(NETLINK_NETFILTER, &t.socket);

	memset(p, 0, sizeof(*p));
	if (ret)
		return ret;
	ret = ask_all(&t);
	while (t.n_sets)
		free(t.sets[--t.n_sets]);
	free(t.sets);
	mnl_socket_close(t.socket);
	return ret;
}
