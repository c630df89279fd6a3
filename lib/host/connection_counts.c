// SPDX-License-Identifier: GPL-2.0-only
#include "host/connection_counts.h"

#include <stdlib.h>
#include <string.h>

#include "host/conntrack.h"
#include "util/alloc.h"

static int compare(const char *a, const char *b)
{
	if (!a || !b)
		return !a - !b;
	return strcmp(a, b);
}

struct label_use *label_uses_get(struct label_uses *u, const char *context)
{
	size_t lo = 0, hi = u->n, mid;
	int order;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		order = compare(u->v[mid].context, context);
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
	u->v[lo] = (struct label_use){ .context = context ? alloc_text(context, strlen(context)) :
							    NULL };
	return &u->v[lo];
}

void label_uses_count(struct label_uses *u, const struct conntrack_entry *entry,
		      const char *unlabeled)
{
	struct label_use *use =
		label_uses_get(u, conntrack_labeled(entry, unlabeled) ? entry->secctx : NULL);

	use->connections++;
	use->counted += entry->counted;
	use->packets += entry->packets;
	use->bytes += entry->bytes;
}

struct reading {
	struct label_uses *uses;
	const char *unlabeled;
};

static void start(void *arg)
{
	const struct reading *r = arg;
	struct label_use *use;

	for (use = r->uses->v; use < r->uses->v + r->uses->n; use++)
		*use = (struct label_use){ .context = use->context };
}

static void count(void *arg, const struct conntrack_entry *entry)
{
	const struct reading *r = arg;

	label_uses_count(r->uses, entry, r->unlabeled);
}

int label_uses_read(struct label_uses *u, const char *unlabeled, struct err *err)
{
	struct reading reading = { u, unlabeled };
	const struct conntrack_reader reader = { start, count, &reading };

	return conntrack_read(&reader, err);
}

void label_uses_free(struct label_uses *u)
{
	size_t i;

	for (i = 0; i < u->n; i++)
		free(u->v[i].context);
	free(u->v);
	*u = (struct label_uses){ 0 };
}
