// SPDX-License-Identifier: GPL-2.0-only
#include "xtables/extension_probe.h"

#include <errno.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <netinet/in.h>

#include "backend/machine.h"
#include "base/err.h"
#include "host/netlink.h"
#include "plan/plan.h"
#include "xtables/iptc_ops.h"

static int ask_legacy(const char *name, unsigned int revision, bool target)
{
	int ret = iptc_has_extension(name, revision, target);

	if (ret != -ENOPROTOOPT)
		return ret;
	/* iptables' tables have not been used yet */
	iptc_load_module(&iptc_families[0]);
	return iptc_has_extension(name, revision, target);
}

static int ask_compat(const char *name, unsigned int revision, bool target)
{
	char buf[NETLINK_REQUEST_MAX];
	struct nlmsghdr *request =
		netlink_netfilter(buf, NFNL_SUBSYS_NFT_COMPAT << 8 | NFNL_MSG_COMPAT_GET, AF_INET);
	struct mnl_socket *nl;
	int ret = netlink_open(NETLINK_NETFILTER, &nl);

	if (ret)
		return ret;
	mnl_attr_put_strz(request, NFTA_COMPAT_NAME, name);
	mnl_attr_put_u32(request, NFTA_COMPAT_REV, htonl(revision));
	mnl_attr_put_u32(request, NFTA_COMPAT_TYPE, htonl(target));
	ret = netlink_do(nl, request, NULL, NULL);
	mnl_socket_close(nl);
	return ret;
}

int xt_extension_ask(enum place place, const char *name, unsigned int revision, bool target)
{
	return place == PLACE_COMPAT ? ask_compat(name, revision, target) :
				       ask_legacy(name, revision, target);
}

static bool has_lines(const struct plan *plan, const struct machine *m)
{
	(void)m;
	return plan->n_lines;
}

static bool is_used_without_module(const struct plan *plan, const struct machine *m)
{
	return plan->n_lines && !m->module;
}

/* Only TCP and UDP have a match of their own for ports that each kernel with x_tables has. */
static bool has_other_ports(const struct plan *plan, const struct machine *m)
{
	const struct plan_line *line;

	(void)m;
	for (line = plan->lines; line < plan->lines + plan->n_lines; line++)
		if (line->ports.n && line->proto != IPPROTO_TCP && line->proto != IPPROTO_UDP)
			return true;
	return false;
}

/* Rules ask for FTP's data connections where a line has a port of TCP; with the module, only over
 * lo. */
static bool asks_for_ftp(const struct plan *plan, const struct machine *m)
{
	const struct plan_line *line;

	if (m->module && !plan->loopback)
		return false;
	for (line = plan->lines; line < plan->lines + plan->n_lines; line++)
		if (line->ports.n && line->proto == IPPROTO_TCP &&
		    (!m->module || line->side == SIDE_SERVER))
			return true;
	return false;
}

/* Which extension is used when, and the option of the kernel that has it. */
static const struct extension {
	const char *name;
	unsigned int revision;
	bool target;
	const char *option;
	bool (*used)(const struct plan *plan, const struct machine *m);
} needed[] = {
	{ "conntrack", 3, false, "CONFIG_NETFILTER_XT_MATCH_CONNTRACK", has_lines },
	{ "SECMARK", 1, true, "CONFIG_NETFILTER_XT_TARGET_SECMARK", is_used_without_module },
	{ "CONNSECMARK", 0, true, "CONFIG_NETFILTER_XT_TARGET_CONNSECMARK",
	  is_used_without_module },
	{ "multiport", 1, false, "CONFIG_NETFILTER_XT_MATCH_MULTIPORT", has_other_ports },
};

int xt_extensions_ask(enum place place, const struct plan *plan, struct machine *m, struct err *err)
{
	const struct extension *x;

	for (x = needed; x < needed + sizeof(needed) / sizeof(needed[0]); x++) {
		if (!x->used(plan, m) ||
		    xt_extension_ask(place, x->name, x->revision, x->target) != -ENOENT)
			continue;
		err_set(err, -EOPNOTSUPP, "the kernel has no %s '%s', which the rules need",
			x->target ? "target" : "match", x->name);
		err_hint(err, "build it with %s, or use nft", x->option);
		return -EOPNOTSUPP;
	}
	m->no_ftp = m->no_forward = NULL;
	if (asks_for_ftp(plan, m) && xt_extension_ask(place, "helper", 0, false) == -ENOENT)
		m->no_ftp = "the kernel has no match 'helper': CONFIG_NETFILTER_XT_MATCH_HELPER";
	if (plan_has_side(plan, SIDE_FORWARD) &&
	    xt_extension_ask(place, "addrtype", 1, false) == -ENOENT)
		m->no_forward = "the kernel has no match 'addrtype': "
				"CONFIG_NETFILTER_XT_MATCH_ADDRTYPE";
	return 0;
}
