// SPDX-License-Identifier: GPL-2.0-only
#include "host/connection_counts.h"

#include <stdlib.h>
#include <string.h>

#include "host/conntrack.h"
#include "util/alloc.h"

static int compare_contexts(const char *a, const char *b)
{
	if (!a || !b)
		return !a - !b;
	return strcmp(a, b);
}

struct connection_count *connection_counts_get(struct connection_counts *u, const char *context)
{
	size_t lo = 0, hi = u->n, mid;
	int order;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		order = compare_contexts(u->v[mid].context, context);
		if (order == 0)
			return &u->v[mid];
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	u->v = alloc_one_more(u->v, u->n, sizeof(*u->v));
	memmove(&u->v[lo + 1], &u->v[lo], (u->n - lo) * sizeof(*u->v));
	u->n++;
	u->v[lo] = (struct connection_count){
		.context = context ? alloc_text(context, strlen(context)) : NULL
	};
	return &u->v[lo];
}

void connection_counts_add(struct connection_counts *u, const struct conntrack_entry *entry,
			   const char *unlabeled)
{
	struct connection_count *use =
		connection_counts_get(u,
				      conntrack_labeled(entry, unlabeled) ? entry->secctx : NULL);

	use->connections++;
	use->counted += entry->counted;
	use->packets += entry->packets;
	use->bytes += entry->bytes;
}

struct reading {
	struct connection_counts *uses;
	const char *unlabeled;
};

static void restart_counts(void *arg)
{
	const struct reading *r = arg;
	struct connection_count *use;

	for (use = r->uses->v; use < r->uses->v + r->uses->n; use++)
		*use = (struct connection_count){ .context = use->context,
						  .planned = use->planned };
}

static void count_connection(void *arg, const struct conntrack_entry *entry)
{
	const struct reading *r = arg;

	connection_counts_add(r->uses, entry, r->unlabeled);
}

int connection_counts_read(struct connection_counts *u, const char *unlabeled, struct err *err)
{
	struct reading reading = { u, unlabeled };
	const struct conntrack_reader reader = { restart_counts, count_connection, &reading };

	return conntrack_read(&reader, err);
}

void connection_counts_free(struct connection_counts *u)
{
	size_t i;

	for (i = 0; i < u->n; i++)
		free(u->v[i].context);
	free(u->v);
	*u = (struct connection_counts){ 0 };
}
