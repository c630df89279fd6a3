/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_XTABLES_LINE_RULES_H
#define SECMARK2_XTABLES_LINE_RULES_H

#include <stdbool.h>

struct plan_line;
struct trees;

/* How a packet meets a line. */
struct line_view {
	bool turned; /* the packet goes against the flow: its source is the line's destination */
	bool leaves; /* a rule can ask for the interface that it leaves by, else for the one it came
			by */
	bool knows_iface; /* that one is the line's interface */
};

/**
 * line_rules - rules that ask whether a packet fits a line, whose protocol and port it has
 * @t:      whose chains
 * @view:   how the packet meets the line
 * @chain:  gets the rules at its end
 * @line:   of the plan
 * @target: the chain where the packet goes if it fits
 *
 * Returns the chain where the next line has to be tried: @chain, or a new one if the line needed
 * chains of its own.
 */
unsigned int line_rules(struct trees *t, const struct line_view *view, unsigned int chain,
			const struct plan_line *line, int target);

#endif
