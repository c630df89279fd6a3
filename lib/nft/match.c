// SPDX-License-Identifier: GPL-2.0-only
#include "nft/match.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/err.h"
#include "plan/plan.h"

size_t nft_match_count(const struct plan_nets *nets, enum dispatch_family family)
{
	size_t n = 0, i;

	for (i = 0; i < nets->n; i++) {
		if (nets->v[i].family != dispatch_af(family))
			continue;
		/* all addresses: some packets fit the line, so it is not negated */
		if (!nets->v[i].len)
			return 0;
		n++;
	}
	return n;
}

/* Networks may overlap in an anonymous set: nft merges them. */
void nft_match_nets(const struct plan_nets *nets, enum dispatch_family family, const char *field,
		    FILE *out)
{
	size_t n = nft_match_count(nets, family), i;
	char text[NET_STRLEN];
	bool set = n > 1;

	if (!n)
		return;
	fprintf(out, "%s %s %s%s", family == DISPATCH_IPV4 ? "ip" : "ip6", field,
		nets->negated ? "!= " : "", set ? "{ " : "");
	for (i = 0; i < nets->n; i++)
		if (nets->v[i].family == dispatch_af(family))
			fprintf(out, "%s%s", net_format(&nets->v[i], text), --n ? ", " : "");
	fputs(set ? " } " : " ", out);
}

/* "+" alone: it fits every name. */
static bool is_any(const struct plan_iface *iface)
{
	return !strcmp(iface->name, "+");
}

static void match_iface(const struct plan_iface *iface, const char *field, FILE *out)
{
	size_t n = strlen(iface->name);
	bool wild = n && iface->name[n - 1] == '+';

	if (!n || is_any(iface))
		return;
	fprintf(out, "%s %s\"%.*s%s\" ", field, iface->negated ? "!= " : "",
		(int)(wild ? n - 1 : n), iface->name, wild ? "*" : "");
}

bool nft_match_never(const struct plan_line *line, const struct nft_view *view)
{
	if (view->any_iface)
		return false;
	return (view->unrouted && line->out.name[0]) || (line->in.negated && is_any(&line->in)) ||
	       (line->out.negated && is_any(&line->out));
}

void nft_match_ifaces(const struct plan_line *line, enum dispatch_family family,
		      const struct nft_view *view, FILE *out)
{
	fprintf(out, "meta nfproto %s ", family == DISPATCH_IPV4 ? "ipv4" : "ipv6");
	if (view->any_iface)
		return;
	match_iface(&line->in, view->reversed ? "oifname" : "iifname", out);
	match_iface(&line->out,
		    view->route    ? "fib daddr oifname" :
		    view->reversed ? "iifname" :
				     "oifname",
		    out);
}

/* nft cannot write a quote between quotes, and an asterisk at the end stands for any ending. */
static int match_check_iface(const struct plan_line *line, const struct plan_iface *iface,
			     struct err *err)
{
	if (!strpbrk(iface->name, "\"*\\"))
		return 0;
	err_set(err, -EINVAL, "%s:%u: nft cannot name the interface '%s'", line->pos.file,
		line->pos.line, iface->name);
	err_hint(err, "no \", * or \\ in it");
	return -EINVAL;
}

int nft_match_check(const struct plan *plan, struct err *err)
{
	int ret = 0;
	size_t i;

	for (i = 0; i < plan->n_lines && !ret; i++) {
		ret = match_check_iface(&plan->lines[i], &plan->lines[i].in, err);
		if (!ret)
			ret = match_check_iface(&plan->lines[i], &plan->lines[i].out, err);
	}
	return ret;
}
