// SPDX-License-Identifier: GPL-2.0-only
#include "plan/unreachable.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/line_index.h"
#include "plan/plan.h"
#include "util/alloc.h"
#include "util/diag.h"

/*
 * Lines without from, to and interfaces take ports. A table for each side and
 * protocol stores the first line that took each port. A block of ports that one
 * line takes at once is one entry, and full blocks are skipped, so 10,000 lines
 * with large ranges are fast. A protocol without ports has one port here.
 */
#define BLOCK 256u

struct taken {
	const struct plan_line *first; /* the first line that took any port */
	struct {
		uint32_t n;     /* the number of its ports that are taken */
		uint32_t owner; /* the line that took all of it; 0: see the ports */
	} block[(PORT_MAX + 1) / BLOCK];
	uint32_t owner[PORT_MAX + 1]; /* index of the line, from 1; 0: free */
};

/* The ports of a line; port 0 stands for a protocol without ports. */
static struct ports ports_of(const struct plan_line *line, struct port_range *all)
{
	*all = (struct port_range){ 0, proto_has_ports(line->proto) ? PORT_MAX : 0 };
	return line->ports.n ? line->ports : (struct ports){ all, 1 };
}

static void take_range(struct taken *t, uint32_t owner, uint32_t lo, uint32_t hi)
{
	uint32_t port, last, b;

	for (port = lo; port <= hi; port++) {
		b = port / BLOCK;
		last = port | (BLOCK - 1);
		if (!t->block[b].n && port % BLOCK == 0 && last <= hi) {
			t->block[b].owner = owner;
			t->block[b].n = BLOCK;
		}
		if (t->block[b].n == BLOCK) {
			port = last;
		} else if (!t->owner[port]) {
			t->owner[port] = owner;
			t->block[b].n++;
		}
	}
}

static void take_ports(struct taken *t, const struct plan *plan, const struct plan_line *line)
{
	struct port_range all;
	struct ports ports = ports_of(line, &all);
	size_t i;

	if (!t->first)
		t->first = line;
	for (i = 0; i < ports.n; i++)
		take_range(t, line - plan->lines + 1, ports.v[i].lo, ports.v[i].hi);
}

static bool is_taken(const struct taken *t, uint32_t lo, uint32_t hi)
{
	uint32_t port;

	for (port = lo; port <= hi; port++) {
		if (t->block[port / BLOCK].n == BLOCK)
			port |= BLOCK - 1;
		else if (!t->owner[port])
			return false;
	}
	return true;
}

/* The first line that took any of these ports, all of which are taken */
static uint32_t first_owner(const struct taken *t, uint32_t lo, uint32_t hi, uint32_t asked)
{
	uint32_t port, owner, first = UINT32_MAX;

	for (port = lo; port <= hi && first != asked; port++) {
		owner = t->block[port / BLOCK].owner;
		if (owner)
			port |= BLOCK - 1;
		else
			owner = t->owner[port];
		if (owner < first)
			first = owner;
	}
	return first;
}

/* The first line that took any of a line's ports, if all of them are taken. */
static const struct plan_line *ports_taker(const struct taken *t, const struct plan *plan,
					   const struct plan_line *line)
{
	struct port_range all;
	struct ports ports = ports_of(line, &all);
	uint32_t first = UINT32_MAX, owner;
	size_t i;

	for (i = 0; i < ports.n; i++)
		if (!is_taken(t, ports.v[i].lo, ports.v[i].hi))
			return NULL;
	for (i = 0; i < ports.n; i++) {
		/* no line is before the first one */
		owner = first_owner(t, ports.v[i].lo, ports.v[i].hi, t->first - plan->lines + 1);
		if (owner < first)
			first = owner;
	}
	return &plan->lines[first - 1];
}

static bool is_everything(const struct plan_nets *nets, uint8_t proto)
{
	const struct proto *p = proto_get(proto);
	bool v4 = p->family == AF_INET6, v6 = p->family == AF_INET;
	size_t i;

	if (!nets->n)
		return true;
	for (i = 0; i < nets->n && !nets->negated; i++) {
		v4 = v4 || (nets->v[i].family == AF_INET && !nets->v[i].len);
		v6 = v6 || (nets->v[i].family == AF_INET6 && !nets->v[i].len);
	}
	return v4 && v6;
}

