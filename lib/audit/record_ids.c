// SPDX-License-Identifier: GPL-2.0-only
#include "audit/record_ids.h"

#include <stdlib.h>

#include "audit/denial.h"
#include "util/alloc.h"

static int compare_record_ids(const void *x, const void *y)
{
	const struct record_id *a = x, *b = y;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return (a->serial > b->serial) - (a->serial < b->serial);
}

void record_ids_add(struct record_ids *ids, const struct denial *d)
{
	if (!d->serial)
		return;
	ids->v = alloc_one_more(ids->v, ids->n, sizeof(*ids->v));
	ids->v[ids->n++] = (struct record_id){ .time = d->time, .serial = d->serial };
	ids->sorted = false;
}

void record_ids_add_met(struct record_ids *ids, const struct denial *d)
{
	record_ids_add(ids, d);
	if (d->serial)
		ids->v[ids->n - 1].met = true;
}

/* Sorts them; an event can have several records. */
static void sort_record_ids(struct record_ids *ids)
{
	size_t i, n = 0;

	if (ids->n)
		qsort(ids->v, ids->n, sizeof(*ids->v), compare_record_ids);
	for (i = 0; i < ids->n; i++)
		if (!n || compare_record_ids(&ids->v[n - 1], &ids->v[i]))
			ids->v[n++] = ids->v[i];
	ids->n = n;
	ids->sorted = true;
}

static struct record_id *record_id_of(struct record_ids *ids, const struct denial *d)
{
	const struct record_id id = { .time = d->time, .serial = d->serial };

	if (!ids->n)
		return NULL;
	if (!ids->sorted)
		sort_record_ids(ids);
	return bsearch(&id, ids->v, ids->n, sizeof(id), compare_record_ids);
}

void record_ids_meet(struct record_ids *ids, const struct denial *d)
{
	struct record_id *id = record_id_of(ids, d);

	if (id)
		id->met = true;
}

bool record_ids_were_met(struct record_ids *ids, const struct denial *d)
{
	const struct record_id *id = record_id_of(ids, d);

	return id && id->met;
}

void record_ids_free(struct record_ids *ids)
{
	free(ids->v);
	*ids = (struct record_ids){ .v = NULL };
}
