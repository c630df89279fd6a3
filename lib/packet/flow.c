// SPDX-License-Identifier: GPL-2.0-only
#include "packet/flow.h"

#include <string.h>

struct flow flow_turned(const struct flow *flow)
{
	struct flow back = *flow;

	back.src = flow->dst;
	back.dst = flow->src;
	back.sport = flow->dport;
	back.dport = flow->sport;
	memcpy(back.in, flow->out, sizeof(back.in));
	memcpy(back.out, flow->in, sizeof(back.out));
	return back;
}
