// SPDX-License-Identifier: GPL-2.0-only
#include "compile/dispatch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "plan/plan.h"

int dispatch_af(enum dispatch_family family)
{
	return family == DISPATCH_IPV4 ? AF_INET : AF_INET6;
}

static enum dispatch_fit dispatch_nets_fit(const struct plan_nets *nets, int af)
{
	bool some = false, all = false;
	size_t i;

	for (i = 0; i < nets->n; i++) {
		if (nets->v[i].family != af)
			continue;
		some = true;
		all |= nets->v[i].len == 0;
	}
	if (!nets->n)
		return DISPATCH_ALWAYS;
	if (nets->negated)
		return all ? DISPATCH_NEVER : some ? DISPATCH_SOMETIMES : DISPATCH_ALWAYS;
	return all ? DISPATCH_ALWAYS : some ? DISPATCH_SOMETIMES : DISPATCH_NEVER;
}

static enum dispatch_fit worse_fit(enum dispatch_fit a, enum dispatch_fit b)
{
	return a < b ? a : b;
}

enum dispatch_fit dispatch_fit(const struct plan_line *line, enum dispatch_family family)
{
	const struct proto *p = proto_get(line->proto);
	int af = dispatch_af(family);
	enum dispatch_fit fit = DISPATCH_ALWAYS;

	if (p->family != AF_UNSPEC && p->family != af)
		return DISPATCH_NEVER;
	if (line->in.name[0] || line->out.name[0])
		fit = DISPATCH_SOMETIMES;
	return worse_fit(fit, worse_fit(dispatch_nets_fit(&line->from, af),
					dispatch_nets_fit(&line->to, af)));
}

static const struct dispatch_proto *find_proto(const struct dispatch_side *side, uint8_t proto)
{
	size_t i;

	for (i = 0; i < side->n_protos; i++)
		if (side->protos[i].proto == proto || !side->protos[i].proto)
			return &side->protos[i];
	return NULL;
}

unsigned int dispatch_find(const struct dispatch_side *side, uint8_t proto, uint16_t port)
{
	const struct dispatch_proto *p = find_proto(side, proto);
	size_t from = 0, to = p ? p->n : 0, mid;

	while (from < to) {
		mid = from + (to - from) / 2;
		if (port < p->v[mid].lo)
			to = mid;
		else if (port > p->v[mid].hi)
			from = mid + 1;
		else
			return p->v[mid].decision;
	}
	return DISPATCH_NONE;
}

unsigned int dispatch_label(const struct dispatch *d, const struct plan_line *line)
{
	return d->label_of[line - d->plan->lines];
}

static void side_free(struct dispatch_side *side)
{
	size_t i;

	for (i = 0; i < side->n_protos; i++)
		free(side->protos[i].v);
	for (i = 0; i < side->n_decisions; i++)
		free(side->decisions[i].lines);
	free(side->protos);
	free(side->decisions);
}

void dispatch_free(struct dispatch *d)
{
	int side, family;

	for (side = 0; side < SIDES; side++)
		for (family = 0; family < DISPATCH_FAMILIES; family++)
			side_free(&d->side[side][family]);
	free(d->labels);
	free(d->label_of);
	memset(d, 0, sizeof(*d));
}
