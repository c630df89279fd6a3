/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_COMPILE_COMPILE_H
#define SECMARK2_COMPILE_COMPILE_H

struct dispatch;
struct err;
struct plan;

/* The most lines that all decisions may have in sum: 10,000 lines with conditions on 100 ports. */
#define COMPILE_LINES_MAX 1000000

/**
 * compile - order a plan by ports
 * @plan: the plan; the contexts of its labels are filled in
 * @d:    where to; end it with dispatch_free(), also after a failure
 * @err:  filled on failure
 *
 * For each side, family and protocol this cuts the ports into segments on which the same lines
 * decide. Equal decisions are kept once. Lines that cannot change the outcome are left out: lines
 * after one without further conditions, and lines that give the same label as the next one. Takes
 * O(n log n) for n port ranges, plus the number of lines in all decisions.
 *
 * Returns 0, or -E2BIG if all decisions together have more than COMPILE_LINES_MAX lines, because
 * many lines with from, to or on share ports.
 */
int compile(const struct plan *plan, struct dispatch *d, struct err *err);

#endif
