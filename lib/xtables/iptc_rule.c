// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/iptc_rule.h"

#include <libiptc/libip6tc.h>
#include <libiptc/libiptc.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tuple_common.h>
#include <linux/netfilter/xt_CONNSECMARK.h>
#include <linux/netfilter/xt_SECMARK.h>
#include <linux/netfilter/xt_addrtype.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_helper.h>
#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <netinet/in.h>
#include <string.h>

#include "packet/net.h"
#include "util/hash.h"
#include "xtables/chain.h"
#include "xtables/chain_rule.h"

/* of our kernel module; the kernel has no such header */
#include <xt_secmark2.h>

#define TCP_FLAGS_SYN 0x02
#define TCP_FLAGS_OF_SYN 0x17 /* FIN, SYN, RST, ACK */

/* A rule that is being put together. */
struct builder {
	char *start;
	size_t used;
};

/* Adds a match or target, and returns its data. */
static void *iptc_rule_add(struct builder *b, const char *name, unsigned int revision, size_t size)
{
	/* of the same layout as struct xt_entry_target */
	struct xt_entry_match *m = (void *)(b->start + b->used);

	m->u.match_size = XT_ALIGN(sizeof(*m)) + XT_ALIGN(size);
	m->u.user.revision = revision;
	strcpy(m->u.user.name, name);
	b->used += m->u.match_size;
	return m->data;
}

static void add_tcp(struct builder *b, const struct chain_rule *rule)
{
	struct xt_tcp *tcp = iptc_rule_add(b, "tcp", 0, sizeof(*tcp));
	__u16 *ports = rule->by_source ? tcp->spts : tcp->dpts;

	tcp->spts[1] = tcp->dpts[1] = PORT_MAX;
	if (rule->has_port) {
		ports[0] = rule->port.lo;
		ports[1] = rule->port.hi;
	}
	if (rule->not_syn) {
		tcp->flg_mask = TCP_FLAGS_OF_SYN;
		tcp->flg_cmp = TCP_FLAGS_SYN;
		tcp->invflags = XT_TCP_INV_FLAGS;
	}
}

static void add_udp(struct builder *b, const struct chain_rule *rule)
{
	struct xt_udp *udp = iptc_rule_add(b, "udp", 0, sizeof(*udp));
	__u16 *ports = rule->by_source ? udp->spts : udp->dpts;

	udp->spts[1] = udp->dpts[1] = PORT_MAX;
	ports[0] = rule->port.lo;
	ports[1] = rule->port.hi;
}

static void add_multiport(struct builder *b, const struct chain_rule *rule)
{
	struct xt_multiport_v1 *m = iptc_rule_add(b, "multiport", 1, sizeof(*m));

	m->flags = rule->by_source ? XT_MULTIPORT_SOURCE : XT_MULTIPORT_DESTINATION;
	m->ports[m->count++] = rule->port.lo;
	if (rule->port.hi != rule->port.lo) {
		m->pflags[0] = 1;
		m->ports[m->count++] = rule->port.hi;
	}
}

static void add_conntrack(struct builder *b, const struct chain_rule *rule)
{
	static const struct {
		enum chain_state state;
		unsigned int bit;
	} bits[] = {
		{ CHAIN_INVALID, XT_CONNTRACK_STATE_INVALID },
		{ CHAIN_NEW, XT_CONNTRACK_STATE_BIT(IP_CT_NEW) },
		{ CHAIN_RELATED, XT_CONNTRACK_STATE_BIT(IP_CT_RELATED) },
		{ CHAIN_ESTABLISHED, XT_CONNTRACK_STATE_BIT(IP_CT_ESTABLISHED) },
		{ CHAIN_UNTRACKED, XT_CONNTRACK_STATE_UNTRACKED },
	};
	struct xt_conntrack_mtinfo3 *ct = iptc_rule_add(b, "conntrack", 3, sizeof(*ct));
	size_t i;

	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (rule->states & bits[i].state)
			ct->state_mask |= bits[i].bit;
	if (rule->states)
		ct->match_flags |= XT_CONNTRACK_STATE;
	if (rule->expected_by) {
		ct->match_flags |= XT_CONNTRACK_STATUS;
		ct->status_mask = IPS_EXPECTED;
	}
	if (rule->reply) {
		ct->match_flags |= XT_CONNTRACK_DIRECTION;
		ct->invert_flags |= XT_CONNTRACK_DIRECTION;
	}
}

