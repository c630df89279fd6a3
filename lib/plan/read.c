// SPDX-License-Identifier: GPL-2.0-only
#include "plan/plan.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/file.h"
#include "plan/statement.h"
#include "plan/unreachable.h"
#include "plan/unused_types.h"
#include "util/alloc.h"

#define INCLUDE_DEPTH 16
/* One of these in the name of a file makes a pattern of it. */
#define PATTERN_CHARS "*?["

struct file {
	dev_t dev;
	ino_t ino;
	bool open; /* it is being read */
};

/* The files that were read. They are recognized by their inodes, not by their names. */
struct reading {
	struct file *v;
	size_t n;
	unsigned int depth; /* of includes */
	int failed;         /* the -errno of the first file that could not be read */
};

static const char *add_file(struct plan *plan, const char *name, size_t len)
{
	plan->files = alloc_one_more(plan->files, plan->n_files, sizeof(*plan->files));
	plan->files[plan->n_files] = alloc_text(name, len);
	return plan->files[plan->n_files++];
}

/* Reads every line, even after errors, up to a NUL byte. */
static void read_plan_text(struct plan_reader *r, const char *file, const char *text, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf";
	const char *end = text + len, *next;
	unsigned int line = 0;
	size_t n;

	/* some editors write this at the beginning of UTF-8 */
	if (len >= strlen(bom) && !memcmp(text, bom, strlen(bom)))
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
		/* this is not text, and would have an error in each line */
		if (memchr(text, '\0', n) || diag_is_full(r->words.diag, r->words.pos))
			break;
	}
}

static void add_open(struct reading *reading, const struct stat *st)
{
	reading->v = alloc_one_more(reading->v, reading->n, sizeof(*reading->v));
	reading->v[reading->n++] = (struct file){ st->st_dev, st->st_ino, true };
}

/* Opens a file. Returns -ELOOP if it is being read now, -EEXIST if it was read before, and
 * -EMEDIUMTYPE if it is included and not a regular file: reading a pipe could block. */
