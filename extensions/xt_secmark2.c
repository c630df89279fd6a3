// SPDX-License-Identifier: GPL-2.0-only
/*
 * Security labels of packets and connections: SECMARK2 labels a packet, and can
 * save the label and accept in the same rule; CONNSECMARK2 copies labels between
 * packet and connection; the match secmark2 tests them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/module.h>
#include <linux/netfilter/xt_CONNSECMARK.h>
#include <linux/netfilter/xt_SECMARK.h>
#include <linux/netfilter/x_tables.h>
#include <linux/security.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_ecache.h>

#include "xt_compat.h"
#include "xt_secmark2.h"

/* the layout of the header, for every userland */
static_assert(sizeof(struct xt_secmark2_tginfo2) == 264);
static_assert(offsetof(struct xt_secmark2_tginfo2, secctx) == 1);
static_assert(offsetof(struct xt_secmark2_tginfo2, flags) == 257);
static_assert(offsetof(struct xt_secmark2_tginfo2, secid) == 260);
static_assert(sizeof(struct xt_connsecmark2_tginfo2) == 4);
static_assert(offsetof(struct xt_connsecmark2_tginfo2, flags) == 1);
static_assert(sizeof(struct xt_secmark2_mtinfo2) == 264);
static_assert(offsetof(struct xt_secmark2_mtinfo2, secctx) == 1);
static_assert(offsetof(struct xt_secmark2_mtinfo2, flags) == 257);
static_assert(offsetof(struct xt_secmark2_mtinfo2, secid) == 260);

/* and that of the stock targets, where they have the field */
static_assert(sizeof(struct xt_secmark2_tginfo2) ==
	      sizeof(struct xt_secmark_target_info_v1));
static_assert(offsetof(struct xt_secmark2_tginfo2, mode) ==
	      offsetof(struct xt_secmark_target_info_v1, mode));
static_assert(offsetof(struct xt_secmark2_tginfo2, secctx) ==
	      offsetof(struct xt_secmark_target_info_v1, secctx));
static_assert(offsetof(struct xt_secmark2_tginfo2, secid) ==
	      offsetof(struct xt_secmark_target_info_v1, secid));
static_assert(offsetof(struct xt_connsecmark2_tginfo2, mode) ==
	      offsetof(struct xt_connsecmark_target_info, mode));
static_assert(XT_SECMARK2_CTX_SIZE == SECMARK_SECCTX_MAX);
static_assert(XT_SECMARK2_SELCTX == SECMARK_MODE_SEL);
static_assert((int)XT_CONNSECMARK2_SAVE == CONNSECMARK_SAVE);
static_assert((int)XT_CONNSECMARK2_RESTORE == CONNSECMARK_RESTORE);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The secmark2 maintainers");
MODULE_DESCRIPTION("Xtables: security labels of packets and connections");
MODULE_VERSION(SECMARK2_VERSION);
MODULE_ALIAS("ipt_SECMARK2");
MODULE_ALIAS("ipt_CONNSECMARK2");
MODULE_ALIAS("ipt_secmark2");
#if IS_ENABLED(CONFIG_IP6_NF_IPTABLES)
MODULE_ALIAS("ip6t_SECMARK2");
MODULE_ALIAS("ip6t_CONNSECMARK2");
MODULE_ALIAS("ip6t_secmark2");
#endif

/*
 * A packet that conntrack has not seen yet may have a template. nf_tables has
 * one template per CPU, for all namespaces, so it must never carry a label.
 */
static struct nf_conn *connection_of(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	return ct && !nf_ct_is_template(ct) ? ct : NULL;
}

/*
 * The first label wins: this module never replaces it, not even for a packet of
 * the same connection on another CPU. Most packets only read.
 */
static void connection_label(struct nf_conn *ct, u32 secid)
{
	if (!READ_ONCE(ct->secmark) && !cmpxchg(&ct->secmark, 0, secid))
		nf_conntrack_event_cache(IPCT_SECMARK, ct);
}