static void add_matches(struct builder *b, const struct chain_set *set,
			const struct chain_rule *rule)
{
	struct xt_helper_info *helper;
	struct xt_addrtype_info_v1 *type;
	struct xt_secmark2_mtinfo2 *labeled;

	if (rule->proto == IPPROTO_TCP && (rule->has_port || rule->not_syn))
		add_tcp(b, rule);
	else if (rule->proto == IPPROTO_UDP && rule->has_port)
		add_udp(b, rule);
	else if (rule->has_port)
		add_multiport(b, rule);
	if (rule->states || rule->reply || rule->expected_by)
		add_conntrack(b, rule);
	if (rule->expected_by) {
		helper = iptc_rule_add(b, "helper", 0, sizeof(*helper));
		strncpy(helper->name, rule->expected_by, sizeof(helper->name) - 1);
	}
	if (rule->to_us) {
		type = iptc_rule_add(b, "addrtype", 1, sizeof(*type));
		type->dest = XT_ADDRTYPE_LOCAL;
		/* for IPv4 one of them has to fit, for IPv6 all */
		if (set->family == AF_INET)
			type->dest |= XT_ADDRTYPE_BROADCAST | XT_ADDRTYPE_MULTICAST;
	}
	if (rule->labeled || rule->conn_labeled) {
		labeled = iptc_rule_add(b, "secmark2", XT_SECMARK2_MT_REVISION, sizeof(*labeled));
		labeled->mode = XT_SECMARK2_MATCH_LABELED;
		labeled->flags = rule->conn_labeled ? XT_SECMARK2_MATCH_CONN : 0;
	}
}

static void iptc_rule_add_label(struct builder *b, const struct chain_rule *rule, int revision)
{
	struct xt_secmark2_tginfo2 *ours;
	struct xt_secmark_target_info_v1 *one;
	struct xt_secmark_target_info *zero;

	if (rule->flags & CHAIN_F_MODULE) {
		ours = iptc_rule_add(b, "SECMARK2", XT_SECMARK2_TG_REVISION, sizeof(*ours));
		ours->mode = XT_SECMARK2_SELCTX;
		ours->flags = (rule->flags & CHAIN_F_SAVE ? XT_SECMARK2_SAVE : 0) |
			      (rule->flags & CHAIN_F_ACCEPT ? XT_SECMARK2_ACCEPT : 0);
		strncpy(ours->secctx, rule->context, sizeof(ours->secctx) - 1);
	} else if (revision) {
		one = iptc_rule_add(b, "SECMARK", 1, sizeof(*one));
		one->mode = SECMARK_MODE_SEL;
		strncpy(one->secctx, rule->context, sizeof(one->secctx) - 1);
	} else {
		zero = iptc_rule_add(b, "SECMARK", 0, sizeof(*zero));
		zero->mode = SECMARK_MODE_SEL;
		strncpy(zero->secctx, rule->context, sizeof(zero->secctx) - 1);
	}
}

static void add_restore(struct builder *b, const struct chain_rule *rule)
{
	struct xt_connsecmark2_tginfo2 *ours;
	struct xt_connsecmark_target_info *stock;

	if (rule->flags & CHAIN_F_MODULE) {
		ours = iptc_rule_add(b, "CONNSECMARK2", XT_CONNSECMARK2_TG_REVISION, sizeof(*ours));
		ours->mode = XT_CONNSECMARK2_RESTORE;
		ours->flags = (rule->flags & CHAIN_F_OVERWRITE ? XT_CONNSECMARK2_OVERWRITE : 0) |
			      (rule->flags & CHAIN_F_ACCEPT ? XT_CONNSECMARK2_ACCEPT : 0);
		return;
	}
	stock = iptc_rule_add(b, "CONNSECMARK", 0, sizeof(*stock));
	stock->mode = rule->action == CHAIN_SAVE ? CONNSECMARK_SAVE : CONNSECMARK_RESTORE;
}