static bool is_qualified(const struct plan_line *line)
{
	return !is_everything(&line->from, line->proto) || !is_everything(&line->to, line->proto) ||
	       *line->in.name || *line->out.name;
}

static bool is_within_one(const struct net *net, const struct plan_nets *nets)
{
	size_t i;

	for (i = 0; i < nets->n; i++)
		if (net_contains(&nets->v[i], net))
			return true;
	return false;
}

/* Is each network of a in one network of b? */
static bool are_within(const struct plan_nets *a, const struct plan_nets *b)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (!is_within_one(&a->v[i], b))
			return false;
	return true;
}

static bool are_apart(const struct plan_nets *a, const struct plan_nets *b)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (is_within_one(&a->v[i], b))
			return false;
	for (i = 0; i < b->n; i++)
		if (is_within_one(&b->v[i], a))
			return false;
	return true;
}

static bool nets_cover(const struct plan_nets *a, const struct plan_nets *b, uint8_t proto)
{
	if (is_everything(a, proto) || !b->n)
		return is_everything(a, proto);
	if (a->negated)
		return b->negated ? are_within(a, b) : are_apart(a, b);
	return !b->negated && are_within(b, a);
}

/* Does a match every name that b matches? Negation is ignored. */
static bool name_covers(const char *a, const char *b)
{
	size_t na = strlen(a) - 1, nb = strlen(b) - 1;

	if (a[na] != '+')
		return !strcmp(a, b);
	/* compare only the fixed part of a pattern */
	return nb + (b[nb] != '+') >= na && !strncmp(a, b, na);
}

static bool iface_covers(const struct plan_iface *a, const struct plan_iface *b)
{
	if (!*a->name || !*b->name)
		return !*a->name;
	if (a->negated && b->negated)
		return name_covers(b->name, a->name);
	if (a->negated)
		return !name_covers(a->name, b->name) && !name_covers(b->name, a->name);
	return !b->negated && name_covers(a->name, b->name);
}

static bool line_covers(const struct plan_line *a, const struct plan_line *b)
{
	return (!a->proto || a->proto == b->proto) &&
	       (!a->ports.n || (b->ports.n && ports_contains(&a->ports, &b->ports))) &&
	       nets_cover(&a->from, &b->from, b->proto) && nets_cover(&a->to, &b->to, b->proto) &&
	       iface_covers(&a->in, &b->in) && iface_covers(&a->out, &b->out);
}

static void warn_unreachable(const struct plan_line *line, const struct plan_line *by,
			     struct diag *diag)
{
	char hint[256];

	snprintf(hint, sizeof(hint), "%s:%u %s it", by->pos.file, by->pos.line,
		 line->is_default || line_covers(by, line) ? "covers" : "and other lines cover");
	if (line->parts > 1)
		diag_add(diag, DIAG_WARNING, line->pos, line->text, hint,
			 "for %s this line can never match", proto_name(line->proto));
	else
		diag_add(diag, DIAG_WARNING, line->pos, line->text, hint,
			 "this line can never match");
}

/* The ports of lines that are otherwise the same */
struct alike {
	const struct plan_line *line; /* the first one */
	struct ports ports;
};

/* The ports that the lines of a side take */
struct cover {
	struct taken *proto[256]; /* allocated at the first use */
	struct plan_index *index;
	void *alike; /* a tree of lines that have ports and clauses */
};

static int by_nets(const struct plan_nets *a, const struct plan_nets *b)
{
	int order = a->negated - b->negated;
	size_t i;

	if (!order && a->n != b->n)
		order = a->n < b->n ? -1 : 1;
	for (i = 0; !order && i < a->n; i++) {
		order = a->v[i].family - b->v[i].family;
		if (!order)
			order = (int)a->v[i].len - (int)b->v[i].len;
		if (!order)
			order = memcmp(a->v[i].addr, b->v[i].addr, sizeof(a->v[i].addr));
	}
	return order;
}

