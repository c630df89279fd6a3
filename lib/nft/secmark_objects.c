// SPDX-License-Identifier: GPL-2.0-only
#include "nft/secmark_objects.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "compile/dispatch.h"
#include "selinux/context.h"
#include "util/alloc.h"

/* The kernel takes 255 bytes (NFT_OBJ_MAXNAMELEN). This leaves room for a number. */
#define NAME_MAX_LEN 200

static int compare_object_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool is_object_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Does nft's scanner read this as a name? No keyword of nft ends in _t or _label. */
static void type_as_name(const char *type, char *name, size_t size)
{
	size_t n = strnlen(type, NAME_MAX_LEN), i;

	for (i = 0; i < n; i++)
		name[i] = is_object_letter(type[i]) || (type[i] >= '0' && type[i] <= '9') ?
				  type[i] :
				  '_';
	name[n] = '\0';
	if (!is_object_letter(name[0]))
		name[0] = 'l';
	if (n < 2 || strcmp(name + n - 2, "_t"))
		snprintf(name + n, size - n, "_label");
}

static char *new_object_name(const char *label, void **taken)
{
	char first[NAME_MAX_LEN + 16], name[NAME_MAX_LEN + 32], *copy;
	struct context ctx;
	struct err err;
	unsigned int number;

	type_as_name(context_parse(label, &ctx, &err) ? "" : ctx.type, first, sizeof(first));
	snprintf(name, sizeof(name), "%s", first);
	for (number = 2; tfind(name, taken, compare_object_names); number++)
		snprintf(name, sizeof(name), "%s_%u", first, number);
	copy = alloc_text(name, strlen(name));
	tsearch(copy, taken, compare_object_names);
	return copy;
}

static void keep_name(void *name)
{
	(void)name;
}

void nft_secmarks_start(struct nft_secmarks *labels, const struct dispatch *d)
{
	void *taken = NULL;
	size_t i;

	labels->d = d;
	labels->names = alloc_zeroed(d->n_labels + 1, sizeof(*labels->names));
	labels->used = alloc_zeroed(d->n_labels + 1, sizeof(*labels->used));
	for (i = 0; i < d->n_labels; i++)
		labels->names[i] = new_object_name(d->labels[i], &taken);
	tdestroy(taken, keep_name);
}

const char *nft_secmark(struct nft_secmarks *labels, unsigned int label)
{
	labels->used[label] = true;
	return labels->names[label];
}

void nft_secmarks_write(const struct nft_secmarks *labels, FILE *out)
{
	size_t i;

	for (i = 0; i < labels->d->n_labels; i++)
		if (labels->used[i])
			fprintf(out, "\tsecmark %s { \"%s\" }\n", labels->names[i],
				labels->d->labels[i]);
}

void nft_secmarks_free(struct nft_secmarks *labels)
{
	size_t i;

	for (i = 0; labels->d && i < labels->d->n_labels; i++)
		free(labels->names[i]);
	free(labels->names);
	free(labels->used);
	memset(labels, 0, sizeof(*labels));
}
