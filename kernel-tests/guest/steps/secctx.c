// SPDX-License-Identifier: GPL-2.0-only
/*
 * secctx NS [data] = CONTEXT|nothing: of the flow of the last talk; nothing if conntrack does not
 * know it.
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/conntrack.h"
#include "net/topology.h"
#include "runner/test.h"
#include "steps/kinds.h"

static void secctx_run(struct test *t, const struct step *step)
{
	char *text = step_expand(t, step, step->text), *want, *data, *have = NULL;
	struct netns *ns;
	int err;

	if (!text)
		return;
	want = strstr(text, " = ");
	data = strstr(text, " data = ");
	ns = topology_ns(t->topo, text, strcspn(text, " "));
	if (!want || !ns || !t->talks) {
		test_fail(t, step, "expected secctx NS [data] = CONTEXT, after a talk");
	} else if ((err = netns_enter(ns))) {
		test_fail(t, step, "cannot enter the namespace: %s", strerror(-err));
	} else {
		have = data ? conntrack_secctx(t->last.data_ports[0], t->last.data_ports[1]) :
			      conntrack_secctx(t->last.ports[0], t->last.ports[1]);
		netns_leave();
		if (strcmp(have ? have : "nothing", want + 3))
			test_fail(t, step, "conntrack has %s, expected %s", have ? have : "nothing",
				  want + 3);
	}
	free(have);
	free(text);
}

const struct step_kind step_secctx = {
	.name = "secctx",
	.run = secctx_run,
	.lacks = conntrack_lacks,
};
