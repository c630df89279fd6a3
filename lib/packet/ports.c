// SPDX-License-Identifier: GPL-2.0-only
#include "packet/ports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool port_range_has(const struct port_range *range, uint16_t port)
{
	return port >= range->lo && port <= range->hi;
}

/* The first range that ends at the port or after it; n if there is none. */
static size_t ports_find_range(const struct ports *p, unsigned int port)
{
	size_t from = 0, to = p->n, mid;

	while (from < to) {
		mid = from + (to - from) / 2;
		if (p->v[mid].hi < port)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

int ports_add(struct ports *p, uint16_t lo, uint16_t hi)
{
	size_t first = ports_find_range(p, lo ? lo - 1u : 0), last = first;
	struct port_range *v;

	/* [first, last) overlap the new range or touch it */
	while (last < p->n && p->v[last].lo <= hi + 1u)
		last++;
	if (first == last) {
		v = reallocarray(p->v, p->n + 1, sizeof(*v));
		if (!v)
			return -ENOMEM;
		p->v = v;
	} else {
		lo = p->v[first].lo < lo ? p->v[first].lo : lo;
		hi = p->v[last - 1].hi > hi ? p->v[last - 1].hi : hi;
	}
	memmove(p->v + first + 1, p->v + last, (p->n - last) * sizeof(*p->v));
	p->n = p->n - (last - first) + 1;
	p->v[first] = (struct port_range){ lo, hi };
	return 0;
}

int ports_complement(struct ports *p)
{
	struct ports rest = { 0 };
	unsigned int next = 0;
	size_t i;

	rest.v = calloc(p->n + 1, sizeof(*rest.v));
	if (!rest.v)
		return -ENOMEM;
	for (i = 0; i < p->n; i++) {
		if (p->v[i].lo > next)
			rest.v[rest.n++] = (struct port_range){ next, p->v[i].lo - 1 };
		next = p->v[i].hi + 1u;
	}
	if (next <= PORT_MAX)
		rest.v[rest.n++] = (struct port_range){ next, PORT_MAX };
	ports_free(p);
	*p = rest;
	return 0;
}

int ports_and(const struct ports *a, const struct ports *b, struct ports *out)
{
	size_t i = 0, k = 0;

	out->v = calloc(a->n + b->n + 1, sizeof(*out->v));
	if (!out->v)
		return -ENOMEM;
	while (i < a->n && k < b->n) {
		const struct port_range *x = &a->v[i], *y = &b->v[k];
		uint16_t lo = x->lo > y->lo ? x->lo : y->lo, hi = x->hi < y->hi ? x->hi : y->hi;

		if (lo <= hi)
			out->v[out->n++] = (struct port_range){ lo, hi };
		if (x->hi < y->hi)
			i++;
		else
			k++;
	}
	if (!out->n)
		ports_free(out);
	return 0;
}

bool ports_has(const struct ports *p, uint16_t port)
{
	return ports_overlap(p, port, port, NULL);
}

bool ports_overlap(const struct ports *p, uint16_t lo, uint16_t hi, uint16_t *port)
{
	size_t i = ports_find_range(p, lo);

	if (i == p->n || p->v[i].lo > hi)
		return false;
	if (port)
		*port = p->v[i].lo > lo ? p->v[i].lo : lo;
	return true;
}

bool ports_contains(const struct ports *a, const struct ports *b)
{
	size_t i, at;

	for (i = 0; i < b->n; i++) {
		at = ports_find_range(a, b->v[i].hi);
		if (at == a->n || a->v[at].lo > b->v[i].lo)
			return false;
	}
	return true;
}

void ports_free(struct ports *p)
{
	free(p->v);
	*p = (struct ports){ 0 };
}
