// SPDX-License-Identifier: GPL-2.0-only
#include "audit/log_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "util/alloc.h"

#define LOG_FILES_MAX 999

int log_files_find(const char *path, time_t since, struct log_files *files)
{
	char name[4096];
	struct stat st;
	int i, n = 0;

	*files = (struct log_files){ .v = NULL };
	if (stat(path, &st))
		return -errno;
	while (n < LOG_FILES_MAX) {
		snprintf(name, sizeof(name), "%s.%d", path, n + 1);
		if (stat(name, &st) || (since && st.st_mtime < since))
			break;
		n++;
	}
	files->v = alloc_zeroed(n + 1, sizeof(*files->v));
	for (i = n; i > 0; i--) {
		snprintf(name, sizeof(name), "%s.%d", path, i);
		files->v[files->n++] = alloc_copy(name);
	}
	files->v[files->n++] = alloc_copy(path);
	return 0;
}

void log_files_free(struct log_files *files)
{
	size_t i;

	for (i = 0; i < files->n; i++)
		free(files->v[i]);
	free(files->v);
	*files = (struct log_files){ .v = NULL };
}
