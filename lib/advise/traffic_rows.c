// SPDX-License-Identifier: GPL-2.0-only
#include "advise/traffic_rows.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

/* NULL comes last. */
static int compare_traffic_types(const char *a, const char *b)
{
	if (!a || !b)
		return !a - !b;
	return strcmp(a, b);
}

static int compare_row(const struct traffic_row *row, const char *label, const char *domain)
{
	int order = compare_traffic_types(row->label, label);

	return order ? order : compare_traffic_types(row->domain, domain);
}

struct traffic_row *traffic_rows_get(struct traffic_rows *rows, const char *label,
				     const char *domain)
{
	size_t lo = 0, hi = rows->n, mid;
	int order;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		order = compare_row(&rows->v[mid], label, domain);
		if (!order)
			return &rows->v[mid];
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	rows->v = alloc_one_more(rows->v, rows->n, sizeof(*rows->v));
	memmove(&rows->v[lo + 1], &rows->v[lo], (rows->n - lo) * sizeof(*rows->v));
	rows->n++;
	rows->v[lo] = (struct traffic_row){ .label = alloc_copy(label),
					    .domain = alloc_copy(domain) };
	return &rows->v[lo];
}

const char *traffic_row_label(const struct traffic_row *row)
{
	static const char none[] = "unlabeled";

	if (!row->label)
		return none;
	return strcmp(row->label, none) ? row->label : "type unlabeled";
}

struct traffic_row traffic_rows_total(const struct traffic_rows *rows)
{
	struct traffic_row sum = { .label = NULL };
	const struct traffic_row *r;

	for (r = rows->v; r < rows->v + rows->n; r++) {
		sum.connections += r->connections;
		sum.counted += r->counted;
		sum.packets += r->packets;
		sum.bytes += r->bytes;
		sum.recent_packets += r->recent_packets;
		sum.recent_bytes += r->recent_bytes;
		sum.denials += r->denials;
		sum.recent_denials += r->recent_denials;
	}
	return sum;
}

struct traffic_order {
	enum traffic_key key;
	bool reverse;
};

static uint64_t number_of_row(const struct traffic_row *r, enum traffic_key key)
{
	switch (key) {
	case TRAFFIC_CONNECTIONS:
		return r->connections;
	case TRAFFIC_PACKETS:
		return r->recent_packets;
	case TRAFFIC_BYTES:
		return r->recent_bytes;
	default:
		return r->recent_denials;
	}
}

static int compare_rows(const void *x, const void *y, void *arg)
{
	const struct traffic_row *a = x, *b = y;
	const struct traffic_order *o = arg;
	uint64_t of_a = number_of_row(a, o->key), of_b = number_of_row(b, o->key);
	int order = (of_a < of_b) - (of_a > of_b);

	if (o->key == TRAFFIC_LABEL)
		order = compare_traffic_types(a->label, b->label);
	else if (o->key == TRAFFIC_DOMAIN)
		order = compare_traffic_types(a->domain, b->domain);
	if (order)
		return o->reverse ? -order : order;
	return compare_row(a, b->label, b->domain);
}

void traffic_rows_sort(struct traffic_rows *rows, enum traffic_key key, bool reverse)
{
	struct traffic_order order = { key, reverse };

	if (rows->n)
		qsort_r(rows->v, rows->n, sizeof(*rows->v), compare_rows, &order);
}

void traffic_rows_free(struct traffic_rows *rows)
{
	size_t i;

	for (i = 0; i < rows->n; i++) {
		free(rows->v[i].label);
		free(rows->v[i].domain);
	}
	free(rows->v);
	*rows = (struct traffic_rows){ .v = NULL };
}