static int open_file(struct reading *reading, const char *path, FILE **in)
{
	struct stat st;
	size_t i;
	int ret;

	*in = NULL;
	if (reading->depth && !stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return -EMEDIUMTYPE;
	ret = file_open(path, in);
	if (!ret && fstat(fileno(*in), &st))
		ret = -errno;
	if (ret)
		return ret;
	for (i = 0; i < reading->n; i++)
		if (reading->v[i].dev == st.st_dev && reading->v[i].ino == st.st_ino)
			return reading->v[i].open ? -ELOOP : -EEXIST;
	add_open(reading, &st);
	return 0;
}

static int read_stream(struct plan_reader *r, const char *name, FILE *in)
{
	struct err err;
	char *text;
	size_t len;
	int ret;

	ret = file_read_stream(in, name, &text, &len, &err);
	if (ret)
		return ret;
	read_plan_text(r, name, text, len);
	free(text);
	return 0;
}

/* Returns an error of open_file(), or -errno if the file cannot be read. */
static int read_plan_file(struct plan_reader *r, const char *path)
{
	struct reading *reading = r->arg;
	size_t self = reading->n;
	FILE *in;
	int ret;

	ret = open_file(reading, path, &in);
	if (!ret) {
		ret = read_stream(r, path, in);
		reading->v[self].open = false;
	}
	if (in)
		fclose(in);
	return ret;
}

/* Adds the name of an included file; it is relative to the folder of the file that includes it. */
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

/* Records an error or a warning for an included file. Returns 0, or -EINVAL for an error. */
static int judge_include(struct plan_reader *r, const struct word *file, int ret)
{
	struct reading *reading = r->arg;

	switch (ret) {
	case 0:
		return 0;
	case -EEXIST:
		/* a second time, its lines could match nothing new */
		diag_add(r->words.diag, DIAG_WARNING, words_pos(&r->words, file), file->text,
			 "a file is read only once", "the file is already included");
		return 0;
	case -ELOOP:
		return words_fault(&r->words, file, NULL, "the file includes itself");
	case -EMEDIUMTYPE:
		return words_fault(&r->words, file, NULL, "not a regular file");
	}
	if (!reading->failed)
		reading->failed = ret;
	return words_fault(&r->words, file, file_error(ret), "the file cannot be read");
}

/* Reads one file for an include, whose word is @at. */
static int include_path(struct plan_reader *r, const struct word *at, const char *path,
			struct pos pos)
{
	struct reading *reading = r->arg;
	int ret;

	reading->depth++;
	ret = read_plan_file(r, path);
	reading->depth--;
	/* read_plan_file() has set it to other lines */
	r->words.pos = pos;
	return judge_include(r, at, ret);
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder that fit a pattern, sorted by their bytes. Returns 0, or -errno. */
static int match_files(const char *folder, const char *pattern, char ***names, size_t *n)
{
	DIR *dir = opendir(folder);
	const struct dirent *e;

	*names = NULL;
	*n = 0;
	if (!dir)
		return -errno;
	while ((e = readdir(dir))) {
		if (fnmatch(pattern, e->d_name, FNM_PERIOD))
			continue;
		*names = alloc_one_more(*names, *n, sizeof(**names));
		(*names)[(*n)++] = alloc_text(e->d_name, strlen(e->d_name));
	}
	closedir(dir);
	if (*n)
		qsort(*names, *n, sizeof(**names), compare_paths);
	return 0;
}

/* The files that fit "DIR/PATTERN", in sorted order. */
static int include_pattern(struct plan_reader *r, const struct word *at, const char *path,
			   const struct pos pos)
{
	const char *slash = strrchr(path, '/'), *pattern = slash ? slash + 1 : path;
	char *folder = slash ? alloc_text(path, slash + 1 - path) : alloc_text("./", 2);
	char **names;
	size_t n, i;
	int ret = match_files(folder, pattern, &names, &n);

	if (ret)
		ret = judge_include(r, at, ret);
	else if (!n)
		diag_add(r->words.diag, DIAG_WARNING, pos, at->text, NULL,
			 "no file fits the pattern");
	for (i = 0; i < n; i++) {
		struct word found = { alloc_zeroed(1, pattern - path + strlen(names[i]) + 1),
				      at->col };

		memcpy(found.text, path, pattern - path);
		strcat(found.text, names[i]);
		if (include_path(r, &found, add_file(r->plan, found.text, strlen(found.text)), pos))
			ret = -EINVAL;
		free(found.text);
		free(names[i]);
	}
	free(names);
	free(folder);
	return ret;
}

static int include_file(struct plan_reader *r, const struct word *file)
{
	struct word at = { alloc_text(file->text, strlen(file->text)), file->col };
	const char *slash = strrchr(at.text, '/');
	const struct pos pos = words_pos(&r->words, file);
	struct reading *reading = r->arg;
	const char *path;
	int ret;

	if (reading->depth == INCLUDE_DEPTH) {
		ret = words_fault(&r->words, &at, NULL, "files are included more than %d deep",
				  INCLUDE_DEPTH);
	} else {
		path = add_included(r->plan, pos.file, at.text);
		if (strpbrk(slash ? slash : at.text, PATTERN_CHARS))
			ret = include_pattern(r, &at, path, pos);
		else
			ret = include_path(r, &at, path, pos);
	}
	free(at.text);
	return ret;
}

static int include_nothing(struct plan_reader *r, const struct word *file)
{
	return words_fault(&r->words, file, NULL, "a file cannot be included here");
}

static void begin_reading(struct plan_reader *r, struct plan *plan, struct diag *diag)
{
	*plan = (struct plan){ .loopback = true, .client_ports = PORTS_OF_CLIENTS };
	*r = (struct plan_reader){ .plan = plan, .words.diag = diag };
}

static int read_by_name(const void *va, const void *vb)
{
	const char *a = *(const char *const *)va, *b = *(const char *const *)vb;
	int order = strcmp(a, b);

	/* the first of equal names first */
	return order ? order : (a > b) - (a < b);
}

/* Removes repeated interfaces; the first one stays. */
static void trust_once(struct plan *plan)
{
	char **order = alloc_zeroed(plan->n_trusted + 1, sizeof(*order));
	bool *again = alloc_zeroed(plan->n_trusted + 1, sizeof(*again));
	size_t i, kept = 0;

	for (i = 0; i < plan->n_trusted; i++)
		order[i] = plan->trusted[i];
	qsort(order, plan->n_trusted, sizeof(*order), read_by_name);
	for (i = 1; i < plan->n_trusted; i++)
		again[(order[i] - plan->trusted[0]) / IFNAMSIZ] = !strcmp(order[i - 1], order[i]);
	for (i = 0; i < plan->n_trusted; i++)
		if (!again[i])
			memmove(plan->trusted[kept++], plan->trusted[i], IFNAMSIZ);
	plan->n_trusted = kept;
	free(again);
	free(order);
}

static int finish_reading(struct plan_reader *r)
{
	struct diag *diag = r->words.diag;

	trust_once(r->plan);
	plan_applications_settle(r->plan, diag);
	plan_warn_unused_types(r->plan, diag);
	plan_warn_unreachable(r->plan, diag);
	diag_sort(diag);
	words_free(&r->words);
	services_free(&r->services);
	return diag->errors ? -EINVAL : 0;
}

int plan_read(const char *path, struct plan *plan, struct diag *diag)
{
	bool is_stdin = !strcmp(path, "-");
	struct reading reading = { .n = 0 };
	struct plan_reader r;
	const char *name;
	int ret;

	begin_reading(&r, plan, diag);
	r.include = include_file;
	r.arg = &reading;
	name = is_stdin ? "<stdin>" : path;
	name = add_file(plan, name, strlen(name));
	ret = is_stdin ? read_stream(&r, name, stdin) : read_plan_file(&r, name);
	if (ret) {
		diag_add(diag, DIAG_ERROR, (struct pos){ .file = name }, NULL, NULL, "%s",
			 file_error(ret));
		reading.failed = ret;
	}
	ret = finish_reading(&r);
	free(reading.v);
	return reading.failed ? reading.failed : ret;
}

int plan_read_text(const char *name, const char *text, size_t len, const struct stat *st,
		   struct plan *plan, struct diag *diag)
{
	struct reading reading = { .n = 0 };
	struct plan_reader r;
	int ret;

	begin_reading(&r, plan, diag);
	r.include = include_file;
	r.arg = &reading;
	add_open(&reading, st);
	read_plan_text(&r, add_file(plan, name, strlen(name)), text, len);
	ret = finish_reading(&r);
	free(reading.v);
	return reading.failed ? reading.failed : ret;
}

int plan_parse(const char *name, const char *text, size_t len, struct plan *plan, struct diag *diag)
{
	struct plan_reader r;

	begin_reading(&r, plan, diag);
	r.include = include_nothing;
	read_plan_text(&r, add_file(plan, name, strlen(name)), text, len);
	return finish_reading(&r);
}
