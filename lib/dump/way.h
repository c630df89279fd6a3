/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_DUMP_WAY_H
#define SECMARK2_DUMP_WAY_H

#include <stddef.h>

#include "dump/chain_walk.h"
#include "plan/line.h"

struct diag;

/**
 * way_walk - which labels do all chains give that packets of a side pass?
 * @v:      all rules, sorted
 * @n:      how many
 * @side:   of this host, or forwarded
 * @family: of these rules
 * @mode:   of which packets
 * @diag:   as for walk()
 *
 * What the last chain says comes first, as in a plan. Without WALK_REPLIES, matches that are there
 * twice, and those behind one for all, are left out.
 *
 * Returns the labels, of which the first that fits counts; end them with walk_labels_free().
 */
struct walk_labels way_walk(struct walk_rule *v, size_t n, enum side side, int family,
			    enum walk_mode mode, struct diag *diag);

#endif
