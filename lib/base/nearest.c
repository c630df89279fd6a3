// SPDX-License-Identifier: GPL-2.0-only
#include "base/nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LEN_MAX 127

static unsigned int min_of_two(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

unsigned int nearest_letters(const char *a, const char *b, unsigned int limit)
{
	unsigned int rows[3][NAME_LEN_MAX + 1];
	unsigned int *before = rows[0], *last = rows[1], *row = rows[2], *spare;
	size_t la = strlen(a), lb = strlen(b), i, j;
	unsigned int best;

	if (la > NAME_LEN_MAX || lb > NAME_LEN_MAX || (la > lb ? la - lb : lb - la) > limit)
		return limit + 1;
	for (j = 0; j <= lb; j++)
		last[j] = j;
	for (i = 1; i <= la; i++) {
		best = row[0] = i;
		for (j = 1; j <= lb; j++) {
			row[j] = min_of_two(min_of_two(last[j], row[j - 1]) + 1,
					    last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min_of_two(row[j], before[j - 2] + 1);
			best = min_of_two(best, row[j]);
		}
		if (best > limit)
			return limit + 1;
		spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[lb];
}

/* Keeps the NEAREST_MAX names that come first in the alphabet, in that order. */
static void insert_nearest(struct nearest *n, const char *name)
{
	unsigned int at = n->count, i;

	while (at && strcmp(n->name[at - 1], name) > 0)
		at--;
	if (at == NEAREST_MAX)
		return;
	if (n->count < NEAREST_MAX)
		n->count++;
	for (i = n->count - 1; i > at; i--)
		n->name[i] = n->name[i - 1];
	n->name[at] = name;
}

void nearest_offer_at(struct nearest *n, const char *name, unsigned int distance)
{
	if (n->count && distance > n->distance)
		return;
	if (distance < n->distance)
		n->count = 0;
	n->distance = distance;
	insert_nearest(n, name);
}

void nearest_offer(struct nearest *n, const char *name)
{
	unsigned int limit = n->count ? n->distance : (strlen(n->want) + 1) / 4;
	unsigned int d = nearest_letters(n->want, name, limit);

	if (d <= limit)
		nearest_offer_at(n, name, d);
}

void nearest_format(const struct nearest *n, char *out, size_t size)
{
	size_t used = 0;
	unsigned int i;

	out[0] = '\0';
	for (i = 0; i < n->count && used < size; i++)
		used += snprintf(out + used, size - used, "%s%s",
				 i == 0            ? "" :
				 i + 1 == n->count ? " or " :
						     ", ",
				 n->name[i]);
}
