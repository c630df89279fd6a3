/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_COMPILE_COMPILE_H
#define SECMARK2_COMPILE_COMPILE_H

struct dispatch;
struct err;
struct plan;

/* Lines in decisions, all together, before compile() gives up: 10,000 qualified lines on 100 ports.
 */
#define COMPILE_LINES_MAX 1000000

/**
 * compile - order a plan by ports
 * @plan: the plan; the contexts of its labels are filled in
 * @d:    where to; end it with dispatch_free(), also after a failure
 * @err:  filled on failure
 *
 * For each side and family, each protocol's ports are cut into segments on
 * which the same lines decide. Decisions with the same outcome are one, and
 * what cannot change the outcome is left out: lines behind one that asks for
 * nothing more, and lines that give the label that follows them anyway. Takes
 * O(n log n) for n port ranges, and as much again as the decisions have lines.
 *
 * Returns 0, or -E2BIG where more than COMPILE_LINES_MAX lines with from, to
 * or on share ports.
 */
int compile(const struct plan *plan, struct dispatch *d, struct err *err);

#endif