static int by_iface(const struct plan_iface *a, const struct plan_iface *b)
{
	int order = a->negated - b->negated;

	return order ? order : strcmp(a->name, b->name);
}

static int by_words(const void *va, const void *vb)
{
	const struct plan_line *a = ((const struct alike *)va)->line,
			       *b = ((const struct alike *)vb)->line;
	int order = a->proto - b->proto;

	if (!order)
		order = by_iface(&a->in, &b->in);
	if (!order)
		order = by_iface(&a->out, &b->out);
	if (!order)
		order = by_nets(&a->from, &b->from);
	return order ? order : by_nets(&a->to, &b->to);
}

static void alike_free(void *p)
{
	struct alike *alike = p;

	ports_free(&alike->ports);
	free(alike);
}

/* The lines with the same clauses, or NULL for the first such line */
static struct alike *find_alike(struct cover *c, const struct plan_line *line)
{
	struct alike *new = alloc_zeroed(1, sizeof(*new)), **found;

	new->line = line;
	found = tsearch(new, &c->alike, by_words);
	if (!found || *found != new)
		alike_free(new);
	return found ? *found : NULL;
}

/* The first of the earlier lines that together have all ports of this line and the same clauses.
 * If there is a free port, it adds the ports of this line and returns NULL. */
static const struct plan_line *take_alike(struct cover *c, const struct plan_line *line)
{
	struct alike *alike = proto_has_ports(line->proto) ? find_alike(c, line) : NULL;
	struct port_range all;
	struct ports ports = ports_of(line, &all);
	size_t i;

	if (!alike)
		return NULL;
	if (ports_contains(&alike->ports, &ports))
		return alike->line;
	for (i = 0; i < ports.n; i++)
		if (ports_add(&alike->ports, ports.v[i].lo, ports.v[i].hi))
			break;
	return NULL;
}

static const struct plan_line *find_taker(const struct cover *c, const struct plan *plan,
					  const struct plan_line *line)
{
	const struct plan_line *by = NULL;

	if (c->proto[0])
		by = c->proto[0]->first;
	if (!by && c->proto[line->proto] && !line->is_default)
		by = ports_taker(c->proto[line->proto], plan, line);
	return by;
}

static void unreachable_add_line(struct cover *c, const struct plan *plan,
				 const struct plan_line *line, struct diag *diag)
{
	const struct plan_line *by = find_taker(c, plan, line);
	bool qualified = is_qualified(line);

	if (!by && qualified)
		by = plan_index_find(c->index, line, line_covers);
	if (!by && qualified)
		by = take_alike(c, line);
	if (by) {
		/* the other line covers everything that this one covers */
		warn_unreachable(line, by, diag);
	} else if (qualified) {
		plan_index_add(c->index, line);
	} else {
		if (!c->proto[line->proto])
			c->proto[line->proto] = alloc_zeroed(1, sizeof(struct taken));
		take_ports(c->proto[line->proto], plan, line);
	}
}

static void warn_side(const struct plan *plan, enum side side, struct diag *diag)
{
	struct cover c = { .index = plan_index_new(plan->n_lines) };
	const struct plan_line *line, *last = NULL, *by;
	size_t i;

	for (i = 0; i < plan->n_lines; i++) {
		line = &plan->lines[i];
		if (line->side != side)
			continue;
		if (line->is_default)
			last = line;
		else
			unreachable_add_line(&c, plan, line, diag);
	}
	by = last ? find_taker(&c, plan, last) : NULL;
	if (by)
		warn_unreachable(last, by, diag);
	for (i = 0; i < sizeof(c.proto) / sizeof(c.proto[0]); i++)
		free(c.proto[i]);
	plan_index_free(c.index);
	tdestroy(c.alike, alike_free);
}

void plan_warn_unreachable(const struct plan *plan, struct diag *diag)
{
	enum side side;

	for (side = 0; side < SIDES; side++)
		warn_side(plan, side, diag);
}