static void add_target(struct builder *b, const struct chain_set *set,
		       const struct chain_rule *rule, int secmark)
{
	/* libiptc fills in the verdict by name */
	switch (rule->action) {
	case CHAIN_JUMP:
	case CHAIN_GOTO:
		iptc_rule_add(b, set->v[rule->target].name, 0, sizeof(int));
		break;
	case CHAIN_ACCEPT:
		iptc_rule_add(b, IPTC_LABEL_ACCEPT, 0, sizeof(int));
		break;
	case CHAIN_RETURN:
		iptc_rule_add(b, IPTC_LABEL_RETURN, 0, sizeof(int));
		break;
	case CHAIN_LABEL:
		iptc_rule_add_label(b, rule, secmark);
		break;
	case CHAIN_SAVE:
	case CHAIN_RESTORE:
		add_restore(b, rule);
		break;
	}
}

/* As xtables_parse_interface(): a name with its end, or the part before the "+". */
static void set_iface(char *name, unsigned char *mask, const char *iface)
{
	size_t n = iface ? strlen(iface) : 0;

	if (!n)
		return;
	memcpy(name, iface, n);
	memset(mask, 0xff, iface[n - 1] == '+' ? n - 1 : n + 1);
}

static void set_net(void *addr, void *mask, const struct net *net)
{
	unsigned int i;

	if (!net)
		return;
	memcpy(addr, net->addr, net_bits(net->family) / 8);
	for (i = 0; i < net->len; i++)
		((uint8_t *)mask)[i / 8] |= 0x80 >> i % 8;
}

/* The bits are the same for both families: linux/netfilter_ipv{4,6}/ip{,6}_tables.h */
static unsigned int inverted_flags(const struct chain_rule *rule)
{
	return (rule->src_not ? IPT_INV_SRCIP : 0) | (rule->dst_not ? IPT_INV_DSTIP : 0) |
	       (rule->in_not ? IPT_INV_VIA_IN : 0) | (rule->out_not ? IPT_INV_VIA_OUT : 0);
}

static void set_ipv4(struct ipt_ip *ip, const struct chain_rule *rule)
{
	set_net(&ip->src, &ip->smsk, rule->src);
	set_net(&ip->dst, &ip->dmsk, rule->dst);
	set_iface(ip->iniface, ip->iniface_mask, rule->in);
	set_iface(ip->outiface, ip->outiface_mask, rule->out);
	ip->proto = rule->proto;
	ip->flags = rule->action == CHAIN_GOTO ? IPT_F_GOTO : 0;
	ip->invflags = inverted_flags(rule);
}

static void set_ipv6(struct ip6t_ip6 *ip, const struct chain_rule *rule)
{
	set_net(&ip->src, &ip->smsk, rule->src);
	set_net(&ip->dst, &ip->dmsk, rule->dst);
	set_iface(ip->iniface, ip->iniface_mask, rule->in);
	set_iface(ip->outiface, ip->outiface_mask, rule->out);
	ip->proto = rule->proto;
	ip->flags = (rule->action == CHAIN_GOTO ? IP6T_F_GOTO : 0) |
		    (rule->proto ? IP6T_F_PROTO : 0);
	ip->invflags = inverted_flags(rule);
}