static unsigned int
secmark2_tg(struct sk_buff *skb, const struct xt_action_param *par)
{
	const struct xt_secmark2_tginfo2 *info = par->targinfo;
	struct nf_conn *ct;

	skb->secmark = info->secid;
	if (info->flags & XT_SECMARK2_SAVE) {
		ct = connection_of(skb);
		if (ct)
			connection_label(ct, info->secid);
	}
	return info->flags & XT_SECMARK2_ACCEPT ? NF_ACCEPT : XT_CONTINUE;
}

static unsigned int
connsecmark2_tg(struct sk_buff *skb, const struct xt_action_param *par)
{
	const struct xt_connsecmark2_tginfo2 *info = par->targinfo;
	struct nf_conn *ct = connection_of(skb);
	u32 label;

	if (!ct)
		return XT_CONTINUE;
	if (info->mode == XT_CONNSECMARK2_SAVE) {
		if (skb->secmark)
			connection_label(ct, skb->secmark);
		return XT_CONTINUE;
	}
	label = READ_ONCE(ct->secmark);
	if (!label)
		return XT_CONTINUE;
	if (!skb->secmark || info->flags & XT_CONNSECMARK2_OVERWRITE)
		skb->secmark = label;
	return info->flags & XT_CONNSECMARK2_ACCEPT && skb->secmark == label ?
	       NF_ACCEPT : XT_CONTINUE;
}

static bool secmark2_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_secmark2_mtinfo2 *info = par->matchinfo;
	const struct nf_conn *ct;
	u32 label = skb->secmark;
	bool found;

	if (info->flags & XT_SECMARK2_MATCH_CONN) {
		ct = connection_of(skb);
		/* nothing to compare, so "!" is false as well */
		if (!ct)
			return false;
		label = READ_ONCE(ct->secmark);
	}
	found = info->mode == XT_SECMARK2_MATCH_SELCTX ? label == info->secid :
						      label != 0;
	return found ^ !!(info->flags & XT_SECMARK2_MATCH_INVERT);
}

/* The tables that run where the kernel's own SECMARK may label. */
static int check_table(const char *ext, const char *table)
{
	if (!strcmp(table, "mangle") || !strcmp(table, "security"))
		return 0;
	pr_info_ratelimited("%s: only valid in the tables mangle and security, not in '%s'\n",
			    ext, table);
	return -EINVAL;
}

/* A bit that is refused today can get a meaning in a later revision. */
static int check_bits(const char *ext, u8 flags, u8 known, const u8 *pad,
		      size_t pad_len)
{
	if (!(flags & ~known) && !memchr_inv(pad, 0, pad_len))
		return 0;
	pr_info_ratelimited("%s: unknown flag or nonzero pad\n", ext);
	return -EINVAL;
}

/* A string that ends, and zeros after its end. */
static int check_ctx(const char *ext, const char *ctx)
{
	size_t len = strnlen(ctx, XT_SECMARK2_CTX_SIZE);

	if (len < XT_SECMARK2_CTX_SIZE &&
	    !memchr_inv(ctx + len, 0, XT_SECMARK2_CTX_SIZE - len))
		return 0;
	pr_info_ratelimited("%s: context without an end, or with something after it: '%.*s'\n",
			    ext, (int)len, ctx);
	return -EINVAL;
}

static int context_to_secid(const char *ext, const char *ctx, u32 *secid)
{
	int err;

	*secid = 0;
	err = security_secctx_to_secid(ctx, strlen(ctx), secid);
	/* the answer of a kernel whose security modules have no contexts */
	if (!err && !*secid)
		err = -ENOENT;
	if (err == -EINVAL)
		pr_info_ratelimited("%s: invalid security context '%s'\n",
				    ext, ctx);
	else if (err == -ENOENT)
		pr_info_ratelimited("%s: no security module knows the context '%s'\n",
				    ext, ctx);
	else if (err)
		pr_info_ratelimited("%s: error %d for the security context '%s'\n",
				    ext, err, ctx);
	return err;
}

