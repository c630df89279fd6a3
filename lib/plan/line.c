// SPDX-License-Identifier: GPL-2.0-only
#include "plan/line.h"

#include <stdlib.h>

void plan_label_free(struct plan_label *label)
{
	free(label->text);
	free(label->level);
	free(label->context);
	*label = (struct plan_label){ 0 };
}

static void domains_free(struct plan_domains *domains)
{
	size_t i;

	for (i = 0; i < domains->n; i++)
		free(domains->v[i].name);
	free(domains->v);
}

void plan_line_free(struct plan_line *line)
{
	free(line->text);
	plan_label_free(&line->label);
	ports_free(&line->ports);
	free(line->from.v);
	free(line->to.v);
	domains_free(&line->only);
	domains_free(&line->allow);
	*line = (struct plan_line){ 0 };
}

const char *plan_side_name(enum side side)
{
	static const char *const names[SIDES] = {
		[SIDE_SERVER] = "server",
		[SIDE_CLIENT] = "client",
		[SIDE_FORWARD] = "forward",
	};

	return side < SIDES ? names[side] : NULL;
}
