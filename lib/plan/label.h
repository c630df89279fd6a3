/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SECMARK2_PLAN_LABEL_H
#define SECMARK2_PLAN_LABEL_H

#include "util/diag.h"

struct context;

/* A label as it is written in the line, and the context that it stands for. */
struct plan_label {
	struct pos pos;
	char *text; /* TYPE or USER:ROLE:TYPE[:LEVEL] */
	struct pos level_pos;
	char *level;   /* of "level LEVEL", or NULL */
	char *context; /* NULL until check_plan() sets it */
};

/* The type of a label. If the label is written as a whole context, the type points into @ctx. */
const char *plan_label_type(const struct plan_label *label, struct context *ctx);

/* Frees its content. */
void plan_label_free(struct plan_label *label);

#endif
