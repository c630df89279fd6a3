// SPDX-License-Identifier: GPL-2.0-only
#include "util/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "util/alloc.h"
#include "util/printable.h"

/* Enough for a whole context. For a longer text, the beginning tells enough. */
#define QUOTED_MAX 300
#define ERRORS_MAX 20000

/* Most entries are about the same file as the entry before. */
static const char *own_file(struct diag *d, const char *file)
{
	size_t i;

	if (!file)
		return NULL;
	for (i = d->n_files; i-- > 0;)
		if (!strcmp(d->files[i], file))
			return d->files[i];
	d->files = alloc_one_more(d->files, d->n_files, sizeof(*d->files));
	d->files[d->n_files] = alloc_copy(file);
	return d->files[d->n_files++];
}

void diag_add(struct diag *d, enum diag_severity severity, struct pos pos, const char *text,
	      const char *hint, const char *fmt, ...)
{
	struct diag_entry *e;
	char what[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	d->v = alloc_one_more(d->v, d->n, sizeof(*d->v));
	e = &d->v[d->n++];
	e->severity = severity;
	e->pos = pos;
	e->pos.file = own_file(d, pos.file);
	e->what = alloc_copy(what);
	e->text = alloc_copy(text);
	e->hint = alloc_copy(hint);
	if (severity == DIAG_ERROR)
		d->errors++;
}

bool diag_is_full(struct diag *d, struct pos pos)
{
	if (d->errors < ERRORS_MAX)
		return false;
	pos.line++;
	pos.col = 0;
	diag_add(d, DIAG_ERROR, pos, NULL, NULL, "too many errors: the rest is not read");
	return true;
}

static void entry_free(struct diag_entry *e)
{
	free(e->what);
	free(e->text);
	free(e->hint);
}

void diag_drop_warnings(struct diag *d, size_t since)
{
	size_t i, kept = since;

	for (i = since; i < d->n; i++) {
		if (d->v[i].severity == DIAG_WARNING)
			entry_free(&d->v[i]);
		else
			d->v[kept++] = d->v[i];
	}
	d->n = kept;
}

static size_t file_number(const struct diag *d, const char *file)
{
	size_t i;

	for (i = 0; i < d->n_files; i++)
		if (d->files[i] == file)
			break;
	return i;
}

static int by_position(const void *va, const void *vb, void *diag)
{
	const struct diag_entry *a = *(const struct diag_entry *const *)va;
	const struct diag_entry *b = *(const struct diag_entry *const *)vb;

	if (a->pos.file != b->pos.file)
		return file_number(diag, a->pos.file) < file_number(diag, b->pos.file) ? -1 : 1;
	if (a->pos.line != b->pos.line)
		return a->pos.line < b->pos.line ? -1 : 1;
	if (a->pos.col != b->pos.col)
		return a->pos.col < b->pos.col ? -1 : 1;
	/* in the order in which they were added */
	return (a > b) - (a < b);
}

void diag_sort(struct diag *d)
{
	const struct diag_entry **order = alloc_zeroed(d->n + 1, sizeof(const struct diag_entry *));
	struct diag_entry *sorted = NULL;
	size_t i;

	for (i = 0; i < d->n; i++)
		order[i] = &d->v[i];
	qsort_r(order, d->n, sizeof(*order), by_position, d);
	/* in the way of diag_add(), which relies on it */
	for (i = 0; i < d->n; i++) {
		sorted = alloc_one_more(sorted, i, sizeof(*sorted));
		sorted[i] = *order[i];
	}
	free(order);
	free(d->v);
	d->v = sorted;
}

static bool same_place(const struct pos *a, const struct pos *b)
{
	return a->file == b->file && a->line == b->line && a->col == b->col;
}

static bool says_again(const struct diag *d, size_t kept, const struct diag_entry *e)
{
	size_t i;

	for (i = kept; i-- > 0 && same_place(&d->v[i].pos, &e->pos);)
		if (!strcmp(d->v[i].what, e->what))
			return true;
	return false;
}

void diag_drop_repeats(struct diag *d)
{
	size_t i, kept = 0;

	for (i = 0; i < d->n; i++) {
		if (!says_again(d, kept, &d->v[i])) {
			d->v[kept++] = d->v[i];
			continue;
		}
		d->errors -= d->v[i].severity == DIAG_ERROR;
		entry_free(&d->v[i]);
	}
	d->n = kept;
}

/* "FILE:LINE:COL: ", as much of it as is known */
static int format_pos(char *out, size_t size, const struct pos *pos)
{
	if (!pos->file)
		return 0;
	if (!pos->line)
		return snprintf(out, size, "%s: ", pos->file);
	if (!pos->col)
		return snprintf(out, size, "%s:%u: ", pos->file, pos->line);
	return snprintf(out, size, "%s:%u:%u: ", pos->file, pos->line, pos->col);
}

char *diag_format(const struct diag_entry *e)
{
	size_t size = (e->pos.file ? strlen(e->pos.file) : 0) + strlen(e->what) +
		      (e->hint ? strlen(e->hint) : 0) + QUOTED_MAX + 64;
	char quoted[QUOTED_MAX] = "", *text = alloc_zeroed(1, size), *out;
	size_t used = format_pos(text, size, &e->pos);

	if (e->text)
		err_quote(quoted, sizeof(quoted), e->text);
	snprintf(text + used, size - used, "%s%s%s%s%s%s%s%s",
		 e->severity == DIAG_WARNING ? "warning: " : "", e->what, e->text ? ": '" : "",
		 quoted, e->text ? "'" : "", e->hint ? " (" : "", e->hint ? e->hint : "",
		 e->hint ? ")" : "");
	out = text_printable(text);
	free(text);
	return out;
}

void diag_free(struct diag *d)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		entry_free(&d->v[i]);
	for (i = 0; i < d->n_files; i++)
		free(d->files[i]);
	free(d->v);
	free(d->files);
	*d = (struct diag){ 0 };
}