static int secmark2_tg_check(const struct xt_tgchk_param *par)
{
	struct xt_secmark2_tginfo2 *info = par->targinfo;
	int err;

	err = check_table("SECMARK2", par->table);
	if (err)
		return err;
	if (info->mode != XT_SECMARK2_SELCTX) {
		pr_info_ratelimited("SECMARK2: unknown mode %u\n", info->mode);
		return -EINVAL;
	}
	err = check_bits("SECMARK2", info->flags,
			 XT_SECMARK2_SAVE | XT_SECMARK2_ACCEPT,
			 info->pad, sizeof(info->pad));
	if (!err)
		err = check_ctx("SECMARK2", info->secctx);
	if (!err)
		err = context_to_secid("SECMARK2", info->secctx, &info->secid);
	if (err)
		return err;

	err = security_secmark_relabel_packet(info->secid);
	if (err) {
		pr_info_ratelimited("SECMARK2: no permission to label packets '%s'\n",
				    info->secctx);
		return err;
	}
	if (info->flags & XT_SECMARK2_SAVE) {
		err = nf_ct_netns_get(par->net, par->family);
		if (err) {
			pr_info_ratelimited("SECMARK2: cannot load conntrack support for proto=%u\n",
					    par->family);
			return err;
		}
	}
	/* last: it switches packet checks on, in all namespaces */
	security_secmark_refcount_inc();
	return 0;
}

static void secmark2_tg_destroy(const struct xt_tgdtor_param *par)
{
	const struct xt_secmark2_tginfo2 *info = par->targinfo;

	security_secmark_refcount_dec();
	if (info->flags & XT_SECMARK2_SAVE)
		nf_ct_netns_put(par->net, par->family);
}

static int connsecmark2_tg_check(const struct xt_tgchk_param *par)
{
	const struct xt_connsecmark2_tginfo2 *info = par->targinfo;
	u8 known = 0;
	int err;

	err = check_table("CONNSECMARK2", par->table);
	if (err)
		return err;
	switch (info->mode) {
	case XT_CONNSECMARK2_SAVE:
		break;
	case XT_CONNSECMARK2_RESTORE:
		known = XT_CONNSECMARK2_OVERWRITE | XT_CONNSECMARK2_ACCEPT;
		break;
	default:
		pr_info_ratelimited("CONNSECMARK2: unknown mode %u\n",
				    info->mode);
		return -EINVAL;
	}
	err = check_bits("CONNSECMARK2", info->flags, known, info->pad,
			 sizeof(info->pad));
	if (err)
		return err;

	err = nf_ct_netns_get(par->net, par->family);
	if (err)
		pr_info_ratelimited("CONNSECMARK2: cannot load conntrack support for proto=%u\n",
				    par->family);
	return err;
}

static void connsecmark2_tg_destroy(const struct xt_tgdtor_param *par)
{
	nf_ct_netns_put(par->net, par->family);
}

/* Finds the secid. Comparing a label needs no permission. */
static int match_to_secid(struct xt_secmark2_mtinfo2 *info)
{
	int err;

	err = check_ctx("secmark2", info->secctx);
	if (err)
		return err;
	switch (info->mode) {
	case XT_SECMARK2_MATCH_LABELED:
		if (!info->secctx[0])
			return 0;
		pr_info_ratelimited("secmark2: a context where none belongs: '%s'\n",
				    info->secctx);
		return -EINVAL;
	case XT_SECMARK2_MATCH_SELCTX:
		return context_to_secid("secmark2", info->secctx, &info->secid);
	}
	pr_info_ratelimited("secmark2: unknown mode %u\n", info->mode);
	return -EINVAL;
}

