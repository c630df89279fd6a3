// SPDX-License-Identifier: GPL-2.0-only
#include "advise/port_types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/allowed.h"
#include "selinux/oracle.h"
#include "util/alloc.h"

struct port_types_search {
	struct allowed *a;
	uint8_t proto;
	struct port_types *types;
	size_t len;
	const char *last;
};

static void add_port_type(void *arg, const struct oracle_ports *ports)
{
	struct port_types_search *s = arg;
	struct port_types *t = s->types;
	struct allowed_answer answer;

	if (ports->proto != s->proto || (s->last && !strcmp(s->last, ports->type)))
		return;
	s->last = ports->type;
	if (strstr(t->text, ports->type) || t->n > PORT_TYPES_MAX)
		return;
	allowed_ask_types(s->a, t->source, ports->type, t->class, t->perms, &answer);
	if (answer.verdict != ALLOWED_YES || t->n++ == PORT_TYPES_MAX)
		return;
	s->len += snprintf(t->text + s->len, sizeof(t->text) - s->len, "%s%s", s->len ? ", " : "",
			   ports->type);
	if (s->len >= sizeof(t->text))
		s->len = sizeof(t->text) - 1;
}

static void port_types_clear(struct port_types *t)
{
	free(t->source);
	free(t->class);
	free(t->perms);
	*t = (struct port_types){ .source = NULL };
}

const struct port_types *port_types_find(struct port_types_asked *asked, struct oracle *o,
					 struct allowed *a, uint8_t proto, const char *source,
					 const char *class, const char *perms)
{
	struct port_types_search s = { .a = a, .proto = proto };
	struct port_types *t;

	for (t = asked->v; t < asked->v + PORT_TYPES_ASKED && t->source; t++)
		if (!strcmp(t->source, source) && !strcmp(t->class, class) &&
		    !strcmp(t->perms, perms))
			return t;
	t = &asked->v[asked->next];
	asked->next = (asked->next + 1) % PORT_TYPES_ASKED;
	port_types_clear(t);
	t->source = alloc_copy(source);
	t->class = alloc_copy(class);
	t->perms = alloc_copy(perms);
	s.types = t;
	o->ops->ports(o, add_port_type, &s);
	return t;
}

void port_types_free(struct port_types_asked *asked)
{
	size_t i;

	for (i = 0; i < PORT_TYPES_ASKED; i++)
		port_types_clear(&asked->v[i]);
}
