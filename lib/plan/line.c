// SPDX-License-Identifier: GPL-2.0-only
#include "plan/line.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

static void domains_free(struct plan_domains *domains)
{
	size_t i;

	for (i = 0; i < domains->n; i++)
		free(domains->v[i].name);
	free(domains->v);
}

static void *copy_array(const void *v, size_t n, size_t size)
{
	return n ? memcpy(alloc_zeroed(n, size), v, n * size) : NULL;
}

static void domains_copy(struct plan_domains *domains)
{
	size_t i;

	domains->v = copy_array(domains->v, domains->n, sizeof(*domains->v));
	for (i = 0; i < domains->n; i++)
		domains->v[i].name = alloc_copy(domains->v[i].name);
}

void plan_line_copy(struct plan_line *to, const struct plan_line *from)
{
	*to = *from;
	to->text = alloc_copy(from->text);
	to->label.text = alloc_copy(from->label.text);
	to->label.level = alloc_copy(from->label.level);
	to->label.context = alloc_copy(from->label.context);
	to->ports.v = copy_array(from->ports.v, from->ports.n, sizeof(*to->ports.v));
	to->from.v = copy_array(from->from.v, from->from.n, sizeof(*to->from.v));
	to->to.v = copy_array(from->to.v, from->to.n, sizeof(*to->to.v));
	domains_copy(&to->only);
	domains_copy(&to->allow);
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

bool plan_domains_have(const struct plan_domains *domains, const char *name)
{
	size_t i;

	for (i = 0; i < domains->n; i++)
		if (!strcmp(domains->v[i].name, name))
			return true;
	return false;
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
