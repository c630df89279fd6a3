// SPDX-License-Identifier: GPL-2.0-only
#include "audit/log_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "util/alloc.h"

#define LOG_FILES_MAX 999

/* So many times auditd renames files while one program reads them. */
#define LOG_ROTATIONS 16

static char *log_file_name(const char *path, int number)
{
	char name[4096];

	snprintf(name, sizeof(name), number ? "%s.%d" : "%s", path, number);
	return alloc_copy(name);
}

/* Returns 0 or -errno. */
static int add_log_file(struct log_files *files, int number, time_t since)
{
	char *name = log_file_name(files->path, number);
	struct stat st;
	int ret = stat(name, &st) ? -errno : 0;

	if (!ret && number && since && st.st_mtime < since)
		ret = -ENOENT;
	if (ret) {
		free(name);
		return ret;
	}
	files->v = alloc_one_more(files->v, files->n, sizeof(*files->v));
	files->v[files->n++] =
		(struct log_file){ .name = name, .number = number, .inode = st.st_ino };
	return 0;
}

static void turn_log_files(struct log_files *files)
{
	size_t i;

	for (i = 0; i < files->n / 2; i++) {
		struct log_file newer = files->v[i];

		files->v[i] = files->v[files->n - 1 - i];
		files->v[files->n - 1 - i] = newer;
	}
}

int log_files_find(const char *path, time_t since, struct log_files *files)
{
	int ret, number = 1;

	*files = (struct log_files){ .path = path };
	ret = add_log_file(files, 0, since);
	if (ret && ret != -ENOENT)
		return ret;
	while (number <= LOG_FILES_MAX && !add_log_file(files, number, since))
		number++;
	turn_log_files(files);
	return files->n ? 0 : ret;
}

bool log_files_follow(struct log_files *files, size_t i)
{
	struct log_file *f = &files->v[i];
	int number;

	for (number = f->number; number <= f->number + LOG_ROTATIONS; number++) {
		char *name = log_file_name(files->path, number);
		struct stat st;

		if (!stat(name, &st) && st.st_ino == f->inode) {
			free(f->name);
			f->name = name;
			f->number = number;
			return true;
		}
		free(name);
	}
	return false;
}

void log_files_free(struct log_files *files)
{
	size_t i;

	for (i = 0; i < files->n; i++)
		free(files->v[i].name);
	free(files->v);
	*files = (struct log_files){ .v = NULL };
}