void iptc_rule_build(const struct chain_set *set, const struct chain_rule *rule, int secmark,
		     void *out)
{
	struct builder b = { .start = out };
	struct ipt_entry *four = out;
	struct ip6t_entry *six = out;

	memset(out, 0, IPTC_RULE_MAX);
	b.used = set->family == AF_INET ? sizeof(*four) : sizeof(*six);
	add_matches(&b, set, rule);
	if (set->family == AF_INET) {
		set_ipv4(&four->ip, rule);
		four->target_offset = b.used;
		add_target(&b, set, rule, secmark);
		four->next_offset = b.used;
	} else {
		set_ipv6(&six->ipv6, rule);
		six->target_offset = b.used;
		add_target(&b, set, rule, secmark);
		six->next_offset = b.used;
	}
}

static unsigned int target_offset(int family, const void *rule)
{
	return family == AF_INET ? ((const struct ipt_entry *)rule)->target_offset :
				   ((const struct ip6t_entry *)rule)->target_offset;
}

const char *iptc_rule_target(int family, const void *rule)
{
	const struct xt_entry_target *t =
		(const void *)((const char *)rule + target_offset(family, rule));

	return t->u.user.name;
}

static bool same_header(int family, const void *a, const void *b)
{
	if (family == AF_INET)
		return !memcmp(&((const struct ipt_entry *)a)->ip,
			       &((const struct ipt_entry *)b)->ip, sizeof(struct ipt_ip));
	return !memcmp(&((const struct ip6t_entry *)a)->ipv6, &((const struct ip6t_entry *)b)->ipv6,
		       sizeof(struct ip6t_ip6));
}

/* Matches, or targets other than verdicts and chains. */
static bool same_part(const struct xt_entry_match *a, const struct xt_entry_match *b)
{
	return a->u.match_size == b->u.match_size && a->u.user.revision == b->u.user.revision &&
	       !strcmp(a->u.user.name, b->u.user.name) &&
	       !memcmp(a->data, b->data, a->u.match_size - sizeof(*a));
}

bool iptc_rule_same(int family, const void *loaded, const char *target, const void *built)
{
	size_t at = family == AF_INET ? sizeof(struct ipt_entry) : sizeof(struct ip6t_entry);
	size_t end = target_offset(family, built);
	const struct xt_entry_match *x, *y;

	if (target_offset(family, loaded) != end ||
	    strcmp(target, iptc_rule_target(family, built)) || !same_header(family, loaded, built))
		return false;
	for (;; at += x->u.match_size) {
		x = (const void *)((const char *)loaded + at);
		y = (const void *)((const char *)built + at);
		/* a verdict or a chain has no name in the kernel */
		if (at >= end && !x->u.user.name[0])
			return x->u.match_size == y->u.match_size;
		if (!same_part(x, y))
			return false;
		if (at >= end)
			return true;
	}
}

static uint64_t hash_header(int family, const void *rule, uint64_t hash)
{
	if (family == AF_INET)
		return hash_bytes(hash, &((const struct ipt_entry *)rule)->ip,
				  sizeof(struct ipt_ip));
	return hash_bytes(hash, &((const struct ip6t_entry *)rule)->ipv6, sizeof(struct ip6t_ip6));
}

uint64_t iptc_rule_hash(int family, const void *loaded, const char *target, uint64_t hash)
{
	size_t at = family == AF_INET ? sizeof(struct ipt_entry) : sizeof(struct ip6t_entry);
	size_t end = target_offset(family, loaded);
	const struct xt_entry_match *part;

	hash = hash_header(family, loaded, hash);
	hash = hash_bytes(hash, target, strlen(target) + 1);
	for (; at <= end; at += part->u.match_size) {
		part = (const void *)((const char *)loaded + at);
		/* a verdict, or a chain, whose number changes with the rules before it */
		if (at == end && !part->u.user.name[0])
			break;
		hash = hash_bytes(hash, part->u.user.name, strlen(part->u.user.name) + 1);
		hash = hash_bytes(hash, &part->u.user.revision, sizeof(part->u.user.revision));
		hash = hash_bytes(hash, part->data, part->u.match_size - sizeof(*part));
	}
	return hash;
}
