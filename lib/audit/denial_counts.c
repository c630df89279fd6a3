// SPDX-License-Identifier: GPL-2.0-only
#include "audit/denial_counts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "audit/denial.h"
#include "util/alloc.h"

/* Returns the place of a label and a domain in the list, where they are or should be. */
static size_t denial_count_place(const struct denial_counts *c, const char *label,
				 const char *domain, int *order)
{
	size_t lo = 0, hi = c->n, mid;

	*order = 1;
	while (lo < hi && *order) {
		mid = lo + (hi - lo) / 2;
		*order = strcmp(c->v[mid].label, label);
		if (!*order)
			*order = strcmp(c->v[mid].domain, domain);
		if (*order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return hi;
}

/* Who loads a rule with a label needs relabelto: no packet is there. */
static bool is_denied_rule(const struct denial *d)
{
	return d->perms && !strcmp(d->perms, "relabelto");
}

void denial_counts_add(struct denial_counts *c, const struct denial *d)
{
	char label[DENIAL_TYPE_MAX], domain[DENIAL_TYPE_MAX];
	size_t at, times = d->count ? d->count : 1;
	int order;

	if (d->granted || strcmp(d->class, "packet") || is_denied_rule(d))
		return;
	denial_type(d->target ? d->target : "", label, sizeof(label));
	denial_type(d->source ? d->source : "", domain, sizeof(domain));
	at = denial_count_place(c, label, domain, &order);
	if (order && c->n == DENIAL_COUNTS_MAX) {
		c->others += times;
		return;
	}
	if (order) {
		c->v = alloc_one_more(c->v, c->n, sizeof(*c->v));
		memmove(&c->v[at + 1], &c->v[at], (c->n - at) * sizeof(*c->v));
		c->n++;
		c->v[at] = (struct denial_count){ .label = alloc_copy(label),
						  .domain = alloc_copy(domain) };
	}
	c->v[at].count += times;
	c->v[at].recent += times;
}

void denial_counts_pause(struct denial_counts *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		c->v[i].recent = 0;
}

void denial_counts_free(struct denial_counts *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		free(c->v[i].label);
		free(c->v[i].domain);
	}
	free(c->v);
	*c = (struct denial_counts){ 0 };
}
