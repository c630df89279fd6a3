// SPDX-License-Identifier: GPL-2.0-only
/* The label that a plan gives to each packet of a flow. lookup() answers only with the first line
 * that fits the flow. */
#include "differential/flow_expect.h"

#include <stdlib.h>
#include <string.h>

#include "plan/lookup.h"
#include "plan/plan.h"
#include "util/alloc.h"

const char *const hook_names[HOOKS] = {
	[HOOK_PREROUTING] = "prerouting",
	[HOOK_INPUT] = "input",
	[HOOK_FORWARD] = "forward",
	[HOOK_OUTPUT] = "output",
};

static bool iface_is(const char *asked, const char *name)
{
	size_t n = strlen(asked);

	return asked[n - 1] == '+' ? !strncmp(asked, name, n - 1) : !strcmp(asked, name);
}

bool manner_is_fast(const struct manner *m, const char *iface)
{
	size_t i;

	for (i = 0; i < m->n_fast; i++)
		if (iface_is(m->fast[i], iface))
			return true;
	return false;
}

static const char *expect_looked_up(const struct plan *plan, struct flow flow, enum flow_dir dir,
				    bool stray)
{
	const struct plan_line *line;

	flow.dir = dir;
	flow.stray = stray;
	line = lookup(plan, &flow);
	return line ? line->label.context : NULL;
}

const char *expect_connection(const struct plan *plan, const struct trial *t)
{
	return expect_looked_up(plan, t->flow, t->flow.dir, t->flow.stray);
}

/* A reply to a forwarded flow comes in by an interface that the line cannot name. */
static const char *forwarded_back(const struct plan *plan, const struct trial *t)
{
	struct plan any = *plan;
	const char *label;
	size_t i;

	any.lines = alloc_zeroed(plan->n_lines + 1, sizeof(*any.lines));
	memcpy(any.lines, plan->lines, plan->n_lines * sizeof(*any.lines));
	for (i = 0; i < any.n_lines; i++)
		any.lines[i].in.name[0] = '\0';
	label = expect_looked_up(&any, t->flow, FLOW_FORWARD, false);
	free(any.lines);
	return label;
}

static const char *expect_forwarded(const struct plan *plan, const struct trial *t,
				    const struct manner *m, enum turn turn)
{
	const char *iface = turn == TURN_REPLY ? t->flow.out : t->flow.in;

	if (turn == TURN_FIRST || m->overwrites || manner_is_fast(m, iface))
		return expect_connection(plan, t);
	return turn == TURN_REPLY ? forwarded_back(plan, t) :
				    expect_looked_up(plan, t->flow, FLOW_FORWARD, false);
}

/*
 * Over lo the connection has the client's label, and each packet gets the label of its present end.
 * Packets that the server receives and sends are looked up. Packets that the client sends and
 * receives get the connection's label; the stock targets also look up the ones that it receives.
 */
static const char *expect_over_lo(const struct plan *plan, const struct trial *t,
				  const struct manner *m, enum turn turn, enum hook hook)
{
	if (turn == TURN_FIRST)
		return expect_looked_up(plan, t->flow, hook == HOOK_INPUT ? FLOW_IN : FLOW_OUT,
					t->flow.stray);
	if ((turn == TURN_REPLY) == (hook == HOOK_OUTPUT))
		return expect_looked_up(plan, t->flow, FLOW_IN, false);
	if (turn == TURN_REPLY && !m->overwrites)
		return expect_looked_up(plan, t->flow, FLOW_OUT, false);
	return expect_connection(plan, t);
}

static const char *expect_received(const struct plan *plan, const struct trial *t,
				   const struct manner *m, enum turn turn)
{
	if (turn == TURN_FIRST || m->overwrites || manner_is_fast(m, t->flow.in))
		return expect_connection(plan, t);
	return expect_looked_up(plan, t->flow, t->flow.dir, false);
}

static bool comes_by(const struct trial *t, enum turn turn, enum hook hook)
{
	if (t->flow.dir == FLOW_FORWARD)
		return hook == HOOK_PREROUTING || hook == HOOK_FORWARD;
	if (hook == HOOK_INPUT)
		return trial_over_lo(t) || (t->flow.dir == FLOW_IN) == (turn != TURN_REPLY);
	return hook == HOOK_OUTPUT &&
	       (trial_over_lo(t) || (t->flow.dir == FLOW_OUT) == (turn != TURN_REPLY));
}

bool expect_packet(const struct plan *plan, const struct trial *t, const struct manner *m,
		   enum turn turn, enum hook hook, const char **context)
{
	if (!comes_by(t, turn, hook))
		return false;
	if (t->flow.dir == FLOW_FORWARD)
		*context = expect_forwarded(plan, t, m, turn);
	else if (trial_over_lo(t))
		*context = expect_over_lo(plan, t, m, turn, hook);
	else if (hook == HOOK_INPUT)
		*context = expect_received(plan, t, m, turn);
	else
		*context = expect_connection(plan, t);
	return true;
}
