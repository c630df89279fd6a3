// SPDX-License-Identifier: GPL-2.0-only
#include "util/texts.h"

#include <stdlib.h>
#include <string.h>

#include "util/alloc.h"

const char *texts_keep(struct texts *t, const char *text)
{
	size_t lo = 0, hi = t->n, mid;
	int order;

	if (!text)
		return NULL;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		order = strcmp(t->v[mid], text);
		if (!order)
			return t->v[mid];
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	t->v = alloc_one_more(t->v, t->n, sizeof(*t->v));
	memmove(&t->v[lo + 1], &t->v[lo], (t->n - lo) * sizeof(*t->v));
	t->n++;
	t->v[lo] = alloc_copy(text);
	return t->v[lo];
}

void texts_free(struct texts *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		free(t->v[i]);
	free(t->v);
	*t = (struct texts){ .v = NULL };
}