static int secmark2_mt_check(const struct xt_mtchk_param *par)
{
	struct xt_secmark2_mtinfo2 *info = par->matchinfo;
	int err;

	err = check_bits("secmark2", info->flags,
			 XT_SECMARK2_MATCH_CONN | XT_SECMARK2_MATCH_INVERT,
			 info->pad, sizeof(info->pad));
	if (!err)
		err = match_to_secid(info);
	if (err || !(info->flags & XT_SECMARK2_MATCH_CONN))
		return err;

	err = nf_ct_netns_get(par->net, par->family);
	if (err)
		pr_info_ratelimited("secmark2: cannot load conntrack support for proto=%u\n",
				    par->family);
	return err;
}

static void secmark2_mt_destroy(const struct xt_mtdtor_param *par)
{
	const struct xt_secmark2_mtinfo2 *info = par->matchinfo;

	if (info->flags & XT_SECMARK2_MATCH_CONN)
		nf_ct_netns_put(par->net, par->family);
}

#define SECMARK2_TG(proto)						\
	{								\
		.name = "SECMARK2",					\
		.revision = XT_SECMARK2_TG_REVISION,			\
		.family = (proto),					\
		.target = secmark2_tg,					\
		.targetsize = sizeof(struct xt_secmark2_tginfo2),	\
		.usersize = offsetof(struct xt_secmark2_tginfo2, secid), \
		.checkentry = secmark2_tg_check,			\
		.destroy = secmark2_tg_destroy,				\
		.me = THIS_MODULE,					\
	}

#define CONNSECMARK2_TG(proto)						\
	{								\
		.name = "CONNSECMARK2",					\
		.revision = XT_CONNSECMARK2_TG_REVISION,		\
		.family = (proto),					\
		.target = connsecmark2_tg,				\
		.targetsize = sizeof(struct xt_connsecmark2_tginfo2),	\
		.checkentry = connsecmark2_tg_check,			\
		.destroy = connsecmark2_tg_destroy,			\
		.me = THIS_MODULE,					\
	}

#define SECMARK2_MT(proto)						\
	{								\
		.name = "secmark2",					\
		.revision = XT_SECMARK2_MT_REVISION,			\
		.family = (proto),					\
		.match = secmark2_mt,					\
		.matchsize = sizeof(struct xt_secmark2_mtinfo2),	\
		.usersize = offsetof(struct xt_secmark2_mtinfo2, secid), \
		.checkentry = secmark2_mt_check,			\
		.destroy = secmark2_mt_destroy,				\
		.me = THIS_MODULE,					\
	}

static struct xt_target secmark2_tg_reg[] __read_mostly = {
	SECMARK2_TG(NFPROTO_IPV4),
	CONNSECMARK2_TG(NFPROTO_IPV4),
#if IS_ENABLED(CONFIG_IP6_NF_IPTABLES)
	SECMARK2_TG(NFPROTO_IPV6),
	CONNSECMARK2_TG(NFPROTO_IPV6),
#endif
};

static struct xt_match secmark2_mt_reg[] __read_mostly = {
	SECMARK2_MT(NFPROTO_IPV4),
#if IS_ENABLED(CONFIG_IP6_NF_IPTABLES)
	SECMARK2_MT(NFPROTO_IPV6),
#endif
};

static int __init secmark2_init(void)
{
	int err;

	err = xt_register_targets(secmark2_tg_reg, ARRAY_SIZE(secmark2_tg_reg));
	if (err)
		return err;
	err = xt_register_matches(secmark2_mt_reg, ARRAY_SIZE(secmark2_mt_reg));
	if (err)
		xt_unregister_targets(secmark2_tg_reg,
				      ARRAY_SIZE(secmark2_tg_reg));
	return err;
}

static void __exit secmark2_exit(void)
{
	xt_unregister_matches(secmark2_mt_reg, ARRAY_SIZE(secmark2_mt_reg));
	xt_unregister_targets(secmark2_tg_reg, ARRAY_SIZE(secmark2_tg_reg));
}

module_init(secmark2_init);
module_exit(secmark2_exit);
