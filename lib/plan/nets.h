/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_NETS_H
#define SECMARK2_PLAN_NETS_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/line.h"
#include "util/diag.h"

struct plan_protos;
struct words;

/* "net NAME A,B,...": a list that lines name as @NAME */
struct plan_net_list {
	struct pos pos; /* of NAME */
	char *name;
	char *text; /* the whole statement */
	struct plan_nets nets;
	bool used;
	bool refused; /* it has an error: lines that use it get none for that */
};

struct plan_net_lists {
	struct plan_net_list *v;
	size_t n;
	size_t copied; /* how many networks were copied to lines and other lists */
};

/* How many networks a plan may have by the names of lists: each use counts as a copy. */
#define PLAN_NETS_MAX 4000000

/*
 * Values of a plan: each function reads the next words of a line, and returns 0, or -EINVAL after
 * it has recorded the error.
 */

/**
 * plan_value_nets - read the addresses of a clause, or of a list
 * @w:      the line
 * @protos: its protocols; none for a list
 * @lists:  the lists that "@NAME" may stand for; notes that they are used
 * @nets:   gets the networks
 */
int plan_value_nets(struct words *w, const struct plan_protos *protos, struct plan_net_lists *lists,
		    struct plan_nets *nets);

/* A name, and the networks that it stands for: adds them to the lists. A list with an error is
 * added as well, without networks; then a use of it is -EINVAL without an error of its own. */
int plan_value_net_list(struct words *w, struct plan_net_lists *lists);

/* Frees its content; it is empty then. */
void plan_net_lists_free(struct plan_net_lists *lists);

#endif
