// SPDX-License-Identifier: GPL-2.0-only
#include "plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "alloc.h"
#include "err.h"
#include "plan_cover.h"
#include "plan_statement.h"
#include "plan_warn.h"
#include "slurp.h"

#define INCLUDE_DEPTH 16
/* However often files include each other: 16 levels of two includes each would be 65535. */
#define INCLUDE_FILES 1000

/* The files that are being read, each included by the one before. */
struct reading {
	struct { dev_t dev; ino_t ino; } v[INCLUDE_DEPTH + 1];
	size_t n;
	int failed;		/* the -errno of the first file that could not be read */
};

static const char *add_file(struct plan *plan, const char *name, size_t len)
{
	plan->files = alloc_one_more(plan->files, plan->n_files, sizeof(*plan->files));
	plan->files[plan->n_files] = alloc_text(name, len);
	return plan->files[plan->n_files++];
}

/* Every line, whatever is wrong with those before. */
static void read_text(struct plan_reader *r, const char *file, const char *text, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf";
	const char *end = text + len, *next;
	unsigned int line = 0;
	size_t n;

	/* some editors mark UTF-8 in this way */
	if (len >= strlen(bom) && memcmp(text, bom, strlen(bom)) == 0)
		text += strlen(bom);
	for (; text < end; text = next) {
		next = memchr(text, '\n', end - text);
		n = (next ? next : end) - text;
		next = next ? next + 1 : end;
		if (n && text[n - 1] == '\r')
			n--;
		r->words.pos = (struct pos){ file, ++line, 0 };
		if (words_split(&r->words, text, n) == 0 && r->words.n)
			plan_statement(r);
	}
}

static int open_file(struct reading *reading, const char *path, FILE **in)
{
	struct stat st;
	size_t i;

	*in = fopen(path, "re");
	if (!*in)
		return -errno;
	if (fstat(fileno(*in), &st))
		return -errno;
	for (i = 0; i < reading->n; i++)
		if (reading->v[i].dev == st.st_dev && reading->v[i].ino == st.st_ino)
			return -ELOOP;
	reading->v[reading->n].dev = st.st_dev;
	reading->v[reading->n++].ino = st.st_ino;
	return 0;
}

/* Opens and reads a file. Returns -ELOOP where it is being read already, another -errno where it cannot be. */
static int read_file(struct plan_reader *r, const char *name, const char *path)
{
	struct reading *reading = r->arg;
	size_t depth = reading->n, len;
	char *text = NULL;
	FILE *in = NULL;
	struct err err;
	int ret;

	ret = path ? open_file(reading, path, &in) : 0;
	if (!ret)
		ret = slurp_stream(path ? in : stdin, name, &text, &len, &err);
	if (in)
		fclose(in);
	if (!ret)
		read_text(r, name, text, len);
	free(text);
	reading->n = depth;
	return ret;
}

/* Relative to the folder of the file that includes it */
static const char *add_included(struct plan *plan, const char *from, const char *file)
{
	const char *slash = file[0] == '/' ? NULL : strrchr(from, '/');
	size_t folder = slash ? (size_t)(slash + 1 - from) : 0, len = strlen(file);
	char *path = alloc_zeroed(1, folder + len + 1);
	const char *name;

	memcpy(path, from, folder);
	memcpy(path + folder, file, len);
	name = add_file(plan, path, folder + len);
	free(path);
	return name;
}

static int include(struct plan_reader *r, const struct word *file)
{
	const struct word at = { alloc_text(file->text, strlen(file->text)), file->col };
	const struct pos pos = r->words.pos;
	struct reading *reading = r->arg;
	const char *name;
	int ret = 0;

	if (reading->n > INCLUDE_DEPTH)
		ret = words_fault(&r->words, &at, NULL, "more than %d files deep", INCLUDE_DEPTH);
	else if (r->plan->n_files > INCLUDE_FILES)
		ret = words_fault(&r->words, &at, NULL, "more than %d files", INCLUDE_FILES);
	if (ret)
		goto out;
	name = add_included(r->plan, pos.file, at.text);
	ret = read_file(r, name, name);
	/* which has read the words of other lines */
	r->words.pos = pos;
	if (ret == -ELOOP)
		words_fault(&r->words, &at, NULL, "a file that includes itself");
	else if (ret)
		words_fault(&r->words, &at, strerror(-ret), "the file cannot be read");
	if (ret && ret != -ELOOP && !reading->failed)
		reading->failed = ret;
	ret = ret ? -EINVAL : 0;
out:
	free(at.text);
	return ret;
}

static int include_nothing(struct plan_reader *r, const struct word *file)
{
	return words_fault(&r->words, file, NULL, "nothing can be included here");
}

static void begin(struct plan_reader *r, struct plan *plan, struct diag *diag)
{
	*plan = (struct plan){ .loopback = true };
	*r = (struct plan_reader){ .plan = plan, .words.diag = diag };
}

static int finish(struct plan_reader *r)
{
	struct diag *diag = r->words.diag;

	plan_warn_types(r->plan, diag);
	plan_warn_cover(r->plan, diag);
	diag_sort(diag);
	words_free(&r->words);
	services_free(&r->services);
	return diag->errors ? -EINVAL : 0;
}

int plan_read(const char *path, struct plan *plan, struct diag *diag)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct reading reading = { .n = 0 };
	struct plan_reader r;
	const char *name;
	int ret;

	begin(&r, plan, diag);
	r.include = include;
	r.arg = &reading;
	name = is_stdin ? add_file(plan, "<stdin>", 7) : add_file(plan, path, strlen(path));
	ret = read_file(&r, name, is_stdin ? NULL : path);
	if (ret) {
		diag_add(diag, DIAG_ERROR, (struct pos){ .file = name }, NULL, NULL, "%s", strerror(-ret));
		reading.failed = ret;
	}
	ret = finish(&r);
	return reading.failed ? reading.failed : ret;
}

int plan_parse(const char *name, const char *text, size_t len, struct plan *plan, struct diag *diag)
{
	struct plan_reader r;

	begin(&r, plan, diag);
	r.include = include_nothing;
	read_text(&r, add_file(plan, name, strlen(name)), text, len);
	return finish(&r);
}
